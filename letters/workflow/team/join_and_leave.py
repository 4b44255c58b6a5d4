"""A case's team over time: ask a colleague, answer, leave.
Two facilitators a case, conflicts declared (rule 11).

A colleague who joins *with handover* reads what the team can read. Without it, a new epoch of the
case key begins with them, and they read only what comes after. Leaving begins a new epoch too: a
member who has left reads nothing that comes later.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from keys.vouching import attest
from letters.rules.case import decisions
from letters.rules.case.decisions import Stays
from letters.rules.case.history import CONFLICT_TOLD, NO_CONFLICT, SPECIALIST, CaseHistory
from letters.rules.errors import NotAcceptable, NotFound, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.storage import desk_rows
from letters.storage.queries import lists
from letters.storage.tables.letters import Case, CaseKey, Letter, Member, Person
from letters.storage.tables.team import Specialist, TeamRequest
from letters.workflow.access import case_keys, directory, roster, sealed_notes
from letters.workflow.access.enter import CaseAccess, case_to_change, load_case, not_erased, wake
from letters.workflow.access.signed_team import Team
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

CONFLICT = "conflict"
"""The kind of note in which a member declares a conflict of interest to the team."""

WHY_STAY = {
    Stays.ONLY_READER: marked("You are the only one in the team who can open something in this "
                              "case. Ask a colleague with a handover first; when they have joined, "
                              "you can leave."),
    Stays.TWO_AT_LEAST: marked("A letter has been handed over in this case, so its team has two "
                               "facilitators at least. Ask a colleague first; when they have "
                               "joined, you can leave."),
}


READS_ALONE = marked("You alone can open something of this case, since its members have new keys. "
                     "Tell them: once a member can open it again, you can leave.")


def is_facilitator(platform: Platform, person: Person | None) -> bool:
    """True for a facilitator with an account: somebody who can be asked into a team."""
    return (person is not None and person.enrolled_at is not None
            and directory.role_of(platform, person) is Role.FACILITATOR)


def colleagues(platform: Platform, db: Session,
               besides: frozenset[UUID]) -> list[tuple[UUID, str]]:
    """The facilitators with an account besides these, by name."""
    found = directory.names(platform, db, {one.id for one in lists.colleagues(db, besides)})
    return sorted(found.items(), key=lambda pair: pair[1])


def ask(platform: Platform, me: SignedIn, case_id: UUID, colleague: UUID, handover: bool,
        specialist: bool = False) -> None:
    """Ask a colleague to join. With ``handover`` the case keys are sealed to them now,
    for when they say yes. As a ``specialist`` they will read and advise, and decide nothing.

    Raises ``NotFound`` unless they are a facilitator with an account, ``NotPossibleNow`` if they
    are in the team or asked.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        story, says = verified(platform, db, room)
        if not is_facilitator(platform, db.get(Person, colleague)):
            raise NotFound
        keys = directory.keys_of_person(platform, db, colleague)
        if keys is None:
            raise Tampered(colleague, case_id)
        decisions.require_can_be_asked(story, colleague)
        sealed = _handed_over(platform, db, me, room.case, colleague,
                              keys.recipient.kid) if handover else None
        row = TeamRequest(case_id=case_id, person_id=colleague, asked_by=me.person,
                          asked_at=platform.now(),
                          epoch=room.case.epoch, sealed=sealed)
        row.mac = attest(platform.keys.directory, "asked", **roster.asked_fields(row))
        db.add(row)
        says = says.with_key(colleague, keys.recipient.kid,
                             "asked_specialists" if specialist else "asked")
        roster.state(platform, db, me, room.case, says, Event.MEMBER_ASKED, colleague,
                     SPECIALIST if specialist else "")


def withdraw(platform: Platform, me: SignedIn, case_id: UUID, colleague: UUID) -> None:
    """Take an invitation back; any member of the team can.

    Raises ``NotPossibleNow`` if there is none or it was answered.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        verified(platform, db, room)
        row = db.get(TeamRequest, (case_id, colleague))
        if row is None:
            raise NotPossibleNow("not asked, or answered already")
        _take_back(platform, db, me, room, row)


def answer(
    platform: Platform, me: SignedIn, case_id: UUID, joins: bool, conflict: str = "",
    known: bool = False
) -> None:
    """Join the team, or say no.

    ``conflict``: how this colleague stands to the participants, as far as the team should know;
    empty for *no conflict*. It is kept for the team if they join. ``known``: the team knows of it
    and wants them nonetheless.
    Raises ``NotAcceptable`` for a conflict that is not ``known``. Raises ``NotFound``, or
    ``NotPossibleNow`` if one's keys are newer than the invitation.
    """
    if joins and conflict.strip():
        conflict = sealed_notes.checked("conflict", conflict)
        if not known:
            raise NotAcceptable("known", marked("Speak with the team first. Tick this when they "
                                                "know, and want you "
                                                "to join."))
    with platform.writing() as db:
        room, row = enter_asked(platform, db, me, case_id, lock=True)
        says = verified(platform, db, room)[1]
        if says.invited[me.person] != me.identity.kid:
            raise NotPossibleNow("asked before this key: they must ask again")
        db.delete(row)
        db.flush()
        if joins:
            _join(platform, db, me, room, row, says, conflict.strip())
            wake(db, room.case, platform.now())
        else:
            roster.state(platform, db, me, room.case, says.without(me.person),
                         Event.MEMBER_DECLINED, me.person)
    platform.nudge()


def leave(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Leave the team: one can no longer open anything of the case,
    and a new epoch begins for those who stay.

    Raises ``NotAcceptable``, with the reason, if nobody else could open something or the team would
    be too small.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_ADVISE)
        story, _ = verified(platform, db, room)
        reason = why_not_leave(db, me, room, story)
        if reason:
            raise NotAcceptable("leave", reason)
        for row in roster.asked(platform, db, case_id):
            if row.asked_by == me.person:  # a member who has left brings nobody in
                _take_back(platform, db, me, room, row)
        desk_rows.leave(db, me.person, case_id)
        db.execute(update(Letter).where(Letter.case_id == case_id, Letter.claimed_by == me.person)
                   .values(claimed_by=None,
                           claimed_until=None).execution_options(synchronize_session=False))
        without(platform, db, me, room, me.person)


def sign_for(platform: Platform, me: SignedIn, case_id: UUID, colleague: UUID, kid: bytes,
             heard: bool) -> None:
    """Vouch for the new keys of a colleague in this team, after hearing their words from them.

    Raises ``NotAcceptable`` without the tick, ``NotPossibleNow`` if the keys have changed again.
    """
    if not heard:
        raise NotAcceptable("heard", marked("Tick this once you have heard the seven words from "
                                            "your colleague."))
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        verified(platform, db, room)
        keys = directory.sealing_keys(platform, db, platform.keys.installation, colleague)
        if keys is None or keys.recipient.kid != kid:
            raise NotPossibleNow("these keys are not the newest")
        roster.sign_for_new_key(platform, db, me, room, colleague)


def why_not_leave(db: Session, me: SignedIn, room: CaseAccess, story: CaseHistory) -> str:
    """Why this member cannot leave now, in words; empty if they can."""
    if me.person in story.specialists:
        return READS_ALONE if holds_alone(db, room, story, me.person) else ""
    reason = _why_stay(db, room, story, me.person)
    return WHY_STAY[reason] if reason else ""


def holds_alone(db: Session, room: CaseAccess, story: CaseHistory, person: UUID) -> bool:
    """True if nobody of the team besides this person can open something of the case."""
    return _why_stay(db, room, story, person) is Stays.ONLY_READER


def _why_stay(db: Session, room: CaseAccess, story: CaseHistory, person: UUID) -> Stays | None:
    return decisions.why_stay(story, person, case_keys.holders(db, room.case.id),
                              case_keys.live(db, room.case.id) | {room.case.epoch})


def enter_asked(
    platform: Platform, db: Session, me: SignedIn, case_id: UUID, lock: bool
) -> tuple[CaseAccess, TeamRequest]:
    """The case that one is asked to join, and the invitation.
    Raises ``NotFound`` for everybody else."""
    may(me.actor, Permission.CASE_OPEN)
    room = load_case(platform, db, case_id, lock)
    row = db.get(TeamRequest, (case_id, me.person))
    if row is None or me.person in room.readers:
        raise NotFound
    roster.require_asked(platform, row)
    return not_erased(room), row


def without(platform: Platform, db: Session, me: SignedIn, room: CaseAccess,
            person: UUID) -> None:
    """Take somebody's keys and place in a team, and begin a new epoch without them."""
    says, case = roster.require(platform, db, room)[-1].says.without(person), room.case
    for table, whose in ((CaseKey, CaseKey.member_id), (Member, Member.person_id),
                         (Specialist, Specialist.person_id)):
        db.execute(delete(table).where(table.case_id == case.id, whose == person))
    _begin_epoch(platform, db, me, case, says.readers)
    roster.state(platform, db, me, case, says, Event.MEMBER_LEFT, person)


def _join(platform: Platform, db: Session, me: SignedIn, room: CaseAccess, row: TeamRequest,
          says: Team,
          conflict: str) -> None:
    case = room.case
    specialist = me.person in says.asked_specialists
    if specialist:
        db.add(Specialist(case_id=case.id, person_id=me.person))
    else:
        member = Member(case_id=case.id, person_id=me.person, joined_at=platform.now())
        db.add(directory.attest_member(platform, member, case.epoch))
    handed = _unpacked(row)
    for epoch, sealed in handed.items():
        directory.opened_case_key(platform, db, me, case.id, epoch, sealed)
        db.add(CaseKey(case_id=case.id, epoch=epoch, member_id=me.person, sealed=sealed))
    db.flush()
    begins = decisions.begins_epoch(record.read(platform, db, case.id), me.person, handed)
    says = says.joined_by(me.person)
    if begins:
        _begin_epoch(platform, db, me, case, says.readers)
    roster.state(
        platform, db, me, case, says, Event.MEMBER_JOINED, me.person,
        CONFLICT_TOLD if conflict else NO_CONFLICT
    )
    if not specialist:
        desk_rows.join(db, me.person, case.id)
    if conflict:
        sealed_notes.for_team(platform, db, me, load_case(platform, db, case.id, lock=False),
                              me.person, CONFLICT, conflict)


def verified(platform: Platform, db: Session, room: CaseAccess) -> tuple[CaseHistory, Team]:
    """What trail and roster say of the team. Raises ``Tampered`` unless the rows say the same."""
    story, says = record.to_decide(platform, db,
                                   room.case.id), roster.require(platform, db, room)[-1].says
    if (story.team, story.specialists, story.asked, story.epoch) != (
            set(room.team), set(says.specialists), set(says.invited), room.case.epoch):
        raise Tampered(room.case.id, room.case.id)
    return story, says


def _begin_epoch(platform: Platform, db: Session, me: SignedIn, case: Case,
                 members: Mapping[UUID, bytes]) -> None:
    key = case_keys.begin_epoch(platform, db, case, case.epoch + 1, members)
    record.add(platform, db, case, Event.EPOCH_BEGUN, me.person, case.id, detail=key)


def _take_back(platform: Platform, db: Session, me: SignedIn, room: CaseAccess,
               row: TeamRequest) -> None:
    says = roster.require(platform, db, room)[-1].says
    db.delete(row)
    roster.state(platform, db, me, room.case, says.without(row.person_id), Event.MEMBER_DECLINED,
                 row.person_id)


def _handed_over(platform: Platform, db: Session, me: SignedIn, case: Case, colleague: UUID,
                 kid: bytes) -> bytes:
    """Seal the case keys to a colleague: this epoch's, and each one that something is still sealed
    under, as far as this member holds them. The format is epoch, length and seal, one after the
    other."""
    wanted, parts = case_keys.live(db, case.id) | {case.epoch}, []
    for epoch, case_key in sorted(case_keys.open_all(platform, db, me, case.id).items()):
        if epoch in wanted:
            sealed = directory.sealed_case_key(platform, db, case.id, epoch, case_key, colleague,
                                               kid)
            parts.append(epoch.to_bytes(8) + len(sealed).to_bytes(4) + sealed)
    return b"".join(parts)


def _unpacked(row: TeamRequest) -> dict[int, bytes]:
    handed, rest = {}, row.sealed or b""
    while rest:
        epoch, length = int.from_bytes(rest[:8]), int.from_bytes(rest[8:12])
        handed[epoch], rest = rest[12:12 + length], rest[12 + length:]
    return handed
