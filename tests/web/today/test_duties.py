"""What waits for supervisors and administrators, and the number in the navigation."""

from uuid import UUID

from sqlalchemy import select

from letters.rehearsal.browser import ShownPage
from letters.rules.roles import Role
from letters.storage.tables.desk import Notice
from letters.worker import NIGHTLY
from letters.workflow import duties
from letters.workflow import today as waiting
from letters.workflow.accounts import invite
from letters.workflow.cases import alerts
from letters.workflow.duties import DutyKind
from letters.workflow.notices import contact
from letters.workflow.oversight import emergency_access
from letters.workflow.preparation import background
from letters.workflow.team import absence
from tests.cast import PASSWORD, Cast, Player, sign_in_fully


def page_of(player: Player) -> ShownPage:
    return player.browser().open("/today")


def kinds(cast: Cast, player: Player) -> list[DutyKind]:
    return [one.kind for one in duties.duties(cast.platform, player.me)]


def test_it_is_the_first_page_of_all_staff(cast: Cast) -> None:
    for player in (cast.first, cast.supervisor, cast.administrator):
        assert player.browser().open("/", (200, 302)).url == "/today"


def test_an_overdue_alert_is_a_supervisors(cast: Cast) -> None:
    alerts.open_alert(cast.platform, cast.first.me, cast.case, "A worry.", True)
    assert DutyKind.ALERT not in kinds(cast, cast.supervisor)
    cast.clock.advance(days=3)
    for player in (cast.supervisor, cast.administrator):
        player.token = sign_in_fully(cast.platform, player.name)
    page = page_of(cast.supervisor)
    assert "Speak with who acts on an overdue alert" in page.text
    assert cast.case_row().reference in page.text and "Hanna" not in page.text
    assert DutyKind.ALERT not in kinds(cast, cast.administrator)


def test_an_unused_invitation_is_an_administrators(cast: Cast) -> None:
    assert kinds(cast, cast.administrator) == []
    invite.invite_staff(cast.platform, Role.FACILITATOR, "Freya", cast.administrator.me)
    page = page_of(cast.administrator)
    assert "Hand over an invitation" in page.text and "Freya" in page.text
    assert "Now (1)" in page.text and DutyKind.INVITATION not in kinds(cast, cast.supervisor)


def test_a_request_for_emergency_access_waits_for_those_who_can_second_it(cast: Cast) -> None:
    request = emergency_access.ask(cast.platform, cast.supervisor.me, cast.case, "A fear.", False)
    assert kinds(cast, cast.supervisor) == [] and cast.case_row().reference in page_of(
        cast.administrator).text
    assert kinds(cast, cast.administrator) == [DutyKind.EMERGENCY]
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    assert kinds(cast, cast.administrator) == []


def test_the_number_in_the_navigation_is_what_waits(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    background.withdraw_acknowledgement(cast.platform, cast.first.me, cast.case)
    background.record_acknowledgement(cast.platform, cast.first.me, cast.case, "In a letter.")
    for player in (cast.first, cast.second, cast.stranger_facilitator, cast.supervisor):
        if player is cast.supervisor:
            expected = len(duties.duties(cast.platform, player.me))
        else:
            with waiting.today(cast.platform, player.me) as found:
                expected = len(found.now) + len(found.letters) + len(found.asks)
        assert waiting.number(cast.platform, player.me) == expected
    assert "Today waiting: 2" in page_of(cast.second).text
    assert "waiting: " not in page_of(cast.administrator).text
    browser = cast.second.browser()
    browser.open(f"/desk/{letter}")
    cast.approve(letter, cast.first)
    assert "Today waiting: 2" in browser.open("/today").text  # for a minute
    cast.clock.advance(minutes=1)
    assert "Today waiting: 1" in browser.open("/today").text


def told_of(cast: Cast) -> set[UUID]:
    with cast.platform.reading() as db:
        return set(db.scalars(select(Notice.person_id).where(Notice.due_at.is_not(None))))


def test_once_a_day_something_is_said_to_who_wants_notices_and_has_something_waiting(
    cast: Cast,
) -> None:
    assert waiting.tell_once_a_day in NIGHTLY
    for player in (cast.first, cast.second):
        contact.choose(cast.platform, player.me, f"{player.name}@example.net", "Post", "An update")
    waiting.tell_once_a_day(cast.platform)
    assert told_of(cast) == set()
    letter = cast.approved(cast.harmed)
    cast.release()
    waiting.tell_once_a_day(cast.platform)
    assert told_of(cast) == set() and cast.row(letter).released_at
    background.withdraw_acknowledgement(cast.platform, cast.first.me, cast.case)
    background.record_acknowledgement(cast.platform, cast.first.me, cast.case, "In a letter.")
    absence.go_away(cast.platform, cast.second.me, cast.first.id, cast.platform.today(), "A note.",
                    into_teams=False)
    waiting.tell_once_a_day(cast.platform)
    assert told_of(cast) == set()  # who is away is left in peace
    absence.come_back(cast.platform, cast.second.me)
    waiting.tell_once_a_day(cast.platform)
    assert told_of(cast) == {cast.second.id}
