"""The rows of the measures, one function each: ours and the bare program in turn, the median of the turns' ratios."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import median
from uuid import UUID

from sqlalchemy import create_engine

from benchmarks import bare, copies
from benchmarks.load import WARM_UP, Ask, Client, Measured, run
from benchmarks.place import Place, served
from benchmarks.seed import Town, words
from letters.domain.lifecycle import State
from letters.web.forms import as_key
from letters.workflow import read
from tests.cast import PASSWORD

SUBMITTED = 8192
"""The length of a submitted or opened letter, in bytes."""
CLIENTS = 8
Phase = Callable[[], Measured]


@dataclass(frozen=True)
class Result:
    """One line of the table. ``goal`` is for the ratio, or for ours without a bare; ``turns`` are all ratios."""

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
    """What the rows run on: a town with all the letters, a small one, and how long and how often to measure."""

    town: Town
    small: Town
    seconds: float
    turns: int

    def get(self, town: Town, cookie: str, *paths: str) -> Measured:
        """One visitor who asks for these pages over and over."""
        return self.load(town.place.port, [Client([Ask(path, kind="page") for path in paths], cookie)])

    def load(self, port: int, clients: list[Client]) -> Measured:
        """A phase of these clients, whose asks are all of kind "page"."""
        return run(port, clients, self.seconds)["page"]

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
        return Result(row, what, median(ours for ours, _ in both), median(other for _, other in both), ratio,
                      f"{'≥' if at_least else '≤'} {goal:.2f} ×", ratio >= goal if at_least else ratio <= goal, ratios)

    def within(self, row: int, what: str, most: float) -> Result:
        """Our median, in milliseconds, against a fixed limit."""
        ours = median(ours.p50 for ours, _ in self.pairs)
        return Result(row, what, ours, None, None, f"≤ {most:.0f} ms", ours <= most)


def submit(bench: Bench) -> Iterator[Result]:
    """Row 1: signed-in POST of a saved draft; 8 authors in as many cases, beside seal and insert alone."""
    town, each = bench.town, int(25 * (bench.seconds + WARM_UP))
    pairs = [town.pair(f"writer {number}") for number in range(CLIENTS)]
    drafts = [iter(town.drafts(pair, each * bench.turns, SUBMITTED)) for pair in pairs]
    town.settle()
    clients = [Client([Ask("/submit", {"text": words(SUBMITTED)}, 302, "page")]) for _ in pairs]

    def send() -> Measured:
        return bench.load(town.place.port, [_sender(town.cookie(pair.harmed), list(islice(waiting, each)))
                                            for pair, waiting in zip(pairs, drafts, strict=True)])

    with _bare(town.place) as port:
        turns = bench.in_turn(send, lambda: bench.load(port, clients))
    yield turns.result(1, "submit, 8 clients: letters a second", "per_second", 0.30, at_least=True)
    yield turns.result(1, "submit, 8 clients: p95 ms", "p95", 4)


def desk(bench: Bench) -> Iterator[Result]:
    """Row 2: a lane of the review desk, first and middle page, with all letters against 1,000."""
    cookies = {town: town.cookie(town.cast.first) for town in (bench.town, bench.small)}
    for name, page in (("first", _first_page), ("middle", _middle_page)):
        asked = [partial(bench.get, town, cookies[town], page(town)) for town in cookies]
        turns = bench.in_turn(*asked)
        yield turns.result(2, f"desk, {name} page: p95 ms", "p95", 1.3)
        yield turns.result(2, f"desk, {name} page: bytes", "bytes", 1.05)


def inbox(bench: Bench) -> Iterator[Result]:
    """Row 4: the first page of an inbox of 10,000 letters against one of 100."""
    town, cookies = bench.town, []
    for number in (10_000, 100):
        pair = town.pair(f"reader of {number}")
        released = town.released(pair, 1, 3000)
        with town.house.store.writing() as db:
            copies.copy_letter(db, released[0], number - 1)
        cookies.append(town.cookie(pair.harmed))
    town.settle()
    turns = bench.in_turn(*(partial(bench.get, town, cookie, "/for-you") for cookie in cookies))
    yield turns.result(4, "inbox of 10,000 against 100: p50 ms", "p50", 1.3)


def opening(bench: Bench) -> Iterator[Result]:
    """Row 6: open a letter for the first time, and read it again, beside decrypt, verify and render alone."""
    town, each = bench.town, int(120 * (bench.seconds + WARM_UP))
    pair = town.pair("reader")
    letters = iter(town.released(pair, each * bench.turns + 1, SUBMITTED))
    cookie = town.cookie(pair.harmed)
    again = next(letters)
    town.settle()

    def open_new() -> Measured:
        return bench.load(town.place.port, [_opener(cookie, list(islice(letters, each)))])

    read.open_letter(town.house, pair.harmed.me, again)
    with _bare(town.place) as port:
        def opened_barely() -> Measured:
            return bench.load(port, [Client([Ask("/open", kind="page")])])

        turns = bench.in_turn(open_new, opened_barely)
        yield turns.result(6, "open a letter, POST with audit: p50 ms", "p50", 8)
        yield turns.within(6, "open a letter, POST with audit: p50 ms", 10)
        turns = bench.in_turn(lambda: bench.get(town, cookie, f"/for-you/{again}"), opened_barely)
    yield turns.result(6, "read it, GET of its page: p50 ms", "p50", 8)
    yield turns.within(6, "read it, GET of its page: p50 ms", 10)


def signing_in(bench: Bench) -> Iterator[Result]:
    """Row 7: sign-in beside the stretch alone; the desk while four people sign in over and over."""
    town = bench.town
    sign_in = Ask("/sign-in", {"sign_in_name": town.cast.harmed.name, "password": PASSWORD}, 302, "sign in")
    someone = Client([sign_in], form="/sign-in")
    reader = Client([Ask(_first_page(town), kind="page")], town.cookie(town.cast.first))
    turns = bench.in_turn(lambda: run(town.place.port, [someone], bench.seconds)["sign in"],
                          lambda: bare.stretch(bench.seconds))
    yield turns.result(7, "sign-in: p50 ms", "p50", 1.3)
    stretch = median(stretched.p50 for _, stretched in turns.pairs)
    turns = bench.in_turn(lambda: bench.load(town.place.port, [reader] + [someone] * 4),
                          lambda: bench.load(town.place.port, [reader]))
    limit = stretch + 2 * median(idle.p95 for _, idle in turns.pairs)
    busy = median(busy.p95 for busy, _ in turns.pairs)
    yield Result(7, "desk under 4 sign-in loops, against stretch + 2 × idle: p95 ms", busy, limit, busy / limit,
                 "≤ 1.00 ×", busy <= limit)


ROWS = {1: submit, 2: desk, 4: inbox, 6: opening, 7: signing_in}


def _sender(cookie: str, drafts: list[tuple[UUID, UUID]]) -> Client:
    asks = [Ask(f"/letters/{letter}/send", {"version": str(version)}, 302, "page") for letter, version in drafts]
    return Client(asks, cookie, f"/letters/{drafts[0][0]}/check", repeat=False)


def _opener(cookie: str, letters: list[UUID]) -> Client:
    asks = [Ask(f"/for-you/{letter}/open", {}, 302, "page") for letter in letters]
    return Client(asks, cookie, f"/for-you/{letters[0]}", repeat=False)


def _first_page(town: Town) -> str:
    return "/desk?lane=in+review"


def _middle_page(town: Town) -> str:
    return f"{_first_page(town)}&from={as_key(town.middle_of_desk(State.IN_REVIEW))}"


@contextmanager
def _bare(place: Place) -> Iterator[int]:
    """The bare programs, with their table in the same database."""
    engine = create_engine(place.url)
    bare.metadata.create_all(engine)
    engine.dispose()
    with served("benchmarks.bare:make_app()", {"DATABASE_URL": place.url, "LETTER_LENGTH": str(SUBMITTED)}) as port:
        yield port
