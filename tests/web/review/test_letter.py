"""The last of several findings counts like the others: at the desk, for the decision, and for an
alert.

What there is to find is asked of the screening itself, so that nothing on the way can leave it out
unseen. """

from uuid import UUID

import pytest

from letters.rules.errors import FindingsOpen
from letters.rules.roles import Role
from letters.screening import Category, screen
from letters.workflow.cases import alerts
from letters.workflow.decision import decide
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from tests.cast import PASSWORD, Cast

TEXT = ("Call me on 07700 900123.\n\nWrite to hanna@example.org.\n\n"
        "I do not want to live any more. I will kill myself.")
NUMBER = len(screen(TEXT, Role.HARMED))


@pytest.fixture
def letter(cast: Cast) -> UUID:
    assert NUMBER > 2 and screen(TEXT, Role.HARMED)[-1].category is Category.RISK
    return cast.submitted(cast.harmed, TEXT)


def test_the_desk_shows_it_with_its_place(cast: Cast, letter: UUID) -> None:
    browser = cast.first.browser()
    browser.open(f"/desk/{letter}")
    page = browser.send(f"/desk/{letter}/claim")
    for number in range(1, NUMBER + 1):
        assert f'id="finding-{number}"' in page.body and f'href="#finding-{number}"' in page.body
        assert any(f"finding-{number}" in form.fields for form in page.forms)


def test_nothing_is_approved_before_it_is_fine_too(cast: Cast, letter: UUID) -> None:
    platform, me, version = cast.platform, cast.first.me, cast.row(letter).submitted_id
    assert version is not None
    read_letter.claim(platform, me, letter)
    read_letter.dispose(platform, me, letter, version,
                        dict.fromkeys(range(NUMBER - 1), Disposition.FINE))
    with pytest.raises(FindingsOpen):
        decide.approve(platform, me, letter, version, PASSWORD)
    page = cast.first.browser().open(f"/desk/{letter}/approve")
    assert f"Finding {NUMBER}: say what you make of it." in page.text
    assert f"Finding {NUMBER - 1}: say what" not in page.text


def test_it_opens_an_alert_where_it_is_the_one_that_calls_for_it(cast: Cast, letter: UUID) -> None:
    with cast.platform.reading() as db:
        [alert] = alerts.open_in(cast.platform, db, cast.case_row())
    assert alert.thing == letter
    other = cast.submitted(cast.stranger_harmed, TEXT.partition("\n\nI do not")[0])
    with cast.platform.reading() as db:
        case = db.get_one(type(cast.case_row()), cast.strange_case)
        assert not alerts.open_in(cast.platform, db, case) and other


def test_earlier_letters_are_compared_when_a_reader_asks(cast: Cast) -> None:
    """The page of a letter opens no other letter's findings until then."""
    cast.submitted(cast.harmed, "My first.")
    letter = cast.submitted(cast.harmed, "My second.")
    browser = cast.first.browser()
    asked = f"/desk/{letter}?earlier=shown"
    page = browser.open(f"/desk/{letter}")
    assert "What several letters" not in page.text and f"{asked}#earlier" in page.links
    assert "What several letters" in browser.open(asked).text
    assert "Nothing stands out." in browser.page.text
    cast.stranger_facilitator.browser().open(asked, 404)
