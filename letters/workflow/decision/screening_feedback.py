"""What facilitators say about the screening:
"not helpful" of a finding, "you missed this" with a category.

Their words are notes, sealed to the case. In the same transaction the rule is counted over all
cases; the count says nothing about any one case.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.errors import NotPossibleNow
from letters.rules.permissions import Permission, may
from letters.screening import Category
from letters.workflow.access import sealed_notes
from letters.workflow.access.enter import letter_to_change
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation import consent
from letters.workflow.review.read_letter import Reading, reading
from letters.workflow.screening import counts as screening_counts

NOT_HELPFUL, MISSED = "not helpful", "missed"
"""Kinds of notes."""
RULES, CATEGORIES = "screening not helpful", "screening missed"
"""Names of tallies."""
FEWEST = 5
"""A smaller number is not shown: with few cases it would tell of one."""
Counts = Mapping[str, list[tuple[str, int | None]]]
"""Both tallies, highest first; None stands for a number that is too small to be shown."""


@dataclass(frozen=True)
class Missed:
    """Something that the screening did not notice, in a reader's words."""

    category: Category
    words: str
    written_by: UUID


def mark(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
         numbers: Iterable[int]) -> None:
    """Keep which findings did not help this reader.
    The last save counts, and a finding counts once for all readers.

    Raises ``NotPossibleNow`` if there is a newer version.
    """
    with platform.writing() as db:
        read = _entered(platform, db, me, letter_id, version_id)
        own = sorted({number for number in numbers if 0 <= number < len(read.findings)})
        marked = _last(read.notes)
        if own == marked.get(me.person, []):
            return
        sealed_notes.for_team(platform, db, me, read.room, version_id, NOT_HELPFUL, json.dumps(own))
        before, after = _all(marked), _all({**marked, me.person: own})
        if not consent.may_be_counted(platform, db, read.room.case.id, read.room.letter.author_id):
            return
        # One at a time: two findings may come from the same rule.
        for number in sorted(before ^ after):
            screening_counts.count(platform, db, RULES, [read.findings[number].rule],
                                   1 if number in after else -1)


def miss(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID, category: Category,
         words: str) -> None:
    """Keep what the screening missed. The same words of the same reader count once.

    Raises ``NotAcceptable`` without words, ``NotPossibleNow`` if there is a newer version.
    """
    words = sealed_notes.checked("missed-words", words)
    with platform.writing() as db:
        read = _entered(platform, db, me, letter_id, version_id)
        if Missed(category, words, me.person) in missed(read.notes):
            return
        told = json.dumps({"category": category.value, "words": words})
        sealed_notes.for_team(platform, db, me, read.room, version_id, MISSED, told)
        if consent.may_be_counted(platform, db, read.room.case.id, read.room.letter.author_id):
            screening_counts.count(platform, db, CATEGORIES, [category.value])


def marked_by(said: Iterable[OpenNote], reader: UUID) -> frozenset[int]:
    """The numbers of the findings that did not help this reader."""
    return frozenset(_last(said).get(reader, []))


def missed(said: Iterable[OpenNote]) -> list[Missed]:
    """What was missed in this version, oldest first."""
    opened = [(json.loads(note.words), note.written_by) for note in said if note.kind == MISSED]
    return [Missed(Category(told["category"]), told["words"], by) for told, by in opened]


def told(platform: Platform, me: SignedIn) -> Counts:
    """The report, for those who oversee the service."""
    may(me.actor, Permission.SCREENING_TUNE)
    return report(platform)


def report(platform: Platform) -> Counts:
    """Both tallies. A number under ``FEWEST`` is None; these entries are ordered by name."""
    with platform.reading() as db:
        counted = {name: screening_counts.counted(platform, db, name)
                   for name in (RULES, CATEGORIES)}
    return {name: sorted(((what, number if number >= FEWEST else None) for what,
                          number in counts.items()),
                         key=lambda told: (-(told[1] or 0), told[0]))
            for name, counts in counted.items()}


def _entered(platform: Platform, db: Session, me: SignedIn, letter_id: UUID,
             version_id: UUID) -> Reading:
    room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
    if room.letter.submitted_id != version_id:
        raise NotPossibleNow("there is a newer version")
    return reading(platform, db, me, room)


def _last(said: Iterable[OpenNote]) -> dict[UUID, list[int]]:
    return {note.written_by: json.loads(note.words) for note in said if note.kind == NOT_HELPFUL}


def _all(marked: Mapping[UUID, list[int]]) -> set[int]:
    return {number for numbers in marked.values() for number in numbers}
