"""Saving a draft, by hand or by the browser itself:
nothing that was typed is lost, and no window is in its own way.

What a browser saves by itself is a version like any other and is sealed like any other. It gives
way to the next save of the same window if that save keeps what it said
(``rules/letter/autosave.py``). What was saved by hand never gives way. Decision 0036.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from letters.rules.errors import DraftChanged, NotFound, NotPossibleNow
from letters.rules.letter.autosave import gives_way, gone
from letters.rules.letter.lifecycle import WITH_AUTHOR, State
from letters.rules.letter.redacted import HANDED_IN, typed
from letters.rules.permissions import Permission
from letters.storage.queries.lists import Key, Page
from letters.storage.tables.letters import Grant, Letter, Version
from letters.workflow.access.enter import letter_to_change, letter_to_read
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.writing.versions import OwnText, check_length, forget, keep_version, own_in

DRAFT, BY_ITSELF, ASIDE = "draft", "autosave", "aside"
"""The kinds of version that are their author's own."""
MOST_SHOWN, MUCH_SHOWN = 10, 20_000
"""One page shows at most this many versions and about this many characters,
and always at least one version."""


@dataclass(frozen=True)
class Window:
    """A window in which a letter is typed.

    ``mark``: a random id that it gave this save.
    ``unanswered``: marks of this window's earlier saves that got no reply. If the server did keep
    one of them, the window must not be told that it conflicts with itself.
    """

    by_itself: bool = False
    mark: UUID | None = None
    unanswered: tuple[UUID, ...] = ()


def save(platform: Platform, me: SignedIn, letter_id: UUID, basis: UUID | None, text: str,
         window: Window | None = None) -> UUID:
    """Keep the text as the letter's newest version, granted to its author alone.

    ``basis``: the version that the text was written on. If another window saved meanwhile, this
    text is kept next to that draft. Without a ``window`` no earlier save gives way to this one.
    Raises ``DraftChanged`` if another window saved meanwhile, ``NotAcceptable`` if the text is too
    long.
    Returns the version's id.
    """
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
        letter = room.letter
        if State(letter.state) not in WITH_AUTHOR:
            raise NotPossibleNow("the letter is not with its author")
        text = typed(text)
        check_length(text)
        current = own_in(platform, db, me, letter, letter.draft_id) if letter.draft_id else None
        unanswered = [_named(letter, mark) for mark in window.unanswered] if window else []
        mine = letter.draft_id == basis or letter.draft_id in unanswered
        if current is not None and current.text == text and not (
                mine and window is not None and not window.by_itself
                and _goes(platform, db, letter, current, text)):
            return current.version
        if mine:
            letter.draft_id = _newest(platform, db, me, letter, current, text, window)
            return letter.draft_id
        version = _aside(platform, db, me, letter, text, basis)
    raise DraftChanged(str(version))


def restore(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID) -> UUID:
    """Make an earlier version of one's own the newest again. Returns the new version's id."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        text, basis = own_in(platform, db, me, room.letter, version_id).text, room.letter.draft_id
    return save(platform, me, letter_id, basis, text)


def own_texts(platform: Platform, me: SignedIn, letter_id: UUID) -> list[OwnText]:
    """Every version that the author has saved and can still open, newest first."""
    shown, before = list[OwnText](), None
    while (page := own_page(platform, me, letter_id, before)).next is not None:
        shown, before = [*shown, *page.rows], page.next
    return [*shown, *page.rows]


def own_page(platform: Platform, me: SignedIn, letter_id: UUID,
             before: Key | None = None) -> Page[OwnText]:
    """One page of these versions, newest first, as many as a page can carry."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        query = select(Version.id).join(Grant, Grant.version_id == Version.id).where(
            Version.letter_id == letter_id, Version.kind.not_in(HANDED_IN),
            Grant.reader_kind == "person",
            Grant.reader_id == me.person)
        if before is not None:
            query = query.where(tuple_(Version.saved_at, Version.id) < before)
        found = db.scalars(query.order_by(Version.saved_at.desc(),
                                          Version.id.desc()).limit(MOST_SHOWN + 1)).all()
        shown, characters = list[OwnText](), 0
        for version in found[:MOST_SHOWN]:
            own = own_in(platform, db, me, room.letter, version)
            characters += len(own.text)
            if shown and characters > MUCH_SHOWN:
                break
            shown.append(own)
        more = len(found) > len(shown)
        return Page(shown, (shown[-1].saved_at, shown[-1].version) if more else None)


def _newest(platform: Platform, db: Session, me: SignedIn, letter: Letter, current: OwnText | None,
            text: str,
            window: Window | None) -> UUID:
    """Make the version that is the draft from now on;
    the draft before is forgotten if it gives way."""
    kind = BY_ITSELF if window is not None and window.by_itself else DRAFT
    name = _named(letter, window.mark) if window is not None and window.mark is not None else None
    if name is not None and db.get(Version, name) is not None:
        name = None
    if current is None or window is None or not _goes(platform, db, letter, current, text):
        return keep_version(platform, db, me, letter, text, kind, letter.draft_id, name)
    row = db.get_one(Version, current.version)
    below, lost = row.basis_id, row.lost + gone(current.text, text)
    forget(db, current.version)
    if (kind == BY_ITSELF and below is not None
        and _text_of(platform, db, me, letter, below) == text):
        return below  # typed and deleted again: the letter is what it was
    made = keep_version(platform, db, me, letter, text, kind, below, name)
    db.get_one(Version, made).lost = lost
    return made


def _goes(platform: Platform, db: Session, letter: Letter, current: OwnText, text: str) -> bool:
    """True if the present draft gives way and nothing was sent of it,
    written on it or kept next to it."""
    row = db.get_one(Version, current.version)
    apart = and_(Version.kind == ASIDE, Version.basis_id.is_not_distinct_from(row.basis_id))
    if current.kind != BY_ITSELF or db.scalar(select(exists().where(
            Version.letter_id == letter.id, or_(Version.basis_id == current.version, apart)))):
        return False
    below = db.get(Version, row.basis_id) if row.basis_id is not None else None
    return gives_way(current.text, text, row.lost, below.saved_at if below else letter.began_at,
                     platform.now())


def _text_of(platform: Platform, db: Session, me: SignedIn, letter: Letter,
             version: UUID) -> str | None:
    try:
        return own_in(platform, db, me, letter, version).text
    except NotFound:  # the version was lost with the keys that it was sealed to
        return None


def _aside(platform: Platform, db: Session, me: SignedIn, letter: Letter, text: str,
           basis: UUID | None) -> UUID:
    """Keep a text next to the draft; the same text from the same window is kept once."""
    beside = db.scalars(select(Version.id).where(Version.letter_id == letter.id,
                                                 Version.kind == ASIDE,
                                                 Version.basis_id == basis)).all()
    for version in beside:
        if _text_of(platform, db, me, letter, version) == text:
            return version
    return keep_version(platform, db, me, letter, text, ASIDE, basis)


def _named(letter: Letter, mark: UUID) -> UUID:
    """The id of the version that a save with this mark made. It is bound to the letter, so a mark
    cannot point into another letter."""
    return uuid5(letter.id, str(mark))
