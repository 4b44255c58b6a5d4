"""A former way into an account, put back by somebody with the database: a password, a recovery code
or an invitation that no longer counts, and a former address. What the person chose last is on
record, and nothing else opens their account or is written to."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from letters.rules.errors import Tampered
from letters.rules.roles import Role
from letters.storage.tables.desk import ContactWay
from letters.storage.tables.letters import AuditEntry, Invitation, Participant, Person
from letters.workflow.accounts import invite, sign_in
from letters.workflow.accounts.sign_in_steps import APART
from letters.workflow.lost_access import change_password, recovery
from letters.workflow.notices import contact
from letters.workflow.release import pace
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player, can_only_stop, sign_in_fully

NEW = "nine other words that nobody knows"
players = pytest.mark.parametrize("name", ["harmed", "first"])


def put_back_after(cast: Cast, name: str, change: Callable[[Player], object]) -> Attacker:
    """A player changes a way in, and their former row is put back."""
    player: Player = getattr(cast, name)
    attacker = Attacker(cast.platform)
    (row,) = attacker.rows(Person, Person.id == player.id)
    change(player)
    attacker.run(update(Person).where(Person.id == player.id).values(row))
    return attacker


@pytest.mark.both_databases
@players
def test_a_former_password_opens_nothing(cast: Cast, name: str) -> None:
    put_back_after(cast, name, lambda player: change_password.change(
        cast.platform, player.me, PASSWORD, NEW))
    if name == "harmed":  # it can stop, and nothing else
        assert can_only_stop(cast, name)
    else:
        with pytest.raises(Tampered):
            sign_in_fully(cast.platform, name)
    with pytest.raises(Tampered):
        sign_in.confirm(cast.platform, getattr(cast, name).me, PASSWORD)


@players
@pytest.mark.parametrize("used", [True, False])
def test_a_recovery_code_that_was_used_or_replaced_opens_nothing(
    cast: Cast, name: str, used: bool,
) -> None:
    code = getattr(cast, name).recovery_code
    put_back_after(cast, name, lambda player: (
        recovery.recover(cast.platform, name, code, NEW) if used
        else recovery.new_recovery_code(cast.platform, player.me, PASSWORD)))
    with pytest.raises(Tampered):
        recovery.recover(cast.platform, name, code, NEW)


@pytest.mark.parametrize("password", [PASSWORD, NEW])
def test_where_the_chain_does_not_hold_one_can_only_stop(cast: Cast, password: str) -> None:
    """Nobody knows then which password is the last: the former one is put back here, and not."""
    if password == NEW:
        change_password.change(cast.platform, cast.harmed.me, PASSWORD, NEW)
    else:
        put_back_after(cast, "harmed", lambda player: change_password.change(
            cast.platform, player.me, PASSWORD, NEW))
    Attacker(cast.platform).run(update(AuditEntry).where(
        AuditEntry.case_id == cast.case, AuditEntry.number == 3).values(entered="nothing"))
    half = sign_in.halfway(cast.platform, sign_in.sign_in(cast.platform, "harmed", password))
    assert half is not None and half.stage == APART
    pace.stop(cast.platform, half.me, cast.case)


def test_somebody_whose_place_in_a_case_is_gone_can_only_wait(cast: Cast) -> None:
    """Else an account would be asked of another chain, which knows nothing of it."""
    attacker = put_back_after(cast, "harmed", lambda player: change_password.change(
        cast.platform, player.me, PASSWORD, NEW))
    attacker.run(delete(Participant).where(Participant.person_id == cast.harmed.id))
    assert can_only_stop(cast, "harmed")


def test_a_place_that_was_moved_to_another_case_leads_to_no_other_chain(cast: Cast) -> None:
    attacker = put_back_after(cast, "harmed", lambda player: change_password.change(
        cast.platform, player.me, PASSWORD, NEW))
    (other,) = attacker.rows(Participant, Participant.person_id == cast.stranger_other.id)
    attacker.run(update(Participant).where(Participant.person_id == cast.harmed.id).values(
        case_id=other["case_id"]))
    assert can_only_stop(cast, "harmed")


def test_an_invitation_that_was_replaced_enrols_nobody(cast: Cast) -> None:
    first = invite.invite_staff(cast.platform, Role.FACILITATOR, "Nia New")
    attacker = Attacker(cast.platform)
    (row,) = attacker.rows(Invitation, Invitation.used_at.is_(None))
    invite.invite_staff_again(cast.platform, cast.administrator.me, row["person_id"])
    attacker.run(update(Invitation).where(Invitation.lookup == row["lookup"]).values(used_at=None))
    with pytest.raises(Tampered):
        invite.enrol(cast.platform, first, "nia", PASSWORD)


@players
def test_nobody_is_written_to_at_a_former_address(cast: Cast, name: str) -> None:
    player: Player = getattr(cast, name)
    contact.choose(cast.platform, player.me, "former@example.net", "Post", "An update")
    attacker = Attacker(cast.platform)
    (row,) = attacker.rows(ContactWay, ContactWay.person_id == player.id)
    contact.choose(cast.platform, player.me, "", "Post", "An update")
    attacker.run(update(ContactWay).where(ContactWay.person_id == player.id).values(row))
    with pytest.raises(Tampered), cast.platform.reading() as db:
        contact.way_of(cast.platform, db, player.id)
