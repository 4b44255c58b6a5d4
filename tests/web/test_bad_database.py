"""A database that is read-only, full or gone: a page that says so, nothing half written, no word of
what was typed."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, event, make_url, text

from letters.app import create_app
from letters.config import Config
from letters.rehearsal.browser import Browser
from letters.rules.letter.lifecycle import State
from tests.addresses.table import ROLES, client_of
from tests.cast import PASSWORD, Cast
from tests.web.conftest import sqlite_alone
from tests.web.pages import BASE, everything, token

TYPED = "mnemosyne-7391"
SAYS = "This does not work at the moment"

pytestmark = pytest.mark.usefixtures("in_service")


def besides_the_letter(body: str) -> str:
    """A page without the text area in which somebody's own letter is given back to them."""
    return re.sub(r"<textarea[^>]*readonly.*?</textarea>", "", body, flags=re.DOTALL)


@pytest.fixture
def letter(cast: Cast) -> UUID:
    return cast.draft(cast.harmed, "Words that are there.")


def make_read_only(cast: Cast) -> None:
    engine = cast.platform.store.engine
    if engine.name == "sqlite":
        engine.dispose()
        event.listen(engine, "connect",
                     lambda connection, _: connection.execute("PRAGMA query_only=ON"))
        return
    _on_server(cast, f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = on")
    engine.dispose()


def make_full(cast: Cast) -> None:
    """SQLite alone: no page more than there are."""
    engine = cast.platform.store.engine
    engine.dispose()

    @event.listens_for(engine, "connect")
    def _full(connection: object, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]


def make_unreachable(cast: Cast) -> None:
    engine = cast.platform.store.engine
    engine.dispose()
    if engine.name == "sqlite":
        path = Path(str(engine.url.database))
        for file in path.parent.iterdir():
            file.rename(file.with_name(f"away-{file.name}"))
        path.mkdir()
        return
    _on_server(cast, f"ALTER DATABASE {engine.url.database} WITH ALLOW_CONNECTIONS false")


def make_well(cast: Cast) -> None:
    engine = cast.platform.store.engine
    engine.dispose()
    if engine.name == "sqlite":
        path = Path(str(engine.url.database))
        if path.is_dir():
            path.rmdir()
            for file in path.parent.iterdir():
                file.rename(file.with_name(file.name.removeprefix("away-")))
        cast.platform.store.engine = create_engine(engine.url)
        return
    _on_server(cast, f"ALTER DATABASE {engine.url.database} WITH ALLOW_CONNECTIONS true")
    _on_server(cast, f"ALTER DATABASE {engine.url.database} RESET default_transaction_read_only")


def _on_server(cast: Cast, statement: str) -> None:
    engine = create_engine(make_url(cast.platform.store.url).set(database="postgres"),
                           isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def well_in_the_end(cast: Cast) -> Iterator[None]:
    """The database of a test is dropped afterwards, for which it must be reachable."""
    yield
    make_well(cast)


@pytest.mark.both_databases
@pytest.mark.usefixtures("well_in_the_end")
def test_read_only_every_form_says_so_and_changes_nothing(
    cast: Cast, letter: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    edit, consent, door = cast.harmed.browser(), cast.responsible.browser(), Browser(cast.app)
    edit.open(f"/letters/{letter}/write")
    consent.open("/withdraw")
    door.open("/sign-in")
    before = everything(cast)
    make_read_only(cast)
    said = [
        edit.send(f"/letters/{letter}/write", 503, text=TYPED),
        consent.send("/withdraw", 503),
        door.send("/sign-in", 503, sign_in_name="first", password=PASSWORD),
    ]
    for page in said:
        assert SAYS in page.text and "Nothing was half done" in page.text
        assert (TYPED not in besides_the_letter(page.body) and PASSWORD not in page.body
                and "Traceback" not in page.body)
    assert cast.harmed.browser().open("/letters").status == 200  # reading goes on
    make_well(cast)
    assert everything(cast) == before
    assert TYPED not in caplog.text and PASSWORD not in caplog.text


@sqlite_alone
@pytest.mark.usefixtures("well_in_the_end")
def test_full_nothing_is_half_written_and_what_fits_works_again(
    cast: Cast, letter: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    browser = cast.harmed.browser()
    browser.open(f"/letters/{letter}/write")
    before = everything(cast)
    make_full(cast)
    page = browser.send(f"/letters/{letter}/write", 503, text=f"{TYPED} " * 10_000)
    assert SAYS in page.text and TYPED not in besides_the_letter(page.body)
    assert everything(cast) == before
    assert TYPED not in caplog.text
    make_well(cast)


@sqlite_alone
@pytest.mark.usefixtures("well_in_the_end")
def test_full_while_sending_the_letter_stays_with_its_writer(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "A letter that is long enough to need room. " * 400)
    browser = cast.harmed.browser()
    browser.open(f"/letters/{letter}/check")
    make_full(cast)
    browser.send(f"/letters/{letter}/send", 503)
    assert cast.state(letter) is State.DRAFT
    assert cast.row(letter).submitted_id is None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("well_in_the_end")
def test_gone_every_page_says_so(cast: Cast, role: str, caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(cast, role)
    sent = {"csrf_token": token(client), "sign_in_name": TYPED, "password": TYPED, "code": TYPED,
            "text": TYPED}
    make_unreachable(cast)
    with caplog.at_level(logging.DEBUG):
        for path in ("/", "/home", "/letters", "/for-you", "/desk", "/cases", "/stop"):
            answer = client.get(path, base_url=BASE)
            assert answer.status_code == (302 if role == "anonymous" else 503), path
            assert role == "anonymous" or SAYS in answer.text
            assert (answer.headers["Cache-Control"] == "no-store"
                    and "Content-Security-Policy" in answer.headers)
        for path in ("/sign-in", "/invitation", "/invitation/account", "/consent/read",
                     "/letters/new"):
            answer = client.post(path, data=sent, base_url=BASE)
            assert answer.status_code in (503, 401), path
            assert (
                TYPED not in besides_the_letter(answer.text)
                and "Traceback" not in answer.text
                and "sqlalchemy" not in answer.text
            )
    assert TYPED not in caplog.text


@pytest.mark.both_databases
@pytest.mark.usefixtures("well_in_the_end")
def test_after_a_while_it_works_again_without_a_restart(cast: Cast) -> None:
    browser = cast.harmed.browser()
    make_unreachable(cast)
    browser.open("/home", 503)
    make_well(cast)
    browser.open("/home")


@pytest.mark.usefixtures("well_in_the_end")
@pytest.mark.parametrize("fresh", [False, True], ids=["running", "just started"])
def test_quick_exit_works_without_a_database(cast: Cast, config: Config, fresh: bool) -> None:
    client = cast.harmed.browser().client
    if fresh:
        client = create_app(config, cast.clock).test_client()
        client.set_cookie("__Host-session", "00" * 32, domain="localhost", secure=True)
    make_unreachable(cast)
    answer = client.get("/leave", base_url=BASE)
    assert answer.headers["Location"].startswith("https://")
    assert any(cookie.startswith("__Host-session=;")
               for cookie in answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("cookie", ["", "x", "x.y.z", "eyJjc3JmX3Rva2VuIjoiIn0.AA.AA", "\0"])
def test_a_made_up_cookie_of_the_forms_is_none(cast: Cast, cookie: str) -> None:
    answer = cast.app.test_client().get("/sign-in", base_url=BASE,
                                        headers={"Cookie": f"__Host-forms={cookie}"})
    assert answer.status_code == 200
