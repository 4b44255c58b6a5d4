"""Lost or compromised passwords and codes: what a person can do alone, signed in or not."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import CodeRefused, NameTaken, NeedsPassword, NotPossibleNow
from letters.rules.roles import PARTICIPANTS
from letters.web import forms
from letters.web.access import me, platform, with_nobody_signed_in
from letters.web.languages import later as _l
from letters.web.words import WRONG_PASSWORD
from letters.workflow.accounts.invite import LEAST_LETTERS
from letters.workflow.lost_access import new_identity as lost_access_new_identity
from letters.workflow.lost_access import recovery
from letters.workflow.lost_access import reset as resetting

blueprint = Blueprint("lost_access", __name__)

TWICE = (_l("If you have just sent this form and pressed the button twice, it is done: sign in "
            "with the password you "
            "chose, and you can have a recovery code made."))


@blueprint.route("/recovery", methods=["GET", "POST"])
def recover() -> str | tuple[str, int]:
    """Forgotten password: sign-in name, recovery code, new password. The new code is shown once."""
    name, code, errors = forms.line("sign_in_name"), forms.line("code"), list[tuple[str, str]]()
    if forms.sent():
        try:
            with forms.kept(errors):
                return _code_page(recovery.recover(platform(), name, code, forms.line("password")))
        except CodeRefused:
            errors.append(("sign_in_name",
                           _("The name and the code do not go together, or the code has been used. "
                             "Please look at both again. %(twice)s", twice=TWICE)))
    page = render_template("accounts/lost_access/recover.html", errors=errors, sign_in_name=name,
                           code=code,
                           least=LEAST_LETTERS)
    return (page, 400) if errors else page


@blueprint.route("/reset", methods=["GET", "POST"])
def reset() -> str | tuple[str, int]:
    """Password and recovery code are both lost: a reset code, a sign-in name, a new password."""
    name, code, errors = forms.line("sign_in_name"), forms.line("code"), list[tuple[str, str]]()
    if forms.sent():
        try:
            with forms.kept(errors):
                return _code_page(resetting.reset(platform(), code, name, forms.line("password")))
        except CodeRefused:
            errors.append(("code", _("This code does not work. It may be mistyped, used already, "
                                     "or too old. Who "
                                     "gave it to you can give you a new one. %(twice)s",
                                     twice=TWICE)))
        except NameTaken:
            errors.append(("sign_in_name", _("This sign-in name is taken. Please choose another.")))
    page = render_template(
        "accounts/lost_access/reset.html", errors=errors, sign_in_name=name, code=code,
        least=LEAST_LETTERS
    )
    return (page, 400) if errors else page


@blueprint.get("/account/keys")
def own_keys() -> str:
    """What a person can do if a password or a code may be lost or known."""
    return render_template("accounts/lost_access/own_keys.html")


@blueprint.route("/account/recovery", methods=["GET", "POST"])
def new_code() -> str | tuple[str, int]:
    """A new recovery code in place of the former one, shown once."""
    errors: forms.Errors = []
    if forms.sent():
        try:
            code = recovery.new_recovery_code(platform(), me(), forms.line("current_password"))
            return render_template("accounts/lost_access/code.html", recovery=code, signed_in=True)
        except NeedsPassword:
            errors.append(("current_password", WRONG_PASSWORD))
    page = render_template("accounts/lost_access/new_code.html", errors=errors)
    return (page, 400) if errors else page


@blueprint.route("/account/new-identity", methods=["GET", "POST"])
def new_identity() -> str | Response | tuple[str, int]:
    """The password may be known to somebody: new keys, a new password, a new
    recovery code; every session ends."""
    errors: forms.Errors = []
    if forms.sent():
        try:
            with forms.kept(errors):
                code = lost_access_new_identity.renew(
                    platform(), me(), forms.line("current_password"), forms.line("password")
                )
                return with_nobody_signed_in(lambda: _code_page(code))
        except NeedsPassword:
            errors.append(("current_password", WRONG_PASSWORD))
        except NotPossibleNow:
            errors.append(("", TWICE))
    page = render_template(
        "accounts/lost_access/new_identity.html", errors=errors,
        least=LEAST_LETTERS[me().role in PARTICIPANTS]
    )
    return (page, 400) if errors else page


def _code_page(code: str) -> str:
    return render_template("accounts/lost_access/code.html", recovery=code)
