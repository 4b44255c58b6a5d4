"""What a letter weighs is told to the desk's list alone, and by nothing that a copy of the database
shows."""

import pytest

from letters.rules.errors import Tampered
from letters.screening import Category, Finding, Severity
from letters.storage.tables.letters import Version
from letters.workflow.platform import Platform
from letters.workflow.screening import weight as screening_weight
from letters.workflow.screening.weight import Weight
from tests.cast import Cast


def _found(category: Category, severity: Severity) -> Finding:
    return Finding(category, severity, 0, 4, "some", "why", "rule")


@pytest.mark.parametrize(("findings", "text", "weight"), [
    ((), "some words", Weight()),
    ([_found(Category.BLAME, Severity.SERIOUS), _found(Category.RISK, Severity.NOTE)], "some words",
     Weight(Severity.SERIOUS, False)),
    ([_found(Category.RISK, Severity.SERIOUS)], "some words", Weight(Severity.SERIOUS, True)),
    ([_found(Category.HIDDEN, Severity.URGENT)], "some words", Weight(Severity.URGENT, True)),
    ((), "some " * (screening_weight.LONG + 1), Weight(None, True)),
])
def test_the_gravest_finding_and_what_is_hard_to_read_make_the_weight(
        platform: Platform, findings: list[Finding], text: str, weight: Weight) -> None:
    version = platform.new_id()
    kept = screening_weight.sealed(platform, version, findings, text)
    assert screening_weight.opened(platform, version, kept) == weight
    assert len(kept) == len(screening_weight.sealed(platform, version, (),
                                                    "")), "a length tells what it weighs"
    with pytest.raises(Tampered):
        screening_weight.opened(platform, platform.new_id(), kept)


def test_a_letter_is_weighed_when_it_is_handed_in(cast: Cast) -> None:
    platform, row = cast.platform, cast.row(cast.submitted(cast.harmed,
                                                           "I think about killing " "myself."))
    with platform.reading() as db:
        version = db.get_one(Version, row.submitted_id)
        draft = db.get_one(Version, row.draft_id)
    assert screening_weight.opened(platform, version.id, version.weight).heavy
    assert screening_weight.opened(platform, draft.id, draft.weight) == Weight()
