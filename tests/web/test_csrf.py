"""The token of a form: as long as its session, and of no use to another site. ``tests/addresses``
asks every form."""

import pytest
from flask import Flask

from tests.addresses.table import client_of
from tests.cast import Cast
from tests.web.pages import BASE, token


def test_a_token_lasts_as_long_as_the_session(cast: Cast) -> None:
    client = client_of(cast, "harmed")
    kept = token(client)
    cast.clock.advance(minutes=29)
    assert client.post("/consent/notices", data={"answer": "yes", "csrf_token": kept},
                       base_url=BASE).status_code == 302
    cast.clock.advance(minutes=31)
    answer = client.post("/withdraw", data={"csrf_token": kept}, base_url=BASE)
    assert answer.status_code == 401
    assert b"You were signed out" in answer.data
    typed = client.post("/letters/new", data={"text": "Words <kept>.", "csrf_token": kept},
                        base_url=BASE,
                        headers={"Sec-Fetch-Site": "same-origin"})
    assert b"Words &lt;kept&gt;." in typed.data


ATTACK = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    ("role", "path"),
    [("anonymous", "/sign-in"), ("anonymous", "/withdraw"), ("harmed", "/withdraw")]
)
def test_no_other_site_can_put_words_on_a_page_of_this_one(
    cast: Cast, in_service: Flask, role: str, path: str
) -> None:
    answer = client_of(cast, role).post(path, data={"text": "Call me on 07700"}, base_url=BASE,
                                        headers=ATTACK)
    assert answer.status_code in (400, 401)
    assert "07700" not in answer.text
