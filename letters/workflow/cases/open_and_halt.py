"""A facilitator opens a case, or halts it."""

from uuid import UUID

from keys.passphrase import new_code
from letters.rules.case.history import NO_CONFLICT
from letters.rules.case.process import Source
from letters.rules.errors import NotAcceptable
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage import locks
from letters.storage.tables.letters import Case, Member
from letters.workflow.access import case_keys, directory, roster, sealed_notes
from letters.workflow.access.enter import CaseAccess, case_to_change, case_to_read, wake
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import evolving_key, record


def open_case(platform: Platform, me: SignedIn, source: Source = Source.FACILITATOR,
              words: str = "", conflict: bool | None = None) -> UUID:
    """Open a case with oneself as its first facilitator; its key is made and sealed to its team.
    ``source``: who asked for the exchange. ``words``: optional, for the team. ``conflict``: whether
    one has a conflict of interest, None if that was not asked.
    Raises ``NotAcceptable`` with a conflict: a colleague opens it then.
    Returns the case's id."""
    may(me.actor, Permission.CASE_OPEN)
    if conflict:
        raise NotAcceptable("interest", marked("Then ask a colleague to open this case, without "
                                               "you in its team."))
    words = sealed_notes.checked("words", words) if words.strip() else ""
    with platform.writing() as db:
        case = Case(id=platform.new_id(), reference=new_code(platform.random, 2),
                    opened_at=platform.now(), epoch=1,
                    audit_number=0, audit_head=b"", audit_key=b"")
        db.add(case)
        db.flush()
        member = Member(case_id=case.id, person_id=me.person, joined_at=platform.now())
        db.add(directory.attest_member(platform, member, case.epoch))
        key = case_keys.begin_epoch(platform, db, case, case.epoch,
                                    {me.person: me.identity.kid})
        # locked after people, as everywhere
        installation = locks.installation(db)
        # its next entry must name the case, so that the holder of the very first key can derive
        # the case's
        evolving = record.evolves_with(platform, db, installation)
        if evolving is not None:
            evolving_key.lay(platform, case, evolving_key.first_of(evolving, case.id), 1)
        record.add(platform, db, installation, Event.CASE_OPENED, me.person, case.id)
        record.add(platform, db, case, Event.CASE_OPENED, me.person, case.id, detail=key)
        record.add(platform, db, case, Event.REFERRED, me.person, case.id, entered=source.name)
        roster.begin_roster(platform, db, me, case, "" if conflict is None else NO_CONFLICT)
        if words:
            db.flush()
            alone = CaseAccess(case, frozenset({me.person}), frozenset(), None, list)
            sealed_notes.for_team(platform, db, me, alone, case.id, "referral", words)
        return case.id


def case_to_halt(platform: Platform, me: SignedIn, case_id: UUID) -> Case:
    """A case that this person can halt, whether or not its record holds."""
    with platform.reading() as db:
        return case_to_read(platform, db, me, case_id, Permission.CASE_HALT).case


def halt(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Halt the case: from this commit on nothing is released, until a facilitator lifts the
    halt."""
    with platform.writing() as db:
        case = case_to_change(platform, db, me, case_id, Permission.CASE_HALT).case
        case.halted_at = case.halted_at or platform.now()
        record.add(platform, db, case, Event.HALTED, me.person, case.id)


def lift_halt(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Let the exchange go on, as far as the other gates allow.
    Raises ``CaseKeyMissing`` for a member whose new key no colleague has signed for."""
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_HALT)
        roster.require_known(platform, db, me, room)
        case = room.case
        case.halted_at = None
        record.add(platform, db, case, Event.HALT_LIFTED, me.person, case.id)
        wake(db, case, platform.now())
    platform.nudge()
