"""Contrast of the stylesheet's own colours, light and dark (WCAG 1.4.3, 1.4.6, 1.4.11); the formula
is WCAG's."""

import re

import pytest

from letters.config import ROOT

STYLE = (ROOT / "static" / "style.css").read_text("utf-8")
BEHIND = ("ground", "panel", "paper", "field", "pine-wash", "honey")
"""What words and controls stand on."""
READ = [(ink, behind) for ink in ("ink", "soft", "pine") for behind in BEHIND] + [
    ("on-pine", "pine"), ("honey-ink", "honey"), ("red", "ground"), ("red", "red-wash"),
    ("ink", "red-wash")]
MARKED = [(line, behind) for line in ("control", "pine", "focus", "honey-line")
          for behind in BEHIND[:4]] + [
    ("honey-line", "honey"), ("red", "red-wash"), ("exit-line", "panel")]
"""Edges of fields and buttons, the ring of the focus, frames that say something."""


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
                   for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2])
    return {"light": light, "dark": light | dark}


SCHEMES = _schemes()


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts = [int(digits[at:at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_is_the_known_one() -> None:
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_stand_out_seven_to_one(scheme: str) -> None:
    colors = SCHEMES[scheme]
    pale = {pair: round(found, 2) for pair in READ
            if (found := contrast(colors[pair[0]], colors[pair[1]])) < 7}
    assert pale == {}
    assert contrast("#fff", colors["exit"]) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_can_be_used_stands_out_three_to_one(scheme: str) -> None:
    colors = SCHEMES[scheme]
    pale = {pair: round(found, 2) for pair in MARKED
            if (found := contrast(colors[pair[0]], colors[pair[1]])) < 3}
    assert pale == {}


def test_every_color_of_a_rule_is_one_of_these() -> None:
    below = STYLE.split("*, ::before", 1)[1]
    # the last on white paper
    own = set(re.findall(r"(?<![\w-])#[0-9a-f]{3,8}\b", below)) - {"#fff", "#000", "#333"}
    assert own == set(), "a color that no test computes"
