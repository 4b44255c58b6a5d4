"""The pages of messages: a thread each, a line on Home, and nothing that the other party could
notice (rule 22)."""

from flask import Flask

from letters.workflow import messages
from tests.cast import Cast
from tests.web.pages import BASE
from tests.web.test_rule_22_opacity import look, looks_at


def test_both_sides_write_and_read(cast: Cast) -> None:
    theirs, ours = cast.harmed.browser(), cast.first.browser()
    there = f"/cases/{cast.case}/messages/{cast.harmed.id}"
    ours.open(there)
    assert "On < Friday >?" in ours.send(there, words="On < Friday >?").text
    assert "Something new, no rush" in theirs.open("/home").text
    assert "On < Friday >?" in theirs.open("/messages").text
    assert "Something new" not in theirs.open("/home").text
    theirs.open("/messages")
    cast.clock.advance(seconds=60)
    theirs.send("/messages", words="Yes, at three.")
    assert "1 to answer" in ours.open(f"/cases/{cast.case}").text
    listed = ours.open(f"/cases/{cast.case}/messages")
    assert "To answer, since" in listed.text and "at three" not in listed.text
    assert "Yes, at three." in ours.open(there).text


def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast) -> None:
    words = " ".join(f"word{number}" for number in range(20))
    cast.submitted(cast.harmed, words)
    browser = cast.first.browser()
    there = f"/cases/{cast.case}/messages/{cast.responsible.id}"
    browser.open(there)
    page = browser.send(there, 400, words=f"They write {words}")
    assert "in a row" in page.text and f"They write {words}" in page.body
    theirs = cast.harmed.browser()
    theirs.open("/messages")
    assert "Write a few words here." in theirs.send("/messages", 400, words=" ").text


def test_rule_22_the_other_party_s_pages_and_queries_stay_the_same(
    cast: Cast, in_service: Flask
) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    moment, before = cast.clock.moment, looks_at(cast, letter)
    assert "/messages" in before
    messages.write(cast.platform, cast.first.me, cast.case, cast.harmed.id, "On Friday at three.")
    messages.answer(cast.platform, cast.harmed.me, cast.case, "Yes. " * 900)
    cast.clock.moment = moment
    assert [look(cast, path) for path in before] == [*before.values()]


def test_words_that_were_sent_after_signing_out_stand_on_the_page_that_says_so(cast: Cast) -> None:
    """Of every form, for its own browser alone; no password among them."""
    browser = cast.harmed.browser()
    browser.open("/messages")
    form = next(form.fields for form in browser.page.forms if form.action == "/messages")
    cast.clock.advance(hours=13)
    for site, there in (("same-origin", True), ("cross-site", False)):
        answer = browser.client.post("/messages",
                                     data={**form, "words": "The goshawk flew.",
                                           "password": "two words"},
                                     base_url=BASE, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 401 and ("The goshawk flew." in answer.text) is there
        assert "two words" not in answer.text
