"""A case's own list of names and places that could identify somebody: its team keeps it, the
screening uses it.

The server screens at the moment of submission, so it has to be able to read the list: it is boxed
under the contact key, as people's names are (decision 0026). The trail counts how often the list
was saved, and the box holds that count, so that a list that somebody deleted or restored is
noticed.
"""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.rules.errors import NotAcceptable, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.tables.desk import NamesList
from letters.workflow.access.record_fact import looking, recording
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

MOST, LONGEST = 200, 80
"""The most names, or places, that a list holds, and the most characters in each."""


@dataclass(frozen=True)
class ListedNames:
    """Names and places, each once, in the order in which somebody wrote them."""

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def save_names(platform: Platform, me: SignedIn, case_id: UUID, listed: ListedNames) -> None:
    """Save this list in place of the earlier one, for letters submitted from now on.
    Raises ``NotAcceptable`` if it is too long."""
    names, places = _checked("names", listed.names), _checked("places", listed.places)
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        case.fact(Event.NAMES_LISTED)
        case.db.flush()
        content = json.dumps({"names": names, "places": places,
                              "kept": record.read(platform, case.db, case_id).names_listed})
        sealed = box.seal(
            platform.keys.contact,
            _context(case_id),
            content.encode("utf-8", "surrogatepass"),
            platform.random,
            box.NOTE_BLOCK,
        )
        case.db.merge(NamesList(case_id=case_id, sealed=sealed))


def names_for(platform: Platform, me: SignedIn, case_id: UUID) -> ListedNames:
    """The list, for the case's team."""
    with looking(platform, me, case_id, Permission.CASE_SEE) as case:
        return names_of_case(platform, case.db, case_id)


def names_of_case(platform: Platform, db: Session, case_id: UUID) -> ListedNames:
    """The list saved last, or an empty one.
    Raises ``Tampered`` if the stored one is not the last."""
    row, times = db.get(NamesList, case_id), record.read(platform, db, case_id).names_listed
    if row is None and not times:
        return ListedNames()
    try:
        kept = json.loads(platform.keys.open_contact(_context(case_id), row.sealed)) if row else {}
    except CannotOpen:
        raise Tampered(case_id, case_id) from None
    if kept.get("kept") != times:
        raise Tampered(case_id, case_id)
    return ListedNames(tuple(kept["names"]), tuple(kept["places"]))


def _checked(field: str, written: tuple[str, ...]) -> list[str]:
    found = list(dict.fromkeys(line for one in written if (line := " ".join(one.split()))))
    if len(found) > MOST:
        raise NotAcceptable(field,
                            marked("These are %(count)s; %(most)s is the most that can be kept."),
                            count=len(found), most=MOST)
    if any(len(one) > LONGEST for one in found):
        raise NotAcceptable(field, marked("Each has %(longest)s characters at most. Write one on "
                                          "each line."),
                            longest=LONGEST)
    return found


def _context(case_id: UUID) -> bytes:
    return context("names list", case=case_id)
