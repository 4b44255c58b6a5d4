"""What a facilitator sets for themselves: how many letters a day, and the keys of their desk.

It measures nobody: letters are counted only while a facilitator wants it and only for that day, and
reaching the number forbids nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.errors import NotAcceptable
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.tables.desk import Care
from letters.workflow.platform import Platform, SignedIn

MOST = 50
OFFERED = {"next": "n", "previous": "p", "letter": "l", "decisions": "d", "keep": "k"}
"""What a key can do on the page of a letter, and which key is offered for it.
No key decides anything."""


@dataclass(frozen=True)
class OwnCare:
    """A facilitator's settings and how many letters they took today.
    ``keys`` is empty while they want none."""

    most_a_day: int | None = None
    taken: int = 0
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_reached(self) -> bool:
        """True once they have taken as many as they wanted."""
        return self.most_a_day is not None and self.taken >= self.most_a_day


def own_care(platform: Platform, me: SignedIn) -> OwnCare:
    """One's own settings. Keys that no page can have set are left out."""
    with platform.store.reading() as db:
        row = db.get(Care, me.person)
    if row is None:
        return OwnCare()
    taken = row.taken if row.day == platform.today().isoformat() else 0
    return OwnCare(row.most_a_day, taken, _keys_in(row.shortcuts))


def save_care(platform: Platform, me: SignedIn, most_a_day: int | None, keys: Mapping[str, str]) -> None:
    """Set the number of letters a day (None: no number) and the keys (empty: none).

    Raises ``NotAcceptable`` if the number or a key cannot be used.
    """
    may(me.actor, Permission.ACCOUNT_KEEP)
    if most_a_day is not None and not 1 <= most_a_day <= MOST:
        raise NotAcceptable("most_a_day", marked("Write a whole number from 1 to %(most)s, or leave it empty for no "
                                                 "number."), most=MOST)
    _check(keys)
    with platform.store.writing() as db:
        row = _locked(db, me)
        if row is None:
            row = Care(person_id=me.person, day="", taken=0)
            db.add(row)
        row.most_a_day, row.shortcuts = most_a_day, json.dumps(dict(keys), sort_keys=True) if keys else ""
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


def _check(keys: Mapping[str, str]) -> None:
    """Raises ``NotAcceptable`` unless each key is one letter or digit
    and no two keys are the same."""
    if not keys:
        return
    for name in OFFERED:
        key = keys.get(name, "")
        if not (len(key) == 1 and key.isascii() and key.isalnum() and key == key.lower()):
            raise NotAcceptable(f"key-{name}", marked("Write one small letter or one digit."))
        if sum(key == other for other in keys.values()) > 1:
            raise NotAcceptable(f"key-{name}", marked("This key has two uses. Choose another one for one of them."))


def _keys_in(written: str) -> dict[str, str]:
    try:
        keys = json.loads(written or "{}")
        _check(keys)
        return {name: keys[name] for name in OFFERED if keys}
    except (ValueError, AttributeError, TypeError, NotAcceptable):
        return {}
