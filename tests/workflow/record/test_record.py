"""The record: verified once, remembered, never older than it was, and one way to add to it."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from letters.rules.errors import Tampered, Unwitnessed
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.storage.memory import Memory
from letters.storage.tables.letters import AuditEntry, Case, Installation, Table
from letters.workflow.cases import open_and_halt
from letters.workflow.platform import Platform
from letters.workflow.preparation import consent
from letters.workflow.record import record
from letters.workflow.release import pace
from letters.workflow.upkeep import restore
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre, beginning
from tests.cast import Cast
from tests.workflow.record.test_statements import statements

CHAINS = {"audit", "cases"}


def another_process(platform: Platform) -> Platform:
    """The same installation, in a process that has verified nothing."""
    return replace(platform, verified=Memory())


def unnoticed(cast: Cast) -> Attacker:
    """An attacker after whom this process still knows what it knew."""
    return Attacker(another_process(cast.platform))


def add(platform: Platform, cast: Cast, event: Event = Event.PAUSED) -> None:
    with platform.writing() as db:
        case = db.scalars(select(Case).where(Case.id == cast.case).with_for_update()).one()
        record.add(platform, db, case, event, cast.harmed.id, cast.harmed.id)


def paused(platform: Platform, cast: Cast) -> bool:
    with platform.reading() as db:
        return record.read(platform, db, cast.case).paused


# --- in

def test_what_was_verified_once_is_not_read_again(cast: Cast) -> None:
    assert not paused(cast.platform, cast)
    unnoticed(cast).run(update(AuditEntry).where(AuditEntry.case_id == cast.case,
                                                 AuditEntry.number == 2).values(entered="nothing"))
    add(cast.platform, cast)
    assert paused(cast.platform, cast)  # this process goes by what it verified
    with pytest.raises(Tampered):  # and any other sees it
        paused(another_process(cast.platform), cast)


@pytest.mark.both_databases
def test_each_look_is_one_statement_whether_or_not_anything_is_new(cast: Cast) -> None:
    """Rule 22: the number of statements tells nobody that something happened elsewhere."""
    other = another_process(cast.platform)
    for platform in (cast.platform, other, cast.platform):
        add(other, cast)
        for _ in range(2):
            with statements(cast) as sent:
                assert paused(platform, cast)
            assert len(sent) == 1


@pytest.mark.both_databases
def test_many_chains_are_read_in_one_statement_where_nothing_is_new(cast: Cast) -> None:
    platform, cases = cast.platform, [cast.case, cast.strange_case]
    for known, more in ((platform, 0), (another_process(platform), 2)):
        if known is platform:
            told = [folded_by(known, case) for case in cases]
        with statements(cast) as sent, known.reading() as db:
            record.read_ahead(known, db, cases)
            assert [record.read(known, db, case) for case in cases] == told
        assert len(sent) == 1 + more
    add(platform, cast)
    with another_process(platform).reading() as db:
        record.read_ahead(platform, db, cases)
        assert record.read(platform, db, cast.case).paused


def folded_by(platform: Platform, case: UUID) -> object:
    with platform.reading() as db:
        return record.read(platform, db, case)


@pytest.mark.both_databases
@pytest.mark.parametrize("what", ["planted beyond the head", "cut off", "another head"])
def test_what_does_not_hold_is_found_by_a_list_too(cast: Cast, what: str) -> None:
    add(cast.platform, cast)
    assert paused(cast.platform, cast)
    attacker, of_case = unnoticed(cast), AuditEntry.case_id == cast.case
    newest = max(attacker.rows(AuditEntry, of_case), key=lambda row: row["number"])
    if what == "planted beyond the head":
        attacker.run(insert(AuditEntry).values({**newest, "number": newest["number"] + 1}))
    elif what == "cut off":
        attacker.run(delete(AuditEntry).where(of_case, AuditEntry.number == newest["number"]))
        attacker.run(update(Case).where(Case.id == cast.case).values(
            audit_number=newest["number"] - 1))
    else:
        attacker.run(update(Case).where(Case.id == cast.case).values(audit_head=bytes(32)))
    with cast.platform.reading() as db:
        record.read_ahead(cast.platform, db, [cast.case, cast.strange_case])
        with pytest.raises(Tampered):
            record.read(cast.platform, db, cast.case)
        assert record.read(cast.platform, db, cast.strange_case) is not None


@pytest.mark.both_databases
def test_a_look_that_began_before_a_commit_is_no_tampering(cast: Cast) -> None:
    with cast.platform.reading() as db:
        db.execute(select(Case.id)).all()  # its moment is now
        add(cast.platform, cast)
        assert not record.read(cast.platform, db, cast.case).paused
    assert paused(cast.platform, cast)


@pytest.mark.both_databases
def test_no_fact_can_be_cut_off_again_whatever_it_says(theatre: Theatre, cast: Cast) -> None:
    """Also one that nobody waited for: each head is in the state file."""
    before = theatre.attacker.copy(CHAINS)
    add(cast.platform, cast, Event.LETTER_CLAIMED)
    attacker = unnoticed(cast)
    attacker.put_back(before)
    for platform in (cast.platform, another_process(cast.platform)):
        with pytest.raises(Tampered):
            paused(platform, cast)


SHUT = {
    "stop": lambda cast: pace.stop(cast.platform, cast.harmed.me, cast.case),
    "pause": lambda cast: pace.pause(cast.platform, cast.harmed.me, cast.case),
    "consent withdrawn": lambda cast: consent.withdraw(cast.platform, cast.responsible.me,
                                                       cast.case),
    "halt": lambda cast: open_and_halt.halt(cast.platform, cast.first.me, cast.case),
    "recall": lambda cast: write.recall(cast.platform, cast.harmed.me, cast.letter),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("shut", SHUT)
def test_a_branch_without_it_cannot_be_put_back_over_what_was_said(
    theatre: Theatre, shut: str,
) -> None:
    """Rules 1 and 2. Facts that nobody waited for are kept aside, somebody stops on the chain
    without them, and they are put back over the stop."""
    cast = theatre.cast
    theatre.play(beginning)
    cast.letter = cast.approved(cast.harmed)
    before = theatre.attacker.copy(Table.metadata.tables)
    for _ in range(3):
        add(cast.platform, cast, Event.LETTER_CLAIMED)
    branch = theatre.attacker.copy(Table.metadata.tables)
    theatre.attacker.put_back(before)
    SHUT[shut](cast)
    theatre.attacker.put_back(branch)
    assert cast.release() == 0
    cast.app.config["PROPAGATE_EXCEPTIONS"] = None  # as in service
    for page in ("/for-you/{}", "/for-you/{}/before", "/print/received/{}"):
        cast.responsible.browser().open(page.format(cast.letter), (403, 404, 500))
    cast.clock.advance(days=1)
    assert cast.release() == 0 and cast.state(cast.letter) is not State.RELEASED
    with pytest.raises(Tampered):
        paused(cast.platform, cast)
    standing = restore.standing(cast.platform)
    assert standing.broken == {cast.case}
    done = restore.confirm(cast.platform)
    assert done is not None and done.halted + done.stopped >= 1
    cast.clock.advance(days=1)
    assert cast.release() == 0 and not restore.standing(cast.platform).broken


def test_a_process_that_saw_more_refuses_an_older_chain_also_without_a_state_file(
    theatre: Theatre, cast: Cast,
) -> None:
    before = theatre.attacker.copy(CHAINS)
    add(cast.platform, cast)
    asked = cast.platform.verified.now()
    unnoticed(cast).put_back(before)
    theatre.state.unlink()
    assert not paused(cast.platform, cast)  # nobody can say whose chain it is: it holds by itself
    with cast.platform.reading() as db, pytest.raises(Unwitnessed):
        record.to_decide(cast.platform, db, cast.case)
    assert cast.platform.verified.now() == asked


def test_a_confirmed_restore_begins_anew_in_every_process(theatre: Theatre, cast: Cast) -> None:
    before = theatre.attacker.copy(Table.metadata.tables)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    assert paused(cast.platform, cast)
    unnoticed(cast).put_back(before)
    assert restore.confirm(another_process(cast.platform)) is not None
    assert not paused(cast.platform, cast)


# --- out

def test_many_facts_are_written_at_once_and_seen_before(cast: Cast) -> None:
    with statements(cast) as sent, cast.platform.writing() as db:
        case = db.get_one(Case, cast.case, with_for_update=True)
        for event in (Event.PAUSED, Event.PAUSE_ENDED, Event.PAUSED):
            record.add(cast.platform, db, case, event, cast.harmed.id, cast.harmed.id)
        assert record.read(cast.platform, db, cast.case).paused
    assert [one.split()[0] for one in sent if "audit" in one.split("FROM")[0]][-2:] == [
        "INSERT", "UPDATE"]
    assert len([one for one in sent if one.startswith(("INSERT", "UPDATE"))]) == 2
    assert paused(another_process(cast.platform), cast)


def test_what_is_undone_adds_nothing(cast: Cast) -> None:
    with cast.platform.writing() as db:
        case = db.get_one(Case, cast.case, with_for_update=True)
        record.add(cast.platform, db, case, Event.PAUSED, cast.harmed.id, cast.harmed.id)
        with pytest.raises(ValueError), record.savepoint(cast.platform, db):
            record.add(cast.platform, db, case, Event.HALTED, cast.harmed.id, cast.harmed.id)
            raise ValueError
        record.add(cast.platform, db, case, Event.READY_SAID, cast.harmed.id, cast.harmed.id)
    with another_process(cast.platform).reading() as db:
        told = record.read(cast.platform, db, cast.case)
    assert (told.paused, told.halted, told.ready) == (True, False, True)
    with pytest.raises(ZeroDivisionError), cast.platform.writing() as db:
        case = db.get_one(Case, cast.case, with_for_update=True)
        record.add(cast.platform, db, case, Event.HALTED, cast.harmed.id, cast.harmed.id)
        raise ZeroDivisionError
    assert paused(cast.platform, cast)


def test_a_chain_that_moved_is_not_added_to(cast: Cast, attacker: Attacker) -> None:
    with pytest.raises(record.Moved), cast.platform.writing() as db:
        case = db.get_one(Case, cast.case)
        db.execute(update(Case).where(Case.id == cast.case).values(audit_number=1)
                   .execution_options(synchronize_session=False))
        record.add(cast.platform, db, case, Event.PAUSED, cast.harmed.id, cast.harmed.id)


def test_a_fact_that_does_not_follow_is_refused(cast: Cast) -> None:
    letter = cast.draft(cast.harmed)
    with pytest.raises(Tampered), cast.platform.writing() as db:
        case = db.get_one(Case, cast.case, with_for_update=True)
        record.add(cast.platform, db, case, Event.LETTER_RELEASED, record.NOBODY, letter,
                   cast.responsible.id, "approved", "released")


# --- a chain that does not hold

@pytest.mark.both_databases
def test_rule_01_a_stop_is_heard_on_a_chain_that_does_not_hold_and_nothing_else_is(
    cast: Cast, attacker: Attacker,
) -> None:
    """The state file remembers the stop. It does not learn the new head, after which an older
    database would look as if it went on from what the file knows."""
    known = cast.platform.state_file.known().heads[cast.case]
    newest = cast.case_row().audit_number
    attacker.run(delete(AuditEntry).where(AuditEntry.case_id == cast.case,
                                          AuditEntry.number == newest))
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    found = cast.platform.state_file.known()
    assert cast.case in found.stopped and found.heads[cast.case] == known
    assert cast.case_row().stopped_at is not None
    cast.clock.advance(days=1)
    assert cast.release() == 0


def test_what_is_written_to_an_older_database_does_not_make_it_the_newest(
    theatre: Theatre, cast: Cast,
) -> None:
    before = theatre.attacker.copy(Table.metadata.tables)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    theatre.attacker.put_back(before)
    for _ in range(3):
        write.begin_letter(cast.platform, cast.harmed.me, cast.channel(cast.harmed), "Words.")
        assert cast.case in restore.standing(cast.platform).behind
    with pytest.raises(Tampered):
        paused(cast.platform, cast)


def test_the_installation_is_a_chain_like_any_other(cast: Cast, attacker: Attacker) -> None:
    with cast.platform.reading() as db:
        assert cast.first.id in record.read_installation(cast.platform, db).enrolled
    attacker.run(update(Installation).values(audit_number=3))
    with cast.platform.reading() as db, pytest.raises(Tampered):
        record.read_installation(cast.platform, db)
