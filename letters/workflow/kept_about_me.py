"""What is kept about somebody who takes part, as far as they can read it on pages: one copy of it,
opened with their own keys, for themselves.

It goes the same ways as the pages, so nothing is in it that no page shows: no state of a letter,
nothing that the other side decided (rule 22), no letter that was not opened, and of a letter that
is read part by part only the parts that were reached.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from letters.rules.errors import KeyNotConfirmed, NotFound
from letters.rules.permissions import Permission, has, may
from letters.storage.queries.lists import Key, Page
from letters.storage.tables.letters import Letter
from letters.workflow import messages
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.accounts import sign_in
from letters.workflow.decision import redaction
from letters.workflow.notices import contact
from letters.workflow.notices.contact import ContactChoice
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation import consent
from letters.workflow.preparation.consent import Said
from letters.workflow.reading import in_parts, open_letter
from letters.workflow.reading.in_parts import Plan
from letters.workflow.release import pace
from letters.workflow.release.pace import OwnPace
from letters.workflow.writing import for_myself, saved_after_sign_out, write
from letters.workflow.writing.for_myself import Words
from letters.workflow.writing.saved_after_sign_out import LateSave
from letters.workflow.writing.versions import OwnText

Row = TypeVar("Row")


@dataclass(frozen=True)
class LetterWritten:
    """A letter of one's own: every version that one can still open, newest first.

    ``sent``: the version with something left out to which one agreed, or None.
    ``notes``: what the facilitators wrote to its author.
    """

    letter: Letter
    versions: list[OwnText]
    sent: OwnText | None
    notes: list[OpenNote]


@dataclass(frozen=True)
class LetterOpened:
    """A letter that one has opened, as far as one has read it."""

    came: datetime
    parts: tuple[str, ...]
    more: bool


@dataclass(frozen=True)
class KeptAboutMe:
    """One copy of all that. ``pace`` and ``plan`` are None for everybody but the person harmed."""

    made: datetime
    written: list[LetterWritten]
    late: list[LateSave]
    received: list[LetterOpened]
    for_myself: list[Words]
    consents: list[Said]
    pace: OwnPace | None
    plan: Plan | None
    messages: list[OpenNote]
    names: dict[UUID, str]
    contact: ContactChoice


def copy(platform: Platform, me: SignedIn, case_id: UUID, password: str) -> KeptAboutMe:
    """Everything that one can read of what is kept about oneself.

    The password is asked for, because an open session must not be enough to carry all of it away.
    Nothing is recorded, and nothing counts as read or opened by it.
    Raises ``NeedsPassword`` or ``PleaseWait`` for a wrong password, ``Tampered`` if something does
    not verify.
    """
    may(me.actor, Permission.CASE_TAKE_PART)
    sign_in.confirm(platform, me, password)
    sets_pace = has(me.role, Permission.CASE_SET_PACE)
    thread, names = messages.own_messages(platform, me, case_id)
    return KeptAboutMe(
        platform.now(),
        [_written(platform, me, row) for row in _all(
            lambda before: write.own_letters(platform, me, before))],
        saved_after_sign_out.waiting(platform, me),
        [one for row in _all(lambda before: open_letter.letters_arrived(platform, me, before))
         if (one := _received(platform, me, row)) is not None],
        _for_myself(platform, me),
        consent.consent_for(platform, me, case_id).said,
        pace.own_pace(platform, me, case_id) if sets_pace else None,
        in_parts.plan(platform, me) if sets_pace else None,
        thread,
        names,
        contact.own_contact(platform, me).way,
    )


def _all(page_of: Callable[[Key | None], Page[Row]]) -> Iterator[Row]:
    page = page_of(None)
    yield from page.rows
    while page.next is not None:
        page = page_of(page.next)
        yield from page.rows


def _written(platform: Platform, me: SignedIn, letter: Letter) -> LetterWritten:
    sent = None
    with suppress(NotFound):  # it went with the keys before a reset, until it is confirmed
        sent = redaction.as_sent(platform, me, letter.id)
    return LetterWritten(letter, write.own_texts(platform, me, letter.id), sent,
                   write.notes_for_author(platform, me, letter.id))


def _received(platform: Platform, me: SignedIn, letter: Letter) -> LetterOpened | None:
    """The letter as its page shows it.
    Returns None if it is not open, is with the facilitators, or waits until new keys are confirmed.
    """
    try:
        look = in_parts.letter_for(platform, me, letter.id)
    except KeyNotConfirmed:
        return None
    layer = look.layer
    if layer is None:
        return None
    return LetterOpened(look.arrived.released_at,
                        tuple(part.of(layer.text) for part in layer.reached),
                        len(layer.reached) < len(layer.parts))


def _for_myself(platform: Platform, me: SignedIn) -> list[Words]:
    if not has(me.role, Permission.PRIVATE_WRITE):
        return []
    return [for_myself.words_of(platform, me, row.id) for row in _all(
        lambda before: for_myself.own_words(platform, me, before))]
