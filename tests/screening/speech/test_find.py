"""Patterns of speech: every rule with its own examples, and what is let go: denied, told of, taken
back, quoted."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from letters.screening.findings import Category, Severity
from letters.screening.speech.find import spoken
from letters.screening.speech.rules import FOLDER, RULES
from letters.screening.text.normalise import as_written, cleaned

WRITTEN = {(path.parent.name, path.stem): yaml.safe_load(path.read_text(encoding="utf-8"))
           for path in sorted(FOLDER.glob("*/[a-z]*.yaml"))}
ENTRIES = [(category, entry) for (_, category), written in WRITTEN.items()
           for entry in written["rules"]]
OF_THE_HARMED = {Category.THREAT, Category.SEXUAL, Category.RISK}


def rules(text: str) -> set[str]:
    """Read without accents, as the screening does."""
    return {hit.rule for hit in spoken(cleaned(as_written(text)).text)}


def categories(text: str) -> set[str]:
    return {RULES[hit.rule].category.value for hit in spoken(text)}


@pytest.mark.parametrize("file", WRITTEN, ids="/".join)
def test_every_rule_does_what_its_examples_say(file):
    wrong = []
    for entry in WRITTEN[file]["rules"]:
        assert entry["matches"] and entry["passes"], entry["id"]
        wrong += [(entry["id"], text, rules(text)) for text in entry["matches"]
                  if rules(text) != {entry["id"]}]
        wrong += [(entry["id"], text) for text in entry["passes"] if entry["id"] in rules(text)]
    assert not wrong


def test_every_rule_has_a_name_of_its_own_and_one_calm_sentence():
    assert len(RULES) == len({entry["id"] for _, entry in ENTRIES}) == len(ENTRIES)
    for category, entry in ENTRIES:
        rule = RULES[entry["id"]]
        assert rule.id.startswith(f"{category}.") and rule.category.value == category
        assert rule.why.endswith(".") and rule.why.count(".") == 1 and len(rule.why) < 120, rule
        assert not {"offender", "should", "!"} & set(rule.why.lower().split()), rule


def test_the_rules_cover_the_categories_of_speech():
    assert {category for language, category in WRITTEN if language == "english"} == {
        "threat", "blame", "excuse", "denial", "minimise", "pressure", "self-pity", "control",
        "legal", "sexual", "contact",
        "abuse", "risk",
    }  # fmt: skip


def test_rule_14_her_letters_are_read_for_threat_sexual_content_and_risk_and_little_else():
    for rule in RULES.values():
        if rule.category is Category.ABUSE:
            assert rule.harmed is Severity.NOTE
        elif rule.category is Category.CONTACT:  # the weight of the finders of contact
            assert rule.harmed is Severity.CAUTION
        elif rule.category not in OF_THE_HARMED:
            assert rule.harmed in (None, Severity.NOTE)
    asked_of_him_alone = ("blame", "excuse", "denial", "minimise", "self-pity", "control")
    assert {rule.harmed for rule in RULES.values()
            if rule.category.value in asked_of_him_alone} == {None}


def test_rule_30_threats_and_risk_are_urgent_and_no_weaker_than_serious():
    for category in ("threat", "risk"):
        severities = [rule.severity for rule in RULES.values() if rule.category.value == category]
        assert (severities.count(Severity.URGENT) > len(severities) * 3 / 4
                and min(severities) >= Severity.SERIOUS)


@pytest.mark.parametrize(
    "text",
    [
        "You told me it was my fault.",
        "You said \"it was your own fault\", and I believed it.",
        "I told you that you made me do it.",
        "I used to tell myself that it was only a slap.",
        "It was a lie that you made me do it.",
        "It was not your fault.",
        "I blamed you; I was wrong.",
        "Did I ever tell you that it was your fault?",
        "I cannot say that I just snapped.",
        "I made you believe that you were remembering it wrong.",
    ],
)
def test_what_is_denied_told_of_or_taken_back_is_let_go(text):
    assert not categories(text)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("It was not your fault, but you made me do it.", "blame"),
        ("I told you that I am sorry. You made me do it.", "blame"),
        ("\"You made me do it.\"", "blame"),
        ("I know it was not your fault; you made me do it.", "blame"),
        ("My brother said that he will find you. I will find you too.", "threat"),
        ("YOU MADE ME DO IT", "blame"),
        ("you made\nme do it", "blame"),
        ("You, Sam, made me do it", "blame"),
        ("im gonna kill u", "threat"),
        ("You’re going to pay for this", "threat"),
    ],
)
def test_what_looks_let_go_and_is_not_is_found(text, category):
    assert category in categories(text)


def test_a_place_is_where_it_stands_whatever_stands_before():
    before = "İß ﬁ 😀 é„“ "
    ((start, end),) = {(hit.start, hit.end) for hit in spoken(f"{before}You made me do it!")}
    assert (start, end) == (len(before), len(before) + len("You made me do"))


PIECES = [
    "you made me do it ", "I will ", "kill ", "you told me ", "it was ", '"', "'", ". ", "! ",
    "\n\n", "not ",
    "é", "😀",
]  # fmt: skip
RELENTLESS = ["you made me ", "i will kill you ", "not ", '" ', "i told you ", "if you ",
              "they are "]


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_can_be_read_and_gives_the_same_twice(text):
    hits = list(spoken(text))
    assert hits == list(spoken(text))
    for hit in hits:
        assert hit.rule in RULES and 0 <= hit.start < hit.end <= len(text)


def test_the_set_has_the_room_to_find_what_each_pattern_finds():
    """A set of patterns that runs out of memory reports nothing; here all of them are tried in one
    long letter."""
    texts = [text for _, entry in ENTRIES for text in entry["matches"]]
    found = rules("\n\n".join(texts))
    assert len(found) >= len(RULES) * 0.98


@pytest.mark.parametrize("piece", RELENTLESS)
def test_a_relentless_text_is_read_to_its_end(piece):
    text = piece * (20_000 // len(piece)) + ". I will kill you."
    assert any(hit.end == len(text) - 1 for hit in spoken(text))
