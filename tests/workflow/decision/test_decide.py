"""The review desk: who may decide, on what, when, and what each decision undoes."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from keys.keyfile import make_keys
from letters.rules.errors import (
    FindingsOpen,
    NeedsPassword,
    NotAcceptable,
    NotAllowed,
    NotClaimed,
    NotFound,
    NotPossibleNow,
)
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.queries.lists import desk_counts, desk_page
from letters.storage.tables.letters import DecisionRow, DeskCount, DeskEntry, Grant, SealedRelease
from letters.workflow.accounts import invite, sign_in
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.lost_access import new_identity
from letters.workflow.preparation import consent
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import give_back, hold
from tests.cast import PASSWORD, Cast, Player
from tests.workflow.losing import NEW

CONTACT = "Ring me on 07700 900123."


def version(cast: Cast, letter: UUID) -> UUID:
    """The version at the desk."""
    found = cast.row(letter).submitted_id
    assert found is not None
    return found


def approve(cast: Cast, who: Player, letter: UUID, password: str = PASSWORD) -> None:
    """Approve what lies at the desk now."""
    decide.approve(cast.platform, who.me, letter, version(cast, letter), password)


def new_key(cast: Cast, who: Player) -> None:
    """Give somebody a new key, as changing it will."""
    new_identity.renew(cast.platform, who.me, PASSWORD, NEW)


# --- claims

@pytest.mark.both_databases
def test_a_claim_keeps_the_other_from_claiming_and_deciding(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    read_letter.claim(cast.platform, cast.first.me, letter)
    with pytest.raises(NotPossibleNow):
        read_letter.claim(cast.platform, cast.second.me, letter)
    with pytest.raises(NotClaimed):
        approve(cast, cast.second, letter)


def test_a_claim_runs_out_and_another_takes_over(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    cast.clock.advance(seconds=read_letter.CLAIM.total_seconds())
    with pytest.raises(NotClaimed):
        approve(cast, cast.first, letter)
    read_letter.claim(cast.platform, cast.second.me, letter)
    with pytest.raises(NotClaimed):
        approve(cast, cast.first, letter)
    approve(cast, cast.second, letter)
    assert cast.state(letter) is State.APPROVED


def test_a_claim_is_given_back_by_its_holder_alone(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    read_letter.unclaim(cast.platform, cast.second.me, letter)
    assert cast.row(letter).claimed_by == cast.first.id
    read_letter.unclaim(cast.platform, cast.first.me, letter)
    read_letter.claim(cast.platform, cast.second.me, letter)


def test_nothing_is_decided_without_a_claim(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    soon = cast.clock().date() + timedelta(days=1)
    for verb in (
        lambda: approve(cast, cast.first, letter),
        lambda: decide.hold(cast.platform, cast.first.me, letter, version(cast, letter), "Why.",
                            soon),
        lambda: decide.return_to_author(cast.platform, cast.first.me, letter,
                                        version(cast, letter), "a", "b"),
    ):
        with pytest.raises(NotClaimed):
            verb()


@pytest.mark.parametrize("who", ["stranger_facilitator", "stranger_harmed", "responsible"])
def test_a_stranger_knows_of_no_letter_at_the_desk(cast: Cast, who: str) -> None:
    letter, stranger = cast.submitted(cast.harmed), getattr(cast, who)
    soon = cast.clock().date() + timedelta(days=1)
    verbs = (lambda: read_letter.claim(cast.platform, stranger.me, letter),
             lambda: read_letter.letter_for(cast.platform, stranger.me, letter),
             lambda: read_letter.unclaim(cast.platform, stranger.me, letter),
             lambda: read_letter.dispose(cast.platform, stranger.me, letter,
                                         version(cast, letter), {}),
             lambda: approve(cast, stranger, letter),
             lambda: decide.resume(cast.platform, stranger.me, letter),
             lambda: decide.hold(cast.platform, stranger.me, letter, version(cast, letter), "Why.",
                                 soon),
             lambda: decide.return_to_author(cast.platform, stranger.me, letter,
                                             version(cast, letter), "a", "b"),
             lambda: decide.seal_again(cast.platform, stranger.me, letter, PASSWORD))
    for verb in verbs:
        with pytest.raises(NotFound):
            verb()


# --- approving

def test_every_finding_needs_a_disposition_that_goes_with_approval(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, CONTACT)
    read_letter.claim(cast.platform, cast.first.me, letter)
    assert len(read_letter.letter_for(cast.platform, cast.first.me, letter).findings) == 1
    for chosen in ({}, {0: Disposition.ASK}, {0: Disposition.REDACT}, {0: Disposition.ESCALATE},
                   {1: Disposition.FINE}):
        read_letter.dispose(cast.platform, cast.first.me, letter, version(cast, letter), chosen)
        with pytest.raises(FindingsOpen):
            approve(cast, cast.first, letter)
    read_letter.dispose(cast.platform, cast.first.me, letter, version(cast, letter),
                        {0: Disposition.FINE})
    approve(cast, cast.first, letter)
    assert cast.state(letter) is State.APPROVED


def test_each_reader_gives_their_own_dispositions(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, CONTACT)
    cast.approve(letter, cast.first)
    read_letter.claim(cast.platform, cast.second.me, letter)
    with pytest.raises(FindingsOpen):
        approve(cast, cast.second, letter)


def test_the_dispositions_of_an_earlier_version_count_no_more(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, CONTACT)
    read_letter.claim(cast.platform, cast.first.me, letter)
    read_letter.dispose(cast.platform, cast.first.me, letter, version(cast, letter),
                        {0: Disposition.FINE})
    give_back(cast, letter, cast.first)
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    read_letter.claim(cast.platform, cast.first.me, letter)
    with pytest.raises(FindingsOpen):
        approve(cast, cast.first, letter)


def test_an_approval_needs_the_password(cast: Cast, attacker: Attacker) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    for wrong in ("", "not the password", PASSWORD + " "):
        with pytest.raises(NeedsPassword):
            approve(cast, cast.first, letter, wrong)
    assert not attacker.rows(DecisionRow)


def test_a_version_that_is_no_longer_at_the_desk_is_not_decided_on(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    stale = version(cast, letter)
    give_back(cast, letter, cast.first)
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    read_letter.claim(cast.platform, cast.first.me, letter)
    soon = cast.clock().date() + timedelta(days=1)
    for verb in (lambda: decide.approve(cast.platform, cast.first.me, letter, stale, PASSWORD),
                 lambda: decide.hold(cast.platform, cast.first.me, letter, stale, "Why.", soon),
                 lambda: decide.return_to_author(cast.platform, cast.first.me, letter,
                                                 stale, "a", "b"),
                 lambda: read_letter.dispose(cast.platform, cast.first.me, letter, stale, {}),
                 lambda: decide.approve(cast.platform, cast.first.me, letter, uuid4(), PASSWORD)):
        with pytest.raises(NotPossibleNow):
            verb()


def test_one_reader_is_enough_for_the_person_harmed(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.APPROVED


def test_rule_13_two_different_facilitators_for_the_person_who_harmed(
    cast: Cast, attacker: Attacker
) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.SECOND_READING
    assert not attacker.rows(SealedRelease)
    with pytest.raises(NotPossibleNow):
        cast.approve(letter, cast.first)
    read_letter.unclaim(cast.platform, cast.first.me, letter)
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.APPROVED
    approvals = attacker.rows(DecisionRow, DecisionRow.version_id == version(cast, letter))
    assert {row["reader_id"] for row in approvals} == {cast.first.id, cast.second.id}


def test_rule_13_three_members_and_still_two_different_ones(cast: Cast) -> None:
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.stranger_facilitator)
    with pytest.raises(NotPossibleNow):
        cast.approve(letter, cast.stranger_facilitator)
    read_letter.unclaim(cast.platform, cast.stranger_facilitator.me, letter)
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.APPROVED


@pytest.mark.parametrize("author", ["harmed", "responsible"])
def test_nobody_approves_what_they_wrote(cast: Cast, author: str) -> None:
    cast.open_the_way_back()
    writer = getattr(cast, author)
    letter = cast.submitted(writer)
    for verb in (lambda: read_letter.claim(cast.platform, writer.me, letter),
                 lambda: read_letter.letter_for(cast.platform, writer.me, letter),
                 lambda: approve(cast, writer, letter),
                 lambda: decide.resume(cast.platform, writer.me, letter),
                 lambda: decide.seal_again(cast.platform, writer.me, letter, PASSWORD)):
        with pytest.raises(NotAllowed):
            verb()


# --- holding, resuming, returning

@pytest.mark.parametrize(("reason", "days"),
                         [("", 3), (" \n", 3), ("Why.", 0), ("Why.", -1), ("Why.", None)])
def test_a_hold_needs_a_reason_and_a_date_to_come(cast: Cast, reason: str,
                                                  days: int | None) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    when = None if days is None else cast.clock().date() + timedelta(days=days)
    with pytest.raises(NotAcceptable):
        decide.hold(cast.platform, cast.first.me, letter, version(cast, letter), reason, when)
    assert cast.state(letter) is State.IN_REVIEW


def test_a_hold_keeps_its_reason_for_the_team_and_its_date(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    hold(cast, letter, cast.first)
    row = cast.row(letter)
    assert (row.review_on is not None
            and row.review_on.date() == cast.clock().date() + timedelta(days=7))
    assert ("reason", "A doubt.") in [
        (note.kind, note.words)
        for note in read_letter.letter_for(cast.platform, cast.second.me, letter).notes
    ]


def test_holding_an_approved_letter_deletes_its_sealed_release(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.approved(cast.harmed)
    assert attacker.rows(SealedRelease)
    hold(cast, letter, cast.second)
    assert not attacker.rows(SealedRelease)
    assert cast.release() == 0
    assert cast.state(letter) is State.HELD


def test_a_held_letter_that_is_given_back_forgets_its_date(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    hold(cast, letter, cast.first)
    give_back(cast, letter, cast.first)
    assert cast.row(letter).review_on is None


def test_taking_up_again_voids_the_approvals_before(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.approved(cast.responsible)
    hold(cast, letter, cast.second)
    decide.resume(cast.platform, cast.second.me, letter)
    assert (cast.state(letter), cast.row(letter).round) == (State.IN_REVIEW, 2)
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.SECOND_READING
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.APPROVED


def test_a_held_letter_is_not_approved_before_it_is_taken_up_again(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    hold(cast, letter, cast.first)
    with pytest.raises(NotPossibleNow):
        cast.approve(letter, cast.second)


def test_only_a_held_letter_is_taken_up_again(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    with pytest.raises(NotPossibleNow):
        decide.resume(cast.platform, cast.first.me, letter)


def test_a_released_letter_is_decided_on_no_more(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    soon = cast.clock().date() + timedelta(days=1)
    for verb in (
        lambda: read_letter.claim(cast.platform, cast.first.me, letter),
        lambda: approve(cast, cast.first, letter),
        lambda: decide.hold(cast.platform, cast.first.me, letter, version(cast, letter), "Why.",
                            soon),
        lambda: decide.return_to_author(cast.platform, cast.first.me, letter,
                                        version(cast, letter), "a", "b"),
        lambda: decide.resume(cast.platform, cast.first.me, letter),
        lambda: decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD),
    ):
        with pytest.raises(NotPossibleNow):
            verb()


# --- sealing again

def test_a_letter_approved_before_its_recipient_enrols_is_sealed_afterwards(cast: Cast) -> None:
    platform = cast.platform
    case = open_and_halt.open_case(platform, cast.first.me)
    cast.join(case, cast.first, cast.second)
    codes = {role: invite.invite_participant(platform, cast.first.me, case, role, "Somebody")
             for role in (Role.HARMED, Role.RESPONSIBLE)}
    harmed = Player(cast.app, platform, "early", codes[Role.HARMED])
    consent.give(platform, harmed.me, case, ["read"])
    letter = cast.approved(harmed, "Before you came.")
    assert cast.state(letter) is State.SEAL_AGAIN
    with pytest.raises(NotPossibleNow):
        decide.seal_again(platform, cast.second.me, letter, PASSWORD)
    responsible = Player(cast.app, platform, "late", codes[Role.RESPONSIBLE])
    cast.prepare(case, (cast.first, cast.second), harmed, responsible)
    assert cast.release() == 0
    with pytest.raises(NeedsPassword):
        decide.seal_again(platform, cast.second.me, letter, "not the password")
    decide.seal_again(platform, cast.second.me, letter, PASSWORD)
    assert cast.release() == 1
    open_letter.open_letter(platform, responsible.me, letter)
    assert open_letter.read_again(platform, responsible.me, letter) == "Before you came."


def test_a_recipient_with_a_new_key_gets_a_letter_that_was_sealed_again(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.approved(cast.harmed)
    new_key(cast, cast.responsible)
    assert cast.release() == 0
    assert cast.state(letter) is State.SEAL_AGAIN
    assert not attacker.rows(SealedRelease) and not attacker.rows(
        Grant, Grant.reader_id == cast.responsible.id
    )
    decide.seal_again(cast.platform, cast.second.me, letter, PASSWORD)
    assert cast.release() == 1
    assert cast.state(letter) is State.RELEASED


def test_a_lost_release_key_loses_no_letter(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    ring = make_keys(cast.platform.random).release
    platform, cast.platform = cast.platform, replace(cast.platform,
                                                     keys=replace(cast.platform.keys, release=ring))
    try:
        assert cast.release() == 0
        assert cast.state(letter) is State.SEAL_AGAIN
        decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
        assert cast.release() == 1
    finally:
        cast.platform = platform


# --- the desk follows

def test_the_desk_agrees_with_the_letters_all_the_way(cast: Cast, attacker: Attacker) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)

    def lanes() -> dict[str, int]:
        with cast.platform.reading() as db:
            for reader in (cast.first, cast.second):
                rows = desk_page(db, reader.id, None).rows
                counted = {lane: number for lane,
                           number in desk_counts(db, reader.id).items() if number}
                assert counted == {lane: sum(row.lane == lane for row in rows)
                                   for lane in {row.lane for row in rows}}
            return counted

    assert lanes() == {"in review": 1}
    cast.approve(letter, cast.first)
    assert lanes() == {"second reading": 1}
    with cast.platform.reading() as db:
        assert desk_counts(db, cast.first.id)["passed on"] == 1
        assert [row.letter for row in desk_page(db, cast.first.id, "second reading").rows] == [
            letter]
    hold(cast, letter, cast.first)
    assert lanes() == {"held": 1}
    decide.resume(cast.platform, cast.second.me, letter)
    assert lanes() == {"in review": 1}
    give_back(cast, letter, cast.first)
    assert lanes() == {}
    assert not attacker.rows(DeskEntry) and not any(row["letters"]
                                                    for row in attacker.rows(DeskCount))


def test_who_joins_finds_what_waits_on_their_desk(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    with cast.platform.reading() as db:
        assert [row.letter
                for row in desk_page(db, cast.stranger_facilitator.id, None).rows] == [letter]
        assert desk_counts(db, cast.stranger_facilitator.id)["in review"] == 1
    assert read_letter.letter_for(cast.platform, cast.stranger_facilitator.me, letter).text


def test_confirming_takes_one_stretch_and_the_right_person(cast: Cast) -> None:
    sign_in.confirm(cast.platform, cast.first.me, PASSWORD)
    with pytest.raises(NeedsPassword):
        sign_in.confirm(cast.platform, cast.first.me, "somebody else's words here")
