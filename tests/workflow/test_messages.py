"""Messages: sealed to one party and the team, never seen by the other party, and never a letter by
another way."""

from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from letters.rules.errors import NotAcceptable, NotAllowed, NotFound, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.roles import Role
from letters.storage.tables.letters import AuditEntry, Letter, Note, Participant
from letters.workflow import messages
from letters.workflow.accounts import invite
from letters.workflow.writing import write as writing
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player

LONG = (
    "I have thought about that evening every single day since it happened and I will not forget it."
)


def read(cast: Cast, player: Player, of: Player | None = None) -> list[str]:
    """What somebody finds in a thread, newest first."""
    found = messages.own_thread(cast.platform, player.me,
                                cast.case) if of is None else messages.thread(
        cast.platform, player.me, cast.case, of.id)
    return [one.words for one in found.messages]


def write(cast: Cast, to: Player, words: str = "On Friday at three.") -> None:
    messages.write(cast.platform, cast.first.me, cast.case, to.id, words)


def news(cast: Cast, player: Player) -> bool:
    with cast.platform.reading() as db:
        party = db.scalars(select(Participant.id).where(Participant.person_id == player.id)).one()
        return messages.has_news(db, party, player.id)


@pytest.mark.both_databases
def test_a_thread_is_read_by_its_party_and_the_team_alone(cast: Cast) -> None:
    write(cast, cast.harmed)
    cast.clock.advance(seconds=60)
    messages.answer(cast.platform, cast.harmed.me, cast.case, "Yes.")
    for found in (read(cast, cast.harmed), read(cast, cast.first, cast.harmed),
                  read(cast, cast.second, cast.harmed)):
        assert found == ["Yes.", "On Friday at three."]
    for other in (cast.responsible, cast.other):
        assert read(cast, other) == [] and read(cast, cast.first, other) == []
        with pytest.raises(NotAllowed):
            read(cast, other, cast.harmed)
        with pytest.raises(NotAllowed):
            messages.write(cast.platform, other.me, cast.case, cast.harmed.id, "Hello.")
    for stranger in (cast.stranger_facilitator, cast.stranger_harmed):
        with pytest.raises(NotFound):
            read(cast, stranger, cast.harmed)
    with pytest.raises(NotFound):
        messages.write(cast.platform, cast.first.me, cast.case, cast.stranger_harmed.id, "Hello.")


def test_no_copy_opens_in_another_thread(cast: Cast) -> None:
    write(cast, cast.harmed)
    with cast.platform.reading() as db:
        theirs = db.scalars(
            select(Participant.id).where(Participant.person_id == cast.responsible.id)
        ).one()
    Attacker(cast.platform).run(update(Note).where(Note.kind
                                                         == "message", Note.reader_kind == "person")
                                      .values(subject_id=theirs, reader_id=cast.responsible.id),
                                      update(Note).where(Note.kind
                                                         == "message", Note.reader_kind == "case")
                                      .values(subject_id=theirs))
    for look in (lambda: read(cast, cast.responsible),
                 lambda: read(cast, cast.first, cast.responsible)):
        with pytest.raises(Tampered):
            look()


def test_the_trail_names_ids_and_no_letter_is_looked_at_sooner(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    attacker = Attacker(cast.platform)
    due = attacker.rows(Letter, Letter.id == letter)[0]["due_at"]
    cast.clock.advance(seconds=60)
    write(cast, cast.responsible)
    messages.answer(cast.platform, cast.responsible.me, cast.case, "Yes.")
    assert attacker.rows(Letter, Letter.id == letter)[0]["due_at"] == due
    told = [entry for entry in attacker.rows(AuditEntry)
            if entry["event"] == Event.MESSAGE_WRITTEN.value]
    assert [entry["about_id"] for entry in told] == [cast.responsible.id] * 2
    assert not any(entry["left"] or entry["entered"] for entry in told)


@pytest.mark.parametrize("to", ["harmed", "responsible"])
def test_rule_19_the_words_of_a_letter_go_by_no_message(cast: Cast, to: str) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, LONG)
    for words in (LONG, f"They write: {LONG.upper()}"):
        with pytest.raises(NotAcceptable):
            write(cast, getattr(cast, to), words)
    assert read(cast, getattr(cast, to)) == []
    writing.recall(cast.platform, cast.responsible.me, letter)
    with pytest.raises(NotAcceptable):  # nor of one that was taken back
        write(cast, getattr(cast, to), LONG)
    write(cast, getattr(cast, to),
          "A letter is here, and we would like to talk about that evening with you first.")


def test_home_hears_of_what_is_new_until_it_was_looked_at(cast: Cast) -> None:
    assert not news(cast, cast.harmed)
    write(cast, cast.harmed)
    assert news(cast, cast.harmed) and not news(cast, cast.responsible)
    cast.clock.advance(seconds=60)
    for _ in range(2):
        read(cast, cast.harmed)
        assert not news(cast, cast.harmed)
    messages.answer(cast.platform, cast.harmed.me, cast.case, "Yes.")
    assert not news(cast, cast.harmed)
    cast.clock.advance(seconds=60)
    write(cast, cast.harmed)
    assert news(cast, cast.harmed)
    with cast.platform.reading() as db:
        assert (db.scalar(select(func.count()).select_from(Note).where(Note.kind == messages.SEEN))
                == 1)


def test_pages_of_a_thread_leave_nothing_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "PAGE", 2)
    for number in range(5):  # two at the same moment
        cast.clock.advance(seconds=number % 2)
        messages.answer(cast.platform, cast.harmed.me, cast.case, str(number))
    found, key = [], None
    while True:
        page = messages.thread(cast.platform, cast.first.me, cast.case, cast.harmed.id, key)
        found += [one.words for one in page.messages]
        key = page.next
        if key is None:
            break
    assert sorted(found) == ["0", "1", "2", "3", "4"]


def test_who_has_no_account_yet_gets_none(cast: Cast) -> None:
    invite.invite_participant(cast.platform, cast.first.me, cast.case, Role.OTHER, "Ines Invited")
    with cast.platform.reading() as db:
        invited: UUID = db.scalars(select(Participant.person_id).where(
            Participant.case_id == cast.case, Participant.person_id.not_in(
                [cast.harmed.id, cast.responsible.id, cast.other.id]))).one()
    with pytest.raises(NotPossibleNow):
        messages.write(cast.platform, cast.first.me, cast.case, invited, "Hello.")
