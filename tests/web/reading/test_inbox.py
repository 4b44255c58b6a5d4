"""The room for receiving: nothing before release, nothing of the text before opening, nothing
hidden after."""

from uuid import UUID

import pytest
from sqlalchemy import update

from letters.rehearsal.browser import ShownPage
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import Version
from letters.workflow.release import pace
from letters.workflow.writing import write
from tests.cast import PASSWORD, Cast, Player


def test_it_arrives_is_opened_and_stays(cast: Cast) -> None:
    letter = cast.released(cast.harmed, "I *want* you to know.\n\n- one\n- two")
    browser = cast.responsible.browser()
    browser.open("/for-you").link(f"/for-you/{letter}")
    before = browser.open(f"/for-you/{letter}")
    assert ("No rush." in before.text and "at most 3 pages" in before.text
            and "know" not in before.text)
    page = browser.send(f"/for-you/{letter}/open", way="all")
    assert ('I <em>want</em> you to know.</p><ul dir="auto"><li>one</li><li>two</li></ul>'
            in page.body)
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
        cast.harmed,
        "be\u200bfore \u202eright to left\u202c a\0b \U000e0041tag \u2066iso\u2069 \x1b[0m end"
    )
    body = cast.responsible.browser().open(f"/for-you/{letter}")
    page = cast.responsible.browser()
    page.open(f"/for-you/{letter}")
    body = page.send(f"/for-you/{letter}/open").body
    assert ">before right to left ab tag iso [0m end</p>" in body
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
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
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
    with cast.platform.writing() as db:
        db.execute(update(Version).where(Version.id
                                         == cast.row(letter).submitted_id).values(policy="none"))
    browser = cast.responsible.browser()
    assert "This cannot be shown" in browser.open(f"/for-you/{letter}", 500).text
    browser.open("/home")
    browser.forge(f"/for-you/{letter}/open", 500)
    assert cast.state(letter) is State.RELEASED


def test_a_letter_cannot_be_read_at_an_address_of_writing(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    for room in ("letters", "desk"):
        cast.responsible.browser().open(f"/{room}/{letter}", 403)


def judge(cast: Cast, letter: UUID, reader: Player) -> ShownPage:
    """As far as the page that approves."""
    browser = reader.browser()
    browser.open(f"/desk/{letter}")
    browser.send(f"/desk/{letter}/claim")
    browser.send(f"/desk/{letter}/decide", then="approve")
    browser.send(f"/desk/{letter}/approve", questions="yes", password=PASSWORD,
                 reason="It answers what was asked.")
    return browser.page


def test_rule_23_a_note_is_written_seen_and_met_before_the_letter(cast: Cast) -> None:
    asked, first = cast.released(cast.harmed, "I was ill. Why did you lie?"), cast.first.browser()
    first.open(f"/desk/{asked}/questions")
    page = first.send(f"/desk/{asked}/questions", 400, questions="Are you sorry?")
    assert "Error: " in page.body and "Are you sorry?" in page.text
    first.send(f"/desk/{asked}/questions", questions="Why did you lie?")
    letter = cast.submitted(cast.responsible, "Dear Hanna,\n\nHeron one.\n\nHeron two.\n\nRobin")
    assert "There is no note yet" in first.open(f"/desk/{letter}").text
    first.open(f"/desk/{letter}/note")
    page = first.send(f"/desk/{letter}/note", 400, summary="A calm answer.",
                      **{"from-1": "99", "theme-1": "Kept theme"})
    assert "Error: " in page.body and "A calm answer." in page.text and "Kept theme" in page.body
    page = first.send(f"/desk/{letter}/note", summary="A calm <answer>.",
                      **{"from-1": "2", "theme-1": "That day"})
    assert "A calm <answer>." in page.text and "Not marked" in page.text
    first.open(f"/desk/{letter}/answers")
    first.send(f"/desk/{letter}/answers", **{"answer-1": "partly", "passage-1": "3"})
    for reader in (cast.first, cast.second):
        assert "approved" in judge(cast, letter, reader).text.lower()
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    assert cast.release() == 1
    hers = cast.harmed.browser()
    before = hers.open(f"/for-you/{letter}")
    assert ("A calm <answer>." in before.text and "That day" in before.text
            and "Heron" not in before.body)
    questions = hers.open(f"/for-you/{letter}/answers")
    assert "Why did you lie?" in questions.text and "Partly answered" in questions.text
    assert "Heron" not in questions.body and cast.state(letter) is State.RELEASED
    part = hers.send(f"/for-you/{letter}/open")
    assert "Heron two." in part.text and cast.state(letter) is State.OPENED


def test_one_reads_on_part_by_part_and_finds_it_where_one_stopped(cast: Cast) -> None:
    letter, browser = (cast.released(cast.harmed,
                                    "Dear Robin,\n\nOne.\n\nTwo.\n\nHanna"),
                       cast.responsible.browser())
    browser.open(f"/for-you/{letter}")
    page = browser.send(f"/for-you/{letter}/open", way="parts")
    assert "Dear Robin, One." in page.text and "Two." not in page.text
    assert "Part 1 of 2" in page.text
    browser.send(f"/for-you/{letter}/turn")
    page = cast.responsible.browser().open(f"/for-you/{letter}")
    assert "Two. Hanna" in page.text and "One." not in page.text and "Dear" not in page.text
    assert "This is the last part." in page.text
    assert "Dear Robin," in browser.open(f"/for-you/{letter}?part=0").text
    assert "Whether the writer is told" not in page.text


def test_a_letter_is_put_away_given_back_and_destroyed(cast: Cast) -> None:
    letter, browser = cast.released(cast.harmed, "A heron."), cast.responsible.browser()
    browser.open(f"/for-you/{letter}")
    assert "put away" in browser.send(f"/for-you/{letter}/put", do="away").text
    assert "waits" not in browser.open("/home").text
    browser.open(f"/for-you/{letter}/before")
    browser.send(f"/for-you/{letter}/put", do="give-back")
    assert "has given this letter to you" in cast.first.browser().open(f"/desk/{letter}").text
    browser.open(f"/for-you/{letter}")
    browser.send(f"/for-you/{letter}/put", do="take-back")
    browser.open(f"/for-you/{letter}/destroy")
    assert "Tick this box first" in browser.send(f"/for-you/{letter}/destroy", 400).text
    writer = cast.harmed.browser().open(f"/letters/{letter}").text
    assert f"/for-you/{letter}" not in browser.send(f"/for-you/{letter}/destroy", sure="yes").links
    browser.open(f"/for-you/{letter}", 404)
    assert cast.harmed.browser().open(f"/letters/{letter}").text == writer


def test_rule_21_the_writer_reads_neutral_words_once_the_person_harmed_says_so(cast: Cast) -> None:
    cast.open_the_way_back()
    letter, browser = cast.released(cast.responsible), cast.harmed.browser()
    browser.open("/for-you/plan")
    assert "Error: " in browser.send("/for-you/plan", 400, when="x" * 501).body
    browser.send("/for-you/plan", when="On Sunday", hide_ends="yes")
    assert "On Sunday" in browser.open(f"/for-you/{letter}").text
    writer = cast.responsible.browser()
    silent = writer.open(f"/letters/{letter}").text
    browser.send(f"/for-you/{letter}/open")
    assert writer.open(f"/letters/{letter}").text == silent
    browser.send(f"/for-you/{letter}/tell", telling="read")
    assert "your letter was read" in writer.open(f"/letters/{letter}").text
