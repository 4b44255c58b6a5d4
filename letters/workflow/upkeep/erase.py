"""What erasing a case deletes, table by table, and what stays: the trail of ids and moments,
without a word.

Nothing that stays needs what is deleted: the trail has only the server's key, and the roster is
signed by the team, whose keys stay. The accounts of the participants become empty rows, so that an
id in the trail still has one.
"""

from sqlalchemy import Select, delete, exists, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from keys import box
from keys.context import context
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.storage import desk_rows
from letters.storage.tables import accounts
from letters.storage.tables import desk as desks
from letters.storage.tables import letters as tables
from letters.storage.tables import team as teams
from letters.workflow.access import directory
from letters.workflow.access.enter import CaseAccess, load_case
from letters.workflow.platform import Platform
from letters.workflow.record import record

ERASED = "Erased"
"""The name of somebody whose name was erased."""

Goes = tuple[type[tables.Table], InstrumentedAttribute[object], str]
"""A table, the column that leads to the case's rows in it, and the kind of id there, which ``_of``
knows."""

GOES: tuple[Goes, ...] = (
    # A row sealed to one of the staff is found by its subject, before the subject goes.
    (tables.Note, tables.Note.subject_id, "subjects"),
    (accounts.Unsent, accounts.Unsent.about_id, "subjects"),
    (tables.Grant, tables.Grant.version_id, "versions"),
    (tables.DecisionRow, tables.DecisionRow.version_id, "versions"),
    (tables.SealedRelease, tables.SealedRelease.version_id, "versions"),
    (tables.StatementRow, tables.StatementRow.version_id, "versions"),
    (tables.Version, tables.Version.letter_id, "letters"),
    (desks.Disagreement, desks.Disagreement.case_id, "case"),
    (desks.AlertRow, desks.AlertRow.case_id, "case"),
    (desks.NamesList, desks.NamesList.case_id, "case"),
    (desks.Notice, desks.Notice.person_id, "people"),
    (desks.ContactWay, desks.ContactWay.person_id, "people"),
    (tables.Letter, tables.Letter.case_id, "case"),
    (tables.Note, tables.Note.reader_id, "readers"),
    (tables.Channel, tables.Channel.case_id, "case"),
    (tables.CaseKey, tables.CaseKey.case_id, "case"),
    (teams.SpareCaseKey, teams.SpareCaseKey.case_id, "case"),
    (teams.TeamRequest, teams.TeamRequest.case_id, "case"),
    (teams.Specialist, teams.Specialist.case_id, "case"),
    (teams.Pin, teams.Pin.case_id, "case"),
    (teams.EmergencyKey, teams.EmergencyKey.request_id, "requests"),
    (tables.Invitation, tables.Invitation.case_id, "case"),
    # Sessions first: somebody who saves late locks their session's row, and afterwards finds none.
    (tables.SessionRow, tables.SessionRow.person_id, "people"),
    (accounts.KeptSave, accounts.KeptSave.person_id, "people"),
    (accounts.Unsent, accounts.Unsent.person_id, "people"),
    (accounts.NeverSent, accounts.NeverSent.person_id, "people"),
    (accounts.DisplayRow, accounts.DisplayRow.person_id, "people"),
    (accounts.SecondFactor, accounts.SecondFactor.person_id, "people"),
    (accounts.SupervisedWindow, accounts.SupervisedWindow.person_id, "people"),
    (accounts.Reset, accounts.Reset.person_id, "people"),
    (accounts.KeyConfirmation, accounts.KeyConfirmation.person_id, "people"),
    (accounts.Attempt, accounts.Attempt.lookup, "lookups"),
    (tables.PublicKey, tables.PublicKey.owner_id, "people"),
    (teams.Pin, teams.Pin.person_id, "people"),
)
"""The rows to delete, in an order in which no row refers to one that is gone; the desk's rows go
before them."""

STAYS = frozenset({"installation", "people", "cases", "participants", "members", "rosters",
                   "emergency_requests", "audit",
                   "desk_counts", "profiles", "feedback", "care", "tallies", "sent_forms"})
"""The other tables: the participants by id, the team, its signed roster, requests for emergency
access, the trail; counts; facilitators' profiles, and how many letters they take; forms given to
the service, which lead to no case and no person; and, for a day, the ids to which a sent form
led."""

TOUCHED = tuple(sorted({*(table.__tablename__ for table, _, _ in GOES), "desk", "people"}))
"""The tables whose files still hold the old rows until they are rewritten."""


def erase(platform: Platform, db: Session, room: CaseAccess) -> None:
    """Delete everything that was written in a case, and the accounts of its participants. The case
    is locked.

    This is one transaction, all or nothing, and its last fact says so.
    Raises ``Tampered``, and deletes nothing, if the server does not vouch for a participant.
    """
    case, people = room.case, _locked_people(platform, db, room)
    desk_rows.clear(db, case.id)
    for request in db.scalars(
        select(teams.EmergencyRequest).where(
            teams.EmergencyRequest.case_id == case.id, teams.EmergencyRequest.closed_at.is_(None)
        )
    ).all():
        request.closed_at = platform.now()
        record.add(platform, db, case, Event.EMERGENCY_CLOSED, record.NOBODY, request.id,
                   about=request.supervisor_id)
    for table, column, kind in GOES:
        db.execute(delete(table).where(column.in_(_of(kind, room, people)))
                   .execution_options(synchronize_session=False))
    for person in people:
        _empty(platform, person)
    case.erased_at = platform.now()
    record.add(platform, db, case, Event.CASE_ERASED, record.NOBODY, case.id)


def erase_again(platform: Platform, db: Session, case: tables.Case) -> bool:
    """Erase a case that an older database has brought back, although the state file says that it
    was erased.
    Raises ``Tampered`` as ``erase`` does.
    Returns False if its trail says so too."""
    room = load_case(platform, db, case.id)
    if db.scalar(select(exists().where(tables.AuditEntry.case_id == case.id,
                                       tables.AuditEntry.event == Event.CASE_ERASED.value))):
        return False
    if case.closed_at is None:  # still open here; it was closed before it was erased
        case.closed_at = platform.now()
        record.add(platform, db, case, Event.CASE_CLOSED, record.NOBODY, case.id)
    erase(platform, db, room)
    return True


def _locked_people(platform: Platform, db: Session, room: CaseAccess) -> list[tables.Person]:
    """The participants, locked in a fixed order; never a member of staff."""
    ids = sorted(person.id for _, person in room.participants)
    people = list(
        db.scalars(
            select(tables.Person)
            .where(tables.Person.id.in_(ids))
            .order_by(tables.Person.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if len(people) != len(ids) or not all(directory.role_of(platform, person).is_participant
                                          for person in people):
        raise Tampered(room.case.id, room.case.id)
    return people


def _of(kind: str, room: CaseAccess, people: list[tables.Person]) -> list[object] | Select[object]:
    """The case's ids of this kind."""
    case, letters = (room.case.id,
                     select(tables.Letter.id).where(tables.Letter.case_id == room.case.id))
    found: dict[str, list[object] | Select[object]] = {
        "case": [case], "letters": letters,
        "versions": select(tables.Version.id).where(tables.Version.letter_id.in_(letters)),
        "requests": select(teams.EmergencyRequest.id).where(teams.EmergencyRequest.case_id == case),
        "subjects": union_all(
            letters, select(tables.Version.id).where(tables.Version.letter_id.in_(letters)),
            select(tables.Case.id).where(tables.Case.id == case),
            select(desks.Disagreement.id).where(desks.Disagreement.case_id == case),
            select(tables.Participant.id).where(tables.Participant.case_id
                                                == case)).subquery().select(),
        "people": [person.id for person in people],
        "readers": [case, *(person.id for person in people)],
        "lookups": [person.lookup for person in people if person.lookup]}
    return found[kind]


def _empty(platform: Platform, person: tables.Person) -> None:
    """Make an account unusable, with a name that says why."""
    person.name = box.seal(platform.keys.contact, context("name", person=person.id),
                           ERASED.encode(), platform.random,
                           box.NAME_BLOCK)
    person.lookup = person.salt = person.verifier = person.root_by_password = (
        person.root_by_recovery
    ) = None
    person.serial, person.second_factor, person.enrolled_at = 0, False, None
