"""Questions that become a letter: nothing of what it says already is changed, and no answer is
lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.letter.guidance import Guide, Prompt, Prompts, together
from letters.rules.roles import Role

ONE = Prompt("one", "What?")
GUIDE = Guide(("Take your time.",), (ONE,))


@pytest.mark.parametrize(("before", "answers", "whole"), [
    ("", [], ""), ("", ["", " \n"], ""), ("Dear R,", [], "Dear R,"), ("", ["One."], "One."),
    ("Dear R,", ["One.\n", "", "\n\nTwo.\nAnd."], "Dear R,\n\nOne.\n\nTwo.\nAnd."),
    ("Dear R,\n", ["One."], "Dear R,\n\nOne."), ("Dear R,\n\n\n", ["One."], "Dear R,\n\n\nOne."),
    (" \n", ["One."], " \nOne."), ("", ["  indented "], "  indented ")])
def test_answers_become_paragraphs(before: str, answers: list[str], whole: str) -> None:
    assert together(before, answers) == whole


@given(st.text("a\n ", max_size=9), st.lists(st.text("b\n ", max_size=9), max_size=4))
def test_what_was_there_stays_to_the_letter(before: str, answers: list[str]) -> None:
    whole = together(before, answers)
    assert (whole.startswith(before)
            and whole.count("b") == sum(answer.count("b") for answer in answers))


def test_each_of_the_two_has_a_guide_and_nobody_else() -> None:
    other = Guide(("Name the harm.",), (ONE,))
    prompts = Prompts(GUIDE, other)
    assert {role: prompts.of(role) for role in Role if prompts.of(role)} == {
        Role.HARMED: GUIDE, Role.RESPONSIBLE: other}


@pytest.mark.parametrize("id", ["", "a b", "-", "a/b", "é", "a\n"])
def test_an_id_that_is_none_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="an id is"):
        Prompt(id, "What?")


def test_a_guide_that_helps_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="a question has words"):
        Prompt("one", " ")
    wrong = (((" ",), (ONE,)), (("Words.",), ()), (("Words.",), (ONE, ONE)),
             (("Words.",), (ONE,) * 13))
    for guidance, prompts in wrong:
        with pytest.raises(ValueError):
            Guide(guidance, prompts)
