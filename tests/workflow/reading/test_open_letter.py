"""Reading: the recipient, after release, once opened; and who else can, said and true."""

from uuid import UUID

import pytest

from keys import letter as sealing
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rules.errors import NotAllowed, NotFound, NotPossibleNow
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import AuditEntry, CaseKey, Grant, SealedRelease, Version
from letters.workflow.access import directory
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import give_back, hold
from tests.cast import Cast, Player

VERBS = (open_letter.before_opening, open_letter.open_letter, open_letter.read_again)


def players(cast: Cast) -> list[Player]:
    """Everybody."""
    return [cast.first, cast.second, cast.stranger_facilitator, cast.harmed, cast.responsible,
            cast.stranger_harmed,
            cast.stranger_responsible]


def openers(cast: Cast, attacker: Attacker, letter: UUID) -> set[UUID]:
    """Who can open a version of this letter, by trying everybody's keys on every grant."""
    versions = {row["id"] for row in attacker.rows(Version, Version.letter_id == letter)}
    found = set()
    for grant in (row for row in attacker.rows(Grant) if row["version_id"] in versions):
        for player in players(cast):
            for key in [player.me.identity, *case_keys(attacker, player)]:
                for who, kind in ((player.id, "person"), (cast.case, "case")):
                    try:
                        key.open(grant["sealed"],
                                 context("letter key", version=grant["version_id"],
                                         reader_kind=kind,
                                         reader=who, epoch=grant["epoch"]))
                        found.add(player.id)
                    except CannotOpen:
                        pass
    return found


def case_keys(attacker: Attacker, player: Player) -> list[Identity]:
    """The case keys that this person's own key opens."""
    opened = []
    for row in attacker.rows(CaseKey):
        try:
            opened.append(Identity(player.me.identity.open(row["sealed"], context(
                "case key", case=row["case_id"], epoch=row["epoch"], member=row["member_id"]))))
        except CannotOpen:
            continue
    return opened


def names(cast: Cast, people: set[UUID]) -> list[str]:
    """Their names."""
    with cast.platform.reading() as db:
        return sorted(directory.names(cast.platform, db, people).values())


WAYS = ("draft", "in review", "second reading", "returned", "held", "approved", "recalled",
        "released", "opened")


def go(cast: Cast, author: Player, state: str) -> UUID:
    """A letter in this state."""
    letter = cast.draft(author)
    if state != "draft":
        write.submit(cast.platform, author.me, letter, cast.row(letter).draft_id)
    if state in ("second reading", "approved", "released", "opened"):
        cast.approve(letter, cast.first)
    if state in ("approved", "released", "opened") and cast.state(letter) is State.SECOND_READING:
        cast.approve(letter, cast.second)
    if state == "returned":
        give_back(cast, letter, cast.first)
    if state == "held":
        hold(cast, letter, cast.first)
    if state == "recalled":
        write.recall(cast.platform, author.me, letter)
    if state in ("released", "opened"):
        pace.say_ready(cast.platform, cast.harmed.me, cast.case)
        cast.release()
    if state == "opened":
        open_letter.open_letter(
            cast.platform, (cast.harmed if author is cast.responsible else cast.responsible).me,
            letter
        )
    assert cast.state(letter) == state
    return letter


@pytest.mark.parametrize("state", WAYS)
def test_who_can_read_is_who_can_open_and_never_names_the_recipient(
        cast: Cast, attacker: Attacker, state: str) -> None:
    cast.open_the_way_back()
    letter = go(cast, cast.responsible, state)
    can = openers(cast, attacker, letter)
    assert can - {cast.harmed.id} == {cast.responsible.id, *(
        (cast.first.id, cast.second.id) if state != "draft" else ())}
    assert (cast.harmed.id in can) is (state in ("released", "opened"))
    assert open_letter.who_can_read(cast.platform, cast.responsible.me,
                                    letter) == names(cast, can - {cast.harmed.id})


@pytest.mark.parametrize("state", [state for state in WAYS if state != "second reading"])
def test_the_person_harmed_is_told_all_who_can_read(cast: Cast,
                                                    attacker: Attacker, state: str) -> None:
    letter = go(cast, cast.harmed, state)
    can = openers(cast, attacker, letter)
    assert (cast.responsible.id in can) is (state in ("released", "opened"))
    assert open_letter.who_can_read(cast.platform, cast.harmed.me, letter) == names(cast, can)


def test_before_sending_all_who_will_read_are_named(cast: Cast) -> None:
    team, recipient = open_letter.future_readers(cast.platform, cast.harmed.me,
                                                 cast.draft(cast.harmed))
    assert (team, recipient) == (["Frances First", "Sam Second"], "Robin Responsible")


@pytest.mark.parametrize("state",
                         ["draft", "in review", "held", "returned", "approved", "recalled"])
def test_nothing_is_there_for_the_recipient_before_release(cast: Cast,
                                                           attacker: Attacker, state: str) -> None:
    letter = go(cast, cast.harmed, state)
    for player in (cast.responsible, cast.stranger_responsible, cast.stranger_facilitator):
        for verb in VERBS:
            with pytest.raises(NotFound):
                verb(cast.platform, player.me, letter)
    for player in (cast.harmed, cast.first):
        for verb in VERBS:
            with pytest.raises(NotAllowed):
                verb(cast.platform, player.me, letter)
    for row in attacker.rows(SealedRelease):
        with pytest.raises(CannotOpen):
            sealing.open_own_grant(cast.responsible.me.identity, cast.responsible.id, row["sealed"],
                                   row["version_id"])
        inner = sealing.take_outer_seal_off(
            cast.platform.keys.release_identity(row["release_kid"]),
            cast.responsible.id,
            row["sealed"],
            row["version_id"],
        )
        release = cast.platform.keys.release_identity(row["release_kid"])
        with pytest.raises(CannotOpen):  # the server's key alone opens nothing either
            sealing.open_own_grant(release, cast.responsible.id, inner, row["version_id"])


def test_a_letter_is_announced_then_opened_then_read(cast: Cast) -> None:
    letter = cast.released(cast.harmed, "Five!")
    platform, me = cast.platform, cast.responsible.me
    arrived = open_letter.before_opening(platform, me, letter)
    assert (arrived.opened, arrived.pages, arrived.note) == (False, 3, None)
    with pytest.raises(NotPossibleNow):
        open_letter.read_again(platform, me, letter)
    open_letter.open_letter(platform, me, letter)
    assert open_letter.read_again(platform, me, letter) == "Five!"
    assert open_letter.before_opening(platform, me, letter).opened


def test_a_letter_is_opened_once(cast: Cast, attacker: Attacker) -> None:
    letter = cast.released(cast.harmed)
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    opened = cast.row(letter).opened_at
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    assert cast.row(letter).opened_at == opened
    assert len(attacker.rows(AuditEntry, AuditEntry.event == "letter opened")) == 1


def test_an_arrived_letter_is_nobody_elses(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    for player, refusal in ((cast.harmed, NotAllowed), (cast.first, NotAllowed),
                            (cast.stranger_responsible, NotFound),
                            (cast.stranger_facilitator, NotFound)):
        for verb in VERBS:
            with pytest.raises(refusal):
                verb(cast.platform, player.me, letter)


def test_what_has_arrived_stays_readable_after_stop_and_pause(cast: Cast) -> None:
    letter = cast.released(cast.harmed, "Yours.")
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    pace.stop(cast.platform, cast.responsible.me, cast.case)
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    assert open_letter.read_again(cast.platform, cast.responsible.me, letter) == "Yours."
