"""The question ledger: the questions of the person harmed, numbered,
and what an answer does with each.

It holds only her own words: a question is a quote from her letter, or it is refused. Before an
answer is approved, its facilitator sees which questions it leaves open. All of it is sealed to the
team.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys.identity import Identity
from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.letter.lifecycle import ARRIVED, WAITING, State
from letters.rules.letter.parts import Answer, passages, questions, taken_up
from letters.rules.letter.passages import places
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.screening import Category, Finding, Severity
from letters.storage.tables.letters import Letter
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.access.enter import LetterAccess, letter_to_change
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.review.read_letter import Reading, reading

QUESTIONS, ANSWERS = "questions", "answers"
_SPEAKS_OF_THE_ACT = frozenset({Category.EXCUSE, Category.DENIAL})
"""What an answer may have to say because it was asked.
Nobody has to say whose fault it was, or how little it was."""


@dataclass(frozen=True)
class AskedQuestion:
    """One question of the person harmed and, if it was marked, what this letter does with it.

    ``passage``: the number of the passage that answers it, counted from one.
    """

    quote: str
    answer: Answer | None = None
    passage: int | None = None

    @property
    def is_open(self) -> bool:
        """True unless the letter answers it fully."""
        return self.answer is not Answer.ANSWERED


def of_letter(read: Reading) -> list[str]:
    """The questions of a letter as somebody chose them or, until then,
    those that can be found in it."""
    kept = _last(read.notes, QUESTIONS)
    return (json.loads(kept) if kept is not None
            else [span.of(read.text) for span in questions(read.text)])


def is_chosen(read: Reading) -> bool:
    """Returns True once somebody has numbered the questions of this letter or said
    that there are none."""
    return _last(read.notes, QUESTIONS) is not None


def confirm(platform: Platform, db: Session, me: SignedIn, read: Reading, confirmed: bool) -> None:
    """Keep the questions that were found in a letter of the person harmed, before it goes. Changes
    nothing if somebody has numbered them.

    Raises ``NotAcceptable`` unless this reader confirms the questions: none is lost in silence.
    """
    if writer(platform, read.room) is not Role.HARMED or is_chosen(read):
        return
    if not confirmed:
        raise NotAcceptable("questions", marked("Look at the questions first: confirm them, or "
                                                "number them yourself."))
    _keep(platform, db, me, read, QUESTIONS, json.dumps(of_letter(read)), "questions")


def beside_questions(read: Reading, asked: Sequence[AskedQuestion]) -> Reading:
    """The same letter, in which findings know the numbered questions.

    A finding in a sentence that takes up a question says so and weighs no more than a note: a
    writer who is asked "Did you know?" has to say whether they knew.
    """
    quotes = [one.quote for one in asked]
    return replace(read, findings=tuple(_beside(found, taken_up(read.text, found.start, quotes))
                                        for found in read.findings))


def _beside(found: Finding, question: int | None) -> Finding:
    if question is None or found.category not in _SPEAKS_OF_THE_ACT:
        return found
    return replace(found, severity=Severity.NOTE,
                   why=f"It answers question {question}. {found.why}")


def choose(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
           quotes: Sequence[str]) -> None:
    """Number these as the questions of a letter of the person harmed,
    at any time after it was sent.

    Raises ``NotAcceptable`` if a question is not in the letter word by word.
    """
    with platform.writing() as db:
        read = _reading(platform, db, me, letter_id, version_id)
        if writer(platform, read.room) is not Role.HARMED:
            raise NotPossibleNow("these are the questions of the person harmed")
        wanted = list(dict.fromkeys(" ".join(quote.split()) for quote in quotes if quote.strip()))
        chosen = list[str]()
        for number, quote in enumerate(wanted, 1):
            standing = places(read.text, quote)
            if not standing:
                raise NotAcceptable("questions",
                                    marked("Question %(number)s does not stand in "
                                           "the letter like that. "
                                           "Take its words as they are there, or leave it out."),
                                    number=number)
            chosen.append(" ".join(standing[0].quote.split()))
        _keep(platform, db, me, read, QUESTIONS, json.dumps(chosen), "questions")


def for_answer(platform: Platform, db: Session, read: Reading,
               ring: Mapping[int, Identity]) -> list[AskedQuestion]:
    """All that the person harmed has asked in letters that arrived, with the marks of this answer.

    Returns an empty list for any other letter.
    """
    if not answers(platform, read.room):
        return []
    marked = {entry[0]: entry for entry in json.loads(_last(read.notes, ANSWERS) or "[]")}
    found = dict[str, AskedQuestion]()
    for letter in db.scalars(select(Letter).where(
            Letter.case_id == read.room.case.id, Letter.author_id == read.room.letter.recipient_id,
            Letter.state.in_([state.value
                              for state in ARRIVED])).order_by(Letter.submitted_at, Letter.id)):
        if letter.submitted_id is not None:
            said = sealed_notes.opened_by_team(platform, db, ring, read.room.case.id,
                                               letter.submitted_id)
            for quote in json.loads(_last(said, QUESTIONS) or "[]"):
                _, answer, passage = marked.get(quote, (quote, None, None))
                found[quote] = AskedQuestion(quote, Answer(answer) if answer else None, passage)
    return list(found.values())


def questions_for(platform: Platform, me: SignedIn, read: Reading) -> list[AskedQuestion]:
    """The same, for a page."""
    with platform.reading() as db:
        return for_answer(platform, db, read,
                          case_keys.open_all(platform, db, me, read.room.case.id))


def mark(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
         marks: Sequence[tuple[Answer | None, int | None]]) -> None:
    """Keep what an answer does with each question, in the order of ``for_answer``.

    Raises ``NotAcceptable`` if a passage is not in the letter. Raises ``NotPossibleNow`` once it is
    approved, or if the questions have changed.
    """
    with platform.writing() as db:
        read = _reading(platform, db, me, letter_id, version_id)
        if State(read.room.letter.state) not in WAITING:
            raise NotPossibleNow("the letter is not on the desk")
        asked = for_answer(platform, db, read,
                           case_keys.open_all(platform, db, me, read.room.case.id))
        if len(asked) != len(marks):
            raise NotPossibleNow("the questions are others by now")
        most = len(passages(read.text))
        for number, (answer, passage) in enumerate(marks, 1):
            if passage is not None and not 1 <= passage <= most:
                raise NotAcceptable(f"passage-{number}",
                                    marked("Choose a passage from 1 to %(most)s."), most=most)
            if passage is not None and answer not in (Answer.ANSWERED, Answer.PARTLY):
                raise NotAcceptable(f"answer-{number}",
                                    marked("Say whether passage %(passage)s answers it, or only "
                                           "partly."), passage=passage)
        kept = [(one.quote, answer and answer.value, passage)
                for one, (answer, passage) in zip(asked, marks, strict=True)]
        _keep(platform, db, me, read, ANSWERS, json.dumps(kept), "answer-1")


def answers(platform: Platform, room: LetterAccess) -> bool:
    """Returns True for a letter to the person harmed."""
    return any(person.id == room.letter.recipient_id
               and directory.role_of(platform, person) is Role.HARMED
               for _, person in room.participants)


def writer(platform: Platform, room: LetterAccess) -> Role:
    """The role of the letter's author."""
    return next(directory.role_of(platform, person) for _, person in room.participants
                if person.id == room.letter.author_id)


def _reading(platform: Platform, db: Session, me: SignedIn, letter_id: UUID,
             version_id: UUID) -> Reading:
    room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
    if room.letter.submitted_id != version_id:
        raise NotPossibleNow("there is a newer version")
    return reading(platform, db, me, room)


def _keep(platform: Platform, db: Session, me: SignedIn, read: Reading, kind: str, words: str,
          field: str) -> None:
    if len(words) > sealed_notes.MAX_NOTE:
        raise NotAcceptable(field,
                            marked("These are too many words to keep. Please leave some out."))
    sealed_notes.for_team(platform, db, me, read.room, read.version.id, kind, words)


def _last(said: Sequence[OpenNote], kind: str) -> str | None:
    return next((note.words for note in reversed(said) if note.kind == kind), None)
