"""The large demonstration, in miniature: the same from one seed, true by its record, and opened by
the person whose pages it is for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from letters.app import create_app
from letters.config import Config
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import AuditEntry, Case, Letter, Person
from letters.tryout import demonstration, large
from letters.tryout.demo import PASSWORD, DemoPerson
from letters.tryout.large_year import SetClock
from letters.workflow.access import directory
from letters.workflow.accounts import sign_in
from letters.workflow.platform import Platform
from letters.workflow.upkeep import audit

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("large")]

END = datetime(2027, 1, 4, 10, tzinfo=UTC)
MINIATURE = large.Size(cases=6, letters=30, facilitators=5)
OF_THE_SMALL_ONE = large.Made(cases=1, letters=4)


@dataclass(frozen=True)
class Service:
    """A miniature, with everybody as whom one can sign in."""

    app: Flask
    cast: list[DemoPerson]
    made: large.Made

    @property
    def platform(self) -> Platform:
        opened: Platform = self.app.extensions["platform"]()
        return opened


def service(home: Path, size: large.Size = MINIATURE) -> Service:
    config = replace(Config.from_env({"LETTERS_HOME": str(home)}), cost=large.COST)
    clock = SetClock(END - large.YEAR)
    app = create_app(config, clock)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return Service(app, *large.seed(app.extensions["platform"](), clock, END, size))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = service(tmp_path_factory.mktemp("large"))
    yield found
    found.platform.store.engine.dispose()


def shape(platform: Platform) -> tuple[object, ...]:
    """All but keys, ids and seals: who there is, and what happened in each case, in its order."""
    with platform.reading() as db:
        cases = db.scalars(select(Case.id).order_by(Case.opened_at)).all()
        told = [db.execute(select(AuditEntry.event, AuditEntry.at, AuditEntry.entered)
                           .where(AuditEntry.case_id == case,
                                  AuditEntry.event != "agreement proposed")
                           .order_by(AuditEntry.number)).all() for case in cases]
        people = sorted((person.role, directory.name_of(platform, person))
                        for person in db.scalars(select(Person)))
        return people, Counter(db.scalars(select(Letter.state))), [
            [(event, at.date()) for event, at, _ in facts] for facts in told]


def test_it_is_as_large_as_was_asked_for_and_its_record_holds(made: Service) -> None:
    assert made.made == (MINIATURE.cases + OF_THE_SMALL_ONE.cases,
                         MINIATURE.letters + OF_THE_SMALL_ONE.letters)
    assert [*audit.verify(made.platform)] == [None] * (made.made.cases + 1)
    with made.platform.reading() as db:
        states = set(db.scalars(select(Letter.state)))
        assert "tampering found" not in set(db.scalars(select(AuditEntry.event)))
    assert {State.OPENED, State.RELEASED, State.IN_REVIEW, State.DRAFT} <= set(map(State, states))


def test_one_seed_makes_the_same_each_time(made: Service, tmp_path: Path) -> None:
    again = service(tmp_path)
    assert shape(again.platform) == shape(made.platform)
    again.platform.store.engine.dispose()


@pytest.mark.parametrize("name", ["frances", "sam"])
def test_the_pages_of_facilitators_open(made: Service, name: str) -> None:
    platform = made.platform
    half = sign_in.halfway(platform, sign_in.sign_in(platform, name, PASSWORD))
    assert half is not None
    with platform.writing() as db:
        token = sign_in.go_on(platform, db, half.me)
    client = made.app.test_client()
    client.set_cookie("__Host-session", token.hex(), domain="localhost", secure=True)
    for page in ("/today", "/desk", "/cases", "/search"):
        assert client.get(page, base_url="https://localhost").status_code == 200, page


def test_somebody_of_each_role_stands_on_its_first_page(tmp_path: Path) -> None:
    config = Config.from_env({"LETTERS_HOME": str(tmp_path)})
    demonstration.prepare(config, large.Size(cases=2, letters=4, facilitators=4))
    client = Client(demonstration.served({"LETTERS_HOME": str(tmp_path)}))
    assert "about forty cases" in client.get("/demonstration/").text
    for name in ("hanna", "robin", "frances", "sam", "sunniva", "ada"):
        come = client.post(f"/demonstration/be/{name}", base_url="https://localhost",
                           follow_redirects=True)
        assert come.status_code == 200 and "Sign out" in come.text
