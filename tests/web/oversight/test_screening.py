"""What readers said of the screening, and findings that a service takes as notes."""

import pytest
from sqlalchemy import delete, update

from letters.rules.errors import NotAcceptable
from letters.rules.events import Event
from letters.rules.roles import Role
from letters.screening import Category, Severity, screen, weights
from letters.screening.findings import Preferences
from letters.storage.tables.desk import Tally
from letters.storage.tables.letters import AuditEntry
from letters.workflow.decision import screening_feedback
from letters.workflow.review import read_letter
from letters.workflow.screening import counts, quieted
from tests.attacks.attacker import Attacker
from tests.cast import Cast

RULE, WORDS = "control.if-you-loved-me", "If you loved me, you would answer."
PAGE = "/supervision/screening"


def said(cast: Cast, **numbers: int) -> None:
    with cast.platform.writing() as db:
        for rule, number in numbers.items():
            counts.count(cast.platform, db, screening_feedback.RULES,
                         [rule.replace("__", ".").replace("_", "-")], number)
        counts.count(cast.platform, db, screening_feedback.CATEGORIES, ["threat"], 5)


def weight_of(cast: Cast) -> Severity:
    """Of the finding in a letter that is handed in now."""
    letter = cast.submitted(cast.responsible, WORDS)
    read_letter.claim(cast.platform, cast.first.me, letter)
    (found,) = read_letter.letter_for(cast.platform, cast.first.me, letter).findings
    assert found.rule == RULE
    return found.severity


def test_what_readers_said_is_shown_by_rule_and_no_small_number(cast: Cast) -> None:
    said(cast, pressure__must_forgive=7, contact__telephone=4, blame__gone=6)
    assert PAGE in cast.supervisor.browser().open("/supervision").links
    page = cast.supervisor.browser().open(PAGE).text
    for words in (weights.why("pressure.must-forgive"), weights.why("contact.telephone"),
                  "Fewer than 5", "A rule of an earlier version", "Threat"):
        assert words in page
    assert "pressure.must-forgive" not in page
    cast.first.browser().open(PAGE, 403)


def test_a_finding_is_taken_as_a_note_with_a_reason_and_weighs_again(cast: Cast) -> None:
    cast.open_the_way_back()
    said(cast, control__if_you_loved_me=1, contact__telephone=4)
    browser = cast.supervisor.browser()
    assert "contact.telephone" not in browser.open(PAGE).body
    page = browser.send(PAGE, 400, rule=RULE, reason=" ")
    assert "Write a few words here." in page.text
    page = browser.send(PAGE, 400, rule="contact.telephone", reason="So many numbers.")
    assert "keep their weight" in page.text and "So many numbers." in page.body
    assert weight_of(cast) is Severity.CAUTION
    browser.send(PAGE, rule=RULE, reason="It is a song that many quote.")
    page = browser.open(PAGE)
    assert "It is a song that many quote." in page.text
    assert weight_of(cast) is Severity.NOTE
    browser.send(f"{PAGE}/restore", rule=RULE)
    assert weight_of(cast) is Severity.CAUTION
    assert not quieted.quiet_rules(cast.platform, cast.supervisor.me)


def test_who_writes_to_the_database_quiets_nothing_and_learns_no_reason(cast: Cast) -> None:
    cast.open_the_way_back()
    quieted.quiet(cast.platform, cast.supervisor.me, RULE, "As Robin wrote.")
    with cast.platform.reading() as db:
        assert all(b"Robin" not in row.sealed for row in db.query(Tally))
        assert quieted.now_quiet(cast.platform, db) == {RULE}
    Attacker(cast.platform).run(delete(Tally))
    (one,) = quieted.quiet_rules(cast.platform, cast.supervisor.me)
    assert one.reason == "" and "cannot be opened" in cast.supervisor.browser().open(PAGE).text
    Attacker(cast.platform).run(update(AuditEntry).where(
        AuditEntry.event == Event.RULE_QUIETED.value).values(entered="blame.your-fault"))
    with cast.platform.reading() as db:
        assert quieted.now_quiet(cast.platform, db) == frozenset()


@pytest.mark.parametrize("category", [Category.CONTACT, Category.HIDDEN, Category.RISK,
                                      Category.THREAT])
def test_rule_30_danger_and_contact_keep_their_weight(cast: Cast, category: Category) -> None:
    kept = [rule for rule in weights.known() if weights.category(rule) is category]
    assert kept
    for rule in kept:
        with pytest.raises(NotAcceptable):
            quieted.quiet(cast.platform, cast.supervisor.me, rule, "Too many.")


def test_a_quiet_rule_leaves_the_others_as_they_are() -> None:
    text = f"{WORDS}\n\nCall me on 07700 900123."
    usual = {one.rule: one.severity for one in screen(text, Role.RESPONSIBLE)}
    quiet = {one.rule: one.severity for one in screen(
        text, Role.RESPONSIBLE, Preferences(quieted=frozenset({RULE})))}
    assert usual[RULE] is Severity.CAUTION and quiet == {**usual, RULE: Severity.NOTE}
