"""The pages of participants: home and stop. Consent and the pace have pages of their own."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from letters.rules.errors import Tampered
from letters.rules.permissions import Permission, has
from letters.storage.queries import lists
from letters.storage.tables.letters import Case, Participant
from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.web.home import first_page
from letters.workflow import messages
from letters.workflow.oversight import emergency_reading
from letters.workflow.release import pace
from letters.workflow.writing import saved_after_sign_out

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
def home() -> str:
    """The stage, one next step, and the list of what the person can do."""
    with platform().store.reading() as db:
        case, participant = _my_part(db)
        channels = lists.channels_from(db, me().person)
        kept = saved_after_sign_out.is_waiting(db, me().person)
        news = messages.has_news(db, participant.id, me().person)
    way, unopened, six_words = first_page.look(case), first_page.waits(), first_page.six_words(case)
    tasks = first_page.tasks(case, way, [channel for channel, _ in channels], unopened)
    tasks.append(first_page.of_messages(news))
    team = first_page.team_news(case) if _sees_pace() else None
    if team is not None:
        tasks.append(first_page.HomeTask(_("Who is in the team"), url_for("team.for_harmed"),
                                         first_page.OF_THE_TEAM[team],
                                         _("And who can read each letter")))
    return render_template("home/home.html", tasks=tasks, way=way, steps=first_page.steps(way),
                           kept=kept,
                           besides=(first_page.APART_FROM_PROGRESS.get(way.stage)
                                    if way and way.stage else None),
                           next=first_page.next_step(way, unopened), six_words=six_words,
                           stopped=participant.stopped_at, paused=_sees_pace() and case.paused_at,
                           team=team, TeamNews=first_page.TeamNews,
                           emergency=emergency_reading.told_to_person_harmed(
                               platform(), me(), case.id))


@blueprint.route("/stop", methods=["GET", "POST"])
def stop() -> str | Response:
    """Stop for good: one page, one confirmation, no reason asked."""
    if forms.sent():
        pace.stop(platform(), me(), my_case())
        return redirect(url_for("home.stop"))
    with platform().store.reading() as db:
        case, participant = _my_part(db)
    return render_template("home/stop.html", stopped=participant.stopped_at, can_pause=_sees_pace(),
                           paused=_sees_pace() and case.paused_at)


def _my_part(db: Session) -> tuple[Case, Participant]:
    """The case of the signed-in participant, and their row in it. A participant joins with such
    a row, and it is never deleted."""
    found = lists.case_of_participant(db, me().person)
    if found is None:
        raise Tampered(me().person)
    return found


def _sees_pace() -> bool:
    return has(me().role, Permission.CASE_SET_PACE)
