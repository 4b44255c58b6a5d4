"""Every word of a page can be said in another language: shown in one that tells what was translated
from what not."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select

from letters import service_files
from letters.app import create_app
from letters.commands.translations import listed, missing
from letters.config import Config
from letters.rules.errors import CannotStart
from letters.screening import weights
from letters.storage.tables.letters import Case
from letters.workflow.review import read_letter
from tests.cast import Cast, Player
from tests.conftest import Clock
from tests.web.conftest import sqlite_alone
from tests.web.pages import BASE

SAID = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[A-Za-z]{3,}")
CALENDAR = ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
            "diciembre "
            "lunes martes miércoles jueves viernes sábado domingo UTC")
WRITTEN = ("Messages Hanna Harmed Robin Responsible Oda Other Frances First Sam Second Ellis "
           "Elsewhere Ada "
           "Administrator Sunniva Supervisor What happened that night Heron sweetheart As told "
           "in the talks Ring You begin when you like")
"""Names, and what people of the case wrote themselves."""
PAGES = {
    "": ("/sign-in", "/invitation", "/invitation/code", "/recovery", "/safety", "/nothing-here"),
    "harmed": ("/home", "/letters", "/pace", "/consent", "/account", "/stop", "/for-you",
               "/agreement",
               "/who-is-in-the-team"),
    "responsible": ("/home", "/letters", "/for-you", "/stop"),
    "first": ("/desk", "/cases", "/cases/calendar", "/cases/{case}", "/cases/{case}/team",
              "/cases/{case}/assessment",
              "/desk/{letter}", "/desk/{letter}/approve", "/desk/{letter}/return"),
    "supervisor": ("/supervision", "/supervision/numbers"),
    "administrator": ("/house",),
}

pytestmark = pytest.mark.xdist_group("languages")
"""One worker collects every sentence that can be said."""


class Seen(HTMLParser):
    """What a reader sees or hears, but for codes."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.codes = 0

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.codes = 1 if ("translate", "no") in attrs else self.codes
        self.words += [value for name, value in attrs
                       if name in ("aria-label", "alt", "title", "data-label") and value]

    def handle_endtag(self, tag: str) -> None:
        self.codes = 0 if tag in ("p", "li") else self.codes

    def handle_data(self, data: str) -> None:
        if not self.codes:
            self.words.append(data)


def pseudo(message: str | tuple[str, ...], forms: int) -> str | tuple[str, ...]:
    """A message as another language would have it: the same places, told apart from what was not
    translated, and as many plurals as the language has."""
    if isinstance(message, str):
        return f"⟦{message}⟧"
    return tuple(f"⟦{one}⟧" for one in (message[0], *message[1:] * (forms - 1)))


@pytest.fixture(scope="session")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a catalogue in which every word is there."""
    catalog = Catalog(locale="es")
    for message in listed():
        if message.id:
            catalog.add(message.id, pseudo(message.id, catalog.num_plurals))
    folder = tmp_path_factory.mktemp("languages")
    (folder / "es" / "LC_MESSAGES").mkdir(parents=True)
    made = BytesIO()
    write_mo(made, catalog)
    (folder / "es" / "LC_MESSAGES" / "messages.mo").write_bytes(made.getvalue())
    return folder


def left(page: str, data: str) -> set[str]:
    """The words of a page that no translation reached."""
    seen = Seen()
    seen.feed(page)
    text = " ".join(seen.words)
    while SAID.search(text):
        text = SAID.sub(" ", text)
    return set(WORD.findall(text)) - set(WORD.findall(data))


@sqlite_alone
@pytest.mark.parametrize("role", PAGES)
def test_no_page_changes_its_language_in_the_middle(
        cast: Cast, config: Config, clock: Clock, languages: Path,
        compiled: FileSystemBytecodeCache,
        role: str) -> None:
    letter = cast.submitted(cast.harmed, "Ring 07700 900123.")
    read_letter.claim(cast.platform, cast.first.me, letter)
    app = create_app(replace(config, language="es", languages=languages), clock)
    app.jinja_env.bytecode_cache = compiled
    client = app.test_client()
    if role:
        player: Player = getattr(cast, role)
        client.set_cookie("__Host-session", player.token.hex(), domain="localhost", secure=True)
    with cast.platform.reading() as db:
        references = db.scalars(select(Case.reference)).all()
    brought = service_files.FRAMEWORK.read_text("utf-8") + service_files.PROMPTS.read_text("utf-8")
    data = " ".join([brought, CALENDAR, WRITTEN, *weights.WHY.values(), weights.MANY, *references])
    found = {}
    for path in PAGES[role]:
        answer = client.get(path.format(case=cast.case, letter=letter), base_url=BASE)
        page = answer.get_data(as_text=True)
        assert answer.status_code in (200, 404) and '<html lang="es">' in page, path
        found[path] = left(page, data)
    assert {path: words for path, words in found.items() if words} == {}


@sqlite_alone
def test_dates_and_numbers_of_things_are_said_as_the_language_does(
        cast: Cast, config: Config, clock: Clock, languages: Path) -> None:
    from letters.web import words

    app = create_app(replace(config, language="es", languages=languages), clock)
    with app.test_request_context(base_url=BASE):
        assert re.fullmatch(r"\d+ de [a-z]+ de \d{4}", words.day(clock().date()))
        assert words.please_wait(1) == "⟦Please wait 1 second and try again.⟧"
        assert words.please_wait(7) == "⟦Please wait 7 seconds and try again.⟧"


def test_a_language_that_is_not_whole_is_told(languages: Path, tmp_path: Path) -> None:
    assert missing(languages / "es" / "LC_MESSAGES" / "messages.mo") == []
    catalog, made = Catalog(locale="es"), BytesIO()
    catalog.add("Save", "Guardar")
    # not for a million of them
    catalog.add(("%(num)s hour", "%(num)s hours"), ("%(num)s hora", "%(num)s horas"))
    write_mo(made, catalog)
    (tmp_path / "some.mo").write_bytes(made.getvalue())
    left_out = missing(tmp_path / "some.mo")
    assert "Save" not in left_out and {"Stop or pause", "%(num)s hour"} <= {*left_out}


@sqlite_alone
@pytest.mark.parametrize("wrong", ["es", "not a language", "../en", "x" * 300])
def test_pages_are_shown_in_no_language_whose_words_are_not_there(
        config: Config, clock: Clock, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(CannotStart, match="LANGUAGE_OF_PAGES"):
        create_app(replace(config, language=wrong, languages=tmp_path), clock)
