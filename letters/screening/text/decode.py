"""Reads what a code hides: entities, markup, tags, reversed direction,
base64, rot13, backwards, acrostics.

Each reading gives a view of the decoded text, to be screened like the letter,
and a hit that says where it was.
"""

import base64
import binascii
import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from html import unescape
from itertools import pairwise
from typing import NamedTuple

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.findings import Hit
from letters.screening.text import english_words
from letters.screening.text.normalise import View


class Decoded(NamedTuple):
    """The decoded text of a place in the letter; `hits` are in the letter's offsets."""

    view: View
    hits: Sequence[Hit]


_ENTITY = re2.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,24});?"
    r"|%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2}|[A-Za-z])*"
)
# Codes that come with text copied from a page.
_COPIED = frozenset("&<>\"'\u00a0 –—…‘’“”£€©®™")
_COMMENT = r"<!--(?:[^-]|-[^-])*-->"
_NAMES = (
    "a|abbr|b|big|blockquote|body|br|button|center|code|dd|del|details|div|dl|dt|em|font|footer|"
    "form|h[1-6]|head|header|hr"
    "|html|i|iframe|img|input|ins|label|li|link|main|mark|meta|nav|noscript|object|ol|option|p|"
    "picture|pre|q|s|script"
    "|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|"
    "template|textarea|tfoot"
    "|th|thead|title|tr|tt|u|ul|video|wbr|xmp"
)
_TAG = rf"(?i:</?(?:{_NAMES})(?:\s[^<>]*|/)?>)"
_MARKUP = re2.compile(f"(?:{_COMMENT}|{_TAG})+|" + r"(?m:^\[//\]:\s?#.*$)")
_TAGS = re2.compile("[\U000e0020-\U000e007e]{2,}")
_OVERRIDE = re2.compile("\u202e([^\u202c\u2069\n]+)")
_BASE64 = re2.compile(
    r"[A-Za-z0-9+/_\-]{12,}(?:\r?\n[A-Za-z0-9+/_\-]{4,})*={0,2}|[A-Za-z0-9+/_\-]{6,}=={0,1}"
)
_LEAST_BASE64 = 12
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_WORD = re2.compile(r"[A-Za-z]{3,}")
_TURNED = frozenset(word for word in english_words.BACKWARDS if len(word) > 2)
_LEAST_TURNED = 2
_SENTENCE = re.compile(r"[^.!?\n]+")
_LONGEST_ACROSTIC, _LEAST_ACROSTIC = 400, 6
_OPENING = re2.compile(r"(?:^|[.!?][\"')\]]*\s+|\n\s*)[\"'(\[]*([A-Za-z])")
_BLANK_LINE = re2.compile(r"\n[ \t]*\n")
_LINE_OPENING = re2.compile(r"(?m)^[ \t\"'(>*\-]*([A-Za-z])")


def unescaped(view: View) -> Decoded:
    """Entities and percent codes as the characters they stand for."""
    pieces, places, hits, done = list[str](), list[int](), list[Hit](), 0
    for match in _ENTITY.finditer(view.text) if "&" in view.text or "%" in view.text else ():
        written, (start, end) = match.group(), match.span()
        read = unescape(written) if written[0] == "&" else _percent(written)
        if read == written or not read:
            continue
        pieces += [view.text[done:start], read]
        places += [*range(done, start), *(min(start + at, end - 1) for at in range(len(read)))]
        done = end
        if not set(read) <= _COPIED:
            hits.append(Hit("hidden.entity", *view.span(start, end)))
    if not done:
        return Decoded(view, ())
    pieces.append(view.text[done:])
    return Decoded(view.pick("".join(pieces), [*places, *range(done, len(view.text))]), hits)


def _percent(written: str) -> str:
    data = bytes.fromhex("".join(written[at + 1 : at + 3] for at in range(len(written))
                                 if written[at] == "%"))
    letters = sum(char.isalpha() for char in data.decode(errors="ignore"))
    if letters < 2:
        return written
    out, at = bytearray(), 0
    while at < len(written):
        if written[at] == "%":
            out += bytes.fromhex(written[at + 1 : at + 3])
            at += 3
        else:
            out += written[at].encode()
            at += 1
    return out.decode(errors="replace")


def unmarked(view: View) -> Decoded:
    """The text without its markup; text that a page would hide remains, and is read."""
    places, hits, done = list[int](), list[Hit](), 0
    text = view.text
    for match in _MARKUP.finditer(text) if "<" in text or "[//]" in text else ():
        start, end = match.span()
        hits.append(Hit("hidden.markup", *view.span(start, end)))
        places += range(done, start)
        within_word = (start and end < len(text)
                       and text[start - 1].isalnum() and text[end].isalnum())
        if match.group().startswith(("<!--", "[//]")):
            places += range(start + 4, end)
        elif not within_word:
            places.append(-1 - start)  # a space stands for the markup
        done = end
    if not hits:
        return Decoded(view, ())
    places += range(done, len(text))
    read = "".join(text[at] if at >= 0 else " " for at in places)
    return Decoded(view.pick(read, [at if at >= 0 else -1 - at for at in places]), hits)


def decoded(letter: View, clean: View) -> Iterator[Decoded]:
    """Every hidden text of the letter, as written and as cleaned, that can be read by itself."""
    yield from _tags(letter)
    yield from _overridden(letter)
    yield from _base64(clean)
    yield from _ciphers(clean)
    yield from _words_turned(clean)
    yield from _acrostics(clean)


def _tags(view: View) -> Iterator[Decoded]:
    for match in _TAGS.finditer(view.text):
        places = range(*match.span())
        yield Decoded(view.pick("".join(chr(ord(view.text[at]) - 0xE0000) for at in places),
                                places), ())


def _overridden(view: View) -> Iterator[Decoded]:
    for match in _OVERRIDE.finditer(view.text):
        places = range(match.end(1) - 1, match.start(1) - 1, -1)
        yield Decoded(view.pick(match.group(1)[::-1], places, turned=True), ())


def _base64(view: View) -> Iterator[Decoded]:
    for match in _BASE64.finditer(view.text):
        written, (start, end) = match.group(), match.span()
        read = _unpacked("".join(written.split()))
        if read:
            places = [start + (end - start) * at // len(read) for at in range(len(read))]
            yield Decoded(view.pick(read, places), [Hit("hidden.encoded", *view.span(start, end))])


def _unpacked(written: str) -> str:
    """The text that was packed as base64 or hexadecimal digits, or nothing if there is none."""
    tried: list[bytes] = []
    if len(written) % 2 == 0 and len(written) >= _LEAST_BASE64 and set(written) <= _HEXADECIMAL:
        tried.append(bytes.fromhex(written))
    if len(written) >= _LEAST_BASE64 or written.endswith("="):
        bare = written.rstrip("=").replace("-", "+").replace("_", "/")
        with suppress(binascii.Error):
            tried.append(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    for data in tried:
        read = data.decode("utf-8", errors="replace")
        says = sum(char.isalnum() or char == " " for char in read)
        if len(read) >= 4 and "\ufffd" not in read and says >= 0.8 * len(read) and all(
            char.isprintable() or char.isspace() for char in read
        ):
            return read
    return ""


def _ciphers(view: View) -> Iterator[Decoded]:
    """Sentences in rot13 or written backwards, recognised by the common words
    that appear when they are decoded."""
    for match in _SENTENCE.finditer(view.text):
        written, (start, end) = match.group(), match.span()
        plain = english_words.of(written)
        if _reads_better(plain, english_words.ROT13, english_words.rot13):
            moved = view.pick(english_words.rot13(written), range(start, end))
            yield Decoded(moved, [Hit("hidden.cipher", *view.span(start, end))])
        elif _reads_better(plain, english_words.BACKWARDS, _reversed):
            places = range(end - 1, start - 1, -1)
            yield Decoded(view.pick(_reversed(written), places, turned=True),
                          [Hit("hidden.backwards", *view.span(start, end))])


def _words_turned(view: View) -> Iterator[Decoded]:
    """Two common words or more that are written backwards among others, each where it stands."""
    if len(_TURNED & set(english_words.of(view.text))) < _LEAST_TURNED:
        return
    found = [match.span() for match in _WORD.finditer(view.text)
             if match.group().lower() in _TURNED and not english_words.known(match.group())]
    if len(found) >= _LEAST_TURNED:
        places = list(range(len(view.text)))
        for start, end in found:
            places[start:end] = reversed(places[start:end])
        read = "".join(view.text[at] for at in places)
        yield Decoded(view.pick(read, places, turned=True),
                      [Hit("hidden.backwards", *view.span(start, end)) for start, end in found])


def _reversed(text: str) -> str:
    return text[::-1]


def _reads_better(plain: Sequence[str], turned: frozenset[str],
                  turn: Callable[[str], str]) -> bool:
    """True if the words read as English once each is turned, and not as they stand. ``turned``:
    the common words as they stand then, so that few sentences have to be turned."""
    seen = english_words.count(plain, turned)
    if not seen or seen <= english_words.count(plain):
        return False
    long = [(ours, turn(ours)) for ours in plain if len(ours) > 2] or [("", "")]
    return (sum(english_words.known(theirs) for _, theirs in long) >= 0.6 * len(long)
            and sum(english_words.known(ours) for ours, _ in long) <= 0.4 * len(long))


def _acrostics(view: View) -> Iterator[Decoded]:
    """First letters of lines or sentences that make words; chance makes
    some, so all of them must be words."""
    tried = set[str]()
    openings = [[match.start(1) for match in pattern.finditer(view.text)]
                for pattern in (_LINE_OPENING, _OPENING)]
    breaks = [match.start() for match in _BLANK_LINE.finditer(view.text)]
    if breaks and len(breaks) < _LONGEST_ACROSTIC:
        edges = [0, *breaks, len(view.text)]
        openings += [openings[0][bisect(openings[0], a - 1) : bisect(openings[0], b - 1)] for a,
                     b in pairwise(edges)]
    for places in openings:
        first = "".join(view.text[at] for at in places)
        if not _LEAST_ACROSTIC <= len(first) <= _LONGEST_ACROSTIC or first in tried:
            continue
        tried.add(first)
        parts = english_words.split(first)
        if parts and _is_message(parts):
            ends = [view.span(at, at + 1) for at in places]
            text, at = " ".join(parts), -1
            order = [places[(at := at + (char != " "))] for char in text]
            yield Decoded(view.pick(text, order),
                          [Hit("hidden.acrostic", ends[0][0], ends[-1][1])])


def _is_message(parts: Sequence[str]) -> bool:
    """True for words that first letters seldom make by chance: few, long, and usual."""
    letters = sum(map(len, parts))
    ranks = [english_words.rank(part) for part in parts]
    return letters >= 3 * len(parts) and max(ranks) <= 4000 and any(rank <= 1000 for rank in ranks)
