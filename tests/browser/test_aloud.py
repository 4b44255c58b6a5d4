"""Reading aloud: only where it was turned on, only when asked, only with a voice of the device,
only what is shown."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from letters.rules.display import DisplayChoice
from letters.workflow.accounts import display
from letters.workflow.reading import in_parts
from letters.workflow.reading.in_parts import ReadingWay
from letters.workflow.writing import for_myself
from tests.browser.conftest import NARROW, Person, Served
from tests.cast import Cast

pytestmark = pytest.mark.browser

LOCAL = {"name": "Own", "lang": "en-GB", "localService": True, "default": False}
REMOTE = {"name": "Far", "lang": "en-GB", "localService": False, "default": True}
FOREIGN = {"name": "Eigene", "lang": "de-DE", "localService": True, "default": True}

# The edge of the world: a browser's voice, which writes down what it is given and speaks until it
# is told to stop.
RECORDER = """voices => {
  const heard = [];
  let said = null;
  class Utterance extends EventTarget { constructor(text) { super(); this.text = text; } }
  const speech = new EventTarget();
  Object.assign(speech, {
    getVoices: () => voices,
    speak: one => { said = one; heard.push([one.voice && one.voice.name, one.text]); },
    cancel: () => { if (said) heard.push(["", "silence"]); said = null; },
    pause: () => {}, resume: () => {},
  });
  Object.defineProperty(window, "speechSynthesis", {value: speech});
  Object.defineProperty(window, "SpeechSynthesisUtterance", {value: Utterance});
  window.heard = heard;
  window.finish = () => { const one = said; said = null; one.dispatchEvent(new Event("end")); };
}"""

WORDS = "Dear you,\n\nOne thing.\n\nAnother *thing*,\nwith a second line.\n\nYours, somebody"
SILENCE = ["", "silence"]


@pytest.fixture
def letter(cast: Cast) -> UUID:
    """A letter that the person who harmed has opened, all of it."""
    letter = cast.released(cast.harmed, WORDS)
    in_parts.open_at(cast.platform, cast.responsible.me, letter, ReadingWay.ALL)
    return letter


@pytest.fixture
def listener(cast: Cast, somebody: Callable[..., Person]) -> Callable[..., Person]:
    """Somebody whose browser has these voices."""

    def listen(name: str, voices: list[dict[str, Any]], scripts: bool = True,
               on: bool = True) -> Person:
        player = cast.harmed if name == "harmed" else cast.responsible
        display.choose(cast.platform, player.me, DisplayChoice(read_aloud=on))
        person = somebody(NARROW, scripts)
        if scripts:
            person.context.add_init_script(f"({RECORDER})({json.dumps(voices)})")
        return person.sign_in(name)

    return listen


def heard(person: Person) -> list[list[str]]:
    said: list[list[str]] = person.page.evaluate("window.heard")
    return said


def press(person: Person, button: str) -> None:
    person.page.get_by_role("button", name=button, exact=True).click()


def test_until_it_is_turned_on_and_without_scripts_there_is_no_button(
    served: Served, letter: UUID, listener: Callable[..., Person]
) -> None:
    for scripts, on in ((True, False), (False, True)):
        person = listener("responsible", [LOCAL], scripts,
                          on).go(f"/for-you/{letter}").reads("One thing.")
        expect(person.page.get_by_role("button", name="Read aloud")).to_have_count(0)
        expect(person.page.get_by_text("Others near you may hear it.")).to_have_count(
            0 if scripts else 1
        )
        assert not person.page.get_by_text("Others near you may hear it.").is_visible()


def test_rule_29_what_is_shown_is_spoken_in_order_by_the_voice_of_the_device(
    served: Served, letter: UUID, listener: Callable[..., Person]
) -> None:
    person = listener("responsible", [REMOTE, FOREIGN, LOCAL]).go(f"/for-you/{letter}")
    expect(person.page.get_by_text("Others near you may hear it.")).to_be_visible()
    assert heard(person) == []  # it never begins by itself
    press(person, "Read aloud")
    for _ in range(4):
        person.page.evaluate("finish()")
    assert heard(person) == [["Own", "Dear you,"], ["Own", "One thing."],
                             ["Own", "Another thing,\nwith a second line."],
                             ["Own", "Yours, somebody"]]
    press(person, "Read aloud")
    person.page.evaluate("finish()")
    press(person, "Pause")
    assert heard(person)[4:] == [["Own", "Dear you,"], ["Own", "One thing."], SILENCE]
    press(person, "Go on reading")
    press(person, "Stop")
    assert heard(person)[7:] == [["Own", "One thing."], SILENCE]
    expect(person.page.get_by_role("button", name="Read aloud", exact=True)).to_be_focused()
    assert person.complaints == []


@pytest.mark.parametrize("voices", [[REMOTE], [REMOTE, FOREIGN], []])
def test_without_a_voice_of_the_device_nothing_is_spoken_and_the_page_says_so(
    served: Served, letter: UUID, listener: Callable[..., Person], voices: list[dict[str, Any]]
) -> None:
    person = listener("responsible", voices).go(f"/for-you/{letter}")
    expect(person.page.get_by_text("this page is not read aloud")).to_be_visible()
    expect(person.page.get_by_role("button", name="Read aloud")).to_have_count(0)
    assert heard(person) == []


def test_escape_another_tab_and_the_way_out_silence_it_at_once(
    served: Served, letter: UUID, listener: Callable[..., Person]
) -> None:
    person = listener("responsible", [LOCAL]).go(f"/for-you/{letter}")
    begun = ["Own", "Dear you,"]
    press(person, "Read aloud")
    person.page.keyboard.press("Escape")
    assert heard(person) == [begun, SILENCE]
    press(person, "Read aloud")
    person.page.evaluate("""() => { Object.defineProperty(document, "hidden", {value: true});
                                    document.dispatchEvent(new Event("visibilitychange")); }""")
    assert heard(person)[2:] == [begun, SILENCE]
    # no answer that leads away: the page is looked at before it is left without one
    person.page.route("**/leave", lambda _: None)
    press(person, "Read aloud")
    person.page.get_by_role("link", name="Leave this site now").click()
    assert heard(person)[4:] == [begun, SILENCE]


def test_nothing_that_is_left_out_of_the_page_is_spoken(
    served: Served, cast: Cast, letter: UUID, listener: Callable[..., Person]
) -> None:
    """Rule 23: greeting and signature as the plan says, and no part that was not opened."""
    answer = cast.released(cast.responsible, WORDS)
    in_parts.make_plan(cast.platform, cast.harmed.me, cast.case, in_parts.Plan(hide_ends=True))
    in_parts.open_at(cast.platform, cast.harmed.me, answer, ReadingWay.PARTS)
    person = listener("harmed", [LOCAL]).go(f"/for-you/{answer}")
    shown = person.page.locator(".letter-text").inner_text()
    press(person, "Read aloud")
    person.page.evaluate("finish()")
    assert [words for _, words in heard(person)] == [shown.strip()] == ["One thing."]


def test_words_for_oneself_are_read_as_they_stand_in_the_field(
    served: Served, cast: Cast, listener: Callable[..., Person]
) -> None:
    own = for_myself.begin_words(cast.platform, cast.harmed.me, "Saved.\n\nAnd more.")
    person = listener("harmed",
                      [LOCAL]).go(f"/for-myself/{own}").fill("Your words", "Not saved yet.")
    press(person, "Read aloud")
    person.page.evaluate("finish()")
    assert heard(person) == [["Own", "Not saved yet."]]
