"""One's own account, for everybody: open sessions, and the password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NeedsPassword, NotFound, NotPossibleNow, PleaseWait
from letters.web import forms, words
from letters.web.access import end_session, me, platform
from letters.workflow.accounts import invite, password_rules
from letters.workflow.accounts import sessions as my_sessions
from letters.workflow.lost_access import change_password

blueprint = Blueprint("settings", __name__, url_prefix="/account")


@blueprint.get("")
def overview() -> str:
    """The parts of the account that keep it safe."""
    return render_template("accounts/settings/overview.html")


@blueprint.get("/sessions")
def sessions() -> str:
    """The places where this person is signed in."""
    return render_template("accounts/settings/sessions.html",
                           sessions=my_sessions.own_sessions(platform(), me()))


@blueprint.post("/sessions/end")
def end() -> Response:
    """End one session. Ending the present one signs out."""
    try:
        session = bytes.fromhex(forms.line("session"))
    except ValueError:
        raise NotFound from None
    if session == me().session:
        return end_session(redirect(url_for("sign_in.sign_in")))
    my_sessions.end(platform(), me(), session)
    flash(_("That session has ended."), "done")
    return redirect(url_for("settings.sessions"))


@blueprint.post("/sessions/end-others")
def end_others() -> Response:
    """End every session but this one."""
    my_sessions.end_others(platform(), me())
    flash(_("You are signed in here and nowhere else."), "done")
    return redirect(url_for("settings.sessions"))


@blueprint.post("/leaving")
def leaving() -> Response:
    """Choose whether pressing Escape three times leaves this site."""
    my_sessions.choose_exit_keys(platform(), me(), forms.is_ticked("keys"))
    flash(_("Saved."), "done")
    return redirect(url_for("settings.overview"))


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Change the password: to words of one's own, or to the words on offer."""
    if not forms.sent():
        return _password_page([])
    errors: forms.Errors = []
    try:
        with forms.kept(errors):
            change_password.change(platform(), me(), forms.line("old"), forms.chosen_password())
            flash(_("Your password is changed. You are signed in here and nowhere else."), "done")
            return redirect(url_for("settings.overview"))
    except NeedsPassword:
        errors.append(("old", _("This is not your password. Please try again.")))
    except PleaseWait as wait:
        return _password_page([("old", words.please_wait(wait.seconds))]), 429
    except NotPossibleNow:
        errors.append(("", _("Your password was changed in another place at this moment. This "
                             "step changed nothing.")))
    return _password_page(errors), 400


def _password_page(errors: forms.Errors) -> str:
    return render_template("accounts/settings/password.html", errors=errors,
                           offered=offered_words(),
                           least=invite.LEAST_LETTERS[me().role.is_participant])


def offered_words() -> str:
    """A passphrase for this page. It stays the same when a form comes back, as
    it may already be written down."""
    before = forms.line("offered")
    return (before if password_rules.is_passphrase(before)
            else password_rules.passphrase(platform().random))
