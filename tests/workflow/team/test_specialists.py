"""Specialists in a team (rule 11): they read and advise, decide nothing, and nothing waits for
them."""

import pytest
from sqlalchemy import delete, insert

from letters.rules.case.history import Membership
from letters.rules.errors import NotAcceptable, NotAllowed, NotFound, NotPossibleNow, Tampered
from letters.rules.letter.lifecycle import State
from letters.storage.queries import lists
from letters.storage.tables.letters import CaseKey
from letters.storage.tables.team import Specialist
from letters.workflow import search, today
from letters.workflow.access import enter, sealed_notes
from letters.workflow.cases import alerts, case_file, open_and_halt, own_cases
from letters.workflow.decision import decide
from letters.workflow.lost_access import new_identity
from letters.workflow.preparation import consent, steps
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import notes, read_letter
from letters.workflow.review.notes import Reader
from letters.workflow.team import absence, history, join_and_leave, specialists
from letters.workflow.upkeep import replay
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player
from tests.workflow.team.test_join_and_leave import one_is_left

ADVICE = "He still speaks as if she owed him an answer."


@pytest.fixture
def sunniva(cast: Cast) -> Player:
    """A psychologist who reads with the team from the beginning."""
    return cast.specialist()


def team_notes(cast: Cast, reader: Player, letter: object) -> list[str]:
    return [note.words for note in notes.on_letter(cast.platform, reader.me, letter).team]  # type: ignore[arg-type]


def test_rule_11_a_specialist_reads_what_the_team_reads(cast: Cast, sunniva: Player) -> None:
    platform, letter = cast.platform, cast.submitted(cast.harmed, "Words for Robin, at last.")
    assert read_letter.letter_for(platform, sunniva.me, letter).text == "Words for Robin, at last."
    with case_file.opened(platform, sunniva.me, cast.case) as file:
        assert file.specialists == [sunniva.id] and sunniva.id not in file.team
    page, called, _ = own_cases.cases_of_member(platform, sunniva.me)
    assert [case.id for case in page.rows] == [cast.case] and len(called[cast.case]) == 2
    assert [one.subject for one in search.search(platform, sunniva.me, "at last").found] == [letter]


def test_rule_11_what_a_specialist_advises_reaches_the_team_alone(cast: Cast,
                                                                  sunniva: Player) -> None:
    platform, letter = cast.platform, cast.submitted(cast.harmed)
    notes.keep_on_letter(platform, sunniva.me, letter, Reader.TEAM, ADVICE)
    assert team_notes(cast, cast.first, letter) == [ADVICE]
    notes.keep_on_case(platform, sunniva.me, cast.case, Reader.TEAM, ADVICE)
    with pytest.raises(NotAllowed):
        notes.keep_on_letter(platform, sunniva.me, letter, Reader.WRITER, ADVICE)


def test_rule_11_a_specialist_opens_an_alert_that_a_facilitator_acts_on(cast: Cast,
                                                                        sunniva: Player) -> None:
    platform = cast.platform
    opened = alerts.open_alert(platform, sunniva.me, cast.case, "She is afraid of him.", True)
    with platform.reading() as db:
        [alert] = alerts.open_in(platform, db, cast.case_row())
    assert alert.id == opened and alert.owner in (cast.first.id, cast.second.id)
    with pytest.raises(NotAllowed):
        alerts.close(platform, sunniva.me, cast.case, opened, "It was nothing.")


def test_rule_11_a_specialist_decides_nothing(cast: Cast, sunniva: Player) -> None:
    platform, letter = cast.platform, cast.submitted(cast.harmed)
    read = read_letter.letter_for(platform, sunniva.me, letter)
    assert read_letter.possible(sunniva.me, read.room) == frozenset()
    for verb in (
        lambda: read_letter.claim(platform, sunniva.me, letter),
        lambda: decide.approve(platform, sunniva.me, letter, read.version.id, PASSWORD, "", "",
                               True),
        lambda: decide.return_to_author(platform, sunniva.me, letter, read.version.id, "No.", "No.",
                                        ""),
        lambda: open_and_halt.halt(platform, sunniva.me, cast.case),
        lambda: steps.record_steps(platform, sunniva.me, cast.case, {}),
        lambda: join_and_leave.ask(platform, sunniva.me, cast.case, cast.stranger_facilitator.id,
                                   handover=True),
        lambda: specialists.end_part(platform, sunniva.me, cast.case, sunniva.id),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert cast.state(letter) is State.IN_REVIEW


def test_rule_11_a_specialist_is_none_of_the_two_facilitators(cast: Cast) -> None:
    """Rule 11 asks for two facilitators a case: a specialist does not stand in for one."""
    platform, me = cast.platform, cast.stranger_facilitator.me
    one_is_left(cast)
    cast.join(cast.strange_case, cast.stranger_facilitator, cast.first, specialist=True)
    cast.clock.advance(minutes=11)
    assert cast.release() == 0
    specialists.end_part(platform, me, cast.strange_case, cast.first.id)
    cast.join(cast.strange_case, cast.stranger_facilitator, cast.first)
    assert cast.release() == 1


def test_rule_13_a_specialist_is_no_second_reader(cast: Cast, sunniva: Player) -> None:
    """Nor do they see what the first reader noted before the second has decided."""
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    notes.keep_on_letter(cast.platform, cast.first.me, letter, Reader.TEAM, "I would let it go.")
    cast.approve(letter, cast.first)
    assert team_notes(cast, sunniva, letter) == []
    assert cast.state(letter) is State.SECOND_READING
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.APPROVED
    assert team_notes(cast, sunniva, letter) == ["I would let it go."]


def test_rule_11_nothing_waits_for_a_specialist(cast: Cast, sunniva: Player) -> None:
    platform = cast.platform
    cast.submitted(cast.harmed)
    alerts.open_alert(platform, cast.first.me, cast.case, "A worry.", True)
    assert today.number_of_member(platform, sunniva.id) == 0
    with today.today(platform, sunniva.me) as found:
        assert not found.files
    with platform.reading() as db:
        assert lists.desk_page(db, sunniva.id, None).rows == []
        assert next(one.cases for one in lists.load(db) if one.person.id == sunniva.id) == 0


def test_rule_11_everybody_sees_who_reads_along(cast: Cast, sunniva: Player) -> None:
    platform, letter = cast.platform, cast.submitted(cast.harmed)
    for player in (cast.harmed, cast.responsible):
        look = history.who_was_in(platform, player.me, cast.case)
        assert [one.person for one in look.memberships if one.specialist] == [sunniva.id]
    assert "Sunniva Special" in open_letter.who_can_read(platform, cast.harmed.me, letter)
    draft = cast.draft(cast.harmed)
    assert "Sunniva Special" in open_letter.future_readers(platform, cast.harmed.me, draft)[0]


@pytest.mark.both_databases
def test_whose_part_has_ended_reads_nothing_more(cast: Cast, sunniva: Player) -> None:
    platform, letter = cast.platform, cast.submitted(cast.harmed)
    specialists.end_part(platform, cast.second.me, cast.case, sunniva.id)
    after = cast.submitted(cast.harmed)
    for one in (letter, after):
        with pytest.raises(NotFound):
            read_letter.letter_for(platform, sunniva.me, one)
    assert own_cases.cases_of_member(platform, sunniva.me)[0].rows == []
    member = history.who_was_in(platform, cast.harmed.me, cast.case).memberships[-1]
    assert isinstance(member, Membership) and member.left_at is not None
    with pytest.raises(NotPossibleNow):
        specialists.end_part(platform, cast.first.me, cast.case, cast.second.id)
    assert read_letter.letter_for(platform, cast.first.me, after).text


def test_a_specialist_leaves_when_they_like(cast: Cast, sunniva: Player) -> None:
    cast.released(cast.harmed)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    join_and_leave.leave(cast.platform, sunniva.me, cast.case)
    assert own_cases.cases_of_member(cast.platform, sunniva.me)[0].rows == []


def test_a_colleague_signs_for_the_new_keys_of_a_specialist(cast: Cast, sunniva: Player) -> None:
    platform, letter = cast.platform, cast.submitted(cast.harmed)
    renewed = new_identity.renew(platform, sunniva.me, PASSWORD, "words that nobody else has seen")
    assert renewed is not None
    [new] = history.team_for(platform, cast.first.me, cast.case).renewed
    assert new.person == sunniva.id
    join_and_leave.sign_for(platform, cast.first.me, cast.case, sunniva.id, new.kid, True)
    assert history.team_for(platform, cast.first.me, cast.case).renewed == []
    assert cast.state(letter) is State.IN_REVIEW


def test_who_goes_away_hands_over_no_case_that_they_only_read(cast: Cast, sunniva: Player) -> None:
    asked = absence.go_away(cast.platform, sunniva.me, cast.stranger_facilitator.id,
                            cast.platform.today(), "Back tomorrow.", into_teams=True)
    assert asked == 0
    assert history.team_for(cast.platform, cast.first.me, cast.case).asked == []


def test_rule_11_what_a_specialist_plants_reaches_nobody_who_takes_part(cast: Cast,
                                                                       sunniva: Player) -> None:
    """With write access and their own good key, while they read along and afterwards."""
    platform, letter = cast.platform, cast.submitted(cast.harmed)
    with platform.writing() as db:
        room = enter.load_case(platform, db, cast.case)
        sealed_notes.for_person(platform, db, sunniva.me, room, cast.harmed.id, letter,
                                Reader.WRITER.value, ADVICE)
    for end in (lambda: None,
                lambda: specialists.end_part(platform, cast.first.me, cast.case, sunniva.id)):
        end()
        with pytest.raises(Tampered):
            write.notes_for_author(platform, cast.harmed.me, letter)


def test_the_last_key_of_an_epoch_is_not_taken_with_a_specialist(cast: Cast,
                                                                sunniva: Player) -> None:
    platform, letter = cast.platform, cast.submitted(cast.harmed)
    attacker = Attacker(platform)
    held = attacker.rows(CaseKey, CaseKey.case_id == cast.case)
    attacker.run(delete(CaseKey).where(CaseKey.case_id == cast.case,
                                       CaseKey.member_id != sunniva.id))
    with pytest.raises(NotAcceptable, match="They alone can open"):
        specialists.end_part(platform, cast.first.me, cast.case, sunniva.id)
    with pytest.raises(NotAcceptable, match="You alone can open"):
        join_and_leave.leave(platform, sunniva.me, cast.case)
    attacker.run(insert(CaseKey).values(next(row for row in held
                                             if row["member_id"] == cast.first.id)))
    specialists.end_part(platform, cast.first.me, cast.case, sunniva.id)
    assert read_letter.letter_for(platform, cast.first.me, letter).text


def test_who_consents_to_be_read_is_told_of_a_specialist(cast: Cast, sunniva: Player) -> None:
    page = cast.harmed.browser().open("/consent/read").text
    assert "These read with them as specialists, and decide nothing: Sunniva Special" in page
    look = consent.consent_for(cast.platform, cast.harmed.me, cast.case)
    assert sunniva.id not in {person for person, _ in look.team}


def test_a_planted_row_lists_no_case_and_is_found(cast: Cast) -> None:
    stranger = cast.stranger_facilitator
    Attacker(cast.platform).run(insert(Specialist).values(case_id=cast.case,
                                                          person_id=stranger.id))
    page, called, _ = own_cases.cases_of_member(cast.platform, stranger.me)
    assert cast.case not in {case.id for case in page.rows} and called[cast.case] == ()
    with pytest.raises(NotFound):
        open_case(cast, stranger)
    assert replay.replay(cast.platform) == 1


def open_case(cast: Cast, reader: Player) -> None:
    with case_file.opened(cast.platform, reader.me, cast.case):
        pass
