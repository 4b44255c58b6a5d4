"""The life of one letter of the large demonstration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random
from uuid import UUID

from letters.rules.errors import FindingsOpen
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.tables.letters import Case, Letter
from letters.tryout.demo import PASSWORD
from letters.tryout.large_year import DAY, Life
from letters.workflow.decision import decide
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import write

HOUR = timedelta(hours=1)
Words = dict[str, list[str]]


class Fate(StrEnum):
    """How far a letter has come today, if nothing in its case keeps it back."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    READ_ONCE = "read once"
    HELD = "held"
    DISPUTED = "disputed"
    RETURNED = "returned"
    APPROVED = "approved"
    RELEASED = "released"
    RECALLED = "recalled"
    OPENED = "opened"


LAST_FATES = {Fate.DRAFT: 3, Fate.IN_REVIEW: 5, Fate.READ_ONCE: 3, Fate.HELD: 2, Fate.DISPUTED: 1,
              Fate.RETURNED: 2, Fate.APPROVED: 3, Fate.RELEASED: 3, Fate.RECALLED: 1}
"""The fates of the letters that are on their way, and how often each comes."""
_OF_RESPONSIBLE = frozenset({Fate.READ_ONCE, Fate.DISPUTED, Fate.APPROVED})


@dataclass
class Exchange:
    """A case in which letters go to and fro. ``asks_each_time``: the person harmed says before
    each letter that she is ready; ``over``: nobody goes on."""

    platform: Platform
    case: UUID
    team: Sequence[SignedIn]
    harmed: SignedIn
    responsible: SignedIn
    words: Words
    chance: Random
    asks_each_time: bool
    over: bool = False

    def text(self, author: SignedIn) -> str:
        """A short letter. There are a hundred for each of the two, so that each is screened once;
        in some is something to find."""
        one = Random(f"{author.role.value} {self.chance.randrange(100)}")  # noqa: S311 - a play
        said = one.sample(self.words[author.role.value], one.randint(3, 6))
        if one.random() < 0.15:
            said.append(one.choice(self.words["found"]))
        return "\n\n".join((" ".join(said[:3]), *said[3:]))


def hours(chance: Random, least: float, most: float) -> timedelta:
    """Some hours."""
    return HOUR * chance.uniform(least, most)


class LetterLife:
    """One letter, and those who write, read and open it."""

    def __init__(self, case: Exchange, fate: Fate) -> None:
        self.case, self.fate, self.platform = case, fate, case.platform
        self.letter: UUID

    def live(self) -> Life:
        """From its first word to its fate. Where the exchange is over, nobody goes on."""
        for step in (self._write, self._read, self._arrive):
            for after in step():
                yield after
                if self.case.over:
                    return
            if self._is_there(step.__name__):
                return

    def _is_there(self, step: str) -> bool:
        if step == "_write":
            return self.fate in (Fate.DRAFT, Fate.IN_REVIEW, Fate.RECALLED)
        return self.fate not in (Fate.OPENED, Fate.RELEASED)

    def _write(self) -> Life:
        author = self._author()
        self.author, self.recipient = author, (
            self.case.responsible if author is self.case.harmed else self.case.harmed)
        channel = write.open_channels(self.platform, author)[0]
        self.letter = write.begin_letter(self.platform, author, channel.id,
                                         self.case.text(author))
        if self.fate is Fate.DRAFT:
            return
        yield hours(self.case.chance, 1, 20)
        version = write.own_letter(self.platform, author, self.letter).draft_id
        assert version is not None
        write.submit(self.platform, author, self.letter, version)
        if self.fate is Fate.RECALLED:
            yield hours(self.case.chance, 1, 5)
            write.recall(self.platform, author, self.letter)
        yield hours(self.case.chance, 4, 30)

    def _author(self) -> SignedIn:
        """The person harmed writes first; the other, once the way back is open."""
        theirs = self.fate in _OF_RESPONSIBLE or self.case.chance.random() < 0.4
        if theirs and write.open_channels(self.platform, self.case.responsible):
            return self.case.responsible
        return self.case.harmed

    def _read(self) -> Life:
        first, second = self.case.chance.sample(list(self.case.team), 2)
        if self.fate is Fate.HELD:
            self._hold(first)
        elif self.fate is Fate.RETURNED:
            decide.return_to_author(self.platform, first, self.letter, self._claimed(first),
                                    self._note(), "Please look at the last sentence once more.")
        else:
            self._approve(first)
            if self.author.role is Role.RESPONSIBLE and self.fate is not Fate.READ_ONCE:
                yield hours(self.case.chance, 4, 30)
                if self.fate is Fate.DISPUTED:
                    self._hold(second)
                else:
                    self._approve(second)

    def _claimed(self, reader: SignedIn) -> UUID:
        """Have a reader claim it. Returns the version that is read."""
        read_letter.claim(self.platform, reader, self.letter)
        with self.platform.reading() as db:
            version = db.get_one(Letter, self.letter).submitted_id
        assert version is not None
        return version

    def _approve(self, reader: SignedIn) -> None:
        version = self._claimed(reader)
        try:
            decide.approve(self.platform, reader, self.letter, version, PASSWORD)
        except FindingsOpen:
            seen = read_letter.letter_for(self.platform, reader, self.letter)
            fine = dict.fromkeys(range(len(seen.findings)), Disposition.FINE)
            read_letter.dispose(self.platform, reader, self.letter, version, fine)
            decide.approve(self.platform, reader, self.letter, version, PASSWORD)

    def _hold(self, reader: SignedIn) -> None:
        again = self.platform.today() + timedelta(days=self.case.chance.randint(1, 20))
        decide.hold(self.platform, reader, self.letter, self._claimed(reader), self._note(), again)

    def _note(self) -> str:
        return self.case.chance.choice(self.case.words["notes"])

    def _arrive(self) -> Life:
        """Wait for the worker; the person harmed says that she is ready, if she is asked."""
        while self._state() is State.APPROVED:
            if self.recipient.role is Role.HARMED and self._is_asked():
                pace.say_ready(self.platform, self.recipient, self.case.case)
            yield DAY
        if self.fate is Fate.OPENED and self._state() is State.RELEASED:
            yield hours(self.case.chance, 1, 40)
            open_letter.open_letter(self.platform, self.recipient, self.letter)

    def _is_asked(self) -> bool:
        """True if the person harmed is asked before each letter, and has not said it yet."""
        with self.platform.reading() as db:
            ready = db.get_one(Case, self.case.case).ready_at
        return self.case.asks_each_time and ready is None

    def _state(self) -> State:
        with self.platform.reading() as db:
            return State(db.get_one(Letter, self.letter).state)
