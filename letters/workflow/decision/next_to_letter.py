"""What a reader is shown next to a letter at the desk: who has approved it, the open alerts of its
case, and what has changed since its return."""

from dataclasses import dataclass
from uuid import UUID

from letters.rules.case.alerts import Alert
from letters.rules.letter.lifecycle import Action
from letters.workflow.access import case_names, directory
from letters.workflow.access.enter import told_of
from letters.workflow.cases import alerts
from letters.workflow.decision import compare, redaction
from letters.workflow.decision.approvals import approvals
from letters.workflow.decision.compare import Since
from letters.workflow.decision.redaction import WhyQuestion
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.review.claims import who_can_be_asked
from letters.workflow.review.read_letter import Reading, possible


@dataclass(frozen=True)
class NextToLetter:
    """Everything of one moment. ``claimed``: the person whose claim lasts. ``asked_reader``: the
    member who was asked to read it; ``can_be_asked``: those who could be.
    ``approved``: those who have approved, as far as the curtain shows them. ``names``: the names
    of everybody who is named here or wrote a note; ``of_case``: the first names of the two."""

    claimed: UUID | None
    asked_reader: UUID | None
    can_be_asked: list[UUID]
    approved: frozenset[UUID]
    has_approved: bool
    open_alerts: list[Alert]
    since: Since | None
    questions: list[WhyQuestion]
    names: dict[UUID, str]
    of_case: tuple[str, ...]


def next_to_letter(platform: Platform, me: SignedIn, read: Reading) -> NextToLetter:
    """What is shown next to a letter that this member has open. Raises ``Tampered``."""
    letter = read.room.letter
    claimed = (letter.claimed_by if letter.claimed_until and letter.claimed_until > platform.now()
               else None)
    with platform.reading() as db:
        approved = approvals(platform, db, letter, read.version).readers
        seen = read.curtain.readers(approved)
        told, free = told_of(platform, db, read.room), list[UUID]()
        if Action.CLAIM in possible(me, read.room) and claimed in (None, me.person):
            free = who_can_be_asked(platform, db, me, read.room)
        open_alerts = alerts.open_in(platform, db, read.room.case)
        since = compare.of_reading(platform, db, me, read)
        named = {*seen, *(note.written_by for note in read.notes),
                 *(note.written_by for note in (since.comments if since else ())),
                 *(alert.owner for alert in open_alerts),
                 *(one for one in (claimed, letter.wanted_by, told.asked_reader, *free) if one)}
        return NextToLetter(claimed, told.asked_reader, free, seen, me.person in approved,
                            open_alerts, since,
                            redaction.questions(platform, db, me, read.room),
                            directory.names(platform, db, named),
                            case_names.first_names(platform, db, me.person,
                                                   [letter.case_id])[letter.case_id])
