"""Everybody at their usual pages, through the real application; and which words and which tables
each page has."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import event

from letters.rehearsal.browser import Browser, ShownPage
from letters.rules.errors import Tampered
from letters.web.errors import KINDS, UNKNOWN
from tests.attacks.attacker import Attacker
from tests.attacks.tables_attacked import TABLES, Play, everything_there_is
from tests.cast import Cast

ACCOUNT = ("/account/sessions", "/account/second-factor")
PARTICIPANT = ("/home", "/letters", "/for-you", "/kept")
SEES_ALL = {"supervisor": ("/supervision", "/emergency-access"),
            "elder": ("/supervision", "/emergency-access"),
            "administrator": ("/house", "/emergency-access")}
NOT_OPENED = re.compile(r"^(?!/)|^/(static|leave|sign-|safety|running|consent|stop|resets|account)|"
                        r"/(approve|hold|return|new|leave|read-back|ask/[^/]*)$|lane=")
"""Links that lead out, that do something, or to forms that show nothing that is kept."""

Address = tuple[str, str]
"""Who opens which page."""


@dataclass
class Seen:
    """What came of a look: which words each could read, how each page answered."""

    words: dict[str, set[str]] = field(default_factory=dict)
    answers: dict[Address, ShownPage] = field(default_factory=dict)
    asked: dict[Address, frozenset[str]] = field(default_factory=dict)
    unforeseen: list[str] = field(default_factory=list)

    def found(self) -> bool:
        """True if a page said that something does not verify."""
        said = (KINDS[Tampered].title, "The team could not be checked")
        return any(words in page.text for page in self.answers.values() for words in said)


@dataclass
class Honest:
    """How it is without an attacker: what everybody may read, and the pages, each with the tables
    that it asks."""

    play: Play
    words: dict[str, set[str]]
    asked: dict[Address, frozenset[str]]


def as_it_is(cast: Cast) -> Honest:
    """The play, everybody's look before the worker's, and, tried and put back, everybody's look
    after it."""
    play, attacker, state = (everything_there_is(cast), Attacker(cast.platform),
                             cast.platform.state_file.path)
    usual = [(name, path) for name in play.tokens for path in _usual(play, name)]
    before = look(cast, play, usual, follow=True)
    copy, remembered, moment = attacker.copy(), state.read_bytes(), cast.clock.moment
    assert cast.release() == 1
    after = look(cast, play, list(before.asked), follow=True)
    attacker.put_back(copy)
    state.write_bytes(remembered)
    cast.clock.moment = moment
    assert (not before.unforeseen and not after.unforeseen and not before.found()
            and not after.found())
    words = {name: before.words[name] | after.words[name] for name in play.tokens}
    asked = {address: before.asked.get(address, frozenset()) | after.asked.get(address, frozenset())
             for address in {**before.asked, **after.asked}}
    return Honest(play, words, asked)


def _usual(play: Play, name: str) -> tuple[str, ...]:
    """The pages at which somebody's links begin, and the addresses of some letters, theirs and
    others'."""
    if name in SEES_ALL:
        return SEES_ALL[name]
    for side, other in ((play.ours, play.strange), (play.strange, play.ours)):
        mine, foreign = side.letters, other.letters
        if name == side.other.name:
            return "/home", f"/for-you/{mine['sent']}", f"/letters/{mine['draft']}"
        if name == side.harmed.name:
            return (*ACCOUNT, *PARTICIPANT, "/account/reach", "/who-is-in-the-team", "/pace",
                    f"/letters/{mine['returned']}",
                    *(f"/for-you/{letter}"
                      for letter in (mine["approved"], mine["recalled"], foreign["approved"])),
                    *(f"/for-myself/{words}"
                      for words in (mine["never sent"], foreign["never sent"])))
        if name == side.responsible.name:
            return (*PARTICIPANT, "/consent", "/stop", f"/letters/{mine['approved']}",
                    f"/letters/{mine['draft']}",
                    *(f"/for-you/{letter}"
                      for letter in (mine["sent"], mine["draft"], foreign["sent"])))
        if name == side.team[0].name:
            return (*ACCOUNT, "/desk", "/cases", f"/cases/{side.case}", f"/cases/{other.case}",
                    *(f"/desk/{letter}"
                      for letter in (mine["approved"], mine["read once"], foreign["read once"])))
        if name == side.team[1].name:
            return "/desk", f"/cases/{side.case}", f"/desk/{mine['recalled']}"
    return "/desk", "/cases", f"/cases/{play.ours.case}", f"/desk/{play.ours.letters['read once']}"


def look(cast: Cast, play: Play, addresses: list[Address], follow: bool = False) -> Seen:
    """Everybody opens these pages, and what has arrived; with ``follow`` also where their links
    lead."""
    seen = Seen({name: set() for name in play.tokens})
    browsers = {name: _browser(cast, token) for name, token in play.tokens.items()}
    todo = list(addresses)
    with _overheard(seen), _tables_asked(cast) as asked:
        while todo:
            name, path = address = todo.pop(0)
            if address in seen.answers:
                continue
            asked.clear()
            page = _opened(browsers[name], path)
            seen.asked[address], seen.answers[address] = frozenset(asked), page
            seen.words[name] |= {word for word in play.words if word in page.text
                                 or word in page.body}
            if page.status == 500 and UNKNOWN.title in page.text:
                seen.unforeseen.append(f"{name} at {path}")
            if follow:
                known = {(who, kind(there)) for who, there in (*seen.answers, *todo)}
                new = {kind(link): link for link in page.links if not NOT_OPENED.search(link)}
                todo += [(name, link) for made, link in new.items() if (name, made) not in known]
    return seen


def kind(path: str) -> str:
    """The address without its ids: one page of each kind is enough."""
    return re.sub(r"[0-9a-f-]{36}", "…", path)


def _opened(browser: Browser, path: str) -> ShownPage:
    """The page; a letter that has arrived is opened, as somebody would."""
    everything = tuple(range(200, 600))
    page = browser._arrive(path, "GET", {}, everything)
    if any(form.action == f"{path}/open" for form in page.forms):
        page = browser.send(f"{path}/open", everything)
    return page


def _browser(cast: Cast, token: bytes) -> Browser:
    browser = Browser(cast.app)
    browser.client.set_cookie("__Host-session", token.hex(), domain="localhost", secure=True)
    return browser


@contextmanager
def _overheard(seen: Seen) -> Iterator[None]:
    """What the program's log calls unforeseen."""
    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "unforeseen" in record.msg:
                seen.unforeseen.append(record.getMessage())
    listener, log = Listener(), logging.getLogger("letters")
    log.addHandler(listener)
    try:
        yield
    finally:
        log.removeHandler(listener)


@contextmanager
def _tables_asked(cast: Cast) -> Iterator[set[str]]:
    """The names of the tables in what the database is asked, more rather than fewer."""
    asked, name = set[str](), re.compile(rf"\b({'|'.join(TABLES)})\b")

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.update(name.findall(statement))
    event.listen(cast.platform.store.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(cast.platform.store.engine, "before_cursor_execute", hear)
