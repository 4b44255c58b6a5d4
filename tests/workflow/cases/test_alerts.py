"""Rule 30: safeguarding escalates at once to people, never to the other party; an open alert holds
all releases."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from letters.rules.case.alerts import Alert, Cause
from letters.rules.errors import NotAcceptable, NotAllowed, NotFound, NotPossibleNow
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.screening import Category, Finding, Preferences, Severity
from letters.storage.tables import desk
from letters.storage.tables.desk import Notice
from letters.storage.tables.letters import AuditEntry, Case
from letters.workflow.access.enter import letter_room
from letters.workflow.cases import alerts, close
from letters.workflow.notices import contact, outbox
from letters.workflow.platform import Platform
from letters.workflow.preparation import assessment, referral
from letters.workflow.record import record
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.test_not_screened import fails
from tests.cast import Cast, Player

WORDS = "He stood at her door with a knife."


def standing(cast: Cast) -> list[Alert]:
    """The open alerts, by the trail."""
    return cast.prepared.process().open_alerts


def finding(category: Category, severity: Severity) -> Platform | object:
    def screening(text: str, writer: Role, preferences: Preferences) -> tuple[Finding, ...]:
        return (Finding(category, severity, 0, 4, text[:4], "Look here.", "test"),)
    return screening


def submitted(cast: Cast, author: Player, screening: object) -> UUID:
    letter = cast.draft(author)
    write.submit(
        replace(cast.platform, screening=screening), author.me, letter, cast.row(letter).draft_id
    )  # type: ignore
    return letter


def opened(cast: Cast, urgent: bool = False) -> UUID:
    return alerts.open_alert(cast.platform, cast.first.me, cast.case, WORDS, urgent)


def everybody_hears(cast: Cast) -> None:
    """Everybody wants notices, so that who gets none was sent none."""
    for player in vars(cast).values():
        if isinstance(player, Player):
            contact.choose(cast.platform, player.me, "one@example.net", "Messages", "An update")


def told(cast: Cast) -> dict[UUID, desk.Notice]:
    with cast.platform.reading() as db:
        return {row.person_id: row for row in db.scalars(select(desk.Notice))}


def row(cast: Cast, alert: UUID) -> desk.AlertRow | None:
    with cast.platform.reading() as db:
        return db.get(desk.AlertRow, alert)


def steps(cast: Cast) -> list[AuditEntry]:
    return Attacker(cast.platform).rows(
        AuditEntry, AuditEntry.event == Event.ALERT_STEP.value
    )  # type: ignore


# --- what opens one

@pytest.mark.parametrize(("screening", "hours"), [
    (finding(Category.RISK, Severity.CAUTION), None),
    (finding(Category.CONTACT, Severity.SERIOUS), None),
    (finding(Category.RISK, Severity.SERIOUS), 24), (finding(Category.THREAT, Severity.URGENT), 4),
    (fails, 4)])
@pytest.mark.parametrize("who", ["harmed", "responsible"])
def test_rule_30_what_is_found_in_a_letter_opens_one_with_its_submission(
    cast: Cast, who: str, screening: object, hours: int | None
) -> None:
    cast.open_the_way_back()
    letter = submitted(cast, getattr(cast, who), screening)
    assert [(one.cause, one.thing, one.opened_by, one.owner) for one in standing(cast)] == [
        (Cause.LETTER, letter, record.NOBODY, cast.first.id)] * (hours is not None)
    for one in standing(cast):
        assert timedelta(0) <= one.opened + timedelta(hours=hours
                                                      or 0) - one.act_by < timedelta(seconds=1)
        assert row(cast, one.id)
    for reader in (cast.first, cast.second):
        if cast.state(letter) is not State.APPROVED:
            cast.approve(letter, reader)
    cast.prepared.platform.clock.advance(minutes=11)  # type: ignore[attr-defined]
    cast.release()
    assert (cast.state(letter) is State.RELEASED) is (hours is None and who == "harmed")


@pytest.mark.both_databases
def test_rule_30_a_letter_that_opened_one_goes_when_it_is_closed(cast: Cast) -> None:
    letter = submitted(cast, cast.harmed, finding(Category.RISK, Severity.SERIOUS))
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.APPROVED and cast.release() == 0
    alerts.close(cast.platform, cast.second.me, cast.case, standing(cast)[0].id,
                 "Spoken with her; she is safe.")
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_a_letter_that_comes_again_has_one_alert_while_that_is_open(cast: Cast) -> None:
    everybody_hears(cast)
    risky = finding(Category.RISK, Severity.SERIOUS)
    letter = submitted(cast, cast.harmed, risky)
    Attacker(cast.platform).run(delete(desk.Notice))
    for severity, count in ((Severity.SERIOUS, 1), (Severity.URGENT, 2)):
        platform = replace(cast.platform, screening=finding(Category.RISK, severity))
        with platform.writing() as db:  # as it is asked when the letter is handed in anew
            found = platform.screening("What?", Role.HARMED, Preferences())
            alerts.open_for_letter(platform, db, letter_room(platform, db, letter), found)
        assert len(standing(cast)) == count and set(told(cast)) == {cast.first.id, cast.second.id}


@pytest.mark.parametrize("who", ["harmed", "responsible", "other"])
def test_rule_30_what_a_party_tells_of_a_risk_opens_one(cast: Cast, who: str) -> None:
    player = getattr(cast, who)
    assessment.report_risk(cast.platform, player.me, cast.case, WORDS)
    (one,) = standing(cast)
    assert (one.cause, one.opened_by) == (Cause.TOLD,
                                          player.id) and one.thing in cast.prepared.process().risks


def test_rule_06_the_chosen_facilitator_acts_or_else_the_first_of_the_team(cast: Cast) -> None:
    referral.choose(cast.platform, cast.harmed.me, cast.case, cast.second.id)
    first = opened(cast)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    later = opened(cast)
    owners = {one.id: one.owner for one in standing(cast)}
    assert owners == {first: cast.second.id, later: cast.first.id}


# --- whom it is told

def test_rule_30_people_are_told_at_once_and_nobody_who_takes_part(cast: Cast) -> None:
    everybody_hears(cast)
    submitted(cast, cast.harmed, fails)
    assert set(told(cast)) == {cast.first.id, cast.second.id}
    assert all(one.kind == outbox.NoticeKind.ALERT and one.due_at == one.made_at
               for one in told(cast).values())


def test_an_overdue_alert_rises_to_the_supervisors_once(cast: Cast) -> None:
    everybody_hears(cast)
    alert, closed = opened(cast, urgent=True), opened(cast, urgent=True)
    alerts.close(cast.platform, cast.first.me, cast.case, closed, "Nothing of it was so.")
    cast.clock.advance(hours=3, minutes=59)
    alerts.raise_overdue(cast.platform)
    assert not steps(cast) and cast.supervisor.id not in told(cast)
    cast.clock.advance(minutes=1)
    for _ in range(2):
        alerts.raise_overdue(cast.platform)
    assert len(steps(cast)) == 1 and cast.supervisor.id in told(cast)
    assert standing(cast)[0].risen and row(cast, alert).risen_at  # type: ignore[union-attr]
    assert cast.administrator.id not in told(cast)


# --- acting on it

def test_it_is_handed_to_another_member_who_is_told(cast: Cast) -> None:
    alert = opened(cast)
    everybody_hears(cast)
    for refused in (cast.first.id, cast.stranger_facilitator.id, cast.harmed.id):
        with pytest.raises(NotAcceptable):
            alerts.hand_on(cast.platform, cast.first.me, cast.case, alert, refused)
    alerts.hand_on(cast.platform, cast.first.me, cast.case, alert, cast.second.id)
    assert standing(cast)[0].owner == row(cast, alert).owner_id == cast.second.id  # type: ignore[union-attr]
    assert set(told(cast)) == {cast.second.id}


def test_only_the_team_acts_and_only_while_it_is_open(cast: Cast) -> None:
    alert, platform = opened(cast), cast.platform
    verbs = (lambda me: alerts.open_alert(platform, me, cast.case, WORDS, True),
             lambda me: alerts.take_step(platform, me, cast.case, alert, WORDS),
             lambda me: alerts.hand_on(platform, me, cast.case, alert, cast.second.id),
             lambda me: alerts.close(platform, me, cast.case, alert, WORDS))
    for player, refusal in ((cast.harmed, NotAllowed), (cast.responsible, NotAllowed),
                            (cast.stranger_facilitator, NotFound), (cast.supervisor, NotFound)):
        for verb in verbs:
            with pytest.raises(refusal):
                verb(player.me)
    with pytest.raises(NotFound):  # a letter of another case
        alerts.open_alert(platform, cast.first.me, cast.case, WORDS, True,
                          cast.submitted(cast.stranger_harmed))
    with pytest.raises(NotFound):
        alerts.close(platform, cast.first.me, cast.case, cast.case, WORDS)
    verbs[3](cast.second.me)
    for verb in verbs[1:]:
        with pytest.raises(NotPossibleNow):
            verb(cast.first.me)


def test_a_case_is_not_closed_while_one_is_open(cast: Cast) -> None:
    for person in (cast.harmed, cast.responsible):
        cast.prepared.take_all_steps(person.me, closing=True)
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    alert = opened(cast)
    with pytest.raises(NotPossibleNow):
        close.close(cast.platform, cast.first.me, cast.case)
    alerts.close(cast.platform, cast.first.me, cast.case, alert, "All is well.")
    close.close(cast.platform, cast.first.me, cast.case)


def test_no_word_of_it_stands_anywhere_in_the_clear(cast: Cast) -> None:
    alert = opened(cast)
    alerts.take_step(cast.platform, cast.second.me, cast.case, alert,
                     "Called the duty desk about the knife.")
    alerts.close(cast.platform, cast.second.me, cast.case, alert, "The knife was handed in.")
    kept = str(Attacker(cast.platform).copy()).lower()
    assert "knife" not in kept and str(alert) in kept


# --- attacked

def test_rule_30_erasing_the_row_opens_no_gate_and_the_next_step_brings_it_back(cast: Cast) -> None:
    cast.approved(cast.harmed)
    alert = opened(cast)
    for change in (update(desk.AlertRow).values(closed_at=cast.clock()), delete(desk.AlertRow)):
        Attacker(cast.platform).run(change)
        cast.clock.advance(minutes=11)
        assert cast.release() == 0 and len(standing(cast)) == 1
    alerts.hand_on(cast.platform, cast.first.me, cast.case, alert, cast.second.id)
    assert row(cast, alert)


def test_a_planted_row_is_told_of_once_and_keeps_none_from_rising(cast: Cast) -> None:
    alert, past = opened(cast), cast.clock() - timedelta(days=9)
    with cast.platform.writing() as db:
        db.add(desk.AlertRow(id=cast.platform.new_id(), case_id=cast.case, owner_id=cast.first.id,
                             opened_at=past,
                             act_by=past))
    cast.clock.advance(hours=25)
    for _ in range(3):
        alerts.raise_overdue(cast.platform)
    alarms = Attacker(cast.platform).rows(AuditEntry, AuditEntry.case_id == cast.case,
                                                AuditEntry.event == Event.TAMPERING_FOUND.value)
    assert len(alarms) == 1 and row(cast, alert).risen_at  # type: ignore[union-attr]


def test_rule_30_an_alert_that_is_put_back_with_the_whole_database_is_missed(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    attacker = Attacker(cast.platform)
    before = attacker.copy()
    opened(cast)
    attacker.put_back(before)
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED
    with cast.platform.reading() as db:
        assert db.get_one(Case, cast.case)


def test_a_colleague_whose_mail_came_back_hears_of_nothing(cast: Cast) -> None:
    platform = replace(cast.platform, post=object())  # nothing is carried here
    contact.choose(platform, cast.second.me, "sam@example.org", "Messages", "An update")
    assert alerts.is_heard_of(platform, cast.first.me, cast.case)
    with platform.writing() as db:
        db.add(Notice(id=platform.new_id(), person_id=cast.second.id, kind="alert",
                      made_at=platform.now(), tries=3,
                      failed_at=platform.now()))
    assert not alerts.is_heard_of(platform, cast.first.me, cast.case)
