"""Where a case stands when somebody lays hands on its rows, and what nothing may have done
afterwards."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Executable, select, update

from letters.rules.errors import (
    LettersError,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import Case, Grant
from letters.workflow.cases import alerts
from letters.workflow.decision import decide
from letters.workflow.oversight import emergency_access
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player


@dataclass(frozen=True)
class Scene:
    """Letters of the person who harmed: one approved and kept back by the gates, others at every
    earlier stage."""

    arrived: UUID
    approved: UUID
    in_review: UUID
    read_once: UUID
    held: UUID
    recalled: UUID
    foreign: UUID


Attack = Callable[[Cast, Scene], Executable | tuple[Executable, ...]]
"""What is done to the rows of a scene."""


def submitted(cast: Cast, letter: UUID) -> UUID:
    """The id of the version that the facilitators read."""
    version = cast.row(letter).submitted_id
    assert version is not None
    return version


def of(table, row: UUID):
    """An UPDATE of the row with this id."""
    return update(table).where(table.id == row)


def swap(cast: Cast, table, key, column, one: UUID, other: UUID) -> tuple[Executable, ...]:
    """Exchange a column between two rows."""
    with cast.platform.reading() as db:
        values = {row: db.scalars(select(column).where(key == row)).one() for row in (one, other)}
    return (update(table).where(key == one).values({column.key: values[other]}),
            update(table).where(key == other).values({column.key: values[one]}))


def attack(cast: Cast, attacker: Attacker, scene: Scene, change: Attack) -> None:
    """Do it."""
    statements = change(cast, scene)
    attacker.run(*(statements if isinstance(statements, tuple) else (statements,)))


def exchange_under_way(cast: Cast) -> Scene:
    """Both ways are open. Every letter here but the first, which was opened, must stay unread by
    the other side."""
    arrived = cast.open_the_way_back()
    open_letter.open_letter(cast.platform, cast.responsible.me, arrived)
    approved, recalled = (cast.approved(cast.responsible, text)
                          for text in ("Approved.", "Recalled."))
    write.recall(cast.platform, cast.responsible.me, recalled)
    held = cast.approved(cast.responsible, "Held.")
    hold(cast, held, cast.second)
    in_review, read_once = (cast.submitted(cast.responsible, text)
                            for text in ("Nobody read this.", "One read this."))
    cast.approve(read_once, cast.first)
    return Scene(arrived, approved, in_review, read_once, held, recalled,
                 cast.submitted(cast.stranger_harmed, "A letter of another case."))


def answer_due(cast: Cast) -> Scene:
    """The same, with the person harmed ready, so that the approved letter alone would go at the
    next look."""
    scene = exchange_under_way(cast)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    return scene


def first_letter_stopped(cast: Cast) -> UUID:
    """An approved letter of the person harmed, in a case that the other has stopped."""
    letter = cast.approved(cast.harmed)
    pace.stop(cast.platform, cast.responsible.me, cast.case)
    return letter


def hold(cast: Cast, letter: UUID, reader: Player) -> None:
    """Hold a letter, claimed where that is needed."""
    if cast.state(letter) is not State.APPROVED:
        read_letter.claim(cast.platform, reader.me, letter)
    decide.hold(cast.platform, reader.me, letter, cast.row(letter).submitted_id, "A doubt.",
                cast.clock().date() + timedelta(days=7))


def give_back(cast: Cast, letter: UUID, reader: Player,
              note: str = "Please leave the address out.") -> None:
    """Claim and return a letter."""
    read_letter.claim(cast.platform, reader.me, letter)
    decide.return_to_author(cast.platform, reader.me, letter, cast.row(letter).submitted_id,
                            "An address.", note)


def look(cast: Cast) -> None:
    """Let the worker look, whatever it stumbles over."""
    with suppress(Exception):
        cast.release()


def facilitators_go_on(cast: Cast, letter: UUID) -> None:
    """Both facilitators do, in good faith, whatever the desk lets them do with this letter."""
    platform = cast.platform
    for reader in (cast.first, cast.second):
        for step in (lambda who: decide.resume(platform, who.me, letter),
                     lambda who: cast.approve(letter, who),
                     lambda who: decide.seal_again(platform, who.me, letter, PASSWORD)):
            with suppress(LettersError):
                step(reader)
    look(cast)


def reached(cast: Cast, attacker: Attacker, letter: UUID, reader: Player) -> bool:
    """Did a grant come to this reader, or can they open the letter now?"""
    if attacker.rows(Grant, Grant.reader_id == reader.id,
                     Grant.version_id == cast.row(letter).submitted_id):
        return True
    with suppress(LettersError):
        open_letter.open_letter(cast.platform, reader.me, letter)
    for shows in (open_letter.before_opening, open_letter.read_again):
        with suppress(LettersError):
            shows(cast.platform, reader.me, letter)
            return True
    return False


def asked_at_once(
    cast: Cast, me: SignedIn, case: UUID, reason: str = "A worry.", platform: Platform | None = None
) -> UUID:
    """A request to read a case that opens as soon as it is seconded: a safeguarding alert is open
    there."""
    platform = platform or cast.platform
    member = cast.first if case == cast.case else cast.stranger_facilitator
    with platform.reading() as db:
        is_open = alerts.open_in(platform, db, db.get_one(Case, case))
    if not is_open:
        alerts.open_alert(platform, member.me, case, "A worry.", True)
    return emergency_access.ask(platform, me, case, reason, True)


def fails_closed(verb: Callable[[], object]) -> None:
    """The verb refuses, because it is not there for this person or because it does not verify."""
    with pytest.raises((NotFound, NotAllowed, NotPossibleNow, Tampered)):
        verb()
