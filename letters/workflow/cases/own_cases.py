"""The cases that somebody is in: the one case of a participant, and those of a member of teams."""

from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.case.stages import Stage
from letters.rules.errors import LettersError, NotFound, Tampered
from letters.rules.permissions import Permission, may
from letters.storage.queries import lists
from letters.storage.queries.lists import CaseStanding, Key, Page
from letters.storage.tables.letters import Case, Participant
from letters.workflow.access import case_names
from letters.workflow.access.directory import Takers
from letters.workflow.cases.case_file import of_list
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record


def case_of_participant(platform: Platform, me: SignedIn) -> tuple[Case, Participant] | None:
    """The case of a participant, with their own row in it; None for everybody else.

    Where their row is gone, the case is the one whose record says that they take part: they can
    still stop.
    """
    with platform.reading() as db:
        found = lists.case_of_participant(db, me.person)
        if found is not None or not me.role.is_participant:
            return found
        for case in db.scalars(select(Case)):
            with suppress(Tampered):
                if me.person in record.read(platform, db, case.id).participants:
                    return case, Participant(id=case.id, case_id=case.id, person_id=me.person,
                                             stopped_at=case.stopped_at)
        return None


def cases_of_member(platform: Platform, me: SignedIn, after: Key | None = None,
                    standing: CaseStanding | None = None, oldest_first: bool = False) -> tuple[
        Page[Case], dict[UUID, tuple[str, ...]], dict[UUID, Stage | None]]:
    """A page of the cases whose team one is in, in the order of ``lists.cases_of_member``, with the
    first names of the two in each and the stage that it has reached; None if it does not verify."""
    may(me.actor, Permission.CASE_SEE)
    with platform.reading() as db:
        page = lists.cases_of_member(db, me.person, after, standing, oldest_first)
        cases = [case.id for case in page.rows]
        record.read_ahead(platform, db, cases)
        takers, stages = lists.taking_part(db, cases), dict[UUID, Stage | None]()
        for case in page.rows:
            with suppress(NotFound):  # a row that no record knows of lists nothing
                stages[case.id] = _stage(platform, db, me, case, takers[case.id])
        page = Page([case for case in page.rows if case.id in stages], page.next)
        return page, case_names.first_names(platform, db, me.person, cases), stages


def _stage(platform: Platform, db: Session, me: SignedIn, case: Case,
           takers: Takers) -> Stage | None:
    """The stage of a case that one may see; None if that cannot be told. Raises ``NotFound``."""
    try:
        return of_list(platform, db, me, case, takers).stage
    except NotFound:
        raise
    except LettersError:
        return None
