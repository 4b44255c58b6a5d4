"""A facilitator who is away names a colleague who looks after what waits until a day.

The installation's chain says who, for whom and until when; the note is sealed to the colleague. A
right comes with it in no case: the colleague is asked to join the teams that they are not in.
"""

from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from keys.context import context
from keys.errors import CannotOpen
from letters.rules.accounts import Away
from letters.rules.errors import LettersError, NotAcceptable, NotFound, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage import locks
from letters.storage.queries import lists
from letters.storage.tables.letters import Person
from letters.workflow.access import directory, sealed_notes
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.screening import counts
from letters.workflow.team import join_and_leave

LONGEST = timedelta(days=92)


@dataclass(frozen=True)
class StandsIn:
    """Somebody's absence as a colleague sees it. ``note``: empty for all but whom it is for."""

    person: UUID
    name: str
    until: date
    note: str = ""


def colleagues(platform: Platform, me: SignedIn) -> list[tuple[UUID, str]]:
    """Who can look after one's work, by name."""
    may(me.actor, Permission.PROFILE_WRITE)
    with platform.reading() as db:
        return join_and_leave.colleagues(platform, db, frozenset({me.person}))


def go_away(platform: Platform, me: SignedIn, colleague: UUID | None, until: date | None, note: str,
            into_teams: bool) -> int:
    """Name who looks after one's work through the day ``until``. ``into_teams``: ask them to join
    each of one's teams, with all that one can read there.

    Raises ``NotAcceptable`` without a note, for a day that has passed or is more than three months
    away, and for nobody. Returns how many teams they were asked to join.
    """
    may(me.actor, Permission.PROFILE_WRITE)
    today = platform.today()
    if until is None or not today <= until <= today + LONGEST:
        raise NotAcceptable("until", marked("Give a day from today on, within three months."))
    note = sealed_notes.checked("note", note)
    with platform.writing() as db:
        person = db.get(Person, colleague) if colleague != me.person else None
        if person is None or not join_and_leave.is_facilitator(platform, person):
            raise NotAcceptable("colleague", marked("Choose one of your colleagues."))
        installation = locks.installation(db)
        keys = directory.sealing_keys(platform, db, installation.id, person.id)
        if keys is None:
            raise NotFound
        sealed = keys.recipient.seal(note.encode(), _place(me.person, person.id))
        counts.keep(platform, db, _kept_as(me.person), {"sealed": b64encode(sealed).decode()})
        record.add(platform, db, installation, Event.FACILITATOR_AWAY, me.person, me.person,
                   about=person.id, entered=until.isoformat())
        stands_in = person.id
    return _asked_everywhere(platform, me, stands_in) if into_teams else 0


def come_back(platform: Platform, me: SignedIn) -> None:
    """Say that one is there again. Nothing happens if one was not away."""
    may(me.actor, Permission.PROFILE_WRITE)
    with platform.writing() as db:
        if me.person in away(platform, db):
            installation = locks.installation(db)
            counts.keep(platform, db, _kept_as(me.person), {})
            record.add(platform, db, installation, Event.FACILITATOR_BACK, me.person, me.person)


def away(platform: Platform, db: Session) -> dict[UUID, Away]:
    """Who is away today; nobody while the installation's record does not hold."""
    with suppress(Tampered):
        return {person: told for person, told in record.read_installation(platform, db).away.items()
                if platform.today() <= told.until}
    return {}


def of_oneself(platform: Platform, me: SignedIn) -> tuple[StandsIn | None, list[StandsIn]]:
    """Who stands in for one today, if one is away; and for whom one stands in, with their notes."""
    with platform.reading() as db:
        found = away(platform, db)
        own = found.get(me.person)
        mine = {person: told for person, told in found.items() if told.stands_in == me.person}
        names = directory.names(platform, db, {*mine, *([own.stands_in] if own else [])})
        return (StandsIn(own.stands_in, names[own.stands_in], own.until) if own else None,
                [StandsIn(person, names[person], told.until, _note(platform, db, me, person))
                 for person, told in mine.items()])


def _asked_everywhere(platform: Platform, me: SignedIn, colleague: UUID) -> int:
    with platform.reading() as db:
        cases = [case.id for case in lists.every_case_of_member(db, me.person)
                 if case.erased_at is None and case.closed_at is None]
    asked = 0
    for case in cases:
        try:
            join_and_leave.ask(platform, me, case, colleague, handover=True)
            asked += 1
        except Tampered as problem:
            raise_alarm(platform, problem)
        except LettersError:  # in the team or asked already, or nobody can be asked there
            continue
    return asked


def _note(platform: Platform, db: Session, me: SignedIn, person: UUID) -> str:
    with suppress(Tampered, CannotOpen, KeyError):
        sealed = b64decode(counts.kept(platform, db, _kept_as(person))["sealed"])
        return me.identity.open(sealed, _place(person, me.person)).decode()
    return ""


def _place(person: UUID, colleague: UUID) -> bytes:
    return context("hand-over note", person=person, stands_in=colleague)


def _kept_as(person: UUID) -> str:
    return f"hand-over {person}"
