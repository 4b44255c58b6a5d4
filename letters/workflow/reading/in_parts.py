"""Reading in layers (rule 23): note, themes, answers, part by part, all; and what comes after.

How far a reader got, what they put away and how they want to open a letter is sealed to them alone.
Giving a letter back and destroying it are facts; the writer hears of neither. The writer never
hears that a letter was received or read unless the person harmed says so, each time (rule 21).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.events import Event
from letters.rules.letter.lifecycle import ARRIVED, State
from letters.rules.letter.parts import Part, PartKind, as_read, holds, suggested
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.queries import lists
from letters.storage.tables.letters import Grant, Version
from letters.workflow.access import sealed_notes
from letters.workflow.access.enter import (
    LetterAccess,
    case_to_change,
    letter_to_change,
    letter_to_read,
)
from letters.workflow.decision.content_note import ForRecipient
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.reading.open_letter import Arrived
from letters.workflow.record import record

READING = "reading"
MOST_WORDS = 400


class ReadingWay(StrEnum):
    """How a letter is read."""

    PARTS = "parts"
    ALL = "all"


class Shelf(StrEnum):
    """Where its recipient put a letter; nobody else knows."""

    HERE = ""
    AWAY = "away"
    KEPT = "kept"


class Telling(StrEnum):
    """What the writer is told: nothing, unless the person harmed says otherwise (rule 21)."""

    NEVER = "never"
    RECEIVED = "received"
    READ = "read"


@dataclass(frozen=True)
class Plan:
    """How a reader wants to open a letter when one comes; made beforehand, sealed to themselves."""

    when: str = ""
    with_whom: str = ""
    way: ReadingWay = ReadingWay.PARTS
    note_only: bool = False
    hide_ends: bool = False
    made: bool = False


@dataclass(frozen=True)
class ReadingPlace:
    """How far somebody has read a letter, and on which shelf they put it."""

    way: ReadingWay | None = None
    at: int = 0
    shelf: Shelf = Shelf.HERE


@dataclass(frozen=True)
class OwnReading:
    """What a reader keeps for themselves."""

    plan: Plan = field(default_factory=Plan)
    places: dict[UUID, ReadingPlace] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """One page of an open letter: a part of it, or all; ``at`` counts from 0.
    ``ends_hidden``: greeting and signature are left out, as the plan says."""

    way: ReadingWay
    at: int
    read_to: int
    parts: tuple[Part, ...]
    text: str
    ends_hidden: bool

    @property
    def shown(self) -> tuple[Part, ...]:
        """The parts on this page."""
        return self.parts if self.way is ReadingWay.ALL else self.parts[self.at:self.at + 1]

    @property
    def reached(self) -> tuple[Part, ...]:
        """The parts as far as their reader has gone; nothing further may be shown elsewhere."""
        return self.parts if self.way is ReadingWay.ALL else self.parts[:self.read_to + 1]


@dataclass(frozen=True)
class LetterView:
    """What a recipient sees: what the letter is; a layer of it once it is open and with them."""

    arrived: Arrived
    plan: Plan
    shelf: Shelf
    telling: Telling
    layer: Layer | None


def letter_for(
    platform: Platform, me: SignedIn, letter_id: UUID, at: int | None = None, ends: bool = False
) -> LetterView:
    """A letter that has arrived, as far as its reader has gone.

    ``at``: an earlier part, never one that was not reached. ``ends``: with greeting and signature,
    whatever the plan says.
    """
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_READ)
        found, own = open_letter.verified(platform, db, me, room), _own(platform, db, me)
        arrived, place = open_letter.arrived(room, found), own.places.get(letter_id, ReadingPlace())
        layer = None
        if arrived.opened and not arrived.given_back:
            layer = _layer(found.text(room), found.note, own.plan, place, at, ends)
        return LetterView(arrived, own.plan, place.shelf, _telling(platform, db, room), layer)


def open_at(platform: Platform, me: SignedIn, letter_id: UUID, way: ReadingWay,
            passage: int | None = None) -> None:
    """Open the letter now, part by part or all. It is then opened: its first words are shown.

    ``passage``: open it at the part that holds this place.
    """
    with _own_place(platform, me, letter_id) as (db, room, own, keep):
        found, text = open_letter.opening(platform, db, me, room)
        place = own.places.get(letter_id, ReadingPlace())
        at = place.at
        if passage is not None:
            parts = _parts(text, found.note, own.plan.hide_ends)
            at = max((number for number, part in enumerate(parts) if part.start <= passage),
                     default=0)
        keep(replace(place, way=way, at=at,
                     shelf=Shelf.HERE if place.shelf is Shelf.AWAY else place.shelf))


def turn(platform: Platform, me: SignedIn, letter_id: UUID, at: int) -> None:
    """Go to this part and stay there. Raises ``NotPossibleNow`` if there is no such part."""
    with _own_place(platform, me, letter_id) as (db, room, own, keep):
        found = open_letter.verified(platform, db, me, room)
        if State(room.letter.state) is not State.OPENED:
            raise NotPossibleNow("it was not opened yet")
        place = own.places.get(letter_id, ReadingPlace())
        if not 0 <= at < len(_parts(found.text(room), found.note, own.plan.hide_ends)):
            raise NotPossibleNow("there is no such part")
        keep(replace(place, way=ReadingWay.PARTS, at=at))


def put(platform: Platform, me: SignedIn, letter_id: UUID, shelf: Shelf) -> None:
    """Put a letter away, keep it, or take it out again. Nobody is told."""
    with _own_place(platform, me, letter_id) as (db, room, own, keep):
        open_letter.verified(platform, db, me, room)
        keep(replace(own.places.get(letter_id, ReadingPlace()), shelf=shelf))


def shelves(platform: Platform, me: SignedIn) -> dict[UUID, Shelf]:
    """Where this reader put each letter that they have moved at all."""
    with platform.reading() as db:
        return {letter: place.shelf for letter, place in _own(platform, db, me).places.items()}


def given_back(platform: Platform, me: SignedIn) -> frozenset[UUID]:
    """The letters that this reader gave to the team to keep."""
    with platform.reading() as db:
        found = lists.case_of_participant(db, me.person)
        told = record.read(platform, db, found[0].id).letters if found else {}
    return frozenset(letter for letter, one in told.items()
                     if one.given_back and one.reached == me.person)


def plan(platform: Platform, me: SignedIn) -> Plan:
    """One's own opening plan."""
    with platform.reading() as db:
        return _own(platform, db, me).plan


def make_plan(platform: Platform, me: SignedIn, case_id: UUID, made: Plan) -> None:
    """Make or change one's opening plan; for the person harmed alone.
    Raises ``NotAcceptable`` if it is too long."""
    for name in ("when", "with_whom"):
        if len(getattr(made, name)) > MOST_WORDS:
            raise NotAcceptable(name, marked("These are more than %(most_words)s characters. "
                                             "Please make it shorter."),
                                most_words=MOST_WORDS)
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_SET_PACE)
        own = replace(_own(platform, db, me), plan=replace(made, made=True))
        sealed_notes.for_oneself(platform, db, me, room, READING, _written(own))


def give_back(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Let the facilitators keep a letter; the team sees that. It is hidden until it is taken
    back."""
    _hand(platform, me, letter_id, Event.LETTER_GIVEN_BACK)


def take_back(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Take back a letter that the facilitators kept."""
    _hand(platform, me, letter_id, Event.LETTER_TAKEN_BACK)


def destroy(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Destroy for good what one has of a letter: the grant, the content note, one's place in it.
    The writer and the case team keep theirs; the writer is not told and sees no difference."""
    with _own_place(platform, me, letter_id) as (db, room, own, _):
        open_letter.verified(platform, db, me, room)
        version = room.letter.submitted_id
        db.execute(delete(Grant).where(Grant.version_id == version, Grant.reader_kind == "person",
                                       Grant.reader_id == me.person))
        db.execute(update(Version).where(Version.id == version).values(content_note=b""))
        places = {letter: place for letter, place in own.places.items() if letter != letter_id}
        sealed_notes.for_oneself(platform, db, me, room, READING,
                                 _written(replace(own, places=places)))
        record.add(platform, db, room.case, Event.LETTER_DESTROYED, me.person, letter_id)


def tell_writer(platform: Platform, me: SignedIn, letter_id: UUID, telling: Telling) -> None:
    """Set whether the writer of this letter is told that it was received or read;
    for the person harmed."""
    with platform.writing() as db:
        letter_to_change(platform, db, me, letter_id, Permission.CASE_SET_PACE)
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_READ)
        open_letter.verified(platform, db, me, room)
        if _telling(platform, db, room) is not telling:
            record.add(platform, db, room.case, Event.TELLING_SET, me.person, letter_id,
                       left=telling.value)


def told_to_writer(platform: Platform, me: SignedIn, letter_id: UUID) -> Telling:
    """What the writer is told now: nothing, unless the recipient said so and it has happened."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        telling, state = _telling(platform, db, room), State(room.letter.state)
        if state not in ARRIVED:
            return Telling.NEVER
        return (Telling.RECEIVED if telling is Telling.READ and state is not State.OPENED
                else telling)


def is_with_team(platform: Platform, me: SignedIn, letter_id: UUID) -> bool:
    """True while the team keeps this letter for its recipient; for the team."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_SEE)
        return record.read(platform, db, room.case.id).letter(letter_id).given_back


def waits(platform: Platform, me: SignedIn) -> bool:
    """True if there is a letter that has not been opened and was not put away."""
    with platform.reading() as db:
        unopened = lists.unopened(db, me.person)
        places = _own(platform, db, me).places if unopened else {}
        return any(places.get(letter, ReadingPlace()).shelf is not Shelf.AWAY
                   for letter in unopened)


def _layer(text: str, note: ForRecipient | None, plan: Plan, place: ReadingPlace, at: int | None,
           ends: bool) -> Layer:
    parts = _parts(text, note, plan.hide_ends and not ends)
    hidden = plan.hide_ends and not ends and parts != _parts(text, note, False)
    last = min(place.at, len(parts) - 1)
    return Layer(
        place.way or (plan.way if plan.made else ReadingWay.ALL),
        last if at is None or not 0 <= at <= last else at,
        last,
        parts,
        text,
        hidden,
    )


def _parts(text: str, note: ForRecipient | None, without_ends: bool) -> tuple[Part, ...]:
    """The letter's parts, as its facilitator marked them or as found; every word is in one of them.
    On request without greeting and signature, unless there is nothing else."""
    parts = note.parts if note and holds(text, note.parts) else suggested(text)
    between = tuple(part for part in parts if part.kind is PartKind.PART)
    return between if without_ends and between else as_read(parts)


def _telling(platform: Platform, db: Session, room: LetterAccess) -> Telling:
    said = record.read(platform, db, room.case.id).letter(room.letter.id).telling
    return Telling(said) if said else Telling.NEVER


def _hand(platform: Platform, me: SignedIn, letter_id: UUID, event: Event) -> None:
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_READ)
        if open_letter.verified(platform, db, me,
                                room).given_back is (event is Event.LETTER_GIVEN_BACK):
            return
        record.add(platform, db, room.case, event, me.person, letter_id)


@contextmanager
def _own_place(platform: Platform, me: SignedIn,
               letter_id: UUID) -> Iterator[tuple[Session, LetterAccess, OwnReading,
                                                  Callable[[ReadingPlace], None]]]:
    """Enter a letter that has arrived, with what its reader keeps and the way to change it."""
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_READ)
        own = _own(platform, db, me)

        def keep(place: ReadingPlace) -> None:
            if place != own.places.get(letter_id):
                after = replace(own, places={**own.places, letter_id: place})
                sealed_notes.for_oneself(platform, db, me, room, READING, _written(after))
        yield db, room, own, keep


def _own(platform: Platform, db: Session, me: SignedIn) -> OwnReading:
    kept = sealed_notes.of_oneself(platform, db, me, READING)
    if kept is None:
        return OwnReading()
    said: dict[str, Any] = json.loads(kept)
    places = {UUID(letter): ReadingPlace(ReadingWay(way) if way else None, at, Shelf(shelf))
              for letter, (way, at, shelf) in said["places"].items()}
    return OwnReading(Plan(**{**said["plan"], "way": ReadingWay(said["plan"]["way"])}), places)


def _written(own: OwnReading) -> str:
    return json.dumps({"plan": asdict(own.plan), "places": {
        str(letter): (place.way, place.at, place.shelf) for letter, place in own.places.items()}})
