"""What answers are compared by."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import text

from letters.storage.tables.letters import Table
from tests.cast import Cast

BASE = "https://localhost"
NO_ID = "5c4f8d2e-0000-4000-8000-00000000f00d"
"""An id that nothing has."""

TOKEN = re.compile(r'(name="(?:csrf_token|once)" value=")[^"]*')
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def normal(answer: Any) -> str:
    """A page without what is different each time it is made: form tokens and ids."""
    return without_tokens(without_ids(answer.get_data(as_text=True)))


def without_tokens(body: str) -> str:
    """A page without its form tokens, in which the true time is: two pages of the same second only
    have the same."""
    return TOKEN.sub(r"\1a-token", body)


def without_ids(text: str) -> str:
    """A text in which all ids are the same."""
    return _ID.sub("an-id", text)


def title(answer: Any) -> str:
    """The title of a page."""
    found = re.search(r"<title>(.*?)</title>", answer.get_data(as_text=True), re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


def everything(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but when a session was last seen."""
    with cast.platform.store.engine.connect() as db:
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
