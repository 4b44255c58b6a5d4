"""What those who take part decide about the exchange itself: readiness, pace, pause and stop.

Each is voluntary and holds from its commit on, because a release takes the same lock. What somebody says is put down
in the trail even where the row says it already: a row can be set by whoever can write to the database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from letters.domain.errors import KeyNotConfirmed
from letters.domain.events import Event
from letters.domain.pace import Pace
from letters.domain.permissions import Permission
from letters.workflow import trail
from letters.workflow.house import House, SignedIn
from letters.workflow.rooms import CaseRoom, enter_case, wake

Record = Callable[..., None]


def say_ready(house: House, me: SignedIn, case_id: UUID) -> None:
    """Be ready for one letter. When it has arrived the readiness is used up and asked for again (rule 19)."""
    with _deciding(house, me, case_id, Permission.CASE_SET_PACE, opens=True) as (room, record):
        room.case.ready_at = room.case.ready_at or house.now()
        record(Event.READY_SAID)


def unsay_ready(house: House, me: SignedIn, case_id: UUID) -> None:
    """Not be ready after all."""
    with _deciding(house, me, case_id, Permission.CASE_SET_PACE) as (room, record):
        room.case.ready_at = None
        record(Event.READY_UNSAID)


def set_pace(house: House, me: SignedIn, case_id: UUID, pace: Pace) -> None:
    """Set the pace; it holds from this commit on."""
    with _deciding(house, me, case_id, Permission.CASE_SET_PACE, opens=True) as (room, record):
        room.case.pace = pace.written()
        record(Event.PACE_SET, pace.written())


def pause(house: House, me: SignedIn, case_id: UUID) -> None:
    """Pause: nothing is released to either side until the person harmed goes on."""
    with _deciding(house, me, case_id, Permission.CASE_PAUSE) as (room, record):
        room.case.paused_at = room.case.paused_at or house.now()
        record(Event.PAUSED)


def end_pause(house: House, me: SignedIn, case_id: UUID) -> None:
    """Go on after a pause."""
    with _deciding(house, me, case_id, Permission.CASE_PAUSE, opens=True) as (room, record):
        room.case.paused_at = None
        record(Event.PAUSE_ENDED)


def stop(house: House, me: SignedIn, case_id: UUID) -> None:
    """Stop for good: from this commit on nothing more is released in this case, to anyone."""
    with _deciding(house, me, case_id, Permission.CASE_STOP) as (room, record):
        if room.case.stopped_at is None:
            room.case.stopped_at, room.case.stopped_by = house.now(), me.person
        participant = room.participant(me.person)
        participant.stopped_at = participant.stopped_at or house.now()
        record(Event.STOPPED)


@contextmanager
def _deciding(house: House, me: SignedIn, case_id: UUID,
              permission: Permission, opens: bool = False) -> Iterator[tuple[CaseRoom, Record]]:
    """``opens``: what may let a letter go. ``KeyNotConfirmed`` after a reset, while nobody has said who this is."""
    with house.store.writing() as db:
        room = enter_case(house, db, me, case_id, permission)
        if opens and not trail.key_story(house, db, case_id, me.person).confirmed:
            raise KeyNotConfirmed

        def record(event: Event, to: str = "") -> None:
            trail.record(house, db, room.case, event, me.person, me.person, entered=to)

        yield room, record
        wake(db, room.case, house.now())
    house.nudge()
