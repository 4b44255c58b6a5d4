"""A long passage of a letter in a message is found; what the check cannot find is said here,
too."""

import pytest

from letters.rules.letter.quotations import RUN, quotes

LETTER = (
    "I don't ask for anything. I only want you to know that it was never, at any time, your doing."
)
PASSAGE = "want you to know that it was never, at any time, your doing"


@pytest.mark.parametrize("message", [
    f"They write: {PASSAGE}.", PASSAGE.upper(), PASSAGE.replace(" ", "\n"),
    PASSAGE.replace(",", " –"),
    PASSAGE.replace("never", "ne\u00adver"),
    "so I dont ask for anything i only want you to know that", LETTER])
def test_a_passage_is_found_whatever_its_capitals_signs_and_lines(message: str) -> None:
    assert quotes(message, LETTER)


@pytest.mark.parametrize("message", [
    "", "Friday at three.", " ".join(PASSAGE.split()[:RUN - 1]),
    PASSAGE.replace("never", "truly never"),
    "want you to see that it was never at any time your own doing"])
def test_a_shorter_run_or_other_words_are_not(message: str) -> None:
    assert not quotes(message, LETTER)


def test_a_letter_that_is_shorter_than_a_passage_has_none() -> None:
    assert not quotes("I am sorry.", "I am sorry.")
