"""Today: what waits for a facilitator, each thing with its case and a link to where it is done."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from letters.rules.case.today import Wait, WaitKind
from letters.rules.errors import LettersError
from letters.rules.letter.lifecycle import State
from letters.rules.permissions import Permission, has
from letters.web import words
from letters.web.access import me, platform
from letters.web.cases import case_words
from letters.web.languages import later as _l
from letters.workflow import duties
from letters.workflow import today as waiting
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.duties import Duty, DutyKind
from letters.workflow.team import absence
from letters.workflow.today import Today

blueprint = Blueprint("today", __name__)


class TodayTask(NamedTuple):
    """One line: what is to be done and where, in which case, and since or until when."""

    title: str
    url: str
    case: str
    status: str


class TodayCase(NamedTuple):
    """One of one's cases: what it is called, its stage, what is missing, and what comes next."""

    called: str
    url: str
    stage: str
    missing: str
    next: str


NOW = {
    WaitKind.LETTER: (_l("Read the letter that has waited longest"), "desk.letter"),
    WaitKind.SEAL: (_l("Seal a letter again"), "desk.letter"),
    WaitKind.HELD: (_l("Take a held letter up again, or return it"), "desk.letter"),
    WaitKind.TOGETHER: (_l("You two see a letter differently: decide together"), "desk.letter"),
    WaitKind.ACKNOWLEDGEMENT: (_l("Confirm the acknowledgement"), "background.acknowledgement"),
    WaitKind.ALERT: (_l("Act on a safeguarding alert"), "alerts.alert"),
    WaitKind.RISK: (_l("Look at a reported risk"), "risk.risks"),
    WaitKind.KEY: (_l("Hear seven words, and confirm a new key"), "people.person"),
    WaitKind.INVITE: (_l("Invite who takes part"), "cases.people"),
    WaitKind.COLLEAGUE: (_l("Ask a colleague to join the team"), "team.members"),
    WaitKind.SUGGESTED: (_l("A supervisor suggests a colleague for the team: ask them or not"),
                         "team.members"),
    WaitKind.LOOK: (_l("Look at suitability yourself: a colleague has"), "risk.assessment"),
    WaitKind.STILL: (_l("Nothing was recorded for a week: see what is next"), "cases.case"),
}


DUTIES = {
    DutyKind.ALERT: (_l("Speak with who acts on an overdue alert"), "load.load"),
    DutyKind.DISAGREEMENT: (_l("Say how you see it: two readers disagree"), "disagreements.one"),
    DutyKind.EMERGENCY: (_l("Second a request for emergency access, or leave it"),
                         "emergency_access.requests"),
    DutyKind.REVIEW: (_l("Ask after a case that nobody seems to look at"), "load.reviews"),
    DutyKind.INVITATION: (_l("Hand over an invitation that was not used yet"), "staff.staff"),
    DutyKind.NOT_RELEASED: (_l("Nothing is handed over: see why"), "running.state"),
    DutyKind.MAIL: (_l("Notices are late: see why"), "running.state"),
}
_FOR_A_MINUTE, _MOST_KEPT = timedelta(minutes=1), 1_000


@blueprint.get("/today")
def today() -> str:
    """What waits for this person: decisions first, then letters, what is due this week, and one's
    cases; for supervisors and administrators, their tasks."""
    if not has(me().role, Permission.CASE_SEE):
        tasks = [_duty(one) for one in duties.duties(platform(), me())]
        return render_template("today/duties.html", tasks=tasks)
    with waiting.today(platform(), me()) as found:
        away, in_place_of = absence.of_oneself(platform(), me())
        asked = [_asked(*ask) for ask in found.asks]
        now = [*asked, *(_task(file, wait) for file, wait in found.now)]
        letters = [_task(file, wait) for file, wait in found.letters]
        return render_template(
            "today/today.html",
            next=next(iter([*now, *letters]), None),
            now=now,
            letters=_lanes(found),
            waiting=len(letters),
            week=[_due(case_words.due(file, one), file) for file, one in found.week],
            cases=[_case(found, file) for file in found.files],
            away=away,
            in_place_of=in_place_of,
            broken=found.broken,
        )


def number() -> int | None:
    """How much waits for this person, for the navigation; None if that cannot be told. It is asked
    again after a minute, or once they have sent something."""
    kept: dict[UUID, tuple[datetime, int]] = current_app.extensions.setdefault("numbers", {})
    now, person = platform().now(), me().person
    known = kept.get(person)
    if known is None or request.method == "POST" or not now - _FOR_A_MINUTE < known[0] <= now:
        try:
            known = now, waiting.number(platform(), me())
        except LettersError:
            return None
        if len(kept) > _MOST_KEPT:
            kept.clear()
        kept[person] = known
    return known[1]


def _duty(one: Duty) -> TodayTask:
    title, endpoint = DUTIES[one.kind]
    url = url_for(endpoint, disagreement_id=one.subject) if one.subject else url_for(endpoint)
    what = one.what if one.kind is DutyKind.INVITATION or not one.what else _(
        "Case %(reference)s", reference=one.what)
    return TodayTask(str(title), url, what,
                     _("Since %(when)s", when=words.day(one.since)) if one.since else "")


def _asked(case_id: UUID, reference: str) -> TodayTask:
    return TodayTask(_("Answer whether you join a team"), url_for("team.answer", case_id=case_id),
                     _("Case %(reference)s", reference=reference), "")


def _task(file: CaseFile, wait: Wait) -> TodayTask:
    title, endpoint = NOW[wait.kind]
    if waiting.is_asked(me(), file, wait):
        title = _l("A colleague asks you to read a letter")
    if endpoint == "desk.letter":
        url = url_for(endpoint, letter_id=wait.subject)
    elif endpoint == "alerts.alert":
        url = url_for(endpoint, case_id=file.case.id, alert_id=wait.subject)
    elif endpoint == "people.person":
        url = url_for(endpoint, case_id=file.case.id, person_id=wait.subject)
    else:
        url = url_for(endpoint, case_id=file.case.id)
    status = (_("By %(when)s", when=words.moment(wait.due)) if wait.due
              else _("Since %(when)s", when=words.day(wait.since)) if wait.since else "")
    return TodayTask(str(title), url, case_words.called(file), status)


def _due(line: dict[str, object], file: CaseFile) -> TodayTask:
    return TodayTask(str(line["title"]), str(line["url"]), case_words.called(file),
                     str(line["status"]))


def _lanes(found: Today) -> list[tuple[str, int]]:
    """How many letters wait for each reading."""
    counted = Counter(file.story.letter(wait.subject).state for file, wait in found.letters)
    return [(str(words.LANES[lane]), counted[lane])
            for lane in (State.IN_REVIEW, State.SECOND_READING, State.SEAL_AGAIN) if counted[lane]]


def _case(found: Today, file: CaseFile) -> TodayCase:
    next_due = found.next_due(file)
    next_line = case_words.due(file, next_due) if next_due else None
    return TodayCase(case_words.called(file), url_for("cases.case", case_id=file.case.id),
                     str(case_words.STAGES[file.stage][0]),
                     _missing(case_words.GAPS[gap.gate].title for gap in file.gaps),
                     f"{next_line['title']}: {next_line['status']}" if next_line else "")


def _missing(titles: Iterable[str]) -> str:
    """The first thing that is missing, and how many more."""
    found = list(dict.fromkeys(map(str, titles)))
    if len(found) < 2:
        return found[0] if found else ""
    more = ngettext("%(num)s more", "%(num)s more", len(found) - 1)
    return _("%(first)s, %(more)s", first=found[0], more=more)
