"""The views of a letter, and their way back to it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.screening.text.normalise import View, as_written, cleaned, closed_up

letters = st.text(st.characters() | st.sampled_from("a b.-0\u200b\u0336\ud800ﬁ½о"), max_size=200)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("so\u200brr\u00ady", "sorry"),
        ("ｓｏｒｒｙ", "sorry"),
        ("𝐬𝐨𝐫𝐫𝐲", "sorry"),
        ("ѕоrrу", "sorry"),
        ("s\u0336o\u0336rry", "sorry"),
        ("naïve Zoe\u0308", "naive Zoe"),
        ("ﬁve", "five"),
        ("٠٧٧", "077"),
        ("a\u00a0b\u2003c\u2800d", "a b c d"),
        ("1️⃣", "1"),
        ("two and seven", "two and seven"),
        ("对不起 한국어", "对不起 한국어"),
    ],
)
def test_cleaned_reads_as_the_eye_does(written, plain):
    assert cleaned(as_written(written)).text == plain


@pytest.mark.parametrize(
    ("written", "together"),
    [
        ("please c a l l  m e", "please call  m e"),
        ("c-a-l-l-s", "calls"),
        ("0.7.7.0.0.9.0", "0770090"),
        ("j o e @ x . o r g", "joe@x.org"),
        ("nothing spelled", "nothing spelled"),
    ],
)
def test_closed_up_puts_letters_together(written, together):
    assert closed_up(as_written(written)).text == together


def test_span_leads_back_to_what_was_written():
    written = "a ﬁ\u200bne c-\u200bа-l-l-s"
    view = closed_up(cleaned(as_written(written)))
    assert view.text == "a fine calls"
    start, end = view.span(7, 12)
    assert written[start:end] == "c-\u200bа-l-l-s"
    start, end = view.span(3, 4)
    assert written[start:end] == "ﬁ"


def test_a_view_that_changes_nothing_is_the_same_view():
    view = as_written("Dear Sam,\nI am sorry.")
    assert closed_up(cleaned(view)) is view


@given(letters)
def test_the_way_back_never_falls_and_stays_within_the_letter(text):
    for view in views(text):
        assert len(view.origin) == len(view.text)
        assert all(earlier <= later for earlier, later in pairwise(view.origin))
        assert all(0 <= at < len(text) for at in view.origin)


@given(letters)
def test_no_view_is_much_longer_than_the_letter(text):
    assert all(len(view.text) <= 3 * len(text) for view in views(text))


def views(text: str) -> list[View]:
    written = as_written(text)
    return [written, cleaned(written), closed_up(cleaned(written))]
