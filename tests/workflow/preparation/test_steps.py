"""The verbs of the process: who may say what, what it needs, and what is kept of it. The rules by
their number."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from letters.rules.case.process import Age, Outcome, Source, TaskOutcome, Terms
from letters.rules.errors import LettersError, NotAcceptable, NotAllowed, NotFound, NotPossibleNow
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.pace import MAX_GAP_DAYS
from letters.storage.tables.letters import AuditEntry, Note
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.cases import close, open_and_halt
from letters.workflow.cases import tasks as cases_tasks
from letters.workflow.platform import SignedIn
from letters.workflow.preparation import agreement, assessment, background, consent, referral, steps
from letters.workflow.reading import open_letter
from letters.workflow.record import record
from letters.workflow.release import pace
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import exchange_under_way
from tests.cast import Cast


def process(cast: Cast) -> Any:
    return cast.prepared.process()


def words_of_team(cast: Cast, me: SignedIn, subject: Any, by: UUID | None = None) -> list[str]:
    """What a member of the team can read of something; ``by``: whose words they are, if not the
    team's."""
    with cast.platform.reading() as db:
        held = case_keys.open_all(cast.platform, db, me, cast.case)
        return [note.words for note in sealed_notes.opened_by_team(
            cast.platform, db, held, cast.case, subject, frozenset({by}) if by else None)]


def words_of_person(cast: Cast, me: SignedIn, subject: Any) -> list[str]:
    """What a participant can read of it."""
    with cast.platform.reading() as db:
        team = record.read(cast.platform, db, cast.case).ever_joined
        return [note.words for note in sealed_notes.opened(cast.platform, db,
                                                           me.identity, me.person, subject, team)]


# --- who may say what

def verbs(cast: Cast, me: SignedIn, case: Any) -> dict[str, tuple[Any, str]]:
    """Every verb, and who of a case may do it: h, r, o for those who take part, f for its team."""
    platform, today, person = cast.platform, cast.platform.today(), cast.harmed.id
    told = cast.prepared.process()
    return {
        "refer": (lambda: referral.refer(platform, me, case, Source.HARMED), "f"),
        "choose": (lambda: referral.choose(platform, me, case, cast.first.id), "h"),
        "wish another": (lambda: referral.wish_another(platform, me, case), "h"),
        "keep a request": (
            lambda: referral.keep_request(platform, me, case, "Please call."),
            "hrof",
        ),
        "consent": (lambda: consent.give(platform, me, case, ["notices"]), "hro"),
        "withdraw": (lambda: consent.withdraw(platform, me, case, ["notices"]), "hro"),
        "age": (lambda: background.record_age(platform, me, case, person, Age.ADULT), "f"),
        "companion": (
            lambda: background.record_companion(platform, me, case, person, "adviser", "Adi."),
            "f",
        ),
        "conviction": (
            lambda: background.record_conviction(platform, me, case, True, "Guilty."),
            "f",
        ),
        "acknowledgement": (
            lambda: background.record_acknowledgement(platform, me, case, "He said so."),
            "f",
        ),
        "acknowledgement withdrawn": (
            lambda: background.withdraw_acknowledgement(platform, me, case),
            "rf",
        ),
        "order": (lambda: background.record_order(platform, me, case, today, today, "None."), "f"),
        "assess": (
            lambda: assessment.assess(
                platform, me, case, answers(cast), Outcome.SUITABLE, today + timedelta(days=1)
            ),
            "f",
        ),
        "risk": (lambda: assessment.report_risk(platform, me, case, "A risk."), "hrof"),
        "step": (lambda: steps.take_step(platform, me, case, person, "hopes", today), "f"),
        "step back": (lambda: steps.take_step_back(platform, me, case, person, "hopes"), "f"),
        "propose": (lambda: agreement.propose(platform, me, case, Terms(), wording(cast)), "f"),
        "agree": (lambda: agreement.agree(platform, me, case, told.agreements[-1].id), "hr"),
        "task": (
            lambda: cases_tasks.set_task(
                platform, me, case, cases_tasks.OTHER, person, today, "Ask."
            ),
            "f",
        ),
        "close": (lambda: close.begin_closing(platform, me, case), "f"),
        "go on": (lambda: close.go_on(platform, me, case), "f"),
    }


def answers(cast: Cast) -> dict[str, dict[str, str]]:
    asked = cast.platform.framework.assessment
    return {one.id: {"rating": asked.ratings[0], "evidence": "In the talks."}
            for one in asked.dimensions}


def wording(cast: Cast, **own: str) -> agreement.Wording:
    return agreement.Wording("That night.", "Hanna.", ("sweetheart", " "),
                             {getattr(cast, who).id: words for who, words in own.items()})


NAMES = ("harmed", "responsible", "other", "first")


@pytest.mark.parametrize("who", [*NAMES, "supervisor", "administrator"])
def test_each_says_what_is_theirs_to_say_and_a_stranger_nothing(cast: Cast, who: str) -> None:
    part = dict(zip(NAMES, "hrof", strict=True)).get(who, "")
    me = getattr(cast, who).me
    for name, (verb, may) in verbs(cast, me, cast.case).items():
        try:
            verb()
            allowed = True
        except (NotAllowed, NotFound):
            allowed = False
        except NotPossibleNow:  # the agreement is another by now
            allowed = True
        assert allowed is (bool(part) and part in may), name
    for name, (verb, _) in verbs(cast, me, cast.strange_case).items():
        with pytest.raises((NotFound, NotAllowed)):
            verb()
            pytest.fail(name)


# --- rule 1 and 2

def test_rule_02_each_purpose_is_agreed_to_with_its_version_by_whom_it_was_explained_and_until_when(
        cast: Cast) -> None:
    consent.give(cast.platform, cast.harmed.me, cast.case, ["notices"], explained_by=cast.second.id)
    given = process(cast).consents[cast.harmed.id]["notices"]
    assert (given.version, given.explained_by) == ("1", cast.second.id)
    assert given.until == cast.platform.today().replace(year=2028)
    assert "statistics" not in process(cast).consents[cast.harmed.id]


@pytest.mark.parametrize(("today", "months", "until"), [
    ((2027, 1, 31), 1, (2027, 2, 28)), ((2028, 2, 29), 12, (2029, 2, 28)),
    ((2027, 12, 31), 2, (2028, 2, 29)),
    ((2027, 11, 30), 1, (2027, 12, 30)), ((2027, 12, 1), 120, (2037, 12, 1)),
    ((2027, 3, 31), 6, (2027, 9, 30))])
def test_rule_02_a_consent_lasts_so_many_months(today, months: int, until) -> None:
    from datetime import date
    assert consent._renewed_by(date(*today), months) == date(*until)


def test_rule_01_who_withdraws_withdraws_all_where_they_gave_it_and_nobody_is_asked_why(
    cast: Cast,
) -> None:
    consent.withdraw(cast.platform, cast.responsible.me, cast.case)
    assert process(cast).consents[cast.responsible.id] == {}
    assert (process(cast).consents[cast.harmed.id].keys()
            == consent.required(cast.platform, cast.harmed.me))


@pytest.mark.parametrize("purpose", ["no-gain", "part-other", "", "read 2", "made up"])
def test_rule_02_nobody_agrees_to_what_they_are_not_asked(cast: Cast, purpose: str) -> None:
    for verb in (consent.give, consent.withdraw):
        with pytest.raises(NotAcceptable):
            verb(cast.platform, cast.harmed.me, cast.case, ["read", purpose])
    with pytest.raises(NotPossibleNow):
        consent.give(cast.platform, cast.harmed.me, cast.case, ["read"],
                     explained_by=cast.stranger_facilitator.id)


def test_rule_02_nothing_is_sent_to_readers_without_consent_and_the_writer_is_told_how(
    cast: Cast,
) -> None:
    letter = cast.draft(cast.harmed)
    consent.withdraw(cast.platform, cast.harmed.me, cast.case, ["read"])
    with pytest.raises(NotAcceptable) as told:
        write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    assert told.value.words and cast.state(letter) is State.DRAFT
    consent.give(cast.platform, cast.harmed.me, cast.case, ["read"])
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    assert cast.state(letter) is State.IN_REVIEW


def test_rule_08_the_person_who_harmed_is_asked_to_confirm_that_nothing_is_gained(
    cast: Cast,
) -> None:
    assert (consent.required(cast.platform, cast.responsible.me) - consent.required(cast.platform,
                                                                                   cast.harmed.me)
            == {
        "no-gain"})
    letter = cast.approved(cast.harmed)
    consent.withdraw(cast.platform, cast.responsible.me, cast.case, ["no-gain"])
    assert cast.release() == 0
    consent.give(cast.platform, cast.responsible.me, cast.case, ["no-gain"])
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


# --- rule 3

def test_rule_03_who_recorded_an_acknowledgement_does_not_confirm_it(cast: Cast) -> None:
    background.record_acknowledgement(cast.platform, cast.first.me, cast.case,
                                      "He said so in a talk.")
    told = process(cast).acknowledgement
    assert told.confirmed_by is None and "He said so in a talk." in words_of_team(
        cast, cast.second.me, told.id
    )
    for me, which in ((cast.first.me, told.id), (cast.second.me, uuid4())):
        with pytest.raises(NotPossibleNow):
            background.confirm_acknowledgement(cast.platform, me, cast.case, which)
    background.confirm_acknowledgement(cast.platform, cast.second.me, cast.case, told.id)
    background.confirm_acknowledgement(cast.platform, cast.second.me, cast.case, told.id)
    assert process(cast).acknowledgement.confirmed_by == cast.second.id


def test_rule_03_nobody_confirms_what_they_cannot_read(cast: Cast, attacker: Attacker) -> None:
    background.record_acknowledgement(cast.platform, cast.first.me, cast.case,
                                      "He said so in a talk.")
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    told = process(cast).acknowledgement.id
    with pytest.raises(NotPossibleNow):
        background.confirm_acknowledgement(cast.platform, cast.stranger_facilitator.me, cast.case,
                                           told)
    attacker.run(Note.__table__.delete().where(Note.subject_id == told))
    with pytest.raises(NotPossibleNow):
        background.confirm_acknowledgement(cast.platform, cast.second.me, cast.case, told)


def test_rule_03_acknowledging_needs_evidence_and_withdrawing_is_recorded_and_confirmed_again(
    cast: Cast,
) -> None:
    with pytest.raises(NotAcceptable):
        background.record_acknowledgement(cast.platform, cast.first.me, cast.case, "  ")
    before = process(cast).acknowledgement.id
    background.withdraw_acknowledgement(cast.platform, cast.responsible.me, cast.case,
                                        "It was not like that.")
    assert process(cast).acknowledgement is None
    with pytest.raises(NotPossibleNow):
        background.confirm_acknowledgement(cast.platform, cast.second.me, cast.case, before)


# --- rules 4 and 5

def test_rule_04_storytelling_lets_letters_be_written_and_not_sent(cast: Cast) -> None:
    waiting, letter = cast.approved(cast.harmed, "Approved."), cast.draft(cast.harmed)
    cast.prepared.assess(Outcome.STORYTELLING)
    version = write.save(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id,
                         "I write on.")
    with pytest.raises(NotAcceptable):
        write.submit(cast.platform, cast.harmed.me, letter, version)
    assert cast.release() == 0 and cast.state(waiting) is State.APPROVED
    cast.prepared.assess()
    write.submit(cast.platform, cast.harmed.me, letter, version)


def test_rule_05_an_order_has_a_first_day_and_stands_until_its_last(cast: Cast) -> None:
    today = cast.platform.today()
    for begins, ends in ((None, None), (today, today - timedelta(days=1))):
        with pytest.raises(NotAcceptable):
            background.record_order(cast.platform, cast.first.me, cast.case, begins, ends,
                                    "No contact.")
    background.record_order(cast.platform, cast.first.me, cast.case, today, None,
                            "No contact, in writing neither.")
    (order,) = process(cast).orders
    assert words_of_team(cast, cast.second.me, order) == ["No contact, in writing neither."]
    background.end_order(cast.platform, cast.second.me, cast.case, order)
    with pytest.raises(NotPossibleNow):
        background.end_order(cast.platform, cast.first.me, cast.case, order)


# --- rules 6 and 7

def test_rule_06_the_person_harmed_chooses_among_the_team_and_can_wish_for_another(
    cast: Cast,
) -> None:
    with pytest.raises(NotPossibleNow):
        referral.choose(cast.platform, cast.harmed.me, cast.case, cast.stranger_facilitator.id)
    referral.wish_another(cast.platform, cast.harmed.me, cast.case, cast.first.id)
    assert process(cast).wishes_another is not None
    referral.choose(cast.platform, cast.harmed.me, cast.case, cast.second.id)
    assert (process(cast).chosen, process(cast).wishes_another) == (cast.second.id, None)


def test_rule_06_the_person_harmed_writes_first_unless_both_agreed_otherwise(cast: Cast) -> None:
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    with pytest.raises(NotPossibleNow):
        cast.draft(cast.responsible)
    made = agreement.propose(cast.platform, cast.first.me, cast.case, Terms(Source.RESPONSIBLE),
                             wording(cast))
    agreement.agree(cast.platform, cast.responsible.me, cast.case, made)
    with pytest.raises(NotPossibleNow):
        cast.draft(cast.responsible)
    agreement.agree(cast.platform, cast.harmed.me, cast.case, made)
    assert cast.state(cast.released(cast.responsible, "I write first.")) is State.RELEASED


def test_rule_06_who_may_write_first_no_longer_is_not_released(cast: Cast) -> None:
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    cast.prepared.agree(Terms(Source.RESPONSIBLE))
    letter = cast.approved(cast.responsible, "I write first.")
    cast.prepared.agree(Terms(Source.HARMED))
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED


def test_rule_07_a_guardian_is_recorded_with_how_they_agreed_before_they_count(cast: Cast) -> None:
    platform, me, person = cast.platform, cast.first.me, cast.responsible.id
    background.record_companion(platform, me, cast.case, person, "interpreter", "Ines.")
    background.record_companion(platform, me, cast.case, cast.harmed.id, "guardian",
                                "For somebody else.")
    with pytest.raises(NotAcceptable):
        background.record_age(platform, me, cast.case, person, Age.GUARDIAN)
    background.record_companion(platform, me, cast.case, person, "guardian",
                                "His mother, in writing.")
    background.record_age(platform, me, cast.case, person, Age.GUARDIAN)
    assert process(cast).ages[person] is Age.GUARDIAN
    with pytest.raises(NotAcceptable):
        background.record_companion(platform, me, cast.case, person, "friend", "Fay.")
    with pytest.raises(NotPossibleNow):
        background.record_age(platform, me, cast.case, cast.stranger_harmed.id, Age.ADULT)


# --- rules 9 and 10

def test_rule_09_a_step_is_dated_and_belongs_to_who_took_it(cast: Cast) -> None:
    platform, me, today = cast.platform, cast.first.me, cast.platform.today()
    for person, step, day in ((cast.harmed.id, "hopes", None),
                              (cast.harmed.id, "hopes", today + timedelta(days=1)),
                              (cast.harmed.id, "responsibility", today),
                              (cast.other.id, "hopes", today),
                              (cast.harmed.id, "made up", today)):
        with pytest.raises(NotAcceptable):
            steps.take_step(platform, me, cast.case, person, step, day)
    steps.take_step(platform, me, cast.case, cast.harmed.id, "opening", today - timedelta(days=40))
    assert process(cast).steps[cast.harmed.id]["opening"] == today - timedelta(days=40)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_rule_10_an_assessment_has_every_rating_and_a_review_date(cast: Cast, days: int) -> None:
    platform, me, until = cast.platform, cast.first.me, cast.platform.today() + timedelta(days=90)
    for wrong in ({}, {**answers(cast), "power": {"rating": "fine"}}):
        with pytest.raises(NotAcceptable) as told:
            assessment.assess(platform, me, cast.case, wrong, Outcome.SUITABLE, until)
        assert told.value.field.endswith("-rating")
    for day in (None, platform.today() + timedelta(days=days)):
        with pytest.raises(NotAcceptable):
            assessment.assess(platform, me, cast.case, answers(cast), Outcome.SUITABLE, day)
    assert len(process(cast).assessments) == 2  # as the case was prepared


def test_rule_10_a_risk_told_of_meanwhile_is_not_looked_at_by_an_assessment_begun_before(
    cast: Cast,
) -> None:
    platform, until = cast.platform, cast.platform.today() + timedelta(days=30)
    assessment.report_risk(platform, cast.harmed.me, cast.case, "He waits outside.")
    before = set(process(cast).risks)
    assessment.report_risk(platform, cast.other.me, cast.case, "He has her address.")
    with pytest.raises(NotAcceptable):
        assessment.assess(platform, cast.first.me, cast.case, answers(cast), Outcome.SUITABLE,
                          until, before)
    assert len(process(cast).risks) == 2
    one, other = process(cast).risks
    assert words_of_team(cast, cast.second.me, one, cast.harmed.id) == ["He waits outside."]
    assert words_of_team(cast, cast.second.me, other, cast.other.id) == ["He has her address."]
    assessment.assess(platform, cast.first.me, cast.case, answers(cast), Outcome.SUITABLE, until,
                      process(cast).risks)
    assert not process(cast).risks


# --- rule 17

def test_rule_17_each_reads_the_agreement_in_their_own_words_and_not_in_the_others(
    cast: Cast,
) -> None:
    made = agreement.propose(cast.platform, cast.first.me, cast.case, Terms(replies=3),
                             wording(cast, harmed="You set the pace.", responsible="You wait."))
    (hers,), (his,
              ) = (words_of_person(cast, one.me, made) for one in (cast.harmed, cast.responsible))
    assert "You set the pace." in hers and "You wait." not in hers
    assert "You wait." in his and "You set the pace." not in his
    assert all("sweetheart" in words and '" "' not in words for words in (hers, his))
    (ours,) = words_of_team(cast, cast.second.me, made)
    assert "You set the pace." in ours and "You wait." in ours


def test_rule_17_only_the_newest_version_can_be_agreed_to_and_the_one_before_stands_until_then(
    cast: Cast,
) -> None:
    platform, stands = cast.platform, process(cast).agreements[-1].id
    first, second = (agreement.propose(platform, cast.first.me, cast.case, Terms(days=days),
                                       wording(cast))
                     for days in (7, 14))
    agreement.agree(platform, cast.harmed.me, cast.case, second)
    agreement.agree(platform, cast.harmed.me, cast.case, second)
    with pytest.raises(NotPossibleNow):
        agreement.agree(platform, cast.responsible.me, cast.case, first)
    parties = cast.harmed.id, cast.responsible.id
    assert process(cast).agreement(*parties).id == stands
    agreement.agree(platform, cast.responsible.me, cast.case, second)
    assert process(cast).agreement(*parties).terms.days == 14


@pytest.mark.parametrize("terms", [Terms(Source.AGENCY), Terms(replies=-1), Terms(replies=101),
                                   Terms(days=-1),
                                   Terms(days=MAX_GAP_DAYS + 1)])
def test_rule_17_terms_that_cannot_be_kept_are_refused(cast: Cast, terms: Terms) -> None:
    with pytest.raises(NotAcceptable):
        agreement.propose(cast.platform, cast.first.me, cast.case, terms, wording(cast))


# --- rules 26 and 27

@pytest.mark.parametrize("who", ["harmed", "responsible"])
def test_rule_26_somebody_speaks_with_who_opened_a_letter_within_72_hours(
    cast: Cast, who: str
) -> None:
    if who == "harmed":
        cast.open_the_way_back()
    letter = cast.released(cast.responsible if who == "harmed" else cast.harmed)
    assert not process(cast).tasks
    open_letter.open_letter(cast.platform, getattr(cast, who).me, letter)
    open_letter.open_letter(cast.platform, getattr(cast, who).me, letter)
    tasks = process(cast).open_tasks
    assert [task.kind for task in tasks] == ["contact", "after-weeks"]
    assert tasks[0].about == getattr(cast, who).id
    hours = (tasks[0].due - cast.clock.moment).total_seconds() / 3600
    assert 71.9 < hours <= 72


def test_rule_27_the_person_harmed_hears_of_a_promise_kept_or_not(cast: Cast) -> None:
    platform, me, today = cast.platform, cast.first.me, cast.platform.today()
    promise = cases_tasks.set_task(
        platform, me, cast.case, cases_tasks.PROMISE, cast.responsible.id, today, "He pays by May."
    )
    with pytest.raises(NotAcceptable):
        cases_tasks.finish_task(platform, me, cast.case, promise, TaskOutcome.NOT)
    cases_tasks.finish_task(platform, cast.second.me, cast.case, promise, TaskOutcome.NOT,
                            "He has not paid.")
    assert words_of_person(cast, cast.harmed.me, promise) == ["He pays by May.", "He has not paid."]
    assert words_of_person(cast, cast.responsible.me, promise) == []
    with pytest.raises(NotPossibleNow):
        cases_tasks.finish_task(platform, me, cast.case, promise, TaskOutcome.DONE, "He has.")


def test_a_task_is_of_a_kind_for_somebody_of_the_case_within_two_years(
    cast: Cast, attacker: Attacker
) -> None:
    platform, me, today = cast.platform, cast.first.me, cast.platform.today()
    debrief = cases_tasks.set_task(platform, me, cast.case, cases_tasks.DEBRIEF, cast.second.id,
                                   today, "Talk it over.")
    cases_tasks.finish_task(platform, me, cast.case, debrief, TaskOutcome.DONE)
    wrong = [("words of somebody", cast.harmed.id, today), ("contact", cast.harmed.id, today),
             (cases_tasks.OTHER, cast.harmed.id, today - timedelta(days=1)),
             (cases_tasks.OTHER, cast.harmed.id, None),
             (cases_tasks.OTHER, cast.harmed.id, today + timedelta(days=1000)),
             (cases_tasks.DEBRIEF, cast.harmed.id, today),
             (cases_tasks.OTHER, cast.stranger_harmed.id, today)]
    for kind, about, on in wrong:
        with pytest.raises((NotAcceptable, NotPossibleNow)):
            cases_tasks.set_task(platform, me, cast.case, kind, about, on, "Words.")
    assert not attacker.rows(AuditEntry, AuditEntry.left == "words of somebody")


# --- closing

def test_a_case_is_closed_once_both_were_talked_with_and_nothing_is_left_to_be_done(
    cast: Cast,
) -> None:
    platform, me = cast.platform, cast.first.me
    task = cases_tasks.set_task(platform, me, cast.case, cases_tasks.OTHER, cast.harmed.id,
                                platform.today(), "Ask.")
    close.begin_closing(platform, me, cast.case)
    close.begin_closing(platform, me, cast.case)
    cast.prepared.take_all_steps(cast.harmed.me, closing=True)
    for step in (lambda: cases_tasks.finish_task(platform, me, cast.case, task, TaskOutcome.DONE),
                 lambda: cast.prepared.take_all_steps(cast.responsible.me, closing=True)):
        with pytest.raises(NotPossibleNow):
            close.close(platform, me, cast.case)
        step()
    close.close(platform, me, cast.case)
    assert cast.case_row().closed_at is not None and process(cast).closed
    letter = cast.draft(cast.harmed)
    with pytest.raises(NotAcceptable):
        write.submit(platform, cast.harmed.me, letter, cast.row(letter).draft_id)


def test_an_exchange_that_goes_on_ends_with_talks_held_anew(cast: Cast) -> None:
    platform, me, letter = cast.platform, cast.first.me, cast.approved(cast.harmed)
    close.begin_closing(platform, me, cast.case)
    for person in (cast.harmed, cast.responsible):
        cast.prepared.take_all_steps(person.me, closing=True)
    close.close(platform, me, cast.case)
    assert cast.release() == 0
    close.go_on(platform, me, cast.case)
    assert cast.case_row().closed_at is None
    close.begin_closing(platform, me, cast.case)
    with pytest.raises(NotPossibleNow):
        close.close(platform, me, cast.case)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_a_case_that_was_stopped_is_closed_without_talks(cast: Cast) -> None:
    with pytest.raises(NotPossibleNow):
        close.close(cast.platform, cast.first.me, cast.case)
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    close.close(cast.platform, cast.first.me, cast.case)
    assert process(cast).closed


# --- no words in the trail

def test_no_word_that_somebody_wrote_stands_in_the_trail(theatre) -> None:
    theatre.play(exchange_under_way)
    cast = theatre.cast
    me, said = cast.first.me, "zanzibar"
    for verb in (lambda: referral.refer(cast.platform, me, cast.case, Source.AGENCY, said),
                 lambda: referral.keep_request(cast.platform, cast.responsible.me, cast.case, said),
                 lambda: background.record_companion(cast.platform, me,
                                                     cast.case, cast.harmed.id, "adviser", said),
                 lambda: background.record_conviction(cast.platform, me, cast.case, True, said),
                 lambda: background.record_acknowledgement(cast.platform, me, cast.case, said),
                 lambda: background.withdraw_acknowledgement(cast.platform, me, cast.case, said),
                 lambda: background.record_order(cast.platform, me, cast.case,
                                                 cast.platform.today(), None, said),
                 lambda: assessment.report_risk(cast.platform, cast.responsible.me,
                                                cast.case, said),
                 lambda: cases_tasks.set_task(cast.platform, me, cast.case, cases_tasks.PROMISE,
                                              cast.harmed.id,
                                              cast.platform.today(), said),
                 lambda: agreement.propose(cast.platform, me, cast.case, Terms(),
                                           wording(cast, harmed=said))):
        verb()
    everything = "".join(str(row) for rows in theatre.attacker.copy().values() for row in rows)
    assert said not in everything


def test_words_about_nobody_of_the_case_are_kept_nowhere(cast: Cast, attacker: Attacker) -> None:
    before = len(attacker.rows(Note)), cast.case_row().audit_number
    for verb in (lambda: background.record_companion(cast.platform, cast.first.me,
                                                     cast.case, cast.stranger_harmed.id,
                                                     "adviser", "Words."),
                 lambda: assessment.report_risk(cast.platform, cast.harmed.me, cast.case,
                                                "x" * 10_001),
                 lambda: referral.keep_request(cast.platform, cast.harmed.me,
                                               cast.strange_case, "Words.")):
        with pytest.raises(LettersError):
            verb()
    assert (len(attacker.rows(Note)), cast.case_row().audit_number) == before
    assert Event.REQUEST_KEPT.value not in {row["event"] for row in attacker.rows(AuditEntry)}


def test_a_case_that_somebody_opened_alone_says_who_is_missing(cast: Cast) -> None:
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    with pytest.raises(NotPossibleNow):
        agreement.propose(cast.platform, cast.first.me, case, Terms(), wording(cast))
    with cast.platform.reading() as db:
        assert directory.participants_of(cast.platform, db, case) == []


def test_rule_06_nobody_asks_for_somebody_who_is_no_facilitator(cast: Cast) -> None:
    for nobody in (cast.responsible.id, cast.harmed.id, cast.supervisor.id, uuid4()):
        with pytest.raises(NotPossibleNow):
            referral.wish_another(cast.platform, cast.harmed.me, cast.case, nobody)
    referral.wish_another(cast.platform, cast.harmed.me, cast.case, cast.stranger_facilitator.id)


def test_rule_17_an_agreement_is_told_in_the_words_of_its_two_and_of_nobody_else(
    cast: Cast,
) -> None:
    wording = agreement.Wording("T.", "A.", (), {cast.stranger_harmed.id: "For a stranger."})
    with pytest.raises(NotFound):
        agreement.propose(cast.platform, cast.first.me, cast.case, Terms(Source.HARMED, None, 14),
                          wording)
