"""Pages of the person harmed alone: when letters reach them, whether one of their own may go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NotAcceptable, Tampered
from letters.rules.pace import EVERY_DAY, Pace, Painful, Quiet, Sending
from letters.rules.translatable import marked
from letters.web import forms, words
from letters.web.access import me, my_case, platform
from letters.web.languages import later as _l
from letters.web.reading import pace_words
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.release import pace as release_pace

blueprint = Blueprint("pace", __name__, url_prefix="/pace")

_HOURS = [(hour, f"{hour:02}:00") for hour in range(25)]


@blueprint.route("", methods=["GET", "POST"])
def pace() -> str | Response | tuple[str, int]:
    """Everything about the pace, a form for each part. An error is shown at its
    field, and what was typed is kept."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            _do(forms.button("do", *_VERBS, *_CHANGES))
            return redirect(url_for("pace.pace"))
    try:
        own = release_pace.own_pace(platform(), me(), my_case())
    except Tampered as found:  # pausing and stopping work even if the record is broken
        raise_alarm(platform(), found)
        flash(_("What was recorded in your case could not be checked, so your pace is not shown. "
                "Nothing is handed "
                "over until that is clear. You can pause and stop here."), "care")
        return redirect(url_for("home.stop"))
    page = render_template("reading/pace.html", own=own, pace=own.pace, errors=errors,
                           said=pace_words.sentences(own.pace),
                           today=platform().today(), hours=_HOURS,
                           months=list(enumerate(words.months(), 1)),
                           typed=request.form if errors else {})
    return (page, 400) if errors else page


@blueprint.post("/<uuid:letter_id>/let-go")
def let_go(letter_id: UUID) -> Response:
    """Let one's own letter go, which waits for this."""
    release_pace.let_go(platform(), me(), letter_id)
    flash(_("You have let this letter go."), "done")
    return redirect(url_for("writing.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/hold")
def withhold(letter_id: UUID) -> Response:
    """Keep it back after all."""
    release_pace.withhold(platform(), me(), letter_id)
    flash(_("Held. It stays here until you let it go."), "done")
    return redirect(url_for("writing.letter", letter_id=letter_id))


def _do(wish: str) -> None:
    """Carry out one of the buttons."""
    if wish in _VERBS:
        verb, said = _VERBS[wish]
        verb(platform(), me(), my_case())
        flash(str(said), "done")
    else:
        release_pace.change_pace(platform(), me(), my_case(), _CHANGES[wish])
        flash(_("Saved. It holds from now on."), "done")


def _asking(pace: Pace) -> Pace:
    mode = forms.choice("mode", "ask", "agreed")
    if not mode:
        raise NotAcceptable("mode", marked("Choose one of the two."))
    return replace(pace, as_agreed=mode == "agreed")


def _gap(pace: Pace) -> Pace:
    return replace(pace, minimum_gap_days=forms.whole_number("minimum_gap_days"))


def _month(pace: Pace) -> Pace:
    empty = not forms.line("most_a_month").strip()
    return replace(pace, most_a_month=None if empty else forms.whole_number("most_a_month"))


def _days(pace: Pace) -> Pace:
    return replace(pace,
                   weekdays=tuple(day for day in EVERY_DAY if forms.is_ticked(f"weekday-{day}")))


def _hours(pace: Pace) -> Pace:
    return replace(pace, first_hour=forms.whole_number("first_hour"),
                   last_hour=forms.whole_number("last_hour"))


def _add_quiet(pace: Pace) -> Pace:
    quiet, today = _quiet(), platform().today()
    if quiet.last < today:
        raise NotAcceptable("quiet_last", marked("These days are over. Is the year right?"))
    if quiet.last > today + _FAR:
        raise NotAcceptable("quiet_last", marked("This is more than five years away. "
                                                 "Is the year right?"))
    return replace(pace, quiet=(*pace.quiet, quiet))


def _drop_quiet(pace: Pace) -> Pace:
    gone = forms.line("quiet_first"), forms.line("quiet_last")
    return replace(pace, quiet=tuple(quiet for quiet in pace.quiet
                                     if (str(quiet.first), str(quiet.last)) != gone))


_FAR = timedelta(days=5 * 366)


def _quiet() -> Quiet:
    first, last = forms.day("quiet_first"), forms.day("quiet_last")
    if first is None:
        raise NotAcceptable("quiet_first", marked("Write the first day."))
    if last is None:
        raise NotAcceptable("quiet_last",
                            marked("Write the last day. It can be the same as the first."))
    return Quiet(first, last)


def _add_painful(pace: Pace) -> Pace:
    added = _painful()
    others = (painful for painful in pace.painful
              if (painful.month, painful.day) != (added.month, added.day))
    return replace(pace, painful=(*others, added))


def _drop_painful(pace: Pace) -> Pace:
    gone = _painful()
    return replace(pace, painful=tuple(painful for painful in pace.painful if painful != gone))


def _painful() -> Painful:
    return Painful(*map(forms.whole_number, ("painful_month", "painful_day", "painful_margin")))


def _sending(pace: Pace) -> Pace:
    wish = forms.choice("sending", *Sending)
    if not wish:
        raise NotAcceptable("sending", marked("Choose one of the three."))
    hours = forms.whole_number("cooling_hours") if wish == Sending.COOLING else pace.cooling_hours
    return replace(pace, sending=Sending(wish), cooling_hours=hours)


_VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "ready": (release_pace.say_ready,
              _l("You are ready for one letter. You can change your mind until it arrives.")),
    "not-ready": (release_pace.unsay_ready,
                  _l("Nothing will reach you until you say that you are ready.")),
    "pause": (release_pace.pause, _l("Paused. Nothing is handed over to anybody until you go on.")),
    "go-on": (release_pace.end_pause, _l("The pause has ended.")),
}
_CHANGES: dict[str, Callable[[Pace], Pace]] = {
    "mode": _asking, "gap": _gap, "month": _month, "days": _days, "hours": _hours,
    "sending": _sending,
    "quiet": _add_quiet, "no-quiet": _drop_quiet, "painful": _add_painful,
    "not-painful": _drop_painful,
}
