"""The tables of single accounts: second factors, throttling, kept saves, resets, display settings,
and letters never sent. Sealed and attested as in ``tables``."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from letters.storage.tables.letters import Table


class SecondFactor(Table):
    """A second factor of a person. The secret is boxed under the key file,
    so that nobody can forge a row."""

    __tablename__ = "second_factors"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    secret: Mapped[bytes]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    counter: Mapped[int] = mapped_column(default=0)


class SupervisedWindow(Table):
    """Half an hour for a person in custody to sign in, opened by a facilitator who is with them."""

    __tablename__ = "supervised_windows"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    until: Mapped[datetime]
    mac: Mapped[bytes]


class Attempt(Table):
    """The recent tries of a secret: for a name, known or not, or from an
    address; found by a keyed hash."""

    __tablename__ = "attempts"
    lookup: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class SentForm(Table):
    """A form that somebody sent, by a keyed hash of its token and of all its fields. ``led_to``:
    the address of the redirect that answered it; empty for none, NULL while it is being answered.
    """

    __tablename__ = "sent_forms"
    key: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    led_to: Mapped[str | None]


class KeptSave(Table):
    """Words that somebody saved after their session had expired, sealed to
    them and offered on their return."""

    __tablename__ = "kept_saves"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    letter_id: Mapped[UUID]
    kept_at: Mapped[datetime]
    sealed: Mapped[bytes]


class Reset(Table):
    """A single-use code with which somebody who lost password and recovery code makes new keys."""

    __tablename__ = "resets"
    lookup: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    mac: Mapped[bytes]


class KeyConfirmation(Table):
    """A team member's signed statement that the person on the telephone has this key."""

    __tablename__ = "key_confirmations"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime]
    signature: Mapped[bytes]


class DisplayRow(Table):
    """How pages look and speak for one person. No row means the defaults; the words
    are choices from a closed list."""

    __tablename__ = "comfort"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    large_type: Mapped[bool]
    read_aloud: Mapped[bool]
    word_harmed: Mapped[str]
    word_responsible: Mapped[str]


class Unsent(Table):
    """Words that somebody has typed into a form in one window and not sent yet, sealed to them.
    ``form`` and ``place``: keyed hashes of person and form, and of these and the window.
    ``about_id``: the subject of the form, so that both are deleted together."""

    __tablename__ = "unsent"
    place: Mapped[bytes] = mapped_column(primary_key=True)
    form: Mapped[bytes] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    about_id: Mapped[UUID | None] = mapped_column(index=True)
    kept_at: Mapped[datetime] = mapped_column(index=True)
    sealed: Mapped[bytes]


class NeverSent(Table):
    """A letter that is not meant to be sent, sealed to its writer alone. ``saves``: the number of
    its saves, so that a second window is noticed."""

    __tablename__ = "never_sent"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    began_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    saves: Mapped[int]
    sealed: Mapped[bytes]
    __table_args__ = (Index("ix_never_sent_person", "person_id", "saved_at"),)
