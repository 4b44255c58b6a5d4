"""The room for receiving: nothing before release, nothing of the text before opening, nothing hidden after."""

import pytest
from sqlalchemy import update

from letters.domain.lifecycle import State
from letters.storage.tables import Version
from letters.workflow import write
from tests.cast import Cast


def test_it_arrives_is_opened_and_stays(cast: Cast) -> None:
    letter = cast.released(cast.harmed, "I *want* you to know.\n\n- one\n- two")
    browser = cast.responsible.browser()
    browser.open("/for-you").link(f"/for-you/{letter}")
    before = browser.open(f"/for-you/{letter}")
    assert "No rush." in before.text and "at most 3 pages" in before.text and "know" not in before.text
    page = browser.send(f"/for-you/{letter}/open")
    assert "<p>I <em>want</em> you to know.</p><ul><li>one</li><li>two</li></ul>" in page.body
    assert cast.state(letter) is State.OPENED
    assert "want" in browser.open(f"/for-you/{letter}").text
    assert "Opened" in browser.open("/for-you").text


def test_opening_twice_is_opening_once(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    browser = cast.responsible.browser()
    form = browser.open(f"/for-you/{letter}")
    browser.send(f"/for-you/{letter}/open")
    opened_at = cast.row(letter).opened_at
    browser.page = form
    browser.send(f"/for-you/{letter}/open")
    assert cast.row(letter).opened_at == opened_at


def test_nothing_is_opened_by_looking(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    for path in ("/home", "/for-you", f"/for-you/{letter}", f"/for-you/{letter}"):
        cast.responsible.browser().open(path)
    assert cast.state(letter) is State.RELEASED


def test_hidden_characters_do_not_reach_the_recipient(cast: Cast) -> None:
    letter = cast.released(
        cast.harmed, "be\u200bfore \u202eright to left\u202c a\0b \U000e0041tag \u2066iso\u2069 \x1b[0m end"
    )
    body = cast.responsible.browser().open(f"/for-you/{letter}")
    page = cast.responsible.browser()
    page.open(f"/for-you/{letter}")
    body = page.send(f"/for-you/{letter}/open").body
    assert "<p>before right to left ab tag iso [0m end</p>" in body
    assert not set("\u200b\u202e\u202c\0\U000e0041\u2066\u2069\x1b") & set(body)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script >",
        "<img src=x onerror=alert(1)",
        "</article></main><h1>x",
        "&lt;b&gt; &amp;",
        "javascript:alert(1)",
        "{{ 7*7 }}",
        '<a href="https://evil.example">x',
        "*<em>*",
        "- <li>x\n- </ul>",
    ],
    ids=range(9),
)
def test_markup_is_shown_as_the_text_it_is(cast: Cast, text: str) -> None:
    letter = cast.draft(cast.harmed, text)
    write.submit(cast.house, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
    cast.approve(letter, cast.first)
    cast.release()
    browser = cast.responsible.browser()
    browser.open(f"/for-you/{letter}")
    page = browser.send(f"/for-you/{letter}/open")
    sheet = page.body.split('class="letter-text"')[1].split("</article>")[0]
    assert not {"script", "img", "h1", "b", "a", "/main"} & {
        part.split()[0].strip(">") for part in sheet.split("<")[1:] if part
    }
    for word in ("alert(1)", "{{ 7*7 }}"):
        assert (word in text) == (word in page.text)


def test_what_does_not_verify_is_not_shown_and_is_put_down(cast: Cast) -> None:
    letter = cast.released(cast.harmed, "Words that were changed.")
    with cast.house.store.writing() as db:
        db.execute(update(Version).where(Version.id == cast.row(letter).submitted_id).values(policy="none"))
    browser = cast.responsible.browser()
    assert "This cannot be shown" in browser.open(f"/for-you/{letter}", 500).text
    browser.open("/home")
    browser.forge(f"/for-you/{letter}/open", 500)
    assert cast.state(letter) is State.RELEASED


def test_a_letter_cannot_be_read_at_an_address_of_writing(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    for room in ("letters", "desk"):
        cast.responsible.browser().open(f"/{room}/{letter}", 403)
