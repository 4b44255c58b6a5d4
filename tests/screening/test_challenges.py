"""Our own texts by phenomenon: the least that is found of what was meant, and left alone of what
only looks like it."""

import json
from pathlib import Path

import pytest

from letters.rules.roles import Role
from letters.screening import Category, Preferences, Severity, screen

FOLDER = Path(__file__).with_name("challenges")
POLISH = [("threat", ""), ("risk", ""), ("contact", "channel: "), ("contact", "meeting: ")]


def read(name):
    """Every text of a file with what was found in it."""
    for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        wishes = {key: tuple(value) if isinstance(value, list) else value
                  for key, value in row.get("preferences", {}).items()}
        yield row, screen(row["text"], Role(row["writer"]), Preferences(**wishes))


def of(category):
    """What is meant counts as found for caution or above; as a note, where no more is intended.
    What only looks like it is wrong at any weight."""
    return [(row, any(one.category is Category(category)
                      and (not row["label"] or one.severity >= least(row)) for one in findings))
            for row, findings in read(category)]


def least(row):
    """Contempt for groups is a note unless it is said to the reader (decision 0025), and so is much
    of what the person harmed writes (rule 14)."""
    quiet = row["writer"] == Role.HARMED or row["phenomenon"] == "hate"
    return Severity.NOTE if quiet else Severity.CAUTION


@pytest.mark.parametrize("category", list(Category))
def test_what_is_meant_is_found_and_what_only_looks_like_it_is_not(category):
    demand(of(category), at_least=40)


@pytest.mark.parametrize(("category", "kind"), POLISH)
def test_what_is_meant_in_polish_is_found_by_the_rules_for_polish(category, kind):
    """A finding of any other rule is none: a number is one in every language."""
    demand([(row, any(one.rule.startswith(f"{category}.polish-") for one in findings))
            for row, findings in read("polish")
            if row["category"] == category and row["phenomenon"].startswith(kind)], at_least=25)


def demand(rows, at_least):
    missed = [row["text"] for row, found in rows if row["label"] and not found]
    wrong = [row["text"] for row, found in rows if not row["label"] and found]
    positives = sum(row["label"] for row, _ in rows)
    assert positives >= at_least and len(rows) - positives >= at_least
    assert len(missed) <= 0.10 * positives, missed
    assert len(wrong) <= 0.05 * (len(rows) - positives), wrong
