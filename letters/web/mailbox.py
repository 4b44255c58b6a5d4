"""The room for receiving: what has arrived, and opening it when one likes."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from letters.domain.errors import NotPossibleNow
from letters.domain.left_out import MARK
from letters.domain.people import PARTICIPANTS
from letters.storage import queries
from letters.web import forms, html
from letters.web.access import house, me, only_for
from letters.workflow import read

blueprint = Blueprint("mailbox", __name__, url_prefix="/for-you")
blueprint.before_request(only_for(*PARTICIPANTS))


@blueprint.get("")
def inbox() -> str:
    """What has arrived, newest first."""
    with house().store.reading() as db:
        page = queries.inbox(db, me().person, forms.page_key())
    return render_template("mailbox/inbox.html", page=page, next=forms.as_key(page.next))


@blueprint.get("/<uuid:letter_id>")
def letter(letter_id: UUID) -> str:
    """Before opening: what it is, without a word of it. After: the letter."""
    try:
        text = read.read(house(), me(), letter_id)
    except NotPossibleNow:
        return render_template("mailbox/before.html", arrived=read.before_opening(house(), me(), letter_id))
    return render_template("mailbox/letter.html", shown=html.letter(text), letter_id=letter_id,
                           left_out=text.count(MARK))


@blueprint.post("/<uuid:letter_id>/open")
def open_letter(letter_id: UUID) -> Response:
    """Open it, now, because one wants to."""
    read.open_letter(house(), me(), letter_id)
    return redirect(url_for("mailbox.letter", letter_id=letter_id))
