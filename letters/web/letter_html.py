"""Letters as HTML: the only module that knows bleach. Escaping is the
wall, bleach the second behind it.

A letter is plain text with paragraphs and line breaks; its only formatting is ``*emphasis*``, and
lists of two lines or more that begin with ``- ``. What somebody types is text and is never edited:
what looks like HTML is shown as it was typed, so that nothing can be hidden in it. Everything here
runs in time linear in the text.
"""

import html
import re
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

import bleach
from markupsafe import Markup, escape

from letters.rules.letter.changes import Change, Piece
from letters.rules.letter.redacted import MARK
from letters.rules.letter.redacted import typed as without_mark
from letters.screening import Finding, Severity
from letters.screening.text.characters import FLAGS, ZWJ, ZWNJ, hidden_rule
from letters.web.languages import later as _l

_UNSEEN = frozenset({"hidden.control", "hidden.direction", "hidden.tag", "hidden.invisible",
                     "hidden.private"})
_JOINERS = frozenset({ZWJ, ZWNJ, "\ufe0f"})  # emoji and some scripts are spelled with them
_RUNS = re.compile("|".join((*FLAGS, r"[\n\t -~]+", r"[^\n\t -~]")))
_ORDINARY = frozenset("\n\t" + "".join(map(chr, range(32, 127))))
_COULD_BE_MARKUP = re.compile("[<>&]")
_LEFT_OUT = _l("Something was left out here, with the writer's agreement.")
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028]")
_BREAKS = dict.fromkeys(map(ord, "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
"""What breaks a line in a text that was kept before line ends were made alike; one sign each, as
places are counted."""
_PARTED = re.compile(r"\n\s*\n")
_CHANGED = {Change.ADDED: ("ins", _l("added:"), _l("end of added")),
            Change.REMOVED: ("del", _l("removed:"), _l("end of removed"))}
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*(?![\w*])")
_TONES = {Severity.NOTE: "quiet", Severity.CAUTION: "look", Severity.SERIOUS: "serious",
          Severity.URGENT: "serious"}


def tone(severity: Severity) -> str:
    """How strongly a finding is marked on a page: quiet, look or serious."""
    return _TONES[severity]


def as_typed(sent: str) -> str:
    """What a form sent, as text: every word and sign as it was typed, with uniform line ends. What
    looks like HTML is text, too. The mark for a passage left out is removed, since nobody types it.
    """
    return _LINE_END.sub("\n", without_mark(sent).replace("\u2029", "\n\n"))


def letter(text: str) -> Markup:
    """A letter as its recipient sees it. Characters that hide or reverse text are left out; a sign
    stands where a passage was left out with its writer's agreement."""
    return Markup(_paragraphs(_Plain(text)))


def letter_with_findings(text: str, findings: Sequence[Finding]) -> Markup:
    """A letter as the review desk sees it: findings marked at their place,
    hidden characters made visible."""
    return Markup(_paragraphs(_Marked(text, findings)))


def visible(text: str) -> Markup:
    """A few words with their hidden characters made visible, for the desk."""
    return Markup(_escaped(text, _made_visible))


def changes(pieces: Sequence[Piece]) -> Markup:
    """Two versions of a letter at once, for the desk: what was added
    and removed is also in words."""
    shown: list[list[str]] = [[]]
    for piece in pieces:
        first, *more = _PARTED.split(piece.text)
        shown[-1].append(_changed(piece.change, first))
        shown += [[_changed(piece.change, part)] for part in more]
    return Markup("".join(f'<p dir="auto">{"".join(paragraph)}</p>'
                          for paragraph in shown if any(paragraph)))


def _changed(change: Change, text: str) -> str:
    words = "<br>".join(_escaped(line, _signed_or_visible) for line in text.split("\n"))
    if change is Change.SAME or not text:
        return words
    tag, *around = _CHANGED[change]
    said, end = (f'<span class="visually-hidden"> [{escape(what)}] </span>' for what in around)
    return f"<{tag}>{said}{words}{end}</{tag}>"


class _Plain:
    """Escapes pieces of a letter for its recipient."""

    def __init__(self, text: str) -> None:
        self.text = text.translate(_BREAKS)

    def piece(self, start: int, end: int) -> str:
        shown = _escaped(self.text[start:end], _signed_or_left)
        return _EMPHASIS.sub(r"<em>\1</em>", shown)


class _Marked(_Plain):
    """Escapes pieces of a letter for the desk, with marks."""

    def __init__(self, text: str, findings: Sequence[Finding]) -> None:
        super().__init__(text)
        self.findings = findings
        self._edges = sorted({edge for finding in findings
                              for edge in (finding.start, finding.end)})

    def piece(self, start: int, end: int) -> str:
        cuts = [start, *(edge for edge in self._edges if start < edge < end), end]
        return "".join(self._stretch(first, last) for first, last in pairwise(cuts))

    def _stretch(self, start: int, end: int) -> str:
        shown = _escaped(self.text[start:end], _signed_or_visible)
        over = [n for n,
                found in enumerate(self.findings, 1) if found.start < end and found.end > start]
        if not over:
            return shown
        worst = max((self.findings[n - 1].severity for n in over),
                    key=lambda severity: severity.rank)
        places = "".join(f'<span id="f{n}"></span>' for n in over
                         if self.findings[n - 1].start == start)
        links = "".join(f'<sup><a href="#finding-{n}">{n}</a></sup>' for n in over
                        if self.findings[n - 1].end == end)
        return f'{places}<mark class="finding finding-{_TONES[worst]}">{shown}{links}</mark>'


def _escaped(text: str, unusual: Callable[[str], str]) -> str:
    """The text, made harmless: runs of ordinary characters escaped, every other character handled
    by ``unusual``, a flag as one."""
    return "".join(_without_power(run) if run[0] in _ORDINARY else unusual(run)
                   for run in _RUNS.findall(text))


def _without_power(run: str) -> str:
    if not _COULD_BE_MARKUP.search(run):
        return run
    return str(bleach.clean(html.escape(run, quote=False), tags=frozenset()))


def _made_visible(mark: str) -> str:
    return f'<span class="unseen">U+{ord(mark):04X}</span>' if _is_unseen(mark) else mark


def _signed_or_left(mark: str) -> str:
    return _sign() if mark == MARK else "" if _is_unseen(mark) else mark


def _signed_or_visible(mark: str) -> str:
    return _sign() if mark == MARK else _made_visible(mark)


def _is_unseen(mark: str) -> bool:
    return mark == MARK or (mark not in _JOINERS and mark not in FLAGS
                            and hidden_rule(mark) in _UNSEEN)


def _paragraphs(shown: _Plain) -> str:
    blocks, start = [], 0
    for block in re.split(r"(\n\s*\n)", shown.text):
        if block.strip():
            blocks.append(_block(shown, start, block))
        start += len(block)
    return "".join(blocks)


def _block(shown: _Plain, start: int, block: str) -> str:
    made, at = [], start
    for looks_like_list, group in groupby(block.split("\n"),
                                          key=lambda line: line.startswith("- ")):
        lines, pieces = list(group), []
        is_list = looks_like_list and len(lines) > 1  # a single line may be a signature
        for line in lines:
            pieces.append(shown.piece(at + 2 * is_list, at + len(line)))
            at += len(line) + 1
        # each has its own direction: one letter may be in two scripts
        made.append(f'<ul dir="auto"><li>{"</li><li>".join(pieces)}</li></ul>' if is_list
                    else f'<p dir="auto">{"<br>".join(pieces)}</p>')
    return "".join(made)


def _sign() -> str:
    return f'<span class="left-out">[{escape(_LEFT_OUT)}]</span>'
