"""The parts of a letter: its passages, greeting and signature, and the questions in it.
Pure; only places, no words.

A letter is read part by part (rule 23). Together the parts hold every word of it: a part can never
leave something out (rule 16).
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from letters.rules.errors import NotAcceptable
from letters.rules.translatable import marked

SHORT_LINE = 60
LAST_LINES = 3
FEW_WORDS = 5
MOST_PARTS = 40


class Span(NamedTuple):
    """A stretch of a text, by offsets."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words in this stretch."""
        return text[self.start:self.end]


class PartKind(StrEnum):
    """What a part of a letter is."""

    GREETING = "greeting"
    PART = "part"
    SIGNATURE = "signature"


class Answer(StrEnum):
    """How far a letter answers a question."""

    ANSWERED = "answered"
    PARTLY = "partly"
    NOT = "not"


class Part(NamedTuple):
    """One part of a letter, and its theme if it was given one."""

    start: int
    end: int
    kind: PartKind
    theme: str = ""

    def of(self, text: str) -> str:
        """The words in this part."""
        return text[self.start:self.end]


_BETWEEN = re.compile(r"\n\s*\n")
_LINE = re.compile(r"[^\n]+")
_GREETS = re.compile(r"(?i)\W*(?:dear|hello|hallo|hi|hey|good (?:morning|day|afternoon|evening)|"
                     r"to|greetings)\b")
_CLOSES = re.compile(r"(?i)\W*(?:yours?|sincerely|faithfully|truly|(?:kind |best |warm "
                     r")?(?:regards|wishes)|best|love"
                     r"|respectfully|take care|thank you|thanks|with (?:respect|thanks|kind|best|"
                     r"love|all)|from|signed)"
                     r"\b")
_SENTENCE = re.compile(r"(?P<mark>^- )?(?:[^.!?\n]*[.!?]+[\"'”’)]*|[^.!?\n]+)", re.MULTILINE)
_ASKING = r"(?:ask(?:ed|ing)?|know|understand|hear|learn|be told)\b"
_WHAT = r"(?:why|how|what|when|where|who|whose|whether|if)\b"
_NOT = r"(?:cannot|can't|can not|do not|don't|could not|couldn't|never|can't stop|cannot stop)"
_SAY = r"(?:tell|say|explain|answer)\b"
_ASKS = re.compile("(?i)" + "|".join((
    rf"\bi(?:'d| would| have)? (?:\w+ ){{0,3}}(?:want|like|need|wish|have|love|glad)(?:ed)? to "
    rf"{_ASKING}",
    r"\bi (?:\w+ ){0,4}(?:ask(?:ed|ing)? (?:my|you)|wonder(?:ed|ing)?\b)",
    rf"\bi (?:\w+ )?{_NOT} (?:\w+ ){{0,2}}(?:know|understand|understood|thinking about|see) "
    rf"{_WHAT}",
    r"\bi (?:want|need|would like|deserve|hope for|wait for) (?:\w+ ){0,2}answers?\b",
    rf"\b(?:i(?:'d| would) like|i want|i need|i hope|i wish) (?:that )?you (?:\w+ )?(?:to |can |"
    rf"could |would )?{_SAY}",
    r"\b(?:my|one|the|only) questions? (?:is|are)\b", r"\bwhat i (?:\w+ )?(?:want|need) to know\b",
    rf"\b(?:let me know|explain to me|please {_SAY}|(?:can|could|would|will) you (?:please "
    rf")?{_SAY})",
    rf"\btell me (?:{_WHAT}|the truth\b|about\b|everything\b)",
    rf"\bit would help (?:\w+ )?to {_ASKING}",
    r"\A(?:why|what|who|where|when|how) (?:did|do|does|were|was|are|is|have|had|could|would|can|"
    r"made|happened)\b",
    r"\A(?:did|do|were|are|have|had|could|would|can|will) (?:you|your)\b")))
_WORD = re.compile(r"[^\W\d_]+")
_LITTLE = frozenset("a an the i me my you your we us our it that this to of in on at and or but "
                    "not no do did does don "
                    "didn t s is was are were be been have has had would could can will so what "
                    "which why how when who "
                    "where if whether".split())
"""Words that say nothing about the subject of a sentence."""
_ENDS_ASKING = re.compile(r"\?[?!]*[\"'”’)]*\Z")


def passages(text: str) -> tuple[Span, ...]:
    """The paragraphs of a letter, in order;
    greeting and signature are split off from their paragraphs.

    Passages do not overlap, and only white space lies between them.
    """
    cuts = {cut for cut in (_after_greeting(text), _before_signature(text)) if cut is not None}
    found = []
    for block in _blocks(text):
        edges = [block.start, *sorted(cut for cut in cuts if block.start < cut < block.end),
                 block.end]
        found += [span for span in (_stripped(text, start, end) for start, end in pairwise(edges))
                  if span]
    return tuple(found)


def ends(text: str) -> tuple[int, int]:
    """How many passages at the beginning greet and how many at the end sign,
    as far as can be seen."""
    spans, greets, signs = passages(text), _after_greeting(text), _before_signature(text)
    greeting = sum(greets is not None and span.end <= greets for span in spans)
    signature = sum(signs is not None and span.start >= signs for span in spans)
    return greeting, signature


def divided(text: str, greeting: int, signature: int,
            begins: Sequence[tuple[int, str]]) -> tuple[Part, ...]:
    """A letter in parts: the first passages are its greeting, the last its signature.

    ``begins``: the parts between them, each by the number of its first passage, from one, with its
    theme. Without any, each passage is a part.
    Raises ``NotAcceptable`` for too many passages at the ends, or a part that does not begin
    between them.
    """
    spans = passages(text)
    if not 0 <= greeting <= len(spans):
        raise NotAcceptable("greeting", marked("Write how many passages greet, from 0 to "
                                               "%(count)s."), count=len(spans))
    if not 0 <= signature <= len(spans) - greeting:
        raise NotAcceptable("signature",
                            marked("Write how many passages sign, from 0 to %(count)s."),
                            count=len(spans) - greeting)
    last = len(spans) - signature
    for row, (number, _) in enumerate(begins, 1):
        if not greeting < number <= last:
            raise NotAcceptable(f"from-{row}",
                                marked("A part begins at a passage from %(greeting)s to %(last)s."),
                                greeting=greeting + 1, last=last)
    if len({number for number, _ in begins}) < len(begins):
        raise NotAcceptable("from-1", marked("Two parts begin at the same passage."))
    themes = dict(begins) if begins else dict.fromkeys(range(greeting + 1, last + 1), "")
    starts = sorted({*themes, greeting + 1}) if last > greeting else []
    parts = [Part(spans[0].start, spans[greeting - 1].end, PartKind.GREETING)] if greeting else []
    parts += [Part(spans[first - 1].start, spans[after - 2].end, PartKind.PART,
                   themes.get(first, ""))
              for first, after in pairwise([*starts, last + 1])]
    return (*parts,
            *([Part(spans[last].start, spans[-1].end, PartKind.SIGNATURE)] if signature else []))


def suggested(text: str) -> tuple[Part, ...]:
    """A letter in parts as far as can be seen: greeting and signature apart, each passage a part of
    its own. A long letter has stretches of about the same number of passages."""
    greeting, signature = ends(text)
    between = len(passages(text)) - greeting - signature
    step = -(-between // MOST_PARTS) or 1
    return divided(text, greeting, signature,
                   [(greeting + 1 + at, "") for at in range(0, between, step)])


def as_read(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts as a reader turns them: the greeting goes with the first, the signature with the
    last. Without a part between them, the letter is one."""
    between = [number for number, part in enumerate(parts) if part.kind is PartKind.PART]
    if not parts:
        return ()
    if not between:
        return (Part(parts[0].start, parts[-1].end, PartKind.PART),)
    first, last = between[0], between[-1]
    read = [parts[number] for number in between]
    read[0] = read[0]._replace(start=parts[0].start if first else read[0].start)
    read[-1] = read[-1]._replace(end=parts[-1].end if last < len(parts) - 1 else read[-1].end)
    return tuple(read)


def holds(text: str, parts: Sequence[Part]) -> bool:
    """True if these parts follow one another in this text and no word is outside them."""
    at = 0
    for part in parts:
        if not at <= part.start < part.end <= len(text) or text[at:part.start].strip():
            return False
        at = part.end
    return bool(parts) and not text[at:].strip()


def questions(text: str) -> tuple[Span, ...]:
    """The sentences that end with a question mark or ask in other words, in order;
    a person chooses from them."""
    return tuple(span for span in _sentences(text) if any(mark.isalnum() for mark in span.of(text))
                 and (_ENDS_ASKING.search(span.of(text)) or _ASKS.search(span.of(text))))


def taken_up(text: str, at: int, asked: Sequence[str]) -> int | None:
    """The number, from one, of the question
    that the sentence at this place takes up in the same words.

    A sentence that repeats three of four of a question's words speaks of what was asked.
    Returns None if it takes up none.
    """
    sentence = next((span for span in _sentences(text) if span.start <= at < span.end), None)
    said = _telling(sentence.of(text)) if sentence else frozenset()
    for number, question in enumerate(asked, 1):
        words = _telling(question)
        if len(words) >= 2 and len(words & said) * 4 >= len(words) * 3:
            return number
    return None


def _sentences(text: str) -> Iterator[Span]:
    for match in _SENTENCE.finditer(text):
        span = _stripped(text, match.start() + len(match["mark"] or ""), match.end())
        if span:
            yield span


def _telling(sentence: str) -> frozenset[str]:
    """The words by which two sentences are known to speak of the same; I and you change places."""
    return frozenset(_WORD.findall(sentence.casefold())) - _LITTLE


def _blocks(text: str) -> Iterator[Span]:
    at = 0
    for between in _BETWEEN.finditer(text):
        yield Span(at, between.start())
        at = between.end()
    yield Span(at, len(text))


def _stripped(text: str, start: int, end: int) -> Span | None:
    """The stretch without the white space around it;
    a first line also loses the spaces that it begins with."""
    words = text[start:end]
    if not words.strip():
        return None
    return Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))


def _lines(text: str) -> list[Span]:
    found = (_stripped(text, match.start(), match.end()) for match in _LINE.finditer(text))
    return [span for span in found if span]


def _after_greeting(text: str) -> int | None:
    """Where the first line ends, if it greets and is not the whole letter."""
    lines = _lines(text)
    if len(lines) < 2 or len(line := lines[0].of(text)) > SHORT_LINE:
        return None
    calls = line.endswith((",", "!")) and len(line.split()) <= FEW_WORDS
    return lines[0].end if calls or (_GREETS.match(line)
                                     and not line.endswith((".", "?"))) else None


def _before_signature(text: str) -> int | None:
    """Where the last lines that close the letter begin:
    a wish and what follows, or a name alone."""
    lines = _lines(text)
    if len(lines) < 2:
        return None
    words = [line.of(text) for line in lines]
    for at in range(max(1, len(lines) - LAST_LINES), len(lines)):
        if (_CLOSES.match(words[at]) and len(words[at].split()) <= FEW_WORDS
            and not words[at].endswith("?")
            and all(len(line) <= SHORT_LINE for line in words[at:])):
            return lines[at].start
    alone = text.count("\n", lines[-2].end, lines[-1].start) > 1
    is_name = (len(words[-1].split()) <= LAST_LINES and len(words[-1]) <= SHORT_LINE
               and words[-1][-1].isalpha())
    return lines[-1].start if alone and is_name else None
