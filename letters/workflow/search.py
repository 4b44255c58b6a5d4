"""Search in the cases of one's teams: names, codes, letters and notes that this person may read.

Nothing is indexed: what their own keys open is opened, case by case, the newest first. A step ends
with the case in which it has opened enough; the next step goes on after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rules.case.history import CaseHistory
from letters.rules.errors import LettersError, NotAcceptable, Tampered
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.queries import lists
from letters.storage.queries.lists import Key
from letters.storage.tables.letters import Case, Grant, Letter, Note, Version
from letters.workflow.access import case_keys, case_names, directory, sealed_notes
from letters.workflow.access.directory import Keys
from letters.workflow.access.enter import CaseAccess, case_to_read
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.review import second_reading
from letters.workflow.review.notes import Reader
from letters.workflow.writing.versions import place_of

SHORTEST, LONGEST = 2, 100
"""The length of what is searched for, in characters."""
A_STEP = 2_000
"""After so many opened letters and notes a step ends, with the case that it is in."""
AROUND = 60
"""How much is shown before and after what was found, in characters."""
OF_ANYBODY = frozenset({"risk", "request", "acknowledgement withdrawn"})
"""The notes to the team that those who take part write, too."""
OF_TEAM = frozenset({Reader.TEAM.value, Reader.WRITER.value, "reason", "referral", "evidence",
                     "order", "companion", "conviction", "task", "outcome", "alert", "step"})
"""The other notes to the team that are plain words."""


class SearchPlace(StrEnum):
    """Where something was found."""

    CASE = "case"
    LETTER = "letter"
    NOTE_ON_LETTER = "note on a letter"
    NOTE = "note on the case"


@dataclass(frozen=True)
class SearchResult:
    """One result: its case, its place (``subject``: the letter, else the case), and the words with
    what stands around them."""

    case: Case
    called: tuple[str, ...]
    place: SearchPlace
    subject: UUID
    at: datetime | None = None
    before: str = ""
    words: str = ""
    after: str = ""


@dataclass(frozen=True)
class Searched:
    """What one step found. ``next``: where the next step goes on, None at the end; ``cases``: how
    many it looked through; ``broken``: how many of them do not verify."""

    found: list[SearchResult]
    next: Key | None
    cases: int
    broken: int


def search(platform: Platform, me: SignedIn, words: str, before: Key | None = None) -> Searched:
    """Look for these words, in this order, whatever their capitals and the space between them.
    Raises ``NotAcceptable`` for words that are too short or too long."""
    may(me.actor, Permission.CASE_SEE)
    needle = _normal(words)
    if not SHORTEST <= len(needle) <= LONGEST:
        raise NotAcceptable("words", marked("Write from %(shortest)s to %(longest)s characters."),
                            shortest=SHORTEST, longest=LONGEST)
    broken: list[Tampered] = []
    with platform.reading() as db:
        page = lists.cases_of_member(db, me.person, before)
        called = case_names.first_names(platform, db, me.person, [case.id for case in page.rows])
        found, opened, looked = list[SearchResult](), 0, 0
        for case in page.rows:
            looked += 1
            try:
                one = _InCase(platform, db, me, case, called[case.id], needle)
                found += one.found()
                opened += one.opened
            except Tampered as problem:
                broken.append(Tampered(problem.subject, case.id))
            except LettersError:  # they can no longer enter it, or it was erased
                continue
            if opened >= A_STEP:
                break
        last = page.rows[looked - 1] if looked else None
        more = page.next or (last and looked < len(page.rows))
    for one_broken in broken:
        raise_alarm(platform, one_broken)
    return Searched(found, (last.opened_at, last.id) if last and more else None, looked,
                    len(broken))


class _InCase:
    """One case, looked through for one person."""

    def __init__(self, platform: Platform, db: Session, me: SignedIn, case: Case,
                 called: tuple[str, ...], needle: str) -> None:
        self.platform, self.db, self.me = platform, db, me
        self.case, self.called, self.needle, self.opened = case, called, needle, 0
        self.room: CaseAccess = case_to_read(platform, db, me, case.id, Permission.CASE_SEE)
        self.story: CaseHistory = record.to_decide(platform, db, case.id)
        self.ring = case_keys.open_all(platform, db, me, case.id)

    def found(self) -> list[SearchResult]:
        people = directory.names(self.platform, self.db, self.room.takes_part)
        called = [self.case.reference, *people.values()]
        itself = [SearchResult(self.case, self.called, SearchPlace.CASE, self.case.id)
                  ] if any(self.needle in _normal(name) for name in called) else []
        return [*itself, *self._letters(), *self._notes()]

    def _letters(self) -> Iterator[SearchResult]:
        rows = self.db.execute(
            select(Letter, Version, Grant).join(Version, Version.id == Letter.submitted_id)
            .join(Grant, (Grant.version_id == Version.id) & (Grant.reader_kind == "case")
                  & (Grant.reader_id == Letter.case_id) & (Grant.epoch == Version.epoch))
            .where(Letter.case_id == self.case.id, Version.epoch.in_(list(self.ring)))
            .order_by(Letter.submitted_at.desc(), Letter.id)).all()
        authors = directory.keys_of_people(self.platform, self.db, self.room.takes_part)
        for letter, version, grant in rows:
            self.opened += 1
            if self.story.letter(letter.id).version != version.id:
                raise Tampered(letter.id, self.case.id)
            text = _words_of(letter, version, grant, self.ring, authors)
            yield from self._around(text, SearchPlace.LETTER, letter.id, letter.submitted_at)

    def _notes(self) -> Iterator[SearchResult]:
        letters = dict[UUID, UUID]()
        for letter, version in self.db.execute(
                select(Letter.id, Version.id).join(Version, Version.letter_id == Letter.id)
                .where(Letter.case_id == self.case.id)):
            letters |= {letter: letter, version: letter}
        team = self.story.ever_joined
        for rows, keys, writers in (self._to_team(OF_TEAM, team),
                                    self._to_team(OF_ANYBODY, team | self.story.participants),
                                    self._of_oneself([self.case.id, *letters])):
            notes = sealed_notes.opened_rows(self.platform, self.db, keys, rows, None, writers)
            self.opened += len(notes)
            for row, note in zip(rows, notes, strict=True):
                about = letters.get(row.subject_id)
                place = SearchPlace.NOTE_ON_LETTER if about else SearchPlace.NOTE
                if about is None or second_reading.curtain_of(
                        self.story.letter(about), self.me.person).shown([note]):
                    yield from self._around(note.words, place, about or self.case.id,
                                            note.written_at)

    def _to_team(self, kinds: frozenset[str], writers: frozenset[UUID]) -> tuple[
            Sequence[Note], Mapping[int, Identity], frozenset[UUID]]:
        rows = self.db.scalars(select(Note).where(
            Note.reader_id == self.case.id, Note.epoch.in_(list(self.ring)),
            Note.kind.in_(kinds)).order_by(Note.written_at, Note.id)).all()
        return rows, self.ring, writers

    def _of_oneself(self, about: Sequence[UUID]) -> tuple[
            Sequence[Note], Mapping[int, Identity], frozenset[UUID]]:
        rows = self.db.scalars(select(Note).where(
            Note.reader_id == self.me.person, Note.kind == Reader.ME.value,
            Note.subject_id.in_(about)).order_by(Note.written_at, Note.id)).all()
        return rows, {0: self.me.identity}, frozenset({self.me.person})

    def _around(self, text: str, place: SearchPlace, subject: UUID,
                at: datetime | None) -> Iterator[SearchResult]:
        """The first place of the words in a text, with what stands around it."""
        plain = " ".join(text.split())
        at_character = _normal(plain).find(self.needle)
        if at_character < 0:
            return
        end = at_character + len(self.needle)
        yield SearchResult(self.case, self.called, place, subject, at,
                    plain[max(at_character - AROUND, 0):at_character], plain[at_character:end],
                    plain[end:end + AROUND])


def _words_of(letter: Letter, version: Version, grant: Grant, ring: Mapping[int, Identity],
              authors: Mapping[UUID, Keys]) -> str:
    """The words as handed in. Raises ``Tampered`` unless their author signed them."""
    try:
        key = sealing.open_case_grant(ring[version.epoch], letter.case_id, version.epoch,
                                      grant.sealed, version.id)
        return sealing.open_letter(version.body, place_of(letter, version), key,
                                   authors[letter.author_id].verifier)
    except (CannotOpen, KeyError):
        raise Tampered(letter.id, letter.case_id) from None


def _normal(words: str) -> str:
    return " ".join(words.lower().split())
