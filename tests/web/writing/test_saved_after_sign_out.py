"""A save that arrives after the session ran out: the page says so, and home offers it at the next
sign-in."""

from uuid import UUID

import pytest
from flask import Flask

from letters.rehearsal.browser import Browser
from letters.storage.tables.accounts import KeptSave
from letters.workflow.accounts import sign_in
from letters.workflow.writing import saved_after_sign_out, write
from tests.cast import PASSWORD, Cast
from tests.web.pages import BASE

LATE = "Words <that> came\ntoo late."


@pytest.fixture
def letter(cast: Cast) -> UUID:
    return cast.draft(cast.harmed, "As it was.")


def late(cast: Cast, letter: UUID, text: str = LATE, **later: float) -> Browser:
    """Her browser after it has saved too late."""
    browser = cast.harmed.browser()
    browser.open(f"/letters/{letter}/write")
    cast.clock.advance(**(later or {"minutes": 31}))
    browser.send(f"/letters/{letter}/write", 401, text=text)
    return browser


def saves(cast: Cast) -> int:
    with cast.platform.reading() as db:
        return db.query(KeptSave).count()


def test_it_is_kept_offered_and_put_into_the_letter(cast: Cast, letter: UUID) -> None:
    browser = late(cast, letter)
    assert ("What you wrote is kept" in browser.page.text
            and "was not carried out" not in browser.page.text)
    home = browser.send("/sign-in", sign_in_name="harmed", password=PASSWORD)
    assert home.url == "/home" and "/kept" in home.links
    page = browser.open("/kept")
    assert "Words <that> came too late." in page.text
    save = saved_after_sign_out.waiting(cast.platform, cast.harmed.me)[0].id
    page = browser.send(f"/kept/{save}/take")
    assert (page.url == f"/letters/{letter}/write"
            and page.forms[-1].fields["text"].splitlines() == LATE.splitlines())
    assert [own.text.splitlines()
            for own in write.own_texts(cast.platform, cast.harmed.me, letter)] == [
        LATE.splitlines(), ["As it was."]]
    assert "/kept" not in browser.open("/home").links


def test_it_can_be_thrown_away(cast: Cast, letter: UUID) -> None:
    browser = late(cast, letter)
    browser.send("/sign-in", sign_in_name="harmed", password=PASSWORD)
    browser.open("/kept")
    page = browser.send(
        f"/kept/{saved_after_sign_out.waiting(cast.platform, cast.harmed.me)[0].id}/throw-away"
    )
    assert "The letter is as it was." in page.text and "/kept" not in page.links
    assert "There is nothing here." in browser.open("/kept").text


def test_a_letter_that_was_sent_meanwhile_keeps_the_words_here(cast: Cast, letter: UUID) -> None:
    browser = late(cast, letter)
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
    browser.send("/sign-in", sign_in_name="harmed", password=PASSWORD)
    browser.open("/kept")
    page = browser.send(
        f"/kept/{saved_after_sign_out.waiting(cast.platform, cast.harmed.me)[0].id}/take", 409
    )
    assert ("This letter was sent meanwhile" in page.text
            and "Words <that> came too late." in page.text)


@pytest.mark.parametrize("token", ["", "made-up", "of another browser"])
def test_without_the_forms_token_nothing_is_kept(cast: Cast, letter: UUID, token: str) -> None:
    browser = cast.harmed.browser()
    right = browser.open(f"/letters/{letter}/write")
    other = cast.responsible.browser().open("/home").forms[0].fields["csrf_token"]
    cast.clock.advance(minutes=31)
    page = browser.send(f"/letters/{letter}/write", 401, text=LATE,
                        csrf_token=other if token == "of another browser" else token)
    assert "is kept" not in page.text and saves(cast) == 0
    browser.page = right
    # the row was still there for the right form
    browser.send(f"/letters/{letter}/write", 401, text=LATE)
    assert saves(cast) == 1


def test_the_words_are_given_back_in_the_page_too(cast: Cast, letter: UUID) -> None:
    browser = cast.harmed.browser()
    browser.open(f"/letters/{letter}/write")
    cast.clock.advance(minutes=31)
    form = browser.page.forms[-1].fields
    answer = browser.client.post(f"/letters/{letter}/write", data={**form, "text": LATE},
                                 base_url=BASE,
                                 headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert "Words &lt;that&gt; came" in answer.text and "is kept" in answer.text


@pytest.mark.parametrize(("text", "later"), [
    ("x" * 200_001, {"minutes": 31}), ("", {"minutes": 31}), (LATE, {"days": 8})])
def test_what_cannot_be_kept_is_not_said_to_be(
        cast: Cast, letter: UUID, text: str, later: dict[str, float]) -> None:
    assert "Your last step was not carried out." in late(cast, letter, text, **later).page.text
    assert saves(cast) == 0


def test_no_other_step_is_kept_or_carried_out(cast: Cast, letter: UUID) -> None:
    browser = cast.harmed.browser()
    browser.open(f"/letters/{letter}/check")
    cast.clock.advance(minutes=31)
    browser.send(f"/letters/{letter}/send", 401)
    assert saves(cast) == 0 and cast.row(letter).submitted_id is None


def test_somebody_elses_letter_keeps_nothing(cast: Cast) -> None:
    cast.open_the_way_back()
    theirs = cast.draft(cast.responsible, "Theirs.")
    browser = cast.harmed.browser()
    browser.open("/home")
    cast.clock.advance(minutes=31)
    page = browser.forge(f"/letters/{theirs}/write", 401, text=LATE)
    assert "is kept" not in page.text and saves(cast) == 0


def test_after_signing_out_nothing_is_kept(cast: Cast, letter: UUID) -> None:
    browser = cast.harmed.browser()
    form = browser.open(f"/letters/{letter}/write")
    browser.send("/sign-out")
    browser.page = form
    browser.send(f"/letters/{letter}/write", 401, text=LATE)
    assert saves(cast) == 0


def test_a_row_that_was_put_there_shows_nobody_foreign_text(
        cast: Cast, letter: UUID, in_service: Flask) -> None:
    late(cast, letter)
    with cast.platform.writing() as db:
        db.query(KeptSave).update({KeptSave.person_id: cast.stranger_harmed.id})
    cast.stranger_harmed.token = sign_in.sign_in(cast.platform, "strange harmed", PASSWORD)
    page = cast.stranger_harmed.browser().open("/kept", 500)
    assert "This cannot be shown" in page.text and "too late" not in page.text
