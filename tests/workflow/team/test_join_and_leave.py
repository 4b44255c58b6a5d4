"""A team over time: asked, answered, left, added again; who can read what; and what an attacker
makes of it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Executable, delete, insert, update

from keys import letter as sealing
from keys import vouching
from letters.rules.errors import NotAcceptable, NotAllowed, NotFound, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.storage.queries.lists import desk_counts, desk_page
from letters.storage.store import microseconds
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    CaseKey,
    DecisionRow,
    DeskEntry,
    Member,
    PublicKey,
    Version,
)
from letters.storage.tables.team import Pin, Roster, TeamRequest
from letters.workflow.access import enter, roster
from letters.workflow.access.signed_team import Team
from letters.workflow.accounts import invite
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.lost_access import new_identity
from letters.workflow.preparation import background
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.team import history, join_and_leave
from letters.workflow.upkeep import replay
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import fails_closed, hold
from tests.cast import PASSWORD, Cast, Player
from tests.races.agreement import agree
from tests.workflow.losing import NEW, signed_in
from tests.workflow.reading.test_open_letter import names, openers


def desk_of(cast: Cast, player: Player) -> list[UUID]:
    """The letters on somebody's desk; kept counts agree."""
    with cast.platform.reading() as db:
        rows = desk_page(db, player.id, None).rows
        assert sum(desk_counts(db, player.id).values()) == len(rows)
    return [row.letter for row in rows]


def case_at(cast: Cast) -> enter.CaseAccess:
    """The case as it stands, with its team."""
    with cast.platform.reading() as db:
        return enter.case_to_read(cast.platform, db, cast.first.me, cast.case, Permission.CASE_SEE)


def state_of(cast: Cast) -> Team:
    """What the roster says, if it holds."""
    with cast.platform.reading() as db:
        room = enter.case_to_read(cast.platform, db, cast.first.me, cast.case, Permission.CASE_SEE)
        return roster.require(cast.platform, db, room)[-1].says


# --- asking and answering

def test_rule_11_who_is_asked_is_no_member_until_they_have_answered(cast: Cast) -> None:
    platform, case = cast.platform, open_and_halt.open_case(cast.platform, cast.first.me)
    join_and_leave.ask(platform, cast.first.me, case, cast.second.id, handover=True)
    for verb in (lambda: open_and_halt.halt(platform, cast.second.me, case),
                 lambda: history.team_for(platform, cast.second.me, case)):
        with pytest.raises(NotFound):
            verb()
    join_and_leave.answer(platform, cast.second.me, case, joins=True)
    open_and_halt.halt(platform, cast.second.me, case)


def one_is_left(cast: Cast) -> None:
    """In the other case: its letter is approved, and one of its two facilitators has left."""
    cast.prepare_strange()
    cast.approve(cast.submitted(cast.stranger_harmed), cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.first.me, cast.strange_case)


@pytest.mark.both_databases
def test_rule_11_a_letter_waits_until_two_have_answered(cast: Cast) -> None:
    platform, me = cast.platform, cast.stranger_facilitator.me
    one_is_left(cast)
    assert cast.release() == 0
    join_and_leave.ask(platform, me, cast.strange_case, cast.first.id, handover=True)
    cast.clock.advance(minutes=11)
    assert cast.release() == 0
    join_and_leave.answer(platform, cast.first.me, cast.strange_case, joins=True)
    assert cast.release() == 1


def test_with_a_handover_everything_before_is_read_too(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "Before you came.")
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    assert cast.case_row().epoch == 1
    assert desk_of(cast, cast.stranger_facilitator) == [letter]
    assert read_letter.letter_for(cast.platform, cast.stranger_facilitator.me,
                                  letter).text == "Before you came."


def test_without_a_handover_only_what_comes_after_is_read(cast: Cast, attacker: Attacker) -> None:
    new, before = cast.stranger_facilitator, cast.submitted(cast.harmed, "Before you came.")
    cast.join(cast.case, cast.first, new, handover=False)
    assert cast.case_row().epoch == 2
    assert desk_of(cast, new) == []
    for verb in (
        lambda: read_letter.claim(cast.platform, new.me, before),
        lambda: read_letter.letter_for(cast.platform, new.me, before),
    ):
        with pytest.raises(NotAllowed):
            verb()
    after = cast.submitted(cast.harmed, "After you came.")
    assert desk_of(cast, new) == [after]
    for member in (cast.first, cast.second, new):
        assert read_letter.letter_for(cast.platform, member.me, after).text == "After you came."
    hold(cast, before, cast.second)  # its next lane is no more on their desk than the first
    assert desk_of(cast, new) == [after]
    assert new.id not in openers(cast, attacker,
                                 before) and new.id in openers(cast, attacker, after)
    agree(cast.platform)


def test_a_letter_of_an_earlier_epoch_goes_its_way(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, "Before.")
    cast.approve(letter, cast.first)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    hold(cast, letter, cast.first)  # its reason is sealed to the epoch that is current now
    decide.resume(cast.platform, cast.first.me, letter)
    assert [note.words
            for note in read_letter.letter_for(cast.platform, cast.first.me, letter).notes] == [
        "{}",
        "A doubt.",
    ]
    cast.approve(letter, cast.first)
    cast.approve(letter, cast.second)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    assert cast.release() == 1
    open_letter.open_letter(cast.platform, cast.harmed.me, letter)
    assert open_letter.read_again(cast.platform, cast.harmed.me, letter) == "Before."


def test_who_says_no_leaves_nothing_but_the_fact(cast: Cast, attacker: Attacker) -> None:
    before = attacker.rows(CaseKey), attacker.rows(Member)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id,
                       handover=True)
    join_and_leave.answer(cast.platform, cast.stranger_facilitator.me, cast.case, joins=False,
                          conflict="My sister.")
    assert (attacker.rows(CaseKey),
            attacker.rows(Member)) == before and not attacker.rows(TeamRequest)
    with pytest.raises(NotFound):
        join_and_leave.answer(cast.platform, cast.stranger_facilitator.me, cast.case, joins=True)
    assert cast.release() == 0


def test_an_asking_that_was_taken_back_is_answered_by_nobody(cast: Cast) -> None:
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id,
                       handover=True)
    join_and_leave.withdraw(cast.platform, cast.second.me, cast.case, cast.stranger_facilitator.id)
    with pytest.raises(NotFound):
        join_and_leave.answer(cast.platform, cast.stranger_facilitator.me, cast.case, joins=True)
    with pytest.raises(NotPossibleNow):
        join_and_leave.withdraw(cast.platform, cast.second.me, cast.case,
                                cast.stranger_facilitator.id)


def test_rule_11_a_conflict_of_interest_is_told_to_the_team_and_to_nobody_else(cast: Cast) -> None:
    platform, new = cast.platform, cast.stranger_facilitator
    join_and_leave.ask(platform, cast.first.me, cast.case, new.id, handover=True)
    with pytest.raises(NotAcceptable):
        join_and_leave.answer(platform, new.me, cast.case, True, "We went to school together.")
    with pytest.raises(NotFound):
        history.team_for(platform, new.me, cast.case)
    join_and_leave.answer(platform, new.me, cast.case, True, "We went to school together.",
                          known=True)
    look = history.team_for(platform, cast.second.me, cast.case)
    assert [note.words for note in look.conflicts] == ["We went to school together."]
    assert [one.conflict for one in look.memberships] == [None, False, True]
    hers, _ = history.look_as_harmed(platform, cast.harmed.me, cast.case)
    assert not hasattr(hers, "conflicts")


def test_only_who_is_asked_sees_who_takes_part(cast: Cast) -> None:
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id,
                       handover=False)
    seen = history.invited(cast.platform, cast.stranger_facilitator.me, cast.case)
    assert sorted(seen.participants) == [(Role.HARMED, "Hanna Harmed"), (Role.OTHER, "Oda Other"),
                                         (Role.RESPONSIBLE, "Robin Responsible")]
    assert seen.members == ["Frances First", "Sam Second"]
    for player, refusal in ((cast.first, NotFound), (cast.harmed, NotAllowed),
                            (cast.stranger_harmed, NotAllowed)):
        with pytest.raises(refusal):
            history.invited(cast.platform, player.me, cast.case)
        with pytest.raises(refusal):
            join_and_leave.answer(cast.platform, player.me, cast.case, joins=True)


# --- leaving

def test_who_leaves_can_open_nothing_and_frees_what_they_claimed(
    cast: Cast, attacker: Attacker
) -> None:
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    before = cast.submitted(cast.harmed, "Before.")
    read_letter.claim(cast.platform, cast.second.me, before)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    assert cast.row(before).claimed_by is None
    assert desk_of(cast, cast.second) == []
    after = cast.submitted(cast.harmed, "After.")
    assert desk_of(cast, cast.second) == []
    for letter in (before, after):
        assert cast.second.id not in openers(cast, attacker, letter)
        with pytest.raises(NotFound):
            read_letter.letter_for(cast.platform, cast.second.me, letter)
        for member in (cast.first, cast.stranger_facilitator):
            assert read_letter.letter_for(cast.platform, member.me, letter).text
    assert not attacker.rows(DeskEntry, DeskEntry.person_id == cast.second.id)
    agree(cast.platform)


def test_what_a_reader_passed_on_before_they_left_is_no_new_letter_when_they_return(
    cast: Cast,
) -> None:
    cast.open_the_way_back()
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.second)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    cast.join(cast.case, cast.first, cast.second)
    assert desk_of(cast, cast.second) == [letter]
    agree(cast.platform)


def test_even_a_key_that_was_kept_aside_opens_nothing_that_came_after_leaving(
        cast: Cast, attacker: Attacker) -> None:
    kept = attacker.rows(CaseKey, CaseKey.member_id == cast.second.id)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    letter = cast.submitted(cast.harmed, "After.")
    attacker.put(CaseKey, *kept)
    assert cast.second.id not in openers(cast, attacker, letter)


def test_rule_11_after_a_release_nobody_leaves_a_team_of_two(cast: Cast) -> None:
    cast.released(cast.harmed)
    with pytest.raises(NotAcceptable) as refused:
        join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    assert "two facilitators at least" in refused.value.words
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)


def test_the_last_who_can_open_something_does_not_leave(cast: Cast) -> None:
    cast.submitted(cast.harmed)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    with pytest.raises(NotAcceptable) as refused:
        join_and_leave.leave(cast.platform, cast.first.me, cast.case)
    assert "only one in the team who can open" in refused.value.words
    # with a handover, of what first alone can still open
    cast.join(cast.case, cast.first, cast.second)
    join_and_leave.leave(cast.platform, cast.first.me, cast.case)


def test_nobody_leaves_a_case_alone(cast: Cast) -> None:
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    with pytest.raises(NotAcceptable):
        join_and_leave.leave(cast.platform, cast.first.me, case)


def test_who_is_added_again_begins_a_new_epoch_even_with_a_handover(
    cast: Cast, attacker: Attacker
) -> None:
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    meanwhile = cast.submitted(cast.harmed, "Meanwhile.")
    cast.join(cast.case, cast.first, cast.second, handover=False)
    assert cast.case_row().epoch == 3
    assert cast.second.id not in openers(cast, attacker, meanwhile)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    cast.join(cast.case, cast.first, cast.second)
    assert cast.case_row().epoch == 5
    assert read_letter.letter_for(cast.platform, cast.second.me, meanwhile).text == "Meanwhile."
    assert [one.left_at is None
            for one in history.team_for(cast.platform, cast.first.me, cast.case).memberships] == [
        True, False, True, False, True]


def test_what_a_member_who_left_asked_for_is_gone_with_them(cast: Cast) -> None:
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    code = invite.invite_staff(cast.platform, Role.FACILITATOR, "Toni Third")
    other = Player(cast.app, cast.platform, f"third {uuid4().hex[:6]}", code)
    join_and_leave.ask(cast.platform, cast.second.me, cast.case, other.id, handover=True)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    with pytest.raises(NotFound):
        join_and_leave.answer(cast.platform, other.me, cast.case, joins=True)


def test_a_handover_that_a_new_epoch_has_overtaken_still_lets_in(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "Before.")
    code = invite.invite_staff(cast.platform, Role.FACILITATOR, "Toni Third")
    other = Player(cast.app, cast.platform, f"third {uuid4().hex[:6]}", code)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, other.id, handover=True)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    join_and_leave.answer(cast.platform, other.me, cast.case, joins=True)
    assert cast.case_row().epoch == 3
    assert read_letter.letter_for(cast.platform, other.me, letter).text == "Before."
    assert read_letter.letter_for(cast.platform, other.me,
                                  cast.submitted(cast.harmed, "After.")).text == "After."


# --- approvals and words of those who have left

def test_rule_13_an_approval_stays_good_after_its_reader_has_left(cast: Cast) -> None:
    cast.open_the_way_back()
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.second)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.APPROVED
    assert cast.release() == 1
    open_letter.open_letter(cast.platform, cast.harmed.me, letter)
    assert open_letter.read_again(cast.platform, cast.harmed.me, letter)


def test_a_new_round_asks_for_new_readers(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.approved(cast.responsible)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    hold(cast, letter, cast.first)
    decide.resume(cast.platform, cast.first.me, letter)
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.SECOND_READING
    cast.approve(letter, cast.stranger_facilitator)
    assert cast.state(letter) is State.APPROVED


def test_words_of_who_has_left_are_still_shown(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.second.me, letter)
    decide.return_to_author(
        cast.platform, cast.second.me, letter, cast.row(letter).submitted_id, "Why.", "A kind note."
    )
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    assert [note.words
            for note in write.notes_for_author(cast.platform, cast.harmed.me,
                                               letter)] == ["A kind note."]
    assert "Why." in [
        note.words for note in read_letter.letter_for(cast.platform, cast.first.me, letter).notes
    ]


# --- who can read this

def test_who_can_read_names_the_holders_of_each_epoch(cast: Cast, attacker: Attacker) -> None:
    cast.released(cast.harmed, "First.")
    first = cast.submitted(cast.responsible, "Second.")
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    later = cast.submitted(cast.responsible, "Third.")
    for letter in (first, later):
        can = openers(cast, attacker, letter)
        assert open_letter.who_can_read(cast.platform, cast.responsible.me,
                                        letter) == names(cast, can)
    assert cast.stranger_facilitator.id not in openers(cast, attacker, first)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    assert "Sam Second" not in open_letter.who_can_read(cast.platform, cast.responsible.me, first)
    with pytest.raises(NotFound):  # before it has arrived it is not there for the person harmed
        open_letter.who_can_read(cast.platform, cast.harmed.me, later)


def test_the_person_harmed_learns_who_can_read_a_letter_that_reached_them(
    cast: Cast, attacker: Attacker
) -> None:
    cast.open_the_way_back()
    letter = cast.released(cast.responsible)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    told = names(cast, openers(cast, attacker, letter))
    assert open_letter.who_can_read(cast.platform, cast.harmed.me, letter) == told
    look, letters = history.look_as_harmed(cast.platform, cast.harmed.me, cast.case)
    assert (told in [readers for row,
                     readers in letters if row.id == letter]) and len(look.memberships) == 3


# --- keys that were renewed

def renewed(cast: Cast, player: Player) -> Player:
    """The same person, after *my password may be known*."""
    new_identity.renew(cast.platform, player.me, PASSWORD, NEW)
    again = object.__new__(Player)
    again.__dict__.update(player.__dict__)
    again.me = signed_in(cast.platform, player.name)
    return again


def test_a_new_key_signs_nothing_until_a_member_has_signed_for_it(cast: Cast) -> None:
    second = renewed(cast, cast.second)
    with pytest.raises(NotPossibleNow):
        join_and_leave.ask(cast.platform, second.me, cast.case, cast.stranger_facilitator.id,
                           handover=False)
    write.submit(cast.platform, cast.harmed.me, letter := cast.draft(cast.harmed),
                 cast.row(letter).draft_id)
    with cast.platform.writing() as db:
        room = enter.case_to_change(cast.platform, db, cast.first.me, cast.case,
                                    Permission.CASE_MANAGE)
        with pytest.raises(NotPossibleNow):
            roster.sign_for_new_key(cast.platform, db, cast.first.me, room,
                                    cast.stranger_facilitator.id)
        roster.sign_for_new_key(cast.platform, db, cast.first.me, room, second.id)
    join_and_leave.ask(cast.platform, second.me, cast.case, cast.stranger_facilitator.id,
                       handover=False)
    assert state_of(cast).members[second.id] == second.me.identity.kid
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    agree(cast.platform)


def test_who_was_asked_before_their_key_was_renewed_is_asked_again(cast: Cast) -> None:
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id,
                       handover=True)
    new = renewed(cast, cast.stranger_facilitator)
    with pytest.raises(NotPossibleNow):
        join_and_leave.answer(cast.platform, new.me, cast.case, joins=True)
    join_and_leave.withdraw(cast.platform, cast.first.me, cast.case, new.id)
    cast.join(cast.case, cast.first, new)


# --- somebody with the database, and a member who left

def left_behind(cast: Cast) -> dict[str, list[dict[str, Any]]]:
    """The second facilitator has left. Returns the rows as they were before, to be put back."""
    attacker = Attacker(cast.platform)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    history.team_for(cast.platform, cast.first.me, cast.case)
    history.look_as_harmed(cast.platform, cast.harmed.me, cast.case)
    copy = attacker.copy()
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    return copy


def forged(cast: Cast, **changed: Any) -> Executable:
    return insert(TeamRequest).values(**{"case_id": cast.case, "person_id": cast.second.id,
                                         "asked_by": cast.first.id,
                                   "asked_at": cast.clock(), "epoch": 2, "sealed": None,
                                         "mac": bytes(32), **changed})


def own(copy: dict[str, list[dict[str, Any]]], table: str, cast: Cast) -> list[dict[str, Any]]:
    who = {"members": "person_id", "case_keys": "member_id"}[table]
    return [row for row in copy[table] if row[who] == cast.second.id
            and row["case_id"] == cast.case]


PUT_BACK: dict[str, Callable[[Cast, Attacker, dict[str, Any]], None]] = {
    "a member row is put back": lambda c, a, copy: a.put(Member, *own(copy, "members", c)),
    "member and case key rows are put back": lambda c, a, copy: (
        a.put(Member, *own(copy, "members", c)),
        a.put(CaseKey, *own(copy, "case_keys", c)),
    ),
    "the old team's rows are put back": lambda c, a, copy: a.put_back(copy, "members"),
    "the epoch is lowered": lambda c, a, copy: a.run(
        update(Case).where(Case.id == c.case).values(epoch=1)
    ),
    "epoch and team are put back": lambda c, a, copy: (
        a.put_back(copy, "members", "case_keys"),
        a.run(update(Case).where(Case.id == c.case).values(epoch=1)),
    ),
    "epoch, team and roster are put back": lambda c, a, copy: (
        a.put_back(copy, "members", "case_keys", "rosters"),
        a.run(update(Case).where(Case.id == c.case).values(epoch=1)),
    ),
    "the old roster is put back": lambda c, a, copy: a.put_back(copy, "rosters"),
    "the last statement is missing": lambda c, a, copy: a.run(
        delete(Roster).where(Roster.case_id == c.case, Roster.number == 6)
    ),
    "a statement in the middle is missing": lambda c, a, copy: a.run(
        delete(Roster).where(Roster.case_id == c.case, Roster.number == 3)
    ),
    "no statement is left": lambda c, a, copy: a.run(
        delete(Roster).where(Roster.case_id == c.case)
    ),
    "a statement is unsigned": lambda c, a, copy: a.run(
        update(Roster).where(Roster.case_id == c.case).values(signature=b"")
    ),
    "a statement's time is changed": lambda c, a, copy: a.run(
        update(Roster).where(Roster.case_id == c.case).values(at=c.clock())
    ),
    "a statement is garbled": lambda c, a, copy: a.run(
        update(Roster).where(Roster.case_id == c.case).values(members=b"nobody")
    ),
    "the case key is another": lambda c, a, copy: a.run(
        update(PublicKey)
        .where(PublicKey.owner_id == c.case, PublicKey.serial == 2)
        .values(
            sealing=a.rows(PublicKey, PublicKey.owner_id == c.case, PublicKey.serial == 1)[0][
                "sealing"
            ]
        )
    ),
}


ROWS_ALONE = {"a member row is put back", "member and case key rows are put back",
              "the old team's rows are put back"}
"""Rows that only lists are made of."""


def test_without_an_attacker_the_case_goes_on(theatre: Theatre) -> None:
    theatre.play(left_behind)
    cast = theatre.cast
    letter = cast.submitted(cast.harmed, "Afterwards.")
    cast.approve(letter, cast.first)
    assert cast.release() == 1
    agree(cast.platform)


@pytest.mark.parametrize("change", list(PUT_BACK))
def test_nothing_is_sealed_to_a_team_that_was_put_back(theatre: Theatre, change: str) -> None:
    copy, cast, attacker = theatre.play(left_behind), theatre.cast, theatre.attacker
    letter, after = (cast.row(cast.draft(cast.harmed)),
                     cast.submitted(cast.harmed, "After they " "left."))
    PUT_BACK[change](cast, attacker, copy)
    if change in ROWS_ALONE:  # the record has the last word: they are in no team
        write.submit(cast.platform, cast.harmed.me, letter.id, letter.draft_id)
        for one in (letter.id, after):
            fails_closed(lambda one=one: read_letter.letter_for(cast.platform, cast.second.me, one))
            assert read_letter.letter_for(cast.platform, cast.first.me, one).text
        fails_closed(lambda: open_and_halt.halt(cast.platform, cast.second.me, cast.case))
        fails_closed(lambda: history.team_for(cast.platform, cast.second.me, cast.case))
        assert replay.replay(cast.platform) == 1  # and what was put back is found
        return
    with pytest.raises(Tampered) as found:
        write.submit(cast.platform, cast.harmed.me, letter.id, letter.draft_id)
    assert found.value.case == cast.case
    for verb in (lambda: background.record_acknowledgement(cast.platform,
                                                           cast.first.me, cast.case, "A plea."),
                 lambda: join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.second.id,
                                            handover=True),
                 lambda: join_and_leave.leave(cast.platform,
                                              cast.stranger_facilitator.me, cast.case),
                 lambda: history.team_for(cast.platform, cast.first.me, cast.case),
                 lambda: history.look_as_harmed(cast.platform, cast.harmed.me, cast.case)):
        with pytest.raises(Tampered):
            verb()
    for verb in (lambda: read_letter.claim(cast.platform, cast.second.me, after),
                 lambda: read_letter.letter_for(cast.platform, cast.second.me, after)):
        fails_closed(verb)  # whatever was put back, what came after they left is not shown to them
    for verb in (lambda: open_and_halt.halt(cast.platform, cast.second.me, cast.case),
                 lambda: history.team_for(cast.platform, cast.second.me, cast.case)):
        if change.startswith(("a member", "member and", "the old team", "the epoch")):
            fails_closed(verb)


def test_a_case_key_that_is_put_back_is_found_out_where_readers_are_named(theatre: Theatre) -> None:
    copy, cast, attacker = theatre.play(left_behind), theatre.cast, theatre.attacker
    letter = cast.submitted(cast.harmed)
    attacker.put(CaseKey, *own(copy, "case_keys", cast))
    with pytest.raises(Tampered):
        open_letter.who_can_read(cast.platform, cast.harmed.me, letter)
    with pytest.raises(NotFound):
        read_letter.letter_for(cast.platform, cast.second.me, letter)


FORGED: dict[str, Callable[[Cast, Attacker, dict[str, Any]], None]] = {
    "made up": lambda c, a, asked: a.run(forged(c)),
    "an old one, used": lambda c, a, asked: a.put(TeamRequest, asked),
    "an old one, made out to another": lambda c, a, asked: a.put(
        TeamRequest, asked, person_id=c.second.id
    ),
    "with a handover put in": lambda c, a, asked: a.put(TeamRequest, asked, sealed=b"x"),
}


def asked_and_taken_back(cast: Cast) -> dict[str, Any]:
    """The second facilitator has left, was asked again, and that was taken back. Returns the row of
    the asking."""
    left_behind(cast)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.second.id, handover=False)
    row = Attacker(cast.platform).rows(TeamRequest)[0]
    join_and_leave.withdraw(cast.platform, cast.first.me, cast.case, cast.second.id)
    return row


@pytest.mark.parametrize("change", list(FORGED))
def test_nobody_joins_by_an_asking_that_was_forged(theatre: Theatre, change: str) -> None:
    row, cast, attacker = theatre.play(asked_and_taken_back), theatre.cast, theatre.attacker
    FORGED[change](cast, attacker, row)
    for verb in (lambda: join_and_leave.answer(cast.platform, cast.second.me,
                                               cast.case, joins=True),
                 lambda: history.invited(cast.platform, cast.second.me, cast.case),
                 lambda: history.team_for(cast.platform, cast.first.me, cast.case)):
        with pytest.raises(Tampered):
            verb()
    assert not attacker.rows(Member, Member.case_id == cast.case,
                             Member.person_id == cast.second.id)


def test_a_handover_that_was_exchanged_lets_nobody_in(cast: Cast, attacker: Attacker) -> None:
    new, strange = cast.stranger_facilitator, cast.submitted(cast.stranger_harmed)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, new.id, handover=True)
    row = attacker.rows(TeamRequest)[0]
    for sealed in (row["sealed"][:-1] + bytes([row["sealed"][-1] ^ 1]),
                   bytes(8) + row["sealed"][8:], (2).to_bytes(8) + row["sealed"][8:]):
        attacker.run(update(TeamRequest).values(sealed=sealed))
        with pytest.raises(Tampered):
            join_and_leave.answer(cast.platform, new.me, cast.case, joins=True)
    assert cast.row(strange).id == strange


def fork(cast: Cast, at: int, signer: Player,
         change: Callable[[Team], Team]) -> Executable:
    """A statement signed by somebody with the database and their own key, in place of the one with
    this number."""
    with cast.platform.reading() as db:
        chain = roster.chain(cast.platform, db, cast.case)
    row = Roster(case_id=cast.case, number=at, at=cast.clock(), signer_id=signer.id,
                 members=change(chain[at - 1].says).encoded())
    row.signature = vouching.sign(signer.me.identity, "roster",
                                  **roster._fields(row, at, chain[at - 2].head))
    return update(Roster).where(Roster.case_id == cast.case, Roster.number == at).values(
        members=row.members, signer_id=signer.id, signature=row.signature, at=row.at)


def test_a_fork_that_holds_by_itself_is_found_out(theatre: Theatre) -> None:
    """By who saw the other statement, and by the record, which binds it."""
    theatre.play(left_behind)
    cast, attacker = theatre.cast, theatre.attacker
    history.team_for(cast.platform, cast.first.me, cast.case)
    history.look_as_harmed(cast.platform, cast.harmed.me, cast.case)
    letter = cast.draft(cast.harmed)
    attacker.run(fork(cast, 6, cast.second, lambda says: says))  # who left signs their leaving anew
    for verb in (lambda: history.team_for(cast.platform, cast.first.me, cast.case),
                 lambda: history.team_for(cast.platform, cast.stranger_facilitator.me, cast.case),
                 lambda: history.look_as_harmed(cast.platform, cast.harmed.me, cast.case),
                 lambda: history.has_changed(cast.platform, cast.harmed.me, cast.case),
                 lambda: write.submit(cast.platform, cast.harmed.me, letter,
                                      cast.row(letter).draft_id)):
        with pytest.raises(Tampered):
            verb()


FORKS: dict[str, Callable[[Cast], tuple[Player, Callable[[Team], Team]]]] = {
    "by a stranger": lambda c: (c.stranger_harmed, lambda says: says),
    "by one who left before": lambda c: (c.second, lambda says: says),
    "a colleague is put in whom nobody asked": lambda c: (c.first, lambda says: Team(
        says.epoch, says.case_kid, {**says.members, c.second.id: c.second.me.identity.kid},
        says.asked)),
    "a colleague is thrown out": lambda c: (c.first,
                                            lambda says: says.without(c.stranger_facilitator.id)),
    "a specialist is put in whom nobody asked": lambda c: (c.first, lambda says: replace(
        says, specialists={c.other.id: bytes(32)})),
    "who was asked to decide joins as a specialist": lambda c: (c.second, lambda says: replace(
        says.without(c.second.id), specialists={c.second.id: c.second.me.identity.kid})),
    "the case key is another in the same epoch": lambda c: (c.first, lambda says: Team(
        says.epoch, bytes(32), says.members, says.asked)),
    "the epoch is an earlier one": lambda c: (c.first, lambda says: Team(
        says.epoch - 1, says.case_kid, says.members, says.asked)),
    "a new key of one's own": lambda c: (c.first, lambda says: Team(
        says.epoch, says.case_kid, {**says.members, c.first.id: bytes(32)}, says.asked)),
}


def asked_last(cast: Cast) -> None:
    """The last statement is an asking by the first facilitator."""
    left_behind(cast)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.second.id, handover=False)


@pytest.mark.parametrize("change", list(FORKS))
def test_nobody_says_in_the_roster_what_is_not_theirs_to_say(theatre: Theatre, change: str) -> None:
    theatre.play(asked_last)
    cast = theatre.cast
    state_of(cast)
    signer, how = FORKS[change](cast)
    # they are asked again, and may answer; not sign for others
    if change == "by one who left before":
        how = lambda says: says.without(cast.stranger_facilitator.id)  # noqa: E731
    theatre.attacker.run(fork(cast, 7, signer, how))
    with pytest.raises(Tampered), cast.platform.reading() as db:
        roster.chain(cast.platform, db, cast.case)


@pytest.mark.parametrize("pin", ["garbled", "another's"])
def test_a_pin_that_was_exchanged_is_found_out(theatre: Theatre, pin: str) -> None:
    theatre.play(left_behind)
    cast, attacker = theatre.cast, theatre.attacker
    sealed = (
        b"x"
        if pin == "garbled"
        else attacker.rows(Pin, Pin.person_id == cast.first.id)[0]["sealed"]
    )
    attacker.run(update(Pin).where(Pin.person_id == cast.harmed.id).values(sealed=sealed))
    with pytest.raises(Tampered):
        history.has_changed(cast.platform, cast.harmed.me, cast.case)


@pytest.mark.parametrize("attack", ["a decision is deleted", "a fact is changed",
                                    "a decision of a stranger is put in"])
def test_decisions_and_facts_must_say_the_same(theatre: Theatre, attack: str) -> None:
    letter, cast, attacker = theatre.play(approved_by_who_left), theatre.cast, theatre.attacker
    version = cast.row(letter).submitted_id
    row = attacker.rows(DecisionRow, DecisionRow.version_id == version)[0]
    if attack == "a decision is deleted":
        attacker.run(delete(DecisionRow).where(DecisionRow.id == row["id"]))
    elif attack == "a fact is changed":
        attacker.run(update(AuditEntry).where(AuditEntry.event
                                              == Event.LETTER_PASSED_ON.value).values(
            event=Event.LETTER_CLAIMED.value))
    else:  # somebody who was never in the team, with their own good signature
        stranger = Player(cast.app, cast.platform, f"other {uuid4().hex[:6]}",
                          invite.invite_staff(cast.platform, Role.FACILITATOR, "Odd Other"))
        with cast.platform.reading() as db:
            sealed = db.get_one(Version, version)
        at = cast.clock()
        said = sealing.Decision(sealed.id, sealed.digest, sealed.findings_hash, "approve",
                                cast.harmed.id, stranger.id,
                                1, sealed.policy, sealed.needed, microseconds(at))
        attacker.put(DecisionRow, row, id=uuid4(), reader_id=stranger.id, at=at,
                     signature=sealing.sign_decision(stranger.me.identity, said))
    with suppress(Tampered):
        pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    assert cast.release() == 0
    assert cast.state(letter) is State.APPROVED


def approved_by_who_left(cast: Cast) -> UUID:
    """An answer that two have approved, one of whom has left since."""
    cast.open_the_way_back()
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    letter = cast.approved(cast.responsible)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    return letter
