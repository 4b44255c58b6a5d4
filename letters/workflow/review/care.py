"""What a facilitator sets for themselves: how many letters a day, whether keys work, and whether
grave letters are covered at first.

It measures nobody: letters are counted only while a facilitator wants it and only for that day, and
reaching the number forbids nothing.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.errors import NotAcceptable
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.tables.desk import Care
from letters.workflow.platform import Platform, SignedIn

MOST = 50
KEYS = {"next": "n", "previous": "p", "letter": "l", "decisions": "d", "keep": "k"}
"""What the keys do on the page of a letter. No key decides anything."""


@dataclass(frozen=True)
class OwnCare:
    """A facilitator's settings, and how many letters they took today."""

    most_a_day: int | None = None
    taken: int = 0
    uses_keys: bool = False
    covers: bool = False

    @property
    def is_reached(self) -> bool:
        """True once they have taken as many as they wanted."""
        return self.most_a_day is not None and self.taken >= self.most_a_day


def own_care(platform: Platform, me: SignedIn) -> OwnCare:
    """One's own settings."""
    with platform.reading() as db:
        row = db.get(Care, me.person)
    if row is None:
        return OwnCare()
    taken = row.taken if row.day == platform.today().isoformat() else 0
    return OwnCare(row.most_a_day, taken, row.uses_keys, row.covers)


def save_care(platform: Platform, me: SignedIn, most_a_day: int | None,
              uses_keys: bool, covers: bool = False) -> None:
    """Set the number of letters a day (None: no number), whether the keys are used, and whether the
    words of a letter with grave findings are covered until one reads on.

    Raises ``NotAcceptable`` if the number cannot be used.
    """
    may(me.actor, Permission.ACCOUNT_KEEP)
    if most_a_day is not None and not 1 <= most_a_day <= MOST:
        raise NotAcceptable("most_a_day", marked(
            "Write a whole number from 1 to %(most)s, or leave it empty for no number."), most=MOST)
    with platform.writing() as db:
        row = _locked(db, me)
        if row is None:
            row = Care(person_id=me.person, day="", taken=0)
            db.add(row)
        row.most_a_day, row.uses_keys, row.covers = most_a_day, uses_keys, covers
        if most_a_day is None:
            row.day, row.taken = "", 0


def count(platform: Platform, db: Session, me: SignedIn) -> None:
    """Count one more letter today, if this facilitator has set a number."""
    row = _locked(db, me)
    if row is not None and row.most_a_day is not None:
        today = platform.today().isoformat()
        row.day, row.taken = today, row.taken + 1 if row.day == today else 1


def _locked(db: Session, me: SignedIn) -> Care | None:
    return db.scalars(select(Care).where(Care.person_id == me.person).with_for_update()).first()
