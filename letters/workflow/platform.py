"""The platform: its store, its keys, its clock, its random numbers. Every verb gets it passed in,
and nothing else is global."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from keys.box import Random
from keys.identity import Identity
from keys.keyfile import KeyFile
from keys.passphrase import Stretcher
from letters.rules.case.framework import Framework
from letters.rules.display import DisplayChoice
from letters.rules.errors import Unwitnessed
from letters.rules.roles import Actor, Role
from letters.screening import Finding, Preferences, screen
from letters.storage.memory import KnownChain, Memory, VerifiedChain
from letters.storage.state_file import Known, StateFile
from letters.storage.store import Store

Screening = Callable[[str, Role, Preferences], tuple[Finding, ...]]


@dataclass(frozen=True)
class Mail:
    """One message. ``id`` stands for nothing else; no log and no error prints the address."""

    id: UUID
    address: str
    sender: str
    subject: str
    words: str
    at: datetime

    def __repr__(self) -> str:
        return "Mail(...)"


class MailOutcome(Enum):
    """What became of a message. ``NOT_KNOWN``:
    it was handed over, and no answer said whether it was accepted."""

    SENT = auto()
    LATER = auto()
    CAME_BACK = auto()
    NOT_KNOWN = auto()


class Post(Protocol):
    """Delivers messages."""

    def carry(self, mail: Mail) -> MailOutcome:
        """Hand one message over, once, to its one address.
        It raises nothing that could name anybody."""


class Asked(NamedTuple):
    """What the state file and this process knew of the record. They are asked before a
    transaction's first statement: asked afterwards, an honest commit in between would look as if
    the database were older than they are."""

    state_file: Known | Unwitnessed
    memory: Mapping[KnownChain, VerifiedChain]


@dataclass(frozen=True)
class Platform:
    """Where letters are exchanged. ``nudge`` tells the worker that something may be due."""

    store: Store
    keys: KeyFile
    stretcher: Stretcher
    clock: Callable[[], datetime]
    random: Random
    nudge: Callable[[], None]
    state_file: StateFile
    framework: Framework
    zone: ZoneInfo = ZoneInfo("Europe/London")
    country: str = "GB"
    emergency_delay: timedelta = timedelta(hours=24)
    emergency_tells_person_harmed: bool = True
    service_name: str = "Messages"
    screening: Screening = screen
    notice_delay: timedelta = timedelta(hours=24)
    post: Post | None = None
    other_countries: tuple[str, ...] = ()
    verified: Memory = field(default_factory=Memory, repr=False)
    """What this process has verified of the chains of the record."""

    def reading(self) -> AbstractContextManager[Session]:
        """One look at one moment, with what was known of the record before it."""
        return self._knowing(self.store.reading())

    def writing(self) -> AbstractContextManager[Session]:
        """One transaction, with what was known of the record before it."""
        return self._knowing(self.store.writing())

    @contextmanager
    def _knowing(self, transaction: AbstractContextManager[Session]) -> Iterator[Session]:
        try:
            witness: Known | Unwitnessed = self.state_file.known()
        except Unwitnessed as problem:
            witness = problem
        asked = Asked(witness, self.verified.now())
        with transaction as db:
            db.info["asked"] = asked
            yield db

    def now(self) -> datetime:
        """The present moment, with its time zone."""
        return self.clock()

    def today(self) -> date:
        """The present day where the service is."""
        return self.now().astimezone(self.zone).date()

    def new_id(self) -> UUID:
        """A fresh random id."""
        return UUID(bytes=self.random(16), version=4)


@dataclass(frozen=True)
class SignedIn:
    """A person with their opened identity: who asks, and what they can open."""

    actor: Actor
    identity: Identity
    session: bytes
    exit_keys: bool = True
    display: DisplayChoice = DisplayChoice()

    @property
    def person(self) -> UUID:
        """The person's id."""
        return self.actor.person

    @property
    def role(self) -> Role:
        """The person's role."""
        return self.actor.role
