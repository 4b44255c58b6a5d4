"""Putting a fact of the process down: enter the case, say it in the trail, keep its words sealed, wake the worker.

What a case's process is stands in its trail and nowhere else; see ``domain/process.py`` for the form of each fact.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.case.gates import Parties
from letters.rules.case.history import CaseHistory
from letters.rules.case.process import Process
from letters.rules.errors import KeyNotConfirmed, NotPossibleNow
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.workflow.access import directory, roster, sealed_notes
from letters.workflow.access.enter import CaseAccess, case_to_change, case_to_read, wake
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.trail import trail


@dataclass(frozen=True)
class Recording:
    """A case that is entered, in one transaction, and what can be put down in it."""

    platform: Platform
    db: Session
    me: SignedIn
    room: CaseAccess

    @cached_property
    def story(self) -> CaseHistory:
        """What the trail tells so far; ``Tampered`` if it does not hold."""
        return trail.story(self.platform, self.db, self.room.case)

    @property
    def process(self) -> Process:
        """How the process stands so far."""
        return self.story.process

    @property
    def parties(self) -> Parties:
        """Who writes to each other; ``NotPossibleNow`` while one of them is not invited yet."""
        found = parties_of(self.platform, self.room)
        if found is None:
            raise NotPossibleNow("both have to be invited first")
        return found

    def fact(self, event: Event, subject: UUID | None = None, about: UUID = trail.NOBODY, left: str = "",
             entered: str = "") -> None:
        """Put one fact down, by this person; about the case itself if nothing else is named."""
        case = self.room.case
        trail.record(self.platform, self.db, case, event, self.me.person, subject or case.id, about, left, entered)

    def words(self, kind: str, words: str) -> UUID:
        """Keep words for the team alone. Returns the id that the fact names."""
        subject = self.platform.new_id()
        sealed_notes.for_team(self.platform, self.db, self.me, self.room, subject, kind, words)
        return subject

    def role_of(self, person: UUID) -> Role:
        """What a participant of this case is; ``NotPossibleNow`` for anybody else."""
        for _, somebody in self.room.participants:
            if somebody.id == person:
                return directory.role_of(self.platform, somebody)
        raise NotPossibleNow("this person does not take part")


@contextmanager
def recording(platform: Platform, me: SignedIn, case_id: UUID, permission: Permission,
              opens: bool = False) -> Iterator[Recording]:
    """Enter a case to put facts down. ``opens``: what may let a letter go is not believed of somebody whose new key
    nobody has vouched for (``KeyNotConfirmed``, ``CaseKeyMissing``); what shuts a gate is, where it needs no words. A
    member of the team whose key is not known halts instead."""
    with platform.store.writing() as db:
        room = case_to_change(platform, db, me, case_id, permission)
        if opens and me.role.is_participant:
            if not trail.key_history(platform, db, case_id, me.person).confirmed:
                raise KeyNotConfirmed
        elif opens:
            roster.require_known(platform, db, me, room)
        yield Recording(platform, db, me, room)
        wake(db, room.case, platform.now())
    platform.nudge()


class Looking(Recording):
    """A case that is only looked at."""

    @cached_property
    def story(self) -> CaseHistory:
        """What the trail tells so far, told without the state file too: people see their usual pages meanwhile."""
        return trail.shown(self.platform, self.db, self.room.case)


@contextmanager
def looking(platform: Platform, me: SignedIn, case_id: UUID, permission: Permission) -> Iterator[Recording]:
    """Look at a case's process; nothing is locked and nothing can be put down."""
    with platform.store.reading() as db:
        yield Looking(platform, db, me, case_to_read(platform, db, me, case_id, permission))


def parties_of(platform: Platform, room: CaseAccess) -> Parties | None:
    """Who writes to each other, or None while one of them is not invited yet."""
    by_role = {directory.role_of(platform, person): person.id for _, person in room.participants}
    if not {Role.HARMED, Role.RESPONSIBLE} <= by_role.keys():
        return None
    return Parties(by_role[Role.HARMED], by_role[Role.RESPONSIBLE])
