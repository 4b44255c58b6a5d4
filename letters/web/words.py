"""The practice's words as pages show them: roles, what an author hears of a letter, lanes, categories, times."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from letters.domain.lifecycle import WITH_AUTHOR, State
from letters.domain.pace import Pace
from letters.domain.people import Role
from letters.screening import Category
from letters.storage.tables import Case, Letter

ROLES = {Role.HARMED: "Person harmed", Role.RESPONSIBLE: "Person who harmed", Role.OTHER: "Participant",
         Role.FACILITATOR: "Facilitator", Role.SUPERVISOR: "Supervisor", Role.ADMINISTRATOR: "Administrator"}

LANES = {State.IN_REVIEW.value: "First reading", State.SECOND_READING.value: "Second reading",
         State.HELD.value: "Held", State.SEAL_AGAIN.value: "Seal again"}

LISTS = {"mine": "Mine", "unclaimed": "Unclaimed", **LANES, "safeguarding": "Safeguarding"}
"""The lists of the desk, besides everything."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")

CATEGORIES = {"contact": "Contact details", "hidden": "Hidden content"}

_FOR_HARMED = {
    State.IN_REVIEW: "Being read by your facilitators", State.SECOND_READING: "Being read by your facilitators",
    State.HELD: "Your facilitators need more time", State.APPROVED: "Read, and waiting to be handed over",
    State.SEAL_AGAIN: "Read, and waiting to be handed over", State.RELEASED: "Handed over",
    State.OPENED: "Handed over",
}


def status(letter: Letter, reader: Role) -> str:
    """What the author of a letter is told of it.

    Everybody but the person harmed hears one neutral phrase from sending on, whatever happens to the letter (rule 22).
    """
    state = State(letter.state)
    if letter.recall_asked_at is not None:
        return "You asked for it back"
    if state in WITH_AUTHOR:
        return "Back with you, with a note" if state is State.RETURNED else "Not sent yet"
    return _FOR_HARMED[state] if reader is Role.HARMED else "Sent to your facilitators"


def is_known_to_have_gone(letter: Letter, reader: Role) -> bool:
    """True where the author may know that the letter was handed over: the person harmed alone."""
    return reader is Role.HARMED and letter.released_at is not None


def readiness(case: Case) -> str:
    """What the person harmed's home page says of their pace, by the row."""
    with suppress(ValueError):  # a row that is no pace: the page of the pace reads the trail, and a release holds both
        if Pace.read(case.pace).as_agreed:
            return "Letters come as agreed"
    return "Ready for a letter" if case.ready_at else "Not ready for a letter"


def main_categories() -> list[tuple[str, str]]:
    """What a letter is held or given back for, as choices."""
    return [("", "Not named"), *((one.value, category(one.value)) for one in Category)]


def category(name: str) -> str:
    """A category's name on a page."""
    return CATEGORIES.get(name, name.capitalize())


def kinds() -> list[tuple[str, str]]:
    """All categories as choices."""
    return [("", "Choose"), *((kind.value, category(kind.value)) for kind in Category)]


def day(moment: date) -> str:
    """A date in words, such as 3 May 2027."""
    return f"{moment.day} {moment:%B %Y}"


def moment(at: datetime) -> str:
    """A day and a time in words; the time is universal, since a place would tell where somebody is."""
    return f"{day(at)}, {at:%H:%M} UTC"


def local_moment(at: datetime, zone: ZoneInfo) -> str:
    """A day of the week, a day and a time by the service's own clock, for somebody whose pages nobody else sees."""
    here = at.astimezone(zone)
    return f"{WEEKDAYS[here.weekday()]} {day(here)}, {here:%H:%M}"


def please_wait(seconds: int) -> str:
    """For somebody who has to wait, whoever it was that failed."""
    return f"Please wait {seconds} second{'' if seconds == 1 else 's'} and try again."


def waiting(since: datetime, now: datetime) -> str:
    """How long something has waited, in words."""
    gone: timedelta = now - since
    if gone < timedelta(hours=1):
        return "less than an hour"
    hours = int(gone.total_seconds() // 3600)
    if hours < 48:
        return f"{hours} hour{'s' if hours > 1 else ''}"
    return f"{hours // 24} days"
