"""What gives way to the next save, and what never is forgotten by it."""

from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.letter.autosave import A_LITTLE, A_WHILE, gives_way, gone

NOW = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("before", "after", "lost"), [
    ("", "", 0), ("", "a", 0), ("a", "", 1), ("abc", "abXc", 0), ("abc", "ac", 1), ("aaa", "aa", 1),
    ("aa", "aaa", 0),
    ("abc", "xyz", 3), ("one two three", "one 2 three", 3), ("ab", "ba", 2),
    ("first and last", "First and Last", 11)])
def test_how_much_is_gone(before: str, after: str, lost: int) -> None:
    assert gone(before, after) == lost


@given(st.text("ab ", max_size=30), st.text("ab ", max_size=30))
def test_it_is_never_said_to_be_less_than_it_is(before: str, after: str) -> None:
    alike = sum(block.size
                for block in SequenceMatcher(None, before, after, False).get_matching_blocks())
    assert len(before) >= gone(before, after) >= len(before) - len(after)
    assert gone(before, after) > 0 or alike >= 0 and _is_within(before, after)


def _is_within(before: str, after: str) -> bool:
    """True if the text is the other with words put in at one place."""
    return any(after.startswith(before[:at]) and after.endswith(before[at:])
               and len(after) >= len(before)
               for at in range(len(before) + 1))


@pytest.mark.parametrize(("before", "after", "minutes", "gives"), [
    ("a", "ab", 0, True), ("a", "ab", 9.9, True), ("a", "ab", 10, False), ("a", "a", 999, True),
    ("x" * A_LITTLE, "", 0, True), ("x" * (A_LITTLE + 1), "", 0, False)])
def test_what_gives_way(before: str, after: str, minutes: float, gives: bool) -> None:
    assert gives_way(before, after, 0, NOW - timedelta(minutes=minutes), NOW) is gives
    assert timedelta(minutes=10) == A_WHILE


def test_what_is_gone_adds_up() -> None:
    assert gives_way("x" * 50, "", A_LITTLE - 50, NOW,
                     NOW) and not gives_way("x" * 50, "", A_LITTLE - 49, NOW, NOW)
    assert gives_way("same", "same", 10 * A_LITTLE, NOW,
                     NOW) and gives_way("a", "ab", A_LITTLE, NOW, NOW)
