"""Who was in a team and when, by the verified trail, and what each viewer sees of it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys.identity import fingerprint
from letters.rules.accounts import Away
from letters.rules.case.history import Membership
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.storage.queries import lists
from letters.storage.tables.letters import Case, Letter
from letters.storage.tables.team import TeamRequest
from letters.workflow.access import case_keys, directory, roster, sealed_notes
from letters.workflow.access.enter import CaseAccess, case_to_change, case_to_read
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.record import record
from letters.workflow.team import absence, join_and_leave


@dataclass(frozen=True)
class TeamView:
    """A team as a person who may see it does. ``is_new``: it has changed since they looked last;
    ``away``: which members are, and which other member looks after the case."""

    room: CaseAccess
    memberships: list[Membership]
    head: bytes
    is_new: bool
    names: dict[UUID, str]
    away: dict[UUID, Away]


@dataclass(frozen=True)
class Renewed:
    """A member whose keys are newer than those that the team has signed for."""

    person: UUID
    kid: bytes
    words: tuple[str, ...]


@dataclass(frozen=True)
class TeamLook(TeamView):
    """A team as its members see it: also who is asked to join, ``as_specialists`` among them, whom
    a supervisor suggests, and the declared conflicts of interest."""

    asked: list[TeamRequest]
    as_specialists: frozenset[UUID]
    suggested: list[UUID]
    conflicts: list[sealed_notes.OpenNote]
    colleagues: list[tuple[UUID, str]]
    why_not_leave: str
    renewed: list[Renewed]


@dataclass(frozen=True)
class AskedToJoin:
    """What a colleague who is asked to join sees before they answer:
    the participants, and who asks."""

    case: Case
    asked_by: str
    handover: bool
    participants: list[tuple[Role, str]]
    members: list[str]
    specialist: bool


def team_for(platform: Platform, me: SignedIn, case_id: UUID) -> TeamLook:
    """The team, for its members. The view is pinned.

    Raises ``Tampered`` if it does not follow from what they saw before.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_SEE)
        memberships, head, is_new = _looked(platform, db, me, room)
        story = record.to_decide(platform, db, case_id)
        asked = roster.asked(platform, db, case_id)
        free = join_and_leave.colleagues(platform, db,
                                         room.readers | {row.person_id for row in asked})
        keys = case_keys.open_all(platform, db, me, case_id)
        conflicts = [
            note
            for member in memberships
            for note in sealed_notes.opened_by_team(platform, db, keys, case_id, member.person)
            if note.kind == join_and_leave.CONFLICT and note.written_by == member.person
        ]
        names = dict(free) | directory.names(platform, db, {
            *(row.person_id for row in asked), *(member.person for member in memberships)})
        suggested = [person for person, _ in free if person in story.suggested]
        return TeamLook(room, memberships, head, is_new, names, _away(platform, db, room),
                        asked, frozenset(story.asked_specialists), suggested, conflicts, free,
                        join_and_leave.why_not_leave(db, me, room, story),
                        _renewed(platform, db, room))


def look_as_harmed(platform: Platform, me: SignedIn,
                   case_id: UUID) -> tuple[TeamView, list[tuple[Letter, list[str]]]]:
    """The team, for the person harmed, and who can read each letter that they wrote or received.
    The view is pinned.

    Raises ``Tampered`` if it does not follow from what they saw before.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_SEE_TEAM)
        memberships, head, is_new = _looked(platform, db, me, room)
        letters = [*lists.own_letters(db, me.person).rows, *lists.inbox(db, me.person).rows]
        entered = [room.with_letter(letter) for letter in letters]
        readers = [(each.letter, open_letter.readers_of(platform, db, each)) for each in entered]
        names = directory.names(platform, db, {member.person for member in memberships}.union(
            *(people for _, people in readers)))
        return (TeamView(room, memberships, head, is_new, names, _away(platform, db, room)),
                [(letter, sorted(names[person] for person in people)) for letter,
                 people in readers])


def who_was_in(platform: Platform, me: SignedIn, case_id: UUID) -> TeamView:
    """Who is and was in the team, for everybody else who takes part. It says nothing of a letter,
    and is the same whatever happens to one (rule 22)."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_SEE_TEAM)
        found = memberships(platform, db, room.case)
        return TeamView(room, found, b"", False,
                        directory.names(platform, db, {one.person for one in found}),
                        _away(platform, db, room))


def has_changed(platform: Platform, me: SignedIn, case_id: UUID) -> bool | None:
    """True if the team has changed since this person looked last.
    Returns None if they never looked."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_SEE_TEAM)
        statements = roster.require(platform, db, room)
        before = roster.seen(db, me, case_id, statements)
        return None if before is None else _is_new(before, statements)


def invited(platform: Platform, me: SignedIn, case_id: UUID) -> AskedToJoin:
    """The participants of a case that one is asked to join, by name,
    so that one can judge a conflict of interest.

    Raises ``NotFound`` unless one is asked.
    """
    with platform.reading() as db:
        room, row = join_and_leave.enter_asked(platform, db, me, case_id, lock=False)
        roster.require(platform, db, room)
        names = directory.names(
            platform, db,
            {*room.readers, row.asked_by, *(person.id for _, person in room.participants)}
        )
        return AskedToJoin(room.case, names[row.asked_by], row.sealed is not None,
                           [(directory.role_of(platform, person), names[person.id]) for _,
                            person in room.participants],
                           sorted(names[member] for member in room.readers),
                           me.person in record.read(platform, db, room.case.id).asked_specialists)


def asks_of(platform: Platform, person: UUID) -> list[tuple[UUID, str]]:
    """The cases whose team asks somebody to join, with their references."""
    with platform.reading() as db:
        found = db.execute(select(TeamRequest,
                                  Case.reference).join(Case, Case.id == TeamRequest.case_id)
                           .where(TeamRequest.person_id == person)
                           .order_by(TeamRequest.asked_at)).all()
        for row, _ in found:
            roster.require_asked(platform, row)
        return [(row.case_id, reference) for row, reference in found]


def memberships(platform: Platform, db: Session, case: Case) -> list[Membership]:
    """Everybody who is or was in the team, oldest first, by the verified trail."""
    return record.read(platform, db, case.id).memberships


def _away(platform: Platform, db: Session, room: CaseAccess) -> dict[UUID, Away]:
    return {person: told for person, told in absence.away(platform, db).items()
            if person in room.team and told.stands_in in room.team}


def _looked(platform: Platform, db: Session, me: SignedIn,
            room: CaseAccess) -> tuple[list[Membership], bytes, bool]:
    statements = roster.require(platform, db, room)
    before = roster.seen(db, me, room.case.id, statements)
    if before != statements[-1]:
        roster.pin(platform, db, me, room.case.id, statements[-1])
    return memberships(platform, db, room.case), statements[-1].head, _is_new(before, statements)


def _renewed(platform: Platform, db: Session, room: CaseAccess) -> list[Renewed]:
    signed_for = roster.require(platform, db, room)[-1].says.readers
    keys = directory.keys_of_people(platform, db, signed_for)
    return [Renewed(person, keys[person].recipient.kid, fingerprint(keys[person].recipient.kid))
            for person, kid in signed_for.items() if keys[person].recipient.kid != kid]


def _is_new(before: roster.Statement | None, statements: list[roster.Statement]) -> bool:
    """True if somebody joined or left since.
    An invitation, or a no to one, does not change the team."""
    return before is not None and any(set(statement.says.readers) != set(before.says.readers)
                                      for statement in statements[before.number:])
