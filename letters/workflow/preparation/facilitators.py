"""What facilitators tell about themselves to a person who chooses one (rule 6), and their training.
All of it is optional.

A profile is boxed under the contact key, as names are: the service can show it, a copy of the
database cannot.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.rules.errors import NotAcceptable, Tampered
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.queries import lists
from letters.storage.tables.team import Profile
from letters.workflow.access import directory
from letters.workflow.access.record_fact import looking
from letters.workflow.platform import Platform, SignedIn

MOST_LETTERS = 1_000
MOST_TRAININGS = 20


@dataclass(frozen=True)
class ProfileText:
    """A facilitator's words about themselves. ``training``: pairs of what and when.
    ``may_be_asked``: also by people whose team they are not in."""

    languages: str = ""
    gender: str = ""
    experience: str = ""
    words: str = ""
    training: tuple[tuple[str, str], ...] = ()
    may_be_asked: bool = False


@dataclass(frozen=True)
class Facilitator:
    """A facilitator who can be chosen or asked for."""

    id: UUID
    name: str
    told: ProfileText


@dataclass(frozen=True)
class Choice:
    """The choice of the person harmed: the team, others who may be asked, and her answer so far."""

    team: list[Facilitator]
    others: list[Facilitator]
    chosen: UUID | None
    wishes_another: bool


def own_profile(platform: Platform, me: SignedIn) -> ProfileText:
    """One's own profile; empty before the first save."""
    _require_facilitator(me)
    with platform.reading() as db:
        return _told(platform, db, [me.person]).get(me.person, ProfileText())


def save_profile(platform: Platform, me: SignedIn, told: ProfileText) -> None:
    """Save one's profile, in place of the earlier one.
    Raises ``NotAcceptable`` if something is too long."""
    _require_facilitator(me)
    for field in ("languages", "gender", "experience", "words"):
        _require_short(field, getattr(told, field))
    if len(told.training) > MOST_TRAININGS:
        raise NotAcceptable("training", marked("These are more than %(most_trainings)s "
                                               "trainings. Please leave some "
                                               "out."), most_trainings=MOST_TRAININGS)
    for number, (what, when) in enumerate(told.training):
        _require_short(f"what-{number}", what)
        _require_short(f"when-{number}", when)
        if when and not what:
            raise NotAcceptable(f"what-{number}",
                                marked("Write what this training was, or take the date away."))
    sealed = box.seal(platform.keys.contact, _place(me.person), json.dumps(asdict(told)).encode(),
                      platform.random,
                      box.NOTE_BLOCK)
    with platform.writing() as db:
        db.merge(Profile(person_id=me.person, sealed=sealed))


def to_choose_from(platform: Platform, me: SignedIn, case_id: UUID) -> Choice:
    """The team and the others who may be asked, for the person harmed.
    Raises ``Tampered`` if a profile is not its owner's."""
    with looking(platform, me, case_id, Permission.CASE_CHOOSE) as case:
        colleagues = [person.id for person in lists.colleagues(case.db, case.room.team)]
        people = {*case.room.team, *colleagues}
        told, names = _told(platform, case.db, people), directory.names(platform, case.db, people)

        def listed(ids: Iterable[UUID]) -> list[Facilitator]:
            found = [Facilitator(person, names[person], told.get(person, ProfileText()))
                     for person in ids]
            return sorted(found, key=lambda one: (one.name.casefold(), one.id))
        others = [one for one in listed(colleagues) if one.told.may_be_asked]
        return Choice(listed(case.room.team), others, case.process.chosen,
                      case.process.wishes_another is not None)


def _told(platform: Platform, db: Session, people: Iterable[UUID]) -> dict[UUID, ProfileText]:
    rows = db.scalars(select(Profile).where(Profile.person_id.in_(set(people))))
    return {row.person_id: _opened(platform, row) for row in rows}


def _opened(platform: Platform, row: Profile) -> ProfileText:
    try:
        kept: dict[str,
                   Any] = json.loads(platform.keys.open_contact(_place(row.person_id), row.sealed))
    except CannotOpen:
        raise Tampered(row.person_id) from None
    return ProfileText(**{**kept,
                          "training": tuple((what, when) for what, when in kept["training"])})


def _place(person: UUID) -> bytes:
    return context("profile", person=person)


def _require_facilitator(me: SignedIn) -> None:
    may(me.actor, Permission.PROFILE_WRITE)


def _require_short(field: str, words: str) -> None:
    if len(words) > MOST_LETTERS:
        raise NotAcceptable(field, marked("These are more than %(most_letters)s characters. "
                                          "Please make it shorter."),
                            most_letters=f"{MOST_LETTERS:,}")
