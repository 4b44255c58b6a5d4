"""A facilitator's care for a case: open it, record the acknowledgement, halt it."""

from uuid import UUID

from keys.passphrase import new_code
from letters.domain.events import Event
from letters.domain.permissions import Permission, may
from letters.storage.tables import Acknowledgement, Case, Member
from letters.workflow import directory, epochs, evolving, notes, roster, trail
from letters.workflow.house import House, SignedIn
from letters.workflow.rooms import enter_case, wake


def open_case(house: House, me: SignedIn) -> UUID:
    """Open a case with oneself as its first facilitator; its key is made and sealed to its team."""
    may(me.actor, Permission.CASE_OPEN)
    with house.store.writing() as db:
        case = Case(id=house.new_id(), reference=new_code(house.random, 2), opened_at=house.now(), epoch=1,
                    minimum_gap_days=0, audit_number=0, audit_head=b"", audit_key=b"")
        db.add(case)
        db.flush()
        member = Member(case_id=case.id, person_id=me.person, joined_at=house.now())
        db.add(directory.attest_member(house, member, case.epoch))
        epochs.begin(house, db, case, case.epoch, {me.person: me.identity.kid})
        installation = evolving.lay_first(house, db, case)  # locked after people, as everywhere
        trail.record(house, db, installation, Event.CASE_OPENED, me.person, case.id)
        trail.record(house, db, case, Event.CASE_OPENED, me.person, case.id)
        roster.begin(house, db, me, case)
        return case.id


def record_acknowledgement(house: House, me: SignedIn, case_id: UUID, evidence: str) -> None:
    """Put down that the person who harmed acknowledges the harm, and on what this rests (rule 3)."""
    evidence = notes.checked("evidence", evidence)
    with house.store.writing() as db:
        room = enter_case(house, db, me, case_id, Permission.CASE_MANAGE)
        row = Acknowledgement(id=house.new_id(), case_id=case_id, recorded_by=me.person, recorded_at=house.now())
        db.add(row)
        notes.for_team(house, db, me, room, row.id, "evidence", evidence)
        trail.record(house, db, room.case, Event.ACKNOWLEDGEMENT_RECORDED, me.person, row.id)
        wake(db, room.case, house.now())
    house.nudge()


def halt(house: House, me: SignedIn, case_id: UUID) -> None:
    """From this commit on nothing more is released, until a facilitator lifts the halt."""
    with house.store.writing() as db:
        case = enter_case(house, db, me, case_id, Permission.CASE_HALT).case
        case.halted_at = case.halted_at or house.now()
        trail.record(house, db, case, Event.HALTED, me.person, case.id)


def lift_halt(house: House, me: SignedIn, case_id: UUID) -> None:
    """Let the exchange go on, as far as the other gates allow."""
    with house.store.writing() as db:
        room = enter_case(house, db, me, case_id, Permission.CASE_HALT)
        roster.require_known(house, db, me, room)
        case = room.case
        case.halted_at = None
        trail.record(house, db, case, Event.HALT_LIFTED, me.person, case.id)
        wake(db, case, house.now())
    house.nudge()
