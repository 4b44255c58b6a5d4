"""Passages: found again where the words still stand, nearest first; gone otherwise; nothing else is
ever changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.errors import NotPossibleNow
from letters.rules.letter.passages import MOST_PLACES, Anchor, around, found, places, replaced

TEXTS = st.text(alphabet="ab \n", max_size=40)


def standing(text: str, quote: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(quote, at)]


@given(TEXTS, st.integers(0, 60), st.text(alphabet="ab \n", max_size=4))
def test_the_nearest_place_is_found_or_none_where_the_words_are_gone(
    text: str, start: int, quote: str
) -> None:
    there = standing(text, quote) if quote else []
    now = found(text, Anchor(start, quote))
    assert (now is None) is (not there)
    if now is not None:
        assert now.quote == quote and now.start in there
        assert abs(now.start - start) == min(abs(at - start) for at in there)


@given(TEXTS, TEXTS, TEXTS, st.text(alphabet="ab ", min_size=1, max_size=8))
def test_a_passage_survives_whatever_is_written_around_it(
    before: str, behind: str, new: str, quote: str
) -> None:
    anchor = Anchor(len(before), quote)
    assert found(before + quote + behind, anchor) == anchor
    assert found(new + before + quote + behind, anchor) is not None


@given(TEXTS, st.text(alphabet="ab \n", max_size=6))
def test_every_place_that_is_offered_stands_there_but_for_white_space(
    text: str, copied: str
) -> None:
    offered = places(text, copied)
    assert all(text[one.start:one.end] == one.quote for one in offered)
    assert all(one.quote.split() == copied.split() for one in offered)
    squeezed = " ".join(text.split())
    wanted = " ".join(copied.split())
    assert len(offered) == (min(len(standing(squeezed, wanted)), MOST_PLACES) if wanted else 0)


def test_words_are_found_across_the_lines_of_a_page() -> None:
    text = "I want\n  you to know. I want you to stop."
    assert [one.start for one in places(text, " I want you ")] == [0, 22]
    assert places(text, "I  want\nyou to stop") == [Anchor(22, "I want you to stop")]
    assert around(text, Anchor(22, "I want"), 6) == ("know. ", " you t")


@given(TEXTS, st.text(alphabet="ab", min_size=1, max_size=5), TEXTS, TEXTS)
def test_replacing_changes_nothing_else(before: str, quote: str, behind: str, words: str) -> None:
    assert replaced(before + quote + behind, Anchor(len(before), quote),
                    words) == before + words + behind


def test_words_that_do_not_stand_there_are_not_replaced() -> None:
    with pytest.raises(NotPossibleNow):
        replaced("as it was", Anchor(1, "it"), "x")


def test_the_longest_letter_of_one_word_takes_no_longer_than_it_is_long() -> None:
    text = "a " * 100_000
    quote = "a " * 2_000 + "b"
    assert found(text, Anchor(100_000, quote)) is None
    assert places(text, quote) == []
    assert len(places(text, "a a")) == MOST_PLACES


SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(("text", "copied", "quote"), [
    ("I apol\u00adogise to you", "apologise to", "apol\u00adogise to"),
    ("I apologise to you", "apol\u00adogise to", "apologise to"),
    ("Things:\n- what I did\n- what I said\nThat.", "I did\nwhat I", "I did\n- what I"),
    ("- one\n- two\n", "• one\n  • two", "one\n- two"),
    ("I was *very* angry", "was very angry", "was *very* angry"),
    (f"from {SCOTLAND}, with", f"from {SCOTLAND},", f"from {SCOTLAND},"),
    (f"{ENGLAND} {SCOTLAND}", SCOTLAND, SCOTLAND),
    ("my \u2764\ufe0f here", "my \u2764", "my \u2764\ufe0f"),
    ("می\u200cخواهم", "میخواهم", "می\u200cخواهم"),
], ids=["soft hyphen", "copied soft hyphen", "list", "bullets", "emphasis", "flag", "which flag",
        "emoji", "joiner"])
def test_what_a_page_does_not_show_makes_no_difference(
        text: str, copied: str, quote: str) -> None:
    assert [one.quote for one in places(text, copied)] == [quote]
    anchor, = places(text, copied)
    assert replaced(text, anchor, "") == text.replace(quote, "")


@pytest.mark.parametrize("nothing", ["", " ", "*", "\u200b", "- "])
def test_nothing_stands_nowhere(nothing: str) -> None:
    assert places("one * two\n- three", nothing) == []
