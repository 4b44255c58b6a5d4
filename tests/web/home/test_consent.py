"""Rule 2: consent is asked for each thing by itself, withdrawn where it was given, renewed, and
kept in a log."""

from dataclasses import replace

import pytest

from letters.rehearsal.browser import Browser, ShownPage
from letters.rules.case.framework import READ
from letters.rules.case.process import Outcome
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.tryout.prepare_case import PreparedCase
from letters.workflow.notices import contact
from letters.workflow.preparation import consent
from letters.workflow.record import record
from tests.cast import PASSWORD, Cast, Player
from tests.web.home.test_home import newcomer


def stands(cast: Cast, player: Player, purpose: str) -> bool:
    with cast.platform.reading() as db:
        process = record.to_decide(cast.platform, db, cast.case).process
    return process.consents_to(player.id, purpose, cast.platform.today())


@pytest.mark.parametrize("name", ["harmed", "responsible"])
def test_rule_2_a_purpose_is_withdrawn_where_it_was_given_and_the_others_stand(
    cast: Cast, name: str
) -> None:
    player: Player = getattr(cast, name)
    browser = player.browser()
    assert "Frances First" in browser.open("/consent/read").text  # who reads is named
    assert ("You have withdrawn. Nothing more is handed over." in browser.send("/consent/read",
                                                                              answer="withdraw")
            .text)
    assert not stands(cast, player, READ)
    assert stands(cast, player, "part") and stands(cast, player, "kept")
    browser.open("/consent/read")
    browser.send("/consent/read", answer="yes", explained_by=str(cast.second.id))
    assert stands(cast, player, READ)
    log = browser.open("/consent").text.partition("What you said, and when")[2]
    title = "May your facilitators read your letters?"
    assert f"you agreed to “{title}” (words of version 1). Sam Second explained it." in log
    assert f"you withdrew “{title}”" in log


def asked_once(browser: Browser) -> dict[str, str]:
    """The answer to who explained it, and the address, where these are asked for."""
    named = {field for form in browser.page.forms for field in form.fields}
    return ({"explained_by": "myself"} if "explained_by" in named else {}) | (
        {"address": "somebody@example.org"} if "address" in named else {})


def test_who_explained_it_is_asked_once_and_not_presumed(cast: Cast) -> None:
    browser = newcomer(cast, Role.RESPONSIBLE).browser()
    question = browser.open(browser.open("/consent").link("/consent/")).url
    assert "Say who explained it to you" in browser.send(question, 400,
                                                         answer="yes", explained_by="").text
    assert "You have agreed" not in browser.open("/consent").text
    browser.open(question)
    page = browser.send(question, answer="yes", explained_by=str(cast.first.id))
    assert "As before: Frances First explained it." in page.text
    browser.send(page.url, answer="yes")
    assert browser.open("/consent").text.count("Frances First explained it.") == 2


def test_a_yes_to_e_mail_asks_for_the_address(cast: Cast) -> None:
    browser = cast.harmed.browser()
    for address in ("", "not one"):
        browser.open("/consent/notices")
        page = browser.send("/consent/notices", 400, answer="yes",
                            **{**asked_once(browser), "address": address})
        assert form_at(page, "/consent/notices")["address"] == address
    assert not stands(cast, cast.harmed, "notices")
    browser.send("/consent/notices", answer="yes",
                 **{**asked_once(browser), "address": "hanna@example.org"})
    assert stands(cast, cast.harmed, "notices")
    assert contact.own_contact(cast.platform, cast.harmed.me).way.address == "hanna@example.org"
    browser.open("/consent/notices")
    browser.send("/consent/notices", answer="withdraw")
    assert "E-mail address" not in browser.open("/consent/notices").text, "it is known"


def form_at(page: ShownPage, action: str) -> dict[str, str]:
    return next(form.fields for form in page.forms if form.action == action)


def test_one_question_a_page_leads_to_the_next(cast: Cast) -> None:
    player = newcomer(cast, Role.RESPONSIBLE)
    browser = player.browser()
    pages = [browser.open(browser.open("/consent").link("/consent/")).url]
    while pages[-1] != "/home":
        pages.append(browser.send(pages[-1], answer="yes", **asked_once(browser)).url)
    asked = [purpose.id for purpose in cast.platform.framework.purposes(player.me.role)]
    assert pages == [*(f"/consent/{purpose}" for purpose in asked), "/home"]
    assert "You read it yourself." in browser.open("/consent").text


@pytest.mark.parametrize("answer", ["", "YES", "no", "yes\0", "<b>yes</b>"])
def test_an_answer_that_is_none_changes_nothing(cast: Cast, answer: str) -> None:
    before = cast.case_row().audit_number
    browser = cast.harmed.browser()
    browser.open("/consent/notices")
    browser.send("/consent/notices", 400, answer=answer)
    assert cast.case_row().audit_number == before


def test_what_is_not_asked_of_somebody_is_not_there(cast: Cast) -> None:
    cast.harmed.browser().open("/consent/no-gain", 404)
    cast.other.browser().open("/consent/read", 404)
    cast.responsible.browser().open("/consent/nothing", 404)


def test_rule_8_taking_part_changes_nothing_and_the_one_concerned_confirms_it(cast: Cast) -> None:
    told = "Taking part changes nothing in a sentence, in parole or in your status."
    assert told in cast.responsible.browser().open("/consent/no-gain").text
    assert "no-gain" in consent.required(cast.platform, cast.responsible.me)


def test_rule_1_everything_is_withdrawn_at_once_without_a_reason(cast: Cast) -> None:
    for player in (cast.harmed, cast.responsible, cast.other):
        browser = player.browser()
        page = browser.open("/withdraw")
        assert [field for form in page.forms if form.action == "/withdraw"
                for field in form.fields] == [
            "csrf_token", "once"]
        page = browser.send("/withdraw")
        assert "You have withdrawn" in page.text and "helpline" in page.text
        needed = consent.required(cast.platform, player.me)
        assert needed and not any(stands(cast, player, purpose) for purpose in needed)


def test_a_consent_lapses_and_is_asked_for_again(cast: Cast) -> None:
    cast.clock.advance(days=365 + 2)
    look = consent.consent_for(cast.platform, cast.harmed.me, cast.case)
    assert look.waiting is not None and look.waiting.stands is consent.Stands.TO_RENEW
    browser = Browser(cast.app)  # signed in anew: the session has run out
    browser.open("/sign-in")
    assert "Next: decide" in browser.send("/sign-in", sign_in_name=cast.harmed.name,
                                          password=PASSWORD).text
    assert "It is time to be asked again." in browser.open("/consent/read").text
    browser.send("/consent/read", answer="yes", explained_by="myself")
    assert stands(cast, cast.harmed, READ)


def test_other_words_do_not_undo_what_was_agreed_to_and_are_shown(cast: Cast) -> None:
    framework = cast.platform.framework
    changed = tuple(replace(one, version="2", words="Other words.") if one.id == READ else one
                    for one in framework.consents)
    platform = replace(cast.platform, framework=replace(framework, consents=changed))
    found = consent.consent_for(platform, cast.harmed.me, cast.case).about(READ)
    assert found is not None
    assert (found.stands, found.words) == (consent.Stands.OTHER_WORDS, "Other words.")
    assert stands(cast, cast.harmed, READ)


def test_rule_2_nobody_agrees_to_words_that_they_have_not_read(cast: Cast) -> None:
    browser, before = (cast.harmed.browser(),
                       cast.prepared.process().consents[cast.harmed.id]["part"])
    consent.withdraw(cast.platform, cast.harmed.me, cast.case, ["part"])
    browser.open("/consent/part")
    page = browser.send("/consent/part", answer="yes", version=before.version + "-as-it-was")
    assert "The words have changed since you opened this page." in page.text
    assert "part" not in cast.prepared.process().consents[cast.harmed.id]


@pytest.mark.parametrize(("months", "words"),
                         [(12, "12 months"), (1, "one month"), (None, "as long as this service")])
def test_how_long_letters_are_kept_is_said_in_words(cast: Cast,
                                                    months: int | None, words: str) -> None:
    framework = replace(cast.platform.framework,
                        retention=replace(cast.platform.framework.retention, months=months))
    found = consent.consent_for(replace(cast.platform, framework=framework), cast.harmed.me,
                                cast.case).about("kept")
    assert found is not None and words in found.words and "{" not in found.words


def test_a_letter_without_consent_to_be_read_is_not_sent_and_the_draft_is_kept(cast: Cast) -> None:
    letter, browser = cast.draft(cast.harmed, "Words of mine."), cast.harmed.browser()
    browser.open(f"/letters/{letter}/check")
    form = next(form for form in browser.page.forms if form.action.endswith("/send"))
    consent.withdraw(cast.platform, cast.harmed.me, cast.case, [READ])
    page = browser.forge(form.action, 409, version=form.fields["version"])
    assert "Your draft is kept" in page.text and "/consent/read" in page.links
    assert cast.state(letter) is State.DRAFT
    # said before, too, and nothing there leads to a refusal
    page = browser.open(f"/letters/{letter}/check")
    assert "/consent/read" in page.links and not [form for form in page.forms
                                                  if form.action.endswith("/send")]
    consent.give(cast.platform, cast.harmed.me, cast.case, [READ])
    browser.open(f"/letters/{letter}/check")
    browser.send(f"/letters/{letter}/send")
    assert cast.state(letter) is State.IN_REVIEW


def test_rule_4_storytelling_keeps_letters_and_says_so_kindly(cast: Cast) -> None:
    team = cast.first.me, cast.second.me
    PreparedCase(cast.platform, cast.case, team, cast.harmed.me,
                 cast.responsible.me).assess(Outcome.STORYTELLING)
    letter = cast.draft(cast.harmed, "Words of mine.")
    page = cast.harmed.browser().open(f"/letters/{letter}/check")
    assert "Letters are written here and kept, and not sent." in page.text
    assert not [form for form in page.forms if form.action.endswith("/send")]
