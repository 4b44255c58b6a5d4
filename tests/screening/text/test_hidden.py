"""What is hidden, by way of hiding; and the same characters where good writing needs them."""

import pytest

from letters.rules.roles import Role
from letters.screening import Category, Severity, screen

TAGS = "".join(chr(0xE0000 + ord(char)) for char in "call me")
SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(char)) for char in "gbsct") + "\U000e007f"

HIDDEN = {
    "zero width space": ("so\u200brry", "hidden.invisible", "\u200b"),
    "run of several kinds": ("so\u200b\u2060\ufeffrry", "hidden.invisible", "\u200b\u2060\ufeff"),
    "soft hyphen": ("so\u00adrry", "hidden.invisible", "\u00ad"),
    "joiner between letters": ("so\u200drry", "hidden.invisible", "\u200d"),
    "selector on a letter": ("so\ufe0frry", "hidden.invisible", "\ufe0f"),
    "selectors as a code": ("😀\ufe0f\ufe01\ufe0e", "hidden.invisible", "\ufe01\ufe0e"),
    "filler": ("so\u3164rry", "hidden.invisible", "\u3164"),
    "tags": (f"Thank you.{TAGS}", "hidden.tag", TAGS),
    "override": ("\u202eyrros\u202c.", "hidden.direction", "\u202e"),
    "isolate": ("so\u2066rry", "hidden.direction", "\u2066"),
    "mark in Latin text": ("so\u200frry", "hidden.direction", "\u200f"),
    "NUL": ("so\x00rry", "hidden.control", "\x00"),
    "escape": ("so\x1b\x08rry", "hidden.control", "\x1b\x08"),
    "C1": ("so\x85rry", "hidden.control", "\x85"),
    "lone carriage return": ("so\rrry", "hidden.control", "\r"),
    "undecodable": ("so\ufffd\ufffdrry", "hidden.unreadable", "\ufffd\ufffd"),
    "half a surrogate": ("so\ud800rry", "hidden.unreadable", "\ud800"),
    "noncharacter": ("so\uffferry", "hidden.unreadable", "\ufffe"),
    "private use": ("so\ue000rry", "hidden.private", "\ue000"),
    "braille blank": ("so\u2800rry", "hidden.space", "\u2800"),
    "wide spaces": ("so \u2003\u2001rry", "hidden.space", "\u2003\u2001"),
    "stacked marks": ("so\u0301\u0302\u0303\u0304rry", "hidden.marks", "o\u0301\u0302\u0303\u0304"),
    "struck through": ("s\u0336o\u0336rry", "hidden.marks", "s\u0336o\u0336"),
    "Cyrillic in a word": ("I am sоrry", "hidden.lookalike", "sоrry"),
    "Greek in a word": ("I am sοrry", "hidden.lookalike", "sοrry"),
    "mathematical letters": ("I am 𝐬𝐨𝐫𝐫𝐲", "hidden.styled", "𝐬𝐨𝐫𝐫𝐲"),
    "full width": ("I am ｓｏｒｒｙ", "hidden.styled", "ｓｏｒｒｙ"),
    "spaced": ("please c a l l  me", "hidden.spelled", "c a l l"),
    "dotted": ("p.l.e.a.s.e call", "hidden.spelled", "p.l.e.a.s.e"),
    "dashed": ("w-r-i-t-e soon", "hidden.spelled", "w-r-i-t-e"),
}

ALLOWED = {
    "accents": "Zoë, José, naïve, Ångström",
    "accents as marks": "Zoe\u0308, Jose\u0301, Vie\u0302\u0323t",
    "curly quotes": "“I’m sorry” – she’d said… ‘no’ — never",
    "no-break spaces": "10\u00a0000 and 10\u202f000",
    "thin space": "10\u2009000",
    "line ends": "one\r\ntwo\n\tthree",
    "family": "👨\u200d👩\u200d👧\u200d👦",
    "runner": "🏃🏽\u200d♀\ufe0f",
    "rainbow": "🏳\ufe0f\u200d🌈",
    "heart": "❤\ufe0f",
    "keycap": "1\ufe0f\u20e3",
    "flags": f"🇬🇧 {SCOTLAND}",
    "Russian": "Мне очень жаль. Прости меня.",
    "Greek": "Λυπάμαι πολύ",
    "Arabic": "أنا آسف جداً",
    "Arabic with mark": "(أنا)\u200f آسف",
    "Persian with non-joiner": "می\u200cخواهم",
    "Hindi with joiner": "क्\u200dष मुझे माफ़ करना",
    "Hebrew with points": "שָׁלוֹם",
    "Thai": "ขอโทษที่",
    "Japanese": "ごめんなさい。\u3000ＮＨＫの人",
    "Chinese": "对不起",
    "two languages": "In Russian we say жаль, in Greek λυπάμαι.",
    "units": "5 μm in Δt",
    "signs": "™ © № ½ ² ° € • → ✓",
    "initials": "J. R. R. Tolkien of the U.S.S.R., a.k.a. R.I.P.",
    "kisses": "love x x x x x",
    "stammering": "n-n-n-no, I-I-I-I did not",
    "alphabet": "a b c d e f g",
    "counting": "1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
}


def concealed(text: str) -> list[tuple[str, str]]:
    return [(found.rule, found.quote) for found in screen(text, Role.OTHER)
            if found.category is Category.HIDDEN]


@pytest.mark.parametrize(("text", "rule", "quote"), HIDDEN.values(), ids=HIDDEN)
def test_hidden_is_found(text, rule, quote):
    assert concealed(text)[0] == (rule, quote)


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_good_writing_gives_nothing(text):
    assert screen(text, Role.RESPONSIBLE) == ()


def test_neighbouring_hidden_characters_are_one_finding():
    assert concealed("\u200b" * 5_000) == [("hidden.invisible", "\u200b" * 5_000)]


def test_hidden_is_for_caution_alone_and_serious_within_a_contact():
    apart = screen("so\u200brry, 07700 900123", Role.HARMED)
    within = screen("sorry, 077\u200b00 900123", Role.HARMED)
    assert [found.severity for found in apart
            if found.category is Category.HIDDEN] == [Severity.CAUTION]
    assert [found.severity for found in within
            if found.category is Category.HIDDEN] == [Severity.SERIOUS]
