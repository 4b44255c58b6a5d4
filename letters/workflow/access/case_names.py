"""What cases are called by those who know the two people: their first names, the person harmed
first. Names are opened for the cases of a page, and kept nowhere."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.errors import Tampered
from letters.rules.roles import Role
from letters.storage.tables.letters import Participant, Person
from letters.workflow.access import directory
from letters.workflow.platform import Platform

TWO = (Role.HARMED, Role.RESPONSIBLE)


def first_names(platform: Platform, db: Session,
                cases: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The first names of the two in each of these cases, as far as they were invited. A case in
    which a row does not verify has none."""
    found: dict[UUID, dict[Role, str]] = {case: {} for case in cases}
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
            for case, names in found.items()}
