"""The project's own challenge files: functional tests by phenomenon, written after practice.md before the rules."""

import json
from pathlib import Path

import pytest

from letters.screening.speech import FOLDER, RULES, spoken

CHALLENGES = Path(__file__).parent / "challenges"


@pytest.mark.parametrize("category", [path.stem for path in sorted(FOLDER.glob("[a-z]*.yaml"))])
def test_challenges(category):
    rows = [json.loads(line) for line in (CHALLENGES / f"{category}.jsonl").read_text().splitlines()]
    wrong = {True: [], False: []}
    for row in rows:
        if found(row) != row["label"]:
            wrong[row["label"]].append(row["text"])
    for label, right in ((True, 0.90), (False, 0.95)):
        count = sum(row["label"] is label for row in rows)
        assert count >= 40
        assert len(wrong[label]) <= count * (1 - right), wrong[label]


def found(row):
    """True if this writer's sentence gives a finding of the category, however quiet."""
    for hit in spoken(row["text"]):
        rule = RULES[hit.rule]
        if rule.category.value == row["category"] and (rule.harmed if row["writer"] == "harmed" else rule.severity):
            return True
    return False
