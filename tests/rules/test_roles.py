"""Who takes part."""

from uuid import UUID

import pytest

from letters.rules.roles import PARTICIPANTS, STAFF, Actor, Role


@pytest.mark.parametrize("role, takes_part", [
    (Role.HARMED, True), (Role.RESPONSIBLE, True), (Role.OTHER, True),
    (Role.FACILITATOR, False), (Role.SUPERVISOR, False), (Role.ADMINISTRATOR, False),
])
def test_who_writes_and_receives_letters(role: Role, takes_part: bool) -> None:
    assert role.is_participant is takes_part
    assert (role in PARTICIPANTS, role in STAFF) == (takes_part, not takes_part)


def test_nobody_is_called_an_offender() -> None:
    assert not [role for role in Role if "offend" in role.value or "victim" in role.value]


def test_an_actor_is_one_person_in_one_role() -> None:
    assert Actor(UUID(int=1), Role.HARMED) == Actor(UUID(int=1),
                                                    Role.HARMED) != Actor(UUID(int=1), Role.OTHER)
    with pytest.raises(AttributeError):
        Actor(UUID(int=1), Role.HARMED).role = Role.FACILITATOR  # type: ignore[misc]
