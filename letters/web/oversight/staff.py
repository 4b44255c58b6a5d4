"""The administrator's pages: the staff, and invitations for them. Never a case, never a letter."""

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from letters.rules.errors import NotAcceptable
from letters.rules.roles import STAFF, Role
from letters.rules.translatable import marked
from letters.web import access, forms, words
from letters.web.access import me
from letters.workflow.accounts import invite as accounts_invite

blueprint = Blueprint("staff", __name__, url_prefix="/house")

_ROLES = (Role.FACILITATOR, Role.SUPERVISOR, Role.ADMINISTRATOR)


@blueprint.get("")
def staff() -> str:
    """Everybody who works here, by name."""
    return _staff_page([])


@blueprint.post("/invite")
def invite() -> str | tuple[str, int]:
    """Invite a colleague; the code is shown once, in this answer."""
    errors: forms.Errors = []
    with forms.kept(errors):
        role = forms.choice("role", *STAFF)
        if not role:
            raise NotAcceptable("role", marked("Choose whom you invite."))
        return _code_page(accounts_invite.invite_staff(access.platform(),
                                                       Role(role), forms.line("name"), me()))
    return _staff_page(errors), 400


@blueprint.post("/staff/<uuid:person_id>/invite-again")
def invite_again(person_id: UUID) -> str:
    """A new code in place of a lost or expired one."""
    return _code_page(accounts_invite.invite_staff_again(access.platform(), me(), person_id))


def _code_page(code: str) -> str:
    return render_template(
        "cases/invitation_code.html", code=code, back=url_for("staff.staff"),
        invited=accounts_invite.read_invitation(access.platform(), code)
    )


def _staff_page(errors: forms.Errors) -> str:
    return render_template("oversight/staff.html", errors=errors, typed=forms.line,
                           people=accounts_invite.staff_for(access.platform(), me()),
                           choices=[("", _("Choose")),
                                    *((role.value, words.ROLES[role]) for role in _ROLES)])
