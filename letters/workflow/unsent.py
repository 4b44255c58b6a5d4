"""What somebody has typed into a form and not sent:
kept for them alone, and offered when they open the form again.

The page's script keeps it for each form and each window separately, so that no window forgets what
another one typed. It is sealed under the typist's own root. It is deleted when that form is sent
from that window, when they throw it away, together with its subject, and after a week.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select

from keys.context import context
from keys.errors import CannotOpen
from keys.notes import open_own, seal_own
from letters.rules.errors import NotAcceptable, Tampered
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.tables.accounts import Unsent
from letters.workflow.accounts import throttle
from letters.workflow.platform import Platform, SignedIn

KEPT = timedelta(days=7)
MOST = 500_000
"""Characters of one form: an assessment has twenty-nine fields."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Typed(NamedTuple):
    """What was typed into a form in one window. ``words``: in the format of the page's script."""

    form: str
    window: str
    at: datetime
    words: str


def keep_typed(platform: Platform, me: SignedIn, form: str, window: str, words: str) -> None:
    """Keep what this person has typed, in place of what this form and window had before;
    an empty text deletes it.

    ``form``: its address and its subject.
    Raises ``NotAcceptable`` if it is too much.
    """
    may(me.actor, Permission.ACCOUNT_KEEP)
    if len(words) + len(window) > MOST:
        raise NotAcceptable("words", marked("This is too much to be kept before it is sent."))
    place = _place(platform, me, form, window)
    with platform.writing() as db:
        if not words:
            db.execute(delete(Unsent).where(Unsent.place == place))
            return
        about = _ID.search(form)
        sealed = seal_own(me.identity, _context(me, place), f"{window}\n{words}", platform.random)
        db.merge(Unsent(place=place, form=_form(platform, me, form), person_id=me.person,
                        kept_at=platform.now(),
                        about_id=UUID(about[0]) if about else None, sealed=sealed))


def forget(platform: Platform, me: SignedIn, form: str, window: str,
           at: datetime | None = None) -> None:
    """Forget what was kept of this form and window;
    with ``at``, only if nothing was kept there since."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    gone = delete(Unsent).where(Unsent.place == _place(platform, me, form, window))
    with platform.writing() as db:
        db.execute(gone if at is None else gone.where(Unsent.kept_at == at))


def typed_before(platform: Platform, me: SignedIn, forms: Iterable[str]) -> list[Typed]:
    """What was kept of these forms, newest first.
    Raises ``Tampered`` if somebody else put it there."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    asked = {_form(platform, me, form): form for form in forms}
    with platform.reading() as db:
        rows = db.scalars(select(Unsent).where(Unsent.form.in_(asked),
                                               Unsent.person_id == me.person)
                          .order_by(Unsent.kept_at.desc(), Unsent.place)).all()
    return [Typed(asked[row.form], window, row.kept_at, words) for row in rows
            for window, words in [_opened(me, row).split("\n", 1)]]


def forget_old(platform: Platform) -> None:
    """Delete what was kept for a week and not used."""
    with platform.writing() as db:
        db.execute(delete(Unsent).where(Unsent.kept_at <= platform.now() - KEPT))


def _opened(me: SignedIn, row: Unsent) -> str:
    try:
        return open_own(me.identity, _context(me, row.place), row.sealed)
    except CannotOpen:
        raise Tampered(me.person) from None


def _form(platform: Platform, me: SignedIn, form: str) -> bytes:
    return throttle.key(platform, f"unsent {me.person} {form}")


def _place(platform: Platform, me: SignedIn, form: str, window: str) -> bytes:
    return throttle.key(platform, f"unsent {me.person} {form} {window}")


def _context(me: SignedIn, place: bytes) -> bytes:
    return context("unsent", place=place, person=me.person)
