"""Texts with answers: where they lie, which half each belongs to, what the screening finds.

The half `tune` is for reading: rules are made from it. Nobody reads the half `check`; its figures
alone are asked. A text stays in its half for good, because its own bytes decide.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

from letters.config import ROOT
from letters.rules.roles import Role
from letters.screening import Finding, Preferences, screen

CORPUS = ROOT / "tests" / "screening" / "corpus"
"""Written by people who never saw the rules, one file a category."""


class Half(StrEnum):
    """The two halves of every set of texts."""

    TUNE = "tune"
    CHECK = "check"


@dataclass(frozen=True)
class Read:
    """A row of a set with the screening's findings in it, and the time it took."""

    row: dict[str, Any]
    findings: Sequence[Finding]
    ms: float


def half(text: str) -> Half:
    """The half of a text, by the first byte of its hash."""
    return Half.CHECK if sha256(text.encode()).digest()[0] % 2 else Half.TUNE


def sets(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every set in the folder by name."""
    for path in sorted(folder.iterdir()):
        found = rows(path)
        if found:
            yield path.stem, found


def rows(path: Path) -> list[dict[str, Any]]:
    """What stands in a `.jsonl` file, or in those of a folder; nothing for any other file."""
    files = (sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
             if path.suffix == ".jsonl" else [])
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()
            if line.strip()]


def read(row: dict[str, Any]) -> Read:
    """Ask the screening, as the row's writer and with its preferences."""
    wishes = {key: tuple(value) if isinstance(value, list) else value
              for key, value in row.get("preferences", {}).items()}
    preferences = Preferences(**{"home_country": row.get("region", "GB")} | wishes)
    before = perf_counter()
    findings = screen(row["text"], Role(row.get("writer", Role.RESPONSIBLE)), preferences)
    return Read(row, findings, (perf_counter() - before) * 1000)
