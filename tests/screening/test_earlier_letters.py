"""What several letters show together, and the gentle look at one's own."""

import pytest

from letters.rules.roles import Role
from letters.screening import Category, Finding, Severity, screen
from letters.screening.earlier_letters import across
from letters.screening.self_check import MOST, SHOWN, self_check

TEXT = "I did it. You must answer me soon! It was wrong."


def found(category, text=TEXT, quote="You must answer me"):
    start = text.index(quote)
    return Finding(category, Severity.CAUTION, start, start + len(quote), quote, "Why.",
                   f"{category.value}.test")


def demands(count):
    return [found(Category.PRESSURE)] * count


@pytest.mark.parametrize(("before", "now", "rises"), [
    ([0, 1], 2, True), ([5, 0, 2], 4, True), ([1, 1], 2, False), ([3, 2], 1, False),
    ([1], 3, False), ([], 9, False),
])
def test_demands_that_rise_over_three_letters_are_told(before, now, rises):
    remarks = across("Dear you", demands(now), [demands(count) for count in before], [])
    assert [remark.rule for remark in remarks] == ["across.rising"] * rises


@pytest.mark.parametrize("again", [
    "you must answer me soon", "YOU MUST\nANSWER ME, soon",
    "yоu mu\u200bst ánswer me soon", "And you must answer me soon!",
])
def test_what_was_returned_is_told_when_it_comes_again(again):
    text = f"Dear you, {again}. Goodbye."
    (remark,) = across(text, [], [], ["You must answer me soon"])
    assert remark.rule == "across.again"
    assert (text[remark.start : remark.end] == remark.quote
            and "nswer me" in remark.quote.replace("\n", " ").lower())


@pytest.mark.parametrize("text", ["", "Dear you, I must do it.", "answer me you must soon",
                                  "İ must answer"])
def test_other_words_are_not_what_was_returned(text):
    assert across(text, [], [], ["You must answer me soon", "sorry", "", "my love"]) == ()


def test_the_writer_is_shown_the_sentence_and_kind_words():
    (one,) = self_check(TEXT, [found(Category.PRESSURE)], Role.RESPONSIBLE)
    assert one.sentence == "You must answer me soon!" == TEXT[one.start : one.end]
    assert one.words.endswith("Would you like to look at it again?")


@pytest.mark.parametrize("category", [kind for kind in Category if kind not in SHOWN])
def test_what_could_be_used_to_get_round_the_review_is_never_shown(category):
    assert self_check(TEXT, [found(category)], Role.RESPONSIBLE) == ()
    assert not {Category.CONTACT, Category.HIDDEN, Category.THREAT} & set(SHOWN)


def test_a_place_that_hides_something_is_not_shown_either():
    assert self_check(TEXT, [found(Category.PRESSURE), found(Category.HIDDEN, quote="answer")],
                      Role.RESPONSIBLE) == ()


def test_the_person_harmed_is_shown_something_only_if_they_ask():
    assert self_check(TEXT, [found(Category.PRESSURE)], Role.HARMED) == ()
    assert len(self_check(TEXT, [found(Category.PRESSURE)], Role.HARMED, asked=True)) == 1


def test_never_more_suggestions_than_can_be_taken_in():
    text = "You must answer me. " * 30
    findings = [Finding(Category.PRESSURE, Severity.NOTE, at, at + 8, "You must", "Why.",
                        "pressure.x")
                for at in range(0, len(text), 20)] * 2
    assert len(self_check(text, findings, Role.RESPONSIBLE)) == MOST


def test_both_take_what_the_screening_gives():
    findings = screen(TEXT, Role.RESPONSIBLE)
    self_check(TEXT, findings, Role.RESPONSIBLE)
    across(TEXT, findings, [findings], [found.quote for found in findings])
