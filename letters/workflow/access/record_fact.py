"""Recording a fact of the process: enter the case, add the fact to the trail, seal its words, wake
the worker.

A case's process stands in its trail and nowhere else; see ``domain/process.py`` for the form of
each fact.
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
from letters.workflow.record import record


@dataclass(frozen=True)
class Recording:
    """A case entered in one transaction, and the ways to record something in it."""

    platform: Platform
    db: Session
    me: SignedIn
    room: CaseAccess

    @cached_property
    def story(self) -> CaseHistory:
        """The history from the trail so far. Raises ``Tampered`` if the trail does not hold."""
        return record.to_decide(self.platform, self.db, self.room.case.id)

    @property
    def process(self) -> Process:
        """The state of the process so far."""
        return self.story.process

    @property
    def parties(self) -> Parties:
        """The two who write to each other. Raises ``NotPossibleNow`` until both are invited."""
        found = parties_of(self.platform, self.room)
        if found is None:
            raise NotPossibleNow("both have to be invited first")
        return found

    def fact(self, event: Event, subject: UUID | None = None, about: UUID = record.NOBODY,
             left: str = "",
             entered: str = "") -> None:
        """Record one fact by this person; it is about the case itself if no ``subject`` is
        given."""
        case = self.room.case
        record.add(self.platform, self.db, case, event, self.me.person, subject or case.id, about,
                   left, entered)

    def words(self, kind: str, words: str) -> UUID:
        """Keep words for the team only. Returns the id that the fact names."""
        subject = self.platform.new_id()
        sealed_notes.for_team(self.platform, self.db, self.me, self.room, subject, kind, words)
        return subject

    def role_of(self, person: UUID) -> Role:
        """The role of a participant of this case. Raises ``NotPossibleNow`` for anybody else."""
        for _, somebody in self.room.participants:
            if somebody.id == person:
                return directory.role_of(self.platform, somebody)
        raise NotPossibleNow("this person does not take part")


@contextmanager
def recording(platform: Platform, me: SignedIn, case_id: UUID, permission: Permission,
              opens: bool = False) -> Iterator[Recording]:
    """Enter a case to record facts.

    ``opens``: the fact could let a letter go, so it needs a confirmed key. Facts that only close
    gates are accepted from everybody in the case, if they need no words; a member whose key is not
    confirmed can still halt.
    Raises ``KeyNotConfirmed`` or ``CaseKeyMissing``.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, permission)
        if opens and me.role.is_participant:
            if not record.accounts(platform, db, case_id).key(me.person).confirmed:
                raise KeyNotConfirmed
        elif opens:
            roster.require_known(platform, db, me, room)
        yield Recording(platform, db, me, room)
        wake(db, room.case, platform.now())
    platform.nudge()


class Looking(Recording):
    """A case that is only read."""

    @cached_property
    def story(self) -> CaseHistory:
        """The history from the trail so far, also without the state file: people still see their
        usual pages."""
        return record.read(self.platform, self.db, self.room.case.id)


@contextmanager
def looking(platform: Platform, me: SignedIn, case_id: UUID,
            permission: Permission) -> Iterator[Recording]:
    """Read a case's process; nothing is locked and nothing can be recorded."""
    with platform.reading() as db:
        yield Looking(platform, db, me, case_to_read(platform, db, me, case_id, permission))


def parties_of(platform: Platform, room: CaseAccess) -> Parties | None:
    """The two who write to each other, or None until both are invited."""
    by_role = {directory.role_of(platform, person): person.id for _, person in room.participants}
    if not {Role.HARMED, Role.RESPONSIBLE} <= by_role.keys():
        return None
    return Parties(by_role[Role.HARMED], by_role[Role.RESPONSIBLE])
