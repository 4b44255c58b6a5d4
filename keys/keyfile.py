"""The key file: what the server needs to know and the database must not.

A JSON file of mode 0600, outside the repository and outside the database's backup. It is made on
the first run, and only a rotation replaces it. If the release key is lost, no letter is lost
(approved ones are sealed again). If the pepper is lost, everybody must set a new password with a
recovery code.

Release, contact and directory keys can be rotated. The new ones seal and attest; the former ones
still open and verify until everything was sealed and attested again. The lookup key and the pepper
stay: the keyed hashes of names and codes and the stretched passwords cannot be made again without
the names and the passwords.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar
from uuid import UUID

from keys.box import Random, open_box
from keys.context import Field
from keys.errors import CannotOpen, KeyFileDamaged, KeyFileExposed, KeyFileMissing
from keys.identity import Identity, Recipient, expand
from keys.vouching import require

Opened = TypeVar("Opened")


@dataclass(frozen=True, repr=False)
class ReleaseKey:
    """One key of the release ring; ``root`` is absent in the web process's copy."""

    public: bytes
    root: bytes | None

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        return Recipient(self.public)


@dataclass(frozen=True, repr=False)
class Former:
    """The keys before a rotation, the oldest first.
    ``audit`` is kept for good: no trail is rewritten."""

    contact: tuple[bytes, ...] = ()
    directory: tuple[bytes, ...] = ()
    audit: tuple[bytes, ...] = ()


@dataclass(frozen=True, repr=False)
class KeyFile:
    """The content of the file: 32-byte keys, and the ring of release keys, the newest last."""

    installation: UUID
    release: tuple[ReleaseKey, ...]
    contact: bytes
    lookup: bytes
    directory: bytes
    pepper: bytes
    former: Former = Former()

    @property
    def audit(self) -> bytes:
        """The key of the audit trail's chain, derived from the directory key."""
        return expand(self.directory, b"audit")

    @property
    def audit_ring(self) -> tuple[bytes, ...]:
        """All keys that the trail was ever written under, the oldest first."""
        return (*self.former.audit, self.audit)

    @property
    def state(self) -> bytes:
        """The key of the state file, derived from the lookup key, which no rotation changes."""
        return expand(self.lookup, b"state")

    def require(self, mac: bytes, purpose: str, /, **fields: Field) -> None:
        """Check that a directory key, present or former, attests exactly these fields.
        Raises ``CannotOpen``."""
        _any(lambda key: require(key, mac, purpose, **fields), self.directory,
             self.former.directory)

    def open_contact(self, context: bytes, blob: bytes) -> bytes:
        """The content of a box under a contact key, present or former. Raises ``CannotOpen``."""
        return _any(lambda key: open_box(key, context, blob), self.contact, self.former.contact)

    def open_directory(self, context: bytes, blob: bytes) -> bytes:
        """The content of a box under a directory key, present or former. Raises ``CannotOpen``."""
        return _any(lambda key: open_box(key, context, blob), self.directory, self.former.directory)

    @property
    def forms(self) -> bytes:
        """The key that signs the cookie of the forms' tokens, derived from the directory key."""
        return expand(self.directory, b"forms")

    @property
    def second_factor(self) -> bytes:
        """The key under which second factors are boxed, derived from the lookup key. No rotation
        changes that key: backup codes are kept as keyed hashes, which need the codes to be made
        again."""
        return expand(self.lookup, b"second factor")

    @property
    def sealing_release(self) -> Recipient:
        """The release key that new approvals are sealed to."""
        return self.release[-1].recipient

    @property
    def can_release(self) -> bool:
        """True in the worker, False in a process that has only the public halves."""
        return self.release[-1].root is not None

    def release_identity(self, kid: bytes) -> Identity:
        """The private release key with this id. Raises ``CannotOpen`` if it is not in this file."""
        for key in self.release:
            if key.root is not None and key.recipient.kid == kid:
                return Identity(key.root)
        raise CannotOpen

    def for_web(self) -> "KeyFile":
        """A copy without the private release keys, for a web process that runs apart from the
        worker."""
        return replace(self, release=tuple(ReleaseKey(key.public, None) for key in self.release))

    def rotated(self, random: Random) -> "KeyFile":
        """A copy with fresh release, contact and directory keys; the present ones become former
        ones."""
        former = Former((*self.former.contact, self.contact),
                        (*self.former.directory, self.directory), self.audit_ring)
        return replace(self, release=(*self.release, _fresh_release(random)), contact=random(32),
                       directory=random(32),
                       former=former)

    def forgetting(self, used: frozenset[bytes]) -> "KeyFile":
        """A copy without former contact and directory keys. Of the release keys it has the newest
        and those whose id is in ``used``."""
        release = tuple(key for key in self.release if key is self.release[-1]
                        or key.recipient.kid in used)
        return replace(self, release=release, former=Former(audit=self.former.audit))


def make_keys(random: Random) -> KeyFile:
    """Fresh keys for a new installation."""
    release = _fresh_release(random)
    return KeyFile(UUID(bytes=random(16), version=4), (release,), random(32), random(32),
                   random(32), random(32))


def write(path: Path, keys: KeyFile) -> None:
    """Write a new key file, whole or not at all.
    Raises ``FileExistsError`` rather than overwrite one."""
    with _drafted(path, as_text(keys)) as draft:
        os.link(draft, path)


def write_new(path: Path, text: str) -> None:
    """Write any other secret as a new file for its owner alone.

    Raises ``FileExistsError`` rather than overwrite one.
    """
    with _drafted(path, text) as draft:
        os.link(draft, path)


def put_in_place(path: Path, keys: KeyFile) -> None:
    """Replace a key file by another at one moment:
    every reader gets the one or the other, whole."""
    with _drafted(path, as_text(keys)) as draft:
        beside = path.with_name(f".{path.name}.next")
        beside.unlink(missing_ok=True)
        os.link(draft, beside)
        beside.replace(path)


@contextmanager
def _drafted(path: Path, text: str) -> Iterator[str]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as draft:  # of mode 0600
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
        yield draft.name
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path: Path) -> KeyFile:
    """Read a key file. Raises ``KeyFileMissing``, ``KeyFileExposed`` or ``KeyFileDamaged``."""
    try:
        with path.open() as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise KeyFileExposed(f"{path} can be read by others; make it private with: chmod "
                                     f"600 {path}")
            return from_text(file.read())
    except FileNotFoundError:
        raise KeyFileMissing(f"{path} is not there") from None
    except OSError:
        raise KeyFileDamaged(f"{path} cannot be read") from None
    except (UnicodeDecodeError, KeyFileDamaged):
        raise KeyFileDamaged(f"{path} is not a key file of this program") from None


def as_text(keys: KeyFile) -> str:
    """The text of the key file."""
    return json.dumps(_as_json(keys), indent=1)


def from_text(text: str) -> KeyFile:
    """The key file in this text. Raises ``KeyFileDamaged``."""
    try:
        return _from_json(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CannotOpen):
        raise KeyFileDamaged("this is not a key file of this program") from None


def _any(opens: Callable[[bytes], Opened], present: bytes, former: tuple[bytes, ...]) -> Opened:
    for key in (present, *reversed(former)):
        with suppress(CannotOpen):
            return opens(key)
    raise CannotOpen


def _fresh_release(random: Random) -> ReleaseKey:
    root = random(32)
    return ReleaseKey(Identity(root).recipient.public, root)


def _as_json(keys: KeyFile) -> dict[str, object]:
    former = {name: [key.hex() for key in ring] for name, ring in vars(keys.former).items()}
    ring = [{"public": key.public.hex(), "root": key.root.hex() if key.root else None}
            for key in keys.release]
    return {"format": "rjx1 keys", "installation": str(keys.installation), "release": ring,
            **{name: getattr(keys, name).hex()
               for name in ("contact", "lookup", "directory", "pepper")},
            "former": former}


def _from_json(data: dict[str, object]) -> KeyFile:
    if data["format"] != "rjx1 keys":
        raise ValueError
    ring = data["release"]
    if not isinstance(ring, list) or not ring:
        raise ValueError
    release = tuple(_release_key(bytes.fromhex(key["public"]), _root(key["root"])) for key in ring)
    contact, lookup, directory, pepper = (_key(data[name])
                                          for name in ("contact", "lookup", "directory", "pepper"))
    return KeyFile(UUID(str(data["installation"])), release, contact, lookup, directory, pepper,
                   _former(data.get("former", {"contact": [], "directory": [], "audit": []})))


def _former(written: object) -> Former:
    if not isinstance(written,
                      dict) or not all(isinstance(ring, list) for ring in written.values()):
        raise ValueError
    return Former(*(tuple(_key(key) for key in written[name])
                    for name in ("contact", "directory", "audit")))


def _release_key(public: bytes, root: bytes | None) -> ReleaseKey:
    """Raises ``CannotOpen`` or ``ValueError`` unless the two halves belong together."""
    if root is None:
        return ReleaseKey(Recipient(public).public, None)
    if Identity(root).recipient.public != public:
        raise ValueError
    return ReleaseKey(public, root)


def _root(written: object) -> bytes | None:
    return None if written is None else _key(written)


def _key(written: object) -> bytes:
    key = bytes.fromhex(str(written))
    if len(key) != 32:
        raise ValueError
    return key
