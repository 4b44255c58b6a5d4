"""Reading in layers (rule 23): one's own place and plan are nobody else's, and the writer never
learns what became of a letter, unless the person harmed says so (rules 21 and 22)."""

from uuid import UUID

import pytest
from sqlalchemy import update

from letters.rules.errors import KeyNotConfirmed, NotAllowed, NotFound, NotPossibleNow, Tampered
from letters.rules.letter.lifecycle import State
from letters.rules.permissions import Permission
from letters.storage.queries import lists
from letters.storage.tables.letters import AuditEntry, Grant, Note, Version
from letters.workflow.accounts import sign_in
from letters.workflow.lost_access import confirm_key, new_identity, reset
from letters.workflow.reading import in_parts, open_letter
from letters.workflow.reading.in_parts import Plan, ReadingWay, Shelf, Telling
from letters.workflow.record import record
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast
from tests.workflow.losing import NEW

TEXT = "Dear Hanna,\n\nOne.\n\nTwo.\n\nThree.\n\nRobin"


def to_harmed(cast: Cast) -> UUID:
    cast.open_the_way_back()
    return cast.released(cast.responsible, TEXT)


def words(cast: Cast, letter: UUID, at: int | None = None, ends: bool = False) -> list[str]:
    """What stands on the page."""
    layer = in_parts.letter_for(cast.platform, cast.harmed.me, letter, at, ends).layer
    assert layer is not None
    return [part.of(layer.text) for part in layer.shown]


def test_rule_23_one_stops_after_any_part_and_it_stays_there(cast: Cast) -> None:
    letter, platform, me = to_harmed(cast), cast.platform, cast.harmed.me
    in_parts.open_at(platform, me, letter, ReadingWay.PARTS)
    assert words(cast, letter) == ["Dear Hanna,\n\nOne."]
    in_parts.turn(platform, me, letter, 1)
    assert words(cast, letter) == words(cast, letter, at=2) == ["Two."]
    assert words(cast, letter, at=0) == ["Dear Hanna,\n\nOne."]
    with pytest.raises(NotPossibleNow):
        in_parts.turn(platform, me, letter, 3)
    in_parts.open_at(platform, me, letter, ReadingWay.ALL)
    assert words(cast, letter) == ["Dear Hanna,\n\nOne.", "Two.", "Three.\n\nRobin"]
    in_parts.open_at(platform, me, letter, ReadingWay.PARTS, TEXT.index("Three"))
    assert words(cast, letter) == ["Three.\n\nRobin"]


@pytest.mark.both_databases
def test_rule_26_it_is_opened_with_its_first_words_and_not_before(
    cast: Cast, attacker: Attacker
) -> None:
    letter, platform, me = to_harmed(cast), cast.platform, cast.harmed.me
    in_parts.put(platform, me, letter, Shelf.AWAY)
    in_parts.make_plan(platform, me, cast.case, Plan("Sunday.", "My sister."))
    assert in_parts.letter_for(platform, me,
                               letter).layer is None and cast.state(letter) is State.RELEASED
    with pytest.raises(NotPossibleNow):
        in_parts.turn(platform, me, letter, 1)
    assert not attacker.rows(AuditEntry, AuditEntry.event == "letter opened")
    in_parts.open_at(platform, me, letter, ReadingWay.PARTS)
    in_parts.open_at(platform, me, letter, ReadingWay.PARTS)
    assert len(attacker.rows(AuditEntry, AuditEntry.event == "letter opened")) == 1
    assert attacker.rows(AuditEntry, AuditEntry.event == "task set")
    assert in_parts.shelves(platform, me)[letter] is Shelf.HERE


def test_rule_24_the_plan_leaves_greeting_and_signature_out(cast: Cast) -> None:
    letter, platform, me = to_harmed(cast), cast.platform, cast.harmed.me
    in_parts.make_plan(platform, me, cast.case, Plan(hide_ends=True, way=ReadingWay.ALL))
    open_letter.open_letter(platform, me, letter)
    assert words(cast, letter) == ["One.", "Two.", "Three."]
    assert words(cast, letter, ends=True)[0] == "Dear Hanna,\n\nOne."


def test_place_and_plan_are_sealed_to_their_owner_alone(cast: Cast, attacker: Attacker) -> None:
    letter, platform, me = to_harmed(cast), cast.platform, cast.harmed.me
    in_parts.make_plan(platform, me, cast.case, Plan("Sunday."))
    in_parts.put(platform, me, letter, Shelf.KEPT)
    row, = attacker.rows(Note, Note.kind == "reading")
    assert (row["reader_id"], row["written_by"]) == (cast.harmed.id, cast.harmed.id)
    new_identity.renew(platform, me, PASSWORD, NEW)
    found = sign_in.who_is(platform, sign_in.sign_in(platform, "harmed", NEW))
    assert found is not None and in_parts.plan(platform, found).when == "Sunday."
    attacker.run(update(Note).where(Note.kind == "reading").values(written_by=cast.first.id))
    with pytest.raises(Tampered):
        in_parts.plan(platform, found)
    assert in_parts.plan(platform, cast.responsible.me) == Plan()
    with pytest.raises(NotAllowed):
        in_parts.make_plan(platform, cast.responsible.me, cast.case, Plan())


def seen_by_writer(cast: Cast, letter: UUID) -> list[object]:
    """All that its writer sees of a letter of theirs."""
    with cast.platform.reading() as db:
        listed = [(row.id, row.state) for row in lists.own_letters(db, cast.harmed.id).rows]
    return [listed, open_letter.who_can_read(cast.platform, cast.harmed.me, letter),
            in_parts.told_to_writer(cast.platform, cast.harmed.me, letter)]


@pytest.mark.parametrize("opened", [False, True])
def test_destroying_takes_all_away_and_the_writer_sees_no_difference(
        cast: Cast, attacker: Attacker, opened: bool) -> None:
    letter, platform, me = cast.released(cast.harmed), cast.platform, cast.responsible.me
    if opened:
        in_parts.open_at(platform, me, letter, ReadingWay.ALL)
    before = seen_by_writer(cast, letter)
    in_parts.destroy(platform, me, letter)
    assert seen_by_writer(cast, letter) == before
    assert not attacker.rows(Grant, Grant.version_id == cast.row(letter).submitted_id,
                             Grant.reader_id == me.person)
    assert not attacker.rows(Version,
                             Version.id == cast.row(letter).submitted_id)[0]["content_note"]
    for verb in (open_letter.before_opening, open_letter.open_letter, in_parts.letter_for,
                 in_parts.destroy):
        with pytest.raises(NotFound):
            verb(platform, me, letter)
    with platform.reading() as db:
        assert not lists.inbox(db, me.person).rows
    assert not in_parts.waits(platform, me)
    with platform.reading() as db:  # the trail still tells a whole story
        record.to_decide(platform, db, cast.case)


def test_what_was_destroyed_does_not_come_back_with_a_new_key(cast: Cast) -> None:
    letter, other, platform = cast.released(cast.harmed), cast.released(cast.harmed), cast.platform
    in_parts.destroy(platform, cast.responsible.me, letter)
    reset.reset(platform, reset.ask_reset(platform, cast.first.me, cast.responsible.id, PASSWORD),
                "responsible", NEW)
    found = sign_in.who_is(platform, sign_in.sign_in(platform, "responsible", NEW))
    assert found is not None
    with pytest.raises(KeyNotConfirmed):
        open_letter.before_opening(platform, found, other)
    for member in (cast.first, cast.second):
        waits = confirm_key.awaited(platform, member.me, cast.case, cast.responsible.id)
        assert waits is not None
        confirm_key.confirm_key(platform, member.me, cast.case, cast.responsible.id, waits.kid,
                                PASSWORD, True)
    assert open_letter.before_opening(platform, found, other)
    with pytest.raises(NotFound):
        open_letter.before_opening(platform, found, letter)
    assert confirm_key.left_over(platform, cast.first.me, cast.case, cast.responsible.id) == 0


def test_what_was_given_back_is_not_shown_until_it_is_taken_again(cast: Cast) -> None:
    letter, platform, me = cast.released(cast.harmed), cast.platform, cast.responsible.me
    in_parts.open_at(platform, me, letter, ReadingWay.ALL)
    before = seen_by_writer(cast, letter)
    in_parts.give_back(platform, me, letter)
    in_parts.give_back(platform, me, letter)
    look = in_parts.letter_for(platform, me, letter)
    assert look.arrived.given_back and look.layer is None
    assert in_parts.is_with_team(platform, cast.first.me, letter)
    for verb in (open_letter.read_again, open_letter.open_letter):
        with pytest.raises(NotPossibleNow):
            verb(platform, me, letter)
    assert seen_by_writer(cast, letter) == before
    in_parts.take_back(platform, me, letter)
    assert in_parts.letter_for(platform, me, letter).layer is not None


def test_rule_21_the_writer_is_told_nothing_unless_the_person_harmed_says_so(cast: Cast) -> None:
    letter, platform, me = to_harmed(cast), cast.platform, cast.harmed.me

    def told() -> Telling:
        return in_parts.told_to_writer(platform, cast.responsible.me, letter)
    assert told() is Telling.NEVER
    in_parts.tell_writer(platform, me, letter, Telling.READ)
    assert told() is Telling.RECEIVED
    in_parts.open_at(platform, me, letter, ReadingWay.ALL)
    assert told() is Telling.READ
    in_parts.tell_writer(platform, me, letter, Telling.NEVER)
    assert told() is Telling.NEVER
    hers = cast.released(cast.harmed)
    with pytest.raises(NotAllowed):
        in_parts.tell_writer(platform, cast.responsible.me, hers, Telling.READ)
    with pytest.raises(NotAllowed):
        in_parts.tell_writer(platform, cast.harmed.me, hers, Telling.READ)


def test_an_arrived_letter_is_moved_by_its_recipient_alone(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    for who, refusal in ((cast.harmed, NotAllowed), (cast.first, NotAllowed),
                         (cast.stranger_responsible, NotFound)):
        for verb in (
            in_parts.letter_for,
            in_parts.give_back,
            in_parts.take_back,
            in_parts.destroy,
            lambda platform, me, letter: in_parts.put(platform, me, letter, Shelf.AWAY),
            lambda platform, me, letter: in_parts.open_at(platform, me, letter, ReadingWay.ALL),
        ):
            with pytest.raises(refusal):
                verb(cast.platform, who.me, letter)
    assert Permission.LETTER_READ and cast.state(letter) is State.RELEASED
