"""WCAG 2.2 AA, as axe finds it on a page."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {"runOnly": {"type": "tag",
                     "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
         "resultTypes": ["violations"]}
VIOLATIONS = """async rules => (await axe.run(rules)).violations.flatMap(
  one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`))"""
"""What axe says of the rest would take longer to hand over than all of it to find."""


def load(page: Page) -> None:
    """Bring axe into a page."""
    page.evaluate(AXE_SCRIPT)


def violations(page: Page, contrast: bool = True) -> list[str]:
    """What is wrong on this page, each with the place. ``contrast``: of all rules by far the
    slowest."""
    found: list[str] = page.evaluate(VIOLATIONS,
                                     {**RULES, "rules": {"color-contrast": {"enabled": contrast}}})
    return found
