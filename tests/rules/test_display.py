"""What each calls the two sides: one of a closed list, whatever a row says."""

import pytest

from letters.rules.display import ForHarmed, ForResponsible, word_for_harmed, word_for_responsible


def test_what_was_chosen_is_what_is_said() -> None:
    assert [word_for_harmed(word.value) for word in ForHarmed] == list(ForHarmed)
    assert [word_for_responsible(word.value) for word in ForResponsible] == list(ForResponsible)


@pytest.mark.parametrize("kept", ["", "liar", "Robin", "victim ", "SURVIVOR"])
def test_what_is_on_no_list_is_never_said(kept: str) -> None:
    assert word_for_harmed(kept) is ForHarmed.PERSON_HARMED
    assert word_for_responsible(kept) is ForResponsible.PERSON_WHO_HARMED
