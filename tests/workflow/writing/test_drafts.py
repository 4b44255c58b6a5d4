"""Saving by itself: what a hand saved stays for good, what a browser saved gives way, no window is
in its own way."""

from uuid import UUID, uuid4

import pytest

from letters.rules.errors import DraftChanged, NotFound, NotPossibleNow
from letters.storage.tables.letters import Grant, Version
from letters.workflow.decision import redaction, suggestions
from letters.workflow.writing import write
from letters.workflow.writing.write import Window
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import give_back
from tests.cast import Cast

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def letter(cast: Cast) -> UUID:
    return cast.draft(cast.harmed, "By hand.")


def kept(cast: Cast, letter: UUID) -> list[tuple[str, str]]:
    return [(own.kind, own.text) for own in write.own_texts(cast.platform, cast.harmed.me, letter)]


def save(cast: Cast, letter: UUID, text: str, by_itself: bool = True, basis: UUID | None = None,
         unanswered: tuple[UUID, ...] = (), mark: UUID | None = None) -> UUID:
    cast.clock.advance(seconds=20)
    return write.save(cast.platform, cast.harmed.me, letter, basis or cast.row(letter).draft_id,
                      text,
                      Window(by_itself, mark or uuid4(), unanswered))


def test_an_hour_of_typing_is_a_handful_of_versions(cast: Cast,
                                                    attacker: Attacker, letter: UUID) -> None:
    text = "By hand."
    for number in range(180):
        text += f" Word {number}."
        save(cast, letter, text)
    versions = kept(cast, letter)
    assert versions[0] == ("autosave", text) and versions[-1] == ("draft", "By hand.")
    assert 6 <= len(versions) <= 9
    assert len(attacker.rows(Version)) == len(attacker.rows(Grant)) == len(versions)


def test_what_was_saved_by_hand_never_gives_way(cast: Cast, letter: UUID) -> None:
    for text in ("By hand. And", "By hand. And more"):
        save(cast, letter, text)
    save(cast, letter, "By hand. And more", by_itself=False)
    assert kept(cast, letter) == [("draft", "By hand. And more"), ("draft", "By hand.")]
    save(cast, letter, "By hand. And more", by_itself=False)
    save(cast, letter, "By hand. And more. Yes.")
    save(cast, letter, "By hand. And more. Yes, no.", by_itself=False)
    assert kept(cast, letter) == [("draft", "By hand. And more. Yes, no."),
                                  ("draft", "By hand. And more"),
                                  ("draft", "By hand.")]


@pytest.mark.parametrize("by_itself", [True, False])
def test_what_was_written_and_wiped_out_by_mistake_is_among_the_versions(
        cast: Cast, letter: UUID, by_itself: bool) -> None:
    save(cast, letter, "By hand." + " Words." * 40)
    save(cast, letter, "", by_itself)
    assert kept(cast, letter)[1] == ("autosave", "By hand." + " Words." * 40)


def test_what_was_typed_and_taken_away_again_leaves_the_letter_as_it_was(
    cast: Cast, letter: UUID
) -> None:
    before = cast.row(letter).draft_id
    save(cast, letter, "By hand. x")
    assert save(cast, letter, "By hand.") == before == cast.row(letter).draft_id
    assert kept(cast, letter) == [("draft", "By hand.")]


def test_what_was_sent_or_brought_back_is_never_forgotten(cast: Cast, letter: UUID) -> None:
    sent = save(cast, letter, "By hand. Sent.")
    write.submit(cast.platform, cast.harmed.me, letter, sent)
    with pytest.raises(NotPossibleNow):
        save(cast, letter, "By hand. Sent. And a word.")
    give_back(cast, letter, cast.first)
    assert save(cast, letter, "By hand. Sent.", by_itself=False) == sent
    save(cast, letter, "By hand. Sent. And a word.")
    assert ("autosave", "By hand. Sent.") in kept(cast, letter)
    write.restore(cast.platform, cast.harmed.me, letter, sent)
    assert kept(cast, letter)[:2] == [("draft", "By hand. Sent."),
                                      ("autosave", "By hand. Sent. And a word.")]


def test_a_letter_looked_at_with_the_script_can_still_be_agreed_to(cast: Cast) -> None:
    from tests.addresses.table import returned_to_leave_out

    values, fields = returned_to_leave_out(cast)
    letter: UUID = values["letter_id"]  # type: ignore[assignment]
    came = suggestions.returned(cast.platform, cast.harmed.me, letter)
    assert came is not None
    save(cast, letter, came.text + " x")
    save(cast, letter, came.text)
    redaction.agree(cast.platform, cast.harmed.me, letter, UUID(fields["version"]))


def test_a_save_whose_answer_was_lost_is_no_other_window(cast: Cast, letter: UUID) -> None:
    basis, marks = cast.row(letter).draft_id, (uuid4(), uuid4())
    save(cast, letter, "By hand. One.", mark=marks[0])
    save(cast, letter, "By hand. Two.", basis=basis, unanswered=marks[:1], mark=marks[1])
    newest = save(cast, letter, "By hand. 3.", basis=basis, unanswered=marks, by_itself=False)
    assert cast.row(letter).draft_id == newest
    assert [text for _, text in kept(cast, letter)] == ["By hand. 3.", "By hand."]
    # a mark that comes once more is no trouble
    save(cast, letter, "By hand. Four.", basis=newest, mark=marks[0])
    save(cast, letter, "By hand. Four, and five.", mark=marks[0])
    assert [text for _, text in kept(cast, letter)][0] == "By hand. Four, and five."


def test_no_mark_leads_to_what_another_window_or_letter_saved(cast: Cast, letter: UUID) -> None:
    basis, mark = cast.row(letter).draft_id, uuid4()
    other = save(cast, letter, "By hand. Another window.")
    elsewhere = cast.draft(cast.harmed, "Elsewhere.")
    save(cast, elsewhere, "Elsewhere, by a mark.", mark=mark)
    for made_up in (other, mark, uuid4(), letter):
        with pytest.raises(DraftChanged):
            save(cast, letter, "Mine.", basis=basis, unanswered=(made_up,))
    assert kept(cast, letter) == [("aside", "Mine."), ("autosave", "By hand. Another window."),
                                  ("draft", "By hand.")]


@pytest.mark.parametrize("words",
                         ["One.", "A paragraph that somebody typed in the first window. " * 3])
def test_what_another_window_typed_stays_when_this_ones_text_is_chosen(
    cast: Cast, letter: UUID, words: str
) -> None:
    """The page says that both texts are kept: it holds for what each window saved, by hand or by
    itself."""
    basis = cast.row(letter).draft_id
    first = save(cast, letter, f"By hand. {words}")
    with pytest.raises(DraftChanged):
        save(cast, letter, "By hand. The second's.", by_itself=False, basis=basis)
    chosen = save(cast, letter, "By hand. The second's.", by_itself=False, basis=first)
    with pytest.raises(DraftChanged):
        save(cast, letter, f"By hand. {words} More.", basis=first)
    save(cast, letter, "By hand. The second's, and more.", basis=chosen)
    texts = {text for _, text in kept(cast, letter)}
    assert texts == {"By hand.", f"By hand. {words}", "By hand. The second's.",
                     f"By hand. {words} More.",
                     "By hand. The second's, and more."}


def test_nobody_else_saves_anything_by_itself(cast: Cast, letter: UUID) -> None:
    for somebody in (cast.responsible, cast.stranger_harmed):
        with pytest.raises(NotFound):
            write.save(cast.platform, somebody.me, letter, cast.row(letter).draft_id, "Theirs.",
                       Window(True, uuid4()))
    assert kept(cast, letter) == [("draft", "By hand.")]


def test_a_page_of_versions_carries_what_a_slow_line_can(cast: Cast, letter: UUID) -> None:
    texts = ["x" * 90_000, *(f"{number} " + "y" * 3_000 for number in range(14))]
    for text in texts:
        write.save(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id, text)
    shown, key = [], None
    while True:
        page = write.own_page(cast.platform, cast.harmed.me, letter, key)
        shown.append([own.text for own in page.rows])
        if (key := page.next) is None:
            break
    assert [text for part in shown for text in part] == [*texts[::-1], "By hand."]
    assert [len(part) for part in shown] == [6, 6, 2, 1, 1]


def test_a_letter_that_goes_bit_by_bit_is_still_among_its_versions(cast: Cast) -> None:
    platform, me = cast.platform, cast.harmed.me
    letter = write.begin_letter(platform, me, cast.channel(cast.harmed))
    text = " ".join(f"word{number}" for number in range(300))
    basis = write.save(platform, me, letter, None, text, write.Window(True, uuid4()))
    whole, rest = text, text
    while rest:
        cast.clock.advance(seconds=5)
        rest = rest[:-190]
        basis = write.save(platform, me, letter, basis, rest, write.Window(True, uuid4()))
    kept = [len(own.text) for own in write.own_texts(platform, me, letter)]
    assert len(whole) - max(kept) <= 200 and len(kept) <= 1 + len(whole) // 190
