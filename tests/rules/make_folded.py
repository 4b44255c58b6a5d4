"""Write the facts that later versions are held against: ``python -m tests.rules.make_folded``.

It plays everything there is, and rehearses. Do so only when there is more to fold: what a database
has in it already must go on meaning the same. """

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from keys import keyfile
from keys.passphrase import Cost
from letters.app import create_app
from letters.config import Config
from letters.rehearsal import rehearse
from letters.rules.accounts import NOBODY
from letters.rules.events import Fact
from letters.storage.tables.letters import Case
from letters.tryout import temporary
from letters.workflow.platform import Platform
from letters.workflow.record import record
from letters.workflow.record.verify import fact
from tests.attacks.tables_attacked import everything_there_is
from tests.cast import Cast
from tests.conftest import Clock, random_bytes
from tests.rules.folded import FILE, folded


class Numbers(dict[UUID, int]):
    """Ids as small numbers, each the same wherever it stands."""

    def __missing__(self, id_: UUID) -> int:
        self[id_] = number = len(self)
        return number


def line_of(fact: Fact, ids: Numbers) -> list[Any]:
    """The line of a fact in the file."""
    return [fact.event.value, ids[fact.subject], ids[fact.about], fact.left, fact.entered,
            fact.at.isoformat(), ids[fact.actor], fact.detail.hex()]


def chains(platform: Platform) -> list[list[Fact]]:
    """The facts of every chain of an installation; its own is the first."""
    with platform.reading() as db:
        ids = [platform.keys.installation, *(case.id for case in db.query(Case))]
        return [[fact(entry) for entry in record.whole(platform, db, chain)[0]] for chain in ids]


def main() -> None:
    """Play everything there is, and rehearse; write the file."""
    with TemporaryDirectory() as folder:
        home, clock = Path(folder), Clock()
        keyfile.write(home / "keys.json", keyfile.make_keys(random_bytes))
        app = create_app(Config(home, f"sqlite:///{home / 'letters.db'}", home / "keys.json",
                                cost=Cost(64, 1)), clock)
        platform = app.extensions["platform"]()
        everything_there_is(Cast(app, platform, clock))
        played = [chains(platform)]
    with temporary.installation() as app:
        assert all(step.ok for step in rehearse(app))
        played.append(chains(app.extensions["platform"]()))
    ids, kept = Numbers({NOBODY: 0}), []
    for of_installation, *of_cases in played:
        for facts in (of_installation, *of_cases):
            lines = [line_of(one, ids) for one in facts]
            is_case = facts is not of_installation
            kept.append({"case": is_case, "facts": lines, "folds to": folded(lines, is_case)})
    FILE.write_text("[\n" + ",\n".join(map(json.dumps, kept)) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
