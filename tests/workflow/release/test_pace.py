"""The pace at release: each setting holds for a letter that is approved, and nothing planted lets
one go.

The clock begins on Monday 4 January 2027, at 10 in London.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from letters.rules.case.process import Terms
from letters.rules.errors import (
    KeyNotConfirmed,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.pace import Pace, Painful, Quiet, Sending
from letters.storage.tables.letters import AuditEntry, Case
from letters.workflow.decision import decide
from letters.workflow.lost_access import reset
from letters.workflow.record import record
from letters.workflow.release import pace as release_pace
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.cast import PASSWORD, Cast

SOON = timedelta(seconds=5)


def set_pace(cast: Cast, pace: Pace) -> None:
    release_pace.set_pace(cast.platform, cast.harmed.me, cast.case, pace)


def told(cast: Cast) -> Pace:
    with cast.platform.reading() as db:
        return Pace.read(record.to_decide(cast.platform, db, cast.case).pace)


def an_answer_waits(cast: Cast) -> UUID:
    """A letter to the person harmed has been approved, they are ready, and the worker has not
    looked."""
    cast.open_the_way_back()
    release_pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    return cast.approved(cast.responsible)


def hold_at_the_desk(cast: Cast, letter: UUID) -> None:
    version, later = cast.row(letter).submitted_id, cast.platform.today() + timedelta(days=3)
    assert version is not None
    decide.hold(cast.platform, cast.first.me, letter, version, "To be talked over.", later)


def turn_to(cast: Cast, moment: datetime) -> None:
    cast.clock.moment = moment


HELD: dict[str, tuple[Pace, datetime]] = {
    "weekdays": (Pace(weekdays=(2, 4)), datetime(2027, 1, 6, tzinfo=UTC)),
    "hours": (Pace(first_hour=18, last_hour=19), datetime(2027, 1, 4, 18, tzinfo=UTC)),
    "quiet weeks": (Pace(quiet=(Quiet(date(2027, 1, 1), date(2027, 1, 17)),)),
                    datetime(2027, 1, 18, tzinfo=UTC)),
    "dates": (Pace(painful=(Painful(1, 2, 3),)), datetime(2027, 1, 6, tzinfo=UTC)),
    "all of them": (Pace(0, False, (0,), 7, 8, (Quiet(date(2027, 1, 10), date(2027, 1, 11)),),
                         (Painful(1, 18),)),
                    datetime(2027, 1, 25, 7, tzinfo=UTC)),
}


@pytest.mark.parametrize("what", HELD)
def test_rule_25_a_letter_to_the_person_harmed_waits_for_the_moment_and_then_comes(
        theatre: Theatre, what: str) -> None:
    cast, letter, (pace, moment) = theatre.cast, theatre.play(an_answer_waits), HELD[what]
    set_pace(cast, pace)
    assert cast.release() == 0 and cast.row(letter).due_at == moment
    turn_to(cast, moment - SOON)
    assert cast.release() == 0
    turn_to(cast, moment)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_rule_25_none_of_that_keeps_a_letter_of_hers(cast: Cast) -> None:
    set_pace(cast, HELD["all of them"][0])
    cast.released(cast.harmed)


def test_rule_25_at_most_so_many_letters_a_month_by_the_clock_on_the_wall(theatre: Theatre) -> None:
    cast, _ = theatre.cast, theatre.play(an_answer_waits)
    set_pace(cast, Pace(most_a_month=1, as_agreed=True))
    cast.approved(cast.responsible, "A second one.")
    assert cast.release() == 1
    turn_to(cast, datetime(2027, 1, 31, 23, 59, tzinfo=UTC))
    assert cast.release() == 0
    turn_to(cast, datetime(2027, 2, 1, tzinfo=UTC))
    assert cast.release() == 1


def test_rule_19_as_agreed_letters_come_without_asking_and_only_as_often_as_was_agreed(
    cast: Cast,
) -> None:
    cast.prepared.agree(Terms(days=30))
    set_pace(cast, Pace(as_agreed=True))
    cast.open_the_way_back()
    cast.approved(cast.responsible, "One.")
    assert cast.release() == 1
    two = cast.approved(cast.responsible, "Two.")
    cast.clock.advance(days=29, hours=23)
    assert cast.release() == 0
    cast.clock.advance(hours=2)
    assert cast.release() == 1 and cast.state(two) is State.RELEASED


@pytest.mark.parametrize("ask_again", [
    lambda c: release_pace.unsay_ready(c.platform, c.harmed.me, c.case),
    lambda c: set_pace(c, Pace())],
                         ids=["not ready", "ask me each time"])
def test_rule_19_who_no_longer_wants_letters_as_agreed_is_asked_before_the_next(
        cast: Cast, ask_again: Callable[[Cast], None]) -> None:
    cast.open_the_way_back()
    release_pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    set_pace(cast, Pace(as_agreed=True, first_hour=9))
    ask_again(cast)
    cast.approved(cast.responsible)
    assert cast.release() == 0 and not told(cast).as_agreed
    release_pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    assert cast.release() == 1


def test_rule_21_her_letter_is_held_until_she_lets_it_go_and_can_be_held_again(cast: Cast) -> None:
    set_pace(cast, Pace(sending=Sending.HOLD))
    letter, platform, me = cast.approved(cast.harmed), cast.platform, cast.harmed.me
    assert release_pace.may_go(platform, me, letter) is False
    assert cast.release() == 0
    release_pace.let_go(platform, me, letter)
    assert release_pace.may_go(platform, me, letter) is True
    release_pace.withhold(platform, me, letter)
    assert release_pace.may_go(platform, me, letter) is False
    cast.clock.advance(days=40)
    assert cast.release() == 0
    release_pace.let_go(platform, me, letter)
    assert cast.release() == 1  # at once: the worker was woken
    assert release_pace.may_go(platform, me, letter) is None
    for late in (release_pace.withhold, release_pace.let_go):
        with pytest.raises(NotPossibleNow):
            late(platform, me, letter)


def test_rule_21_what_was_let_go_is_held_again_after_it_has_been_read_once_more(cast: Cast) -> None:
    set_pace(cast, Pace(sending=Sending.HOLD))
    letter = cast.approved(cast.harmed)
    release_pace.let_go(cast.platform, cast.harmed.me, letter)
    hold_at_the_desk(cast, letter)
    decide.resume(cast.platform, cast.first.me, letter)
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.APPROVED and cast.release() == 0
    assert release_pace.may_go(cast.platform, cast.harmed.me, letter) is False


def test_rule_21_letting_go_is_for_an_approved_letter_that_waits_for_it(cast: Cast) -> None:
    platform, me = cast.platform, cast.harmed.me
    goes = cast.approved(cast.harmed, "It goes when it is approved.")
    assert release_pace.may_go(platform, me, goes) is None
    set_pace(cast, Pace(sending=Sending.HOLD))
    on_desk = cast.submitted(cast.harmed, "On the desk.")
    taken_back = cast.approved(cast.harmed, "Taken back.")
    write.recall(platform, me, taken_back)
    for letter in (on_desk, taken_back):
        with pytest.raises(NotPossibleNow):
            release_pace.let_go(platform, me, letter)
    set_pace(cast, Pace())
    for verb in (release_pace.let_go, release_pace.withhold):
        with pytest.raises(NotPossibleNow):
            verb(platform, me, goes)


def test_only_the_person_harmed_lets_go_and_only_what_they_wrote(theatre: Theatre) -> None:
    cast, answer = theatre.cast, theatre.play(an_answer_waits)
    set_pace(cast, Pace(sending=Sending.HOLD))
    hers = cast.approved(cast.harmed)
    for verb in (release_pace.let_go, release_pace.withhold):
        for player, letter, refused in (
                (cast.harmed, answer, NotFound), (cast.responsible, answer, NotAllowed),
                (cast.responsible, hers, NotFound), (cast.first, hers, NotAllowed),
                (cast.stranger_harmed, hers, NotFound), (cast.administrator, hers, NotFound)):
            with pytest.raises(refused):
                verb(cast.platform, player.me, letter)
    assert release_pace.may_go(cast.platform, cast.responsible.me, answer) is None
    for player, refused in ((cast.responsible, NotAllowed), (cast.first, NotAllowed),
                            (cast.stranger_harmed, NotFound)):
        with pytest.raises(refused):
            release_pace.own_pace(cast.platform, player.me, cast.case)
        with pytest.raises(refused):
            release_pace.change_pace(cast.platform, player.me, cast.case, lambda pace: pace)


def test_rule_21_a_letter_of_hers_cools_off_and_can_be_taken_back_or_held_meanwhile(
    cast: Cast,
) -> None:
    set_pace(cast, Pace(sending=Sending.COOLING, cooling_hours=48))
    goes, recalled, held = (cast.approved(cast.harmed, text) for text in ("One.", "Two.", "Three."))
    write.recall(cast.platform, cast.harmed.me, recalled)
    hold_at_the_desk(cast, held)
    cast.clock.advance(hours=47, minutes=59)
    assert cast.release() == 0
    cast.clock.advance(minutes=2)
    assert cast.release() == 1
    assert [cast.state(letter)
            for letter in (goes, recalled, held)] == [State.RELEASED, State.RECALLED, State.HELD]


def test_a_pace_that_leaves_no_moment_is_refused_and_changes_nothing(cast: Cast) -> None:
    never = Pace(painful=tuple(Painful(month, 15, 16) for month in range(1, 13)))
    with pytest.raises(NotAcceptable):
        set_pace(cast, never)
    assert cast.case_row().pace == "" and told(cast) == Pace()


LOOSER = {"nothing": "", "a number": "0", "another pace": Pace(as_agreed=True).written(),
          "no pace": "{"}


@pytest.mark.parametrize("row", LOOSER)
def test_a_pace_that_was_changed_in_the_database_releases_nothing(
        theatre: Theatre, attacker: Attacker, row: str) -> None:
    cast, letter = theatre.cast, theatre.play(an_answer_waits)
    set_pace(cast, Pace(quiet=(Quiet(date(2027, 1, 1), date(2027, 3, 1)),)))
    attacker.run(update(Case).where(Case.id == cast.case).values(pace=LOOSER[row]))
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED
    with cast.platform.reading() as db:
        assert db.query(AuditEntry).filter_by(case_id=cast.case,
                                              event=Event.TAMPERING_FOUND.value).count() == 1


@pytest.mark.parametrize("row", LOOSER)
def test_what_was_changed_in_the_database_is_not_taken_over_by_the_next_change(
        theatre: Theatre, attacker: Attacker, row: str) -> None:
    """The attack: loosen the row, and wait until the person harmed changes something else and
    vouches for all of it."""
    cast, _ = theatre.cast, theatre.play(an_answer_waits)
    quiet = Quiet(date(2027, 1, 1), date(2027, 3, 1))
    set_pace(cast, Pace(quiet=(quiet,)))
    attacker.run(update(Case).where(Case.id == cast.case).values(pace=LOOSER[row]))
    assert release_pace.own_pace(cast.platform, cast.harmed.me, cast.case).pace.quiet == (quiet,)
    release_pace.change_pace(cast.platform, cast.harmed.me, cast.case,
                             lambda pace: replace(pace, minimum_gap_days=1))
    assert told(cast) == Pace(1, quiet=(quiet,)) == Pace.read(cast.case_row().pace)
    assert cast.release() == 0


def test_a_word_to_let_go_that_was_planted_in_the_trail_releases_nothing(
    cast: Cast, attacker: Attacker
) -> None:
    set_pace(cast, Pace(sending=Sending.HOLD))
    letter = cast.approved(cast.harmed)
    row = max(attacker.rows(AuditEntry, AuditEntry.case_id == cast.case),
              key=lambda row: row["number"])
    attacker.put(AuditEntry, row, number=row["number"] + 1, event=Event.SENDING_ALLOWED.value,
                 subject_id=letter,
                 left="", entered="")
    attacker.run(update(Case).where(Case.id == cast.case).values(audit_number=row["number"] + 1))
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED
    with pytest.raises(Tampered):
        release_pace.may_go(cast.platform, cast.harmed.me, letter)


def test_a_new_key_that_nobody_has_vouched_for_lets_nothing_go_and_can_still_hold(
    cast: Cast,
) -> None:
    set_pace(cast, Pace(sending=Sending.HOLD, as_agreed=True))
    letter = cast.approved(cast.harmed)
    release_pace.let_go(cast.platform, cast.harmed.me, letter)
    me = cast.harmed.me
    reset.reset(cast.platform, reset.ask_reset(cast.platform, cast.first.me, me.person, PASSWORD),
                "harmed", PASSWORD)
    for opens in (lambda: release_pace.let_go(cast.platform, me, letter),
                  lambda: set_pace(cast, Pace())):
        with pytest.raises(KeyNotConfirmed):
            opens()
    release_pace.withhold(cast.platform, me, letter)
    release_pace.unsay_ready(cast.platform, me, cast.case)
    assert not told(cast).as_agreed
