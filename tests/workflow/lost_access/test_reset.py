"""Both are lost: a reset code, handed over by somebody who may, makes keys that can read
nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, update

from letters.rules.errors import (
    CaseKeyMissing,
    CodeRefused,
    KeyNotConfirmed,
    NameTaken,
    NeedsPassword,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    SignInRefused,
    Tampered,
)
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.tables.accounts import KeyConfirmation, Reset, SecondFactor
from letters.storage.tables.letters import AuditEntry, Grant, Person, SealedRelease
from letters.workflow.accounts import invite, sign_in
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.lost_access import confirm_key, new_identity, reset
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import give_back, of
from tests.cast import PASSWORD, Cast
from tests.races.at_once import events
from tests.workflow.losing import NEW, columns, heard, lost, serial, signed_in


def code_for(cast: Cast, name: str = "harmed") -> str:
    return reset.ask_reset(cast.platform, cast.first.me, getattr(cast, name).id, PASSWORD)


# --- who may ask for one

def test_the_team_and_administrators_may_ask_and_nobody_else(
    cast: Cast, attacker: Attacker
) -> None:
    ada = cast.administrator
    for member in (cast.first, cast.second, ada):
        reset.ask_reset(cast.platform, member.me, cast.harmed.id, PASSWORD)
    reset.ask_reset(cast.platform, ada.me, cast.first.id, PASSWORD)
    for other, refusal in ((cast.stranger_facilitator, NotFound), (cast.responsible, NotAllowed),
                           (cast.harmed, NotAllowed), (cast.stranger_harmed, NotAllowed)):
        with pytest.raises(refusal):
            reset.ask_reset(cast.platform, other.me, cast.harmed.id, PASSWORD)
    for person in (cast.second.id, cast.first.id, cast.stranger_harmed.id, uuid4()):
        with pytest.raises(NotFound):
            reset.ask_reset(cast.platform, cast.first.me, person, PASSWORD)
    with pytest.raises(NotFound):  # an administrator needs another one
        reset.ask_reset(cast.platform, ada.me, ada.id, PASSWORD)
    with pytest.raises(NeedsPassword):
        reset.ask_reset(cast.platform, cast.first.me, cast.harmed.id, "not it")
    assert events(attacker, "reset asked") == 4


def test_asking_alone_changes_nothing_for_the_person(cast: Cast) -> None:
    code_for(cast)
    assert sign_in.who_is(cast.platform, cast.harmed.token) is not None
    assert serial(cast, cast.harmed.id) == 1


# --- using it

@pytest.mark.both_databases
def test_a_reset_makes_keys_that_can_read_nothing(cast: Cast, attacker: Attacker) -> None:
    sent, draft = cast.released(cast.harmed, "Sent."), cast.draft(cast.harmed, "A draft.")
    attacker.put(SecondFactor,
                 {"id": uuid4(), "person_id": cast.harmed.id, "kind": "totp", "secret": b"",
                  "made_at": cast.clock(), "used_at": None, "counter": 0})
    attacker.run(of(Person, cast.harmed.id).values(second_factor=True))
    code = code_for(cast)
    recovery_code = reset.reset(cast.platform, code.lower().replace("-", " "), "hanna anew", NEW)
    assert len(recovery_code) > 30
    assert sign_in.who_is(cast.platform, cast.harmed.token) is None
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "harmed", NEW)
    me = signed_in(cast.platform, "hanna anew")
    assert me.person == cast.harmed.id and serial(cast, me.person) == 2
    assert not columns(cast, me.person).second_factor and not attacker.rows(
        SecondFactor, SecondFactor.person_id == me.person)
    assert write.own_text(cast.platform, me,
                          sent) is write.own_text(cast.platform, me, draft) is None
    assert write.own_texts(cast.platform, me, draft) == []
    assert not attacker.rows(Grant, Grant.reader_id == me.person)
    told = attacker.rows(AuditEntry, AuditEntry.event == "access reset")
    assert [(row["case_id"], row["subject_id"], row["entered"])
            for row in told] == [(cast.case, me.person, "2")]


def test_what_arrived_waits_to_be_opened_without_an_alarm(cast: Cast, attacker: Attacker) -> None:
    letter = cast.released(cast.harmed, "For you.")
    me = lost(cast, cast.responsible)
    for verb in (open_letter.before_opening, open_letter.open_letter):
        with pytest.raises(KeyNotConfirmed):
            verb(cast.platform, me, letter)
    assert cast.state(letter) is State.RELEASED
    assert events(attacker, "tampering found") == 0


def test_the_note_on_a_returned_letter_is_gone_and_the_letter_is_not(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "Returned.")
    give_back(cast, letter, cast.first)
    me = lost(cast, cast.harmed)
    assert write.notes_for_author(cast.platform, me, letter) == []
    heard(cast, cast.harmed)
    own = write.own_text(cast.platform, me, letter)
    assert own is not None and own.text == "Returned."
    write.submit(cast.platform, me, letter,
                 write.save(cast.platform, me, letter, own.version, "Mended."))
    cast.approve(letter, cast.first)
    assert cast.release() == 1


def test_nothing_is_sealed_to_a_key_that_nobody_has_confirmed(
    cast: Cast, attacker: Attacker
) -> None:
    waiting, later = cast.approved(cast.harmed, "Waiting."), cast.submitted(cast.harmed, "Later.")
    lost(cast, cast.responsible)
    assert cast.release() == 0
    cast.approve(later, cast.first)
    assert cast.state(waiting) is cast.state(later) is State.SEAL_AGAIN
    for letter in (waiting, later):
        with pytest.raises(KeyNotConfirmed):
            decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
    assert not attacker.rows(SealedRelease)
    heard(cast, cast.responsible)
    for letter in (waiting, later):
        decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
    assert cast.release() == 2


def test_who_has_keys_that_nobody_confirmed_sends_nothing_and_gets_no_note(cast: Cast) -> None:
    on_the_desk = cast.submitted(cast.harmed, "Sent before.")
    me = lost(cast, cast.harmed)
    letter = write.begin_letter(cast.platform, me, cast.channel(cast.harmed))
    version = write.save(cast.platform, me, letter, None, "In the name of another?")
    with pytest.raises(KeyNotConfirmed):
        write.submit(cast.platform, me, letter, version)
    with pytest.raises(KeyNotConfirmed):
        give_back(cast, on_the_desk, cast.first)
    heard(cast, cast.harmed)
    write.submit(cast.platform, me, letter, version)


def test_renewing_the_keys_does_not_confirm_them(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    me = lost(cast, cast.responsible)
    new_identity.renew(cast.platform, me, NEW, "yet another few words")
    cast.release()
    with pytest.raises(KeyNotConfirmed):
        decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
    assert confirm_key.awaited(cast.platform, cast.first.me, cast.case,
                               cast.responsible.id) is not None


# --- staff

def test_staff_come_back_without_their_cases_and_hear_it_kindly(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.submitted(cast.harmed)
    me = lost(cast, cast.second, by=cast.administrator)
    told = attacker.rows(AuditEntry, AuditEntry.event == "access reset")
    assert [row["case_id"] for row in told] == [cast.platform.keys.installation]
    with pytest.raises(CaseKeyMissing):
        read_letter.letter_for(cast.platform, me, letter)
    case = open_and_halt.open_case(cast.platform, me)  # and new work goes on
    join_and_leave.ask(cast.platform, me, case, cast.first.id, handover=True)
    join_and_leave.answer(cast.platform, cast.first.me, case, joins=True)
    assert events(attacker, "tampering found") == 0


def test_an_administrator_alone_reads_nothing_by_resetting(cast: Cast, attacker: Attacker) -> None:
    arrived, waiting = cast.released(cast.harmed,
                                     "Arrived."), cast.approved(cast.harmed, "Waiting.")
    ada = cast.administrator
    as_responsible, as_first = (lost(cast, player, by=ada)
                                for player in (cast.responsible, cast.first))
    cast.release()
    with pytest.raises(KeyNotConfirmed):
        open_letter.open_letter(cast.platform, as_responsible, arrived)
    with pytest.raises(NotFound):
        open_letter.open_letter(cast.platform, as_responsible, waiting)
    waits = confirm_key.awaited(cast.platform, as_first, cast.case, cast.responsible.id)
    assert waits is not None
    with pytest.raises(CaseKeyMissing):  # who cannot open the case cannot confirm
        confirm_key.confirm_key(cast.platform, as_first, cast.case, cast.responsible.id, waits.kid,
                                NEW, True)
    with pytest.raises(NotFound):
        confirm_key.confirm_key(cast.platform, ada.me, cast.case, cast.responsible.id, waits.kid,
                                PASSWORD, True)
    assert not attacker.rows(Grant, Grant.reader_id == cast.responsible.id)
    assert not attacker.rows(KeyConfirmation)


# --- the code

def test_a_code_works_once_and_only_the_newest(cast: Cast) -> None:
    old, new = code_for(cast), code_for(cast)
    for code in (old, "", "AAAA"):
        with pytest.raises(CodeRefused):
            reset.reset(cast.platform, code, "harmed", NEW)
    reset.reset(cast.platform, new, "harmed", NEW)
    with pytest.raises(CodeRefused):
        reset.reset(cast.platform, new, "harmed", "the words of a thief")


def test_a_code_expires_after_fourteen_days(cast: Cast, attacker: Attacker) -> None:
    code = code_for(cast)
    cast.clock.advance(days=14)
    with pytest.raises(CodeRefused):
        reset.reset(cast.platform, code, "harmed", NEW)
    attacker.run(update(Reset).values(expires_at=cast.clock() + timedelta(days=1)))
    with pytest.raises(Tampered):
        reset.reset(cast.platform, code, "harmed", NEW)


def test_what_will_not_do_uses_no_code_up(cast: Cast) -> None:
    code = code_for(cast)
    for name, password, refusal in (("harmed", "short", NotAcceptable), ("x", NEW, NotAcceptable),
                                    ("responsible", NEW, NameTaken)):
        with pytest.raises(refusal):
            reset.reset(cast.platform, code, name, password)
    assert serial(cast, cast.harmed.id) == 1
    reset.reset(cast.platform, code, "harmed", NEW)


FORGED = {
    "to another person": lambda c: update(Reset).values(person_id=c.responsible.id),
    "asked by another": lambda c: update(Reset).values(asked_by=c.second.id),
    "with another's seal": lambda c: update(Reset).values(mac=bytes(32)),
}


@pytest.mark.parametrize("attack", list(FORGED))
def test_a_code_is_not_led_elsewhere(cast: Cast, attacker: Attacker, attack: str) -> None:
    code = code_for(cast)
    attacker.run(FORGED[attack](cast))
    with pytest.raises(Tampered):
        reset.reset(cast.platform, code, "harmed", NEW)
    assert serial(cast, cast.harmed.id) == serial(cast, cast.responsible.id) == 1


def test_two_codes_are_not_swapped(cast: Cast, attacker: Attacker) -> None:
    mine, theirs = code_for(cast, "harmed"), code_for(cast, "responsible")
    rows = {row["person_id"]: row for row in attacker.rows(Reset)}
    attacker.run(delete(Reset), insert(Reset.__table__).values(
        {**rows[cast.responsible.id], "lookup": rows[cast.harmed.id]["lookup"]}))
    for code, refusal in ((mine, Tampered), (theirs, CodeRefused)):
        with pytest.raises(refusal):
            reset.reset(cast.platform, code, "harmed", NEW)


def test_a_used_or_replaced_code_is_not_put_back(cast: Cast, attacker: Attacker) -> None:
    replaced, used = code_for(cast), code_for(cast)
    reset.reset(cast.platform, used, "harmed", NEW)
    attacker.run(update(Reset).values(used_at=None))
    for code in (replaced, used):
        with pytest.raises(Tampered):
            reset.reset(cast.platform, code, "harmed", "the words of a thief")
    signed_in(cast.platform, "harmed")


def test_a_replaced_code_is_not_revived_while_the_newer_waits(
    cast: Cast, attacker: Attacker
) -> None:
    replaced, _ = code_for(cast), code_for(cast)
    attacker.run(update(Reset).values(used_at=None))
    with pytest.raises(Tampered):
        reset.reset(cast.platform, replaced, "harmed", NEW)


def test_old_rows_put_back_beside_new_keys_open_nothing(cast: Cast, attacker: Attacker) -> None:
    letter = cast.released(cast.harmed, "Before.")
    old_grants, person = attacker.rows(Grant), attacker.rows(Person,
                                                             Person.id == cast.responsible.id)[0]
    me = lost(cast, cast.responsible)
    attacker.put(Grant, *(row for row in old_grants if row["reader_id"] == me.person))
    with pytest.raises(Tampered):
        open_letter.open_letter(cast.platform, me, letter)
    attacker.run(of(Person,
                    me.person).values({**person, "lookup": columns(cast, me.person).lookup}))
    assert sign_in.who_is(cast.platform, cast.responsible.token) is None


def test_nobody_who_has_no_account_is_reset(cast: Cast) -> None:
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    invite.invite_participant(cast.platform, cast.first.me, case, Role.HARMED, "Ina Invited")
    with cast.platform.reading() as db:
        invited = next(person.id for person in db.query(Person) if person.enrolled_at is None)
    with pytest.raises(NotPossibleNow):
        reset.ask_reset(cast.platform, cast.first.me, invited, PASSWORD)
