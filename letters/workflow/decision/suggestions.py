"""Suggestions: a facilitator comments on a passage, offers words, or proposes to leave it out.

They are kept with the letter, sealed to the team, and sealed to the writer with a return. Only the
writer changes words: accepting keeps a new draft, signed by them, with exactly that change (rule
15). Answers are sealed to both. Each is a note of its own: no order of two matters.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from letters.rules.errors import DraftChanged, NotAcceptable, NotClaimed, NotFound, NotPossibleNow
from letters.rules.events import Event
from letters.rules.letter import redacted
from letters.rules.letter.decisions import require_possible
from letters.rules.letter.lifecycle import Action, State
from letters.rules.letter.passages import MOST_QUOTED, Anchor, found, places, replaced
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.workflow.access import case_keys, sealed_notes
from letters.workflow.access.enter import (
    LetterAccess,
    letter_to_change,
    letter_to_read,
    part_of,
    told_of,
)
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review.read_letter import Reading, is_held_by, reading
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing.versions import check_length, keep_version, own_in

MOST = 50
"""How many suggestions go with one return."""

_NOTED, _WITHDRAWN, _SENT, _TO_WRITER, _ANSWER = ("suggestion", "suggestion withdrawn", "sent",
                                                  "suggestions", "answer")


class Wish(StrEnum):
    """What a suggestion asks for."""

    COMMENT = "comment"
    WORDS = "words"
    LEAVE_OUT = "leave out"


class SuggestionAnswer(StrEnum):
    """What the writer does with it."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Suggestion:
    """One suggestion, at its place in the version that was read."""

    id: UUID
    wish: Wish
    anchor: Anchor
    words: str

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {"id": str(self.id), "wish": self.wish.value, "start": self.anchor.start,
                "quote": self.anchor.quote,
                "words": self.words}


class Answered(NamedTuple):
    """What the writer answered."""

    answer: SuggestionAnswer
    reason: str


@dataclass(frozen=True)
class Received:
    """A suggestion with its writer's answer.
    ``now``: the passage in the text at hand, None if it is gone."""

    suggestion: Suggestion
    now: Anchor | None
    answered: Answered | None


@dataclass(frozen=True)
class ToWriter:
    """What came with a return: the returned version, and the draft to look for passages in."""

    version: UUID
    draft: UUID
    text: str
    received: list[Received]

    @property
    def to_leave_out(self) -> list[Suggestion]:
        """What the facilitators propose to leave out."""
        return [one.suggestion for one in self.received if one.suggestion.wish is Wish.LEAVE_OUT]


# --- at the desk


def suggest(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID, wish: Wish,
            anchor: Anchor,
            words: str) -> None:
    """Keep a suggestion for the team until the return. Raises ``NotClaimed``, ``NotAcceptable``."""
    nothing_said = wish is Wish.LEAVE_OUT and not words.strip()
    words = redacted.typed(words if nothing_said else sealed_notes.checked("words", words))
    with platform.writing() as db:
        read = _suggesting(platform, db, me, letter_id, version_id)
        if (found(read.text,
                 anchor) != anchor or redacted.MARK in anchor.quote
            or len(anchor.quote) > MOST_QUOTED):
            raise NotAcceptable("passage", marked(
                "Choose a passage of this letter, of at most %(most)s characters."),
                                most=f"{MOST_QUOTED:,}")
        _keep(platform, db, me, read, [Suggestion(platform.new_id(), wish, anchor, words)])


def passage(text: str, copied: str, start: int | None) -> Anchor:
    """The passage that was copied from a letter; ``start`` chooses if it is there more than once.

    Raises ``NotAcceptable`` for ``passage`` if it is not there, for ``at`` without a choice."""
    there = places(text, copied)
    if not there:
        raise NotAcceptable("passage", marked(
            "Copy words of this letter, exactly as they stand there, from one paragraph."))
    if len(there) == 1:
        return there[0]
    for anchor in there:
        if anchor.start == start:
            return anchor
    raise NotAcceptable("at",
                        marked("These words stand there more than once. Choose which place "
                               "you mean."))


def leave_out_findings(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID) -> int:
    """Propose to leave out each finding that one marked *redact*. Returns how many are new."""
    with platform.writing() as db:
        read = _suggesting(platform, db, me, letter_id, version_id)
        known = {(one.wish, one.anchor) for one in _pending(platform, db, me, read.room)}
        spans = {Anchor(found.start, read.text[found.start:found.end]) for number,
                 found in enumerate(read.findings)
                 if read.dispositions.get(number) is Disposition.REDACT and found.end > found.start}
        new = [
            Suggestion(platform.new_id(), Wish.LEAVE_OUT, span, "")
            for span in sorted(spans, key=lambda one: one.start)
            if (Wish.LEAVE_OUT, span) not in known and redacted.MARK not in span.quote
        ]
        _keep(platform, db, me, read, new)
        return len(new)


def withdraw(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
             suggestion: UUID) -> None:
    """Withdraw one's own suggestion before the letter is returned. Raises ``NotFound``."""
    with platform.writing() as db:
        read = _suggesting(platform, db, me, letter_id, version_id)
        if suggestion not in {one.id for one in _pending(platform, db, me, read.room)}:
            raise NotFound
        sealed_notes.for_team(platform, db, me, read.room, _about(version_id), _WITHDRAWN,
                              str(suggestion))


def pending(platform: Platform, me: SignedIn, letter_id: UUID) -> list[Suggestion]:
    """One's own suggestions for the version that is read, in the order of the letter."""
    with platform.reading() as db:
        return _pending(platform, db, me,
                        letter_to_read(platform, db, me, letter_id, Permission.LETTER_REVIEW))


def send(platform: Platform, db: Session, me: SignedIn, read: Reading,
         of_all: bool = False) -> None:
    """With a return: seal one's suggestions, or all, to the writer and, as sent, to the team."""
    room, version, mine = read.room, read.version.id, _pending(platform, db, me, read.room, of_all)
    if not mine:
        return
    words = json.dumps([one.as_dict() for one in mine])
    sealed_notes.for_team(platform, db, me, room, _about(version), _SENT, words)
    sealed_notes.for_person(platform, db, me, room, room.letter.author_id, _about(version),
                            _TO_WRITER, words)
    wishes = {one.wish is Wish.LEAVE_OUT for one in mine}
    for leaves_out, event in ((False, Event.SUGGESTED), (True, Event.REDACTION_PROPOSED)):
        if leaves_out in wishes:
            record.add(platform, db, room.case, event, me.person, room.letter.id, about=version)


def sent_with(
    platform: Platform, db: Session, me: SignedIn, room: LetterAccess, version: UUID, text: str
) -> list[Received]:
    """What went to the writer with this version's return, with their answers, for the team.
    ``text``: the text in which the passages are looked for."""
    ring, case = case_keys.open_all(platform, db, me, room.case.id), room.case.id
    said = sealed_notes.opened_by_team(platform, db, ring, case, _about(version))
    answers = sealed_notes.opened_by_team(
        platform, db, ring, case, _answers(version), frozenset({room.letter.author_id})
    )
    return _received([note for note in said if note.kind == _SENT], answers, text)


# --- the writer


def returned(platform: Platform, me: SignedIn, letter_id: UUID) -> ToWriter | None:
    """What came with the return of one's letter, while it is with one. None if nothing came."""
    with platform.reading() as db:
        return of_return(platform, db, me,
                         letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE))


def of_return(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> ToWriter | None:
    """The same, in a transaction."""
    letter = room.letter
    if (State(letter.state) is not State.RETURNED or letter.submitted_id is None
        or letter.draft_id is None):
        return None
    draft = own_in(platform, db, me, letter, letter.draft_id)
    said = sealed_notes.opened(platform, db, me.identity, me.person, _about(letter.submitted_id),
                               record.read(platform, db, room.case.id).ever_decided)
    answers = sealed_notes.opened(platform, db, me.identity, me.person,
                                  _answers(letter.submitted_id),
                                  frozenset({me.person}))
    received = _received(said, answers, draft.text)
    return ToWriter(letter.submitted_id, draft.version, draft.text, received) if received else None


def accept(platform: Platform, me: SignedIn, letter_id: UUID, suggestion: UUID,
           draft: UUID) -> None:
    """Put the suggested words into one's draft: a new version with exactly that change.

    Raises ``DraftChanged`` for a newer draft, ``NotPossibleNow`` if the passage is gone."""
    with platform.writing() as db:
        room, came, one = _answering(platform, db, me, letter_id, suggestion)
        if came.draft != draft:
            raise DraftChanged(str(draft))
        if one.suggestion.wish is not Wish.WORDS or one.now is None:
            raise NotPossibleNow("it cannot be put in")
        text = replaced(came.text, one.now, one.suggestion.words)
        check_length(text)
        room.letter.draft_id = keep_version(platform, db, me, room.letter, text, "draft",
                                            came.draft)
        _answer(platform, db, me, room, one, SuggestionAnswer.ACCEPTED, "")


def answer(platform: Platform, me: SignedIn, letter_id: UUID, suggestion: UUID,
           what: SuggestionAnswer,
           reason: str = "") -> None:
    """Say that one changes the passage in one's own words, or leaves it. The reason is optional."""
    if what is SuggestionAnswer.ACCEPTED:
        raise NotPossibleNow("that changes words")
    words = sealed_notes.checked("reason", reason) if reason.strip() else ""
    with platform.writing() as db:
        room, _, one = _answering(platform, db, me, letter_id, suggestion)
        _answer(platform, db, me, room, one, what, words)


def _suggesting(platform: Platform, db: Session, me: SignedIn, letter_id: UUID,
                version_id: UUID) -> Reading:
    """A letter that this person could return now; a claim is required, as for any decision."""
    room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
    letter = room.letter
    require_possible(told_of(platform, db, room), Action.RETURN, part_of(me, room), version_id)
    if not is_held_by(platform, letter, me.person):
        raise NotClaimed(str(letter_id))
    return reading(platform, db, me, room)


def _keep(platform: Platform, db: Session, me: SignedIn, read: Reading,
          new: Iterable[Suggestion]) -> None:
    there = len(_pending(platform, db, me, read.room))
    for number, one in enumerate(new, there + 1):
        if number > MOST:
            raise NotAcceptable("passage", marked(
                "%(most)s suggestions go with one return at most. Speak with the writer."),
                                most=MOST)
        sealed_notes.for_team(platform, db, me, read.room, _about(read.version.id), _NOTED,
                              json.dumps(one.as_dict()))


def _pending(platform: Platform, db: Session, me: SignedIn, room: LetterAccess,
             of_all: bool = False) -> list[Suggestion]:
    if room.letter.submitted_id is None:
        return []
    said = sealed_notes.opened_by_team(platform, db,
                                       case_keys.open_all(platform, db, me, room.case.id),
                                       room.case.id,
                                       _about(room.letter.submitted_id))
    mine = [note for note in said if of_all or note.written_by == me.person]
    gone = {note.words for note in mine if note.kind == _WITHDRAWN}
    kept = [_read(json.loads(note.words)) for note in mine if note.kind == _NOTED]
    return sorted((one for one in kept if str(one.id) not in gone), key=_by_place)


def _answering(platform: Platform, db: Session, me: SignedIn, letter_id: UUID,
               suggestion: UUID) -> tuple[LetterAccess, ToWriter, Received]:
    room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
    came = of_return(platform, db, me, room)
    if came is None:
        raise NotPossibleNow("the letter is not with its author")
    for one in came.received:
        if one.suggestion.id == suggestion:
            if one.answered is not None:
                raise NotPossibleNow("it was answered")
            return room, came, one
    raise NotFound


def _answer(platform: Platform, db: Session, me: SignedIn, room: LetterAccess, one: Received,
            what: SuggestionAnswer,
            reason: str) -> None:
    assert room.letter.submitted_id is not None
    words = json.dumps({"suggestion": str(one.suggestion.id), "answer": what.value,
                        "reason": reason})
    about = _answers(room.letter.submitted_id)
    sealed_notes.for_team(platform, db, me, room, about, _ANSWER, words)
    sealed_notes.for_person(platform, db, me, room, me.person, about, _ANSWER, words)
    record.add(platform, db, room.case, Event.SUGGESTION_ANSWERED, me.person, room.letter.id,
               about=one.suggestion.id)


def _received(said: list[sealed_notes.OpenNote], answers: list[sealed_notes.OpenNote],
              text: str) -> list[Received]:
    told = [json.loads(note.words) for note in answers if note.kind == _ANSWER]
    answered = {one["suggestion"]: Answered(SuggestionAnswer(one["answer"]), one["reason"])
                for one in told}
    sent = sorted((_read(one) for note in said for one in json.loads(note.words)), key=_by_place)
    return [Received(one, found(text, one.anchor), answered.get(str(one.id))) for one in sent]


def _read(told: dict[str, Any]) -> Suggestion:
    return Suggestion(UUID(told["id"]), Wish(told["wish"]), Anchor(told["start"], told["quote"]),
                      told["words"])


def _by_place(one: Suggestion) -> tuple[int, int, UUID]:
    return one.anchor.start, one.anchor.end, one.id


def _about(version: UUID) -> UUID:
    """The subject of notes on a version's suggestions. The desk's notes are on the version."""
    return uuid5(version, "suggestions")


def _answers(version: UUID) -> UUID:
    return uuid5(version, "answers")

