"""Specialists in a team: they read what it reads and advise, and decide nothing (rule 11). They are
asked, answer and leave like colleagues (``join_and_leave``)."""

from uuid import UUID

from letters.rules.case import decisions
from letters.rules.errors import NotAcceptable
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.workflow.access.enter import case_to_change
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.team import join_and_leave


def end_part(platform: Platform, me: SignedIn, case_id: UUID, specialist: UUID) -> None:
    """End a specialist's part, as a member of the team: they can no longer open anything of the
    case.

    Raises ``NotPossibleNow`` for anybody but a specialist of this team; ``NotAcceptable`` while
    nobody else can open something.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        story, _ = join_and_leave.verified(platform, db, room)
        decisions.require_specialist(story, specialist)
        if join_and_leave.holds_alone(db, room, story, specialist):
            raise NotAcceptable("sure", marked("They alone can open something of this case, since "
                                               "the members have new keys. Once a member can open "
                                               "it again, you can end their part."))
        join_and_leave.without(platform, db, me, room, specialist)
