"""Rule 13: two readings that do not lean on one another, and what becomes of a letter that they see
differently."""

from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from letters.rehearsal.browser import Browser
from letters.rules.errors import NotAllowed, NotFound, NotPossibleNow, ViewAwaited
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.storage.tables.desk import Disagreement
from letters.storage.tables.letters import AuditEntry, Letter, Note, Person
from letters.workflow.decision import decide, disagreement
from letters.workflow.lost_access import new_identity
from letters.workflow.oversight import emergency_reading
from letters.workflow.review import notes, read_letter
from letters.workflow.review.notes import Reader
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write
from tests.addresses.table import emergency_opened
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player
from tests.workflow.losing import NEW

FOR, AGAINST, NOTE, PRIVATE, TEAM_NOTE, KIND = ("kestrel", "plover", "whimbrel", "dunlin", "curlew",
                                                "goshawk")
TEXT = "Ring me on 07700 900123."


@pytest.fixture
def letter(cast: Cast) -> UUID:
    """Of the person who harmed; the first reader has approved, with everything that one can leave
    behind."""
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, TEXT)
    read_letter.claim(cast.platform, cast.first.me, letter)
    read_letter.dispose(cast.platform, cast.first.me, letter, version(cast, letter),
                        {0: Disposition.FINE})
    for reader, words in ((Reader.ME, PRIVATE), (Reader.TEAM, TEAM_NOTE), (Reader.WRITER, KIND)):
        notes.keep_on_letter(cast.platform, cast.first.me, letter, reader, words)
    decide.approve(cast.platform, cast.first.me, letter, version(cast, letter), PASSWORD,
                   reason=FOR)
    assert cast.state(letter) is State.SECOND_READING
    return letter


def version(cast: Cast, letter: UUID) -> UUID:
    found = cast.row(letter).submitted_id
    assert found is not None
    return found


def would_return(cast: Cast, letter: UUID) -> UUID:
    """The second reader would return it. The disagreement's id."""
    read_letter.claim(cast.platform, cast.second.me, letter)
    assert decide.return_to_author(cast.platform, cast.second.me, letter, version(cast, letter),
                                   AGAINST, NOTE)
    with cast.platform.reading() as db:
        return db.scalars(select(Disagreement.id).where(Disagreement.settled_at.is_(None))).one()


def everywhere(cast: Cast, player: Player, letter: UUID) -> dict[str, str]:
    """All that somebody's pages of the desk, the case and what lies behind them say."""
    browser, found = player.browser(), dict[str, str]()
    todo = ["/desk", "/desk?lane=second+reading", "/cases", "/calendar", f"/cases/{cast.case}",
            f"/desk/{letter}",
            *(f"/desk/{letter}/{room}" for room in ("approve", "hold", "return"))]
    while todo:
        path = todo.pop()
        if path not in found:
            page = browser._arrive(path, "GET", {}, tuple(range(200, 500)))
            found[path] = page.body
            todo += [link for link in page.links if link.startswith(f"/cases/{cast.case}")]
    return found


def no_supervisor(cast: Cast) -> None:
    Attacker(cast.platform).run(
        update(Person).where(Person.id == cast.supervisor.id).values(enrolled_at=None)
    )


# --- blind until one's own verdict


def test_rule_13_the_second_reader_finds_nothing_of_the_first_on_any_page(
    cast: Cast, letter: UUID
) -> None:
    pages = everywhere(cast, cast.second, letter)
    assert len(pages) > 15
    for path, body in pages.items():
        assert not [word for word in (FOR, TEAM_NOTE, PRIVATE, KIND) if word in body], path
    page = pages[f"/desk/{letter}"]
    assert "Frances First" not in page and "selected>" not in page.replace('value="" selected>', "")
    assert "Another member reads it, too" in page and "of 2 needed" not in page
    own = cast.first.browser().open(f"/desk/{letter}")
    assert all(word in own.text
               for word in (FOR, TEAM_NOTE, PRIVATE, KIND)) and "Another member" not in own.text


@pytest.mark.both_databases
def test_rule_13_the_workflow_gives_the_second_nothing_either(cast: Cast, letter: UUID) -> None:
    seen = read_letter.letter_for(cast.platform, cast.second.me, letter)
    assert seen.notes == [] and seen.dispositions == {} and seen.curtain.drawn
    found = notes.on_letter(cast.platform, cast.second.me, letter)
    assert not (found.mine or found.team or found.writer)
    assert disagreement.disagreement_for(cast.platform, cast.second.me, letter) is None


def test_rule_13_with_their_own_verdict_both_see_both(cast: Cast, letter: UUID) -> None:
    read_letter.claim(cast.platform, cast.second.me, letter)
    read_letter.dispose(cast.platform, cast.second.me, letter, version(cast, letter),
                        {0: Disposition.FINE})
    decide.approve(cast.platform, cast.second.me, letter, version(cast, letter), PASSWORD,
                   reason="siskin")
    for reader in (cast.first, cast.second):
        page = cast.first.browser().open(f"/desk/{letter}").text
        assert FOR in page and "siskin" in page and TEAM_NOTE in page
        assert "2 of 2 needed approvals (Frances First, Sam Second)" in page
        assert (PRIVATE in reader.browser().open(f"/desk/{letter}").text) is (reader is cast.first)


def test_rule_13_a_row_that_says_otherwise_does_not_lift_the_curtain(
    cast: Cast, letter: UUID
) -> None:
    Attacker(cast.platform).run(
        update(Letter).where(Letter.id == letter).values(state=State.HELD.value)
    )
    assert read_letter.letter_for(cast.platform, cast.second.me, letter).notes == []


def test_a_supervisor_who_reads_in_an_emergency_decides_nothing_and_sees_the_team_s_notes(
    cast: Cast, letter: UUID
) -> None:
    request = emergency_opened(cast)[0]["request_id"]
    seen = emergency_reading.look_at_letter(cast.platform, cast.supervisor.me, request, letter)  # type: ignore[arg-type]
    assert FOR in [note.words for note in seen.notes]


# --- a disagreement


def test_rule_13_a_second_who_would_return_it_holds_it_and_the_writer_hears_nothing(
    cast: Cast, letter: UUID
) -> None:
    would_return(cast, letter)
    assert cast.state(letter) is State.HELD and cast.release() == 0
    assert NOTE not in [
        note.words for note in write.notes_for_author(cast.platform, cast.responsible.me, letter)
    ]
    for reader in (cast.first, cast.second):
        page = reader.browser().open(f"/desk/{letter}").text
        assert FOR in page and AGAINST in page and "see this letter differently" in page


def test_rule_13_a_held_letter_waits_for_the_view_whoever_asks(cast: Cast, letter: UUID) -> None:
    differing = would_return(cast, letter)
    for reader in (cast.first, cast.second):
        with pytest.raises(ViewAwaited):
            decide.resume(cast.platform, reader.me, letter)
        with pytest.raises(NotPossibleNow):
            disagreement.decide_together(cast.platform, reader.me, letter)
    read_letter.claim(cast.platform, cast.second.me, letter)
    with pytest.raises(ViewAwaited):
        decide.return_to_author(cast.platform, cast.second.me, letter, version(cast, letter),
                                AGAINST, NOTE)
    disagreement.give_view(cast.platform, cast.supervisor.me, differing, "Both are right.")
    with pytest.raises(NotPossibleNow):
        disagreement.give_view(cast.platform, cast.supervisor.me, differing, "Once more.")
    assert "Both are right." in cast.first.browser().open(f"/desk/{letter}").text
    read_letter.unclaim(cast.platform, cast.second.me, letter)
    decide.resume(cast.platform, cast.first.me, letter)
    assert cast.state(letter) is State.IN_REVIEW
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.SECOND_READING  # both approve anew


@pytest.mark.parametrize("change", [
    delete(Disagreement), update(Disagreement).values(settled_at=Disagreement.opened_at),
    delete(Note).where(Note.kind.in_(["would return", "note proposed"]))])
def test_rule_13_no_row_lets_it_pass(cast: Cast, letter: UUID, change: object) -> None:
    would_return(cast, letter)
    Attacker(cast.platform).run(change)  # type: ignore[arg-type]
    with pytest.raises(ViewAwaited):
        decide.resume(cast.platform, cast.second.me, letter)
    assert cast.state(letter) is State.HELD


def test_rule_13_the_supervisor_reads_both_reasons_and_not_the_letter(
    cast: Cast, letter: UUID
) -> None:
    differing = would_return(cast, letter)
    browser = cast.supervisor.browser()
    listed = browser.open("/supervision/disagreements")
    assert "Waits for your view" in listed.text
    page = browser.open(f"/supervision/disagreements/{differing}")
    assert FOR in page.text and AGAINST in page.text
    for body in (listed.body, page.body):
        assert "07700" not in body and NOTE not in body and TEAM_NOTE not in body
    assert not [word for word in (FOR, AGAINST) if word in listed.body]
    assert browser.send(f"/supervision/disagreements/{differing}", 400, words=" ").status == 400
    browser.send(f"/supervision/disagreements/{differing}", words="Read it once more.")
    assert "Answered, or settled" in browser.open("/supervision/disagreements").text
    for nobody in (cast.first, cast.administrator, cast.harmed):
        with pytest.raises((NotAllowed, NotFound)):
            disagreement.reasons(cast.platform, nobody.me, differing)


def test_reasons_reach_a_supervisor_with_new_keys_when_they_are_passed_on_again(
    cast: Cast, letter: UUID
) -> None:
    differing = would_return(cast, letter)
    new_identity.renew(cast.platform, cast.supervisor.me, PASSWORD, NEW)
    Attacker(cast.platform).run(delete(Note).where(Note.reader_id == cast.supervisor.id))
    Attacker(cast.platform).run(delete(Disagreement))
    assert "see this letter differently" in cast.first.browser().open(f"/desk/{letter}").text
    disagreement.pass_on_again(cast.platform, cast.first.me, letter)
    assert [row.row.id for row in disagreement.listed(cast.platform,
                                                      cast.supervisor.me, None).rows] == [differing]
    with cast.platform.reading() as db:
        rows = db.scalars(select(Note).where(Note.subject_id == differing)).all()
    assert sorted(row.kind for row in rows) == ["speaks for it", "would return"]


def test_rule_15_the_first_comes_to_see_it_so_too_and_it_goes_back_at_once(
    cast: Cast, letter: UUID
) -> None:
    would_return(cast, letter)
    with pytest.raises(NotPossibleNow):
        decide.agree_to_return(cast.platform, cast.second.me, letter, version(cast, letter))
    browser = cast.first.browser()
    browser.open(f"/desk/{letter}")
    browser.send(f"/desk/{letter}/agree")
    assert cast.state(letter) is State.RETURNED
    assert NOTE in [note.words
                    for note in write.notes_for_author(cast.platform, cast.responsible.me, letter)]


def test_rule_13_without_a_supervisor_both_say_so_and_one_is_not_enough(
    cast: Cast, letter: UUID
) -> None:
    read_letter.claim(cast.platform, cast.second.me, letter)
    no_supervisor(cast)
    later = cast.clock().date().replace(year=2999)
    decide.hold(cast.platform, cast.second.me, letter, version(cast, letter), AGAINST, later)
    assert "No supervisor has an account here" in cast.first.browser().open(f"/desk/{letter}").text
    for reader in (cast.first, cast.first, cast.second):
        with pytest.raises(ViewAwaited):
            decide.resume(cast.platform, cast.first.me, letter)
        disagreement.decide_together(cast.platform, reader.me, letter)
    decide.resume(cast.platform, cast.first.me, letter)
    assert cast.state(letter) is State.IN_REVIEW


def test_who_approved_and_thinks_again_disagrees_with_nobody(cast: Cast, letter: UUID) -> None:
    read_letter.claim(cast.platform, cast.first.me, letter)
    assert not decide.return_to_author(cast.platform, cast.first.me, letter, version(cast, letter),
                                       AGAINST, NOTE)
    assert cast.state(letter) is State.RETURNED
    assert not [e for e in Attacker(cast.platform).rows(AuditEntry)
                if e["event"] == Event.DISAGREED.value]


def test_rule_15_once_there_is_a_view_the_second_may_return_it(cast: Cast, letter: UUID) -> None:
    disagreement.give_view(cast.platform, cast.supervisor.me, would_return(cast, letter),
                           "Return it.")
    read_letter.claim(cast.platform, cast.second.me, letter)
    assert not decide.return_to_author(cast.platform, cast.second.me, letter, version(cast, letter),
                                       AGAINST, NOTE)
    assert cast.state(letter) is State.RETURNED


def test_the_refusal_is_kind(cast: Cast, letter: UUID) -> None:
    would_return(cast, letter)
    browser: Browser = cast.first.browser()
    browser.open(f"/desk/{letter}")
    assert "You two see this letter differently" in browser.send(f"/desk/{letter}/resume", 409).text


def test_the_team_can_change_meanwhile(cast: Cast, letter: UUID) -> None:
    would_return(cast, letter)
    cast.join(cast.case, cast.second, cast.stranger_facilitator)
    join_and_leave.leave(cast.platform, cast.first.me, cast.case)
    read_letter.claim(cast.platform, cast.stranger_facilitator.me, letter)
    third = cast.stranger_facilitator.me
    assert not decide.return_to_author(cast.platform, third, letter, version(cast, letter), AGAINST,
                                       NOTE)
    assert cast.state(letter) is State.RETURNED
