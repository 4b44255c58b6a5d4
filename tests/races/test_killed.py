"""Never lost, never early, never twice: players are killed at random moments, and what they left is
whole.

``SEED`` repeats a run's dice, though not its moments.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from uuid import UUID

import pytest

from letters.config import ROOT
from letters.rules.letter.lifecycle import State
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.writing import write
from tests.attacks.attacker import Theatre
from tests.cast import Cast
from tests.night import SEED, size
from tests.races.agreement import agree

KILLS = size(6, 1_000)


def both_ways_open(cast: Cast) -> None:
    """Both may write."""
    cast.open_the_way_back()


def instructions(theatre: Theatre, folder: Path) -> Path:
    """What the players need to know."""
    cast = theatre.cast
    players = {"first": cast.first, "second": cast.second, "harmed": cast.harmed,
               "responsible": cast.responsible}
    settings = cast.app.extensions["settings"]
    path = folder / "instructions.json"
    path.write_text(json.dumps({
        "url": settings.database_url, "key_file": str(settings.key_file),
        "state": str(settings.state), "moment": cast.clock().timestamp(),
        "case": str(cast.case),
        "tokens": {name: player.token.hex() for name, player in players.items()},
        "channels": {name: str(cast.channel(players[name])) for name in ("harmed", "responsible")},
        "kills": KILLS, "seed": SEED, "done": str(folder / "done")}))
    return path


@pytest.mark.both_databases
def test_whoever_is_killed_leaves_everything_whole(theatre: Theatre, tmp_path: Path) -> None:
    theatre.play(both_ways_open)
    cast = theatre.cast
    played = subprocess.run([sys.executable, "-m", "tests.races.playing",
                             str(instructions(theatre, tmp_path))],
                            cwd=ROOT, capture_output=True, text=True, timeout=300 + 10 * KILLS,
                            check=False)
    theatre.everything_was_written()
    assert played.returncode == 0, f"SEED={SEED}: {played.stderr}"
    cast.clock.advance(hours=3)  # whatever was claimed by the dead has run out
    print(f"{KILLS} kills, SEED={SEED}:", dict(agree(cast.platform)))

    done = defaultdict(dict)
    for line in (tmp_path / "done").read_text().splitlines():
        what, letter, *text = json.loads(line)
        done[what][letter] = text[0] if text else ""
    assert len(done["submitted"]) >= KILLS, f"SEED={SEED}: too little was played to say anything"
    for letter, text in done["saved"].items():  # nothing that was said to be kept is lost
        author = cast.harmed if text.startswith("harmed") else cast.responsible
        own = write.own_text(cast.platform, author.me, letter := UUID(letter))
        assert own is not None and own.text == text
        if str(letter) in done["submitted"]:
            assert cast.state(letter) is not State.DRAFT
            if cast.row(letter).claimed_by is None:
                assert read_letter.letter_for(cast.platform, cast.first.me, letter).text == text
    for letter in done["recalled"]:
        row = cast.row(UUID(letter))
        assert row.recall_asked_at is not None
        assert row.released_at is None or row.released_at < row.recall_asked_at

    pace.end_pause(cast.platform, cast.harmed.me, cast.case)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    before = agree(cast.platform)
    released = cast.release()
    after = agree(cast.platform)
    assert (after["released"] - before["released"] == released
            == before["approved"] - after["approved"])
