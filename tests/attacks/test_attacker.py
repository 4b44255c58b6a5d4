"""Somebody who can write to the database: whatever row they insert, swap, delete or replay, nothing
is released."""

from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy import Executable, delete, insert, update

from keys import letter as sealing
from keys.identity import Identity
from letters.rules.case.process import Outcome
from letters.rules.errors import LettersError
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.storage.store import microseconds
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    Channel,
    DecisionRow,
    Grant,
    Letter,
    Member,
    Participant,
    Person,
    PublicKey,
    SealedRelease,
    StatementRow,
    Version,
)
from letters.workflow.cases import close, open_and_halt
from letters.workflow.preparation import assessment, background, consent, steps
from letters.workflow.release import pace
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre, beginning
from tests.attacks.scenes import (
    Attack,
    answer_due,
    attack,
    exchange_under_way,
    facilitators_go_on,
    first_letter_stopped,
    hold,
    look,
    of,
    reached,
    submitted,
    swap,
)
from tests.cast import Cast
from tests.conftest import random_bytes


def test_without_an_attacker_the_due_letter_and_no_other_is_released(theatre: Theatre) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    assert cast.release() == 1
    for letter, arrives in ((scene.approved, True), (scene.in_review, False),
                            (scene.read_once, False),
                            (scene.held, False), (scene.recalled, False)):
        assert reached(cast, theatre.attacker, letter, cast.harmed) is arrives


# --- what is due, with a row laid hands on: it is not released

ON_WHAT_IS_DUE: dict[str, Attack] = {
    "the body is another letter's": lambda c, s: swap(
        c, Version, Version.id, Version.body, submitted(c, s.approved), submitted(c, s.in_review)
    ),
    "body and digest are another letter's": lambda c, s: (
        *swap(
            c,
            Version,
            Version.id,
            Version.body,
            submitted(c, s.approved),
            submitted(c, s.in_review),
        ),
        *swap(
            c,
            Version,
            Version.id,
            Version.digest,
            submitted(c, s.approved),
            submitted(c, s.in_review),
        ),
    ),
    "a byte of the body is changed": lambda c, s: of(Version, submitted(c, s.approved)).values(
        body=bytes(200)
    ),
    "the version pointer leads to an unread letter": lambda c, s: of(Letter, s.approved).values(
        submitted_id=submitted(c, s.in_review)
    ),
    "the version pointer leads to the draft": lambda c, s: of(Letter, s.approved).values(
        submitted_id=c.row(s.approved).draft_id
    ),
    "the version pointer leads nowhere": lambda c, s: of(Letter, s.approved).values(
        submitted_id=uuid4()
    ),
    "the version is another letter's": lambda c, s: (
        of(Version, submitted(c, s.in_review)).values(letter_id=s.approved),
        of(Letter, s.approved).values(submitted_id=submitted(c, s.in_review)),
    ),
    "the version's kind is changed": lambda c, s: of(Version, submitted(c, s.approved)).values(
        kind="draft"
    ),
    "the author is another": lambda c, s: of(Letter, s.approved).values(
        author_id=c.stranger_responsible.id
    ),
    "the author is the recipient": lambda c, s: of(Letter, s.approved).values(
        author_id=c.harmed.id
    ),
    "the recipient is the author": lambda c, s: of(Letter, s.approved).values(
        recipient_id=c.responsible.id
    ),
    "the recipient is another": lambda c, s: of(Letter, s.approved).values(
        recipient_id=c.stranger_harmed.id
    ),
    "the channel is the way back": lambda c, s: of(Letter, s.approved).values(
        channel_id=c.channel(c.harmed)
    ),
    "the channel is another case's": lambda c, s: of(Letter, s.approved).values(
        channel_id=c.channel(c.stranger_responsible)
    ),
    "the channel leads elsewhere": lambda c, s: of(Channel, c.channel(c.responsible)).values(
        recipient_id=c.stranger_harmed.id
    ),
    "the channel is gone": lambda c, s: delete(Channel).where(
        Channel.id == c.channel(c.responsible)
    ),
    "the letter lies in another case": lambda c, s: of(Letter, s.approved).values(
        case_id=c.strange_case
    ),
    "the round is another": lambda c, s: of(Letter, s.approved).values(round=2),
    "a decision is deleted": lambda c, s: delete(DecisionRow).where(
        DecisionRow.version_id == submitted(c, s.approved), DecisionRow.reader_id == c.second.id
    ),
    "decisions are deleted": lambda c, s: delete(DecisionRow).where(
        DecisionRow.version_id == submitted(c, s.approved)
    ),
    "a decision's reader is another": lambda c, s: (
        update(DecisionRow)
        .where(
            DecisionRow.version_id == submitted(c, s.approved), DecisionRow.reader_id == c.second.id
        )
        .values(reader_id=c.stranger_facilitator.id)
    ),
    "a decision's time is another": lambda c, s: (
        update(DecisionRow)
        .where(DecisionRow.version_id == submitted(c, s.approved))
        .values(at=c.clock())
    ),
    "a decision's round is another": lambda c, s: (
        update(DecisionRow)
        .where(DecisionRow.version_id == submitted(c, s.approved))
        .values(round=7)
    ),
    "the approvals needed are lowered": lambda c, s: (
        of(Version, submitted(c, s.approved)).values(needed=1),
        delete(DecisionRow).where(
            DecisionRow.version_id == submitted(c, s.approved), DecisionRow.reader_id == c.second.id
        ),
    ),
    "the policy is another": lambda c, s: of(Version, submitted(c, s.approved)).values(
        policy="rjx1 none"
    ),
    "the findings' hash is another": lambda c, s: of(Version, submitted(c, s.approved)).values(
        findings_hash=bytes(32)
    ),
    "the bar's attest is another's": lambda c, s: swap(
        c,
        Version,
        Version.id,
        Version.screening_mac,
        submitted(c, s.approved),
        submitted(c, s.in_review),
    ),
    "the sealed release is gone": lambda c, s: delete(SealedRelease),
    "the sealed release is another's": lambda c, s: update(SealedRelease).values(
        sealed=c.harmed.me.identity.recipient.seal(bytes(32), b"made up")
    ),
    "the statement is gone": lambda c, s: delete(StatementRow).where(
        StatementRow.version_id == submitted(c, s.approved)
    ),
    "the statement's signer is another": lambda c, s: (
        update(StatementRow)
        .where(StatementRow.version_id == submitted(c, s.approved))
        .values(signer_id=c.first.id)
    ),
    "the statement is another letter's": lambda c, s: swap(
        c,
        StatementRow,
        StatementRow.version_id,
        StatementRow.signature,
        submitted(c, s.approved),
        submitted(c, s.held),
    ),
    "a member is deleted": lambda c, s: delete(Member).where(
        Member.case_id == c.case, Member.person_id == c.second.id
    ),
    "a member is made up": lambda c, s: insert(Member).values(
        case_id=c.case, person_id=c.stranger_facilitator.id, joined_at=c.clock(), mac=bytes(32)
    ),
    "a member is moved here": lambda c, s: (
        update(Member).where(Member.case_id == c.strange_case).values(case_id=c.case)
    ),
    "a participant is deleted": lambda c, s: delete(Participant).where(
        Participant.person_id == c.responsible.id
    ),
    "a participant is somebody else": lambda c, s: swap(
        c,
        Participant,
        Participant.person_id,
        Participant.case_id,
        c.harmed.id,
        c.stranger_harmed.id,
    ),
    "the recipient's public key is a thief's": lambda c, s: (
        update(PublicKey)
        .where(PublicKey.owner_id == c.harmed.id)
        .values(sealing=Identity(random_bytes(32)).recipient.public)
    ),
    "the recipient's public key is another's": lambda c, s: swap(
        c, PublicKey, PublicKey.owner_id, PublicKey.sealing, c.harmed.id, c.stranger_harmed.id
    ),
    "a newer public key is made up": lambda c, s: insert(PublicKey).values(
        kind="person",
        owner_id=c.harmed.id,
        serial=2,
        sealing=c.stranger_harmed.me.identity.recipient.public,
        verifying=c.stranger_harmed.me.identity.verifier.public,
        mac=bytes(32),
    ),
    "a reader's public key is gone": lambda c, s: delete(PublicKey).where(
        PublicKey.owner_id == c.second.id
    ),
    "the recipient's role is another": lambda c, s: of(Person, c.harmed.id).values(
        role="responsible"
    ),
    "the writer's role is another": lambda c, s: of(Person, c.responsible.id).values(role="harmed"),
    "a pace is set": lambda c, s: of(Case, c.case).values(pace="1"),
    "the trail's last entry is deleted": lambda c, s: delete(AuditEntry).where(
        AuditEntry.case_id == c.case, AuditEntry.number == c.case_row().audit_number
    ),
    "an entry in the middle is deleted": lambda c, s: delete(AuditEntry).where(
        AuditEntry.case_id == c.case, AuditEntry.number == 5
    ),
    "the trail is deleted": lambda c, s: delete(AuditEntry).where(AuditEntry.case_id == c.case),
    "the trail is deleted and its head reset": lambda c, s: (
        delete(AuditEntry).where(AuditEntry.case_id == c.case),
        of(Case, c.case).values(audit_number=0, audit_head=b""),
    ),
    "an entry is changed": lambda c, s: (
        update(AuditEntry)
        .where(AuditEntry.case_id == c.case, AuditEntry.number == 3)
        .values(event=Event.CONSENT_GIVEN.value)
    ),
    "an entry is of another case": lambda c, s: (
        delete(AuditEntry).where(AuditEntry.case_id == c.case, AuditEntry.number == 1),
        update(AuditEntry)
        .where(AuditEntry.case_id == c.strange_case, AuditEntry.number == 1)
        .values(case_id=c.case),
    ),
    "the trail's head is another's": lambda c, s: of(Case, c.case).values(audit_head=bytes(32)),
}


@pytest.mark.parametrize("change", ON_WHAT_IS_DUE.values(), ids=ON_WHAT_IS_DUE)
def test_a_letter_that_is_due_is_not_released_when(theatre: Theatre, change: Attack) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    before = theatre.attacker.rows(Grant)
    attack(cast, theatre.attacker, scene, change)
    look(cast)
    facilitators_go_on(cast, scene.approved)
    assert theatre.attacker.rows(Grant) == before
    assert not reached(cast, theatre.attacker, scene.approved, cast.harmed)


# --- what is not due, forced: it is not released

FORCED: dict[str, Attack] = {
    "an unread letter is called approved": lambda c, s: of(Letter, s.in_review).values(
        state="approved", due_at=c.clock()
    ),
    "an unread letter is called released": lambda c, s: of(Letter, s.in_review).values(
        state="released", released_at=c.clock()
    ),
    "an unread letter is called opened": lambda c, s: of(Letter, s.in_review).values(
        state="opened", released_at=c.clock(), opened_at=c.clock()
    ),
    "an unread letter is called read once": lambda c, s: of(Letter, s.in_review).values(
        state="second reading"
    ),
    "an unread letter is to be sealed again": lambda c, s: of(Letter, s.in_review).values(
        state="seal again"
    ),
    "a letter read once is called approved": lambda c, s: of(Letter, s.read_once).values(
        state="approved", due_at=c.clock()
    ),
    "a letter read once needs one": lambda c, s: (
        of(Letter, s.read_once).values(state="approved", due_at=c.clock()),
        of(Version, submitted(c, s.read_once)).values(needed=1),
    ),
    "a letter read once is to be sealed again, and needs one": lambda c, s: (
        of(Letter, s.read_once).values(state="seal again"),
        of(Version, submitted(c, s.read_once)).values(needed=1),
    ),
    "an approval is moved to an unread letter": lambda c, s: (
        update(DecisionRow)
        .where(DecisionRow.version_id == submitted(c, s.approved))
        .values(version_id=submitted(c, s.in_review))
    ),
    "an approved letter is called released": lambda c, s: of(Letter, s.approved).values(
        state="released", released_at=c.clock()
    ),
    "an approved letter's time of release is set": lambda c, s: of(Letter, s.approved).values(
        released_at=c.clock()
    ),
    "readiness is made up": lambda c, s: of(Case, c.case).values(ready_at=c.clock()),
}


@pytest.mark.parametrize("change", FORCED.values(), ids=FORCED)
def test_nothing_reaches_the_recipient_when(theatre: Theatre, change: Attack) -> None:
    scene, cast = theatre.play(exchange_under_way), theatre.cast
    before = {letter: submitted(cast, letter)
              for letter in (scene.approved, scene.in_review, scene.read_once)}
    attack(cast, theatre.attacker, scene, change)
    look(cast)
    for letter, version in before.items():
        assert not theatre.attacker.rows(Grant, Grant.version_id == version,
                                         Grant.reader_id == cast.harmed.id)
        assert not reached(cast, theatre.attacker, letter, cast.harmed)


@pytest.mark.parametrize("state", ["in review", "second reading", "approved"])
def test_rule_13_one_facilitator_alone_releases_nothing_even_where_the_state_is_forced_to(
        theatre: Theatre, state: str) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    theatre.attacker.run(of(Letter, scene.in_review).values(state=state, due_at=cast.clock()))
    for _ in range(2):
        with suppress(LettersError):
            cast.approve(scene.in_review, cast.first)
    look(cast)
    assert not reached(cast, theatre.attacker, scene.in_review, cast.harmed)


def test_a_letter_moved_into_a_case_that_is_open_is_not_released(theatre: Theatre) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    theatre.attacker.run(of(Letter, scene.foreign).values(case_id=cast.case,
                                                          state="approved", due_at=cast.clock()))
    look(cast)
    for reader in (cast.harmed, cast.responsible, cast.stranger_responsible):
        assert not reached(cast, theatre.attacker, scene.foreign, reader)


def test_a_copied_approval_is_not_a_second_one(theatre: Theatre) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    row = theatre.attacker.rows(DecisionRow,
                                DecisionRow.version_id == submitted(cast, scene.read_once))[0]
    theatre.attacker.put(DecisionRow, row, id=uuid4(), reader_id=cast.second.id)
    theatre.attacker.run(of(Letter, scene.read_once).values(state="approved", due_at=cast.clock()))
    facilitators_go_on(cast, scene.read_once)
    assert not reached(cast, theatre.attacker, scene.read_once, cast.harmed)


def test_a_facilitator_of_another_case_cannot_sign_an_approval_that_counts(
    theatre: Theatre,
) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    letter, stranger = cast.row(scene.read_once), cast.stranger_facilitator
    version = theatre.attacker.rows(Version, Version.id == letter.submitted_id)[0]
    at = cast.clock()
    signed = sealing.sign_decision(stranger.me.identity, sealing.Decision(
        version["id"], version["digest"], version["findings_hash"], "approve", letter.recipient_id,
        stranger.id,
        letter.round, version["policy"], version["needed"], microseconds(at)))
    theatre.attacker.put(DecisionRow,
                         {"id": uuid4(), "version_id": version["id"], "reader_id": stranger.id,
                          "round": letter.round, "verdict": "approve", "at": at,
                          "signature": signed})
    theatre.attacker.run(of(Letter, scene.read_once).values(state="approved", due_at=at))
    look(cast)
    assert not reached(cast, theatre.attacker, scene.read_once, cast.harmed)


def test_a_sealed_release_put_back_after_recall_releases_nothing(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.approved(cast.harmed)
    sealed, row = attacker.rows(SealedRelease), attacker.rows(Letter, Letter.id == letter)[0]
    write.recall(cast.platform, cast.harmed.me, letter)
    attacker.put(SealedRelease, *sealed)
    attacker.run(of(Letter, letter).values(**{key: row[key] for key in row if key != "id"}))
    look(cast)
    assert not reached(cast, attacker, letter, cast.responsible)


def test_a_sealed_release_put_back_after_a_hold_releases_nothing(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.approved(cast.harmed)
    sealed, row = attacker.rows(SealedRelease), attacker.rows(Letter, Letter.id == letter)[0]
    hold(cast, letter, cast.second)
    attacker.put(SealedRelease, *sealed)
    attacker.run(of(Letter, letter).values(**{key: row[key] for key in row if key != "id"}))
    look(cast)
    assert not reached(cast, attacker, letter, cast.responsible)


# --- gates, cleared by hand

@pytest.mark.parametrize(("shut", "cleared"), [
    (lambda c: pace.pause(c.platform, c.harmed.me, c.case),
     lambda c: of(Case, c.case).values(paused_at=None)),
    (lambda c: pace.stop(c.platform, c.harmed.me, c.case),
     lambda c: of(Case, c.case).values(stopped_at=None)),
    (lambda c: open_and_halt.halt(c.platform, c.first.me, c.case),
     lambda c: of(Case, c.case).values(halted_at=None)),
    (lambda c: pace.unsay_ready(c.platform, c.harmed.me, c.case),
     lambda c: of(Case, c.case).values(ready_at=c.clock())),
    (lambda c: c.set_gap(0),
     lambda c: of(Case, c.case).values(pace="9")),
], ids=["pause", "stop", "halt", "readiness", "pace"])
def test_a_gate_that_was_changed_by_hand_stays_shut(theatre: Theatre, shut, cleared) -> None:
    scene, cast = theatre.play(answer_due), theatre.cast
    shut(cast)
    theatre.attacker.run(cleared(cast), of(Letter, scene.approved).values(due_at=cast.clock()))
    look(cast)
    assert not reached(cast, theatre.attacker, scene.approved, cast.harmed)


def test_a_gap_set_to_nothing_by_hand_releases_nothing(theatre: Theatre) -> None:
    cast = theatre.cast
    theatre.play(answer_due)
    cast.set_gap(30)
    letter = cast.approved(cast.harmed, "Too soon.")
    theatre.attacker.run(of(Case, cast.case).values(pace=""))
    look(cast)
    assert not reached(cast, theatre.attacker, letter, cast.responsible)


# --- what the trail alone tells: an entry of it laid hands on

def next_assessment(cast: Cast, outcome: Outcome) -> None:
    """Another look at suitability and risk."""
    cast.prepared.assess(outcome)


def ends(cast: Cast) -> None:
    """The closing talks are held with both: from then on nothing is released."""
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    for person in (cast.harmed, cast.responsible):
        cast.prepared.take_all_steps(person.me, closing=True)


SHUT = {
    "consent withdrawn": lambda c: consent.withdraw(c.platform, c.responsible.me, c.case, ["part"]),
    "acknowledgement withdrawn": lambda c: background.withdraw_acknowledgement(
        c.platform, c.responsible.me, c.case
    ),
    "acknowledgement recorded anew": lambda c: background.record_acknowledgement(
        c.platform, c.first.me, c.case, "In other words."
    ),
    "last closing talk": ends,
    "no conviction": lambda c: background.record_conviction(
        c.platform, c.first.me, c.case, False, "Quashed."
    ),
    "order": lambda c: background.record_order(
        c.platform, c.first.me, c.case, c.platform.today(), None, "No contact."
    ),
    "storytelling": lambda c: next_assessment(c, Outcome.STORYTELLING),
    "risk": lambda c: assessment.report_risk(c.platform, c.harmed.me, c.case, "He waits outside."),
    "step taken back": lambda c: steps.take_step_back(
        c.platform, c.first.me, c.case, c.responsible.id, "hopes"
    ),
}


def on_the_trail(attacker: Attacker, cast: Cast) -> dict[str, tuple[Executable, ...]]:
    """What somebody with the database can do to the last entry, which shut a gate."""
    entries = sorted(attacker.rows(AuditEntry, AuditEntry.case_id == cast.case),
                     key=lambda row: row["number"])
    last, before = entries[-1], entries[-2]
    opened = next(row for row in reversed(entries) if row["event"] in {
        Event.CONSENT_GIVEN, Event.ACKNOWLEDGEMENT_CONFIRMED, Event.CONVICTION_RECORDED,
        Event.ASSESSED,
        Event.STEP_DONE} and row["number"] < last["number"])
    this = (AuditEntry.case_id == cast.case) & (AuditEntry.number == last["number"])

    def head(row: dict[str, object]) -> Executable:
        return of(Case, cast.case).values(audit_number=row["number"], audit_head=row["mac"])
    again = {**opened, "number": last["number"] + 1}
    return {
        "is deleted": (delete(AuditEntry).where(this),),
        "is deleted, and the case ends before it": (delete(AuditEntry).where(this), head(before)),
        "says something else": (update(AuditEntry).where(this)
                                .values(event=Event.REQUEST_KEPT.value),),
        "is about somebody else": (update(AuditEntry).where(this).values(
            subject_id=uuid4(), left="", entered="2000-01-01"),),
        "is another case's": (update(AuditEntry).where(this).values(case_id=uuid4()), head(before)),
        "is followed by an earlier one": (insert(AuditEntry).values(again), head(again)),
        "is an earlier one": (delete(AuditEntry).where(this), insert(AuditEntry).values(
            {**opened, "number": last["number"], "mac": last["mac"]})),
    }


@pytest.mark.parametrize("shut", SHUT)
def test_a_fact_that_shut_a_gate_is_not_undone_in_the_trail(theatre: Theatre, shut: str) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    SHUT[shut](cast)
    backup, remembered = attacker.copy(), theatre.state.read_bytes()
    for name, statements in on_the_trail(attacker, cast).items():
        attacker.put_back(backup)
        theatre.state.write_bytes(remembered)
        attacker.run(*statements, of(Letter, scene.approved).values(due_at=cast.clock()))
        look(cast)
        assert not reached(cast, attacker, scene.approved, cast.harmed), name


def test_an_acknowledgement_that_was_made_up_releases_nothing(theatre: Theatre) -> None:
    """Neither one that stands in the trail of another case, nor the case's own from before it was
    withdrawn."""
    cast, attacker, case = theatre.cast, theatre.attacker, theatre.cast.strange_case
    theatre.play(exchange_under_way)
    cast.prepare_strange()
    letter = cast.submitted(cast.stranger_harmed)
    cast.approve(letter, cast.first)
    background.withdraw_acknowledgement(cast.platform, cast.stranger_responsible.me, case)
    backup, remembered = attacker.copy(), theatre.state.read_bytes()
    for of_case in (case, cast.case):
        attacker.put_back(backup)
        theatre.state.write_bytes(remembered)
        told = sorted(attacker.rows(AuditEntry, AuditEntry.case_id == of_case, AuditEntry.event.in_(
            [Event.ACKNOWLEDGEMENT_RECORDED.value, Event.ACKNOWLEDGEMENT_CONFIRMED.value])),
                      key=lambda row: row["number"])
        with cast.platform.reading() as db:
            number = db.get_one(Case, case).audit_number
        for row in told:
            number += 1
            attacker.put(AuditEntry, row, case_id=case, number=number)
        attacker.run(of(Case, case).values(audit_number=number, audit_head=told[-1]["mac"]),
                     of(Letter, letter).values(due_at=cast.clock()))
        look(cast)
        assert cast.state(letter) is State.APPROVED
        assert not reached(cast, attacker, letter, cast.stranger_responsible)


def test_a_stop_is_not_undone_by_every_table_but_the_trail(theatre: Theatre) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    theatre.play(beginning)
    letter = cast.approved(cast.harmed)
    backup = attacker.copy()
    pace.stop(cast.platform, cast.responsible.me, cast.case)
    attacker.put_back(backup, *(name for name in backup if name != "audit"))
    look(cast)
    assert not reached(cast, attacker, letter, cast.responsible)


def test_a_released_letter_made_approved_again_is_not_released_twice(theatre: Theatre) -> None:
    scene, cast, attacker = theatre.play(answer_due), theatre.cast, theatre.attacker
    sealed, row = (attacker.rows(SealedRelease),
                   attacker.rows(Letter, Letter.id == scene.approved)[0])
    assert cast.release() == 1
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    attacker.put(SealedRelease, *sealed)
    attacker.run(of(Letter, scene.approved).values(**{key: row[key] for key in row if key != "id"}),
                 delete(Grant).where(Grant.reader_id == cast.harmed.id))
    look(cast)
    released = [entry
                for entry in attacker.rows(AuditEntry, AuditEntry.subject_id == scene.approved)
                if entry["event"] == Event.LETTER_RELEASED.value]
    assert len(released) == 1


def test_a_stopped_letter_stays_where_it_is_even_if_the_desk_goes_on(theatre: Theatre) -> None:
    letter, cast = theatre.play(first_letter_stopped), theatre.cast
    theatre.attacker.run(of(Case, cast.case).values(stopped_at=None, stopped_by=None),
                         of(Letter, letter).values(due_at=cast.clock()))
    facilitators_go_on(cast, letter)
    assert not reached(cast, theatre.attacker, letter, cast.responsible)
