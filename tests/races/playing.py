"""Plays on a shared database until it is killed: run by ``test_killed``, never imported by it.

    python -m tests.races.playing INSTRUCTIONS

It loads the program once, then forks players, two at a time, and kills each with SIGKILL in the
middle of what it does: after a random number of its acts, and then at a random moment of the next
one. So a slow machine plays as much as a quick one. A player writes down what it was told is done,
after it was done. """

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from select import select as select_ready
from typing import Any
from uuid import UUID

from sqlalchemy import select

from keys import keyfile
from keys.passphrase import Cost, Stretcher
from letters import service_files
from letters.rules.errors import LettersError
from letters.rules.letter.lifecycle import WAITING
from letters.storage.state_file import StateFile
from letters.storage.store import Store
from letters.storage.tables.letters import Letter
from letters.workflow.accounts.sign_in import who_is
from letters.workflow.decision import decide
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.release import pace, release
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import write
from tests.cast import PASSWORD

FRAMEWORK = service_files.framework()
"""Read once: a player lives for half a second."""


MOST_ACTS = 6
"""A player is killed after so many acts at the latest."""
PATIENCE = 120
"""Seconds after which a player that does nothing counts as stuck."""


class Player:
    """Everybody of one case, in one process; ``acted`` is told of each act as it ends."""

    def __init__(self, told: dict[str, Any], seed: int, started: float, acted: int) -> None:
        self.acted = acted
        begin = datetime.fromtimestamp(told["moment"], UTC)
        keys = keyfile.read(Path(told["key_file"]))
        self.platform = Platform(Store(told["url"]), keys, Stretcher(keys.pepper, Cost(64, 1)),
                           lambda: begin + timedelta(seconds=time.monotonic() - started),
                                 os.urandom, lambda: None,
                                 StateFile(Path(told["state"]), keys.state), FRAMEWORK)
        self.dice, self.case = random.Random(seed), UUID(told["case"])
        self.channels = {name: UUID(channel) for name, channel in told["channels"].items()}
        self.people = {name: self._somebody(token) for name, token in told["tokens"].items()}
        self.done = os.open(told["done"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def play(self) -> None:
        """Write a letter, then do something, again and again."""
        act = self._write
        while True:
            with suppress(LettersError):  # somebody else was quicker
                act()
            os.write(self.acted, b".")
            act = self.dice.choices([self._write, self._decide, self._release, self._change],
                                    [4, 6, 4, 1])[0]

    def _write(self) -> None:
        name = self.dice.choice(["harmed", "responsible"])
        me, text = self.people[name], f"{name} {self.dice.getrandbits(64)}"
        letter = write.begin_letter(self.platform, me, self.channels[name])
        version = write.save(self.platform, me, letter, None, text)
        self._note("saved", letter, text)
        write.submit(self.platform, me, letter, version)
        self._note("submitted", letter, text)

    def _decide(self) -> None:
        letter = self._one_of(*WAITING)
        if letter is None:
            return
        me, platform = self.people[self.dice.choice(["first", "second"])], self.platform
        if letter.state == "held":
            decide.resume(platform, me, letter.id)
            return
        if letter.state == "seal again":
            decide.seal_again(platform, me, letter.id, PASSWORD)
            return
        read_letter.claim(platform, me, letter.id)
        version = read_letter.letter_for(platform, me, letter.id).version.id
        match self.dice.choices(["approve", "hold", "return"], [8, 1, 1])[0]:
            case "approve":
                found = read_letter.letter_for(platform, me, letter.id).findings
                read_letter.dispose(
                    platform, me, letter.id, version,
                    dict.fromkeys(range(len(found)), Disposition.FINE)
                )
                decide.approve(platform, me, letter.id, version, PASSWORD)
            case "hold":
                decide.hold(platform, me, letter.id, version, "A doubt.", date(2040, 1, 1))
            case _:
                decide.return_to_author(platform, me, letter.id, version, "An address.",
                                        "Please leave it out.")

    def _release(self) -> None:
        pace.say_ready(self.platform, self.people["harmed"], self.case)
        release.release_due(self.platform, 20)

    def _change(self) -> None:
        match self.dice.choice(["recall", "open", "again", "pause"]):
            case "recall" if letter := self._one_of("approved", "in review"):
                write.recall(self.platform, self._author(letter), letter.id)
                self._note("recalled", letter.id)
            case "open" if letter := self._one_of("released"):
                other = ("harmed" if letter.author_id == self.people["responsible"].person
                         else "responsible")
                open_letter.open_letter(self.platform, self.people[other], letter.id)
            case "again" if letter := self._one_of("returned"):
                write.submit(self.platform, self._author(letter), letter.id, letter.draft_id)
            case "pause":
                pace.pause(self.platform, self.people["harmed"], self.case)
                pace.end_pause(self.platform, self.people["harmed"], self.case)
            case _:
                pass

    def _one_of(self, *states: str) -> Any:
        with self.platform.reading() as db:
            found = db.scalars(
                select(Letter).where(Letter.state.in_(states)).order_by(Letter.id).limit(40)
            ).all()
        return self.dice.choice(found) if found else None

    def _author(self, letter: Letter) -> SignedIn:
        return next(person for person in self.people.values() if person.person == letter.author_id)

    def _somebody(self, token: str) -> SignedIn:
        found = who_is(self.platform, bytes.fromhex(token))
        assert found is not None
        return found

    def _note(self, *what: object) -> None:
        os.write(self.done, (json.dumps([str(part) for part in what]) + "\n").encode())


def main(instructions: str) -> None:
    """Fork, wait until somebody is at work, kill; as often as told."""
    told, started = json.loads(Path(instructions).read_text()), time.monotonic()
    dice = random.Random(told["seed"])
    for _ in range(0, told["kills"], 2):
        players = [_forked(told, dice.getrandbits(32), started) for _ in range(2)]
        for player, acts in players:
            _at_work(acts, dice)
            os.kill(player, signal.SIGKILL)
            os.close(acts)
        for player, _ in players:
            ended = os.waitpid(player, 0)[1]
            if os.WTERMSIG(ended) != signal.SIGKILL:
                sys.exit("a player ended by itself")


def _at_work(acts: int, dice: random.Random) -> None:
    """Return at a random moment of an act, which is looked for in as long as the act before it
    took."""
    for _ in range(dice.randint(1, MOST_ACTS)):
        before = time.monotonic()
        if not select_ready([acts], [], [], PATIENCE)[0] or not os.read(acts, 1):
            sys.exit("a player does nothing")
    time.sleep(dice.uniform(0, time.monotonic() - before))


def _forked(told: dict[str, Any], seed: int, started: float) -> tuple[int, int]:
    """A player, and where its acts can be read as they end."""
    acts, acted = os.pipe()
    player = os.fork()
    if player == 0:
        try:
            os.close(acts)
            Player(told, seed, started, acted).play()
        finally:
            os._exit(1)
    os.close(acted)
    return player, acts


if __name__ == "__main__":
    main(sys.argv[1])
