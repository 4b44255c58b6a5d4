"""Patterns that only several letters of one writer show together. For facilitators
alone; nobody else learns of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from letters.screening.findings import Category, Finding
from letters.screening.text.english_words import of as words_of
from letters.screening.text.normalise import as_written, cleaned

_DEMANDS = frozenset({Category.PRESSURE, Category.LEGAL, Category.THREAT})
_LEAST_LETTERS, _LEAST_RISE = 3, 2
# So many words in a row seldom recur by chance, and a returned passage seldom has fewer.
_PHRASE = 4
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Remark:
    """One remark on the newest letter, compared with those before it; `quote`
    stands at `start` in the newest."""

    rule: str
    why: str
    start: int = 0
    end: int = 0
    quote: str = ""


def across(text: str, findings: Sequence[Finding], before: Sequence[Sequence[Finding]],
           returned: Sequence[str]) -> tuple[Remark, ...]:
    """Remarks on a letter, from its findings, those of the letters before it (oldest
    first), and returned passages.

    `returned` holds the quotes that a facilitator asked this writer to change.
    Pure; time is linear in the letter.
    """
    return (*_rising(findings, before), *_again(text, returned))


def _rising(findings: Sequence[Finding], before: Sequence[Sequence[Finding]]) -> Iterator[Remark]:
    counts = [sum(found.category in _DEMANDS for found in each)
              for each in (*before, findings)][-_LEAST_LETTERS:]
    rises = all(earlier < later for earlier, later in pairwise(counts))
    if len(counts) == _LEAST_LETTERS and rises and counts[-1] - counts[0] >= _LEAST_RISE:
        told = ", then ".join(map(str, counts))
        yield Remark("across.rising", f"Demands rise from letter to letter: {told}.")


def _again(text: str, returned: Sequence[str]) -> Iterator[Remark]:
    """Phrases of returned passages that recur in the new letter, however they are written there."""
    view = cleaned(as_written(text))
    words, places = _placed(view.text)
    wanted = {tuple(phrase[at : at + _length(phrase)]) for phrase in map(_spoken, returned)
              if phrase
              for at in range(len(phrase) - _length(phrase) + 1)}
    lengths = sorted({len(phrase) for phrase in wanted}, reverse=True)
    shown, done = 0, 0
    for at in range(len(words)):
        length = next((n for n in lengths if tuple(words[at : at + n]) in wanted), 0)
        if not length:
            continue
        end = at + length
        if at < done:
            continue
        while end < len(words) and tuple(words[end - length + 1 : end + 1]) in wanted:
            end += 1
        done = end
        start, last = view.span(places[at][0], places[end - 1][1])
        yield Remark("across.again", "This was returned once and stands here again.", start, last,
                     text[start:last])
        shown += 1
        if shown == _MOST_SHOWN:
            return


def _length(phrase: Sequence[str]) -> int:
    return min(_PHRASE, len(phrase))


def _spoken(quote: str) -> list[str]:
    """The words of a quote; nothing for one or two words, which recur by chance."""
    words = words_of(cleaned(as_written(quote)).text)
    return words if len(words) > 2 else []


def _placed(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    words, places, at = words_of(text), list[tuple[int, int]](), 0
    lower = text.lower()
    if len(lower) != len(text):  # some capitals change length in lower case; offsets would be wrong
        return [], []
    for word in words:
        start = lower.index(word, at)
        at = start + len(word)
        places.append((start, at))
    return words, places
