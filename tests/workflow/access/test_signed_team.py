"""What a statement of the roster says, and who may sign what after which."""

from dataclasses import replace
from uuid import UUID

import pytest

from letters.workflow.access.signed_team import Team, decoded, signing_key

FRANCES, SAM, SUNNIVA, ELLIS = (UUID(int=number) for number in range(1, 5))
KEYS = {who: bytes([number]) * 32 for number, who in enumerate((FRANCES, SAM, SUNNIVA, ELLIS), 1)}
LAST = Team(3, bytes(32), {who: KEYS[who] for who in (FRANCES, SAM)},
            specialists={SUNNIVA: KEYS[SUNNIVA]}, asked_specialists={ELLIS: KEYS[ELLIS]})
NEXT_EPOCH = replace(LAST, epoch=4, case_kid=bytes([9]) * 32)


def test_a_statement_has_one_encoding() -> None:
    assert decoded(LAST.encoded()) == LAST
    twice = replace(LAST, asked={SAM: KEYS[SAM]})
    for wrong in (LAST.encoded() + b"\0", LAST.encoded()[:-1] + b"x", twice.encoded()):
        with pytest.raises((ValueError, KeyError)):
            decoded(wrong)


MAY: dict[str, tuple[UUID, Team]] = {
    "a specialist leaves": (SUNNIVA, NEXT_EPOCH.without(SUNNIVA)),
    "a member ends their part": (FRANCES, NEXT_EPOCH.without(SUNNIVA)),
    "who was asked joins as a specialist": (ELLIS, LAST.joined_by(ELLIS)),
    "who was asked says no": (ELLIS, LAST.without(ELLIS)),
    "a member asks a specialist": (SAM, LAST.without(ELLIS).with_key(ELLIS, KEYS[ELLIS],
                                                                     "asked_specialists")),
    "a member signs for their new key": (SAM, LAST.with_key(SUNNIVA, bytes([7]) * 32)),
}
MAY_NOT: dict[str, tuple[UUID, Team]] = {
    "a specialist asks somebody": (SUNNIVA, LAST.with_key(UUID(int=9), bytes(32), "asked")),
    "a specialist takes back who is asked": (SUNNIVA, LAST.without(ELLIS)),
    "a specialist begins an epoch": (SUNNIVA, NEXT_EPOCH),
    "a specialist signs for a new key": (SUNNIVA, LAST.with_key(SAM, bytes([7]) * 32)),
    "a specialist becomes a member": (SUNNIVA, LAST.without(SUNNIVA).with_key(
        SUNNIVA, KEYS[SUNNIVA], "members")),
    "a specialist throws a member out": (SUNNIVA, LAST.without(SAM)),
    "who was asked as a specialist joins as a member": (ELLIS, LAST.without(ELLIS).with_key(
        ELLIS, KEYS[ELLIS], "members")),
    "who was asked joins with another key": (ELLIS, LAST.without(ELLIS).with_key(
        ELLIS, bytes([7]) * 32, "specialists")),
    "a member makes a specialist a member": (FRANCES, LAST.without(SUNNIVA).with_key(
        SUNNIVA, KEYS[SUNNIVA], "members")),
    "a member puts in a specialist who did not answer": (FRANCES, LAST.without(ELLIS).with_key(
        ELLIS, KEYS[ELLIS], "specialists")),
    "a stranger signs": (UUID(int=9), LAST),
}


@pytest.mark.parametrize("what", MAY)
def test_rule_11_what_is_theirs_to_sign(what: str) -> None:
    signer, says = MAY[what]
    assert signing_key(LAST, says, signer) == KEYS[signer]


@pytest.mark.parametrize("what", MAY_NOT)
def test_rule_11_what_is_not_theirs_to_sign(what: str) -> None:
    signer, says = MAY_NOT[what]
    with pytest.raises((ValueError, KeyError)):
        signing_key(LAST, says, signer)


def test_the_first_statement_names_its_signer_alone() -> None:
    first = Team(1, bytes(32), {FRANCES: KEYS[FRANCES]})
    assert signing_key(None, first, FRANCES) == KEYS[FRANCES]
    with pytest.raises(ValueError, match=""):
        signing_key(None, replace(first, specialists={SUNNIVA: KEYS[SUNNIVA]}), FRANCES)
