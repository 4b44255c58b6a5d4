"""What must agree whatever was raced or killed: rows, versions, grants, decisions, desks and the
verified trail."""

from collections import Counter, defaultdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.accounts import OF_KEYS
from letters.rules.case.gates import missing
from letters.rules.case.history import TEAM_CHANGES, CaseHistory, folded
from letters.rules.case.process import OF_PROCESS
from letters.rules.case.stages import facts_in
from letters.rules.events import Event, Fact
from letters.rules.letter.lifecycle import ARRIVED, WAITING, State
from letters.storage.desk_rows import PASSED_ON
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    DeskCount,
    DeskEntry,
    Grant,
    Letter,
    SealedRelease,
    Version,
)
from letters.workflow.access import case_keys, directory
from letters.workflow.access.enter import CaseAccess, load_case
from letters.workflow.access.record_fact import parties_of
from letters.workflow.decision.approvals import approvals
from letters.workflow.platform import Platform
from letters.workflow.record import record
from letters.workflow.writing.versions import check_bar

NO_MOVES = {Event.PACE_SET, *OF_KEYS, *TEAM_CHANGES, *OF_PROCESS}
"""What fills ``entered`` and moves no letter."""


def agree(platform: Platform) -> Counter[str]:
    """Fail if anything is half done, early, twice or unread. Returns how many letters are in each
    state."""
    with platform.reading() as db:
        desks = defaultdict(set)
        for entry in db.scalars(select(DeskEntry)):
            desks[entry.letter_id].add((entry.person_id, entry.lane))
        lanes: Counter[tuple[UUID, str]] = Counter(row for rows in desks.values() for row in rows)
        for count in db.scalars(select(DeskCount)):
            assert count.letters == lanes[count.person_id, count.lane], "a desk's count"
        for case in db.scalars(select(Case)):
            entries = record.history(platform, db, case.id)
            _in_order(platform, load_case(platform, db, case.id, lock=False), entries)
            team, story = directory.team_of(platform, db, case.id), folded(_facts(entries))
            for letter in db.scalars(select(Letter).where(Letter.case_id == case.id)):
                _letter_agrees(platform, db, letter, story,
                               [e for e in entries if e.subject_id == letter.id])
                version = db.get(Version, letter.submitted_id) if letter.submitted_id else None
                able = team & case_keys.holders(db, case.id)[version.epoch] if version else team
                passed_on = story.letter(letter.id).first_readers
                waits = {(member, PASSED_ON if member in passed_on else letter.state)
                         for member in able} if State(letter.state) in WAITING else set()
                assert desks[letter.id] == waits, "the desks"
        return Counter(db.scalars(select(Letter.state)))


def _in_order(platform: Platform, room: CaseAccess, entries: list[AuditEntry]) -> None:
    """Each move leaves what the one before entered; nothing was released while anything was
    shut."""
    facts, parties = _facts(entries), parties_of(platform, room)
    stands: dict[UUID, str] = {}
    for number, entry in enumerate(entries):
        if entry.entered and entry.event not in NO_MOVES:
            assert entry.left == stands.get(entry.subject_id, ""), "a move that begins elsewhere"
            stands[entry.subject_id] = entry.entered
        if entry.event == Event.LETTER_RELEASED.value:
            story = folded(facts[:number])
            assert parties is not None
            author = next(person for person in (parties.harmed, parties.responsible)
                          if person != entry.about_id)
            day = entry.at.astimezone(platform.zone).date()
            assert not missing(facts_in(story, platform.framework, parties, author,
                                        day)), "released while it was shut"


def _facts(entries: list[AuditEntry]) -> list[Fact]:
    return [Fact(Event(e.event), e.subject_id, e.about_id, e.left, e.entered, e.at, e.actor_id)
            for e in entries]


def _letter_agrees(
    platform: Platform, db: Session, letter: Letter, story: CaseHistory, entries: list[AuditEntry]
) -> None:
    events = Counter(entry.event for entry in entries)
    versions = {row.id: row
                for row in db.scalars(select(Version).where(Version.letter_id == letter.id))}
    grants = defaultdict(set)
    for grant in db.scalars(select(Grant).where(Grant.version_id.in_(versions))):
        grants[grant.version_id].add((grant.reader_kind, grant.reader_id))
    submitted = [row for row in versions.values() if row.kind == "submitted"]
    moves = [entry.entered for entry in entries if entry.entered]
    assert moves and moves[-1] == letter.state, "row and trail"
    assert len(submitted) == events[Event.LETTER_SUBMITTED.value], "versions that were sent"
    assert letter.round == len(submitted) + events[Event.LETTER_RESUMED.value], "rounds"
    assert (letter.submitted_id is None) == (not submitted)
    assert letter.draft_id is None or letter.draft_id in versions
    for row in versions.values():
        expected = {("person", letter.author_id)} | ({("case", letter.case_id)}
                                                     if row.kind == "submitted" else set())
        if row.id == letter.submitted_id and State(letter.state) in ARRIVED:
            expected.add(("person", letter.recipient_id))
        assert grants[row.id] == expected, "grants"
    sealed = set(
        db.scalars(select(SealedRelease.version_id).where(SealedRelease.version_id.in_(versions)))
    )
    assert sealed == ({letter.submitted_id} if letter.state == State.APPROVED
                      else set()), "sealed releases"
    assert events[Event.LETTER_RELEASED.value] == (State(letter.state) in ARRIVED), "released once"
    assert (letter.released_at is not None) == (State(letter.state) in ARRIVED)
    if letter.submitted_id is not None:
        version = versions[letter.submitted_id]
        check_bar(platform, letter, version, story.letter(letter.id))
        if State(letter.state) in ARRIVED | {State.APPROVED}:
            approved = story.letter(letter.id).approvals
            assert approvals(platform, db, letter, version, approved).enough, "approvals"
