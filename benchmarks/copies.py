"""Many rows quickly: rows that the workflow really left are copied
inside the database under new ids.

Sizes and states are those of real letters. Data bound to an id (seals, signatures, MACs) does not
verify in a copy, so copies only make up the numbers; ``seed`` makes what a page shows.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Column, Uuid, bindparam, text
from sqlalchemy.orm import Session

from letters.storage.store import Moment
from letters.storage.tables.letters import Table

LETTER = {
    "letters": "id IN (SELECT id FROM letters_copied)",
    "versions": "letter_id IN (SELECT id FROM letters_copied)",
    "grants": "version_id IN (SELECT id FROM versions_copied)",
    "decisions": "version_id IN (SELECT id FROM versions_copied)",
    "sealed_releases": "version_id IN (SELECT id FROM versions_copied)",
    "statements": "version_id IN (SELECT id FROM versions_copied)",
}
CASE = {
    "people": "id IN (SELECT person_id FROM participants WHERE case_id = :case)",
    "cases": "id = :case",
    "public_keys": "owner_id = :case OR owner_id IN (SELECT person_id FROM participants WHERE "
    "case_id = :case)",
    "participants": "case_id = :case", "channels": "case_id = :case", "members": "case_id = :case",
    "case_keys": "case_id = :case", "rosters": "case_id = :case", **LETTER,
    "notes": "reader_id = :case OR subject_id IN (SELECT id FROM letters_copied)",
    "desk": "letter_id IN (SELECT id FROM letters_copied)",
    "audit": "case_id = :case",
}
"""The rows that belong to a letter and to a whole case, in an order that the foreign keys allow."""

_UNIQUE = {"reference": "upper(regexp_replace(lpad(to_hex(n::bigint * 2654435761 % 4294967296), "
           "8, '0'), "
           "'(....)', '\\1-'))",  # an odd factor: no two results are the same
           "lookup": "sha256(t.lookup || int4send(n))"}


def copy_case(db: Session, case: UUID, times: int, apart: timedelta) -> None:
    """Copy a case with its participants and letters, each copy later by ``apart`` than the one
    before. The team stays the same, with all copies on its desks."""
    _copy(db, CASE, "case_id = :case", {"case": case}, times, apart)


def count_desks(db: Session) -> None:
    """Set the counts of the desks to the letters that lie on them."""
    db.execute(text("UPDATE desk_counts SET letters = (SELECT count(*) FROM desk WHERE desk.lane "
                    "= desk_counts.lane "
                    "AND desk.person_id = desk_counts.person_id)"))


def copy_letter(db: Session, letter: UUID, times: int) -> None:
    """Copy one letter within its case, between the same two people, each copy older than the one
    before. The trail does not mention the copies."""
    _copy(db, LETTER, "id = :letter", {"letter": letter}, times, timedelta(minutes=-5))


def settle(db: Session) -> None:
    """Do what the server would do by itself in a while: statistics, visibility, a
    checkpoint. Runs outside a transaction."""
    connection = db.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    connection.execute(text("VACUUM ANALYZE"))
    connection.execute(text("CHECKPOINT"))


def _copy(db: Session, tables: dict[str, str], letters: str, known: dict[str, UUID], times: int,
          apart: timedelta) -> None:
    if times < 1:
        return
    db.execute(text("CREATE TEMP TABLE letters_copied ON COMMIT DROP AS SELECT id FROM letters "
                    f"WHERE {letters}"), known)
    db.execute(text("CREATE TEMP TABLE versions_copied ON COMMIT DROP AS SELECT id FROM versions "
                    "WHERE letter_id IN (SELECT id FROM letters_copied)"))
    ids: set[UUID] = set()
    for name, where in tables.items():
        if "id" in Table.metadata.tables[name].columns:
            ids.update(db.scalars(text(f"SELECT id FROM {name} WHERE {where}"),
                                  _used(where, known)))
    for name, where in tables.items():
        columns = Table.metadata.tables[name].columns
        names = ", ".join(f'"{column.name}"' for column in columns)
        statement = text(f"INSERT INTO {name} ({names}) SELECT {', '.join(map(_value, columns))} "
                         f"FROM (SELECT * FROM {name} WHERE {where}) t, generate_series(1, "
                         ":times) n")
        values = {"times": times, **_used(where, known)}
        if ":apart" in statement.text:
            values["apart"] = apart // timedelta(microseconds=1)
        if ":ids" in statement.text:
            statement, values["ids"] = statement.bindparams(bindparam("ids")), list(ids)
        db.execute(statement, values)


def _value(column: Column[object]) -> str:
    name = f't."{column.name}"'
    if column.name in _UNIQUE:
        return _UNIQUE[column.name]
    if isinstance(column.type, Uuid):
        return f"CASE WHEN {name} = ANY(:ids) THEN md5({name}::text || n)::uuid ELSE {name} END"
    return f"{name} + n::bigint * :apart" if isinstance(column.type, Moment) else name


def _used(where: str, known: dict[str, UUID]) -> dict[str, UUID]:
    return {name: value for name, value in known.items() if f":{name}" in where}
