"""The operator's check of the trail: which entry is broken, heads kept elsewhere, and keys that
have evolved."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from keys.vouching import attest
from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.events import Event
from letters.storage.state_file import Head
from letters.storage.store import microseconds
from letters.storage.tables.letters import AuditEntry, Case, Installation
from letters.workflow.cases import open_and_halt
from letters.workflow.record import record
from letters.workflow.record.verify import Broken
from letters.workflow.release import pace
from letters.workflow.upkeep import audit
from letters.workflow.upkeep.audit import FirstKeys
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import of
from tests.cast import Cast


def broken(cast: Cast, **how: object) -> list[Broken]:
    return [found for found in audit.verify(cast.platform, **how) if found is not None]  # type: ignore[arg-type]


def test_every_chain_holds(cast: Cast) -> None:
    assert list(audit.verify(cast.platform)) == [None, None, None]


@pytest.mark.parametrize(("change", "number", "what"), [
    (lambda c: update(AuditEntry).where(AuditEntry.case_id == c.case, AuditEntry.number == 3)
     .values(
        actor_id=uuid4()), 3, "mac"),
    (lambda c: delete(AuditEntry).where(AuditEntry.case_id == c.case, AuditEntry.number == 4), 4,
     "number"),
    (lambda c: of(Case, c.case).values(audit_head=bytes(32)), None, "head"),
    (lambda c: of(Case, c.case).values(audit_number=2), 3, "count"),
    (lambda c: delete(AuditEntry).where(AuditEntry.case_id == c.case, AuditEntry.number > 5), 6,
     "count"),
    (lambda c: delete(AuditEntry).where(AuditEntry.case_id == c.case), 1, "count"),
])
def test_it_names_the_first_broken_entry(cast: Cast, attacker: Attacker, change, number: int | None,
                                         what: str) -> None:
    last = cast.case_row().audit_number
    attacker.run(change(cast))
    assert broken(cast) == [Broken(cast.case, number or last, what)]


def test_heads_that_were_printed_are_gone_on_from(cast: Cast, attacker: Attacker) -> None:
    lines = audit.as_lines(audit.heads(cast.platform))
    backup = attacker.copy()
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    kept = audit.from_lines(lines)
    assert len(kept) == 3 and not broken(cast, heads=kept)
    later = audit.heads(cast.platform)
    attacker.put_back(backup)
    number = later[cast.case].number
    assert not broken(cast)  # the chain by itself holds
    assert broken(cast, heads=later) == [Broken(cast.case, number, "head kept elsewhere")]
    gone = uuid4()
    assert broken(cast, heads={**kept, gone: Head(3, b"x")}) == [Broken(gone, 1, "missing")]


@pytest.mark.parametrize("change", [
    lambda lines: lines[1:], lambda lines: lines[:-1], lambda lines: [lines[0], *lines[2:]],
    lambda lines: [],
    lambda lines: [line.replace(" 1", " 2") for line in lines],
    lambda lines: [lines[0], "a b", lines[-1]],
    lambda lines: [lines[0], *lines[2:3], lines[1], *lines[3:]]])
def test_heads_that_were_altered_are_refused(cast: Cast, change) -> None:
    with pytest.raises(NotAcceptable):
        audit.from_lines(change(audit.as_lines(audit.heads(cast.platform))))


def test_an_empty_chain_has_a_head_too() -> None:
    heads = {uuid4(): Head(0, b""), uuid4(): Head(2, b"two")}
    assert audit.from_lines([f" {line}\n" for line in audit.as_lines(heads)]) == heads


# evolving keys

@pytest.fixture
def first(cast: Cast) -> FirstKeys:
    """The keys that the operator keeps, begun in an installation that had cases, and a case opened
    since."""
    kept: list[FirstKeys] = []
    audit.begin_evolving(cast.platform, bytes(range(32)), kept.append)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    pace.end_pause(cast.platform, cast.harmed.me, cast.case)
    new = open_and_halt.open_case(cast.platform, cast.first.me)
    open_and_halt.halt(cast.platform, cast.first.me, new)
    return kept[0]


def test_who_has_the_first_keys_can_check_every_entry_since(
    cast: Cast, attacker: Attacker, first: FirstKeys
) -> None:
    assert not broken(cast, first=first)
    assert not broken(cast, first=audit.from_text(audit.as_text(first)))
    since = [row for row in attacker.rows(AuditEntry) if row["evolved"]]
    assert len(since) == 7 and len({row["evolved"] for row in since}) == 7


def rewritten(cast: Cast, db: Session, case: Case, number: int, **changes: object) -> None:
    """Write a chain anew from an entry on, as the key file lets its thief: the first MACs all hold
    afterwards."""
    entries = db.scalars(select(AuditEntry).where(AuditEntry.case_id
                                                  == case.id).order_by(AuditEntry.number)).all()
    before = entries[number - 2].mac if number > 1 else b""
    for entry in entries[number - 1:]:
        for name, value in (changes if entry.number == number else {}).items():
            setattr(entry, name, value)
        entry.mac = before = attest(
            cast.platform.keys.audit, "audit", case=entry.case_id, number=entry.number,
            at=microseconds(entry.at),
            actor=entry.actor_id, event=entry.event, subject=entry.subject_id, about=entry.about_id,
            left=entry.left,
            entered=entry.entered, before=before)
    case.audit_head = before


def test_a_thief_of_the_key_file_cannot_rewrite_what_was_before(cast: Cast, attacker: Attacker,
                                                                first: FirstKeys) -> None:
    number = cast.case_row().audit_number - 1
    with attacker._unguarded() as connection, Session(connection) as db:
        rewritten(cast, db, db.get_one(Case, cast.case), number, event=Event.READY_SAID.value)
        db.flush()
    assert not broken(cast)  # the program alone does not see it
    assert broken(cast, first=first) == [Broken(cast.case, number, "evolving mac")]


def test_nor_cut_the_end_off(cast: Cast, attacker: Attacker, first: FirstKeys) -> None:
    number = cast.case_row().audit_number
    with cast.platform.reading() as db:
        before = record.since(db, cast.case, number - 1)[0].mac
    attacker.run(delete(AuditEntry).where(AuditEntry.case_id == cast.case,
                                          AuditEntry.number == number),
                 of(Case, cast.case).values(audit_number=number - 1, audit_head=before))
    assert not broken(cast)
    assert broken(cast, first=first) == [Broken(cast.case, number, "evolving key")]


def test_nor_take_a_case_away_or_make_one_up(cast: Cast, attacker: Attacker,
                                             first: FirstKeys) -> None:
    attacker.run(delete(AuditEntry).where(AuditEntry.case_id == cast.case),
                 delete(Case).where(Case.id == cast.case))
    assert broken(cast, first=first) == [Broken(cast.case, 1, "missing")]
    with cast.platform.writing() as db:
        made_up = Case(id=uuid4(), reference="made up", opened_at=cast.clock(), epoch=1,
                       audit_number=0, audit_head=b"", audit_key=b"")
        db.add(made_up)
        db.flush()
        record.add(cast.platform, db, made_up, Event.CASE_OPENED, cast.first.id, made_up.id)
    assert Broken(made_up.id, 1,
                  "not begun in the installation's trail") in broken(cast, first=first)


def test_a_key_that_somebody_broke_stops_nobody_from_stopping(
    cast: Cast, attacker: Attacker, first: FirstKeys
) -> None:
    attacker.run(of(Case, cast.case).values(audit_key=b"broken"))
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    assert cast.case_row().stopped_at is not None and not broken(cast)
    assert [found.what for found in broken(cast, first=first)] == ["evolving mac"]
    attacker.run(update(Installation).values(audit_key=b"broken"))
    assert open_and_halt.open_case(cast.platform, cast.first.me)


def test_they_begin_once_unless_told_anew_and_not_without_being_kept(
    cast: Cast, first: FirstKeys
) -> None:
    with pytest.raises(NotPossibleNow):
        audit.begin_evolving(cast.platform, bytes(32), lambda _: None)

    def full(_: FirstKeys) -> None:
        raise OSError(28, "no space left")
    with pytest.raises(OSError):
        audit.begin_evolving(cast.platform, bytes(32), full, again=True)
    assert not broken(cast, first=first)
    kept: list[FirstKeys] = []
    audit.begin_evolving(cast.platform, bytes(32), kept.append, again=True)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    assert not broken(cast, first=kept[0])
    assert {found.what for found in broken(cast, first=first)} <= {"evolving mac", "evolving key"}


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": "rjx1 audit key"}',
                                  '{"format": "rjx1 audit key", "installation": "x", "key": '
                                  '"00", "after": {}}'])
def test_what_is_no_file_of_audit_keys_is_refused(text: str) -> None:
    with pytest.raises(NotAcceptable):
        audit.from_text(text)


def test_the_keys_still_evolve_after_a_rotation(cast: Cast, first: FirstKeys) -> None:
    own = cast.platform
    cast.platform = replace(own, keys=own.keys.rotated(own.random))
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    assert not broken(cast, first=first)
    with cast.platform.reading() as db:
        assert db.scalars(select(Installation)).one().audit_key
    cast.platform = own


def test_what_was_undone_leaves_the_evolving_key_where_it_was(
    cast: Cast, attacker: Attacker, first: FirstKeys,
) -> None:
    with cast.platform.writing() as db:
        case = db.get_one(Case, cast.case, with_for_update=True)
        with pytest.raises(ValueError), record.savepoint(cast.platform, db):
            record.add(cast.platform, db, case, Event.PAUSED, cast.harmed.id, case.id)
            raise ValueError
        record.add(cast.platform, db, case, Event.PAUSED, cast.harmed.id, case.id)
    assert not broken(cast, first=first)
