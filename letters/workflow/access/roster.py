"""The roster: each case's team as signed statements, linked in a chain. Each person pins the last
one they saw.

The directory's HMACs stop somebody who can write to the database. The roster also stops somebody
who has the key file: nobody joins a team unless a member has signed for their key, and everybody
who once saw the team notices when its history is rewritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from keys import box, vouching
from keys.context import Field, context
from keys.errors import CannotOpen
from keys.identity import Recipient, Verifier, expand, sha256
from letters.rules.case.history import CaseHistory
from letters.rules.errors import CaseKeyMissing, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.storage.store import microseconds
from letters.storage.tables.letters import Case, Member, PublicKey
from letters.storage.tables.team import Pin, Roster, TeamRequest
from letters.workflow.access import directory
from letters.workflow.access.enter import CaseAccess
from letters.workflow.access.signed_team import Team, decoded, signing_key
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record


@dataclass(frozen=True)
class Statement:
    """One verified statement. The next one names its hash, ``head``, and people pin that."""

    number: int
    at: datetime
    signer: UUID
    says: Team
    head: bytes


def chain(platform: Platform, db: Session, case: UUID) -> list[Statement]:
    """All statements of a case, oldest first.
    Raises ``Tampered`` if one is missing or unsigned, or says something that its signer may not
    say."""
    rows = db.scalars(select(Roster).where(Roster.case_id == case).order_by(Roster.number)).all()
    known = _verifiers(platform, db, {row.signer_id for row in rows})
    statements: list[Statement] = []
    try:
        for number, row in enumerate(rows, start=1):
            last = statements[-1] if statements else None
            says = decoded(row.members)
            kid = signing_key(last.says if last else None, says, row.signer_id)
            fields = _fields(row, number, last.head if last else b"")
            vouching.verify(known[row.signer_id, kid], row.signature, "roster", **fields)
            statements.append(Statement(number, row.at, row.signer_id, says,
                                        sha256(context("roster", **fields))))
    except (CannotOpen, KeyError, ValueError):
        raise Tampered(case, case) from None
    if not statements or [row.number
                          for row in rows] != [statement.number for statement in statements]:
        raise Tampered(case, case)
    return statements


def require(platform: Platform, db: Session, room: CaseAccess) -> list[Statement]:
    """All statements of a case, checked against directory, rows and trail.
    Raises ``Tampered`` unless all of them agree with the last statement."""
    case, statements = room.case, chain(platform, db, room.case.id)
    try:
        told = record.read(platform, db, case.id)
        invited = frozenset(row.person_id for row in asked(platform, db, case.id))
        stands = (told.roster, room.team, room.specialists, invited, told.asked_specialists,
                  case.epoch, _case_kid(platform, db, case))
    except Tampered:
        raise Tampered(case.id, case.id) from None
    last, says = statements[-1], statements[-1].says
    said = (last.number, frozenset(says.members), frozenset(says.specialists),
            frozenset(says.invited), set(says.asked_specialists), says.epoch, says.case_kid)
    if stands != said or told.statement not in (b"", last.head):
        raise Tampered(case.id, case.id)
    return statements


_AT_HAND = (
    select(PublicKey, Pin, Roster)
    .outerjoin(Pin, (Pin.case_id == PublicKey.owner_id) & (Pin.person_id == bindparam("person")))
    .outerjoin(Roster, (Roster.case_id == PublicKey.owner_id)
               & (Roster.number == bindparam("number")))
    .where(PublicKey.kind == "case", PublicKey.owner_id == bindparam("case"),
           PublicKey.serial == bindparam("epoch")))
"""The key of a case, what somebody saw last of its team, and the roster's last statement."""


def sealing_key(platform: Platform, db: Session, me: SignedIn, room: CaseAccess) -> Recipient:
    """The key to which words for the team are sealed.

    The roster is not walked where its last statement is the one that this person saw last: what
    they pinned vouches for it, also against somebody who has the key file.
    Raises ``Tampered`` unless the roster holds and continues what this person last saw;
    ``CaseKeyMissing`` as ``require_known`` does.
    """
    told = record.read(platform, db, room.case.id)
    # held here, so that the session has what is asked for below
    _at_hand = db.execute(_AT_HAND, {"case": room.case.id, "epoch": room.case.epoch,
                                     "person": me.person, "number": told.roster}).first()
    pinned = _pinned(db, me, room.case.id)
    key = directory.case_keys(platform, db, room.case.id, room.case.epoch).recipient
    if told.statement and told.statement == pinned:
        says = _pinned_team(db, room, told, key)
        _require_known(platform, db, me, says.readers)
    else:
        statements = require(platform, db, room)
        _with_head(pinned, me, room.case.id, statements)
        _require_known(platform, db, me, statements[-1].says.readers)
    return key


def _pinned_team(db: Session, room: CaseAccess, told: CaseHistory, key: Recipient) -> Team:
    """What the roster's last statement says, which is the one that was pinned.
    Raises ``Tampered`` unless its row is that one, and says how the case stands."""
    row = db.get(Roster, (room.case.id, told.roster))
    try:
        if row is None or sha256(context("roster", **_fields(
                row, told.roster, told.statement_before))) != told.statement:
            raise ValueError
        says = decoded(row.members)
    except ValueError:
        raise Tampered(room.case.id, room.case.id) from None
    if (says.epoch, says.case_kid, frozenset(says.members), frozenset(says.specialists)) != (
            room.case.epoch, key.kid, room.team, room.specialists):
        raise Tampered(room.case.id, room.case.id)
    return says


def require_known(platform: Platform, db: Session, me: SignedIn, room: CaseAccess) -> None:
    """Check that the roster has this member's present key.
    Raises ``CaseKeyMissing`` for a member whose access was reset, until a colleague signs for the
    new key."""
    _require_known(platform, db, me, require(platform, db, room)[-1].says.readers)


def begin_roster(platform: Platform, db: Session, me: SignedIn, case: Case, left: str) -> None:
    """Sign the first statement: one opens a case. ``left``: what they said of a conflict."""
    says = Team(case.epoch, _case_kid(platform, db, case), {me.person: me.identity.kid})
    _append(platform, db, me, case, None, says, Event.MEMBER_JOINED, me.person, left)


def state(platform: Platform, db: Session, me: SignedIn, case: Case, says: Team, event: Event,
          subject: UUID,
          left: str = "") -> None:
    """Sign how the team is from now on, and record the same in the trail. The case is locked.
    Raises ``NotPossibleNow`` if no member has signed for this person's new key yet."""
    last = chain(platform, db, case.id)[-1]
    if {**last.says.invited, **last.says.readers}.get(me.person) != me.identity.kid:
        raise NotPossibleNow("a member must sign for this new key first")
    says = replace(says, epoch=case.epoch, case_kid=_case_kid(platform, db, case))
    _append(platform, db, me, case, last, says, event, subject, left)


def sign_for_new_key(platform: Platform, db: Session, me: SignedIn, room: CaseAccess,
                     person: UUID) -> None:
    """Sign for another member's renewed key, after hearing its fingerprint words.
    Raises ``NotPossibleNow`` if that person is neither another member of the team nor a
    specialist."""
    says, keys = require(platform, db,
                         room)[-1].says, directory.keys_of_person(platform, db, person)
    if person not in says.readers or person == me.person or keys is None:
        raise NotPossibleNow("not another member of the team")
    state(platform, db, me, room.case, says.with_key(person, keys.recipient.kid),
          Event.KEY_RENEWED_IN_TEAM, person)


def alone_in(db: Session, member: UUID) -> list[Case]:
    """The cases in which nobody else in the team could sign for a new key of this member. They are
    locked."""
    colleague = aliased(Member)
    others = select(colleague).where(colleague.case_id == Member.case_id,
                                     colleague.person_id != member).exists()
    alone = (select(Case).join(Member, Member.case_id == Case.id)
             .where(Member.person_id == member, ~others).order_by(Case.id))
    return list(db.scalars(alone.with_for_update(of=Case, key_share=True)
                           .execution_options(populate_existing=True)))


def sign_for_own_new_key(platform: Platform, db: Session, me: SignedIn, case: Case,
                         new: bytes) -> None:
    """Sign for one's own new key with the old one, as the only member of a team. Does nothing if
    the roster has more members."""
    says = chain(platform, db, case.id)[-1].says
    if says.members == {me.person: me.identity.kid}:
        state(platform, db, me, case, replace(says, members={me.person: new}),
              Event.KEY_RENEWED_IN_TEAM, me.person)


def asked(platform: Platform, db: Session, case: UUID) -> list[TeamRequest]:
    """The people who were asked to join and have not answered."""
    rows = db.scalars(select(TeamRequest).where(TeamRequest.case_id
                                                == case).order_by(TeamRequest.asked_at)).all()
    for row in rows:
        require_asked(platform, row)
    return list(rows)


def require_asked(platform: Platform, row: TeamRequest) -> None:
    """Check that the server vouches for this request to join.
    Raises ``Tampered`` if it does not."""
    directory.require_attested(platform, row.mac, "asked", **asked_fields(row))


def asked_fields(row: TeamRequest) -> dict[str, Field]:
    """The fields of a request to join that the server vouches for."""
    return {"case": row.case_id, "person": row.person_id, "asked_by": row.asked_by,
            "asked": microseconds(row.asked_at), "epoch": row.epoch,
            "handover": int(row.sealed is not None)}


def seen(db: Session, me: SignedIn, case: UUID, statements: list[Statement]) -> Statement | None:
    """The statement that this person saw last, or None if they never looked.
    Raises ``Tampered`` if it is not among these."""
    return _with_head(_pinned(db, me, case), me, case, statements)


def pin(platform: Platform, db: Session, me: SignedIn, case: UUID, last: Statement) -> None:
    """Keep, under this person's own root, the statement that they saw last."""
    sealed = box.seal(_pin_key(me), context("pin", person=me.person, case=case), last.head,
                      platform.random)
    db.merge(Pin(person_id=me.person, case_id=case, sealed=sealed))


def _with_head(head: bytes | None, me: SignedIn, case: UUID,
               statements: list[Statement]) -> Statement | None:
    if head is None:
        return None
    for statement in statements:
        if statement.head == head:
            return statement
    raise Tampered(me.person, case)


def _pinned(db: Session, me: SignedIn, case: UUID) -> bytes | None:
    row = db.get(Pin, (me.person, case))
    if row is None:
        return None
    try:
        return box.open_box(_pin_key(me), context("pin", person=me.person, case=case), row.sealed)
    except CannotOpen:
        raise Tampered(me.person, case) from None


def _append(platform: Platform, db: Session, me: SignedIn, case: Case, last: Statement | None,
            says: Team, event: Event,
            subject: UUID, left: str = "") -> None:
    number = last.number + 1 if last else 1
    row = Roster(case_id=case.id, number=number, at=platform.now(), members=says.encoded(),
                 signer_id=me.person)
    fields = _fields(row, number, last.head if last else b"")
    row.signature = vouching.sign(me.identity, "roster", **fields)
    db.add(row)
    record.add(platform, db, case, event, me.person, subject, left=left, entered=str(number),
               detail=sha256(context("roster", **fields)))
    db.flush()


def _require_known(platform: Platform, db: Session, me: SignedIn,
                   readers: Mapping[UUID, bytes]) -> None:
    if readers.get(me.person, me.identity.kid) != me.identity.kid and not (
            record.read_installation(platform, db).key(me.person).confirmed):
        raise CaseKeyMissing


def _fields(row: Roster, number: int, before: bytes) -> dict[str, Field]:
    return {"case": row.case_id, "number": number, "members": row.members, "before": before,
            "signer": row.signer_id, "at": microseconds(row.at)}


def _verifiers(platform: Platform, db: Session,
               people: set[UUID]) -> dict[tuple[UUID, bytes], Verifier]:
    """Every key that these people have or had, by its kid: a statement stays valid after its signer
    renews a key."""
    mine = PublicKey.kind == "person", PublicKey.owner_id.in_(people)
    rows = db.scalars(select(PublicKey).where(*mine)).all()
    for row in rows:
        directory.require_key(platform, row)
    return {(row.owner_id, sha256(row.sealing)): Verifier(row.verifying) for row in rows}


def _case_kid(platform: Platform, db: Session, case: Case) -> bytes:
    row = db.get(PublicKey, ("case", case.id, case.epoch))
    if row is None:
        raise Tampered(case.id, case.id)
    directory.require_key(platform, row)
    return sha256(row.sealing)


def _pin_key(me: SignedIn) -> bytes:
    return expand(me.identity.root, b"pin")
