"""Knocking: an address gets so many tries, an account gets slow, and both say kindly how to go on."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from letters.app import create_app
from letters.config import Config
from letters.domain.errors import CannotStart
from letters.rehearsal.browser import Browser
from letters.web.limits import address
from tests.cast import PASSWORD, Cast
from tests.web.pages import BASE, normal

HERE, THERE = "203.0.113.5", "198.51.100.7"


@pytest.fixture(autouse=True)
def no_form_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


def knock(client: FlaskClient, path: str = "/sign-in", where: str = HERE, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(path, data=fields, base_url=BASE, environ_overrides={"REMOTE_ADDR": where})


def test_an_address_that_knocks_too_often_is_asked_to_wait(cast: Cast, in_service: Flask) -> None:
    client = in_service.test_client()
    statuses = [knock(client, "/invitation", code="AAAA").status_code for _ in range(31)]
    assert statuses == [400] * 30 + [429]
    answer = knock(client, code="AAAA", sign_in_name="harmed", password=PASSWORD)
    assert answer.status_code == 429 and "There were many tries from where you are." in answer.text
    assert HERE not in answer.text
    assert client.get("/sign-in", base_url=BASE, environ_overrides={"REMOTE_ADDR": HERE}).status_code == 200
    assert knock(client, where=THERE, sign_in_name="harmed", password=PASSWORD).status_code == 302


def test_addresses_of_one_network_share_and_others_do_not(cast: Cast) -> None:
    client = cast.app.test_client()
    for number in range(31):
        last = knock(client, "/invitation", f"2001:db8:1:2::{number:x}", code="AAAA")
    assert last.status_code == 429
    assert knock(client, "/invitation", "2001:db8:1:3::1", code="AAAA").status_code == 400


@pytest.mark.parametrize(("remote", "known"), [
    ("127.0.0.1", ""), ("::1", ""), (None, ""), ("nonsense", ""), ("", ""), (HERE, HERE),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")])
def test_who_is_behind_the_web_server_in_front_is_not_counted_together(
        app: Flask, remote: str | None, known: str) -> None:
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": remote}):
        assert address() == known


def test_a_forwarded_address_is_believed_only_from_as_many_hops_as_were_told(cast: Cast, config: Config) -> None:
    forged = {"X-Forwarded-For": f"{THERE}, {HERE}"}
    for hops, seen in ((0, ""), (1, HERE), (2, THERE)):
        app = create_app(replace(config, trusted_hops=hops), cast.clock)
        found = []
        app.before_request(lambda found=found: found.append(address()))
        app.test_client().get("/safety", base_url=BASE, headers=forged)
        assert found == [seen]
        app.extensions["house"]().store.engine.dispose()


@pytest.mark.parametrize("env", [{"TRUSTED_HOPS": "x"}, {"TRUSTED_HOPS": "-1"}, {"TRUSTED_HOPS": "10"}])
def test_a_number_of_hops_that_is_none_is_refused(env: dict[str, str]) -> None:
    with pytest.raises(CannotStart):
        Config.from_env({"HOME": "/nonexistent", **env})


def test_a_store_that_is_not_known_is_refused_at_start(config: Config) -> None:
    told = Config.from_env({"HOME": "/nonexistent", "RATELIMIT_STORAGE_URI": "nonsense://here", "TRUSTED_HOPS": "1"})
    assert (told.rate_limit_storage, told.trusted_hops) == ("nonsense://here", 1)
    with pytest.raises(CannotStart, match="RATELIMIT_STORAGE_URI"):
        create_app(replace(config, rate_limit_storage=told.rate_limit_storage))


def test_an_account_gets_slow_alike_whether_it_is_there_or_not(cast: Cast, app: Flask) -> None:
    pages = {}
    for name in ("harmed", "nobody"):
        client = app.test_client()
        answers = [knock(client, sign_in_name=name, password="wrong", idle_minutes="60") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
        assert "Please wait 1 second and try again." in answers[-1].text
        assert f'value="{name}"' in answers[-1].text and '<option value="60" selected>' in answers[-1].text
        pages[name] = [normal(answer).replace(name, "a-name") for answer in answers]
    assert pages["harmed"] == pages["nobody"]


def test_waiting_is_enough(cast: Cast, app: Flask) -> None:
    client = app.test_client()
    for _ in range(4):
        knock(client, sign_in_name="harmed", password="wrong")
    assert knock(client, sign_in_name="harmed", password=PASSWORD).status_code == 429
    cast.clock.advance(seconds=1)
    assert knock(client, sign_in_name="harmed", password=PASSWORD).status_code == 302


def test_a_facilitator_of_the_case_sees_that_somebody_is_failing(cast: Cast, app: Flask) -> None:
    client = app.test_client()
    for _ in range(5):
        knock(client, sign_in_name="harmed", password="wrong")
        cast.clock.advance(seconds=9)
    knock(client, sign_in_name="responsible", password="wrong")
    page = cast.first.browser().open(f"/cases/{cast.case}")
    assert "5 failed sign-ins today." in page.text and page.text.count("failed sign-ins") == 1
    for path in ("/home", "/account"):
        assert "failed sign-ins" not in cast.responsible.browser().open(path).text


def test_no_address_is_written_to_a_log(cast: Cast, in_service: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    browser = Browser(in_service)
    for _ in range(32):
        knock(browser.client, "/invitation", code="AAAA")
    assert HERE not in caplog.text
