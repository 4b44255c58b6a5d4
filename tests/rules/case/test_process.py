"""The process of a case, folded from its trail: each fact says what it says, and no more."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from letters.rules.case.history import folded
from letters.rules.case.process import (
    FORMS,
    OF_PROCESS,
    Age,
    Consent,
    Order,
    Outcome,
    Process,
    Source,
    Task,
    TaskOutcome,
    Terms,
)
from letters.rules.events import Event, Fact
from tests.rules.sample import (
    ACKNOWLEDGED,
    AGES,
    AGREED,
    ASSESSED,
    CASE,
    CONSENTS,
    DAY,
    EVIDENCE,
    FRANCES,
    HANNA,
    LOOK,
    NOON,
    ROBIN,
    SAM,
    WORDING,
    fact,
)

LATER = NOON + timedelta(hours=1)


def process(*facts: Fact) -> Process:
    return folded(facts).process


def test_an_empty_trail_tells_of_nothing() -> None:
    assert process() == Process()


@pytest.mark.parametrize("event", sorted(OF_PROCESS))
def test_every_fact_of_the_process_has_its_form_written_down(event: Event) -> None:
    assert event.value.split()[0] in FORMS


def test_rule_06_who_asked_first_is_remembered() -> None:
    facts = [fact(Event.REFERRED, entered="RESPONSIBLE"),
             fact(Event.REFERRED, entered="HARMED", at=LATER),
             fact(Event.REFERRED, entered="RESPONSIBLE", at=LATER)]
    assert process(*facts).sources == {Source.RESPONSIBLE: NOON, Source.HARMED: LATER}


def test_rule_06_the_facilitator_is_the_one_chosen_last_and_another_can_be_wished_for() -> None:
    chosen, another = fact(Event.FACILITATOR_CHOSEN, SAM), fact(Event.ANOTHER_WISHED)
    assert process(fact(Event.FACILITATOR_CHOSEN, FRANCES), chosen).chosen == SAM
    assert (process(chosen, another).chosen, process(chosen, another).wishes_another) == (SAM, NOON)
    assert process(another, chosen).wishes_another is None


def test_rule_02_a_consent_is_to_one_purpose_with_its_version_until_its_day() -> None:
    stands = process(*CONSENTS)
    assert stands.consents[HANNA] == {"read": Consent("1", NOON, date(2027, 6, 30), SAM)}
    assert stands.consents_to(HANNA, "read", date(2027, 6, 30))
    assert not stands.consents_to(HANNA, "read", date(2027, 7, 1))
    assert not stands.consents_to(HANNA, "no-gain",
                                  DAY) and not stands.consents_to(SAM, "read", DAY)


def test_rule_02_a_consent_is_withdrawn_by_itself_and_given_again() -> None:
    withdrawn = fact(Event.CONSENT_WITHDRAWN, ROBIN, left="no-gain")
    stands = process(*CONSENTS, withdrawn)
    assert (set(stands.consents[ROBIN]), set(stands.consents[HANNA])) == ({"read"}, {"read"})
    assert process(*CONSENTS, withdrawn, *CONSENTS).consents_to(ROBIN, "no-gain", DAY)
    assert process(withdrawn) == Process()


def test_rule_02_what_was_agreed_to_before_there_were_purposes_is_asked_for_anew() -> None:
    assert process(fact(Event.CONSENT_GIVEN, HANNA)) == Process()


def test_rule_07_ages_and_who_stands_beside_somebody() -> None:
    note = uuid4()
    stands = process(*AGES, fact(Event.COMPANION_RECORDED, note, ROBIN, entered="guardian"))
    assert stands.ages == {HANNA: Age.ADULT, ROBIN: Age.GUARDIAN}
    assert stands.companions == {note: (ROBIN, "guardian")}


def test_rule_04_the_last_word_on_a_conviction_counts() -> None:
    yes, no = (fact(Event.CONVICTION_RECORDED, uuid4(), entered=word) for word in ("yes", "no"))
    assert process().convicted is None
    assert process(no, yes).convicted is True and process(yes, no).convicted is False


RECORDED, CONFIRMED = ACKNOWLEDGED


@pytest.mark.parametrize(("facts", "confirmed"), [
    ([RECORDED], None), ([RECORDED, CONFIRMED], SAM),
    ([RECORDED, CONFIRMED._replace(actor=FRANCES)], None), ([CONFIRMED, RECORDED], None),
    ([RECORDED, CONFIRMED._replace(subject=uuid4())], None),
    ([RECORDED, CONFIRMED, RECORDED._replace(subject=uuid4())], None),
    ([RECORDED, RECORDED._replace(subject=uuid4()), CONFIRMED], None)])
def test_rule_03_an_acknowledgement_is_confirmed_by_another_than_who_recorded_it(
    facts, confirmed
) -> None:
    stands = process(*facts).acknowledgement
    assert stands is not None and stands.confirmed_by == confirmed


def test_rule_03_an_acknowledgement_can_be_withdrawn_and_a_confirmation_of_nothing_is_nothing() -> (
    None
):
    assert process(*ACKNOWLEDGED,
                   fact(Event.ACKNOWLEDGEMENT_WITHDRAWN, EVIDENCE)).acknowledgement is None
    assert process(CONFIRMED).acknowledgement is None


@pytest.mark.parametrize(("ends", "stands"), [
    ("", [False, True, True, True]), ("2027-01-05", [False, True, True, False])])
def test_rule_05_an_order_stands_from_its_first_to_its_last_day(
    ends: str, stands: list[bool]
) -> None:
    order = uuid4()
    recorded = fact(Event.ORDER_RECORDED, order, left="2027-01-04", entered=ends)
    days = [date(2027, 1, 3), date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6)]
    assert [order in process(recorded).orders_standing(day) for day in days] == stands
    assert not process(recorded, fact(Event.ORDER_ENDED, order)).orders
    assert not process(fact(Event.ORDER_ENDED, order)).orders
    assert Order(days[0], days[0]).stands(days[0])


def test_rule_10_the_newest_assessment_counts_and_looks_at_every_risk_before_it() -> None:
    risk, second = fact(Event.RISK_REPORTED, uuid4()), uuid4()
    newer = fact(Event.ASSESSED, CASE, second, "NOT_YET", "2027-04-30", at=LATER)
    assert process().assessed is None
    stands = process(*ASSESSED, risk, newer)
    assert [one.id for one in stands.assessments] == [LOOK, second] and not stands.risks
    assert stands.assessed is not None
    assert (stands.assessed.outcome, stands.assessed.until) == (Outcome.NOT_YET, date(2027, 4, 30))
    assert process(newer, risk).risks == {risk.subject: NOON}


def test_a_request_is_kept_and_nothing_follows_from_it() -> None:
    note = uuid4()
    assert process(fact(Event.REQUEST_KEPT, note)) == Process(requests={note: NOON})


def test_rule_09_a_step_is_done_on_its_day_and_can_be_taken_back() -> None:
    done, undone = fact(Event.STEP_DONE, HANNA, left="talk", entered="2026-12-01"), fact(
        Event.STEP_UNDONE, HANNA, left="talk")
    assert process(done).steps == {HANNA: {"talk": date(2026, 12, 1)}}
    assert process(done, undone).steps == {HANNA: {}}
    assert process(undone).steps == {}


def test_rule_17_a_newer_version_changes_nothing_until_both_agree_to_it() -> None:
    newer = uuid4()
    proposed = fact(Event.AGREEMENT_PROPOSED, newer, entered="RESPONSIBLE 3 14", at=LATER)
    by_one, by_other = (fact(Event.AGREED, newer, actor=person) for person in (HANNA, ROBIN))
    assert process(AGREED[0], AGREED[1]).agreement(HANNA, ROBIN) is None
    for facts in ([], [proposed], [proposed, by_one], [by_one, by_other]):
        found = process(*AGREED, *facts).agreement(HANNA, ROBIN)
        assert found is not None and found.id == WORDING
    found = process(*AGREED, proposed, by_one, by_other).agreement(HANNA, ROBIN)
    assert found is not None and found.terms == Terms(Source.RESPONSIBLE, 3, 14)
    assert process(*AGREED,
                   fact(Event.AGREED, newer, actor=SAM)).agreement(HANNA, ROBIN, SAM) is None


@pytest.mark.parametrize("terms", [Terms(), Terms(Source.RESPONSIBLE, 0, 366), Terms(replies=100)])
def test_terms_are_read_as_they_were_written(terms: Terms) -> None:
    assert Terms.read(terms.written()) == terms


def test_rule_27_what_was_promised_is_open_until_something_came_of_it() -> None:
    first, second, due = uuid4(), uuid4(), datetime(2027, 1, 7, 12, tzinfo=UTC)
    set_ = [fact(Event.TASK_SET, second, HANNA, "promise", (due + timedelta(days=1)).isoformat()),
            fact(Event.TASK_SET, first, HANNA, "contact", due.isoformat())]
    assert [task.id for task in process(*set_).open_tasks] == [first, second]
    done = fact(Event.TASK_DONE, second, entered="NOT", at=LATER)
    stands = process(*set_, done, fact(Event.TASK_DONE, uuid4(), entered="DONE"))
    assert stands.tasks[second] == Task(second, "promise", HANNA, due + timedelta(days=1),
                                        TaskOutcome.NOT, LATER)
    assert [task.id for task in stands.open_tasks] == [first]


def test_closing_goes_back_as_a_whole() -> None:
    begun, closed = fact(Event.CLOSING_BEGUN), fact(Event.CASE_CLOSED, at=LATER)
    erasing = fact(Event.ERASURE_SET, entered="2028-01-04")
    stands = process(begun, fact(Event.CLOSING_BEGUN, at=LATER), closed, erasing)
    assert (stands.closing, stands.closed, stands.erase_on) == (NOON, LATER, date(2028, 1, 4))
    assert process(begun, closed, erasing, fact(Event.CLOSING_ENDED)) == Process()
    assert process(fact(Event.CASE_ERASED)).erased == NOON
