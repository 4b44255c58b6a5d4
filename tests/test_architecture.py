"""The architecture, held: who imports what, where each thing is done, how long a file may grow."""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for folder in ("keys", "letters") for path in (ROOT / folder).rglob("*.py"))
MOST_LINES, MOST_OF_A_FUNCTION, MOST_OF_A_LINE = 360, 50, 100
MIGRATIONS = ROOT / "letters" / "storage" / "migrations"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def imports(path: Path) -> set[str]:
    """The top-level names of what a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def importers(module: str) -> set[str]:
    return {name(path) for path in FILES
            if any(f"{found}.".startswith(f"{module}.") for found in imports(path))}


def test_the_keys_know_bytes_and_keys_alone() -> None:
    known = {"flask", "sqlalchemy", "letters", "bleach", "werkzeug"}
    for path in (ROOT / "keys").rglob("*.py"):
        assert not {found.split(".")[0] for found in imports(path)} & known, name(path)


def test_the_domain_stands_on_the_standard_library() -> None:
    for path in (ROOT / "letters" / "rules").rglob("*.py"):
        for found in imports(path):
            assert (found.split(".")[0] in sys.stdlib_module_names
                    or found.startswith("letters.rules")), (
                name(path),
                found,
            )


@pytest.mark.parametrize(
    ("module", "only"),
    [
        ("bleach", {"letters/web/letter_html.py"}),
        ("flask_login", {"letters/web/access.py", "letters/web/errors.py"}),
        ("flask_wtf", {"letters/web/__init__.py", "letters/web/errors.py"}),
        ("pickle", set()),
        ("shelve", set()),
        ("marshal", set()),
        ("smtplib", {"letters/mail_server.py"}),
        ("cryptography", {path for path in map(name, FILES) if path.startswith("keys/")}),
        ("letters.app",
         {"letters/cli.py", "letters/commands/serving.py", "letters/tryout/demonstration.py",
          "letters/tryout/temporary.py"}),
    ],
)
def test_only_these_import(module: str, only: set[str]) -> None:
    assert importers(module) <= only


def test_a_letters_state_is_moved_in_one_place() -> None:
    found = set()
    for path in FILES:
        if path.is_relative_to(ROOT / "letters" / "rules"):  # pure: it has nothing to write to
            continue
        for node in ast.walk(tree(path)):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            if any(isinstance(target, ast.Attribute) and target.attr == "state"
                   for target in targets):
                found.add(name(path))
            if isinstance(node, ast.Dict) and any(
                isinstance(key, ast.Constant) and key.value == "state" for key in node.keys
            ):
                found.add(f"{name(path)} changes")
            if isinstance(node, ast.Call):
                words = {keyword.arg for keyword in node.keywords}
                called = (node.func.attr if isinstance(node.func,
                                                      ast.Attribute)
                          else getattr(node.func, "id", ""))
                if "state" in words and called in ("values", "update", "Letter"):
                    found.add(f"{name(path)} {called}")
    # the rehearsal plays somebody who writes into the database
    attackers = {"letters/rehearsal/refusals.py values"}
    assert found - attackers - {"letters/workflow/access/enter.py values"} == {
        "letters/workflow/access/enter.py changes",
        "letters/workflow/writing/write.py Letter",
    }  # moved, begun


def test_only_one_module_knows_what_status_a_fault_of_ours_has() -> None:
    found = {
        name(path)
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and type(node.value) is int and 500 <= node.value < 600
    }
    # counts, and a port
    others = {"letters/workflow/release/release.py", "letters/rehearsal/refusals.py",
              "letters/mail_server.py"}
    assert found - others == {"letters/web/errors.py"}


def test_nothing_above_sends_a_letter_to_a_log() -> None:
    """Log calls take a fixed text and the name of a type, an id or a number: never an f-string,
    never a message."""
    for path in FILES:
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func.value) in ("log", "logger", "logging",
                                                     "current_app.logger", "app.logger")
            ):
                assert isinstance(node.args[0], ast.Constant) or node.func.attr == "getLogger", (
                    name(path),
                    node.lineno,
                )
                assert node.func.attr != "exception", (name(path), node.lineno)


def test_files_and_functions_can_be_read_in_one_go() -> None:
    written = [path for path in FILES if not path.is_relative_to(MIGRATIONS / "versions")]
    assert not [name(path) for path in written
                if len(path.read_text().splitlines()) > MOST_LINES]
    assert not [f"{node.name} in {name(path)}" for path in written for node in functions(path)
                if (node.end_lineno or 0) - node.lineno >= MOST_OF_A_FUNCTION]


def test_no_room_for_odds_and_ends() -> None:
    shelves = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "managers",
               "handlers"}
    assert not [name(path) for path in FILES if {path.stem, path.parent.name} & shelves]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


# --- the tree: a newcomer finds a feature by its word

MOST_FILES = 12
"""Of one folder, besides what says what it is for."""
WAY = ("writing", "review", "decision", "release", "reading")
TELL_NOTHING = {"house", "rooms", "glass", "beside", "called", "kept", "late", "tell", "reach",
                "way", "blind",
                "wished", "comfort", "story"}
"""Words that once named modules, and told nobody what is in them."""
FOLDERS = sorted({path.parent for path in FILES if not path.is_relative_to(MIGRATIONS)})


def test_a_folder_says_in_one_sentence_what_it_is_for_and_can_be_taken_in_at_a_glance() -> None:
    for folder in FOLDERS:
        said = ast.get_docstring(tree(folder / "__init__.py"))
        assert said and len(said.splitlines()[0]) <= 120, name(folder)
        files = {*folder.glob("*.py")} - {folder / "__init__.py"}
        assert len(files) <= MOST_FILES, name(folder)


def test_a_folder_of_templates_can_be_taken_in_at_a_glance() -> None:
    folders = [ROOT / "templates",
               *(path for path in (ROOT / "templates").rglob("*") if path.is_dir())]
    assert not [name(folder) for folder in folders if len([*folder.glob("*.html")]) > MOST_FILES]


def test_a_letters_way_stands_in_the_names_of_the_folders() -> None:
    for place in ("letters/workflow", "tests/workflow"):
        assert {*WAY} <= {path.name for path in (ROOT / place).iterdir()}
    # the desk holds reading and deciding on one page
    for place in ("letters/web", "templates", "tests/web"):
        assert {"writing", "review", "reading"} <= {path.name for path in (ROOT / place).iterdir()}


def test_a_class_has_a_name_of_its_own() -> None:
    found = [node.name for path in FILES for node in ast.walk(tree(path))
             if isinstance(node, ast.ClassDef)]
    assert not {one for one in found if found.count(one) > 1}


def test_a_modules_name_says_what_is_in_it() -> None:
    assert not [name(path) for path in FILES if path.stem in TELL_NOTHING]


def test_a_test_stands_where_its_module_stands() -> None:
    """Under the same words; what crosses the layers stands in attacks, races, addresses and
    browser."""
    # of release with every gate; of all that prepares a case; of what each verb sends
    across = {"test_gates", "test_steps", "test_statements"}
    for layer in ("rules", "workflow"):
        for test in (ROOT / "tests" / layer).rglob("test_*.py"):
            folder = ROOT / "letters" / test.parent.relative_to(ROOT / "tests")
            assert (test.stem in across or (folder
                                           / f"{test.stem.removeprefix('test_')}.py")
                    .exists()), name(test)


def test_no_view_refuses_by_a_role_of_its_own() -> None:
    """Rights stand in ``rules/permissions.py``; what a page asks stands in ``web/rights.py``."""
    by_role = {f"{name(path)} {node.name}" for path in FILES
               if path.is_relative_to(ROOT / "letters" / "web")
               for node in functions(path) if "Forbidden" in ast.unparse(node)
               and ".role" in ast.unparse(node)}
    assert by_role == {"letters/web/rights.py require"}


def test_no_page_opens_the_database_itself() -> None:
    """A view calls a function of the workflow, which opens one look and asks for the right."""
    assert not [name(path) for path in FILES if path.is_relative_to(ROOT / "letters" / "web")
                if any(isinstance(node, ast.Attribute) and node.attr == "store"
                       for node in ast.walk(tree(path)))]


def test_the_lines_of_a_template_are_as_short_as_those_of_the_code() -> None:
    assert not [f"{name(path)}: {line}" for path in (ROOT / "templates").rglob("*.html")
                for line in path.read_text().splitlines() if len(line) > MOST_OF_A_LINE]


HABIT = re.compile(r"\b(anew|of who|for who|by nobody|put down|told of|as yet)\b|"
                   r"(?<![-/])\bbeside\b(?! (a|my|your) facilitator)", re.I)
"""German in English words. Signing in beside a facilitator is what the guides call it."""


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are written for people. Patterns of the screening are not."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(tree(path)):
            if (isinstance(node, ast.Expr) and isinstance(node.value,
                                                         ast.Constant)
                and isinstance(node.value.value, str)):
                yield from enumerate(node.value.value.splitlines(), node.lineno)
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    elif path.suffix == ".yaml" and "speech" in path.parts:
        yield from ((number, line) for number, line in enumerate(text.splitlines(), 1)
                    if line.lstrip().startswith(("why:", "#")))
    else:
        yield from enumerate(text.splitlines(), 1)


def test_no_words_that_give_a_habit_away() -> None:
    written = [*FILES, *(path for folder in ("templates", "static", "docs", "letters", "benchmarks")
                         for kind in ("html", "txt", "md", "js", "yaml", "py")
                         for path in (ROOT / folder).rglob(f"*.{kind}")),
               ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    found = {f"{name(path)}:{number} {line.strip()[:80]}"
             for path in written for number, line in prose(path) if HABIT.search(line)}
    assert not found, "\n".join(sorted(found))
