"""No form works without the token of the session that it was made for: 400, and nothing has changed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.cast import Cast
from tests.web.addresses import ROLES, SENDING, Row, address, client_of, named
from tests.web.conftest import sqlite_alone
from tests.web.pages import BASE

pytestmark = sqlite_alone


def everything(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but when a session was last seen."""
    from letters.storage.tables import Table

    with cast.house.store.engine.connect() as db:
        return {
            table.name: sorted(map(repr, db.execute(text(f"SELECT * FROM {table.name}"))))
            for table in Table.metadata.sorted_tables
        }


def token(client: FlaskClient) -> str:
    """A token that is good for this browser."""
    body = client.get("/safety", base_url=BASE).get_data(as_text=True)
    if 'name="csrf_token"' not in body:
        body = client.get("/sign-in", base_url=BASE).get_data(as_text=True)
    return body.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.mark.parametrize(**named(SENDING))
def test_without_a_token_nothing_happens(cast: Cast, in_service: Flask, row: Row) -> None:
    values, fields = row.about(cast)
    path, before = address(cast.app, row, values), everything(cast)
    asked = {"anonymous", ROLES[row.statuses.index(min(row.statuses))]}
    for role, status in zip(ROLES, row.statuses, strict=True):
        if role not in asked:
            continue
        client = client_of(cast, role)
        others = token(client_of(cast, "second" if role != "anonymous" else "anonymous"))
        if role != "anonymous":
            token(client)
        for made_up in (None, "", "made-up", others):
            sent = fields if made_up is None else {**fields, "csrf_token": made_up}
            answer = client.post(path, data=sent or None, base_url=BASE)
            assert answer.status_code == (401 if status == 401 else 400), (role, made_up)
            assert b"Traceback" not in answer.data
    assert everything(cast) == before


@pytest.mark.parametrize(**named(SENDING))
def test_with_its_token_it_is_answered(cast: Cast, row: Row) -> None:
    values, fields = row.about(cast)
    role = ROLES[row.statuses.index(min(row.statuses))]
    client = client_of(cast, role)
    answer = client.post(address(cast.app, row, values), data={**fields, "csrf_token": token(client)}, base_url=BASE)
    assert answer.status_code == min(row.statuses)


def test_a_token_lasts_as_long_as_the_session(cast: Cast) -> None:
    client = client_of(cast, "harmed")
    kept = token(client)
    cast.clock.advance(minutes=29)
    assert client.post("/consent/notices", data={"answer": "yes", "csrf_token": kept}, base_url=BASE).status_code == 302
    cast.clock.advance(minutes=31)
    answer = client.post("/withdraw", data={"csrf_token": kept}, base_url=BASE)
    assert answer.status_code == 401
    assert b"You were signed out" in answer.data
    typed = client.post("/letters/new", data={"text": "Words <kept>.", "csrf_token": kept}, base_url=BASE,
                        headers={"Sec-Fetch-Site": "same-origin"})
    assert b"Words &lt;kept&gt;." in typed.data


def test_there_is_no_form_without_a_token(cast: Cast) -> None:
    from tests.web.addresses import ASKING

    for row in ASKING:
        values, _ = row.about(cast)
        for role in {ROLES[row.statuses.index(min(row.statuses))], "second"}:
            body = client_of(cast, role).get(address(cast.app, row, values), base_url=BASE).get_data(as_text=True)
            forms = body.split("<form ")[1:]
            assert all('method="post"' in form and 'name="csrf_token"' in form for form in forms), row.name


ATTACK = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    ("role", "path"), [("anonymous", "/sign-in"), ("anonymous", "/withdraw"), ("harmed", "/withdraw")]
)
def test_no_other_site_can_put_words_on_a_page_of_this_one(cast: Cast, in_service: Flask, role: str, path: str) -> None:
    answer = client_of(cast, role).post(path, data={"text": "Call me on 07700"}, base_url=BASE, headers=ATTACK)
    assert answer.status_code in (400, 401)
    assert "07700" not in answer.text
