"""What a redacted text may be: its parent, with marks for what was left out, and not a character
else changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.errors import NotPossibleNow
from letters.rules.letter.passages import Anchor
from letters.rules.letter.redacted import MARK, is_left_out_of, leave_out, typed

TEXT = "I did it. My number is 0770. Write to me. I am sorry."


def span(quote: str, text: str = TEXT) -> Anchor:
    return Anchor(text.index(quote), quote)


def test_each_passage_leaves_one_mark_and_those_that_touch_are_one() -> None:
    assert leave_out(TEXT,
                     [span("My number is 0770.")]) == f"I did it. {MARK} Write to me. I am sorry."
    both = f"I did it. {MARK} I am sorry."
    assert leave_out(TEXT, [span("Write to me."), span("My number is 0770.")]) == both
    assert leave_out(TEXT, [span("My number is 0770. Write"), span("0770. Write to me."),
                            span("to")]) == both
    assert leave_out(TEXT, [span("0770"), span("sorry")]).count(MARK) == 2


@pytest.mark.parametrize("spans",
                         [[], [Anchor(0, "You")], [Anchor(3, "")], [span(TEXT)], [span(TEXT[:-1])]])
def test_nothing_that_does_not_stand_there_and_never_all_of_it(spans: list[Anchor]) -> None:
    with pytest.raises(NotPossibleNow):
        leave_out(TEXT, spans)


@given(st.text(alphabet=f"ab .{MARK}", max_size=30),
       st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6))))
def test_what_was_left_out_is_recognised(text: str, cuts: list[tuple[int, int]]) -> None:
    spans = [Anchor(start, text[start:start + length]) for start,
             length in cuts if text[start:start + length]]
    try:
        left = leave_out(text, spans)
    except NotPossibleNow:
        return
    assert is_left_out_of(text, left)


@pytest.mark.parametrize("text", [
    TEXT, "", TEXT.replace("sorry", "glad"), f"{TEXT}{MARK}", f"{MARK}{TEXT}",
    TEXT.replace(" My", f" {MARK}My"),
    f"You did it. {MARK} I am sorry.", f"I did it. {MARK} I am not sorry.",
    f"I did it. {MARK} Never. {MARK} sorry.",
    f"I did it. {MARK} Write to me. {MARK}My number is 0770.{MARK} sorry.",
    f"I did it. I did{MARK}sorry."])
def test_words_that_were_added_or_moved_are_recognised(text: str) -> None:
    assert not is_left_out_of(TEXT, text)


def test_nobody_types_a_mark() -> None:
    assert typed(f"a{MARK}b") == "ab"
