"""Helplines: who is shown which, and what is refused."""

import pytest

from letters.rules.roles import Role
from letters.rules.support import ForWhom, Helpline, Support

HARMED = Helpline("Heron", "0800 000 001", ForWhom.HARMED, "day and night")
RESPONSIBLE = Helpline("Kite", "0800 000 002", ForWhom.RESPONSIBLE, "9 to 5")
ALL = Helpline("Finch", "+44 800 000 003", ForWhom.ALL, "at night", "Welsh")


def test_each_is_shown_their_own_and_those_for_everybody() -> None:
    support = Support((HARMED, RESPONSIBLE, ALL))
    assert support.shown_to(Role.HARMED) == (HARMED, ALL)
    assert support.shown_to(Role.RESPONSIBLE) == (RESPONSIBLE, ALL)
    for role in (Role.OTHER, Role.FACILITATOR, None):
        assert support.shown_to(role) == (ALL,)


@pytest.mark.parametrize(("lines", "missing"), [
    ((), True), ((HARMED,), True), ((RESPONSIBLE,), True), ((HARMED, RESPONSIBLE), False),
    ((ALL,), False)])
def test_it_says_when_one_side_finds_none(lines: tuple[Helpline, ...], missing: bool) -> None:
    assert Support(lines).without_number is missing


@pytest.mark.parametrize(("field", "wrong"), [
    ("name", " "), ("name", "x" * 121), ("number", ""), ("number", "ask us"), ("number", "1"),
    ("number", "0800\n1"), ("number", "<b>999</b>"), ("hours", ""), ("language", "x" * 121)])
def test_what_is_no_helpline_is_refused(field: str, wrong: str) -> None:
    fields = {"name": "Heron", "number": "0800 000 001", "hours": "day and night", "language": ""}
    with pytest.raises(ValueError):
        Helpline(**{**fields, field: wrong}, whom=ForWhom.ALL)


def test_a_page_can_hold_only_so_many() -> None:
    with pytest.raises(ValueError, match="at most 20"):
        Support((ALL,) * 21)
