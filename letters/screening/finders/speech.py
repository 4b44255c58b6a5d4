"""Recognises patterns of speech: who says what to whom, unless it is
denied, in the past, or only quoted.

The rules are data, one YAML file a category in `speech/`; `speech/_words.yaml` holds the fragments
that they share. They run on a lower-cased copy of the text in plain ASCII and of equal length, so
that a place in the copy is a place in the text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import re2  # type: ignore[import-untyped, unused-ignore]
import yaml
from yaml.constructor import SafeConstructor

from letters.screening.findings import Category, Hit, Severity
from letters.screening.text.patterns import ROOM

FOLDER = Path(__file__).parents[1] / "speech"
# How much of the sentence around a place `unless` reads: enough for speech,
# and bounded for linear time.
AROUND = 160
# The number of patterns that go through a text at once. One machine for all of them would
# be rebuilt for each new text, forty times slower than many small ones, which soon have
# every state that they ever need.
TOGETHER = 12
_PLAIN = dict.fromkeys("‘’‛′`´", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―", "-")
_PLACE, _INSIDE = "@", "@="


@dataclass(frozen=True)
class Rule:
    """A rule's meaning: its severity by writer (None: not looked at), and
    why it matters, in one sentence."""

    id: str
    category: Category
    severity: Severity | None
    harmed: Severity | None
    why: str


@dataclass(frozen=True)
class _Reading:
    """How one pattern is read: its rule, the context that excuses its place, and
    whether it counts in a quotation too."""

    rule: str
    pattern: bytes
    beside: bytes
    within: bytes
    inside: bytes
    quoted: bool


def spoken(text: str) -> Iterator[Hit]:
    """Every place where a rule applies, by rule and then by place;
    offsets count code points of `text`.

    Pure and deterministic, in time linear in the text. Hits may overlap.
    """
    plain = _plain(text)
    matched = sorted(first + index for first,
                     together in _SETS for index in together.Match(plain) or ())
    if not matched:
        return
    scene = _Scene(plain)
    for index in matched:
        reading = _READINGS[index]
        for match in _compiled(reading.pattern).finditer(plain):
            start, end = _trimmed(plain, *match.span())
            if not scene.lets_go(reading, start, end):
                yield Hit(reading.rule, start, end)


class _Scene:
    """A text with its sentences and its quotations, each found once."""

    def __init__(self, plain: bytes) -> None:
        self._plain = plain
        self._ends = [match.end() for match in _SENTENCE_END.finditer(plain)]
        self._quotes = [match.span() for match in _QUOTE.finditer(plain)]
        self._closed = [end for _, end in self._quotes]

    def lets_go(self, reading: _Reading, start: int, end: int) -> bool:
        """True if the rule does not mean this place: denied, reported, taken back, only quoted."""
        first, last = self._sentence(start, end)
        before, after = (
            self._plain[max(first, start - AROUND) : start],
            self._plain[end : min(last, end + AROUND)],
        )
        if not reading.quoted and self._is_quoted(start, end):
            return True
        place = self._plain[start:end]
        if reading.inside and _compiled(reading.inside).search(place):
            return True
        if reading.within and _compiled(reading.within).search(before + place + after):
            return True
        clause = _TURN.split(before)[-1]
        return bool(reading.beside
                    and _compiled(reading.beside).search(clause + _PLACE.encode() + after))

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        index = bisect_right(self._ends, start)
        after = bisect_right(self._ends, end)
        return (
            self._ends[index - 1] if index else 0,
            self._ends[after] if after < len(self._ends) else len(self._plain),
        )

    def _is_quoted(self, start: int, end: int) -> bool:
        """True within quotation marks whose words are spoken about, before or
        after; a bare quotation is speech."""
        index = bisect_right(self._closed, start)
        if index == len(self._quotes):
            return False
        opened, closed = self._quotes[index]
        if not opened <= start or not end <= closed:
            return False
        before, after = self._plain[max(0, opened - 80) : opened], self._plain[closed : closed + 80]
        return bool(_QUOTING.search(before) or _QUOTED_OF.search(after))


def _plain(text: str) -> bytes:
    """Lower case in ASCII, one byte a character: a character without such a form reads
    as a letter `_` or as a space."""
    return text.translate({ord(char): _plain_character(char) for char in set(text)}).encode("ascii")


def _plain_character(char: str) -> str:
    form = _PLAIN.get(char) or char.lower()
    if len(form) == 1 and form.isascii():
        return form
    return "_" if char.isalnum() else " "


def _trimmed(plain: bytes, start: int, end: int) -> tuple[int, int]:
    """The place without the punctuation and space at its ends that the pattern needed."""
    place = plain[start:end]
    return (start + len(place) - len(place.lstrip(_AROUND_WORDS)),
            end - len(place) + len(place.rstrip(_AROUND_WORDS)))


_AROUND_WORDS = bytes(code for code in range(128) if not chr(code).isalnum())


def _loaded(path: Path) -> Any:
    """The contents of a file without its examples, which are most of
    it; only its test reads them."""
    with path.open("rb") as file:
        root = yaml.compose(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    _leave_out_examples(root)
    return SafeConstructor().construct_document(root)


def _leave_out_examples(node: Any) -> None:
    for key, value in node.value:
        if key.value == "rules":
            for rule in value.value:
                rule.value = [pair for pair in rule.value if pair[0].value not in _EXAMPLES]


def _fragments() -> dict[str, str]:
    """The shared fragments by their placeholder, each with the fragments above it filled in."""
    words: dict[str, str] = {}
    for name, written in _loaded(FOLDER / "_words.yaml").items():
        words[f"{{{name}}}"] = (
            f"(?:{_filled('|'.join([written] if isinstance(written, str) else written), words)})"
        )
    return words


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return _FRAGMENT.sub(lambda found: words.get(found[0], found[0]), pattern)


@cache
def _pattern(written: str) -> bytes:
    """The pattern with its fragments filled in; a space is any space, perhaps with a
    comma; an apostrophe may be missing."""
    spaced = _filled(written, _WORDS).replace(" ?", r"[\s,]*").replace(" ", r"[\s,]+")
    return spaced.replace("'", "'?").encode("ascii")


def _whole_words(written: str) -> str:
    return rf"(?:^|\b)(?:{written})(?:\b|$)"


def _beside(written: str) -> str:
    """The pattern for the surroundings of a place: it also ends with a whole word,
    if it ends with a word at all."""
    in_words = written.endswith(")") and "{END}" not in written
    return rf"(?:{written})(?:\b|$)" if in_words else written


def _options() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.max_mem = ROOM
    options.log_errors = False
    return options


def _compiled(pattern: bytes) -> Any:
    """The pattern, compiled on first use: few letters need many."""
    found = _COMPILED.get(pattern)
    if found is None:
        found = _COMPILED[pattern] = re2.compile(pattern, options=_OPTIONS)
    return found


def _read() -> tuple[dict[str, Rule], list[_Reading]]:
    """All rules of the folder. Refuses two of one name."""
    rules, readings = dict[str, Rule](), list[_Reading]()
    for path in sorted(FOLDER.glob("[a-z]*.yaml")):
        written = _loaded(path)
        for entry in written["rules"]:
            rule, its = _rule(Category(path.stem), written, entry)
            if rule.id in rules:
                raise ValueError(f"two rules are called {rule.id}")
            rules[rule.id] = rule
            readings += its
    return rules, readings


def _rule(category: Category, usual: Mapping[str, Any],
          entry: Mapping[str, Any]) -> tuple[Rule, list[_Reading]]:
    """A rule and its patterns. Settings that it does not give come from its file;
    its `unless` adds to the file's."""
    said = {"quoted": False, **usual, **entry}
    severity, harmed = (Severity(said[who]) if said[who] else None
                        for who in ("severity", "harmed"))
    rule = Rule(said["id"], category, severity, harmed, said["why"])
    unless = [*usual.get("unless", ()), *entry.get("unless", ())]
    inside = [_whole_words(each.removeprefix(_INSIDE)) for each in unless
              if each.startswith(_INSIDE)]
    rest = [each for each in unless if not each.startswith(_INSIDE)]
    beside = [_beside(each) for each in rest if _names_place(each)]
    within = [_whole_words(each) for each in rest if not _names_place(each)]
    by, around, of_itself = (_pattern("|".join(each)) for each in (beside, within, inside))
    patterns = [_pattern(_whole_words(each)) for each in said["patterns"]]
    return rule, [_Reading(rule.id, pattern, by, around, of_itself, said["quoted"])
                  for pattern in patterns]


@cache
def _names_place(written: str) -> bool:
    return _PLACE in _filled(written, _WORDS)


def _set(readings: Sequence[_Reading]) -> Any:
    found = re2.Set.SearchSet(_OPTIONS)
    for reading in readings:
        found.Add(reading.pattern)
    found.Compile()
    return found


_EXAMPLES = frozenset({"matches", "passes"})
_OPTIONS = _options()
_FRAGMENT = re.compile(r"\{[A-Z][A-Z0-9_]*\}")
_COMPILED: dict[bytes, Any] = {}
_WORDS = _fragments()
_SENTENCE_END = re2.compile(rb"[.!?]+[\"')\]]*(?:\s+|$)|\n\s*\n", options=_OPTIONS)
_QUOTE = re2.compile(rb"\"[^\"\n]{1,400}\"|\B'\w[^'\"\n]{0,300}'\B", options=_OPTIONS)
_TURN = re2.compile(rb"\bbut\b|\bhowever\b|;", options=_OPTIONS)
_QUOTING = re2.compile(_pattern(r"\b{QUOTING}\b[^.!?]*$"), options=_OPTIONS)
_QUOTED_OF = re2.compile(_pattern(r"^[\s,]*{QUOTED_OF}\b"), options=_OPTIONS)
_RULES, _READINGS = _read()
RULES: Mapping[str, Rule] = MappingProxyType(_RULES)
_SETS = [(first, _set(_READINGS[first : first + TOGETHER]))
         for first in range(0, len(_READINGS), TOGETHER)]
