"""Spare case keys: a holder of the case key seals one aside for every supervisor, and nobody opens
one alone."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from keys.case_key import open_spare, put_outer_seal_on, seal_spare, take_outer_seal_off
from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rules.errors import Tampered
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.storage.tables.letters import CaseKey, Person
from letters.storage.tables.team import EmergencyKey, EmergencyRequest, SpareCaseKey
from letters.workflow.access import directory
from letters.workflow.access.enter import case_to_change
from letters.workflow.platform import Platform, SignedIn

_BATCH = 200


def seal_spares(platform: Platform, db: Session, case: UUID, epoch: int,
                case_key: Identity) -> None:
    """Seal this epoch's case key aside for every supervisor with an account, whenever a case key is
    made."""
    release = platform.keys.sealing_release
    for person in db.scalars(select(Person).where(_is_supervisor())).all():
        keys = directory.sealing_keys(platform, db, platform.keys.installation, person.id)
        if directory.role_of(platform, person) is not Role.SUPERVISOR or keys is None:
            raise Tampered(person.id, case)
        sealed = seal_spare(keys.recipient, person.id, release, case_key, case, epoch)
        db.merge(SpareCaseKey(case_id=case, epoch=epoch, supervisor_id=person.id,
                              supervisor_serial=person.serial,
                              release_kid=release.kid, sealed=sealed))


def keep_spares(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Seal the missing spares: for supervisors who joined, or got a new key, after the case key was
    made.

    Pages of a case call this, because only a member of its team can do it. It costs one query if
    nothing is missing.
    """
    with platform.reading() as db:
        if not _missing(db, me.person, case_id):
            return
    with platform.writing() as db:
        case_to_change(platform, db, me, case_id, Permission.CASE_SEE)
        for epoch in _missing(db, me.person, case_id):
            seal_spares(platform, db, case_id, epoch,
                        directory.open_case_key(platform, db, me, case_id, epoch))


def usable(request: type[EmergencyRequest]) -> ColumnElement[bool]:
    """For a query: is there a spare key for this request with its outer seal still on?"""
    return exists().where(
        SpareCaseKey.case_id == request.case_id,
        SpareCaseKey.supervisor_id == request.supervisor_id,
        Person.id == SpareCaseKey.supervisor_id, Person.serial == SpareCaseKey.supervisor_serial,
        ~exists().where(EmergencyKey.request_id == request.id,
                        EmergencyKey.epoch == SpareCaseKey.epoch)
        .correlate(request, SpareCaseKey)).correlate(request)


def take_seals_off(platform: Platform, db: Session, request: EmergencyRequest) -> bool:
    """Take the outer seals off for a request that may be opened. False if there is no spare key
    yet.

    A spare whose release key is gone is deleted, so that the next member of the team seals a new
    one.
    Raises ``Tampered`` if one does not open.
    """
    opened = set(
        db.scalars(select(EmergencyKey.epoch).where(EmergencyKey.request_id == request.id))
    )
    spares = db.scalars(select(SpareCaseKey).join(Person,
                                                  Person.id == SpareCaseKey.supervisor_id).where(
        SpareCaseKey.case_id == request.case_id,
        SpareCaseKey.supervisor_id == request.supervisor_id,
        SpareCaseKey.supervisor_serial == Person.serial, SpareCaseKey.epoch.not_in(opened))).all()
    taken = False
    for spare in spares:
        try:
            release = platform.keys.release_identity(spare.release_kid)
        except CannotOpen:
            db.delete(spare)
            continue
        try:
            sealed = take_outer_seal_off(release, request.supervisor_id, spare.sealed,
                                         request.case_id, spare.epoch)
        except CannotOpen:
            raise Tampered(request.id, request.case_id) from None
        db.add(EmergencyKey(request_id=request.id, epoch=spare.epoch, sealed=sealed))
        taken = True
    return taken


def seal_again(platform: Platform) -> int:
    """After a rotation, put the outer seals under the newest release key. Seals that no longer open
    are deleted; a team member's next visit makes new ones. Runs in the worker, which alone has the
    private keys.
    Returns the number resealed."""
    newest, done = platform.keys.sealing_release, 0
    held = [
        key.recipient.kid for key in platform.keys.release if key.root is not None
        and key.recipient.kid != newest.kid
    ]
    while True:
        with platform.writing() as db:
            rows = db.scalars(
                select(SpareCaseKey)
                .where(SpareCaseKey.release_kid.in_(held))
                .limit(_BATCH)
                .with_for_update()
            ).all()
            for row in rows:
                place = row.supervisor_id, row.case_id, row.epoch
                try:
                    inner = take_outer_seal_off(platform.keys.release_identity(row.release_kid),
                                                place[0], row.sealed,
                                                *place[1:])
                except CannotOpen:
                    db.delete(row)
                    continue
                row.sealed = put_outer_seal_on(newest, place[0], inner, *place[1:])
                row.release_kid = newest.kid
        done += len(rows)
        if len(rows) < _BATCH:
            return done


def emergency_ring(platform: Platform, db: Session, me: SignedIn,
                  request: EmergencyRequest) -> dict[int, Identity]:
    """The case keys of all epochs that this supervisor's emergency access gives.
    Raises ``Tampered`` if one is not the key in the directory."""
    epochs = db.scalars(select(EmergencyKey.epoch).where(EmergencyKey.request_id == request.id))
    return {epoch: emergency_case_key(platform, db, me, request, epoch) for epoch in epochs.all()}


def emergency_case_key(platform: Platform, db: Session, me: SignedIn, request: EmergencyRequest,
                  epoch: int) -> Identity:
    """The case key of one epoch, for the supervisor with emergency access.
    Raises ``Tampered`` if it is not the key in the directory."""
    row = db.get(EmergencyKey, (request.id, epoch))
    try:
        if row is None:
            raise CannotOpen
        case_key = open_spare(me.identity, me.person, row.sealed, request.case_id, epoch)
    except CannotOpen:
        raise Tampered(request.id, request.case_id) from None
    if case_key.kid != directory.case_keys(platform, db, request.case_id, epoch).recipient.kid:
        raise Tampered(request.id, request.case_id)
    return case_key


def _missing(db: Session, member: UUID, case: UUID) -> list[int]:
    """The epochs whose key this member holds and for which some supervisor has no spare."""
    has = exists().where(SpareCaseKey.case_id == CaseKey.case_id,
                         SpareCaseKey.epoch == CaseKey.epoch,
                         SpareCaseKey.supervisor_id == Person.id,
                         SpareCaseKey.supervisor_serial == Person.serial)
    return list(db.scalars(select(CaseKey.epoch).distinct().join(Person, _is_supervisor())
                           .where(CaseKey.case_id == case, CaseKey.member_id == member, ~has)))


def _is_supervisor() -> ColumnElement[bool]:
    return and_(Person.role == Role.SUPERVISOR.value, Person.enrolled_at.is_not(None))
