"""The tables of the facilitators' daily work and of notices. These rows are there to find things
by: if the trail says the same, the trail decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from letters.storage.tables.letters import Table


class AlertRow(Table):
    """A safeguarding alert: who is responsible, until when. Its words are sealed notes about it."""

    __tablename__ = "alerts"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    act_by: Mapped[datetime]
    risen_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_alerts_open", "closed_at", "act_by"),)


class Disagreement(Table):
    """Two readers who see a letter differently, until a supervisor has written their view."""

    __tablename__ = "disagreements"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    letter_id: Mapped[UUID] = mapped_column(ForeignKey("letters.id"), index=True)
    version_id: Mapped[UUID]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]


class Care(Table):
    """A facilitator's own settings: the most letters they take a day, how many they
    took on which day (counted only while they set a number), whether keys work on
    their desk, and whether grave letters are covered at first."""

    __tablename__ = "care"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    most_a_day: Mapped[int | None]
    day: Mapped[str] = mapped_column(default="")
    taken: Mapped[int] = mapped_column(default=0)
    uses_keys: Mapped[bool] = mapped_column(default=False)
    covers: Mapped[bool] = mapped_column(default=False)


class Tally(Table):
    """Counts without text, boxed under the contact key: by rule, by category, by month."""

    __tablename__ = "tallies"
    name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class NamesList(Table):
    """A case's own list of names and places, for the screening, boxed under the contact key."""

    __tablename__ = "names_lists"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    sealed: Mapped[bytes]


class ContactWay(Table):
    """How somebody wants to hear that there is something, if at all, boxed under the contact
    key."""

    __tablename__ = "contact_ways"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sealed: Mapped[bytes]


class Notice(Table):
    """The outbox: a notice that is to be sent, or was sent. ``due_at`` is empty
    once nothing more is to be done."""

    __tablename__ = "notices"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
