"""A person at a browser without scripts: opens pages, fills in the forms really on them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from uuid import UUID

from flask import Flask


class Refused(AssertionError):
    """Something did not happen as it must. The message names the step,
    never anything that somebody wrote."""


@dataclass
class Form:
    """A form on a page, with the values it would send and the first of
    its buttons, which Enter presses."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    button: dict[str, str] | None = None
    boxes: set[str] = field(default_factory=set)


class ShownPage(HTMLParser):
    """An answer: its status, its text, its links and forms."""

    def __init__(self, status: int, body: str, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.status, self.body, self.url = status, body, url
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._words: list[str] = []
        self._select = self._area = ""
        self.feed(body)
        self.text = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Gather forms, fields and links."""
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(named.get("action", "")))
        elif tag == "a":
            self.links.append(named.get("href", ""))
        elif self.forms and tag == "button" and self.forms[-1].button is None:
            self.forms[-1].button = ({named["name"]: named.get("value", "")} if "name" in named
                                     else {})
        elif self.forms and "name" in named:
            if named.get("type") == "checkbox":
                self.forms[-1].boxes.add(named["name"])
            if tag == "input" and (named.get("type") not in ("radio", "checkbox")
                                   or "checked" in named):
                self.forms[-1].fields[named["name"]] = named.get("value", "")
            self._select = named["name"] if tag == "select" else self._select
            self._area = named["name"] if tag == "textarea" else ""
            if tag in ("select", "textarea"):
                self.forms[-1].fields[named["name"]] = ""
        elif tag == "option" and ("selected" in named or not self.forms[-1].fields[self._select]):
            self.forms[-1].fields[self._select] = named.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """A text area ends."""
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        """Gather the words, and the text in a text area."""
        self._words.append(data)
        if self._area:
            self.forms[-1].fields[self._area] += data.removeprefix("\n")

    def link(self, start: str) -> str:
        """The first link that begins like this."""
        for link in self.links:
            if link.startswith(start):
                return link
        raise Refused(f"no link to {start} on {self.url}")


_places = count()


class Browser:
    """One person's browser, with its own cookies and its own address."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        place = next(_places)
        # RFC 2544: nobody's
        self.client.environ_base["REMOTE_ADDR"] = f"198.18.{place // 256 % 256}.{place % 256}"
        self.page = ShownPage(0, "", "")

    def open(self, url: str, expect: int = 200) -> ShownPage:
        """Open an address, and require this status."""
        return self._arrive(url, "GET", {}, expect)

    def send(self, action: str, expect: int | tuple[int, ...] = 200, /, **fields: str) -> ShownPage:
        """Fill in the form on this page that goes to ``action`` and send it: by a button without a
        name if there is one, else by its first."""
        forms = sorted((form for form in self.page.forms if form.action == action),
                       key=lambda form: bool(form.button))
        if not forms:
            raise Refused(f"no form to {action} on {self.page.url}")
        return self._arrive(action, "POST",
                            {**forms[0].fields, **(forms[0].button or {}), **fields}, expect)

    def forge(self, url: str, expect: int | tuple[int, ...], /, **fields: str) -> ShownPage:
        """Send something that no page offers, with a valid form token, as an attacker would."""
        token = next((form.fields["csrf_token"] for form in self.page.forms
                      if "csrf_token" in form.fields), "")
        return self._arrive(url, "POST", {"csrf_token": token, **fields}, expect)

    def _arrive(self, url: str, method: str, fields: dict[str, str],
                expect: int | tuple[int, ...]) -> ShownPage:
        answer = self.client.open(url, method=method, data=fields or None,
                                  base_url="https://localhost")
        for _ in range(4):
            if answer.status_code not in (301, 302, 303):
                break
            url = answer.headers["Location"]
            if not url.startswith("/"):
                break
            answer = self.client.open(url, base_url="https://localhost")
        page = ShownPage(answer.status_code, answer.get_data(as_text=True), url)
        expected = expect if isinstance(expect, tuple) else (expect,)
        if page.status not in expected:
            raise Refused(f"{method} {_neutral(url)} answered {page.status}, not {expect}")
        self.page = page
        return page


def last_id(url: str) -> UUID:
    """The id in an address such as /letters/…/write."""
    for part in reversed(url.split("?")[0].split("/")):
        try:
            return UUID(part)
        except ValueError:
            continue
    raise Refused("no id in the address")


def _neutral(url: str) -> str:
    return "/".join(part if len(part) < 30 else "…" for part in url.split("?")[0].split("/"))
