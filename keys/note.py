"""A note's cryptography: words that one person signs and another, or a case team, can read.

Sealing alone would let anybody who can write to the database put words into a facilitator's mouth, since public keys
are public; so the writer's signature lies inside with the words.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from keys import box
from keys.context import context
from keys.identity import Identity, Recipient, Verifier, sha256

_SIGNATURE = 64


@dataclass(frozen=True)
class NotePlace:
    """Where a note stands. ``reader`` is a person (epoch 0) or a case (epoch 1 or more)."""

    note: UUID
    subject: UUID
    kind: str
    reader: UUID
    epoch: int


def seal_note(words: str, place: NotePlace, writer_id: UUID, writer: Identity, reader: Recipient) -> bytes:
    """Sign the words and seal them to their reader, padded to 1 KiB."""
    content = words.encode("utf-8", "surrogatepass")
    signature = writer.sign(_signed(place, writer_id, content))
    return reader.seal(box.pad(signature + content, box.NOTE_BLOCK), context("note", **asdict(place)))


def open_note(sealed: bytes, place: NotePlace, writer_id: UUID, writer: Verifier, reader: Identity) -> str:
    """The words, if they stand in their place and this writer signed them; else ``CannotOpen``."""
    opened = box.unpad(reader.open(sealed, context("note", **asdict(place))))
    content = opened[_SIGNATURE:]
    writer.verify(opened[:_SIGNATURE], _signed(place, writer_id, content))
    return box.as_text(content)


def _signed(place: NotePlace, writer: UUID, content: bytes) -> bytes:
    return context("note words", **asdict(place), writer=writer, text_hash=sha256(content))
