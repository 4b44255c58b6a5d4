"""Writing: nothing typed is lost, nobody else changes a word, and no letter goes anywhere
directly."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from letters.rules.errors import DraftChanged, NotAcceptable, NotAllowed, NotFound, NotPossibleNow
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import (
    AuditEntry,
    DecisionRow,
    DeskCount,
    DeskEntry,
    SealedRelease,
    Version,
)
from letters.workflow.access import sealed_notes
from letters.workflow.decision import decide
from letters.workflow.lost_access import new_identity
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import give_back, hold
from tests.cast import PASSWORD, Cast, Player
from tests.workflow.losing import NEW


def texts(cast: Cast, author: Player, letter: UUID) -> list[tuple[str, str]]:
    """Kind and words of every version that the author can bring back."""
    return [(own.kind, own.text) for own in write.own_texts(cast.platform, author.me, letter)]


def save(cast: Cast, author: Player, letter: UUID, text: str) -> UUID:
    """Save on the newest version."""
    return write.save(cast.platform, author.me, letter, cast.row(letter).draft_id, text)


@pytest.mark.both_databases
def test_every_save_is_a_version_and_the_newest_is_the_draft(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "One.")
    save(cast, cast.harmed, letter, "Two.")
    assert texts(cast, cast.harmed, letter) == [("draft", "Two."), ("draft", "One.")]
    own = write.own_text(cast.platform, cast.harmed.me, letter)
    assert own is not None and own.text == "Two."


def test_saving_the_same_words_again_makes_no_version(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "One.")
    assert save(cast, cast.harmed, letter, "One.") == cast.row(letter).draft_id
    assert len(texts(cast, cast.harmed, letter)) == 1


def test_an_earlier_version_is_brought_back_and_none_is_lost(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "One.")
    first = cast.row(letter).draft_id
    save(cast, cast.harmed, letter, "Two.")
    write.restore(cast.platform, cast.harmed.me, letter, first)
    assert [text for _, text in texts(cast, cast.harmed, letter)] == ["One.", "Two.", "One."]


def test_two_tabs_keep_both_texts(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "Basis.")
    basis = cast.row(letter).draft_id
    write.save(cast.platform, cast.harmed.me, letter, basis, "From the first tab.")
    with pytest.raises(DraftChanged):
        write.save(cast.platform, cast.harmed.me, letter, basis, "From the second tab.")
    assert set(texts(cast, cast.harmed, letter)) == {
        ("draft", "Basis."), ("draft", "From the first tab."), ("aside", "From the second tab.")}


@pytest.mark.parametrize("text",
                         ["a\0b", "\u202eabc\u200b", "\ud800", "🕊" * 3000, " \n ", "ä\r\nö"])
def test_whatever_was_typed_comes_back_as_it_was(cast: Cast, text: str) -> None:
    letter = cast.draft(cast.harmed, text)
    own = write.own_text(cast.platform, cast.harmed.me, letter)
    assert own is not None and own.text == text


@pytest.mark.parametrize("text", ["a\0b", "\u202eabc\u200b", "\ud800 lost half"])
def test_odd_characters_reach_desk_and_recipient_unchanged(cast: Cast, text: str) -> None:
    letter = cast.released(cast.harmed, text)
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    assert open_letter.read_again(cast.platform, cast.responsible.me, letter) == text


def test_a_letter_that_is_too_long_is_refused_and_nothing_is_lost(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "Short.")
    with pytest.raises(NotAcceptable) as refused:
        save(cast, cast.harmed, letter, "x" * (write.MAX_LETTER + 1))
    assert refused.value.field == "text"
    assert texts(cast, cast.harmed, letter) == [("draft", "Short.")]
    save(cast, cast.harmed, letter, "x" * write.MAX_LETTER)
    assert len(texts(cast, cast.harmed, letter)) == 2


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_letter_is_not_sent(cast: Cast, text: str) -> None:
    letter = cast.draft(cast.harmed, text)
    with pytest.raises(NotAcceptable):
        write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    assert cast.state(letter) is State.DRAFT


def test_sending_twice_is_sending_once(cast: Cast, attacker: Attacker) -> None:
    letter = cast.submitted(cast.harmed)
    row = cast.row(letter)
    write.submit(cast.platform, cast.harmed.me, letter, row.draft_id)
    assert (cast.row(letter).submitted_id, cast.row(letter).round) == (row.submitted_id, 1)
    assert len(attacker.rows(Version, Version.kind == "submitted")) == 1
    assert len(attacker.rows(AuditEntry, AuditEntry.event == "letter submitted")) == 1


def test_what_was_checked_and_changed_since_is_not_sent(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "Checked.")
    checked = cast.row(letter).draft_id
    save(cast, cast.harmed, letter, "Changed since.")
    with pytest.raises(DraftChanged):
        write.submit(cast.platform, cast.harmed.me, letter, checked)
    assert cast.state(letter) is State.DRAFT


def test_a_letter_that_was_sent_cannot_be_changed(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    with pytest.raises(NotPossibleNow):
        save(cast, cast.harmed, letter, "Something else.")
    with pytest.raises(NotPossibleNow):
        write.restore(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)


# --- recall

WAYS: dict[str, Callable[[Cast, UUID], object]] = {
    "in review": lambda c, letter: None,
    "second reading": lambda c, letter: c.approve(letter, c.first),
    "held": lambda c, letter: hold(c, letter, c.first),
    "returned": lambda c, letter: give_back(c, letter, c.first),
    "approved": lambda c, letter: [c.approve(letter, reader) for reader in (c.first, c.second)],
    "seal again": lambda c, letter: [c.approve(letter, c.first), c.approve(letter, c.second),
                                     _new_key(c),
                                     pace.say_ready(c.platform, c.harmed.me, c.case), c.release()],
    "released": lambda c, letter: [pace.say_ready(c.platform, c.harmed.me, c.case),
                                   c.approve(letter, c.first),
                                   c.approve(letter, c.second), c.release()],
    "opened": lambda c, letter: [WAYS["released"](c, letter),
                                 open_letter.open_letter(c.platform, c.harmed.me, letter)],
}


def _new_key(cast: Cast) -> None:
    """The recipient's key changes, so that the worker sets the letter aside."""
    new_identity.renew(cast.platform, cast.harmed.me, PASSWORD, NEW)


@pytest.mark.parametrize("state", [state for state in WAYS if state not in ("released", "opened")])
def test_recall_takes_a_letter_back_from_every_state(cast: Cast,
                                                     attacker: Attacker, state: str) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    WAYS[state](cast, letter)
    assert cast.state(letter) == state
    write.recall(cast.platform, cast.responsible.me, letter)
    assert cast.state(letter) is State.RECALLED
    assert not attacker.rows(SealedRelease,
                             SealedRelease.version_id == cast.row(letter).submitted_id)
    assert not attacker.rows(DeskEntry, DeskEntry.letter_id == letter)
    assert not any(row["letters"] for row in attacker.rows(DeskCount))
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    assert cast.release() == 0


@pytest.mark.parametrize("state", ["released", "opened"])
def test_recall_after_release_changes_nothing_and_says_nothing(cast: Cast, state: str) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    WAYS[state](cast, letter)
    write.recall(cast.platform, cast.responsible.me, letter)
    write.recall(cast.platform, cast.responsible.me, letter)
    assert cast.state(letter) == state
    open_letter.open_letter(cast.platform, cast.harmed.me, letter)
    assert open_letter.read_again(cast.platform, cast.harmed.me, letter)


def test_a_draft_cannot_be_recalled(cast: Cast) -> None:
    with pytest.raises(NotPossibleNow):
        write.recall(cast.platform, cast.harmed.me, cast.draft(cast.harmed))


@pytest.mark.parametrize("arrived", [False, True])
def test_begin_again_brings_the_words_of_a_letter_taken_back(cast: Cast, arrived: bool) -> None:
    letter = cast.submitted(cast.harmed, "Once more.")
    with pytest.raises(NotPossibleNow):
        write.begin_again(cast.platform, cast.harmed.me, letter)
    if arrived:
        cast.approve(letter, cast.first)
        cast.release()
    write.recall(cast.platform, cast.harmed.me, letter)
    again = write.begin_again(cast.platform, cast.harmed.me, letter)
    assert texts(cast, cast.harmed, again) == [("draft", "Once more.")]
    assert cast.state(again) is State.DRAFT and cast.row(again).submitted_id is None


# --- rule 15: only the writer changes words

BY_OTHERS: dict[str, Callable[[Cast, Player, UUID], object]] = {
    "save": lambda c, who, letter: write.save(c.platform, who.me, letter,
                                              c.row(letter).draft_id, "Mine now."),
    "restore": lambda c, who, letter: write.restore(c.platform,
                                                    who.me, letter, c.row(letter).draft_id),
    "submit": lambda c, who, letter: write.submit(c.platform, who.me, letter,
                                                  c.row(letter).draft_id),
    "recall": lambda c, who, letter: write.recall(c.platform, who.me, letter),
    "begin again": lambda c, who, letter: write.begin_again(c.platform, who.me, letter),
    "own text": lambda c, who, letter: write.own_text(c.platform, who.me, letter),
    "own texts": lambda c, who, letter: write.own_texts(c.platform, who.me, letter),
    "who can read": lambda c, who, letter: open_letter.who_can_read(c.platform, who.me, letter),
}


@pytest.mark.parametrize("verb", BY_OTHERS)
def test_rule_15_no_facilitator_changes_a_word(cast: Cast, attacker: Attacker, verb: str) -> None:
    letter = cast.submitted(cast.harmed)
    give_back(cast, letter, cast.first)
    before = attacker.copy()
    for who in (cast.first, cast.second):
        with pytest.raises(NotAllowed):
            BY_OTHERS[verb](cast, who, letter)
    assert attacker.copy() == before


def test_rule_15_old_approvals_do_not_count_for_what_was_changed(
    cast: Cast, attacker: Attacker
) -> None:
    cast.open_the_way_back()
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    letter = cast.submitted(cast.responsible, "Before.")
    cast.approve(letter, cast.first)
    give_back(cast, letter, cast.first)
    save(cast, cast.responsible, letter, "After.")
    write.submit(cast.platform, cast.responsible.me, letter, cast.row(letter).draft_id)
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.SECOND_READING
    assert cast.release() == 0
    cast.approve(letter, cast.first)
    assert cast.release() == 1
    open_letter.open_letter(cast.platform, cast.harmed.me, letter)
    assert open_letter.read_again(cast.platform, cast.harmed.me, letter) == "After."


def test_rule_15_a_returned_letter_sent_unchanged_is_read_anew(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.submitted(cast.harmed)
    give_back(cast, letter, cast.first)
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    assert (cast.state(letter), cast.row(letter).round) == (State.IN_REVIEW, 2)
    version = cast.row(letter).submitted_id
    assert not attacker.rows(DecisionRow, DecisionRow.version_id == version)


# --- rule 12: never direct

def refused_and_nothing_written(attacker: Attacker, refusal, verb: Callable[[], object]) -> None:
    """The verb is refused and the database is as it was."""
    before = attacker.copy()
    with pytest.raises(refusal):
        verb()
    assert attacker.copy() == before


def test_rule_12_no_letter_begins_on_the_channel_of_another(cast: Cast, attacker: Attacker) -> None:
    for who in (cast.responsible, cast.first, cast.stranger_harmed, cast.stranger_facilitator):
        refused_and_nothing_written(
            attacker, NotFound,
            lambda who=who: write.begin_letter(cast.platform, who.me, cast.channel(cast.harmed))
        )


@pytest.mark.parametrize("where", ["nowhere", "a person", "a case"])
def test_rule_12_no_letter_begins_on_what_is_no_channel(cast: Cast,
                                                        attacker: Attacker, where: str) -> None:
    place = {"nowhere": uuid4(), "a person": cast.responsible.id, "a case": cast.case}[where]
    refused_and_nothing_written(attacker, NotFound,
                                lambda: write.begin_letter(cast.platform, cast.harmed.me, place))


def test_rule_12_no_letter_begins_on_a_shut_channel(cast: Cast, attacker: Attacker) -> None:
    refused_and_nothing_written(attacker, NotPossibleNow, lambda: write.begin_letter(
        cast.platform, cast.responsible.me, cast.channel(cast.responsible)))


@pytest.mark.parametrize("verb", BY_OTHERS)
@pytest.mark.parametrize("state", ["draft", "in review", "approved"])
def test_rule_12_the_other_side_does_not_know_of_a_letter_that_has_not_arrived(
        cast: Cast, attacker: Attacker, verb: str, state: str) -> None:
    letter = {"draft": cast.draft, "in review": cast.submitted,
              "approved": cast.approved}[state](cast.harmed)
    for who in (cast.responsible, cast.stranger_harmed, cast.stranger_facilitator):
        refused_and_nothing_written(attacker, NotFound,
                                    lambda who=who: BY_OTHERS[verb](cast, who, letter))


def test_rule_12_a_version_of_another_letter_is_not_found(cast: Cast, attacker: Attacker) -> None:
    theirs, mine = cast.draft(cast.harmed, "Theirs."), cast.draft(cast.harmed, "Mine.")
    strange = cast.draft(cast.stranger_harmed, "Strange.")
    for version in (cast.row(theirs).draft_id, cast.row(strange).draft_id, uuid4()):
        for verb in (write.own_text, write.restore, write.submit):
            refused_and_nothing_written(attacker, NotFound, lambda verb=verb, version=version: verb(
                cast.platform, cast.harmed.me, mine, version))


def test_rule_12_the_recipient_of_an_arrived_letter_does_not_write_in_it(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.released(cast.harmed)
    for verb in BY_OTHERS.values():
        refused_and_nothing_written(attacker, NotAllowed,
                                    lambda verb=verb: verb(cast, cast.responsible, letter))


def test_a_note_on_a_return_reaches_its_writer_and_the_reason_the_team_alone(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    give_back(cast, letter, cast.first, "Kindly, without the address.")
    version = cast.row(letter).submitted_id
    said = write.notes_for_author(cast.platform, cast.harmed.me, letter)
    assert [(note.kind, note.words, note.written_by) for note in said] == [
        ("note", "Kindly, without the address.", cast.first.id)]
    team = frozenset({cast.first.id, cast.second.id})
    with cast.platform.reading() as db:
        assert sealed_notes.opened(cast.platform, db, cast.harmed.me.identity, cast.harmed.id,
                                   version, team) == []
    kinds = {note.kind: note.words
             for note in read_letter.letter_for(cast.platform, cast.second.me, letter).notes}
    assert (kinds["reason"], kinds["note"]) == ("An address.", "Kindly, without the address.")


@pytest.mark.parametrize(("reason", "note"),
                         [("", "Kindly."), ("Why.", " \n"), ("x" * 10_001, "Kindly.")])
def test_a_return_without_words_is_refused(cast: Cast, attacker: Attacker, reason: str,
                                           note: str) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    version = cast.row(letter).submitted_id
    refused_and_nothing_written(attacker, NotAcceptable, lambda: decide.return_to_author(
        cast.platform, cast.first.me, letter, version, reason, note))


def test_the_wrong_password_is_no_way_round_rule_15(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    with pytest.raises(NotAllowed):
        decide.approve(cast.platform, cast.harmed.me, letter, cast.row(letter).submitted_id,
                       PASSWORD)
