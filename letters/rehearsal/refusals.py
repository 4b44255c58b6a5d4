"""Everything that must be refused, tried through the pages and the worker with
all that an attacker could have."""

import os
from collections.abc import Callable
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rehearsal.browser import Refused
from letters.rehearsal.players import PASSWORD, Company, Player
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import (
    Case,
    Channel,
    DecisionRow,
    Letter,
    PublicKey,
    SealedRelease,
)
from letters.workflow.accounts.sign_in import who_is


def opening_before_release(stage: Company) -> None:
    """The recipient's own keys open nothing before release, and no page shows the letter."""
    letter = _approved_answer(stage)
    harmed = stage.harmed.identity(stage.platform)
    with stage.platform.reading() as db:
        version = _row(db, letter).submitted_id
        sealed = db.get_one(SealedRelease, version).sealed
    try:
        sealing.open_own_grant(harmed.identity, harmed.person, sealed, version or UUID(int=0))
    except CannotOpen:
        pass
    else:
        raise Refused("the recipient's key opened an unreleased letter")
    for address in (f"/for-you/{letter}", f"/letters/{letter}", f"/letters/{letter}/read-back"):
        stage.harmed.browser.open(address, expect=404)
    stage.harmed.browser.open("/home")
    stage.harmed.browser.forge(f"/for-you/{letter}/open", 404)
    stage.responsible.take_back(letter)


def one_approval_of_two(stage: Company) -> None:
    """One approval releases nothing, even if somebody writes "approved" into the database."""
    letter = stage.responsible.write("One reader alone.")
    stage.first.approve(letter)
    stage.harmed.set_pace("ready")
    stage.worker.run()
    _not_released(stage, letter)
    with stage.platform.writing() as db:
        db.execute(update(Letter).where(Letter.id == letter)
                   .values(state=State.APPROVED.value, due_at=stage.platform.now()))
    stage.worker.run()
    _not_released(stage, letter)
    with stage.platform.writing() as db:
        db.execute(
            update(Letter)
            .where(Letter.id == letter)
            .values(state=State.SECOND_READING.value, due_at=None)
        )
    stage.responsible.take_back(letter)


def same_person_twice(stage: Company) -> None:
    """The same facilitator cannot give both approvals, and a copied approval does not count as a
    second."""
    letter = stage.responsible.write("The same reader twice.")
    stage.first.approve(letter)
    version = str(_submitted(stage, letter))
    stage.first.claim(letter)
    stage.first.browser.forge(f"/desk/{letter}/approve", 409, version=version, password=PASSWORD)
    other = _person(stage, stage.second)
    with stage.platform.writing() as db:
        row = db.scalars(select(DecisionRow).where(DecisionRow.version_id == UUID(version))).one()
        db.add(DecisionRow(id=uuid4(), version_id=row.version_id, reader_id=other, round=row.round,
                           verdict=row.verdict, at=row.at, signature=row.signature))
    stage.second.browser.open(f"/desk/{letter}", expect=500)
    stage.worker.run()
    _not_released(stage, letter)
    with stage.platform.writing() as db:
        db.delete(db.scalars(select(DecisionRow).where(DecisionRow.version_id == UUID(version),
                                                       DecisionRow.reader_id == other)).one())
    stage.responsible.take_back(letter)


def approval_moved(stage: Company) -> None:
    """An approval that is moved to another version raises an alarm, and does not count."""
    read = stage.responsible.write("This was read and approved.")
    stage.first.approve(read)
    unread = stage.responsible.write("This was never read.")
    with stage.platform.writing() as db:
        row = db.scalars(select(DecisionRow).where(DecisionRow.version_id
                                                   == _row(db, read).submitted_id)).one()
        row.version_id = _submitted(stage, unread)
    stage.second.browser.open(f"/desk/{unread}", expect=500)
    stage.worker.run()
    _not_released(stage, unread)
    with stage.platform.writing() as db:
        row = db.scalars(select(DecisionRow).where(DecisionRow.version_id
                                                   == _row(db, unread).submitted_id)).one()
        row.version_id = _submitted(stage, read)
    for letter in (read, unread):
        stage.responsible.take_back(letter)


def swapped_public_key(stage: Company) -> None:
    """A key that somebody puts in place of the recipient's is never sealed
    to, and nothing is shown by it."""
    letter = stage.harmed.write("A letter for one reader.")
    thief = Identity(os.urandom(32))
    person = stage.responsible.identity(stage.platform).person
    with stage.platform.writing() as db:
        row = db.get_one(PublicKey, ("person", person, 1))
        kept = row.sealing
        row.sealing = thief.recipient.public
    stage.first.approve(letter, expect=500)
    stage.worker.run()
    with stage.platform.writing() as db:
        if db.get(SealedRelease, _row(db, letter).submitted_id) is not None:
            raise Refused("sealed to a stranger's key")
        db.get_one(PublicKey, ("person", person, 1)).sealing = kept
    stage.harmed.take_back(letter)


def direct_message(stage: Company) -> None:
    """No form and no address lets one party reach the other directly, in either direction."""
    for writer, other in ((stage.harmed, stage.responsible), (stage.responsible, stage.harmed)):
        letter = writer.draft("Words for nobody else.")
        with stage.platform.reading() as db:
            of_the_other = Channel.sender_id == _person(stage, other)
            theirs = db.scalars(select(Channel.id).where(of_the_other)).one()
        writer.browser.open("/home")
        writer.browser.forge("/letters/new", 404, channel=str(theirs))
        writer.browser.forge("/letters/new", 404, channel=str(_person(stage, other)))
        writer.browser.forge(f"/letters/{letter}/send-direct", 404, to=str(_person(stage, other)))
        for address in (f"/for-you/{letter}", f"/letters/{letter}", f"/letters/{letter}/write",
                        f"/letters/{letter}/versions", f"/letters/{letter}/read-back",
                        f"/letters/{letter}/check"):
            other.browser.open(address, expect=404)
        other.browser.open("/home")
        for address in (f"/for-you/{letter}/open", f"/letters/{letter}/write",
                        f"/letters/{letter}/send",
                        f"/letters/{letter}/again", f"/letters/{letter}/take-back"):
            other.browser.forge(address, 404, text="Mine now.", version=str(uuid4()))
        for address in (f"/desk/{letter}", "/cases", f"/cases/{stage.case}", "/desk"):
            writer.browser.open(address, expect=403)
    stage.first.browser.open(f"/letters/{letter}", expect=403)


def releasing_after_stop(stage: Company) -> None:
    """After a stop nothing is released, not even an approved letter that is due, not by force."""
    letter = stage.harmed.write("Approved, and then stopped.")
    stage.harmed.set_pace("pause")
    stage.first.approve(letter)
    stage.harmed.set_pace("go-on")
    stage.harmed.stop()
    stage.worker.run()
    _not_released(stage, letter)
    with stage.platform.writing() as db:  # somebody with the database removes the stop
        db.execute(update(Case).where(Case.id
                                      == stage.case).values(stopped_at=None, stopped_by=None))
        db.execute(update(Letter).where(Letter.id == letter).values(due_at=stage.platform.now()))
    stage.worker.run()
    _not_released(stage, letter)
    if who_is(stage.platform, bytes(32)) is not None:
        raise Refused("a made-up cookie is somebody")


STEPS: tuple[tuple[str, Callable[[Company], None]], ...] = (
    ("refused: opening before release with the recipient's own keys", opening_before_release),
    ("refused: one approval where two are needed", one_approval_of_two),
    ("refused: the same person approving twice", same_person_twice),
    ("refused: an approval moved to another version", approval_moved),
    ("refused: a swapped public key", swapped_public_key),
    ("refused: a direct message by any form or address", direct_message),
    ("refused: releasing after stop", releasing_after_stop),
)


def _approved_answer(stage: Company) -> UUID:
    letter = stage.responsible.write("Approved by two, not yet released.")
    stage.first.approve(letter)
    stage.second.approve(letter)
    stage.worker.run()
    _not_released(stage, letter)
    return letter


def _not_released(stage: Company, letter: UUID) -> None:
    with stage.platform.reading() as db:
        if _row(db, letter).released_at is not None:
            raise Refused("released")


def _submitted(stage: Company, letter: UUID) -> UUID:
    with stage.platform.reading() as db:
        version = _row(db, letter).submitted_id
    if version is None:
        raise Refused("not submitted")
    return version


def _row(db: Session, letter: UUID) -> Letter:
    return db.get_one(Letter, letter)


def _person(stage: Company, player: Player) -> UUID:
    return player.identity(stage.platform).person
