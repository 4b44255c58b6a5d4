"""The key file: what the server needs to know and the database must not.

A JSON file of mode 0600, outside the repository and outside the database's backup. It is made on first run and never
written over. Losing the release key loses no letter (approved ones are sealed again); losing the pepper means that
every password must be set anew with a recovery code.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from keys.box import Random
from keys.errors import CannotOpen, KeyFileDamaged, KeyFileExposed, KeyFileMissing
from keys.identity import Identity, Recipient, expand


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
class KeyFile:
    """What the file holds: 32-byte keys, and the ring of release keys, the newest last."""

    installation: UUID
    release: tuple[ReleaseKey, ...]
    contact: bytes
    lookup: bytes
    directory: bytes
    pepper: bytes

    @property
    def audit(self) -> bytes:
        """The key of the audit trail's chain, derived from the directory key."""
        return expand(self.directory, b"audit")

    @property
    def forms(self) -> bytes:
        """The key that signs the cookie of the forms' tokens, derived from the directory key."""
        return expand(self.directory, b"forms")

    @property
    def second_factor(self) -> bytes:
        """The key under which second factors are boxed, derived from the contact key."""
        return expand(self.contact, b"second factor")

    @property
    def sealing_release(self) -> Recipient:
        """The release key that new approvals are sealed to."""
        return self.release[-1].recipient

    @property
    def can_release(self) -> bool:
        """True in the worker, false where only the public halves are."""
        return self.release[-1].root is not None

    def release_identity(self, kid: bytes) -> Identity:
        """The private release key with this id; ``CannotOpen`` where it is not in this file."""
        for key in self.release:
            if key.root is not None and key.recipient.kid == kid:
                return Identity(key.root)
        raise CannotOpen

    def for_web(self) -> "KeyFile":
        """A copy without the private release keys, for a web process that runs apart from the worker."""
        public = tuple(ReleaseKey(key.public, None) for key in self.release)
        return KeyFile(self.installation, public, self.contact, self.lookup, self.directory, self.pepper)


def make_keys(random: Random) -> KeyFile:
    """Fresh keys for a new installation."""
    root = random(32)
    release = ReleaseKey(Identity(root).recipient.public, root)
    return KeyFile(UUID(bytes=random(16), version=4), (release,), random(32), random(32), random(32), random(32))


def write(path: Path, keys: KeyFile) -> None:
    """Write a new key file, whole or not at all; ``FileExistsError`` rather than write over one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as draft:  # of mode 0600, and nobody else's
        json.dump(_as_json(keys), draft, indent=1)
        draft.flush()
        os.fsync(draft.fileno())
        os.link(draft.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path: Path) -> KeyFile:
    """Read a key file; ``KeyFileMissing``, ``KeyFileExposed`` or ``KeyFileDamaged``."""
    try:
        with path.open() as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise KeyFileExposed(f"{path} can be read by others; make it private with: chmod 600 {path}")
            return _from_json(json.load(file))
    except FileNotFoundError:
        raise KeyFileMissing(f"{path} is not there") from None
    except OSError:
        raise KeyFileDamaged(f"{path} cannot be read") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CannotOpen):
        raise KeyFileDamaged(f"{path} is not a key file of this program") from None


def _as_json(keys: KeyFile) -> dict[str, object]:
    ring = [{"public": key.public.hex(), "root": key.root.hex() if key.root else None} for key in keys.release]
    return {"format": "rjx1 keys", "installation": str(keys.installation), "release": ring,
            **{name: getattr(keys, name).hex() for name in ("contact", "lookup", "directory", "pepper")}}


def _from_json(data: dict[str, object]) -> KeyFile:
    if data["format"] != "rjx1 keys":
        raise ValueError
    ring = data["release"]
    if not isinstance(ring, list) or not ring:
        raise ValueError
    release = tuple(_release_key(bytes.fromhex(key["public"]), _root(key["root"])) for key in ring)
    contact, lookup, directory, pepper = (_key(data[name]) for name in ("contact", "lookup", "directory", "pepper"))
    return KeyFile(UUID(str(data["installation"])), release, contact, lookup, directory, pepper)


def _release_key(public: bytes, root: bytes | None) -> ReleaseKey:
    """``CannotOpen`` or ``ValueError`` unless the halves belong together."""
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
