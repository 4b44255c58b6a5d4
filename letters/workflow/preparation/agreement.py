"""The agreement before the first letter (rule 17): proposed by the team, in words for each of the
two, agreed by both."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from letters.rules.case import decisions
from letters.rules.case.process import Agreement, Source, Terms
from letters.rules.errors import NotAcceptable, NotFound
from letters.rules.events import Event
from letters.rules.pace import MAX_GAP_DAYS
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.tables.letters import Channel
from letters.workflow.access import sealed_notes
from letters.workflow.access.enter import CaseAccess
from letters.workflow.access.record_fact import Recording, looking, parties_of, recording
from letters.workflow.notices import outbox
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

MAX_REPLIES = 100
MAX_LINE = {"greeting": 60, "signature": 40}
"""The greatest length of a wished greeting and a wished signature: one short line each."""


@dataclass(frozen=True)
class Wording:
    """The words of an agreement. ``own``: what it means for each of the two, in their own words;
    ``greeting`` and ``signature``: how letters to the person harmed begin and end, if she wishes
    for that."""

    topics: str
    address: str
    not_to_be_used: tuple[str, ...]
    own: Mapping[UUID, str]
    greeting: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Read:
    """One version as one of the two reads it. The words are missing for somebody who has lost their
    keys since."""

    id: UUID
    terms: Terms
    topics: str
    address: str
    not_to_be_used: list[str]
    own: str
    words_are_there: bool = True
    greeting: str = ""
    signature: str = ""


@dataclass(frozen=True)
class AgreementView:
    """What one of the two sees: the newest version, whether they agreed, whether both did, and
    which earlier version still holds. It never tells whether only the other one has agreed (rule
    22)."""

    newest: Read | None
    i_agreed: bool
    is_agreed: bool
    stands: Read | None


def agreement_for(platform: Platform, me: SignedIn, case_id: UUID) -> AgreementView:
    """The agreement, for one of the two."""
    with looking(platform, me, case_id, Permission.CASE_AGREE) as case:
        versions, parties = case.process.agreements, parties_of(platform, case.room)
        if not versions or parties is None:
            return AgreementView(None, False, False, None)
        newest, agreed = versions[-1], case.process.agreement(parties.harmed, parties.responsible)
        return AgreementView(_read(case, newest), me.person in newest.agreed, agreed is newest,
                             _read(case, agreed) if agreed is not None and agreed is not newest
                             else None)


def that_stands(platform: Platform, db: Session, me: SignedIn, room: CaseAccess) -> Read | None:
    """The version that both have agreed to, as this participant reads it; None if there is none."""
    parties = parties_of(platform, room)
    told = record.read(platform, db, room.case.id).process
    stands = told.agreement(parties.harmed, parties.responsible) if parties else None
    return _read(Recording(platform, db, me, room), stands) if stands else None


def _read(case: Recording, version: Agreement) -> Read:
    said = sealed_notes.opened(case.platform, case.db, case.me.identity, case.me.person, version.id,
                               record.read(case.platform, case.db, case.room.case.id).ever_decided)
    if not said:
        return Read(version.id, version.terms, "", "", [], "", False)
    words = json.loads(said[-1].words)
    return Read(version.id, version.terms, words["topics"], words["address"],
                words["not to be used"], words["own"],
                greeting=words.get("greeting", ""), signature=words.get("signature", ""))


def propose(platform: Platform, me: SignedIn, case_id: UUID, terms: Terms,
            wording: Wording) -> UUID:
    """Propose a version to both. An earlier one holds until both have agreed to this one.
    Raises ``NotAcceptable`` for terms or words that do not fit, and ``NotFound`` if ``own`` names
    anybody else.
    Returns its id."""
    if terms.first not in (Source.HARMED, Source.RESPONSIBLE):
        raise NotAcceptable("first", marked("Choose who writes first."))
    if terms.replies is not None and not 0 <= terms.replies <= MAX_REPLIES:
        raise NotAcceptable("replies", marked("Write a whole number from 0 to %(max_replies)s, "
                                              "or leave it empty for "
                                              "no limit."), max_replies=MAX_REPLIES)
    if not 0 <= terms.days <= MAX_GAP_DAYS:
        raise NotAcceptable("days",
                            marked("Write a whole number of days from 0 to %(max_gap_days)s."),
                            max_gap_days=MAX_GAP_DAYS)
    for field, most in MAX_LINE.items():
        line = getattr(wording, field).strip()
        if len(line) > most or len(line.splitlines()) > 1:
            raise NotAcceptable(field, marked("Write one line of %(most)s characters at most, or "
                                              "leave it empty."),
                                most=most)
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        parties, subject = case.parties, platform.new_id()
        if not {*wording.own} <= {parties.harmed, parties.responsible}:
            raise NotFound
        for person in (parties.harmed, parties.responsible):
            words = sealed_notes.checked(f"own-{person}",
                                         json.dumps(_shown(wording, person), ensure_ascii=False))
            sealed_notes.for_person(platform, case.db, me, case.room, person, subject, "agreement",
                                    words)
            outbox.notify(platform, case.db, person, "update")
        own = {str(person): words.strip() for person, words in wording.own.items()}
        everything = {**_shown(wording, me.person), "own": own}
        sealed_notes.for_team(
            platform, case.db, me, case.room, subject, "agreement",
            json.dumps(everything, ensure_ascii=False)
        )
        case.fact(Event.AGREEMENT_PROPOSED, subject, entered=terms.written())
        return subject


def agree(platform: Platform, me: SignedIn, case_id: UUID, agreement: UUID) -> None:
    """Agree to the newest version. Agreeing twice is agreeing once.

    Once both have agreed, the person who writes first according to it can write.
    Raises ``NotPossibleNow`` if there is a newer version by now.
    """
    with recording(platform, me, case_id, Permission.CASE_AGREE, opens=True) as case:
        decided = decisions.agree(case.process, agreement, me.person, case.parties)
        if decided.is_new:
            case.fact(Event.AGREED, agreement)
        if decided.opens:
            _open_channel(case)


def _shown(wording: Wording, person: UUID) -> dict[str, object]:
    return {"topics": wording.topics.strip(), "address": wording.address.strip(),
            "not to be used": [word.strip() for word in wording.not_to_be_used if word.strip()],
            "greeting": wording.greeting.strip(), "signature": wording.signature.strip(),
            "own": wording.own.get(person, "").strip()}


def _open_channel(case: Recording) -> None:
    case.db.execute(update(Channel).where(
        Channel.case_id == case.room.case.id, Channel.sender_id == case.parties.responsible,
        Channel.opened_at.is_(None)).values(opened_at=case.platform.now()))
