"""Who has approved a version in this round: signed decisions, held against the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from letters.rules.errors import Tampered
from letters.storage.store import microseconds
from letters.storage.tables.letters import DecisionRow, Letter, Version
from letters.workflow.access import directory
from letters.workflow.platform import Platform
from letters.workflow.record import bindings

APPROVE = "approve"


@dataclass(frozen=True)
class Approvals:
    """The people who have approved a version in this round; every signature verifies."""

    readers: frozenset[UUID]
    needed: int

    @property
    def enough(self) -> bool:
        """True if as many different people approved as are needed."""
        return len(self.readers) >= self.needed


def approvals(platform: Platform, db: Session, letter: Letter, version: Version,
              approved: Mapping[UUID, bytes] | None = None,
              keys: Mapping[UUID, directory.Keys] | None = None) -> Approvals:
    """Count the distinct people whose signed approval of this version in this round verifies.

    ``approved``: the people who approved in this round by the record, with what that binds; members
    who left later still count. The author never counts. ``keys``: of these people, if they are at
    hand.
    Raises ``Tampered`` if a signature does not verify, or unless the signed decisions are exactly
    theirs.
    """
    rows = db.scalars(select(DecisionRow).where(DecisionRow.version_id == version.id,
                                                DecisionRow.verdict == APPROVE,
                                                DecisionRow.round == letter.round)).all()
    if keys is None:
        keys = directory.keys_of_people(platform, db, [row.reader_id for row in rows])
    readers = set()
    for row in rows:
        try:
            verifier = keys[row.reader_id].signer(
                (approved or {}).get(row.reader_id, b""), partial(bindings.decision, row))
            sealing.verify_decision(verifier, decision_of(letter, version, row), row.signature)
        except (CannotOpen, KeyError):
            raise Tampered(letter.id, letter.case_id) from None
        if row.reader_id != letter.author_id:
            readers.add(row.reader_id)
    if approved is not None and readers != approved.keys():
        raise Tampered(letter.id, letter.case_id)
    return Approvals(frozenset(readers), version.needed)


def decision_of(letter: Letter, version: Version, row: DecisionRow) -> sealing.Decision:
    """What the reader of this row signed."""
    return sealing.Decision(version.id, version.digest, version.findings_hash, row.verdict,
                            letter.recipient_id,
                            row.reader_id, row.round, version.policy, version.needed,
                            microseconds(row.at))
