"""Our own texts by phenomenon: the least that is found of what was meant, and left alone of what
only looks like it."""

import json
from pathlib import Path

import pytest

from letters.rules.roles import Role
from letters.screening import Category, Preferences, screen

FOLDER = Path(__file__).with_name("challenges")


def of(category):
    rows = [json.loads(line)
            for line in (FOLDER / f"{category}.jsonl").read_text("utf-8").splitlines()]
    found = []
    for row in rows:
        wishes = {key: tuple(value) if isinstance(value, list) else value
                  for key, value in row.get("preferences", {}).items()}
        findings = screen(row["text"], Role(row["writer"]), Preferences(**wishes))
        found.append((row, any(one.category is Category(category) for one in findings)))
    return found


@pytest.mark.parametrize("category", list(Category))
def test_what_is_meant_is_found_and_what_only_looks_like_it_is_not(category):
    rows = of(category)
    missed = [row["text"] for row, found in rows if row["label"] and not found]
    wrong = [row["text"] for row, found in rows if not row["label"] and found]
    positives = sum(row["label"] for row, _ in rows)
    assert positives >= 40 and len(rows) - positives >= 40
    assert len(missed) <= 0.10 * positives, missed
    assert len(wrong) <= 0.05 * (len(rows) - positives), wrong
