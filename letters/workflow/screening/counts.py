"""Counts without text, over all cases: how often a rule was not helpful, and why letters were held.

With few cases a count tells of one, so a tally is boxed under the contact key: a copy of the
database says nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.rules.errors import Tampered
from letters.screening import Category
from letters.storage import locks
from letters.storage.tables.desk import Tally
from letters.storage.tables.letters import Letter
from letters.workflow.platform import Platform
from letters.workflow.preparation import consent

NOT_NAMED = "not named"


class Verdict(StrEnum):
    """The decisions that are counted by their main category."""

    HOLDS = "holds"
    RETURNS = "returns"


def count(platform: Platform, db: Session, name: str, what: Iterable[str], by: int = 1) -> None:
    """Count each of these once more in the tally of this name; no count falls below 0."""
    locks.installation(db)
    told = Counter(counted(platform, db, name))
    told.update({one: by for one in what})
    keep(platform, db, name, {one: number for one, number in told.items() if number > 0})


def counted(platform: Platform, db: Session, name: str) -> dict[str, int]:
    """The counts under this name. Raises ``Tampered`` if the row is not what was kept."""
    return kept(platform, db, name)


def keep(platform: Platform, db: Session, name: str, what: Mapping[str, int | str]) -> None:
    """Keep this under the name, boxed, in place of what was kept before."""
    sealed = box.seal(platform.keys.contact, context("tally", name=name), json.dumps(what).encode(),
                      platform.random, box.NOTE_BLOCK)
    db.merge(Tally(name=name, sealed=sealed))


def kept(platform: Platform, db: Session, name: str) -> dict[str, Any]:
    """What is kept under this name. Raises ``Tampered`` if the row is not what was kept."""
    row = db.scalars(select(Tally).where(Tally.name == name)).first()
    if row is None:
        return {}
    try:
        found: dict[str, Any] = json.loads(
            platform.keys.open_contact(context("tally", name=name), row.sealed))
    except CannotOpen:
        raise Tampered(platform.keys.installation) from None
    return found


def count_verdict(platform: Platform, db: Session, letter: Letter, verdict: Verdict,
                  category: str) -> None:
    """Count one hold or return in this month, if its writer agrees to be counted.

    ``category``: the main category, if a facilitator named one. If the tally does not verify, the
    letter is held all the same; the supervisor's page says what is wrong.
    """
    named = category if category in set(Category) else NOT_NAMED
    with suppress(Tampered):
        if not consent.may_be_counted(platform, db, letter.case_id, letter.author_id):
            return
        count(platform, db, month(verdict, platform.today()), [named])


def month(verdict: Verdict, day: date) -> str:
    """The name of the tally of a verdict in this month."""
    return f"{verdict.value} {day:%Y-%m}"
