"""Every right, role and relation: yes, not allowed (an insider), or not found (a stranger)."""

from itertools import product
from uuid import UUID

import pytest

from letters.rules.errors import LettersError, NotAllowed, NotFound
from letters.rules.permissions import Permission, Subject, may
from letters.rules.roles import Actor, Role

ME, AUTHOR, RECIPIENT, MEMBER = map(UUID, (f"{number:032x}" for number in range(1, 5)))

TAKES_PART = ("account:keep custody:choose case:take-part case:stop case:consent case:tell "
              "case:see-team letter:write letter:read")
MAY = {
    "harmed": f"{TAKES_PART} case:pause case:set-pace case:choose case:agree "
              "private:write emergency:see",
    "responsible": f"{TAKES_PART} case:agree case:acknowledge",
    "other": TAKES_PART,
    "facilitator": "account:keep account:reset case:see-team case:open case:see case:advise "
                   "case:manage case:halt case:tell letter:see letter:review profile:write "
                   "running:see today:see case:acknowledge",
    "supervisor": "account:keep running:see today:see load:see work:assign screening:tune "
                  "disagreement:see "
    "emergency:ask emergency:second",
    "administrator": "account:keep running:see today:see account:reset staff:invite "
    "emergency:second",
}
PEOPLE = frozenset({AUTHOR, RECIPIENT})
OURS, THEIRS = PEOPLE | {ME}, frozenset({MEMBER})

STRANGE: dict[str, Subject] = {
    "a stranger to the case": Subject(PEOPLE, THEIRS),
    "a stranger to an empty case": Subject(),
    "a stranger to the letter": Subject(PEOPLE, THEIRS, AUTHOR, RECIPIENT, arrived=True),
    "another participant in the case": Subject(OURS, THEIRS, AUTHOR, RECIPIENT, arrived=True),
    "the recipient before arrival": Subject(OURS, THEIRS, AUTHOR, ME, arrived=False),
}
READS_ALONG = "case:see case:see-team case:advise letter:see"
INSIDE: dict[str, tuple[Subject, set[str]]] = {
    "a participant in the case": (Subject(OURS, THEIRS), {"letter:read"}),
    "in the case's team": (Subject(PEOPLE, THEIRS | {ME}), {"letter:read"}),
    "the author": (Subject(OURS, THEIRS, ME, RECIPIENT), {"letter:read"}),
    "the author of what has arrived": (Subject(OURS, THEIRS, ME, RECIPIENT, arrived=True),
                                       {"letter:read"}),
    "the recipient after arrival": (Subject(OURS, THEIRS, AUTHOR, ME, arrived=True),
                                    {"letter:write"}),
    "in the letter's team": (Subject(PEOPLE, THEIRS | {ME}, AUTHOR, RECIPIENT),
                             {"letter:read", "letter:write"}),
}
"""Each with what this relation does not do, whatever the role."""


def allowed(role: Role, permission: Permission) -> bool:
    return permission.value in MAY[role.value].split()


def told(role: Role, permission: Permission, *subject: Subject) -> str:
    """What the table says to somebody: allowed, or the name of the refusal."""
    try:
        may(Actor(ME, role), permission, *subject)
    except (NotAllowed, NotFound) as refused:
        return type(refused).__name__
    return "allowed"


def test_a_stranger_never_learns_that_it_exists() -> None:
    asked = [*product(STRANGE, Role, Permission)]
    assert [case for case in asked if told(*case[1:], STRANGE[case[0]]) != "NotFound"] == []


def test_an_insider_may_what_their_role_and_part_do() -> None:
    wrong = []
    for relation, role, permission in product(INSIDE, Role, Permission):
        subject, withheld = INSIDE[relation]
        right = allowed(role, permission) and permission.value not in withheld
        if told(role, permission, subject) != ("allowed" if right else "NotAllowed"):
            wrong.append((relation, role, permission))
    assert wrong == []


def test_without_a_subject_the_role_decides() -> None:
    assert [(role, permission) for role, permission in product(Role, Permission)
            if told(role,
                    permission) != ("allowed" if allowed(role, permission) else "NotAllowed")] == []


def test_both_tables_name_the_same_roles_and_rights() -> None:
    assert {role.value for role in Role} == {*MAY}
    assert {right.value for right in Permission} == {
        right for rights in MAY.values() for right in rights.split()
    }


def test_rule_11_a_specialist_reads_and_advises_and_decides_nothing() -> None:
    for subject in (Subject(PEOPLE, THEIRS, specialists=frozenset({ME})),
                    Subject(PEOPLE, THEIRS, AUTHOR, RECIPIENT, specialists=frozenset({ME}))):
        may_do = {right.value for right in Permission
                  if told(Role.FACILITATOR, right, subject) == "allowed"}
        assert may_do == set(READS_ALONG.split())
        assert {told(Role.SUPERVISOR, right, subject) for right in Permission
                if right.value.startswith(("case", "letter"))} == {"NotAllowed"}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_an_administrator_reads_no_letter(role: Role) -> None:
    """Not even when somebody has put them into the team."""
    of_letters = {Permission.LETTER_WRITE, Permission.LETTER_REVIEW, Permission.LETTER_READ,
                  Permission.CASE_SEE}
    for subject, permission in product((subject for subject, _ in INSIDE.values()), of_letters):
        with pytest.raises(NotAllowed):
            may(Actor(ME, role), permission, subject)


def test_a_refusal_names_no_more_than_the_right() -> None:
    with pytest.raises(LettersError) as refused:
        may(Actor(ME, Role.OTHER), Permission.CASE_PAUSE, INSIDE["a participant in the case"][0])
    assert refused.value.args == ("case:pause",)
    with pytest.raises(LettersError) as refused:
        may(Actor(ME, Role.OTHER), Permission.CASE_PAUSE, STRANGE["a stranger to the case"])
    assert refused.value.args == ()
