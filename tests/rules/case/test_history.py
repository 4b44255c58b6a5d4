"""The trail, folded: how a case stands by what was put down, and what cannot have happened."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from letters.rules.accounts import KeyHistory
from letters.rules.case.emergency_access import EmergencyHistory
from letters.rules.case.facts import Terms
from letters.rules.case.history import CaseHistory, Membership, folded
from letters.rules.errors import Tampered
from letters.rules.events import Event, Fact
from letters.rules.letter.history import TOGETHER, LetterHistory

NOBODY, WHO, LETTER, VERSION = UUID(int=0), uuid4(), uuid4(), uuid4()
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


def fact(event: Event, subject: UUID = WHO, about: UUID = NOBODY, left: str = "", entered: str = "",
         at: datetime = NOON, actor: UUID = WHO) -> Fact:
    return Fact(event, subject, about, left, entered, at, actor)


def move(event: Event, left: str, entered: str, about: UUID = NOBODY, at: datetime = NOON) -> Fact:
    return fact(event, LETTER, about, left, entered, at)


JOINED = fact(Event.MEMBER_JOINED, entered="1")
BEGUN = move(Event.LETTER_BEGUN, "", "draft")
SUBMITTED = move(Event.LETTER_SUBMITTED, "draft", "in review", VERSION)
APPROVED = move(Event.LETTER_APPROVED, "in review", "approved")


def test_an_empty_trail_tells_of_a_case_in_which_nothing_has_happened() -> None:
    assert folded([]) == CaseHistory()


@pytest.mark.parametrize(("begun", "ended", "name"), [
    (Event.HALTED, Event.HALT_LIFTED, "halted"), (Event.PAUSED, Event.PAUSE_ENDED, "paused"),
    (Event.READY_SAID, Event.READY_UNSAID, "ready"),
    (Event.READY_SAID, Event.READY_SPENT, "ready")])
def test_what_was_begun_holds_until_it_is_ended(begun: Event, ended: Event, name: str) -> None:
    assert getattr(folded([fact(begun)]), name)
    assert not getattr(folded([fact(begun), fact(begun), fact(ended)]), name)
    assert getattr(folded([fact(begun), fact(ended), fact(begun)]), name)


def test_a_stop_has_no_end() -> None:
    assert folded([fact(Event.STOPPED), fact(Event.PAUSE_ENDED), fact(Event.HALT_LIFTED)]).stopped


def test_the_team_is_who_joined_and_has_not_left() -> None:
    left, other = fact(Event.MEMBER_LEFT, entered="3"), uuid4()
    assert folded([JOINED]).team == {WHO}
    assert folded([JOINED, fact(Event.MEMBER_JOINED, other, entered="2"), left]).team == {other}
    assert folded([JOINED, left, JOINED]).team == {WHO}


def test_who_is_asked_is_in_no_team_until_they_answer() -> None:
    asked = fact(Event.MEMBER_ASKED, entered="2")
    assert (folded([asked]).team, folded([asked]).asked) == (set(), {WHO})
    for answer in (Event.MEMBER_JOINED, Event.MEMBER_DECLINED):
        assert folded([asked, fact(answer, entered="3")]).asked == set()


def test_epochs_are_counted_and_each_change_names_its_statement() -> None:
    assert (folded([JOINED]).epoch, folded([JOINED]).roster) == (1, 1)
    renewed = fact(Event.KEY_RENEWED_IN_TEAM, entered="2")
    story = folded([JOINED, fact(Event.EPOCH_BEGUN), fact(Event.EPOCH_BEGUN), renewed])
    assert (story.epoch, story.roster, story.team) == (3, 2, {WHO})


def test_who_approved_counts_after_they_have_left_until_a_new_round() -> None:
    left = fact(Event.MEMBER_LEFT, entered="2")
    held, resumed = move(Event.LETTER_HELD, "approved",
                         "held"), move(Event.LETTER_RESUMED, "held", "in review")
    steps = [JOINED, BEGUN, SUBMITTED, APPROVED, left]
    assert folded(steps).letters[LETTER].approved_by == {WHO}
    assert folded([*steps, held, resumed]).letters[LETTER].approved_by == set()


@pytest.mark.parametrize("steps", [[BEGUN, SUBMITTED, APPROVED], [
    JOINED, fact(Event.MEMBER_LEFT, entered="2"), BEGUN, SUBMITTED, APPROVED]])
def test_nobody_approves_who_is_not_in_the_team(steps: list[Fact]) -> None:
    with pytest.raises(Tampered) as found:
        folded(steps)
    assert found.value.subject == LETTER


def test_the_last_pace_counts_as_it_was_written() -> None:
    assert folded([fact(Event.PACE_SET, entered="7"),
                   fact(Event.PACE_SET, entered="3")]).pace == "3"


def test_a_letter_is_where_its_last_move_led_in_its_round_with_its_version() -> None:
    held, resumed = move(Event.LETTER_HELD, "approved",
                         "held"), move(Event.LETTER_RESUMED, "held", "in review")
    assert folded([BEGUN]).letters == {LETTER: LetterHistory("draft", WHO)}
    assert folded([JOINED, BEGUN, SUBMITTED, APPROVED]).letters == {LETTER: LetterHistory(
        "approved", WHO, 1, VERSION, NOON, approvals={WHO: b""}, approved_at=NOON, since=NOON)}
    assert folded([JOINED, BEGUN, SUBMITTED, APPROVED, held, resumed]).letters == {
        LETTER: LetterHistory("in review", WHO, 2, VERSION, NOON, since=NOON)}


def test_who_was_reached_and_when() -> None:
    released = move(Event.LETTER_RELEASED, "approved", "released", WHO)
    assert folded([JOINED, BEGUN, SUBMITTED, APPROVED, released]).reached == {WHO: (NOON,)}
    other, later = uuid4(), NOON + timedelta(days=3)
    again = [step._replace(subject=other, at=later)
             for step in (BEGUN, SUBMITTED, APPROVED, released)]
    assert folded([JOINED, BEGUN, SUBMITTED, APPROVED, released,
                   *again]).reached == {WHO: (NOON, later)}


def test_a_letter_knows_whom_it_reached_and_that_they_destroyed_what_they_had() -> None:
    released = move(Event.LETTER_RELEASED, "approved", "released", WHO)
    steps = [JOINED, BEGUN, SUBMITTED, APPROVED]
    assert folded(steps).letters[LETTER].reached is None
    assert (
        folded([*steps, released]).letters[LETTER].reached,
        folded([*steps, released]).letters[LETTER].destroyed,
    ) == (WHO, False)
    assert folded([*steps, released,
                   fact(Event.LETTER_DESTROYED, LETTER)]).letters[LETTER].destroyed


def test_a_recall_that_was_asked_for_is_remembered() -> None:
    recall = fact(Event.RECALL_ASKED, LETTER)
    assert folded([BEGUN, SUBMITTED, recall]).letters[LETTER].recall_asked
    assert folded([BEGUN, SUBMITTED, recall,
                   fact(Event.SENDING_ALLOWED, LETTER)]).letters[LETTER].recall_asked


def test_the_person_harmed_lets_a_letter_go_until_they_do_not_or_it_is_another() -> None:
    allowed, withheld = (fact(event, LETTER)
                         for event in (Event.SENDING_ALLOWED, Event.SENDING_WITHHELD))
    held, resumed = move(Event.LETTER_HELD, "approved",
                         "held"), move(Event.LETTER_RESUMED, "held", "in review")
    steps = [JOINED, BEGUN, SUBMITTED, APPROVED]
    assert not folded(steps).letters[LETTER].sending
    assert folded([*steps, withheld, allowed]).letters[LETTER].sending
    assert not folded([*steps, allowed, withheld]).letters[LETTER].sending
    assert not folded([*steps, allowed, held, resumed]).letters[LETTER].sending


@pytest.mark.parametrize("steps", [
    [SUBMITTED], [JOINED, BEGUN, APPROVED], [BEGUN, SUBMITTED, SUBMITTED],
    [BEGUN, SUBMITTED, move(Event.LETTER_RECALLED, "in review", "recalled"), APPROVED]])
def test_a_letter_cannot_leave_a_state_in_which_it_was_not(steps: list[Fact]) -> None:
    with pytest.raises(Tampered) as found:
        folded(steps)
    assert found.value.subject == LETTER


@pytest.mark.parametrize("event", [Event.LETTER_CLAIMED, Event.TAMPERING_FOUND])
def test_other_facts_tell_nothing_of_how_a_case_stands(event: Event) -> None:
    assert folded([fact(event)]) == CaseHistory(moved_at=NOON)


def test_one_story_is_not_another() -> None:
    folded([fact(Event.CONSENT_GIVEN), BEGUN, fact(Event.MEMBER_JOINED)])
    assert folded([]) == CaseHistory()


RENEWED, RESET, REGRANTED = Event.IDENTITY_RENEWED, Event.ACCESS_RESET, Event.LETTERS_REGRANTED


@pytest.mark.parametrize(("steps", "serial", "confirmed"), [
    ([RENEWED], 2, True), ([RESET], 2, False), ([RESET, REGRANTED], 2, True),
    ([RESET, RENEWED], 3, False),
    ([RESET, RESET, REGRANTED, RENEWED], 4, True), ([RESET, REGRANTED, RESET], 3, False)])
def test_which_key_is_the_current_one_and_whether_anybody_has_confirmed_it(
        steps: list[Event], serial: int, confirmed: bool) -> None:
    now, facts = 1, []
    for step in steps:
        now += step is not REGRANTED
        facts.append(fact(step, entered=str(now)))
    assert folded(facts).key(WHO) == KeyHistory(serial, confirmed)


def test_what_a_case_tells_of_accounts_teams_and_requests_is_in_one_place_each() -> None:
    other = uuid4()
    story = folded([fact(Event.PERSON_ENROLLED), JOINED, fact(Event.MEMBER_LEFT, at=NOON),
                    fact(Event.MEMBER_JOINED, other, left="no conflict", entered="3"),
                    fact(Event.EMERGENCY_ASKED, VERSION), fact(Event.NAMES_LISTED)])
    assert story.accounts.enrolled == {WHO}
    assert story.memberships == [Membership(WHO, NOON, NOON),
                                 Membership(other, NOON, conflict=False)]
    assert story.ever_joined == {WHO, other}
    assert story.emergencies == {VERSION: EmergencyHistory(asked_by=WHO)}
    assert story.names_listed == 1
    assert story.after([fact(Event.PERSON_INVITED, VERSION)]).participants == {VERSION}
    assert story.letter(LETTER) == LetterHistory()


def test_a_case_knows_the_key_of_each_epoch_and_the_roster_that_was_signed_last() -> None:
    def statement(event: Event, number: str, head: bytes) -> Fact:
        return fact(event, entered=number)._replace(detail=head)
    opened = fact(Event.CASE_OPENED)._replace(detail=b"first")
    begun = fact(Event.EPOCH_BEGUN)._replace(detail=b"second")
    joined = statement(Event.MEMBER_JOINED, "1", b"one")
    renewed = statement(Event.KEY_RENEWED_IN_TEAM, "2", b"two")
    story = folded([opened, joined, renewed, begun])
    assert story.case_keys == {1: b"first", 2: b"second"}
    assert (story.roster, story.statement, story.statement_before) == (2, b"two", b"one")
    assert folded([JOINED]).statement == b""


def test_what_comes_later_changes_nothing_of_what_was_known() -> None:
    """The same state is read by many at once."""
    facts = [JOINED, fact(Event.CONSENT_GIVEN, left="read v1", entered="2027-06-01"),
             fact(Event.STEP_DONE, left="talk", entered="2027-01-02"),
             fact(Event.AGREEMENT_PROPOSED, VERSION, entered=Terms().written()), BEGUN, SUBMITTED]
    more = [fact(Event.CONSENT_WITHDRAWN, left="read"), fact(Event.STEP_UNDONE, left="talk"),
            fact(Event.AGREED, VERSION), fact(Event.IDENTITY_RENEWED, entered="2"),
            fact(Event.RISK_REPORTED, VERSION), APPROVED,
            move(Event.LETTER_RELEASED, "approved", "released", WHO),
            fact(Event.DISAGREED, LETTER, VERSION), fact(Event.VIEW_GIVEN, LETTER, VERSION),
            fact(Event.MEMBER_LEFT), fact(Event.EMERGENCY_ASKED, VERSION)]
    known = folded(facts)
    assert known.after(more) == folded([*facts, *more]) != known == folded(facts)


# --- two readers who disagree (rule 13)

FIRST, SECOND, DIFFER = uuid4(), uuid4(), uuid4()
HELD_SO = [fact(Event.MEMBER_JOINED, FIRST, entered="1"),
           fact(Event.MEMBER_JOINED, SECOND, entered="2"), BEGUN,
           SUBMITTED,
           fact(Event.LETTER_PASSED_ON, LETTER, left="in review", entered="second reading",
                actor=FIRST),
           fact(Event.DISAGREED, LETTER, DIFFER, actor=SECOND),
           fact(Event.LETTER_HELD, LETTER, left="second reading", entered="held", actor=SECOND)]


def settled(*more: Fact) -> bool:
    story = folded([*HELD_SO, *more])
    differing = story.letters[LETTER].disagreement
    assert differing is not None and (differing.by, differing.approved_by) == (SECOND, {FIRST})
    return differing.settled(story.team)


def view(actor: UUID, left: str = "", about: UUID = DIFFER) -> Fact:
    return fact(Event.VIEW_GIVEN, LETTER, about, left, actor=actor)


def test_rule_13_a_disagreement_is_settled_by_a_view_on_it_and_by_no_other() -> None:
    assert not settled() and not settled(view(WHO, about=uuid4()))
    assert settled(view(WHO))


def test_rule_13_readers_decide_together_or_not_at_all() -> None:
    assert not settled(view(FIRST, TOGETHER),
                       view(FIRST, TOGETHER)) and not settled(view(SECOND, TOGETHER))
    assert not settled(view(FIRST, TOGETHER), view(WHO, TOGETHER))
    assert settled(view(FIRST, TOGETHER), view(SECOND, TOGETHER))
    left = fact(Event.MEMBER_LEFT, FIRST, entered="3")
    assert not settled(left, view(SECOND, TOGETHER))
    assert settled(left, view(SECOND, TOGETHER), view(WHO, TOGETHER))


def test_a_disagreement_is_over_with_its_round_and_a_view_on_none_changes_nothing() -> None:
    assert folded([*HELD_SO, move(Event.LETTER_RESUMED, "held",
                                  "in review")]).letters[LETTER].disagreement is None
    assert folded([view(WHO)]).letters[LETTER] == LetterHistory()
