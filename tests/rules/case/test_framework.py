"""A framework that would let something go unasked is refused, with the reason."""

from dataclasses import replace

import pytest

from letters.rules.case.framework import Aftercare, Assessment, Purpose, Question, Retention, Step
from letters.rules.roles import Role
from tests.rules.sample import BOTH, FRAMEWORK, LAST, PURPOSES, STEPS

READ, NO_GAIN, NOTICES = PURPOSES
TALK = STEPS[0]


@pytest.mark.parametrize("wrong", [
    lambda: replace(READ, roles=frozenset({Role.FACILITATOR})),
    lambda: replace(READ, roles=frozenset()),
    lambda: replace(READ, renew_months=0), lambda: replace(READ, renew_months=121),
    lambda: replace(READ, id="to read"), lambda: replace(READ, version="1 2"),
    lambda: Step("talk", "A talk", frozenset({Role.SUPERVISOR})),
    lambda: Step("talk", "A talk", frozenset()),
    lambda: Assessment((), ("low", "high"), 90),
    lambda: Assessment((Question("a", "A"),), ("low",), 90),
    lambda: Assessment((Question("a", "A"),), ("low", "high"), 0),
    lambda: Assessment((Question("a", "A"),), ("low", "high"), 367),
    lambda: Aftercare("contact", "Speak", 0), lambda: Aftercare("contact", "Speak", 24 * 366 + 1),
    lambda: Retention(0), lambda: Retention(121), lambda: Retention(12, 6),
    lambda: Retention(12, 367)])
def test_a_part_that_asks_nothing_or_too_much_is_refused(wrong) -> None:
    with pytest.raises(ValueError):
        wrong()


@pytest.mark.parametrize("changed", [
    {"consents": (READ, READ, NO_GAIN)},
    {"consents": (READ, NO_GAIN, Purpose("", "1", "?", "?", BOTH, 1))},
    {"preparation": (TALK, TALK)}, {"closing": (TALK,)},
    {"feedback": (Question("a", "A"), Question("a", "B"))},
    {"aftercare": (Aftercare("contact", "Speak", 72), Aftercare("contact", "Ask", 1))}])
def test_an_id_stands_once(changed) -> None:
    with pytest.raises(ValueError):
        replace(FRAMEWORK, **changed)


@pytest.mark.parametrize("consents", [
    (NO_GAIN,), (replace(READ, required=False), NO_GAIN),
    (replace(READ, roles=frozenset({Role.HARMED})), NO_GAIN)])
def test_rule_02_nobody_is_read_who_did_not_agree_to_it(consents) -> None:
    with pytest.raises(ValueError, match="'read'"):
        replace(FRAMEWORK, consents=consents)


@pytest.mark.parametrize("consents", [(READ,), (READ, replace(NO_GAIN, required=False)),
                                      (READ, replace(NO_GAIN, roles=frozenset({Role.HARMED})))])
def test_rule_08_the_person_who_harmed_confirms_that_nothing_is_gained(consents) -> None:
    with pytest.raises(ValueError, match="rule 8"):
        replace(FRAMEWORK, consents=consents)


@pytest.mark.parametrize("steps", [(), (replace(TALK, required=False),),
                                   (replace(TALK, roles=frozenset({Role.RESPONSIBLE})),)])
def test_rule_09_each_of_the_two_is_prepared(steps) -> None:
    with pytest.raises(ValueError, match="rule 9"):
        replace(FRAMEWORK, preparation=steps)


@pytest.mark.parametrize("tasks", [(), (Aftercare("weeks", "Ask", 72),),
                                   (Aftercare("contact", "Speak", 73),)])
def test_rule_26_somebody_speaks_with_who_opened_a_letter_within_72_hours(tasks) -> None:
    with pytest.raises(ValueError, match="rule 26"):
        replace(FRAMEWORK, aftercare=tasks)


def test_each_role_is_asked_what_concerns_it() -> None:
    assert FRAMEWORK.purposes(Role.HARMED) == [READ, NOTICES]
    assert FRAMEWORK.purposes(Role.OTHER) == []
    assert FRAMEWORK.needed(Role.RESPONSIBLE) == {"read", "no-gain"}
    assert FRAMEWORK.purpose(Role.RESPONSIBLE, "no-gain") is NO_GAIN
    assert FRAMEWORK.purpose(Role.HARMED, "no-gain") is None
    assert FRAMEWORK.steps(Role.RESPONSIBLE) == [TALK]
    assert FRAMEWORK.steps(Role.HARMED, closing=True) == list(LAST)


def test_rule_28_nothing_is_erased_where_no_months_are_named() -> None:
    assert FRAMEWORK.retention == Retention() and FRAMEWORK.retention.months is None
