"""Claims: passed on by asking, after half an hour without an answer, or without a reason; care for
readers."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from letters.rules.errors import NotAcceptable, NotClaimed, NotFound, NotPossibleNow
from letters.rules.events import Event
from letters.rules.forecast import Foreseen
from letters.rules.letter.lifecycle import State
from letters.rules.pace import Pace, Sending
from letters.storage.tables.desk import AlertRow
from letters.storage.tables.letters import AuditEntry, Version
from letters.workflow import today
from letters.workflow.decision import decide
from letters.workflow.release import pace
from letters.workflow.review import care, claims, desk, read_letter
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player

REASON = "A reason."


@pytest.fixture
def letter(cast: Cast) -> UUID:
    """Held by the first of the team."""
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    return letter


def listed(cast: Cast, who: Player, which: str | None = None) -> list[UUID]:
    """What a list shows; its number is that of its rows."""
    looked = desk.desk_for(cast.platform, who.me, which)
    assert len(looked.waiting) == (looked.numbers[which] if which else looked.all)
    return [one.row.letter for one in looked.waiting]


def told(cast: Cast, event: Event, letter: UUID) -> list[tuple[UUID, UUID]]:
    rows = Attacker(cast.platform).rows(
        AuditEntry, AuditEntry.event == event.value, AuditEntry.subject_id == letter
    )
    return [(row["actor_id"], row["about_id"]) for row in rows]


@pytest.mark.both_databases
def test_a_claim_is_taken_over_by_asking_and_only_after_half_an_hour(
    cast: Cast, letter: UUID
) -> None:
    platform, first, second = cast.platform, cast.first.me, cast.second.me
    for too_soon in (
        lambda: claims.take_over(platform, second, letter),
        lambda: claims.hand_over(platform, first, letter),
    ):
        with pytest.raises(NotPossibleNow):
            too_soon()
    claims.ask(platform, second, letter)
    cast.clock.advance(minutes=20)
    claims.ask(platform, second, letter)  # does not begin to wait anew
    read_letter.claim(platform, first, letter)  # and claiming on is no answer
    with pytest.raises(NotPossibleNow):
        claims.take_over(platform, second, letter)
    cast.clock.advance(minutes=10)
    for who in (first, cast.stranger_facilitator.me):
        with pytest.raises((NotPossibleNow, NotFound)):
            claims.take_over(platform, who, letter)
    claims.take_over(platform, second, letter)
    assert cast.row(letter).claimed_by == cast.second.id and cast.row(letter).wanted_by is None
    assert told(cast, Event.CLAIM_ASKED, letter) == [(cast.second.id, cast.first.id)]
    with pytest.raises(NotClaimed):
        decide.hold(
            platform,
            first,
            letter,
            cast.row(letter).submitted_id,
            REASON,  # type: ignore[arg-type]
            platform.today() + timedelta(days=3),
        )


def test_its_holder_hands_it_over_and_only_who_holds_it_does(cast: Cast, letter: UUID) -> None:
    claims.ask(cast.platform, cast.second.me, letter)
    with pytest.raises(NotPossibleNow):
        claims.hand_over(cast.platform, cast.second.me, letter)
    with pytest.raises(NotFound):
        claims.ask(cast.platform, cast.stranger_facilitator.me, letter)
    claims.hand_over(cast.platform, cast.first.me, letter)
    assert cast.row(letter).claimed_by == cast.second.id
    assert listed(cast, cast.second, "mine") == [letter] and listed(cast, cast.first, "mine") == []
    with pytest.raises(NotPossibleNow):  # nobody asked them
        claims.hand_over(cast.platform, cast.second.me, letter)


def test_nobody_is_made_the_holder_who_is_not_in_the_team(cast: Cast, letter: UUID) -> None:
    (Attacker(cast.platform)
     .run(update(type(cast.row(letter))).values(wanted_by=cast.stranger_facilitator.id,
                                               wanted_at=cast.clock())))
    with pytest.raises(NotPossibleNow):
        claims.hand_over(cast.platform, cast.first.me, letter)
    claims.hand_on(cast.platform, cast.first.me, letter)
    assert cast.row(letter).claimed_by is None


@pytest.mark.parametrize("way", ["decided", "taken back", "given back"])
def test_a_claim_and_an_asking_are_freed(cast: Cast, letter: UUID, way: str) -> None:
    claims.ask(cast.platform, cast.second.me, letter)
    ways: dict[str, Callable[[], object]] = {
        "decided": lambda: decide.hold(
            cast.platform,
            cast.first.me,
            letter,
            cast.row(letter).submitted_id,  # type: ignore[arg-type]
            REASON,
            cast.platform.today() + timedelta(days=3),
        ),
        "taken back": lambda: write.recall(cast.platform, cast.harmed.me, letter),
        "given back": lambda: read_letter.unclaim(cast.platform, cast.first.me, letter),
    }
    ways[way]()
    row = cast.row(letter)
    assert (row.claimed_by, row.claimed_until, row.wanted_by,
            row.wanted_at) == (None, None, None, None)


def test_handed_on_without_a_reason_it_is_offered_to_colleagues_alone(
    cast: Cast, letter: UUID
) -> None:
    claims.hand_on(cast.platform, cast.first.me, letter)
    assert told(cast, Event.LETTER_HANDED_ON, letter) == [(cast.first.id, UUID(int=0))]
    assert listed(cast, cast.first, "unclaimed") == [] and listed(cast, cast.first) == [letter]
    assert listed(cast, cast.second, "unclaimed") == [letter]
    assert [desk.desk_for(cast.platform, who.me, None).waiting[0].handed_on
            for who in (cast.first, cast.second)] == [
        False, True]
    cast.clock.advance(days=1)
    assert listed(cast, cast.first, "unclaimed") == [letter]


@pytest.mark.both_databases
def test_the_lists_and_their_numbers_follow_claims_that_run_out(cast: Cast, letter: UUID) -> None:
    other = cast.submitted(cast.harmed)
    assert listed(cast, cast.first, "mine") == [letter] and listed(cast, cast.second, "mine") == []
    assert listed(cast, cast.second,
                "unclaimed") == [other] and listed(cast,
                                                   cast.stranger_facilitator, "unclaimed") == []
    cast.clock.advance(hours=2)
    assert listed(cast, cast.first,
                "mine") == [] and listed(cast, cast.second, "unclaimed") == [letter, other]


def test_rule_30_letters_of_a_case_with_an_open_alert_are_a_list(cast: Cast, letter: UUID) -> None:
    assert listed(cast, cast.first, "safeguarding") == []
    with cast.platform.writing() as db:
        alert = AlertRow(id=UUID(int=7), case_id=cast.case, owner_id=cast.first.id,
                         opened_at=cast.clock(),
                         act_by=cast.clock())
        db.add(alert)
    assert listed(cast, cast.first,
                "safeguarding") == [letter] and listed(cast, cast.stranger_facilitator) == []
    assert desk.desk_for(cast.platform, cast.first.me, None).waiting[0].alert
    Attacker(cast.platform).run(update(AlertRow).values(closed_at=cast.clock()))
    assert listed(cast, cast.first, "safeguarding") == []


def test_of_one_day_the_gravest_stands_first_and_an_older_day_before_it(cast: Cast) -> None:
    yesterday = cast.submitted(cast.harmed)
    cast.clock.advance(days=1)
    plain, grave = cast.submitted(cast.harmed), cast.submitted(cast.harmed, "I will kill you.")
    looked = desk.desk_for(cast.platform, cast.first.me, None)
    assert [one.row.letter for one in looked.waiting] == [yesterday, grave, plain]
    grave_weight, plain_weight = (one.weight for one in looked.waiting[1:])
    assert grave_weight and grave_weight.severity and plain_weight and not plain_weight.severity
    assert not looked.unchecked
    Attacker(cast.platform).run(
        update(Version).where(Version.id == cast.row(plain).submitted_id).values(weight=b"made up")
    )
    # one altered row takes no desk away, and is told
    looked = desk.desk_for(cast.platform, cast.first.me, None)
    changed = next(one for one in looked.waiting if one.row.letter == plain)
    # it counts as the gravest
    assert changed.weight is None and looked.unchecked and looked.waiting[1:] != [changed]
    assert desk.is_heavy(cast.platform, cast.first.me, plain)
    assert told(cast, Event.TAMPERING_FOUND, cast.row(plain).submitted_id)  # type: ignore[arg-type]


def test_a_number_a_day_is_counted_for_who_sets_one_and_forbids_nothing(
    cast: Cast, letter: UUID
) -> None:
    platform, me = cast.platform, cast.first.me
    assert care.own_care(platform, me) == care.OwnCare()
    for wrong in (0, 51, -1):
        with pytest.raises(NotAcceptable):
            care.save_care(platform, me, wrong, False)
    care.save_care(platform, me, 1, False)
    read_letter.claim(platform, me, letter)  # goes on with what they hold
    assert care.own_care(platform, me).taken == 0
    for _ in range(2):
        read_letter.claim(platform, me, cast.submitted(cast.harmed))
    assert care.own_care(platform, me).taken == 2 and care.own_care(platform, me).is_reached
    cast.clock.advance(days=1)
    assert not care.own_care(platform, me).is_reached
    care.save_care(platform, me, None, False)
    read_letter.claim(platform, me, letter)
    assert care.own_care(platform, me).taken == 0


def test_keys_are_off_until_they_are_wanted(cast: Cast) -> None:
    platform, me = cast.platform, cast.first.me
    assert not care.own_care(platform, me).uses_keys
    for wanted in (True, False):
        care.save_care(platform, me, None, wanted)
        assert care.own_care(platform, me).uses_keys is wanted


def test_rules_19_and_25_what_the_team_foresees_is_what_the_worker_does(cast: Cast) -> None:
    platform = cast.platform
    pace.set_pace(platform, cast.harmed.me, cast.case,
                  Pace(sending=Sending.COOLING, cooling_hours=5))
    letter = cast.submitted(cast.harmed)
    foreseen = pace.foreseen(platform, cast.first.me, letter)
    assert foreseen is not None and foreseen.at is not None and not foreseen.shut
    cast.approve(letter, cast.first)
    cast.clock.moment = foreseen.at - timedelta(minutes=1)
    assert cast.release() == 0
    cast.clock.advance(minutes=2)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED
    answer = cast.submitted(cast.responsible)
    waits = pace.foreseen(platform, cast.first.me, answer)
    assert isinstance(waits, Foreseen) and [gate.name for gate in waits.shut] == ["READY"]
    with pytest.raises(NotFound):
        pace.foreseen(platform, cast.stranger_facilitator.me, answer)


def test_a_colleague_who_is_asked_to_read_finds_it_and_claims_it_or_not(cast: Cast,
                                                                       letter: UUID) -> None:
    platform, second = cast.platform, cast.second.me
    claims.ask_to_read(platform, cast.first.me, letter, cast.second.id)
    assert cast.row(letter).claimed_by is None
    assert told(cast, Event.READING_ASKED, letter) == [(cast.first.id, cast.second.id)]
    with today.today(platform, second) as found:
        assert [wait.subject for _, wait in found.now] == [letter]
    with today.today(platform, cast.first.me) as found:
        assert found.now == []
    assert today.number_of_member(platform, cast.second.id) == 1
    claims.hand_on(platform, second, letter)
    with today.today(platform, second) as found:
        assert found.now == [] and [wait.subject for _, wait in found.letters] == [letter]
    claims.ask_to_read(platform, cast.first.me, letter, cast.second.id)
    read_letter.claim(platform, second, letter)
    decide.hold(platform, second, letter, cast.row(letter).submitted_id,  # type: ignore[arg-type]
                REASON, platform.today() + timedelta(days=3))
    with today.today(platform, second) as found:
        assert found.now == []


def test_only_who_can_read_a_letter_now_is_asked(cast: Cast, letter: UUID) -> None:
    platform, first = cast.platform, cast.first.me
    later = cast.stranger_facilitator
    for who in (first.person, later.id, cast.harmed.id):
        with pytest.raises(NotPossibleNow):
            claims.ask_to_read(platform, first, letter, who)
    cast.join(cast.case, cast.first, later, handover=False)
    with pytest.raises(NotPossibleNow):  # sealed before they joined
        claims.ask_to_read(platform, first, letter, later.id)
    with pytest.raises(NotPossibleNow):  # somebody else holds it
        claims.ask_to_read(platform, cast.second.me, letter, first.person)
    claims.ask_to_read(platform, first, letter, cast.second.id)
    with pytest.raises(NotPossibleNow):
        claims.ask_to_read(platform, first, letter, cast.second.id)


def test_rule_13_who_reads_second_asks_nobody_as_that_would_tell_who_read_first(cast: Cast) -> None:
    """Whom one may ask, and what the asking is answered, is the same whoever read first."""
    cast.open_the_way_back()
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.first)
    read_letter.claim(cast.platform, cast.second.me, letter)
    for colleague in (cast.first.id, cast.stranger_facilitator.id):
        with pytest.raises(NotPossibleNow, match="unless one reads second"):
            claims.ask_to_read(cast.platform, cast.second.me, letter, colleague)
    assert "Ask them to read it" not in cast.second.browser().open(f"/desk/{letter}").text
    read_letter.unclaim(cast.platform, cast.second.me, letter)
    claims.ask_to_read(cast.platform, cast.first.me, letter, cast.stranger_facilitator.id)


def test_who_asked_for_a_letter_is_not_passed_over(cast: Cast, letter: UUID) -> None:
    claims.ask(cast.platform, cast.second.me, letter)
    with pytest.raises(NotPossibleNow):
        claims.ask_to_read(cast.platform, cast.first.me, letter, cast.second.id)
    assert cast.row(letter).wanted_by == cast.second.id
