"""The room of those who take part: home, consent, stop. The person harmed's pace has a room of its own."""

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from letters.domain.errors import Tampered
from letters.domain.gates import consents
from letters.domain.people import PARTICIPANTS, Role
from letters.storage import queries
from letters.storage.tables import Case, Channel, Participant
from letters.web import forms, words
from letters.web.access import house, me, my_case, only_for
from letters.workflow import confirm_key, consent, exchange, kept_saves, read_by_glass, team_history, trail

blueprint = Blueprint("exchange", __name__)
blueprint.before_request(only_for(*PARTICIPANTS))


class Task(NamedTuple):
    """One line of the home page; without a url it cannot start yet."""

    title: str
    url: str | None
    status: str
    hint: str = ""


@blueprint.get("/home")
def home() -> str:
    """One next step, and the list of what one can do."""
    with house().store.reading() as db:
        case, participant = _my_part(db)
        agreed = _agreed(db)
        channels = queries.channels_from(db, me().person)
        unopened = queries.has_unopened(db, me().person)
        kept = kept_saves.is_waiting(db, me().person)
        six_words = confirm_key.own_words(house(), db, me(), case.id)
    tasks = _tasks(case, agreed, [channel for channel, _ in channels], unopened)
    team = _team_news(case) if _sees_pace() else None
    if team is not None:
        tasks.append(Task("Who is in the team", url_for("team.for_harmed"), team, "And who can read each letter"))
    return render_template("exchange/home.html", tasks=tasks, consents=agreed, unopened=unopened,
                           kept=kept, six_words=six_words, stopped=participant.stopped_at,
                           paused=_sees_pace() and case.paused_at, team=team,
                           glass=read_by_glass.told_to_person_harmed(house(), me(), case.id))


@blueprint.route("/consent", methods=["GET", "POST"])
def consenting() -> str | Response:
    """All that one is asked to agree to."""
    case = my_case()
    if forms.sent():
        if forms.line("answer") == "yes":
            consent.give(house(), me(), case, consent.required(house(), me()))
            flash("Thank you. You have agreed to take part. You can withdraw here at any time.", "done")
        elif forms.line("answer") == "withdraw":
            consent.withdraw(house(), me(), case)
            flash("You have withdrawn. Your facilitators see it." if me().role is Role.OTHER else
                  "You have withdrawn. Nothing more is handed over.", "done")
        return redirect(url_for("exchange.home"))
    with house().store.reading() as db:
        agreed = _agreed(db)
    return render_template("exchange/consent.html", given=agreed)


@blueprint.route("/stop", methods=["GET", "POST"])
def stop() -> str | Response:
    """Stop for good: one page, one confirm, no reason asked."""
    if forms.sent():
        exchange.stop(house(), me(), my_case())
        return redirect(url_for("exchange.stop"))
    with house().store.reading() as db:
        case, participant = _my_part(db)
    return render_template("exchange/stop.html", stopped=participant.stopped_at, can_pause=_sees_pace(),
                           paused=_sees_pace() and case.paused_at)


def _my_part(db: Session) -> tuple[Case, Participant]:
    """The case of the signed-in participant, and their row in it. They came in by one, and it is never deleted."""
    found = queries.case_of_participant(db, me().person)
    if found is None:
        raise Tampered(me().person)
    return found


def _agreed(db: Session) -> bool:
    """Does the signed-in participant agree to all that has to be agreed to?"""
    case = db.get_one(Case, my_case())
    return consents(trail.story(house(), db, case).process, house().framework, me().person, me().role, house().today())


def _tasks(case: Case, agreed: bool, channels: list[Channel], unopened: bool) -> list[Task]:
    can_write = any(channel.opened_at for channel in channels)
    if me().role is Role.OTHER:
        return [Task("Taking part", url_for("exchange.consenting"), "You have agreed" if agreed else "Not agreed yet",
                     "What your part is, and whether you want it")]
    tasks = [Task("Taking part", url_for("exchange.consenting"), "You have agreed" if agreed else "Not agreed yet",
                  "What happens with your letters, and whether you want this"),
             Task("For you", url_for("mailbox.inbox"), "Something is here, no rush" if unopened else "Nothing new"),
             Task("Write a letter", url_for("writing.letters") if can_write else None,
                  "When you like" if can_write else "Cannot start yet",
                  "" if can_write else "You can write once a letter has reached you.")]
    if _sees_pace():
        tasks.append(Task("My pace", url_for("pace.pace"), words.readiness(case),
                          "When letters may reach you, and how far apart"))
    return tasks


def _team_news(case: Case) -> str:
    """What the home page says of the team; where it does not verify, the rest of the page is shown all the same."""
    try:
        changed = team_history.has_changed(house(), me(), case.id)
        return {True: "Has changed", False: "As you know it", None: "Not looked at yet"}[changed]
    except Tampered as found:
        trail.alarm(house(), found)
        return "Could not be checked"


def _sees_pace() -> bool:
    return me().role is Role.HARMED
