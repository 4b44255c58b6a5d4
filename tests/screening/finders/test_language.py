"""What is not English is said to be unread, sentence by sentence."""

import json
from pathlib import Path

import pytest

from benchmarks.corpus import CORPUS, half, sets
from letters.rules.roles import Role
from letters.screening import screen
from letters.screening.finders.language import other_languages

FOREIGN = json.loads(Path(__file__).with_name("foreign.json").read_text(encoding="utf-8"))
"""Sentences of six words or more, by language; of scripts without spaces, of six signs or more."""
AROUND = ("I have thought about that day for a long time. ", " I hope that you are safe.")


@pytest.mark.parametrize("language", FOREIGN)
def test_a_foreign_sentence_is_marked_alone_and_within_english(language: str) -> None:
    for sentence in FOREIGN[language]:
        for before, after in (("", ""), AROUND):
            (hit,) = other_languages(f"{before}{sentence}{after}")
            assert (hit.start, hit.end) == (len(before), len(before) + len(sentence))


def test_a_threat_in_another_language_is_said_to_be_unread() -> None:
    found = screen("".join((AROUND[0], FOREIGN["Czech"][0], AROUND[1])), Role.RESPONSIBLE)
    assert [one.rule for one in found] == ["hidden.language"]


def test_no_english_of_any_voice_is_marked() -> None:
    hides = {"category": "hidden", "label": True}  # a cipher is no English
    texts = [row["text"] for _, rows in sets(CORPUS) for row in rows
             if half(row["text"]) == "tune" and not hides.items() <= row.items()]
    marked = [text for text in texts if any(other_languages(text))]
    assert len(texts) > 900 and not marked
