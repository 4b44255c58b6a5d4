"""My sessions: where I am signed in, and how I end one or all others. Nobody sees or ends another
person's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from letters.rules.devices import shown
from letters.rules.errors import NotFound
from letters.rules.permissions import Permission, may
from letters.storage.tables.letters import Person, SessionRow
from letters.workflow.accounts.sign_in import KEPT_ON, runs_out_at
from letters.workflow.accounts.sign_in_steps import FULL
from letters.workflow.platform import Platform, SignedIn


@dataclass(frozen=True)
class MySession:
    """One place where I am signed in."""

    id: bytes
    began_at: datetime
    seen_at: datetime
    device: str
    idle_minutes: int
    is_this: bool


def own_sessions(platform: Platform, me: SignedIn) -> list[MySession]:
    """The places where I am signed in now, the latest first."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    now = platform.now()
    with platform.reading() as db:
        rows = db.scalars(select(SessionRow).where(SessionRow.person_id
                                                   == me.person, SessionRow.stage == FULL)
                          .order_by(SessionRow.began_at.desc(), SessionRow.id)).all()
    return [MySession(row.id, row.began_at, row.seen_at, shown(row.device), row.idle_minutes,
                      row.id == me.session)
            for row in rows if runs_out_at(row) > now]


def end(platform: Platform, me: SignedIn, session: bytes) -> None:
    """End one of my sessions; the words being written there can still be saved.
    Raises ``NotFound`` for another person's session."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    with platform.writing() as db:
        if not _run_out(platform, db, SessionRow.id == session, SessionRow.person_id == me.person):
            raise NotFound


def end_others(platform: Platform, me: SignedIn) -> None:
    """End all my sessions but this one; the words being written there can still be saved."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    with platform.writing() as db:
        _run_out(platform, db, SessionRow.person_id == me.person, SessionRow.id != me.session)


def end_all_but(db: Session, me: SignedIn) -> None:
    """Delete all my sessions but this one, within a verb that changes how I sign in."""
    db.execute(delete(SessionRow).where(SessionRow.person_id == me.person,
                                        SessionRow.id != me.session))


def _run_out(platform: Platform, db: Session, *which: ColumnElement[bool]) -> int:
    """Let sessions run out now, as if their quiet time was over. Returns the number of sessions."""
    rows, now = db.scalars(select(SessionRow).where(*which).with_for_update()).all(), platform.now()
    for row in rows:
        row.seen_at = min(row.seen_at, now - timedelta(minutes=row.idle_minutes))
    return len(rows)


def choose_exit_keys(platform: Platform, me: SignedIn, wanted: bool) -> None:
    """Choose whether pressing Escape three times leaves this site."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    with platform.writing() as db:
        db.execute(update(Person).where(Person.id == me.person).values(exit_keys=wanted))


def forget_old(platform: Platform) -> None:
    """Delete the sessions that ran out more than a week ago: a late save no longer finds its writer
    by them."""
    with platform.writing() as db:
        db.execute(delete(SessionRow).where(SessionRow.expires_at <= platform.now() - KEPT_ON))
