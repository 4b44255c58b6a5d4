"""The closing form: what a participant tells the service at the end, without a name.

A form is sealed to each supervisor. Neither the form nor the trail says who filled it in or in
which case. Its number is one that only its giver's key can make: who gives a form again replaces
the first, and forms are people. Supervisors read the answers once there are at least five.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keys import box
from keys.context import Field, context
from keys.errors import CannotOpen
from keys.identity import sha256
from keys.vouching import attest
from letters.rules.case.framework import Question
from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.storage.tables.letters import Person
from letters.storage.tables.team import Feedback
from letters.workflow.access import directory
from letters.workflow.access.record_fact import Recording, looking
from letters.workflow.platform import Platform, SignedIn

FEWEST = 5
"""With fewer people than this, a supervisor could guess who wrote one."""
MOST_LETTERS = 5_000


@dataclass(frozen=True)
class Given:
    """All answers, question by question, never form by form. ``forms``: how many people gave one,
    None while there are too few to count; ``roles``: the same by role, for those with enough."""

    forms: int | None
    roles: dict[Role, int]
    answers: Sequence[tuple[str, list[str]]]
    unreadable: int = 0


def is_offered(platform: Platform, me: SignedIn, case_id: UUID) -> bool:
    """True once closing has begun."""
    with looking(platform, me, case_id, Permission.CASE_CONSENT) as case:
        return _is_offered(case)


def give(platform: Platform, me: SignedIn, case_id: UUID, answers: Mapping[str, str]) -> None:
    """Give a form to the service, in place of one given before. Any answer may be left out, but not
    all of them.
    Raises ``NotPossibleNow`` before closing has begun, and ``NotAcceptable`` for no answer or one
    that is too long."""
    asked = [question.id for question in platform.framework.feedback]
    told = {question: answers[question].strip() for question in asked
            if answers.get(question, "").strip()}
    for question, words in told.items():
        if len(words) > MOST_LETTERS:
            raise NotAcceptable(question, marked("These are more than %(most_letters)s "
                                                 "characters. Please make it "
                                                 "shorter."), most_letters=f"{MOST_LETTERS:,}")
    if not told:
        raise NotAcceptable(asked[0] if asked else "",
                            marked("Write something in answer to one question, or leave "
                                   "the page."))
    with looking(platform, me, case_id, Permission.CASE_CONSENT) as case:
        if not _is_offered(case):
            raise NotPossibleNow("closing has not begun")
    with platform.writing() as db:
        _keep(platform, db, me, told)


def feedback_for(platform: Platform, me: SignedIn) -> Given:
    """All answers, for a supervisor. Raises ``Tampered`` if a form was not given here."""
    may(me.actor, Permission.LOAD_SEE)
    with platform.reading() as db:
        rows = db.scalars(select(Feedback).where(Feedback.supervisor_id
                                                 == me.person).order_by(Feedback.form_id)).all()
    for row in rows:
        directory.require_attested(platform, row.mac, "feedback given", **_attested(row))
    if len(rows) < FEWEST:
        return Given(None, {}, [])
    opened = [found for row in rows if (found := _opened(me, row)) is not None]
    roles = {Role(role): number for role,
             number in Counter(row.role for row in rows).items() if number >= FEWEST}
    # Sorted by the words themselves: by time would tell which came last, by form which belong
    # together.
    answers = [(title, sorted(form[question] for form in opened if question in form))
               for question, title in _questions(platform.framework.feedback, opened)]
    return Given(len(rows), roles, answers, len(rows) - len(opened))


def _is_offered(case: Recording) -> bool:
    return case.process.closing is not None and bool(case.platform.framework.feedback)


def _keep(platform: Platform, db: Session, me: SignedIn, told: dict[str, str]) -> None:
    supervisors = db.scalars(select(Person).where(Person.role == Role.SUPERVISOR.value,
                                                  Person.enrolled_at.is_not(None))).all()
    form, words = _number(me), box.pad(json.dumps(told).encode(), box.LETTER_BLOCK)
    db.execute(delete(Feedback).where(Feedback.form_id == form))
    kept = 0
    for person in supervisors:
        keys = directory.sealing_keys(platform, db, platform.keys.installation, person.id)
        if keys is None or directory.role_of(platform, person) is not Role.SUPERVISOR:
            continue
        sealed = keys.recipient.seal(words, context("feedback", form=form, supervisor=person.id))
        row = Feedback(form_id=form, supervisor_id=person.id, month=f"{platform.today():%Y-%m}",
                       role=me.role.value, sealed=sealed)
        row.mac = attest(platform.keys.directory, "feedback given", **_attested(row))
        db.add(row)
        kept += 1
    if not kept:
        raise NotAcceptable("", marked("There is nobody yet who could read it here. Nothing was "
                                       "kept; please tell "
                                       "your facilitator."))


def _number(me: SignedIn) -> UUID:
    """The same for each form of this person, and made by their key alone."""
    return UUID(bytes=sha256(me.identity.sign(context("feedback form", person=me.person)))[:16])


def _attested(row: Feedback) -> dict[str, Field]:
    return {"form": row.form_id, "supervisor": row.supervisor_id, "month": row.month,
            "role": row.role,
            "sealed_hash": sha256(row.sealed)}


def _opened(me: SignedIn, row: Feedback) -> dict[str, str] | None:
    """The answers, or None if they were sealed to this supervisor's earlier keys."""
    try:
        opened = me.identity.open(row.sealed,
                                  context("feedback", form=row.form_id,
                                          supervisor=row.supervisor_id))
    except CannotOpen:
        return None
    found: dict[str, str] = json.loads(box.unpad(opened))
    return found


def _questions(asked: Sequence[Question],
               forms: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Each question's id and words; questions that are no longer asked come last, by their ids."""
    titles = {question.id: question.title for question in asked}
    earlier = sorted({question for form in forms for question in form} - titles.keys())
    return [*titles.items(), *((question, question) for question in earlier)]
