"""A letter's cryptography: seal it, grant it, decide on it, hold its release, open it.

*A person can read a version if and only if a grant leads to them.* A letter's text is in a box
under a letter key that exists only inside grants. The author's signature is inside the box with the
text, so it cannot serve as loose evidence. Each verb names its reader.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from keys import box
from keys.box import Random
from keys.context import context
from keys.identity import Identity, Recipient, Verifier, sha256

NO_PARENT = b""
_SIGNATURE = 64


@dataclass(frozen=True)
class Place:
    """Where a version belongs: all that its body and its author's signature are bound to."""

    letter: UUID
    version: UUID
    case: UUID
    channel: UUID
    author: UUID
    kind: str
    parent: bytes = NO_PARENT


@dataclass(frozen=True)
class Decision:
    """What a reader signs: one verdict on exactly this text
    with exactly these findings, for this recipient.

    ``round`` counts submissions and re-openings, so that an old approval cannot be used again.
    ``at`` is in microseconds since 1970.
    """

    version: UUID
    digest: bytes
    findings_hash: bytes
    verdict: str
    recipient: UUID
    reader: UUID
    round: int
    policy: str
    needed: int
    at: int


@dataclass(frozen=True)
class ReleaseStatement:
    """The key of the recipient that the letter was sealed to, the sealed release, and its signer.

    Each sealing makes a new statement.
    """

    version: UUID
    digest: bytes
    recipient: UUID
    recipient_kid: bytes
    sealed_hash: bytes
    signer: UUID
    at: int


def seal_letter(text: str, place: Place, author: Identity, letter_key: bytes,
                random: Random) -> bytes:
    """Box the text under the letter key, with the author's signature inside; padded to 4 KiB."""
    content = text.encode("utf-8", "surrogatepass")
    prepared = box.prepare(letter_key, context("body", **asdict(place)), random)
    signature = author.sign(_signed(place, prepared.commitment, content))
    return prepared.close(signature + content, box.LETTER_BLOCK)


def open_letter(body: bytes, place: Place, letter_key: bytes, author: Verifier) -> str:
    """The text, if it is in its place and its author signed it. Raises ``CannotOpen``."""
    opened = box.open_box(letter_key, context("body", **asdict(place)), body)
    signature, content = opened[:_SIGNATURE], opened[_SIGNATURE:]
    author.verify(signature, _signed(place, box.commitment(body), content))
    return box.as_text(content)


def digest(body: bytes, place: Place) -> bytes:
    """What a decision is about: SHA-256 over the place and the sealed body (32 bytes)."""
    return sha256(context("body", **asdict(place)), body)


def grant_to_person(reader: Recipient, person: UUID, letter_key: bytes, version: UUID) -> bytes:
    """Let one person open this version."""
    return reader.seal(letter_key, _grant(version, "person", person, 0))


def grant_to_case(reader: Recipient, case: UUID, epoch: int, letter_key: bytes,
                  version: UUID) -> bytes:
    """Let the case team of this epoch open this version."""
    return reader.seal(letter_key, _grant(version, "case", case, epoch))


def open_own_grant(person: Identity, who: UUID, grant: bytes, version: UUID) -> bytes:
    """The letter key, for the person it was granted to. Raises ``CannotOpen``."""
    return person.open(grant, _grant(version, "person", who, 0))


def open_case_grant(case_key: Identity, case: UUID, epoch: int, grant: bytes,
                    version: UUID) -> bytes:
    """The letter key, for a holder of this epoch's case key. Raises ``CannotOpen``."""
    return case_key.open(grant, _grant(version, "case", case, epoch))


def seal_release(reader: Recipient, person: UUID, release: Recipient, letter_key: bytes,
                 version: UUID) -> bytes:
    """A grant to the recipient inside a seal to the release key:
    neither key alone opens anything."""
    grant = grant_to_person(reader, person, letter_key, version)
    return release.seal(grant, context("sealed release", version=version, recipient=person))


def take_outer_seal_off(release: Identity, person: UUID, sealed: bytes, version: UUID) -> bytes:
    """The grant to the recipient, which this key cannot open further. Raises ``CannotOpen``."""
    return release.open(sealed, context("sealed release", version=version, recipient=person))


def sign_decision(reader: Identity, decision: Decision) -> bytes:
    """The reader's signature (64 bytes) over their decision."""
    return reader.sign(context("decision", **asdict(decision)))


def verify_decision(reader: Verifier, decision: Decision, signature: bytes) -> None:
    """Check that the reader signed exactly this decision. Raises ``CannotOpen``."""
    reader.verify(signature, context("decision", **asdict(decision)))


def sign_statement(signer: Identity, statement: ReleaseStatement) -> bytes:
    """The signature (64 bytes) of the person who sealed the release."""
    return signer.sign(context("release statement", **asdict(statement)))


def verify_statement(signer: Verifier, statement: ReleaseStatement, signature: bytes) -> None:
    """Check that the signer made exactly this statement. Raises ``CannotOpen``."""
    signer.verify(signature, context("release statement", **asdict(statement)))


def _signed(place: Place, commitment: bytes, content: bytes) -> bytes:
    return context("letter", **asdict(place), commitment=commitment, text_hash=sha256(content))


def _grant(version: UUID, kind: str, reader: UUID, epoch: int) -> bytes:
    return context("letter key", version=version, reader_kind=kind, reader=reader, epoch=epoch)
