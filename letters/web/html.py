"""Letters as HTML: the only module that knows bleach. Autoescape is the wall, this is the second.

A letter is plain text with paragraphs and line breaks; ``*emphasis*`` and lines that begin with ``- `` are all the
shape it can have. Pasted HTML becomes clean text before it is kept, so that nothing can be hidden in it.
"""

import html
import re
from collections.abc import Sequence
from itertools import groupby

import bleach
from markupsafe import Markup

from letters.screening import Finding, Severity
from letters.screening.characters import ZWJ, ZWNJ, hidden_rule

ALLOWED = frozenset({"p", "br", "em", "ul", "li", "mark", "span", "sup", "a"})
_ATTRIBUTES = {"mark": ["class", "id"], "span": ["class"], "a": ["href"]}
_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|em|strong|a|ul|ol|li|h[1-6]|table|tr|td|font|blockquote|script|style|img"
                  r"|html|body|head|meta|o:p)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_BREAKING = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote)[^<>]{0,2000}>", re.IGNORECASE)
_ITEM = re.compile(r"<li[^<>]{0,2000}>", re.IGNORECASE)
_SILENT = re.compile(r"<(script|style)\b[^<>]{0,2000}>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_UNSEEN = frozenset({"hidden.control", "hidden.direction", "hidden.tag", "hidden.invisible", "hidden.private"})
_JOINERS = frozenset({ZWJ, ZWNJ, "\ufe0f"})  # emoji and some scripts are spelled with them
_TONES = {Severity.NOTE: "quiet", Severity.CAUTION: "look", Severity.SERIOUS: "serious", Severity.URGENT: "serious"}
_COULD_BE_MARKUP = re.compile("[<>&]")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*(?![\w*])")


def tone(severity: Severity) -> str:
    """How strongly a finding is marked on a page: quiet, look or serious."""
    return _TONES[severity]


def clean_text(typed: str) -> str:
    """What a form sent, as text: line ends made alike, and HTML, if any was pasted, made plain. No word is lost."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if not _TAG.search(text):
        return text
    text = _ITEM.sub("- ", _BREAKING.sub("\n", _SILENT.sub("", text)))
    return re.sub(r"\n{3,}", "\n\n", html.unescape(bleach.clean(text, tags=set(), strip=True))).strip()


def letter(text: str) -> Markup:
    """A letter as its recipient sees it; characters that hide or turn text round are left out."""
    return _clean(_paragraphs(_Plain(text)), text)


def letter_with_findings(text: str, findings: Sequence[Finding]) -> Markup:
    """A letter as the review desk sees it: findings marked at their place, hidden characters made visible."""
    return _clean(_paragraphs(_Marked(text, findings)), text)


class _Plain:
    """Escapes pieces of a letter for its recipient."""

    def __init__(self, text: str) -> None:
        self.text = text

    def piece(self, start: int, end: int) -> str:
        shown = "".join(mark for mark in self.text[start:end] if not _is_unseen(mark))
        return _EMPHASIS.sub(r"<em>\1</em>", html.escape(shown, quote=False))


class _Marked(_Plain):
    """Escapes pieces of a letter for the desk, with marks."""

    def __init__(self, text: str, findings: Sequence[Finding]) -> None:
        super().__init__(text)
        self.findings = findings
        self._edges = sorted({edge for finding in findings for edge in (finding.start, finding.end)})

    def piece(self, start: int, end: int) -> str:
        cuts = [start, *(edge for edge in self._edges if start < edge < end), end]
        return "".join(self._stretch(first, last) for first, last in zip(cuts, cuts[1:], strict=False))

    def _stretch(self, start: int, end: int) -> str:
        shown = "".join(_visible(mark) for mark in self.text[start:end])
        over = [n for n, found in enumerate(self.findings, 1) if found.start < end and found.end > start]
        if not over:
            return shown
        worst = max((self.findings[n - 1].severity for n in over), key=lambda severity: severity.rank)
        begins = [n for n in over if self.findings[n - 1].start == start]
        name = f' id="f{begins[0]}"' if begins else ""
        links = "".join(f'<sup><a href="#finding-{n}">{n}</a></sup>' for n in over if self.findings[n - 1].end == end)
        return f'<mark class="finding finding-{_TONES[worst]}"{name}>{shown}{links}</mark>'


def _is_unseen(mark: str) -> bool:
    return mark not in _JOINERS and hidden_rule(mark) in _UNSEEN


def _visible(mark: str) -> str:
    return f'<span class="unseen">U+{ord(mark):04X}</span>' if _is_unseen(mark) else html.escape(mark, quote=False)


def _paragraphs(shown: _Plain) -> str:
    blocks, start = [], 0
    for block in re.split(r"(\n\s*\n)", shown.text):
        if block.strip():
            blocks.append(_block(shown, start, block))
        start += len(block)
    return "".join(blocks)


def _block(shown: _Plain, start: int, block: str) -> str:
    made, at = [], start
    for is_list, group in groupby(block.split("\n"), key=lambda line: line.startswith("- ")):
        pieces = []
        for line in group:
            pieces.append(shown.piece(at + 2 * is_list, at + len(line)))
            at += len(line) + 1
        made.append("<ul><li>" + "</li><li>".join(pieces) + "</li></ul>" if is_list
                    else "<p>" + "<br>".join(pieces) + "</p>")
    return "".join(made)


def _clean(made: str, text: str) -> Markup:
    if not _COULD_BE_MARKUP.search(text):  # nothing in it had to be escaped, so all the markup is ours
        return Markup(made)
    return Markup(bleach.clean(made, tags=ALLOWED, attributes=_ATTRIBUTES, protocols=[], strip=False))
