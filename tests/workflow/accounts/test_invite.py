"""Invitations, accounts and sessions: a code works once, a session is nobody else's, and refusals
tell nothing."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from keys.errors import PasswordTooLong
from keys.passphrase import Cost, Stretched, Stretcher
from letters.rules.errors import (
    InvitationRefused,
    NameTaken,
    NotAcceptable,
    NotAllowed,
    NotFound,
    SignInRefused,
    Tampered,
)
from letters.rules.roles import Role
from letters.storage.tables.letters import Invitation, Person, PublicKey, SessionRow
from letters.workflow.accounts import invite, sign_in
from letters.workflow.cases import open_and_halt
from letters.workflow.platform import Platform
from letters.workflow.team import join_and_leave
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player


class RecordingStretcher(Stretcher):
    """Stretches, and remembers how often."""

    def __init__(self, pepper: bytes) -> None:
        super().__init__(pepper, Cost(memory_kib=64, passes=1))
        self.stretched: list[str] = []

    def stretch(self, password: str, salt: bytes) -> Stretched:
        self.stretched.append(password)
        return super().stretch(password, salt)


@pytest.fixture
def recording(cast: Cast) -> tuple[Platform, RecordingStretcher]:
    """The house with a stretcher that remembers."""
    stretcher = RecordingStretcher(cast.platform.keys.pepper)
    return replace(cast.platform, stretcher=stretcher), stretcher


def invited(cast: Cast) -> str:
    """A fresh code for the person harmed of a new case."""
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    return invite.invite_participant(cast.platform, cast.first.me, case, Role.HARMED, "Ina Invited")


# --- invitations

def test_an_invitation_says_to_whom_and_until_when(cast: Cast) -> None:
    code = invited(cast)
    found = invite.read_invitation(cast.platform, code)
    assert (found.role, found.name) == (Role.HARMED, "Ina Invited")
    assert timedelta(days=13) < found.expires_at - cast.clock() < timedelta(days=14)


def test_a_code_is_found_however_it_is_typed(cast: Cast) -> None:
    code = invited(cast)
    assert invite.read_invitation(cast.platform,
                                  f" {code.lower().replace('-', ' ')}\n").name == "Ina Invited"


@pytest.mark.parametrize("how", ["wrong", "used", "expired", "replaced", "empty"])
def test_an_invitation_that_does_not_count_is_refused_without_a_reason(
        cast: Cast, attacker: Attacker, recording: tuple[Platform, RecordingStretcher],
        how: str) -> None:
    code = invited(cast)
    if how == "used":
        invite.enrol(cast.platform, code, "ina", PASSWORD)
    elif how == "expired":
        cast.clock.advance(days=invite.INVITATION_DAYS)
    elif how == "replaced":
        row = next(row for row in attacker.rows(Invitation) if row["used_at"] is None)
        invite.invite_again(cast.platform, cast.first.me, row["case_id"], row["person_id"])
    else:
        code = {"wrong": "0000-" * 6 + "0000", "empty": ""}[how]
    before = attacker.copy()
    platform, stretcher = recording
    for verb in (
        lambda: invite.read_invitation(platform, code),
        lambda: invite.enrol(platform, code, "another", PASSWORD),
    ):
        with pytest.raises(InvitationRefused) as refused:
            verb()
        assert refused.value.args == ()
    assert attacker.copy() == before
    assert stretcher.stretched == []  # nobody makes the server stretch without a valid code


def test_a_second_code_works_where_the_first_was_lost(cast: Cast, attacker: Attacker) -> None:
    invited(cast)
    row = next(row for row in attacker.rows(Invitation) if row["used_at"] is None)
    code = invite.invite_again(cast.platform, cast.first.me, row["case_id"], row["person_id"])
    assert Player(cast.app, cast.platform, "ina", code).id == row["person_id"]


def test_a_used_invitation_that_is_opened_again_makes_no_second_account(
    cast: Cast, attacker: Attacker
) -> None:
    code = invited(cast)
    invite.enrol(cast.platform, code, "ina", PASSWORD)
    attacker.run(update(Invitation).values(used_at=None,
                                           expires_at=cast.clock() + timedelta(days=9)))
    with pytest.raises((InvitationRefused, Tampered)):
        invite.enrol(cast.platform, code, "thief", PASSWORD)


def test_only_members_invite_into_a_case(cast: Cast, attacker: Attacker) -> None:
    before = attacker.copy()
    for who, refusal in ((cast.stranger_facilitator, NotFound), (cast.harmed, NotAllowed),
                         (cast.stranger_harmed, NotFound)):
        with pytest.raises(refusal):
            invite.invite_participant(cast.platform, who.me, cast.case, Role.HARMED, "Somebody")
        with pytest.raises(refusal):
            join_and_leave.ask(cast.platform, who.me, cast.case, cast.stranger_facilitator.id,
                               handover=True)
    with pytest.raises(NotAllowed):
        invite.invite_staff(cast.platform, Role.FACILITATOR, "Somebody", cast.harmed.me)
    assert attacker.copy() == before


# --- accounts

@pytest.mark.parametrize("name", ["harmed", "HARMED", "  harmed "])
def test_a_name_that_is_taken_is_refused_and_the_invitation_stays_good(
    cast: Cast, name: str
) -> None:
    code = invited(cast)
    with pytest.raises(NameTaken):
        invite.enrol(cast.platform, code, name, PASSWORD)
    invite.enrol(cast.platform, code, "ina", PASSWORD)


@pytest.mark.parametrize(("name", "password", "refusal"), [
    ("ab", PASSWORD, NotAcceptable), ("x" * 101, PASSWORD, NotAcceptable),
    ("ina", "short", NotAcceptable),
    ("ina", "x" * 1025, PasswordTooLong)])
def test_what_cannot_be_kept_is_refused_and_the_invitation_stays_good(
        cast: Cast, attacker: Attacker, name: str, password: str, refusal: type[Exception]) -> None:
    code = invited(cast)
    before = attacker.copy()
    with pytest.raises(refusal):
        invite.enrol(cast.platform, code, name, password)
    assert attacker.copy() == before
    invite.enrol(cast.platform, code, "ina", PASSWORD)


def test_staff_need_a_longer_password(cast: Cast) -> None:
    with pytest.raises(NotAcceptable):
        code = invite.invite_staff(cast.platform, Role.FACILITATOR, "New")
        invite.enrol(cast.platform, code, "new colleague", "15 marks, no so")


# --- signing in

@pytest.mark.parametrize(("name", "password"), [
    ("nobody at all", PASSWORD), ("ab", PASSWORD), ("", PASSWORD), ("harmed", "a wrong password"),
    ("harmed", "")])
def test_an_unknown_name_and_a_wrong_password_are_refused_alike(
        recording: tuple[Platform, RecordingStretcher], name: str, password: str) -> None:
    platform, stretcher = recording
    with pytest.raises(SignInRefused) as refused:
        sign_in.sign_in(platform, name, password)
    assert refused.value.args == ()
    assert len(stretcher.stretched) == 1


def test_somebody_who_is_invited_but_not_enrolled_has_no_account(cast: Cast) -> None:
    invited(cast)
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "Ina Invited", PASSWORD)


def test_the_right_password_signs_in_whatever_the_name_looks_like(cast: Cast) -> None:
    me = sign_in.who_is(cast.platform, sign_in.sign_in(cast.platform, " HaRmEd ", PASSWORD))
    assert me is not None and me.person == cast.harmed.id


# --- sessions

def test_a_session_ends_after_half_an_hour_of_nothing(cast: Cast) -> None:
    token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    cast.clock.advance(minutes=29)
    assert sign_in.who_is(cast.platform, token) is not None
    cast.clock.advance(minutes=29)
    assert sign_in.who_is(cast.platform, token) is not None
    cast.clock.advance(minutes=31)
    assert sign_in.who_is(cast.platform, token) is None


def test_a_session_ends_after_twelve_hours_of_work(cast: Cast) -> None:
    token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    for _ in range(35):
        cast.clock.advance(minutes=20)
        assert sign_in.who_is(cast.platform, token) is not None
    cast.clock.advance(minutes=21)
    assert sign_in.who_is(cast.platform, token) is None


def test_signing_out_ends_this_session_and_no_other(cast: Cast) -> None:
    one, other = (sign_in.sign_in(cast.platform, "harmed", PASSWORD) for _ in range(2))
    sign_in.sign_out(cast.platform, one)
    assert sign_in.who_is(cast.platform, one) is None
    assert sign_in.who_is(cast.platform, other) is not None


SESSIONS = {
    "another token": lambda c: None,
    "the row belongs to another": lambda c: update(SessionRow).values(person_id=c.responsible.id),
    "the row is longer": lambda c: update(SessionRow).values(
        expires_at=c.clock() + timedelta(days=9)
    ),
    "the kid is another": lambda c: update(SessionRow).values(kid=c.responsible.me.identity.kid),
    "the root is another": lambda c: update(SessionRow).values(root=bytes(200)),
    "the root is empty": lambda c: update(SessionRow).values(root=b""),
    "the row is gone": lambda c: delete(SessionRow),
    "the person's serial is another": lambda c: (
        update(Person).where(Person.id == c.harmed.id).values(serial=2)
    ),
    "the role is another": lambda c: (
        update(Person).where(Person.id == c.harmed.id).values(role="facilitator")
    ),
    "the public key is gone": lambda c: delete(PublicKey).where(PublicKey.owner_id == c.harmed.id),
    "the sealing key is another": lambda c: (
        update(PublicKey)
        .where(PublicKey.owner_id == c.harmed.id)
        .values(sealing=c.responsible.me.identity.recipient.public)
    ),
    "the verifying key is another": lambda c: (
        update(PublicKey)
        .where(PublicKey.owner_id == c.harmed.id)
        .values(verifying=c.responsible.me.identity.verifier.public)
    ),
}


@pytest.mark.parametrize("attack", SESSIONS)
def test_a_session_is_nobodys_when(cast: Cast, attacker: Attacker, attack: str) -> None:
    token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    assert sign_in.who_is(cast.platform, token) is not None
    change = SESSIONS[attack](cast)
    if change is None:
        token = bytes(32)
    else:
        attacker.run(change)
    assert sign_in.who_is(cast.platform, token) is None


COLUMNS = ("lookup", "salt", "verifier", "root_by_password", "root_by_recovery")


@pytest.mark.parametrize("columns", [COLUMNS[:1], COLUMNS[:3], COLUMNS[3:4], COLUMNS[1:4], COLUMNS],
                         ids=", ".join)
def test_nobody_signs_in_as_another_by_exchanged_columns(
        cast: Cast, attacker: Attacker, columns: tuple[str, ...]) -> None:
    invite.enrol(cast.platform, invited(cast), "ina", "other words entirely")
    rows = attacker.rows(Person)
    harmed = next(row for row in rows if row["id"] == cast.harmed.id)
    ina = max(rows, key=lambda row: row["enrolled_at"])
    attacker.run(
        update(Person).where(Person.id == harmed["id"]).values(lookup=None),
        update(Person)
        .where(Person.id == ina["id"])
        .values({name: harmed[name] for name in columns}),
        update(Person)
        .where(Person.id == harmed["id"])
        .values({"lookup": harmed["lookup"]} | {name: ina[name] for name in columns}),
    )
    for name, password in (("harmed", PASSWORD), ("ina", "other words entirely")):
        with pytest.raises(SignInRefused):
            sign_in.sign_in(cast.platform, name, password)


def test_a_role_changed_before_enrolment_makes_no_facilitator(
    cast: Cast, attacker: Attacker
) -> None:
    code = invited(cast)
    attacker.run(update(Person).where(Person.enrolled_at.is_(None)).values(role="facilitator"))
    with pytest.raises(Tampered):
        invite.enrol(cast.platform, code, "ina", PASSWORD)
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "ina", PASSWORD)


def test_a_person_who_was_made_up_is_nobody(cast: Cast, attacker: Attacker) -> None:
    row = next(row for row in attacker.rows(Person) if row["id"] == cast.first.id)
    attacker.put(Person, row, id=uuid4(), lookup=invite.sign_in_lookup(cast.platform, "mallory"))
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "mallory", PASSWORD)


# --- names

COMPOSED, DECOMPOSED = "Nguy\u1ec5n \u00c1nh", "Nguye\u0302\u0303n A\u0301nh"


@pytest.mark.parametrize(("made", "typed"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_a_name_is_one_name_composed_or_decomposed(cast: Cast, made: str, typed: str) -> None:
    """Which of them a keyboard sends is not for its owner to know."""
    invite.enrol(cast.platform, invited(cast), made, PASSWORD)
    assert sign_in.sign_in(cast.platform, f" {typed.upper()} ", PASSWORD)
    with pytest.raises(NameTaken):
        invite.enrol(cast.platform, invited(cast), typed, PASSWORD)


@pytest.mark.parametrize("sign", [
    "\u200b", "\u200e", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u3164", "\u200d", "\0", "\u2800",
    "\U000e0061"], ids=ascii)
def test_a_name_with_a_sign_that_nobody_sees_is_refused_when_it_is_made(
        cast: Cast, sign: str) -> None:
    code, name = invited(cast), f"Han{sign}na"
    with pytest.raises(NotAcceptable) as refused:
        invite.enrol(cast.platform, code, name, PASSWORD)
    assert refused.value.field == "sign_in_name" and "cannot be seen" in refused.value.words
    with pytest.raises(NotAcceptable) as refused:
        invite.invite_staff(cast.platform, Role.FACILITATOR, name)
    assert refused.value.field == "name"
    assert invite.enrol(cast.platform, code, "hanna 2", PASSWORD), "the code is not used up"


@pytest.mark.parametrize("name", [
    "\u0646\u06cc\u06a9\u200c\u0646\u0627\u0645", "\u0915\u094d\u200d\u0937\u092e\u093e",
    "Zo\u00eb O\u2019Neill", "\u6e21\u8fba", "\ufa19\U000e0100\u7530"], ids=ascii)
def test_a_name_may_be_spelled_as_its_script_is(cast: Cast, name: str) -> None:
    assert invite.invite_staff(cast.platform, Role.FACILITATOR, name)
    assert invite.enrol(cast.platform, invited(cast), f"{name} the first", PASSWORD)
