"""Ways to reach somebody, by phenomenon: what must be found, and what harmless letters say that
must not be."""

import pytest

from letters.rules.roles import Role
from letters.screening import Category, Preferences, Severity, screen
from letters.screening.finders.telephone import MOST_DIGITS_READ

TELEPHONES = {
    "mobile": "ring me on 07700 900123 any time",
    "one block": "07700900123",
    "landline": "my mum's is (020) 7946 0018",
    "international": "+44 7700 900123",
    "another country": "call +1 415 555 0132",
    "two zeros": "0044 7700 900 123",
    "dots": "07700.900.123",
    "dashes": "07700-900-123",
    "slashes": "07700/900/123",
    "spelled with spaces": "0 7 7 0 0 9 0 0 1 2 3",
    "spelled behind a word": "m e 0 7 7 0 0 9 0 0 1 2 3",
    "spelled with dots": "0.7.7.0.0.9.0.0.1.2.3",
    "spelled with commas": "0,7,7,0,0,9,0,0,1,2,3",
    "spelled with stars": "0*7*7*0*0*9*0*0*1*2*3",
    "underscores": "07700_900_123",
    "full width": "０７７００ ９００１２３",
    "keycaps": "0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣",
    "another script": "٠٧٧٠٠ ٩٠٠١٢٣",
    "zero width inside": "0\u200b7700 900123",
    "soft hyphens inside": "077\u00ad00 90\u00ad0123",
    "behind a date": "on 12/03/2019 07700 900123",
    "behind an age": "I am 21 07700 900123",
    "glued to a word": "tel07700900123",
    "called a sum": "£07700900123",
    "called a case": "case 07700 900123",
    "over the end of a line": "ring me on 07700\n900123",
    "local": "ask for me on 451 5986",
    "short abroad": "+49-49-34",
}

NOT_TELEPHONES = {
    "day first": "It happened on 12/03/2019.",
    "year first": "2019-03-12",
    "dots": "12.03.2019",
    "spaces": "12 03 2019",
    "date and time": "12.03.2019 10:30",
    "range of dates": "from 12/03/19 - 14/03/19",
    "years": "between 1998-2004 and 2011 2012",
    "time": "10:30 - 11:45",
    "time with dots": "visits are 10.30 - 11.45",
    "money": "£1,234,567 and $ 2500000",
    "money in words": "it cost 2500000 pounds",
    "ages": "my children are 12, 14 and 17",
    "case number": "case number 20191234",
    "crime reference": "crime ref. 4201234567",
    "prison number": "A1234BC",
    "court number": "URN 01AB1234519, T20197001",
    "prisoner": "Prisoner No: 12345678",
    "postcode": "SW1A 1AA",
    "American postcode": "Salem, OR 97301-1234",
    "short": "cell 12345",
    "counting": "I breathe and count 1 2 3 4 5 6 7 8 9 10",
    "counting back": "10, 9, 8, 7, 6, 5, 4, 3, 2, 1",
    "verses": "John 3:16-18, Luke 15:11-32",
    "a card number is no telephone": "4454794511390933",
}

EMAILS = {
    "plain": "joe.smith+letters@example.org",
    "spaced": "joe @ example.org",
    "wide": "joe@example . org",
    "words": "joe at example dot org",
    "shouted": "JOE AT EXAMPLE DOT CO DOT UK",
    "brackets": "joe (at) example (dot) org",
    "square brackets": "joe[at]example[dot]org",
    "known service": "joe at gmail",
    "letters of other scripts": "josé@пример.рф",
    "full width": "ｊｏｅ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    "zero width": "joe@exa\u200bmple.org",
    "look-alikes": "jое@ехаmрlе.оrg",
    "spelled out": "j o e @ g m a i l . c o m",
}

LINKS = {
    "scheme": "see https://example.org/a?b=c",
    "broken scheme": "hxxp://example.org",
    "broken scheme and dots": "hxxps[:]//example[.]org",
    "www": "www.example.org",
    "www in words": "www example com",
    "bare": "it is all on example.org",
    "bare with path": "example.co.uk/joe",
    "word ending with path": "example.me/joe",
    "messenger": "wa.me/447700900123",
    "invitation": "discord.gg/abc",
    "dot com": "example dot com",
    "brackets": "example[dot]com",
    "spaced dot": "example . com",
    "shouted": "EXAMPLE.COM",
    "number in name": "4joe.net",
    "zero width": "exam\u200bple.c\u200bom",
}

HANDLES = {
    "at sign": "I am @joe_99 there",
    "at the start": "@joe",
    "my insta is": "my insta is joe99",
    "my Snapchat:": "my Snapchat: joe",
    "add me on": "add me on Snapchat joe99",
    "add me as": "Add me on Facebook as Joe Smith",
    "find me on": "you could find me on Facebook",
    "message me": "message me on WhatsApp",
    "search for me": "search for me on Instagram",
    "label": "insta: joe99",
    "username": "my username is joe99",
    "I am on": "I'm joe99 on TikTok",
    "verb": "WhatsApp me",
    "short": "my snap's joe99",
    "name with digits": "insta joe_99",
    "add my": "add my Snapchat",
    "name and number": "joe#1234",
    "zero width": "my in\u200bsta is joe99",
    "spelled out": "f i n d me on s n a p c h a t",
}

HARMLESS = {
    "apology": "I am sorry for what I did to you. I broke into your home and took what was yours.",
    "missing space": "I was sorry.It was my fault.I know.So I write.",
    "abbreviations": "e.g. at 5 p.m. in the U.S. or U.K., i.e. Ph.D. or B.Sc. et al.",
    "network": "I saw it on Facebook and I felt sick.",
    "network is gone": "My Facebook is deleted and my Instagram is private.",
    "at": "I look at home and think at night about that dot on the map",
    "follow": "I hope you can follow me in this. Please call me Joe.",
    "price": "3 for 2 @ £5",
    "signal": "my signal is weak; it threads through the steam",
    "file": "the report.pdf of the hearing",
    "sums": "1.5 km, 2.75 m, 3/4, 50%",
    "ellipsis": "I waited...no answer came",
}


def contacts(text: str, writer: Role = Role.RESPONSIBLE,
             home_country: str = "GB") -> list[tuple[str, str]]:
    findings = screen(text, writer, Preferences(home_country=home_country))
    return [(finding.rule, finding.quote) for finding in findings
            if finding.category is Category.CONTACT]


@pytest.mark.parametrize("text", TELEPHONES.values(), ids=TELEPHONES)
def test_telephone_is_found(text):
    assert "contact.telephone" in dict(contacts(text))


@pytest.mark.parametrize("text", NOT_TELEPHONES.values(), ids=NOT_TELEPHONES)
def test_other_numbers_are_not_telephones(text):
    assert {rule for rule, _ in contacts(text)} <= {"contact.street"}


@pytest.mark.parametrize("text", EMAILS.values(), ids=EMAILS)
def test_email_is_found_whole(text):
    assert contacts(text) == [("contact.email", text)]


@pytest.mark.parametrize("text", LINKS.values(), ids=LINKS)
def test_link_is_found(text):
    assert "contact.link" in dict(contacts(text))


@pytest.mark.parametrize("text", HANDLES.values(), ids=HANDLES)
def test_handle_is_found(text):
    assert "contact.handle" in dict(contacts(text))


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_harmless_writing_gives_nothing(text):
    assert screen(text, Role.RESPONSIBLE) == ()


def test_quote_is_the_whole_number_and_no_more():
    assert contacts("Ring 07700 900123. Or not.") == [("contact.telephone", "07700 900123")]
    assert contacts("0\u200b7700 900123!") == [("contact.telephone", "0\u200b7700 900123")]


def test_link_stops_before_the_end_of_the_sentence():
    assert (contacts("Look at https://example.org/joe.")
            == [("contact.link", "https://example.org/joe")])


def test_email_is_one_finding_although_its_host_is_a_link():
    assert contacts("joe@example.org") == [("contact.email", "joe@example.org")]


def test_a_flood_of_digits_is_told_and_not_read_to_its_end():
    flood = "1 2 " * MOST_DIGITS_READ
    assert ("contact.digits", flood[2 * MOST_DIGITS_READ :].rstrip()) in contacts(flood)


def test_numbers_of_other_countries_are_found_where_the_service_names_them():
    usual, wider = Preferences(), Preferences(other_countries=("CN",))
    found = [{each.quote for each in screen("Ring 138 0013 80001 soon", Role.RESPONSIBLE, by)}
             for by in (usual, wider)]
    assert found == [set(), {"138 0013 80001"}]


def test_home_country_decides_what_a_number_without_code_is():
    assert contacts("(33) 3461 2234", home_country="MX")
    assert contacts("07700 900123 or +1 415 555 0132", home_country="no such place") == [
        ("contact.telephone", "+1 415 555 0132")
    ]


@pytest.mark.parametrize(
    ("writer", "severity"),
    [(Role.RESPONSIBLE, Severity.SERIOUS), (Role.OTHER, Severity.SERIOUS),
     (Role.HARMED, Severity.CAUTION)],
)
def test_contact_is_milder_for_the_person_harmed(writer, severity):
    """Rule 14: contact details are on her narrower test too."""
    assert [finding.severity for finding in screen("07700 900123", writer)] == [severity]
