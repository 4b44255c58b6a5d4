"""What `screen` promises for any text at all."""

import json
import sys
from itertools import pairwise
from subprocess import run
from sys import setprofile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letters.rules.roles import Role
from letters.screening import VERSION, Category, Finding, Preferences, Severity, screen, weights
from letters.screening.screen import MOST_FINDINGS
from letters.screening.speech import rules as speech
from letters.screening.weights import WHY, category
from tests.night import size

PIECES = [
    "07700 900123", "0.7.7.0.0.9.0", "joe@example.org", "joe at gmail", "www.example.org", "@joe",
    "my insta is joe",
    "c a l l  m e", "\u200b", "\u202e", "\x00", "\ud800", "s\u0336", "sоrry", "𝐬𝐨", "😀\u200d",
    "\r\n", " ", "ﷺ", "½",
    "1 ② 3 ", "12345 ", "+", "&#97;", "%61%62%63", "<b>", "<!--", "-->", "Fbzrobql gur lbh ",
    "eht dna uoy ",
    "k1ll th3m ", "YWJjZGVmZ2hpamtsbW4= ", "one two three four five six seven ", "12 Elm Road",
    "\u202e",
    "\U000e0041\U000e0042", "I",
]  # fmt: skip
texts = st.text(st.characters(),
                max_size=300) | st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)

LIMIT = size(10_000, 30_000)
RELENTLESS = [
    "&#97;", "%61%62", "<b>", "<!--", "&", "W\n", "Fbzrobql ", "eht dna ", "k1ll ", "a1 ",
    "YWJjZGVmZ2hpams= ",
    "one ", "12 Elm Road ", "\u202eab", "call me ", "Ihatewomenandyou ", "A B C D ", "Mr Smith ",
    "x" * 50,
    "@", "a.", "a ", "1", "1 ", "1(", "+", "(", "07700900123 ", "12/03/2019 ", "\u200b", "a\u200b",
    "\u0301", "a\u0336",
    "\ud800", "\x00", "\n", "a@b.co ", "a@", "@ab ", "a.co ", "a.com.b.", "www.", "http://",
    "a at ", "a dot ",
    "my insta is ", "find me on insta ", "👩\u200d", "ﷺ", "⑺", "aж ", "a b c e ", "0 7 ", "-", "a-",
]  # fmt: skip


@given(texts, st.sampled_from(Role))
@example("AAAAAAAAA¡¡¡¡¡¬µȜȴɤɤ‥", Role.HARMED)  # two characters in its clean view stand for one
def test_every_finding_stands_where_it_says(text, writer):
    findings = screen(text, writer)
    assert findings == screen(text, writer)
    assert [found.start for found in findings] == sorted(found.start for found in findings)
    for found in findings:
        assert 0 <= found.start < found.end <= len(text)
        assert found.quote == text[found.start : found.end]
        assert found.category is category(found.rule)


@given(texts)
def test_findings_of_one_category_do_not_overlap(text):
    for kind in (Category.CONTACT, Category.HIDDEN):
        found = [finding for finding in screen(text, Role.OTHER) if finding.category is kind]
        assert all(earlier.end <= later.start for earlier, later in pairwise(found))


@given(texts)
@example("A0A\x080A0A0A:CSBBRDY00YhBQ0hAMA\x1f")
def test_rule_14_the_person_harmed_has_the_narrower_test(text):
    harmed, responsible = screen(text, Role.HARMED), screen(text, Role.RESPONSIBLE)
    for mild in harmed:
        strict = [found for found in responsible if found.category is mild.category
                  and found.start < mild.end and mild.start < found.end]
        # One place may be two findings of the stricter test, one behind the other.
        covered = {place for found in strict for place in range(found.start, found.end)}
        assert covered >= set(range(mild.start, mild.end))
        assert mild.severity <= max(found.severity for found in strict)


@pytest.mark.parametrize("piece", RELENTLESS, ids=ascii)
def test_a_relentless_text_gives_findings_that_can_still_be_read(piece):
    text = (piece * (LIMIT // len(piece) + 1))[:LIMIT]
    findings = screen(text, Role.RESPONSIBLE)
    assert len(findings) <= 2 * MOST_FINDINGS


def test_a_hundred_thousand_words():
    text = "I took it.\n" * 33_333 + "Ask 07700 900123 please."
    assert [finding.quote for finding in screen(text, Role.HARMED)] == ["07700 900123"]


LETTER = (
    "Dear Leyla, I did it. You must answer m\u0435 soon at joe@example.org or 07700 900123, or w "
    "r i t e to "
    "14 Harbour Road.\n"
    "Fbzrobql fubhyq jevgr gb lbh. &#119;&#97;it d0 n0t t3ll anyone; bm9ib2R5IHdpbGwga25vdw==.\n"
    "My school is St Anne's Primary.\n"
)


def steps(text):
    """How many calls of functions a screening makes: work without a clock."""
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += event in ("call", "c_call")

    setprofile(count)
    try:
        screen(text, Role.RESPONSIBLE)
    finally:
        setprofile(None)
    return counted


def test_twice_the_letter_is_twice_the_work():
    screen(LETTER, Role.RESPONSIBLE)
    short, long = steps(LETTER * 10), steps(LETTER * 40)
    assert long <= 4.5 * short


def test_no_socket_is_opened_and_no_file_but_our_own_data():
    """In a process of its own, since only there has nothing been read before."""
    watched = (
        "import sys\n"
        "def watch(event, args):\n"
        "    if event.startswith(('socket.', 'subprocess.', 'os.system')): raise "
        "SystemExit(event)\n"
        "sys.addaudithook(watch)\n"
        "from letters.rules.roles import Role\n"
        "from letters.screening import screen\n"
        f"assert screen({LETTER!r}, Role.RESPONSIBLE)\n"
    )
    assert run([sys.executable, "-c", watched], check=False).returncode == 0


def test_rule_14_anger_of_the_person_harmed_is_no_more_than_a_quiet_note():
    for rule in speech.RULES:
        weight = weights.severity(rule, Role.HARMED)
        kind = weights.category(rule)
        if kind in weights.RESPONSIBLE_ALONE:
            assert weight is None
        if kind is Category.ABUSE:
            assert weight in (None, Severity.NOTE)


def test_rule_13_and_14_every_rule_is_known_and_weighs_no_more_for_the_person_harmed():
    for rule in (*weights.RULES, *speech.RULES):
        full, narrow = weights.severity(rule, Role.RESPONSIBLE), weights.severity(rule, Role.HARMED)
        assert weights.why(rule) and (narrow is None or (full is not None and narrow <= full))
        assert weights.severity(rule, Role.OTHER) == full


def test_too_many_findings_are_shown_together_and_say_so():
    text = "07700 900123, " * (MOST_FINDINGS + 1)
    findings = screen(text, Role.RESPONSIBLE)
    assert len(findings) <= MOST_FINDINGS
    assert findings[0].quote == "07700 900123, 07700 900123"
    assert (findings[0].why.startswith(WHY["contact.telephone"])
            and "shown as one" in findings[0].why)
    assert text.startswith(findings[-1].quote,
                           findings[-1].start) and findings[-1].end == len(text) - 2


def test_an_empty_text_has_no_findings():
    assert screen("", Role.HARMED) == ()


def test_offsets_count_code_points():
    (found,) = screen("😀é — 07700 900123", Role.OTHER, Preferences(home_country="GB"))
    assert (found.start, found.end) == (5, 17)


def test_findings_go_through_json_and_back():
    findings = screen("Ring 077\u200b00 900123, or j o e @ x . o r g", Role.OTHER)
    stored = json.dumps([found.as_dict() for found in findings])
    assert tuple(Finding.from_dict(found) for found in json.loads(stored)) == findings
    assert set(findings[0].as_dict()) == {"category", "severity", "start", "end", "quote", "why",
                                          "rule"}


def test_a_finding_of_an_unknown_category_is_refused():
    stored = screen("@joe", Role.OTHER)[0].as_dict()
    with pytest.raises(ValueError, match="verdict"):
        Finding.from_dict(stored | {"category": "verdict"})


def test_severities_have_an_order_of_their_own():
    assert Severity.NOTE < Severity.CAUTION < Severity.SERIOUS < Severity.URGENT
    assert max(Severity) is Severity.URGENT and min(Severity) is Severity.NOTE
    assert Severity.SERIOUS >= Severity.SERIOUS > "note" and Severity.NOTE <= "caution"


def test_all_sixteen_categories_of_the_practice_have_a_name():
    assert len(Category) == 16


@pytest.mark.parametrize("why", WHY.values(), ids=WHY)
def test_every_why_is_one_calm_sentence(why):
    assert why.endswith(".") and why.count(". ") == 0 and "!" not in why and len(why) < 180


def test_version_is_told():
    assert VERSION


@pytest.mark.parametrize(("word", "text"), [
    ("受害者", "我知道受害者很难过。"), ("被害者", "あなたは被害者ではありません。"),
    ("カウンセラー", "私のカウンセラーが言った"), ("เหยื่อ", "ฉันรู้ว่าเหยื่อเสียใจมาก"),
    ("피해자", "저는 피해자에게 미안합니다."), ("Babe", "私のBabeは"),
], ids=["Chinese", "Japanese", "Katakana", "Thai", "Korean", "Latin"])
def test_a_word_not_to_be_used_is_found_where_no_space_is_written(word: str, text: str) -> None:
    wished = Preferences(words_not_used=("sweetheart", word))
    assert [found.quote for found in screen(text, Role.RESPONSIBLE, wished)
            if found.rule == "address.word"] == [word]
    assert not [found for found in screen(text.replace(word[0], "x"), Role.RESPONSIBLE, wished)
                if found.rule == "address.word"]


@pytest.mark.parametrize(("word", "text", "marked"), [
    ("crazy", "You were craaazy then.", "craaazy"), ("darling", "Well, darlin', I know.", "darlin"),
    ("sweetheart", "My sweet-heart, hello.", "sweet-heart"), ("lad", "Mind it, laddie.", "ladd"),
    ("angel", "You two are angels.", "angel"), ("lad", "The lady came by.", ""),
    ("mum", "I mumble when I am afraid.", ""), ("love", "He wore a glove.", ""),
])
def test_rule_24_a_word_not_to_be_used_is_found_drawn_out_broken_or_as_a_pet_name(
        word: str, text: str, marked: str) -> None:
    found = [one.quote for one in screen(text, Role.RESPONSIBLE,
                                         Preferences(words_not_used=(word,)))
             if one.rule == "address.word"]
    assert found == ([marked] if marked else [])


def test_a_word_within_another_is_still_another_where_spaces_are_written() -> None:
    wished = Preferences(words_not_used=("babe", "жертва"))
    assert screen("The babel of voices. Пожертвавший", Role.OTHER, wished) == screen(
        "The babel of voices. Пожертвавший", Role.OTHER)


def test_soft_hyphens_are_one_finding_however_many_words_have_one() -> None:
    """A word processor puts one into each long word: sixty findings would hide all others."""
    text = "I apol\u00adogise and under\u00adstand. " * 15
    found, = screen(text, Role.RESPONSIBLE)
    assert (found.rule, found.start, found.quote) == ("hidden.invisible", 6, "\u00ad")
    assert "only the first" in found.why
    assert "only the first" not in screen(text[:20], Role.RESPONSIBLE)[0].why


def test_soft_hyphens_that_hide_something_or_stand_apart_are_still_found() -> None:
    text = "I apol\u00adogise and under\u00adstand. \u00ad\u00ad Call 077\u00ad00 900123"
    hidden = [found for found in screen(text, Role.RESPONSIBLE)
              if found.category is Category.HIDDEN]
    assert [found.start for found in hidden] == [6, text.index(" \u00ad\u00ad") + 1,
                                                 text.rindex("\u00ad")]
    assert hidden[-1].severity is Severity.SERIOUS
