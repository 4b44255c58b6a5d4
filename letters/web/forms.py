"""What a form sent, read kindly: text cleaned, numbers and ids parsed, errors gathered."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from typing import TypeVar
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, NotFound

from letters.rules.errors import NotAcceptable
from letters.rules.letter.guidance import together
from letters.rules.translatable import marked
from letters.storage.queries.lists import CaseStanding, Key
from letters.storage.store import from_microseconds, microseconds
from letters.web.languages import later as _l
from letters.web.letter_html import as_typed

Errors = list[tuple[str, str]]
Kinds = TypeVar("Kinds", bound=Enum)


MOST_GIVEN_BACK = 2_500_000
"""The largest refused form, in bytes, whose words are shown again: the longest
letter in the longest encoding."""
_NO_WORDS = re.compile("pass|code|token|key|once|unsent|offered|version|basis|mark|words?-hash")
_YEARS = range(1900, 2200)
_NOT_OFFERED = marked("Choose one of those that are offered. Nothing was changed.")


def sent() -> bool:
    """True if a form was sent, false if the page is only requested."""
    return request.method == "POST"


def text(field: str) -> str:
    """A text as it was typed."""
    return as_typed(request.form.get(field, ""))


def letter_text() -> str:
    """The words of a letter: as they were typed, or its earlier words
    followed by the answers to questions."""
    if "text" in request.form:
        return text("text")
    return together(text("before"),
                    (text(name) for name in request.form if name.startswith("answer-")))


def by_itself() -> bool:
    """True if a page's script saves while somebody writes: it needs an answer
    that it can parse, not a page."""
    return sent() and request.headers.get("Accept") == "application/json"


def typed_words() -> str:
    """All words that somebody typed into the form, for a page that cannot keep them: a letter, or
    every other field that holds more than a word, a number or a secret."""
    if "text" in request.form or "before" in request.form:
        return letter_text()
    return "\n\n".join(as_typed(value) for name, value in request.form.items(multi=True)
                       if not _NO_WORDS.search(name) and len(value.split()) > 1)


def given_back() -> str:
    """The words of a request that could not be kept, for the page that says so.

    Only if the browser states that one of our own pages sent the request: nobody else
    can put words before somebody here. Returns nothing if it is more than the longest
    letter, so that a refusal is cheap.
    """
    if (request.headers.get("Sec-Fetch-Site") != "same-origin"
        or (request.content_length or 0) > MOST_GIVEN_BACK):
        return ""
    try:
        return typed_words()
    except HTTPException:  # it was too long to be read
        return ""


def line(field: str) -> str:
    """One line, as it was typed."""
    return request.form.get(field, "")


def choice(field: str, *offered: str) -> str:
    """The option that was chosen of those on the page, or nothing if none was.

    Views call this first: no page offers another value, so nobody can have meant it.
    Raises ``NotAcceptable`` for any other value.
    """
    chosen = line(field)
    if chosen and chosen not in offered:
        raise NotAcceptable(field, _NOT_OFFERED)
    return chosen


def button(field: str, *offered: str) -> str:
    """The button that was pressed, checked in the same way; no page sends this form without one."""
    pressed = line(field)
    if pressed not in offered:
        raise NotAcceptable(field, _NOT_OFFERED)
    return pressed


def is_ticked(field: str) -> bool:
    """True if a box was ticked, false if not sent. Raises ``NotAcceptable`` for any other value."""
    return choice(field, "yes") == "yes"


def fields(start: str) -> list[str]:
    """The rest of each sent field's name that begins like this."""
    return [name.removeprefix(start) for name in request.form if name.startswith(start)]


def chosen_password() -> str:
    """The password that was typed, or the words on offer if those were chosen."""
    return line("offered" if line("choice") == "offered" else "password")


def whole_number(field: str) -> int:
    """A whole number, or -1 if it is none: below every accepted range."""
    found = number(request.form.get(field, "").strip())
    return -1 if found is None else found


def number(written: str) -> int | None:
    """A whole number as it is written, such as in an address; None if it is none."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def day(field: str) -> date | None:
    """A date, or None if it is none.

    Raises ``NotAcceptable`` for a year that can only be a slip, such as 0026.
    """
    try:
        typed = date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        return None
    if typed.year not in _YEARS:
        raise NotAcceptable(field, marked("You wrote the year %(year)s. Is that right?"),
                            year=f"{typed.year:04}")
    return typed


def is_sure(errors: Errors, field: str = "sure") -> bool:
    """True if the box next to a button was ticked: a single click is never enough to hand letters
    over. ``field``: the box's id."""
    if is_ticked("sure"):
        return True
    errors.append((field, _("Tick this box first, if it is so. Nothing was changed.")))
    return False


def one_of(kinds: type[Kinds], field: str, otherwise: str) -> Kinds:
    """A member of the enumeration, by name. Raises ``NotAcceptable`` if none was chosen.
    ``otherwise``: the words of that error."""
    try:
        return kinds[line(field)]
    except KeyError:
        raise NotAcceptable(field, otherwise) from None


def identity(field: str) -> UUID:
    """An id that the page itself put into the form. A changed one gets 404."""
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        raise NotFound from None


def identities(field: str) -> list[UUID]:
    """The ids that the page itself put into one field of the form, separated by
    spaces. A changed one gets 404."""
    try:
        return [UUID(value) for value in request.form.get(field, "").split()]
    except ValueError:
        raise NotFound from None


def digest(field: str) -> bytes:
    """A hash that the page itself put into the form. A changed one gets 404."""
    try:
        return bytes.fromhex(request.form.get(field, ""))
    except ValueError:
        raise NotFound from None


def chosen_identity(field: str) -> UUID | None:
    """The person or thing chosen from a list, or None for nobody.
    Raises ``NotAcceptable`` if it is no id."""
    try:
        return UUID(request.form[field]) if request.form.get(field) else None
    except ValueError:
        raise NotAcceptable(field, _NOT_OFFERED) from None


def in_table(start: str) -> list[tuple[UUID, str, str]]:
    """The cells of a table, as the page itself put them into the fields whose names begin like
    this: whose, what, and how it stood. A changed one gets 404."""
    try:
        cells = [request.form[start + name].split(" ") for name in fields(start)]
        return [(UUID(whose), what, stood) for whose, what, stood in cells]
    except ValueError:
        raise NotFound from None


def identity_or_none(field: str) -> UUID | None:
    """The same, for a form that may have no id yet."""
    return identity(field) if request.form.get(field) else None


@contextmanager
def kept(errors: Errors) -> Iterator[None]:
    """Gather what is not acceptable, so that the page can show it next to what was typed."""
    try:
        yield
    except NotAcceptable as problem:
        errors.append((problem.field, _(problem.words, **problem.values)))


def page_key() -> Key | None:
    """The key at which this page of a list begins, from the address; None for the first page."""
    moment, _, row = request.args.get("from", "").partition("_")
    try:
        return from_microseconds(int(moment)), UUID(row)
    except (ValueError, OverflowError):
        return None


def as_key(key: Key | None) -> str | None:
    """The beginning of a page, as it stands in an address: a time and an id."""
    return f"{microseconds(key[0])}_{key[1]}" if key else None


_STANDINGS = [("", _l("All")), (CaseStanding.OPEN, _l("Going on")),
              (CaseStanding.HALTED, _l("Halted")),
              (CaseStanding.ENDED, _l("Stopped, closed or erased"))]


def narrowed() -> tuple[CaseStanding | None, bool]:
    """Which cases a list shows, and whether the oldest come first, by the address."""
    said = request.args.get("standing", "")
    return (CaseStanding(said) if said in set(CaseStanding) else None,
            request.args.get("order") == "oldest")


def narrowing(standing: CaseStanding | None, oldest: bool) -> dict[str, object]:
    """What the form shows by which such a list is narrowed."""
    return {"standings": _STANDINGS, "standing": standing or "",
            "order": "oldest" if oldest else ""}
