"""Comparing a letter with earlier ones of the same writer,
for the facilitators who read it and for nobody else."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from keys.errors import CannotOpen
from keys.identity import Identity, sha256
from letters.rules.errors import Tampered
from letters.rules.letter.redacted import HANDED_IN
from letters.screening import Finding
from letters.screening.earlier_letters import Remark, across
from letters.storage.tables.letters import DecisionRow, Letter, Version
from letters.workflow.access import case_keys, sealed_notes
from letters.workflow.decision.decide import RETURN
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.review.read_letter import DISPOSITIONS, Reading
from letters.workflow.screening import sealed_findings
from letters.workflow.screening.sealed_findings import Disposition

MOST = 10
"""How many earlier versions are looked at: each is opened for one page."""


def remarks(platform: Platform, me: SignedIn, read: Reading) -> tuple[Remark, ...]:
    """What only several letters show together.

    An earlier letter that this member cannot open, or that does not verify, adds nothing here; its
    own page says so.
    """
    with platform.reading() as db:
        ring = case_keys.open_all(platform, db, me, read.room.letter.case_id)
        before, returned = list[tuple[Finding, ...]](), list[str]()
        for letter, version, was_returned in _earlier(db, read):
            found = _findings(platform, letter, version, ring)
            if found is None:
                continue
            if letter.id != read.room.letter.id and letter.submitted_id == version.id:
                before.append(found)
            if was_returned:
                with suppress(Tampered):
                    returned += _asked_to_change(platform, db, letter.case_id, version.id, found,
                                                 ring)
    return across(read.text, read.findings, before, returned)


def _earlier(db: Session, read: Reading) -> list[tuple[Letter, Version, bool]]:
    """The versions handed in on this channel before, the newest `MOST`, oldest first,
    and whether each was returned."""
    returned = exists().where(DecisionRow.version_id == Version.id, DecisionRow.verdict == RETURN)
    rows = db.execute(
        select(Letter, Version, returned).join(Version, Version.letter_id == Letter.id)
        .where(Letter.case_id == read.room.letter.case_id,
               Letter.channel_id == read.room.letter.channel_id,
               Version.kind.in_(HANDED_IN), Version.saved_at < read.version.saved_at,
               Version.id != read.version.id)
        .order_by(Version.saved_at.desc(), Version.id).limit(MOST)).all()
    return [(letter, version, bool(was)) for letter, version, was in reversed(rows)]


def _findings(platform: Platform, letter: Letter, version: Version,
              ring: Mapping[int, Identity]) -> tuple[Finding, ...] | None:
    if version.epoch not in ring or not _is_attested(platform, letter, version):
        return None
    with suppress(CannotOpen):
        return sealed_findings.opened(version, letter.case_id, ring[version.epoch])
    return None


def _is_attested(platform: Platform, letter: Letter, version: Version) -> bool:
    """True if the server attested these findings in some round; the row does not say in which."""
    for number in range(letter.round, 0, -1):
        with suppress(CannotOpen):
            platform.keys.require(version.screening_mac, "screening", version=version.id,
                                  digest=version.digest,
                                  findings_hash=sha256(version.findings),
                                  recipient=letter.recipient_id, round=number,
                                  policy=version.policy, needed=version.needed)
            return True
    return False


def _asked_to_change(platform: Platform, db: Session, case: UUID, version: UUID,
                     found: tuple[Finding, ...],
                     ring: Mapping[int, Identity]) -> Iterator[str]:
    """The quotes of the findings that a reader marked "ask the writer",
    by each reader's last save."""
    said = sealed_notes.opened_by_team(platform, db, ring, case, version)
    last = {note.written_by: json.loads(note.words) for note in said if note.kind == DISPOSITIONS}
    asked = {int(number) for chosen in last.values() for number,
             what in chosen.items() if what == Disposition.ASK}
    return (found[number].quote for number in sorted(asked) if number < len(found))
