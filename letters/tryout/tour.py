"""A tour of ten minutes through the demonstration: one letter, from its draft to a stop."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import Letter, Participant
from letters.workflow.platform import Platform


@dataclass(frozen=True)
class Places:
    """The ids that the tour leads to: the case and the letter that it follows."""

    case: UUID
    letter: UUID


@dataclass(frozen=True)
class TourStep:
    """One step: who does it, where, and how to see that it was done."""

    person: str
    title: str
    words: str
    leads_to: str
    is_done: Callable[[Session, Places], bool]


def _beyond(*states: State) -> Callable[[Session, Places], bool]:
    """True once the letter is in none of these states."""
    return lambda db, places: State(db.get_one(Letter, places.letter).state) not in states


def _answered(db: Session, places: Places) -> bool:
    letter = db.get_one(Letter, places.letter)
    return db.scalars(select(Letter.id).where(
        Letter.author_id == letter.recipient_id,
        Letter.began_at > letter.began_at)).first() is not None


def _stopped(db: Session, places: Places) -> bool:
    return db.scalars(select(Participant.person_id).where(
        Participant.case_id == places.case,
        Participant.stopped_at.is_not(None))).first() is not None


_ON_ITS_WAY = (State.DRAFT, State.IN_REVIEW, State.SECOND_READING, State.APPROVED)
STEPS = (
    TourStep("robin", "Robin sends a letter",
         "Robin has written a letter to Hanna. Read it back as he does, and send it. From now on "
         "he "
         "is told nothing of where it is.",
         "/letters/{letter}/check", _beyond(State.DRAFT)),
    TourStep("frances", "The first reading",
         "The screening has read the letter and marked a name. Claim the letter, decide about what "
         "was found, and approve it.",
         "/desk/{letter}", _beyond(*_ON_ITS_WAY[:2])),
    TourStep("sam", "The second reading",
         "Each letter of the person who harmed has two readers. Claim it, look at it as if you "
         "were "
         "the first, and approve it.",
         "/desk/{letter}", _beyond(*_ON_ITS_WAY[:3])),
    TourStep("hanna", "Hanna says that she is ready",
         "Nothing reaches Hanna before she says so, and a day lies between two letters, as she set "
         "it. Press “I am ready for one letter”. Then let a day go by, below.",
         "/pace", _beyond(*_ON_ITS_WAY)),
    TourStep("hanna", "Hanna opens it, if she wants to",
         "She is told that something is here, and nothing of what it says. She chooses how to read "
         "it: part by part, all of it, or not at all.",
         "/for-you", _beyond(*_ON_ITS_WAY, State.RELEASED)),
    TourStep("hanna", "Hanna answers",
         "She may write, and need not. Begin a letter; it goes the same way as his, with one "
         "reader.",
         "/letters", _answered),
    TourStep("hanna", "Hanna stops",
         "She can stop at any time, without a reason. Nothing is handed over after that, whatever "
         "was approved.",
         "/stop", _stopped),
)


def places(platform: Platform, letter: UUID) -> Places:
    """Where the tour leads, for the letter that it follows."""
    with platform.reading() as db:
        return Places(db.get_one(Letter, letter).case_id, letter)


def done(platform: Platform, at: Places) -> list[bool]:
    """For each step, whether it was done. They are asked of the database, as it stands."""
    with platform.reading() as db:
        return [step.is_done(db, at) for step in STEPS]


def address(step: TourStep, at: Places) -> str:
    """The page on which a step is taken."""
    return step.leads_to.format(case=at.case, letter=at.letter)
