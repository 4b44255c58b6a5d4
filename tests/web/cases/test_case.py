"""A facilitator's cases: open, see where one is and what is missing, invite, halt."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from letters.rehearsal.browser import Browser, last_id
from letters.rehearsal.players import code_on
from letters.rules.case.gates import Gate
from letters.storage.tables.letters import Case, Member, Participant, Person
from letters.web.cases.case_words import GAPS
from letters.workflow.accounts import invite as accounts_invite
from letters.workflow.record import record
from letters.workflow.release import pace
from tests.attacks.attacker import Attacker
from tests.cast import Cast
from tests.web.pages import NO_ID


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """Of the first facilitator, on the page of a case just opened."""
    opened = cast.first.browser()
    opened.open("/cases/new")
    opened.send("/cases/new", source="HARMED", interest="none", words="She called in May.")
    return opened


@pytest.fixture
def case(browser: Browser) -> UUID:
    return last_id(browser.page.url)


def invite(browser: Browser, case: UUID, role: str, name: str, expect: int = 200) -> str:
    browser.open(f"/cases/{case}/people")
    return (
        code_on(browser.forge(f"/cases/{case}/invite", expect, role=role, name=name))
        if expect == 200
        else browser.forge(f"/cases/{case}/invite", expect, role=role, name=name).body
    )


def count(cast: Cast, table: type) -> int:
    with cast.platform.reading() as db:
        return db.query(table).count()


def test_open_invite_and_see_what_is_missing(cast: Cast, browser: Browser, case: UUID) -> None:
    assert browser.page.url == f"/cases/{case}/people"  # where both are invited
    assert "Referral. The person harmed begins" in browser.open(f"/cases/{case}").text
    assert "She called in May." in browser.open(f"/cases/{case}/referral").text
    for role, name in (("harmed", "Ada"), ("responsible", "Bo")):
        code = invite(browser, case, role, name)
        assert accounts_invite.read_invitation(cast.platform, code).name == name
        assert code not in browser.open(f"/cases/{case}").body  # shown once
    page = browser.open(f"/cases/{case}")
    said = page.text.split("What is missing")[1].split("Who takes part")[0]
    for missing in (
        "A second facilitator A team has two at least. The team",
        "Acknowledgement of harm",
        "They choose one of the team on their own pages. Ada",
        "Conviction",
        "They give it on their own pages. Ada",
        "They give it on their own pages. Bo",
        "Preparation There are steps that were not taken yet. Bo",
        "Agreement",
        "Assessment",
    ):
        assert missing in said
    people = [link for link in page.links if link.startswith(f"/cases/{case}/people/")]
    for room in (*people, "acknowledgement", "assessment", "agreement", "team"):
        assert (room if room in people else f"/cases/{case}/{room}") in page.links
    assert 'aria-current="step">Referral' in page.body


def test_nobody_opens_a_case_without_saying_who_asked_for_it(browser: Browser) -> None:
    browser.open("/cases/new")
    page = browser.send("/cases/new", 400, source="", words="A call in May.")
    assert page.forms[-1].fields["words"] == "A call in May." and "Choose who asked" in page.text
    page = browser.send("/cases/new", 400, source="HARMED", interest="none", words="x" * 10_001)
    assert page.forms[-1].fields["words"] == "x" * 10_001


def test_nobody_opens_a_case_without_saying_whether_they_are_free(
    cast: Cast, browser: Browser
) -> None:
    before = count(cast, Case)
    for interest, said in (("", "Choose one of the two."), ("told", "ask a colleague to open")):
        browser.open("/cases/new")
        page = browser.send("/cases/new", 400, source="HARMED", interest=interest, words="A call.")
        assert said in page.text and page.forms[-1].fields["words"] == "A call."
    assert count(cast, Case) == before
    browser.send("/cases/new", source="HARMED", interest="none")
    with cast.platform.reading() as db:
        told = record.read(cast.platform, db, last_id(browser.page.url))
    assert [one.conflict for one in told.memberships] == [False]


def test_rule_06_a_request_of_the_person_who_harmed_is_kept_and_invites_nobody(cast: Cast) -> None:
    browser = cast.first.browser()
    browser.open("/cases/new")
    page = browser.send("/cases/new", source="RESPONSIBLE", interest="none", words="He wrote.")
    case = last_id(page.url)
    assert ("A request is kept" in page.text
            and "invite" not in {form.action.split("/")[-1] for form in page.forms})
    before = count(cast, Person)
    browser.forge(f"/cases/{case}/invite", 409, role="harmed", name="Ada")
    assert count(cast, Person) == before
    browser.open(f"/cases/{case}/referral")
    browser.send(f"/cases/{case}/referral", source="HARMED", words="She called.")
    assert "A request is kept" not in browser.page.text
    assert "Invite the person harmed" in browser.open(f"/cases/{case}/people").text
    invite(browser, case, "harmed", "Ada")


def test_stopped_and_paused_are_said_beside_the_way(cast: Cast) -> None:
    browser = cast.first.browser()
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    assert "Paused. The person harmed has paused." in browser.open(f"/cases/{cast.case}").text
    pace.stop(cast.platform, cast.other.me, cast.case)
    assert ("Stopped. Somebody who takes part has stopped." in browser.open(f"/cases/{cast.case}")
            .text)


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_a_name_that_cannot_be_is_refused_and_nobody_is_invited(
    cast: Cast, browser: Browser, case: UUID, name: str
) -> None:
    before = count(cast, Person)
    assert "up to 100 characters" in invite(browser, case, "harmed", name, 400)
    assert "up to 100 characters" in invite(browser, case, "other", name, 400)
    assert count(cast, Person) == before


@pytest.mark.parametrize(("role", "name"),
                         [("harmed", "x" * 101), ("responsible", "y" * 101), ("other", "z" * 101)])
def test_the_error_of_an_invitation_leads_to_its_field(browser: Browser,
                                                       case: UUID, role: str, name: str) -> None:
    body = invite(browser, case, role, name, 400)
    for target in re.findall(r'href="#([^"]*)"',
                             body.split('class="error-summary"')[1].split("</ul>")[0]):
        assert f'id="{target}"' in body
    assert role == "nobody" or f'value="{name}"' in body


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "O'Neill & <b>", "{{ 7*7 }}"])
def test_a_name_is_shown_as_text(cast: Cast, browser: Browser, case: UUID, name: str) -> None:
    invite(browser, case, "harmed", name)
    page = browser.open(f"/cases/{case}")
    assert name in page.text
    assert "<script>" not in page.body


@pytest.mark.parametrize("name", ["Zoë\u202eevil", "a\0b", "Zo\u200bë"], ids=ascii)
def test_a_name_that_cannot_be_seen_whole_is_refused(
        cast: Cast, browser: Browser, case: UUID, name: str) -> None:
    invite(browser, case, "harmed", name, 400)
    assert "cannot be seen" in browser.page.text and 'id="name-harmed-error"' in browser.page.body


@pytest.mark.parametrize("role", ["", "facilitator", "administrator", "HARMED", "\0"])
def test_nobody_is_invited_into_a_case_as_anything_else(
    cast: Cast, browser: Browser, case: UUID, role: str
) -> None:
    before = count(cast, Person)
    invite(browser, case, role, "Ada", 400)
    assert count(cast, Person) == before


def test_a_double_submit_invites_once(cast: Cast, browser: Browser, case: UUID) -> None:
    invite(browser, case, "harmed", "Ada")
    invite(browser, case, "harmed", "Ada", 409)
    with cast.platform.reading() as db:
        assert len(db.scalars(select(Participant).where(Participant.case_id == case)).all()) == 1


def test_a_new_code_replaces_the_one_before(cast: Cast, browser: Browser, case: UUID) -> None:
    lost = invite(browser, case, "harmed", "Ada")
    browser.open(f"/cases/{case}/people")
    found = code_on(browser.send(f"/cases/{case}/invite-again"))
    door = Browser(cast.app)
    door.open("/invitation/code")
    door.send("/invitation", 400, code=lost)
    door.send("/invitation", code=found)


@pytest.mark.parametrize("who", ["", "x", "\0", NO_ID, "harmed", "first"])
def test_a_new_code_only_for_who_is_invited_into_this_case(
    cast: Cast, browser: Browser, case: UUID, who: str
) -> None:
    person = str(getattr(cast, who).id) if who in ("harmed", "first") else who
    browser.forge(f"/cases/{case}/invite-again", 409 if len(person) == 36 else 404, person=person)


@pytest.mark.parametrize("evidence", ["", " \n ", "x" * 10_001])
def test_evidence_that_is_none_or_too_much_is_kept_as_typed(
    cast: Cast, browser: Browser, case: UUID, evidence: str
) -> None:
    browser.open(f"/cases/{case}/acknowledgement")
    page = browser.send(f"/cases/{case}/acknowledgement", 400, evidence=evidence)
    assert next(form.fields["evidence"] for form in page.forms
                if "evidence" in form.fields) == evidence


def test_evidence_is_for_the_team_alone_and_shown_as_text(cast: Cast,
                                                          browser: Browser, case: UUID) -> None:
    browser.open(f"/cases/{case}/acknowledgement")
    browser.send(f"/cases/{case}/acknowledgement",
                 evidence="Said <so>\n{{ 7*7 }}\u202e \0 in May.")
    page = browser.open(f"/cases/{case}/acknowledgement")
    assert "Said <so> {{ 7*7 }}" in page.text and "U+202E" in page.text
    cast.second.browser().open(f"/cases/{case}", 404)


def test_halt_and_lift(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    browser = cast.second.browser()
    browser.open(f"/cases/{cast.case}/halt")
    page = browser.send(f"/cases/{cast.case}/halt")
    assert "Halted A facilitator lifts it." in page.text
    assert cast.release() == 0
    browser.open(f"/cases/{cast.case}/halt")
    # a click alone hands nothing over
    refused = browser.send(f"/cases/{cast.case}/halt", 400, do="lift")
    assert "Nothing was changed." in refused.text and cast.release() == 0
    browser.send(f"/cases/{cast.case}/halt", do="lift", sure="yes")
    assert cast.case_row().halted_at is None
    cast.release()
    assert cast.row(letter).released_at is not None


def test_a_case_of_others_is_in_no_list(cast: Cast) -> None:
    page = cast.stranger_facilitator.browser().open("/cases")
    assert f"/cases/{cast.case}" not in page.links and f"/cases/{cast.strange_case}" in page.links


def test_opening_a_case_twice_makes_two_that_can_be_told_apart(cast: Cast) -> None:
    browser = cast.first.browser()
    for _ in range(2):
        browser.open("/cases/new")
        browser.send("/cases/new", source="AGENCY", interest="none")
    with cast.platform.reading() as db:
        references = db.scalars(select(Case.reference)).all()
    assert len(set(references)) == len(references)


SAID_OTHERWISE = {Gate.CONSENT_OF_RECIPIENT, Gate.AGE_OF_RECIPIENT, Gate.PREPARED_RECIPIENT,
                  Gate.SENT_OFF}
"""Said with the sender's, or on the pages of the person harmed alone."""


def test_every_gate_that_a_case_can_lack_has_words_and_a_place_where_it_is_put_right(
    app: Flask,
) -> None:
    assert {*GAPS} == {*Gate} - SAID_OTHERWISE
    assert {gap.endpoint for gap in GAPS.values() if gap.endpoint} <= {*app.view_functions}


def test_a_row_alone_that_nobody_attested_opens_no_names(cast: Cast) -> None:
    stranger = cast.stranger_facilitator
    assert "Hanna" in cast.first.browser().open("/cases").text
    (row,) = Attacker(cast.platform).rows(Member, Member.person_id == cast.first.id,
                                          Member.case_id == cast.case)
    Attacker(cast.platform).put(Member, row, person_id=stranger.id)
    page = stranger.browser().open("/cases").text
    assert "Hanna" not in page and "Robin" not in page


def test_a_number_in_an_address_that_is_none_is_no_error(cast: Cast) -> None:
    for number in ("9" * 5_000, "x", "²", "-1"):
        page = cast.first.browser().open(f"/cases/{cast.case}/timeline?before={number}")
        assert "Timeline" in page.text
