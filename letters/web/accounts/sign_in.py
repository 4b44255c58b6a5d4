"""The entrance: in by invitation or sign-in, out by sign-out or quick exit, and the safety page."""

from contextlib import suppress
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.devices import device
from letters.rules.errors import (
    InvitationRefused,
    LettersError,
    NameTaken,
    PleaseWait,
    SignInRefused,
)
from letters.rules.roles import STAFF
from letters.web import devices, forms, words
from letters.web.access import (
    REACHED_HALFWAY,
    anybody,
    begin_session,
    end_session,
    halfway,
    platform,
    start_session,
)
from letters.web.accounts import leaving
from letters.web.accounts.settings import offered_words
from letters.web.limits import address
from letters.workflow.accounts import invite
from letters.workflow.accounts import sign_in as signing_in

blueprint = Blueprint("sign_in", __name__)

_FIRST_PAGES = dict.fromkeys(STAFF, "today.today")


@blueprint.get("/")
def front() -> Response:
    """Redirect everybody to their first page."""
    person = anybody()
    if person is None:
        half = halfway()
        return redirect(url_for(REACHED_HALFWAY[half.stage][0] if half else "sign_in.sign_in"))
    return redirect(url_for(_FIRST_PAGES.get(person.role, "home.home")))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in. The error is the same for both fields, and for both reasons to wait."""
    if not forms.sent():
        return render_template("accounts/sign_in/sign_in.html")
    errors: forms.Errors = []
    status = 400
    try:
        with forms.kept(errors):
            name, visit = forms.line("sign_in_name"), _visit()
            token = signing_in.sign_in(platform(), name, forms.line("password"), visit)
            return devices.remember(start_session(redirect(url_for("sign_in.front")), token), name,
                                    forms.is_ticked("shared"))
    except SignInRefused:
        errors.append(("sign_in_name",
                       _("The name and the password do not go together. Please try again.")))
    except PleaseWait as wait:
        errors.append(("", words.please_wait(wait.seconds)))
        status = 429
    return render_template("accounts/sign_in/sign_in.html", errors=errors,
                           sign_in_name=forms.line("sign_in_name"),
                           idle=forms.line("idle_minutes"), shared=forms.line("shared"),
                           must_wait=status == 429), status


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    return end_session(redirect(url_for("sign_in.sign_in")))


@blueprint.get("/leave")
def leave() -> Response:
    """Quick exit: end the session, have the browser forget this site, and go to another site.

    A request that another site caused, by a picture or a link, is only redirected: no person
    pressed the button.
    """
    asked_by = request.headers.get("Sec-Fetch-Site")
    if asked_by not in (None, "same-origin", "none"):
        return leaving.away()
    return leaving.forget_everything(leaving.away())


@blueprint.get("/safety")
def safety() -> str:
    """What quick exit does, what it cannot do, and how to come back."""
    return render_template("accounts/sign_in/safety.html")


@blueprint.get("/invitation/code")
def code() -> str:
    """The form for the code, once the advice was there to be read."""
    return render_template("accounts/sign_in/code.html")


@blueprint.route("/invitation", methods=["GET", "POST"])
def invitation() -> str | tuple[str, int]:
    """Begin with how to stay safe here. A code that is sent leads to where the account is made."""
    if not forms.sent():
        return render_template("accounts/sign_in/invitation.html")
    code = forms.line("code")
    try:
        invited = invite.read_invitation(platform(), code)
    except InvitationRefused:
        return _refused(code)
    return _account_page(invited, code)


@blueprint.post("/invitation/account")
def account() -> str | Response | tuple[str, int]:
    """Make the account; the recovery code is shown once, in this answer, which signs them in."""
    code, name, errors = forms.line("code"), forms.line("sign_in_name"), list[tuple[str, str]]()
    try:
        invited = invite.read_invitation(platform(), code)
        with forms.kept(errors):
            password = forms.chosen_password()
            recovery = invite.enrol(platform(), code, name, password)
            token = None
            with suppress(LettersError):  # else the next page asks for both
                token = signing_in.sign_in(platform(), name, password, _visit())
            page = partial(render_template, "accounts/sign_in/recovery_code.html",
                           recovery=recovery, begun=token is not None)
            return begin_session(page, token) if token else page()
    except InvitationRefused:
        return _refused(code, _("If you have just made your account and pressed the button "
                                "twice, it is made: sign "
                                "in with the name and password you chose, and you can have a "
                                "recovery code made."))
    except NameTaken:
        errors.append(("sign_in_name", _("This sign-in name is taken. Please choose another.")))
    return _account_page(invited, code, name, errors), 400


def _account_page(invited: invite.InvitedPerson, code: str, name: str = "",
                  errors: forms.Errors | None = None) -> str:
    least = invite.LEAST_LETTERS[invited.role.is_participant]
    return render_template(
        "accounts/sign_in/make_account.html",
        invited=invited,
        code=code,
        sign_in_name=name,
        errors=errors,
        least=least,
        typed=request.form,
        offered=offered_words(),
    )


def _visit() -> signing_in.Visit:
    """On a shared device the session is short, whatever else was chosen."""
    chosen = (forms.whole_number("idle_minutes") if forms.line("idle_minutes")
              else signing_in.IDLE_MINUTES)
    minutes = signing_in.ON_SHARED_DEVICE if forms.is_ticked("shared") else chosen
    return signing_in.Visit(minutes, device(request.user_agent.string), address(), devices.shown())


def _refused(code: str, further: str = "") -> tuple[str, int]:
    said = _("This code does not work. It may be mistyped, used already, or too old. Your "
             "facilitator can give you a "
             "new one.")
    errors = [("code", f"{said} {further}".rstrip())]
    return render_template("accounts/sign_in/code.html", errors=errors, code=code), 400
