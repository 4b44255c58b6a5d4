"""The second step of signing in, and what somebody sets up for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import segno
from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from letters.config import Config
from letters.rules.errors import NeedsPassword, SecondStepRefused, SignInRefused
from letters.rules.roles import Role
from letters.web import forms
from letters.web.access import anybody, end_session, halfway, me, platform, start_session
from letters.web.headers import WITH_SCRIPT
from letters.web.limits import address
from letters.workflow.accounts import passkeys, second_factor
from letters.workflow.accounts.factors import OWN
from letters.workflow.accounts.passkeys import PasskeyChallenge, Site
from letters.workflow.accounts.second_factor import Added
from letters.workflow.accounts.sign_in_steps import SET_UP, Halfway
from letters.workflow.platform import SignedIn

blueprint = Blueprint("second_factor", __name__)

_ACCOUNT = "/account/second-factor"
"""The start of the addresses on which a second factor is set up."""
_CHALLENGE = "passkey"


# --- the second step

@blueprint.route("/sign-in/second-step", methods=["GET", "POST"])
def second_step() -> Response:
    """Take the second step with a code."""
    half = halfway()
    if half is None:
        return redirect(url_for("sign_in.front"))
    if forms.sent():
        try:
            return _in(second_factor.pass_with_code(platform(),
                                                    half, forms.line("code"), address()))
        except SecondStepRefused:
            errors = [("code",
                       _("This code does not fit, or it was used already. Please try the next."))]
            return _step_page(half, errors)
        except SignInRefused:
            return _over()
    return _step_page(half, [])


@blueprint.post("/sign-in/second-step/passkey")
def second_step_passkey() -> Response:
    """Take the second step with a passkey."""
    half = halfway()
    if half is None:
        return redirect(url_for("sign_in.front"))
    try:
        return _in(passkeys.pass_with_passkey(platform(), half, _site(), _challenge(half.me),
                                              forms.line("answer"),
                                              address()))
    except SecondStepRefused:
        return _step_page(half,
                          [("", _("That passkey did not fit. Please try again, or use a code."))])
    except SignInRefused:
        return _over()


# --- what somebody sets up

@blueprint.get(_ACCOUNT)
def overview() -> str:
    """What this person has set up, and what they can set up."""
    return _overview([])


@blueprint.route(f"{_ACCOUNT}/app", methods=["GET", "POST"])
def app() -> Response:
    """Set up an app: scan or type its secret, type its first code."""
    who, errors = _keeper(), list[tuple[str, str]]()
    if forms.sent():
        offered = second_factor.offered_again(platform(), who, forms.identity("factor"),
                                              _bytes("sealed"))
        with _kept(errors):
            return _added(second_factor.add_app(platform(), who, forms.line("password"), offered,
                                                forms.line("code")))
    else:
        offered = second_factor.offer_app(platform(), who)
    picture = segno.make(second_factor.address_of(offered, _service()), error="m", micro=False)
    page = render_template(
        "accounts/second_factor/add_app.html",
        offered=offered,
        errors=errors,
        setting_up=_setting_up(),
        picture=Markup(
            picture.svg_inline(
                border=4,
                svgclass="qr",
                lineclass=None,
                light="#fff",
                omitsize=True,
                title=_("A code to scan with the app"),
            )
        ),
    )
    return make_response(page, 400 if errors else 200)


@blueprint.route(f"{_ACCOUNT}/passkey", methods=["GET", "POST"])
def passkey() -> Response:
    """Set up a passkey."""
    who, errors = _keeper(), list[tuple[str, str]]()
    if forms.sent():
        with _kept(errors):
            return _added(passkeys.add(platform(), who, forms.line("password"), _site(),
                                       _challenge(who),
                                       forms.line("answer")))
    asked = _remembered(who, passkeys.offer(platform(), who, _site()))
    return _scripted(
        render_template(
            "accounts/second_factor/add_passkey.html", asked=asked, errors=errors,
            setting_up=_setting_up()
        ),
        400 if errors else 200,
    )


@blueprint.post(f"{_ACCOUNT}/codes")
def codes() -> str | tuple[str, int]:
    """Make ten new backup codes, shown once, in this answer."""
    errors: forms.Errors = []
    with _kept(errors):
        return render_template("accounts/second_factor/backup_codes.html",
                               codes=second_factor.new_codes(
            platform(), me(), forms.line("password")))
    return _overview([("codes-password", said) for _, said in errors]), 400


@blueprint.post(f"{_ACCOUNT}/remove")
def remove() -> Response | tuple[str, int]:
    """Remove an app or a passkey."""
    errors: forms.Errors = []
    with _kept(errors):
        second_factor.remove(platform(), me(), forms.line("password"), forms.identity("factor"))
        flash(_("Removed."), "done")
        return redirect(url_for("second_factor.overview"))
    return _overview([("remove-password", said) for _, said in errors]), 400


def _keeper() -> SignedIn:
    """The person whose second factor it is: signed in, or staff who must set one up first."""
    half = halfway() if anybody() is None else None
    if half is None:
        return me()
    if half.stage != SET_UP:
        raise Forbidden
    return half.me


def _setting_up() -> bool:
    return anybody() is None


def _overview(errors: forms.Errors) -> str:
    who = _keeper()
    held = second_factor.own_factors(platform(), who)
    return render_template(
        "accounts/second_factor/second_factor.html",
        own=[factor for factor in held if factor.kind in OWN],
        codes=second_factor.codes_left(held),
        errors=errors,
        setting_up=_setting_up(),
        staff=not who.role.is_participant,
        reads=who.role is Role.FACILITATOR,
        supervised=any(factor.kind == "supervised" for factor in held),
    )


def _added(added: Added) -> Response:
    if not added.codes:
        flash(_("Set up."), "done")
        return redirect(url_for("second_factor.overview"))
    page = make_response(render_template("accounts/second_factor/backup_codes.html",
                                         codes=added.codes))
    return start_session(page, added.token) if added.token else page


def _step_page(half: Halfway, errors: forms.Errors) -> Response:
    asked = passkeys.ask(platform(), half, _site())
    if asked is not None:
        _remembered(half.me, asked)
    return _scripted(
        render_template("accounts/sign_in/second_step.html", asked=asked, errors=errors,
                        may_say_no=half.me.role.is_participant), 400 if errors else 200
    )


def _in(token: bytes) -> Response:
    return start_session(redirect(url_for("sign_in.front")), token)


def _over() -> Response:
    response = end_session(redirect(url_for("sign_in.sign_in")))
    flash(_("That did not fit five times. Please sign in again from the beginning."), "care")
    return response


def _scripted(page: str, status: int) -> Response:
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = WITH_SCRIPT
    return response


def _site() -> Site:
    host = request.host
    name = host.rpartition(":")[0] or host if host.rpartition(":")[2].isdigit() else host
    plain = (f"http://{host}",) if name == "localhost" else ()
    return Site(name, (f"https://{host}", *plain), _service())


def _remembered(who: SignedIn, asked: PasskeyChallenge) -> PasskeyChallenge:
    """Keep the challenge, for this session alone, until it is answered."""
    session[_CHALLENGE] = [who.session.hex(), asked.challenge.hex()]
    return asked


def _challenge(who: SignedIn) -> bytes:
    """The challenge of this session, usable once; bytes that no answer matches if there is none."""
    asked, challenge = session.pop(_CHALLENGE, ["", ""])
    return bytes.fromhex(challenge) if asked == who.session.hex() else platform().random(32)


def _service() -> str:
    config: Config = current_app.extensions["settings"]
    return config.service_name


def _bytes(field: str) -> bytes:
    try:
        return bytes.fromhex(forms.line(field))
    except ValueError:
        return b""


@contextmanager
def _kept(errors: forms.Errors) -> Iterator[None]:
    try:
        with forms.kept(errors):
            yield
    except NeedsPassword:
        errors.append(("password", _("This password is not right. Please type it again.")))
