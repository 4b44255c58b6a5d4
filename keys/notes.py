"""Words next to a letter: a note that one person signs for a reader, a text that somebody keeps
alone, and a content note.

Public keys are public, so sealing alone would let anybody who can write to the database put words
into a facilitator's mouth. Therefore the writer's signature is inside with the words. A text that
people keep for themselves is a box under a key from their own root, which nobody else can make. A
content note is boxed under a key that comes from the letter's, so only people who can open the
letter can open it. It is bound to the words it is about and to the round in which they were
approved, and signed by somebody who approved them.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from keys import box
from keys.context import context
from keys.identity import Identity, Recipient, Verifier, expand, sha256

_SIGNATURE = 64
"""Bytes."""


@dataclass(frozen=True)
class NotePlace:
    """Where a note belongs. ``reader`` is a person (epoch 0) or a case (epoch 1 or more)."""

    note: UUID
    subject: UUID
    kind: str
    reader: UUID
    epoch: int


def seal_note(words: str, place: NotePlace, writer_id: UUID, writer: Identity,
              reader: Recipient) -> bytes:
    """Sign the words and seal them to their reader, padded to 1 KiB."""
    content = words.encode("utf-8", "surrogatepass")
    signature = writer.sign(_signed(place, writer_id, content))
    return reader.seal(box.pad(signature + content, box.NOTE_BLOCK),
                       context("note", **asdict(place)))


def open_note(sealed: bytes, place: NotePlace, writer_id: UUID, writer: Verifier,
              reader: Identity) -> str:
    """The words, if they are in their place and this writer signed them. Raises ``CannotOpen``."""
    opened = box.unpad(reader.open(sealed, context("note", **asdict(place))))
    content = opened[_SIGNATURE:]
    writer.verify(opened[:_SIGNATURE], _signed(place, writer_id, content))
    return box.as_text(content)


def _signed(place: NotePlace, writer: UUID, content: bytes) -> bytes:
    return context("note words", **asdict(place), writer=writer, text_hash=sha256(content))


def seal_own(owner: Identity, context: bytes, text: str, random: box.Random) -> bytes:
    """Box a text that only this person can have made and can open;
    its length is hidden like a letter's."""
    return box.seal(_own_key(owner), context, text.encode("utf-8", "surrogatepass"), random,
                    box.LETTER_BLOCK)


def open_own(owner: Identity, context: bytes, blob: bytes) -> str:
    """The text. Raises ``CannotOpen``."""
    return box.as_text(box.open_box(_own_key(owner), context, blob))


def _own_key(owner: Identity) -> bytes:
    return expand(owner.root, b"own")




@dataclass(frozen=True)
class NotedVersion:
    """The version that a content note is about, its recipient, and the note's signer."""

    version: UUID
    digest: bytes
    recipient: UUID
    round: int
    signer: UUID


def seal_content_note(words: str, place: NotedVersion, signer: Identity, letter_key: bytes,
                      random: box.Random) -> bytes:
    """Sign the words and box them under the letter's key, padded as a letter is."""
    content = words.encode("utf-8", "surrogatepass")
    signature = signer.sign(_signed_note(place, content))
    return box.seal(_note_key(letter_key), context("content note", **asdict(place)),
                    signature + content, random,
                    box.LETTER_BLOCK)


def open_content_note(sealed: bytes, place: NotedVersion, signer: Verifier,
                      letter_key: bytes) -> str:
    """The words, if they are in their place and this signer signed them. Raises ``CannotOpen``."""
    opened = box.open_box(_note_key(letter_key), context("content note", **asdict(place)), sealed)
    content = opened[_SIGNATURE:]
    signer.verify(opened[:_SIGNATURE], _signed_note(place, content))
    return box.as_text(content)


def _note_key(letter_key: bytes) -> bytes:
    return expand(letter_key, b"content note")


def _signed_note(place: NotedVersion, content: bytes) -> bytes:
    return context("content note words", **asdict(place), text_hash=sha256(content))
