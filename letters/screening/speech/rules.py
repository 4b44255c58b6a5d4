"""The rules of speech as data: a folder a language, in it a file a category.

`_words.yaml` holds the fragments that a language's rules share, `_moods.yaml` the ways in which a
clause can mean something else than its words, and `_language.yaml` says who has reviewed it all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml
from yaml.constructor import SafeConstructor

from letters.screening.findings import Category, Severity

FOLDER = Path(__file__).parent
PLACE, INSIDE = "@", "@="
QUOTED = "quoted"
"""The mood that is asked of a quotation: whether its words are spoken about. A bare quotation is
speech."""


@dataclass(frozen=True)
class Rule:
    """A rule's meaning: its severity by writer (None: not looked at), and
    why it matters, in one sentence."""

    id: str
    category: Category
    severity: Severity | None
    harmed: Severity | None
    why: str


class Around(NamedTuple):
    """What lets a place go: patterns for what stands before and after it in its clause, anywhere in
    its sentence, and within itself. An empty one never holds."""

    beside: bytes
    within: bytes
    inside: bytes


@dataclass(frozen=True)
class Pattern:
    """One pattern of a rule: the rule, all that lets its place go, also around a quotation that
    it stands in, and the words at which a clause turns."""

    rule: str
    written: bytes
    lets_go: tuple[Around, ...]
    quoted: Around | None
    turn: bytes


@dataclass(frozen=True)
class Language:
    """A folder of rules: the word at which a clause turns ("but"), and who read the rules as a
    native reader; None: nobody has."""

    name: str
    turn: str
    reviewed: str | None
    categories: tuple[Category, ...]


class _Words:
    """The patterns of one language, written with its shared fragments."""

    def __init__(self, folder: Path) -> None:
        self._fragments = dict[str, str]()
        for name, written in _loaded(folder / "_words.yaml").items():
            alternatives = [written] if isinstance(written, str) else written
            self._fragments[f"{{{name}}}"] = f"(?:{self._filled('|'.join(alternatives))})"

    def _filled(self, written: str) -> str:
        return _FRAGMENT.sub(lambda found: self._fragments.get(found[0], found[0]), written)

    def pattern(self, written: str) -> bytes:
        """With the fragments filled in; a space is any space, perhaps with a comma; an apostrophe
        may be missing."""
        spaced = self._filled(written).replace(" ?", r"[\s,]*").replace(" ", r"[\s,]+")
        return spaced.replace("'", "'?").encode("ascii")

    def around(self, written: Sequence[str]) -> Around:
        """What lets a place go: with the mark of the place, next to it; without, within its
        sentence."""
        inside = [_whole_words(each.removeprefix(INSIDE)) for each in written
                  if each.startswith(INSIDE)]
        rest = [each for each in written if not each.startswith(INSIDE)]
        beside = [_to_its_end(each) for each in rest if self._names_place(each)]
        within = [_whole_words(each) for each in rest if not self._names_place(each)]
        return Around(*(self.pattern("|".join(each)) for each in (beside, within, inside)))

    def _names_place(self, written: str) -> bool:
        return PLACE in self._filled(written)


def _whole_words(written: str) -> str:
    return rf"(?:^|\b)(?:{written})(?:\b|$)"


def _to_its_end(written: str) -> str:
    """The pattern for the surroundings of a place: it also ends with a whole word,
    if it ends with a word at all."""
    in_words = written.endswith(")") and "{END}" not in written
    return rf"(?:{written})(?:\b|$)" if in_words else written


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


class _Book:
    """The rules of one language."""

    def __init__(self, folder: Path) -> None:
        self._words = _Words(folder)
        self._moods = {name: self._words.around(written)
                       for name, written in _loaded(folder / "_moods.yaml").items()}
        self._files = {Category(path.stem): _loaded(path)
                       for path in sorted(folder.glob("[a-z]*.yaml"))}
        self.language = Language(**_loaded(folder / "_language.yaml"),
                                 categories=tuple(self._files))
        self._turn = self._words.pattern(f"{_whole_words(self.language.turn)}|;")

    def rules(self) -> Iterator[tuple[Rule, list[Pattern]]]:
        """Each rule with its patterns. What it does not say comes from its file."""
        for category, usual in self._files.items():
            for entry in usual["rules"]:
                said = {**usual, **entry}
                severity, harmed = (Severity(said[who]) if said[who] else None
                                    for who in ("severity", "harmed"))
                rule = Rule(said["id"], category, severity, harmed, said["why"])
                yield rule, list(self._patterns(rule.id, usual, entry))

    def _patterns(self, rule: str, usual: Mapping[str, Any],
                  entry: Mapping[str, Any]) -> Iterator[Pattern]:
        """A rule's own moods and words add to its file's, less those in which it counts `even`."""
        moods = [mood for mood in (*usual["lets_go"], *entry.get("lets_go", ()))
                 if mood not in entry.get("even", ())]
        own = self._words.around([*usual.get("unless", ()), *entry.get("unless", ())])
        lets_go = (*(self._moods[mood] for mood in moods if mood != QUOTED), own)
        for written in entry["patterns"]:
            yield Pattern(rule, self._words.pattern(_whole_words(written)), lets_go,
                          self._moods[QUOTED] if QUOTED in moods else None, self._turn)


def _read(books: Sequence[_Book]) -> tuple[dict[str, Rule], list[Pattern]]:
    """All rules of all languages. Refuses two of one name."""
    rules, patterns = dict[str, Rule](), list[Pattern]()
    for rule, its in (written for book in books for written in book.rules()):
        if rule.id in rules:
            raise ValueError(f"two rules are called {rule.id}")
        rules[rule.id] = rule
        patterns += its
    return rules, patterns


def spellings() -> Mapping[str, str]:
    """The usual words with the other forms of each, in all languages."""
    return {word: forms for path in sorted(FOLDER.glob("*/_spelling.yaml"))
            for word, forms in _loaded(path).items()}


def examples(language: str) -> Mapping[Category, str]:
    """The first example of each category, for people who want to know what is looked for."""
    return {Category(path.stem): yaml.safe_load(path.read_bytes())["rules"][0]["matches"][0]
            for path in sorted((FOLDER / language).glob("[a-z]*.yaml"))}


_EXAMPLES = frozenset({"matches", "passes"})
_FRAGMENT = re.compile(r"\{[A-Z][A-Z0-9_]*\}")
_BOOKS = [_Book(path.parent) for path in sorted(FOLDER.glob("*/_language.yaml"))]
_RULES, PATTERNS = _read(_BOOKS)
RULES: Mapping[str, Rule] = MappingProxyType(_RULES)
LANGUAGES = tuple(book.language for book in _BOOKS)
