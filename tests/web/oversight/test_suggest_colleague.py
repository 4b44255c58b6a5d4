"""A supervisor suggests a colleague; the team asks them, or does not; the colleague answers."""

import pytest

from letters.rules.errors import NotAcceptable, NotAllowed, NotFound, NotPossibleNow
from letters.workflow.team import join_and_leave, suggest
from tests.cast import Cast


def page(cast: Cast) -> str:
    return f"/supervision/cases/{cast.case}/colleague"


def test_rule_11_a_suggestion_reaches_the_team_and_only_the_team_lets_somebody_in(
        cast: Cast) -> None:
    supervisor = cast.supervisor.browser()
    look = supervisor.open(supervisor.open("/supervision").link(page(cast)))
    assert "2 cases" not in look.text and "1 case, 0 letters wait" in look.text
    supervisor.send(page(cast), colleague=str(cast.stranger_facilitator.id))
    cast.stranger_facilitator.browser().open(f"/cases/{cast.case}/team/answer", 404)

    member = cast.first.browser()
    today = member.open("/today")
    assert "A supervisor suggests a colleague" in today.text
    team = member.open(today.link(f"/cases/{cast.case}/team"))
    asking = next(form for form in team.forms if form.action.endswith("/team/ask"))
    assert asking.fields["colleague"] == str(cast.stranger_facilitator.id)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id, True)
    assert "A supervisor suggests" not in member.open("/today").text
    join_and_leave.answer(cast.platform, cast.stranger_facilitator.me, cast.case, joins=True)
    cast.stranger_facilitator.browser().open(f"/cases/{cast.case}")


def test_a_team_that_does_not_ask_them_says_so_once(cast: Cast) -> None:
    suggest.suggest(cast.platform, cast.supervisor.me, cast.case, cast.stranger_facilitator.id)
    member = cast.second.browser()
    member.open(f"/cases/{cast.case}/team")
    member.send(f"/cases/{cast.case}/team/not-asked", colleague=str(cast.stranger_facilitator.id))
    assert "A supervisor suggests" not in member.open("/today").text
    with pytest.raises(NotPossibleNow):
        suggest.leave(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id)


@pytest.mark.parametrize("who", ["first", "supervisor", "harmed", ""])
def test_only_a_facilitator_from_outside_the_team_can_be_suggested(cast: Cast, who: str) -> None:
    supervisor = cast.supervisor.browser()
    supervisor.open(page(cast))
    chosen = str(getattr(cast, who).id) if who else ""
    answer = supervisor.send(page(cast), 400, colleague=chosen)
    assert "Choose" in answer.text
    assert "A supervisor suggests" not in cast.first.browser().open("/today").text


def test_nobody_but_a_supervisor_suggests_and_nobody_twice(cast: Cast) -> None:
    colleague = cast.stranger_facilitator.id
    for me in (cast.first.me, cast.harmed.me, cast.administrator.me):
        with pytest.raises(NotAllowed):
            suggest.suggest(cast.platform, me, cast.case, colleague)
    suggest.suggest(cast.platform, cast.supervisor.me, cast.case, colleague)
    with pytest.raises(NotAcceptable):
        suggest.suggest(cast.platform, cast.supervisor.me, cast.case, colleague)
    with pytest.raises(NotFound):
        suggest.leave(cast.platform, cast.stranger_facilitator.me, cast.case, colleague)
