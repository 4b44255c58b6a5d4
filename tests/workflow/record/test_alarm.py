"""An alarm about one subject is written once a day, however often it is looked at, and no planted
one keeps it back."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.storage.tables.letters import AuditEntry, Case
from letters.workflow.record.alarm import raise_alarm
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import of
from tests.cast import Cast


def told(attacker: Attacker) -> list[UUID]:
    """Whom or what each alarm is about, on any chain."""
    rows = attacker.rows(AuditEntry, AuditEntry.event == Event.TAMPERING_FOUND.value)
    return [row["subject_id"] for row in rows]


@pytest.mark.parametrize("on_a_case", [True, False])
def test_it_is_written_once_a_day(cast: Cast, attacker: Attacker, on_a_case: bool) -> None:
    one, other, case = uuid4(), uuid4(), cast.case if on_a_case else None
    for _ in range(47):
        for subject in (one, other):
            raise_alarm(cast.platform, Tampered(subject, case))
    assert sorted(told(attacker)) == sorted([one, other])
    cast.clock.advance(hours=24)
    raise_alarm(cast.platform, Tampered(one, case))
    assert sorted(told(attacker)) == sorted([one, one, other])


def test_one_that_cannot_be_written_to_its_case_is_written_once_a_day_elsewhere(
    cast: Cast, attacker: Attacker
) -> None:
    attacker.run(of(Case, cast.case).values(audit_number=0))  # the next number is taken
    for _ in range(3):
        raise_alarm(cast.platform, Tampered(cast.case, cast.case))
    assert told(attacker) == [cast.case]


def test_a_planted_one_keeps_none_back(cast: Cast, attacker: Attacker) -> None:
    """Somebody with the database cannot silence an alarm by writing it beforehand, or by dating an
    old one anew."""
    subject = uuid4()
    raise_alarm(cast.platform, Tampered(subject, cast.case))
    old = attacker.rows(AuditEntry, AuditEntry.event == Event.TAMPERING_FOUND.value)[0]
    cast.clock.advance(days=3)
    attacker.put(AuditEntry, old, case_id=uuid4(), at=cast.clock())
    attacker.put(AuditEntry, old, number=old["number"] + 9_000, at=cast.clock() + timedelta(days=1))
    raise_alarm(cast.platform, Tampered(subject, cast.case))
    assert told(attacker).count(subject) == 4
