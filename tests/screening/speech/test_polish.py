"""The rules for Polish leave letters in English alone, and read Polish as it is typed."""

import pytest

from benchmarks.corpus import CORPUS, Half, half, rows
from letters.rules.roles import Role
from letters.screening import screen
from letters.screening.speech.find import spoken
from letters.screening.text.normalise import as_written, cleaned


def found(text):
    return {hit.rule for hit in spoken(cleaned(as_written(text)).text) if ".polish-" in hit.rule}


def test_no_rule_for_polish_marks_a_text_in_english():
    """Of the half `tune` alone: nobody is shown a text of the other."""
    english = [row["text"] for row in rows(CORPUS) if half(row["text"]) is Half.TUNE]
    assert len(english) > 500
    assert not [(text, found(text)) for text in english if found(text)]


@pytest.mark.parametrize(("text", "rule"), [
    ("Skrzywdzę cię, pożałujesz.", "threat.polish-will-regret"),
    ("skrzywdze cie, pozalujesz", "threat.polish-will-regret"),
    ("NIE CHCĘ JUŻ ŻYĆ", "risk.polish-no-wish-to-live"),
    ("Widziałam cię wczoraj.", "threat.polish-saw-you"),
    ("widzialam cie wczoraj", "threat.polish-saw-you"),
    ("Będę czekać na ciebie pod szkołą", "contact.polish-will-wait"),
])
def test_accents_may_be_missing(text, rule):
    """The barred l has no plain form among the characters; the patterns know both."""
    assert rule in found(text)


@pytest.mark.parametrize("text", [
    "Nie zabiję cię.",
    "Powiedziałem, że cię zabiję, i wstydzę się tego.",
    "Boisz się, że cię znajdę.",
    "Czy boisz się, że cię skrzywdzę?",
    "Moje słowa „już nie żyjesz” były podłe.",
])
def test_what_is_denied_told_taken_back_asked_or_quoted_is_let_go(text):
    assert not found(text)


@pytest.mark.parametrize("text", ["Niech pani lepiej nie wychodzi sama.", "Dla mnie nie żyjesz."])
def test_a_small_word_within_another_denies_nothing(text):
    """Polish has "nor" in "Mrs" and "not" in "me"."""
    assert found(text)


def test_what_turns_in_polish_is_found():
    assert found("Nie chciałem cię skrzywdzić, ale zabiję cię.") == {"threat.polish-harm-to-come"}


@pytest.mark.parametrize("writer", Role)
def test_a_threat_in_polish_is_told_whoever_writes(writer):
    (finding,) = [one for one in screen("Zabiję cię.", writer) if one.category == "threat"]
    assert finding.why.startswith("In Polish, ") and finding.quote == "Zabiję cię"
