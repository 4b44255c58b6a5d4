"""A name of a hundred characters without a space makes no page wider than a narrow screen."""

from collections.abc import Callable, Iterator

import pytest

from keys import box
from keys.context import context
from letters.storage.tables.letters import Person as PersonRow
from letters.web.access import OPEN_TO_ALL
from tests.browser.conftest import NARROW, Person
from tests.cast import Cast

pytestmark = pytest.mark.browser

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def long_names(cast: Cast) -> None:
    """Everybody has one, and both sides have written, so that there is something to see."""
    cast.open_the_way_back()
    cast.submitted(cast.responsible, "I did it.")
    keys, random = cast.platform.keys, cast.platform.random
    with cast.platform.writing() as db:
        for row in db.query(PersonRow):
            row.name = box.seal(keys.contact, context("name", person=row.id),
                                LONG[:100].encode(), random, box.NAME_BLOCK)


def pages(cast: Cast) -> Iterator[str]:
    """Every page that is about nothing, about a case, or about somebody in it."""
    ids = {"case_id": cast.case, "person_id": cast.harmed.me.person}
    for rule in cast.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and {*rule.arguments} <= {*ids} and (
                rule.endpoint not in OPEN_TO_ALL and rule.endpoint != "load.table"):
            with cast.app.test_request_context():
                yield cast.app.url_for(rule.endpoint, **{one: ids[one] for one in rule.arguments})


@pytest.mark.usefixtures("long_names")
@pytest.mark.parametrize("name", ["harmed", "responsible", "first", "supervisor", "administrator"])
def test_no_page_is_too_wide_for_a_name_without_a_space(
    cast: Cast, somebody: Callable[..., Person], name: str
) -> None:
    person = somebody(NARROW).sign_in(name)
    wide, named = {}, 0
    for path in pages(cast):
        answer = person.page.goto(person.url + path)
        if answer is None or answer.status != 200:
            continue
        named += LONG[:100] in person.page.content()
        if (over := person.page.evaluate(WIDE)) > 0:
            wide[path] = over
    assert wide == {} and named > 0
