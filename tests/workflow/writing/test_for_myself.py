"""Letters that are not meant to be sent: hers alone, whoever has the database, and lost by nobody's
doing but hers."""

from uuid import UUID

import pytest
from sqlalchemy import delete, update

from letters.rules.errors import (
    DraftChanged,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.letter.lifecycle import State
from letters.storage.queries.lists import PAGE, channels_from
from letters.storage.tables.accounts import NeverSent
from letters.storage.tables.letters import AuditEntry
from letters.workflow.lost_access import new_identity
from letters.workflow.platform import SignedIn
from letters.workflow.release import pace
from letters.workflow.writing import for_myself, write
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast

ALONE = "Nobody is to read this."


@pytest.fixture
def own(cast: Cast) -> UUID:
    return for_myself.begin_words(cast.platform, cast.harmed.me, ALONE)


def says(cast: Cast, letter: UUID) -> str:
    return for_myself.words_of(cast.platform, cast.harmed.me, letter).text


@pytest.mark.both_databases
def test_what_she_writes_is_kept_and_read_by_her(cast: Cast, own: UUID) -> None:
    assert says(cast, own) == ALONE
    for_myself.save(cast.platform, cast.harmed.me, own, 1, "Other words.")
    assert says(cast, own) == "Other words."
    assert [row.id for row in for_myself.own_words(cast.platform, cast.harmed.me).rows] == [own]


def test_nobody_else_reads_changes_destroys_or_sends_it(cast: Cast, own: UUID) -> None:
    channel = way_out(cast)
    for player in (cast.stranger_harmed, cast.responsible, cast.other, cast.first, cast.second,
                   cast.supervisor,
                   cast.administrator):
        refused = NotFound if player is cast.stranger_harmed else NotAllowed
        for verb in (lambda me: for_myself.words_of(cast.platform, me, own),
                     lambda me: for_myself.save(cast.platform, me, own, 1, "Mine now."),
                     lambda me: for_myself.make_letter(cast.platform, me, own, channel),
                     lambda me: for_myself.destroy(cast.platform, me, own)):
            with pytest.raises(refused):
                verb(player.me)
    assert says(cast, own) == ALONE


def test_it_leaves_no_trace_in_the_trail(cast: Cast, attacker: Attacker) -> None:
    before = len(attacker.rows(AuditEntry))
    letter = for_myself.begin_words(cast.platform, cast.harmed.me, ALONE)
    for_myself.save(cast.platform, cast.harmed.me, letter, 1, "More.")
    for_myself.destroy(cast.platform, cast.harmed.me, letter)
    assert len(attacker.rows(AuditEntry)) == before


def test_a_second_window_writes_nothing_over(cast: Cast, own: UUID) -> None:
    for_myself.save(cast.platform, cast.harmed.me, own, 1, "One window.")
    with pytest.raises(DraftChanged):
        for_myself.save(cast.platform, cast.harmed.me, own, 1, "The other window.")
    assert says(cast, own) == "One window."
    for_myself.save(cast.platform, cast.harmed.me, own, 1, "One window.")  # pressed twice


def test_it_is_as_long_as_a_letter_can_be(cast: Cast, own: UUID) -> None:
    with pytest.raises(NotAcceptable):
        for_myself.save(cast.platform, cast.harmed.me, own, 1, "x" * (write.MAX_LETTER + 1))
    assert says(cast, own) == ALONE


def test_what_is_destroyed_is_gone(cast: Cast, own: UUID, attacker: Attacker) -> None:
    for_myself.destroy(cast.platform, cast.harmed.me, own)
    assert attacker.rows(NeverSent) == []
    with pytest.raises(NotFound):
        for_myself.destroy(cast.platform, cast.harmed.me, own)


def test_a_letter_made_of_it_is_a_draft_that_she_alone_reads(cast: Cast, own: UUID) -> None:
    letter = for_myself.make_letter(cast.platform, cast.harmed.me, own, way_out(cast))
    draft = write.own_text(cast.platform, cast.harmed.me, letter)
    assert draft is not None and draft.text == ALONE and cast.state(letter) is State.DRAFT
    assert says(cast, own) == ALONE
    with pytest.raises(NotAllowed):
        write.own_text(cast.platform, cast.first.me, letter)


def test_rule_1_after_stopping_it_is_still_hers_and_becomes_no_letter(
    cast: Cast, own: UUID
) -> None:
    channel = way_out(cast)
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    for_myself.save(cast.platform, cast.harmed.me, own, 1, "Afterwards.")
    assert says(cast, own) == "Afterwards."
    # drafts may be written, and go nowhere
    letter = for_myself.make_letter(cast.platform, cast.harmed.me, own, channel)
    assert cast.state(letter) is State.DRAFT


def test_it_goes_along_with_new_keys(cast: Cast, own: UUID) -> None:
    new_identity.renew(cast.platform, cast.harmed.me, PASSWORD, "a new password, long enough")
    assert for_myself.words_of(cast.platform, signed_in_anew(cast), own).text == ALONE


def test_a_save_that_comes_after_new_keys_is_refused_and_not_lost_under_the_old_ones(
    cast: Cast, own: UUID
) -> None:
    before = cast.harmed.me
    new_identity.renew(cast.platform, before, PASSWORD, "a new password, long enough")
    for verb in (lambda: for_myself.begin_words(cast.platform, before, "Too late."),
                 lambda: for_myself.save(cast.platform, before, own, 1, "Too late.")):
        with pytest.raises(NotPossibleNow):
            verb()
    assert for_myself.words_of(cast.platform, signed_in_anew(cast), own).text == ALONE


def test_the_list_goes_on_on_another_page(cast: Cast) -> None:
    for number in range(PAGE + 1):
        for_myself.begin_words(cast.platform, cast.harmed.me, f"Words {number}")
    page = for_myself.own_words(cast.platform, cast.harmed.me)
    rest = for_myself.own_words(cast.platform, cast.harmed.me, page.next)
    assert (len(page.rows), len(rest.rows), rest.next) == (PAGE, 1, None)


# --- somebody with the database

def test_an_earlier_text_under_a_later_number_does_not_open(cast: Cast,
                                                            own: UUID, attacker: Attacker) -> None:
    (earlier,) = attacker.rows(NeverSent)
    for_myself.save(cast.platform, cast.harmed.me, own, 1, "Later.")
    attacker.run(update(NeverSent).values(sealed=earlier["sealed"]))
    with pytest.raises(Tampered):
        says(cast, own)


def test_nobody_puts_words_into_it(cast: Cast, own: UUID, attacker: Attacker) -> None:
    theirs = for_myself.begin_words(cast.platform, cast.stranger_harmed.me, "Somebody else's.")
    (row,) = attacker.rows(NeverSent, NeverSent.id == theirs)
    attacker.run(update(NeverSent).where(NeverSent.id
                                         == own).values(sealed=row["sealed"], saves=row["saves"]))
    with pytest.raises(Tampered):
        says(cast, own)
    attacker.run(delete(NeverSent).where(NeverSent.id == own))
    attacker.run(update(NeverSent).where(NeverSent.id == theirs).values(person_id=cast.harmed.id))
    with pytest.raises(Tampered):
        says(cast, theirs)


def way_out(cast: Cast) -> UUID:
    with cast.platform.reading() as db:
        return next(channel.id for channel,
                    _ in channels_from(db, cast.harmed.id) if channel.opened_at)


def signed_in_anew(cast: Cast) -> SignedIn:
    from letters.workflow.accounts import sign_in
    found = sign_in.who_is(cast.platform,
                           sign_in.sign_in(cast.platform, "harmed", "a new password, long enough"))
    assert found is not None
    return found
