"""The cases that somebody is in: the one case of a participant, and those of a member of teams."""

from letters.rules.permissions import Permission, may
from letters.storage.queries import lists
from letters.storage.queries.lists import Key, Page
from letters.storage.tables.letters import Case, Participant
from letters.workflow.platform import Platform, SignedIn


def case_of_participant(platform: Platform, me: SignedIn) -> tuple[Case, Participant] | None:
    """The case of a participant, with their own row in it; None for everybody else."""
    with platform.reading() as db:
        return lists.case_of_participant(db, me.person)


def cases_of_member(platform: Platform, me: SignedIn, before: Key | None = None) -> Page[Case]:
    """A page of the cases whose team one is in, newest first."""
    may(me.actor, Permission.CASE_SEE)
    with platform.reading() as db:
        return lists.cases_of_member(db, me.person, before)
