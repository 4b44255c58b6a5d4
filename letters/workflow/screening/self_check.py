"""The gentle look at one's own letter before it is handed in.
Nothing of it is kept, and it holds nothing back."""

from letters.rules.roles import Role
from letters.screening import Preferences
from letters.screening.self_check import SelfCheckSuggestion, self_check
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.screening import sealed_findings

PATIENCE = 3.0
"""Seconds that the page waits; without an answer by then it is shown without suggestions."""


def suggestions_for(platform: Platform, me: SignedIn, text: str,
                    asked: bool) -> tuple[SelfCheckSuggestion, ...]:
    """Suggestions on the writer's own text; for the person harmed only if she asked.

    It reads neither the case's list nor the other's wishes: a writer who tries things out must
    learn nothing of them.
    Returns an empty tuple if the screening fails.
    """
    if me.role is Role.HARMED and not asked:
        return ()
    found = sealed_findings.screened(
        platform, text, me.role, Preferences(platform.country, platform.other_countries), PATIENCE
    )
    return self_check(text, found, me.role, asked) if sealed_findings.was_screened(found) else ()
