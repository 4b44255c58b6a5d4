"""The guides, served in the product: each role reads its own, and can search it."""

import re
from functools import cache
from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from letters.config import ROOT
from letters.rules.roles import Role
from letters.web.access import anybody
from letters.web.languages import later as _l

blueprint = Blueprint("help", __name__, url_prefix="/help")

GUIDES = {"taking-part": _l("For those who take part"), "facilitators": _l("For facilitators"),
          "screening": _l("What the screening looks for"),
          "supervisors": _l("For supervisors and administrators")}
_OF_ROLE = {Role.FACILITATOR: ("facilitators", "screening", "taking-part"),
            Role.SUPERVISOR: ("supervisors", "facilitators", "screening", "taking-part"),
            Role.ADMINISTRATOR: ("supervisors", "taking-part")}
"""The guides of staff, their own first. Everybody else reads how to take part."""
_DOCS = ROOT / "docs"
_HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)
_WRITTEN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link"])


class HelpSection(NamedTuple):
    """One section of a guide, as a page shows it and as it is searched."""

    title: str
    anchor: str
    shown: Markup
    words: str


@blueprint.get("")
def guide() -> str:
    """A guide, or the sections of it that have all the words that are looked for."""
    person = anybody()
    guides = _OF_ROLE.get(person.role, ("taking-part",)) if person else ("taking-part",)
    name = request.args.get("guide", guides[0])
    if name not in guides:
        raise NotFound
    wanted = request.args.get("q", "")[:100].strip()
    found = [one for one in sections(name)
             if all(word in one.words for word in wanted.casefold().split())]
    return render_template("home/help.html", sections=found, wanted=wanted, name=name,
                           guides=[(one, GUIDES[one]) for one in guides])


@cache
def sections(name: str) -> tuple[HelpSection, ...]:
    """The sections of a guide, in order. What stands before the first heading has one too."""
    path = _DOCS / "guide" / f"{name}.md"
    written = (path if path.exists() else _DOCS / f"{name}.md").read_text(encoding="utf-8")
    pieces = _HEADING.split("".join(line for line in written.splitlines(keepends=True)
                                    if not line.startswith(("# ", "![", "<!--"))))
    titles = [str(_("How to begin")), *pieces[1::2]]
    return tuple(HelpSection(title, f"s{number}", Markup(_WRITTEN.render(text)),
                             f"{title} {text}".casefold())
                 for number, (title, text) in enumerate(zip(titles, pieces[::2], strict=True))
                 if text.strip())
