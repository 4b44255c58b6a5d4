"""What a case rests on: its referral, conviction, acknowledgement of harm, no-contact orders."""

from uuid import UUID

from flask_babel import gettext as _

from letters.rules.case.process import Source
from letters.rules.events import Event
from letters.web import forms
from letters.web.access import me, platform
from letters.web.cases.frame import Answer, done, history, recorded, room, shown
from letters.web.languages import later as _l
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.preparation import background, names_list
from letters.workflow.preparation import referral as referring
from letters.workflow.preparation.names_list import ListedNames

blueprint = room("background")

_ACKNOWLEDGED = {Event.ACKNOWLEDGEMENT_RECORDED: _l("Recorded"),
                 Event.ACKNOWLEDGEMENT_CONFIRMED: _l("Confirmed"),
                 Event.ACKNOWLEDGEMENT_WITHDRAWN: _l("Withdrawn")}


@blueprint.route("/referral", methods=["GET", "POST"])
def referral(case_id: UUID) -> Answer:
    """Who asked for this exchange. A request by the person who harmed
    is kept; it begins nothing."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            source = forms.one_of(Source, "source", _("Choose who asks for it."))
            referring.refer(platform(), me(), case_id, source, forms.text("words"))
            return recorded(_("Recorded."), case_id, "background.referral")
    return shown("background/referral", case_id, errors, lambda file: {
        "notes": [note for note in file.words(case_id) if note.kind == "referral"],
        "begun": file.process.has_begun})


@blueprint.route("/conviction", methods=["GET", "POST"])
def conviction(case_id: UUID) -> Answer:
    """Whether there is a conviction, and what is known of it."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            convicted = forms.choice("convicted", "yes", "no")
            if not convicted:
                errors.append(("convicted", _("Choose one of the two.")))
            else:
                background.record_conviction(platform(), me(), case_id, convicted == "yes",
                                             forms.text("words"))
                return recorded(_("Recorded."), case_id, "background.conviction")
    return shown("background/conviction", case_id, errors, lambda file: {
        "told": history(file, {Event.CONVICTION_RECORDED: _("Recorded")})})


@blueprint.route("/acknowledgement", methods=["GET", "POST"])
def acknowledgement(case_id: UUID) -> Answer:
    """Record that the harm is acknowledged, confirm a colleague's record of it, or
    record that it no longer stands."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            match forms.button("do", "record", "confirm", "withdraw"):
                case "confirm":
                    background.confirm_acknowledgement(platform(),
                                                       me(), case_id, forms.identity("told"))
                case "withdraw":
                    background.withdraw_acknowledgement(
                        platform(), me(), case_id, forms.text("words"))
                case _:
                    background.record_acknowledgement(
                        platform(), me(), case_id, forms.text("evidence"))
            return recorded(_("Recorded."), case_id, "background.acknowledgement")
    return shown("background/acknowledgement", case_id, errors, lambda file: {
        "stands": file.process.acknowledgement, "told": history(file, _ACKNOWLEDGED), "me": me()})


@blueprint.route("/orders", methods=["GET", "POST"])
def orders(case_id: UUID) -> Answer:
    """No-contact orders: their dates and their conditions."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            if forms.button("do", "record", "end") == "end":
                order = forms.identity("order")
                if not forms.is_sure(errors, f"sure-{order}"):
                    return shown("background/orders", case_id, errors, _orders)
                background.end_order(platform(), me(), case_id, order)
            else:
                # never read as an order without an end
                if forms.line("ends") and forms.day("ends") is None:
                    errors.append(("ends", _("Write a day, or leave this empty.")))
                    return shown("background/orders", case_id, errors, _orders)
                background.record_order(platform(), me(), case_id, forms.day("begins"),
                                        forms.day("ends"),
                                        forms.text("words"))
            return done(_("Recorded."), "background.orders", case_id=case_id)
    return shown("background/orders", case_id, errors, _orders)


def _orders(file: CaseFile) -> dict[str, object]:
    today = file.platform.today()
    return {"standing": set(file.process.orders_standing(today)), "told": history(file, {
        Event.ORDER_RECORDED: _("Recorded"), Event.ORDER_ENDED: _("Ended")})}


@blueprint.route("/names", methods=["GET", "POST"])
def names(case_id: UUID) -> Answer:
    """The list of names, in a form that replaces it with another."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            listed = ListedNames(tuple(forms.text("names").splitlines()),
                                 tuple(forms.text("places").splitlines()))
            names_list.save_names(platform(), me(), case_id, listed)
            return done(_("Kept. Letters that are handed in from now on are looked at with this "
                          "list."),
                        "background.names", case_id=case_id)
    return shown(
        "background/names_list",
        case_id,
        errors,
        lambda file: {"listed": names_list.names_of_case(platform(), file.db, case_id)},
    )
