"""Two readers who see a letter differently (rule 13):
it is held, and a supervisor who did not read it gives a view.

The trail decides whether there is a disagreement and what settles it; the row only helps to find
it. Nothing here releases a letter: once it is settled, a new reading begins and both have to
approve again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, select, tuple_, update
from sqlalchemy.orm import Session

from letters.rules.errors import NotFound, NotPossibleNow
from letters.rules.events import Event
from letters.rules.letter.history import TOGETHER, Disagreed, LetterHistory
from letters.rules.letter.lifecycle import State
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.storage.queries.lists import PAGE, Key, Page
from letters.storage.tables.desk import Disagreement
from letters.storage.tables.letters import Case, Letter, Note, Person
from letters.workflow.access import case_keys, directory, enter, sealed_notes
from letters.workflow.access.enter import LetterAccess, letter_to_change, letter_to_read
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review import read_letter

SPEAKS_FOR, WOULD_HOLD, WOULD_RETURN = "speaks for it", "would hold", "would return"
PROPOSED = "note proposed"
"""The kind note of a second reader who would return the letter:
it reaches the writer once the first agrees."""
VIEW = "view"
NO_REASON = "No reason was written down."


@dataclass(frozen=True)
class Differing:
    """How a disagreement stands, for the team."""

    told: Disagreed
    settled: bool
    has_supervisor: bool
    views: list[OpenNote]
    proposed: bool
    names: dict[UUID, str]


@dataclass(frozen=True)
class DisagreementListed:
    """A disagreement in the supervisor's list: by reference, without a word."""

    row: Disagreement
    reference: str
    open: bool


@dataclass(frozen=True)
class Reasons:
    """What a supervisor reads: both reasons as the second reader passed them on, never the
    letter."""

    row: Disagreement
    reference: str
    said: list[OpenNote]
    open: bool
    approved_by: list[str]
    second: str


def begin_disagreement(
    platform: Platform,
    db: Session,
    me: SignedIn,
    room: LetterAccess,
    version: UUID,
    approved: frozenset[UUID],
    kind: str,
    reason: str,
) -> None:
    """Record that the second reader sees it differently, and seal both reasons to every supervisor.
    The caller holds the letter in the same transaction."""
    case, letter = room.case, room.letter
    _close_rows(platform, db, letter.id)
    row = Disagreement(id=platform.new_id(), case_id=case.id, letter_id=letter.id,
                       version_id=version,
                       opened_at=platform.now())
    db.add(row)
    record.add(platform, db, case, Event.DISAGREED, me.person, letter.id, about=row.id)
    _seal_reasons(platform, db, me, row, _speaks_for(platform, db, me, row, approved), kind, reason)


def close(platform: Platform, db: Session, letter: UUID) -> None:
    """Close the disagreement: the letter went back, or a new reading begins."""
    _close_rows(platform, db, letter)


def proposed_note(platform: Platform, db: Session, me: SignedIn, room: LetterAccess,
                  version: UUID) -> str:
    """The kind note with which the second reader would return the letter.

    Raises ``NotPossibleNow`` unless this person is a first reader who can agree to it.
    """
    told = _story(platform, db, room).disagreement
    if told is None or me.person not in told.approved_by:
        raise NotPossibleNow("not theirs to agree to")
    found = _team_notes(platform, db, me, room.case.id, version, frozenset({told.by}), PROPOSED)
    if not found:
        raise NotPossibleNow("nobody would return it")
    return found[-1].words


def decide_together(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Say that a new reading can begin, if there is no supervisor.
    It counts once all readers say so.

    Raises ``NotPossibleNow`` if there is a supervisor.
    """
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        told = _open(platform, db, room)
        if supervisors(platform, db) or me.person == room.letter.author_id:
            raise NotPossibleNow("there is a supervisor")
        record.add(platform, db, room.case, Event.VIEW_GIVEN, me.person, letter_id, about=told.id,
                   left=TOGETHER)


def pass_on_again(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Seal both reasons to the supervisors again:
    one is new, has new keys, or cannot find it in their list."""
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        told = _open(platform, db, room)
        row = db.get(Disagreement, told.id)
        if row is None:  # the trail has it, so the row that supervisors find it by is made again
            row = Disagreement(id=told.id, case_id=room.case.id, letter_id=letter_id,
                               opened_at=platform.now(),
                               version_id=read_letter.submitted_version(db, room.letter).id)
            db.add(row)
        row.settled_at = None
        against = [(kind, note.words) for kind in (WOULD_HOLD, WOULD_RETURN)
                   for note in _team_notes(platform, db, me, room.case.id, row.version_id,
                                           frozenset({told.by}), kind)]
        db.execute(delete(Note).where(Note.subject_id == row.id, Note.reader_kind == "person")
                   .execution_options(synchronize_session=False))
        kind, reason = against[-1] if against else (WOULD_HOLD, NO_REASON)
        _seal_reasons(platform, db, me, row, _speaks_for(platform, db, me, row, told.approved_by),
                      kind, reason)


def disagreement_for(platform: Platform, me: SignedIn, letter_id: UUID) -> Differing | None:
    """How the disagreement about a letter stands, for its team.
    Returns None if there is no disagreement."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_SEE)
        told = record.read(platform, db,
                           room.case.id).letter(letter_id).disagreement
        if told is None or State(room.letter.state) is not State.HELD:
            return None
        case, version = room.case.id, room.letter.submitted_id or told.id
        views = sealed_notes.opened_by_team(platform, db,
                                            case_keys.open_all(platform, db, me, case), case,
                                            told.id,
                                            told.viewers, VIEW)
        proposed = bool(_team_notes(platform, db, me, case, version, frozenset({told.by}),
                                    PROPOSED))
        names = directory.names(platform, db, {told.by, *told.approved_by, *told.together,
                                               *(view.written_by for view in views)})
        return Differing(told, told.settled(room.team), bool(supervisors(platform, db)), views,
                         proposed, names)


# --- for the supervisor


def listed(platform: Platform, me: SignedIn, before: Key | None) -> Page[DisagreementListed]:
    """The disagreements, newest first, also those that wait for a view; never a word or a name."""
    may(me.actor, Permission.DISAGREEMENT_SEE)
    query = (select(Disagreement, Case.reference, Letter.state)
             .join(Case, Case.id == Disagreement.case_id)
             .join(Letter, Letter.id == Disagreement.letter_id))
    if before is not None:
        query = query.where(tuple_(Disagreement.opened_at, Disagreement.id) < before)
    with platform.reading() as db:
        found = db.execute(query.order_by(Disagreement.opened_at.desc(),
                                          Disagreement.id.desc()).limit(PAGE + 1)).all()
    rows = [DisagreementListed(row, reference, row.settled_at is None and state == State.HELD.value)
            for row, reference, state in found[:PAGE]]
    last = rows[-1].row if len(found) > PAGE else None
    return Page(rows, (last.opened_at, last.id) if last else None)


def reasons(platform: Platform, me: SignedIn, disagreement_id: UUID) -> Reasons:
    """Both reasons, for a supervisor to whom they were sealed; nothing of the letter.
    Raises ``NotFound``."""
    may(me.actor, Permission.DISAGREEMENT_SEE)
    with platform.reading() as db:
        row = _row(db, disagreement_id)
        room = enter.not_erased(enter.letter_room(platform, db, row.letter_id, lock=False))
        told = record.read(platform, db, room.case.id).letter(row.letter_id)
        said = sealed_notes.opened(
            platform, db, me.identity, me.person, row.id,
            record.read(platform, db, room.case.id).ever_decided
        )
        here = (told.disagreement if told.disagreement is not None
                and told.disagreement.id == row.id else None)
        still = here is not None and told.state == State.HELD.value and not here.settled(room.team)
        readers = {here.by, *here.approved_by} if here else set()
        names = directory.names(platform, db, readers)
        return Reasons(row, room.case.reference, said, still,
                       sorted(names[one] for one in here.approved_by) if here
                       else [], names[here.by] if here else "")


def give_view(platform: Platform, me: SignedIn, disagreement_id: UUID, words: str) -> None:
    """Give one's view, sealed to the team: then a new reading can begin,
    or the letter can go back. It approves nothing.

    Raises ``NotPossibleNow`` if it is settled already.
    """
    may(me.actor, Permission.DISAGREEMENT_SEE)
    words = sealed_notes.checked("words", words)
    with platform.writing() as db:
        row = _row(db, disagreement_id)
        room = enter.not_erased(enter.letter_room(platform, db, row.letter_id))
        told = _open(platform, db, room)
        if told.id != row.id:
            raise NotPossibleNow("it is over")
        sealed_notes.for_team(platform, db, me, room, row.id, VIEW, words)
        record.add(platform, db, room.case, Event.VIEW_GIVEN, me.person, row.letter_id,
                   about=row.id)
        row.settled_at = platform.now()


def waiting(db: Session) -> bool:
    """True if a disagreement waits for a supervisor, by the rows:
    for a line on a page, it decides nothing."""
    return bool(db.scalar(select(exists().where(
        Disagreement.settled_at.is_(None), Letter.id == Disagreement.letter_id,
        Letter.state == State.HELD.value))))


def supervisors(platform: Platform, db: Session) -> Sequence[UUID]:
    """The supervisors with an account. Raises ``Tampered`` if the server does not vouch for one."""
    people = db.scalars(select(Person).where(Person.role == Role.SUPERVISOR.value,
                                             Person.enrolled_at.is_not(None))
                        .order_by(Person.id)).all()
    return [person.id for person in people
            if directory.role_of(platform, person) is Role.SUPERVISOR]


def _story(platform: Platform, db: Session, room: LetterAccess) -> LetterHistory:
    return record.to_decide(platform, db, room.case.id).letter(room.letter.id)


def _open(platform: Platform, db: Session, room: LetterAccess) -> Disagreed:
    """The disagreement that is to be settled. Raises ``NotPossibleNow`` if there is none."""
    told = _story(platform, db, room)
    if (told.disagreement is None or told.state != State.HELD.value
        or told.disagreement.settled(room.team)):
        raise NotPossibleNow("nothing is to be settled")
    return told.disagreement


def _row(db: Session, disagreement: UUID) -> Disagreement:
    row = db.get(Disagreement, disagreement)
    if row is None:
        raise NotFound
    return row


def _close_rows(platform: Platform, db: Session, letter: UUID) -> None:
    db.execute(update(Disagreement).where(Disagreement.letter_id == letter,
                                          Disagreement.settled_at.is_(None))
               .values(settled_at=platform.now()).execution_options(synchronize_session=False))


def _team_notes(platform: Platform, db: Session, me: SignedIn, case: UUID, version: UUID,
                by: frozenset[UUID],
                kind: str) -> list[OpenNote]:
    """What these people wrote about a version. The team was shown it: a verdict has been given."""
    return [
        note
        for note in sealed_notes.opened_by_team(
            platform, db, case_keys.open_all(platform, db, me, case), case, version, kind=kind
        )
        if note.written_by in by
    ]


def _speaks_for(platform: Platform, db: Session, me: SignedIn, row: Disagreement,
                approved: frozenset[UUID]) -> str:
    said = _team_notes(platform, db, me, row.case_id, row.version_id, approved, SPEAKS_FOR)
    return said[-1].words if said else NO_REASON


def _seal_reasons(platform: Platform, db: Session, me: SignedIn, row: Disagreement, speaks_for: str,
                  kind: str,
                  against: str) -> None:
    for supervisor in supervisors(platform, db):
        sealed_notes.for_staff(platform, db, me, supervisor, row.id, SPEAKS_FOR, speaks_for)
        sealed_notes.for_staff(platform, db, me, supervisor, row.id, kind, against)
