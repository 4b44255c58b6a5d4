"""Deciding, writing and coming in, two and more at once, with real threads: one wins and nothing is
lost."""

from dataclasses import replace
from uuid import UUID

import pytest

from keys.passphrase import Cost, Stretcher
from letters.rules.errors import DraftChanged, InvitationRefused, NameTaken, NotPossibleNow
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.queries.lists import channels_from
from letters.storage.tables.letters import Case, DecisionRow, Letter, Person, Version
from letters.workflow.accounts import invite, sign_in
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.preparation import consent
from letters.workflow.record import record
from letters.workflow.review import read_letter
from letters.workflow.team import join_and_leave
from letters.workflow.writing import versions, write
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import hold
from tests.cast import PASSWORD, Cast
from tests.races.agreement import agree
from tests.races.at_once import TURNS, answer_sent, at_once, events, kinds

pytestmark = pytest.mark.both_databases

# --- at the desk

@pytest.mark.parametrize("turn", TURNS)
def test_two_facilitators_approving_at_once_are_two_approvals(
        theatre: Theatre, attacker: Attacker, turn: int) -> None:
    letter, cast = theatre.play(answer_sent), theatre.cast
    results = at_once(lambda: cast.approve(letter, cast.first),
                      lambda: cast.approve(letter, cast.second))
    assert set(kinds(results)) <= {"done", "NotPossibleNow",
                                   "NotClaimed"} and "done" in kinds(results)
    for reader in (cast.first, cast.second):
        if cast.state(letter) is State.SECOND_READING and not attacker.rows(
                DecisionRow, DecisionRow.version_id == cast.row(letter).submitted_id,
                DecisionRow.reader_id == reader.id):
            cast.approve(letter, reader)
    approvals = attacker.rows(DecisionRow, DecisionRow.version_id == cast.row(letter).submitted_id)
    assert sorted(row["reader_id"] for row in approvals) == sorted((cast.first.id, cast.second.id))
    assert cast.state(letter) is State.APPROVED
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_rule_13_one_facilitator_approving_many_times_at_once_is_one_approval(
        theatre: Theatre, attacker: Attacker, turn: int) -> None:
    letter, cast = theatre.play(answer_sent), theatre.cast
    read_letter.claim(cast.platform, cast.first.me, letter)
    version = cast.row(letter).submitted_id
    results = at_once(*[lambda: decide.approve(cast.platform, cast.first.me, letter, version,
                                               PASSWORD)] * 4)
    refused = set(kinds(results)) - {"done"}
    # decision 0016
    assert kinds(results).count("done") == 1 and refused <= {"NotPossibleNow", "PleaseWait"}
    assert len(attacker.rows(DecisionRow, DecisionRow.version_id == version)) == 1
    assert cast.state(letter) is State.SECOND_READING
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_a_letter_is_claimed_by_one(theatre: Theatre, turn: int) -> None:
    letter, cast = theatre.play(answer_sent), theatre.cast
    results = at_once(lambda: read_letter.claim(cast.platform, cast.first.me, letter),
                      lambda: read_letter.claim(cast.platform, cast.second.me, letter))
    assert kinds(results) == ["NotPossibleNow", "done"]


@pytest.mark.parametrize("turn", TURNS)
def test_a_held_letter_is_taken_up_once(theatre: Theatre, turn: int) -> None:
    letter, cast = theatre.play(answer_sent), theatre.cast
    hold(cast, letter, cast.first)
    results = at_once(*(lambda who=who: decide.resume(cast.platform, who.me, letter)
                        for who in (cast.first, cast.second, cast.first)))
    assert kinds(results) == ["NotPossibleNow", "NotPossibleNow", "done"]
    assert cast.row(letter).round == 2
    agree(cast.platform)


# --- writing

@pytest.mark.parametrize("turn", TURNS)
def test_a_letter_sent_many_times_at_once_is_sent_once(cast: Cast,
                                                       attacker: Attacker, turn: int) -> None:
    letter = cast.draft(cast.harmed)
    version = cast.row(letter).draft_id
    assert kinds(at_once(*[lambda: write.submit(cast.platform, cast.harmed.me, letter,
                                                version)] * 4)) == ["done"] * 4
    assert len(attacker.rows(Version, Version.kind == "submitted")) == 1
    assert (cast.row(letter).round, events(attacker, "letter submitted")) == (1, 1)
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_what_is_saved_at_once_is_all_kept(cast: Cast, turn: int) -> None:
    letter = cast.draft(cast.harmed, "Basis.")
    basis = cast.row(letter).draft_id
    texts = [f"From tab {number}." for number in range(6)]
    results = at_once(*(lambda text=text: write.save(cast.platform,
                                                     cast.harmed.me, letter, basis, text)
                        for text in texts))
    assert kinds(results) == ["DraftChanged"] * 5 + ["done"]
    kept = write.own_texts(cast.platform, cast.harmed.me, letter)
    assert sorted(own.text for own in kept) == sorted(["Basis.", *texts])
    assert [own.kind for own in kept].count("aside") == 5
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_saving_against_sending_sends_what_was_checked(cast: Cast, turn: int) -> None:
    letter = cast.draft(cast.harmed, "Checked.")
    version = cast.row(letter).draft_id
    sent, saved = at_once(lambda: write.submit(cast.platform, cast.harmed.me, letter, version),
                          lambda: write.save(cast.platform, cast.harmed.me, letter,
                                             version, "Later."))
    if isinstance(sent, DraftChanged):
        assert cast.state(letter) is State.DRAFT and isinstance(saved, UUID)
    else:
        assert isinstance(saved, NotPossibleNow)
        assert read_letter.letter_for(cast.platform, cast.first.me, letter).text == "Checked."
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_recall_many_times_at_once_is_one(cast: Cast, attacker: Attacker, turn: int) -> None:
    letter = cast.approved(cast.harmed)
    assert kinds(at_once(*[lambda: write.recall(cast.platform, cast.harmed.me,
                                                letter)] * 4)) == ["done"] * 4
    assert events(attacker, "letter recalled") == 1
    agree(cast.platform)


# --- coming in

@pytest.mark.sqlite_alone
def test_eight_sign_ins_at_once_finish(cast: Cast) -> None:
    platform = replace(cast.platform,
                       stretcher=Stretcher(cast.platform.keys.pepper, Cost(), patience=60))
    names = [f"slow {number}" for number in range(8)]
    for name in names:
        code = invite.invite_participant(platform, cast.first.me, cast.case, Role.OTHER, "Slow")
        invite.enrol(platform, code, name, PASSWORD)
    tokens = at_once(*[lambda name=name: sign_in.sign_in(platform, name, PASSWORD)
                       for name in names])
    assert kinds(tokens) == ["done"] * 8
    assert all(sign_in.who_is(platform, token) is not None for token in tokens)


def a_case_of_its_own(cast: Cast) -> UUID:
    """A case with a team and nobody else."""
    return open_and_halt.open_case(cast.platform, cast.first.me)


@pytest.mark.parametrize("turn", TURNS)
def test_an_invitation_used_many_times_at_once_makes_one_account(
    cast: Cast, attacker: Attacker, turn: int
) -> None:
    code = invite.invite_participant(cast.platform, cast.first.me, a_case_of_its_own(cast),
                                     Role.HARMED, "Ina")
    before = len(attacker.rows(Person, Person.enrolled_at.is_not(None)))
    results = at_once(*(lambda name=name: invite.enrol(cast.platform, code, name, PASSWORD)
                        for name in ("ina one", "ina two", "ina three")))
    assert kinds(results) == ["InvitationRefused", "InvitationRefused", "done"]
    assert len(attacker.rows(Person, Person.enrolled_at.is_not(None))) == before + 1


@pytest.mark.parametrize("turn", TURNS)
def test_a_name_taken_by_two_at_once_is_one_persons(cast: Cast, turn: int) -> None:
    case = a_case_of_its_own(cast)
    codes = [invite.invite_participant(cast.platform, cast.first.me, case, role, "Somebody")
             for role in (Role.HARMED, Role.RESPONSIBLE)]
    results = at_once(
        *(lambda code=code: invite.enrol(cast.platform, code, "the same name", PASSWORD)
          for code in codes)
    )
    assert kinds(results) == ["NameTaken", "done"]
    refused = next(code for code,
                   result in zip(codes, results, strict=True) if isinstance(result, NameTaken))
    invite.enrol(cast.platform, refused, "another name", PASSWORD)
    with pytest.raises(InvitationRefused):
        invite.read_invitation(cast.platform, refused)


@pytest.mark.parametrize("turn", TURNS)
def test_a_role_is_given_to_one_person_of_a_case(cast: Cast, turn: int) -> None:
    case = a_case_of_its_own(cast)
    results = at_once(
        *[lambda: invite.invite_participant(cast.platform, cast.first.me, case, Role.HARMED, "Ina")]
        * 3
    )
    assert kinds(results) == ["NotPossibleNow", "NotPossibleNow", "done"]


@pytest.mark.parametrize("turn", TURNS)
def test_a_colleague_joins_once(cast: Cast, turn: int) -> None:
    letter = cast.submitted(cast.harmed)
    new = cast.stranger_facilitator
    results = at_once(*(lambda who=who: join_and_leave.ask(
        cast.platform, who.me, cast.case, new.id, handover=True)
                        for who in (cast.first, cast.second)))
    assert kinds(results) == ["NotPossibleNow", "done"]
    results = at_once(*[lambda: join_and_leave.answer(cast.platform,
                                                      new.me, cast.case, joins=True)] * 2)
    assert kinds(results) == ["NotFound", "done"]
    assert read_letter.letter_for(cast.platform, cast.stranger_facilitator.me, letter).text
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_enrolling_while_a_letter_to_one_is_approved_loses_nothing(cast: Cast, turn: int) -> None:
    platform, case = cast.platform, a_case_of_its_own(cast)
    cast.join(case, cast.first, cast.second)
    code = invite.invite_participant(platform, cast.first.me, case, Role.HARMED, "Ina")
    late = invite.invite_participant(platform, cast.first.me, case, Role.RESPONSIBLE, "Rob")
    invite.enrol(platform, code, "ina", PASSWORD)
    ina = sign_in.who_is(platform, sign_in.sign_in(platform, "ina", PASSWORD))
    assert ina is not None
    consent.give(platform, ina, case, ["read"])
    with platform.reading() as db:
        channel = channels_from(db, ina.person)[0][0].id
    letter = write.begin_letter(platform, ina, channel)
    write.submit(platform, ina, letter,
                 write.save(platform, ina, letter, None, "To somebody who comes in now."))
    results = at_once(lambda: cast.approve(letter, cast.first),
                      lambda: invite.enrol(platform, late, "rob", PASSWORD))
    assert kinds(results) == ["done", "done"]
    assert cast.state(letter) in (State.APPROVED, State.SEAL_AGAIN)
    agree(platform)


# --- what the database does by itself

def test_one_look_sees_one_moment(theatre: Theatre) -> None:
    letter, cast = theatre.play(answer_sent), theatre.cast
    hold(cast, letter, cast.first)
    with cast.platform.reading() as db:
        before = db.get_one(Letter, letter)
        decide.resume(cast.platform, cast.second.me, letter)
        version = db.get_one(Version, before.submitted_id)
        case = db.get_one(Case, cast.case)
        # as look() does; a false alarm otherwise
        told = record.read(cast.platform, db, cast.case).letter(letter)
        versions.check_bar(cast.platform, before, version, told)
        assert case is not None


def test_letters_begun_at_once_are_all_begun(theatre: Theatre) -> None:
    theatre.play(answer_sent)
    cast, results = theatre.cast, []
    for _ in range(2):
        results += at_once(
            *(
                lambda who=who: write.begin_letter(cast.platform, who.me, cast.channel(who))
                for who in (cast.harmed, cast.responsible) * 2
            )
        )
    assert kinds(results) == ["done"] * 8
    agree(cast.platform)
