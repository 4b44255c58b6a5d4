"""Notes in three places: each is readable for exactly those whom it is for, and none is ever moved
to another place."""

from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import select, update

from keys.errors import CannotOpen
from letters.rules.errors import NotAcceptable, NotFound, Tampered
from letters.storage.tables.letters import Case, Note
from letters.workflow.access import sealed_notes
from letters.workflow.lost_access import new_identity, reset
from letters.workflow.review import notes
from letters.workflow.review.notes import Notes, Reader
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player
from tests.workflow.losing import NEW

WORDS = {Reader.ME: "kestrel", Reader.TEAM: "plover", Reader.WRITER: "whimbrel"}


@pytest.fixture
def letter(cast: Cast) -> UUID:
    """With a note of the first facilitator in each place, and two on the case."""
    letter = cast.submitted(cast.harmed)
    for reader, words in WORDS.items():
        notes.keep_on_letter(cast.platform, cast.first.me, letter, reader, words)
    notes.keep_on_case(cast.platform, cast.first.me, cast.case, Reader.ME, "dunlin")
    notes.keep_on_case(cast.platform, cast.first.me, cast.case, Reader.TEAM, "curlew")
    return letter


def said(found: Notes) -> tuple[list[str], list[str], list[str]]:
    return tuple([note.words for note in place] for place in (found.mine, found.team, found.writer))  # type: ignore[return-value]


def on_case(cast: Cast, player: Player) -> Notes:
    with cast.platform.reading() as db:
        return notes.on_case(cast.platform, db, player.me, cast.case)


def row(cast: Cast, reader: Reader, of: UUID) -> Note:
    with cast.platform.reading() as db:
        return db.scalars(
            select(Note).where(Note.kind == reader.value, Note.reader_id == of)
        ).first()  # type: ignore[return-value]


def test_each_note_is_read_by_whom_it_is_for(cast: Cast, letter: UUID) -> None:
    assert said(notes.on_letter(cast.platform, cast.first.me,
                                letter)) == (["kestrel"], ["plover"], ["whimbrel"])
    assert said(notes.on_letter(cast.platform, cast.second.me,
                                letter)) == ([], ["plover"], ["whimbrel"])
    assert said(on_case(cast, cast.first)) == (["dunlin"], ["curlew"], [])
    assert said(on_case(cast, cast.second)) == ([], ["curlew"], [])
    assert [note.words for note in write.notes_for_author(cast.platform,
                                                          cast.harmed.me, letter)] == ["whimbrel"]
    with pytest.raises(NotFound):
        notes.on_letter(cast.platform, cast.stranger_facilitator.me, letter)


def test_my_own_note_opens_with_no_key_but_mine_and_goes_with_me_to_new_keys(
    cast: Cast, letter: UUID
) -> None:
    sealed, former = row(cast, Reader.ME, cast.first.id), cast.first.me.identity
    new_identity.renew(cast.platform, cast.first.me, PASSWORD, NEW)
    renewed = row(cast, Reader.ME, cast.first.id)
    for identity, at in ((cast.second.me.identity, sealed), (cast.supervisor.me.identity, sealed),
                         (former, renewed)):
        with pytest.raises(CannotOpen):
            identity.open(at.sealed, b"")
        with pytest.raises(Tampered), cast.platform.reading() as db:
            sealed_notes.opened(cast.platform, db, identity, cast.first.id, at.subject_id,
                                frozenset({cast.first.id}),
                                Reader.ME.value)


def test_after_a_reset_a_note_of_mine_is_gone(cast: Cast, letter: UUID) -> None:
    code = reset.ask_reset(cast.platform, cast.administrator.me, cast.first.id, PASSWORD)
    reset.reset(cast.platform, code, "first", NEW)
    assert row(cast, Reader.ME, cast.first.id) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: update(Note).where(Note.kind == "mine").values(kind="team note"),
        lambda cast: (
            update(Note)
            .where(Note.kind == "mine")
            .values(kind="team note", reader_id=cast.case, epoch=1)
        ),
        lambda cast: (
            update(Note)
            .where(Note.kind == "team note")
            .values(kind="mine", reader_id=cast.second.id, epoch=0)
        ),
        lambda cast: (
            update(Note)
            .where(Note.kind == "team note")
            .values(kind="note", reader_id=cast.harmed.id, epoch=0)
        ),
        lambda cast: (
            update(Note).where(Note.kind == "mine").values(kind="note", reader_id=cast.harmed.id)
        ),
    ],
)
def test_a_note_never_changes_its_kind(cast: Cast, letter: UUID, change) -> None:  # type: ignore[no-untyped-def]
    Attacker(cast.platform).run(change(cast))
    for player in (cast.first, cast.second):
        try:
            mine, team, writer = said(notes.on_letter(cast.platform, player.me, letter))
        except Tampered:
            continue
        assert set(team) <= {"plover"} and set(writer) <= {"whimbrel"} and set(mine) <= {"kestrel"}
        assert player is cast.first or not mine
    with suppress(Tampered):
        assert {note.words
                for note in write.notes_for_author(cast.platform,
                                                   cast.harmed.me, letter)} <= {"whimbrel"}


def test_a_case_has_no_writer_and_an_empty_note_is_none(cast: Cast) -> None:
    for reader, words in ((Reader.WRITER, "To whom?"), (Reader.ME, " ")):
        with pytest.raises(NotAcceptable):
            notes.keep_on_case(cast.platform, cast.first.me, cast.case, reader, words)


# --- the pages


def test_the_button_says_who_reads_it_and_the_page_keeps_the_places_apart(
    cast: Cast, letter: UUID
) -> None:
    browser = cast.first.browser()
    page = browser.open(f"/desk/{letter}")
    there = page.body.index('id="notes"')
    order = [page.body.index(words, there) for words in (
        "For you alone", "kestrel", "Keep for me alone", "For the case team", "plover",
        "Keep for the case team",
        "For the writer", "whimbrel", "Give to the writer")]
    assert order == sorted(order)
    form = next(form for form in page.forms if form.fields.get("reader") == "TEAM")
    browser.forge(form.action, 200, **{**form.fields, "note-team": "siskin"})
    assert "Kept for the case team." in browser.page.text
    assert "siskin" in cast.second.browser().open(f"/desk/{letter}").text
    case = cast.second.browser().open(f"/cases/{cast.case}/notes").text
    assert ("curlew" in case and "dunlin" not in case
            and "dunlin" in browser.open(f"/cases/{cast.case}/notes").text)


def test_words_that_were_typed_stay_in_their_place(cast: Cast, letter: UUID) -> None:
    browser = cast.first.browser()
    for there in (f"/desk/{letter}", f"/cases/{cast.case}/notes"):
        action = next(form.action for form in browser.open(there).forms
                      if form.fields.get("reader") == "ME")
        page = browser.forge(action, 400, **{"reader": "nobody", "note-me": "hoopoe"})
        assert "Choose who will read it." in page.text and page.body.count("hoopoe") == 1


def test_nothing_of_them_is_plain_in_the_database(cast: Cast, letter: UUID) -> None:
    with cast.platform.reading() as db:
        assert db.get_one(Case, cast.case)
        for note in db.scalars(select(Note)):
            assert not [words for words in WORDS.values() if words.encode() in note.sealed]
