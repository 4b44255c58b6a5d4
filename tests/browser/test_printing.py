"""What comes out of Chromium's printer: the words and page numbers; and the way there, narrow,
without scripts."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import NARROW, Person
from tests.cast import Cast

pytestmark = pytest.mark.browser


def pages(person: Person) -> int:
    return len(re.findall(rb"/Type\s*/Page\b",
                          person.page.pdf(format="A4", prefer_css_page_size=True)))


def test_rule_29_from_writing_to_paper_the_words_stand_alone(
    cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW).sign_in("harmed").follow("Write for myself").follow("Write something")
    text = "What I never said.\n\n" + "\n\n".join(f"Paragraph {number}. " + "So it was. " * 30
                                                  for number in range(12))
    person.fill("Your words", text).press("Save").reads("Saved.")
    person.follow("Print it").reads("cannot be taken back").follow("Show the page to print")
    person.page.emulate_media(media="print")
    on_paper = person.page.locator("body").inner_text()
    assert on_paper.split() == text.split()
    normal = pages(person)
    person.page.emulate_media(media="screen")
    person.follow("Back").follow("The same in large print")
    assert 1 < normal < pages(person)
    size = "getComputedStyle(document.querySelector('.letter-text p')).fontSize"
    person.page.emulate_media(media="print")
    assert float(person.page.evaluate(size).removesuffix("px")) >= 16 / 0.75  # 16 points
