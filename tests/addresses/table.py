"""Every address with something to ask it about, and what each role is answered there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from keys.context import context
from keys.notes import seal_own
from keys.session import session_keys
from letters.rules.case.process import Terms
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.letter.passages import Anchor
from letters.rules.pace import Pace, Sending
from letters.rules.roles import Role
from letters.storage.queries import lists
from letters.storage.tables.accounts import KeptSave
from letters.storage.tables.desk import Disagreement
from letters.storage.tables.letters import Case, Participant, Person
from letters.storage.tables.team import EmergencyRequest
from letters.workflow.access import directory
from letters.workflow.accounts import invite, sign_in
from letters.workflow.cases import alerts, close, open_and_halt
from letters.workflow.decision import content_note, decide, questions, redaction, suggestions
from letters.workflow.lost_access import confirm_key, new_identity, reset
from letters.workflow.oversight import emergency_access
from letters.workflow.preparation import agreement
from letters.workflow.reading import in_parts, open_letter
from letters.workflow.record import record
from letters.workflow.release import pace, release
from letters.workflow.review import read_letter
from letters.workflow.screening import quieted as quieted_rules
from letters.workflow.team import absence, join_and_leave, suggest
from letters.workflow.writing import for_myself, write
from tests.attacks.scenes import asked_at_once
from tests.cast import PASSWORD, Cast, Player
from tests.web.pages import NO_ID

ROLES = (
    "anonymous",
    "harmed",
    "responsible",
    "other",
    "first",
    "stranger_harmed",
    "stranger_responsible",
    "stranger_other",
    "stranger_facilitator",
    "supervisor",
    "administrator",
)
"""Nobody; everybody in the case; the same of another case; who belongs to the house. Each is asked
at every row."""

GROUPS = {
    "participants": ("harmed", "responsible", "other", "stranger_harmed", "stranger_responsible",
                     "stranger_other"),
    "facilitators": ("first", "stranger_facilitator"),
}
"""Names for several of them at once."""

Asked = tuple[dict[str, object], dict[str, str]]
"""The values of an address and the fields of a form."""


class Row(NamedTuple):
    """One address and method, about one thing, and the status for each of ``ROLES``."""

    endpoint: str
    method: str
    about: Callable[[Cast], Asked]
    statuses: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}, {self.about.__name__}"


def nothing(_: Cast) -> Asked:
    return {}, {}


def a_pause(_: Cast) -> Asked:
    return {}, {"do": "pause"}


def wrong_words(_: Cast) -> Asked:
    return {}, {"sign_in_name": "nobody here", "password": "a password that is wrong",
                "code": "AAAA-BBBB"}


def stylesheet(_: Cast) -> Asked:
    return {"filename": "style.css"}, {}


def chosen_words(_: Cast) -> Asked:
    return {}, {"harmed": "survivor", "responsible": "person-responsible"}


def agreeing(_: Cast) -> Asked:
    return {"purpose": "notices"}, {"answer": "yes"}


def choosing(cast: Cast) -> Asked:
    return {}, {"facilitator": str(cast.second.id)}


def proposed(cast: Cast) -> Asked:
    """A version to which nobody has agreed yet."""
    wording = agreement.Wording("What happened.", "", (), {})
    return {}, {"agreement": str(agreement.propose(cast.platform,
                                                   cast.first.me, cast.case, Terms(), wording))}


def telling(_: Cast) -> Asked:
    return {}, {"about": "request", "words": "A word with you."}


def at_the_end(cast: Cast) -> Asked:
    """Closing has begun, and something is told to the service."""
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    return {}, {"pace": "It was mine."}


def being_ready(_: Cast) -> Asked:
    return {}, {"do": "ready"}


def held_by_harmed(cast: Cast) -> Asked:
    """An approved letter that goes when its author says so."""
    pace.set_pace(cast.platform, cast.harmed.me, cast.case, Pace(sending=Sending.HOLD))
    return {"letter_id": cast.approved(cast.harmed)}, {}


def arrived_to_harmed(cast: Cast) -> Asked:
    cast.open_the_way_back()
    return {"letter_id": cast.released(cast.responsible)}, {}


def about_to_be_erased(cast: Cast) -> Asked:
    """Closed for so long that its day was said."""
    for person in (cast.harmed, cast.responsible):
        cast.prepared.take_all_steps(person.me, closing=True)
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    close.close(cast.platform, cast.first.me, cast.case)
    with cast.platform.writing() as db:
        said, case = cast.platform.today() + timedelta(days=30), db.get_one(Case, cast.case)
        record.add(cast.platform, db, case, Event.ERASURE_SET, record.NOBODY, case.id,
                   entered=said.isoformat())
    return {"case_id": cast.case}, {"until": (said + timedelta(days=30)).isoformat()}


def channel_of_harmed(cast: Cast) -> Asked:
    return {}, {"channel": str(cast.channel(cast.harmed))}


def draft_of_harmed(cast: Cast) -> Asked:
    letter = cast.draft(cast.harmed)
    draft = str(cast.row(letter).draft_id)
    return {"letter_id": letter}, {"text": "Other words.", "basis": draft, "version": draft}


def sent_by_harmed(cast: Cast) -> Asked:
    return {"letter_id": cast.submitted(cast.harmed)}, {}


def taken_back_by_harmed(cast: Cast) -> Asked:
    letter = cast.submitted(cast.harmed)
    write.recall(cast.platform, cast.harmed.me, letter)
    return {"letter_id": letter}, {}


def arrived_from_harmed(cast: Cast) -> Asked:
    return {"letter_id": cast.released(cast.harmed)}, {}


def not_arrived_from_responsible(cast: Cast) -> Asked:
    cast.open_the_way_back()
    return {"letter_id": cast.approved(cast.responsible)}, {}


def on_the_desk(cast: Cast) -> Asked:
    """Claimed by the first facilitator, ready for any decision."""
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    return {"letter_id": letter}, {
        "version": str(cast.row(letter).submitted_id),
        "password": PASSWORD,
        "reason": "R.",
        "note": "N.",
        "review_on": "2030-01-01",
        "then": "approve",
        "questions": "yes",
        "missed-category": "control",
        "missed-words": "It hints.",
    }


def to_suggest(cast: Cast) -> Asked:
    values, fields = on_the_desk(cast)
    return values, {**fields, "passage": "how it was", "wish": "COMMENT", "words": "Which evening?"}


def to_withdraw(cast: Cast) -> Asked:
    values, fields = on_the_desk(cast)
    one = _suggested(cast, values["letter_id"], suggestions.Wish.WORDS)  # type: ignore[arg-type]
    return values, {**fields, "suggestion": str(one)}


def returned_with(cast: Cast, wish: suggestions.Wish) -> Asked:
    values, fields = on_the_desk(cast)
    letter, version = values["letter_id"], UUID(fields["version"])
    one = _suggested(cast, letter, wish)  # type: ignore[arg-type]
    decide.return_to_author(cast.platform, cast.first.me, letter, version, "R.", "N.")  # type: ignore[arg-type]
    draft = str(cast.row(letter).draft_id)  # type: ignore[arg-type]
    return values, {"suggestion": str(one), "draft": draft, "version": str(version), "do": "accept"}


def returned_with_words(cast: Cast) -> Asked:
    return returned_with(cast, suggestions.Wish.WORDS)


def returned_to_leave_out(cast: Cast) -> Asked:
    values, fields = returned_with(cast, suggestions.Wish.LEAVE_OUT)
    return values, {**fields, "do": "agree"}


def arrived_redacted(cast: Cast) -> Asked:
    values, fields = returned_to_leave_out(cast)
    letter: UUID = values["letter_id"]  # type: ignore[assignment]
    redaction.agree(cast.platform, cast.harmed.me, letter, UUID(fields["version"]))
    cast.approve(letter, cast.first)
    assert cast.release() == 1
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    return values, {"words": "Why?"}


def asked_why(cast: Cast) -> Asked:
    values, _ = arrived_redacted(cast)
    letter: UUID = values["letter_id"]  # type: ignore[assignment]
    redaction.ask_why(cast.platform, cast.responsible.me, letter)
    question = redaction.own_questions(cast.platform, cast.responsible.me, letter)[0].id
    return values, {"question": str(question), "words": "A number."}


def _suggested(cast: Cast, letter: UUID, wish: suggestions.Wish) -> UUID:
    text = read_letter.letter_for(cast.platform, cast.first.me, letter).text
    version = cast.row(letter).submitted_id
    suggestions.suggest(
        cast.platform,
        cast.first.me,
        letter,
        version,
        wish,  # type: ignore[arg-type]
        Anchor(text.index("how"), "how it was"),
        "what happened",
    )
    return suggestions.pending(cast.platform, cast.first.me, letter)[0].id


def a_talk(cast: Cast) -> Asked:
    return on_the_desk(cast)[0], {"on": (cast.platform.today() + timedelta(days=2)).isoformat()}


def with_a_note(cast: Cast) -> Asked:
    """On the desk, with a note for its recipient."""
    values, fields = on_the_desk(cast)
    letter, version = values["letter_id"], UUID(fields["version"])
    content_note.save_note(
        cast.platform, cast.first.me, letter, version, content_note.Draft("A note.")
    )  # type: ignore
    return values, fields | {"summary": "Another.", "greeting": "0", "signature": "0",
                             "questions": ""}


def an_answer(cast: Cast) -> Asked:
    """To a letter of the person harmed with a question in it; claimed by both of the team."""
    asked = cast.released(cast.harmed, "Why?")
    questions.choose(cast.platform, cast.first.me, asked, cast.row(asked).submitted_id, ["Why?"])  # type: ignore[arg-type]
    letter = cast.submitted(cast.responsible)
    return {"letter_id": letter}, {"version": str(cast.row(letter).submitted_id), "answer-1": "not"}


def an_answer_arrived(cast: Cast) -> Asked:
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    values, _ = an_answer(cast)
    for reader in (cast.first, cast.second):
        cast.approve(values["letter_id"], reader)  # type: ignore[arg-type]
    release.release_due(cast.platform)
    return values, {"telling": "received"}


def opened_from_harmed(cast: Cast) -> Asked:
    letter = cast.released(cast.harmed)
    in_parts.open_at(cast.platform, cast.responsible.me, letter, in_parts.ReadingWay.ALL)
    return {"letter_id": letter}, {"part": "0", "do": "away", "sure": "yes"}


def held(cast: Cast) -> Asked:
    values, fields = on_the_desk(cast)
    decide.hold(
        cast.platform,
        cast.first.me,
        values["letter_id"],
        UUID(fields["version"]),
        "R.",  # type: ignore[arg-type]
        cast.clock().date().replace(year=2999),
    )
    return values, {}


def a_note(cast: Cast) -> Asked:
    return {"letter_id": cast.submitted(cast.harmed)}, {"reader": "ME", "note-me": "N."}


def a_case_note(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"reader": "TEAM", "note-team": "N."}


def differing(cast: Cast) -> Asked:
    """The first has approved, the second would return it."""
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.first)
    version = cast.row(letter).submitted_id
    assert version is not None
    read_letter.claim(cast.platform, cast.second.me, letter)
    decide.return_to_author(cast.platform, cast.second.me, letter, version, "R.", "N.")
    return {"letter_id": letter}, {"version": str(version)}


def a_disagreement(cast: Cast) -> Asked:
    differing(cast)
    with cast.platform.reading() as db:
        row = db.query(Disagreement).order_by(Disagreement.opened_at.desc()).first()
    assert row is not None
    return {"disagreement_id": row.id}, {"words": "A view."}


def a_finding(_: Cast) -> Asked:
    return {}, {"rule": "pressure.must-forgive", "reason": "Nearly always wrong here."}


def quieted(cast: Cast) -> Asked:
    quieted_rules.quiet(cast.platform, cast.supervisor.me, "pressure.must-forgive", "Wrong here.")
    return {}, {"rule": "pressure.must-forgive"}


def a_message(cast: Cast) -> Asked:
    return {"case_id": cast.case, "person_id": cast.harmed.id}, {"words": "On Friday at three."}


def a_question(_: Cast) -> Asked:
    return {}, {"words": "On Friday at three."}


def to_seal_again(cast: Cast) -> Asked:
    """Approved, and then the release key was lost: the worker sets it aside."""
    letter = cast.approved(cast.harmed)
    release.release_due(replace(cast.platform, keys=cast.platform.keys.for_web()))
    assert cast.state(letter) is State.SEAL_AGAIN
    return {"letter_id": letter}, {"password": PASSWORD}


def session_of_harmed(cast: Cast) -> Asked:
    """Another of hers than the one she asks from."""
    token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    return {}, {"session": session_keys(token).row.hex()}


def kept_for_harmed(cast: Cast) -> Asked:
    letter = cast.draft(cast.harmed)
    save = KeptSave(id=cast.platform.new_id(), person_id=cast.harmed.id, letter_id=letter,
                    kept_at=cast.clock())
    bound = context("kept save", save=save.id, person=save.person_id, letter=letter)
    save.sealed = seal_own(cast.harmed.me.identity, bound, "Too late.", cast.platform.random)
    with cast.platform.writing() as db:
        db.add(save)
    return {"save_id": save.id}, {}


def never_sent_by_harmed(cast: Cast) -> Asked:
    cast.open_the_way_back()
    with cast.platform.reading() as db:
        (channel, _), *_ = lists.channels_from(db, cast.harmed.id)
    return {"letter_id": for_myself.begin_words(cast.platform, cast.harmed.me, "For me alone.")}, {
        "text": "Other words.", "saves": "1", "channel": str(channel.id), "sure": "yes"}


def printed(what: str, about: Callable[[Cast], Asked]) -> Callable[[Cast], Asked]:
    """The same thing on paper."""
    def on_paper(cast: Cast) -> Asked:
        return {"what": what, "which": about(cast)[0]["letter_id"]}, {}
    on_paper.__name__ = f"{about.__name__}_printed_as_{what}"
    return on_paper


def the_case(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {}


def beginning_to_close(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"do": "begin"}


def a_request(_: Cast) -> Asked:
    return {}, {"source": "HARMED", "interest": "none"}


def who_asks(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"source": "AGENCY", "words": "They called."}


def a_conviction(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"convicted": "yes", "words": "In March."}


def the_evidence(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"do": "record", "evidence": "A plea."}


def an_order(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"do": "record", "begins": "2027-01-01", "words": "No letters."}


def an_adult(cast: Cast) -> Asked:
    return {"case_id": cast.case, "person_id": cast.harmed.id}, {"do": "age", "age": "ADULT"}


def assessed(cast: Cast) -> Asked:
    """With the one that was made when the case was prepared."""
    asked = cast.platform.framework.assessment
    ratings = {f"{one.id}-rating": asked.ratings[1] for one in asked.dimensions}
    until = (cast.platform.today() + timedelta(days=9)).isoformat()
    return {"case_id": cast.case}, {"outcome": "SUITABLE", "until": until, **ratings}


def assessed_before(cast: Cast) -> Asked:
    with cast.platform.reading() as db:
        made = record.to_decide(cast.platform, db, cast.case).process.assessments[0]
    return {"case_id": cast.case, "assessment_id": made.id}, {}


def a_risk(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"words": "He was at my door."}


def no_messages(_: Cast) -> Asked:
    return {}, {"how": "none"}


def a_safe_way(cast: Cast) -> Asked:
    return {"case_id": cast.case, "person_id": cast.harmed.id}, {"channel": "By her sister."}


def an_alert(cast: Cast) -> Asked:
    opened = alerts.open_alert(cast.platform, cast.first.me, cast.case, "He was at her door.", True)
    return {"case_id": cast.case, "alert_id": opened}, {"do": "step", "words": "Called her."}


def a_table(_: Cast) -> Asked:
    return {"name": "load"}, {}


def steps_taken(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"step-hopes": f"{cast.harmed.id} hopes "}


def words_sought(_: Cast) -> Asked:
    return {}, {"words": "a letter"}


def an_agreement(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"first": "HARMED", "days": "7", "topics": "That night."}


def some_names(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"names": "Oriole", "places": "Wagtail Lane"}


def a_task(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {
        "do": "set", "kind": "other", "about": str(cast.harmed.id),
        "on": cast.platform.today().isoformat(),
        "words": "Call her."}


def new_case(cast: Cast) -> Asked:
    return {"case_id": open_and_halt.open_case(cast.platform,
                                               cast.first.me)}, {"role": "harmed", "name": "Ada"}


def case_with_an_open_invitation(cast: Cast) -> Asked:
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    invite.invite_participant(cast.platform, cast.first.me, case, Role.HARMED, "Ada")
    with cast.platform.reading() as db:
        person = next(person.id for person in db.query(Person).filter(Person.enrolled_at.is_(None)))
    return {"case_id": case}, {"person": str(person)}


def a_colleague(_: Cast) -> Asked:
    return {}, {"role": "facilitator", "name": "Ada"}


def colleague_to_ask(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"colleague": str(cast.stranger_facilitator.id),
                                    "part": "facilitator", "handover": "yes"}


def suggested(cast: Cast) -> Asked:
    """A supervisor suggests the facilitator of the other case."""
    suggest.suggest(cast.platform, cast.supervisor.me, cast.case, cast.stranger_facilitator.id)
    return {"case_id": cast.case}, {"colleague": str(cast.stranger_facilitator.id)}


def going_away(cast: Cast) -> Asked:
    return {}, {"colleague": str(cast.second.id), "note": "All is quiet.",
                "until": f"{cast.platform.today() + timedelta(days=7):%Y-%m-%d}"}


def away(cast: Cast) -> Asked:
    """The facilitators asked are away, each in the other's care."""
    for player, other in ((cast.first, cast.second), (cast.second, cast.first)):
        absence.go_away(cast.platform, player.me, other.id, cast.platform.today(), "Quiet.", False)
    return {}, {}


def somebody_asked(cast: Cast) -> Asked:
    """The facilitator of the other case is asked to join."""
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id,
                       handover=True)
    return {"case_id": cast.case}, {"colleague": str(cast.stranger_facilitator.id),
                                    "interest": "none", "do": "join"}


def new_keys_of_a_member(cast: Cast) -> Asked:
    new_identity.renew(cast.platform, cast.second.me, PASSWORD, "words that nobody else has seen")
    with cast.platform.reading() as db:
        keys = directory.keys_of_person(cast.platform, db, cast.second.id)
    assert keys is not None
    return {"case_id": cast.case}, {"colleague": str(cast.second.id),
                                    "kid": keys.recipient.kid.hex(), "heard": "yes"}


def team_of_three(cast: Cast) -> Asked:
    """With somebody who can be spared."""
    enrolled = Player(
        cast.app, cast.platform, "third",
        invite.invite_staff(cast.platform, Role.FACILITATOR, "Toni Third")
    )
    cast.join(cast.case, cast.first, enrolled)
    return {"case_id": cast.case}, {}


def a_specialist(cast: Cast) -> Asked:
    """Who reads with the team."""
    enrolled = cast.specialist("specialist")
    return {"case_id": cast.case}, {"specialist": str(enrolled.id), "sure": "yes"}


def resetting_the_harmed(cast: Cast) -> Asked:
    return {"person_id": cast.harmed.id}, {"password": PASSWORD}


def a_key_to_confirm(cast: Cast) -> Asked:
    """In a case of its own: somebody has lost both, and has come back with a reset code."""
    platform, name = cast.platform, str(uuid4())
    case = open_and_halt.open_case(platform, cast.first.me)
    cast.join(case, cast.first, cast.second)
    invite.enrol(platform, invite.invite_participant(platform, cast.first.me, case,
                                                     Role.HARMED, "Ada"), name, PASSWORD)
    with platform.reading() as db:
        person = db.query(Participant).filter(Participant.case_id == case).one().person_id
    reset.reset(platform, reset.ask_reset(platform, cast.first.me, person, PASSWORD), name,
                PASSWORD)
    waits = confirm_key.awaited(platform, cast.first.me, case, person)
    assert waits is not None
    return {"case_id": case, "person_id": person}, {"kid": waits.kid.hex(),
                                                    "heard": "yes", "password": PASSWORD}


def a_key_confirmed(cast: Cast) -> Asked:
    values, fields = a_key_to_confirm(cast)
    case, person, kid = values["case_id"], values["person_id"], bytes.fromhex(fields["kid"])
    for member in (cast.first, cast.second):
        confirm_key.confirm_key(cast.platform, member.me, case, person, kid, PASSWORD, True)  # type: ignore[arg-type]
    return values, {"password": PASSWORD}


def wrong_password(_: Cast) -> Asked:
    return {}, {"current_password": "not it", "password": "other words than before"}


def colleague_invited(cast: Cast) -> Asked:
    invite.invite_staff(cast.platform, Role.SUPERVISOR, "Ada", cast.administrator.me)
    with cast.platform.reading() as db:
        return {
            "person_id": next(
                person.id for person in db.query(Person).filter(Person.enrolled_at.is_(None))
            )
        }, {}


def a_code(_: Cast) -> Asked:
    return {}, {"code": "000000", "answer": "{}"}


def no_factor(_: Cast) -> Asked:
    return {}, {"factor": NO_ID, "sealed": "00", "code": "000000", "password": PASSWORD}


def wrong_password_for_a_copy(_: Cast) -> Asked:
    return {}, {"current_password": "not it", "form": "data"}


def a_wrong_password(_: Cast) -> Asked:
    return {}, {"password": "not the password", "answer": "{}"}


def in_custody(cast: Cast) -> Asked:
    return {"case_id": cast.case}, {"person": str(cast.responsible.id), **her_own_word(cast)[1]}


def typed_on_a_page(_: Cast) -> Asked:
    return {}, {"form": "/messages", "window": "w", "words": ""}


def her_own_word(cast: Cast) -> Asked:
    return {}, {"do": "set", "sure": "yes", "password": PASSWORD}


def a_reason(cast: Cast) -> Asked:
    """At once, as an alert is open in the case."""
    alerts.open_alert(cast.platform, cast.first.me, cast.case, "A worry.", True)
    return {"case_id": cast.case}, {"reason": "A worry.", "safeguarding": "yes"}


def emergency_asked(cast: Cast) -> Asked:
    with cast.platform.reading() as db:
        earlier = [
            request.id
            for request in db.query(EmergencyRequest).filter(EmergencyRequest.closed_at.is_(None))
        ]
    for request in earlier:
        emergency_access.close(cast.platform, cast.supervisor.me, request)
    request = asked_at_once(cast, cast.supervisor.me, cast.case, "A worry.")
    return {"request_id": request}, {"password": PASSWORD}


def emergency_opened(cast: Cast) -> Asked:
    values, _ = emergency_asked(cast)
    emergency_access.second(cast.platform, cast.administrator.me, values["request_id"], PASSWORD)  # type: ignore[arg-type]
    emergency_access.open_and_close_due(cast.platform)
    return values, {}


def emergency_letter(cast: Cast) -> Asked:
    letter = cast.submitted(cast.harmed)
    return {**emergency_opened(cast)[0], "letter_id": letter}, {}


def answers(nobody: int, everybody: int = 403, **given: int) -> tuple[int, ...]:
    """The status for each of ``ROLES``: one for who is not signed in, one for all others, and what
    differs by role.

    ``given`` names roles or ``GROUPS``; a role named by itself goes before its group.
    """
    assert given.keys() <= {*ROLES, *GROUPS}, given
    by_role = dict.fromkeys(ROLES, everybody) | {"anonymous": nobody}
    for group, members in GROUPS.items():
        if group in given:
            by_role |= dict.fromkeys(members, given[group])
    by_role |= {role: status for role, status in given.items() if role in by_role}
    return tuple(by_role[role] for role in ROLES)


_OPEN, _ALL_ROOMS = answers(200, 200), answers(302, 302)
_REFUSED = answers(400, 400)
_PARTICIPANTS, _PARTICIPANTS_SEND = answers(302, participants=200), answers(401, participants=302)
_WRITERS = answers(302, participants=200, other=403, stranger_other=403)
_HARMED = answers(302, harmed=200, stranger_harmed=200)
_HARMED_SENDS = answers(401, harmed=302, stranger_harmed=302)
_READ_BY_HARMED = answers(302, harmed=200, stranger_harmed=404)
_OWN_OF_HARMED = answers(401, harmed=302, stranger_harmed=404)
_AUTHOR, _AUTHOR_SENDS = answers(302, participants=404,
                                 harmed=200), answers(401, participants=404, harmed=302)
_AUTHOR_ARRIVED = answers(302, participants=404, harmed=200, responsible=403)
_AUTHOR_SENDS_ARRIVED = answers(401, participants=404, harmed=302, responsible=403)
_STAFF, _STAFF_SEND = answers(302, facilitators=200), answers(401, facilitators=302)
_TEAM = answers(302, first=200, stranger_facilitator=404)
_TEAM_SENDS = answers(401, first=302, stranger_facilitator=404)
_TEAM_ANSWERED = answers(401, first=200, stranger_facilitator=404)
_ADMINISTRATOR, _ADMINISTRATOR_ANSWERED = (
    answers(302, administrator=200),
    answers(401, administrator=200),
)

_HELPER = answers(302, first=200, stranger_facilitator=404, administrator=200)
_HELPER_ANSWERED = answers(401, first=200, stranger_facilitator=404, administrator=200)
_CONFIRMER_SENDS = answers(401, first=302, stranger_facilitator=404, administrator=404)
_SUPERVISOR, _SUPERVISOR_SENDS = answers(302, supervisor=200), answers(401, supervisor=302)

# A row: the endpoint, the method, what fills its ids and its form, what each role is answered.
# Anybody who is not
# named in ``answers`` is refused with 403; a stranger to the thing itself is to be named with 404.
TABLE: tuple[Row, ...] = (
    Row("static", "GET", stylesheet, _OPEN),
    Row("sign_in.front", "GET", nothing, _ALL_ROOMS),
    Row("sign_in.leave", "GET", nothing, _ALL_ROOMS),
    Row("sign_in.safety", "GET", nothing, _OPEN),
    Row("sign_in.sign_in", "GET", nothing, _OPEN),
    Row("sign_in.sign_in", "POST", wrong_words, _REFUSED),
    Row("sign_in.sign_out", "POST", nothing, answers(401, 302)),
    Row("sign_in.invitation", "GET", nothing, _OPEN),
    Row("sign_in.code", "GET", nothing, _OPEN),
    Row("sign_in.invitation", "POST", wrong_words, _REFUSED),
    Row("sign_in.account", "POST", wrong_words, _REFUSED),
    Row("settings.overview", "GET", nothing, answers(302, 200)),
    Row("settings.sessions", "GET", nothing, answers(302, 200)),
    Row("settings.end", "POST", session_of_harmed, answers(401, 404, harmed=302)),
    Row("settings.end_others", "POST", nothing, answers(401, 302)),
    Row("settings.password", "GET", nothing, answers(302, 200)),
    Row("settings.password", "POST", wrong_words, answers(401, 400)),
    Row("contact.own", "GET", nothing, answers(302, 200)),
    Row("contact.own", "POST", no_messages, answers(401, 302)),
    Row("saved_after_sign_out.saves", "GET", nothing, _PARTICIPANTS),
    Row("saved_after_sign_out.take", "POST", kept_for_harmed, _AUTHOR_SENDS),
    Row("saved_after_sign_out.throw_away", "POST", kept_for_harmed, _AUTHOR_SENDS),
    Row("lost_access.recover", "GET", nothing, _OPEN),
    Row("lost_access.recover", "POST", wrong_words, _REFUSED),
    Row("lost_access.reset", "GET", nothing, _OPEN),
    Row("lost_access.reset", "POST", wrong_words, _REFUSED),
    Row("lost_access.own_keys", "GET", nothing, answers(302, 200)),
    Row("lost_access.new_code", "GET", nothing, answers(302, 200)),
    Row("lost_access.new_code", "POST", wrong_password, answers(401, 400)),
    Row("lost_access.new_identity", "GET", nothing, answers(302, 200)),
    Row("lost_access.new_identity", "POST", wrong_password, answers(401, 400)),
    Row("reset_for_somebody.ask", "GET", resetting_the_harmed, _HELPER),
    Row("reset_for_somebody.ask", "POST", resetting_the_harmed, _HELPER_ANSWERED),
    Row(
        "reset_for_somebody.key",
        "GET",
        a_key_to_confirm,
        answers(302, first=200, stranger_facilitator=404, administrator=404),
    ),
    Row("reset_for_somebody.confirm", "POST", a_key_to_confirm, _CONFIRMER_SENDS),
    Row("reset_for_somebody.rest", "POST", a_key_confirmed, _CONFIRMER_SENDS),
    Row("unsent.keep", "POST", typed_on_a_page, answers(401, 204)),
    Row("unsent.look", "POST", typed_on_a_page, answers(401, 200)),
    Row("home.home", "GET", nothing, _PARTICIPANTS),
    Row("consent.overview", "GET", nothing, _PARTICIPANTS),
    Row("consent.question", "GET", agreeing, _PARTICIPANTS),
    Row("consent.question", "POST", agreeing, _PARTICIPANTS_SEND),
    Row("consent.withdraw", "GET", nothing, _PARTICIPANTS),
    Row("consent.withdraw", "POST", nothing, _PARTICIPANTS_SEND),
    Row("choose_facilitator.choose_from", "GET", nothing, _HARMED),
    Row("choose_facilitator.choose", "POST", choosing,
        answers(401, harmed=302, stranger_harmed=409)),
    Row("choose_facilitator.wish", "POST", nothing, _HARMED_SENDS),
    Row("profile.own", "GET", nothing, _STAFF),
    Row("profile.own", "POST", nothing, _STAFF_SEND),
    Row("agreement.look", "GET", nothing, _WRITERS),
    Row(
        "agreement.look",
        "POST",
        proposed,
        answers(401, harmed=302, responsible=302, stranger_harmed=409, stranger_responsible=409),
    ),
    Row("contact_team.form", "GET", nothing, _PARTICIPANTS),
    Row("contact_team.form", "POST", telling, _PARTICIPANTS_SEND),
    Row("contact_team.kept", "GET", nothing, _PARTICIPANTS),
    Row("promises.look", "GET", nothing, _HARMED),
    Row("feedback.form", "GET", nothing, _PARTICIPANTS),
    Row(
        "feedback.form",
        "POST",
        at_the_end,
        answers(
            401,
            harmed=302,
            responsible=302,
            other=302,
            stranger_harmed=409,
            stranger_responsible=409,
            stranger_other=409,
        ),
    ),
    Row("pace.pace", "GET", nothing, _HARMED),
    Row("pace.pace", "POST", being_ready, _HARMED_SENDS),
    Row("pace.let_go", "POST", held_by_harmed, _OWN_OF_HARMED),
    Row("pace.withhold", "POST", held_by_harmed, _OWN_OF_HARMED),
    Row("pace.let_go", "POST", arrived_to_harmed, answers(401, harmed=403, stranger_harmed=404)),
    Row("home.stop", "GET", nothing, _PARTICIPANTS),
    Row("home.stop", "POST", nothing, _PARTICIPANTS_SEND),
    Row("writing.letters", "GET", nothing, _PARTICIPANTS),
    Row("writing.new", "POST", channel_of_harmed, _AUTHOR_SENDS),
    Row("writing.guidance", "GET", nothing, _WRITERS),
    Row("writing.guided", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.edit", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.edit", "POST", draft_of_harmed, _AUTHOR_SENDS),
    Row("writing.versions", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.versions", "POST", draft_of_harmed, _AUTHOR_SENDS),
    Row("writing.read_back", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.check", "GET", draft_of_harmed, _AUTHOR),
    Row("writing.send", "POST", draft_of_harmed, _AUTHOR_SENDS),
    Row("writing.letter", "GET", sent_by_harmed, _AUTHOR),
    Row("writing.letter", "GET", arrived_from_harmed, _AUTHOR_ARRIVED),
    Row("writing.read_back", "GET", arrived_from_harmed, _AUTHOR_ARRIVED),
    Row("writing.versions", "GET", arrived_from_harmed, _AUTHOR_ARRIVED),
    Row("writing.take_back", "POST", sent_by_harmed, _AUTHOR_SENDS),
    Row("writing.take_back", "POST", arrived_from_harmed, _AUTHOR_SENDS_ARRIVED),
    Row("writing.again", "POST", taken_back_by_harmed, _AUTHOR_SENDS),
    Row("inbox.inbox", "GET", nothing, _PARTICIPANTS),
    Row("inbox.letter", "GET", arrived_from_harmed,
        answers(302, participants=404, harmed=403, responsible=200)),
    Row("inbox.letter", "GET", sent_by_harmed, answers(302, participants=404, harmed=403)),
    Row("inbox.letter", "GET", not_arrived_from_responsible,
        answers(302, participants=404, responsible=403)),
    Row(
        "inbox.open_letter",
        "POST",
        arrived_from_harmed,
        answers(401, participants=404, harmed=403, responsible=302),
    ),
    Row("inbox.open_letter", "POST", not_arrived_from_responsible,
        answers(401, participants=404, responsible=403)),
    Row("inbox.before", "GET", opened_from_harmed,
        answers(302, participants=404, harmed=403, responsible=200)),
    Row("inbox.before", "GET", not_arrived_from_responsible,
        answers(302, participants=404, responsible=403)),
    Row("inbox.answers", "GET", an_answer_arrived,
        answers(302, participants=404, harmed=200, responsible=403)),
    Row("inbox.turn", "POST", opened_from_harmed,
        answers(401, participants=404, harmed=403, responsible=302)),
    Row("inbox.put", "POST", opened_from_harmed,
        answers(401, participants=404, harmed=403, responsible=302)),
    Row("inbox.put", "POST", not_arrived_from_responsible,
        answers(401, participants=404, responsible=403)),
    Row("inbox.destroy", "GET", opened_from_harmed,
        answers(302, participants=404, harmed=403, responsible=200)),
    Row("inbox.destroy", "POST", opened_from_harmed,
        answers(401, participants=404, harmed=403, responsible=302)),
    Row("inbox.tell", "POST", an_answer_arrived,
        answers(401, participants=404, harmed=302, responsible=403)),
    Row("display.own", "GET", nothing, answers(302, 200)),
    Row("display.own", "POST", chosen_words, answers(401, 302)),
    Row("settings.leaving", "POST", nothing, _PARTICIPANTS_SEND),
    Row("for_myself.mine", "GET", nothing, _HARMED),
    Row("for_myself.new", "GET", nothing, _HARMED),
    Row("for_myself.new", "POST", nothing, _HARMED_SENDS),
    Row("for_myself.edit", "GET", never_sent_by_harmed, _READ_BY_HARMED),
    Row("for_myself.edit", "POST", never_sent_by_harmed, _OWN_OF_HARMED),
    *(
        Row(f"printing.{page}", "GET", about, statuses)
        for page in ("warning", "paper")
        for about, statuses in (
            (printed("yours", never_sent_by_harmed), _READ_BY_HARMED),
            (printed("written", draft_of_harmed), _AUTHOR),
            (printed("written", arrived_from_harmed), _AUTHOR_ARRIVED),
            (printed("received", arrived_from_harmed),
             answers(302, participants=404, harmed=403, responsible=302)),
            (printed("received", opened_from_harmed),
             answers(302, participants=404, harmed=403, responsible=200)),
            (printed("received", not_arrived_from_responsible),
             answers(302, participants=404, responsible=403)),
        )
    ),
    Row("for_myself.make_letter", "POST", never_sent_by_harmed, _OWN_OF_HARMED),
    Row("for_myself.destroy", "GET", never_sent_by_harmed, _READ_BY_HARMED),
    Row("for_myself.destroy", "POST", never_sent_by_harmed, _OWN_OF_HARMED),
    Row("inbox.plan", "GET", nothing, _HARMED),
    Row("inbox.plan", "POST", nothing, _HARMED_SENDS),
    Row("content_note.note", "GET", with_a_note, _TEAM),
    Row("content_note.note", "POST", with_a_note, _TEAM_SENDS),
    Row("content_note.preview", "GET", with_a_note, _TEAM),
    Row("content_note.questions", "GET", with_a_note, _TEAM),
    Row("content_note.questions", "POST", with_a_note, _TEAM_SENDS),
    Row("content_note.answers", "GET", an_answer, _TEAM),
    Row("content_note.answers", "POST", an_answer, _TEAM_SENDS),
    Row("desk.queue", "GET", nothing, _STAFF),
    Row("desk.claim_next", "POST", nothing, _STAFF_SEND),
    Row("desk.letter", "GET", on_the_desk, _TEAM),
    Row("desk.claim", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.choose", "POST", on_the_desk, _TEAM_SENDS),
    Row("screening_feedback.missed", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.approve", "GET", on_the_desk, _TEAM),
    Row("desk.approve", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.hold", "GET", on_the_desk, _TEAM),
    Row("desk.hold", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.give_back", "GET", on_the_desk, _TEAM),
    Row("desk.give_back", "POST", on_the_desk, _TEAM_SENDS),
    Row("desk.resume", "POST", held, _TEAM_SENDS),
    Row("suggestions.own", "GET", on_the_desk, _TEAM),
    Row("suggestions.suggest", "POST", to_suggest, _TEAM_SENDS),
    Row("suggestions.redact", "POST", on_the_desk, _TEAM_SENDS),
    Row("suggestions.withdraw", "POST", to_withdraw, _TEAM_SENDS),
    Row("suggestions.changes", "GET", on_the_desk, _TEAM),
    Row("suggestions.why", "GET", asked_why, _TEAM),
    Row("suggestions.why", "POST", asked_why, _TEAM_SENDS),
    Row("returned.look", "GET", returned_with_words, _AUTHOR),
    Row("returned.answer", "POST", returned_with_words, _AUTHOR_SENDS),
    Row("returned.left_out", "GET", returned_to_leave_out, _AUTHOR),
    Row("returned.agree", "POST", returned_to_leave_out, _AUTHOR_SENDS),
    Row("why_left_out.ask", "GET", arrived_redacted,
        answers(302, participants=404, harmed=403, responsible=200)),
    Row("why_left_out.ask", "POST", arrived_redacted,
        answers(401, participants=404, harmed=403, responsible=302)),
    Row("care.settings", "GET", nothing, _STAFF),
    Row("care.settings", "POST", nothing, _STAFF_SEND),
    Row("care.debrief", "GET", on_the_desk, _TEAM),
    Row("care.debrief", "POST", a_talk, _TEAM_SENDS),
    Row("desk.seal", "POST", to_seal_again, _TEAM_SENDS),
    Row("notes.note", "POST", a_note, _TEAM_SENDS),
    Row("messages.case_note", "POST", a_case_note, _TEAM_SENDS),
    Row("notes.agree", "POST", differing, _TEAM_SENDS),
    Row("notes.together", "POST", differing, answers(401, first=409, stranger_facilitator=404)),
    Row("notes.pass_on", "POST", differing, _TEAM_SENDS),
    Row("messages.threads", "GET", the_case, _TEAM),
    Row("messages.thread", "GET", a_message, _TEAM),
    Row("messages.thread", "POST", a_message, _TEAM_SENDS),
    Row("disagreements.listed", "GET", nothing, _SUPERVISOR),
    Row("disagreements.one", "GET", a_disagreement, _SUPERVISOR),
    Row("disagreements.one", "POST", a_disagreement, _SUPERVISOR_SENDS),
    Row("second_factor.second_step", "GET", nothing, _ALL_ROOMS),
    Row("second_factor.second_step", "POST", a_code, answers(401, 302)),
    Row("second_factor.second_step_passkey", "POST", a_code, answers(401, 302)),
    Row("second_factor.overview", "GET", nothing, answers(302, 200)),
    Row("second_factor.app", "GET", nothing, answers(302, 200)),
    Row("second_factor.app", "POST", no_factor, answers(401, 404)),
    Row("second_factor.passkey", "GET", nothing, answers(302, 200)),
    Row("second_factor.passkey", "POST", a_wrong_password, answers(401, 400)),
    Row("second_factor.codes", "POST", no_factor, answers(401, 200, participants=409)),
    Row("second_factor.remove", "POST", no_factor, answers(401, 404)),
    Row("people.supervised", "POST", in_custody, _TEAM_SENDS),
    Row("supervised_sign_in.own", "GET", nothing, _PARTICIPANTS),
    Row("supervised_sign_in.own", "POST", her_own_word, _PARTICIPANTS_SEND),
    Row("supervised_sign_in.apart", "GET", nothing, _PARTICIPANTS),
    Row("supervised_sign_in.apart", "POST", a_pause, _HARMED_SENDS),
    Row("running.state", "GET", nothing,
        answers(302, facilitators=200, supervisor=200, administrator=200)),
    Row("cases.list_cases", "GET", nothing, _STAFF),
    Row("cases.new", "GET", nothing, _STAFF),
    Row("cases.new", "POST", a_request, _STAFF_SEND),
    Row("cases.case", "GET", the_case, _TEAM),
    Row("cases.letters", "GET", the_case, _TEAM),
    Row("cases.people", "GET", the_case, _TEAM),
    Row("cases.preparation", "GET", the_case, _TEAM),
    Row("cases.preparation", "POST", steps_taken, _TEAM_SENDS),
    Row("cases.safety", "GET", the_case, _TEAM),
    Row("cases.of_notes", "GET", the_case, _TEAM),
    Row("cases.timeline", "GET", the_case, _TEAM),
    Row("cases.halt", "GET", the_case, _TEAM),
    Row("cases.invite", "POST", new_case, _TEAM_ANSWERED),
    Row("cases.invite_again", "POST", case_with_an_open_invitation, _TEAM_ANSWERED),
    Row("cases.halt", "POST", the_case, _TEAM_SENDS),
    Row("retention.case", "GET", the_case, _TEAM),
    Row("retention.postpone", "POST", about_to_be_erased, _TEAM_SENDS),
    Row("background.referral", "GET", the_case, _TEAM),
    Row("background.referral", "POST", who_asks, _TEAM_SENDS),
    Row("background.conviction", "GET", the_case, _TEAM),
    Row("background.conviction", "POST", a_conviction, _TEAM_SENDS),
    Row("background.acknowledgement", "GET", the_case, _TEAM),
    Row("background.acknowledgement", "POST", the_evidence, _TEAM_SENDS),
    Row("background.orders", "GET", the_case, _TEAM),
    Row("background.orders", "POST", an_order, _TEAM_SENDS),
    Row("people.person", "GET", an_adult, _TEAM),
    Row("people.person", "POST", an_adult, _TEAM_SENDS),
    Row("people.contact_of", "GET", a_safe_way, _TEAM),
    Row("people.contact_of", "POST", a_safe_way, _TEAM_SENDS),
    Row("risk.assessment", "GET", the_case, _TEAM),
    Row("risk.assessment", "POST", assessed, _TEAM_SENDS),
    Row("risk.earlier", "GET", assessed_before, _TEAM),
    Row("risk.risks", "GET", the_case, _TEAM),
    Row("risk.risks", "POST", a_risk, _TEAM_SENDS),
    Row("case_agreement.agreement", "GET", the_case, _TEAM),
    Row("case_agreement.agreement", "POST", an_agreement, _TEAM_SENDS),
    Row("background.names", "GET", the_case, _TEAM),
    Row("background.names", "POST", some_names, _TEAM_SENDS),
    Row("tasks.tasks", "GET", the_case, _TEAM),
    Row("tasks.tasks", "POST", a_task, _TEAM_SENDS),
    Row("tasks.closing", "GET", the_case, _TEAM),
    Row("tasks.closing", "POST", beginning_to_close, _TEAM_SENDS),
    Row("alerts.mine", "GET", nothing, _STAFF),
    Row("alerts.of_case", "GET", the_case, _TEAM),
    Row("alerts.open", "GET", the_case, _TEAM),
    Row("alerts.open", "POST", a_risk, _TEAM_SENDS),
    Row("alerts.alert", "GET", an_alert, _TEAM),
    Row("alerts.alert", "POST", an_alert, _TEAM_SENDS),
    Row("tasks.calendar_of_case", "GET", the_case, _TEAM),
    Row("cases.all_cases", "GET", nothing, _STAFF),
    Row("today.today", "GET", nothing,
        answers(302, facilitators=200, supervisor=200, administrator=200)),
    Row("search.search", "GET", nothing, _STAFF),
    Row("absence.form", "GET", nothing, answers(302, facilitators=200)),
    Row("absence.form", "POST", going_away, answers(401, facilitators=302)),
    Row("absence.back", "POST", away, answers(401, facilitators=302)),
    Row("search.search", "POST", words_sought, answers(401, facilitators=200)),
    Row("load.load", "GET", nothing, _SUPERVISOR),
    Row("load.numbers", "GET", nothing, _SUPERVISOR),
    Row("load.statistics", "GET", nothing, _SUPERVISOR),
    Row("screening.findings", "GET", nothing, _SUPERVISOR),
    Row("screening.findings", "POST", a_finding, _SUPERVISOR_SENDS),
    Row("screening.restore", "POST", quieted, _SUPERVISOR_SENDS),
    Row("load.reviews", "GET", nothing, _SUPERVISOR),
    Row("suggest_colleague.colleague", "GET", the_case, _SUPERVISOR),
    Row("suggest_colleague.colleague", "POST", colleague_to_ask, _SUPERVISOR_SENDS),
    Row("load.table", "GET", a_table, _SUPERVISOR),
    Row("load.told", "GET", nothing, _SUPERVISOR),
    Row("emergency_access.requests", "GET", nothing,
        answers(302, supervisor=200, administrator=200)),
    Row("emergency_access.ask", "GET", the_case, _SUPERVISOR),
    Row("emergency_access.ask", "POST", a_reason, _SUPERVISOR_SENDS),
    Row("emergency_access.second", "POST", emergency_asked,
        answers(401, supervisor=403, administrator=302)),
    Row("emergency_access.close", "POST", emergency_asked, _SUPERVISOR_SENDS),
    Row("emergency_access.case", "GET", emergency_opened, _SUPERVISOR),
    Row("emergency_access.letter", "GET", emergency_letter, _SUPERVISOR),
    Row("staff.staff", "GET", nothing, _ADMINISTRATOR),
    Row("staff.invite", "POST", a_colleague, _ADMINISTRATOR_ANSWERED),
    Row("staff.invite_again", "POST", colleague_invited, _ADMINISTRATOR_ANSWERED),
    Row("team.members", "GET", the_case, _TEAM),
    Row("team.ask", "POST", colleague_to_ask, _TEAM_SENDS),
    Row("team.not_asked", "POST", suggested, _TEAM_SENDS),
    Row("team.sign_for", "POST", new_keys_of_a_member, _TEAM_SENDS),
    Row("team.withdraw", "POST", somebody_asked, _TEAM_SENDS),
    Row("team.answer", "GET", somebody_asked, answers(302, first=404, stranger_facilitator=200)),
    Row("team.answer", "POST", somebody_asked, answers(401, first=404, stranger_facilitator=302)),
    Row("team.end_specialist", "POST", a_specialist, _TEAM_SENDS),
    Row("team.leave", "GET", team_of_three, _TEAM),
    Row("team.leave", "POST", team_of_three, _TEAM_SENDS),
    Row("team.for_participants", "GET", nothing, _PARTICIPANTS),
    Row("contact_team.form", "POST", a_question, _PARTICIPANTS_SEND),
    Row("help.guide", "GET", nothing, _OPEN),
    Row("kept_about_me.own", "GET", nothing, _PARTICIPANTS),
    Row("kept_about_me.own", "POST", wrong_password_for_a_copy,
        answers(401, participants=400)),
)

def client_of(cast: Cast, role: str) -> FlaskClient:
    """A browser of somebody in this role, cookies and all."""
    return cast.app.test_client() if role == "anonymous" else getattr(cast, role).browser().client


def address(app: Flask, row: Row, values: dict[str, object]) -> str:
    """The path that a row asks."""
    with app.test_request_context():
        return app.url_for(row.endpoint, _external=False, **values)
