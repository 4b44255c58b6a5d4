"""A supervisor suggests that a colleague joins a team. Only the team can hand the case's keys over,
so its members ask the colleague, or say that they will not; the colleague accepts, or does not."""

from uuid import UUID

from letters.rules.case import decisions
from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.tables.letters import Person
from letters.workflow.access import enter
from letters.workflow.access.enter import case_to_change
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.team import join_and_leave


def reference(platform: Platform, me: SignedIn, case_id: UUID) -> str:
    """The reference of a case, for somebody who may suggest a colleague.
    Raises ``NotFound``, ``CaseErased``."""
    may(me.actor, Permission.WORK_ASSIGN)
    with platform.reading() as db:
        return enter.not_erased(enter.load_case(platform, db, case_id, lock=False)).case.reference


def suggest(platform: Platform, me: SignedIn, case_id: UUID, colleague: UUID | None) -> None:
    """Suggest a colleague to the team of a case, as a supervisor who may not read it.

    Raises ``NotAcceptable`` unless they are a facilitator with an account, and if they are in the
    team, asked or suggested.
    """
    may(me.actor, Permission.WORK_ASSIGN)
    with platform.writing() as db:
        room = enter.not_erased(enter.load_case(platform, db, case_id))
        person = db.get(Person, colleague) if colleague else None
        if person is None or not join_and_leave.is_facilitator(platform, person):
            raise NotAcceptable("colleague", marked("Choose one of your colleagues."))
        try:
            decisions.require_can_be_suggested(record.to_decide(platform, db, case_id), person.id)
        except NotPossibleNow:
            raise NotAcceptable("colleague", marked(
                "They are in the team, asked or suggested already, or the case is closed. Choose "
                "somebody else.")) from None
        record.add(platform, db, room.case, Event.COLLEAGUE_SUGGESTED, me.person, person.id)


def leave(platform: Platform, me: SignedIn, case_id: UUID, colleague: UUID) -> None:
    """Say that the team will not ask whom a supervisor suggests.
    Raises ``NotPossibleNow`` if nobody does, or it was answered."""
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        decisions.require_suggested(record.to_decide(platform, db, case_id), colleague)
        record.add(platform, db, room.case, Event.COLLEAGUE_NOT_ASKED, me.person, colleague)
