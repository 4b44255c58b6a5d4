"""A screening that fails or does not come to an end: the letter is kept, and never passes as
clean."""

from dataclasses import replace
from threading import Event

import pytest

from letters.rules.errors import FindingsOpen
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.screening import Finding, Preferences, Severity
from letters.workflow.decision import decide
from letters.workflow.platform import Screening
from letters.workflow.review import read_letter
from letters.workflow.screening import sealed_findings
from letters.workflow.writing import write
from tests.cast import PASSWORD, Cast


def fails(text: str, writer: Role, preferences: Preferences) -> tuple[Finding, ...]:
    """Cannot read this letter."""
    raise MemoryError(text)


def never_ends(text: str, writer: Role, preferences: Preferences) -> tuple[Finding, ...]:
    """Waits for what does not come."""
    Event().wait(5)
    return ()


@pytest.mark.parametrize("screening", [fails, never_ends])
def test_what_cannot_be_screened_says_so_at_the_highest_care(
    cast: Cast, screening: Screening
) -> None:
    platform = replace(cast.platform, screening=screening)
    (found,) = sealed_findings.screened(platform, "I am sorry.", Role.HARMED, Preferences(),
                                        patience=0.05)
    assert found.severity is Severity.URGENT and "not screened" in found.why
    assert not sealed_findings.was_screened((found,))


def test_rule_13_a_letter_that_was_not_screened_is_kept_and_read_by_two(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    platform, letter = replace(cast.platform,
                               screening=fails), cast.draft(cast.harmed, "I am angry.")
    draft = cast.row(letter).draft_id
    assert draft is not None
    write.submit(platform, cast.harmed.me, letter, draft)
    assert "MemoryError" in caplog.text and "angry" not in caplog.text
    read_letter.claim(platform, cast.first.me, letter)
    assert "not screened" in read_letter.letter_for(platform, cast.first.me, letter).findings[0].why
    assert "not screened" in cast.first.browser().open(f"/desk/{letter}").text
    version = cast.row(letter).submitted_id
    assert version is not None
    with pytest.raises(FindingsOpen):
        decide.approve(platform, cast.first.me, letter, version, PASSWORD)
    cast.approve(letter, cast.first)
    assert cast.state(letter) is not State.APPROVED
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.APPROVED
