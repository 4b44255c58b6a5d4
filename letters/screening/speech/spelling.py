"""What is written as it is texted, spoken or mistyped, in the usual spelling: rules need not
foresee how a word can be misspelled."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from jellyfish import damerau_levenshtein_distance, metaphone

from letters.screening.speech.rules import PATTERNS, spellings
from letters.screening.text.english_words import known
from letters.screening.text.normalise import View

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)?")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")
_OF_RULES = re.compile(rb"([a-z]{5,})(\??)")
_LEAST_NEAR, _LONGEST_NEAR, _FARTHEST = 5, 20, 2
"""Shorter words are near to too many others, longer ones to none; a mistyped word sounds like the
one that is meant and differs by a letter or two. Looks alone would make "genital" of "genial"."""


def spelled(view: View) -> View:
    """The sentences that have a word with another usual spelling, written with that; each of its
    letters has a place within the word that stands there. Often empty."""
    text = view.text
    meant = {word: usual for word in set(_WORD.findall(text)) if (usual := _meant(word))}
    pieces, places = list[str](), list[int]()
    for sentence in _SENTENCE.finditer(text) if meant else ():
        words = [word for word in _WORD.finditer(text, *sentence.span()) if word.group() in meant]
        if words:
            for piece, origins in _respelled(text, sentence.span(), words, meant):
                pieces.append(piece)
                places += origins
    return view.pick("".join(pieces), places)


def _respelled(text: str, sentence: tuple[int, int], words: list[re.Match[str]],
               meant: Mapping[str, str]) -> Iterator[tuple[str, Iterator[int]]]:
    done, last = sentence
    for word in words:
        start, end = word.span()
        usual = meant[word.group()]
        yield text[done:start], iter(range(done, start))
        yield usual, (min(start + at, end - 1) for at in range(len(usual)))
        done = end
    yield text[done:last], iter(range(done, last))


@lru_cache(maxsize=8192)
def _meant(written: str) -> str | None:
    """The usual word for one that is written otherwise; None for a usual word and for a name."""
    word = written.lower().replace("’", "'")
    usual = _usual()
    if word in usual:
        return usual[word]
    if (not word.isalpha() or not _LEAST_NEAR <= len(word) <= _LONGEST_NEAR
        or word in _words_of_rules() or known(word)):
        return None
    if word.endswith("in") and known(f"{word}g"):
        return f"{word}g"
    if written[0].isupper() and not written.isupper():
        return None
    near = [(far, other) for other in _by_sound().get(metaphone(word), ())
            if other[0] == word[0]
            and (far := damerau_levenshtein_distance(word, other)) <= _FARTHEST]
    return min(near)[1] if near else None


@cache
def _usual() -> Mapping[str, str]:
    return {form: word for word, forms in spellings().items() for form in forms.split()}


@cache
def _words_of_rules() -> frozenset[str]:
    """The words and stems that rules are made of, with and without a last letter that may be
    missing."""
    found = {(word, word[:-1] if maybe else word) for pattern in PATTERNS
             for word, maybe in _OF_RULES.findall(pattern.written)}
    return frozenset(word.decode() for both in found for word in both)


@cache
def _by_sound() -> Mapping[str, list[str]]:
    """The words of the rules that a word can be meant for."""
    found = defaultdict[str, list[str]](list)
    for word in sorted(filter(known, _words_of_rules())):
        found[metaphone(word)].append(word)
    return found
