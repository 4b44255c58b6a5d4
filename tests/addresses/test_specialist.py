"""A specialist reads what the team reads and is refused every decision, on every page (rule 11)."""

import re
from itertools import groupby

import pytest

from tests.addresses.table import ROLES, TABLE, Row, address
from tests.cast import Cast
from tests.web.pages import BASE

_FIRST, _STRANGER = ROLES.index("first"), ROLES.index("stranger_facilitator")
ELSEWHERE = frozenset({"new_case", "case_with_an_open_invitation", "a_key_to_confirm",
                       "a_key_confirmed"})
"""What is asked about a case of its own, to which this specialist is a stranger."""
OF_THE_TEAM = [row for row in TABLE
               if row.statuses[_FIRST] in (200, 302) and row.statuses[_STRANGER] == 404
               and row.about.__name__ not in ELSEWHERE]
"""What the team may do in its own case, and a facilitator elsewhere may not."""
ADVISES = frozenset({"notes.note", "messages.case_note", "alerts.open", "team.leave"})
"""The forms that a specialist has, too."""
DECIDES = frozenset({"cases.halt", "people.contact_of", "care.debrief", "suggestions.why",
                     "suggestions.own", "reset_for_somebody.ask", "desk.approve", "desk.hold",
                     "desk.give_back"})
"""The pages that are there for a decision alone, or lead to a person: they are refused whole."""


def by_thing() -> dict[str, list[Row]]:
    rows = sorted(OF_THE_TEAM, key=lambda row: row.about.__name__)
    return {name: list(same) for name, same in groupby(rows, key=lambda row: row.about.__name__)}


THINGS = by_thing()


@pytest.mark.parametrize("about", THINGS)
def test_rule_11_a_specialist_is_offered_and_may_no_decision(cast: Cast, about: str) -> None:
    cast.app.config["WTF_CSRF_ENABLED"] = False
    specialist, rows = cast.specialist(), THINGS[about]
    values, fields = rows[0].about(cast)
    found, client = [], specialist.browser().client
    for row in sorted(rows, key=lambda row: row.method):
        path = address(cast.app, row, values)
        answer = client.open(path, method=row.method, data=fields or None, base_url=BASE)
        said = wrong(cast, row, answer)
        found += [f"{row.name}: {one}" for one in said]
    assert found == []


def wrong(cast: Cast, row: Row, answer: object) -> list[str]:
    status, page = answer.status_code, answer.text  # type: ignore[attr-defined]
    if row.method == "POST":
        expected = {302} if row.endpoint in ADVISES else {403}
        return [] if status in expected else [f"{status} instead of {expected}"]
    if row.endpoint in DECIDES:
        return [] if status == 403 else [f"{status} instead of 403"]
    offered = {endpoint_of(cast, path) for path in re.findall(
        r'<form method="post" action="([^"]+)"', page)}
    more = offered - ADVISES - {"sign_in.sign_out", "search.search"}
    return ([f"{status} instead of 200"] if status not in (200, 302) else []) + [
        f"offers {one}" for one in more]


def endpoint_of(cast: Cast, path: str) -> str:
    adapter = cast.app.url_map.bind("localhost")
    return adapter.match(path.partition("?")[0], method="POST")[0]
