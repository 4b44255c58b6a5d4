"""Letters as HTML: only the shape that a letter can have, findings at their place, and no word
lost."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letters.rules.letter.redacted import MARK
from letters.rules.roles import Role
from letters.screening import Category, Finding, Severity, screen
from letters.screening.text.characters import FLAGS
from letters.web.letter_html import as_typed, letter, letter_with_findings
from tests.night import size

ALLOWED = {"p", "br", "em", "ul", "li", "mark", "span", "sup", "a"}
HIDDEN = "\u200b\u202e\u2066\u2069\0\x1b\ufeff\u00ad\U000e0041\ue000"
PIECES = st.sampled_from(
    [
        "<",
        ">",
        "&",
        '"',
        "'",
        "*",
        "- ",
        "\n",
        "\n\n",
        " ",
        "\u200d",
        "\u202e",
        "\0",
        "\U0001f511",
        "e\u0301",
        "word",
        "<b>",
        "</p>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "&lt;",
        "&#60;",
        "&amp;",
        "<a href=x>",
        "]]>",
        "<3",
        "</textarea>",
        "<svg/onload=x>",
        "<?php",
        "07700 900123",
        "a@b.example",
        "{{",
        "http://",
    ]
)
TEXT = st.one_of(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40).map("".join),
                 st.text(max_size=200))


def found(start: int, end: int, severity: Severity = Severity.CAUTION) -> Finding:
    return Finding(Category.CONTACT, severity, start, end, "", "", "test")


class Reader(HTMLParser):
    """Reads like a browser: which tags with which attributes, and the words."""

    def __init__(self, made: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(made)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def shape(made: str) -> str:
    """What was made, without the direction that each paragraph and list has of its own."""
    assert not re.search(r"<(p|ul)>", made)
    return made.replace(' dir="auto"', "")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


# the shape of a letter


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", ""),
        (" \n ", ""),
        ("one", "<p>one</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one\n \t\n\n\ntwo", "<p>one</p><p>two</p>"),
        ("I *am* angry", "<p>I <em>am</em> angry</p>"),
        ("*a*b* 2 * 3 *", "<p>*a*b* 2 * 3 *</p>"),
        ("** x ** *", "<p>** x ** *</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("so:\n- one\n- two\nand", "<p>so:</p><ul><li>one</li><li>two</li></ul><p>and</p>"),
        ("-one", "<p>-one</p>"),
        ("- *a*\n- b", "<ul><li><em>a</em></li><li>b</li></ul>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("I <3 you", "<p>I &lt;3 you</p>"),
        ("&lt;b&gt;", "<p>&amp;lt;b&amp;gt;</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("\"quoted\" and 'so'", "<p>\"quoted\" and 'so'</p>"),
    ],
)
def test_a_letter_as_its_recipient_sees_it(text: str, made: str) -> None:
    assert shape(letter(text)) == made


@pytest.mark.parametrize("mark", HIDDEN)
def test_what_is_not_seen_is_left_out_for_the_recipient_and_named_at_the_desk(mark: str) -> None:
    assert shape(letter(f"be{mark}fore")) == "<p>before</p>"
    made = shape(letter_with_findings(f"be{mark}fore", []))
    assert made == f'<p>be<span class="unseen">U+{ord(mark):04X}</span>fore</p>'


@pytest.mark.parametrize(
    "text", ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "नि\u200dक", "می\u200cخواهم", "❤\ufe0f",
             *FLAGS]
)
def test_what_good_writing_needs_is_kept(text: str) -> None:
    assert letter(text) == letter_with_findings(text, []) == f'<p dir="auto">{text}</p>'


def test_tags_without_a_flag_are_left_out_and_named() -> None:
    """Neither around one, nor after another flag, nor as a flag that there is not."""
    england = FLAGS[0]
    for stray, left in (("\U000e0063", ""), (england[0] + "\U000e0063\U000e007f", england[0])):
        assert shape(letter(f"{england}{stray}{england}")) == f"<p>{england}{left}{england}</p>"
        assert "U+E0063" in letter_with_findings(f"{england}{stray}", [])
        assert [found.rule for found in screen(f"{england}{stray}", Role.OTHER)] == ["hidden.tag"]
    assert screen(" ".join(FLAGS), Role.OTHER) == ()


def test_each_paragraph_has_a_direction_of_its_own() -> None:
    made = letter("Dear Amal,\n\n\u0623\u0646\u0627 \u0622\u0633\u0641\n- one\n- two")
    assert [(tag, attrs) for tag, attrs in Reader(made).tags if tag not in ("br", "li")] == [
        ("p", {"dir": "auto"}), ("p", {"dir": "auto"}), ("ul", {"dir": "auto"})]


# findings at their place


def test_a_finding_is_marked_at_its_place_also_after_astral_characters() -> None:
    text = "\U0001f511\U0001d4d0 call 07700 900123 now"
    finding = found(text.index("0"), text.index(" now"), Severity.SERIOUS)
    assert shape(letter_with_findings(text, [finding])) == (
        '<p>\U0001f511\U0001d4d0 call <span id="f1"></span><mark class="finding '
        'finding-serious">07700 900123'
        '<sup><a href="#finding-1">1</a></sup></mark> now</p>'
    )


@pytest.mark.parametrize("severity", list(Severity))
def test_each_severity_has_its_tone(severity: Severity) -> None:
    tone = {"note": "quiet", "caution": "look"}.get(severity.value, "serious")
    assert f'class="finding finding-{tone}"' in letter_with_findings("ab", [found(0, 1, severity)])


def test_overlapping_findings_each_have_their_beginning_and_their_number() -> None:
    made = letter_with_findings("abcdef", [found(0, 4), found(2, 6, Severity.URGENT), found(2, 3)])
    read = Reader(made)
    assert "".join(read.words) == "ab" + "c" + "3" + "d" + "1" + "ef" + "2"
    assert [attrs["href"] for tag,
            attrs in read.tags if tag == "a"] == ["#finding-3", "#finding-1", "#finding-2"]
    assert 'id="f1"' in made and 'id="f2"' in made


@pytest.mark.parametrize(("text", "findings"), [])
def test_every_finding_has_a_place_to_lead_to(text: str, findings: list[Finding]) -> None:
    made = letter_with_findings(text, findings)
    assert [f'id="f{number}"' in made
            for number in range(1, len(findings) + 1)] == [True] * len(findings)


def test_a_finding_over_several_lines_and_paragraphs_is_marked_in_each() -> None:
    made = letter_with_findings("a\nb\n\n- c", [found(0, 8)])
    assert (made.count("<mark") == 3 and made.count('id="f1"') == 1
            and made.count('href="#finding-1"') == 1)


# hypothesis


@given(TEXT)
@example("a < b")
@example("*<em>*")
@example("<p>" * 30)
def test_any_text_is_shown_with_nothing_but_the_allowed_tags(text: str) -> None:
    read = Reader(letter(text))
    assert {tag for tag, _ in read.tags} <= {"p", "br", "em", "ul", "li"}
    assert all(attrs in ({}, {"dir": "auto"}) for _, attrs in read.tags)
    assert not read.open
    assert words(" ".join(read.words)) == words("".join(_shown(text)))


@given(TEXT, st.lists(st.tuples(st.integers(0, 250), st.integers(0, 250),
                                st.sampled_from(list(Severity))), max_size=8))
def test_any_findings_in_any_text_can_be_shown(text: str,
                                               places: list[tuple[int, int, Severity]]) -> None:
    findings = [found(min(a, b, len(text)), min(max(a, b), len(text)), severity) for a, b,
                severity in places]
    made = letter_with_findings(text, findings)
    read = Reader(made)
    assert {tag for tag, _ in read.tags} <= {"p", "br", "em", "ul", "li", "mark", "span", "sup",
                                             "a"}
    for tag, attrs in read.tags:
        assert set(attrs) <= {"mark": {"class", "id"}, "span": {"class", "id"},
                              "a": {"href"}, "p": {"dir"}, "ul": {"dir"}}.get(tag, set())
        assert tag != "a" or re.fullmatch(r"#finding-\d+", str(attrs["href"]))
    assert len(set(re.findall(r'id="(f\d+)"', made))) == len(re.findall(r'id="(f\d+)"', made))


@given(TEXT)
def test_what_the_screening_finds_is_marked_where_it_says(text: str) -> None:
    findings = screen(text, Role.RESPONSIBLE)
    for finding in findings:
        assert text[finding.start : finding.end] == finding.quote
    letter_with_findings(text, findings)


def _shown(text: str) -> Iterator[str]:
    from letters.web.letter_html import _BREAKS, _is_unseen

    for line in text.translate(_BREAKS).split("\n"):
        yield " " + "".join(mark for mark in line.removeprefix("- ") if not _is_unseen(mark))


# what was typed


@given(st.one_of(TEXT, st.lists(st.sampled_from(
    ["my brother typed <style> he is like that </style> ok", "<b>", "</p>", "&times=3", "&amp;",
     "<!--[if mso]>", "-->",
     "<script>", "x", "&lt;", " ", "\n"])).map("".join)))
def test_every_word_and_sign_is_kept_as_it_was_typed(typed: str) -> None:
    """However often it is saved and sent again."""
    once = as_typed(typed)
    assert as_typed(once) == once
    kept = [sign for sign in typed if sign not in "\r\n\v\f\x85\u2028\u2029" + MARK]
    assert [sign for sign in once if sign != "\n"] == kept
    shown = Reader(letter(once))
    assert {tag for tag, _ in shown.tags} <= {"p", "br", "em", "ul", "li"}


@pytest.mark.parametrize(("sent", "kept"), [
    ("a\r\nb\rc\n", "a\nb\nc\n"), ("a\vb\fc", "a\nb\nc"), ("a\x85b\u2028c", "a\nb\nc"),
    ("a\u2029b", "a\n\nb")])
def test_line_ends_are_made_alike_and_none_is_lost(sent: str, kept: str) -> None:
    assert as_typed(sent) == kept


def test_a_text_that_was_kept_before_has_its_lines_too() -> None:
    assert shape(letter("a\vb\u2028c")) == "<p>a<br>b<br>c</p>"
    marked = letter_with_findings("a\x85bad", [found(2, 5)])
    assert ">bad<" in marked and "a<br>" in marked


def test_a_name_under_a_letter_is_no_list() -> None:
    assert shape(letter("Goodbye.\n- Hanna")) == "<p>Goodbye.</p><p>- Hanna</p>"
    assert shape(letter("- Hanna")) == "<p>- Hanna</p>"


# the time it takes

LONG = size(40_000, 200_000)
"""Characters. As long as a letter may be, at night."""
SHAPES = {
    "words": ("", "word and some\n\n"), "lines": ("", "a\n"), "lists": ("", "- a\nb\n\n"),
    "stressed": ("", "*a* b "),
    "unseen": ("", "\u200b \n"), "points": ("", "- a\n"), "less": ("", "<"), "and": ("", "&"),
    "empty lines": ("", "\n"), "spaces": ("", " "), "stars": ("", "*"),
    "star and letter": ("", "* a"),
    "points after &": ("&\n", "- a\n"),
    "stressed after &": ("& ", "*a* b "), "lists after &": ("&\n\n", "- a\nb\n\n"),
}
AT_THE_DESK = {"unseen": ("", "x\u200b y\n"), "addresses": ("", "a@b.example "),
               "unseen after &": ("& ", "x\u200b y\n")}


def assert_in_step(work: Callable[[str], object], start: str, piece: str, end: str = "") -> None:
    """Eight times the text takes eight times the processor, and on a busy machine perhaps sixteen;
    what goes with its square takes sixty-four."""
    short, long = (start + piece * (length // len(piece)) + end for length in (LONG // 8, LONG))
    assert _seconds(work, long) <= 32 * max(min(_seconds(work, short) for _ in range(3)), 0.005)


def _seconds(work: Callable[[str], object], text: str) -> float:
    before = process_time()
    work(text)
    return process_time() - before


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_letter_is_shown_in_step_with_its_length_whatever_its_shape(shape: str) -> None:
    assert_in_step(letter, *SHAPES[shape])


@pytest.mark.parametrize("shape", AT_THE_DESK)
def test_a_long_letter_is_shown_at_the_desk_in_step_with_its_length(shape: str) -> None:
    assert_in_step(lambda text: letter_with_findings(text, screen(text, Role.HARMED)),
                   *AT_THE_DESK[shape])
