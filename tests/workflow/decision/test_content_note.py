"""The content note and the ledger: what the recipient meets is what its approving reader saw, and
no sooner."""

from uuid import UUID

import pytest
from sqlalchemy import update

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.notes import NotedVersion, open_content_note, seal_content_note
from letters.rules.errors import (
    LettersError,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.letter.lifecycle import State
from letters.rules.letter.parts import Answer
from letters.storage.tables.letters import Note, SealedRelease, Version
from letters.workflow.decision import content_note, decide, questions
from letters.workflow.decision.content_note import Draft
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import hold
from tests.cast import PASSWORD, Cast, Player

TEXT = "Dear Hanna,\n\nIt was I who took it.\n\nYou asked why. I wanted it.\n\nRobin"
ASKS = "Why did you take it? I could not sleep. Will you come back?"
NOTE = Draft("An answer about that day.", ("the day itself",), 1, 1,
             ((2, "what I did"), (3, "your question")))


def note_of(cast: Cast, letter: UUID, note: Draft = NOTE) -> None:
    """The first facilitator writes it."""
    content_note.save_note(
        cast.platform, cast.first.me, letter, cast.row(letter).submitted_id, note
    )  # type: ignore[arg-type]


def answer(cast: Cast) -> UUID:
    """An answer on the desk, to a letter whose questions were numbered."""
    asked = cast.released(cast.harmed, ASKS)
    questions.choose(
        cast.platform,
        cast.first.me,
        asked,
        cast.row(asked).submitted_id,  # type: ignore[arg-type]
        ["Why did  you take it?", "Will you come back?"],
    )
    return cast.submitted(cast.responsible, TEXT)


def approved(cast: Cast) -> UUID:
    """The same, with a note, marked, approved by both."""
    letter = answer(cast)
    note_of(cast, letter)
    questions.mark(
        cast.platform,
        cast.first.me,
        letter,
        cast.row(letter).submitted_id,  # type: ignore[arg-type]
        [(Answer.ANSWERED, 3), (None, None)],
    )
    for reader in (cast.first, cast.second):
        cast.approve(letter, reader)
    assert cast.state(letter) is State.APPROVED
    return letter


def arrived(cast: Cast) -> UUID:
    letter = approved(cast)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    assert cast.release() == 1
    return letter


@pytest.mark.both_databases
def test_rule_23_the_note_comes_before_the_letter(cast: Cast) -> None:
    letter = arrived(cast)
    note = open_letter.before_opening(cast.platform, cast.harmed.me, letter).note
    assert note is not None and (note.summary, note.themes,
                                 note.characters) == (NOTE.summary, NOTE.themes, len(TEXT))
    assert [(part.kind.value, part.theme, part.of(TEXT)[:6]) for part in note.parts] == [
        ("greeting", "", "Dear H"), ("part", "what I did", "It was"),
        ("part", "your question", "You as"),
        ("signature", "", "Robin")]
    assert [(one.quote, one.answer, one.at) for one in note.questions] == [
        ("Why did you take it?", "answered", TEXT.index("You asked")),
        ("Will you come back?", None, None)]
    assert cast.state(letter) is State.RELEASED


def test_before_release_neither_key_opens_the_note(cast: Cast, attacker: Attacker) -> None:
    letter = approved(cast)
    row, = attacker.rows(Version, Version.id == cast.row(letter).submitted_id)
    place = NotedVersion(row["id"], row["digest"], cast.harmed.id, 1, cast.second.id)
    release, = attacker.rows(SealedRelease)
    with pytest.raises(CannotOpen):
        sealing.open_own_grant(cast.harmed.me.identity, cast.harmed.id, release["sealed"],
                               row["id"])
    for key in (cast.harmed.me.identity.root, cast.platform.keys.contact,
                cast.platform.keys.directory, bytes(32)):
        with pytest.raises(CannotOpen):
            open_content_note(row["content_note"], place, cast.second.me.identity.verifier, key)
    assert not attacker.rows(Note, Note.kind == "content note", Note.reader_kind == "person")
    with pytest.raises(NotFound):
        open_letter.before_opening(cast.platform, cast.harmed.me, letter)


def test_what_was_not_seen_is_not_approved(cast: Cast) -> None:
    letter = answer(cast)
    cast.approve(letter, cast.first)
    read_letter.claim(cast.platform, cast.second.me, letter)
    found = read_letter.letter_for(cast.platform, cast.second.me, letter)
    seen = content_note.seen(content_note.note_for(cast.platform, cast.second.me, found))
    note_of(cast, letter)  # a colleague changes it meanwhile
    for what in (seen, ""):
        with pytest.raises(NotAcceptable):
            decide.approve(cast.platform, cast.second.me, letter, found.version.id, PASSWORD, what)
    assert cast.state(letter) is State.SECOND_READING


def forged(cast: Cast, letter: UUID, signer: Player, round: int = 1) -> bytes:
    """A note that somebody who can open the letter makes and puts beside it."""
    read_by = read_letter.letter_for(cast.platform, cast.first.me, letter)
    place = NotedVersion(read_by.version.id, read_by.version.digest, cast.harmed.id, round,
                         signer.id)
    words = content_note.ForRecipient(1, "Forged.", (), (), ()).written()
    return seal_content_note(words, place, signer.me.identity, read_by.letter_key,
                             cast.platform.random)


@pytest.mark.parametrize("how",
                         ["gone", "changed", "by the writer", "by a reader", "of an earlier round"])
def test_a_note_that_was_tampered_with_is_not_shown(cast: Cast,
                                                    attacker: Attacker, how: str) -> None:
    letter = arrived(cast)
    there = attacker.rows(Version, Version.id == cast.row(letter).submitted_id)[0]["content_note"]
    put = {"gone": b"", "changed": there[:-1] + bytes([there[-1] ^ 1]),
           "by the writer": forged(cast, letter,
           cast.responsible), "by a reader": forged(cast, letter, cast.second),
           "of an earlier round": forged(cast, letter, cast.second, 0)}[how]
    attacker.run(update(Version).where(Version.id
                                       == cast.row(letter).submitted_id).values(content_note=put))
    for verb in (open_letter.before_opening, open_letter.open_letter):
        with pytest.raises(Tampered):
            verb(cast.platform, cast.harmed.me, letter)
    assert cast.state(letter) is State.RELEASED


def test_a_new_round_seals_it_anew(cast: Cast) -> None:
    letter = approved(cast)
    hold(cast, letter, cast.first)
    decide.resume(cast.platform, cast.first.me, letter)
    note_of(cast, letter, Draft("Another.", (), 0, 0, ()))
    for reader in (cast.first, cast.second):
        cast.approve(letter, reader)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    cast.release()
    note = open_letter.before_opening(cast.platform, cast.harmed.me, letter).note
    assert note is not None and note.summary == "Another."


def test_nobody_but_the_team_writes_or_reads_it_on_the_desk(cast: Cast) -> None:
    letter = answer(cast)
    version = cast.row(letter).submitted_id
    assert version is not None
    for who, refusal in ((cast.responsible, NotAllowed), (cast.harmed, NotFound),
                         (cast.stranger_facilitator, NotFound),
                         (cast.supervisor, NotFound)):
        for verb in (lambda me: content_note.save_note(cast.platform, me, letter, version, NOTE),
                     lambda me: questions.mark(cast.platform, me, letter, version,
                                               [(None, None)] * 2),
                     lambda me: questions.choose(cast.platform, me, letter, version, [])):
            with pytest.raises(refusal):
                verb(who.me)


def test_after_approval_the_note_stands(cast: Cast) -> None:
    letter = approved(cast)
    with pytest.raises(NotPossibleNow):
        note_of(cast, letter)


@pytest.mark.parametrize("note, field", [
    (Draft(summary="x" * 601), "summary"), (Draft(themes=("x",) * 9), "themes"),
    (Draft(themes=("x" * 61,)), "themes"),
    (Draft(begins=((9, "x"),)), "from-1"), (Draft(begins=((1, "x" * 61),)), "theme-1"),
    (Draft(greeting=9), "greeting"),
    (Draft(begins=((1, ""),) * 41), "from-1")])
def test_what_is_too_long_or_cannot_be_is_said_at_its_field(
    cast: Cast, note: Draft, field: str
) -> None:
    letter = cast.submitted(cast.harmed, TEXT)
    with pytest.raises(NotAcceptable) as refused:
        note_of(cast, letter, note)
    assert refused.value.field == field


def test_the_ledger_holds_her_own_words_alone(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, ASKS)
    version, platform, me = cast.row(letter).submitted_id, cast.platform, cast.first.me
    assert version is not None
    assert questions.of_letter(read_letter.letter_for(platform, me, letter)) == [
        "Why did you take it?",
        "Will you come back?",
    ]
    with pytest.raises(NotAcceptable):
        questions.choose(platform, me, letter, version,
                         ["Why did you take it?", "Do you forgive him?"])
    questions.choose(platform, me, letter, version,
                     ["Will you come back?", "", "Will you come back?"])
    assert questions.of_letter(read_letter.letter_for(platform, me,
                                                      letter)) == ["Will you come back?"]


def test_gaps_are_seen_before_approval_and_places_are_checked(cast: Cast) -> None:
    letter = answer(cast)
    version, platform, me = cast.row(letter).submitted_id, cast.platform, cast.first.me
    assert version is not None
    assert all(
        one.is_open for one in questions.questions_for(platform, me,
                                                       read_letter.letter_for(platform, me, letter))
    )
    for marks, refusal in (([(Answer.ANSWERED, 9), (None, None)], NotAcceptable),
                           ([(None, None)], NotPossibleNow),
                           ([(None, 1), (Answer.NOT, None)], NotAcceptable)):
        with pytest.raises(refusal):
            questions.mark(platform, me, letter, version, marks)
    questions.mark(platform, me, letter, version, [(Answer.ANSWERED, 3), (Answer.PARTLY, 2)])
    assert [
        one.is_open for one in questions.questions_for(platform, me,
                                                       read_letter.letter_for(platform, me, letter))
    ] == [False, True]


def test_the_ledger_is_of_her_letters_and_their_answers(cast: Cast) -> None:
    letter = answer(cast)
    with pytest.raises(NotPossibleNow):
        questions.choose(cast.platform, cast.first.me, letter, cast.row(letter).submitted_id, [])  # type: ignore[arg-type]
    hers = cast.submitted(cast.harmed, ASKS)
    assert (
        questions.questions_for(
            cast.platform, cast.first.me, read_letter.letter_for(cast.platform, cast.first.me, hers)
        )
        == []
    )
    for verb in (questions.choose, content_note.save_note):
        with pytest.raises(LettersError):
            verb(
                cast.platform,
                cast.first.me,
                hers,
                letter,
                NOTE if verb is content_note.save_note else [],
            )  # type: ignore
