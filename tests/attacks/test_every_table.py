"""For each table: rows are inserted, swapped, deleted or replayed. Then the worker looks, everybody
does, and it again.

A table that is not among those that the play fills fails here until it is; so does an attack that
leaves no trace in the trail and no word on a page, until it stands in ``QUIET`` with the reason why
nothing is there to be found. """

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from letters.rules.events import Event
from letters.storage.tables.letters import AuditEntry, Grant
from letters.workflow.upkeep import restore
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.everybody_looks import Address, Honest, Seen, as_it_is, kind, look
from tests.attacks.tables_attacked import ATTACKS, TABLES, attack
from tests.cast import Cast
from tests.night import SEED, size

NOWHERE = {("installation", "swap"): "it has one row",
           ("participants", "insert"): "an account is in one case, once"}
"""What cannot be done at all."""

ALL = tuple(ATTACKS)
QUIET: dict[tuple[str, str], str] = {(table, how): reason for table, hows, reason in (
    ("sessions", ALL,
     "a row opens only with its cookie; one that is gone or another's signs somebody out"),
    ("invitations", ALL, "asked when a code is used, and refused then (test_breaches.py)"),
    ("resets", ALL, "asked when a code is used, and refused then (test_reset.py)"),
    ("key_confirmations", ALL,
     "asked when the next member confirms; the trail tells which key is the current one"),
    ("sent_forms", ALL,
     "who deletes a row can have a form carried out twice that is sent twice; no word is in one"),
    ("attempts", ALL,
     "counts of failures, without a name; who deletes theirs may guess sooner (decision 0016)"),
    ("cases", ("insert",), "nobody's: no attested row of a team or a participant leads to it"),
    ("participants", ("replay",),
     "who stopped stands in the case's row and in the trail, which is asked at release"),
    ("channels", ("insert",),
     "an attested channel leads on, a copy does not: it is asked when a letter is sent"),
    ("channels", ("replay",), "a way that was opened, and says when"),
    ("case_keys", ("delete",), "who has no key is told so; it has to be handed over again"),
    ("letters", ("swap",),
     "states and moments, which are asked of the trail before a letter moves"),
    ("letters", ("delete",),
     "destroyed, as the threat model says; nothing else is shown in its place"),
    ("versions", ("insert",), "no letter points to them, and no grant leads to one"),
    ("decisions", ("replay",), "one approval fewer of a letter that waits for its second"),
    ("sealed_releases", ("insert", "replay"),
     "of no letter that is approved; the trail is asked first"),
    ("sealed_releases", ("swap",), "sealed to another key: set aside, for the team to seal again"),
    ("notes", ("delete", "replay"), "destroyed, as the threat model says; what is left is signed"),
    ("alerts", ALL, "rows to find alerts by; the trail says which are open, and a release asks "
     "it (test_alerts.py)"),
    ("specialists", ALL, "rows to list cases by; the record says who reads along, and the replay "
     "holds them against it (test_specialists.py)"),
    ("tallies", ("insert", "delete", "replay"),
     "counts under a name that nobody asks for, are lost, or were fewer"),
    ("desk", ALL,
     "a list of what waits, kept to be quick; without a word, and asked of the team's rows"),
    ("desk_counts", ALL, "numbers on tabs"),
    ("care", ALL,
     "how many letters a facilitator wants to take a day, and keys that decide nothing"),
    ("pins", ("insert", "delete", "replay"),
     "as if that person had not looked yet, as the threat model says"),
    ("spare_case_keys", ALL,
     "asked when emergency access opens, and then the outer seal does not come off"),
    ("emergency_requests", ("delete", "replay"),
     "nothing opens any more; that it was asked for stands in the trail"),
    ("emergency_keys", ("delete", "replay"),
     "the letter does not open, as when a spare has not come yet"),
    ("supervised_windows", ("delete", "replay"),
     "nobody can sign in with it; one that was used is not there again"),
    ("kept_saves", ("delete", "replay"), "destroyed, or not there yet"),
    ("comfort", ALL,
     "how one's own pages look, from a closed list; nothing is read aloud before somebody presses"),
    ("unsent", ALL, "what is typed and not sent yet: gone, or what they typed before; a copy "
     "does not open elsewhere"),
    ("never_sent", ("insert",), "listed by its day; a copy under another id does not open"),
    ("never_sent", ("delete", "replay"), "destroyed, or what she herself wrote there before"),
    ("disagreements", ALL,
     "rows to find things by, put back by the team; what may be taken up is asked of the trail"),
    ("profiles", ("delete", "replay"), "destroyed, or an earlier one of the same facilitator"),
    ("profiles", ("insert",),
     "of nobody who is a facilitator here; a copy under another's name does not open"),
    ("names_lists", ("insert",),
     "of no case, or of one whose box it does not open, which the other attacks show"),
    ("feedback", ("delete", "replay"), "destroyed, or not given yet"),
    ("contact_ways", ("insert",), "of nobody who is here; a copy under another's id does not open"),
    ("contact_ways", ("delete", "replay"),
     "destroyed, as if they wanted no messages; or what they chose before"),
    ("notices", ALL,
     "without a word: somebody hears once too often that there is something, or not at all"),
) for how in hows}
"""What leaves no trace, and why that does no harm."""

EITHER = {("letters", "insert"), ("contact_ways", "swap")}
"""A copy of the due letter is found where the worker comes to it first; afterwards the gate is
shut. Two ways to be reached are found where one of the two is written to. Ids decide."""

PLAYED = random.Random(SEED).sample([*product(TABLES, ATTACKS)],
                                    size(4, len(TABLES) * len(ATTACKS)))
"""Every attack at night; by day some, chosen by the seed of the run."""

MANY = 12
TWINS = {"elsewhere": "first", "third": "second", "elder": "supervisor"}
"""Of a table that more pages than this ask, one page of each kind is opened, and not that of a twin
too."""


@dataclass
class Outcome:
    """What came of an attack."""

    seen: Seen = field(default_factory=Seen)
    released: list[UUID] = field(default_factory=list)
    granted: set[tuple[UUID, UUID]] = field(default_factory=set)
    alarms: int = 0
    standing: str | None = None

    @property
    def found(self) -> bool:
        """True if the trail, a page, or what is held against the state file says that something is
        wrong."""
        return bool(self.alarms) or self.seen.found() or self.standing is not None


def after(cast: Cast, attacker: Attacker, honest: Honest, name: str) -> Outcome:
    """The worker looks, then everybody whose pages ask this table, then the worker again."""
    entries, grants = _entries(attacker), _grants(attacker)
    outcome = Outcome()
    _worker(cast, outcome)
    outcome.seen = look(cast, honest.play, list(_pages(honest, name)))
    _worker(cast, outcome)
    new = [entry for key, entry in _entries(attacker).items() if key not in entries]
    outcome.alarms = sum(entry["event"] == Event.TAMPERING_FOUND.value for entry in new)
    outcome.released = [entry["subject_id"] for entry in new
                        if entry["event"] == Event.LETTER_RELEASED.value]
    outcome.granted = _grants(attacker) - grants
    return outcome


def _worker(cast: Cast, outcome: Outcome) -> None:
    """It looks. Without the one row of the installation it can do nothing, and says so by
    stopping."""
    try:
        cast.release()
        outcome.standing = outcome.standing or restore.standing(cast.platform).why
    except (NoResultFound, MultipleResultsFound) as problem:
        outcome.standing = type(problem).__name__


def _entries(attacker: Attacker) -> dict[bytes, dict]:  # type: ignore[type-arg]
    return {entry["mac"] + entry["case_id"].bytes + bytes([entry["number"] % 256]): entry
            for entry in attacker.rows(AuditEntry)}


def _grants(attacker: Attacker) -> set[tuple[UUID, UUID]]:
    return {(row["version_id"], row["reader_id"])
            for row in attacker.rows(Grant, Grant.reader_kind == "person")}


def _pages(honest: Honest, name: str) -> Iterator[Address]:
    """The pages that ask this table: what was done to it can show on no other."""
    asking = [address for address, asked in honest.asked.items() if name in asked]
    known = set()
    for who, path in asking:
        what = (TWINS.get(who, who.removeprefix("strange ")),
                kind(path)) if len(asking) > MANY else (who, path)
        if what not in known:
            known.add(what)
            yield who, path


pytestmark = [pytest.mark.sqlite_alone, pytest.mark.xdist_group("tables"),
              pytest.mark.usefixtures("played")]
"""What is asked of a row does not depend on where it stands; test_attacker and test_breaches ask it
of both."""


def test_the_play_fills_every_table(theatre: Theatre) -> None:
    theatre.play(as_it_is)
    assert [name for name, rows in theatre.attacker.copy().items() if not rows] == []


@pytest.mark.parametrize(("name", "how"), PLAYED)
def test_every_attack_on_a_table_fails_closed(theatre: Theatre, name: str, how: str) -> None:
    honest, cast = theatre.play(as_it_is), theatre.cast
    touched = attack(theatre.attacker, honest.play, name, how)
    assert bool(touched) is ((name, how) not in NOWHERE)
    outcome = after(cast, theatre.attacker, honest, name)
    foreign = {who: {honest.play.words[word] for word in words - honest.words[who]}
               for who, words in outcome.seen.words.items() if words - honest.words[who]}
    assert not foreign
    assert not outcome.seen.unforeseen
    assert outcome.released in ([], [honest.play.due])
    version = cast.row(honest.play.due).submitted_id if outcome.granted else None
    assert outcome.granted <= {(version, honest.play.ours.harmed.id)}
    if (name, how) not in EITHER:
        assert outcome.found is (touched > 0 and (name, how) not in QUIET), QUIET.get((name, how))
