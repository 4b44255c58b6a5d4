"""Rule 22: what the person who harmed can get of their letter is the same, whatever happens to it
on the other side."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from letters.rules.errors import LettersError
from letters.rules.pace import Pace
from letters.workflow.accounts import invite
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.lost_access import new_identity
from letters.workflow.preparation import background, consent
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import write
from tests.attacks.scenes import hold
from tests.cast import PASSWORD, Cast
from tests.workflow.losing import NEW

PLACES: dict[str, Callable[[Cast, UUID], Any]] = {
    "in review": lambda c, letter: None,
    "claimed": lambda c, letter: read_letter.claim(c.platform, c.first.me, letter),
    "second reading": lambda c, letter: c.approve(letter, c.first),
    "held": lambda c, letter: hold(c, letter, c.first),
    "taken up again": lambda c, letter: (hold(c, letter, c.first),
                                         decide.resume(c.platform, c.second.me, letter)),
    "approved, not ready": lambda c, letter: both(c, letter),
    "approved, paused": lambda c, letter: (pace.pause(c.platform, c.harmed.me, c.case),
                                           both(c, letter)),
    "approved, halted": lambda c, letter: (open_and_halt.halt(c.platform, c.first.me, c.case),
                                           both(c, letter)),
    "approved, stopped": lambda c, letter: (both(c, letter),
                                            pace.stop(c.platform, c.harmed.me, c.case)),
    "approved, withdrawn": lambda c, letter: (both(c, letter),
                                              consent.withdraw(c.platform, c.harmed.me, c.case)),
    "approved, too soon": lambda c, letter: (c.set_gap(90),
                                             pace.say_ready(c.platform, c.harmed.me, c.case),
                                             both(c, letter)),
    "seal again": lambda c, letter: (both(c, letter), seal_again(c, letter)),
    "released": lambda c, letter: (pace.say_ready(c.platform, c.harmed.me, c.case),
                                   both(c, letter)),
    "opened": lambda c, letter: (pace.say_ready(c.platform, c.harmed.me, c.case), both(c, letter),
                                 open_letter.open_letter(c.platform, c.harmed.me, letter)),
}


def both(cast: Cast, letter: UUID) -> None:
    """Both facilitators approve, and the worker looks."""
    for reader in (cast.first, cast.second):
        cast.approve(letter, reader)
    cast.release()


def seal_again(cast: Cast, letter: UUID) -> None:
    """The recipient's key has changed, and the worker has set the letter aside."""
    new_identity.renew(cast.platform, cast.harmed.me, PASSWORD, NEW)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    cast.release()


def asked(cast: Cast, letter: UUID) -> list[Any]:
    """What comes of every function that takes a house, the author and a letter, or the author's
    case; in one order."""
    platform, me, row = cast.platform, cast.responsible.me, cast.row(letter)

    def shown(own: write.OwnText | None) -> Any:
        return own and (own.version, own.text, own.saved_at, own.kind)

    def again() -> Any:
        return shown(write.own_text(platform, me, write.begin_again(platform, me, letter)))[1]  # type: ignore[index]

    verbs: list[Callable[[], Any]] = [
        lambda: shown(write.own_text(platform, me, letter)),
        lambda: shown(write.own_text(platform, me, letter, row.submitted_id)) and "there",
        lambda: [shown(own) for own in write.own_texts(platform, me, letter)],
        lambda: open_letter.who_can_read(platform, me, letter),
        lambda: open_letter.future_readers(platform, me, letter),
        lambda: write.notes_for_author(platform, me, letter),
        lambda: open_letter.before_opening(platform, me, letter),
        lambda: open_letter.open_letter(platform, me, letter),
        lambda: open_letter.read_again(platform, me, letter),
        lambda: write.save(platform, me, letter, row.draft_id, "Other words."),
        lambda: write.restore(platform, me, letter, row.draft_id),
        lambda: write.submit(platform, me, letter, row.draft_id),
        lambda: write.submit(platform, me, letter, row.submitted_id),
        lambda: write.begin_again(platform, me, letter) and "begun",
        lambda: read_letter.claim(platform, me, letter),
        lambda: read_letter.unclaim(platform, me, letter),
        lambda: read_letter.letter_for(platform, me, letter),
        lambda: read_letter.dispose(platform, me, letter, row.submitted_id, {0: Disposition.FINE}),
        lambda: decide.approve(platform, me, letter, row.submitted_id, PASSWORD),
        lambda: decide.hold(platform, me, letter, row.submitted_id, "Why.",
                            cast.clock().date().replace(year=2030)),
        lambda: decide.return_to_author(platform, me, letter, row.submitted_id, "a", "b"),
        lambda: decide.resume(platform, me, letter),
        lambda: decide.seal_again(platform, me, letter, PASSWORD),
        lambda: pace.say_ready(platform, me, cast.case),
        lambda: pace.pause(platform, me, cast.case),
        lambda: pace.set_pace(platform, me, cast.case, Pace()),
        lambda: open_and_halt.halt(platform, me, cast.case),
        lambda: background.record_acknowledgement(platform, me, cast.case, "I did."),
        lambda: invite.invite_again(platform, me, cast.case, cast.harmed.id),
        lambda: consent.give(platform, me, cast.case, ["read"]),
        lambda: write.begin_letter(platform, me, cast.channel(cast.responsible)) and "begun",
        lambda: write.recall(platform, me, letter),
        lambda: write.recall(platform, me, letter),
        lambda: shown(write.own_text(platform, me, letter)),
        lambda: open_letter.who_can_read(platform, me, letter),
        lambda: write.save(platform, me, letter, row.draft_id, "Other words."),
        lambda: write.submit(platform, me, letter, row.draft_id),
        again,
        lambda: consent.withdraw(platform, me, cast.case),
        lambda: pace.stop(platform, me, cast.case),
        lambda: shown(write.own_text(platform, me, letter)),
    ]
    answers: list[Any] = []
    for verb in verbs:
        try:
            answers.append(verb())
        except LettersError as refused:
            answers.append((type(refused).__name__, refused.args))
    return answers


def sent(cast: Cast) -> UUID:
    """A letter of the person who harmed, sent."""
    cast.open_the_way_back()
    return cast.submitted(cast.responsible, "I have thought about it.")


@pytest.mark.parametrize("place", [place for place in PLACES if place != "in review"])
def test_rule_22_the_author_gets_the_same_as_in_review_when(theatre, place: str) -> None:
    cast = theatre.cast
    told = []
    for where in ("in review", place):
        letter = theatre.play(sent)
        PLACES[where](cast, letter)
        told.append(asked(cast, letter))
    assert told[0] == told[1]
