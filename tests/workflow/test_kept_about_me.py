"""A copy of what is kept about somebody: what they can read on pages, and nothing else."""

from uuid import UUID

import pytest

from letters.rules.errors import NeedsPassword, NotAllowed, PleaseWait
from letters.workflow import kept_about_me, messages
from letters.workflow.kept_about_me import KeptAboutMe
from letters.workflow.reading import in_parts, open_letter
from letters.workflow.reading.in_parts import ReadingWay
from letters.workflow.writing import for_myself, write
from tests.cast import PASSWORD, TEXT, Cast, Player


def copy_of(cast: Cast, player: Player, password: str = PASSWORD) -> KeptAboutMe:
    return kept_about_me.copy(cast.platform, player.me, cast.case, password)


@pytest.fixture
def arrived(cast: Cast) -> UUID:
    """A letter of three parts that has reached the person who harmed."""
    return cast.released(cast.harmed, "Dear Robin\n\nThe heron stood.\n\nThe kite flew.")


def test_it_has_every_version_of_my_letters_and_my_words_for_myself(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "The first heron.")
    own = write.own_text(cast.platform, cast.harmed.me, letter)
    assert own is not None
    write.save(cast.platform, cast.harmed.me, letter, own.version, "The second heron.")
    for_myself.begin_words(cast.platform, cast.harmed.me, "For nobody else.")
    kept = copy_of(cast, cast.harmed)
    [one] = kept.written
    assert [own.text for own in one.versions] == ["The second heron.", "The first heron."]
    assert [one.text for one in kept.for_myself] == ["For nobody else."]
    assert kept.pace is not None and kept.plan is not None and kept.consents


def test_it_takes_the_password_and_guessing_gets_slow(cast: Cast) -> None:
    with pytest.raises(NeedsPassword):
        copy_of(cast, cast.harmed, "not it")
    with pytest.raises((NeedsPassword, PleaseWait)):
        for _ in range(6):
            copy_of(cast, cast.harmed, "not it")
    with pytest.raises(NotAllowed):
        copy_of(cast, cast.first)


def test_a_letter_that_was_not_opened_is_not_in_it_and_stays_closed(
        cast: Cast, arrived: UUID) -> None:
    assert copy_of(cast, cast.responsible).received == []
    assert not open_letter.before_opening(cast.platform, cast.responsible.me, arrived).opened


def test_a_letter_read_in_parts_is_in_it_as_far_as_it_was_read(cast: Cast, arrived: UUID) -> None:
    me = cast.responsible.me
    in_parts.open_at(cast.platform, me, arrived, ReadingWay.PARTS)
    [some] = copy_of(cast, cast.responsible).received
    assert some.more and "kite" not in "".join(some.parts)
    in_parts.open_at(cast.platform, me, arrived, ReadingWay.ALL)
    [all_of_it] = copy_of(cast, cast.responsible).received
    assert not all_of_it.more and "kite" in "".join(all_of_it.parts)


def test_what_was_given_back_or_destroyed_is_not_in_it(cast: Cast, arrived: UUID) -> None:
    me = cast.responsible.me
    in_parts.open_at(cast.platform, me, arrived, ReadingWay.ALL)
    in_parts.give_back(cast.platform, me, arrived)
    assert copy_of(cast, cast.responsible).received == []
    in_parts.take_back(cast.platform, me, arrived)
    in_parts.destroy(cast.platform, me, arrived)
    assert copy_of(cast, cast.responsible).received == []


def test_rule_22_the_other_sides_words_and_settings_are_not_in_it(cast: Cast) -> None:
    cast.draft(cast.harmed, TEXT)
    for_myself.begin_words(cast.platform, cast.harmed.me, "For nobody else.")
    messages.answer(cast.platform, cast.harmed.me, cast.case, "Between us.")
    kept = copy_of(cast, cast.responsible)
    assert (kept.written, kept.for_myself, kept.messages) == ([], [], [])
    assert (kept.pace, kept.plan) == (None, None)


def test_taking_it_sees_no_message(cast: Cast) -> None:
    platform = cast.platform
    for number in range(25):
        messages.write(platform, cast.first.me, cast.case, cast.harmed.id, f"Word {number}.")
        messages.answer(platform, cast.harmed.me, cast.case, f"Answer {number}.")
    messages.write(platform, cast.first.me, cast.case, cast.harmed.id, "The last word.")
    kept = copy_of(cast, cast.harmed)
    assert [one.words for one in kept.messages][::50] == ["Word 0.", "The last word."]
    assert {one.written_by for one in kept.messages} <= set(kept.names)
    assert "new" in cast.harmed.browser().open("/home").text
