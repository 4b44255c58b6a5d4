"""The calendar of one case, and of all cases of a team member. Each case is verified. A case that
does not match its trail is named, and the others are still shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from letters.rules.case.due_dates import Due, due, first_things_first
from letters.rules.errors import LettersError, Tampered
from letters.storage.queries import lists
from letters.storage.queries.lists import Key
from letters.storage.tables.letters import Case
from letters.workflow.cases.case_file import CaseFile, of_list
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm


@dataclass(frozen=True)
class Files:
    """Some of somebody's cases. ``broken``: those that do not verify; ``next``: where the next page
    begins."""

    files: list[CaseFile]
    broken: list[Case]
    next: Key | None


@dataclass(frozen=True)
class Across:
    """The due dates in some of somebody's cases. ``broken``: the cases that do not verify;
    ``next``: where the next page begins."""

    dues: list[tuple[CaseFile, Due]]
    broken: list[Case]
    next: Key | None


def of_file(file: CaseFile) -> list[Due]:
    """The due dates in one case, overdue first."""
    platform = file.platform
    return due(file.story, platform.framework, file.parties, file.roles,
               platform.now().astimezone(platform.zone),
               file.held)


@contextmanager
def files(platform: Platform, me: SignedIn, before: Key | None = None) -> Iterator[Files]:
    """The files of the newest cases of one's teams, each of one moment."""
    opened: list[CaseFile] = []
    broken: dict[UUID, tuple[Case, Tampered]] = {}
    with platform.reading() as db:
        page = lists.cases_of_member(db, me.person, before)
        cases = [case.id for case in page.rows]
        record.read_ahead(platform, db, cases)
        takers, held = lists.taking_part(db, cases), lists.held_in(db, cases)
        _staff = lists.staff(db)  # held here, so that no case asks for their names
        for case in page.rows:
            try:
                file = of_list(platform, db, me, case, takers[case.id], held[case.id])
                _ = file.roles, file.names  # this verifies them
                opened.append(file)
            except Tampered as problem:
                broken[case.id] = case, Tampered(problem.subject, case.id)
            except LettersError:  # they can no longer enter it: nothing there is due for them
                continue
        yield Files(opened, [case for case, _ in broken.values()], page.next)
    for _, found_broken in broken.values():
        raise_alarm(platform, found_broken)


@contextmanager
def across(platform: Platform, me: SignedIn, before: Key | None = None) -> Iterator[Across]:
    """The due dates in the newest cases of one's teams, overdue first."""
    with files(platform, me, before) as found:
        dues = [(file, one) for file in found.files for one in of_file(file)]
        dues.sort(key=lambda pair: first_things_first(pair[1]))
        yield Across(dues, found.broken, found.next)
