"""What makes the screening quick changes nothing that it finds: sets that say which patterns occur,
and shortcuts where a text cannot hide anything."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.screening.finders import address, contact, identity, meeting
from letters.screening.text import english_words
from letters.screening.text.patterns import Patterns

ALL = {module.__name__.rpartition(".")[2]: module._RULES
       for module in (address, contact, identity, meeting)}
CHALLENGES = Path(__file__).parents[1] / "challenges"
TEXTS = st.text(st.sampled_from(" .,!?\n@+-/:()'0123456789aAbBeEiImMnNoOrRsStTzé\u200b中"),
                max_size=300)


def challenged() -> Iterator[str]:
    for path in sorted(CHALLENGES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def one_by_one(rules: Patterns, text: str) -> list[tuple[str, tuple[int, int]]]:
    """Each pattern over the whole text."""
    return [(rule, match.span()) for rule, pattern in rules._rules
            for match in pattern.finditer(text)]


@pytest.mark.parametrize("name", ALL)
def test_sets_leave_nothing_out_of_the_challenges(name: str) -> None:
    rules, texts = ALL[name], list(challenged())
    texts += [" ".join(texts[at:at + 7]) for at in range(0, len(texts), 7)]
    for text in texts:
        found = [(rule, match.span()) for rule, _, match in rules.found(text)]
        assert found == one_by_one(rules, text)


@given(TEXTS)
def test_sets_leave_nothing_out(text: str) -> None:
    for rules in ALL.values():
        found = [(rule, match.span()) for rule, _, match in rules.found(text)]
        assert found == one_by_one(rules, text)


@given(st.lists(st.sampled_from(sorted(english_words._usual())), min_size=1, max_size=12))
def test_letters_that_are_words_are_never_left_at_once(words: list[str]) -> None:
    assert english_words._can_be_words("".join(words))


@pytest.mark.parametrize("letters", ["xqzvkj", "helloxqzvkj", "q" * 400, "thexx"])
def test_letters_that_cannot_be_words_are(letters: str) -> None:
    assert not english_words._can_be_words(letters) and english_words.split(letters) == ()


@given(st.text(st.characters(codec="ascii"), max_size=200))
def test_words_that_were_turned_are_the_turned_words(text: str) -> None:
    turned = english_words.of(english_words.rot13(text))
    assert turned == [english_words.rot13(word) for word in english_words.of(text)]
    assert english_words.count(turned) == english_words.count(english_words.of(text),
                                                              english_words.ROT13)
