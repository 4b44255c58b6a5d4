"""The seeded people and letters: the cast of the tests, cases in the midst of their
exchange, and a multitude besides.

Everything on a measured page came about by the program's own verbs, so it verifies as in service.
Most letters only have to exist: they are copies (``copies``), in cases that no measured page shows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, make_url, select

from benchmarks import copies
from benchmarks.place import Place
from keys.passphrase import Cost, Stretcher
from letters.rules.events import Event
from letters.rules.roles import Role
from letters.storage.queries.lists import Key
from letters.storage.store import Store
from letters.storage.tables.letters import AuditEntry, DeskEntry
from letters.tryout.prepare_case import approve, submit
from letters.workflow.accounts import invite, sign_in, sign_in_steps
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.platform import Platform
from letters.workflow.reading import open_letter
from letters.workflow.release import pace, release
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import write
from tests.cast import PASSWORD, Cast, Player

LETTERS_A_CASE = 10
"""In the case that is copied."""
MOST_A_CASE = 25
ON_A_PAGE = 50
PAST = timedelta(days=60)
"""The age of the oldest letter: no consent and no assessment has expired since."""
_SENTENCES = (
    "I have started this letter many times and put it away again.",
    "Since that night I sit where I can see the door.",
    "I want you to know what it was like, and that I am still here.",
    "My sister drove me to work for half a year because I could not take the bus.",
    "You said in court that you did not remember; I remember all of it.",
    "What I would like to ask is whether you thought of anybody but yourself.",
    "The garden helps, and so does the dog, who knows nothing of any of this.",
    "I do not need you to answer quickly, and I do not need you to answer at all.",
)


def words(length: int, number: int = 0) -> str:
    """A letter of exactly this many ASCII characters, with one telephone number to find,
    different for each ``number``."""
    text = f"Call me on 07700 900{number % 1000:03}.\n\n"
    while len(text) < length:
        text += _SENTENCES[(number + len(text) // 7) % len(_SENTENCES)] + (
            "\n\n" if len(text) % 5 == 0 else " "
        )
    return text[:length - 1] + "."


class Calendar:
    """The clock of the seeding: it stands where it is put and moves a millisecond at each look;
    afterwards it is the true time."""

    def __init__(self) -> None:
        self.begun = datetime.now(UTC) - PAST
        self._stands: datetime | None = self.begun

    def __call__(self) -> datetime:
        if self._stands is None:
            return datetime.now(UTC)
        self._stands += timedelta(milliseconds=1)
        return self._stands

    def advance(self, **by: float) -> None:
        """Turn it forward, by the arguments of ``timedelta``."""
        assert self._stands is not None
        self._stands += timedelta(**by)

    def put(self, moment: datetime | None) -> None:
        """Set it to a moment; None: to the true time, from now on."""
        self._stands = moment


@dataclass(frozen=True)
class Pair:
    """A case of two people who write to each other."""

    case: UUID
    harmed: Player
    responsible: Player


class Town:
    """An installation: ``cast`` reads at the desk, ``pair`` makes further
    people, ``fill`` adds the multitude."""

    def __init__(self, place: Place) -> None:
        self.place, self.calendar = place, Calendar()
        self.in_the_middle: list[UUID] = []
        self.platform = _quick(place.platform, self.calendar)
        self.cast = Cast(place.app, self.platform, self.calendar)
        _letters_in_every_state(self.cast)
        self._at_the_desk(ON_A_PAGE)

    def fill(self, letters: int) -> None:
        """Copy the cast's case until there are about this many letters, and put real
        ones half-way through its desk."""
        cases = max(1, letters // LETTERS_A_CASE - 1)
        apart = PAST * 0.95 / cases
        self.calendar.put(self.calendar.begun + apart * (cases // 2 + 0.5))
        self.in_the_middle = self._at_the_desk(ON_A_PAGE + 2)
        with self.platform.writing() as db:
            copies.copy_case(db, self.cast.case, cases, apart)
            between = [db.get_one(DeskEntry, (self.cast.first.id, one)).since
                       for one in (self.in_the_middle[0], self.in_the_middle[-1])]
            db.execute(delete(DeskEntry).where(DeskEntry.since.between(*between),
                                               DeskEntry.letter_id.not_in(self.in_the_middle)))
            copies.count_desks(db)
        self.calendar.put(None)
        with self.platform.reading() as db:
            copies.settle(db)

    def cookie(self, player: Player) -> str:
        """A fresh session of this person, as it is after every step of signing in."""
        me, until = player.me, self.platform.now() + sign_in_steps.LONGEST
        with self.platform.writing() as db:
            token = sign_in.begin_session(self.platform, db, me.person, me.identity,
                                          sign_in_steps.FULL, until)
        return f"__Host-session={token.hex()}"

    def middle_of_desk(self) -> Key:
        """The key of the page that shows the real letters half-way through
        the lane of letters in review."""
        first = self.in_the_middle[0]
        with self.platform.reading() as db:
            return db.get_one(DeskEntry, (self.cast.first.id, first)).since, first

    def alarms(self) -> int:
        """The number of times that the program found something that does not verify."""
        with self.platform.reading() as db:
            return len(db.scalars(select(AuditEntry.number).where(
                AuditEntry.event == Event.TAMPERING_FOUND.value)).all())

    def pair(self, name: str) -> Pair:
        """Two new people in a new case of the same team, in which both may write."""
        first = self.cast.first.me
        case = open_and_halt.open_case(self.platform, first)
        harmed, responsible = (
            Player(self.place.app, self.platform, f"{name} {role.value}",
                   invite.invite_participant(self.platform, first, case, role,
                                             f"{name} {role.value}"))
            for role in (Role.HARMED, Role.RESPONSIBLE))
        self.cast.join(case, self.cast.first, self.cast.second)
        self.cast.prepare(case, (self.cast.first, self.cast.second), harmed, responsible)
        pair = Pair(case, harmed, responsible)
        self._release(pair, submit(self.platform, harmed.me, words(1500)), (self.cast.first,))
        return pair

    def drafts(self, pair: Pair, count: int, length: int) -> list[tuple[UUID, UUID]]:
        """Saved drafts of the person harmed, as (letter, version)."""
        channel, made = self.cast.channel(pair.harmed), []
        for number in range(count):
            letter = write.begin_letter(self.platform, pair.harmed.me, channel)
            made.append((letter, write.save(self.platform, pair.harmed.me, letter, None,
                                            words(length, number))))
        return made

    def released(self, pair: Pair, count: int, length: int) -> list[UUID]:
        """Letters of the person who harmed, approved by two, that reached the person harmed."""
        made = []
        for number in range(count):
            pace.say_ready(self.platform, pair.harmed.me, pair.case)
            letter = submit(self.platform, pair.responsible.me, words(length, number))
            self._release(pair, letter, (self.cast.first, self.cast.second))
            made.append(letter)
        return made

    def somebody_who_signs_in(self, name: str) -> str:
        """The name of somebody whose password costs as much as in service."""
        platform = self.place.platform
        invite.enrol(
            platform,
            invite.invite_participant(platform, self.cast.first.me, self.cast.case,
                                      Role.OTHER, name),
            name,
            PASSWORD,
        )
        return name

    def _release(self, pair: Pair, letter: UUID, readers: tuple[Player, ...]) -> None:
        for reader in readers:
            approve(self.platform, reader.me, letter, PASSWORD)
        if release.release_due(self.platform) != 1:
            raise SystemExit("A seeded letter was not released.")

    def _at_the_desk(self, count: int) -> list[UUID]:
        """This many letters in review, a few of each of some cases, one after the other."""
        pairs = [self.pair(f"{count} at the desk {number}")
                 for number in range(-(-count // MOST_A_CASE))]
        return [submit(self.platform, pairs[number % len(pairs)].harmed.me,
                       words(1000 + 50 * number, number))
                for number in range(count)]


def _letters_in_every_state(cast: Cast) -> None:
    """Ten letters, as a case might have them: three opened, one released, five at the desk, one
    being written."""
    platform, harmed, responsible, first = cast.platform, cast.harmed, cast.responsible, cast.first
    for number, (author, recipient) in enumerate(((harmed, responsible), (harmed, responsible),
                                                  (responsible, harmed))):
        open_letter.open_letter(platform, recipient.me, cast.released(author, words(3000, number)))
    cast.released(harmed, words(2000))
    for number in range(3):
        cast.submitted(harmed, words(1000 + 1500 * number, number))
    cast.approve(cast.submitted(responsible, words(3000)), first)
    held = cast.submitted(harmed, words(5000))
    read_letter.claim(platform, first.me, held)
    version = read_letter.letter_for(platform, first.me, held).version.id
    read_letter.dispose(platform, first.me, held, version, {0: Disposition.ESCALATE})
    decide.hold(platform, first.me, held, version, "To be talked over.",
                (platform.now() + timedelta(days=90)).date())
    cast.draft(harmed, words(1500))


def _quick(platform: Platform, clock: Callable[[], datetime]) -> Platform:
    """The same platform for seeding alone: its connections do not wait for the
    disk, its passwords cost little."""
    url = make_url(platform.store.url).update_query_dict({"options": "-c synchronous_commit=off"})
    return replace(platform, store=Store(url.render_as_string(hide_password=False)), clock=clock,
                   stretcher=Stretcher(platform.keys.pepper, Cost(memory_kib=64, passes=1)))
