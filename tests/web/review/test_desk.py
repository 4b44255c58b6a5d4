"""The review desk: findings at their place, hidden characters made visible, two readers who do not
collide."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from letters.rehearsal.browser import Browser, ShownPage
from letters.rules.letter.lifecycle import State
from letters.storage.queries import lists
from letters.storage.tables.letters import AuditEntry, Version
from letters.workflow.decision import decide
from letters.workflow.record import record
from letters.workflow.review import desk, read_letter
from letters.workflow.writing import write
from tests.addresses.table import to_seal_again
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import hold
from tests.cast import PASSWORD, Cast, Player, sign_in_fully
from tests.web.pages import NO_ID

NUMBER = "07700 900123"
REASON = "A <b>reason</b> for the team."
SIGNED = {"questions": "yes", "password": PASSWORD}
"""What a reader adds who approves."""


@pytest.fixture
def letter(cast: Cast) -> UUID:
    """On the desk, with one finding."""
    return cast.submitted(cast.harmed, f"Call me on {NUMBER}. I am angry.")


def claimed(cast: Cast, letter: UUID, reader: Player) -> Browser:
    """On the page of a letter that this reader has claimed."""
    browser = reader.browser()
    browser.open(f"/desk/{letter}")
    browser.send(f"/desk/{letter}/claim", do="")
    return browser


def judged(cast: Cast, letter: UUID, reader: Player, then: str,
           disposition: str = "fine here") -> Browser:
    """On the page of a decision."""
    browser = claimed(cast, letter, reader)
    browser.send(f"/desk/{letter}/decide", **{"finding-1": disposition, "then": then})
    return browser


# reading


def test_the_list_shows_no_word_of_a_letter(cast: Cast, letter: UUID) -> None:
    page = cast.first.browser().open("/desk")
    assert f"/desk/{letter}" in page.links
    assert ("First reading (1)" in page.text and "Person harmed" in page.text
            and "Nobody" in page.text)
    assert NUMBER not in page.text and "angry" not in page.text
    assert cast.stranger_facilitator.browser().open("/desk").text.count("(0)") == 8


def test_findings_are_marked_at_their_place(cast: Cast, letter: UUID) -> None:
    page = cast.first.browser().open(f"/desk/{letter}")
    assert 'Call me on <span id="f1"></span><mark class="finding finding-' in page.body
    assert f'">{NUMBER}<sup><a href="#finding-1"' in page.body
    assert 'id="finding-1"' in page.body


def test_markup_in_a_letter_is_text_at_the_desk(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "<script>alert('x@example.org')</script><i>'\"")
    page = cast.first.browser().open(f"/desk/{letter}")
    assert re.findall("<script[^>]*>", page.body) == [
        f'<script src="/static/{name}.js" defer>' for name in ("desk", "unsent")]
    assert "<i>" not in page.body
    assert "<script>" in page.text and "alert('" in page.text


HIDING = "a\u200bb \u202etxet\u202c \0 \u2066x\u2069 \U000e0041 07700\u200b900123"


def test_hidden_characters_are_flagged_and_made_visible(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, HIDING)
    page = cast.first.browser().open(f"/desk/{letter}")
    sheet = page.body.split('class="letter-text"')[1].split("</article>")[0]
    for code in ("U+200B", "U+202E", "U+202C", "U+0000", "U+2066", "U+2069", "U+E0041"):
        assert f'<span class="unseen">{code}</span>' in sheet
    assert not set("\u200b\u202e\u202c\0\u2066\u2069\U000e0041") & set(sheet)
    assert "Hidden content" in page.text and "Contact details" in page.text


def test_nothing_hidden_is_anywhere_on_the_desk(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, HIDING)
    assert not set("\u200b\u202e\u202c\0\u2066\u2069\U000e0041") & set(
        cast.first.browser().open(f"/desk/{letter}").body
    )


def test_the_mirror_shows_what_the_recipient_will_see(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "It *was* so.\u200b")
    page = cast.first.browser().open(f"/desk/{letter}/approve")
    assert ">It <em>was</em> so.</p>" in page.body


def test_a_letter_that_was_never_sent_is_not_shown(cast: Cast) -> None:
    draft = cast.draft(cast.harmed, "mnemosyne")
    for path in ("", "/approve", "/hold", "/return"):
        assert "mnemosyne" not in cast.first.browser().open(f"/desk/{draft}{path}", 409).body


# deciding


def test_claim_judge_approve(cast: Cast, letter: UUID) -> None:
    browser = judged(cast, letter, cast.first, "approve")
    page = browser.send(f"/desk/{letter}/approve", **SIGNED)
    assert "Approved. Thank you." in page.text
    assert cast.state(letter) is State.APPROVED


def test_rule_13_the_person_who_harmed_is_read_by_two(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    claimed(cast, letter, cast.first).send(f"/desk/{letter}/decide", then="approve")
    first = judged(cast, letter, cast.first, "approve")
    assert "Write a few words here." in first.send(f"/desk/{letter}/approve", 400, **SIGNED).text
    first.send(f"/desk/{letter}/approve", **SIGNED, reason="It is his own.")
    assert cast.state(letter) is State.SECOND_READING
    first.open(f"/desk/{letter}")
    assert "1 of 2 needed" in first.page.text
    first.send(f"/desk/{letter}/claim", do="")
    assert "You have approved it. Another facilitator reads it now." in first.page.text
    first.forge(f"/desk/{letter}/approve", 409, version=str(cast.row(letter).submitted_id),
                password=PASSWORD)
    assert cast.state(letter) is State.SECOND_READING
    first.open(f"/desk/{letter}")
    first.send(f"/desk/{letter}/claim", do="give-back")
    second = judged(cast, letter, cast.second, "approve")
    second.send(f"/desk/{letter}/approve", **SIGNED, reason="It is his own.")
    assert cast.state(letter) is State.APPROVED


def test_rule_12_never_direct_no_decision_but_an_approval_moves_a_letter_on(
    cast: Cast, letter: UUID
) -> None:
    for reader in (cast.first, cast.second):
        reader.browser().open(f"/desk/{letter}")
        reader.browser().open(f"/desk/{letter}/approve")
    cast.release()
    assert cast.state(letter) is State.IN_REVIEW


@pytest.mark.parametrize("disposition", ["", "ask the writer", "redact", "escalate"])
def test_no_approval_before_every_finding_is_fine(cast: Cast, letter: UUID,
                                                  disposition: str) -> None:
    browser = judged(cast, letter, cast.first, "approve", disposition)
    assert "Approve this letter" in browser.page.text and "Your password" not in browser.page.text
    leads = {"": "say what", "ask the writer": "returning", "redact": "left out",
             "escalate": "alert"}[disposition]
    assert leads in browser.page.text.split("Finding 1: ")[1]
    page = browser.forge(
        f"/desk/{letter}/approve", 409, version=str(cast.row(letter).submitted_id),
        password=PASSWORD
    )
    assert "Mark every finding as fine here before you approve." in page.text
    assert leads in page.text.split("Finding 1: ")[1] and "#choice-1" in page.links
    assert cast.state(letter) is State.IN_REVIEW


def test_a_wrong_password_approves_nothing(cast: Cast, letter: UUID) -> None:
    page = judged(cast, letter, cast.first,
                  "approve").send(f"/desk/{letter}/approve", 400, password="mnemosyne")
    assert "This is not your password." in page.text and "mnemosyne" not in page.body
    assert cast.state(letter) is State.IN_REVIEW


def test_held_with_a_reason_and_a_date_and_taken_up_again(cast: Cast, letter: UUID) -> None:
    browser = judged(cast, letter, cast.first, "hold", "escalate")
    for review_on, reason in (
        ("", REASON),
        ("2027-01-04", REASON),
        ("not a day", REASON),
        ("2030-01-01", " "),
        ("2030-01-01", "x" * 10_001),
        ("9" * 5000, REASON),
        ("\0", REASON),
    ):
        page = browser.send(f"/desk/{letter}/hold", 400, reason=reason, review_on=review_on)
        assert next(form.fields["reason"] for form in page.forms
                    if "reason" in form.fields) == reason
        assert next(form.fields["review_on"] for form in page.forms
                    if "reason" in form.fields) == review_on
    browser.send(f"/desk/{letter}/hold", reason=REASON, review_on="2030-01-01")
    assert cast.state(letter) is State.HELD
    page = cast.second.browser().open(f"/desk/{letter}")
    assert "Held until 1 January 2030." in page.text
    assert REASON in page.text  # pasted markup became text
    browser.open(f"/desk/{letter}")
    browser.send(f"/desk/{letter}/resume")
    assert cast.state(letter) is State.IN_REVIEW


def test_a_letter_to_seal_again_can_be_held_instead(cast: Cast) -> None:
    letter = to_seal_again(cast)[0]["letter_id"]
    assert isinstance(letter, UUID)
    # not before it is claimed
    assert "Hold …" not in cast.first.browser().open(f"/desk/{letter}").text
    browser = claimed(cast, letter, cast.first)
    assert "Hold …" in browser.page.text and "Seal it again" in browser.page.text
    assert "Approve …" not in browser.page.text and "Return …" not in browser.page.text
    browser.send(f"/desk/{letter}/decide", then="hold")
    browser.send(f"/desk/{letter}/hold", reason=REASON, review_on="2030-01-01")
    assert cast.state(letter) is State.HELD


def test_rule_15_returned_with_reasons_and_only_the_writer_changes_words(
    cast: Cast, letter: UUID
) -> None:
    browser = judged(cast, letter, cast.first, "return", "ask the writer")
    page = browser.send(f"/desk/{letter}/return", 400, reason="", note="Kind <words>.")
    assert next(form.fields["note"] for form in page.forms
                if "note" in form.fields) == "Kind <words>."
    browser.send(f"/desk/{letter}/return", reason="Only the team reads this.",
                 note="Kind <words>.\u202e")
    writer = cast.harmed.browser()
    for path in (f"/letters/{letter}", f"/letters/{letter}/write"):
        page = writer.open(path)
        assert "Kind <words>." in page.text and "Only the team" not in page.text
    assert (
        next(form.fields["text"] for form in page.forms if "text" in form.fields)
        == f"Call me on {NUMBER}. I am angry."
    )
    for action in ("write", "send", "versions"):
        browser.open("/desk")
        browser.forge(f"/letters/{letter}/{action}", 403, text="Words of a facilitator.")


def test_dispositions_are_the_readers_own_and_the_last_saved_counts(
    cast: Cast, letter: UUID
) -> None:
    claimed(cast, letter, cast.first).send(f"/desk/{letter}/decide",
                                           **{"finding-1": "redact", "then": "save"})
    browser = claimed_again = cast.first.browser()
    browser.open(f"/desk/{letter}")
    claimed_again.send(f"/desk/{letter}/decide", **{"finding-1": "escalate", "then": "save"})
    assert _chosen(browser.open(f"/desk/{letter}")) == "escalate"
    assert _chosen(cast.second.browser().open(f"/desk/{letter}")) == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("finding-9999", "fine here"),
        ("finding-", "fine here"),
        ("finding-x", "fine here"),
        ("finding-0", "fine here"),
        ("finding--1", "fine here"),
        ("finding-1", "made up"),
        ("finding-1", "\0"),
        ("then", "made-up"),
        pytest.param("finding-²", "fine here"),
        pytest.param("finding-" + "1" * 5000, "fine here"),
    ],
)
def test_made_up_fields_of_the_findings_form(
    cast: Cast, in_service: Flask, letter: UUID, field: str, value: str
) -> None:
    browser = claimed(cast, letter, cast.first)
    browser.send(f"/desk/{letter}/decide", 200 if value == "fine here" else 400, **{field: value})
    browser.open(f"/desk/{letter}")
    assert cast.state(letter) is State.IN_REVIEW


@pytest.mark.parametrize("made_up", ["", "x", "\0", NO_ID])
@pytest.mark.parametrize("action", ["decide", "approve", "hold", "return"])
def test_a_version_that_is_none_decides_nothing(cast: Cast, letter: UUID, action: str,
                                                made_up: str) -> None:
    browser = claimed(cast, letter, cast.first)
    browser.forge(
        f"/desk/{letter}/{action}",
        409 if len(made_up) == 36 else 404,
        version=made_up,
        password=PASSWORD,
        reason=REASON,
        note=REASON,
        review_on="2030-01-01",
    )
    assert cast.state(letter) is State.IN_REVIEW


# two at once


def test_while_one_has_claimed_it_the_other_is_told_and_cannot_decide(
    cast: Cast, letter: UUID
) -> None:
    first, second = claimed(cast, letter, cast.first), cast.second.browser()
    page = second.open(f"/desk/{letter}")
    assert "Frances First has claimed this letter until" in page.text
    second.forge(f"/desk/{letter}/claim", 409)
    version = str(cast.row(letter).submitted_id)
    for action in ("approve", "hold", "return"):
        page = second.forge(
            f"/desk/{letter}/{action}",
            409,
            version=version,
            password=PASSWORD,
            reason=REASON,
            note=REASON,
            review_on="2030-01-01",
            **{"finding-1": "fine here"},
        )
        assert "claim" in page.text or "findings" in page.text
    assert cast.state(letter) is State.IN_REVIEW
    first.open(f"/desk/{letter}")
    first.send(f"/desk/{letter}/claim", do="give-back")
    second.open(f"/desk/{letter}")
    second.send(f"/desk/{letter}/claim")


def test_a_claim_runs_out_and_the_other_may_take_over(cast: Cast, letter: UUID) -> None:
    first = judged(cast, letter, cast.first, "hold", "escalate")
    for _ in range(5):
        cast.clock.advance(minutes=25)
        first.open(f"/desk/{letter}/hold")
        cast.second.browser().open("/desk")
    page = first.send(f"/desk/{letter}/hold", 409, reason=REASON, review_on="2030-01-01")
    assert "What you noted on the findings is kept." in page.text
    claimed(cast, letter, cast.second)
    assert "You noted: escalate" in first.open(f"/desk/{letter}").text


def test_two_decide_at_once_the_second_is_told_kindly_and_notes_are_kept(
    cast: Cast, letter: UUID
) -> None:
    first = judged(cast, letter, cast.first, "approve")
    cast.clock.advance(hours=3)  # the first one's claim has run out while the page was open
    read_letter.claim(cast.platform, cast.second.me, letter)
    decide.hold(
        cast.platform,
        cast.second.me,
        letter,
        cast.row(letter).submitted_id,
        REASON,
        cast.clock().date().replace(year=2999),
    )
    cast.first.token = sign_in_fully(cast.platform, "first")
    again = cast.first.browser()
    again.page = first.page
    again.open(f"/desk/{letter}/approve")
    page = again.send(f"/desk/{letter}/approve", 409, **SIGNED)
    assert "Somebody may have been quicker" in page.text
    assert cast.state(letter) is State.HELD
    assert "You noted: fine here" in again.open(f"/desk/{letter}").text


def test_what_was_typed_too_late_is_shown_and_sent_again(cast: Cast, letter: UUID) -> None:
    """The claim ran out, a colleague has the letter: nothing is decided, and no word is lost on the
    way back."""
    browser = judged(cast, letter, cast.first, "return", "ask the writer")
    form = browser.page
    read_letter.unclaim(cast.platform, cast.first.me, letter)
    read_letter.claim(cast.platform, cast.second.me, letter)
    page = browser.send(f"/desk/{letter}/return", 409, reason="For the team.", note="Kind <words>.")
    assert "Claim it and go on" not in page.text
    assert _typed(page, "note") == "Kind <words>." and _typed(page, "reason") == "For the team."
    read_letter.unclaim(cast.platform, cast.second.me, letter)
    browser.page = form
    browser.send(f"/desk/{letter}/return", 409, reason="For the team.", note="Kind <words>.")
    page = browser.send(f"/desk/{letter}/claim")
    assert _typed(page, "note") == "Kind <words>." and _typed(page, "reason") == "For the team."
    browser.send(f"/desk/{letter}/return")
    assert cast.state(letter) is State.RETURNED


def test_dispositions_of_a_version_that_was_replaced_are_kept_to_copy(
    cast: Cast, letter: UUID
) -> None:
    browser = claimed(cast, letter, cast.first)
    write.recall(cast.platform, cast.harmed.me, letter)
    again = write.begin_again(cast.platform, cast.harmed.me, letter)
    write.submit(cast.platform, cast.harmed.me, again, cast.row(again).draft_id)  # type: ignore[arg-type]
    for then in ("hold", "keep"):
        page = browser.forge(
            f"/desk/{again}/decide",
            409,
            version=str(cast.row(letter).submitted_id),
            then=then,
            **{"finding-1": "escalate"},
        )
        assert "Finding 1: escalate" in page.text


def test_a_letter_is_asked_for_and_handed_over_with_one_click(cast: Cast, letter: UUID) -> None:
    first, second = claimed(cast, letter, cast.first), cast.second.browser()
    second.open(f"/desk/{letter}")
    assert "Ask for it" in second.page.text
    second.send(f"/desk/{letter}/claim", do="ask")
    assert "If there is no answer you may take it from" in second.page.text
    assert "Sam Second asks for it" in first.open("/desk").text
    assert "Sam Second asks you for this letter" in first.open(f"/desk/{letter}").text
    first.send(f"/desk/{letter}/claim", do="hand-over")
    assert "You" in second.open("/desk?lane=mine").text and "Mine (1)" in second.page.text
    second.open(f"/desk/{letter}")
    second.send(f"/desk/{letter}/claim", do="hand-on")
    assert "Unclaimed (0)" in second.page.text
    assert "A colleague asks you to take it" in first.open("/desk?lane=unclaimed").text


# the mirror, and care


def test_rule_22_when_it_would_go_is_said_to_the_team_alone(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    page = claimed(cast, letter, cast.first).open(f"/desk/{letter}/approve")
    assert ("The person harmed has not said that they are ready" in page.text
            and "Earliest: " in page.text)
    assert "Earliest" not in cast.responsible.browser().open(f"/letters/{letter}").text


def test_rules_13_and_14_the_checklist_is_the_writers(cast: Cast, letter: UUID) -> None:
    text = cast.first.browser().open(f"/desk/{letter}").text
    assert "Anger is not on the list" in text and "self-pity" not in text
    cast.open_the_way_back()
    text = cast.first.browser().open(f"/desk/{cast.submitted(cast.responsible)}").text
    assert "names the specific harm" in text and "self-pity" in text and "Anger is not" not in text


def test_after_a_heavy_letter_a_talk_is_offered(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "I want to kill myself. I will end my life tonight.")
    assert "Heavy to read" in cast.first.browser().open("/desk").text
    browser = judged(cast, letter, cast.first, "hold", "escalate")
    page = browser.send(f"/desk/{letter}/hold", reason=REASON, review_on="2030-01-01")
    assert "After this letter" in page.text
    assert "two years" in browser.send(f"/desk/{letter}/debrief", 400, on="").text
    browser.send(f"/desk/{letter}/debrief", on=cast.platform.today().isoformat())
    with cast.platform.reading() as db:
        tasks = record.to_decide(cast.platform, db, cast.case).process.open_tasks
    assert [(task.kind, task.about) for task in tasks] == [("debrief", cast.first.id)]


def test_past_ones_own_number_one_is_asked_and_never_hindered(cast: Cast, letter: UUID) -> None:
    browser = cast.first.browser()
    browser.open("/desk/settings")
    browser.send("/desk/settings", 400, most_a_day="many")
    browser.send("/desk/settings", most_a_day="1")
    claimed(cast, letter, cast.first)
    other = cast.submitted(cast.harmed)
    browser.open(f"/desk/{other}")
    page = browser.send(f"/desk/{other}/claim")
    assert ("You wanted to read no more than 1 today" in page.text
            and cast.row(other).claimed_by is None)
    browser.send(f"/desk/{other}/claim")
    assert cast.row(other).claimed_by == cast.first.id
    cast.stranger_facilitator.browser().forge(f"/desk/{other}/claim", (400, 404))


def test_keys_are_opt_in_and_each_for_oneself(cast: Cast, letter: UUID) -> None:
    browser = cast.first.browser()
    assert "data-keys" not in browser.open(f"/desk/{letter}").body
    browser.open("/desk/settings")
    browser.send("/desk/settings", use_keys="yes")
    body = browser.open(f"/desk/{letter}").body
    assert "&#34;next&#34;: &#34;n&#34;" in body.split("data-keys=")[1][:200]
    assert "data-keys" not in cast.second.browser().open(f"/desk/{letter}").body


def test_a_double_submit_approves_once(cast: Cast, letter: UUID) -> None:
    browser = judged(cast, letter, cast.first, "approve")
    form = browser.page
    browser.send(f"/desk/{letter}/approve", **SIGNED)
    browser.page = form
    browser.send(f"/desk/{letter}/approve", **SIGNED)
    browser.page = form
    browser.send(f"/desk/{letter}/approve", 409, **SIGNED, once="of another page")
    assert cast.state(letter) is State.APPROVED


def test_a_letter_taken_back_meanwhile_is_not_approved(cast: Cast, letter: UUID) -> None:
    browser = judged(cast, letter, cast.first, "approve")
    write.recall(cast.platform, cast.harmed.me, letter)
    browser.send(f"/desk/{letter}/approve", 409, **SIGNED)
    assert cast.state(letter) is State.RECALLED


def test_a_lost_nudge_loses_no_decision(
    cast: Cast, in_service: Flask, letter: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "touch", broken)
    page = judged(cast, letter, cast.first, "approve").send(f"/desk/{letter}/approve", **SIGNED)
    assert "Approved. Thank you." in page.text


def test_the_desk_says_where_something_on_it_does_not_verify(cast: Cast, letter: UUID) -> None:
    said, browser = "Something on this desk could not be checked", cast.first.browser()
    assert said not in browser.open("/desk").text
    with cast.platform.writing() as db:
        db.execute(update(Version).where(Version.letter_id == letter).values(weight=b"made up"))
    page = browser.open("/desk")
    assert said in page.text and page.text.count("Could not be checked") == 1


def _chosen(page: ShownPage) -> str:
    found = re.search(r'type="radio"\s+value="([^"]*)" checked>', page.body)
    return found.group(1) if found else ""


def _typed(page: ShownPage, field: str) -> str:
    return next(form.fields[field] for form in page.forms if field in form.fields)


def test_a_reason_that_comes_too_late_is_not_lost(cast: Cast) -> None:
    """Of an approval too, by the second reader of two."""
    cast.open_the_way_back()
    letter, browser = cast.submitted(cast.responsible, "I am sorry."), cast.first.browser()
    read_letter.claim(cast.platform, cast.first.me, letter)
    browser.open(f"/desk/{letter}/approve")
    read_letter.unclaim(cast.platform, cast.first.me, letter)
    read_letter.claim(cast.platform, cast.second.me, letter)
    page = browser.send(f"/desk/{letter}/approve", 409, password=PASSWORD,
                        reason="It names the goshawk.")
    assert "It names the goshawk." in page.text and PASSWORD not in page.text


def test_a_claim_says_until_when_and_a_held_letter_is_taken_up_in_one_way(
    cast: Cast, letter: UUID
) -> None:
    browser = cast.first.browser()
    browser.open(f"/desk/{letter}")
    browser.send(f"/desk/{letter}/claim")
    page = browser.open(f"/desk/{letter}")
    assert "Claimed by you until 12:00." in page.text
    held = cast.submitted(cast.harmed)
    hold(cast, held, cast.first)
    page = browser.open(f"/desk/{held}")
    assert "Take it up again" in page.text and "Claim this letter" not in page.text


def test_rule_13_a_second_reading_is_not_offered_to_the_first_reader(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.first)
    for reader, free, said in ((cast.first, 0, True), (cast.second, 1, False)):
        page = reader.browser().open("/desk?lane=unclaimed")
        assert page.text.count("Second reading") >= 1 and f"Unclaimed ({free})" in page.text
        assert ("A colleague: you have approved it" in reader.browser().open("/desk").text) is said


def test_claim_next_goes_past_held_letters(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "TRIED", 1)
    hold(cast, cast.submitted(cast.harmed), cast.first)
    cast.clock.advance(minutes=5)
    letter = cast.submitted(cast.harmed)
    assert desk.claim_next(cast.platform, cast.second.me) == letter


def test_claim_next_goes_past_a_case_that_does_not_verify(cast: Cast) -> None:
    cast.submitted(cast.harmed)
    cast.prepare_strange()
    cast.clock.advance(minutes=5)
    letter = cast.submitted(cast.stranger_harmed)
    Attacker(cast.platform).run(update(AuditEntry).where(
        AuditEntry.case_id == cast.case, AuditEntry.number == 5).values(mac=b"x" * 32))
    browser = cast.first.browser()
    browser.open("/desk")
    assert browser.send("/desk/next").url.endswith(f"/desk/{letter}")


def test_the_list_is_turned_round_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = []
    for _ in range(3):
        letters.append(str(cast.submitted(cast.harmed)))
        cast.clock.advance(days=1)
    cast.first.token = sign_in_fully(cast.platform, "first")
    browser = cast.first.browser()

    def listed(asked: str) -> list[str]:
        return [link.removeprefix("/desk/") for link in browser.open(f"/desk{asked}").links
                if link.removeprefix("/desk/") in letters]

    assert listed("") == letters and listed("?order=newest") == letters[::-1]
    monkeypatch.setattr(lists, "PAGE", 2)
    page = browser.open("/desk?order=newest&lane=unclaimed")
    more = next(link for link in page.links if "from=" in link)
    assert "order=newest" in more and "lane=unclaimed" in more
    assert f"/desk/{letters[0]}" in browser.open(more).links
