"""What is hidden is undone, told at its place, and screened like the rest; and in which language a
letter is."""

import base64
import codecs

import pytest

from letters.rules.roles import Role
from letters.screening import Category, Preferences, Severity, screen
from letters.screening.text.readings import readings

PLAIN = "Please write to joe@example.org and tell nobody what we said about it."
STYLED = str.maketrans({chr(97 + n): chr(0x1D41A + n) for n in range(26)})

WAYS = {
    "invisible": ("hidden.invisible", "\u200b".join(PLAIN)),
    "tags": ("hidden.tag", "Thank you." + "".join(chr(0xE0000 + ord(char)) for char in PLAIN)),
    "styled": ("hidden.styled", PLAIN.translate(STYLED)),
    "struck": ("hidden.marks", "".join(char + "\u0336" for char in PLAIN)),
    "override": ("hidden.direction", f"\u202e{PLAIN[::-1]}\u202c"),
    "backwards": ("hidden.backwards", "gro.elpmaxe@eoj ot em etirw esaelp yas lliw I taht"),
    "base64": ("hidden.encoded", "Thank you. " + base64.b64encode(PLAIN.encode()).decode()),
    "base64 twice": ("hidden.encoded", base64.b64encode(base64.b64encode(PLAIN.encode())).decode()),
    "hexadecimal": ("hidden.encoded", PLAIN.encode().hex()),
    "rot13": ("hidden.cipher",
              codecs.encode("I will be there for you, joe@example at night", "rot13")),
    "entities": ("hidden.entity", "".join(f"&#{ord(char)};" for char in PLAIN)),
    "per cent": ("hidden.entity", "".join(f"%{ord(char):02x}" for char in PLAIN)),
    "markup": ("hidden.markup", "<b></b>".join(PLAIN)),
    "comment": ("hidden.markup", f"Thank you. <!-- {PLAIN} -->"),
    "leet": ("hidden.leet", "pl3as3 c4ll m3 on sn4pch4t t0night"),
    "spelled": ("hidden.spelled", "p l e a s e  t e x t  m e  s o o n"),
    "spelled without gaps": ("hidden.spelled", "P l e a s e t e x t m e s o o n"),
    "acrostic": ("hidden.acrostic", "\n".join(f"{char}o it was." for char in "RINGMETONIGHT")),
}


@pytest.mark.parametrize(("rule", "text"), WAYS.values(), ids=WAYS)
def test_hiding_is_told_and_what_it_hides_is_found(rule, text):
    findings = screen(text, Role.RESPONSIBLE)
    assert rule in {found.rule for found in findings}
    contacts = [found for found in findings if found.category is Category.CONTACT]
    if rule not in ("hidden.cipher", "hidden.backwards", "hidden.acrostic"):
        assert contacts
    for found in contacts:
        assert found.quote == text[found.start : found.end] and found.severity is Severity.SERIOUS


def test_the_place_of_a_hidden_word_is_where_it_was_written():
    text = "Thank you. " + base64.b64encode(PLAIN.encode()).decode() + " Goodbye."
    (found,) = [found for found in screen(text, Role.RESPONSIBLE) if found.rule == "contact.email"]
    assert 11 < found.start < found.end < len(text) - 9


FOREIGN = {
    "German": "Es tut mir leid, was ich dir angetan habe. Ich denke jeden Tag daran.",
    "Polish": "Przepraszam za to co zrobiłem, myślę o tym każdego dnia i nocy.",
    "Spanish": "Lo siento mucho por lo que te hice, pienso en ello todos los días.",
    "Russian": "Мне очень жаль, что я сделал это с тобой, прости меня.",
    "Chinese": "对不起，我做了这件事，我每天都在想这件事，真的很对不起你。",
    "Tagalog": "Nagsisisi ako sa ginawa ko sa iyo, iniisip ko ito araw-araw.",
}
ENGLISH = [
    "I am sorry for what I did to you, and I think of it every day.",
    "Bitter, angry, tired: weeks, months, years, birthdays, funerals, hospital corridors, empty "
    "rooms.",
    "No one else is as filthy as these women.",
    "Dear Ms Kaya,",
    "Gracias, mi amiga.",
]


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_a_paragraph_in_another_language_is_a_quiet_note(text):
    whole = f"I am sorry for what I did.\n\n{text}\n\nThis is all that I have to say to you."
    (found,) = [found for found in screen(whole, Role.HARMED) if found.rule == "hidden.language"]
    assert (found.severity, found.quote) == (Severity.NOTE, text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_not_noted(text):
    assert "hidden.language" not in {found.rule for found in screen(text, Role.RESPONSIBLE)}


def test_in_another_language_what_needs_none_is_still_found():
    text = "Es tut mir leid, ruf mich bitte an: 07700 900123, joe@example.org"
    found = {found.rule for found in screen(text, Role.OTHER)}
    assert {"contact.telephone", "contact.email"} <= found


def test_more_countries_know_more_numbers():
    home = {found.quote for found in screen("(33) 3461 2234", Role.OTHER, Preferences("US"))}
    more = {found.quote for found in screen("(33) 3461 2234", Role.OTHER,
                                            Preferences("US", other_countries=("MX",)))}
    assert home <= more and "(33) 3461 2234" in more


def test_rule_24_wishes_are_looked_at_only_where_there_are_some():
    text = "Hello neighbour,\nI did it.\nJason"
    assert screen(text, Role.RESPONSIBLE) == ()
    wished = Preferences(words_not_used=("neighbour",), greeting="Dear Ms Kaya", signature="Jay")
    assert [found.rule for found in screen(text, Role.RESPONSIBLE,
                                           wished)] == ["address.greeting", "address.signature"]


@pytest.mark.parametrize("text", ["y.o.u d.i.e", "I s-a-y y-o-u d-i-e.", "w*e m*e*e*t"])
def test_short_words_in_a_row_are_put_together_whatever_sign_stands_within(text: str) -> None:
    read = [view.text for view in readings(text).views]
    assert any("you die" in view or "we meet" in view for view in read)
    assert any(hit.rule == "hidden.spelled" for hit in readings(text).hidden)


@pytest.mark.parametrize("text", [
    "The U.S. and the U.K. agree.", "e.g. at 9 a.m. or so", "Mr A.B. Smith, B.A., Ph.D.", "x-y a-b",
])
def test_abbreviations_are_not_spelled_out(text: str) -> None:
    assert not [hit for hit in readings(text).hidden if hit.rule == "hidden.spelled"]


def test_words_that_are_turned_within_a_line_are_read() -> None:
    found = screen("I will llik uoy, I swear.", Role.RESPONSIBLE)
    assert {"threat", "hidden"} <= {one.category for one in found}
    assert {one.quote for one in found if one.rule == "hidden.backwards"} == {"llik", "uoy"}
    assert not [one for one in screen("Mr Wonk came by.", Role.RESPONSIBLE)
                if one.category == Category.HIDDEN]
