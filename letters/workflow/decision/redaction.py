"""Leaving something out of a letter, with its author's agreement,
and the recipient's question why (rules 15 and 16).

Facilitators propose by returning the letter. The author sees exactly what the recipient would see.
Agreeing hands in a new version of the kind *redacted*: it has a fresh key, is signed by the author
and is read again from the first reading on; the version before it never leads to the recipient. Not
agreeing changes nothing: the letter is with its author, as after any return.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.errors import DraftChanged, NotFound, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import State
from letters.rules.letter.redacted import HANDED_IN, REDACTED, leave_out
from letters.rules.permissions import Permission
from letters.storage.tables.letters import Note, Version
from letters.workflow.access import case_keys, sealed_notes
from letters.workflow.access.enter import LetterAccess, letter_to_change, letter_to_read
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.decision import suggestions
from letters.workflow.decision.suggestions import Suggestion
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review import unaltered
from letters.workflow.screening import preferences
from letters.workflow.writing.versions import OwnText, own_in
from letters.workflow.writing.write import hand_in, require_may_be_handed_in, screened

_REFUSED, _WHY, _BECAUSE = "redaction refused", "why", "because"


@dataclass(frozen=True)
class Proposed:
    """What the facilitators propose to leave out of a version, and how it would then read.

    ``changed``: the author has gone on writing since, so this is no longer their letter.
    ``refused``: they did not agree.
    """

    version: UUID
    spans: list[Suggestion]
    text: str
    changed: bool
    refused: bool


@dataclass(frozen=True)
class WhyQuestion:
    """A recipient's question why something was left out, and the team's answers."""

    id: UUID
    words: str
    answers: list[OpenNote]


def proposed(platform: Platform, me: SignedIn, letter_id: UUID) -> Proposed:
    """What the author of a returned letter is asked.
    Raises ``NotPossibleNow`` if nothing is proposed."""
    with platform.reading() as db:
        return _proposed(platform, db, me,
                         letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE))


def agree(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID) -> None:
    """Hand in one's letter without the proposed passages, signed by oneself.
    Agreeing twice is once.

    Raises ``DraftChanged`` if one has gone on writing: the newer letter is then to be read as it
    is. Raises ``NotPossibleNow`` if something else is proposed.
    """
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        if _is_agreed_already(platform, db, room, version_id):
            return
        text = _to_agree(platform, db, me, room, version_id)
        require_may_be_handed_in(platform, db, me, room)
        wishes = preferences.of_letter(platform, db, me, room)
    found = screened(platform, me, text, wishes)
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
        if _is_agreed_already(platform, db, room, version_id):
            return
        if _to_agree(platform, db, me, room, version_id) != text:
            raise NotPossibleNow("something else is proposed")
        assert room.letter.draft_id is not None
        new = hand_in(platform, db, me, room, text, found, REDACTED, room.letter.draft_id)
        record.add(platform, db, room.case, Event.REDACTION_ANSWERED, me.person, letter_id,
                   about=new,
                   left=unaltered.AGREED)


def refuse(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
           reason: str = "") -> None:
    """Say that one does not agree. The reason is optional, and not a word changes.

    Raises ``NotPossibleNow`` if it was answered.
    """
    words = sealed_notes.checked("reason", reason) if reason.strip() else ""
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
        asked = _proposed(platform, db, me, room)
        if asked.version != version_id or asked.refused:
            raise NotPossibleNow("it was answered")
        sealed_notes.for_team(platform, db, me, room, _about(version_id), _REFUSED, words)
        record.add(platform, db, room.case, Event.REDACTION_ANSWERED, me.person, letter_id,
                   about=version_id,
                   left=unaltered.NOT_AGREED)


def refused(platform: Platform, db: Session, me: SignedIn, room: LetterAccess,
            version: UUID) -> str | None:
    """The author's reason for not agreeing to leave something out of this version, for the team.
    Returns None unless they refused."""
    said = sealed_notes.opened_by_team(
        platform,
        db,
        case_keys.open_all(platform, db, me, room.case.id),
        room.case.id,
        _about(version),
        frozenset({room.letter.author_id}),
    )
    return said[-1].words if said else None


def as_sent(platform: Platform, me: SignedIn, letter_id: UUID) -> OwnText | None:
    """The redacted version that the author agreed to.
    Returns None if there is none or it was returned to them."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        version = db.get(Version, room.letter.submitted_id) if room.letter.submitted_id else None
        if (version is None or version.kind != REDACTED
            or State(room.letter.state) is State.RETURNED):
            return None
        return own_in(platform, db, me, room.letter, version.id)


# --- the recipient


def ask_why(platform: Platform, me: SignedIn, letter_id: UUID, words: str = "") -> None:
    """Ask the facilitators why something was left out of a letter
    that one has opened; words are optional.

    Raises ``NotPossibleNow`` if nothing was left out.
    """
    words = sealed_notes.checked("words", words) if words.strip() else ""
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_READ)
        _require_opened_redacted(platform, db, me, room)
        question = platform.new_id()
        sealed_notes.for_team(platform, db, me, room, question, _WHY, words)
        sealed_notes.for_person(platform, db, me, room, me.person, question, _WHY, words)
        record.add(platform, db, room.case, Event.WHY_ASKED, me.person, letter_id, about=question)


def own_questions(platform: Platform, me: SignedIn, letter_id: UUID) -> list[WhyQuestion]:
    """The recipient's questions about a letter, with the answers.

    Raises ``NotPossibleNow`` if nothing was left out of it.
    """
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_READ)
        _require_opened_redacted(platform, db, me, room)
        team = record.read(platform, db, room.case.id).ever_decided | {me.person}
        return [_question(id, sealed_notes.opened(platform, db, me.identity, me.person, id, team))
                for id in _asked(platform, db, room)]


def answer_why(platform: Platform, me: SignedIn, letter_id: UUID, question: UUID,
               words: str) -> None:
    """Answer such a question, sealed to the recipient who asked and to the team.
    The author hears of neither.

    Raises ``NotFound``.
    """
    words = sealed_notes.checked("words", words)
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        if question not in _asked(platform, db, room):
            raise NotFound
        sealed_notes.for_team(platform, db, me, room, question, _BECAUSE, words)
        sealed_notes.for_person(platform, db, me, room, room.letter.recipient_id, question,
                                _BECAUSE, words)


def questions_about(platform: Platform, me: SignedIn, letter_id: UUID) -> list[WhyQuestion]:
    """The same as ``questions``, for a page of its own."""
    with platform.reading() as db:
        return questions(platform, db, me,
                         letter_to_read(platform, db, me, letter_id, Permission.LETTER_REVIEW))


def questions(platform: Platform, db: Session, me: SignedIn,
              room: LetterAccess) -> list[WhyQuestion]:
    """The recipient's questions about a letter, oldest first, for the team."""
    ring, team = (case_keys.open_all(platform, db, me,
                                    room.case.id),
                  record.read(platform, db, room.case.id).ever_decided)
    return [
        _question(
            id, sealed_notes.opened_by_team(platform, db, ring, room.case.id, id,
                                            team | {room.letter.recipient_id})
        )
        for id in _asked(platform, db, room)
    ]


def unanswered(db: Session, told: Mapping[UUID, LetterHistory]) -> set[UUID]:
    """Those of these letters with a question why that has no answer yet."""
    answered = select(Note.subject_id).where(Note.kind == _BECAUSE, Note.reader_kind == "case")
    asked = {question: letter for letter, one in told.items() for question in one.why_asked}
    return {
        asked[question]
        for question in asked.keys() - set(db.scalars(answered.where(Note.subject_id.in_(asked))))
    }


def _proposed(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> Proposed:
    letter, came = room.letter, suggestions.of_return(platform, db, me, room)
    if came is None or not came.to_leave_out:
        raise NotPossibleNow("nothing is proposed to be left out")
    version = db.get_one(Version, came.version)
    text = own_in(platform, db, me, letter, version.id).text
    return Proposed(version.id, came.to_leave_out,
                    leave_out(text, [one.anchor for one in came.to_leave_out]),
                    letter.draft_id not in (version.basis_id, version.id),
                    version.id in _answered(platform, db, room, unaltered.NOT_AGREED))


def _to_agree(platform: Platform, db: Session, me: SignedIn, room: LetterAccess,
              version_id: UUID) -> str:
    """The text that would be handed in, if it is still this version from
    which something is to be left out."""
    asked = _proposed(platform, db, me, room)
    if asked.version != version_id or asked.refused:
        raise NotPossibleNow("something else is proposed")
    if asked.changed:
        raise DraftChanged(str(version_id))
    return asked.text


def _is_agreed_already(platform: Platform, db: Session, room: LetterAccess,
                       version_id: UUID) -> bool:
    """True if the version that the facilitators have is this one,
    redacted with the author's agreement."""
    version = db.get(Version, room.letter.submitted_id) if room.letter.submitted_id else None
    if version is None or version.kind != REDACTED or version.id not in _answered(
            platform, db, room, unaltered.AGREED):
        return False
    parent = unaltered.parent_of(db, room.letter, version)
    return parent is not None and parent.id == version_id


def _answered(platform: Platform, db: Session, room: LetterAccess, how: str) -> set[UUID]:
    """The versions that the author's answers are about:
    those to be left as they were, or those handed in."""
    told = record.read(platform, db, room.case.id).letter(room.letter.id)
    return {answer.version for answer in told.answers if answer.how == how}


def _require_opened_redacted(platform: Platform, db: Session, me: SignedIn,
                             room: LetterAccess) -> None:
    version = db.get(Version, room.letter.submitted_id)
    if version is None or version.kind not in HANDED_IN:
        raise Tampered(room.letter.id, room.case.id)
    if State(room.letter.state) is not State.OPENED or version.kind != REDACTED:
        raise NotPossibleNow("nothing was left out")
    told = record.read(platform, db, room.case.id).letter(room.letter.id)
    unaltered.require_agreed(room.letter, version, told)


def _asked(platform: Platform, db: Session, room: LetterAccess) -> list[UUID]:
    return list(record.read(platform, db, room.case.id).letter(room.letter.id).why_asked)


def _question(id: UUID, said: list[OpenNote]) -> WhyQuestion:
    words = next((note.words for note in said if note.kind == _WHY), "")
    return WhyQuestion(id, words, [note for note in said if note.kind == _BECAUSE])


def _about(version: UUID) -> UUID:
    return uuid5(version, "redaction")
