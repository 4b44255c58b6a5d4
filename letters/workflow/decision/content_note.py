"""The content note: what a recipient meets before a letter, written by its facilitator (rule 23).

A summary, themes, the letter's parts, and what it does with the questions of the person harmed.
Until it is approved it is a note of the team. The last approval seals it with the letter, under a
key derived from the letter's and signed by the approving reader: before release, only people who
can open the letter can open its note.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from keys.errors import CannotOpen
from keys.identity import Identity, sha256
from keys.notes import NotedVersion, open_content_note, seal_content_note
from letters.rules.errors import NotAcceptable, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import WAITING, State
from letters.rules.letter.parts import (
    MOST_PARTS,
    Answer,
    Part,
    PartKind,
    divided,
    ends,
    passages,
    suggested,
)
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.tables.letters import Letter, Version
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.access.enter import letter_to_change
from letters.workflow.decision import questions as decision_questions
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review.read_letter import Reading, reading

CONTENT_NOTE = "content note"
MOST_SUMMARY, MOST_THEMES, MOST_THEME = 600, 8, 60
CHANGED = marked("The note for the recipient was changed after you opened this page. Please look "
                 "at it once more.")


@dataclass(frozen=True)
class Draft:
    """What a facilitator wrote and marked so far, by the numbers of the letter's passages."""

    summary: str = ""
    themes: tuple[str, ...] = ()
    greeting: int = 0
    signature: int = 0
    begins: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class QuestionAnswered:
    """One question of the recipient, what the letter does with it,
    and the place in the letter that does."""

    quote: str
    answer: Answer | None
    at: int | None


@dataclass(frozen=True)
class ForRecipient:
    """A content note as its recipient reads it."""

    characters: int
    summary: str
    themes: tuple[str, ...]
    parts: tuple[Part, ...]
    questions: tuple[QuestionAnswered, ...]

    def written(self) -> str:
        """The text that is signed and sealed."""
        return json.dumps([self.characters, self.summary, self.themes, self.parts,
                           [(one.quote, one.answer, one.at) for one in self.questions]])

    @classmethod
    def read(cls, words: str) -> "ForRecipient":
        """The note from that text."""
        characters, summary, themes, parts, asked = json.loads(words)
        return cls(
            characters,
            summary,
            tuple(themes),
            tuple(Part(start, end, PartKind(kind), theme) for start, end, kind, theme in parts),
            tuple(QuestionAnswered(quote, Answer(answer) if answer else None, at) for quote, answer,
                  at in asked),
        )


def draft(read: Reading) -> Draft | None:
    """What the team last kept for this version, or None."""
    kept = next((note.words for note in reversed(read.notes) if note.kind == CONTENT_NOTE), None)
    if kept is None:
        return None
    summary, themes, greeting, signature, begins = json.loads(kept)
    return Draft(summary, tuple(themes), greeting, signature,
                 tuple((number, theme) for number, theme in begins))


def proposed(read: Reading) -> Draft:
    """What a facilitator begins with: greeting and signature as far
    as they are found, and no words."""
    greeting, signature = ends(read.text)
    return Draft(greeting=greeting, signature=signature)


def save_note(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
              written: Draft) -> None:
    """Keep a note for the recipient of this version, sealed to the team; the last one counts.

    Raises ``NotAcceptable`` if it is too long or cannot be, ``NotPossibleNow`` once the letter is
    approved.
    """
    if len(written.summary) > MOST_SUMMARY:
        raise NotAcceptable("summary", marked("A summary has %(most_summary)s characters at "
                                              "most. Please make it "
                                              "shorter."), most_summary=MOST_SUMMARY)
    if len(written.themes) > MOST_THEMES or any(len(theme) > MOST_THEME
                                                for theme in written.themes):
        raise NotAcceptable("themes",
                            marked("Write %(most_themes)s themes at most, each of %(most_theme)s "
                                   "characters at most."), most_themes=MOST_THEMES,
                            most_theme=MOST_THEME)
    for row, (_, theme) in enumerate(written.begins, 1):
        if len(theme) > MOST_THEME:
            raise NotAcceptable(f"theme-{row}",
                                marked("A theme has %(most_theme)s characters at most."),
                                most_theme=MOST_THEME)
    if len(written.begins) > MOST_PARTS:
        raise NotAcceptable("from-1", marked("Mark %(most_parts)s parts at most."),
                            most_parts=MOST_PARTS)
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        if room.letter.submitted_id != version_id or State(room.letter.state) not in WAITING:
            raise NotPossibleNow("it is not on the desk, or there is a newer version")
        read = reading(platform, db, me, room)
        divided(read.text, written.greeting, written.signature, written.begins)
        words = json.dumps([written.summary, written.themes, written.greeting, written.signature,
                            written.begins])
        sealed_notes.for_team(platform, db, me, room, version_id, CONTENT_NOTE, words)


def note_for(platform: Platform, me: SignedIn, read: Reading) -> ForRecipient | None:
    """What the recipient would meet first if the letter were approved now. Returns None if nothing
    was written or marked."""
    with platform.reading() as db:
        return _composed(platform, db, read,
                         case_keys.open_all(platform, db, me, read.room.case.id))


def seen(note: ForRecipient | None) -> str:
    """A mark of exactly this note, for the form of the page that shows it."""
    return sha256(note.written().encode("utf-8", "surrogatepass")).hex() if note else ""


def require_seen(platform: Platform, db: Session, me: SignedIn, read: Reading,
                 what: str) -> ForRecipient | None:
    """The note as it stands. Raises ``NotAcceptable`` unless the approving reader was shown it."""
    note = _composed(platform, db, read, case_keys.open_all(platform, db, me, read.room.case.id))
    if seen(note) != what:
        raise NotAcceptable("", CHANGED)
    return note


def seal(platform: Platform, db: Session, me: SignedIn, read: Reading,
         note: ForRecipient | None) -> None:
    """Seal the note with the letter, in the transaction of the last approval.
    It replaces an earlier round's."""
    version, letter = read.version, read.room.letter
    if note is None and not version.content_note:
        return
    version.content_note = b"" if note is None else seal_content_note(
        note.written(), _place(letter, version, me.person), me.identity, read.letter_key,
        platform.random)
    record.add(platform, db, read.room.case, Event.NOTE_SEALED, me.person, letter.id, version.id,
               left=_mark(version.content_note))


def opened(
    platform: Platform,
    db: Session,
    letter: Letter,
    version: Version,
    letter_key: bytes,
    told: LetterHistory,
    approved: frozenset[UUID],
) -> ForRecipient | None:
    """The note of a letter that has arrived, or None.
    ``told``: what the trail says of this letter.

    Raises ``Tampered`` unless it is the last one sealed, by somebody who approved this version.
    """
    sealed = told.note if told.note and told.note.version == version.id else None
    if _mark(version.content_note) != (sealed.mark if sealed else ""):
        raise Tampered(letter.id, letter.case_id)
    if sealed is None or not version.content_note:
        return None
    signer = sealed.by
    keys = directory.keys_of_person(platform, db, signer)
    try:
        if keys is None or signer not in approved:
            raise CannotOpen
        return ForRecipient.read(
            open_content_note(
                version.content_note, _place(letter, version, signer), keys.verifier, letter_key
            )
        )
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None


def _composed(platform: Platform, db: Session, read: Reading,
              ring: Mapping[int, Identity]) -> ForRecipient | None:
    written, asked = draft(read), decision_questions.for_answer(platform, db, read, ring)
    if written is None and not asked:
        return None
    text, spans = read.text, passages(read.text)
    parts = (suggested(text) if written is None
             else divided(text, written.greeting, written.signature, written.begins))
    told = tuple(
        QuestionAnswered(one.quote, one.answer,
                         spans[one.passage - 1].start if one.passage else None) for one in asked
    )
    return ForRecipient(len(text), written.summary if written else "",
                        written.themes if written else (), parts, told)


def _mark(sealed: bytes) -> str:
    return sha256(sealed).hex() if sealed else ""


def _place(letter: Letter, version: Version, signer: UUID) -> NotedVersion:
    return NotedVersion(version.id, version.digest, letter.recipient_id, letter.round, signer)
