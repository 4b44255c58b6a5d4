"""The desk in a real browser: from finding to finding, notes that are kept, a warning, keys only
for who wants them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect

from letters.rules.letter.lifecycle import State
from letters.workflow.review import care, read_letter
from tests.browser.conftest import NARROW, WIDE, Person
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser

TWO = "Call me on 07700 900123.\n\nOr write to robin@example.org, please."


def test_with_scripts_notes_are_kept_and_no_key_decides(cast: Cast,
                                                        somebody: Callable[..., Person]) -> None:
    letter = cast.submitted(cast.harmed, TWO)
    read_letter.claim(cast.platform, cast.first.me, letter)
    care.save_care(cast.platform, cast.first.me, None, True)
    reader = somebody(WIDE, True)
    reader.sign_in("first").go(f"/desk/{letter}")
    page = reader.page
    first, second = page.locator("#finding-1"), page.locator("#finding-2")
    page.get_by_role("button", name="Next finding").click()
    expect(page.locator("#finding-1")).to_be_focused()
    for key, focused in (("n", "#finding-2"), ("n", "#finding-1"), ("p", "#finding-2"),
                         ("d", "#decisions-title")):
        page.keyboard.press(key)
        expect(page.locator(focused)).to_be_focused()
    for key in "abcdefghiklmnopqrstuvwxyz0123456789":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert page.url.endswith(str(letter)) and cast.state(letter) is State.IN_REVIEW

    second.get_by_label("Escalate").check()
    expect(page.locator("[data-said]")).to_have_text("Your notes on the findings are kept.")
    reader.go(f"/desk/{letter}")
    expect(second.get_by_label("Escalate")).to_be_checked()

    page.context.set_offline(True)
    first.get_by_label("Redact").check()
    expect(page.locator("[data-said]")).to_contain_text("not kept yet")
    page.context.set_offline(False)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Cases").first.click()
    expect(first.get_by_label("Redact")).to_be_checked()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Return …").click()
    page.get_by_label("A kind note, for the writer").fill("Please leave the number out.")
    page.once("dialog", stay)
    page.get_by_role("link", name="Cases").first.click()
    expect(page.get_by_label("A kind note, for the writer")).to_have_value(
        "Please leave the number out."
    )
    assert asked == ["beforeunload"] * 2


def test_a_reading_takes_six_clicks_and_one_password_with_the_decisions_in_sight(
    cast: Cast, somebody: Callable[..., Person]
) -> None:
    """A letter of 300 words with one finding, from the desk and back."""
    letter = cast.submitted(cast.harmed, "I have thought about that day. " * 50 + TWO.split(".")[0])
    reader, clicks = somebody(WIDE, True).sign_in("first").go("/desk"), 0
    page = reader.page
    for role, name in (("link", "Hanna and Robin"), ("button", "Claim this letter"),
                       ("radio", "Fine here"), ("button", "Approve …"),
                       ("checkbox", "I have looked"), ("button", "Approve")):
        if name == "Approve":
            page.get_by_label("Your password").fill(PASSWORD)
        elif name == "Approve …":
            button = page.get_by_role("button", name=name)
            box = button.bounding_box()
            assert page.evaluate("scrollY") == 0 and box and box["y"] < WIDE["height"] - 40
            assert page.evaluate("document.documentElement.scrollHeight") <= 1400
        page.get_by_role(role, name=name).first.click()
        clicks += 1
    expect(page.get_by_text("Approved. Thank you.")).to_be_visible()
    assert cast.state(letter) is State.APPROVED and clicks == 6


def test_without_scripts_and_without_a_wish_no_key_does_anything(
    cast: Cast, somebody: Callable[..., Person]
) -> None:
    letter = cast.submitted(cast.harmed, TWO)
    plain = somebody(NARROW,
                     False).sign_in("first").go(f"/desk/{letter}").press("Claim this letter")
    assert not plain.page.get_by_role("button", name="Next finding").is_visible()
    for path in ("/desk", "/desk?lane=mine", "/desk/settings", f"/desk/{letter}/approve",
                 f"/desk/{letter}/debrief"):
        plain.go(path)
    reader = somebody(NARROW, True).sign_in("first").go(f"/desk/{letter}")
    reader.page.keyboard.press("n")
    assert reader.page.locator("[data-here]").count() == 0


@pytest.mark.parametrize("tone", ["serious", "look", "quiet"])
def test_a_finding_is_told_from_the_text_in_forced_colours(
    cast: Cast, somebody: Callable[..., Person], tone: str
) -> None:
    """Windows' high contrast takes colours away; a frame and a line stay."""
    letter = cast.submitted(cast.harmed, TWO)
    read_letter.claim(cast.platform, cast.first.me, letter)
    person = somebody(WIDE, scripts=True, forced_colors="active").sign_in("first")
    person.go(f"/desk/{letter}")
    shown = person.page.locator("mark.finding").first
    styles = shown.evaluate(
        """(mark, tone) => {
          mark.className = `finding finding-${tone}`;
          const style = getComputedStyle(mark), around = getComputedStyle(mark.parentElement);
          return [style.outlineStyle, parseFloat(style.outlineWidth), style.textDecorationLine,
            style.outlineColor !== around.backgroundColor];
        }""", tone)
    frame = {"serious": ("solid", 3), "look": ("solid", 2), "quiet": ("dotted", 2)}[tone]
    assert tuple(styles) == (*frame, "underline", True)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_passage_is_suggested_about_where_it_stands(cast: Cast, somebody: Callable[..., Person],
                                                      scripts: bool) -> None:
    """With the script, what is selected in the letter comes into the field by itself."""
    letter = cast.submitted(cast.harmed, "I was at home.\n\nYou came *late* that night.")
    read_letter.claim(cast.platform, cast.first.me, letter)
    reader = somebody(WIDE, scripts).sign_in("first").go(f"/desk/{letter}")
    page = reader.page
    if scripts:
        page.locator(".letter p").nth(1).select_text()
        expect(page.get_by_label("The passage")).to_have_value("You came *late* that night.")
    else:
        page.locator("summary", has_text="Suggest something").click()
        reader.fill("The passage", "You came *late* that night.")
    assert not page.get_by_label("Which place do you mean?").count()
    page.get_by_label("What do you suggest?").select_option("COMMENT")
    reader.fill("Your comment, or the other words", "Which night?").press("Keep this suggestion")
    assert page.url.endswith(f"/desk/{letter}")
    page.locator("summary", has_text="Suggest something").click()
    reader.follow("Suggestions kept so far").reads("Which night?")
