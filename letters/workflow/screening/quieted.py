"""Rules of the screening that a service takes as notes: its supervisors say so, with a reason.

The trail says which rules, by whom and since when; the reason is boxed under the contact key, since
it may tell of a case. No count of letters is kept.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from letters.rules.errors import NotAcceptable, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.screening import weights
from letters.storage import locks
from letters.workflow.access import directory, sealed_notes
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.screening import counts

_REASONS = "reasons to take rules as notes"


@dataclass(frozen=True)
class QuietRule:
    """A rule that is a note here. ``reason``: empty if it could not be opened."""

    rule: str
    reason: str
    by: str
    since: datetime


def quiet(platform: Platform, me: SignedIn, rule: str, reason: str) -> None:
    """Take this rule as a note from now on, in letters that are handed in later.
    Saying it again changes the reason.

    Raises ``NotAcceptable`` without a reason, and for a rule that keeps its weight everywhere.
    """
    may(me.actor, Permission.SCREENING_TUNE)
    if not weights.may_be_quieted(rule):
        raise NotAcceptable("rule", marked("Please choose a finding from the list. Findings about "
                                           "contact, hiding, risk and threat keep their weight."))
    reason = sealed_notes.checked("reason", reason)
    with platform.writing() as db:
        installation = locks.installation(db)
        counts.keep(platform, db, _REASONS, {**_reasons(platform, db), rule: reason})
        record.add(platform, db, installation, Event.RULE_QUIETED, me.person, installation.id,
                   entered=rule)


def restore(platform: Platform, me: SignedIn, rule: str) -> None:
    """Weigh this rule again as it was made. Nothing happens if it is not quiet."""
    may(me.actor, Permission.SCREENING_TUNE)
    with platform.writing() as db:
        installation = locks.installation(db)
        if rule not in record.read_installation(platform, db).quieted:
            return
        reasons = _reasons(platform, db)
        reasons.pop(rule, None)
        counts.keep(platform, db, _REASONS, reasons)
        record.add(platform, db, installation, Event.RULE_RESTORED, me.person, installation.id,
                   left=rule)


def quiet_rules(platform: Platform, me: SignedIn) -> list[QuietRule]:
    """The rules that are notes here, the newest first."""
    may(me.actor, Permission.SCREENING_TUNE)
    with platform.reading() as db:
        stands = record.read_installation(platform, db).quieted
        reasons = _reasons(platform, db)
        names = directory.names(platform, db, {by for by, _since in stands.values()})
    found = [QuietRule(rule, reasons.get(rule, ""), names[by], since)
             for rule, (by, since) in stands.items()]
    return sorted(found, key=lambda one: one.since, reverse=True)


def now_quiet(platform: Platform, db: Session) -> frozenset[str]:
    """The rules to take as notes: none while the installation's record does not hold, so that
    nobody who can write to the database hides anything."""
    with suppress(Tampered):
        stands = record.read_installation(platform, db).quieted
        return frozenset(filter(weights.may_be_quieted, stands))
    return frozenset()


def _reasons(platform: Platform, db: Session) -> dict[str, str]:
    """By rule; none if they are not what was kept: the facts stand without them."""
    with suppress(Tampered):
        return counts.kept(platform, db, _REASONS)
    return {}
