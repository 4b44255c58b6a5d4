"""Whatever is wrong with the database, who says stop, pause, withdraw or take back is heard:
somebody with the database breaks something, waits until it is said, and mends it again. Nothing
goes then."""

import random
from collections.abc import Callable
from contextlib import nullcontext, suppress
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from letters.rehearsal.browser import Browser
from letters.rules.errors import Tampered
from letters.rules.letter.lifecycle import State
from letters.storage.tables.desk import ContactWay, Notice
from letters.storage.tables.letters import AuditEntry, Case, Letter, Participant, Person, Table
from letters.workflow.accounts import sign_in
from letters.workflow.cases import alerts, open_and_halt
from letters.workflow.decision import decide
from letters.workflow.lost_access import change_password
from letters.workflow.notices import contact
from letters.workflow.preparation import consent
from letters.workflow.release import pace
from letters.workflow.upkeep import replay
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import answer_due
from tests.cast import PASSWORD, Cast, can_only_stop
from tests.night import SEED, size

NEW = "nine other words that nobody knows"


def broken(cast: Cast, chain: Any) -> Callable[[], None]:
    """Alter an old fact of a chain. Returns how to put it back."""
    attacker = Attacker(cast.platform)
    where = (AuditEntry.case_id == chain, AuditEntry.number == 3)
    (row,) = attacker.rows(AuditEntry, *where)
    attacker.run(update(AuditEntry).where(*where).values(entered="nothing"))
    return lambda: attacker.run(update(AuditEntry).where(*where).values(entered=row["entered"]))


def gone(cast: Cast, attacker: Attacker, row: dict[str, Any]) -> Callable[[], None]:
    attacker.run(delete(Participant).where(Participant.id == row["id"]))
    return lambda: attacker.put(Participant, row)


def altered(cast: Cast, attacker: Attacker, row: dict[str, Any]) -> Callable[[], None]:
    its = update(Participant).where(Participant.id == row["id"])
    attacker.run(its.values(mac=bytes(32)))
    return lambda: attacker.run(its.values(mac=row["mac"]))


def brought_along(cast: Cast, attacker: Attacker, row: dict[str, Any]) -> Callable[[], None]:
    (other,) = attacker.rows(Participant, Participant.person_id == cast.stranger_other.id)
    planted = {**other, "id": uuid4(), "case_id": cast.case}
    attacker.run(insert(Participant).values(planted))
    return lambda: attacker.run(delete(Participant).where(Participant.id == planted["id"]))


DONE = {"gone": gone, "altered": altered, "brought along": brought_along}
SAID: dict[str, Callable[[Cast, Any], object]] = {
    "stop": lambda c, _: pace.stop(c.platform, c.harmed.me, c.case),
    "pause": lambda c, _: pace.pause(c.platform, c.harmed.me, c.case),
    "withdraw": lambda c, _: consent.withdraw(c.platform, c.harmed.me, c.case),
    "take back": lambda c, letter: write.recall(c.platform, c.responsible.me, letter),
    "halt": lambda c, _: open_and_halt.halt(c.platform, c.first.me, c.case),
    "hold": lambda c, letter: decide.hold(
        c.platform, c.first.me, letter, c.row(letter).submitted_id, "A reason.",
        c.platform.today().replace(year=2999)),
}


def with_wrong_row(theatre: Theatre, done: str) -> tuple[UUID, Cast, Callable[[], None]]:
    """A letter that is due, while the other's row is not as it was; and what mends the row."""
    due, cast = theatre.play(answer_due).approved, theatre.cast
    (row,) = theatre.attacker.rows(Participant, Participant.person_id == cast.other.id)
    return due, cast, DONE[done](cast, theatre.attacker, row)


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("done", DONE)
def test_what_is_wrong_with_anothers_row_keeps_nobody_from_saying_it(
    theatre: Theatre, done: str, said: str,
) -> None:
    due, cast, mend = with_wrong_row(theatre, done)
    with suppress(Tampered):  # a letter that cannot be read cannot be held: its case is halted
        SAID[said](cast, due)
    mend()
    cast.release()
    assert cast.row(due).released_at is None


@pytest.mark.parametrize("said", [said for said in SAID if said != "hold"])
@pytest.mark.parametrize("done", DONE)
def test_neither_does_a_chain_that_does_not_hold_with_it(
    theatre: Theatre, done: str, said: str,
) -> None:
    due, cast, mend = with_wrong_row(theatre, done)
    mend_chain = broken(cast, cast.case)
    SAID[said](cast, due)
    mend()
    mend_chain()
    cast.release()
    assert cast.row(due).released_at is None


ROWS: dict[str, Callable[[Cast, Any], Any]] = {
    "the case erased": lambda c, _: update(Case).where(Case.id == c.case).values(
        erased_at=c.clock()),
    "another epoch": lambda c, _: update(Case).where(Case.id == c.case).values(epoch=8),
    "no state": lambda c, letter: update(Letter).where(Letter.id == letter).values(state="none"),
    "another author": lambda c, letter: update(Letter).where(Letter.id == letter).values(
        author_id=c.other.id),
    "another recipient": lambda c, letter: update(Letter).where(Letter.id == letter).values(
        recipient_id=uuid4()),
    "another channel": lambda c, letter: update(Letter).where(Letter.id == letter).values(
        channel_id=uuid4()),
    "the next fact": lambda c, _: insert(AuditEntry).values(
        case_id=c.case, number=c.case_row().audit_number + 1, at=c.clock(), actor_id=c.other.id,
        event="halted", subject_id=c.case, about_id=c.case, left="", entered="", mac=bytes(32),
        evolved=b"", detail=b""),
}
MUTE = {("the next fact", said) for said in SAID}
"""Nothing can be written then, and whoever says it is told so; the chain is closed all the same."""


PLAYS = [*product(ROWS, [said for said in SAID if said != "hold"], [True, False])]
PLAYED = random.Random(SEED).sample(PLAYS, size(30, len(PLAYS)))
"""All of them at night; by day some, chosen by the seed of the run."""


@pytest.mark.both_databases
@pytest.mark.parametrize(("row", "said", "holds"), PLAYED)
def test_no_row_of_the_case_or_the_letter_keeps_it_from_being_heard(
    theatre: Theatre, row: str, said: str, holds: bool,
) -> None:
    if not holds and row == "another author" and said == "take back":
        pytest.skip("who wrote it is known to the record alone")
    due, cast = theatre.play(answer_due).approved, theatre.cast
    before = theatre.attacker.copy({"cases", "letters"})
    mend = (lambda: None) if holds else broken(cast, cast.case)
    theatre.attacker.run(ROWS[row](cast, due))
    with suppress(IntegrityError) if (row, said) in MUTE else nullcontext():
        SAID[said](cast, due)
    after = theatre.attacker.copy({"cases", "letters"})
    _put_back_what_was_altered(theatre.attacker, before, after, row)
    mend()
    cast.release()
    assert cast.row(due).released_at is None


def _put_back_what_was_altered(attacker: Attacker, before: Any, after: Any, row: str) -> None:
    """The attacker mends what they altered, and leaves what was said since."""
    columns = {"the case erased": ("cases", "erased_at"), "another epoch": ("cases", "epoch"),
               "no state": ("letters", "state"), "another author": ("letters", "author_id"),
               "another recipient": ("letters", "recipient_id"),
               "another channel": ("letters", "channel_id")}
    if row == "the next fact":
        attacker.run(delete(AuditEntry).where(AuditEntry.mac == bytes(32)))
        return
    table, column = columns[row]
    its = Table.metadata.tables[table]
    for one in before[table]:
        attacker.run(update(its).where(its.c.id == one["id"]).values({column: one[column]}))


@pytest.mark.parametrize("chain", ["case", "installation"])
@pytest.mark.parametrize("said", ["/stop", "/withdraw", "take-back"])
def test_whoever_signs_in_while_a_chain_does_not_hold_is_heard(
    theatre: Theatre, chain: str, said: str,
) -> None:
    due, cast = theatre.play(answer_due).approved, theatre.cast
    mend = broken(cast, cast.case if chain == "case" else cast.platform.keys.installation)
    name = "responsible" if said == "take-back" else "harmed"
    browser = Browser(cast.app)
    browser.open("/sign-in")
    page = browser.send("/sign-in", sign_in_name=name, password=PASSWORD)
    assert page.url == "/without-a-facilitator"
    if said == "take-back":
        browser.send(page.url, do="take-back")
    else:
        browser.open(said)
        browser.send(said)
    mend()
    cast.release()
    assert cast.row(due).released_at is None


@pytest.mark.parametrize("said", ["/stop", "/withdraw"])
def test_whoever_has_no_row_of_their_own_any_more_is_heard(theatre: Theatre, said: str) -> None:
    due, cast = theatre.play(answer_due).approved, theatre.cast
    (row,) = theatre.attacker.rows(Participant, Participant.person_id == cast.harmed.id)
    theatre.attacker.run(delete(Participant).where(Participant.id == row["id"]))
    browser = cast.harmed.browser()
    browser.open(said)
    browser.send(said)
    theatre.attacker.put(Participant, row)
    cast.release()
    assert cast.row(due).released_at is None


def test_nothing_goes_while_the_installations_chain_does_not_hold(theatre: Theatre) -> None:
    due, cast = theatre.play(answer_due).approved, theatre.cast
    broken(cast, cast.platform.keys.installation)
    assert cast.release() == 0 and cast.state(due) is State.APPROVED


def test_taking_back_is_heard_whatever_the_row_says(theatre: Theatre) -> None:
    due, cast = theatre.play(answer_due).approved, theatre.cast
    mend = broken(cast, cast.case)
    its = update(Letter).where(Letter.id == due)
    theatre.attacker.run(its.values(state=State.DRAFT.value))
    write.recall(cast.platform, cast.responsible.me, due)
    theatre.attacker.run(its.values(state=State.APPROVED.value))
    mend()
    cast.release()
    assert cast.row(due).released_at is None


def test_rule_30_staff_hear_of_an_alert_at_once_while_a_chain_does_not_hold(cast: Cast) -> None:
    contact.choose(cast.platform, cast.second.me, "second@example.net", "Messages", "An update")
    broken(cast, cast.platform.keys.installation)
    alerts.open_alert(cast.platform, cast.first.me, cast.case, "She is in danger.", True)
    with cast.platform.reading() as db:
        (notice,) = db.query(Notice).filter_by(person_id=cast.second.id)
        assert notice.kind == "alert" and notice.due_at == notice.made_at
        assert contact.way_of(cast.platform, db, cast.second.id, of_alert=True).address
        with pytest.raises(Tampered):  # of nothing else, since it could be a former address
            contact.way_of(cast.platform, db, cast.second.id)
    contact.choose(cast.platform, cast.second.me, "", "Messages", "An update")
    assert not Attacker(cast.platform).rows(ContactWay, ContactWay.person_id == cast.second.id)


@pytest.mark.parametrize("name", ["harmed", "first"])
def test_a_former_password_confirms_nothing_while_the_chain_does_not_hold(
    cast: Cast, attacker: Attacker, name: str,
) -> None:
    player = getattr(cast, name)
    (row,) = attacker.rows(Person, Person.id == player.id)
    change_password.change(cast.platform, player.me, PASSWORD, NEW)
    attacker.run(update(Person).where(Person.id == player.id).values(row))
    broken(cast, cast.case if name == "harmed" else cast.platform.keys.installation)
    with pytest.raises(Tampered):
        sign_in.confirm(cast.platform, player.me, PASSWORD)


def test_a_way_in_that_is_not_the_last_leads_to_stopping(cast: Cast, attacker: Attacker) -> None:
    """Somebody altered her recovery code alone: she can still stop."""
    attacker.run(update(Person).where(Person.id == cast.harmed.id)
                 .values(root_by_recovery=b"another"))
    assert can_only_stop(cast, "harmed")
    assert replay.replay(cast.platform) == 1


def test_a_choice_of_contact_that_is_gone_is_missed_and_can_be_made_again(
    cast: Cast, attacker: Attacker,
) -> None:
    me = cast.harmed.me
    contact.choose(cast.platform, me, "hers@example.net", "Messages", "An update")
    attacker.run(delete(ContactWay).where(ContactWay.person_id == me.person))
    with pytest.raises(Tampered), cast.platform.reading() as db:
        contact.way_of(cast.platform, db, me.person)
    assert contact.own_contact(cast.platform, me).way.address == ""
    contact.choose(cast.platform, me, "new@example.net", "Messages", "An update")
    with cast.platform.reading() as db:
        assert contact.way_of(cast.platform, db, me.person).address == "new@example.net"


def test_somebody_who_is_missing_is_found_by_night(cast: Cast, attacker: Attacker) -> None:
    attacker.run(delete(Participant).where(Participant.person_id == cast.other.id))
    assert replay.replay(cast.platform) == 1
