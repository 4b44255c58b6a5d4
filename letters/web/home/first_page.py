"""The first page of participants: the stage in words, one next step, and what they can do."""

from enum import Enum, auto
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from letters.rules.case.stages import WAY, Stage
from letters.rules.errors import Tampered
from letters.rules.letter.lifecycle import WITH_AUTHOR, State
from letters.rules.permissions import Permission, has
from letters.rules.roles import Role
from letters.storage.tables.letters import Case, Channel
from letters.web import words
from letters.web.access import me, platform
from letters.web.home.next_step import OwnPart
from letters.web.languages import later as _l
from letters.workflow.cases import progress
from letters.workflow.lost_access import confirm_key
from letters.workflow.reading import in_parts
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.team import history
from letters.workflow.writing import write

COULD_NOT_BE_CHECKED = _l("Could not be checked")


class HomeTask(NamedTuple):
    """One line of the home page. A line without a url cannot be started yet."""

    title: str
    url: str | None
    status: str
    hint: str = ""


class TeamNews(Enum):
    """The news about the members of the team."""

    CHANGED = auto()
    AS_KNOWN = auto()
    NOT_SEEN = auto()
    UNCHECKED = auto()


class WayStep(NamedTuple):
    """One stage of the whole way."""

    title: str
    words: str
    is_now: bool


STAGES = {
    Stage.REFERRAL: (_l("Beginning"),
                     _l("You choose your facilitator. They tell you what this is, and answer "
                        "questions.")),
    Stage.PREPARATION: (_l("Preparing"),
                        _l("Your facilitators prepare this with you. It can take months.")),
    Stage.EXCHANGE: (_l("Letters"),
                     _l("Letters can be written and read. Nobody can promise when one comes.")),
    Stage.CLOSING: (_l("Closing"), _l("The exchange comes to its end. Your facilitators speak "
                                      "with you about it.")),
    Stage.AFTERCARE: (_l("Afterwards"),
                      _l("No more letters are handed over. Your facilitators are still there for "
                         "you.")),
    Stage.CLOSED: (_l("Closed"), _l("The exchange is closed. What is yours stays yours to read "
                                    "until it is erased.")),
}
APART_FROM_PROGRESS = {
    Stage.PAUSED: _l("The exchange is paused. Nothing is handed over to anybody."),
    Stage.STOPPED: _l("The exchange has been stopped. Nothing more is handed over to anybody."),
    Stage.STORYTELLING: _l("Letters are written here and kept. They are not sent to the other "
                           "person. Your "
                           "facilitators tell you more."),
}
"""The words for a present stage that is not on the sequence of stages."""
OVER = frozenset({Stage.STOPPED, Stage.AFTERCARE, Stage.CLOSED})
"""The stages in which an invitation to write would be a promise that cannot be kept. The stage is
the reader's own: it says nothing of a stop by the other person (rule 22)."""

OF_THE_TEAM = {TeamNews.CHANGED: _l("Has changed"), TeamNews.AS_KNOWN: _l("As you know it"),
               TeamNews.NOT_SEEN: _l("Not looked at yet"), TeamNews.UNCHECKED: COULD_NOT_BE_CHECKED}


def look(case: Case) -> progress.Progress | None:
    """The progress of the case. The rest of the page is shown even if its trail does not verify."""
    try:
        return progress.progress_for(platform(), me(), case.id)
    except Tampered as found:
        raise_alarm(platform(), found)
        return None


def waits() -> bool:
    """True if a letter waits to be opened. If the program cannot tell whether a letter was
    put away, it counts as waiting."""
    try:
        return in_parts.waits(platform(), me())
    except Tampered as found:
        raise_alarm(platform(), found)
        return True


def spoken_words(case: Case) -> tuple[str, ...]:
    """The words of one's own new key, until it is confirmed; none if the trail does not verify."""
    try:
        return confirm_key.own_words(platform(), me(), case.id)
    except Tampered as found:
        raise_alarm(platform(), found)
        return ()


def steps(found: progress.Progress | None) -> list[WayStep]:
    """Every stage, the present one marked; empty for everyone but the two who write."""
    if found is None or found.stage is None:
        return []
    return [WayStep(*STAGES[stage], stage is found.stage) for stage in WAY
            if me().role is Role.HARMED or stage is not Stage.REFERRAL]


def own_part(case: Case, stopped: bool, unopened: bool, channels: list[Channel]) -> OwnPart:
    """What this person has here, from their own rows."""
    letters = write.own_letters(platform(), me()).rows
    drafts = [one.id for one in letters if State(one.state) in WITH_AUTHOR]
    paces = has(me().role, Permission.CASE_SET_PACE)
    return OwnPart(stopped, paces and case.paused_at is not None, unopened, bool(channels),
                   drafts[0] if drafts else None, len(drafts) < len(letters), paces,
                   paces and words.waits_for_letters(case))


def tasks(case: Case, found: progress.Progress | None, channels: list[Channel],
          unopened: bool) -> list[HomeTask]:
    """What a person can do, for each role."""
    agreed = (COULD_NOT_BE_CHECKED if found is None else _("You have agreed") if found.consents
              else _("Not agreed yet"))
    made = [HomeTask(_("Taking part"), url_for("consent.overview"), agreed,
                     _("What you are asked, and what you said"))]
    if has(me().role, Permission.CASE_AGREE):
        made += [_agreement(found), HomeTask(_("For you"), url_for("inbox.inbox"),
                                             _("Something is here, no rush") if unopened
                                             else _("Nothing new")),
                 _write(channels, found)]
    if has(me().role, Permission.CASE_SET_PACE):
        made += _of_harmed(case, found)
    if found is not None and found.feedback:
        made.append(HomeTask(_("Tell the service how it was"), url_for("feedback.form"),
                             _("If you like"),
                             _("A few questions, without your name")))
    return made


def team_news(case: Case) -> TeamNews:
    """What the home page says of the team. If the team does not verify, the
    rest of the page is still shown."""
    try:
        changed = history.has_changed(platform(), me(), case.id)
        return {True: TeamNews.CHANGED, False: TeamNews.AS_KNOWN, None: TeamNews.NOT_SEEN}[changed]
    except Tampered as found:
        raise_alarm(platform(), found)
        return TeamNews.UNCHECKED


def of_messages(news: bool) -> HomeTask:
    """The line of one's own messages. It depends on one's own thread and nothing else."""
    return HomeTask(_("Talk to my facilitators"), url_for("contact_team.form"),
                    _("Something new, no rush") if news
                    else _("Nothing new"), _("They read it, and nobody else"))


def _agreement(found: progress.Progress | None) -> HomeTask:
    if found is None:
        return HomeTask(_("Our agreement"), url_for("agreement.look"), COULD_NOT_BE_CHECKED)
    status = {None: _("Cannot start yet"), False: _("Waits for you"),
              True: _("You have agreed")}[found.agreement]
    return HomeTask(_("Our agreement"),
                    None if found.agreement is None else url_for("agreement.look"), status,
                    _("How letters are written here"))


def _write(channels: list[Channel], found: progress.Progress | None) -> HomeTask:
    if not channels:
        return HomeTask(
            _("Write a letter"), None, _("Cannot start yet"),
            _("You can write once a letter has reached you.")
        )
    if found is not None and found.stage in OVER:
        return HomeTask(_("My letters"), url_for("writing.letters"),
                        _("Nothing more is handed over"))
    return HomeTask(_("Write a letter"), url_for("writing.letters"), _("When you like"))


def _of_harmed(case: Case, found: progress.Progress | None) -> list[HomeTask]:
    made = [HomeTask(_("Write for myself"), url_for("for_myself.mine"), _("When you like"),
                     _("Only you can read it. It is not sent")),
            HomeTask(_("My pace"), url_for("pace.pace"), words.readiness(case),
                     _("When letters may reach you, and how far apart"))]
    if found is not None:
        chosen = (_("You asked for another") if found.wishes_another else _("You have chosen")
                  if found.has_chosen
                  else _("Not chosen yet"))
        made.append(HomeTask(_("My facilitators"), url_for("choose_facilitator.choose_from"),
                             chosen,
                             _("Choose one, or ask for another")))
        if found.promises:
            made.append(HomeTask(_("What was promised"), url_for("promises.look"),
                                 str(found.promises),
                                 _("And what came of it")))
    return made
