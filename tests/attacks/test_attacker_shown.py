"""Somebody who can write to the database: no forged word is shown, to the recipient or at the
desk."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from keys.identity import Identity, Recipient
from keys.notes import NotePlace, seal_note
from letters.rules.errors import Tampered
from letters.storage.tables.letters import (
    AuditEntry,
    CaseKey,
    DecisionRow,
    Grant,
    Letter,
    Note,
    PublicKey,
    StatementRow,
    Version,
)
from letters.workflow.access import directory, sealed_notes
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import (
    Attack,
    Scene,
    answer_due,
    attack,
    fails_closed,
    of,
    submitted,
    swap,
)
from tests.cast import Cast
from tests.conftest import random_bytes

# --- what has arrived: another's words are never shown in its place

SHOWN: dict[str, Attack] = {
    "the body is another's": lambda c, s: swap(
        c, Version, Version.id, Version.body, submitted(c, s.approved), submitted(c, s.in_review)
    ),
    "the version is another": lambda c, s: of(Letter, s.approved).values(
        submitted_id=submitted(c, s.in_review)
    ),
    "the grant is another's": lambda c, s: (
        update(Grant)
        .where(Grant.reader_id == c.harmed.id)
        .values(sealed=c.harmed.me.identity.recipient.seal(bytes(32), b"made up"))
    ),
    "the grant is another person's": lambda c, s: (
        update(Grant)
        .where(Grant.version_id == submitted(c, s.approved), Grant.reader_id == c.harmed.id)
        .values(reader_id=c.stranger_harmed.id)
    ),
    "the approvals are gone": lambda c, s: delete(DecisionRow),
    "an approval is signed by nobody": lambda c, s: update(DecisionRow).values(signature=bytes(64)),
    "the statement is gone": lambda c, s: delete(StatementRow),
    "the bar is lowered": lambda c, s: update(Version).values(needed=0),
    "the author is another": lambda c, s: of(Letter, s.approved).values(
        author_id=c.stranger_responsible.id
    ),
    "the author's key is another's": lambda c, s: swap(
        c,
        PublicKey,
        PublicKey.owner_id,
        PublicKey.verifying,
        c.responsible.id,
        c.stranger_responsible.id,
    ),
    "the recipient is another": lambda c, s: of(Letter, s.approved).values(
        recipient_id=c.stranger_harmed.id
    ),
}


def answer_arrived(cast: Cast) -> Scene:
    """The approved letter was released."""
    scene: Scene = answer_due(cast)
    assert cast.release() == 1
    return scene


@pytest.mark.parametrize("change", SHOWN.values(), ids=SHOWN)
def test_a_released_letter_is_not_shown_when(theatre: Theatre, change: Attack) -> None:
    scene, cast = theatre.play(answer_arrived), theatre.cast
    attack(cast, theatre.attacker, scene, change)
    for reader in (cast.harmed, cast.stranger_harmed):
        for verb in (open_letter.before_opening, open_letter.open_letter, open_letter.read_again):
            fails_closed(
                lambda verb=verb, reader=reader: verb(cast.platform, reader.me, scene.approved)
            )


# --- the facilitators see no forged letter either

AT_THE_DESK: dict[str, Attack] = {
    "the body is another's": lambda c, s: swap(
        c, Version, Version.id, Version.body, submitted(c, s.in_review), submitted(c, s.read_once)
    ),
    "the case's grant is damaged": lambda c, s: (
        update(Grant)
        .where(Grant.version_id == submitted(c, s.in_review), Grant.reader_kind == "case")
        .values(sealed=bytes(1200))
    ),
    "the findings are another's": lambda c, s: swap(
        c,
        Version,
        Version.id,
        Version.findings,
        submitted(c, s.in_review),
        submitted(c, s.read_once),
    ),
    "the approvals needed are lowered": lambda c, s: of(Version, submitted(c, s.in_review)).values(
        needed=1
    ),
    "the case key is another's": lambda c, s: (
        update(CaseKey)
        .where(CaseKey.member_id == c.first.id)
        .values(sealed=c.first.me.identity.recipient.seal(bytes(32), b"made up"))
    ),
    "the case's public key is a thief's": lambda c, s: (
        update(PublicKey)
        .where(PublicKey.owner_id == c.case)
        .values(sealing=Identity(random_bytes(32)).recipient.public)
    ),
    "the author is another": lambda c, s: of(Letter, s.in_review).values(author_id=c.harmed.id),
}


@pytest.mark.parametrize("change", AT_THE_DESK.values(), ids=AT_THE_DESK)
def test_the_desk_shows_and_approves_nothing_when(theatre: Theatre, change: Attack) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    attack(cast, theatre.attacker, scene, change)
    fails_closed(lambda: read_letter.letter_for(cast.platform, cast.first.me, scene.in_review))
    fails_closed(lambda: cast.approve(scene.in_review, cast.first))


def test_the_trail_refuses_to_be_changed_or_cut(cast: Cast) -> None:
    for statement in (update(AuditEntry).values(event="nothing"), delete(AuditEntry)):
        with pytest.raises(DBAPIError), cast.platform.writing() as db:
            db.execute(statement)


@pytest.mark.parametrize("reader", ["the writer", "the team"])
def test_a_note_sealed_in_a_facilitators_name_is_not_shown(cast: Cast,
                                                           attacker: Attacker, reader: str) -> None:
    letter = cast.submitted(cast.harmed)
    subject, who, epoch = {"the writer": (letter, cast.harmed.id, 0),
                           "the team": (submitted(cast, letter), cast.case, 1)}[reader]
    place = NotePlace(uuid4(), subject, "note", who, epoch)
    key = attacker.rows(PublicKey, PublicKey.owner_id == who)[0]["sealing"]
    sealed = seal_note("Meet me.", place, cast.first.id, cast.responsible.me.identity,
                       Recipient(key))
    attacker.put(Note,
                 {"id": place.note, "subject_id": subject, "kind": "note", "reader_kind": "person",
                  "reader_id": who, "epoch": epoch, "written_by": cast.first.id,
                  "written_at": cast.clock(),
                  "sealed": sealed})
    with pytest.raises(Tampered), cast.platform.reading() as db:
        if epoch == 0:
            sealed_notes.opened(cast.platform, db, cast.harmed.me.identity, who, subject,
                                frozenset({cast.first.id, cast.second.id}))
        reading = directory.open_case_key(
            cast.platform, db, cast.first.me, cast.case, 1)
        sealed_notes.opened_by_team(cast.platform, db, {1: reading}, who, subject)
    if reader == "the team":
        fails_closed(lambda: read_letter.letter_for(cast.platform, cast.first.me, letter))
