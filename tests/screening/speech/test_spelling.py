"""The usual spelling of what is texted, spoken or mistyped; names and usual words stay."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.roles import Role
from letters.screening import screen
from letters.screening.speech.rules import FOLDER
from letters.screening.speech.spelling import spelled
from letters.screening.text.normalise import as_written

FORMS = {form: usual
         for usual, forms in yaml.safe_load((FOLDER / "english/_spelling.yaml").read_text()).items()
         for form in forms.split()}


@pytest.mark.parametrize(("written", "meant"), [
    ("u made me do it", "you made me do it"),
    ("Ye cannae hide.", "you can't hide."),
    ("wot wud ppl fink", "what would people think"),
    ("nobody wud beleive yer story", "nobody would believe your story"),
    ("he was shoutin at me", "he was shouting at me"),
    ("they thretened me, and you beged", "they threatened me, and you begged"),
])
def test_a_word_is_read_as_it_is_meant(written: str, meant: str) -> None:
    assert spelled(as_written(written)).text == meant


@pytest.mark.parametrize("text", [
    "I have thought about you for a long time.", "Mr Killan and Ann Hurst came.", "Sorr, Hurtt.",
    "My ward officer, my course and my cell.", "",
])
def test_usual_words_and_names_stay(text: str) -> None:
    assert spelled(as_written(text)).text == ""


def test_only_the_sentences_with_such_a_word_are_read_again_and_every_place_is_its_own() -> None:
    text = "I was there. U made me do it! It was late. Nobdy came."
    again = spelled(as_written(text))
    assert again.text == "you made me do it! nobody came."
    at = again.text.index("made")
    assert again.span(at, at + 4) == (text.index("made"), text.index("made") + 4)
    assert again.span(0, 3) == (text.index("U"), text.index("U") + 1)


def test_no_form_is_a_usual_word_or_stands_for_two() -> None:
    listed = yaml.safe_load((FOLDER / "english/_spelling.yaml").read_text())
    forms = [form for its in listed.values() for form in its.split()]
    assert len(forms) == len(set(forms)) and all(isinstance(usual, str) for usual in listed)
    assert not set(forms) & set(listed)


@given(st.lists(st.sampled_from([*FORMS, "you", "é", ". ", "!", "İ", "\n", "😀"]), max_size=30)
       .map(" ".join) | st.text(max_size=120))
def test_every_letter_of_it_has_a_place_in_the_text(text: str) -> None:
    again = spelled(as_written(text))
    assert len(again.text) == len(again.origin)
    assert all(0 <= place < len(text) for place in again.origin)
    assert list(again.origin) == sorted(again.origin)


def test_a_threat_is_found_however_it_is_spelled() -> None:
    for text in ("il kil u", "I wil kill yous", "ah'll kill ye", "i will stabb you"):
        assert {one.category for one in screen(text, Role.RESPONSIBLE)} >= {"threat"}, text
