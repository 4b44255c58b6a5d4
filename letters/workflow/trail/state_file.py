"""What the state file hears of the trail, and how the database is held against it.

A verb commits first, and the state file hears of it before the person who asked gets an answer. A crash between the
two leaves a stop or a recall that stands in the database and of which nobody was told; the worker notes it at its next
look, before it releases anything. So whatever somebody was told is in both places, and nothing is remembered that did
not happen.
"""

import logging
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.errors import Unwitnessed
from letters.rules.events import WITNESSED, Event
from letters.storage import state_file
from letters.storage.state_file import StateEntry
from letters.storage.store import microseconds
from letters.storage.tables.letters import AuditEntry
from letters.workflow.platform import Platform
from letters.workflow.trail import chains

log = logging.getLogger("letters")


def after_commit(platform: Platform, db: Session, entry: AuditEntry) -> None:
    """Have the state file hear of this entry once it is kept, if it is one that must not be undone."""
    if Event(entry.event) not in WITNESSED:
        return
    if "witnessed" not in db.info:
        db.info["witnessed"] = waiting = list[AuditEntry]()
        db.info.setdefault("afterwards", []).append(lambda: _tell(platform, waiting))
    db.info["witnessed"].append(entry)


def marks(entries: Iterable[AuditEntry | chains.ChainEntry]) -> list[StateEntry]:
    """What is to be remembered of these entries for good, and how far their chains are."""
    heads, lasting = dict[UUID, StateEntry](), list[StateEntry]()
    for entry in entries:
        at = microseconds(entry.at)
        heads[entry.case_id] = StateEntry(state_file.HEAD, entry.case_id, entry.number, entry.mac)
        if entry.event == Event.STOPPED:
            lasting.append(StateEntry(state_file.STOPPED, entry.case_id, at))
        elif entry.event == Event.CASE_ERASED:
            lasting.append(StateEntry(state_file.ERASED, entry.case_id, at))
        elif entry.event == Event.RECALL_ASKED:
            lasting.append(StateEntry(state_file.RECALLED, entry.subject_id, at))
        elif entry.event == Event.LETTER_RELEASED:
            lasting.append(StateEntry(state_file.REACHED, entry.about_id, at))
    return [*lasting, *heads.values()]


def _tell(platform: Platform, entries: list[AuditEntry]) -> None:
    # A release is not waited for: what it wrote is on the disk with the look that made it, at the latest.
    durable = any(entry.event not in (Event.LETTER_RELEASED, Event.READY_SPENT) for entry in entries)
    try:
        platform.state_file.note(marks(entries), durable)
    except (Unwitnessed, OSError) as problem:  # it is done, and the worker notes it before it releases anything
        log.error("the state file was not written: %s", type(problem).__name__)
