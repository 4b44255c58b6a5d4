"""Suggestions: at their passage, with the return, decided by the writer, who alone changes words
(rule 15)."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from letters.rules.errors import (
    DraftChanged,
    NotAcceptable,
    NotAllowed,
    NotClaimed,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.events import Event
from letters.rules.letter.changes import Change
from letters.rules.letter.lifecycle import State
from letters.rules.letter.passages import Anchor
from letters.storage.tables.letters import AuditEntry, Note
from letters.workflow.decision import compare, decide, suggestions
from letters.workflow.decision.suggestions import Suggestion, SuggestionAnswer, Wish
from letters.workflow.review import read_letter
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import fails_closed, submitted
from tests.cast import Cast, Player

TEXT = "I am sorry if you were hurt. It was dark. It was dark, and I ran."
BETTER = "I am sorry that I hurt you."


@pytest.fixture
def letter(cast: Cast) -> UUID:
    """On the desk, claimed by the first facilitator."""
    made = cast.submitted(cast.harmed, TEXT)
    read_letter.claim(cast.platform, cast.first.me, made)
    return made


def suggest(cast: Cast, letter: UUID, wish: Wish, quote: str, words: str = "",
            reader: Player | None = None) -> None:
    reader = reader or cast.first
    text = read_letter.letter_for(cast.platform, reader.me, letter).text
    suggestions.suggest(cast.platform, reader.me, letter, submitted(cast, letter), wish,
                        Anchor(text.index(quote), quote), words)


def give_back(cast: Cast, letter: UUID) -> None:
    decide.return_to_author(cast.platform, cast.first.me, letter, submitted(cast, letter), "Hurt.",
                            "A good beginning.")


def came(cast: Cast, letter: UUID) -> suggestions.ToWriter:
    found = suggestions.returned(cast.platform, cast.harmed.me, letter)
    assert found is not None
    return found


def first(cast: Cast, letter: UUID) -> Suggestion:
    return came(cast, letter).received[0].suggestion


@pytest.mark.both_databases
def test_rule_15_the_writer_puts_in_exactly_the_suggested_words(cast: Cast, letter: UUID) -> None:
    suggest(cast, letter, Wish.WORDS, "I am sorry if you were hurt.", BETTER)
    suggest(cast, letter, Wish.COMMENT, "It was dark", "Does this matter to her?")
    assert suggestions.returned(cast.platform, cast.harmed.me, letter) is None
    give_back(cast, letter)
    seen = came(cast, letter)
    assert [(one.suggestion.wish, one.suggestion.words) for one in seen.received] == [
        (Wish.WORDS, BETTER), (Wish.COMMENT, "Does this matter to her?")]
    assert write.own_text(cast.platform, cast.harmed.me, letter).text == TEXT  # type: ignore[union-attr]
    suggestions.accept(cast.platform, cast.harmed.me, letter, seen.received[0].suggestion.id,
                       seen.draft)
    suggestions.answer(
        cast.platform, cast.harmed.me, letter, seen.received[1].suggestion.id,
        SuggestionAnswer.REFUSED, "It does."
    )
    own = write.own_text(cast.platform, cast.harmed.me, letter)
    assert (own is not None
            and own.text == BETTER + TEXT.removeprefix("I am sorry if you were " "hurt."))
    assert TEXT in {one.text for one in write.own_texts(cast.platform, cast.harmed.me, letter)}
    assert cast.state(letter) is State.RETURNED
    write.submit(cast.platform, cast.harmed.me, letter, own.version)
    since = compare.since_return(cast.platform, cast.second.me, letter)
    assert since is not None and since.has_changed
    assert [piece.text for piece in since.pieces
            if piece.change is Change.ADDED] == ["that I hurt you. "]
    assert [(one.answered, one.now is None) for one in since.received] == [
        ((SuggestionAnswer.ACCEPTED, ""), True), ((SuggestionAnswer.REFUSED, "It does."), False)]
    assert {note.words for note in since.comments} == {"Hurt.", "A good beginning."}
    assert suggestions.returned(cast.platform, cast.harmed.me, letter) is None


def test_passages_are_found_again_in_what_the_writer_wrote_since(cast: Cast, letter: UUID) -> None:
    suggest(cast, letter, Wish.WORDS, "It was dark, and I ran", "I ran away")
    suggest(cast, letter, Wish.WORDS, "I am sorry if you were hurt.", BETTER)
    give_back(cast, letter)
    looked = came(cast, letter)
    version = write.save(cast.platform, cast.harmed.me, letter, looked.draft,
                         "Dear Robin. It was dark, and I ran.")
    sorry, ran = came(cast, letter).received
    assert sorry.now is None and ran.now == Anchor(12, "It was dark, and I ran")
    with pytest.raises(DraftChanged):
        suggestions.accept(cast.platform, cast.harmed.me, letter, ran.suggestion.id, looked.draft)
    with pytest.raises(NotPossibleNow):
        suggestions.accept(cast.platform, cast.harmed.me, letter, sorry.suggestion.id, version)
    suggestions.accept(cast.platform, cast.harmed.me, letter, ran.suggestion.id, version)
    assert came(cast, letter).text == "Dear Robin. I ran away."
    with pytest.raises(NotPossibleNow):
        suggestions.answer(cast.platform, cast.harmed.me, letter, ran.suggestion.id,
                           SuggestionAnswer.REFUSED)


def test_only_who_has_claimed_it_suggests_and_only_their_own_go(cast: Cast, letter: UUID) -> None:
    with pytest.raises(NotClaimed):
        suggest(cast, letter, Wish.COMMENT, "dark", "Why?", cast.second)
    suggest(cast, letter, Wish.COMMENT, "dark", "A colleague's.")
    suggest(cast, letter, Wish.COMMENT, "I ran", "Not this.")
    assert suggestions.pending(cast.platform, cast.second.me, letter) == []
    gone = suggestions.pending(cast.platform, cast.first.me, letter)[1]
    with pytest.raises(NotFound):
        suggestions.withdraw(cast.platform, cast.first.me, letter, submitted(cast, letter), uuid4())
    suggestions.withdraw(cast.platform, cast.first.me, letter, submitted(cast, letter), gone.id)
    read_letter.unclaim(cast.platform, cast.first.me, letter)
    read_letter.claim(cast.platform, cast.second.me, letter)
    suggest(cast, letter, Wish.COMMENT, "hurt", "Mine.", cast.second)
    decide.return_to_author(cast.platform, cast.second.me, letter, submitted(cast, letter), "R.",
                            "N.")
    assert [one.suggestion.words for one in came(cast, letter).received] == ["Mine."]


def test_a_return_without_suggestions_is_as_it_was(cast: Cast, letter: UUID) -> None:
    give_back(cast, letter)
    assert suggestions.returned(cast.platform, cast.harmed.me, letter) is None
    with pytest.raises(NotPossibleNow):
        suggestions.answer(cast.platform, cast.harmed.me, letter, uuid4(), SuggestionAnswer.REFUSED)


@pytest.mark.parametrize("anchor",
                         [Anchor(0, "You"), Anchor(1, "I am"), Anchor(0, ""), Anchor(900, "I am")])
def test_a_passage_that_does_not_stand_there_is_refused(cast: Cast,
                                                        letter: UUID, anchor: Anchor) -> None:
    with pytest.raises(NotAcceptable):
        suggestions.suggest(cast.platform, cast.first.me, letter, submitted(cast, letter),
                            Wish.COMMENT, anchor, "Why?")


def test_of_several_places_one_is_chosen() -> None:
    with pytest.raises(NotAcceptable) as asked:
        suggestions.passage(TEXT, "It was  dark", None)
    assert asked.value.field == "at"
    assert suggestions.passage(TEXT, "It was  dark",
                               TEXT.rindex("It was")) == Anchor(TEXT.rindex("It"), "It was dark")
    with pytest.raises(NotAcceptable) as gone:
        suggestions.passage(TEXT, "It was bright", 0)
    assert gone.value.field == "passage"


def test_rule_15_nobody_but_the_writer_answers(cast: Cast, letter: UUID) -> None:
    suggest(cast, letter, Wish.WORDS, "It was dark", "It was light")
    give_back(cast, letter)
    seen = came(cast, letter)
    one = seen.received[0].suggestion.id
    for who in (cast.first, cast.responsible, cast.other, cast.stranger_harmed,
                cast.stranger_facilitator):
        with pytest.raises((NotAllowed, NotFound)):
            suggestions.accept(cast.platform, who.me, letter, one, seen.draft)
        with pytest.raises((NotAllowed, NotFound)):
            suggestions.answer(cast.platform, who.me, letter, one, SuggestionAnswer.REFUSED)
        with pytest.raises((NotAllowed, NotFound)):
            suggestions.returned(cast.platform, who.me, letter)
    assert came(cast, letter).text == TEXT


@pytest.mark.parametrize("change", [
    {"sealed": b"forged"}, {"written_by": "responsible"}, {"kind": "note"},
    {"written_by": "harmed"}])
def test_a_suggestion_that_no_facilitator_signed_is_not_shown(
        cast: Cast, attacker: Attacker, letter: UUID, change: dict[str, object]) -> None:
    suggest(cast, letter, Wish.WORDS, "It was dark", "Come to the bridge")
    give_back(cast, letter)
    forged = {name: getattr(cast, str(value)).id if name == "written_by" else value for name,
              value in change.items()}
    attacker.run(update(Note).where(Note.kind == "suggestions").values(**forged))
    fails_closed(lambda: suggestions.returned(cast.platform, cast.harmed.me, letter))


def test_an_answer_that_the_writer_did_not_sign_is_not_shown(
    cast: Cast, attacker: Attacker, letter: UUID
) -> None:
    suggest(cast, letter, Wish.WORDS, "It was dark", "It was light")
    give_back(cast, letter)
    suggestions.answer(cast.platform, cast.harmed.me, letter, first(cast, letter).id,
                       SuggestionAnswer.REFUSED)
    write.submit(cast.platform, cast.harmed.me, letter, came(cast, letter).draft)
    attacker.run(update(Note).where(Note.kind == "answer").values(written_by=cast.first.id))
    with pytest.raises(Tampered):
        compare.since_return(cast.platform, cast.first.me, letter)


def test_the_trail_tells_that_not_what(cast: Cast, attacker: Attacker, letter: UUID) -> None:
    suggest(cast, letter, Wish.WORDS, "It was dark", "mnemosyne")
    give_back(cast, letter)
    suggestions.answer(
        cast.platform, cast.harmed.me, letter, first(cast, letter).id, SuggestionAnswer.REFUSED,
        "mnemosyne"
    )
    told = attacker.rows(AuditEntry, AuditEntry.subject_id == letter)
    assert {Event.SUGGESTED.value,
            Event.SUGGESTION_ANSWERED.value} <= {entry["event"] for entry in told}
    assert "mnemosyne" not in str(told)
    assert cast.row(letter).state == State.RETURNED
