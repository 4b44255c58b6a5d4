"""The closing form: to the service, without a name, read once there are enough of them."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from keys.identity import Identity
from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.storage.tables.letters import Person
from letters.storage.tables.team import Feedback
from letters.workflow.cases import close, feedback
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player


@pytest.fixture
def at_the_end(cast: Cast) -> None:
    close.begin_closing(cast.platform, cast.first.me, cast.case)


def give(player: Player, **answers: str) -> None:
    browser = player.browser()
    browser.open("/feedback")
    browser.send("/feedback", **answers)


def others_give(cast: Cast, people: int, **answers: str) -> None:
    """Forms of so many further people: what tells one from another is their keys."""
    for number in range(1, people + 1):
        person = replace(cast.harmed.me, identity=Identity(bytes([number]) * 32))
        feedback.give(cast.platform, person, cast.case, answers)


def test_it_is_offered_from_closing_on_and_not_before(cast: Cast) -> None:
    browser = cast.harmed.browser()
    assert not [form for form in browser.open("/feedback").forms if form.action == "/feedback"]
    with pytest.raises(NotPossibleNow):
        feedback.give(cast.platform, cast.harmed.me, cast.case, {"pace": "Mine."})
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    assert "Was the pace yours?" in browser.open("/feedback").text


def test_answers_are_read_by_supervisors_once_five_people_have_answered(
    cast: Cast, at_the_end: None
) -> None:
    supervisor = cast.supervisor.browser()
    for number in range(5):
        give(cast.harmed, pace=f"Answer {number}", safe="<b>This</b> room" if number else "")
    others_give(cast, 3, pace="The third said so.")
    page = supervisor.open("/supervision/feedback")
    assert ("Fewer than 5" in page.text and "Answer 4" not in page.text
            and "4 people" not in page.text)
    give(cast.responsible, pace="Mine.")
    page = supervisor.open(supervisor.open("/supervision").link("/supervision/feedback"))
    assert "5 people have answered" in page.text
    assert "Answer 4" in page.text and "<b>This</b> room" in page.text and "Mine." in page.text
    assert "Answer 3" not in page.text  # the later form took its place
    assert "Person who harmed" not in page.text  # one alone could be recognised


def test_nobody_without_the_key_can_tell_that_two_forms_are_of_one_person(
    cast: Cast, at_the_end: None
) -> None:
    give(cast.harmed, pace="Mine.")
    ((first,),) = [{row["form_id"] for row in Attacker(cast.platform).copy()["feedback"]}]
    people = {row["id"] for row in Attacker(cast.platform).copy()["people"]}
    assert first not in people
    others_give(cast, 1, pace="Mine.")
    assert len({row["form_id"] for row in Attacker(cast.platform).copy()["feedback"]}) == 2


def test_nothing_of_a_form_leads_to_who_gave_it(cast: Cast, at_the_end: None) -> None:
    before = cast.case_row().audit_number
    attacker = Attacker(cast.platform)
    facts = len(attacker.copy()["audit"])
    give(cast.harmed, pace="A goshawk.")
    copy = attacker.copy()
    kept = copy["feedback"][0]
    assert set(kept) == {"form_id", "supervisor_id", "month", "role", "sealed", "mac"}
    assert (kept["month"], kept["role"]) == (f"{cast.platform.today():%Y-%m}", "harmed")
    assert b"goshawk" not in kept["sealed"]
    assert (cast.case_row().audit_number, len(copy["audit"])) == (before, facts)


@pytest.mark.parametrize("words", ["", " \n", "x" * 5_001])
def test_what_cannot_be_kept_stays_as_typed(cast: Cast, at_the_end: None, words: str) -> None:
    browser = cast.harmed.browser()
    browser.open("/feedback")
    page = browser.send("/feedback", 400, pace=words)
    assert page.forms[-1].fields["pace"] == words
    assert not Attacker(cast.platform).rows(Feedback)


def test_without_a_supervisor_nothing_is_kept_and_that_is_said(
    cast: Cast, at_the_end: None
) -> None:
    Attacker(cast.platform).run(
        update(Person).where(Person.id == cast.supervisor.id).values(enrolled_at=None)
    )
    with pytest.raises(NotAcceptable, match="nobody yet"):
        feedback.give(cast.platform, cast.harmed.me, cast.case, {"pace": "Mine."})


def test_a_form_that_was_not_given_here_is_found(cast: Cast, at_the_end: None,
                                                 in_service: object) -> None:
    give(cast.harmed, pace="Mine.")
    attacker = Attacker(cast.platform)
    kept = attacker.rows(Feedback)[0]
    attacker.put(Feedback, kept, form_id=cast.platform.new_id())
    cast.supervisor.browser().open("/supervision/feedback", 500)


def test_a_form_under_keys_that_a_supervisor_had_before_is_counted_and_not_shown(
    cast: Cast, at_the_end: None
) -> None:
    others_give(cast, feedback.FEWEST, pace="Mine.")
    other_keys = replace(cast.supervisor.me, identity=cast.administrator.me.identity)
    given = feedback.feedback_for(cast.platform, other_keys)
    assert (given.forms, given.unreadable) == (5, 5)
    assert not any(answers for _, answers in given.answers)
