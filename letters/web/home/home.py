"""The pages of participants: home and stop. Consent and the pace have pages of their own."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import Tampered
from letters.rules.permissions import Permission, has
from letters.storage.tables.letters import Case, Participant
from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.web.home import first_page, next_step
from letters.workflow import messages
from letters.workflow.cases import own_cases
from letters.workflow.oversight import emergency_reading
from letters.workflow.release import pace
from letters.workflow.writing import saved_after_sign_out, write

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
def home() -> str:
    """The stage, one next step, and the list of what the person can do."""
    case, participant = _my_part()
    way, unopened, spoken_words = (first_page.look(case), first_page.waits(),
                                   first_page.spoken_words(case))
    channels = write.open_channels(platform(), me())
    tasks = first_page.tasks(case, way, channels, unopened)
    mine = first_page.own_part(case, participant.stopped_at is not None, unopened, channels)
    news = messages.has_own_news(platform(), me(), participant.id)
    tasks.append(first_page.of_messages(news))
    team = first_page.team_news(case) if _sees_pace() else None
    tasks.append(first_page.HomeTask(
        _("Who is in the team"), url_for("team.for_participants"),
        first_page.OF_THE_TEAM[team] if team is not None else _("And who was"),
        _("And who can read each letter") if team is not None else ""))
    return render_template("home/home.html", tasks=tasks, way=way, steps=first_page.steps(way),
                           kept=saved_after_sign_out.is_waiting(platform(), me()),
                           besides=(first_page.APART_FROM_PROGRESS.get(way.stage)
                                    if way and way.stage else None),
                           next=next_step.next_step(way, mine), spoken_words=spoken_words,
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
    case, participant = _my_part()
    return render_template("home/stop.html", stopped=participant.stopped_at, can_pause=_sees_pace(),
                           paused=_sees_pace() and case.paused_at)


def _my_part() -> tuple[Case, Participant]:
    """The case of the signed-in participant, and their row in it. A participant joins with such
    a row, and it is never deleted."""
    found = own_cases.case_of_participant(platform(), me())
    if found is None:
        raise Tampered(me().person)
    return found


def _sees_pace() -> bool:
    return has(me().role, Permission.CASE_SET_PACE)
