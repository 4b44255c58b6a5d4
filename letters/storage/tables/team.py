"""The tables of a case's team over time, and of what belongs to no case: facilitators'
profiles, feedback to the service."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from letters.storage.tables.letters import Table


class Specialist(Table):
    """Who reads with a case's team and decides nothing; for lists alone, the record says it."""

    __tablename__ = "specialists"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class TeamRequest(Table):
    """A colleague who was asked to join a team and has not answered yet;
    ``sealed`` hands over the case key."""

    __tablename__ = "asked"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    epoch: Mapped[int]
    sealed: Mapped[bytes | None]
    mac: Mapped[bytes]


class Roster(Table):
    """One signed statement of a team's members, linked to the one before it."""

    __tablename__ = "rosters"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    members: Mapped[bytes]
    signer_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    signature: Mapped[bytes]


class Pin(Table):
    """The roster that a person saw last, boxed under their own root."""

    __tablename__ = "pins"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    sealed: Mapped[bytes]


class SpareCaseKey(Table):
    """A case key sealed to a supervisor, then to the release key:
    only emergency access opens it."""

    __tablename__ = "spare_case_keys"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    supervisor_serial: Mapped[int]
    release_kid: Mapped[bytes]
    sealed: Mapped[bytes]


class EmergencyRequest(Table):
    """A supervisor's request to read a case without being in its team, and its outcome."""

    __tablename__ = "emergency_requests"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    safeguarding: Mapped[bool]
    mac: Mapped[bytes]
    seconded_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    second_signature: Mapped[bytes | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class EmergencyKey(Table):
    """A spare case key without its outer seal, for as long as emergency access lasts."""

    __tablename__ = "emergency_keys"
    request_id: Mapped[UUID] = mapped_column(ForeignKey("emergency_requests.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class Profile(Table):
    """What a facilitator says about themselves to people who choose,
    boxed under the contact key."""

    __tablename__ = "profiles"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sealed: Mapped[bytes]


class Feedback(Table):
    """One closing form, sealed to one supervisor. Only the month of its time is
    kept; nothing leads to a person."""

    __tablename__ = "feedback"
    form_id: Mapped[UUID] = mapped_column(primary_key=True)
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True,
                                                index=True)
    month: Mapped[str]
    role: Mapped[str]
    sealed: Mapped[bytes]
    mac: Mapped[bytes]
