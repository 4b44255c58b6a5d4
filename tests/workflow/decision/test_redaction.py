"""Leaving out: proposed by facilitators, signed by the writer, told to the recipient. Never a
silent edit."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from keys import letter as sealing
from letters.rules.errors import (
    DraftChanged,
    LettersError,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.letter.passages import Anchor
from letters.rules.letter.redacted import MARK, REDACTED
from letters.storage.tables.letters import AuditEntry, Grant, Letter, Note, Version
from letters.workflow.access import case_keys
from letters.workflow.decision import compare, decide, redaction, suggestions
from letters.workflow.decision.suggestions import Wish
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter
from letters.workflow.review import unaltered as agreeing
from letters.workflow.screening import sealed_findings
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import versions, write
from letters.workflow.writing.write import place_of
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import fails_closed, of, submitted
from tests.cast import Cast, Player
from tests.conftest import random_bytes

NUMBER = "Call me on 07700 900123."
TEXT = f"I am angry. {NUMBER} I want you to know."
WITHOUT = f"I am angry. {MARK} I want you to know."


def propose(cast: Cast, letter: UUID, quote: str = NUMBER, reader: Player | None = None) -> UUID:
    """Return it with a passage to leave out. The version that was read."""
    reader, version = reader or cast.first, submitted(cast, letter)
    read_letter.claim(cast.platform, reader.me, letter)
    text = read_letter.letter_for(cast.platform, reader.me, letter).text
    suggestions.suggest(cast.platform, reader.me, letter, version, Wish.LEAVE_OUT,
                        Anchor(text.index(quote), quote), "")
    decide.return_to_author(cast.platform, reader.me, letter, version, "A number.",
                            "May we leave this out?")
    return version


def asked(cast: Cast) -> UUID:
    """A letter of the person harmed that came back to her, with a number to leave out."""
    letter = cast.submitted(cast.harmed, TEXT)
    propose(cast, letter)
    return letter


def agreed(cast: Cast) -> UUID:
    letter = asked(cast)
    redaction.agree(cast.platform, cast.harmed.me, letter, submitted(cast, letter))
    return letter


def released(cast: Cast) -> UUID:
    letter = agreed(cast)
    cast.approve(letter, cast.first)
    assert cast.release() == 1
    return letter


@pytest.fixture
def letter(cast: Cast) -> UUID:
    return asked(cast)


# --- the way


@pytest.mark.both_databases
def test_rule_16_the_writer_agrees_it_is_read_again_and_the_recipient_may_ask_why(
    cast: Cast, letter: UUID
) -> None:
    platform, parent, round = cast.platform, submitted(cast, letter), cast.row(letter).round
    shown = redaction.proposed(platform, cast.harmed.me, letter)
    assert (shown.text, shown.changed, shown.refused) == (WITHOUT, False, False)
    redaction.agree(platform, cast.harmed.me, letter, parent)
    redaction.agree(platform, cast.harmed.me, letter, parent)  # a second click
    row, new = cast.row(letter), submitted(cast, letter)
    assert (State(row.state), row.round, new != parent) == (State.IN_REVIEW, round + 1, True)
    reading = read_letter.letter_for(platform, cast.first.me, letter)
    assert (reading.text, reading.version.kind, reading.version.needed) == (WITHOUT, REDACTED, 1)
    assert [finding.quote for finding in reading.findings] == []
    since = compare.since_return(platform, cast.first.me, letter)
    assert since is not None and NUMBER in "".join(piece.text for piece in since.pieces)
    sent = redaction.as_sent(platform, cast.harmed.me, letter)
    assert sent is not None and sent.text == WITHOUT
    cast.approve(letter, cast.first)
    assert cast.release() == 1
    with pytest.raises(NotPossibleNow):
        redaction.ask_why(platform, cast.responsible.me, letter)
    open_letter.open_letter(platform, cast.responsible.me, letter)
    assert open_letter.read_again(platform, cast.responsible.me, letter) == WITHOUT
    redaction.ask_why(platform, cast.responsible.me, letter, "What was it?")
    with platform.reading() as db:
        room = read_letter.letter_to_read(platform, db, cast.second.me, letter,
                                          read_letter.Permission.LETTER_REVIEW)
        question = redaction.questions(platform, db, cast.second.me, room)[0]
    assert (question.words, question.answers) == ("What was it?", [])
    redaction.answer_why(platform, cast.second.me, letter, question.id, "A number.")
    told = redaction.own_questions(platform, cast.responsible.me, letter)
    assert [[answer.words for answer in one.answers] for one in told] == [["A number."]]


def test_rule_15_not_agreeing_changes_nothing_and_is_told_to_the_team(
    cast: Cast, letter: UUID
) -> None:
    platform, parent = cast.platform, submitted(cast, letter)
    redaction.refuse(platform, cast.harmed.me, letter, parent, "I want to be called.")
    assert cast.state(letter) is State.RETURNED and submitted(cast, letter) == parent
    for verb in (redaction.agree, redaction.refuse):
        with pytest.raises(NotPossibleNow):
            verb(platform, cast.harmed.me, letter, parent)
    write.submit(platform, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
    since = compare.since_return(platform, cast.first.me, letter)
    assert since is not None and since.refused == "I want to be called." and not since.has_changed
    cast.approve(letter, cast.first)  # the reader may think so, too
    assert cast.release() == 1
    open_letter.open_letter(platform, cast.responsible.me, letter)
    assert open_letter.read_again(platform, cast.responsible.me, letter) == TEXT
    with pytest.raises(NotPossibleNow):
        redaction.own_questions(platform, cast.responsible.me, letter)


def test_findings_that_were_marked_so_are_proposed(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, TEXT)
    read_letter.claim(cast.platform, cast.first.me, letter)
    found = read_letter.letter_for(cast.platform, cast.first.me, letter).findings
    read_letter.dispose(cast.platform, cast.first.me, letter, submitted(cast, letter),
                        dict.fromkeys(range(len(found)), Disposition.REDACT))
    there = suggestions.leave_out_findings(cast.platform, cast.first.me, letter,
                                           submitted(cast, letter))
    assert there == len({(one.start, one.end) for one in found}) > 0
    assert suggestions.leave_out_findings(cast.platform, cast.first.me, letter,
                                          submitted(cast, letter)) == 0
    assert {one.anchor.quote
            for one in suggestions.pending(cast.platform, cast.first.me, letter)} == {
        one.quote for one in found}


def test_who_has_gone_on_writing_sends_that_first(cast: Cast, letter: UUID) -> None:
    version = write.save(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id,
                         TEXT + " Still.")
    assert redaction.proposed(cast.platform, cast.harmed.me, letter).changed
    with pytest.raises(DraftChanged):
        redaction.agree(cast.platform, cast.harmed.me, letter, submitted(cast, letter))
    write.submit(cast.platform, cast.harmed.me, letter, version)
    assert read_letter.letter_for(cast.platform, cast.first.me, letter).text == TEXT + " Still."


def test_more_is_left_out_of_what_was_redacted_and_rule_13_two_read_it_each_time(
    cast: Cast,
) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, TEXT)
    propose(cast, letter, reader=cast.second)
    redaction.agree(cast.platform, cast.responsible.me, letter, submitted(cast, letter))
    propose(cast, letter, "I am angry.")
    redaction.agree(cast.platform, cast.responsible.me, letter, submitted(cast, letter))
    assert read_letter.letter_for(cast.platform, cast.first.me,
                                  letter).text == f"{MARK} {MARK} I want you to know."
    cast.approve(letter, cast.first)
    assert cast.state(letter) is State.SECOND_READING


def test_the_parent_never_leads_to_the_recipient(cast: Cast, attacker: Attacker) -> None:
    letter = released(cast)
    granted = attacker.rows(Grant, Grant.reader_id == cast.responsible.id)
    assert [grant["version_id"] for grant in granted] == [submitted(cast, letter)]


# --- who may not


def test_nobody_but_the_writer_agrees(cast: Cast, letter: UUID) -> None:
    parent = submitted(cast, letter)
    for who in (cast.first, cast.second, cast.responsible, cast.other, cast.stranger_harmed,
                cast.supervisor):
        for verb in (redaction.agree, redaction.refuse):
            with pytest.raises((NotAllowed, NotFound)):
                verb(cast.platform, who.me, letter, parent)
        with pytest.raises((NotAllowed, NotFound)):
            write.save(cast.platform, who.me, letter, None, "Other words.")
        with pytest.raises((NotAllowed, NotFound)):
            write.submit(cast.platform, who.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
    assert submitted(cast, letter) == parent and cast.state(letter) is State.RETURNED


def test_without_a_proposal_there_is_nothing_to_agree_to(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, TEXT)
    for _ in range(2):
        with pytest.raises(NotPossibleNow):
            redaction.agree(cast.platform, cast.harmed.me, letter, submitted(cast, letter))
        if cast.state(letter) is State.IN_REVIEW:
            read_letter.claim(cast.platform, cast.first.me, letter)
            decide.return_to_author(cast.platform, cast.first.me, letter, submitted(cast, letter),
                                    "R.", "N.")


def test_a_mark_is_not_typed(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, f"I {MARK} did.")
    assert read_letter.letter_for(cast.platform, cast.first.me, letter).text == "I  did."


def test_a_mark_in_a_draft_from_elsewhere_is_not_sent(cast: Cast) -> None:
    letter = cast.draft(cast.harmed)
    with cast.platform.writing() as db:
        row = db.get_one(Letter, letter)
        row.draft_id = write.keep_version(cast.platform, db, cast.harmed.me, row, f"I {MARK} did.",
                                          "draft", None)
    with pytest.raises(LettersError):
        write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]


# --- who has the database, a facilitator's keys, the server's keys, or all of these


def forge(cast: Cast, letter: UUID, text: str, kind: str, by: Player,
          says_so: bool = False) -> None:
    """Put a version in place of the one that is read, with all that the server attests; it lacks
    the author's signature alone, or, if ``by`` is the author, their agreement in the trail, unless
    ``says_so``."""
    platform = cast.platform
    with platform.writing() as db:
        row = db.get_one(Letter, letter)
        before = db.get_one(Version, row.submitted_id)
        key, epoch = random_bytes(32), before.epoch
        version = Version(id=uuid4(), letter_id=letter, kind=kind, parent=before.digest,
                          saved_at=platform.now(),
                          basis_id=before.basis_id, epoch=epoch, policy=before.policy,
                          needed=before.needed)
        place = place_of(row, version)
        version.body = sealing.seal_letter(text, place, by.me.identity, key, random_bytes)
        version.digest = sealing.digest(version.body, place)
        team = case_keys.open_all(platform, db, cast.first.me, row.case_id)[epoch].recipient
        sealed_findings.seal(version, row.case_id, team, ())
        versions.set_bar(platform, row, version, row.round)
        db.add(version)
        db.flush()
        for kind_of, reader, seal in (("case", row.case_id, team),
                                      ("person", by.id, by.me.identity.recipient)):
            sealed = (sealing.grant_to_case(seal, reader, epoch, key, version.id)
                      if kind_of == "case"
                      else sealing.grant_to_person(seal, reader, key, version.id))
            db.add(Grant(version_id=version.id, reader_kind=kind_of, reader_id=reader,
                         epoch=epoch if kind_of == "case" else 0, sealed=sealed))
        row.submitted_id = version.id
        room = read_letter.letter_to_read(platform, db, cast.first.me, letter,
                                          read_letter.Permission.LETTER_REVIEW)
        write.record.add(platform, db, room.case, Event.LETTER_SUBMITTED, by.id, letter,
                         version.id, row.state,
                         row.state)
        if says_so:
            write.record.add(platform, db, room.case, Event.REDACTION_ANSWERED, by.id, letter,
                             about=version.id,
                             left=agreeing.AGREED)


FORGED: dict[str, Callable[[Cast, UUID], None]] = {
    "signed by a facilitator": lambda c, x: forge(
        c, x, f"I am angry. {MARK} I want you to know.", REDACTED, c.first
    ),
    "and said to be agreed by them": lambda c, x: forge(
        c, x, f"{MARK} I want you to know.", REDACTED, c.first, True
    ),
    "signed, but not agreed to": lambda c, x: forge(
        c, x, f"{MARK} I want you to know.", REDACTED, c.harmed
    ),
    "with words that were not there": lambda c, x: forge(
        c, x, f"{MARK} I forgive you.", REDACTED, c.harmed, True
    ),
    "with words in another order": lambda c, x: forge(
        c, x, f"I want you {MARK} angry.", REDACTED, c.harmed, True
    ),
    "with nothing left out": lambda c, x: forge(c, x, TEXT, REDACTED, c.harmed, True),
    "with marks and not redacted": lambda c, x: forge(
        c, x, f"I am {MARK} glad.", "submitted", c.harmed
    ),
    "of a kind that is the author's own": lambda c, x: forge(c, x, "I am glad.", "draft", c.harmed),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("theatre", ["sqlite"], indirect=True)
def test_a_version_that_its_author_did_not_agree_to_is_not_read(
        theatre: Theatre, change: Callable[[Cast, UUID], None]) -> None:
    letter, cast = theatre.play(lambda cast: cast.submitted(cast.harmed, TEXT)), theatre.cast
    change(cast, letter)
    with pytest.raises(Tampered):
        read_letter.letter_for(cast.platform, cast.first.me, letter)
    with pytest.raises(LettersError):
        cast.approve(letter, cast.first)
    assert cast.release() == 0


def test_the_forger_can_forge(cast: Cast) -> None:
    """A control: with the author's signature and agreement, and nothing but words left out, it
    would be read."""
    letter = cast.submitted(cast.harmed, TEXT)
    forge(cast, letter, WITHOUT, REDACTED, cast.harmed, says_so=True)
    assert read_letter.letter_for(cast.platform, cast.first.me, letter).text == WITHOUT


CHANGED: dict[str, Callable[[Cast, UUID, UUID], object]] = {
    "the parent in its place": lambda c, x, parent: of(Letter, x).values(submitted_id=parent),
    "the parent and its round": lambda c, x, parent: of(Letter,
                                                        x).values(submitted_id=parent, round=1),
    "it is called submitted": lambda c, x, parent: of(Version,
                                                      submitted(c, x)).values(kind="submitted"),
    "the parent is called redacted": lambda c, x, parent: of(Version, parent).values(kind=REDACTED),
    "its parent is another": lambda c, x, parent: of(Version,
                                                     submitted(c, x)).values(parent=bytes(32)),
    "the parent's words": lambda c, x, parent: of(Version,
                                                  submitted(c, x)).values(body=_body(c, parent)),
    "the parent is granted": lambda c, x, parent: _granted(c, parent),
}


def _body(cast: Cast, version: UUID) -> bytes:
    with cast.platform.reading() as db:
        return db.get_one(Version, version).body


def _granted(cast: Cast, parent: UUID) -> object:
    """By somebody with a facilitator's keys: the recipient could open the version before."""
    with cast.platform.writing() as db:
        row = db.scalars(select(Letter).join(Version, Version.letter_id
                                             == Letter.id).where(Version.id == parent)).one()
        version = db.get_one(Version, parent)
        ring = case_keys.open_all(cast.platform, db, cast.first.me, row.case_id)
        grant = db.get_one(Grant, (parent, "case", row.case_id, version.epoch))
        key = sealing.open_case_grant(ring[version.epoch], row.case_id, version.epoch, grant.sealed,
                                      parent)
        sealed = sealing.grant_to_person(cast.responsible.me.identity.recipient,
                                         cast.responsible.id, key, parent)
        db.add(Grant(version_id=parent, reader_kind="person", reader_id=cast.responsible.id,
                     epoch=0, sealed=sealed))
    return update(Letter).values(due_at=cast.clock())


@pytest.mark.parametrize("when", ["before its approval", "before its release", "after it"])
@pytest.mark.parametrize("what", CHANGED)
@pytest.mark.parametrize("theatre", ["sqlite"], indirect=True)
def test_the_recipient_never_sees_more_or_other_words(
    theatre: Theatre, what: str, when: str
) -> None:
    scenes = {"before its approval": agreed, "before its release": _approved, "after it": released}
    letter, cast = theatre.play(scenes[when]), theatre.cast
    with cast.platform.reading() as db:
        parent = db.scalars(select(Version.id).where(Version.letter_id == letter,
                                                     Version.kind == "submitted")).one()
    theatre.attacker.run(CHANGED[what](cast, letter, parent))  # type: ignore[arg-type]
    quiet = what == "the parent is called redacted" and when != "before its approval"
    if when == "before its approval":
        fails_closed(lambda: cast.approve(letter, cast.first))
    if not quiet:
        assert cast.release() == 0
        for verb in (open_letter.before_opening, open_letter.open_letter, open_letter.read_again):
            fails_closed(lambda verb=verb: verb(cast.platform, cast.responsible.me, letter))
    else:  # what the recipient is shown does not depend on it
        cast.release()
        open_letter.open_letter(cast.platform, cast.responsible.me, letter)
        assert open_letter.read_again(cast.platform, cast.responsible.me, letter) == WITHOUT


def _approved(cast: Cast) -> UUID:
    letter = agreed(cast)
    cast.approve(letter, cast.first)
    return letter


@pytest.mark.parametrize("kind", ["suggestions", "redaction refused", "why", "because"])
def test_words_about_it_that_are_not_their_writers_are_not_shown(
        cast: Cast, attacker: Attacker, kind: str) -> None:
    if kind == "suggestions":
        letter, look = asked(cast), lambda x: redaction.agree(cast.platform,
                                                              cast.harmed.me, x, submitted(cast, x))
    elif kind == "redaction refused":
        letter = asked(cast)
        redaction.refuse(cast.platform, cast.harmed.me, letter, submitted(cast, letter), "No.")
        write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
        look = lambda x: compare.since_return(cast.platform, cast.first.me, x)  # noqa: E731
    else:
        letter = released(cast)
        open_letter.open_letter(cast.platform, cast.responsible.me, letter)
        redaction.ask_why(cast.platform, cast.responsible.me, letter, "Why?")
        question = redaction.own_questions(cast.platform, cast.responsible.me, letter)[0].id
        redaction.answer_why(cast.platform, cast.first.me, letter, question, "So.")
        look = lambda x: redaction.own_questions(cast.platform, cast.responsible.me, x)  # noqa: E731
    assert attacker.rows(Note, Note.kind == kind)
    attacker.run(update(Note).where(Note.kind == kind).values(written_by=cast.other.id))
    fails_closed(lambda: look(letter))


def test_no_word_is_in_the_trail(cast: Cast, attacker: Attacker) -> None:
    letter = released(cast)
    told = attacker.rows(AuditEntry, AuditEntry.subject_id == letter)
    assert {Event.REDACTION_PROPOSED.value,
            Event.REDACTION_ANSWERED.value} <= {entry["event"] for entry in told}
    assert "07700" not in str(told)
