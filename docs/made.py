"""Makes what the documentation says of the code: the tree, the way of a letter, rights, settings
and the screening. ``./run.sh docs``

A test asks that it was done: nothing of this is typed by hand.
"""

import ast
import configparser
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from docs.figures import kinds, languages, weights
from letters.config import ROOT, SETTINGS
from letters.rules.permissions import OF_SPECIALISTS, RIGHTS
from letters.rules.roles import Role
from letters.tryout.tour import STEPS
from letters.web.rights import PAGES
from letters.workflow.decision import decide
from letters.workflow.reading import open_letter
from letters.workflow.release import release
from letters.workflow.review import read_letter
from letters.workflow.writing import drafts, write

COLUMNS = {Role.HARMED: "Person harmed", Role.RESPONSIBLE: "Person who harmed",
           Role.OTHER: "Other participant", Role.FACILITATOR: "Facilitator",
           Role.SUPERVISOR: "Supervisor", Role.ADMINISTRATOR: "Administrator"}
WAY: tuple[tuple[str, str, Callable[..., object]], ...] = (
    ("Writer", "Draft", write.begin_letter),
    ("Draft", "Draft", drafts.save),
    ("Draft", "On the desk", write.submit),
    ("On the desk", "Draft", write.recall),
    ("On the desk", "Being read", read_letter.claim),
    ("Being read", "Approved and sealed", decide.approve),
    ("Being read", "Held", decide.hold),
    ("Held", "Being read", decide.resume),
    ("Being read", "Draft", decide.return_to_author),
    ("Approved and sealed", "Handed over", release.release_due),
    ("Handed over", "Read", open_letter.open_letter),
)
"""Where a letter is, where it is next, and the verb that brings it there."""


def rights() -> str:
    """Who may do what, and which pages ask it."""
    lines = ["| Right | " + " | ".join(COLUMNS.values()) + " | Pages |",
             "|--|" + "--|" * (len(COLUMNS) + 1)]
    for permission, right in RIGHTS.items():
        pages = ", ".join(f"`{page}`" for page, asked in PAGES.items() if asked is permission)
        marks = " | ".join("" if role not in right.roles else "yes, and specialists"
                           if role is Role.FACILITATOR and permission in OF_SPECIALISTS else "yes"
                           for role in COLUMNS)
        lines.append(f"| {right.words} | {marks} | {pages} |")
    return "\n".join(lines)


def tree() -> str:
    """The folders with the sentence that each says of itself."""
    return "```\n" + "\n".join(_branches(ROOT / "keys")) + "\n" + "\n".join(
        _branches(ROOT / "letters")) + "\n```"


def settings() -> str:
    """The settings, by their names in the environment."""
    lines = ["| name | meaning | default |", "| --- | --- | --- |"]
    return "\n".join(lines
                     + [f"| `{one.name}` | {one.meaning} | {one.default} |" for one in SETTINGS])


def way() -> str:
    """The way of a letter, with the verbs on its arrows."""
    names = {place: f"s{number}" for number, place in enumerate(dict.fromkeys(
        place for start, end, _ in WAY for place in (start, end)))}
    lines = ["```mermaid", "flowchart LR", *(f"    {key}[{place}]" for place, key in names.items())]
    for start, end, verb in WAY:
        label = f"{verb.__module__.removeprefix('letters.workflow.')}.{verb.__name__}"
        lines.append(f"    {names[start]} -- {label} --> {names[end]}")
    return "\n".join([*lines, "```"])


def tour() -> str:
    """The steps of the tour through the demonstration, each with its picture."""
    return "\n\n".join(
        f"{number}. **{step.title}.** {step.words}\n\n   ![{step.title}](images/tour-{number}.png)"
        for number, step in enumerate(STEPS, 1))


MADE: dict[str, tuple[str, Callable[[], str]]] = {
    "rights": ("docs/rights.md", rights), "tree": ("CONTRIBUTING.md", tree),
    "settings": ("docs/operating.md", settings), "way": ("docs/architecture.md", way),
    "tour": ("docs/tour.md", tour), "kinds": ("docs/screening.md", kinds),
    "weights": ("docs/screening.md", weights), "languages": ("docs/screening.md", languages)}


def with_what_is_made(name: str) -> str:
    """The page with this part of it made of the code as it is now."""
    path, make = MADE[name]
    begins, ends = f"<!-- {name}: made by ./run.sh docs -->", "<!-- until here -->"
    page = (ROOT / path).read_text("utf-8")
    part = re.compile(f"(?<={re.escape(begins)}\n).*?(?=\n{re.escape(ends)})", re.DOTALL)
    if not part.search(page):
        raise LookupError(f"{path} has no place for {name}")
    return part.sub(lambda _: make(), page, count=1)


def _branches(folder: Path, depth: int = 0) -> Iterator[str]:
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    yield f"{'  ' * depth + folder.name + '/':<28}{said.splitlines()[0]}"
    inner = [one for one in folder.iterdir() if (one / "__init__.py").exists()]
    order = _order(folder)
    for one in sorted(inner, key=lambda path: (order.get(path.name, len(order)), path.name)):
        yield from _branches(one, depth + 1)


def _order(folder: Path) -> dict[str, int]:
    """From the ground up, as the contracts in setup.cfg have it; a letter's way comes out of it."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / "setup.cfg", encoding="utf-8")
    name = {"letters": "layers", "workflow": "way"}.get(folder.name)
    if name is None:
        return {"writing": 0, "review": 1, "reading": 2} if folder.name == "web" else {}
    layers = re.split(r"[\n|]", contracts[f"importlinter:contract:{name}"]["layers"])
    return {one.strip().rpartition(".")[2]: number for number, one in enumerate(reversed(layers))}


if __name__ == "__main__":
    for each, (where, _) in MADE.items():
        (ROOT / where).write_text(with_what_is_made(each), encoding="utf-8")
