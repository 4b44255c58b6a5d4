"""A content note's cryptography: what the recipient meets before a letter, readable with the letter's key alone.

The note is boxed under a key that comes from the letter's, so whoever cannot open the letter yet cannot open the note
either. It is bound to the words it is about and to the round in which they were approved; who approved them signed it.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from keys import box
from keys.context import context
from keys.identity import Identity, Verifier, expand, sha256

_SIGNATURE = 64


@dataclass(frozen=True)
class NotedVersion:
    """What a content note is about, for whom, and who signed it."""

    version: UUID
    digest: bytes
    recipient: UUID
    round: int
    signer: UUID


def seal_content_note(words: str, place: NotedVersion, signer: Identity, letter_key: bytes,
                      random: box.Random) -> bytes:
    """Sign the words and box them beside their letter, padded as a letter is."""
    content = words.encode("utf-8", "surrogatepass")
    signature = signer.sign(_signed(place, content))
    return box.seal(_key(letter_key), context("content note", **asdict(place)), signature + content, random,
                    box.LETTER_BLOCK)


def open_content_note(sealed: bytes, place: NotedVersion, signer: Verifier, letter_key: bytes) -> str:
    """The words, if they stand in their place and this signer signed them; else ``CannotOpen``."""
    opened = box.open_box(_key(letter_key), context("content note", **asdict(place)), sealed)
    content = opened[_SIGNATURE:]
    signer.verify(opened[:_SIGNATURE], _signed(place, content))
    return box.as_text(content)


def _key(letter_key: bytes) -> bytes:
    return expand(letter_key, b"content note")


def _signed(place: NotedVersion, content: bytes) -> bytes:
    return context("content note words", **asdict(place), text_hash=sha256(content))
