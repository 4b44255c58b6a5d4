"""Changing the password: the old one opens nothing, everything stays readable, every other session
ends."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from keys.passphrase import Cost, Stretched, Stretcher
from letters.rules.errors import (
    NeedsPassword,
    NotAcceptable,
    NotPossibleNow,
    PleaseWait,
    SignInRefused,
)
from letters.storage.tables.letters import AuditEntry, Case, Installation, Person
from letters.workflow.access import own_keys
from letters.workflow.accounts import sign_in
from letters.workflow.lost_access import change_password
from letters.workflow.record import record
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, sign_in_fully
from tests.races.at_once import at_once, kinds

NEW = "other words that nobody knows"


@pytest.mark.parametrize("who", ["harmed", "responsible", "first"])
def test_the_new_password_opens_and_the_old_one_does_not(cast: Cast,
                                                         attacker: Attacker, who: str) -> None:
    player = getattr(cast, who)
    other = sign_in.sign_in(cast.platform, who, PASSWORD)
    change_password.change(cast.platform, player.me, PASSWORD, NEW)
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, who, PASSWORD)
    again = sign_in.who_is(cast.platform, sign_in_fully(cast.platform, who, NEW))
    assert again is not None and again.identity.root == player.me.identity.root
    assert sign_in.who_is(cast.platform, other) is None
    assert sign_in.who_is(cast.platform, player.token) is not None
    said = attacker.rows(AuditEntry, AuditEntry.event == "password changed")
    assert [(row["actor_id"], row["subject_id"]) for row in said] == [(player.id, player.id)]
    with cast.platform.reading() as db:
        chain = db.query(Installation).one() if who == "first" else db.get_one(Case, cast.case)
        assert said[0]["case_id"] == chain.id
        assert record.whole(cast.platform, db, chain.id)[1] is None


def test_what_was_written_stays_readable(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "Still mine.")
    change_password.change(cast.platform, cast.harmed.me, PASSWORD, NEW)
    me = sign_in.who_is(cast.platform, sign_in.sign_in(cast.platform, "harmed", NEW))
    assert write.own_text(cast.platform, me, letter).text == "Still mine."  # type: ignore[arg-type,union-attr]


@pytest.mark.parametrize(("old", "new", "refusal"), [
    ("wrong", NEW, NeedsPassword), ("", NEW, NeedsPassword), (PASSWORD, "short", NotAcceptable),
    (PASSWORD, "passwordpassword", NotAcceptable), (PASSWORD, PASSWORD, NotAcceptable),
    (PASSWORD, "messages messages", NotAcceptable), (PASSWORD, "Strange Harmed 1!", NotAcceptable)])
def test_what_is_refused_changes_nothing(
        cast: Cast, attacker: Attacker, old: str, new: str, refusal: type[Exception]) -> None:
    def kept() -> object:
        return {name: rows for name, rows in attacker.copy().items() if name != "attempts"}
    before = kept()
    with pytest.raises(refusal):
        change_password.change(cast.platform, cast.stranger_harmed.me, old, new)
    assert kept() == before


def test_the_old_password_cannot_be_guessed_from_a_session_that_was_left_open(cast: Cast) -> None:
    told = []
    for _ in range(5):
        with pytest.raises((NeedsPassword, PleaseWait)) as refused:
            change_password.change(cast.platform, cast.harmed.me, "wrong", NEW)
        told.append(refused.type)
    assert told == [NeedsPassword] * 3 + [PleaseWait] * 2


@pytest.mark.parametrize("turn", range(3))
def test_two_changes_at_once_are_one(cast: Cast, turn: int) -> None:
    told = at_once(
        *[
            lambda new=new: change_password.change(cast.platform, cast.harmed.me, PASSWORD, new)
            for new in (NEW, "more words that nobody knows")
        ]
    )
    assert kinds(told) in (["NotPossibleNow", "done"], ["NeedsPassword", "done"])
    assert (
        cast.harmed.me.identity.root
        == sign_in.who_is(  # type: ignore[union-attr]
            cast.platform,
            sign_in.sign_in(cast.platform, "harmed",
                            NEW if told[0] is None else "more words that nobody knows"),
        ).identity.root
    )


def test_who_signs_in_with_the_old_password_at_that_moment_is_not_let_in(cast: Cast) -> None:
    """The thief's stretch begins before the change and ends after it."""
    class Slow(Stretcher):
        def stretch(self, password: str, salt: bytes) -> Stretched:
            stretched = super().stretch(password, salt)
            change_password.change(cast.platform, cast.harmed.me, PASSWORD, NEW)
            return stretched

    slow = replace(cast.platform,
                   stretcher=Slow(cast.platform.keys.pepper, Cost(memory_kib=64, passes=1)))
    with pytest.raises(SignInRefused):
        sign_in.sign_in(slow, "harmed", PASSWORD)


def test_a_root_sealed_with_a_factor_is_another_seal(cast: Cast, attacker: Attacker) -> None:
    """Whoever sets the column gets a shut account, not an open one (decision 0014)."""
    attacker.run(update(Person).where(Person.id == cast.harmed.id).values(second_factor=True))
    with cast.platform.reading() as db:
        person = db.get_one(Person, cast.harmed.id)
        sealed = own_keys.root_context("password", person)
        person.second_factor = False
        assert sealed != own_keys.root_context("password", person)


def test_a_factor_that_is_added_meanwhile_is_not_lost(cast: Cast, attacker: Attacker) -> None:
    class Slow(Stretcher):
        def stretch(self, password: str, salt: bytes) -> Stretched:
            if password == NEW:
                attacker.run(update(Person).where(Person.id
                                                  == cast.harmed.id).values(second_factor=True))
            return super().stretch(password, salt)

    slow = replace(cast.platform,
                   stretcher=Slow(cast.platform.keys.pepper, Cost(memory_kib=64, passes=1)))
    with pytest.raises(NotPossibleNow):
        change_password.change(slow, cast.harmed.me, PASSWORD, NEW)
