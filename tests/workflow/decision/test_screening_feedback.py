"""What facilitators say of the screening: sealed to the case, counted without a word, told only in
numbers."""

import pytest
from sqlalchemy import update

from letters.rules.case.framework import STATISTICS
from letters.rules.errors import NotAcceptable, NotAllowed, NotFound, NotPossibleNow, Tampered
from letters.screening import Category
from letters.storage.tables.desk import Tally
from letters.storage.tables.letters import Note
from letters.workflow.decision import decide, earlier_letters, screening_feedback
from letters.workflow.oversight import load
from letters.workflow.preparation import consent
from letters.workflow.review import read_letter
from letters.workflow.screening import counts
from letters.workflow.screening.sealed_findings import Disposition
from tests.attacks.attacker import Attacker
from tests.cast import Cast

TEXT = "You have to forgive me now.\n\nYou owe me an answer. It was your fault as much as mine."


@pytest.fixture(autouse=True)
def may_be_counted(cast: Cast) -> None:
    consent.give(cast.platform, cast.harmed.me, cast.case, [STATISTICS])


def counted(cast: Cast, name: str) -> dict[str, int]:
    with cast.platform.reading() as db:
        return counts.counted(cast.platform, db, name)


def test_a_finding_counts_once_for_all_readers_and_not_after_it_was_unmarked(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "Call me on 07700 900123.")
    read = read_letter.letter_for(cast.platform, cast.first.me, letter)
    rule = read.findings[0].rule

    def mark(reader: object, *numbers: int) -> None:
        screening_feedback.mark(cast.platform, reader.me, letter, read.version.id, numbers)  # type: ignore[attr-defined]

    for reader in (cast.first, cast.first, cast.second):
        mark(reader, 0, 99, -1)
    assert counted(cast, screening_feedback.RULES) == {rule: 1}
    mark(cast.first)
    assert counted(cast, screening_feedback.RULES) == {rule: 1}
    mark(cast.second)
    assert counted(cast, screening_feedback.RULES) == {}
    for player, refusal in ((cast.harmed, NotAllowed), (cast.stranger_facilitator, NotFound)):
        with pytest.raises(refusal):
            mark(player, 0)
    with pytest.raises(NotPossibleNow):
        screening_feedback.mark(cast.platform, cast.first.me, letter, cast.platform.new_id(), [0])


def test_what_was_missed_is_the_teams_and_its_category_is_counted_once(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.submitted(cast.harmed)
    version = cast.row(letter).submitted_id
    assert version is not None
    for _ in range(2):
        screening_feedback.miss(
            cast.platform, cast.first.me, letter, version, Category.CONTROL,
            "It hints at the heron."
        )
    (told,) = screening_feedback.missed(
        read_letter.letter_for(cast.platform, cast.second.me, letter).notes
    )
    assert (told.words, told.written_by) == ("It hints at the heron.", cast.first.id)
    assert counted(cast, screening_feedback.CATEGORIES) == {"control": 1}
    assert not any(b"heron" in row["sealed"]
                   for row in (*attacker.rows(Note), *attacker.rows(Tally)))
    with pytest.raises(NotAcceptable):
        screening_feedback.miss(cast.platform, cast.first.me, letter, version, Category.CONTROL,
                                " ")


def test_rule_02_nothing_is_counted_of_who_does_not_agree_to_it(cast: Cast) -> None:
    """What facilitators keep for the team is kept all the same."""
    consent.withdraw(cast.platform, cast.harmed.me, cast.case, [STATISTICS])
    letter = cast.submitted(cast.harmed, "Call me on 07700 900123.")
    version = cast.row(letter).submitted_id
    assert version is not None
    screening_feedback.mark(cast.platform, cast.first.me, letter, version, [0])
    screening_feedback.miss(cast.platform, cast.first.me, letter, version, Category.CONTROL,
                            "It hints at the heron.")
    assert screening_feedback.missed(
        read_letter.letter_for(cast.platform, cast.first.me, letter).notes
    )
    read_letter.claim(cast.platform, cast.first.me, letter)
    decide.return_to_author(cast.platform, cast.first.me, letter, version, "A reason.", "A note.",
                            "threat")
    assert counted(cast, screening_feedback.RULES) == counted(cast,
                                                              screening_feedback.CATEGORIES) == {}
    verdicts = load.decisions(cast.platform, cast.supervisor.me, counts.Verdict.RETURNS)
    assert {number for _, number in verdicts} == {None}
    with cast.platform.reading() as db:
        assert db.query(Tally).count() == 0


def test_small_numbers_are_not_told(cast: Cast, attacker: Attacker) -> None:
    with cast.platform.writing() as db:
        for rule, number in (("a.one", 4), ("b.many", 5), ("a.more", 7)):
            counts.count(cast.platform, db, screening_feedback.RULES, [rule], number)
    assert screening_feedback.report(cast.platform) == {
        screening_feedback.RULES: [("a.more", 7), ("b.many", 5), ("a.one", None)],
        screening_feedback.CATEGORIES: [],
    }
    attacker.run(update(Tally).values(sealed=b"x"))
    with pytest.raises(Tampered):
        screening_feedback.report(cast.platform)


# --- beside earlier letters


def test_what_was_returned_and_rising_demands_are_seen_beside_earlier_letters(cast: Cast) -> None:
    cast.open_the_way_back()
    before = cast.submitted(cast.responsible, TEXT)
    read_letter.claim(cast.platform, cast.first.me, before)
    read = read_letter.letter_for(cast.platform, cast.first.me, before)
    asked = {number: Disposition.ASK if found.quote.startswith("You owe") else Disposition.FINE
             for number, found in enumerate(read.findings)}
    assert Disposition.ASK in asked.values()
    read_letter.dispose(cast.platform, cast.first.me, before, read.version.id, asked)
    again = cast.submitted(cast.responsible, f"I thought about it. {TEXT}")
    look = read_letter.letter_for(cast.platform, cast.first.me, again)
    assert not any(one.rule == "across.again"
                   for one in earlier_letters.remarks(cast.platform, cast.first.me, look))
    decide.return_to_author(cast.platform, cast.first.me, before, read.version.id, "R.", "N.")
    quotes = [
        one.quote for one in earlier_letters.remarks(cast.platform, cast.first.me, look)
        if one.rule == "across.again"
    ]
    assert quotes and all("You owe me" in quote for quote in quotes)


RISING = ("I did it. You must answer me soon.", "You owe me an answer. You must answer me.",
          " ".join(["You have to forgive me now.", "You must answer me.",
                    "You owe me an answer."] * 2))


def test_rising_demands_are_told_of_the_third_letter_alone_and_only_if_they_rise(
    cast: Cast,
) -> None:
    cast.open_the_way_back()

    def told(texts: tuple[str, ...]) -> list[list[str]]:
        letters = [cast.submitted(cast.responsible, text) for text in texts]
        looks = [read_letter.letter_for(cast.platform, cast.first.me, letter) for letter in letters]
        return [
            [
                one.why
                for one in earlier_letters.remarks(cast.platform, cast.first.me, look)
                if one.rule == "across.rising"
            ]
            for look in looks
        ]

    assert told(RISING) == [[], [], ["Demands rise from letter to letter: 1, then 2, then 6."]]
    assert told(RISING[::-1]) == [[], [], []]
