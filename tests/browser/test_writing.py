"""Writing in a real browser: it saves by itself, says so, is never in its own way, and loses
nothing that was typed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from letters.storage.tables.letters import SessionRow, Version
from letters.workflow.accounts import sessions, sign_in
from letters.workflow.writing import saved_after_sign_out, write
from tests.browser.conftest import NARROW, WIDE, Person, Served
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser

SAVED = "Saved at"


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-said]")).to_contain_text(words)


def kept(cast: Cast, letter: UUID) -> list[tuple[str, str]]:
    return [(own.kind, own.text) for own in write.own_texts(cast.platform, cast.harmed.me, letter)]


@pytest.fixture
def letter(cast: Cast) -> UUID:
    return cast.draft(cast.harmed, "By hand.")


@pytest.fixture
def writer(letter: UUID, somebody: Callable[..., Person]) -> Person:
    return somebody(NARROW, True).sign_in("harmed").go(f"/letters/{letter}/write")


def type_on(page: Page, words: str) -> None:
    page.get_by_label("Your letter").press("Control+End")
    page.keyboard.type(words)


def test_it_saves_by_itself_and_what_was_saved_by_hand_stays(cast: Cast,
                                                             letter: UUID, writer: Person) -> None:
    page = writer.page
    for words in (" One.", " Two.", " Three."):
        type_on(page, words)
        with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            pass
        assert answered.value.status == 200
    said(page, SAVED)
    expect(page.locator("[data-counted]")).to_have_text("25 of 200,000 characters")
    assert kept(cast, letter) == [("autosave", "By hand. One. Two. Three."), ("draft", "By hand.")]
    type_on(page, " Four.")
    writer.press("Save").reads("Saved. Only you can read it.")
    assert kept(cast, letter) == [("draft", "By hand. One. Two. Three. Four."),
                                  ("draft", "By hand.")]


def test_a_lost_network_is_said_tried_again_and_asked_about(cast: Cast,
                                                            letter: UUID, writer: Person) -> None:
    page, asked = writer.page, list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.context.set_offline(True)
    type_on(page, " On a train.")
    said(page, "There is no connection at the moment.")
    page.once("dialog", stay)
    page.get_by_role("link", name="Home").click()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save", exact=True).click()  # it stays where the words are
    said(page, "There is no connection at the moment.")
    expect(page.get_by_label("Your letter")).to_have_value("By hand. On a train.")
    page.context.set_offline(False)
    said(page, SAVED)
    assert kept(cast, letter)[0] == ("autosave", "By hand. On a train.")


def test_an_answer_that_is_lost_makes_no_conflict_with_itself(cast: Cast,
                                                              letter: UUID, writer: Person) -> None:
    page, lost = writer.page, list[str]()

    def lose_the_answer(route: Route) -> None:
        if lost or route.request.method != "POST":
            return route.continue_()
        lost.append(route.fetch().text())  # it was kept there, and nobody here hears of it
        return route.abort()

    page.route("**/write", lose_the_answer)
    type_on(page, " Kept.")
    said(page, "There is no connection at the moment.")
    assert lost and kept(cast, letter)[0][1] == "By hand. Kept."
    type_on(page, " And more.")
    said(page, SAVED)
    writer.press("Save").reads("Saved. Only you can read it.")
    assert kept(cast, letter) == [("draft", "By hand. Kept. And more."), ("draft", "By hand.")]


def test_two_tabs_keep_both_texts_and_say_so(cast: Cast, letter: UUID, writer: Person) -> None:
    page, other = writer.page, writer.context.new_page()
    other.goto(page.url)
    type_on(page, " First tab.")
    said(page, SAVED)
    type_on(other, " Second tab.")
    said(other, "This letter was saved in another window, too. Both texts are kept.")
    assert {text for _, text in kept(cast, letter)} == {
        "By hand.",
        "By hand. First tab.",
        "By hand. Second tab.",
    }
    with other.expect_navigation():
        other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_label("What you just wrote")).to_have_value("By hand. Second tab.")
    expect(other.get_by_label("The other text")).to_have_value("By hand. First tab.")
    assert len(kept(cast, letter)) == 3


@pytest.mark.parametrize("comes_back", [True, False])
def test_who_was_signed_out_loses_nothing(
        served: Served, cast: Cast, letter: UUID, writer: Person, comes_back: bool) -> None:
    page = writer.page
    served.clock.advance(minutes=31)
    type_on(page, " Too late.")
    said(page, "You were signed out. Your words are still on this page.")
    with served.platform.reading() as db:
        assert db.query(Version).filter(Version.letter_id == letter).count() == 1
        assert db.query(SessionRow).count() > 0
    if comes_back:
        other = writer.context.new_page()
        other.goto(f"{served.url}/sign-in")
        other.get_by_label("Sign-in name").fill("harmed")
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_role("button", name="Sign in").click()
        other.wait_for_url("**/home")
        type_on(page, " Or not.")
        said(page, SAVED)
    else:
        writer.press("Save").reads("What you wrote is kept")
        cast.harmed.token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
        me = sign_in.who_is(cast.platform, cast.harmed.token)
        assert me is not None
        assert ([save.text
                for save in saved_after_sign_out.waiting(cast.platform, me)]
                == ["By hand. Too " "late."])


@pytest.mark.parametrize("kept_there", [True, False])
def test_the_line_says_what_is_so_after_a_sign_out_elsewhere(
        served: Served, cast: Cast, writer: Person, kept_there: bool) -> None:
    """From another device of theirs, or as the password was changed there: then nothing of this
    session is left."""
    if kept_there:
        sessions.end_others(served.platform, cast.harmed.me)
    else:
        with served.platform.writing() as db:
            sessions.end_all_but(db, cast.harmed.me)
    type_on(writer.page, " Too late.")
    where = "." if kept_there else ", and nowhere else."
    said(writer.page, f"You were signed out. Your words are still on this page{where}")
    writer.press("Save")
    if kept_there:
        writer.reads("What you wrote is kept")
        assert [save.text
                for save in saved_after_sign_out.waiting(served.platform, cast.harmed.me)] == [
            "By hand. Too late."
        ]
    else:
        expect(writer.page.get_by_label("What you wrote")).to_have_value("By hand. Too late.")


def test_nobody_is_asked_anything_who_leaves_quickly(served: Served, writer: Person) -> None:
    dialogs = list[str]()
    writer.page.on("dialog", lambda dialog: dialogs.append(dialog.type) or dialog.dismiss())
    type_on(writer.page, " Words that are not saved.")
    writer.page.get_by_role("link", name="Leave this site now").click()
    writer.page.wait_for_url(served.exit)
    assert dialogs == []


def test_answers_are_saved_by_themselves_and_become_the_letter(
        cast: Cast, letter: UUID, somebody: Callable[..., Person]) -> None:
    person = (
        somebody(WIDE, True)
        .sign_in("harmed")
        .go(f"/letters/{letter}/write")
        .press("Save, and answer questions")
    )
    person.fill("What did it do to you?", "I do not sleep.")
    said(person.page, SAVED)
    person.fill("What would you like to ask?", "Why?")
    said(person.page, SAVED)
    person.press("Save, and see the whole letter").reads("Saved. Only you can read it.")
    expect(person.page.get_by_label("Your letter")).to_have_value(
        "By hand.\n\nWhy?\n\nI do not sleep."
    )
    assert [kind for kind, _ in kept(cast, letter)] == ["draft", "draft"]
