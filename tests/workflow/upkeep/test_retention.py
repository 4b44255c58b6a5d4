"""Retention (rule 28): said beforehand, never early, never while a case is alive, all or nothing,
then truly gone."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from letters.rules.case.framework import Retention
from letters.rules.case.process import Process, TaskOutcome
from letters.rules.display import DisplayChoice
from letters.rules.errors import (
    CaseErased,
    CaseKeyMissing,
    NotAcceptable,
    NotFound,
    NotPossibleNow,
    SignInRefused,
    Tampered,
)
from letters.rules.events import Event
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    DeskCount,
    DeskEntry,
    Note,
    Person,
    SessionRow,
    Table,
)
from letters.workflow import messages
from letters.workflow.access import case_keys, directory, roster, sealed_notes
from letters.workflow.accounts import display, invite, sign_in
from letters.workflow.cases import alerts, feedback, tasks
from letters.workflow.cases import close as cases_close
from letters.workflow.decision import decide
from letters.workflow.lost_access import confirm_key, reset
from letters.workflow.notices import contact, outbox
from letters.workflow.oversight import emergency_access, emergency_reading
from letters.workflow.platform import Platform
from letters.workflow.preparation import background, consent, facilitators, names_list
from letters.workflow.reading import open_letter
from letters.workflow.record import record
from letters.workflow.release import pace, release
from letters.workflow.review import care, notes, read_letter
from letters.workflow.team import history, join_and_leave
from letters.workflow.upkeep import audit, erase, restore
from letters.workflow.upkeep import retention as upkeep_retention
from letters.workflow.writing import for_myself, saved_after_sign_out, write
from tests.attacks.attacker import Attacker, Copy, Theatre
from tests.attacks.scenes import asked_at_once
from tests.cast import PASSWORD, Cast, Player
from tests.races.at_once import at_once, kinds
from tests.workflow.losing import NEW

MONTHS, NOTICE = 12, 30
CLOSED, DAY = date(2027, 1, 4), date(2028, 1, 4)
WORDS = ("kestrel", "plover", "whimbrel", "dunlin", "curlew", "goshawk", "siskin", "wryneck",
         "nuthatch", "dotterel")


def process(cast: Cast, case: UUID | None = None) -> Process:
    with cast.platform.reading() as db:
        return record.to_decide(cast.platform, db, case or cast.case).process


def on(cast: Cast, day: date) -> int:
    """The worker's look on this day."""
    cast.clock.moment = cast.clock.moment.replace(year=day.year, month=day.month, day=day.day,
                                                  hour=3, minute=47)
    return upkeep_retention.say_and_erase_due(cast.platform)


def told(cast: Cast, event: Event, case: UUID | None = None) -> int:
    return len(Attacker(cast.platform).rows(AuditEntry,
                                                  AuditEntry.case_id == (case or cast.case),
                                                  AuditEntry.event == event.value))


def close(cast: Cast) -> None:
    """Finish what is open, hold the closing talks, close."""
    platform, first = cast.platform, cast.first.me
    for alert in process(cast).open_alerts:
        alerts.close(platform, first, cast.case, alert.id, "It was looked at.")
    for task in process(cast).open_tasks:
        tasks.finish_task(platform, first, cast.case, task.id, TaskOutcome.DONE, "Spoken with.")
    for player in (cast.harmed, cast.responsible):
        replace(cast.prepared, platform=platform).take_all_steps(player.me, closing=True)
    cases_close.begin_closing(platform, first, cast.case)
    cases_close.close(platform, first, cast.case)


def closed(cast: Cast) -> None:
    """The case is closed, and nothing was written in it."""
    close(cast)
    cast.clock.moment = cast.clock.moment.replace(hour=3)


def close_strange(cast: Cast) -> None:
    """The other case too: somebody has stopped it."""
    pace.stop(cast.platform, cast.stranger_harmed.me, cast.strange_case)
    cases_close.begin_closing(cast.platform, cast.stranger_facilitator.me, cast.strange_case)
    cases_close.close(cast.platform, cast.stranger_facilitator.me, cast.strange_case)


def say(word: str) -> str:
    return f"I think of {word} now."


def everything(cast: Cast) -> dict[str, UUID]:
    """A case with something in each table, closed. Returns its letters."""
    platform, case, letters = cast.platform, cast.case, dict[str, UUID]()
    letters["arrived"] = cast.released(cast.harmed, say(WORDS[0]))
    open_letter.open_letter(platform, cast.responsible.me, letters["arrived"])
    letters["approved"] = cast.approved(cast.responsible, say(WORDS[1]))
    names_list.save_names(platform, cast.first.me, case, names_list.ListedNames((say(WORDS[2]),)))
    letters["held"] = cast.submitted(cast.responsible, say(WORDS[2]))
    read_letter.claim(platform, cast.second.me, letters["held"])
    decide.hold(platform, cast.second.me, letters["held"], cast.row(letters["held"]).submitted_id,
                say(WORDS[3]),
                platform.today() + timedelta(days=3))
    letters["differing"] = cast.submitted(cast.responsible, say("hoopoe"))
    for reader in notes.Reader:
        notes.keep_on_letter(platform, cast.first.me, letters["differing"], reader, say("hoopoe"))
    notes.keep_on_case(platform, cast.first.me, case, notes.Reader.ME, say("hoopoe"))
    cast.approve(letters["differing"], cast.first)
    read_letter.claim(platform, cast.second.me, letters["differing"])
    decide.hold(platform, cast.second.me, letters["differing"],
                cast.row(letters["differing"]).submitted_id,
                say("hoopoe"), platform.today() + timedelta(days=3))
    messages.write(platform, cast.first.me, case, cast.harmed.id, say("hoopoe"))
    letters["waiting"] = cast.submitted(cast.responsible, say(WORDS[4]))
    letters["draft"] = cast.draft(cast.harmed, say(WORDS[5]))
    save_too_late(cast, cast.harmed, letters["draft"], say(WORDS[6]))
    for_myself.begin_words(platform, cast.harmed.me, say(WORDS[6]))
    display.choose(platform, cast.harmed.me, DisplayChoice(large_type=True))
    background.record_companion(platform, cast.first.me, case, cast.responsible.id, "adviser",
                                say(WORDS[7]))
    reset.reset(platform, reset.ask_reset(platform, cast.first.me, cast.other.id, PASSWORD),
                cast.other.name, NEW)
    for member in (cast.first, cast.second):
        waits = confirm_key.awaited(platform, member.me, case, cast.other.id)
        assert waits is not None
        confirm_key.confirm_key(platform, member.me, case, cast.other.id, waits.kid, PASSWORD, True)
    emergency_access.keep_spares(platform, cast.first.me, case)
    request = asked_at_once(cast, cast.supervisor.me, case, say(WORDS[8]))
    emergency_access.second(platform, cast.administrator.me, request, PASSWORD)
    emergency_access.open_and_close_due(platform)
    assert emergency_reading.look_at_case(platform, cast.supervisor.me, request).letters
    letters["request"] = request
    invite.invite_participant(platform, cast.first.me, case, invite.Role.OTHER, "Ines Invited")
    facilitators.save_profile(platform, cast.first.me,
                              facilitators.ProfileText(words=say(WORDS[9])))
    contact.choose(platform, cast.harmed.me, "somebody@example.net", "Post", "An update")
    with platform.writing() as db:
        outbox.notify(platform, db, cast.harmed.id, "update")
    alerts.open_alert(platform, cast.first.me, case, say("kestrel alert"), True)
    care.save_care(platform, cast.first.me, 3, True)
    cast.specialist()
    close(cast)
    feedback.give(
        platform, cast.harmed.me, case,
        {platform.framework.feedback[0].id: "It was slow, and that was good."}
    )
    for member in (cast.first, cast.second):
        history.team_for(platform, member.me, case)
    join_and_leave.ask(platform, cast.first.me, case, cast.stranger_facilitator.id, True)
    cast.clock.moment = cast.clock.moment.replace(hour=3)
    return letters


def save_too_late(cast: Cast, player: Player, letter: UUID, text: str) -> None:
    token = sign_in.sign_in(cast.platform, player.name, PASSWORD)
    found = sign_in.who_is(cast.platform, token)
    assert found is not None
    Attacker(cast.platform).run(
        update(SessionRow)
        .where(SessionRow.id == found.session)
        .values(seen_at=cast.clock() - timedelta(minutes=31))
    )
    assert saved_after_sign_out.keep_late(cast.platform, token, letter, text)


# --- when

def test_rule_28_it_is_said_first_and_erased_on_the_day_that_was_said_once(
    theatre: Theatre,
) -> None:
    theatre.play(closed)
    cast = theatre.cast
    assert on(cast, DAY
              - timedelta(days=NOTICE + 1)) == 0 and upkeep_retention.day_of(process(cast)) is None
    for _ in range(2):
        assert on(cast, DAY - timedelta(days=NOTICE)) == 0
    assert upkeep_retention.day_of(process(cast)) == DAY and told(cast, Event.ERASURE_SET) == 1
    assert on(cast, DAY - timedelta(days=1)) == 0 and process(cast).erased is None
    assert on(cast, DAY) == 1
    assert process(cast).erased is not None and upkeep_retention.day_of(process(cast)) is None
    assert on(cast, DAY) == on(cast, DAY + timedelta(days=40)) == 0
    assert told(cast, Event.CASE_ERASED) == 1
    with cast.platform.reading() as db:
        assert record.since(db, cast.case, 1)[-1].event == Event.CASE_ERASED


def test_rule_28_a_worker_that_was_away_says_it_with_the_whole_notice(theatre: Theatre) -> None:
    theatre.play(closed)
    late = DAY + timedelta(days=900)
    assert on(theatre.cast, late) == on(theatre.cast, late + timedelta(days=NOTICE - 1)) == 0
    assert upkeep_retention.day_of(process(theatre.cast)) == late + timedelta(days=NOTICE)
    assert on(theatre.cast, late + timedelta(days=NOTICE)) == 1


def test_rule_28_nothing_is_erased_while_a_case_is_alive_whatever_its_row_says(
    theatre: Theatre,
) -> None:
    theatre.play(closed)
    cast, attacker = theatre.cast, theatre.attacker
    strange = Case.id == cast.strange_case
    attacker.run(update(Case).where(strange).values(closed_at=cast.clock() - timedelta(days=9000)),
                 update(Case).where(Case.id == cast.case).values(closed_at=None))
    for day in (DAY, DAY + timedelta(days=NOTICE)):
        assert on(cast, day) == 0
    assert {told(cast, Event.CASE_ERASED), told(cast, Event.CASE_ERASED, cast.strange_case)} == {0}
    assert told(cast, Event.TAMPERING_FOUND) and told(cast,
                                                      Event.TAMPERING_FOUND, cast.strange_case)
    attacker.run(
        update(Case)
        .where(Case.id == cast.case)
        .values(closed_at=cast.clock() - timedelta(days=9000))
    )
    # the trail says when: it is said, with its notice
    assert on(cast, DAY + timedelta(days=NOTICE)) == 0


def test_a_row_that_says_erased_of_a_living_case_keeps_its_letters_back(theatre: Theatre) -> None:
    theatre.play(closed)
    cast = theatre.cast
    cases_close.go_on(cast.platform, cast.first.me, cast.case)
    letter = cast.approved(cast.harmed)
    theatre.attacker.run(update(Case).where(Case.id == cast.case).values(erased_at=cast.clock()))
    with pytest.raises(Tampered):
        upkeep_retention.what_goes(cast.platform, cast.first.me, cast.case)
    assert (
        cast.release() == 0
        and cast.row(letter).released_at is None
        and told(cast, Event.TAMPERING_FOUND)
    )
    pace.stop(cast.platform, cast.harmed.me, cast.case)  # whoever would stop is heard
    assert told(cast, Event.STOPPED)


def test_rule_28_the_team_puts_it_off(theatre: Theatre) -> None:
    theatre.play(closed)
    cast, platform = theatre.cast, theatre.cast.platform
    with pytest.raises(NotPossibleNow):
        upkeep_retention.postpone(platform, cast.first.me, cast.case, DAY + timedelta(days=1))
    on(cast, DAY - timedelta(days=NOTICE))
    for refused in (None, DAY, DAY - timedelta(days=1), platform.today() + timedelta(days=367)):
        with pytest.raises(NotAcceptable):
            upkeep_retention.postpone(platform, cast.first.me, cast.case, refused)
    for stranger in (cast.stranger_facilitator, cast.supervisor, cast.administrator):
        with pytest.raises(NotFound):
            upkeep_retention.postpone(platform, stranger.me, cast.case, DAY + timedelta(days=9))
    upkeep_retention.postpone(platform, cast.second.me, cast.case, DAY + timedelta(days=9))
    assert (on(cast, DAY
              + timedelta(days=8)) == 0
            and upkeep_retention.day_of(process(cast)) == DAY + timedelta(days=9))
    assert on(cast, DAY + timedelta(days=9)) == 1
    for verb in (lambda: upkeep_retention.postpone(platform, cast.first.me,
                                                   cast.case, DAY + timedelta(days=99)),
                 lambda: cases_close.go_on(platform, cast.first.me, cast.case)):
        with pytest.raises(CaseErased):
            verb()


def test_rule_28_reopening_calls_it_off_and_the_time_begins_anew(theatre: Theatre) -> None:
    theatre.play(closed)
    cast, platform = theatre.cast, theatre.cast.platform
    on(cast, DAY - timedelta(days=NOTICE))
    cases_close.go_on(platform, cast.first.me, cast.case)
    assert upkeep_retention.day_of(process(cast)) is None
    assert on(cast, DAY + timedelta(days=400)) == 0
    close(cast)
    assert on(cast,
              DAY + timedelta(days=410)) == 0 and upkeep_retention.day_of(process(cast)) is None


def test_rule_28_the_service_keeps_letters_longer_or_without_an_end(theatre: Theatre) -> None:
    theatre.play(closed)
    cast = theatre.cast
    on(cast, DAY - timedelta(days=NOTICE))
    for retention in (Retention(None), Retention(24)):
        platform = keeping(cast.platform, retention)
        cast.clock.moment = cast.clock.moment.replace(year=2028, month=1, day=5)
        for _ in range(2):
            assert (upkeep_retention.say_and_erase_due(platform) == 0
                    and upkeep_retention.day_of(process(cast)) is None)
        assert [one.day for one in upkeep_retention.planned(platform)] == [
            None if retention.months is None else date(2029, 1, 4)
        ]
    assert told(cast, Event.ERASURE_SET) == 2  # said once, called off once


def keeping(platform: Platform, retention: Retention) -> Platform:
    return replace(platform, framework=replace(platform.framework, retention=retention))


def test_one_case_that_does_not_verify_does_not_keep_another(theatre: Theatre) -> None:
    theatre.play(closed)
    cast = theatre.cast
    close_strange(cast)
    on(cast, DAY)
    with cast.platform.reading() as db:
        first = min(cast.case, cast.strange_case)
        number = db.get_one(Case, first).audit_number
    theatre.attacker.run(update(AuditEntry).where(AuditEntry.case_id == first,
                                                  AuditEntry.number == number)
                         .values(entered="2027-02-02"))
    assert on(cast, DAY + timedelta(days=NOTICE)) == 1
    assert not told(cast, Event.CASE_ERASED, first)
    assert [(one.case, one.broken)
            for one in upkeep_retention.planned(cast.platform)] == [(first, True)]


# --- all or nothing

class Broken(Exception):
    """The machine stops here."""


@pytest.mark.both_databases
def test_a_crash_in_between_leaves_all_of_it(theatre: Theatre) -> None:
    theatre.play(everything)
    cast = theatre.cast
    on(cast, DAY)
    before = theatre.attacker.copy()

    def dice(number: int) -> bytes:
        raise Broken

    cast.clock.advance(days=NOTICE)
    # the names are emptied after all else was deleted
    assert upkeep_retention.say_and_erase_due(replace(cast.platform, random=dice)) == 0
    assert theatre.attacker.copy() == before
    assert upkeep_retention.say_and_erase_due(cast.platform) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("turn", range(2))
def test_erasing_against_reopening(theatre: Theatre, turn: int) -> None:
    theatre.play(everything)
    cast, platform = theatre.cast, theatre.cast.platform
    on(cast, DAY)
    cast.clock.advance(days=NOTICE)
    verbs = [
        lambda: upkeep_retention.say_and_erase_due(platform),
        lambda: cases_close.go_on(platform, cast.first.me, cast.case),
    ]
    results = at_once(*(verbs if turn else verbs[::-1]))
    erased = told(cast, Event.CASE_ERASED) == 1
    assert kinds(results) == (["CaseErased", "done"] if erased else ["done", "done"])
    assert bool(theatre.attacker.rows(Note, Note.reader_id == cast.case)) is not erased
    assert (process(cast).closed is not None) is erased


# --- gone

def test_every_table_is_known_to_go_or_to_stay() -> None:
    goes = {table.__tablename__ for table, _, _ in erase.GOES} | {"desk"}
    assert goes | erase.STAYS == set(Table.metadata.tables) and not goes & erase.STAYS


def test_the_play_has_something_in_every_table_that_goes(theatre: Theatre) -> None:
    theatre.play(everything)
    empty = {name for name, rows in theatre.attacker.copy().items() if not rows}
    assert not empty - {"supervised_windows", "second_factors", "attempts", "sent_forms", "tallies",
                        "unsent"}


def sealed(cast: Cast, copy: Copy) -> set[bytes]:
    """Every sealed, signed or hashed thing of the case: all bytes in rows that lead to it or to who
    took part, but for the tables of its trace; and whatever makes an account."""
    with cast.platform.reading() as db:
        people = {person.id for _,
                  person in directory.participants_of(cast.platform, db, cast.case)}
    mine, found = {cast.case, *people}, set[bytes]()
    keep = {"audit", "cases", "members", "rosters", "emergency_requests", "participants", "people"}
    for _ in range(4):  # letters, then versions, then what leads to these
        for name, rows in copy.items():
            if name in {"letters", "versions", "notes", "emergency_requests"}:
                mine |= {row["id"] for row in rows
                         if mine & {v for v in row.values() if isinstance(v, UUID)}}
    staff = {row["id"] for row in copy["people"]} - people
    for name, rows in copy.items():
        for row in rows:
            ids = {value for value in row.values() if isinstance(value, UUID)}
            is_of_case = (
                name not in keep
                and ids & mine
                and not (name == "public_keys" and row["kind"] == "case")
            )
            if is_of_case or (name == "people" and row["id"] not in staff):
                found |= {value for column,
                          value in row.items() if isinstance(value, bytes) and len(value) >= 16
                          # of everybody
                          and (name, column) != ("people", "mac") and column != "release_kid"}
    return found


def where(blobs: set[bytes], copy: Copy) -> list[tuple[str, str]]:
    """The columns in which one of these still stands."""
    return sorted({(name, column) for name, rows in copy.items() for row in rows for column,
                   value in row.items()
                   if isinstance(value, bytes) and value in blobs})


def found_in_files(cast: Cast, blobs: set[bytes]) -> list[str]:
    """In which of SQLite's files, database, log or journal, one of these stands."""
    if cast.platform.store.engine.dialect.name != "sqlite":
        return []
    path = Path(cast.platform.store.engine.url.database or "")
    written = {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*")
               if each.is_file()}
    return [name for name, content in written.items() if any(blob in content for blob in blobs)]


@pytest.mark.both_databases
def test_rule_28_what_was_erased_is_nowhere_and_nobodys_keys_open_anything(
        theatre: Theatre, caplog: pytest.LogCaptureFixture) -> None:
    letters = theatre.play(everything)
    cast, platform, attacker = theatre.cast, theatre.cast.platform, theatre.attacker
    firsts = list[audit.FirstKeys]()
    audit.begin_evolving(platform, bytes(range(32)), firsts.append)
    before = attacker.copy()
    blobs = sealed(cast, before)
    assert len(blobs) > 100 and all(where({blob}, before) for blob in blobs)
    assert found_in_files(cast, blobs) or platform.store.engine.dialect.name != "sqlite"
    on(cast, DAY)
    what = upkeep_retention.what_goes(platform, cast.first.me, cast.case)
    assert what.day == DAY + timedelta(days=NOTICE) and what.goes[0].startswith("6 letters in ")
    # the files were written anew
    assert on(cast, DAY + timedelta(days=NOTICE)) == 1 and not caplog.records
    after = attacker.copy()
    assert where(blobs, after) == []
    left = {value for rows in after.values() for row in rows for value in row.values()
            if isinstance(value, bytes)}
    assert not any(blob in other for blob in blobs for other in left)
    assert found_in_files(cast, blobs) == []
    _nothing_opens(cast, letters)
    _all_else_is_as_it_was(cast, before, after)
    assert [broken for broken in audit.verify(platform, first=firsts[0]) if broken] == []


def _nothing_opens(cast: Cast, letters: dict[str, UUID]) -> None:
    platform, case = cast.platform, cast.case
    people: tuple[Player, ...] = (cast.harmed, cast.responsible, cast.first, cast.second,
                                  cast.supervisor)
    for letter in letters.values():
        for player in people:
            for verb in (write.own_text, open_letter.read_again, read_letter.letter_for):
                with pytest.raises(NotFound):
                    verb(platform, player.me, letter)
    with pytest.raises(NotPossibleNow):
        emergency_reading.look_at_case(platform, cast.supervisor.me, letters["request"])
    with platform.reading() as db:
        for member in (cast.first, cast.second):
            assert not case_keys.open_all(platform, db, member.me, case)
            with pytest.raises(CaseKeyMissing):
                directory.open_case_key(platform, db, member.me, case, db.get_one(Case, case).epoch)
        names = directory.names(platform, db,
                                [player.id
                                 for player in (cast.harmed, cast.responsible, cast.other)])
        assert set(names.values()) == {erase.ERASED}
        assert len(roster.chain(platform, db, case)) > 2
    for player, password in ((cast.harmed, PASSWORD), (cast.other, NEW)):
        assert sign_in.who_is(platform, player.token) is None
        with pytest.raises(SignInRefused):
            sign_in.sign_in(platform, player.name, password)
    verbs: list[Any] = [
        lambda: background.record_conviction(platform, cast.first.me, case, True, "More."),
        lambda: pace.stop(platform, cast.harmed.me, case),
        lambda: history.team_for(platform, cast.first.me, case),
        lambda: invite.invite_again(platform, cast.first.me, case, cast.harmed.id),
        lambda: join_and_leave.ask(platform, cast.first.me, case, cast.stranger_facilitator.id,
                                   True),
        lambda: asked_at_once(cast, cast.supervisor.me, case, "A reason."),
        lambda: reset.ask_reset(platform, cast.first.me, cast.harmed.id, PASSWORD),
        lambda: consent.give(platform, cast.harmed.me, case, ["part"])]
    for verb in verbs:
        with pytest.raises(NotPossibleNow):
            verb()
    with pytest.raises(NotFound):
        join_and_leave.answer(platform, cast.stranger_facilitator.me, case, joins=True)
    assert upkeep_retention.what_goes(platform, cast.first.me, case).erased is not None


def _all_else_is_as_it_was(cast: Cast, before: Copy, after: Copy) -> None:
    """Nothing of the other case or of the staff's accounts was touched, and no letter of this one
    waits on a desk."""
    staff = {player.id for player in (cast.first, cast.second, cast.supervisor, cast.administrator)}
    # nothing in it leads to anybody of this case
    assert after["feedback"] == before["feedback"] != []
    for name in ("people", "second_factors", "public_keys", "sessions", "profiles"):
        kept = [row for row in before[name]
                if staff & {v for v in row.values() if isinstance(v, UUID)}]
        assert kept and all(row in after[name] for row in kept)
    other = {cast.strange_case, cast.stranger_harmed.id, cast.stranger_responsible.id,
             cast.stranger_other.id}
    for name, rows in before.items():
        if name not in ("desk_counts", "asked"):
            assert all(row in after[name] for row in rows
                       if other & {v for v in row.values() if isinstance(v, UUID)})
    with cast.platform.reading() as db:
        assert not db.scalars(select(DeskEntry)).all()
        assert {count.letters for count in db.scalars(select(DeskCount))} == {0}
        assert sealed_notes.opened_by_team(cast.platform, db, {}, cast.case, cast.case) == []
        assert db.scalar(select(Person.lookup).where(Person.id == cast.harmed.id)) is None


# --- put back

@pytest.mark.parametrize("alive", [False, True], ids=["closed then", "alive then"])
def test_rule_28_an_older_database_that_is_put_back_is_erased_again(
    theatre: Theatre, alive: bool
) -> None:
    theatre.play(everything)
    cast, platform, attacker = theatre.cast, theatre.cast.platform, theatre.attacker
    if alive:
        cases_close.go_on(platform, cast.first.me, cast.case)
    backup, moment = attacker.copy(), cast.clock.moment
    blobs = sealed(cast, backup)
    if alive:
        close(cast)
    assert [on(cast, DAY), on(cast, DAY + timedelta(days=NOTICE))] == [0, 1]
    attacker.put_back(backup)
    cast.clock.moment = moment + timedelta(days=500)
    assert upkeep_retention.say_and_erase_due(platform) == release.release_due(platform) == 0
    assert told(cast, Event.CASE_ERASED) == told(cast, Event.ERASURE_SET) == 0
    done = restore.confirm(platform)
    assert done is not None and (done.erased, done.broken) == (1, 0)
    assert process(cast).erased is not None and process(cast).closed is not None
    assert where(blobs, attacker.copy()) == []
    assert [broken for broken in audit.verify(platform) if broken] == []
    attacker.put_back(backup)  # and once more: the state file has not forgotten it
    done = restore.confirm(platform)
    assert done is not None and done.erased == 1


def test_rule_28_a_day_in_a_database_that_was_put_back_is_said_anew(theatre: Theatre) -> None:
    theatre.play(everything)
    cast, attacker = theatre.cast, theatre.attacker
    on(cast, DAY)
    backup = attacker.copy()
    cases_close.go_on(cast.platform, cast.first.me, cast.case)
    restore.catch_up(cast.platform)
    attacker.put_back(backup)  # in which the case is still closed
    assert restore.confirm(cast.platform) is not None
    assert on(cast, DAY + timedelta(days=NOTICE)) == 0
    assert upkeep_retention.day_of(process(cast)) == DAY + timedelta(days=2 * NOTICE)
