"""What has changed: to the last character, told by words, and in bounded time whatever the two
versions are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.letter import changes as changing
from letters.rules.letter.changes import Change, Piece, changes, paragraphs_changed

SAME, ADDED, REMOVED = Change.SAME, Change.ADDED, Change.REMOVED
TEXTS = st.one_of(st.text(alphabet="ab \n", max_size=60), st.text(max_size=20), st.lists(
    st.sampled_from(["I did it.", "It was me.", "you", "\n\n", " ", "\n"]),
    max_size=30).map("".join))


def made_of(pieces: list[Piece], *of: Change) -> str:
    return "".join(piece.text for piece in pieces if piece.change in of)


@given(TEXTS, TEXTS)
def test_both_versions_are_there_to_the_last_character(before: str, after: str) -> None:
    pieces = changes(before, after)
    assert (made_of(pieces, SAME, REMOVED), made_of(pieces, SAME, ADDED)) == (before, after)
    assert changes(before, before) == ([Piece(SAME, before)] if before else [])


def test_only_the_words_that_changed_are_told() -> None:
    before = "Dear Hanna,\n\nit was the drink and you.\n\nI did it.\n\nRobin"
    after = "Dear Hanna,\n\nit was me and not you.\n\nI did it.\n\nI did.\n\nRobin"
    pieces = changes(before, after)
    told = [(piece.change, piece.text.strip()) for piece in pieces if piece.change is not SAME]
    assert told == [(REMOVED, "the drink"), (ADDED, "me"), (ADDED, "not"), (ADDED, "I did.")]
    assert [[piece.text for piece in one] for one in paragraphs_changed(pieces)] == [
        ["it was ", "the drink ", "me ", "and ", "not ", "you."], ["I did."]]


def test_a_common_word_is_not_called_changed() -> None:
    """difflib's own remedy against long texts takes words that stand often in them for changed."""
    before = "so it was " * 200
    assert changes(before, before + "and more") == [Piece(SAME, before), Piece(ADDED, "and more")]
    one_changed = "so it was " * 100 + "not " + "so it was " * 100
    assert made_of(changes(before, one_changed), ADDED) == "not "


@pytest.mark.parametrize(("before", "after"), [
    ("a " * 100_000, "b a " * 50_000),
    ("a\n\n" * 60_000, "a\n\nb\n\n" * 30_000),
    ("".join(f"{n % 7} " for n in range(100_000)), "".join(f"{n % 5} " for n in range(100_000))),
    ("a b " * 50_000, "b a " * 50_000),
], ids=["a word", "a paragraph", "a few words", "in turns"])
def test_the_longest_letters_take_bounded_work(before: str, after: str,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    work = 0

    class Counted(changing.SequenceMatcher):  # type: ignore[type-arg]
        def find_longest_match(self, *limits: int):  # type: ignore[no-untyped-def]
            nonlocal work
            work += limits[1] - limits[0]
            return super().find_longest_match(*limits)
    monkeypatch.setattr(changing, "SequenceMatcher", Counted)
    pieces = changes(before, after)
    assert (made_of(pieces, SAME, REMOVED), made_of(pieces, SAME, ADDED)) == (before, after)
    assert work <= changing.PATIENCE


def test_a_long_letter_with_a_few_changes_is_told_finely() -> None:
    words = [f"word{n % 4_000}" + ("\n\n" if n % 80 == 79 else " ") for n in range(100_000)]
    before = "".join(words)
    words[50_005] = "other "
    words[70_007] = ""
    pieces = changes(before, "".join(words))
    assert [piece.text for piece in pieces
            if piece.change is not SAME] == ["word2005 ", "other ", "word2007 "]
