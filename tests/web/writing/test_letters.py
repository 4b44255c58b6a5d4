"""The room for writing: nothing that was typed is lost, whatever is typed and however often it is
sent."""

from uuid import UUID

import pytest

from letters.rehearsal.browser import Browser, ShownPage, last_id
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import Letter, Version
from letters.workflow.writing import write
from tests.cast import Cast
from tests.web.pages import NO_ID

LONGEST = 200_000


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """Of the person harmed, on the page of a letter just begun."""
    opened = cast.harmed.browser()
    opened.open("/letters")
    opened.send("/letters/new")
    return opened


@pytest.fixture
def letter(browser: Browser) -> UUID:
    return last_id(browser.page.url)


def form(page: ShownPage, action: str) -> dict[str, str]:
    return next(form.fields for form in page.forms if form.action == action)


def texts(cast: Cast, letter: UUID) -> list[str]:
    return [own.text for own in write.own_texts(cast.platform, cast.harmed.me, letter)]


def test_write_read_back_check_send(cast: Cast, browser: Browser, letter: UUID) -> None:
    page = browser.send(f"/letters/{letter}/write", text="It was like this.\r\n\r\nI am *angry*.",
                        then="check")
    assert page.url == f"/letters/{letter}/check"
    assert '<p dir="auto">I am <em>angry</em>.</p>' in page.body
    for name in ("Frances First", "Sam Second", "Robin Responsible"):
        assert name in page.text
    assert "<em>angry</em>" in browser.open(f"/letters/{letter}/read-back").body
    browser.open(f"/letters/{letter}/check")
    assert "Being read by your facilitators" in browser.send(f"/letters/{letter}/send").text
    assert cast.state(letter) is State.IN_REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "\n first line is empty",
        "ends with spaces   \n\n",
        "a\0b",
        "a\u202eb\u2066c",
        "\u200b\u200d",
        "\U0001f511\U0001d4d0 \ufeff",
        "Ελληνικά עברית العربية",
        "a < b, I <3 you & &amp; &lt;p&gt;",
        "</textarea><b",
        "\ufffd",
        "{{ 7*7 }} {% raw %}",
        "\x1b[31m\x7f",
    ],
    ids=range(12),
)
def test_what_was_typed_is_kept_to_the_letter(cast: Cast, browser: Browser, letter: UUID,
                                              text: str) -> None:
    page = browser.send(f"/letters/{letter}/write", text=text)
    assert texts(cast, letter) == [text]
    assert form(page, f"/letters/{letter}/write")["text"] == text


def test_an_oversize_text_is_said_and_kept(cast: Cast, browser: Browser, letter: UUID) -> None:
    browser.send(f"/letters/{letter}/write", text="x" * LONGEST)
    page = browser.send(f"/letters/{letter}/write", 400, text="y" * (LONGEST + 1))
    assert (
        "This letter has 200,001 characters; 200,000 is the most that can be kept. Nothing was cut"
        in page.text
    )
    assert form(page, f"/letters/{letter}/write")["text"] == "y" * (LONGEST + 1)
    assert texts(cast, letter) == ["x" * LONGEST]
    browser.send(f"/letters/{letter}/write", text="y" * LONGEST)
    assert texts(cast, letter) == ["y" * LONGEST, "x" * LONGEST]


@pytest.mark.parametrize("character", ["\U0001f511", "é", "&", "\0"])
def test_the_limit_counts_characters_in_every_script(
    cast: Cast, browser: Browser, letter: UUID, character: str
) -> None:
    browser.send(f"/letters/{letter}/write", text=character * LONGEST)
    assert texts(cast, letter) == [character * LONGEST]


def test_nine_megabytes_are_a_page_that_says_so(cast: Cast, browser: Browser, letter: UUID) -> None:
    page = browser.send(f"/letters/{letter}/write", 413, text="mnemosyne " * 900_000)
    assert "This is too much at once" in page.text
    assert "mnemosyne" not in page.body
    assert texts(cast, letter) == []


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (
            "application/x-www-form-urlencoded",
            b"csrf_token={}&basis=&text=before%FF%C3after%ED%A0%80end",
            "before%FF%C3after%ED%A0%80end",
        ),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=csrf_token\r\n\r\n{}\r\n--b\r\n"
            b"Content-Disposition: form-data; "
            b"name=text\r\n\r\nbefore\xff\xc3after\xed\xa0\x80end\r\n--b--\r\n",
            "before\ufffd\ufffdafter\ufffd\ufffd\ufffdend",
        ),
    ],
)
def test_broken_utf_8_is_kept_with_a_mark_where_it_broke(
    cast: Cast, browser: Browser, letter: UUID, kind: str, sent: bytes, kept: str
) -> None:
    token = form(browser.page, f"/letters/{letter}/write")["csrf_token"]
    answer = browser.client.post(
        f"/letters/{letter}/write",
        base_url="https://localhost",
        content_type=kind,
        data=sent.replace(b"{}", token.encode()),
    )
    assert answer.status_code == 302
    assert texts(cast, letter) == [kept]


def test_what_looks_like_html_is_text_however_often_it_is_saved(
    cast: Cast, browser: Browser, letter: UUID
) -> None:
    typed = ("<p class=MsoNormal>Dear <b>Robin</b>,</p><!--[if mso]>&times=3<![endif]-->\n"
             "my brother typed <style> he is like that </style> ok\n<script>alert('x')</script>")
    page = browser.send(f"/letters/{letter}/write", text=typed)
    for _ in range(3):
        page = browser.send(f"/letters/{letter}/write",
                            text=f"{form(page, f'/letters/{letter}/write')['text']}.")
        typed += "."
    assert texts(cast, letter)[0] == typed


@pytest.mark.parametrize("name", ["harmed", "responsible"])
def test_rule_18_guidance_is_at_hand_before_a_word_is_written(cast: Cast, name: str) -> None:
    """On the page where one begins, and where one writes; in words of the writer's own role."""
    cast.open_the_way_back()
    player = getattr(cast, name)
    browser = player.browser()
    assert "/letters/guidance" in browser.open("/letters").links
    draft = cast.draft(player)
    for page in (f"/letters/{draft}/write", f"/letters/{draft}/questions"):
        assert "/letters/guidance" in browser.open(page).links
    said = browser.open("/letters/guidance").text
    other = (cast.responsible if name == "harmed"
             else cast.harmed).browser().open("/letters/guidance").text
    assert len(said) > 500 and said != other


# two tabs, double submits


def test_two_tabs_both_texts_are_kept_and_shown(cast: Cast, browser: Browser, letter: UUID) -> None:
    other = cast.harmed.browser()
    other.open(f"/letters/{letter}/write")
    browser.send(f"/letters/{letter}/write", text="From the first tab.")
    page = other.send(f"/letters/{letter}/write", 409, text="From the second <tab>.")
    assert [form.fields["text"] for form in page.forms if "text" in form.fields] == [
        "From the second <tab>.",
        "From the first tab.",
    ]
    assert sorted(texts(cast, letter)) == ["From the first tab.", "From the second <tab>."]
    page = other.send(f"/letters/{letter}/write", text="From both tabs.")
    assert form(page, f"/letters/{letter}/write")["text"] == "From both tabs."
    assert len(texts(cast, letter)) == 3


def test_a_double_submit_saves_once_and_sends_once(cast: Cast,
                                                   browser: Browser, letter: UUID) -> None:
    first = browser.page
    browser.send(f"/letters/{letter}/write", text="Once.")
    browser.page = first
    browser.send(f"/letters/{letter}/write", text="Once.")
    assert texts(cast, letter) == ["Once."]
    check = browser.open(f"/letters/{letter}/check")
    browser.send(f"/letters/{letter}/send")
    browser.page = check
    assert browser.send(f"/letters/{letter}/send").url == f"/letters/{letter}"
    assert cast.row(letter).round == 1


def test_what_is_sent_is_what_was_checked(cast: Cast, browser: Browser, letter: UUID) -> None:
    browser.send(f"/letters/{letter}/write", text="Checked.")
    check = browser.open(f"/letters/{letter}/check")
    browser.open(f"/letters/{letter}/write")
    browser.send(f"/letters/{letter}/write", text="Changed meanwhile.")
    browser.page = check
    page = browser.send(f"/letters/{letter}/send", 409)
    assert "The letter was changed after you opened this page." in page.text
    assert "Changed meanwhile." in page.text
    assert cast.state(letter) is State.DRAFT


@pytest.mark.parametrize("text", ["", " \n ", "\u200b" * 3])
def test_nothing_cannot_be_sent(cast: Cast, browser: Browser, letter: UUID, text: str) -> None:
    browser.send(f"/letters/{letter}/write", text=text)
    browser.open(f"/letters/{letter}/check")
    assert ("There are no words in this letter yet." in browser.send(f"/letters/{letter}/send", 409)
            .text)
    assert cast.state(letter) is State.DRAFT


def test_a_letter_that_was_sent_cannot_be_changed_and_what_was_typed_is_kept(
    cast: Cast, browser: Browser, letter: UUID
) -> None:
    browser.send(f"/letters/{letter}/write", text="Sent.")
    edit = browser.page
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
    browser.page = edit
    page = browser.send(f"/letters/{letter}/write", (400, 409), text="Too late.")
    assert "This letter was sent meanwhile" in page.text
    assert form(page, f"/letters/{letter}/write")["text"] == "Too late."
    assert texts(cast, letter) == ["Sent."]
    assert browser.open(f"/letters/{letter}/check").url == f"/letters/{letter}"


def test_versions_are_kept_and_brought_back(cast: Cast, browser: Browser, letter: UUID) -> None:
    browser.send(f"/letters/{letter}/write", text="One <1>.")
    browser.send(f"/letters/{letter}/write", text="Two.")
    page = browser.open(f"/letters/{letter}/versions")
    assert "Two." in page.text and "One <1>." in page.text
    page = browser.send(f"/letters/{letter}/versions")
    assert form(page, f"/letters/{letter}/write")["text"] == "One <1>."
    assert texts(cast, letter) == ["One <1>.", "Two.", "One <1>."]


def test_taken_back_and_begun_again(cast: Cast, browser: Browser, letter: UUID) -> None:
    browser.send(f"/letters/{letter}/write", text="Words to keep.")
    browser.open(f"/letters/{letter}/check")
    browser.send(f"/letters/{letter}/send")
    page = browser.send(f"/letters/{letter}/take-back")
    assert "Taken back in time" in page.text and "It was stopped in time." in page.text
    page = browser.send(f"/letters/{letter}/again")
    assert last_id(page.url) != letter
    assert form(page, f"/letters/{last_id(page.url)}/write")["text"] == "Words to keep."
    browser.open(f"/letters/{letter}")
    browser.forge(f"/letters/{letter}/take-back", 200)
    assert cast.state(letter) is State.RECALLED


# ids that are none, or of others


@pytest.mark.parametrize("made_up", ["", "x", "0", NO_ID, "\0", "<b>", "1" * 10_000])
@pytest.mark.parametrize(("action", "field"),
                         [("send", "version"), ("versions", "version"), ("write", "basis")])
def test_ids_in_forms_that_lead_nowhere(
    cast: Cast, browser: Browser, letter: UUID, action: str, field: str, made_up: str
) -> None:
    browser.send(f"/letters/{letter}/write", text="Mine.")
    expect = 404
    if action == "write":  # a basis that is no version is like another tab's: both texts are kept
        expect = 409 if made_up == "" or len(made_up) == 36 else 404
    browser.forge(f"/letters/{letter}/{action}", expect, **{field: made_up, "text": "Other."})
    assert cast.state(letter) is State.DRAFT
    assert write.own_text(cast.platform, cast.harmed.me, letter).text == "Mine."  # type: ignore[union-attr]


def test_a_version_of_another_letter_is_none_of_this(cast: Cast,
                                                     browser: Browser, letter: UUID) -> None:
    other = cast.draft(cast.harmed, "Another letter.")
    browser.send(f"/letters/{letter}/write", text="Mine.")
    for action in ("send", "versions"):
        browser.forge(f"/letters/{letter}/{action}", 404, version=str(cast.row(other).draft_id))


@pytest.mark.parametrize("made_up", ["", "x", NO_ID, "theirs", "shut"])
def test_a_letter_begins_on_ones_own_open_channel_alone(cast: Cast, made_up: str) -> None:
    browser = cast.responsible.browser()
    browser.open("/letters")
    channel = {"theirs": cast.channel(cast.harmed),
               "shut": cast.channel(cast.responsible)}.get(made_up, made_up)
    browser.forge("/letters/new", 409 if made_up == "shut" else 404, channel=str(channel))
    with cast.platform.reading() as db:
        assert db.query(Letter).count() == db.query(Version).count() == 0


@pytest.mark.parametrize(
    "start",
    ["x", "_", "1_x", "9" * 30 + "_" + NO_ID, "-1_" + NO_ID, "1" * 5000, "%00", "٣_" + NO_ID]
)
def test_a_beginning_of_a_list_that_is_none_is_the_first_page(cast: Cast, start: str) -> None:
    cast.draft(cast.harmed)
    for path in ("/letters", "/for-you"):
        assert cast.harmed.browser().open(f"{path}?from={start}").status == 200
    for path in ("/desk", "/cases", "/desk?lane=x"):
        assert (cast.first.browser().open(f"{path}{'&' if '?' in path else '?'}from={start}").status
                == 200)


def test_long_lists_go_on_on_another_page(cast: Cast) -> None:
    letters = {str(write.begin_letter(cast.platform, cast.harmed.me, cast.channel(cast.harmed)))
               for _ in range(53)}
    browser, seen = cast.harmed.browser(), []
    browser.open("/letters")
    while True:
        links = [link for link in browser.page.links if link.startswith("/letters/")
                 and link != "/letters/guidance"]
        seen += [link.split("/")[2] for link in links]
        older = [link for link in browser.page.links if link.startswith("/letters?from=")]
        if not older:
            break
        browser.open(older[0])
    assert len(seen) == 53 and set(seen) == letters


def test_rule_22_who_harmed_is_not_told_whether_a_letter_was_stopped_in_time(cast: Cast) -> None:
    cast.open_the_way_back()
    browser, said = cast.responsible.browser(), []
    for letter in (cast.submitted(cast.responsible), cast.released(cast.responsible)):
        browser.open(f"/letters/{letter}")
        page = browser.send(f"/letters/{letter}/take-back")
        said.append("If it has not been handed over, it never will be." in page.text)
        assert "in time" not in page.text
    assert said == [True, True]


def test_somebody_who_answers_sees_what_they_were_asked(cast: Cast) -> None:
    letter = cast.released(cast.harmed, "Dear Robin,\n\nWhy did you stay silent?\n\nHanna")
    answer = cast.draft(cast.responsible, "I was a coward.")
    browser, asked = cast.responsible.browser(), "Why did you stay silent?"
    assert asked not in browser.open(f"/letters/{answer}/check").text
    browser.open(f"/for-you/{letter}")
    browser.send(f"/for-you/{letter}/open", way="all")
    page = browser.open(f"/letters/{answer}/check")
    assert asked in page.text and "telephone numbers" in page.text
    browser.open(f"/for-you/{letter}/before")
    browser.send(f"/for-you/{letter}/put", do="away")
    assert asked not in browser.open(f"/letters/{answer}/check").text


def test_a_flag_that_is_spelled_with_tags_is_kept_and_shown(
        cast: Cast, browser: Browser, letter: UUID) -> None:
    """Scotland's, from being saved to being read back."""
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    browser.send(f"/letters/{letter}/write", text=f"From {scotland} with hope.", then="check")
    for page in ("write", "read-back", "check"):
        assert f"From {scotland} with hope." in browser.open(f"/letters/{letter}/{page}").body


@pytest.mark.parametrize("whose", ["recovery code", "recovery code, pasted", "backup code"])
def test_a_code_in_a_letter_is_named_before_it_is_sent(
        cast: Cast, browser: Browser, letter: UUID, whose: str) -> None:
    code = {"backup": cast.first.backup_codes[0]}.get(whose[:6], cast.harmed.recovery_code)
    typed = code.replace("-", " \u2013 ").lower() if whose.endswith("pasted") else code
    page = browser.send(f"/letters/{letter}/write", text=f"Dear Robin,\n\n{typed}\n\nHanna",
                        then="check")
    for shown in (page, browser.open(f"/letters/{letter}/read-back")):
        assert "Is there a code in your letter?" in shown.text and code in shown.text
    browser.open(f"/letters/{letter}/check")
    page = browser.send(f"/letters/{letter}/send", 409)
    assert "Tick this box first" in page.text and cast.state(letter) is State.DRAFT
    browser.send(f"/letters/{letter}/send", sure="yes")
    assert cast.state(letter) is State.IN_REVIEW


def test_a_letter_without_a_code_asks_nothing_more(
        cast: Cast, browser: Browser, letter: UUID) -> None:
    page = browser.send(f"/letters/{letter}/write", text="From 1998-2000-2001 on, half-hour-long.",
                        then="check")
    assert "code" not in page.text and not page.forms[-1].boxes


def test_rule_23_questions_of_a_part_that_was_not_reached_are_shown_nowhere(cast: Cast) -> None:
    letter = cast.released(cast.harmed,
                           "Dear Robin,\n\nWhy did you stay silent?\n\nWhere were you?\n\nHanna")
    answer, browser = cast.draft(cast.responsible, "I hid."), cast.responsible.browser()
    browser.open(f"/for-you/{letter}")
    browser.send(f"/for-you/{letter}/open", way="parts")
    text = browser.open(f"/letters/{answer}/check").text
    assert "Why did you stay silent?" in text and "Where were you?" not in text
    browser.open(f"/for-you/{letter}")
    browser.send(f"/for-you/{letter}/turn")
    assert "Where were you?" in browser.open(f"/letters/{answer}/check").text


def test_rule_26_the_person_harmed_meets_no_words_of_his_letter_where_she_writes(
    cast: Cast,
) -> None:
    cast.open_the_way_back()
    letter = cast.released(cast.responsible, "Hanna,\n\nDo you think of me?\n\nRobin")
    browser = cast.harmed.browser()
    browser.open(f"/for-you/{letter}")
    browser.send(f"/for-you/{letter}/open", way="all")
    page = browser.open(f"/letters/{cast.draft(cast.harmed, 'Mine.')}/check")
    assert "Do you think of me?" not in page.text
