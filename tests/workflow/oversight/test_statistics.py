"""Numbers of the service: of cases that agreed, and none that tells of one."""

from datetime import timedelta

import pytest

from letters.rules.case.framework import STATISTICS
from letters.workflow.oversight import statistics
from letters.workflow.oversight.statistics import Days, days, shown
from letters.workflow.oversight.statistics import statistics as numbers
from letters.workflow.preparation import consent
from tests.cast import Cast


@pytest.mark.parametrize(("rows", "seen"), [
    ([("a", 7), ("b", 9)], [7, 9]),
    ([("a", 7), ("b", 4), ("c", 9)], [None, None, 9]),  # else the total tells
    ([("a", 7), ("b", 4), ("c", 0)], [7, None, None]),
    ([("a", 2)], [None]), ([("a", 6)], [6]), ([], []),
    ([("a", 6), ("b", 0)], [None, None]),
])
def test_no_small_number_is_shown_nor_can_be_told_from_the_total(
    rows: list[tuple[str, int]], seen: list[int | None]
) -> None:
    assert [number for _, number in shown(rows)] == seen


def test_the_middle_and_nine_of_ten_are_in_days() -> None:
    hours = [timedelta(hours=24 * number) for number in range(1, 11)]
    assert days(hours) == Days(10, 5.5, 9.9)
    assert days(hours[:4]) == Days(None)


def agreed(cast: Cast, *players: str) -> None:
    for name in players:
        consent.give(cast.platform, getattr(cast, name).me, cast.case, [STATISTICS])


def test_only_a_case_counts_whose_two_people_agreed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "FEWEST", 1)
    cast.released(cast.harmed)
    cast.submitted(cast.harmed)
    assert numbers(cast.platform, cast.supervisor.me).handed_in is None
    agreed(cast, "harmed")
    assert numbers(cast.platform, cast.supervisor.me).counted is None
    agreed(cast, "responsible")
    found = numbers(cast.platform, cast.supervisor.me)
    assert (found.all, found.counted, found.handed_in, found.handed_over) == (2, 1, 2, 1)
    assert found.first_reading == found.to_release == Days(None)  # one letter tells of itself
    next_year = cast.platform.today().year + 1
    assert numbers(cast.platform, cast.supervisor.me, next_year).handed_in is None


def test_the_letters_of_fewer_than_five_cases_are_not_counted(cast: Cast) -> None:
    agreed(cast, "harmed", "responsible")
    for _ in range(statistics.FEWEST):
        cast.submitted(cast.harmed)
    found = numbers(cast.platform, cast.supervisor.me)
    assert found.handed_in is None and {number for _, number in found.weights} == {None}


def test_a_page_and_a_table_for_supervisors(cast: Cast) -> None:
    browser = cast.supervisor.browser()
    page = browser.open("/supervision/statistics?since=2020")
    assert "Fewer than 5" in page.text and "Cases by stage" in page.text
    assert cast.case_row().reference not in page.text
    answer = browser.client.get("/supervision/statistics.csv", base_url="https://localhost")
    assert answer.data.startswith("\ufeff".encode()) and b"Cases by stage" in answer.data
