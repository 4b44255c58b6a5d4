"""*My password may be known*: a new identity, with everything of one's own sealed to it.

Somebody with the old password and a copy of the database can read for ever what they could read
then; nothing later is sealed to the old key.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from keys import box
from keys.box import Random
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity, expand
from letters.rules.errors import NotAcceptable
from letters.rules.events import Event
from letters.rules.translatable import marked
from letters.storage.tables.accounts import KeptSave, NeverSent, Unsent
from letters.storage.tables.letters import Case, CaseKey, Grant, Note
from letters.storage.tables.team import EmergencyKey, EmergencyRequest, Pin, SpareCaseKey
from letters.workflow.access import own_keys, roster
from letters.workflow.access.enter import wake
from letters.workflow.accounts import sign_in
from letters.workflow.accounts.invite import acceptable_password
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record.alarm import record_alarm


class Held(NamedTuple):
    """A sealed row that only this person can open, with its place and its context. An alarm names
    ``subject``.

    With a ``label``, it is not sealed to the person's key but boxed, in blocks of ``block``, under
    a key derived from their root by this label.
    """

    table: type[Grant | Note | CaseKey | EmergencyKey | KeptSave | NeverSent | Pin | Unsent]
    row: dict[str, object]
    sealed: bytes
    bound_to: bytes
    subject: UUID
    label: bytes = b""
    block: int = 1

    def sealed_anew(self, before: Identity, identity: Identity, random: Random) -> bytes:
        """The same, sealed for the new identity. Raises ``CannotOpen``."""
        if not self.label:
            return identity.recipient.seal(before.open(self.sealed, self.bound_to), self.bound_to)
        inside = box.open_box(expand(before.root, self.label), self.bound_to, self.sealed)
        return box.seal(expand(identity.root, self.label), self.bound_to, inside, random,
                        self.block)


def renew(platform: Platform, me: SignedIn, password: str, new_password: str) -> str:
    """Give oneself a new identity, password and recovery code; every session ends.

    Releases that wait for the old key are sealed again at the desk.
    Raises ``NeedsPassword``, ``NotAcceptable``, and ``NotPossibleNow`` if it was done already at
    this moment.
    Returns the code, shown once.
    """
    sign_in.confirm(platform, me, password)
    if new_password == password:
        raise NotAcceptable("password",
                            marked("Choose another password than the one that may be known."))
    acceptable_password(new_password, me.role, platform.service_name)
    chosen = own_keys.chosen(platform, new_password)
    with platform.writing() as db:
        alone = roster.alone_in(db, me.person)  # cases are locked before people
        chain, person = own_keys.enter_account(platform, db, me.person)
        own_keys.require_current(platform, db, chain, person, me.identity)
        identity, code = own_keys.new_identity(platform, db, chain, person, chosen,
                                               Event.IDENTITY_RENEWED)
        for case in alone:
            roster.sign_for_own_new_key(platform, db, me, case, identity.kid)
        for subject in _seal_again(platform, db, me, identity):
            record_alarm(platform, db, chain, subject)
        own_keys.end_sessions(db, me.person)
        if isinstance(chain, Case):
            wake(db, chain, platform.now())
    platform.nudge()
    return code


def _seal_again(platform: Platform, db: Session, me: SignedIn, identity: Identity) -> list[UUID]:
    """Seal to the new identity everything that the old one opens.
    Returns the subjects that did not open; they hold up nothing else."""
    changed: dict[type, list[dict[str, object]]] = {}
    shut = []
    for held in (*_letters_and_notes(db, me.person), *_keys_and_own(db, me.person)):
        try:
            sealed = held.sealed_anew(me.identity, identity, platform.random)
        except CannotOpen:
            shut.append(held.subject)
            continue
        changed.setdefault(held.table, []).append({**held.row, "sealed": sealed})
    for table, rows in changed.items():
        db.execute(update(table), rows)
    # A member of the team seals new spares.
    db.execute(delete(SpareCaseKey).where(SpareCaseKey.supervisor_id == me.person))
    return shut


def _letters_and_notes(db: Session, me: UUID) -> Iterator[Held]:
    for grant in db.scalars(select(Grant).where(Grant.reader_kind == "person",
                                                Grant.reader_id == me)):
        row = {"version_id": grant.version_id, "reader_kind": "person", "reader_id": me,
               "epoch": grant.epoch}
        yield Held(Grant, row, grant.sealed,
                   context("letter key", version=grant.version_id, reader_kind="person",
                           reader=me, epoch=grant.epoch), grant.version_id)
    for note in db.scalars(select(Note).where(Note.reader_kind == "person", Note.reader_id == me)):
        yield Held(Note, {"id": note.id}, note.sealed,
                   context("note", note=note.id, subject=note.subject_id, kind=note.kind, reader=me,
                           epoch=note.epoch),
                   note.subject_id)


def _keys_and_own(db: Session, me: UUID) -> Iterator[Held]:
    for key in db.scalars(select(CaseKey).where(CaseKey.member_id == me)):
        yield Held(CaseKey, {"case_id": key.case_id, "epoch": key.epoch, "member_id": me},
                   key.sealed,
                   context("case key", case=key.case_id, epoch=key.epoch, member=me), key.case_id)
    for held, case in db.execute(
        select(EmergencyKey, EmergencyRequest.case_id)
        .join(EmergencyRequest, EmergencyRequest.id == EmergencyKey.request_id)
        .where(EmergencyRequest.supervisor_id == me)
    ):
        yield Held(EmergencyKey, {"request_id": held.request_id, "epoch": held.epoch},
                   held.sealed,
                   context("spare case key", case=case, epoch=held.epoch, supervisor=me), case)
    for save in db.scalars(select(KeptSave).where(KeptSave.person_id == me)):
        yield Held(KeptSave, {"id": save.id}, save.sealed,
                   context("kept save", save=save.id, person=me, letter=save.letter_id),
                   save.letter_id, b"own",
                   box.LETTER_BLOCK)
    for typed in db.scalars(select(Unsent).where(Unsent.person_id == me)):
        yield Held(Unsent, {"place": typed.place}, typed.sealed,
                   context("unsent", place=typed.place, person=me), me,
                   b"own", box.LETTER_BLOCK)
    for words in db.scalars(select(NeverSent).where(NeverSent.person_id == me)):
        yield Held(NeverSent, {"id": words.id}, words.sealed,
                   context("never sent", letter=words.id, person=me, saves=words.saves), words.id,
                   b"own",
                   box.LETTER_BLOCK)
    for pin in db.scalars(select(Pin).where(Pin.person_id == me)):
        yield Held(Pin, {"person_id": me, "case_id": pin.case_id}, pin.sealed,
                   context("pin", person=me, case=pin.case_id), pin.case_id, b"pin")
