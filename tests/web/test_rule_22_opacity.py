"""Rule 22: the other side cannot tell "under review" from "held" from "not ready yet" from
"stopped".

For the person who harmed, everything that they can reach is the same, byte for byte and query for
query, whatever happens to their letter: pages, headers, answers to every form. """

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event

from letters.rehearsal.browser import Browser
from letters.rules.letter.lifecycle import WITH_AUTHOR, State
from letters.rules.pace import Pace
from letters.workflow.cases import alerts, open_and_halt
from letters.workflow.decision import decide
from letters.workflow.preparation import agreement, assessment, background, consent, referral
from letters.workflow.reading import open_letter
from letters.workflow.release import pace, release
from letters.workflow.review import read_letter
from tests.cast import Cast
from tests.web.pages import BASE, normal, token, without_ids

TEXT = "I did it.\n\nIt was not your doing."
Look = tuple[object, ...]
"""All that somebody could measure of an answer."""

THEN = {
    "in review": lambda c, letter: None,
    "claimed": lambda c, letter: read_letter.claim(c.platform, c.first.me, letter),
    "second reading": lambda c, letter: c.approve(letter, c.first),
    "held": lambda c, letter: _held(c, letter),
    "held and resumed": lambda c, letter: (_held(c, letter),
                                           decide.resume(c.platform, c.second.me, letter)),
    "approved, not ready": lambda c, letter: _approved(c, letter),
    "approved, paused": lambda c, letter: (pace.pause(c.platform, c.harmed.me, c.case),
                                           _approved(c, letter)),
    "approved, halted": lambda c, letter: (open_and_halt.halt(c.platform, c.first.me, c.case),
                                           _approved(c, letter)),
    "approved, minimum gap": lambda c, letter: (
        pace.set_pace(c.platform, c.harmed.me, c.case, Pace(300)),
        _approved(c, letter),
    ),
    "approved, consent withdrawn": lambda c, letter: (
        consent.withdraw(c.platform, c.harmed.me, c.case),
        _approved(c, letter),
    ),
    "all of it at once": lambda c, letter: _everything_is_said_no_to(c, letter),
    "stopped by the other": lambda c, letter: pace.stop(c.platform, c.harmed.me, c.case),
    "approved, stopped by the other": lambda c, letter: (
        _approved(c, letter),
        pace.stop(c.platform, c.harmed.me, c.case),
    ),
    "released": lambda c, letter: _released(c, letter),
    "opened": lambda c, letter: (_released(c, letter),
                                 open_letter.open_letter(c.platform, c.harmed.me, letter)),
}
"""What can have become of a letter since it was sent."""

each = pytest.mark.parametrize("what", [what for what in THEN if what != "in review"])


@pytest.fixture
def letter(cast: Cast) -> UUID:
    """A letter of the person who harmed, on the desk."""
    cast.open_the_way_back()
    return cast.submitted(cast.responsible, TEXT)


def test_every_state_that_a_sent_letter_can_have_is_tried(cast: Cast, letter: UUID) -> None:
    # these the author has done or is told; seal again: below
    told = {State.RECALLED, State.SEAL_AGAIN} | WITH_AUTHOR
    assert set(State) - told <= {
        State(name)
        for name in ("in review", "second reading", "held", "approved", "released", "opened")
    }


UNDER_REVIEW: dict[str, list[Look]] = {}
"""For each database a look at everything while a letter is in review: the same in each test, as no
id is in it."""


@each
def test_rule_22_every_page_and_header_is_the_same(
    cast: Cast, in_service: Flask, letter: UUID, what: str
) -> None:
    moment = cast.clock.moment
    database = cast.platform.store.engine.dialect.name
    if database not in UNDER_REVIEW:
        UNDER_REVIEW[database] = reachable(cast, letter)
    THEN[what](cast, letter)
    cast.clock.moment = moment
    assert reachable(cast, letter) == UNDER_REVIEW[database]


IN_REVIEW: dict[str, list[Look]] = {}
"""For each database: what every form answers while a letter is in review."""


@each
def test_rule_22_every_answer_is_the_same(
    cast: Cast, in_service: Flask, letter: UUID, what: str, request: pytest.FixtureRequest
) -> None:
    """Each form that they can send, in an order that ends with stopping, beside a letter that is in
    review."""
    THEN[what](cast, letter)
    database = cast.platform.store.engine.dialect.name
    if database not in IN_REVIEW:
        other: Cast = request.getfixturevalue("other_cast")
        other.open_the_way_back()
        IN_REVIEW[database] = answers(other, other.submitted(other.responsible, TEXT))
    assert answers(cast, letter) == IN_REVIEW[database]


@pytest.mark.parametrize("what", ["held", "approved, not ready", "released", "opened"])
def test_rule_22_a_recall_is_answered_the_same(cast: Cast, in_service: Flask, letter: UUID,
                                               what: str) -> None:
    THEN[what](cast, letter)
    other = _another(cast) if what == "held" else letter
    taken = [answer_to_recall(cast, other), answer_to_recall(cast, other)]
    in_review = cast.submitted(cast.responsible, TEXT)
    assert taken == [answer_to_recall(cast, in_review), answer_to_recall(cast, in_review)]


def test_rule_22_a_letter_that_waits_for_a_new_seal_looks_the_same(
    cast: Cast, letter: UUID
) -> None:
    moment, before = cast.clock.moment, reachable(cast, letter)
    _approved(cast, letter)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    # the release key was lost
    release.release_due(replace(cast.platform, keys=cast.platform.keys.for_web()))
    assert cast.state(letter) is State.SEAL_AGAIN
    cast.clock.moment = moment
    assert reachable(cast, letter) == before


def test_the_person_harmed_is_told_more(cast: Cast) -> None:
    """A control: for the person harmed the same comparison finds differences, so it can."""
    letter = cast.submitted(cast.harmed)
    browser = cast.harmed.browser()
    before = normal(browser.client.get(f"/letters/{letter}", base_url=BASE))
    cast.approve(letter, cast.first)
    assert normal(browser.client.get(f"/letters/{letter}", base_url=BASE)) != before


# how it is looked at


MADE_ANEW = {"/account/password", "/account/new-identity", "/account/second-factor/app",
             "/account/second-factor/passkey"}
"""Pages that offer fresh words or keys each time they are looked at; none of them asks about a
letter."""


def reachable(cast: Cast, letter: UUID) -> list[Look]:
    """A look at every address that somebody can reach, in an order that does not depend on ids."""
    return sorted(looks_at(cast, letter).values(), key=repr)


def looks_at(cast: Cast, letter: UUID) -> dict[str, Look]:
    """A look at every address that links lead to, and at those that somebody would try."""
    found, looks = [
        "/",
        "/home",
        f"/for-you/{letter}",
        f"/desk/{letter}",
        f"/cases/{cast.case}",
        f"/letters/{letter}/write",
        f"/letters/{letter}/check",
        f"/letters/{letter}/read-back",
        f"/letters/{letter}/versions",
        "/pace",
        "/facilitators",
        "/promises",
        "/messages/kept",
        "/nothing",
    ], dict[str, Look]()
    for path in found:
        answer, looks[path] = _asked(cast, path)
        linked = {unescape(link) for link in re.findall(r'<a [^>]*?href="(/[^"]*)"', answer.text)}
        found += sorted(linked - {*found, "/leave"})
    return {path: seen for path, seen in looks.items() if path not in MADE_ANEW}


def look(cast: Cast, path: str) -> Look:
    """All that somebody could measure of an answer, and how many queries it took, since that shows
    in its time."""
    return _asked(cast, path)[1]


def _asked(cast: Cast, path: str) -> tuple[Any, Look]:
    with counted(cast) as queries:
        answer = cast.responsible.browser().client.get(path, base_url=BASE)
    headers = sorted((name, without_ids(value)) for name,
                     value in answer.headers if name != "Set-Cookie")
    return answer, (without_ids(path), answer.status_code, headers, normal(answer), len(queries))


def answers(cast: Cast, letter: UUID) -> list[Look]:
    """What each form says: writing on, sending again, bringing back, taking back, beginning anew,
    stopping. After what was accepted, what some pages say then."""
    browser, said = cast.responsible.browser(), list[Look]()
    version = str(cast.row(letter).draft_id)
    for path, fields in (
        (f"/letters/{letter}/write", {"text": "More.", "basis": version}),
        (f"/letters/{letter}/send", {"version": version}),
        (f"/letters/{letter}/versions", {"version": version}),
        (f"/letters/{letter}/again", {}),
        (f"/for-you/{letter}/open", {}),
        (f"/desk/{letter}/claim", {}),
        ("/pace", {"do": "pause"}),
        ("/consent/read", {"answer": "withdraw"}),
        ("/consent/read", {"answer": "yes"}),
        ("/withdraw", {}),
        ("/messages", {"about": "risk", "words": "A worry."}),
        ("/messages", {"about": "request", "words": "I ask to write."}),
        ("/agreement", {"agreement": _newest(cast)}),
        ("/facilitators/wish", {}),
        ("/feedback", {"pace": "Mine."}),
        ("/messages", {"about": "acknowledgement"}),
        ("/stop", {}),
    ):
        said.append(_post(cast, browser, path, fields))
        if said[-1][1] == 302:
            said += [look(cast, page)[1:4]
                     for page in ("/home", "/stop", "/agreement", f"/letters/{letter}")]
    return said


def answer_to_recall(cast: Cast, letter: UUID) -> list[Look]:
    browser = cast.responsible.browser()
    return [
        _post(cast, browser, f"/letters/{letter}/take-back", {}),
        *((page.replace(str(letter), "it"), *look(cast, page)[1:4])
          for page in (f"/letters/{letter}", "/home")),
    ]


def _post(cast: Cast, browser: Browser, path: str, fields: dict[str, str]) -> Look:
    answer = browser.client.post(path, data={**fields, "csrf_token": token(browser.client)},
                                 base_url=BASE)
    where = answer.headers.get("Location", "")
    return (path.rsplit("/",
                       1)[-1], answer.status_code, len(where), normal(answer),
            answer.headers["Content-Length"])


@contextmanager
def counted(cast: Cast) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(cast.platform.store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(cast.platform.store.engine, "before_cursor_execute", note)


def _held(cast: Cast, letter: UUID) -> None:
    read_letter.claim(cast.platform, cast.second.me, letter)
    decide.hold(
        cast.platform,
        cast.second.me,
        letter,
        cast.row(letter).submitted_id,
        "A reason.",  # type: ignore[arg-type]
        cast.clock().date().replace(year=2999),
    )


def _approved(cast: Cast, letter: UUID) -> None:
    for reader in (cast.first, cast.second):
        cast.approve(letter, reader)
    cast.release()


def _released(cast: Cast, letter: UUID) -> None:
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    _approved(cast, letter)
    assert cast.row(letter).released_at is not None


def _everything_is_said_no_to(cast: Cast, letter: UUID) -> None:
    """The person harmed withdraws, tells of a risk, wishes for another, is not ready, pauses; an
    order stands."""
    platform, harmed = cast.platform, cast.harmed.me
    _approved(cast, letter)
    background.record_order(platform, cast.first.me, cast.case, platform.today(), None,
                            "No contact.")
    assessment.report_risk(platform, harmed, cast.case, "I am afraid.")
    alerts.open_alert(platform, cast.first.me, cast.case, "A worry.", True, letter)
    referral.keep_request(platform, harmed, cast.case, "A word with you.")
    referral.wish_another(platform, harmed, cast.case)
    consent.withdraw(platform, harmed, cast.case)
    pace.say_ready(platform, harmed, cast.case)
    pace.unsay_ready(platform, harmed, cast.case)
    pace.pause(platform, harmed, cast.case)


def _newest(cast: Cast) -> str:
    newest = agreement.agreement_for(cast.platform, cast.responsible.me, cast.case).newest
    assert newest is not None
    return str(newest.id)


def _another(cast: Cast) -> UUID:
    letter = cast.submitted(cast.responsible, "I did it.\n\nIt was not your doing.")
    _held(cast, letter)
    return letter
