"""How somebody wants to hear that there is something new, if at all. The default is no messages.

The choice is boxed under the contact key, as names are: the service can use it, a copy of the
database says nothing, not even who wants messages. The team sees what it needs to call somebody
safely, never an address.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import email_validator
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.rules.errors import NotAcceptable, NotFound, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.queries.lists import case_of_participant
from letters.storage.tables.desk import ContactWay, Notice
from letters.storage.tables.letters import Case, Installation, Person
from letters.workflow.access import directory, own_keys
from letters.workflow.access.enter import CaseAccess, case_to_change, case_to_read
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

SENDERS = ("Messages", "Notices", "Post", "Your account")
SUBJECTS = ("An update", "There is something new", "A short message", "Your account")
"""The senders and subjects that a message can have; the first unless somebody chooses."""

MOST_OWN, MOST_WORDS = 40, 1_000
TELLING = """abus accus arrest assault attack case conferenc convict correction counsel court crim
custod detention domestic exchang facilitat forgiv guilt harm helpline hurt inmate jail judg justice
kill law legal letter mediat murder offen parole perpetrat polic prison probation prosecut punish
rape reconcil rehabilit releas repair responsib restor sentenc sex shelter sorry surviv tribunal
trauma trial victim violen witness""".split()
"""Beginnings of words that would tell an onlooker what this is about."""

# The library refuses it as unknown to the world, but houses use it for their own mail.
if "local" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("local")
_DOMAIN = re.compile(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
_PLAIN = re.compile(r"[^\W\d_]+([ ,.'’-]{1,2}[^\W\d_]+)*[.!?]?")


@dataclass(frozen=True)
class ContactChoice:
    """One person's choice. ``address`` empty: no messages at all. ``sender`` and ``subject`` are
    what they agreed to; ``telephone`` says whether they may be called, when, and what to say;
    ``channel`` is the safe way that a facilitator recorded with them."""

    address: str = ""
    sender: str = SENDERS[0]
    subject: str = SUBJECTS[0]
    telephone: str = ""
    channel: str = ""


@dataclass(frozen=True)
class OwnContact:
    """One's own choice as the page shows it. ``came_back``: the last message could not be
    delivered."""

    way: ContactChoice
    came_back: bool


@dataclass(frozen=True)
class ForTeam:
    """What the team sees of a choice, to reach somebody safely: never an address, only whether
    there is one."""

    name: str
    by_mail: bool
    telephone: str
    channel: str
    came_back: bool


def is_address(written: str) -> bool:
    """True for an e-mail address alone, in letters of any script. Its domain has a name, not a
    number. Nobody is asked whether it exists."""
    checked = _checked(written)
    return checked is not None and _DOMAIN.fullmatch(checked.ascii_domain or "") is not None


def as_sent(address: str) -> str:
    """The address as a mail server is asked for it: the domain in ASCII. An address whose local
    part has other letters stays as it is, and needs a server that takes such addresses."""
    checked = _checked(address)
    return (checked.ascii_email or checked.normalized) if checked else address


def _checked(written: str) -> email_validator.ValidatedEmail | None:
    try:
        return email_validator.validate_email(written, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None


def own_contact(platform: Platform, me: SignedIn) -> OwnContact:
    """One's own choice."""
    with platform.reading() as db:
        return OwnContact(_as_far_as_kept(platform, db, me.person),
                          me.person in came_back(db, [me.person]))


def choose(platform: Platform, me: SignedIn, address: str, sender: str, subject: str,
           telephone: str = "") -> None:
    """Choose how to hear of something new; an empty ``address`` means no messages at all.

    A message that failed at an earlier address is not sent to this one.
    Raises ``NotAcceptable`` for an address that is none, and for words that would give the matter
    away.
    """
    if address and not is_address(address):
        raise NotAcceptable("address", marked("Write an e-mail address, such as name@example.org."))
    _require_short("telephone", telephone)
    with platform.writing() as db:
        chain, _ = own_keys.enter_account(platform, db, me.person)
        names = _names_known_to(platform, db, me)
        _require_neutral("sender", sender, SENDERS, names, me.role.is_participant)
        _require_neutral("subject", subject, SUBJECTS, names, me.role.is_participant)
        try:
            put(platform, db, chain, me.person, me.person,
                ContactChoice(address, sender, subject, telephone,
                              _as_far_as_kept(platform, db, me.person).channel))
        except Tampered:  # on a chain that does not hold one can still choose to hear nothing
            if address:
                raise
            db.execute(delete(ContactWay).where(ContactWay.person_id == me.person))
        db.execute(delete(Notice).where(Notice.person_id == me.person, or_(
            Notice.failed_at.is_not(None), Notice.due_at.is_not(None) & (Notice.tries > 0))))


def for_team(platform: Platform, me: SignedIn, case_id: UUID, person: UUID) -> ForTeam:
    """How the team can reach a participant of this case. Raises ``NotFound`` for anybody else."""
    with platform.reading() as db:
        _require_takes_part(case_to_read(platform, db, me, case_id, Permission.CASE_MANAGE), person)
        way = way_of(platform, db, person)
        return ForTeam(directory.names(platform, db, [person])[person], bool(way.address),
                       way.telephone, way.channel,
                       person in came_back(db, [person]))


def record_channel(platform: Platform, me: SignedIn, case_id: UUID, person: UUID,
                   channel: str) -> None:
    """Record how to reach a participant safely, as agreed with them.
    Raises ``NotFound`` for anybody who does not take part in this case, ``NotAcceptable`` if it is
    too long."""
    _require_short("channel", channel)
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        _require_takes_part(room, person)
        locked(db, person)
        put(platform, db, room.case, me.person, person,
            replace(_as_far_as_kept(platform, db, person), channel=channel))


def _as_far_as_kept(platform: Platform, db: Session, person: UUID) -> ContactChoice:
    """The choice before this one, or none if it is not the one that was kept last: a new one takes
    its place."""
    try:
        return way_of(platform, db, person)
    except Tampered:
        return ContactChoice()


def begin_with(platform: Platform, db: Session, case: Case, by: UUID, person: UUID,
               channel: str) -> None:
    """Keep the safe way to reach somebody who is being invited; nothing if ``channel`` is empty."""
    _require_short("channel", channel)
    if channel:
        put(platform, db, case, by, person, ContactChoice(channel=channel))


def came_back(db: Session, people: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these people whose last message could not be delivered."""
    return frozenset(db.scalars(select(Notice.person_id).where(Notice.person_id.in_(list(people)),
                                                               Notice.failed_at.is_not(None))))


def locked(db: Session, person: UUID) -> Person:
    """The person's row, locked: whatever is kept or sent for them runs one after another, but new
    rows may still refer to it."""
    return db.scalars(select(Person).where(Person.id
                                           == person).with_for_update(key_share=True)).one()


def way_of(platform: Platform, db: Session, person: UUID,
           of_alert: bool = False) -> ContactChoice:
    """How this person wants to hear. ``of_alert``: staff hear of an alert also where their chain
    does not hold.
    Raises ``Tampered`` if the row is not the one that was kept last."""
    found = _kept(platform, db, person)
    if not _is_last(platform, db, person, found.pop("kept"), of_alert):
        # somebody may have chosen between the two looks
        record.afresh(db, directory.chain_of(platform, db, db.get_one(Person, person)))
        found = _kept(platform, db, person)
        if not _is_last(platform, db, person, found.pop("kept"), of_alert):
            raise Tampered(person)
    return ContactChoice(**found)


def _kept(platform: Platform, db: Session, person: UUID) -> dict[str, Any]:
    row = db.scalars(select(ContactWay).where(ContactWay.person_id == person)
                     .execution_options(populate_existing=True)).first()
    if row is None:
        return {"kept": 0}
    try:
        return {"kept": 0, **json.loads(platform.keys.open_contact(_place(person), row.sealed))}
    except CannotOpen:
        raise Tampered(person) from None


def _is_last(platform: Platform, db: Session, person: UUID, kept: int, of_alert: bool) -> bool:
    """True if this choice is the last one on record, or at least of staff who have to hear of an
    alert. Raises ``Tampered`` where the chain does not hold otherwise."""
    account = db.get_one(Person, person)
    chain = directory.chain_of(platform, db, account)
    try:
        return kept == record.accounts(platform, db, chain).contact.get(person, 0)
    except Tampered:
        if not of_alert or directory.role_of(platform, account).is_participant:
            raise
        return True


def put(platform: Platform, db: Session, chain: Case | Installation, by: UUID, person: UUID,
        way: ContactChoice) -> None:
    """Keep this choice in place of the earlier one. The trail counts the choices, and the box holds
    that count: an earlier one that is put back does not fit."""
    times = record.accounts(platform, db, chain.id).contact.get(person, 0) + 1
    record.add(platform, db, chain, Event.CONTACT_CHOSEN, by, person)
    content = json.dumps({**asdict(way), "kept": times})
    sealed = box.seal(platform.keys.contact, _place(person), content.encode(), platform.random,
                      box.NOTE_BLOCK)
    db.merge(ContactWay(person_id=person, sealed=sealed))


def _place(person: UUID) -> bytes:
    return context("contact way", person=person)


def _names_known_to(platform: Platform, db: Session, me: SignedIn) -> set[str]:
    """The names that this person knows anyway: their own and the team's. Refusing any other name
    would reveal it."""
    found = case_of_participant(db, me.person)
    people = {me.person, *(directory.team_of(platform, db, found[0].id) if found else ())}
    return {word for name in directory.names(platform, db, people).values() for word in _words(name)
            if len(word) > 1}


def _require_neutral(field: str, words: str, offered: tuple[str, ...], names: set[str],
                     may_be_own: bool) -> None:
    if words in offered:
        return
    if not may_be_own:
        raise NotAcceptable(field, marked("Choose one of these."))
    field = f"own_{field}"
    if not words or len(words) > MOST_OWN or not _PLAIN.fullmatch(words):
        raise NotAcceptable(field, marked("Write a few plain words, %(most_own)s letters at "
                                          "most, without numbers."),
                            most_own=MOST_OWN)
    said = _words(words)
    if names & set(said):
        raise NotAcceptable(field, marked("Leave names out. Somebody else may see these words."))
    if any(word.startswith(telling) for word in said for telling in TELLING):
        raise NotAcceptable(field, marked("One of these words could tell somebody what this is "
                                          "about. Choose others."))


def _words(text: str) -> list[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold())
                    if not unicodedata.combining(sign))
    return re.findall(r"[^\W\d_]+", plain)


def _require_takes_part(room: CaseAccess, person: UUID) -> None:
    if person not in room.takes_part:
        raise NotFound


def _require_short(field: str, words: str) -> None:
    if len(words) > MOST_WORDS:
        raise NotAcceptable(field, marked("These are more than %(most_words)s characters. Please "
                                          "make it shorter."),
                            most_words=f"{MOST_WORDS:,}")
