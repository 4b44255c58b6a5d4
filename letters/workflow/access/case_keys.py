"""Epochs of a case's key. A new one begins when somebody must not read what comes later, or was not
meant to read what came before.

The holder of an epoch's key reads everything that was sealed to the team in that epoch, and nothing
else.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys.identity import Identity
from letters.rules.errors import KeyNotConfirmed
from letters.rules.letter.redacted import HANDED_IN
from letters.storage.tables.letters import Case, CaseKey, Letter, Member, Note, Version
from letters.workflow.access import directory, spare_keys
from letters.workflow.platform import Platform, SignedIn


def begin_epoch(platform: Platform, db: Session, case: Case, epoch: int,
                members: Mapping[UUID, bytes]) -> bytes:
    """Make the case key of an epoch, publish it, seal it to these members and vouch for each of
    them in this epoch. The case is locked.

    ``members``: each with the key that the roster names. A member whose access was reset stays in
    the team but gets no case key until a colleague signs for the new key: until then we cannot know
    who they are.
    Returns the key's name, which its fact binds.
    """
    case_key, case.epoch = Identity(platform.random(32)), epoch
    directory.publish(platform, db, "case", case.id, epoch, case_key)
    db.flush()
    for member in db.scalars(select(Member).where(Member.case_id == case.id,
                                                  Member.person_id.in_(members))):
        directory.attest_member(platform, member, epoch)
    for person, kid in sorted(members.items()):
        with suppress(KeyNotConfirmed):
            sealed = directory.sealed_case_key(platform, db, case.id, epoch, case_key, person, kid)
            db.add(CaseKey(case_id=case.id, epoch=epoch, member_id=person, sealed=sealed))
    spare_keys.seal_spares(platform, db, case.id, epoch, case_key)
    db.flush()
    return case_key.both_halves


def holders(db: Session, case: UUID) -> dict[int, frozenset[UUID]]:
    """The people who hold the key of each epoch."""
    found: dict[int, set[UUID]] = {}
    for epoch, member in db.execute(select(CaseKey.epoch,
                                           CaseKey.member_id).where(CaseKey.case_id == case)):
        found.setdefault(epoch, set()).add(member)
    return {epoch: frozenset(people) for epoch, people in found.items()}


def open_all(platform: Platform, db: Session, me: SignedIn, case: UUID) -> dict[int, Identity]:
    """Every case key that this member holds.
    Raises ``Tampered`` if one is not the key in the directory."""
    rows = db.scalars(select(CaseKey).where(CaseKey.case_id == case,
                                            CaseKey.member_id == me.person)).all()
    return {row.epoch: directory.opened_case_key(platform, db, me, case, row.epoch, row.sealed)
            for row in rows}


def openable(db: Session, letters: Collection[Letter], held: Collection[int]) -> frozenset[UUID]:
    """Those of these letters that were submitted under an epoch whose key is in ``held``."""
    return frozenset(db.scalars(select(Version.letter_id).where(
        Version.id.in_([letter.submitted_id for letter in letters]),
        Version.epoch.in_(list(held)))))


def live(db: Session, case: UUID) -> frozenset[int]:
    """The epochs with something that the team must stay able to read: a submitted letter or a
    note."""
    letters = select(Version.epoch).join(Letter, Letter.id == Version.letter_id).where(
        Letter.case_id == case, Version.kind.in_(HANDED_IN))
    notes = select(Note.epoch).where(Note.reader_kind == "case", Note.reader_id == case)
    return frozenset(db.scalars(letters.union(notes)))
