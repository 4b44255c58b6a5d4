"""Makes ``docs/rights.md`` of the table of rights: who may do what, and which pages ask it. ``./run.sh rights``"""

from pathlib import Path

from letters.rules.permissions import RIGHTS
from letters.rules.roles import Role
from letters.web.rights import PAGES

MADE = Path(__file__).with_name("rights.md")
COLUMNS = {Role.HARMED: "Person harmed", Role.RESPONSIBLE: "Person who harmed", Role.OTHER: "Other participant",
           Role.FACILITATOR: "Facilitator", Role.SUPERVISOR: "Supervisor", Role.ADMINISTRATOR: "Administrator"}
HEAD = """# Who may do what

Made by `./run.sh rights` from `letters/rules/permissions.py` and `letters/web/rights.py`. A right holds for one's own
case, one's own letters, or the cases of one's own team; the program asks that besides. Whoever is not in a case is not
told that it exists.
"""


def table() -> str:
    """The page, as Markdown."""
    lines = [HEAD, "| Right | " + " | ".join(COLUMNS.values()) + " | Pages |", "|--|" + "--|" * (len(COLUMNS) + 1)]
    for permission, right in RIGHTS.items():
        pages = ", ".join(f"`{page}`" for page, asked in PAGES.items() if asked is permission)
        marks = " | ".join("yes" if role in right.roles else "" for role in COLUMNS)
        lines.append(f"| {right.words} | {marks} | {pages} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    MADE.write_text(table(), encoding="utf-8")
