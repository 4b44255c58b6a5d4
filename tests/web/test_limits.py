"""Knocking: an address gets so many tries, an account gets slow, and both say kindly how to go
on."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from letters.app import create_app
from letters.config import ROOT, Config
from letters.rehearsal.browser import Browser
from letters.rules.errors import CannotStart
from letters.web.limits import address
from tests.cast import PASSWORD, Cast
from tests.web.pages import BASE, normal

HERE, THERE = "203.0.113.5", "198.51.100.7"


@pytest.fixture(autouse=True)
def no_form_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    # a test without a database may have left it counting by itself
    for limiter in app.extensions["limiter"]:
        limiter._storage_dead = False


def knock(client: FlaskClient, path: str = "/sign-in", where: str = HERE, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(path, data=fields, base_url=BASE, environ_overrides={"REMOTE_ADDR": where})


def test_an_address_that_knocks_too_often_is_asked_to_wait(cast: Cast, in_service: Flask) -> None:
    client = in_service.test_client()
    statuses = [knock(client, "/invitation", code="AAAA").status_code for _ in range(31)]
    assert statuses == [400] * 30 + [429]
    answer = knock(client, "/reset", code="AAAA", sign_in_name="harmed", password=PASSWORD)
    assert answer.status_code == 429 and "There were many tries from where you are." in answer.text
    assert HERE not in answer.text
    assert client.get("/sign-in", base_url=BASE,
                      environ_overrides={"REMOTE_ADDR": HERE}).status_code == 200
    assert knock(client, where=THERE, sign_in_name="harmed", password=PASSWORD).status_code == 302


def test_all_processes_of_an_installation_count_together(cast: Cast, config: Config) -> None:
    """Two of them, each with half of the knocks, and each with a way of its own into the
    database."""
    apart = [create_app(config, cast.clock) for _ in range(2)]
    for app in apart:
        app.config["WTF_CSRF_ENABLED"] = False
    clients = [app.test_client() for app in apart]
    statuses = [knock(clients[number % 2], "/invitation", code="AAAA").status_code
                for number in range(32)]
    assert statuses == [400] * 30 + [429] * 2
    cast.clock.advance(minutes=1)
    assert knock(clients[0], "/invitation", code="AAAA").status_code == 400
    for app in apart:
        app.extensions["platform"]().store.engine.dispose()


KNOCKS = """
import os
from letters.app import create_app
from letters.config import ROOT, Config
app = create_app(Config.from_env(os.environ))
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
for _ in range(20):
    print(client.post("/invitation", data={"code": "AAAA"}, base_url="https://localhost",
                      environ_overrides={"REMOTE_ADDR": "203.0.113.5"}).status_code)
"""


def test_two_true_processes_allow_no_more_than_one(cast: Cast, config: Config) -> None:
    env = {**os.environ, "LETTERS_HOME": str(config.home), "DATABASE_URL": config.database_url,
           "KEY_FILE": str(config.key_file), "STATE_FILE": str(config.state)}
    both = [subprocess.Popen([sys.executable, "-c", KNOCKS], cwd=ROOT, env=env,
                             stdout=subprocess.PIPE, text=True)
            for _ in range(2)]
    statuses = [status for one in both for status in one.communicate(timeout=300)[0].split()]
    assert (statuses.count("400"), statuses.count("429")) == (30, 10)


@pytest.mark.parametrize("path", ["/invitation", "/invitation/account", "/reset"])
def test_codes_are_not_guessed_at_leisure_behind_a_web_server_either(cast: Cast, path: str) -> None:
    """Where no hops were told everybody comes from this machine."""
    client = cast.app.test_client()
    statuses = [knock(client, path, "127.0.0.1", code="AAAA", sign_in_name="x").status_code
                for _ in range(60)]
    assert statuses.count(429) >= 30
    assert knock(client, where="127.0.0.1", sign_in_name="harmed",
                 password=PASSWORD).status_code == 302


def test_a_web_server_in_front_that_nobody_told_of_is_noticed(
    cast: Cast, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    said = "Everybody seems to come from the same place"
    assert said not in cast.first.browser().open("/running").text
    for hops, times in ((0, 1), (1, 0)):
        caplog.clear()
        app = create_app(replace(config, trusted_hops=hops), cast.clock)
        for _ in range(3):
            app.test_client().get("/safety", base_url=BASE, headers={"X-Forwarded-For": HERE})
        assert caplog.text.count("TRUSTED_HOPS is 0") == times and HERE not in caplog.text
        app.extensions["platform"]().store.engine.dispose()
    cast.app.test_client().get("/safety", base_url=BASE, headers={"X-Forwarded-For": HERE})
    assert said in cast.first.browser().open("/running").text


def test_a_device_that_signed_in_before_does_not_wait_for_others(cast: Cast, app: Flask) -> None:
    own, stranger = app.test_client(), app.test_client()
    assert knock(own, where="127.0.0.1", sign_in_name="harmed",
                 password=PASSWORD).status_code == 302
    mark = own.get_cookie("__Host-device", domain="localhost")
    assert mark.secure and mark.http_only and mark.same_site == "Lax"
    for _ in range(5):
        last = knock(stranger, where="127.0.0.1", sign_in_name="harmed", password="wrong")
    assert (last.status_code == 429
            and "Use a device on which you have signed in before" in last.text)
    assert knock(own, where="127.0.0.1", sign_in_name="harmed",
                 password=PASSWORD).status_code == 302


@pytest.mark.parametrize("shared", [True, False])
def test_a_shared_device_is_not_remembered(app: Flask, cast: Cast, shared: bool) -> None:
    client = app.test_client()
    knock(client, sign_in_name="harmed", password=PASSWORD, **({"shared": "yes"} if shared else {}))
    assert (client.get_cookie("__Host-device", domain="localhost") is None) is shared


@pytest.mark.parametrize("asked_by", ["same-origin", "none", "cross-site", "same-site", None])
def test_only_ourselves_press_the_quick_exit(cast: Cast, asked_by: str | None) -> None:
    client = cast.harmed.browser().client
    answer = client.get("/leave", base_url=BASE,
                        headers={"Sec-Fetch-Site": asked_by} if asked_by else {})
    assert answer.status_code == 302 and not answer.headers["Location"].startswith("/")
    ours = asked_by in ("same-origin", "none")
    assert ("Clear-Site-Data" in answer.headers) is ours
    assert (client.get("/home", base_url=BASE).status_code
            == 200) is (asked_by in ("cross-site", "same-site"))


@pytest.mark.parametrize("name", ["administrator", "supervisor", "first"])
def test_a_long_form_is_not_read_for_who_may_not_send_it(
    cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr("werkzeug.formparser.FormDataParser.parse",
                        lambda *_, **__: read.append("read"))
    client = getattr(cast, name).browser().client
    assert client.post("/for-you/plan", data={"when": "x" * 1000}, base_url=BASE).status_code == 403
    assert read == []


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


def test_a_forwarded_address_is_believed_only_from_as_many_hops_as_were_told(
    cast: Cast, config: Config
) -> None:
    forged = {"X-Forwarded-For": f"{THERE}, {HERE}"}
    for hops, seen in ((0, ""), (1, HERE), (2, THERE)):
        app = create_app(replace(config, trusted_hops=hops), cast.clock)
        found = []
        app.before_request(lambda found=found: found.append(address()))
        app.test_client().get("/safety", base_url=BASE, headers=forged)
        assert found == [seen]
        app.extensions["platform"]().store.engine.dispose()


@pytest.mark.parametrize("env",
                         [{"TRUSTED_HOPS": "x"}, {"TRUSTED_HOPS": "-1"}, {"TRUSTED_HOPS": "10"}])
def test_a_number_of_hops_that_is_none_is_refused(env: dict[str, str]) -> None:
    with pytest.raises(CannotStart):
        Config.from_env({"HOME": "/nonexistent", **env})


def test_a_store_that_is_not_known_is_refused_at_start(config: Config) -> None:
    told = Config.from_env({"HOME": "/nonexistent", "RATELIMIT_STORAGE_URI": "nonsense://here",
                            "TRUSTED_HOPS": "1"})
    assert (told.rate_limit_storage, told.trusted_hops) == ("nonsense://here", 1)
    with pytest.raises(CannotStart, match="RATELIMIT_STORAGE_URI"):
        create_app(replace(config, rate_limit_storage=told.rate_limit_storage))


def test_an_account_gets_slow_alike_whether_it_is_there_or_not(cast: Cast, app: Flask) -> None:
    pages = {}
    for name in ("harmed", "nobody"):
        client = app.test_client()
        answers = [knock(client, sign_in_name=name, password="wrong", idle_minutes="60")
                   for _ in range(4)]
        assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
        assert "Please wait 1 second and try again." in answers[-1].text
        assert (f'value="{name}"' in answers[-1].text
                and '<option value="60" selected>' in answers[-1].text)
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


def test_no_address_is_written_to_a_log(cast: Cast, in_service: Flask,
                                        caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    browser = Browser(in_service)
    for _ in range(32):
        knock(browser.client, "/invitation", code="AAAA")
    assert HERE not in caplog.text


def test_nobody_is_kept_from_one_door_by_knocks_at_another(cast: Cast) -> None:
    """Nor from a recovery code, where nobody can be told from anybody; nor a device that is known,
    at any address."""
    own, stranger = cast.app.test_client(), cast.app.test_client()
    assert knock(own, sign_in_name="harmed", password=PASSWORD).status_code == 302
    for _ in range(31):
        refused = knock(stranger, sign_in_name="harmed", password="wrong")
        knock(stranger, "/invitation", "127.0.0.1", code="AAAA-BBBB")
        knock(stranger, "/recovery", "127.0.0.1", sign_in_name="harmed", code="AAAA", password="x")
    assert (refused.status_code == 429
            and "There were many tries from where you are." in refused.text)
    assert knock(own, sign_in_name="harmed", password=PASSWORD).status_code == 302
    again = knock(own, "/recovery", "127.0.0.1", sign_in_name="harmed",
                  code=cast.harmed.recovery_code,
                  password="seven other quiet words for this door")
    assert again.status_code == 200
