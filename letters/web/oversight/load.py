"""The supervisor's pages: each facilitator's load, what is overdue, how letters
wait, and the feedback at the end.

References and counts, no name of a case. No count of what letters say is
shown below five (decision 0031).
"""

from collections.abc import Callable, Sequence
from functools import partial

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from letters.screening import Severity
from letters.web import forms, words
from letters.web.access import me, platform
from letters.web.oversight import charts
from letters.workflow.cases import feedback
from letters.workflow.oversight import load as oversight_load
from letters.workflow.oversight import statistics as oversight_statistics
from letters.workflow.oversight.statistics import Days
from letters.workflow.screening.counts import Verdict

blueprint = Blueprint("load", __name__, url_prefix="/supervision")

YEARS = 6
"""How many years the numbers can be looked at from."""
Table = tuple[Sequence[str], Sequence[Sequence[object]]]
"""A head and rows, as a page and a CSV file show them."""


@blueprint.get("")
def load() -> str:
    """Each facilitator's cases and waiting letters, sorted by name: this is no ranking."""
    standing, oldest = forms.narrowed()
    page = oversight_load.all_cases(platform(), me(), forms.page_key(), standing, oldest)
    carried = oversight_load.load(platform(), me())
    chart = charts.bars(_("Letters that wait, by facilitator"),
                        [(one.name, one.letters, str(one.letters))
                         for one in carried])
    return render_template("oversight/load.html", table=_load(carried), page=page,
                           now=platform().now(), chart=chart,
                           next=forms.as_key(page.next), **forms.narrowing(standing, oldest),
                           overdue=oversight_load.overdue(platform(), me()))


@blueprint.get("/numbers")
def numbers() -> str:
    """How long letters wait, and the reasons for which they are held and
    returned: each a chart and its table."""
    shown = [(name, charts.bars(title, [(label, number, said(number)) for label, number in rows]),
              head)
             for name, (title, head, rows) in _counted().items()]
    return render_template("oversight/numbers.html", shown=shown, fewest=oversight_load.FEWEST)


@blueprint.get("/reviews")
def reviews() -> str:
    """Cases that nobody seems to look at, by their reference."""
    return render_template("oversight/reviews.html", table=_reviews(),
                           quiet=oversight_load.QUIET.days)


@blueprint.get("/statistics")
def statistics() -> str:
    """Numbers for those who fund and run the service; the page prints."""
    since, this = forms.number(request.args.get("since", "")), platform().today().year
    years = [("", _("All years")), *((str(one), str(one)) for one in range(this, this - YEARS, -1))]
    return render_template("oversight/statistics.html", tables=_statistics(since), since=since,
                           years=years, fewest=oversight_load.FEWEST)


@blueprint.get("/<name>.csv")
def table(name: str) -> Response:
    """The table of one of these pages, with no more in it than the page shows."""
    tables: dict[str, Callable[[], Table]] = {
        "load": lambda: _load(oversight_load.load(platform(), me())),
        "reviews": _reviews,
        "statistics": _all_statistics,
        **{one: partial(_counts, one) for one in ("waiting", *Verdict)},
    }
    if name not in tables:
        raise NotFound
    return Response(charts.as_csv(*tables[name]()), content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f"attachment; filename={name}.csv"})


@blueprint.get("/feedback")
def told() -> str:
    """The feedback that people gave the service at the end, question by question."""
    given = feedback.feedback_for(platform(), me())
    roles = [(words.role(role), number) for role, number in given.roles.items()]
    return render_template("oversight/feedback.html", given=given, roles=roles,
                           fewest=feedback.FEWEST)


def _load(carried: Sequence[oversight_load.FacilitatorLoad]) -> Table:
    head = (_("Name"), _("Cases"), _("Letters waiting"), _("Oldest waiting since"),
            _("Heavy letters in four weeks"))
    return head, [(one.name, one.cases, one.letters,
                   words.waiting(one.oldest, platform().now()) if one.oldest
                   else _("Nothing waits"), said(one.heavy))
                  for one in carried]


def _reviews() -> Table:
    found = []
    for one in oversight_load.without_review(platform(), me()):
        why = [_("The assessment lapsed on %(day)s.", day=words.day(one.lapsed)) if one.lapsed
               else "",
               _("A held letter was to be looked at on %(day)s.", day=words.day(one.held))
               if one.held else "",
               _("Nothing was recorded since %(day)s.", day=words.day(one.quiet)) if one.quiet
               else ""]
        found.append((_("Case %(reference)s", reference=one.reference),
                      " ".join(filter(None, why))))
    return (_("Case"), _("Why")), found


def _counted() -> dict[str, tuple[str, tuple[str, str], list[tuple[str, int | None]]]]:
    """The counts by name: a title, the head of the table, and its rows."""
    waiting = [(_(name), number) for name, number in oversight_load.waiting(platform(), me())]
    told = {"waiting": (_("How long letters wait"), (_("Waiting for"), _("Letters")), waiting)}
    titles = {Verdict.HOLDS: _("Held in twelve months, by main reason"),
              Verdict.RETURNS: _("Returned in twelve months, by main reason")}
    for verdict, title in titles.items():
        rows = [(words.category(one), number) for one,
                number in oversight_load.decisions(platform(), me(), verdict)]
        told[verdict.value] = (title, (_("Main reason"), _("Letters")), rows)
    return told


def _statistics(since: int | None) -> list[tuple[str, Table]]:
    """Each table of the numbers, with its title."""
    found = oversight_statistics.statistics(platform(), me(), since)
    took = (_("Letters"), _("Median, in days"), _("Nine of ten within, in days"))
    stages = [(case_stage(name), said(number)) for name, number in found.stages]
    weights = [(_("Nothing found") if name == oversight_statistics.NOTHING_FOUND
                else words.SEVERITIES[Severity(name)], said(number))
               for name, number in found.weights]
    return [
        (_("Cases"), ((_("Cases"), _("Number")), [
            (_("All"), said(found.all)), (_("Agreed to be counted"), said(found.counted))])),
        (_("Cases by stage"), ((_("Stage"), _("Cases")), stages)),
        (_("Letters"), ((_("Letters"), _("Number")), [
            (_("Handed in"), said(found.handed_in)),
            (_("Handed over"), said(found.handed_over))])),
        (_("From handing in to the first decision of a reader"), (took, [_took(
            found.first_reading)])),
        (_("From handing in to handing over"), (took, [_took(found.to_release)])),
        (_("Letters by the gravest finding"), ((_("Finding"), _("Letters")), weights)),
    ]


def _took(found: Days) -> tuple[str, str, str]:
    middle, most = ("–" if one is None else f"{one:g}" for one in (found.median, found.p90))
    return said(found.number), middle, most


def case_stage(name: str) -> str:
    """A stage as a word of its own, without the people of a case."""
    return name.capitalize()


def _all_statistics() -> Table:
    rows = [(title, *row) for title, (_head, rows) in _statistics(
        forms.number(request.args.get("since", ""))) for row in rows]
    most = max(len(row) for row in rows)
    return ((_("Table"), *[""] * (most - 1)), [(*row, *[""] * (most - len(row))) for row in rows])


def _counts(name: str) -> Table:
    _, head, rows = _counted()[name]
    return head, [(label, said(number)) for label, number in rows]


def said(number: int | None) -> str:
    """A number, or that it is too small to be shown."""
    return _("Fewer than %(fewest)s",
             fewest=oversight_load.FEWEST) if number is None else str(number)
