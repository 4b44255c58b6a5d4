"""The bare programs: the least that Flask can do for the same cryptography, with
nothing of the practice around it.

No sign-in, no form token, no screening, no trail: one handler, one insert, one small template. The
same gunicorn serves them and ours. ``stretch`` is the bare sign-in.
"""

import json
import os
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID, uuid4

from flask import Flask, redirect, render_template_string, request
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    create_engine,
    insert,
    select,
)
from werkzeug.wrappers import Response

from benchmarks.load import Measured
from keys import box
from keys import letter as sealing
from keys.context import context
from keys.identity import Identity, sha256
from keys.passphrase import Cost, Stretcher

TEXT = "Just as it stands here, without a word of anybody's life.\n\n"
FINDINGS = [{"category": "contact", "severity": "caution", "start": 11, "end": 23,
             "quote": "07700 900000",
             "why": "This may be a telephone number.", "rule": "contact.telephone"}]
PAGE = """<!doctype html><title>A letter</title><h1>A letter</h1>
{% for paragraph in text.split("\\n\\n") %}<p>{{ paragraph }}</p>{% endfor %}"""

LIST = """<!doctype html><title>Letters</title><h1>Letters</h1><table>
{% for row in rows %}<tr><td><a href="/open?{{ row.id }}">{{ row.reference }}</a></td>
<td>{{ row.since }}</td></tr>
{% endfor %}</table>"""

metadata = MetaData()
listed = Table("bare_listed", metadata, Column("id", Uuid, primary_key=True),
               Column("reference", String),
               Column("since", DateTime, index=True))
letters = Table("bare_letters", metadata, Column("id", Uuid, primary_key=True),
                *(Column(name, LargeBinary)
                  for name in ("body", "own_grant", "team_grant", "findings")))


def make_tables(engine: Engine) -> None:
    """Make both tables, and a thousand rows to list, unless they exist."""
    metadata.create_all(engine)
    with engine.begin() as db:
        if db.execute(select(listed.c.id).limit(1)).first() is None:
            db.execute(insert(listed),
                       [{"id": uuid4(), "reference": f"{number:04}", "since": datetime(
                2026, 1, 1) + timedelta(minutes=number)} for number in range(1_000)])


def make_app() -> Flask:
    """All handlers, with keys of their own; ``DATABASE_URL`` names the database for inserts."""
    app = Flask("bare")
    engine = create_engine(os.environ["DATABASE_URL"])
    writer, team = Identity(os.urandom(32)), Identity(os.urandom(32))
    arrived = Arrived(writer, int(os.environ.get("LETTER_LENGTH", "8192")))
    ids = [uuid4() for _ in range(3)]

    @app.get("/safety")
    def there() -> str:
        return "here"

    @app.post("/submit")
    def submit() -> Response:
        version, key = uuid4(), os.urandom(32)
        place = sealing.Place(version, version, *ids, "submitted")
        sealed = team.recipient.seal(box.pad(json.dumps(FINDINGS).encode(), box.NOTE_BLOCK),
                                     context("findings", version=version, case=ids[0], epoch=1))
        row = {"id": version, "findings": sealed,
               "body": sealing.seal_letter(request.form["text"], place, writer, key, os.urandom),
               "own_grant": sealing.grant_to_person(writer.recipient, ids[2], key, version),
               "team_grant": sealing.grant_to_case(team.recipient, ids[0], 1, key, version)}
        with engine.begin() as db:
            db.execute(insert(letters), row)
        return redirect("/")

    @app.get("/rows")
    def rows() -> str:
        with engine.connect() as db:
            return render_template_string(
                LIST, rows=db.execute(select(listed).order_by(listed.c.since).limit(50))
            )

    @app.get("/open")
    def read() -> str:
        return render_template_string(PAGE, text=arrived.opened())

    return app


class Arrived:
    """A letter with its grant, two approvals and a release statement, and the keys to open it."""

    def __init__(self, author: Identity, length: int) -> None:
        self.author, self.reader = author, Identity(os.urandom(32))
        self.facilitators = Identity(os.urandom(32)), Identity(os.urandom(32))
        self.who, self.version, key = uuid4(), uuid4(), os.urandom(32)
        self.place = sealing.Place(uuid4(), self.version, uuid4(), uuid4(), uuid4(), "submitted")
        self.body = sealing.seal_letter((TEXT * length)[:length], self.place, author, key,
                                        os.urandom)
        self.grant = sealing.grant_to_person(self.reader.recipient, self.who, key, self.version)
        self.digest = sealing.digest(self.body, self.place)
        self.approvals = [sealing.sign_decision(one, self._approval(one))
                          for one in self.facilitators]
        self.statement = sealing.sign_statement(self.facilitators[1], self._statement())

    def opened(self) -> str:
        """The text, after verification of the digest, approvals,
        statement and the author's signature."""
        assert self.digest == sealing.digest(self.body, self.place)
        for one, approval in zip(self.facilitators, self.approvals, strict=True):
            sealing.verify_decision(one.verifier, self._approval(one), approval)
        sealing.verify_statement(self.facilitators[1].verifier, self._statement(), self.statement)
        key = sealing.open_own_grant(self.reader, self.who, self.grant, self.version)
        return sealing.open_letter(self.body, self.place, key, self.author.verifier)

    def _approval(self, facilitator: Identity) -> sealing.Decision:
        return sealing.Decision(self.version, self.digest, sha256(b""), "approve", self.who,
                                UUID(bytes=facilitator.kid[:16]), 1, "rules", 2, 1)

    def _statement(self) -> sealing.ReleaseStatement:
        return sealing.ReleaseStatement(self.version, self.digest, self.who, self.reader.kid,
                                        bytes(32),
                                        self.place.author, 1)


def stretch(seconds: float) -> Measured:
    """The key stretch alone, at its full cost, one after the other."""
    stretcher, measured, begun = Stretcher(os.urandom(32), Cost()), Measured(), perf_counter()
    while measured.seconds < seconds:
        before = perf_counter()
        stretcher.stretch("seven quiet words in a row", os.urandom(16))
        measured.ms.append((perf_counter() - before) * 1000)
        measured.seconds = perf_counter() - begun
    return measured
