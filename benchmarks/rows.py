"""The rows of the measures: what each seeds, and how it measures ours and the bare one in turn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine

from benchmarks import bare, copies
from benchmarks.load import Ask, Client, Measured, run
from benchmarks.place import Place, served
from benchmarks.seed import Pair, Town, words
from letters.web.forms import as_key
from letters.workflow.reading import open_letter
from tests.cast import PASSWORD

SUBMITTED = 8192
"""The length in bytes of an opened letter, and of a submitted one unless another is requested."""
CLIENTS = 8
A_CASE = 40
"""The most letters in a case, so that no trail grows longer than a real one:
further letters go into another case."""
FORM = "/stop"
"""A page with a form for every participant."""
Phase = Callable[[], Measured]


@dataclass(frozen=True)
class Result:
    """One line of the table. ``goal`` is for the ratio, or for ours if there is no
    bare; ``turns`` are all ratios."""

    row: int
    what: str
    ours: float
    bare: float | None
    ratio: float | None
    goal: str
    met: bool
    turns: tuple[float, ...] = ()


@dataclass(frozen=True)
class Bench:
    """The resources of the rows: a town with all the letters, a small one, the length and number of
    measurements, and the size that row 1 sends. ``made``: what was seeded for a row."""

    town: Town
    small: Town
    seconds: float
    turns: int
    clients: int = CLIENTS
    submitted: int = SUBMITTED
    made: dict[int, Any] = field(default_factory=dict)

    def many(self, a_second: float) -> int:
        """The most that a phase with its warm-up can use up at this pace; at least five."""
        return max(5, int(a_second * self.seconds * 1.4))

    def cases(self, a_second: float) -> tuple[int, int]:
        """The number of cases for all turns, and the number of letters in
        each: the same for every turn."""
        cases = -(-self.many(a_second) * self.turns // A_CASE)
        return cases, -(-self.many(a_second) // cases) * self.turns

    def get(self, town: Town, cookie: str, *paths: str) -> Measured:
        """One visitor who requests these pages over and over."""
        return self.load(town.place.port,
                         [Client([Ask(path, kind="page") for path in paths], cookie)])

    def load(self, port: int, clients: list[Client], warm_up: float | None = None) -> Measured:
        """A phase of these clients, whose asks are all of kind "page"."""
        return run(port, clients, self.seconds, warm_up)["page"]

    def in_turn(self, ours: Phase, other: Phase) -> "Turns":
        """Ours and the other, one after the other, several times."""
        return Turns([(ours(), other()) for _ in range(self.turns)])


@dataclass(frozen=True)
class Turns:
    """Pairs of phases."""

    pairs: list[tuple[Measured, Measured]]

    def result(self, row: int, what: str, part: str, goal: float, at_least: bool = False) -> Result:
        """Compare one property of the phases."""
        both = [(getattr(ours, part), getattr(other, part)) for ours, other in self.pairs]
        ratios = tuple(ours / other for ours, other in both)
        ratio = median(ratios)
        return Result(row, what, median(ours for ours, _ in both),
                      median(other for _, other in both), ratio,
                      f"{'≥' if at_least else '≤'} {goal:.2f} ×",
                      ratio >= goal if at_least else ratio <= goal, ratios)

    def within(self, row: int, what: str, most: float) -> Result:
        """Our median, in milliseconds, against a fixed limit."""
        ours = median(ours.p50 for ours, _ in self.pairs)
        return Result(row, what, ours, None, None, f"≤ {most:.0f} ms", ours <= most)


# row 1

def seed_submit(bench: Bench) -> Any:
    """For each client some cases with drafts, enough for every turn."""
    cases, each = bench.cases(8)
    pairs = [[bench.town.pair(f"writer {client} {number}") for number in range(cases)]
             for client in range(bench.clients)]
    return [[(pair, bench.town.drafts(pair, each, bench.submitted)) for pair in some]
            for some in pairs]


def submit(bench: Bench) -> Iterator[Result]:
    """Signed-in POST of a saved draft, from many authors at once, against seal and insert alone."""
    town = bench.town
    sessions = {pair.case: town.cookie(pair.harmed) for some in bench.made[1] for pair, _ in some}
    turns = iter([[_sender(some, sessions, turn, bench.turns) for some in bench.made[1]]
                  for turn in range(bench.turns)])
    barely = Client([Ask("/submit", {"text": words(bench.submitted)}, 302, "page")])
    with _bare(town.place, bench.submitted) as port:
        found = bench.in_turn(lambda: bench.load(town.place.port, next(turns)),
                              lambda: bench.load(port, [barely] * bench.clients))
    yield found.result(1, f"submit, {bench.clients} clients: letters a second", "per_second", 0.30,
                       at_least=True)
    yield found.result(1, f"submit, {bench.clients} clients: p95 ms", "p95", 4)


def _sender(some: list[tuple[Pair, list[tuple[UUID, UUID]]]], sessions: dict[UUID, str], turn: int,
            turns: int) -> Client:
    """One writer's drafts of this turn, case after case."""
    drafts = [(sessions[pair.case], draft)
              for drafts in zip(*([(pair, one) for one in mine[turn::turns]]
                                  for pair, mine in some), strict=True)
              for pair, draft in drafts]
    return Client([Ask(f"/letters/{letter}/send", {"version": str(version)}, 302, "page", cookie)
                   for cookie, (letter, version) in drafts], form=FORM, repeat=False)


# rows 2 and 3

def desk(bench: Bench) -> Iterator[Result]:
    """A lane of the review desk, first and middle page, with all letters against 1,000."""
    cookies = {town: town.cookie(town.cast.first) for town in (bench.town, bench.small)}
    for name, page in (("first", _first_page), ("middle", _middle_page)):
        asked = [partial(bench.get, town, cookies[town], page(town)) for town in cookies]
        turns = bench.in_turn(*asked)
        yield turns.result(2, f"desk, {name} page: p95 ms", "p95", 1.3)
        yield turns.result(2, f"desk, {name} page: bytes", "bytes", 1.05)


def desk_for_many(bench: Bench) -> Iterator[Result]:
    """The same first page for many facilitators at once, against a bare page of 50 rows."""
    town = bench.town
    reader = Client([Ask(_first_page(town), kind="page")], town.cookie(town.cast.first))
    barely = Client([Ask("/rows", kind="page")])
    with _bare(town.place) as port:
        turns = bench.in_turn(lambda: bench.load(town.place.port, [reader] * CLIENTS),
                              lambda: bench.load(port, [barely] * CLIENTS))
    yield turns.result(3, f"desk, {CLIENTS} clients: pages a second", "per_second", 0.25,
                       at_least=True)


def _first_page(_: Town) -> str:
    return "/desk?lane=in+review"


def _middle_page(town: Town) -> str:
    return f"{_first_page(town)}&from={as_key(town.middle_of_desk())}"


# rows 4 and 5

SHOWN = 52
"""More letters than an inbox shows at once, so that all letters on a measured page are real."""


def seed_inbox(bench: Bench) -> Any:
    """Two readers whose inboxes begin alike."""
    pairs = [bench.town.pair(f"reader {number}") for number in range(2)]
    return [(pair, bench.town.released(pair, min(SHOWN, bench.many(12)), 3000)) for pair in pairs]


def inbox(bench: Bench) -> Iterator[Result]:
    """The first page of an inbox of 10,000 letters against one of 100."""
    town, cookies = bench.town, []
    for (pair, letters), number in zip(bench.made[4], (10_000, 100), strict=True):
        with town.platform.writing() as db:
            copies.copy_letter(db, letters[0], number - len(letters))
        cookies.append(town.cookie(pair.harmed))
    with town.platform.reading() as db:
        copies.settle(db)
    turns = bench.in_turn(*(partial(bench.get, town, cookie, "/for-you") for cookie in cookies))
    yield turns.result(4, "inbox of 10,000 against 100: p50 ms", "p50", 1.3)


def seed_alone(bench: Bench) -> Any:
    """The same few letters for a person in each town."""
    return [(town, pair := town.pair("alone"), town.released(pair, 3, SUBMITTED))
            for town in (bench.town, bench.small)]


def alone(bench: Bench) -> Iterator[Result]:
    """Inbox and letter of one person among all the letters of others, and among few."""
    asked = []
    for town, pair, letters in bench.made[5]:
        for letter in letters:
            open_letter.open_letter(town.platform, pair.harmed.me, letter)
        asked.append(partial(bench.get, town, town.cookie(pair.harmed), "/for-you",
                             f"/for-you/{letters[0]}"))
    yield bench.in_turn(*asked).result(5, "inbox and letter among all others, against few: p95 ms",
                                       "p95", 1.3)


# row 6

def seed_opening(bench: Bench) -> Any:
    """Readers with letters that are still closed, enough for every turn."""
    cases, each = bench.cases(15)
    pairs = [bench.town.pair(f"opener {number}") for number in range(cases)]
    return [(pair, bench.town.released(pair, each, SUBMITTED)) for pair in pairs]


def opening(bench: Bench) -> Iterator[Result]:
    """Open a letter for the first time, then read it again, against
    decrypt, verify, render alone."""
    town, made = bench.town, bench.made[6]
    cookies = {pair.case: town.cookie(pair.harmed) for pair, _ in made}
    asks = [[Ask(f"/for-you/{letter}/open", {}, 302, "page", cookies[pair.case])
             for pair, letters in made for letter in letters[turn::bench.turns]]
            for turn in range(bench.turns)]
    waiting = iter([[Client(some, form=FORM, repeat=False)] for some in asks])
    first, again = made[0][0], made[0][1][0]
    with _bare(town.place) as port:
        def opened_barely() -> Measured:
            return bench.load(port, [Client([Ask("/open", kind="page")])])

        turns = bench.in_turn(lambda: bench.load(town.place.port, next(waiting),
                                                 warm_up=0.1 * bench.seconds),
                              opened_barely)
        yield turns.result(6, "open a letter, POST with audit: p50 ms", "p50", 8)
        yield turns.within(6, "open a letter, POST with audit: p50 ms", 10)
        open_letter.open_letter(town.platform, first.harmed.me, again)
        turns = bench.in_turn(lambda: bench.get(town, cookies[first.case], f"/for-you/{again}"),
                              opened_barely)
    yield turns.result(6, "read it, GET of its page: p50 ms", "p50", 8)
    yield turns.within(6, "read it, GET of its page: p50 ms", 10)


# row 7

def seed_signing_in(bench: Bench) -> Any:
    """People with passwords at their full cost. Nobody can sign in twice at the same moment."""
    return [bench.town.somebody_who_signs_in(f"signs in {number}") for number in range(4)]


def signing_in(bench: Bench) -> Iterator[Result]:
    """Sign-in against the stretch alone; the desk while four people sign in over and over."""
    town = bench.town
    people = [Client([Ask("/sign-in", {"sign_in_name": name, "password": PASSWORD}, 302,
                          "sign in")], form="/sign-in",
                     roams=True) for name in bench.made[7]]
    reader = Client([Ask(_first_page(town), kind="page")], town.cookie(town.cast.first))
    turns = bench.in_turn(lambda: run(town.place.port, people[:1], bench.seconds)["sign in"],
                          lambda: bare.stretch(bench.seconds))
    yield turns.result(7, "sign-in: p50 ms", "p50", 1.3)
    stretch = median(stretched.p50 for _, stretched in turns.pairs)
    turns = bench.in_turn(lambda: bench.load(town.place.port, [reader, *people]),
                          lambda: bench.load(town.place.port, [reader]))
    limit = stretch + 2 * median(idle.p95 for _, idle in turns.pairs)
    busy = median(busy.p95 for busy, _ in turns.pairs)
    yield Result(7, "desk under 4 sign-in loops, against stretch + 2 × idle: p95 ms", busy, limit,
                 busy / limit,
                 "≤ 1.00 ×", busy <= limit)


ROWS: dict[int, Callable[[Bench], Iterator[Result]]] = {
    1: submit, 2: desk, 3: desk_for_many, 4: inbox, 5: alone, 6: opening, 7: signing_in}
SEEDS: dict[int, Callable[[Bench], Any]] = {
    1: seed_submit, 4: seed_inbox, 5: seed_alone, 6: seed_opening, 7: seed_signing_in}
"""What a row needs before the multitude is added."""


@contextmanager
def _bare(place: Place, length: int = SUBMITTED) -> Iterator[int]:
    """The bare programs, with their tables in the same database."""
    engine = create_engine(place.url)
    bare.make_tables(engine)
    engine.dispose()
    with served("benchmarks.bare:make_app()",
                {"DATABASE_URL": place.url, "LETTER_LENGTH": str(length)}) as port:
        yield port
