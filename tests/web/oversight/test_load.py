"""The supervisor's view: load by name, no number under five of what letters say, charts with their
tables, CSV."""

import codecs
import csv
import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from letters.rules.case.framework import STATISTICS
from letters.rules.roles import Role
from letters.storage.tables.desk import Tally
from letters.storage.tables.letters import Version
from letters.web.oversight import charts
from letters.workflow.accounts import invite
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.oversight import load
from letters.workflow.preparation import consent
from letters.workflow.review import read_letter
from letters.workflow.screening import weight
from letters.workflow.screening.counts import Verdict
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player, sign_in_fully
from tests.web.pages import BASE


@pytest.fixture(autouse=True)
def may_be_counted(cast: Cast) -> None:
    consent.give(cast.platform, cast.harmed.me, cast.case, [STATISTICS])


def held(cast: Cast, category: str) -> UUID:
    """A letter, held by the page."""
    letter, browser = cast.submitted(cast.harmed), cast.first.browser()
    read_letter.claim(cast.platform, cast.first.me, letter)
    browser.open(f"/desk/{letter}/hold")
    browser.send(f"/desk/{letter}/hold", reason="A doubt.", category=category,
                 review_on=(cast.platform.today() + timedelta(days=2)).isoformat())
    return letter


def later(cast: Cast, days: int) -> None:
    """When the supervisor comes in again."""
    cast.clock.advance(days=days)
    cast.supervisor.token = sign_in_fully(cast.platform, cast.supervisor.name)


def counted(cast: Cast, verdict: Verdict) -> dict[str, int | None]:
    return dict(load.decisions(cast.platform, cast.supervisor.me, verdict))


def table(cast: Cast, name: str, expect: int = 200) -> list[list[str]]:
    answer = cast.supervisor.browser().client.get(f"/supervision/{name}.csv", base_url=BASE)
    assert answer.status_code == expect
    assert expect != 200 or answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert expect != 200 or answer.get_data().startswith(codecs.BOM_UTF8), "a spreadsheet needs it"
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_holds_are_counted_by_their_main_reason_and_shown_from_five_on(cast: Cast) -> None:
    letters = [held(cast, "contact") for _ in range(4)] + [held(cast, "")]
    assert set(counted(cast, Verdict.HOLDS).values()) == {None}
    page = cast.supervisor.browser().open("/supervision/numbers")
    assert page.text.count("Contact details, Fewer than 5") == 2
    held(cast, "contact")
    assert (
        counted(cast, Verdict.HOLDS)["contact"] == 5
        and counted(cast, Verdict.RETURNS)["contact"] is None
    )
    assert ["Contact details",
            "5"] in table(cast, "holds") and ["Threat", "Fewer than 5"] in table(cast, "holds")
    page = cast.supervisor.browser().open("/supervision/numbers")
    assert "Contact details, 5" in page.text
    cast.clock.advance(days=365)
    assert counted(cast, Verdict.HOLDS)["contact"] is None and letters


def test_a_return_is_counted_too_and_a_count_that_was_changed_holds_no_letter_back(
    cast: Cast,
) -> None:
    Attacker(cast.platform).run(update(Tally).values(sealed=b"no box"))
    for _ in range(5):
        letter = cast.submitted(cast.harmed)
        read_letter.claim(cast.platform, cast.first.me, letter)
        decide.return_to_author(
            cast.platform,
            cast.first.me,
            letter,
            cast.row(letter).submitted_id,  # type: ignore
            "A reason.",
            "A note.",
            "threat",
        )
    assert counted(cast, Verdict.RETURNS)["threat"] == 5
    Attacker(cast.platform).run(update(Tally).values(sealed=b"no box"))
    letter = held(cast, "threat")
    assert cast.row(letter).state == "held"


@pytest.mark.parametrize(("letters", "said"), [(4, "Fewer than 5"), (5, "5")])
def test_heavy_letters_are_counted_for_who_read_them_lately_and_not_under_five(
    cast: Cast, letters: int, said: str
) -> None:
    for _ in range(letters):
        _heavy(cast, cast.approved(cast.harmed))
    head, *rows = table(cast, "load")
    assert [row[head.index("Heavy letters in four weeks")]
            for row in rows] == ["Fewer than 5", said, "Fewer than 5"]
    cast.clock.advance(days=29)
    assert {one.heavy for one in load.load(cast.platform, cast.supervisor.me)} == {None}


def _heavy(cast: Cast, letter: UUID) -> None:
    version = cast.row(letter).submitted_id
    assert version is not None
    blob = weight.sealed(cast.platform, version, (), "word " * (weight.LONG + 1))
    Attacker(cast.platform).run(
        update(Version).where(Version.id == version).values(weight=blob)
    )


def test_each_chart_says_the_same_as_its_table(cast: Cast) -> None:
    for _ in range(5):
        cast.submitted(cast.harmed)
    for path, drawn, tables in (("/supervision", 1, 2), ("/supervision/numbers", 3, 3)):
        body = cast.supervisor.browser().open(path).body
        assert body.count('role="img"') == body.count("<title id=") == drawn
        assert body.count('<table class="queue') == tables  # of its cases, too
    assert "Less than a day, 5;" in body and ["Less than a day", "5"] in table(cast, "waiting")
    assert table(cast, "waiting")[-1] == ["2 weeks or longer", "Fewer than 5"]


def test_no_ranking_the_order_is_that_of_the_names(cast: Cast) -> None:
    cast.submitted(cast.stranger_harmed)
    assert [row[0]
            for row in table(cast,
                             "load")[1:]] == ["Ellis Elsewhere", "Frances First", "Sam Second"]


def test_cases_that_nobody_looks_at_are_named_with_why_by_reference_alone(cast: Cast) -> None:
    letter = held(cast, "")
    browser = cast.supervisor.browser()
    assert "There is none." in browser.open("/supervision/reviews").text
    later(cast, 3)
    assert table(cast, "reviews")[1:] == [[f"Case {cast.case_row().reference}",
                                           "A held letter was to be looked at on 6 January 2027."]]
    later(cast, 90)
    rows = [row for row in table(cast, "reviews") if cast.case_row().reference in row[0]]
    assert len(rows) == 1 and "lapsed" in rows[0][1] and "Nothing was recorded since" in rows[0][1]
    assert "Hanna" not in str(rows) and str(letter) not in str(rows)


def test_a_name_that_a_spreadsheet_would_run_is_made_plain(cast: Cast) -> None:
    Player(cast.app, cast.platform, "formula",
           invite.invite_staff(cast.platform, Role.FACILITATOR, "=HYPERLINK(1)"))
    assert "'=HYPERLINK(1)" in [row[0] for row in table(cast, "load")]
    for cell in ("=1", "+1", "-1", "@a", "\t=1", " =1", "＝1", "＠a"):
        assert charts.as_csv(["a"], [[cell]]).splitlines()[1].startswith("\"'"), cell
    assert charts.as_csv(["a"], [["Ann - Lee"]]) == '\ufeff"a"\r\n"Ann - Lee"\r\n'


def test_no_other_table(cast: Cast) -> None:
    table(cast, "people", 404)


def test_the_cases_of_the_service_are_narrowed_and_turned_round(cast: Cast) -> None:
    open_and_halt.halt(cast.platform, cast.first.me, cast.case)
    browser = cast.supervisor.browser()

    def listed(asked: str) -> list[str]:
        return re.findall(r"Ask to read case (\S+)", browser.open(f"/supervision{asked}").text)

    both = listed("")
    assert len(both) == 2 and listed("?order=oldest") == both[::-1]
    assert len(listed("?standing=halted")) == 1
    assert "No case stands so." in browser.open("/supervision?standing=ended").text
