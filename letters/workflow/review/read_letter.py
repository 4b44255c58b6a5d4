"""The review desk: claim a letter, read it with its findings, record a disposition for each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rules.errors import CaseKeyMissing, NotAllowed, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.letter.decisions import require_possible
from letters.rules.letter.lifecycle import TRANSITIONS, Action, State
from letters.rules.permissions import Permission
from letters.screening import Finding
from letters.storage import desk_rows
from letters.storage.tables.letters import CaseKey, Grant, Letter, Version
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.access.enter import (
    LetterAccess,
    letter_to_change,
    letter_to_read,
    part_of,
    told_of,
)
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review import care, second_reading, unaltered
from letters.workflow.screening import sealed_findings
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing.versions import check_bar, place_of

CLAIM = timedelta(hours=2)
"""How long a claim lasts without a decision."""

DISPOSITIONS = "dispositions"


@dataclass(frozen=True)
class Reading:
    """A letter as the case team reads it: ``notes`` and ``dispositions`` as far
    as ``curtain`` shows them."""

    room: LetterAccess
    version: Version
    case_key: Identity
    letter_key: bytes
    text: str
    findings: tuple[Finding, ...]
    notes: list[OpenNote]
    dispositions: dict[int, Disposition]
    curtain: second_reading.Curtain


def claim(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Claim a letter for two hours, visible to the others.
    Raises ``NotPossibleNow`` while a colleague has it."""
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        letter = room.letter
        require_possible(told_of(platform, db, room), Action.CLAIM, part_of(me, room))
        require_not_claimed_by_other(platform, me, letter)
        require_key(platform, db, me, letter)
        if not is_held_by(platform, letter, me.person):
            care.count(platform, db, me)
        take(platform, db, letter, me.person)
        record.add(platform, db, room.case, Event.LETTER_CLAIMED, me.person, letter.id)


def unclaim(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Give a claimed letter back to the desk, without a reason."""
    with platform.writing() as db:
        letter = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW).letter
        if letter.claimed_by == me.person:
            free(letter)


def free(letter: Letter) -> None:
    """Let nobody hold the letter, and nobody ask for it."""
    letter.claimed_by = letter.claimed_until = letter.wanted_by = letter.wanted_at = None


def take(platform: Platform, db: Session, letter: Letter, holder: UUID) -> None:
    """Give the letter to this person for two hours.
    A colleague's request for it lapses if the holder changes."""
    if letter.claimed_by != holder:
        letter.wanted_by = letter.wanted_at = None
    letter.claimed_by, letter.claimed_until = holder, platform.now() + CLAIM
    desk_rows.set_aside(db, holder, letter.id, None)


def require_key(platform: Platform, db: Session, me: SignedIn, letter: Letter) -> None:
    """Check that this member can open the letter. Raises ``NotAllowed`` or ``CaseKeyMissing``."""
    epoch = db.scalar(select(Version.epoch).where(Version.id == letter.submitted_id)) or 0
    if db.get(CaseKey, (letter.case_id, epoch, me.person)) is None:
        raise _sealed_to_others(case_keys.open_all(platform, db, me, letter.case_id))


def is_held_by(platform: Platform, letter: Letter, person: UUID) -> bool:
    """Returns True while this person's claim lasts."""
    return (letter.claimed_by == person and letter.claimed_until is not None
            and letter.claimed_until > platform.now())


def possible(me: SignedIn, room: LetterAccess) -> frozenset[Action]:
    """What the table lets this person do to the letter as it stands.
    Each verb checks by itself whose claim it is."""
    part, state = part_of(me, room), State(room.letter.state)
    return frozenset(row.action for row in TRANSITIONS if (row.by, row.before) == (part, state))


def letter_for(platform: Platform, me: SignedIn, letter_id: UUID) -> Reading:
    """Read a submitted letter as a member of the case team;
    nothing is shown that does not verify."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_SEE)
        return reading(platform, db, me, room)


def dispose(
    platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
    chosen: dict[int, Disposition]
) -> None:
    """Keep this reader's dispositions of the findings,
    sealed to the case team. The last save counts.

    Raises ``NotPossibleNow`` if there is a newer version.
    """
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        if room.letter.submitted_id != version_id:
            raise NotPossibleNow("there is a newer version")
        words = json.dumps({str(number): disposition.value for number,
                            disposition in chosen.items()})
        sealed_notes.for_team(platform, db, me, room, version_id, DISPOSITIONS, words)


def reading(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> Reading:
    """Open the submitted version: grant, author's signature, findings, notes.

    Raises ``Tampered`` if any of them does not verify.
    """
    letter = room.letter
    version = submitted_version(db, letter)
    ring = case_keys.open_all(platform, db, me, letter.case_id)
    if version.epoch not in ring:
        raise _sealed_to_others(ring)
    return reading_with(platform, db, me, room, version, ring)


def submitted_version(db: Session, letter: Letter) -> Version:
    """The version that is read. Raises ``NotPossibleNow`` if there is none,
    ``Tampered`` if its row is gone."""
    if letter.submitted_id is None:
        raise NotPossibleNow("it was not submitted")
    version = db.get(Version, letter.submitted_id)
    if version is None:
        raise Tampered(letter.id, letter.case_id)
    return version


def reading_with(platform: Platform, db: Session, me: SignedIn, room: LetterAccess,
                 version: Version,
                 ring: Mapping[int, Identity]) -> Reading:
    """The same, with case keys at hand; ``ring`` has the key of the version's epoch."""
    letter, case_key = room.letter, ring[version.epoch]
    told = record.read(platform, db, letter.case_id).letter(letter.id)
    check_bar(platform, letter, version, told)
    # who takes part is asked for here, as a page is made when the transaction is over
    if letter.author_id not in {person.id for _, person in room.participants}:
        raise Tampered(letter.id, letter.case_id)
    try:
        letter_key, text = open_words(platform, db, letter, version, case_key)
        found = sealed_findings.opened(version, letter.case_id, case_key)
        unaltered.require_agreed(letter, version, told)
        unaltered.require_alone(db, letter, version)
        unaltered.require_marked(letter, version, text)
        unaltered.require_nothing_else_changed(platform, db, letter, version, text, ring)
        said = sealed_notes.opened_by_team(platform, db, ring, letter.case_id, version.id)
    except (CannotOpen, Tampered):
        raise Tampered(letter.id, letter.case_id) from None
    curtain = second_reading.curtain(platform, db, me, room)
    said = curtain.shown(said)
    return Reading(room, version, case_key, letter_key, text, found, said,
                   _dispositions(said, me.person), curtain)


def open_words(
    platform: Platform, db: Session, letter: Letter, version: Version, case_key: Identity
) -> tuple[bytes, str]:
    """The letter key and the text of a version that was handed in,
    opened with the case key of its epoch.

    Raises ``CannotOpen`` if the grant or the author's signature does not hold.
    """
    author = directory.keys_of_person(platform, db, letter.author_id)
    grant = db.get(Grant, (version.id, "case", letter.case_id, version.epoch))
    if grant is None or author is None:
        raise CannotOpen
    letter_key = sealing.open_case_grant(case_key, letter.case_id, version.epoch, grant.sealed,
                                         version.id)
    return letter_key, sealing.open_letter(version.body, place_of(letter, version), letter_key,
                                           author.verifier)


def _sealed_to_others(ring: Mapping[int, Identity]) -> NotAllowed:
    """Why a member lacks the key of an epoch:
    they joined later without a handover, or have new keys."""
    return NotAllowed("sealed before they joined") if ring else CaseKeyMissing()


def require_not_claimed_by_other(platform: Platform, me: SignedIn, letter: Letter) -> None:
    """Raises ``NotPossibleNow`` while a colleague's claim lasts."""
    if (letter.claimed_by not in (None,
                                 me.person) and letter.claimed_until
        and letter.claimed_until > platform.now()):
        raise NotPossibleNow("somebody else has claimed it")


def _dispositions(said: list[OpenNote], reader: UUID) -> dict[int, Disposition]:
    own = [note for note in said if note.kind == DISPOSITIONS and note.written_by == reader]
    chosen: dict[str, str] = json.loads(own[-1].words) if own else {}
    return {int(number): Disposition(value) for number, value in chosen.items()}
