"""Real threads that begin at the same moment, and where they begin."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

from letters.storage.tables.letters import AuditEntry
from letters.workflow.release import pace
from tests.attacks.attacker import Attacker
from tests.cast import Cast
from tests.night import NIGHT, SEED

Verb = Callable[[], Any]
TURNS = range(12) if NIGHT else [SEED % 2]
"""Which of two begins first is in their parity, and by day the seed's."""


def at_once(*verbs: Verb) -> list[Any]:
    """Do all of these at the same moment. Returns what each returned or raised."""
    start = Barrier(len(verbs))

    def run(verb: Verb) -> Any:
        start.wait()
        try:
            return verb()
        except Exception as raised:
            return raised

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def kinds(results: list[Any]) -> list[str]:
    """What was raised, and "done" where nothing was."""
    return sorted(type(result).__name__ if isinstance(result, Exception) else "done"
                  for result in results)


def answer_approved(cast: Cast) -> UUID:
    """A letter of the person who harmed that is due: the person harmed is ready."""
    cast.open_the_way_back()
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    return cast.approved(cast.responsible)


def answer_read_once(cast: Cast) -> UUID:
    """A letter of the person who harmed that awaits its second reader."""
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.first)
    return letter


def answer_sent(cast: Cast) -> UUID:
    """A letter of the person who harmed at the desk."""
    cast.open_the_way_back()
    return cast.submitted(cast.responsible)


def events(attacker: Attacker, event: str) -> int:
    """How often the trail says this."""
    return len(attacker.rows(AuditEntry, AuditEntry.event == event))
