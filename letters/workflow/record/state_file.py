"""What the state file records of the trail, and how the database is compared with it.

A verb commits first; the state file then records it before the person who asked gets an answer. A
crash between the two leaves a stop or a recall in the database that nobody was told about; the
worker records it on its next pass, before it releases anything. So everything that somebody was
told is in both places, and the state file has nothing that did not happen.
"""

import logging
from collections.abc import Collection, Iterable
from uuid import UUID

from letters.rules.errors import Unwitnessed
from letters.rules.events import WITNESSED, Event
from letters.storage import state_file
from letters.storage.state_file import StateEntry
from letters.storage.store import microseconds
from letters.storage.tables.letters import AuditEntry
from letters.workflow.platform import Platform
from letters.workflow.record.verify import ChainEntry

log = logging.getLogger("letters")


def marks(entries: Iterable[AuditEntry | ChainEntry]) -> list[StateEntry]:
    """What the state file records of these entries for good, and the head of each of their
    chains."""
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


def tell(platform: Platform, entries: list[AuditEntry], sound: Collection[UUID]) -> None:
    """Have the state file record these entries, which are committed. What must not be undone is on
    the disk when this returns.

    ``sound``: the chains that hold. Of any other the file keeps the head that it saw last. If what
    was said there must not be undone, the chain counts as broken from now on: whoever puts it back
    as it was, without what was said, does not get it believed again.
    """
    # Nobody waits for a release: its entry is on the disk, at the latest, with the pass that made
    # it.
    durable = any(entry.event in WITNESSED
                  and entry.event not in (Event.LETTER_RELEASED, Event.READY_SPENT)
                  for entry in entries)
    try:
        platform.state_file.note(
            [*(mark for mark in marks(entries)
               if mark.kind != state_file.HEAD or mark.subject in sound),
             *_broken(entry for entry in entries if entry.case_id not in sound)], durable)
    except (Unwitnessed, OSError) as problem:  # done; the worker records it before it releases
        log.error("the state file was not written: %s", type(problem).__name__)


def tell_broken(platform: Platform, entries: Iterable[AuditEntry]) -> None:
    """Have the state file record that these entries, of which some must not be undone, could not be
    written to their chains. Whoever mends a chain again does not get it believed."""
    try:
        platform.state_file.note(_broken(entries))
    except (Unwitnessed, OSError) as problem:
        log.error("the state file was not written: %s", type(problem).__name__)


def _broken(entries: Iterable[AuditEntry]) -> list[StateEntry]:
    return [StateEntry(state_file.BROKEN, chain)
            for chain in {entry.case_id for entry in entries if entry.event in WITNESSED}]
