"""Every word that a page shows is marked, so that the whole can be said in another language, and
nothing by half."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "letters" / "web").glob("*.py"))
BELOW = sorted(path for room in ("rules", "workflow")
               for path in (ROOT / "letters" / room).rglob("*.py"))
MARKS = {"_", "gettext", "ngettext", "lazy_gettext", "_l", "marked", "ErrorPage"}
SHOWN = ("aria-label", "title", "alt", "placeholder", "label", "data-label")
WORDS = re.compile(r"[A-Za-z]{2}")
SENTENCE = re.compile(r"[A-Z][a-z]|[a-z]{2} [a-zA-Z]{2}")
CODES = {"not to be used", "consent given", "speaks for it", "would hold", "would return",
         "note proposed", "leave out"}
"""What the workflow calls things by; no page shows it."""
NO_PAGE = {"LookupError", "NotPossibleNow", "CannotStart", "TypeVar", "compile", "error", "info",
           "warning", "get", "add"}
"""Whose words are for logs, for whoever starts the program, or for the code alone."""
NO_WORDS = {"Content-Security-Policy", "Content-Disposition", "__Host-forms", "__Host-session",
            "__Host-device", "__Host-view", "X-Forwarded-For", "Sec-Fetch-Site", "Lax", "MMMMd",
            "span id", "span class", "mark class", "ul dir", "30 per minute", "this machine",
            "Harmed", "Responsible"}


class Visible(HTMLParser):
    """Gathers what a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name,
                       value in attrs if name in SHOWN and value and WORDS.search(value)]

    def handle_data(self, data: str) -> None:
        if WORDS.search(data):
            self.found.append(data.strip())


def unmarked_text(source: str) -> list[str]:
    """What stands in a template outside of ``trans``; what is put in by the program stands for
    nothing here."""
    outside, inside = [], False
    block: list[str] = []
    for _, kind, value in Environment().lex(source):
        if kind == "block_begin":
            block = []
        elif kind == "name":
            block.append(value)
        elif kind == "block_end" and (block[:1] in (["trans"], ["endtrans"], ["endblock"])
                                      or "shell_class" in block):
            inside = block[0] == "trans" or "shell_class" in block  # the name of a class is no word
        elif kind == "data" and not inside:
            outside.append(value)
    parser = Visible()
    parser.feed("".join(outside))
    # a macro that writes attributes
    return [found for found in parser.found if "aria-describedby=" not in found]


def unmarked_strings(source: str) -> Iterator[str]:
    """Words as strings in a template that are handed to nobody who translates them."""
    calls: list[str] = []
    before = ""
    for _, kind, value in Environment().lex(source):
        if kind == "whitespace":
            continue
        if value in ("(", "[", "{"):
            calls.append(before)
        elif value in (")", "]", "}"):
            calls[-1:] = []
        elif (kind == "string" and SENTENCE.search(value) and value[1:-1] not in CODES
              and "_" not in calls and (
                "ngettext" not in calls)):
            yield value
        before = value


@pytest.mark.parametrize("path", TEMPLATES,
                         ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_word_of_a_template_is_marked(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert (unmarked_text(source), list(unmarked_strings(source))) == ([], [])


def _unmarked(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spared = {id(node) for marker in ast.walk(tree) for node in _of_no_page(marker)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value,
                                                         str) and id(node) not in spared and (
                SENTENCE.search(node.value)) and not any(code in node.value for code in NO_WORDS):
            yield f"{path.name}:{node.lineno} {node.value!r}"


def _of_no_page(node: ast.AST) -> Iterator[ast.AST]:
    """What is marked, and what no page shows: docstrings, logs, causes of typed errors, headers,
    patterns."""
    name = ""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in MARKS | NO_PAGE:
        yield from ast.walk(node)
    if isinstance(node, ast.Subscript):  # the name of a header, of a field
        yield from ast.walk(node.slice)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Assign | ast.AnnAssign) and _targets(node) & {"HEADERS", "POLICY"}:
        yield from ast.walk(node)


def _targets(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_word_that_a_view_shows_is_marked(path: Path) -> None:
    assert list(_unmarked(path)) == []


@pytest.mark.parametrize("path", BELOW, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_the_workflow_says_of_a_field_is_marked(path: Path) -> None:
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Name) and node.func.id == "NotAcceptable")
    bare = [node.lineno for node in calls
            if len(node.args) > 1 and isinstance(node.args[1], ast.Constant | ast.JoinedStr)]
    assert bare == []
