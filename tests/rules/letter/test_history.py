"""What is said of a letter without moving it, and until when a second reader sees nothing."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from letters.rules.events import Event, Fact
from letters.rules.letter.history import (
    LetterHistory,
    NoteSealed,
    RedactionAnswer,
    moved,
    told_of,
)

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
LETTER, VERSION, WHO, OTHER = uuid4(), uuid4(), uuid4(), uuid4()


def said(event: Event, about: UUID = VERSION, left: str = "") -> Fact:
    return Fact(event, LETTER, about, left, "", NOON, WHO)


def stands(*facts: Fact) -> LetterHistory:
    letter = LetterHistory()
    for fact in facts:
        letter = told_of(letter, fact)
    return letter


def gone(*steps: tuple[Event, str, UUID]) -> LetterHistory:
    letter = LetterHistory()
    for event, entered, actor in steps:
        letter = moved(letter, Fact(event, LETTER, VERSION, letter.state, entered, NOON, actor),
                       {WHO, OTHER})
    return letter


def test_the_answers_of_its_author_and_the_questions_of_its_reader_are_kept() -> None:
    assert stands(said(Event.REDACTION_ANSWERED, left="agreed")).answers == {
        RedactionAnswer(WHO, VERSION, "agreed")}
    assert stands(said(Event.WHY_ASKED, OTHER), said(Event.WHY_ASKED)).why_asked == (OTHER, VERSION)


def test_the_last_note_and_the_last_word_count() -> None:
    assert stands(said(Event.NOTE_SEALED, left="a"),
                  said(Event.NOTE_SEALED, OTHER, "b")).note == NoteSealed(OTHER, "b", WHO)
    assert stands(said(Event.TELLING_SET, left="read"),
                  said(Event.TELLING_SET, left="never")).telling == "never"


def test_the_team_keeps_it_until_it_is_taken_back_or_destroyed() -> None:
    back, taken, destroyed = (said(event) for event in (
        Event.LETTER_GIVEN_BACK, Event.LETTER_TAKEN_BACK, Event.LETTER_DESTROYED))
    assert stands(back).given_back and stands(back, taken, back).given_back
    assert not stands(back, taken).given_back
    assert not stands(back, destroyed).given_back and stands(destroyed).destroyed


def test_a_view_is_of_the_disagreement_that_it_names() -> None:
    differs = said(Event.DISAGREED)
    other = stands(said(Event.VIEW_GIVEN), differs, said(Event.VIEW_GIVEN, OTHER)).disagreement
    assert other is not None and not other.viewed and not other.viewers
    given = stands(differs, said(Event.VIEW_GIVEN)).disagreement
    assert given is not None and given.viewed and given.viewers == {WHO}


def test_what_was_handed_in_approved_and_sealed_is_bound() -> None:
    def bound(letter: LetterHistory, event: Event, entered: str, detail: bytes,
              actor: UUID = WHO) -> LetterHistory:
        return moved(letter, Fact(event, LETTER, VERSION, letter.state, entered, NOON, actor,
                                  detail), {WHO, OTHER})
    first, second = b"first".ljust(32), b"second".ljust(32)
    letter = bound(gone((Event.LETTER_BEGUN, "draft", WHO)), Event.LETTER_SUBMITTED, "in review",
                   b"version")
    letter = bound(letter, Event.LETTER_PASSED_ON, "second reading", first)
    letter = bound(letter, Event.LETTER_APPROVED, "approved", second + b"release", OTHER)
    assert letter.handed_in == b"version"
    assert letter.approvals == {WHO: first, OTHER: second} and letter.release == b"release"
    aside = bound(letter, Event.LETTER_SET_ASIDE, "seal again", b"")
    assert bound(aside, Event.LETTER_SEALED, "approved", b"anew").release == b"anew"
    held = bound(letter, Event.LETTER_HELD, "held", b"")
    again = bound(held, Event.LETTER_RESUMED, "in review", b"")
    assert (again.handed_in, again.approvals, again.release) == (b"version", {}, b"")


def test_rule_13_who_passed_it_on_is_not_told_until_a_verdict_moves_it_on() -> None:
    first = ((Event.LETTER_BEGUN, "draft", WHO), (Event.LETTER_SUBMITTED, "in review", WHO),
             (Event.LETTER_PASSED_ON, "second reading", OTHER))
    assert gone(*first).first_readers == {OTHER} and gone(*first).since == NOON
    for verdict, state in ((Event.LETTER_APPROVED, "approved"), (Event.LETTER_HELD, "held"),
                           (Event.LETTER_RETURNED, "returned"),
                           (Event.LETTER_RECALLED, "recalled")):
        assert gone(*first, (verdict, state, WHO)).first_readers == frozenset()
    held = (Event.LETTER_HELD, "held", WHO)
    assert gone(*first, held, (Event.LETTER_RESUMED, "in review", WHO)).round == 2
