"""The recovery code: it works once, ends every session, and says the same to everybody else."""

import pytest
from sqlalchemy import update

from letters.rules.errors import CodeRefused, NeedsPassword, NotAcceptable, SignInRefused, Tampered
from letters.storage.tables.letters import Person, SessionRow
from letters.workflow.accounts import sign_in
from letters.workflow.lost_access import new_identity, recovery
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import of
from tests.cast import PASSWORD, Cast
from tests.races.at_once import events
from tests.workflow.losing import NEW, signed_in


@pytest.mark.both_databases
def test_a_forgotten_password_costs_nothing_with_the_recovery_code(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.draft(cast.harmed, "Mine alone.")
    code = recovery.recover(cast.platform, " HARMED ", cast.harmed.recovery_code.lower(), NEW)
    assert sign_in.who_is(cast.platform, cast.harmed.token) is None
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    me = signed_in(cast.platform, "harmed")
    own = write.own_text(cast.platform, me, letter)
    assert own is not None and own.text == "Mine alone."
    assert events(attacker, "recovery code used") == 1
    recovery.recover(cast.platform, "harmed", code, PASSWORD)


def test_a_recovery_code_works_once(cast: Cast) -> None:
    recovery.recover(cast.platform, "first", cast.first.recovery_code, NEW)
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, "first", cast.first.recovery_code,
                         "words of somebody else here")
    signed_in(cast.platform, "first")


@pytest.mark.parametrize(("name", "whose"), [
    ("nobody", "harmed"), ("", "harmed"), ("responsible", "harmed"), ("harmed", "responsible")])
def test_a_code_that_is_not_this_names_changes_nothing(
        cast: Cast, attacker: Attacker, name: str, whose: str) -> None:
    before = attacker.rows(Person)
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, name, getattr(cast, whose).recovery_code, NEW)
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, name, "", NEW)
    assert attacker.rows(Person) == before


@pytest.mark.parametrize("name", ["harmed", "nobody"])
def test_an_unknown_name_costs_the_same_stretch(cast: Cast, name: str,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    stretched = []
    stretch = cast.platform.stretcher.stretch
    monkeypatch.setattr(cast.platform.stretcher, "stretch",
                        lambda *with_: stretched.append(1) or stretch(*with_))
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, name, "AAAA", NEW)
    assert stretched == [1]


def test_a_password_that_will_not_do_uses_no_code_up(cast: Cast) -> None:
    for name, password in (("harmed", "short"), ("nobody", "short"), ("first", "x" * 15)):
        with pytest.raises(NotAcceptable):
            recovery.recover(cast.platform, name, cast.first.recovery_code, password)
    recovery.recover(cast.platform, "first", cast.first.recovery_code, NEW)


def test_a_new_recovery_code_is_made_for_who_knows_the_password(cast: Cast) -> None:
    with pytest.raises(NeedsPassword):
        recovery.new_recovery_code(cast.platform, cast.harmed.me, "not it")
    code = recovery.new_recovery_code(cast.platform, cast.harmed.me, PASSWORD)
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, "harmed", cast.harmed.recovery_code, NEW)
    recovery.recover(cast.platform, "harmed", code, NEW)


def test_a_second_factor_is_still_asked_for_after_a_recovery(
    cast: Cast, attacker: Attacker
) -> None:
    attacker.run(of(Person, cast.harmed.id).values(second_factor=True))
    recovery.recover(cast.platform, "harmed", cast.harmed.recovery_code, NEW)
    attacker.run(of(Person, cast.harmed.id).values(second_factor=False))
    with pytest.raises(SignInRefused):  # the purpose of the seal says that a factor is needed
        sign_in.sign_in(cast.platform, "harmed", NEW)


def test_an_account_put_back_to_before_its_keys_were_renewed_is_not_recovered(
    cast: Cast, attacker: Attacker
) -> None:
    before = attacker.rows(Person, Person.id == cast.harmed.id)[0]
    new_identity.renew(cast.platform, cast.harmed.me, PASSWORD, NEW)
    attacker.run(of(Person, cast.harmed.id).values(before))
    with pytest.raises(Tampered):
        recovery.recover(cast.platform, "harmed", cast.harmed.recovery_code,
                         "a third password of mine")


def test_the_code_of_another_opens_nothing_where_the_seals_are_swapped(
    cast: Cast, attacker: Attacker
) -> None:
    theirs = attacker.rows(Person, Person.id == cast.responsible.id)[0]["root_by_recovery"]
    attacker.run(of(Person, cast.harmed.id).values(root_by_recovery=theirs))
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, "harmed", cast.responsible.recovery_code, NEW)
    assert attacker.rows(SessionRow, SessionRow.person_id == cast.harmed.id)
    attacker.run(update(Person).values(root_by_recovery=None))
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, "harmed", cast.harmed.recovery_code, NEW)
