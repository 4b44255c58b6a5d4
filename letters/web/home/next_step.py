"""The one thing that waits for a participant now, or what happens meanwhile and who does it. Every
home page has it, for each role and each stage."""

from typing import NamedTuple
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from letters.rules.case.stages import Stage
from letters.workflow.cases.progress import Progress


class NextStep(NamedTuple):
    """A title, what to know, and the way there."""

    title: str
    label: str
    url: str
    words: str = ""
    kind: str = "primary"


class OwnPart(NamedTuple):
    """What this person has here. ``draft``: a letter that they have not sent, or that came back.
    ``writes``: they can begin a letter. ``has_sent``: facilitators have a letter of theirs.
    ``paces``: they set the pace, and ``ready`` says that a letter may reach them."""

    stopped: bool
    paused: bool
    unopened: bool
    writes: bool
    draft: UUID | None
    has_sent: bool
    paces: bool
    ready: bool


def next_step(found: Progress | None, mine: OwnPart) -> NextStep:
    """The most urgent thing first. ``found`` is None if the trail does not verify."""
    if mine.stopped:
        return _talk(_("Nothing more is to be done here"),
                     _("You have stopped. Nothing more is handed over to anybody. What is yours "
                       "stays yours to read."))
    if found is not None and not found.consents:
        return NextStep(_("Next: decide whether you want to take part"), _("Read what it means"),
                        url_for("consent.overview"))
    if mine.paused:
        return NextStep(_("Now: a pause, as long as you like"), _("My pace"), url_for("pace.pace"),
                        _("Nothing is handed over until you go on."), "quiet")
    if mine.unopened:
        return NextStep(_("There is something for you. No rush."), _("See what it is"),
                        url_for("inbox.inbox"),
                        _("It stays here until you want to look, and it need not be today."),
                        "quiet")
    if found is None:
        return _talk(_("Next: speak with your facilitators"),
                     _("Something in the record of your case could not be checked."))
    return _to_decide(found) or _at(found, mine)


def _to_decide(found: Progress) -> NextStep | None:
    """What this person was asked, or may say."""
    if not found.has_chosen:
        return NextStep(_("Next: choose your facilitator"), _("Who they are"),
                        url_for("choose_facilitator.choose_from"),
                        _("You can ask for another at any time."))
    if found.agreement is False:
        return NextStep(_("Next: read what is proposed"), _("Read the agreement"),
                        url_for("agreement.look"),
                        _("It says how letters are written here. You decide whether you agree."))
    if found.feedback:
        return NextStep(_("If you like: tell the service how it was"), _("Open the form"),
                        url_for("feedback.form"),
                        _("It goes to the service, without your name."), "quiet")
    return None


def _at(found: Progress, mine: OwnPart) -> NextStep:
    """What happens at this stage, who does it, and when one hears of it."""
    match found.stage:
        case None:
            return _talk(_("Now: nothing is asked of you"),
                         _("Your facilitators speak with you about your part, and tell you here or "
                           "in person when something is asked."))
        case Stage.STORYTELLING:
            return _write(mine, _("Letters are written here and kept. They are not sent."))
        case Stage.EXCHANGE:
            return _in_the_exchange(mine)
        case Stage.CLOSING | Stage.AFTERCARE:
            return _talk(_("Now: your facilitators speak with you"),
                         _("The exchange comes to its end. They call you, or write here, to fix a "
                           "day for a talk."))
        case Stage.CLOSED | Stage.STOPPED:
            return NextStep(_("The exchange is over"), _("My letters"),
                            url_for("writing.letters"),
                            _("What is yours stays yours to read until it is erased."), "quiet")
        case Stage.PAUSED:
            return NextStep(_("Now: a pause"), _("My pace"), url_for("pace.pace"), "", "quiet")
    return _talk(_("Now: your facilitators prepare this with you"),
                 _("They speak with you, and look at whether it can be safe and good for both. It "
                   "can take months. You hear here, or from them, when something is asked of "
                   "you."))


def _in_the_exchange(mine: OwnPart) -> NextStep:
    if mine.draft is not None or (mine.writes and not mine.has_sent):
        return _write(mine, _("Nobody else reads it before you send it."))
    if not mine.writes:
        return _talk(_("Now: the other person writes first, if they want to"),
                     _("Nobody can promise that a letter comes. If one does, you find it here."))
    if mine.paces and not mine.ready:
        return NextStep(_("If you want a letter: say that you are ready"), _("My pace"),
                        url_for("pace.pace"),
                        _("Nothing reaches you before you do. You can also write another letter, "
                          "whenever you like."), "quiet")
    return _talk(_("Now: your facilitators read, and you wait"),
                 _("They write to you here if there is something to say about a letter of yours. A "
                   "letter for you is shown on this page when it has come."))


def _write(mine: OwnPart, said: str) -> NextStep:
    if mine.draft is not None:
        return NextStep(_("Next: go on with your letter, if you want to"), _("Open it"),
                        url_for("writing.letter", letter_id=mine.draft), said)
    return NextStep(_("Next: write your first letter, if you want to"), _("My letters"),
                    url_for("writing.letters"), said)


def _talk(title: str, said: str) -> NextStep:
    return NextStep(title, _("Talk to my facilitators"), url_for("contact_team.form"), said,
                    "quiet")
