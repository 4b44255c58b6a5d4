"""Passwords: six words drawn fairly are offered, what many choose is refused, and nothing else is
asked."""

import os
from collections import Counter
from itertools import count

import pytest

from letters.rules.errors import NotAcceptable
from letters.rules.roles import Role
from letters.workflow.accounts import password_rules
from letters.workflow.accounts.invite import acceptable_password
from letters.workflow.accounts.password_rules import (
    _list,
    _word,
    is_six_words,
    refuse_common,
    six_words,
)

REFUSED = ["123456789012", "passwordpassword", "Password1234!", "PASSWORD 2024", "aaaaaaaaaaaaaaaa",
           "abababababab",
           "abcdefghijklmnop", "qwertyuiop123", "pass word pass word", "letmein!!!!!!!",
           "zyxwvutsrqponmlk",
           "iloveyou2027", "abcabcabcabcabc", "qwertyuiopqwertyuiop", "trustno1trustno1"]
FINE = ["seven quiet words in a row", "jdkw29dk38fj", "4815162342108",
        "correct horse battery staple", "ÄÖÜ äöü ßßß éé",
        "          x            y", "dragons ate my homework", "\u202e" * 12 + "abcdefg"]


@pytest.mark.parametrize("password", REFUSED)
def test_what_many_choose_is_refused(password: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        refuse_common(password)
    assert password not in refused.value.words


@pytest.mark.parametrize("password", FINE)
def test_nothing_else_is_asked_of_a_password(password: str) -> None:
    refuse_common(password)


def test_composed_and_decomposed_are_one() -> None:
    for form in ("Mu\u0308ller-Mu\u0308ller1", "M\u00fcller-M\u00fcller99"):
        with pytest.raises(NotAcceptable):
            refuse_common(form, "m\u00fcller-m\u00fcller")


@pytest.mark.parametrize("password",
                         ["hanna.harmed", "Hanna.Harmed2027", "x hanna.harmed!", "Messages2027!",
                          "messages messages"])
def test_ones_own_names_are_refused(password: str) -> None:
    with pytest.raises(NotAcceptable):
        refuse_common(password, "Hanna.Harmed", "Messages")
    refuse_common("hanna.harmed walks in rain", "Hanna.Harmed", "Messages")


@pytest.mark.parametrize(("role", "least"),
                         [(Role.HARMED, 12), (Role.RESPONSIBLE, 12), (Role.FACILITATOR, 16),
                          (Role.ADMINISTRATOR, 16)])
def test_how_long_a_password_must_be(role: Role, least: int) -> None:
    password = "kx yz pw vb nm qr st"
    acceptable_password(password[:least], role)
    with pytest.raises(NotAcceptable):
        acceptable_password(password[:least - 1], role)


def test_what_is_offered_is_acceptable_for_everybody_and_is_known_again() -> None:
    seen = {six_words(os.urandom) for _ in range(200)}
    assert len(seen) == 200
    for words in seen:
        acceptable_password(words, Role.FACILITATOR, "hanna", "Messages")
        assert is_six_words(words)
    for other in ("", "abacus", "<b>x</b> " * 6, "abacus " * 6, "abacus " * 5 + "nonsenseword"):
        assert not is_six_words(other)


def test_each_word_is_as_likely_as_any_other() -> None:
    thrown = (number.to_bytes(2) for number in count())
    words = Counter(_word(lambda _: next(thrown)) for _ in range(8 * len(_list())))
    assert set(words.values()) == {8} and len(words) == 7776
    thrown = (number.to_bytes(2) for number in (0x1FFF, 7776, 7775))
    assert password_rules._word(lambda _: next(thrown)) == "zoom"
