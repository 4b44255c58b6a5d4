"""A choice that no page offers is refused with 400, and nothing is changed: nobody meant what would
follow. Nor is a form read that is longer than what it can hold.

Every page is looked at, and each of its forms is sent as it stands, with one choice after another
exchanged. """

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby, product
from typing import Any

import pytest

from letters.web.limits import MOST_WITHOUT_WORDS, WITH_WORDS
from tests.addresses.table import ROLES, TABLE, Row, address, client_of
from tests.cast import Cast
from tests.web.pages import BASE, everything

NOT_OFFERED = "mnemosyne-7391"


@dataclass
class Form:
    """A form as a browser would send it, the names of what is chosen in it, its buttons that have a
    name, and whether there is room for more than a line."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    words: bool = False
    searches: bool = False


class Forms(HTMLParser):
    """The forms of a page, with what belongs to one from elsewhere on the page."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._named: dict[str, Form] = {}
        self._list = ""
        self.feed(body)
        self.forms = [form for form in self.forms if not form.searches]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        name, value, kind = named.get("name", ""), named.get("value", ""), named.get("type", "")
        if tag == "form":
            self.forms.append(Form(named.get("action", ""),
                                   searches=named.get("role") == "search"))
            self._named[named.get("id", "")] = self.forms[-1]
        elif tag == "option" and self._list:
            if "selected" in named or self._list not in self.forms[-1].fields:
                self.forms[-1].fields[self._list] = value
        elif name and self.forms:
            form = self._named.get(named.get("form", ""), self.forms[-1])
            is_chosen = tag in ("select", "button") or kind in ("checkbox", "radio")
            if is_chosen:
                form.choices.add(name)
            if tag == "button":
                form.buttons.append((name, value))
            self._list = name if tag == "select" else ""
            if tag == "textarea":
                form.fields[name] = "Some words."
                form.words = form.words or "readonly" not in named
            elif tag == "input" and (not is_chosen or "checked" in named):
                form.fields[name] = value or ("Some words." if kind in ("", "text") else value)


def groups() -> dict[str, list[Row]]:
    """The pages, by what they are about."""
    pages = sorted((row for row in TABLE if row.method == "GET"
                    and row.endpoint not in ("static", "sign_in.leave")),
                   key=lambda row: row.about.__name__)
    return {name: list(rows) for name, rows in groupby(pages, key=lambda row: row.about.__name__)}


GROUPS = groups()


@pytest.mark.parametrize("about", GROUPS)
def test_what_no_page_offers_is_refused_and_changes_nothing(about: str, cast: Cast) -> None:
    cast.app.config["PROPAGATE_EXCEPTIONS"] = None
    values, _ = GROUPS[about][0].about(cast)
    found, tried = [], set()
    for row in GROUPS[about]:
        for role in (role for role,
                     status in zip(ROLES, row.statuses, strict=True) if status == 200):
            client = client_of(cast, role)
            page = client.get(address(cast.app, row, values), base_url=BASE)
            for form in Forms(page.text).forms:
                endpoint = (cast.app.url_map.bind("localhost")
                            .match(form.action.split("?")[0], method="POST")[0])
                if endpoint not in tried:
                    tried.add(endpoint)
                    found += _too_long(cast, client, form, endpoint)
                for name, button in product(sorted(form.choices), form.buttons or [("", "")]):
                    kind = endpoint, "".join(letter for letter in name
                                             if not letter.isdigit()), button
                    if kind not in tried and (name not in dict(form.buttons)
                                              or button == form.buttons[0]):
                        tried.add(kind)
                        found += _exchanged(cast, client, form, button, name)
    assert found == []


def _exchanged(cast: Cast, client: Any, form: Form, button: tuple[str, str],
               name: str) -> list[str]:
    before = everything(cast)
    sent = {**form.fields, button[0]: button[1], name: NOT_OFFERED}
    status = client.post(form.action, data=sent, base_url=BASE).status_code
    said = [] if status == 400 else [f"{form.action} {name} {button}: {status}"]
    return (said
            + [f"{form.action} {name} {button}: changed something"] * (everything(cast) != before))


def _too_long(cast: Cast, client: Any, form: Form, endpoint: str) -> list[str]:
    """Of a form without room for words no more is read than it can hold."""
    if form.words or endpoint in WITH_WORDS:
        return [] if endpoint in WITH_WORDS else [f"{endpoint} has room for words, and they are "
                                                  "not read"]
    sent = {**form.fields, "made-up": "x" * MOST_WITHOUT_WORDS}
    status = client.post(form.action, data=sent, base_url=BASE).status_code
    return [] if status == 413 else [f"{endpoint}: {status} for what is too long"]
