"""A service as it is after a year, for looking around in: its staff, cases in every stage, letters
in every state. All of it is fictional, drawn from one seed, and made by the program's own verbs.

It only costs less than in service: passwords are stretched little, nothing waits for the disk,
and a text that comes twice is screened once.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml
from sqlalchemy import event, func, select

from keys.passphrase import Cost
from letters.rules.roles import Role
from letters.storage.state_file import StateEntry, StateFile
from letters.storage.tables.letters import Case, Letter
from letters.tryout import demo
from letters.tryout.demo import DemoPerson, Staff
from letters.tryout.large_case import WRITES, CaseLife, CasePlan, Ending
from letters.tryout.large_letter import Words
from letters.tryout.large_year import SetClock, Year
from letters.workflow.accounts import invite
from letters.workflow.platform import Platform, SignedIn

COST = Cost(memory_kib=64, passes=1)
"""What a password costs here: everybody has the same one, and it stands on the first page."""
YEAR = timedelta(days=340)
"""Shorter than the time after which consents are renewed."""
WORDS = Path(__file__).with_name("large.yaml")
_ENDINGS = {Ending.REFERRAL: 16, Ending.PREPARATION: 34, Ending.EXCHANGE: 86, Ending.PAUSED: 12,
            Ending.HALTED: 8, Ending.STOPPED: 12, Ending.CLOSING: 6, Ending.AFTERCARE: 4,
            Ending.CLOSED: 14, Ending.STORYTELLING: 8}
"""How many of 200 cases stand where."""
_LETTERS = {Ending.PREPARATION: 0.5, Ending.STORYTELLING: 4, Ending.EXCHANGE: 25, Ending.PAUSED: 18,
            Ending.HALTED: 18, Ending.STOPPED: 12, Ending.CLOSING: 16, Ending.AFTERCARE: 14,
            Ending.CLOSED: 13}
"""How many letters a case has, in proportion."""
_LASTS = {Ending.REFERRAL: (1, 30), Ending.PREPARATION: (6, 60), Ending.STORYTELLING: (40, 200)}
_LASTS_LONG = (100, 330)


class Size(NamedTuple):
    """How much is made, and from which seed."""

    cases: int = 200
    letters: int = 2000
    facilitators: int = 20
    supervisors: int = 2
    seed: int = 1


class Made(NamedTuple):
    """How much was made, Hanna's and Robin's case included."""

    cases: int
    letters: int


class HastyStateFile(StateFile):
    """A state file in a place that is thrown away: it does not wait for the disk."""

    def note(self, entries: list[StateEntry], durable: bool = True) -> None:
        """Append entries."""
        super().note(entries, durable=False)


def seed(platform: Platform, clock: SetClock, end: datetime,
         size: Size) -> tuple[list[DemoPerson], Made]:
    """Make the service in an empty installation whose clock is ``clock``, from the moment at which
    that stands until ``end``. Returns the people as whom one can sign in, and how much was made."""
    platform, words = _hasty(platform), yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    staff = demo.seed_staff(platform)
    others = _come_in(platform, staff, size, words)
    year = Year(platform, clock, end - timedelta(minutes=10))
    for plan in _plans(size, staff, others, words):
        year.begin(CaseLife(year, plan, words).live(), max(year.left - plan.lasts, timedelta()))
    with _little_sweeping():
        year.pass_by()
    cast = [person._replace(sees=_SEES.get(person.name, person.sees))
            for person in demo.seed_case(platform, staff)]
    with platform.reading() as db:
        return cast, Made(*(db.scalar(select(func.count()).select_from(table)) or 0
                            for table in (Case, Letter)))


_SEES = {"frances": "a service of a year: about forty cases of hers, and what waits in them",
         "sam": "the cases that Sam reads second, most of them Frances’s"}


def _hasty(platform: Platform) -> Platform:
    """The same platform, which does not wait for the disk, and screens each text once."""
    engine, state = platform.store.engine, platform.state_file
    engine.dispose()

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return replace(platform, nudge=lambda: None, screening=cache(platform.screening),
                   state_file=HastyStateFile(state.path, platform.keys.state))


@contextmanager
def _little_sweeping() -> Iterator[None]:
    """Let Python look for garbage less often: what is made here mostly stays."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def _come_in(platform: Platform, staff: Staff, size: Size, words: Words) -> list[SignedIn]:
    """Have further colleagues come in. Returns the facilitators among them."""
    names, found = _names(Random(size.seed), words), list[SignedIn]()  # noqa: S311 - as below
    roles = ([Role.FACILITATOR] * (size.facilitators - 2)
             + [Role.SUPERVISOR] * (size.supervisors - 1))
    for number, role in enumerate(roles):
        code = invite.invite_staff(platform, role, next(names), staff.administrator)
        me, _ = demo.come_in_as_staff(platform, f"colleague {number}", code)
        if role is Role.FACILITATOR:
            found.append(me)
    return found


def _names(chance: Random, words: Words) -> Iterator[str]:
    while True:
        yield f"{chance.choice(words['first'])} {chance.choice(words['last'])}"


def _plans(size: Size, staff: Staff, others: list[SignedIn], words: Words) -> Iterator[CasePlan]:
    """What is drawn for each case: every fifth is Frances's."""
    chance = Random(size.seed)  # noqa: S311 - a play, and the same each time
    names = _names(chance, words)
    endings = _endings(size.cases)
    lasts = [timedelta(days=chance.uniform(*_LASTS.get(ending, _LASTS_LONG)))
             for ending in endings]
    for number, (ending, letters) in enumerate(zip(endings, _letters(size, endings, chance),
                                                   strict=True)):
        team = chance.sample(others, 2)
        if number % 5 == 2:
            team = [staff.facilitator, chance.choice([staff.second, *team])]
        asks = number % 12 == 7
        free = [staff.facilitator, *others] if number % 24 == 7 else others
        asked = next((one for one in free if one not in team), None) if asks else None
        yield CasePlan(number, ending, lasts[number], team, (next(names), next(names)), letters,
                       asked, ending in WRITES and number % 9 == 4, f"{size.seed} {number}")


def _endings(cases: int) -> list[Ending]:
    """Where each case stands, in proportion to ``_ENDINGS``."""
    all_of_them = [ending for ending, count in _ENDINGS.items() for _ in range(count)]
    return [all_of_them[number * len(all_of_them) // cases] for number in range(cases)]


def _letters(size: Size, endings: list[Ending], chance: Random) -> Iterator[int]:
    """How many letters each case has: together as many as were asked for."""
    weights = [_LETTERS.get(ending, 0) * chance.uniform(0.5, 1.5) for ending in endings]
    whole, until, given = sum(weights), 0.0, 0
    for weight in weights:
        until += weight
        yield round(size.letters * until / whole) - given
        given = round(size.letters * until / whole)
