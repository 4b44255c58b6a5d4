"""A form that arrives twice, by a double click or a broken line, is carried out once.

Each page gives each of its forms a token. If the same token arrives again with the same words,
nothing is carried out: the sender is led to where the first one led. A form that was refused can be
sent again.
"""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from letters.storage.store import changed_one
from letters.storage.tables.accounts import SentForm
from letters.workflow.accounts import throttle
from letters.workflow.platform import Platform, SignedIn

REMEMBERED = timedelta(days=1)
ANSWERED_WITHIN = timedelta(minutes=1)
"""A form that is being answered for longer was lost with its process;
it is carried out when sent again."""


def key_of(platform: Platform, me: SignedIn, token: str, sent: str) -> bytes:
    """The key under which a form of this person is remembered.
    ``sent``: its address and all its content."""
    return throttle.key(platform, f"form {me.person} {token} {sent}")


def begin_form(platform: Platform, key: bytes) -> bool:
    """Returns True if this form is to be carried out now, False if it was, or is being."""
    try:
        return _begin(platform, key)
    except IntegrityError:  # both came at the same moment: the other one is carried out
        return False


def _begin(platform: Platform, key: bytes) -> bool:
    now = platform.now()
    with platform.writing() as db:
        db.execute(delete(SentForm).where(SentForm.at <= now - REMEMBERED))
        before = db.get(SentForm, key)
        if before is None:
            db.add(SentForm(key=key, at=now))
            return True
        return changed_one(db, update(SentForm).where(
            SentForm.key == key, SentForm.led_to.is_(None),
            SentForm.at <= now - ANSWERED_WITHIN).values(at=now))


def led_to(platform: Platform, key: bytes) -> str | None:
    """Where the answer led, empty for nowhere.
    Returns None while there is no answer, or if it was refused."""
    with platform.reading() as db:
        row = db.get(SentForm, key)
    return row.led_to if row else None


def end(platform: Platform, key: bytes, address: str | None) -> None:
    """Record where the answer led, or that the form was refused (None) and can be sent again."""
    with platform.writing() as db:
        if address is None:
            db.execute(delete(SentForm).where(SentForm.key == key))
        else:
            db.execute(update(SentForm).where(SentForm.key == key).values(led_to=address))
