"""Who and what there is: the company of the tests, a case with letters in every state, and letters that really open.

People, cases and the letters of the first case come about by the program's own verbs; drafts to submit and letters
to open are sealed here directly, since there must be thousands; the bulk is copied (``copies``).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from benchmarks import copies
from benchmarks.place import Place
from keys import letter as sealing
from letters.domain.events import Event
from letters.domain.lifecycle import State
from letters.domain.people import Role
from letters.storage.queries import Key
from letters.storage.store import Store, microseconds
from letters.storage.tables import Case, DecisionRow, DeskEntry, Grant, Letter, Statement, Version
from letters.workflow import decide, directory, enrol, findings, open_case, read, review, sign_in, stages, trail
from letters.workflow.findings import Disposition
from letters.workflow.house import House
from letters.workflow.write import POLICY, place_of, set_bar
from tests.cast import Cast, Player

LETTERS_A_CASE = 10
_SENTENCES = (
    "I have started this letter many times and put it away again.",
    "Since that night I sit where I can see the door.",
    "I want you to know what it was like, and that I am still here.",
    "My sister drove me to work for half a year because I could not take the bus.",
    "You said in court that you did not remember; I remember all of it.",
    "What I would like to ask is whether you thought of anybody but yourself.",
    "The garden helps, and so does the dog, who knows nothing of any of this.",
    "I do not need you to answer quickly, and I do not need you to answer at all.",
)


def words(length: int, number: int = 0) -> str:
    """A letter of exactly this many ASCII characters, with one telephone number to notice; each number another."""
    text = f"Call me on 07700 900{number % 1000:03}.\n\n"
    while len(text) < length:
        text += _SENTENCES[(number + len(text) // 7) % len(_SENTENCES)] + ("\n\n" if len(text) % 5 == 0 else " ")
    return text[:length - 1] + "."


@dataclass(frozen=True)
class Pair:
    """A case of two people who write to each other."""

    case: UUID
    harmed: Player
    responsible: Player


class Town:
    """A seeded installation: ``cast`` reads at the desk, and ``pair`` makes further people."""

    def __init__(self, place: Place, letters: int) -> None:
        self.place = place
        self.house = _quick(place.house)
        self.cast = Cast(place.app, self.house, None)
        _letters_in_every_state(self.cast)
        with self.house.store.writing() as db:
            copies.copy_case(db, self.cast.case, letters // LETTERS_A_CASE - 1)
        self.settle()

    def settle(self) -> None:
        """Let the server tidy up, so that no phase has to."""
        with self.house.store.reading() as db:
            copies.settle(db)

    def cookie(self, player: Player) -> str:
        """A fresh session of this person, as it stands after every step of signing in."""
        me, until = player.me, self.house.now() + stages.LONGEST
        with self.house.store.writing() as db:
            token = sign_in.begin(self.house, db, me.person, me.identity, stages.FULL, until)
        return f"__Host-session={token.hex()}"

    def middle_of_desk(self, lane: State) -> Key:
        """Half-way through a lane of the first facilitator's desk."""
        mine = DeskEntry.person_id == self.cast.first.id, DeskEntry.lane == lane.value
        with self.house.store.reading() as db:
            count = db.scalar(select(func.count()).where(*mine)) or 0
            since, letter = db.execute(select(DeskEntry.since, DeskEntry.letter_id).where(*mine).order_by(
                DeskEntry.since, DeskEntry.letter_id).offset(count // 2).limit(1)).one()
        return since, letter

    def pair(self, name: str) -> Pair:
        """Two new people in a new case, read by the same team."""
        first = self.cast.first.me
        case = open_case.open_case(self.house, first)
        harmed, responsible = (
            Player(self.place.app, self.house, f"{name} {role.value}",
                   enrol.invite_participant(self.house, first, case, role, f"{name} {role.value}"))
            for role in (Role.HARMED, Role.RESPONSIBLE))
        self.cast.join(case, self.cast.first, self.cast.second)
        self.cast.prepare(case, (self.cast.first, self.cast.second), harmed, responsible)
        return Pair(case, harmed, responsible)

    def drafts(self, pair: Pair, count: int, length: int) -> list[tuple[UUID, UUID]]:
        """Saved drafts of the person harmed, as (letter, version)."""
        made = []
        channel = self.cast.channel(pair.harmed)
        with self.house.store.writing() as db:
            for number in range(count):
                letter = self._letter(db, pair.case, channel, pair.harmed, pair.responsible, "draft")
                version, _ = self._version(db, letter, pair.harmed, words(length, number), "draft")
                letter.draft_id = version.id
                made.append((letter.id, version.id))
        return made

    def released(self, pair: Pair, count: int, length: int) -> list[UUID]:
        """Letters of the person who harmed, approved by two, that have reached the person harmed."""
        made, channel = [], self.cast.channel(pair.responsible)
        with self.house.store.writing() as db:
            for number in range(count):
                letter = self._letter(db, pair.case, channel, pair.responsible, pair.harmed, "released")
                version, key = self._version(db, letter, pair.responsible, words(length, number), "submitted")
                letter.submitted_id, letter.round = version.id, 1
                letter.submitted_at = letter.released_at = self.house.now()
                set_bar(self.house, letter, version, letter.round)
                recipient = pair.harmed.me.identity.recipient
                db.add(Grant(version_id=version.id, reader_kind="person", reader_id=pair.harmed.id, epoch=0,
                             sealed=sealing.grant_to_person(recipient, pair.harmed.id, key, version.id)))
                for reader in (self.cast.first, self.cast.second):
                    db.add(self._approval(letter, version, reader))
                db.add(self._statement(version, pair.harmed))
                made.append(letter.id)
        return made

    def _letter(self, db: Session, case: UUID, channel: UUID, author: Player, recipient: Player,
                state: str) -> Letter:
        letter = Letter(id=self.house.new_id(), case_id=case, channel_id=channel, author_id=author.id,
                        recipient_id=recipient.id, state=state, began_at=self.house.now(), round=0)
        db.add(letter)
        # ``move`` asks the trail where the letter stands.
        event = Event.LETTER_BEGUN if state == "draft" else Event.LETTER_RELEASED
        trail.record(self.house, db, db.get_one(Case, case), event, author.id, letter.id, entered=state)
        return letter

    def _version(self, db: Session, letter: Letter, author: Player, text: str, kind: str) -> tuple[Version, bytes]:
        house, key, me = self.house, self.house.random(32), author.me
        version = Version(id=house.new_id(), letter_id=letter.id, kind=kind, parent=sealing.NO_PARENT,
                          saved_at=house.now())
        place = place_of(letter, version)
        version.body = sealing.seal_letter(text, place, me.identity, key, house.random)
        version.digest = sealing.digest(version.body, place)
        grants = [Grant(version_id=version.id, reader_kind="person", reader_id=me.person, epoch=0,
                        sealed=sealing.grant_to_person(me.identity.recipient, me.person, key, version.id))]
        if kind == "submitted":
            team = directory.case_keys(house, db, letter.case_id, 1).recipient
            version.epoch, version.policy, version.needed = 1, POLICY, 2
            findings.seal(version, letter.case_id, team, ())
            grants.append(Grant(version_id=version.id, reader_kind="case", reader_id=letter.case_id, epoch=1,
                                sealed=sealing.grant_to_case(team, letter.case_id, 1, key, version.id)))
        db.add(version)
        db.flush()
        db.add_all(grants)
        return version, key

    def _approval(self, letter: Letter, version: Version, reader: Player) -> DecisionRow:
        now = self.house.now()
        decision = sealing.Decision(version.id, version.digest, version.findings_hash, decide.APPROVE,
                                    letter.recipient_id, reader.id, 1, version.policy, version.needed,
                                    microseconds(now))
        return DecisionRow(id=self.house.new_id(), version_id=version.id, reader_id=reader.id, round=1, at=now,
                           verdict=decide.APPROVE, signature=sealing.sign_decision(reader.me.identity, decision))

    def _statement(self, version: Version, recipient: Player) -> Statement:
        now, signer, kid = self.house.now(), self.cast.second, recipient.me.identity.kid
        said = sealing.ReleaseStatement(version.id, version.digest, recipient.id, kid, bytes(32), signer.id,
                                        microseconds(now))
        return Statement(version_id=version.id, at=now, recipient_kid=kid, sealed_hash=said.sealed_hash,
                         signer_id=signer.id, signature=sealing.sign_statement(signer.me.identity, said))


def _letters_in_every_state(cast: Cast) -> None:
    """Ten letters, as a case might have them: three opened, one released, five at the desk, one being written."""
    house, harmed, responsible, first = cast.house, cast.harmed, cast.responsible, cast.first
    for number, (author, recipient) in enumerate(((harmed, responsible), (harmed, responsible), (responsible, harmed))):
        read.open_letter(house, recipient.me, cast.released(author, words(3000, number)))
    cast.released(harmed, words(2000))
    for number in range(3):
        cast.submitted(harmed, words(1000 + 1500 * number, number))
    cast.approve(cast.submitted(responsible, words(3000)), first)
    held = cast.submitted(harmed, words(5000))
    review.claim(house, first.me, held)
    version = review.look(house, first.me, held).version.id
    review.dispose(house, first.me, held, version, {0: Disposition.ESCALATE})
    decide.hold(house, first.me, held, version, "To be talked over.", (house.now() + timedelta(days=60)).date())
    cast.draft(harmed, words(1500))


def _quick(house: House) -> House:
    """The same house through connections that do not wait for the disk at each commit: for seeding alone."""
    url = make_url(house.store.url).update_query_dict({"options": "-c synchronous_commit=off"})
    return replace(house, store=Store(url.render_as_string(hide_password=False)))
