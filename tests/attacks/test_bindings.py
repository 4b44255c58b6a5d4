"""Crafted rows. Somebody with the database makes rows anew as only those could who have the keys to
them: the server's MACs fit, and the signatures of facilitators who help. The facts bind other
rows, so nothing is shown or released."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.identity import Identity, sha256
from keys.vouching import attest
from letters.rules.errors import LettersError, Tampered
from letters.rules.letter.lifecycle import State
from letters.storage.store import microseconds
from letters.storage.tables.letters import (
    DecisionRow,
    Letter,
    PublicKey,
    SealedRelease,
    StatementRow,
    Version,
)
from letters.workflow.access import directory
from letters.workflow.decision.approvals import decision_of
from letters.workflow.reading import open_letter
from letters.workflow.release.release import last_statement
from letters.workflow.review import read_letter
from letters.workflow.writing import write
from letters.workflow.writing.versions import set_bar
from tests.attacks.attacker import Theatre, beginning
from tests.attacks.scenes import answer_due, look, reached
from tests.cast import Cast

Crafts = Callable[[Cast, Session, Letter, Version], None]


def version_of(**changed: object) -> Crafts:
    """The row of the version says something else, and the server's MAC over it is made anew."""
    def craft(cast: Cast, db: Session, letter: Letter, version: Version) -> None:
        for name, value in changed.items():
            setattr(version, name, value)
        version.findings_hash = sha256(version.findings)
        set_bar(cast.platform, letter, version, letter.round)
    return craft


def decided_again(cast: Cast, db: Session, letter: Letter, version: Version) -> None:
    """A reader signs once more what they approved: the same, at another moment."""
    row = db.query(DecisionRow).filter_by(version_id=version.id, reader_id=cast.second.id).one()
    row.at += timedelta(microseconds=1)
    row.signature = sealing.sign_decision(cast.second.me.identity,
                                          decision_of(letter, version, row))


def decided_with_another_key(cast: Cast, db: Session, letter: Letter, version: Version) -> None:
    """The same, with a key that the reader never had when they approved."""
    other = Identity(cast.platform.random(32))
    directory.publish(cast.platform, db, "person", cast.second.id, 0, other)
    row = db.query(DecisionRow).filter_by(version_id=version.id, reader_id=cast.second.id).one()
    row.signature = sealing.sign_decision(other, decision_of(letter, version, row))


def stated_again(cast: Cast, db: Session, letter: Letter, version: Version) -> None:
    """Another member of staff states that the release was sealed, to whatever they sealed."""
    last, signer = last_statement(db, version.id), cast.first.me.identity
    assert last is not None
    sealed, now = db.get(SealedRelease, version.id), cast.platform.now()
    said = sealing.ReleaseStatement(
        version.id, version.digest, letter.recipient_id, last.recipient_kid, last.sealed_hash,
        cast.first.id, microseconds(now))
    assert sealed is None or sha256(sealed.sealed) == last.sealed_hash
    db.add(StatementRow(version_id=version.id, at=now, recipient_kid=last.recipient_kid,
                        sealed_hash=last.sealed_hash, signer_id=cast.first.id,
                        signature=sealing.sign_statement(signer, said)))


CRAFTED: dict[str, Crafts] = {
    "one reader is enough": version_of(needed=1),
    "nothing was found": version_of(findings=b""),
    "other rules": version_of(policy="rjx1 none"),
    "a decision signed again": decided_again,
    "a decision under another key": decided_with_another_key,
    "another statement": stated_again,
}


def craft(theatre: Theatre, letter_id, crafts: Crafts) -> None:
    cast = theatre.cast
    theatre.attacker.run()  # the process that looks afterwards knows nothing yet
    with cast.platform.writing() as db:
        letter = db.get_one(Letter, letter_id)
        version = db.get_one(Version, letter.submitted_id)
        crafts(cast, db, letter, version)


@pytest.mark.parametrize("crafted", CRAFTED)
def test_a_letter_with_a_crafted_row_does_not_go(theatre: Theatre, crafted: str) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    craft(theatre, scene.approved, CRAFTED[crafted])
    look(cast)
    assert cast.state(scene.approved) is State.APPROVED
    assert not reached(cast, theatre.attacker, scene.approved, cast.harmed)


@pytest.mark.parametrize("crafted", CRAFTED)
def test_nor_is_it_read_once_it_has_gone(theatre: Theatre, crafted: str) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    look(cast)
    open_letter.open_letter(cast.platform, cast.harmed.me, scene.approved)
    craft(theatre, scene.approved, CRAFTED[crafted])
    with pytest.raises(Tampered):
        open_letter.read_again(cast.platform, cast.harmed.me, scene.approved)


@pytest.mark.parametrize("crafted", [name for name in CRAFTED if "read" in name or "found" in name
                                     or "rules" in name])
def test_nor_shown_at_the_desk(theatre: Theatre, crafted: str) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    craft(theatre, scene.in_review, CRAFTED[crafted])
    with pytest.raises(LettersError):
        read_letter.letter_for(cast.platform, cast.first.me, scene.in_review)


def test_nothing_crafted_and_it_goes(theatre: Theatre) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    craft(theatre, scene.approved, lambda *_: None)
    look(cast)
    assert cast.state(scene.approved) is State.RELEASED


# --- keys

def exchanged(cast: Cast, kind: str, owner: UUID, half: str) -> None:
    """A row of the directory with a half, or both, of an attacker's key, and the server's MAC made
    anew."""
    other, keys = Identity(cast.platform.random(32)), cast.platform.keys
    with cast.platform.writing() as db:
        row = (db.query(PublicKey).filter_by(kind=kind, owner_id=owner)
               .order_by(PublicKey.serial.desc()).first())
        assert row is not None
        if half in ("sealing", "both"):
            row.sealing = other.recipient.public
        if half in ("verifying", "both"):
            row.verifying = other.verifier.public
        row.mac = attest(keys.directory, "public key", kind=kind, owner=owner, serial=row.serial,
                         sealing=row.sealing, verifying=row.verifying)


@pytest.mark.parametrize("half", ["sealing", "verifying", "both"])
def test_nothing_is_sealed_to_a_key_that_the_record_does_not_name(
    theatre: Theatre, half: str,
) -> None:
    """Each key is named by both of its halves, and by its place in the chain."""
    theatre.play(beginning)
    cast, attacker = theatre.cast, theatre.attacker
    letter = cast.submitted(cast.harmed)
    exchanged(cast, "person", cast.responsible.id, half)
    with pytest.raises(Tampered):
        cast.approve(letter, cast.first)
    assert not attacker.rows(SealedRelease)


@pytest.mark.parametrize("half", ["sealing", "verifying", "both"])
def test_nor_to_a_case_key_that_it_does_not_name(theatre: Theatre, half: str) -> None:
    theatre.play(beginning)
    cast = theatre.cast
    draft = cast.draft(cast.harmed)
    exchanged(cast, "case", cast.case, half)
    with pytest.raises(Tampered):
        write.submit(cast.platform, cast.harmed.me, draft, cast.row(draft).draft_id)
    assert cast.state(draft) is State.DRAFT
