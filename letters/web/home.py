"""What the first page of those who take part says: the stage in words, one next step, and what one can do."""

from typing import NamedTuple

from flask import url_for

from letters.domain.errors import Tampered
from letters.domain.people import Role
from letters.domain.stages import WAY, Stage
from letters.storage.tables import Case, Channel
from letters.web import words
from letters.web.access import house, me
from letters.workflow import opening, team_history, trail, way

COULD_NOT_BE_CHECKED = "Could not be checked"


class Task(NamedTuple):
    """One line of the home page; without a url it cannot start yet."""

    title: str
    url: str | None
    status: str
    hint: str = ""


class Next(NamedTuple):
    """The one thing to do next."""

    title: str
    label: str
    url: str
    words: str = ""
    kind: str = "primary"


class Step(NamedTuple):
    """One stage of the whole way."""

    title: str
    words: str
    is_now: bool


STAGES = {
    Stage.REFERRAL: ("Beginning", "You choose your facilitator. They tell you what this is, and answer questions."),
    Stage.PREPARATION: ("Preparing", "Your facilitators prepare this with you. It can take months."),
    Stage.EXCHANGE: ("Letters", "Letters can be written and read. Nobody can promise when one comes."),
    Stage.CLOSING: ("Closing", "The exchange comes to its end. Your facilitators speak with you about it."),
    Stage.AFTERCARE: ("Afterwards", "No more letters are handed over. Your facilitators are still there for you."),
    Stage.CLOSED: ("Closed", "The exchange is closed. What is yours stays yours to read until it is erased."),
}
BESIDE_THE_WAY = {
    Stage.PAUSED: "The exchange is paused. Nothing is handed over to anybody.",
    Stage.STOPPED: "The exchange has been stopped. Nothing more is handed over to anybody.",
    Stage.STORYTELLING: "Letters are written here and kept. They are not sent to the other person. Your facilitators "
                        "tell you more.",
}
"""What is said where the present stage is not one of those that follow one another."""


def look(case: Case) -> way.Way | None:
    """How far the case is; where its trail does not verify, the rest of the page is shown all the same."""
    try:
        return way.look(house(), me(), case.id)
    except Tampered as found:
        trail.alarm(house(), found)
        return None


def waits() -> bool:
    """True if a letter waits to be opened; where it cannot be said whether it was put away, one does."""
    try:
        return opening.waits(house(), me())
    except Tampered as found:
        trail.alarm(house(), found)
        return True


def steps(found: way.Way | None) -> list[Step]:
    """The whole way, the present stage marked; empty for who stands beside the two."""
    if found is None or found.stage is None:
        return []
    return [Step(*STAGES[stage], stage is found.stage) for stage in WAY
            if me().role is Role.HARMED or stage is not Stage.REFERRAL]


def next_step(found: way.Way | None, unopened: bool) -> Next | None:
    """The one thing that waits for this person, the most urgent first."""
    if found is not None and not found.consents:
        return Next("Next: decide whether you want to take part", "Read what it means", url_for("consent.overview"))
    if unopened:
        return Next("There is something for you. No rush.", "See what it is", url_for("mailbox.inbox"),
                    "It stays here until you want to look, and it need not be today.", "quiet")
    if found is None:
        return None
    if not found.has_chosen:
        return Next("Next: choose your facilitator", "Who they are", url_for("facilitators.choose_from"),
                    "You can ask for another at any time.")
    if found.agreement is False:
        return Next("Next: read what is proposed", "Read the agreement", url_for("agreement.look"),
                    "It says how letters are written here. You decide whether you agree.")
    if found.feedback:
        return Next("If you like: tell the service how it was", "Open the form", url_for("feedback.form"),
                    "It goes to the service, without your name.", "quiet")
    return None


def tasks(case: Case, found: way.Way | None, channels: list[Channel], unopened: bool) -> list[Task]:
    """What one can do, for each role."""
    agreed = COULD_NOT_BE_CHECKED if found is None else "You have agreed" if found.consents else "Not agreed yet"
    made = [Task("Taking part", url_for("consent.overview"), agreed, "What you are asked, and what you said")]
    if me().role is not Role.OTHER:
        made += [_agreement(found), Task("For you", url_for("mailbox.inbox"),
                                         "Something is here, no rush" if unopened else "Nothing new"), _write(channels)]
    if me().role is Role.HARMED:
        made += _of_harmed(case, found)
    made.append(Task("Tell my facilitators", url_for("tell.form"), "When you like", "A worry, or a request"))
    if found is not None and found.feedback:
        made.append(Task("Tell the service how it was", url_for("feedback.form"), "If you like",
                         "A few questions, without your name"))
    return made


def team_news(case: Case) -> str:
    """What the home page says of the team; where it does not verify, the rest of the page is shown all the same."""
    try:
        changed = team_history.has_changed(house(), me(), case.id)
        return {True: "Has changed", False: "As you know it", None: "Not looked at yet"}[changed]
    except Tampered as found:
        trail.alarm(house(), found)
        return COULD_NOT_BE_CHECKED


def of_messages(news: bool) -> Task:
    """The line of one's own messages: it knows of one's own thread and of nothing else."""
    return Task("Messages with your facilitators", url_for("messages.own"), "Something new, no rush" if news
                else "Nothing new", "They read it, and nobody else")


def _agreement(found: way.Way | None) -> Task:
    if found is None:
        return Task("Our agreement", url_for("agreement.look"), COULD_NOT_BE_CHECKED)
    status = {None: "Cannot start yet", False: "Waits for you", True: "You have agreed"}[found.agreement]
    return Task("Our agreement", None if found.agreement is None else url_for("agreement.look"), status,
                "How letters are written here")


def _write(channels: list[Channel]) -> Task:
    can_write = any(channel.opened_at for channel in channels)
    return Task("Write a letter", url_for("writing.letters") if can_write else None,
                "When you like" if can_write else "Cannot start yet",
                "" if can_write else "You can write once a letter has reached you.")


def _of_harmed(case: Case, found: way.Way | None) -> list[Task]:
    made = [Task("Write for myself", url_for("never_sent.mine"), "When you like",
                 "Only you can read it. It is not sent"),
            Task("My pace", url_for("pace.pace"), words.readiness(case),
                 "When letters may reach you, and how far apart")]
    if found is not None:
        chosen = ("You asked for another" if found.wishes_another else "You have chosen" if found.has_chosen
                  else "Not chosen yet")
        made.append(Task("My facilitators", url_for("facilitators.choose_from"), chosen,
                         "Choose one, or ask for another"))
        if found.promises:
            made.append(Task("What was promised", url_for("promises.look"), str(found.promises),
                             "And what came of it"))
    return made
