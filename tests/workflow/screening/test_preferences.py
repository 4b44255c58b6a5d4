"""What a letter is screened by when it is handed in: the agreement's wishes, the case's own list
(rules 14 and 24)."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import delete

from letters.rules.case.process import Terms
from letters.rules.errors import DraftChanged, NotAcceptable, NotAllowed, NotFound, Tampered
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.screening import Finding, Preferences
from letters.storage.tables.desk import NamesList
from letters.storage.tables.letters import Version
from letters.workflow.preparation import agreement, names_list
from letters.workflow.preparation.names_list import ListedNames
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player

WISHES = agreement.Wording("That night.", "", ("darling",), {}, "Dear Hanna", "Robin")
LETTER = "Hello you,\n\nOh darling, I saw Oriole in Wagtail Lane.\n\nBobby"


@pytest.fixture
def wishes(cast: Cast) -> None:
    """Both have agreed to them, and the case has a list."""
    made = agreement.propose(cast.platform, cast.first.me, cast.case, Terms(), WISHES)
    for player in (cast.harmed, cast.responsible):
        agreement.agree(cast.platform, player.me, cast.case, made)
    names_list.save_names(
        cast.platform, cast.first.me, cast.case,
        ListedNames((" Oriole ", "Oriole", ""), ("Wagtail  Lane",))
    )


def rules(cast: Cast, author: Player) -> set[str]:
    letter = cast.submitted(author, LETTER)
    return {found.rule
            for found in read_letter.letter_for(cast.platform, cast.first.me, letter).findings}


def test_rule_24_wishes_bind_what_is_written_to_the_person_harmed(cast: Cast, wishes: None) -> None:
    assert {"identity.name", "identity.place"} <= (mine := rules(cast, cast.harmed))
    assert not any(rule.startswith("address.") for rule in mine)  # rule 14: her test is narrower
    cast.open_the_way_back()
    assert {"address.word", "address.greeting", "address.signature", "identity.name",
            "identity.place"} <= rules(cast, cast.responsible)


def test_rule_24_a_newer_version_binds_once_both_have_agreed(cast: Cast, wishes: None) -> None:
    made = agreement.propose(cast.platform, cast.first.me, cast.case, Terms(),
                             agreement.Wording("", "", (), {}))
    agreement.agree(cast.platform, cast.responsible.me, cast.case, made)
    cast.open_the_way_back()
    assert "address.word" in rules(cast, cast.responsible)
    agreement.agree(cast.platform, cast.harmed.me, cast.case, made)
    assert "address.word" not in rules(cast, cast.responsible)


@pytest.mark.parametrize("wording", [replace(WISHES, greeting="Dear\nHanna"),
                                     replace(WISHES, signature="x" * 41)])
def test_a_greeting_and_a_signature_are_one_line(cast: Cast, wording: agreement.Wording) -> None:
    with pytest.raises(NotAcceptable):
        agreement.propose(cast.platform, cast.first.me, cast.case, Terms(), wording)


# --- the case's own list


def test_only_the_team_keeps_and_sees_the_list(cast: Cast, wishes: None) -> None:
    assert names_list.names_for(cast.platform, cast.second.me,
                                cast.case) == ListedNames(("Oriole",), ("Wagtail Lane",))
    for player, refusal in ((cast.harmed, NotAllowed), (cast.responsible, NotAllowed),
                            (cast.stranger_facilitator, NotFound), (cast.supervisor, NotFound)):
        with pytest.raises(refusal):
            names_list.names_for(cast.platform, player.me, cast.case)
        with pytest.raises(refusal):
            names_list.save_names(cast.platform, player.me, cast.case, ListedNames())


@pytest.mark.parametrize("listed",
                         [ListedNames(("x" * 81,)), ListedNames((), tuple(map(str, range(201))))])
def test_a_list_has_its_measure(cast: Cast, listed: ListedNames) -> None:
    with pytest.raises(NotAcceptable):
        names_list.save_names(cast.platform, cast.first.me, cast.case, listed)


def test_a_list_that_is_taken_away_or_put_back_is_noticed(cast: Cast,
                                                          wishes: None, attacker: Attacker) -> None:
    (row,) = attacker.rows(NamesList)
    names_list.save_names(cast.platform, cast.first.me, cast.case, ListedNames())
    letter = cast.draft(cast.harmed, LETTER)
    for attack in (NamesList.__table__.update().values(sealed=row["sealed"]), delete(NamesList)):
        attacker.run(attack)
        with pytest.raises(Tampered):
            names_list.names_for(cast.platform, cast.first.me, cast.case)
        with pytest.raises(Tampered):
            write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    assert cast.state(letter) is State.DRAFT


# --- screening locks nothing


def test_a_screening_that_hangs_keeps_no_stop_waiting(cast: Cast) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hangs(text: str, writer: Role, preferences: Preferences) -> tuple[Finding, ...]:
        begun.set()
        may_end.wait(5)
        return ()

    letter = cast.draft(cast.harmed, "I am angry.")
    draft, failed = cast.row(letter).draft_id, []

    def send() -> None:
        try:
            write.submit(replace(cast.platform, screening=hangs), cast.harmed.me, letter, draft)
        except DraftChanged as problem:
            failed.append(problem)

    sending = threading.Thread(target=send)
    sending.start()
    try:
        assert begun.wait(5)
        # waits for the case's row, were it held
        pace.stop(cast.platform, cast.responsible.me, cast.case)
        newer = write.save(cast.platform, cast.harmed.me, letter, draft, "Changed meanwhile.")
        assert not may_end.is_set()
    finally:
        may_end.set()
        sending.join()
    assert failed and cast.state(letter) is State.DRAFT and cast.row(letter).draft_id == newer


def test_sending_twice_at_once_is_sending_once(cast: Cast, attacker: Attacker) -> None:
    letter = cast.draft(cast.harmed, "I am angry.")
    draft, both = cast.row(letter).draft_id, threading.Barrier(2)

    def together(text: str, writer: Role, preferences: Preferences) -> tuple[Finding, ...]:
        both.wait(5)
        return ()

    platform = replace(cast.platform, screening=together)
    senders = [threading.Thread(target=write.submit, args=(platform, cast.harmed.me, letter, draft))
               for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert cast.state(letter) is State.IN_REVIEW
    assert len(attacker.rows(Version, Version.kind == "submitted")) == 1
