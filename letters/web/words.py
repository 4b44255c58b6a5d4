"""The practice's words as pages show them: roles, what an author hears of a letter, lanes,
categories, times."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple

from babel.dates import format_skeleton, get_day_names, get_month_names, get_timezone_name
from flask_babel import format_date, format_time, get_locale, get_timezone, ngettext
from flask_babel import gettext as _

from letters.rules.display import DisplayChoice, ForHarmed, ForResponsible
from letters.rules.letter.lifecycle import WITH_AUTHOR, State
from letters.rules.pace import Pace
from letters.rules.roles import Role
from letters.screening import Category, Severity
from letters.storage.tables.letters import Case, Letter
from letters.web.access import anybody
from letters.web.languages import later as _l
from letters.workflow.review.notes import Reader

WRONG_PASSWORD = _l("This is not your password. Nothing was changed.")
NOTE_KEPT = {Reader.ME: _l("Kept for you alone."), Reader.TEAM: _l("Kept for the case team."),
             Reader.WRITER: _l("The writer has your note now.")}
NOBODY_CHOSEN = _l("Choose who will read it.")
ROLES = {Role.OTHER: _l("Participant"), Role.FACILITATOR: _l("Facilitator"),
         Role.SUPERVISOR: _l("Supervisor"),
         Role.ADMINISTRATOR: _l("Administrator")}
"""The roles with the same name for everybody; each reader chooses the names
of the two sides (``called``)."""

LANES = {State.IN_REVIEW.value: _l("First reading"),
         State.SECOND_READING.value: _l("Second reading"),
         State.HELD.value: _l("Held"), State.SEAL_AGAIN.value: _l("Seal again")}

LISTS = {"mine": _l("Mine"), "unclaimed": _l("Unclaimed"), **LANES,
         "safeguarding": _l("Safeguarding")}
"""The lists of the desk, besides everything."""

STATES = {State.DRAFT.value: _l("Draft"), State.IN_REVIEW.value: _l("In review"),
          State.SECOND_READING.value: _l("Second reading"), State.HELD.value: _l("Held"),
          State.RETURNED.value: _l("Returned"), State.APPROVED.value: _l("Approved"),
          State.SEAL_AGAIN.value: _l("Seal again"), State.RELEASED.value: _l("Released"),
          State.OPENED.value: _l("Opened"), State.RECALLED.value: _l("Recalled")}

SEVERITIES = {Severity.NOTE: _l("Note"), Severity.CAUTION: _l("Caution"),
              Severity.SERIOUS: _l("Serious"),
              Severity.URGENT: _l("Urgent")}

CATEGORIES = {
    Category.THREAT: _l("Threat"), Category.BLAME: _l("Blame"), Category.EXCUSE: _l("Excuse"),
    Category.DENIAL: _l("Denial"), Category.MINIMISE: _l("Minimise"),
    Category.PRESSURE: _l("Pressure"),
    Category.SELF_PITY: _l("Self-pity"), Category.CONTROL: _l("Control"),
    Category.LEGAL: _l("Legal"),
    Category.CONTACT: _l("Contact details"), Category.IDENTITY: _l("Identity"),
    Category.SEXUAL: _l("Sexual"),
    Category.ABUSE: _l("Abuse"), Category.RISK: _l("Risk"), Category.ADDRESS: _l("Address"),
    Category.HIDDEN: _l("Hidden content"),
}

_READ, _WAITS = _l("Being read by your facilitators"), _l("Read, and waiting to be handed over")
_GONE = _l("Handed over")
_FOR_HARMED = {
    State.IN_REVIEW: _READ, State.SECOND_READING: _READ,
    State.HELD: _l("Your facilitators need more time"),
    State.APPROVED: _WAITS, State.SEAL_AGAIN: _WAITS, State.RELEASED: _GONE, State.OPENED: _GONE,
}


def status(letter: Letter, reader: Role) -> str:
    """What the author of a letter learns of it.

    From sending on, everybody but the person harmed sees one neutral phrase, whatever
    happens to the letter (rule 22).
    """
    state = State(letter.state)
    if letter.recall_asked_at is not None:
        if reader is Role.HARMED and state is State.RECALLED:
            return _("Taken back in time")
        return _("You asked for it back")
    if state in WITH_AUTHOR:
        return _("Back with you, with a note") if state is State.RETURNED else _("Not sent yet")
    return str(_FOR_HARMED[state]) if reader is Role.HARMED else _("Sent to your facilitators")


def is_known_to_have_gone(letter: Letter, reader: Role) -> bool:
    """True if the author may know that the letter was handed over: only the person harmed."""
    return reader is Role.HARMED and letter.released_at is not None


def can_be_taken_back(letter: Letter, author: Role) -> bool:
    """True if its author is offered to take it back: it was sent, and as far as they may know it
    can still be on its way."""
    return (letter.submitted_at is not None and letter.recall_asked_at is None
            and not is_known_to_have_gone(letter, author))


def comes_as_agreed(case: Case) -> bool:
    """True if letters come without being asked for, according to the row."""
    with suppress(ValueError):  # no pace: its page reads the trail, and a release holds both
        return Pace.read(case.pace).as_agreed
    return False


def waits_for_letters(case: Case) -> bool:
    """True if a letter may reach the person harmed, according to the row."""
    return comes_as_agreed(case) or case.ready_at is not None


def readiness(case: Case) -> str:
    """What the home page of the person harmed says of their pace, according to the row."""
    if comes_as_agreed(case):
        return _("Letters come as agreed")
    return _("Ready for a letter") if case.ready_at else _("Not ready for a letter")


def main_categories() -> list[tuple[str, str]]:
    """The reasons to hold or return a letter, as choices."""
    return [("", _("Not named")), *((one.value, category(one.value)) for one in Category)]


def category(name: str) -> str:
    """A category's name on a page."""
    return str(CATEGORIES[Category(name)]) if name in set(Category) else _("Not named")


def kinds() -> list[tuple[str, str]]:
    """All categories as choices."""
    return [("", _("Choose")), *((kind.value, category(kind.value)) for kind in Category)]


def day(moment: date) -> str:
    """A date in words, such as 3 May 2027, by the service's clock."""
    return str(format_date(moment, "long"))


def time(at: datetime) -> str:
    """An hour and minute by the service's clock."""
    return str(format_time(at, "short"))


def moment(at: datetime) -> str:
    """A day and a time in words, by the service's clock."""
    return _("%(day)s, %(time)s", day=day(at), time=time(at))


def weekday_moment(at: datetime) -> str:
    """A weekday, a day and a time by the service's clock."""
    return _("%(weekday)s %(day)s, %(time)s", weekday=format_date(at, "EEEE"), day=day(at),
             time=time(at))


def zone() -> str:
    """The service's time zone, as browsers know it."""
    return str(get_timezone())


def clock() -> str:
    """The name of the service's clock, such as United Kingdom Time."""
    return str(get_timezone_name(get_timezone(), width="long", locale=get_locale()))


def weekdays() -> list[str]:
    """Monday to Sunday, in full."""
    return [get_day_names("wide", locale=get_locale())[number] for number in range(7)]


def months() -> list[str]:
    """January to December, in full."""
    return [get_month_names("wide", "stand-alone", get_locale())[number] for number in range(1, 13)]


def day_of_year(day_of_month: int, month: int) -> str:
    """A yearly date, such as 3 May."""
    return format_skeleton("MMMMd", date(2000, month, day_of_month), locale=get_locale())


def please_wait(seconds: int) -> str:
    """For a person who has to wait, whoever caused it."""
    return ngettext("Please wait %(num)s second and try again.",
                    "Please wait %(num)s seconds and try again.", seconds)


def waiting(since: datetime, now: datetime) -> str:
    """How long something has waited, in words."""
    gone: timedelta = now - since
    if gone < timedelta(hours=1):
        return _("less than an hour")
    hours = int(gone.total_seconds() // 3600)
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return ngettext("%(num)s day", "%(num)s days", hours // 24)


class Term(NamedTuple):
    """One word for a side: standing alone, at the beginning of a sentence, and within one."""

    alone: str
    first: str
    within: str


HARMED = {
    ForHarmed.PERSON_HARMED: Term(_l("Person harmed"), _l("The person harmed"),
                                  _l("the person harmed")),
    ForHarmed.SURVIVOR: Term(_l("Survivor"), _l("The survivor"), _l("the survivor")),
    ForHarmed.VICTIM: Term(_l("Victim"), _l("The victim"), _l("the victim")),
}
RESPONSIBLE = {
    ForResponsible.PERSON_WHO_HARMED: Term(_l("Person who harmed"), _l("The person who harmed"),
                                           _l("the person who harmed")),
    ForResponsible.PERSON_RESPONSIBLE: Term(_l("Person responsible"), _l("The person responsible"),
                                            _l("the person responsible")),
    ForResponsible.PERSON_WHO_CAUSED_HARM: Term(_l("Person who caused harm"),
                                                _l("The person who caused harm"),
                                                _l("the person who caused harm")),
}


def harmed() -> Term:
    """The reader's word for the person harmed."""
    return HARMED[_mine().harmed]


def responsible() -> Term:
    """The reader's word for the person who harmed."""
    return RESPONSIBLE[_mine().responsible]


def role(of: Role) -> str:
    """A role's name standing alone, in the reader's words."""
    return {Role.HARMED: harmed().alone, Role.RESPONSIBLE: responsible().alone}.get(of) or ROLES[of]


def case_called(names: Sequence[str], reference: str) -> str:
    """What a case is called: by the first names of its two people, for those who know them, and by
    its code."""
    if len(names) < 2:
        return _("Case %(reference)s", reference=reference)
    return _("%(one)s and %(other)s · %(reference)s", one=names[0], other=names[1],
             reference=reference)


def filled(sentence: str) -> str:
    """A sentence with the names of the sides filled in: ``%(harmed)s``, ``%(Harmed)s`` at its
    beginning, and the same for the person who harmed."""
    one, other = harmed(), responsible()
    return str(sentence) % {"harmed": one.within, "Harmed": one.first, "responsible": other.within,
                            "Responsible": other.first}


def _mine() -> DisplayChoice:
    person = anybody()
    return person.display if person else DisplayChoice()
