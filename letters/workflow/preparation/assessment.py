"""Suitability and risk: assessed again and again. Anybody who learns of a new risk reports it, and
releases wait (rule 10)."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from letters.rules.case.process import Outcome
from letters.rules.errors import NotAcceptable
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.tables.letters import Note
from letters.workflow.access import sealed_notes
from letters.workflow.access.enter import case_to_change
from letters.workflow.access.record_fact import Recording, recording
from letters.workflow.cases import alerts
from letters.workflow.platform import Platform, SignedIn

SO_FAR = "assessment so far"
"""The kind of note that holds an assessment which is not finished."""
LASTS = timedelta(days=7)
"""How long its ratings are kept."""


class SoFar(NamedTuple):
    """An assessment that is not finished: when it was kept, and the fields of its form."""

    at: datetime
    typed: dict[str, str]


def assess(platform: Platform, me: SignedIn, case_id: UUID,
           answers: Mapping[str, Mapping[str, str]], outcome: Outcome,
           until: date | None, risks: Collection[UUID] | None = None) -> None:
    """Keep an assessment; earlier ones stay readable. ``answers``: ``rating``, ``evidence`` and
    ``plan`` for each dimension; ``until``: the last day on which it counts; ``risks``: the risks
    since the last assessment that the assessor has read, None for all.
    Raises ``NotAcceptable`` if a rating or the day is missing, if the mildest rating rests on
    nothing, or if a risk was reported meanwhile: an assessment covers only what the assessor has
    read."""
    asked = platform.framework.assessment
    kept = {}
    for dimension in asked.dimensions:
        answer = answers.get(dimension.id, {})
        if answer.get("rating") not in asked.ratings:
            raise NotAcceptable(f"{dimension.id}-rating", marked("Choose a rating for: %(title)s."),
                                title=dimension.title)
        if answer["rating"] == asked.ratings[0] and not answer.get("evidence", "").strip():
            raise NotAcceptable(f"{dimension.id}-evidence",
                                marked("Write a sentence on what this rests: %(title)s."),
                                title=dimension.title)
        kept[dimension.id] = {name: answer.get(name, "").strip()
                              for name in ("rating", "evidence", "plan")}
    last = platform.today() + timedelta(days=asked.lasts_days)
    if until is None or not platform.today() < until <= last:
        raise NotAcceptable("until", marked("Write a review date after today, at most "
                                            "%(lasts_days)s days ahead."),
                            lasts_days=asked.lasts_days)
    words = sealed_notes.checked("answers", json.dumps(kept, ensure_ascii=False))
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        if risks is not None and not case.process.risks.keys() <= set(risks):
            raise NotAcceptable("", marked("Somebody has reported a risk since you opened this "
                                           "page. Please read it "
                                           "first."))
        _forget(case.db, me, case_id)
        case.fact(Event.ASSESSED, about=case.words("assessment", words), left=outcome.name,
                  entered=until.isoformat())


def keep_so_far(platform: Platform, me: SignedIn, case_id: UUID, typed: Mapping[str, str]) -> None:
    """Keep an assessment that is not finished, part by part, in place of what one kept before. It
    is for oneself alone, until the assessment is kept or the case is erased. ``typed``: the fields
    of the form."""
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        _forget(db, me, case_id)
        words = sealed_notes.checked("answers", json.dumps(dict(typed), ensure_ascii=False))
        sealed_notes.for_me(platform, db, me, room.case.id, SO_FAR, words)


def so_far(case: Recording) -> SoFar | None:
    """What one kept of an assessment that is not finished. After a week, a reported risk or an
    assessment only evidence and plans are left of it: all is rated once more."""
    found = sealed_notes.opened(case.platform, case.db, case.me.identity, case.me.person,
                                case.room.case.id, frozenset({case.me.person}), SO_FAR)
    if not found:
        return None
    note, process = found[-1], case.process
    typed: dict[str, str] = json.loads(note.words)
    since = [*process.risks.values(), *(made.at for made in process.assessments)]
    if case.platform.now() - note.written_at > LASTS or any(at > note.written_at for at in since):
        typed = {name: words for name, words in typed.items()
                 if name.endswith(("-evidence", "-plan"))}
    return SoFar(note.written_at, typed)


def _forget(db: Session, me: SignedIn, case_id: UUID) -> None:
    db.execute(delete(Note).where(Note.subject_id == case_id, Note.reader_id == me.person,
                                  Note.kind == SO_FAR))


def report_risk(platform: Platform, me: SignedIn, case_id: UUID, words: str) -> None:
    """Report to the team, as anybody in the case, that something has become riskier. Releases wait
    until the next assessment. A participant's report opens an alert, too (rule 30).
    Raises ``NotAcceptable`` without words."""
    words = sealed_notes.checked("words", words)
    with recording(platform, me, case_id, Permission.CASE_TELL) as case:
        risk = case.words("risk", words)
        case.fact(Event.RISK_REPORTED, risk)
        if me.role.is_participant:
            alerts.open_for_told(case, risk)
