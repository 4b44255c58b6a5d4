"""Growing delays against guessing, one account at a time. Never a lock-out: nobody waits longer
than a minute.

A try counts as a failure before it is checked, in one statement, and the count is deleted when it
succeeds: a hundred at once learn no more than a hundred one after another. A name that nobody has
is counted like a real one.

Somebody who had to wait gets one try when their wait is over, even if another address has failed
meanwhile. So a stranger who goes on guessing cannot keep the owner out. A device that has signed in
before is counted separately, by a token that only this installation can have made: other people's
tries do not slow it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hmac import compare_digest
from math import ceil
from uuid import UUID

from sqlalchemy import and_, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from keys.errors import KeysError
from keys.vouching import lookup as keyed
from letters.rules.errors import NotAcceptable, PleaseWait
from letters.storage.tables.accounts import Attempt
from letters.storage.tables.letters import Person
from letters.workflow.accounts.invite import sign_in_lookup
from letters.workflow.platform import Platform

FREE = 3
"""This many failures cost nobody any time."""
LONGEST = timedelta(seconds=60)
FADES = timedelta(days=1)
_TURN_LASTS = timedelta(minutes=5)
_DEVICE = 16
"""Bytes of a device's number; the MAC that vouches for it follows."""


def delay(failures: int) -> timedelta:
    """How long an account waits after its last failure: nothing, then 1, 2, 4 … seconds, a minute
    at most."""
    return (
        timedelta(0)
        if failures < FREE
        else min(timedelta(seconds=2 ** min(failures - FREE, 10)), LONGEST)
    )


def key(platform: Platform, what: str) -> bytes:
    """The key that counts tries at anything but a sign-in name: a recovery code, a second step."""
    return keyed(platform.keys.lookup, f"attempt {what}")


def of_name(platform: Platform, sign_in_name: str) -> bytes:
    """The key that counts tries at a sign-in name, whether somebody has it or not."""
    try:
        return sign_in_lookup(platform, sign_in_name)
    except NotAcceptable:
        return key(platform, "a name that nobody can have")


def new_device(platform: Platform, sign_in_name: str) -> bytes:
    """A token that recognises a device that has signed in with this name; it signs nobody in."""
    number = platform.random(_DEVICE)
    return number + _vouched(platform, number, of_name(platform, sign_in_name))


def of_device(platform: Platform, name: bytes, tokens: Iterable[bytes]) -> bytes | None:
    """The key that counts tries at this name on a device that has signed in with it; None on any
    other device."""
    for token in tokens:
        number, vouched = token[:_DEVICE], token[_DEVICE:]
        if compare_digest(vouched, _vouched(platform, number, name)):
            return key(platform, f"device {number.hex()} {name.hex()}")
    return None


def knock(platform: Platform, what: str, seconds: int, amount: int = 1) -> int:
    """Count a knock in a window of so many seconds, which the first knock opens, over all processes
    of the installation. ``what``: the door and the caller's address; only a keyed hash of it is
    kept.
    Returns the number of knocks in the window."""
    ends, over = platform.now() + timedelta(seconds=seconds), Attempt.last_at <= platform.now()
    with platform.writing() as db:
        statement = _insert(db).values(lookup=key(platform, what), failures=amount, last_at=ends)
        counted = statement.on_conflict_do_update(index_elements=[Attempt.lookup], set_={
            "failures": case((over, amount), else_=Attempt.failures + amount),
            "last_at": case((over, statement.excluded.last_at),
                            else_=Attempt.last_at)}).returning(Attempt.failures)
        return db.execute(counted).scalar_one()


def knocked(platform: Platform, what: str) -> tuple[int, datetime]:
    """The number of knocks in the present window and its end; without a window, none and now."""
    with platform.reading() as db:
        row = db.get(Attempt, key(platform, what))
    return (row.failures,
            row.last_at) if row and row.last_at > platform.now() else (0, platform.now())


def refuse_early(platform: Platform, lookup: bytes, address: str = "") -> None:
    """Count one more try. Call it before anything is stretched or compared, and ``succeeded`` in
    the transaction of the success; a failed try is counted already.
    Raises ``PleaseWait``, and counts nothing, while this account has to wait."""
    now = platform.now()
    turn = key(platform, f"turn {lookup.hex()} {address}") if address else None
    with platform.writing() as db:
        wait = timedelta(0) if _count(db, lookup, now) else _wait(db, lookup, turn, now)
        over = Attempt.last_at <= now - FADES
        db.execute(delete(Attempt).where(or_(over, Attempt.lookup == turn) if turn
                                         and not wait else over))
    if wait > timedelta(0):
        raise PleaseWait(ceil(min(wait, LONGEST).total_seconds()))


def succeeded(db: Session, lookup: bytes) -> None:
    """Delete the count of failures: it was the right person after all."""
    db.execute(delete(Attempt).where(Attempt.lookup == lookup))


@contextmanager
def looked_at(platform: Platform, lookup: bytes) -> Iterator[None]:
    """While the try is checked: if the check itself is not possible (``Busy``,
    ``PasswordTooLong``), the count is taken back."""
    try:
        yield
    except KeysError:
        with platform.writing() as db:
            db.execute(update(Attempt).where(Attempt.lookup == lookup, Attempt.failures > 0)
                       .values(failures=Attempt.failures - 1))
        raise


def failing(platform: Platform, db: Session, people: Iterable[Person]) -> dict[UUID, int]:
    """The people with repeated failures at their sign-in name within a day, and how many."""
    by_lookup = {person.lookup: person.id for person in people if person.lookup}
    rows = db.scalars(select(Attempt).where(Attempt.lookup.in_(by_lookup), Attempt.failures >= FREE,
                                            Attempt.last_at > platform.now() - FADES))
    return {by_lookup[row.lookup]: row.failures for row in rows}


def _count(db: Session, lookup: bytes, now: datetime) -> bool:
    """Count a try unless the account has to wait, in one statement, so that simultaneous tries run
    one after another."""
    growing = range(FREE, FREE + 6)
    may_try = or_(Attempt.failures < FREE,
                  *(and_(Attempt.failures == failures, Attempt.last_at <= now - delay(failures))
                    for failures in growing),
                  and_(Attempt.failures >= growing.stop, Attempt.last_at <= now - LONGEST),
                  Attempt.last_at > now + LONGEST)  # the clock was wrong, or the row was planted
    statement = _insert(db).values(lookup=lookup, failures=1, last_at=now)
    counted = statement.on_conflict_do_update(
        index_elements=[Attempt.lookup], where=may_try,
        set_={"failures": case((Attempt.last_at <= now - FADES, 1), else_=Attempt.failures + 1),
              "last_at": statement.excluded.last_at}).returning(Attempt.failures)
    return db.execute(counted).first() is not None


def _wait(db: Session, lookup: bytes, turn: bytes | None, now: datetime) -> timedelta:
    """How long this caller has to wait. Nothing if they have waited already: then their turn is
    used up and counted."""
    row = db.get(Attempt, lookup)
    until = row.last_at + delay(row.failures) if row else now + timedelta(seconds=1)
    if turn is None:
        return until - now
    mine = db.get(Attempt, turn, with_for_update=True)
    if mine is None:
        db.execute(_insert(db).values(lookup=turn, failures=0,
                                      last_at=until).on_conflict_do_nothing())
        return until - now
    if not now - _TURN_LASTS < mine.last_at <= now + LONGEST:
        mine.last_at = until
    if mine.last_at > now:
        return mine.last_at - now
    db.execute(update(Attempt).where(Attempt.lookup
                                     == lookup).values(failures=Attempt.failures + 1, last_at=now)
               .execution_options(synchronize_session=False))
    return timedelta(0)


def _vouched(platform: Platform, number: bytes, name: bytes) -> bytes:
    return key(platform, f"vouch for {number.hex()} {name.hex()}")


def _insert(db: Session) -> postgresql.Insert | sqlite.Insert:
    return (postgresql.insert(Attempt) if db.get_bind().dialect.name == "postgresql"
            else sqlite.insert(Attempt))
