"""The rooms of the process, as the case's team meets them: each form works, and keeps what was
typed."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from letters.rehearsal.browser import Browser, ShownPage
from letters.rules.case.process import Outcome, Process
from letters.rules.errors import NotAllowed, NotFound
from letters.rules.roles import Role
from letters.workflow.access import sealed_notes
from letters.workflow.accounts import invite
from letters.workflow.cases.case_file import opened
from letters.workflow.preparation import assessment, background, consent, referral, steps
from letters.workflow.record import record
from tests.cast import Cast, Player, sign_in_fully
from tests.workflow.losing import NEW, lost

READING = ("referral", "conviction", "acknowledgement", "orders", "assessment", "risks",
           "agreement", "tasks",
           "closing", "calendar")
LONG = "x" * 10_001


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """Of the first facilitator, on the case's page."""
    found = cast.first.browser()
    found.open(f"/cases/{cast.case}")
    return found


def process(cast: Cast) -> Process:
    """What the trail tells."""
    with cast.platform.reading() as db:
        return record.to_decide(cast.platform, db, cast.case).process


def put(cast: Cast, browser: Browser, room: str, expect: int = 200, **fields: str) -> ShownPage:
    """Open a room and send its form."""
    path = f"/cases/{cast.case}/{room}"
    browser.open(path)
    return browser.send(path, expect, **fields)


def keeps(page: ShownPage, **fields: str) -> bool:
    """Does a form of the page still have all that was typed?"""
    # of an empty choice a browser sends the first
    typed = {name: words for name, words in fields.items() if words}
    return any(typed.items() <= form.fields.items() for form in page.forms)


def day(cast: Cast, later: int = 0) -> str:
    return (cast.platform.today() + timedelta(days=later)).isoformat()


def members_alone(cast: Cast) -> Player:
    """A third member of the team, who joined without a handover."""
    third = Player(cast.app, cast.platform, "third",
                   invite.invite_staff(cast.platform, Role.FACILITATOR, "Toni Third"))
    cast.join(cast.case, cast.first, third, handover=False)
    return third


# --- what is wrong keeps what was typed

@pytest.mark.parametrize(("room", "fields"), [
    ("referral", {"source": "", "words": "She called."}),
    ("conviction", {"convicted": "", "words": "As the court said."}),
    ("conviction", {"convicted": "yes", "words": LONG}),
    ("orders", {"begins": "", "words": "No calls."}),
    ("orders", {"begins": "2027-02-02", "ends": "2027-02-01", "words": "No calls."}),
    ("orders", {"begins": "2027-02-02", "ends": "soon", "words": "No calls."}),
    ("risks", {"words": LONG}),
    ("tasks", {"kind": "", "about": "", "on": "2030-01-01", "words": "Call her."}),
    ("tasks", {"kind": "other", "about": "", "on": "2030-01-01", "words": "Call her."}),
    ("tasks", {"kind": "other", "on": "1999-01-01", "words": "Call her."}),
    ("people/{harmed}", {"do": "companion", "kind": "", "words": "Her sister."}),
    ("people/{harmed}", {"do": "age", "age": "GUARDIAN"}),
    ("people/{harmed}", {"do": "step", "step": "opening", "on-opening": "2030-01-01"}),
    ("agreement",
     {"days": "soon", "topics": "The night.", "address": "Hanna", "not-to-be-used": "dear\nlove"}),
    ("agreement", {"replies": "-1", "topics": "The night."}),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
        cast: Cast, browser: Browser, room: str, fields: dict[str, str]) -> None:
    before = process(cast)
    page = put(cast, browser, room.format(harmed=cast.harmed.id), 400, **fields)
    assert "<title>Error: " in page.body
    assert keeps(page, **{name: typed for name, typed in fields.items() if name != "do"})
    assert process(cast) == before


def test_a_long_assessment_is_kept_as_typed_whatever_is_missing(
    cast: Cast, browser: Browser
) -> None:
    asked = cast.platform.framework.assessment
    typed = {f"{one.id}-{part}": f"{part} of {one.id}" for one in asked.dimensions
             for part in ("evidence", "plan")}
    typed |= {f"{one.id}-rating": asked.ratings[1] for one in asked.dimensions[1:]}
    rated = {"outcome": "SUITABLE", "motivation-rating": asked.ratings[0]}
    for wrong in ({**rated, "motivation-rating": ""}, {**rated, "outcome": ""},
                  {**rated, "until": day(cast, 99)},
                  {**rated, "motivation-plan": LONG}):
        assert keeps(put(cast, browser, "assessment", 400, **{**typed, **wrong}),
                     **{**typed, **wrong})
    assert len(process(cast).assessments) == 2  # as the case was prepared


# --- each form works

def test_rule_03_one_records_another_confirms_and_what_no_longer_stands_stops_everything(
        cast: Cast, browser: Browser) -> None:
    put(cast, browser, "acknowledgement", do="withdraw", words="He took it back.")
    page = browser.open(f"/cases/{cast.case}/acknowledgement")
    assert ("Withdrawn on" in page.text and "He took it back." in page.text
            and "A guilty plea" in page.text)
    assert "Acknowledgement of harm" in missing(browser, cast)
    put(cast, browser, "acknowledgement", 400, do="record", evidence=" ")
    put(cast, browser, "acknowledgement", do="record", evidence="In a talk in June.")
    page = browser.open(f"/cases/{cast.case}/acknowledgement")
    assert "Confirm what was recorded" not in page.text
    told = process(cast).acknowledgement
    assert told is not None
    browser.forge(f"/cases/{cast.case}/acknowledgement", 409, do="confirm", told=str(told.id))
    put(cast, cast.second.browser(), "acknowledgement", do="confirm")
    assert missing(browser, cast) == []
    background.withdraw_acknowledgement(cast.platform, cast.responsible.me, cast.case,
                                        "I cannot say it any more.")
    assert "I cannot say it any more." in browser.open(f"/cases/{cast.case}/acknowledgement").text


def missing(browser: Browser, cast: Cast) -> list[str]:
    """The titles of what the case's page says is missing."""
    body = browser.open(f"/cases/{cast.case}").body.split("What is missing")[1].split("<h2>")[0]
    return re.findall(r"<(?:a href[^>]*|span)>([^<]*)<", body)


def test_rule_04_no_conviction_is_recorded_and_named_as_missing(
    cast: Cast, browser: Browser
) -> None:
    put(cast, browser, "conviction", convicted="no", words="Acquitted.")
    page = browser.open(f"/cases/{cast.case}/conviction")
    assert "There is no conviction." in page.text and "Acquitted." in page.text
    assert missing(browser, cast) == ["Conviction"]


def test_rule_05_an_order_stands_for_its_days_and_can_be_ended(
    cast: Cast, browser: Browser
) -> None:
    page = put(cast, browser, "orders", do="record", begins=day(cast), ends=day(cast, 3),
               words="No letters.")
    assert "An order stands." in page.text and "No letters." in page.text
    assert missing(browser, cast) == ["No-contact order"]
    assert "A no-contact order ends" in browser.open(f"/cases/{cast.case}/calendar").text
    order = str(next(iter(process(cast).orders)))
    assert "Nothing was changed." in put(cast, browser, "orders", 400, do="end", order=order).text
    assert missing(browser, cast) == ["No-contact order"]  # a click alone opens no gate
    put(cast, browser, "orders", do="end", order=order, sure="yes")
    assert missing(browser,
                   cast) == [] and "Ended on" in browser.open(f"/cases/{cast.case}/orders").text


def test_rule_07_a_guardian_is_recorded_before_they_count(cast: Cast, browser: Browser) -> None:
    person = f"people/{cast.harmed.id}"
    page = put(cast, browser, person, do="companion", kind="guardian",
               words="Her mother, in writing.")
    assert "Her mother, in writing." in page.text
    assert "A guardian has agreed." in put(cast, browser, person, do="age", age="GUARDIAN").text


def test_rule_09_a_step_is_done_undone_and_done_anew(cast: Cast, browser: Browser) -> None:
    person = f"people/{cast.responsible.id}"
    put(cast, browser, person, do="undo", step="responsibility")
    assert missing(browser, cast) == ["Preparation"]
    assert "Preparation is not done" in browser.open(f"/cases/{cast.case}/calendar").text
    put(cast, browser, person,
        **{"do": "step", "step": "responsibility", "on-responsibility": day(cast, -1)})
    assert missing(browser, cast) == []
    browser.forge(f"/cases/{cast.case}/{person}", 400, do="step", step="no-such-step")
    browser.open(f"/cases/{cast.case}/people/{cast.stranger_harmed.id}", 404)


def test_rule_02_the_log_of_consents_tells_version_and_who_explained(
    cast: Cast, browser: Browser
) -> None:
    consent.withdraw(cast.platform, cast.harmed.me, cast.case, ["kept"])
    text = browser.open(f"/cases/{cast.case}/people/{cast.harmed.id}").text
    assert "May your letters be kept? – given, version 1, explained by Frances First" in text
    assert "May your letters be kept? – withdrawn" in text
    assert missing(browser, cast) == ["Consent"]


def test_rule_10_a_risk_holds_everything_until_it_was_looked_at_anew(
    cast: Cast, browser: Browser
) -> None:
    assessment.report_risk(cast.platform, cast.harmed.me, cast.case, "He was at my door.")
    referral.keep_request(cast.platform, cast.responsible.me, cast.case, "May I write sooner?")
    page = put(cast, browser, "risks", words="I heard the same.")
    for words in ("A risk on", "by Hanna Harmed", "He was at my door.", "I heard the same.",
                  "May I write sooner?"):
        assert words in page.text
    # what a party told opened an alert, too
    assert missing(browser, cast) == ["Risk", "Safeguarding"]
    asked = cast.platform.framework.assessment
    ratings = {f"{one.id}-rating": asked.ratings[1] for one in asked.dimensions}
    put(cast, browser, "assessment", outcome="SUITABLE", until=day(cast, 9), **ratings, **{
        "power-evidence": "Talked over."})
    page = browser.open(f"/cases/{cast.case}/assessment")
    # a second member looks, too, and sees the first's words once they have
    assert "Talked over." in page.text
    assert sorted(missing(browser, cast)) == ["Assessment", "Safeguarding"]
    second = cast.second.browser()
    assert "Talked over." not in second.open(f"/cases/{cast.case}/assessment").text
    assert "Look at suitability yourself" in second.open("/today").text
    second.open(f"/cases/{cast.case}/assessment")
    second.send(f"/cases/{cast.case}/assessment", outcome="SUITABLE", until=day(cast, 9),
                **ratings)
    page = second.open(f"/cases/{cast.case}/assessment")
    earlier = [link for link in page.links if f"/cases/{cast.case}/assessment/" in link]
    assert missing(browser, cast) == ["Safeguarding"]
    assert "Look at suitability yourself" not in second.open("/today").text
    assert "Talked over." in second.open(earlier[0]).text
    assert "As told in the talks." in browser.open(earlier[-1]).text
    browser.open(f"/cases/{cast.case}/assessment/{cast.case}", 404)
    assert "Risks from before" in browser.open(f"/cases/{cast.case}/risks").text


def test_rule_17_a_new_version_waits_for_both_and_the_earlier_one_stands(
    cast: Cast, browser: Browser
) -> None:
    own = {f"own-{cast.harmed.id}": "You can stop after each."}
    page = put(cast, browser, "agreement", replies="3", days="7", topics="That night.", **own)
    assert "You can stop after each." in page.text and page.text.count("has not agreed yet") == 2
    found = process(cast)
    assert [one.terms.replies for one in found.agreements] == [None, 3]
    assert found.agreement(cast.harmed.id, cast.responsible.id) == found.agreements[0]
    assert missing(browser, cast) == []
    browser.forge(f"/cases/{cast.case}/agreement", 200, first="HARMED", days="0",
                  **{"own-nobody": "x"})


def test_rule_27_what_came_of_a_promise_is_told_to_the_person_harmed(
    cast: Cast, browser: Browser
) -> None:
    page = put(cast, browser, "tasks", do="set", kind="promise", about=str(cast.responsible.id),
               on=day(cast),
               words="He sends the money back.")
    assert "He sends the money back." in page.text
    task = next(iter(process(cast).tasks))
    finishing = {"do": "finish", "task": str(task), f"outcome-{task}": "PARTLY"}
    assert keeps(put(cast, browser, "tasks", 400,
                     **{**finishing, f"outcome-{task}": "", f"words-{task}": "Half."}),
                 **{f"words-{task}": "Half."})
    page = put(cast, browser, "tasks", 400, **finishing)
    assert f'href="#words-{task}"' in page.body
    assert "In part" in put(cast, browser, "tasks", **finishing,
                            **{f"words-{task}": "Half of it."}).text
    with cast.platform.reading() as db:
        told = sealed_notes.opened(cast.platform, db, cast.harmed.me.identity, cast.harmed.id, task,
                                   record.read(cast.platform, db, cast.case).ever_joined)
    assert [(note.kind, note.words) for note in told] == [
        ("promise", "He sends the money back."), ("outcome", "Half of it.")]


def test_a_debrief_is_of_the_team_and_its_kind_is_never_somebodys_words(
    cast: Cast, browser: Browser
) -> None:
    task = {"on": day(cast), "words": "Talk it over."}
    put(cast, browser, "tasks", 400, kind="debrief", about=str(cast.harmed.id), **task)
    put(cast, browser, "tasks", 400, kind="what he told me", about=str(cast.harmed.id), **task)
    assert "Sam Second" in put(cast, browser, "tasks", kind="debrief", about=str(cast.second.id),
                               **task).text


def test_a_case_is_closed_when_nothing_is_left_and_can_go_on(cast: Cast, browser: Browser) -> None:
    closing = f"/cases/{cast.case}/closing"
    page = put(cast, browser, "closing", do="begin")
    assert "A closing talk with Hanna Harmed" in page.text
    browser.forge(closing, 409, do="close")
    for who in (cast.harmed, cast.responsible):
        put(cast, browser, f"people/{who.id}",
            **{"do": "step", "step": "last-talk", "on-last-talk": day(cast)})
    put(cast, browser, "closing", do="close")
    assert "Closed." in browser.open(f"/cases/{cast.case}").text
    assert "Nothing waits here." in browser.open(f"/cases/{cast.case}/calendar").text
    put(cast, browser, "closing", 400, do="go-on")
    assert process(cast).closed is not None  # a click alone opens no gate
    put(cast, browser, "closing", do="go-on", sure="yes")
    assert process(cast).closed is None


# --- who reads what

def test_rule_06_a_wish_for_another_facilitator_is_shown_with_who_was_named(
    cast: Cast, browser: Browser
) -> None:
    assert "Frances First, chosen by the person harmed" in browser.open(f"/cases/{cast.case}").text
    referral.wish_another(cast.platform, cast.harmed.me, cast.case, cast.stranger_facilitator.id)
    text = browser.open(f"/cases/{cast.case}").text
    assert "wishes for another facilitator" in text and "They named Ellis Elsewhere" in text
    referral.wish_another(cast.platform, cast.harmed.me, cast.case)
    assert "They named" not in browser.open(f"/cases/{cast.case}").text
    referral.choose(cast.platform, cast.harmed.me, cast.case, cast.second.id)
    assert "wishes for another" not in browser.open(f"/cases/{cast.case}").text


def test_who_joined_without_a_handover_reads_facts_and_no_earlier_words(cast: Cast) -> None:
    background.record_order(cast.platform, cast.first.me, cast.case, cast.platform.today(), None,
                            "No letters.")
    third = members_alone(cast).browser()
    for room in READING:
        text = third.open(f"/cases/{cast.case}/{room}").text
        for words in ("Found guilty", "A guilty plea", "As told in the talks", "That night",
                      "No letters."):
            assert words not in text
    assert "you cannot open" in third.open(f"/cases/{cast.case}/assessment").text


def test_a_colleague_whose_access_was_reset_is_led_to_the_way_back(cast: Cast) -> None:
    lost(cast, cast.second, cast.administrator)
    person = cast.second.browser()
    token = sign_in_fully(cast.platform, "second", NEW)
    person.client.set_cookie("__Host-session", token.hex(), domain="localhost", secure=True)
    for room in (*READING, f"people/{cast.harmed.id}", ""):
        page = person.open(f"/cases/{cast.case}/{room}".rstrip("/"))
        assert page.url == f"/cases/{cast.case}/team" and "handed over to you again" in page.text
    assert (
        "handed over to you again"
        in person.forge(f"/cases/{cast.case}/risks", 403, words="A risk.").text
    )


def test_the_file_gives_no_key_and_no_story_to_strangers(cast: Cast) -> None:
    for who, refusal in ((cast.stranger_facilitator, NotFound), (cast.harmed, NotAllowed),
                         (cast.supervisor, NotFound)):
        with pytest.raises(refusal), opened(cast.platform, who.me, cast.case):
            raise AssertionError
    with pytest.raises(NotFound), opened(cast.platform, cast.first.me, UUID(int=7)):
        raise AssertionError


def test_rule_10_a_risk_told_while_somebody_assesses_is_not_looked_at_by_that(cast: Cast) -> None:
    page = cast.first.browser()
    form = {f"{one.id}-rating": cast.platform.framework.assessment.ratings[0]
            for one in cast.platform.framework.assessment.dimensions}
    page.open(f"/cases/{cast.case}/assessment")
    assessment.report_risk(cast.platform, cast.harmed.me, cast.case, "Something has changed.")
    said = page.send(f"/cases/{cast.case}/assessment", 400, outcome="SUITABLE", **form)
    assert "Somebody has reported a risk since you opened this page." in said.text
    assert cast.prepared.process().risks
    # the page has shown it by now
    page.send(f"/cases/{cast.case}/assessment", outcome="SUITABLE", **form)
    assert not cast.prepared.process().risks


def test_a_table_of_steps_changes_only_what_was_changed_on_it(cast: Cast) -> None:
    """A page that was opened before a colleague recorded a step does not take it back."""
    browser = cast.first.browser()
    browser.open(f"/cases/{cast.case}/preparation")
    where = f"{cast.harmed.id} opening "
    steps.take_step(cast.platform, cast.second.me, cast.case, cast.harmed.id, "opening",
                    cast.platform.today())
    browser.forge(f"/cases/{cast.case}/preparation", 200, **{"step-x": where})
    with cast.platform.reading() as db:
        told = record.read(cast.platform, db, cast.case).process.steps[cast.harmed.id]
    assert told["opening"] == cast.platform.today()
    page = browser.forge(f"/cases/{cast.case}/preparation", 400, **{
        "step-x": where,
        f"took-opening-{cast.harmed.id}": "yes", f"on-opening-{cast.harmed.id}": "2030-01-01"})
    assert "today at the latest" in page.text
    browser.forge(f"/cases/{cast.case}/preparation", 404, **{"step-x": "nobody opening "})


def test_an_assessment_is_kept_part_by_part_for_its_writer_alone(cast: Cast) -> None:
    """Without a rating for each part, without scripts, and gone once the whole is kept."""
    parts = [one.id for one in cast.platform.framework.assessment.dimensions]
    first, page = cast.first.browser(), f"/cases/{cast.case}/assessment"
    first.open(page)
    kept = first.send(page, do="so-far", **{f"{parts[0]}-evidence": "A kestrel over the weir."})
    assert "Kept for you alone" in kept.body and "kestrel" in kept.body
    first.send(page, do="so-far", **{f"{parts[0]}-evidence": "A heron instead.",
                                     f"{parts[1]}-rating": cast.platform.framework.assessment
                                     .ratings[1]})
    again = cast.first.browser().open(page).body
    assert "heron" in again and "kestrel" not in again and "checked" in again
    assert "heron" not in cast.second.browser().open(page).body
    ratings = {part: {"rating": cast.platform.framework.assessment.ratings[0],
                      "evidence": "Seen.", "plan": ""} for part in parts}
    assessment.assess(cast.platform, cast.first.me, cast.case, ratings, Outcome.NOT_YET,
                      cast.platform.today() + timedelta(days=30))
    assert "heron" not in cast.first.browser().open(page).body


@pytest.mark.parametrize("since", ["a risk", "a colleague's look", "a week"])
def test_rule_10_what_was_rated_before_is_rated_anew(cast: Cast, since: str) -> None:
    """What one kept to go on with has evidence and plans then, and no rating, and no outcome."""
    asked = cast.platform.framework.assessment
    rated = {f"{one.id}-rating": asked.ratings[0] for one in asked.dimensions}
    page, words = f"/cases/{cast.case}/assessment", {"motivation-evidence": "A heron."}
    browser = cast.first.browser()
    browser.open(page)
    browser.send(page, do="so-far", outcome="SUITABLE", **rated, **words)
    before = browser.open(page).body
    assert before.count(" checked") == len(rated) and "What you kept on" in before
    cast.clock.advance(minutes=5)
    if since == "a risk":
        assessment.report_risk(cast.platform, cast.harmed.me, cast.case, "He was at my door.")
    elif since == "a week":
        cast.clock.advance(days=8)
        cast.first.token = sign_in_fully(cast.platform, "first")
        browser = cast.first.browser()
    else:
        answers = {one.id: {"rating": asked.ratings[1], "evidence": "", "plan": ""}
                   for one in asked.dimensions}
        assessment.assess(cast.platform, cast.second.me, cast.case, answers, Outcome.NOT_YET,
                          cast.platform.today() + timedelta(days=30))
    after = browser.open(page).body
    assert " checked" not in after and "A heron." in after
    assert 'value="SUITABLE" selected' not in after
