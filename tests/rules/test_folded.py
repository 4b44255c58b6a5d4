"""What was recorded goes on meaning the same: facts that an earlier version wrote fold to what they
folded to then."""

import json

import pytest

from letters.rules.events import Event
from tests.rules.folded import FILE, folded

CHAINS = json.loads(FILE.read_text("utf-8"))


def same(then: object, now: object) -> bool:
    """True if all that was told then is told now. A later version may tell more."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(
            name in now and same(value, now[name]) for name, value in then.items())
    if isinstance(then, list) and isinstance(now, dict):  # fields that were kept without names
        return same(then, list(now.values())[:len(then)])
    if isinstance(then, list):
        return isinstance(now, list) and len(then) == len(now) and all(map(same, then, now))
    return then == now


@pytest.mark.parametrize("number", range(len(CHAINS)))
def test_facts_fold_to_what_they_folded_to(number: int) -> None:
    told = CHAINS[number]
    assert same(told["folds to"], folded(told["facts"], told["case"]))


def test_most_events_are_among_them() -> None:
    said = {line[0] for told in CHAINS for line in told["facts"]}
    assert len(said) > len(Event) * 0.6, sorted({*Event} - {Event(one) for one in said})
