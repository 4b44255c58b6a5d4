"""A database of an earlier version is brought to this one, with what is in it."""

from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import column, select, table, text

from letters.rules.events import Event
from letters.storage import migrate
from letters.storage.store import Store
from letters.storage.tables.letters import AuditEntry
from tests import databases
from tests.cast import Cast
from tests.conftest import Clock
from tests.races.agreement import agree


@pytest.mark.parametrize("kind", databases.BOTH)
def test_facts_of_before_bind_nothing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest,
) -> None:
    url = f"sqlite:///{tmp_path / 'letters.db'}"
    if kind == "postgresql":
        server, name = request.getfixturevalue("postgresql"), f"earlier_{uuid4().hex}"
        databases.run(server, f"CREATE DATABASE {name}")
        url = databases.named(server, name)
    store = Store(url)
    entry = {"case_id": uuid4(), "number": 1, "at": Clock()(), "actor_id": uuid4(),
             "event": Event.CASE_OPENED.value, "subject_id": uuid4(), "about_id": uuid4(),
             "left": "", "entered": "", "mac": bytes(32), "evolved": b""}
    as_it_was = table("audit", *(column(name, AuditEntry.__table__.c[name].type)
                                 for name in entry))
    with store.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        connection.execute(as_it_was.insert().values(entry))
    migrate.migrate(store)
    assert migrate.is_current(store)
    with store.reading() as db:
        assert db.scalars(select(AuditEntry.detail)).all() == [b""]
    store.engine.dispose()


@pytest.mark.both_databases
def test_what_was_passed_on_before_it_had_a_lane_of_its_own(cast: Cast) -> None:
    cast.open_the_way_back()
    cast.approve(cast.submitted(cast.responsible), cast.first)
    store = cast.platform.store
    with store.writing() as db:
        for statement in ("UPDATE desk SET lane = 'second reading'",
                          "DELETE FROM desk_counts WHERE lane = 'passed on'",
                          "UPDATE desk_counts SET letters = 1 WHERE lane = 'second reading' AND "
                          "person_id IN (SELECT person_id FROM desk)",
                          "ALTER TABLE care DROP COLUMN covers", "DROP TABLE specialists",
                          "UPDATE alembic_version SET version_num = '0002'"):
            db.execute(text(statement))
    migrate.migrate(store)
    assert agree(cast.platform)["second reading"] == 1
