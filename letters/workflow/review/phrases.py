"""Saved wording: a facilitator's own phrases for returns, holds and notes, sealed to themselves.
They are put into a form, where they are read and changed before anything is sent."""

import json
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import delete

from letters.rules.errors import NotAcceptable
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.tables.letters import Note
from letters.workflow.access import sealed_notes
from letters.workflow.platform import Platform, SignedIn

_KIND = "phrases"
MOST, LONGEST = 30, 1_000
"""How many phrases one keeps of a kind, and the most characters of each."""


class PhraseKind(StrEnum):
    """Where a phrase is used."""

    RETURN = "return"
    HOLD = "hold"


Phrases = Mapping[PhraseKind, tuple[str, ...]]


def own_phrases(platform: Platform, me: SignedIn) -> Phrases:
    """One's own phrases. Raises ``Tampered`` if somebody else put them there."""
    with platform.reading() as db:
        kept = sealed_notes.of_oneself(platform, db, me, _KIND)
    told: dict[str, list[str]] = json.loads(kept) if kept else {}
    return {kind: tuple(told.get(kind, ())) for kind in PhraseKind}


def save_phrases(platform: Platform, me: SignedIn, phrases: Phrases) -> None:
    """Keep these phrases, in place of one's earlier ones.
    Raises ``NotAcceptable`` if there are too many, or one is too long."""
    may(me.actor, Permission.LETTER_REVIEW)
    for kind, words in phrases.items():
        if len(words) > MOST or any(len(one) > LONGEST for one in words):
            raise NotAcceptable(f"phrases-{kind}", marked(
                "Keep at most %(most)s phrases, of %(longest)s characters each."),
                most=MOST, longest=LONGEST)
    with platform.writing() as db:
        db.execute(delete(Note).where(Note.subject_id == me.person, Note.reader_id == me.person,
                                      Note.kind == _KIND))
        sealed_notes.for_me(platform, db, me, me.person, _KIND, json.dumps(phrases))
