"""A case's file, as its team reads it: the verified history, names, and the sealed words that the
history refers to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from keys.identity import Identity
from letters.rules.case.gates import Gate, Parties
from letters.rules.case.history import CaseHistory
from letters.rules.case.process import Process
from letters.rules.case.stages import Missing, Stage, gaps, stage
from letters.rules.case.today import waits_until_ready
from letters.rules.errors import CaseKeyMissing, NotFound
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.storage.queries import lists
from letters.storage.tables.letters import Case, Participant, Person
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.access.directory import Takers
from letters.workflow.access.enter import CaseAccess, case_to_read, listed_case_to_read
from letters.workflow.access.record_fact import parties_of
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.verify import ChainEntry


@dataclass(frozen=True)
class CaseFile:
    """An opened file. Everything in it is of one moment. ``ring``: the case keys that this member
    holds. ``held_at_hand``: its held letters, where they were asked for already."""

    platform: Platform
    db: Session
    room: CaseAccess
    story: CaseHistory
    ring: dict[int, Identity]
    held_at_hand: dict[UUID, datetime] | None = None

    @property
    def case(self) -> Case:
        """The case."""
        return self.room.case

    @property
    def process(self) -> Process:
        """The state of the process."""
        return self.story.process

    @cached_property
    def parties(self) -> Parties | None:
        """The two who write to each other, or None until both are invited."""
        return parties_of(self.platform, self.room)

    @cached_property
    def roles(self) -> dict[UUID, Role]:
        """The participants with their roles, the person harmed first."""
        self.room.require_everybody()
        found = [(directory.role_of(self.platform, person), person.id) for _,
                 person in self.room.participants]
        return {person: role for role,
                person in sorted(found, key=lambda pair: (list(Role).index(pair[0]), pair[1]))}

    @cached_property
    def ever_in_team(self) -> frozenset[UUID]:
        """Everybody who is or was in the team."""
        return record.read(self.platform, self.db, self.case.id).ever_joined

    @cached_property
    def names(self) -> dict[UUID, str]:
        """The names of everybody who is or was in the team, and of the participants."""
        return directory.names(self.platform, self.db, {*self.ever_in_team, *self.roles})

    @property
    def team(self) -> list[UUID]:
        """The team, by name."""
        return sorted(self.room.team, key=self.names.__getitem__)

    @property
    def specialists(self) -> list[UUID]:
        """Who reads with the team and decides nothing, by name."""
        return sorted(self.room.specialists, key=self.names.__getitem__)

    @cached_property
    def stage(self) -> Stage:
        """The stage that the case has reached."""
        return stage(self.story, self.platform.framework, self.parties, self.platform.today())

    @cached_property
    def gaps(self) -> list[Missing]:
        """What is still missing before a letter can be released."""
        people = {role: person for person, role in self.roles.items()}
        found = gaps(self.story, self.platform.framework, people, self.platform.today())
        if self.waits_until_ready is not None:
            found.append(Missing(Gate.READY, Role.HARMED))
        return found

    @cached_property
    def waits_until_ready(self) -> datetime | None:
        """Since when an approved letter has waited for the person harmed to be ready."""
        return waits_until_ready(self.story, self.parties) if self.parties else None

    @cached_property
    def held(self) -> dict[UUID, datetime]:
        """The held letters, each with the time when it is looked at again."""
        return (lists.held_letters(self.db, self.case.id) if self.held_at_hand is None
                else self.held_at_hand)

    def participant(self, person: UUID) -> tuple[Participant, Person]:
        """A participant. Raises ``NotFound`` for anybody else."""
        for participant, somebody in self.room.participants:
            if somebody.id == person:
                return participant, somebody
        raise NotFound

    def told(self, *events: Event, about: UUID | None = None) -> list[ChainEntry]:
        """These facts, oldest first. ``about``: only those about this subject."""
        entries = record.history(self.platform, self.db, self.case.id, *events)
        return [entry for entry in entries if about is None or entry.subject_id == about]

    def words(self, subject: UUID, by: UUID | None = None) -> list[OpenNote]:
        """The team's words about something, as far as this member can open them. ``by``: the person
        who must have written them; by default anybody who is or was in the team."""
        writers = self.ever_in_team if by is None else frozenset({by})
        return sealed_notes.opened_by_team(self.platform, self.db, self.ring, self.case.id, subject,
                                           writers)


def of_list(platform: Platform, db: Session, me: SignedIn, case: Case, takers: Takers,
            held: dict[UUID, datetime] | None = None) -> CaseFile:
    """The file of a case of a list, without its words: the list has read its row, who takes part
    and, if they are needed, its held letters.
    Raises as ``enter.case_to_read``, and ``Tampered`` if the trail does not hold."""
    room = listed_case_to_read(platform, db, me, case, takers, Permission.CASE_SEE)
    return CaseFile(platform, db, room, record.to_decide(platform, db, case.id), {}, held)


@contextmanager
def opened(platform: Platform, me: SignedIn, case_id: UUID) -> Iterator[CaseFile]:
    """Read a case's file, for a member of its team; nothing is locked.
    Raises ``NotFound`` for strangers, ``CaseKeyMissing`` for a member who needs a new handover, and
    ``Tampered`` if the trail does not hold."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_SEE)
        ring = case_keys.open_all(platform, db, me, case_id)
        if not ring:
            raise CaseKeyMissing
        yield CaseFile(platform, db, room, record.to_decide(platform, db, room.case.id), ring)
