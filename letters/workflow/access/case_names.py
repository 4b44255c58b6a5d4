"""What cases are called by those who know the two people: their first names, the person harmed
first. Names are opened for the cases of a page, and kept nowhere."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.errors import Tampered
from letters.rules.roles import Role
from letters.storage.tables.letters import Case, Member, Participant, Person
from letters.storage.tables.team import Specialist
from letters.workflow.access import directory
from letters.workflow.platform import Platform
from letters.workflow.record import record

TWO = (Role.HARMED, Role.RESPONSIBLE)


def first_names(platform: Platform, db: Session, member: UUID,
                cases: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The first names of the two in each of these cases, as far as they were invited, for a member
    of their teams. A case has none in which a row does not verify, this member's own among them."""
    found: dict[UUID, dict[Role, str]] = {
        case: {} for case in _cases_of(platform, db, member, cases)}
    for row, person in db.execute(select(Participant, Person).join(
            Person, Person.id == Participant.person_id).where(
                Participant.case_id.in_(found), Person.role.in_([role.value for role in TWO]))):
        try:
            directory.require_participant(platform, row, person)
            found[row.case_id][directory.role_of(platform, person)] = (
                directory.name_of(platform, person).split() or [""])[0]
        except Tampered:
            found[row.case_id] = {}
    return {case: tuple(names[role] for role in TWO if names.get(role))
            for case in cases for names in [found.get(case, {})]}


def _cases_of(platform: Platform, db: Session, member: UUID, cases: Collection[UUID]) -> set[UUID]:
    """Those of these cases in whose present team this person is by an attested row, or which they
    read as a specialist by the record."""
    found = set()
    for row, epoch in db.execute(select(Member, Case.epoch).join(
            Case, Case.id == Member.case_id).where(
                Member.person_id == member, Member.case_id.in_(cases))):
        with suppress(Tampered):
            directory.require_member(platform, row, epoch)
            found.add(row.case_id)
    for case in db.scalars(select(Specialist.case_id).where(Specialist.person_id == member,
                                                            Specialist.case_id.in_(cases))):
        with suppress(Tampered):
            if member in record.read(platform, db, case).specialists:
                found.add(case)
    return found
