"""The page for staff that says whether letters are handed over; nobody else sees anything of it."""

from letters.workflow.cases import open_and_halt
from letters.workflow.release import pace
from tests.cast import Cast


def test_staff_are_told_why_nothing_is_handed_over(cast: Cast) -> None:
    page = cast.first.browser().open("/running")
    assert "Letters are handed over" in page.text
    cast.platform.state_file.path.unlink()
    page = cast.first.browser().open("/running")
    assert ("Nothing is handed over at the moment" in page.text
            and "The state file is missing." in page.text)


def test_rule_22_participants_see_their_usual_page(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    addresses = {cast.harmed: ("/home", "/letters", f"/letters/{letter}"),
                 cast.responsible: ("/home", "/for-you")}
    open_and_halt.halt(cast.platform, cast.first.me, cast.case)

    def seen() -> list[str]:
        return [player.browser().open(path).text for player,
                paths in addresses.items() for path in paths]
    before = seen()
    cast.platform.state_file.path.unlink()
    assert not cast.release()
    assert seen() == before
    pace.stop(cast.platform, cast.harmed.me, cast.case)  # what people decide still goes through
    assert cast.case_row().stopped_at is not None
