"""The tables. Whatever a person wrote is sealed; whatever must not be forged has a ``mac``."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from letters.storage.store import Moment


class Table(DeclarativeBase):
    """What all tables share: the storage of Python's types, and the names of constraints."""

    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"})
    type_annotation_map = {datetime: Moment}


class Chained:
    """A row with a hash-chained audit trail: its length, the last MAC, and the next boxed key."""

    audit_number: Mapped[int] = mapped_column(default=0)
    audit_head: Mapped[bytes] = mapped_column(default=b"")
    audit_key: Mapped[bytes] = mapped_column(default=b"")


class Installation(Chained, Table):
    """One row: this database's installation, and so its key file; how often it was restored."""

    __tablename__ = "installation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    mac: Mapped[bytes]
    generation: Mapped[int] = mapped_column(default=0)
    generation_mac: Mapped[bytes] = mapped_column(default=b"")


# --- people and their keys


class Person(Table):
    """An account, or an invited one. The name is sealed; the sign-in name only allows a lookup."""

    __tablename__ = "people"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(index=True)
    mac: Mapped[bytes]
    name: Mapped[bytes]
    lookup: Mapped[bytes | None] = mapped_column(unique=True)
    serial: Mapped[int] = mapped_column(default=0)
    salt: Mapped[bytes | None]
    verifier: Mapped[bytes | None]
    root_by_password: Mapped[bytes | None]
    root_by_recovery: Mapped[bytes | None]
    second_factor: Mapped[bool] = mapped_column(default=False)
    exit_keys: Mapped[bool] = mapped_column(default=True)
    enrolled_at: Mapped[datetime | None]


class PublicKey(Table):
    """The public keys: nothing is sealed to a row that its ``mac`` does not attest."""

    __tablename__ = "public_keys"
    kind: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    sealing: Mapped[bytes]
    verifying: Mapped[bytes]
    mac: Mapped[bytes]


class SessionRow(Table):
    """A signed-in session. Opens only with the cookie, at its stage and within its idle time."""

    __tablename__ = "sessions"
    id: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kid: Mapped[bytes]
    root: Mapped[bytes]
    stage: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    idle_minutes: Mapped[int]
    device: Mapped[str]
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Invitation(Table):
    """A single-use code, which only its holder can look up."""

    __tablename__ = "invitations"
    lookup: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    mac: Mapped[bytes]


# --- cases


class Case(Chained, Table):
    """One exchange, with its pace and what stops it. Its row locks everything that concerns it."""

    __tablename__ = "cases"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    opened_at: Mapped[datetime]
    epoch: Mapped[int] = mapped_column(default=1)
    pace: Mapped[str] = mapped_column(default="")
    ready_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[UUID | None]
    halted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]


class Participant(Table):
    """Somebody who writes or receives letters in a case."""

    __tablename__ = "participants"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    mac: Mapped[bytes]
    stopped_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)


class Channel(Table):
    """One allowed direction between two participants of a case, through the facilitators."""

    __tablename__ = "channels"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    mac: Mapped[bytes]
    opened_at: Mapped[datetime | None]


class Member(Table):
    """A facilitator in a case's team."""

    __tablename__ = "members"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime]
    mac: Mapped[bytes]


class CaseKey(Table):
    """The case's private key of one epoch, sealed to one member."""

    __tablename__ = "case_keys"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sealed: Mapped[bytes]


# --- letters


class Letter(Table):
    """A letter's place and state. Its words are in its versions."""

    __tablename__ = "letters"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str]
    began_at: Mapped[datetime]
    draft_id: Mapped[UUID | None]
    submitted_id: Mapped[UUID | None]
    round: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    recall_asked_at: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    wanted_by: Mapped[UUID | None]
    wanted_at: Mapped[datetime | None]
    review_on: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_letters_author", "author_id", "began_at", "id"),
        Index("ix_letters_inbox", "recipient_id", "released_at", "id"),
        Index("ix_letters_case", "case_id", "submitted_at"),
        Index("ix_letters_due", "state", "due_at", "id"),
        Index("ix_letters_claimed", "claimed_until", "claimed_by"),
    )


class Version(Table):
    """The sealed words of a letter at one time; the lower half is filled on submission. ``lost``:
    how many characters of the saves that it replaced are gone."""

    __tablename__ = "versions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    letter_id: Mapped[UUID] = mapped_column(ForeignKey("letters.id"))
    kind: Mapped[str]
    parent: Mapped[bytes]
    body: Mapped[bytes]
    digest: Mapped[bytes]
    saved_at: Mapped[datetime]
    basis_id: Mapped[UUID | None]
    lost: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int] = mapped_column(default=0)
    findings: Mapped[bytes] = mapped_column(default=b"")
    findings_hash: Mapped[bytes] = mapped_column(default=b"")
    policy: Mapped[str] = mapped_column(default="")
    needed: Mapped[int] = mapped_column(default=0)
    screening_mac: Mapped[bytes] = mapped_column(default=b"")
    weight: Mapped[bytes] = mapped_column(default=b"")
    content_note: Mapped[bytes] = mapped_column(default=b"")
    __table_args__ = (Index("ix_versions_letter", "letter_id", "saved_at"),)


class Grant(Table):
    """A letter key, sealed to one person or to the case's team of an epoch."""

    __tablename__ = "grants"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("versions.id"), primary_key=True)
    reader_kind: Mapped[str] = mapped_column(primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True, default=0)
    sealed: Mapped[bytes]


class DecisionRow(Table):
    """A reader's signed verdict. Nobody gives the same verdict twice in a round."""

    __tablename__ = "decisions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("versions.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    round: Mapped[int]
    verdict: Mapped[str]
    at: Mapped[datetime]
    signature: Mapped[bytes]
    __table_args__ = (UniqueConstraint("version_id", "round", "reader_id", "verdict"),)


class SealedRelease(Table):
    """An approved letter's grant in the release key's seal. Recall deletes it, release uses it."""

    __tablename__ = "sealed_releases"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("versions.id"), primary_key=True)
    recipient_kid: Mapped[bytes]
    release_kid: Mapped[bytes]
    sealed: Mapped[bytes]


class StatementRow(Table):
    """Who sealed the release, and to which key of the recipient. The newest counts."""

    __tablename__ = "statements"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("versions.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    recipient_kid: Mapped[bytes]
    sealed_hash: Mapped[bytes]
    signer_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    signature: Mapped[bytes]


class Note(Table):
    """Words of a facilitator about a letter or a case, sealed to the case team or to one person."""

    __tablename__ = "notes"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    reader_kind: Mapped[str]
    reader_id: Mapped[UUID]
    epoch: Mapped[int] = mapped_column(default=0)
    written_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime]
    sealed: Mapped[bytes]


# --- the review desk, stored so that no page counts or searches


class DeskEntry(Table):
    """A waiting letter on one desk. ``aside_until``: handed on, not offered again until then."""

    __tablename__ = "desk"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    letter_id: Mapped[UUID] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    lane: Mapped[str]
    since: Mapped[datetime]
    aside_until: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_desk_all", "person_id", "since", "letter_id"),
        Index("ix_desk_aside", "person_id", "aside_until"),
        Index("ix_desk_lane", "person_id", "lane", "since", "letter_id"),
        Index("ix_desk_letter", "letter_id"),
    )


class DeskCount(Table):
    """The number of letters that wait in a lane of one facilitator's desk."""

    __tablename__ = "desk_counts"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    lane: Mapped[str] = mapped_column(primary_key=True)
    letters: Mapped[int]


class AuditEntry(Table):
    """A fact of the trail; ``mac`` covers it and the one before. ``detail`` binds the rows that it
    speaks of. The database never changes it."""

    __tablename__ = "audit"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID]
    event: Mapped[str]
    subject_id: Mapped[UUID]
    about_id: Mapped[UUID]
    left: Mapped[str]
    entered: Mapped[str]
    mac: Mapped[bytes]
    evolved: Mapped[bytes] = mapped_column(default=b"")
    detail: Mapped[bytes] = mapped_column(default=b"")
    __table_args__ = (Index("ix_audit_subject", "subject_id", "number"),)
