"""Attacks with the database that once succeeded, and those that still do: each of these says why
until it is mended."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update

from keys.notes import NotePlace, seal_note
from letters.rules.errors import LettersError, NeedsPassword, Tampered
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.screening import Category
from letters.storage.tables.letters import (
    Case,
    Channel,
    DecisionRow,
    Grant,
    Invitation,
    Letter,
    Note,
    Participant,
    Person,
    PublicKey,
    SealedRelease,
    SessionRow,
    Version,
)
from letters.workflow.access import directory
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.accounts import invite, sign_in
from letters.workflow.cases import case_file, open_and_halt
from letters.workflow.decision import decide
from letters.workflow.lost_access import new_identity
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.screening import sealed_findings
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import (
    answer_due,
    exchange_under_way,
    facilitators_go_on,
    give_back,
    hold,
    look,
    of,
    reached,
)
from tests.cast import PASSWORD, Cast


def breach(reason: str):
    """A test of what does not hold yet."""
    return pytest.mark.xfail(strict=True, reason=reason)


# --- a letter goes that must not

def test_a_returned_version_does_not_go_in_the_place_of_the_approved_one(theatre: Theatre) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    attacker.run(of(Letter, scene.approved).values(due_at=None))
    letter = cast.approved(cast.responsible, "I know where you live now.")
    before, sealed = cast.row(letter), attacker.rows(SealedRelease)
    hold(cast, letter, cast.second)
    give_back(cast, letter, cast.second)
    draft = write.save(cast.platform, cast.responsible.me, letter, before.draft_id, "I am sorry.")
    write.submit(cast.platform, cast.responsible.me, letter, draft)
    for reader in (cast.first, cast.second):
        cast.approve(letter, reader)
    attacker.run(of(Letter, letter).values(submitted_id=before.submitted_id, round=before.round))
    attacker.put(SealedRelease,
                 *(row for row in sealed if row["version_id"] == before.submitted_id))
    look(cast)
    assert not attacker.rows(Grant, Grant.version_id == before.submitted_id,
                             Grant.reader_id == cast.harmed.id)


def test_an_approval_that_a_hold_voided_does_not_count_again(theatre: Theatre) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    version = attacker.rows(Version, Version.id == cast.row(scene.read_once).submitted_id)[0]
    hold(cast, scene.read_once, cast.first)  # who approved has second thoughts
    decide.resume(cast.platform, cast.first.me, scene.read_once)
    attacker.run(of(Letter, scene.approved).values(due_at=None),
                 of(Letter, scene.read_once).values(round=1),
                 of(Version, version["id"]).values(screening_mac=version["screening_mac"]))
    with suppress(LettersError):
        cast.approve(scene.read_once, cast.second)
    cast.release()
    assert not reached(cast, attacker, scene.read_once, cast.harmed)


@pytest.mark.parametrize("state", ["seal again", "held", "in review"])
def test_a_recalled_letter_is_not_revived_by_the_desk(theatre: Theatre, state: str) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    attacker.run(of(Letter, scene.approved).values(due_at=None),
                 of(Letter, scene.recalled).values(state=state, recall_asked_at=None))
    if state != "seal again":
        attacker.run(delete(DecisionRow).where(DecisionRow.version_id
                                               == cast.row(scene.recalled).submitted_id))
    facilitators_go_on(cast, scene.recalled)
    assert not reached(cast, attacker, scene.recalled, cast.harmed)


def test_a_held_letter_is_not_sealed_again(theatre: Theatre) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    attacker.run(of(Letter, scene.held).values(state="seal again"),
                 of(Letter, scene.approved).values(due_at=None))
    with suppress(LettersError):
        decide.seal_again(cast.platform, cast.first.me, scene.held, PASSWORD)
    cast.release()
    assert not reached(cast, attacker, scene.held, cast.harmed)


@pytest.mark.parametrize("change", [{"released_at": None},
                                    {"state": "recalled", "released_at": None}, "days before"])
def test_the_gap_is_not_shortened_by_another_time_of_release(cast: Cast,
                                                             attacker: Attacker, change) -> None:
    cast.set_gap(30)
    first = cast.released(cast.harmed, "One.")
    letter = cast.approved(cast.harmed, "Two.")
    assert cast.release() == 0
    if change == "days before":
        change = {"released_at": cast.clock() - timedelta(days=40)}
    attacker.run(of(Letter, first).values(**change), of(Letter, letter).values(due_at=cast.clock()))
    look(cast)
    assert not reached(cast, attacker, letter, cast.responsible)


SAID_IN_VAIN = {
    "stop": (
        lambda c: of(Case, c.case).values(stopped_at=c.clock()),
        lambda c: pace.stop(c.platform, c.harmed.me, c.case),
        lambda c: of(Case, c.case).values(stopped_at=None),
    ),
    "pause": (
        lambda c: of(Case, c.case).values(paused_at=c.clock()),
        lambda c: pace.pause(c.platform, c.harmed.me, c.case),
        lambda c: of(Case, c.case).values(paused_at=None),
    ),
    "halt": (
        lambda c: of(Case, c.case).values(halted_at=c.clock()),
        lambda c: open_and_halt.halt(c.platform, c.first.me, c.case),
        lambda c: of(Case, c.case).values(halted_at=None),
    ),
    "not ready": (
        lambda c: of(Case, c.case).values(ready_at=None),
        lambda c: pace.unsay_ready(c.platform, c.harmed.me, c.case),
        lambda c: of(Case, c.case).values(ready_at=c.clock()),
    ),
}


@pytest.mark.parametrize(("beforehand", "said", "afterwards"), SAID_IN_VAIN.values(),
                         ids=SAID_IN_VAIN)
def test_nobody_says_in_vain(theatre: Theatre, beforehand, said, afterwards) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    attacker.run(beforehand(cast))
    with suppress(LettersError):
        said(cast)
    attacker.run(afterwards(cast), of(Letter, scene.approved).values(due_at=cast.clock()))
    look(cast)
    assert not reached(cast, attacker, scene.approved, cast.harmed)


@pytest.mark.parametrize("column", [
    "recall_asked_at", "released_at", "submitted_at",
    "state"])
def test_a_letter_is_not_recalled_in_vain(theatre: Theatre, column: str) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    before = {column: attacker.rows(Letter, Letter.id == scene.approved)[0][column]}
    attacker.run(of(Letter,
                    scene.approved).values({column: {"state": "recalled", "submitted_at": None}.get(
        column, cast.clock())}))
    recalled = False
    with suppress(LettersError):
        write.recall(cast.platform, cast.responsible.me, scene.approved)
        recalled = True
    attacker.run(of(Letter, scene.approved).values(before | {"due_at": cast.clock()}))
    assert recalled
    look(cast)
    assert not reached(cast, attacker, scene.approved, cast.harmed)


def test_rule_06_a_channel_opened_by_hand_carries_nothing(cast: Cast, attacker: Attacker) -> None:
    attacker.run(of(Channel, cast.channel(cast.responsible)).values(opened_at=cast.clock()))
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    with suppress(LettersError):
        letter = cast.approved(cast.responsible)
        cast.release()
        assert not reached(cast, attacker, letter, cast.harmed)


def test_nothing_is_sealed_to_whom_the_channel_does_not_lead(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.draft(cast.harmed)
    attacker.run(of(Letter, letter).values(recipient_id=cast.stranger_responsible.id))
    with suppress(LettersError):
        write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
        cast.approve(letter, cast.first)
    assert not attacker.rows(SealedRelease)


# --- somebody reads or is read as somebody else

@pytest.mark.parametrize("writer", ["responsible", "stranger_facilitator"])
def test_rule_12_nobody_but_the_team_puts_a_note_before_a_party(
        cast: Cast, attacker: Attacker, writer: str) -> None:
    letter, by = cast.submitted(cast.harmed), getattr(cast, writer)
    give_back(cast, letter, cast.first)
    place = NotePlace(uuid4(), letter, "note", cast.harmed.id, 0)
    with cast.platform.reading() as db:
        keys = directory.keys_of_person(cast.platform, db, cast.harmed.id)
    assert keys is not None
    sealed = seal_note("I will wait for you.", place, by.id, by.me.identity, keys.recipient)
    attacker.put(Note,
                 {"id": place.note, "subject_id": letter, "kind": "note", "reader_kind": "person",
                  "reader_id": cast.harmed.id, "epoch": 0, "written_by": by.id,
                  "written_at": cast.clock(), "sealed": sealed})
    shown: list[OpenNote] = []
    with suppress(LettersError):
        shown = write.notes_for_author(cast.platform, cast.harmed.me, letter)
    assert "I will wait for you." not in [note.words for note in shown]


def test_the_findings_cannot_be_taken_away(theatre: Theatre) -> None:
    theatre.play(exchange_under_way)
    cast, attacker = theatre.cast, theatre.attacker
    letter = cast.submitted(cast.responsible, "Call me: 07700 900123.")
    assert {found.category
            for found in read_letter.letter_for(cast.platform, cast.first.me, letter).findings} == {
        Category.CONTACT
    }
    with cast.platform.reading() as db:
        clean = db.get_one(Version, cast.row(letter).submitted_id)
        sealed_findings.seal(clean, cast.case,
                             directory.case_keys(cast.platform, db, cast.case, 1).recipient, ())
    attacker.run(of(Version, clean.id).values(findings=clean.findings))
    with suppress(LettersError):
        read_letter.claim(cast.platform, cast.first.me, letter)
        decide.approve(cast.platform, cast.first.me, letter, clean.id, PASSWORD)
    assert cast.state(letter) is State.IN_REVIEW


def test_somebody_whose_row_is_gone_is_missed_and_one_who_is_brought_along_is_not_believed(
    cast: Cast, attacker: Attacker,
) -> None:
    """Who takes part is on record: nobody fewer, and nobody more."""
    (row,) = attacker.rows(Participant, Participant.person_id == cast.other.id)

    def people() -> dict[UUID, Role]:
        with case_file.opened(cast.platform, cast.first.me, cast.case) as file:
            return file.roles

    attacker.run(delete(Participant).where(Participant.id == row["id"]))
    with pytest.raises(Tampered):
        people()
    attacker.put(Participant, row)
    assert people()
    (elsewhere,) = attacker.rows(Participant, Participant.person_id == cast.stranger_other.id)
    attacker.put(Participant, {**elsewhere, "id": uuid4(), "case_id": cast.case})
    assert cast.stranger_other.id not in people()


def test_an_invitation_does_not_lead_to_another_person(cast: Cast, attacker: Attacker) -> None:
    platform = cast.platform
    case = open_and_halt.open_case(platform, cast.first.me)
    invite.invite_participant(platform, cast.first.me, case, Role.HARMED, "Ina Invited")
    code = invite.invite_participant(platform, cast.first.me, case, Role.RESPONSIBLE, "Theo Thief")
    with platform.reading() as db:
        harmed = next(
            person.id for _,
            person in directory.participants_of(platform, db, case) if person.role == "harmed"
        )
    attacker.run(update(Invitation).where(Invitation.case_id == case).values(person_id=harmed))
    with suppress(LettersError):
        invite.enrol(platform, code, "theo", PASSWORD)
        me = sign_in.who_is(platform, sign_in.sign_in(platform, "theo", PASSWORD))
        assert me is None or me.person != harmed


def test_an_account_cannot_be_made_a_second_time(cast: Cast, attacker: Attacker) -> None:
    platform, thief = cast.platform, "a thief of letters"
    code = invite.invite_participant(
        platform,
        cast.stranger_facilitator.me,
        open_and_halt.open_case(platform, cast.stranger_facilitator.me),
        Role.RESPONSIBLE,
        "Theo",
    )
    letter = cast.submitted(cast.harmed, "For Robin alone.")
    attacker.run(
        update(Invitation)
        .where(Invitation.used_at.is_(None))
        .values(person_id=cast.responsible.id),
        of(Person, cast.responsible.id).values(enrolled_at=None, serial=0),
        delete(PublicKey).where(PublicKey.owner_id == cast.responsible.id),
    )
    with suppress(LettersError):
        invite.enrol(platform, code, thief, PASSWORD)
        me = sign_in.who_is(platform, sign_in.sign_in(platform, thief, PASSWORD))
        cast.approve(letter, cast.first)
        cast.release()
        assert me is not None
        open_letter.open_letter(platform, me, letter)
        assert open_letter.read_again(platform, me, letter) != "For Robin alone."


def test_a_password_of_somebody_else_confirms_nothing(theatre: Theatre) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    code = invite.invite_staff(cast.platform, Role.FACILITATOR, "Mallory")
    invite.enrol(cast.platform, code, "mallory", "the words of a thief")
    own = max(attacker.rows(Person, Person.enrolled_at.is_not(None)),
              key=lambda row: row["enrolled_at"])
    attacker.run(of(Person, cast.second.id).values(salt=own["salt"], verifier=own["verifier"]))
    # a session of Sam's, left open, and the thief's own password
    with pytest.raises(NeedsPassword):
        sign_in.confirm(cast.platform, cast.second.me, "the words of a thief")
    assert cast.state(scene.read_once) is State.SECOND_READING


@breach("a session's row can be put back after signing out, and its seen_at set forward")
@pytest.mark.parametrize("how", ["signed out", "idle"])
def test_a_session_that_has_ended_stays_ended(cast: Cast, attacker: Attacker, how: str) -> None:
    token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    row = max(attacker.rows(SessionRow), key=lambda row: row["seen_at"])
    if how == "signed out":
        sign_in.sign_out(cast.platform, token)
        attacker.put(SessionRow, row)
    else:
        cast.clock.advance(hours=2)
        attacker.run(update(SessionRow).values(seen_at=cast.clock()))
    assert sign_in.who_is(cast.platform, token) is None


# --- the worker and the case are kept from their work

@pytest.mark.parametrize("state", ["held", "seal again"])
def test_a_state_that_was_forged_is_refused_at_the_desk_and_can_be_mended(
    theatre: Theatre, state: str
) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    attacker.run(of(Letter, scene.recalled).values(state=state))
    with suppress(LettersError):
        if state == "held":
            decide.resume(cast.platform, cast.first.me, scene.recalled)
        else:
            decide.seal_again(cast.platform, cast.first.me, scene.recalled, PASSWORD)
    attacker.run(of(Letter, scene.recalled).values(state="recalled",
                                                   round=cast.row(scene.approved).round),
                 of(Letter, scene.approved).values(due_at=cast.clock()))
    look(cast)
    assert cast.state(scene.approved) is State.RELEASED


POISON = {
    "a version that is not there": lambda c, letter: of(Letter,
                                                        letter).values(submitted_id=uuid4()),
    "a gap that cannot be": lambda c, letter: of(Case, c.case).values(pace="-1"),
    "a trail that counts too little": lambda c, letter: of(Case, c.case).values(audit_number=2),
}


@pytest.mark.parametrize("poison", list(POISON))
def test_one_letter_that_cannot_go_keeps_no_other_back(theatre: Theatre, poison: str) -> None:
    theatre.play(exchange_under_way)
    cast, attacker = theatre.cast, theatre.attacker
    bad = cast.approved(cast.harmed, "This one is poisoned.")
    cast.prepare_strange()
    good = cast.submitted(cast.stranger_harmed)
    cast.approve(good, cast.first)
    change = POISON[poison](cast, bad)
    attacker.run(*(change if isinstance(change, tuple) else (change,)))
    look(cast)
    assert cast.state(good) is State.RELEASED


# --- the state file is the witness outside the database

@pytest.mark.parametrize("undone", ["stop", "recall"])
def test_a_case_put_back_as_a_whole_is_found_out(theatre: Theatre, undone: str) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    backup = attacker.copy()
    if undone == "stop":
        pace.stop(cast.platform, cast.harmed.me, cast.case)
    else:
        write.recall(cast.platform, cast.responsible.me, scene.approved)
    attacker.put_back(backup)
    look(cast)
    assert not reached(cast, attacker, scene.approved, cast.harmed)


def test_a_key_that_was_replaced_is_not_the_current_one_again(
    cast: Cast, attacker: Attacker
) -> None:
    new_identity.renew(cast.platform, cast.responsible.me, PASSWORD,
                       "other words than those before")
    attacker.run(delete(PublicKey).where(PublicKey.owner_id == cast.responsible.id,
                                         PublicKey.serial == 2))
    letter = cast.submitted(cast.harmed)
    with suppress(LettersError):
        cast.approve(letter, cast.first)
    cast.release()
    assert not reached(cast, attacker, letter, cast.responsible)
