"""Epochs of a case's key. One begins whenever somebody must not read what comes later, or did not read what was before.

Who holds the key of an epoch reads everything that was sealed to the team in it, and nothing else.
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


def begin_epoch(platform: Platform, db: Session, case: Case, epoch: int, members: Mapping[UUID, bytes]) -> None:
    """Make the case key of an epoch, publish it, seal it to these members and vouch for them anew. The case is
    locked.

    ``members``: each with the key that the roster names. Whose access was reset, and whose new key nobody has signed
    for, stays a member and gets no case key: it is not known who they are."""
    case_key, case.epoch = Identity(platform.random(32)), epoch
    directory.publish(platform, db, "case", case.id, epoch, case_key)
    db.flush()
    for member in db.scalars(select(Member).where(Member.case_id == case.id, Member.person_id.in_(members))):
        directory.attest_member(platform, member, epoch)
    for person, kid in sorted(members.items()):
        with suppress(KeyNotConfirmed):
            db.add(CaseKey(case_id=case.id, epoch=epoch, member_id=person,
                           sealed=directory.sealed_case_key(platform, db, case.id, epoch, case_key, person, kid)))
    spare_keys.seal_spares(platform, db, case.id, epoch, case_key)
    db.flush()


def holders(db: Session, case: UUID) -> dict[int, frozenset[UUID]]:
    """Who holds the key of each epoch."""
    found: dict[int, set[UUID]] = {}
    for epoch, member in db.execute(select(CaseKey.epoch, CaseKey.member_id).where(CaseKey.case_id == case)):
        found.setdefault(epoch, set()).add(member)
    return {epoch: frozenset(people) for epoch, people in found.items()}


def open_all(platform: Platform, db: Session, me: SignedIn, case: UUID) -> dict[int, Identity]:
    """Every case key that this member holds; ``Tampered`` if one is not what the directory says."""
    rows = db.scalars(select(CaseKey).where(CaseKey.case_id == case, CaseKey.member_id == me.person)).all()
    return {row.epoch: directory.opened_case_key(platform, db, me, case, row.epoch, row.sealed) for row in rows}


def openable(db: Session, letters: Collection[Letter], held: Collection[int]) -> frozenset[UUID]:
    """Which of these letters were submitted under one of the epochs whose key somebody holds."""
    return frozenset(db.scalars(select(Version.letter_id).where(
        Version.id.in_([letter.submitted_id for letter in letters]), Version.epoch.in_(list(held)))))


def live(db: Session, case: UUID) -> frozenset[int]:
    """The epochs under which something lies that the team must stay able to read: a submitted letter or a note."""
    letters = select(Version.epoch).join(Letter, Letter.id == Version.letter_id).where(
        Letter.case_id == case, Version.kind.in_(HANDED_IN))
    notes = select(Note.epoch).where(Note.reader_kind == "case", Note.reader_id == case)
    return frozenset(db.scalars(letters.union(notes)))
