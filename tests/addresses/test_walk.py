"""One walk along every address: everybody asks each once, and every answer is looked at in every
way.

Who may do what: strangers get 404, insiders without the right 403, nobody is led to the door. No
form works without the token of its session. An error that nobody foresaw tells nothing. What does
not exist is answered like what belongs to others. A page of a shape that was not seen before is
looked at in Chromium too. """

import logging
import random
import re
from collections.abc import Iterator
from itertools import cycle, groupby
from typing import Any
from uuid import UUID

import pytest

from letters.rules.roles import Role
from letters.storage.tables.letters import AuditEntry
from letters.web.access import OPEN_TO_ALL, REACHED_HALFWAY
from letters.workflow.accounts import invite, sign_in, sign_in_steps, supervised_sign_in
from letters.workflow.accounts.sign_in_steps import APART
from tests.addresses.answers import NAMES, complaints
from tests.addresses.facts import WRITES
from tests.addresses.table import ROLES, TABLE, Row, address, client_of
from tests.addresses.window import Shapes, Window
from tests.cast import PASSWORD, Cast
from tests.night import SEED, size
from tests.web.pages import BASE, everything, normal, token

TYPED = "mnemosyne-7391"
AT_ONCE = 24
"""So many pages share an installation, where they only look."""
NOTHING = "00000000-0000-4000-8000-000000000000"
DRAWN = random.Random(SEED)
ODD = ("not-an-id", "00000000", "%00", "..%2f..", "%F0%9F%94%91", "9" * 5000)


def walks() -> Iterator[tuple[str, list[Row]]]:
    """Pages about the same thing together; what changes something by itself, as others would be
    asked about that."""
    changing = [row for row in TABLE if row.method == "POST" or row.endpoint == "sign_in.leave"]
    yield from ((row.name, [row]) for row in changing)
    looking = sorted({*TABLE} - {*changing}, key=lambda row: (row.about.__name__, TABLE.index(row)))
    for name, same in groupby(looking, key=lambda row: row.about.__name__):
        rows = list(same)
        for number, at in enumerate(range(0, len(rows), AT_ONCE)):
            yield f"GET {name}-{number}", rows[at:at + AT_ONCE]


WALKS = dict(walks())


STAGES = {row: stage if row.endpoint != "supervised_sign_in.own" else sign_in_steps.PASSWORD
          for row, stage in zip(TABLE, cycle(REACHED_HALFWAY), strict=False)}
"""After how much of signing in each row is asked: the password alone, or not even a second factor
set up. Somebody who signs in with a facilitator has chosen already what one row chooses."""
BROKEN = "Something went wrong here"


@pytest.mark.browser
@pytest.mark.parametrize("name", WALKS)
def test_everybody_is_answered_as_the_table_says(
    name: str, cast: Cast, shapes: Shapes, window: Window, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    values, fields = WALKS[name][0].about(cast)
    found = []
    for row in WALKS[name]:
        visit = Visit(cast, row, address(cast.app, row, values), fields)
        with monkeypatch.context() as broken:
            said = visit.unforeseen(broken)
        said += visit.halfway()
        said += visit.without_a_token() if row.method == "POST" else visit.not_there()
        said += visit.everybody(shapes, window)
        found += [f"{row.name}: {one}" for one in said]
    assert found == []
    assert TYPED not in caplog.text


class Visit:
    """One row, asked in every way. Each way gives what was wrong."""

    def __init__(self, cast: Cast, row: Row, path: str, fields: dict[str, str]) -> None:
        self.cast, self.row, self.path, self.fields = cast, row, path, fields
        self.most = ROLES[row.statuses.index(min(row.statuses))]
        self.tokens: dict[str, tuple[Any, str]] = {}

    def ask(self, client: Any, token: str | None = None, **more: str) -> Any:
        """Send the form, if there is one. Where no token is given, none is asked for."""
        self.cast.app.config["WTF_CSRF_ENABLED"] = token is not None
        sent = {**self.fields, **more, **({"csrf_token": token} if token else {})}
        return client.open(self.path, method=self.row.method, data=sent or None, base_url=BASE)

    def unforeseen(self, broken: pytest.MonkeyPatch) -> list[str]:
        """What the page says when something breaks that nobody thought of."""
        if self.row.endpoint.partition(".")[0] in ("static", "door"):
            return []

        def breaks(**_: object) -> None:
            raise RuntimeError(TYPED)

        broken.setitem(self.cast.app.view_functions, self.row.endpoint, breaks)
        broken.setitem(self.cast.app.config, "PROPAGATE_EXCEPTIONS", None)
        reached = [role for role in ROLES[1:] if self.status(role) < 400
                   or self.status(role) == 409]
        answer = self.ask(client_of(self.cast, next(iter(reached), "harmed")), text=TYPED)
        given_back = re.sub(r"<textarea[^>]*readonly.*?</textarea>", "", answer.text,
                            flags=re.DOTALL)
        kind = (answer.status_code == 500 and BROKEN in answer.text
                and "Traceback" not in answer.text)
        return [] if kind and TYPED not in given_back else ["an unforeseen error is not kind"]

    def halfway(self) -> list[str]:
        """Somebody between the steps of signing in reaches no more than nobody does."""
        stage = STAGES[self.row]
        leads_to, reached = REACHED_HALFWAY[stage]
        answer = self.ask(half_signed_in(self.cast, stage))
        if self.row.endpoint in reached:
            ok = (answer.status_code in (200, 400,
                                        404) or self.row.endpoint == "sign_in.sign_out"
                  or stage == APART)
        else:
            ok = answer.status_code == self.status("anonymous")
            if self.closed:
                with self.cast.app.test_request_context():
                    ok = ok and answer.headers["Location"] == self.cast.app.url_for(leads_to)
        return [] if ok else [f"half signed in ({stage}): {answer.status_code}"]

    def without_a_token(self) -> list[str]:
        """Nothing happens."""
        found, (_, others) = [], self.with_token("second")
        before = everything(self.cast)
        for role, made_up in (("anonymous", others),
                              *((self.most, one) for one in ("", "made-up", others))):
            client = self.with_token(role)[0] if made_up else client_of(self.cast, role)
            status = self.ask(client, made_up).status_code
            if status != (401 if role == "anonymous" and self.status(role) == 401 else 400):
                found.append(f"{role} without a token ({made_up[:8]}): {status}")
        return found + ["changed something without a token"] * (everything(self.cast) != before)

    def not_there(self) -> list[str]:
        """What does not exist is answered like what belongs to others."""
        if 404 not in self.row.statuses:
            return []
        client = client_of(self.cast, ROLES[self.row.statuses.index(404)])
        kept = next(part for part in self.path.split("/") if len(part) == 36)
        theirs, none = (client.get(path, base_url=BASE)
                        for path in (self.path, self.path.replace(kept, NOTHING)))
        found = [] if (normal(theirs), theirs.headers["Content-Length"]) == (
            normal(none), none.headers["Content-Length"]) else ["tells what exists"]
        for thing in (NOTHING, *DRAWN.sample(ODD, size(2, len(ODD)))):
            if client.get(self.path.replace(kept, thing), base_url=BASE).status_code != 404:
                found.append(f"{thing[:40]} is found")
        return found

    def everybody(self, shapes: Shapes, window: Window) -> list[str]:
        """What is refused is asked before what is not, which may change something and is sent with
        its token."""
        found = [f"names in {self.path}"] * bool(NAMES.search(self.path))
        for role in sorted(ROLES, key=lambda role: -self.status(role)):
            sends = self.row.method == "POST" and role == self.most
            client, own = self.with_token(role) if sends else (client_of(self.cast, role), None)
            before = facts(self.cast) if sends else {}
            answer = self.ask(client, own)
            if sends and (wrote := {event for at, event in facts(self.cast).items()
                                    if at not in before}) != WRITES.get(
                    self.row.name, set()):
                found.append(f"{role}: puts down {sorted(wrote)}")
            if self.row.method == "POST":  # whoever was refused at a door has to wait so long
                self.cast.clock.advance(minutes=1)
            said = complaints(self.row, role, answer)
            if answer.status_code != self.status(role):
                said.append(f"{answer.status_code} instead of {self.status(role)}")
            if role == "anonymous" and self.closed and answer.headers.get("Location") != "/sign-in":
                said.append("does not lead to the door")
            if shapes.new(self.row, role, answer.data):
                said += window.look(self.path, answer.data)
            found += [f"{role}: {one}" for one in said]
        return found

    def with_token(self, role: str) -> tuple[Any, str]:
        """A browser of this role with a token that is good for it."""
        if role not in self.tokens:
            client = client_of(self.cast, role)
            self.tokens[role] = client, token(client)
        return self.tokens[role]

    def status(self, role: str) -> int:
        """What the table says."""
        return self.row.statuses[ROLES.index(role)]

    @property
    def closed(self) -> bool:
        """A page that only somebody who is signed in sees."""
        return self.row.method == "GET" and (
            self.row.endpoint not in OPEN_TO_ALL or self.row.endpoint == "sign_in.front"
        )


def facts(cast: Cast) -> dict[tuple[UUID, int], str]:
    """Every fact of the trail, by its place."""
    with cast.platform.reading() as db:
        return {(entry.case_id, entry.number): entry.event for entry in db.query(AuditEntry)}


def half_signed_in(cast: Cast, stage: str) -> Any:
    """A browser whose person has given the password alone, has no second factor yet, or is without
    a facilitator."""
    name = "first"
    if stage == APART:
        name = cast.stranger_harmed.name
        if not supervised_sign_in.own_supervision(cast.platform,
                                                  cast.stranger_harmed.me).supervised:
            supervised_sign_in.choose(cast.platform, cast.stranger_harmed.me, PASSWORD)
    elif stage != "password":
        name = "nia"
        if not hasattr(cast, "nia"):
            cast.nia = invite.enrol(
                cast.platform, invite.invite_staff(cast.platform, Role.FACILITATOR, "Nia New"),
                name, PASSWORD
            )
    client = cast.app.test_client()
    client.set_cookie("__Host-session", sign_in.sign_in(cast.platform, name, PASSWORD).hex(),
                      domain="localhost",
                      secure=True)
    return client
