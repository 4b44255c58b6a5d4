"""What waits for a supervisor or an administrator: each thing with where it stands and since when.
Cases have their reference alone, and nobody of a case a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from letters.rules.permissions import Permission, has, may
from letters.workflow.accounts import invite
from letters.workflow.decision import disagreement
from letters.workflow.notices import send
from letters.workflow.oversight import emergency_reading, load
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.upkeep import restore


class DutyKind(StrEnum):
    """What waits."""

    ALERT = "alert that is overdue"
    DISAGREEMENT = "two readers see a letter differently"
    EMERGENCY = "request for emergency access to second"
    REVIEW = "case that nobody looks at"
    INVITATION = "invitation that was not used"
    NOT_RELEASED = "nothing is handed over"
    MAIL = "notices are late"


@dataclass(frozen=True)
class Duty:
    """One thing that waits. ``what``: a case's reference, or the name of a colleague; ``subject``:
    what its page is about, if it has one of its own."""

    kind: DutyKind
    what: str = ""
    since: datetime | None = None
    subject: UUID | None = None


def duties(platform: Platform, me: SignedIn) -> list[Duty]:
    """Everything that waits for this person, the gravest kind first."""
    may(me.actor, Permission.TODAY_SEE)
    found = [*_of_running(platform)]
    if has(me.role, Permission.LOAD_SEE):
        found += _of_supervisor(platform, me)
    if has(me.role, Permission.EMERGENCY_SECOND):
        found += [Duty(DutyKind.EMERGENCY, one.reference, one.row.asked_at)
                  for one in emergency_reading.requests(platform, me)
                  if one.row.supervisor_id != me.person and one.row.seconded_by is None]
    if has(me.role, Permission.STAFF_INVITE):
        found += [Duty(DutyKind.INVITATION, name) for person, _, name
                  in invite.staff_for(platform, me) if person.enrolled_at is None]
    return found


def _of_running(platform: Platform) -> Iterator[Duty]:
    if restore.standing(platform).why is not None:
        yield Duty(DutyKind.NOT_RELEASED)
    behind = send.behind_since(platform)
    if behind is not None:
        yield Duty(DutyKind.MAIL, since=behind)


def _of_supervisor(platform: Platform, me: SignedIn) -> Iterator[Duty]:
    for one in load.overdue(platform, me):
        yield Duty(DutyKind.ALERT, one.row.reference, one.row.act_by)
    for row in disagreement.listed(platform, me, None).rows:
        if row.open:
            yield Duty(DutyKind.DISAGREEMENT, row.reference, row.row.opened_at, row.row.id)
    for unseen in load.without_review(platform, me):
        yield Duty(DutyKind.REVIEW, unseen.reference)
