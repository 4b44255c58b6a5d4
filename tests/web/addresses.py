"""Every address with something to ask it about, and what each role is answered there: the table of test_routes."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from letters.domain.lifecycle import State
from letters.domain.people import Role
from letters.storage.tables import Person
from letters.workflow import decide, enrol, open_case, release, review, write
from tests.cast import PASSWORD, Cast

ROLES = ("anonymous", "harmed", "responsible", "first", "stranger_facilitator", "stranger_harmed")
"""Nobody, both parties, a facilitator of the team, a facilitator and a person harmed of another case."""

Asked = tuple[dict[str, object], dict[str, str]]
"""The values of an address and the fields of a form."""


class Row(NamedTuple):
    """One address and method, about one thing, and the status for each of ``ROLES``."""

    endpoint: str
    method: str
    about: Callable[[Cast], Asked]
    statuses: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}, {self.about.__name__}"


def nothing(_: Cast) -> Asked:
    return {}, {}


def wrong_words(_: Cast) -> Asked:
    return {}, {"sign_in_name": "nobody here", "password": "a password that is wrong", "code": "AAAA-BBBB"}


def stylesheet(_: Cast) -> Asked:
    return {"filename": "style.css"}, {}


def agreeing(_: Cast) -> Asked:
    return {}, {"answer": "yes"}


def being_ready(_: Cast) -> Asked:
    return {}, {"do": "ready"}


def channel_of_harmed(cast: Cast) -> Asked:
    return {}, {"channel": str(cast.channel(cast.harmed))}


def draft_of_harmed(cast: Cast) -> Asked:
    letter = cast.draft(cast.harmed)
    draft = str(cast.row(letter).draft_id)
    return {"letter_id": letter}, {"text": "Other words.", "basis": draft, "version": draft}


def sent_by_harmed(cast: Cast) -> Asked:
    return {"letter_id": cast.submitted(cast.harmed)}, {}


def taken_back_by_harmed(cast: Cast) -> Asked:
    letter = cast.submitted(cast.harmed)
    write.recall(cast.house, cast.harmed.me, letter)
    return {"letter_id": letter}, {}


def arrived_from_harmed(cast: Cast) -> Asked:
    return {"letter_id": cast.released(cast.harmed)}, {}


def not_arrived_from_responsible(cast: Cast) -> Asked:
    cast.open_the_way_back()
    return {"letter_id": cast.approved(cast.responsible)}, {}


def on_the_desk(cast: Cast) -> Asked:
    """Claimed by the first facilitator, ready for any decision."""
    letter = cast.submitted(cast.harmed)
    review.claim(cast.house, cast.first.me, letter)
    return {"letter_id": letter}, {
        "version": str(cast.row(letter).submitted_id),
        "password": PASSWORD,
        "reason": "R.",
        "note": "N.",
        "review_on": "2999-01-01",
        "then": "approve",
    }


def held(cast: Cast) -> Asked:
    values, fields = on_the_desk(cast)
    decide.hold(
        cast.house,
        cast.first.me,
        values["letter_id"],
        UUID(fields["version"]),
        "R.",  # type: ignore[arg-type]
        cast.clock().date().replace(year=2999),
    )
    return values, {}


def to_seal_again(cast: Cast) -> Asked:
    """Approved, and then the release key was lost: the worker sets it aside."""
    letter = cast.approved(cast.harmed)
    release.release_due(replace(cast.house, keys=cast.house.keys.for_web()))
    assert cast.state(letter) is State.SEAL_AGAIN
    return {"letter_id": letter}, {"password": PASSWORD}


def the_case(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"evidence": "A plea.", "colleague": str(cast.stranger_facilitator.id)}


def new_case(cast: Cast) -> Asked:
    return {"case_id": open_case.open_case(cast.house, cast.first.me)}, {"role": "harmed", "name": "Ada"}


def case_with_an_open_invitation(cast: Cast) -> Asked:
    case = open_case.open_case(cast.house, cast.first.me)
    enrol.invite_participant(cast.house, cast.first.me, case, Role.HARMED, "Ada")
    with cast.house.store.reading() as db:
        person = next(person.id for person in db.query(Person).filter(Person.enrolled_at.is_(None)))
    return {"case_id": case}, {"person": str(person)}


def a_name(_: Cast) -> Asked:
    return {}, {"name": "Ada"}


_OPEN, _ALL_ROOMS = (200,) * 6, (302,) * 6
_REFUSED = (400,) * 6
_PARTICIPANTS, _PARTICIPANTS_SEND = (302, 200, 200, 403, 403, 200), (401, 302, 302, 403, 403, 302)
_HARMED, _HARMED_SENDS = (302, 200, 403, 403, 403, 200), (401, 302, 403, 403, 403, 302)
_AUTHOR, _AUTHOR_SENDS = (302, 200, 404, 403, 403, 404), (401, 302, 404, 403, 403, 404)
_AUTHOR_ARRIVED, _AUTHOR_SENDS_ARRIVED = (302, 200, 403, 403, 403, 404), (401, 302, 403, 403, 403, 404)
_STAFF, _STAFF_SEND = (302, 403, 403, 200, 200, 403), (401, 403, 403, 302, 302, 403)
_TEAM, _TEAM_SENDS, _TEAM_ANSWERED = (
    (302, 403, 403, 200, 404, 403),
    (401, 403, 403, 302, 404, 403),
    (401, 403, 403, 200, 404, 403),
)

TABLE: tuple[Row, ...] = (
    Row("static", "GET", stylesheet, _OPEN),
    Row("door.front", "GET", nothing, _ALL_ROOMS),
    Row("door.leave", "GET", nothing, _ALL_ROOMS),
    Row("door.safety", "GET", nothing, _OPEN),
    Row("door.sign_in", "GET", nothing, _OPEN),
    Row("door.sign_in", "POST", wrong_words, _REFUSED),
    Row("door.sign_out", "POST", nothing, (401, 302, 302, 302, 302, 302)),
    Row("door.invitation", "GET", nothing, _OPEN),
    Row("door.invitation", "POST", wrong_words, _REFUSED),
    Row("door.account", "POST", wrong_words, _REFUSED),
    Row("exchange.home", "GET", nothing, _PARTICIPANTS),
    Row("exchange.consent", "GET", nothing, _PARTICIPANTS),
    Row("exchange.consent", "POST", agreeing, _PARTICIPANTS_SEND),
    Row("exchange.pace", "GET", nothing, _HARMED),
    Row("exchange.pace", "POST", being_ready, _HARMED_SENDS),
    Row("exchange.stop", "GET", nothing, _PARTICIPANTS),
    Row("exchange.stop", "POST", nothing, _PARTICIPANTS_SEND),
    Row("writing.letters", "GET", nothing, _PARTICIPANTS),
    Row("writing.new", "POST", channel_of_harmed, _AUTHOR_SENDS),
    Row("writing.edit", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.edit", "POST", draft_of_harmed, _AUTHOR_SENDS),
    Row("writing.versions", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.versions", "POST", draft_of_harmed, _AUTHOR_SENDS),
    Row("writing.read_back", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.check", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.send", "POST", draft_of_harmed, _AUTHOR_SENDS),
    Row("writing.letter", "GET", sent_by_harmed, _AUTHOR),
    Row("writing.letter", "GET", arrived_from_harmed, _AUTHOR_ARRIVED),
    Row("writing.read_back", "GET", arrived_from_harmed, _AUTHOR_ARRIVED),
    Row("writing.versions", "GET", arrived_from_harmed, _AUTHOR_ARRIVED),
    Row("writing.take_back", "POST", sent_by_harmed, _AUTHOR_SENDS),
    Row("writing.take_back", "POST", arrived_from_harmed, _AUTHOR_SENDS_ARRIVED),
    Row("writing.again", "POST", taken_back_by_harmed, _AUTHOR_SENDS),
    Row("mailbox.inbox", "GET", nothing, _PARTICIPANTS),
    Row("mailbox.letter", "GET", arrived_from_harmed, (302, 403, 200, 403, 403, 404)),
    Row("mailbox.letter", "GET", sent_by_harmed, (302, 403, 404, 403, 403, 404)),
    Row("mailbox.letter", "GET", not_arrived_from_responsible, (302, 404, 403, 403, 403, 404)),
    Row("mailbox.open_letter", "POST", arrived_from_harmed, (401, 403, 302, 403, 403, 404)),
    Row("mailbox.open_letter", "POST", not_arrived_from_responsible, (401, 404, 403, 403, 403, 404)),
    Row("desk.queue", "GET", nothing, _STAFF),
    Row("desk.letter", "GET", on_the_desk, _TEAM),
    Row("desk.claim", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.choose", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.approve", "GET", on_the_desk, _TEAM),
    Row("desk.approve", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.hold", "GET", on_the_desk, _TEAM),
    Row("desk.hold", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.give_back", "GET", on_the_desk, _TEAM),
    Row("desk.give_back", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.resume", "POST", held, _TEAM_SENDS),
    Row("desk.seal", "POST", to_seal_again, _TEAM_SENDS),
    Row("running.state", "GET", nothing, _STAFF),
    Row("cases.list_cases", "GET", nothing, _STAFF),
    Row("cases.new", "POST", nothing, _STAFF_SEND),
    Row("cases.invite_colleague", "POST", a_name, (401, 403, 403, 200, 200, 403)),
    Row("cases.case", "GET", the_case, _TEAM),
    Row("cases.invite", "POST", new_case, _TEAM_ANSWERED),
    Row("cases.invite_again", "POST", case_with_an_open_invitation, _TEAM_ANSWERED),
    Row("cases.member", "POST", the_case, _TEAM_SENDS),
    Row("cases.acknowledgement", "POST", the_case, _TEAM_SENDS),
    Row("cases.halt", "POST", the_case, _TEAM_SENDS),
)

SENDING = [row for row in TABLE if row.method == "POST"]
ASKING = [row for row in TABLE if row.method == "GET" and row.endpoint not in ("static", "door.leave", "door.front")]


def client_of(cast: Cast, role: str) -> FlaskClient:
    """A browser of somebody in this role, cookies and all."""
    return cast.app.test_client() if role == "anonymous" else getattr(cast, role).browser().client


def address(app: Flask, row: Row, values: dict[str, object]) -> str:
    """The path that a row asks."""
    with app.test_request_context():
        return app.url_for(row.endpoint, _external=False, **values)


def named(rows: list[Row] | tuple[Row, ...]) -> dict[str, object]:
    """What ``parametrize`` takes."""
    return {"argnames": "row", "argvalues": rows, "ids": [row.name for row in rows]}
