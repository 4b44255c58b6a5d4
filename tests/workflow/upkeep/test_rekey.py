"""After a rotation: everything is sealed and attested anew, row by row, and whoever stops half-way
goes on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import LargeBinary, update

from keys.vouching import attest
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.store import microseconds
from letters.storage.tables.desk import ContactWay
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    Installation,
    Member,
    Person,
    SealedRelease,
    Table,
    Version,
)
from letters.workflow.access import directory, spare_keys
from letters.workflow.accounts import invite, sign_in
from letters.workflow.notices import contact
from letters.workflow.platform import Platform
from letters.workflow.record import record
from letters.workflow.release import pace
from letters.workflow.upkeep import audit, rekey
from letters.workflow.upkeep.rekey import KEPT, Count, SealedColumn
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import Scene, answer_due, look
from tests.attacks.tables_attacked import everything_there_is
from tests.cast import PASSWORD, Cast
from tests.conftest import random_bytes


@pytest.fixture
def rotated(theatre: Theatre) -> Iterator[Scene]:
    """The cast in a house whose keys were rotated; afterwards it has its own again."""
    own, scene = theatre.cast.platform, theatre.play(answer_due)
    invite.invite_staff(own, Role.FACILITATOR, "Not here yet")
    audit.begin_evolving(own, bytes(32), lambda first: None)
    theatre.cast.platform = replace(own, keys=own.keys.rotated(random_bytes))
    yield scene
    theatre.cast.platform = own


def counted(cast: Cast) -> Count:
    """All rows together."""
    total = Count()
    for kept in KEPT:
        for name, number in vars(of_kind(cast.platform, kept)).items():
            setattr(total, name, getattr(total, name) + number)
    return total


def reseal(cast: Cast) -> None:
    for kept in KEPT:
        for _ in rekey.reseal(cast.platform, kept):
            pass
    spare_keys.seal_again(cast.platform)
    rekey.extend_trails(cast.platform)


def forget(cast: Cast) -> None:
    keys = cast.platform.keys.forgetting(rekey.release_keys_used(cast.platform))
    cast.platform = replace(cast.platform, keys=keys)


def test_between_rotating_and_resealing_everything_goes_on(
    theatre: Theatre, rotated: Scene
) -> None:
    cast = theatre.cast
    assert counted(cast).newest == 0 and counted(cast).neither == 0
    look(cast)
    assert cast.state(rotated.approved) is State.RELEASED
    new = cast.submitted(cast.harmed, "Written under the new keys.")
    cast.approve(new, cast.first)
    look(cast)
    assert cast.state(new) is State.RELEASED


@pytest.mark.both_databases
@pytest.mark.parametrize("batch", [1, 3, 200])
def test_resealing_leaves_nothing_under_a_former_key(theatre: Theatre, rotated: Scene, batch: int,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    cast = theatre.cast
    monkeypatch.setattr(rekey, "BATCH", batch)
    before = counted(cast)
    reseal(cast)
    after = counted(cast)
    assert (after.former, after.neither) == (0, 0) and after.newest >= before.former > 30
    assert rekey.release_keys_used(cast.platform) == {key.recipient.kid
                                                      for key in cast.platform.keys.release}
    forget(cast)
    assert len(cast.platform.keys.release) == 2  # the letter that waits still names the former
    with cast.platform.reading() as db:
        for chain in (*db.query(Installation), *db.query(Case)):
            assert record.whole(cast.platform, db, chain.id)[1] is None
        assert directory.name_of(cast.platform,
                                 db.get_one(Person, cast.harmed.id)) == "Hanna Harmed"
    look(cast)
    assert cast.state(rotated.approved) is State.RELEASED
    forget(cast)
    assert len(cast.platform.keys.release) == 1
    assert sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    cast.approve(rotated.in_review, cast.first)
    cast.approve(rotated.in_review, cast.second)
    look(cast)
    assert cast.state(rotated.in_review) is State.RELEASED


NOT_SEALED_HERE = {
    "sealed or signed by people, whose keys no rotation touches": (
        "versions.body", "versions.findings", "versions.content_note", "grants.sealed",
        "case_keys.sealed",
        "decisions.signature", "statements.signature", "notes.sealed", "asked.sealed",
        "rosters.signature",
        "pins.sealed", "spare_case_keys.sealed", "emergency_keys.sealed",
        "emergency_requests.second_signature", "feedback.sealed",
        "key_confirmations.signature", "kept_saves.sealed", "never_sent.sealed", "unsent.sealed",
        "sessions.root",
        "people.root_by_password", "people.root_by_recovery"),
    "sealed to a release key, and sealed again by its own command": ("sealed_releases.sealed",),
    "under a key that no rotation makes anew": (
        "second_factors.secret", "people.lookup", "people.verifier", "people.salt",
        "invitations.lookup",
        "resets.lookup", "attempts.lookup", "sent_forms.key", "unsent.place", "unsent.form"),
    "the trail, which is never written anew": (
        "audit.mac", "audit.evolved", "audit.detail", "cases.audit_head",
        "installation.audit_head"),
    "names of keys, hashes, public halves and lists of ids": (
        "sessions.id", "sessions.kid", "public_keys.sealing", "public_keys.verifying",
        "versions.parent",
        "versions.digest", "versions.findings_hash", "sealed_releases.recipient_kid",
        "sealed_releases.release_kid",
        "statements.recipient_kid", "statements.sealed_hash", "rosters.members",
        "spare_case_keys.release_kid"),
}
"""Every other column of bytes, and why no rotation has to reach it."""


def test_no_column_that_a_key_of_the_key_file_seals_is_left_out() -> None:
    """What is left out of a rotation is lost for good once the former keys are forgotten."""
    columns = {f"{table.name}.{column.name}" for table in Table.metadata.sorted_tables
               for column in table.columns
               if isinstance(column.type, LargeBinary)}
    kept = {f"{kept.table.__tablename__}.{kept.column}" for kept in KEPT}
    others = [column for named in NOT_SEALED_HERE.values() for column in named]
    assert len(others) == len(set(others)) and not kept & set(others)
    assert columns == kept | set(others)


def test_a_rotation_reaches_a_row_of_every_kind(theatre: Theatre) -> None:
    """And what only it could open is still there once the former keys are forgotten."""
    theatre.play(everything_there_is)
    cast, own = theatre.cast, theatre.cast.platform
    audit.begin_evolving(own, bytes(32), lambda first: None)
    before, wanted = {kept.name: of_kind(own, kept) for kept in KEPT}, ways(cast)
    assert [name for name, count in before.items() if not count.newest] == []
    cast.platform = replace(own, keys=own.keys.rotated(random_bytes))
    try:
        assert [kept.name for kept in KEPT if of_kind(cast.platform, kept).newest] == []
        reseal(cast)
        forget(cast)
        after = {kept.name: of_kind(cast.platform, kept) for kept in KEPT}
        assert {name: count.newest for name, count in after.items()} == {
            name: count.newest for name, count in before.items()}
        assert not any(count.former or count.neither for count in after.values())
        assert ways(cast) == wanted and any(way.address for way in wanted)
    finally:
        cast.platform = own


def ways(cast: Cast) -> list[contact.ContactChoice]:
    """How everybody wants to hear who said so."""
    with cast.platform.reading() as db:
        return [contact.way_of(cast.platform, db, row.person_id)
                for row in db.query(ContactWay).order_by(ContactWay.person_id)]


def of_kind(platform: Platform, kept: SealedColumn) -> Count:
    """All rows of one kind."""
    total = Count()
    for count in rekey.check(platform, kept):
        for name, number in vars(count).items():
            setattr(total, name, getattr(total, name) + number)
    return total


@pytest.mark.both_databases
def test_resealing_can_be_stopped_anywhere_and_run_again(theatre: Theatre, rotated: Scene,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    cast, (stopped_at, tries) = theatre.cast, (0, 0)
    monkeypatch.setattr(rekey, "BATCH", 4)
    real = rekey._renew
    while True:
        tries += 1
        renewed = iter(range(7))

        def renew(*of: object, renewed: Iterator[int] = renewed) -> str:
            if next(renewed, None) is None:
                raise KeyboardInterrupt
            return real(*of)  # type: ignore[arg-type]
        monkeypatch.setattr(rekey, "_renew", renew)
        try:
            reseal(cast)
            break
        except KeyboardInterrupt:
            now = counted(cast).newest
            assert now > stopped_at and not counted(cast).neither  # what was done stays done
            stopped_at = now
    assert tries > 5 and counted(cast).former == 0
    forget(cast)
    look(cast)
    assert cast.state(rotated.approved) is State.RELEASED


@pytest.mark.both_databases
def test_a_row_that_changes_meanwhile_is_not_overwritten(theatre: Theatre, rotated: Scene) -> None:
    cast = theatre.cast
    kept = next(kept for kept in KEPT if kept.name == "members")
    with cast.platform.writing() as db:
        row = db.query(Member).filter(Member.case_id == cast.case).first()
        assert row is not None
        stands, fields = rekey._stands(cast.platform, db, kept, row)
        assert stands == rekey.FORMER
        db.execute(update(Member).where(Member.case_id == row.case_id,
                                        Member.person_id == row.person_id)
                   .values(mac=b"written meanwhile").execution_options(synchronize_session=False))
        assert rekey._renew(cast.platform, db, kept, row, fields) == rekey.FORMER
    assert b"written meanwhile" in {member["mac"] for member in theatre.attacker.rows(Member)}


def test_rows_that_no_key_opens_are_counted_and_left(theatre: Theatre,
                                                     rotated: Scene, attacker: Attacker) -> None:
    cast = theatre.play(answer_due) and theatre.cast
    attacker.run(
        update(Person)
        .where(Person.id == cast.harmed.id)
        .values(name=b"made up", role="responsible"),
        update(Version)
        .where(Version.id == cast.row(rotated.approved).submitted_id)
        .values(needed=1),
    )
    reseal(cast)
    assert counted(cast).neither == 3
    with cast.platform.reading() as db, pytest.raises(Tampered):
        directory.role_of(cast.platform, db.get_one(Person, cast.harmed.id))


def test_who_has_the_former_keys_can_forge_nothing_afterwards(
    theatre: Theatre, rotated: Scene
) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    thief = replace(cast.platform, keys=replace(cast.platform.keys,
                                                directory=cast.platform.keys.former.directory[0]))
    reseal(cast)
    forget(cast)
    joined = cast.clock()
    mac = attest(thief.keys.directory, "member", case=cast.case,
                 person=cast.stranger_facilitator.id,
                 joined=microseconds(joined), epoch=cast.case_row().epoch)
    attacker.put(Member, {"case_id": cast.case, "person_id": cast.stranger_facilitator.id,
                          "joined_at": joined,
                          "mac": mac})
    look(cast)
    assert cast.state(rotated.approved) is State.APPROVED
    # an entry of the trail, under the former key
    with thief.writing() as db:
        case = db.get_one(Case, cast.strange_case)
        record.add(thief, db, case, Event.HALT_LIFTED, record.NOBODY, case.id)
    with cast.platform.reading() as db, pytest.raises(Tampered):
        record.read(cast.platform, db, cast.strange_case)


def test_each_trail_is_extended_once_and_a_broken_one_is_left(
    theatre: Theatre, rotated: Scene
) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    attacker.run(update(AuditEntry).where(AuditEntry.case_id == cast.strange_case,
                                          AuditEntry.number == 1).values(
        actor_id=cast.first.id))
    assert rekey.extend_trails(cast.platform) == 2
    assert rekey.extend_trails(cast.platform) == 0
    assert [row["case_id"]
            for row in attacker.rows(AuditEntry, AuditEntry.event == "keys rotated")].count(
        cast.strange_case) == 0


def test_a_sealed_release_keeps_its_release_key(theatre: Theatre, rotated: Scene) -> None:
    cast = theatre.cast
    kid = theatre.attacker.rows(SealedRelease)[0]["release_kid"]
    assert kid in {key.recipient.kid
                   for key in cast.platform.keys.forgetting(frozenset({kid})).release}
