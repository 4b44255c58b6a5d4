"""emergency access, and everything that must not break it: on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, update

from keys import vouching
from keys.case_key import open_spare, seal_spare
from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rules.errors import (
    LettersError,
    NeedsPassword,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotIndependent,
    NotPossibleNow,
    Tampered,
)
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.tables.desk import Notice
from letters.storage.tables.letters import AuditEntry, Case, CaseKey, Note, Person, PublicKey
from letters.storage.tables.team import EmergencyKey, EmergencyRequest, SpareCaseKey
from letters.workflow.access import directory, enter, spare_keys
from letters.workflow.accounts import invite
from letters.workflow.cases import alerts, open_and_halt
from letters.workflow.decision import decide
from letters.workflow.lost_access import reset
from letters.workflow.notices import contact
from letters.workflow.oversight import emergency_access, emergency_reading
from letters.workflow.platform import SignedIn
from letters.workflow.preparation import background
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter as review_read_letter
from letters.workflow.team import join_and_leave
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import asked_at_once, hold
from tests.cast import OURS, PASSWORD, Cast, Player
from tests.conftest import random_bytes

WORDS = "Nobody but the team has read this."


def asked(cast: Cast, safeguarding: bool = False) -> UUID:
    """A request of the supervisor for the case."""
    if safeguarding:
        return asked_at_once(cast, cast.supervisor.me, cast.case, "A call that worries me.")
    return emergency_access.ask(cast.platform, cast.supervisor.me, cast.case,
                                "A call that worries me.", False)


def seconded(cast: Cast, safeguarding: bool = False) -> UUID:
    """The same, seconded by the administrator."""
    request = asked(cast, safeguarding)
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    return request


def broken(cast: Cast) -> tuple[UUID, UUID]:
    """A letter that waits at the desk, and a request that the worker has opened."""
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, WORDS)
    request = seconded(cast)
    cast.clock.advance(hours=25)
    emergency_access.open_and_close_due(cast.platform)
    return request, letter


def due_in_an_hour(cast: Cast) -> tuple[UUID, UUID]:
    """A letter, and a request that is seconded and opens in an hour."""
    letter = cast.submitted(cast.harmed, WORDS)
    request = seconded(cast)
    cast.clock.advance(hours=23)
    return request, letter


def not_seconded(cast: Cast) -> tuple[UUID, UUID]:
    """A letter, and a request that would be due, and that nobody has seconded."""
    letter = cast.submitted(cast.harmed, WORDS)
    request = asked(cast)
    cast.clock.advance(hours=25)
    return request, letter


def row(cast: Cast, request: UUID) -> EmergencyRequest:
    with cast.platform.reading() as db:
        return db.get_one(EmergencyRequest, request)


def facts(attacker: Attacker, request: UUID) -> list[str]:
    """What the trail tells of a request."""
    found = attacker.rows(AuditEntry, AuditEntry.subject_id == request)
    return [entry["event"] for entry in sorted(found, key=lambda entry: entry["number"])]


def alarms(attacker: Attacker) -> int:
    return len(attacker.rows(AuditEntry, AuditEntry.event == Event.TAMPERING_FOUND.value))


def opens_nothing(cast: Cast, attacker: Attacker, request: UUID, letter: UUID,
                  who: Player | None = None) -> None:
    """Neither the pages' verbs nor the keys themselves show a word."""
    supervisor = who or cast.supervisor
    for look in (
        lambda: emergency_reading.look_at_case(cast.platform, supervisor.me, request),
        lambda: emergency_reading.look_at_letter(cast.platform, supervisor.me, request, letter),
    ):
        with pytest.raises(LettersError):
            look()


# --- as it should go

@pytest.mark.both_databases
def test_it_opens_after_the_delay_and_shows_letters_findings_notes_and_trail(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.submitted(cast.harmed, "Call me on 07700 900123.")
    hold(cast, letter, cast.first)
    request = seconded(cast)
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)
    cast.clock.advance(hours=25)
    emergency_access.open_and_close_due(cast.platform)
    seen = emergency_reading.look_at_case(cast.platform, cast.supervisor.me, request)
    assert [found.id for found in seen.letters] == [letter]
    assert [note.words for note in seen.evidence] == [f"A guilty plea, and a talk in May. {OURS}"]
    assert seen.facts[0].event == Event.EMERGENCY_OPENED
    read_letter = emergency_reading.look_at_letter(cast.platform,
                                                   cast.supervisor.me, request, letter)
    assert read_letter.text == "Call me on 07700 900123."
    assert [finding.category for finding in read_letter.findings] == ["contact"]
    assert [note.words for note in read_letter.notes] == ["A doubt."]
    assert facts(attacker, request) == ["emergency asked", "emergency seconded", "emergency opened"]


def test_rule_30_a_safeguarding_alert_opens_at_once_and_still_takes_two(
    cast: Cast, attacker: Attacker
) -> None:
    letter, request = cast.submitted(cast.harmed), asked(cast, safeguarding=True)
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    emergency_access.open_and_close_due(cast.platform)
    assert emergency_reading.look_at_letter(cast.platform, cast.supervisor.me, request, letter).text


def test_the_real_worker_opens_it(cast: Cast) -> None:
    request = seconded(cast, safeguarding=True)
    cast.worker.run()
    assert row(cast, request).opened_at is not None


def test_another_supervisor_can_second(cast: Cast) -> None:
    other = Player(cast.app, cast.platform, "sigrid",
                   invite.invite_staff(cast.platform, Role.SUPERVISOR, "Sigrid"))
    request = asked(cast)
    emergency_access.second(cast.platform, other.me, request, PASSWORD)
    assert row(cast, request).seconded_by == other.id


def test_the_delay_is_the_services(cast: Cast) -> None:
    platform = replace(cast.platform, emergency_delay=timedelta(hours=72))
    request = emergency_access.ask(platform, cast.supervisor.me, cast.case, "A worry.", False)
    assert row(cast, request).due_at - row(cast, request).asked_at == timedelta(hours=72)


def test_it_ends_when_it_is_closed_and_its_keys_are_gone(theatre: Theatre) -> None:
    (request, letter), cast, attacker = theatre.play(broken), theatre.cast, theatre.attacker
    assert attacker.rows(EmergencyKey)
    emergency_access.close(cast.platform, cast.supervisor.me, request)
    opens_nothing(cast, attacker, request, letter)
    assert not attacker.rows(EmergencyKey)
    assert facts(attacker, request)[-1] == "emergency closed"
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)
    with pytest.raises(NotPossibleNow):
        emergency_access.close(cast.platform, cast.supervisor.me, request)


def test_it_ends_by_itself_after_fourteen_days(theatre: Theatre) -> None:
    (request, letter), cast, attacker = theatre.play(broken), theatre.cast, theatre.attacker
    cast.clock.advance(days=13, hours=23)
    emergency_access.open_and_close_due(cast.platform)
    assert emergency_reading.look_at_letter(cast.platform, cast.supervisor.me, request,
                                            letter).text == WORDS
    cast.clock.advance(hours=2)
    opens_nothing(cast, attacker, request, letter)  # whether or not the worker is there
    emergency_access.open_and_close_due(cast.platform)
    assert row(cast, request).closed_at is not None and not attacker.rows(EmergencyKey)
    assert facts(attacker, request)[-1] == "emergency closed"


def test_a_request_that_nobody_seconds_ends_by_itself(theatre: Theatre) -> None:
    (request, _), cast = theatre.play(not_seconded), theatre.cast
    cast.clock.advance(days=14)
    emergency_access.open_and_close_due(cast.platform)
    with pytest.raises(NotPossibleNow):
        emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)


def test_rule_1_a_halt_is_not_touched(cast: Cast) -> None:
    open_and_halt.halt(cast.platform, cast.first.me, cast.case)
    letter = cast.approved(cast.harmed)
    halted = cast.case_row().halted_at
    seconded(cast, safeguarding=True)
    emergency_access.open_and_close_due(cast.platform)
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED
    assert cast.case_row().halted_at == halted
    open_and_halt.lift_halt(cast.platform, cast.first.me, cast.case)
    with cast.platform.reading() as db:
        [alert] = alerts.open_in(cast.platform, db, db.get_one(Case, cast.case))
    alerts.close(cast.platform, cast.first.me, cast.case, alert.id, "Looked at.")
    assert cast.release() == 1


def test_at_once_asks_for_an_alert_that_is_open(cast: Cast) -> None:
    """Nobody reads at once by saying so: the team knows of a danger, and has said it."""
    with pytest.raises(NotAcceptable):
        emergency_access.ask(cast.platform, cast.supervisor.me, cast.case, "A worry.", True)
    alert = alerts.open_alert(cast.platform, cast.first.me, cast.case, "A worry.", True)
    alerts.close(cast.platform, cast.first.me, cast.case, alert, "Looked at.")
    with pytest.raises(NotAcceptable):
        emergency_access.ask(cast.platform, cast.supervisor.me, cast.case, "A worry.", True)
    assert asked_at_once(cast, cast.supervisor.me, cast.case)


def test_the_team_hears_of_a_request_at_once(cast: Cast) -> None:
    for member in (cast.first, cast.second):
        contact.choose(cast.platform, member.me, f"{member.name}@example.org", "Messages",
                       "An update")
    asked(cast)
    with cast.platform.reading() as db:
        told = {notice.person_id for notice in db.query(Notice) if notice.kind == "alert"}
    assert told == {cast.first.id, cast.second.id}


# --- who is told

def test_the_team_sees_every_step_and_the_reason_and_nobody_else_does(theatre: Theatre) -> None:
    (request, _), cast = theatre.play(broken), theatre.cast
    with cast.platform.reading() as db:
        room = enter.load_case(cast.platform, db, cast.case, lock=False)
        for member in (cast.first, cast.second):
            told, = emergency_reading.told_to_team(cast.platform, db, member.me, room)
            assert (told.reason, told.supervisor, told.second) == (
                "A call that worries me.", "Sunniva Supervisor", "Ada Administrator")
            (case, _), = emergency_reading.cases_asked_for(cast.platform, member.me)
            assert case.id == cast.case
    assert emergency_reading.cases_asked_for(cast.platform, cast.stranger_facilitator.me) == []
    assert emergency_reading.told_to_person_harmed(cast.platform,
                                                   cast.harmed.me, cast.case).id == request
    for other in (cast.responsible, cast.other):
        assert emergency_reading.told_to_person_harmed(cast.platform, other.me, cast.case) is None
    silent = replace(cast.platform, emergency_tells_person_harmed=False)
    assert emergency_reading.told_to_person_harmed(silent, cast.harmed.me, cast.case) is None


def test_rule_22_who_can_read_a_letter_names_the_supervisor_to_the_person_harmed_alone(
    theatre: Theatre,
) -> None:
    (request, letter), cast = theatre.play(broken), theatre.cast
    own = cast.submitted(cast.harmed)
    assert "Sunniva Supervisor" in open_letter.who_can_read(cast.platform, cast.harmed.me, own)
    assert "Sunniva Supervisor" not in open_letter.who_can_read(
        cast.platform, cast.responsible.me, letter
    )
    emergency_access.close(cast.platform, cast.supervisor.me, request)
    assert "Sunniva Supervisor" not in open_letter.who_can_read(cast.platform, cast.harmed.me, own)


def test_the_person_harmed_is_told_nothing_before_it_is_open(theatre: Theatre) -> None:
    _, cast = theatre.play(due_in_an_hour), theatre.cast
    assert emergency_reading.told_to_person_harmed(cast.platform, cast.harmed.me, cast.case) is None


# --- who may not

def test_only_supervisors_ask_and_only_for_cases_that_are_there(cast: Cast) -> None:
    for who in (cast.administrator, cast.first, cast.stranger_facilitator, cast.harmed,
                cast.responsible, cast.other):
        with pytest.raises(NotAllowed):
            asked_at_once(cast, who.me, cast.case)
    with pytest.raises(NotFound):
        emergency_access.ask(cast.platform, cast.supervisor.me, uuid4(), "A worry.", True)
    for reason in ("", "  ", "x" * 10_001):
        with pytest.raises(NotAcceptable):
            emergency_access.ask(cast.platform, cast.supervisor.me, cast.case, reason, True)
    asked(cast)
    with pytest.raises(NotPossibleNow):
        asked(cast)


def test_nobody_seconds_themselves_and_only_staff_apart_from_the_team_do(cast: Cast) -> None:
    request = asked(cast)
    for who in (cast.supervisor, cast.first, cast.stranger_facilitator, cast.harmed,
                cast.responsible, cast.other):
        with pytest.raises(NotAllowed):
            emergency_access.second(cast.platform, who.me, request, PASSWORD)
    with pytest.raises(NeedsPassword):
        emergency_access.second(cast.platform, cast.administrator.me, request, "another password")
    with pytest.raises(NotFound):
        emergency_access.second(cast.platform, cast.administrator.me, uuid4(), PASSWORD)
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    with pytest.raises(NotPossibleNow):
        emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)


def test_an_administrator_who_invents_a_supervisor_cannot_second_them(cast: Cast) -> None:
    """Nor through a second administrator, nor through a second supervisor, whom they invented as
    well."""
    def invented(name: str, role: Role, by: Player) -> Player:
        return Player(cast.app, cast.platform, name,
                      invite.invite_staff(cast.platform, role, name, by.me))
    puppet = invented("puppet", Role.SUPERVISOR, cast.administrator)
    double = invented("double", Role.ADMINISTRATOR, cast.administrator)
    other = invented("other puppet", Role.SUPERVISOR, double)
    request = asked_at_once(cast, puppet.me, cast.case)
    for who in (cast.administrator, double, other):
        with pytest.raises(NotIndependent):
            emergency_access.second(cast.platform, who.me, request, PASSWORD)
    emergency_access.second(cast.platform, cast.supervisor.me, request, PASSWORD)


def test_who_made_a_supervisor_a_new_way_in_afterwards_opens_nothing(theatre: Theatre) -> None:
    (request, letter), cast = theatre.play(due_in_an_hour), theatre.cast
    reset.ask_reset(cast.platform, cast.administrator.me, cast.supervisor.id, PASSWORD)
    cast.clock.advance(hours=2)
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, theatre.attacker, request, letter)
    assert facts(theatre.attacker, request)[-1] == "emergency closed"


def test_another_supervisor_neither_reads_nor_closes_what_is_not_theirs(theatre: Theatre) -> None:
    (request, letter), cast = theatre.play(broken), theatre.cast
    other = Player(cast.app, cast.platform, "sigrid",
                   invite.invite_staff(cast.platform, Role.SUPERVISOR, "Sigrid"))
    opens_nothing(cast, theatre.attacker, request, letter, other)
    with pytest.raises(NotFound):
        emergency_access.close(cast.platform, other.me, request)
    for who in (cast.administrator, cast.first, cast.harmed):
        opens_nothing(cast, theatre.attacker, request, letter, who)
        with pytest.raises(NotAllowed):
            emergency_access.close(cast.platform, who.me, request)


def test_an_administrator_reads_no_letter_and_no_reason(theatre: Theatre) -> None:
    (request, letter), cast, attacker = theatre.play(broken), theatre.cast, theatre.attacker
    shown = repr(emergency_reading.requests(cast.platform, cast.administrator.me))
    assert "worries" not in shown and "Hanna" not in shown
    sealed = [bytes(kept["sealed"]) for table in (Note, EmergencyKey, SpareCaseKey, CaseKey)
              for kept in attacker.rows(table)]
    for box in sealed:
        for purpose in (b"", b"note"):
            with pytest.raises(CannotOpen):
                cast.administrator.me.identity.open(box, purpose)
    opens_nothing(cast, attacker, request, letter, cast.administrator)
    with pytest.raises(NotFound):
        review_read_letter.letter_for(cast.platform, cast.administrator.me, letter)


def test_a_supervisor_with_the_emergency_opened_decides_nothing(theatre: Theatre) -> None:
    (_, letter), cast = theatre.play(broken), theatre.cast
    platform, me, version = cast.platform, cast.supervisor.me, cast.row(letter).submitted_id
    verbs: list[Callable[[], Any]] = [
        lambda: review_read_letter.claim(platform, me, letter),
        lambda: review_read_letter.letter_for(platform, me, letter),
        lambda: review_read_letter.dispose(platform, me, letter, version, {}),
        lambda: decide.approve(platform, me, letter, version, PASSWORD),
        lambda: decide.hold(platform, me, letter, version, "No.",
                            cast.clock().date() + timedelta(days=3)),
        lambda: decide.return_to_author(platform, me, letter, version, "No.", "No."),
        lambda: open_and_halt.halt(platform, me, cast.case),
        lambda: open_and_halt.lift_halt(platform, me, cast.case),
        lambda: join_and_leave.ask(platform, me, cast.case, cast.stranger_facilitator.id,
                                   handover=True),
        lambda: invite.invite_participant(platform, me, cast.case, Role.OTHER, "Somebody"),
        lambda: background.record_acknowledgement(platform, me, cast.case, "Evidence."),
    ]
    before = theatre.attacker.copy()
    for verb in verbs:
        with pytest.raises((NotFound, NotAllowed)):
            verb()
    assert theatre.attacker.copy() == before


def test_a_letter_of_another_case_is_not_read_by_this_request(theatre: Theatre) -> None:
    (request, _), cast = theatre.play(broken), theatre.cast
    foreign, draft = cast.submitted(cast.stranger_harmed), cast.draft(cast.harmed)
    for letter in (foreign, draft, uuid4()):
        with pytest.raises(NotFound):
            emergency_reading.look_at_letter(cast.platform, cast.supervisor.me, request, letter)


# --- spare keys

def test_every_case_has_a_spare_for_every_supervisor(cast: Cast, attacker: Attacker) -> None:
    assert {(spare["case_id"], spare["supervisor_id"])
            for spare in attacker.rows(SpareCaseKey)} == {
        (case, cast.supervisor.id) for case in (cast.case, cast.strange_case)}


def test_a_supervisor_who_comes_later_gets_theirs_when_a_member_is_there(
    cast: Cast, attacker: Attacker
) -> None:
    late = Player(cast.app, cast.platform, "late",
                  invite.invite_staff(cast.platform, Role.SUPERVISOR, "Late"))
    request = asked_at_once(cast, late.me, cast.case)
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    emergency_access.open_and_close_due(cast.platform)
    assert row(cast, request).opened_at is None
    emergency_access.keep_spares(cast.platform, cast.first.me, cast.case)
    emergency_access.open_and_close_due(cast.platform)
    assert emergency_reading.look_at_case(cast.platform, late.me, request).case.id == cast.case
    before = attacker.copy()
    emergency_access.keep_spares(cast.platform, cast.first.me, cast.case)
    assert attacker.copy() == before


def test_only_the_team_seals_spares(cast: Cast, attacker: Attacker) -> None:
    Player(cast.app, cast.platform, "late",
           invite.invite_staff(cast.platform, Role.SUPERVISOR, "Late"))
    before = attacker.copy()
    for who in (cast.stranger_facilitator, cast.supervisor, cast.administrator, cast.harmed):
        emergency_access.keep_spares(cast.platform, who.me, cast.case)
    assert attacker.copy() == before


def test_without_the_private_release_key_nothing_opens_and_nothing_is_lost(
    theatre: Theatre,
) -> None:
    """In a web process; with the ring of keys lost, the spare is sealed anew when a member is
    there."""
    (request, letter), cast = theatre.play(due_in_an_hour), theatre.cast
    cast.clock.advance(hours=2)
    emergency_access.open_and_close_due(replace(cast.platform, keys=cast.platform.keys.for_web()))
    opens_nothing(cast, theatre.attacker, request, letter)
    emergency_access.keep_spares(cast.platform, cast.first.me, cast.case)
    emergency_access.open_and_close_due(cast.platform)
    assert emergency_reading.look_at_letter(cast.platform, cast.supervisor.me, request,
                                            letter).text == WORDS


def test_a_new_epoch_opens_to_a_supervisor_who_reads_already(theatre: Theatre) -> None:
    (request, _), cast = theatre.play(broken), theatre.cast
    with cast.platform.writing() as db:
        case_key = Identity(random_bytes(32))
        directory.publish(cast.platform, db, "case", cast.case, 2, case_key)
        emergency_access.seal_spares(cast.platform, db, cast.case, 2, case_key)
    emergency_access.open_and_close_due(cast.platform)
    assert {kept["epoch"] for kept in theatre.attacker.rows(EmergencyKey)} == {1, 2}
    assert facts(theatre.attacker, request).count("emergency opened") == 1


def test_the_supervisors_identity_and_the_whole_database_open_nothing_before(
    theatre: Theatre,
) -> None:
    (request, letter), cast, attacker = theatre.play(due_in_an_hour), theatre.cast, theatre.attacker
    me, opened = cast.supervisor.me, 0
    for spare in attacker.rows(SpareCaseKey):
        with pytest.raises(CannotOpen):
            open_spare(me.identity, me.person, bytes(spare["sealed"]), spare["case_id"],
                       spare["epoch"])
        opened += 1
    assert opened == 2
    spare = attacker.rows(SpareCaseKey, SpareCaseKey.case_id == cast.case)[0]
    attacker.run(insert(EmergencyKey).values(request_id=request, epoch=1, sealed=spare["sealed"]))
    attacker.run(update(EmergencyRequest).values(opened_at=cast.clock()))
    opens_nothing(cast, attacker, request, letter)


# --- with write access to the database

Change = Callable[[Cast, UUID], Any]


def of(request: UUID, **values: Any) -> Any:
    return update(EmergencyRequest).where(EmergencyRequest.id == request).values(**values)


def forged(cast: Cast, request: UUID, by: SignedIn) -> bytes:
    return vouching.sign(by.identity, "emergency access seconded", request=request, case=cast.case,
                         supervisor=cast.supervisor.id, seconded_by=by.person)


BEFORE_IT_IS_DUE: dict[str, Change] = {
    "due at once": lambda c, r: of(r, due_at=c.clock()),
    "asked long ago": lambda c, r: of(r, due_at=c.clock(), asked_at=c.clock() - timedelta(days=2)),
    "safeguarding": lambda c, r: of(r, safeguarding=True, due_at=row(c, r).asked_at),
    "opened already": lambda c, r: of(r, opened_at=c.clock()),
    "moved to another case": lambda c, r: of(r, case_id=c.strange_case, due_at=c.clock()),
    "moved to a case that is not there": lambda c, r: of(r, case_id=uuid4(), due_at=c.clock()),
    "of another supervisor": lambda c, r: of(r, supervisor_id=c.first.id, due_at=c.clock()),
}


NOT_LOOKED_AT = {"opened already", "moved to a case that is not there", "of another supervisor"}
"""Not due, or without a spare key: the worker has nothing to look at; and it opens for nobody."""


@pytest.mark.parametrize("name", BEFORE_IT_IS_DUE)
def test_before_it_is_due_no_row_makes_it_open(theatre: Theatre, name: str) -> None:
    (request, letter), cast, attacker = theatre.play(due_in_an_hour), theatre.cast, theatre.attacker
    attacker.run(BEFORE_IT_IS_DUE[name](cast, request))
    for _ in range(2):
        emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)
    assert not attacker.rows(EmergencyKey)
    assert alarms(attacker) == (0 if name in NOT_LOOKED_AT else 1)  # once, not every minute


NOT_SECONDED: dict[str, Change] = {
    "by themselves": lambda c, r: of(r, seconded_by=c.supervisor.id,
                                     second_signature=forged(c, r, c.supervisor.me)),
    "unsigned": lambda c, r: of(r, seconded_by=c.administrator.id),
    "with rubbish": lambda c, r: of(r, seconded_by=c.administrator.id, second_signature=bytes(64)),
    "signed by the supervisor for another": lambda c, r: of(
        r, seconded_by=c.administrator.id, second_signature=forged(c, r, c.supervisor.me)),
    "truly signed, behind the program's back": lambda c, r: of(
        r, seconded_by=c.administrator.id, second_signature=forged(c, r, c.administrator.me)),
    "by a facilitator": lambda c, r: of(r, seconded_by=c.first.id,
                                        second_signature=forged(c, r, c.first.me)),
    "by nobody who is there": lambda c, r: of(r, seconded_by=uuid4(), second_signature=bytes(64)),
}


@pytest.mark.parametrize("name", NOT_SECONDED)
def test_no_row_stands_in_for_a_second(theatre: Theatre, name: str) -> None:
    (request, letter), cast, attacker = theatre.play(not_seconded), theatre.cast, theatre.attacker
    attacker.run(NOT_SECONDED[name](cast, request))
    for _ in range(2):
        emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)
    assert not attacker.rows(EmergencyKey) and alarms(attacker) == 1


def moved_second(cast: Cast) -> bytes:
    """The administrator's true signature, for another request."""
    other = asked_at_once(cast, cast.supervisor.me, cast.strange_case)
    emergency_access.second(cast.platform, cast.administrator.me, other, PASSWORD)
    return row(cast, other).second_signature or b""


SECOND_CHANGED: dict[str, Change] = {
    "gone": lambda c, r: of(r, second_signature=None),
    "rubbish": lambda c, r: of(r, second_signature=bytes(64)),
    "the supervisor's own": lambda c, r: of(r, second_signature=forged(c, r, c.supervisor.me)),
    "moved": lambda c, r: of(r, second_signature=moved_second(c)),
    "somebody else's": lambda c, r: of(
        r, seconded_by=c.first.id, second_signature=forged(c, r, c.first.me)
    ),
    "of nobody": lambda c, r: of(r, seconded_by=None, second_signature=None),
    "of who is no staff any more": lambda c, r: (
        update(Person).where(Person.id == c.administrator.id).values(role="facilitator")
    ),
    "with a key that is not theirs": lambda c, r: (
        update(PublicKey)
        .where(PublicKey.owner_id == c.administrator.id)
        .values(verifying=c.supervisor.me.identity.verifier.public)
    ),
}


@pytest.mark.parametrize("name", SECOND_CHANGED)
def test_a_second_that_was_given_and_then_changed_opens_nothing(
    theatre: Theatre, name: str
) -> None:
    """The trail tells that it was seconded: here the signature alone stands in the way."""
    (request, letter), cast, attacker = theatre.play(due_in_an_hour), theatre.cast, theatre.attacker
    attacker.run(SECOND_CHANGED[name](cast, request))
    cast.clock.advance(hours=2)
    for _ in range(2):
        emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)
    assert not attacker.rows(EmergencyKey, EmergencyKey.request_id == request)


def test_a_second_of_another_request_cannot_be_moved(theatre: Theatre) -> None:
    (request, letter), cast, attacker = theatre.play(not_seconded), theatre.cast, theatre.attacker
    other = asked_at_once(cast, cast.supervisor.me, cast.strange_case)
    emergency_access.second(cast.platform, cast.administrator.me, other, PASSWORD)
    moved = attacker.rows(EmergencyRequest, EmergencyRequest.id == other)[0]
    attacker.run(of(request, seconded_by=moved["seconded_by"],
                    second_signature=moved["second_signature"]))
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)
    assert row(cast, other).opened_at is not None  # its own trouble keeps nobody else back


def test_a_forged_second_in_the_trail_breaks_the_trail(theatre: Theatre) -> None:
    (request, letter), cast, attacker = theatre.play(not_seconded), theatre.cast, theatre.attacker
    last = max(attacker.rows(AuditEntry, AuditEntry.case_id == cast.case),
               key=lambda row: row["number"])
    attacker.put(AuditEntry, last, number=last["number"] + 1, event=Event.EMERGENCY_SECONDED.value,
                 actor_id=cast.administrator.id, subject_id=request)
    attacker.run(update(Case).where(Case.id == cast.case).values(audit_number=last["number"] + 1),
                 of(request, seconded_by=cast.administrator.id,
                    second_signature=forged(cast, request, cast.administrator.me)))
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)


@pytest.mark.parametrize("how", ["the row", "the row and its key"])
def test_after_closing_nothing_is_opened_again(theatre: Theatre, how: str) -> None:
    (request, letter), cast, attacker = theatre.play(broken), theatre.cast, theatre.attacker
    kept = attacker.rows(EmergencyKey)
    emergency_access.close(cast.platform, cast.supervisor.me, request)
    attacker.run(of(request, closed_at=None))
    if how != "the row":
        attacker.put(EmergencyKey, *kept)
    opens_nothing(cast, attacker, request, letter)
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)


SPARES: dict[str, Change] = {
    "of another case": lambda c, r: _swapped(c),
    "rubbish": lambda c, r: update(SpareCaseKey).values(sealed=bytes(2000)),
    "made for a thief's case key": lambda c, r: update(SpareCaseKey).values(sealed=_made_up(c)),
}


def _swapped(cast: Cast) -> Any:
    with cast.platform.reading() as db:
        strange = db.get_one(SpareCaseKey, (cast.strange_case, 1, cast.supervisor.id)).sealed
    return update(SpareCaseKey).where(SpareCaseKey.case_id == cast.case).values(sealed=strange)


def _made_up(cast: Cast) -> bytes:
    """Public keys are public: anybody can seal something that opens. It is not the case's key."""
    return seal_spare(cast.supervisor.me.identity.recipient, cast.supervisor.id,
                      cast.platform.keys.sealing_release,
                      Identity(bytes(32)), cast.case, 1)


@pytest.mark.parametrize("name", SPARES)
def test_a_spare_that_is_not_this_cases_shows_nothing(theatre: Theatre, name: str) -> None:
    (request, letter), cast, attacker = theatre.play(due_in_an_hour), theatre.cast, theatre.attacker
    attacker.run(SPARES[name](cast, request))
    cast.clock.advance(hours=2)
    emergency_access.open_and_close_due(cast.platform)
    opens_nothing(cast, attacker, request, letter)


def test_a_row_that_was_changed_is_shown_to_nobody(theatre: Theatre) -> None:
    (request, _), cast, attacker = theatre.play(broken), theatre.cast, theatre.attacker
    attacker.run(of(request, supervisor_id=cast.stranger_facilitator.id))
    with cast.platform.reading() as db:
        room = enter.load_case(cast.platform, db, cast.case, lock=False)
        for shows in (
            lambda: emergency_reading.told_to_team(cast.platform, db, cast.first.me, room),
            lambda: emergency_reading.cases_asked_for(cast.platform, cast.first.me),
            lambda: emergency_reading.requests(cast.platform, cast.administrator.me),
            lambda: emergency_reading.told_to_person_harmed(
                cast.platform, cast.harmed.me, cast.case
            ),
        ):
            with pytest.raises(Tampered):
                shows()


def test_words_put_into_the_reason_are_not_shown(theatre: Theatre) -> None:
    (request, _), cast, attacker = theatre.play(broken), theatre.cast, theatre.attacker
    note = attacker.rows(Note, Note.subject_id == request)[0]
    attacker.run(delete(Note).where(Note.id == note["id"]))
    attacker.put(Note, note, sealed=bytes(1200))
    with cast.platform.reading() as db:
        room = enter.load_case(cast.platform, db, cast.case, lock=False)
        with pytest.raises(Tampered):
            emergency_reading.told_to_team(cast.platform, db, cast.first.me, room)


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_nobody_becomes_a_supervisor_in_the_database(cast: Cast,
                                                     attacker: Attacker, role: str) -> None:
    """Neither for a spare key nor for a second."""
    attacker.run(update(Person).where(Person.id == cast.stranger_facilitator.id).values(role=role))
    if role == "supervisor":
        with pytest.raises(Tampered):
            emergency_access.keep_spares(cast.platform, cast.first.me, cast.case)
        with pytest.raises(Tampered):
            open_and_halt.open_case(cast.platform, cast.first.me)
    assert not attacker.rows(SpareCaseKey,
                             SpareCaseKey.supervisor_id == cast.stranger_facilitator.id)


def test_no_spare_is_sealed_to_a_thiefs_key(cast: Cast, attacker: Attacker) -> None:
    thief = cast.stranger_harmed.me.identity.recipient.public
    attacker.run(update(PublicKey).where(PublicKey.owner_id
                                         == cast.supervisor.id).values(sealing=thief),
                 delete(SpareCaseKey))
    with pytest.raises(Tampered):
        emergency_access.keep_spares(cast.platform, cast.first.me, cast.case)
    assert not attacker.rows(SpareCaseKey)


def test_a_made_up_case_key_is_not_taken_for_the_cases(theatre: Theatre) -> None:
    """Else whoever made it up could put before the supervisor what they sealed to it."""
    (request, _), cast, attacker = theatre.play(due_in_an_hour), theatre.cast, theatre.attacker
    attacker.run(update(SpareCaseKey).values(sealed=_made_up(cast)))
    cast.clock.advance(hours=2)
    emergency_access.open_and_close_due(cast.platform)
    with cast.platform.reading() as db, pytest.raises(Tampered):
        spare_keys.emergency_case_key(cast.platform, db, cast.supervisor.me,
                                 db.get_one(EmergencyRequest, request), 1)


def test_after_a_rotation_the_spare_keys_are_sealed_anew_and_still_open(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.submitted(cast.harmed, "Seen through emergency access.")
    rotated = replace(cast.platform, keys=cast.platform.keys.rotated(cast.platform.random))
    count = len(attacker.rows(SpareCaseKey))
    assert spare_keys.seal_again(rotated) == count and spare_keys.seal_again(rotated) == 0
    forgotten = replace(rotated, keys=replace(rotated.keys, release=rotated.keys.release[-1:]))
    request = asked_at_once(cast, cast.supervisor.me, cast.case, platform=rotated)
    emergency_access.second(rotated, cast.administrator.me, request, PASSWORD)
    emergency_access.open_and_close_due(forgotten)
    assert (
        emergency_reading.look_at_letter(rotated, cast.supervisor.me, request, letter).text
        == "Seen through emergency access."
    )


def test_at_once_is_after_the_delay_where_the_alert_was_closed_meanwhile(cast: Cast) -> None:
    alert = alerts.open_alert(cast.platform, cast.first.me, cast.case, "A worry.", True)
    request = emergency_access.ask(cast.platform, cast.supervisor.me, cast.case, "A worry.", True)
    alerts.close(cast.platform, cast.first.me, cast.case, alert, "Looked at.")
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    for hours, opened in ((0, False), (25, True)):
        cast.clock.advance(hours=hours)
        emergency_access.open_and_close_due(cast.platform)
        with cast.platform.reading() as db:
            assert (db.get_one(EmergencyRequest, request).opened_at is not None) is opened
