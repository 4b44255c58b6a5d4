"""What asks for hands: pages after a mistake, the keyboard, targets, schemes of colour. Every page
as it comes is in ``tests/addresses``."""

from collections.abc import Callable
from uuid import UUID

import pytest

from letters.workflow.oversight import emergency_access
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import for_myself
from tests import axe
from tests.addresses.table import kept_for_harmed
from tests.attacks.scenes import asked_at_once
from tests.browser.conftest import NARROW, WIDE, Person
from tests.cast import PASSWORD, Cast
from tests.night import NIGHT

pytestmark = pytest.mark.browser

def violations(person: Person, contrast: bool = NIGHT) -> list[str]:
    """What axe finds on the page at which somebody is."""
    axe.load(person.page)
    return [f"{person.page.url}: {one}" for one in axe.violations(person.page, contrast)]


@pytest.fixture
def letters(cast: Cast) -> dict[str, str]:
    """One of each kind: its id."""
    made = {"opened": cast.open_the_way_back()}
    from letters.workflow.reading import open_letter

    open_letter.open_letter(cast.platform, cast.responsible.me, made["opened"])
    made["arrived"] = cast.released(cast.harmed, "Another letter.\n\n- one\n- two")
    made["to_harmed"] = cast.released(cast.responsible, "I did it.")
    made["draft"] = cast.draft(
        cast.harmed, "A draft with a *word*.\n\nAnd " + "averyveryverylongwordwithoutanyspace" * 5
    )
    made["on_desk"] = cast.submitted(
        cast.responsible, "Ring 07700 900123 or a@b.org, or not.\u202e " + "wordwithoutspace" * 12
    )
    made["unclaimed"] = cast.submitted(cast.harmed, "Nothing to find here.")
    read_letter.claim(cast.platform, cast.first.me, made["on_desk"])
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    request = asked_at_once(cast, cast.supervisor.me, cast.case, "A call that worries me.")
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    emergency_access.open_and_close_due(cast.platform)
    made["emergency"] = request
    emergency_access.ask(cast.platform, cast.supervisor.me, cast.strange_case, "Another.", False)
    kept_for_harmed(cast)
    made["never_sent"] = for_myself.begin_words(cast.platform, cast.harmed.me, "For me alone.")
    return {name: str(letter) for name, letter in made.items()}


def test_pages_with_errors_and_codes_are_accessible(
    cast: Cast, letters: dict[str, str], somebody: Callable[..., Person]
) -> None:
    found = []
    person = somebody(NARROW, scripts=True, bypass_csp=True)
    person.go("/sign-in").press("Sign in")
    found += violations(person)
    person.go("/invitation/code").fill("Code", "wrong").press("Continue")
    found += violations(person)
    person.sign_in("harmed").go("/pace").page.get_by_text("Days between", exact=True).click()
    person.fill("At least this many days", "ten").press("Save the days between")
    found += violations(person)
    facilitator = somebody(NARROW, scripts=True, bypass_csp=True).sign_in("first")
    on_desk = UUID(letters["on_desk"])
    read = read_letter.letter_for(cast.platform, cast.first.me, on_desk)
    read_letter.dispose(cast.platform, cast.first.me, on_desk, read.version.id,
                        dict.fromkeys(range(len(read.findings)), Disposition.FINE))
    for room, button in (("approve", "Approve"), ("hold", "Hold"), ("return", "Return it")):
        facilitator.go(f"/desk/{letters['on_desk']}/{room}").press(button)
        found += violations(facilitator)
    administrator = somebody(NARROW, scripts=True, bypass_csp=True).sign_in("administrator")
    administrator.go("/emergency-access").press("Second it")
    found += violations(administrator)
    administrator.go("/house").press("Make an invitation")
    found += violations(administrator)
    administrator.page.get_by_label("As", exact=True).select_option(label="Facilitator")
    administrator.fill("Name", "Ada").press("Make an invitation")
    found += violations(administrator)
    newcomer = somebody(NARROW, scripts=True, bypass_csp=True).go("/invitation/code")
    newcomer.fill("Code",
                  administrator.page.locator(".code").inner_text().split(":")[-1]).press("Continue")
    found += violations(newcomer)
    newcomer.press("Make my account")
    found += violations(newcomer)
    newcomer.fill("Sign-in name",
                  "ada").fill("Password", "a password that is long enough").press("Make my account")
    found += violations(newcomer)
    other = somebody(NARROW, scripts=True, bypass_csp=True).sign_in("harmed")
    person.go(f"/letters/{letters['draft']}/write")
    other.go(f"/letters/{letters['draft']}/write").fill("Your letter", "One tab.").press("Save")
    person.fill("Your letter",
                "Another tab.").press("Save").reads("There are two versions of this letter")
    found += violations(person)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_holds_in_every_scheme(
    cast: Cast, letters: dict[str, str], somebody: Callable[..., Person], scheme: str
) -> None:
    found = []
    for name, paths in (
        ("harmed", ["/home", f"/letters/{letters['draft']}/check"]),
        ("first", [f"/desk/{letters['on_desk']}", "/desk"]),
    ):
        person = somebody(WIDE, scripts=True, bypass_csp=True, color_scheme=scheme).sign_in(name)
        for path in paths:
            found += violations(person.go(path), contrast=True)
    assert found == []


def test_the_first_stop_of_the_keyboard_skips_to_the_page(somebody: Callable[..., Person]) -> None:
    person = somebody(WIDE, scripts=True).go("/safety")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.textContent") == "Skip to the page"
    assert person.page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scripts", [True, False])
def test_an_error_takes_the_focus_and_leads_to_its_field(
    somebody: Callable[..., Person], scripts: bool
) -> None:
    person = somebody(NARROW, scripts=scripts).go("/sign-in").press("Sign in")
    assert person.page.title().startswith("Error: ")
    assert person.page.evaluate("document.activeElement.id") == "error-summary"
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "sign_in_name"


def test_everything_can_be_reached_and_seen_by_keyboard(
    cast: Cast, letters: dict[str, str], somebody: Callable[..., Person]
) -> None:
    for name, path in (("first", f"/desk/{letters['on_desk']}"),
                       ("harmed", f"/letters/{letters['draft']}/write")):
        person = somebody(WIDE, scripts=True).sign_in(name).go(path)
        kinds = "a[href], button, input:not([type=hidden]), textarea, select"
        # what is folded away comes with unfolding
        there = person.page.locator(kinds).filter(visible=True).count()
        reached = set()
        for _ in range(there + 3):
            person.page.keyboard.press("Tab")
            reached.add(
                person.page.evaluate(
                    "(() => { const at = document.activeElement; at.dataset.n ||= Math.random(); "
                    "const style = getComputedStyle(at); return at === document.body ? 'body' : "
                    "at.dataset.n + (style.outlineStyle === 'none' ? ' unseen' : ''); })()"
                )
            )
        reached.discard("body")
        assert len(reached) >= there
        assert not [place for place in reached if place.endswith("unseen")]


def test_targets_are_large_enough_for_a_finger(
    cast: Cast, letters: dict[str, str], somebody: Callable[..., Person]
) -> None:
    small = []
    for name, paths in (
        ("harmed", ["/home", "/pace", "/stop", f"/letters/{letters['draft']}/write"]),
        ("first", ["/desk", f"/desk/{letters['on_desk']}"]),
    ):
        person = somebody(NARROW, scripts=True).sign_in(name)
        for path in paths:
            person.go(path)
            for box in person.page.locator(
                "button, .button, .exit, nav a, select, textarea, label:has(input), "
                "input:not([type=hidden], label input)"
            ).filter(visible=True).all():  # what is folded away comes with unfolding
                size = box.bounding_box()
                if size and size["height"] < 43.5:
                    small.append((path, box.inner_text()[:40], size["height"]))
    assert small == []


class Keys:
    """Somebody without a pointer: goes by Tab and Enter alone, and sees at each stop where they
    are."""

    MOST = 90

    def __init__(self, person: Person) -> None:
        self.page = person.page

    def to(self, name: str) -> "Keys":
        """Tab on until something with this name has the focus."""
        for _ in range(self.MOST):
            self.page.keyboard.press("Tab")
            at: dict[str, str] = self.page.evaluate("""() => {
                const at = document.activeElement;
                const name = at.ariaLabel || at.labels?.[0]?.textContent || at.textContent;
                return {name, seen: getComputedStyle(at).outlineStyle};
            }""")
            if " ".join(at["name"].split()).startswith(name):
                assert at["seen"] != "none", f"nobody sees that {name} has the focus"
                return self
        raise AssertionError(f"{name} was not reached in {self.MOST} steps")

    def press(self, name: str) -> "Keys":
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def tick(self, name: str) -> "Keys":
        self.to(name).page.keyboard.press("Space")
        return self

    def type(self, name: str, words: str) -> "Keys":
        self.to(name).page.keyboard.type(words)
        return self


def test_a_letter_goes_its_way_by_keyboard_alone(cast: Cast,
                                                 somebody: Callable[..., Person]) -> None:
    writer = somebody(WIDE, scripts=True).go("/sign-in")
    Keys(writer).type("Sign-in name", "harmed").type("Password", PASSWORD).press("Sign in")
    Keys(writer).press("Write a letter").press("Write a new letter")
    Keys(writer).type("Your letter",
                      "It was not your right.").press("Save, and check before sending")
    Keys(writer).press("Send it to the facilitators")
    writer.reads("It was not your right.")
    letter = writer.page.url.rsplit("/", 1)[1]

    reader = somebody(WIDE, scripts=True).sign_in("first")
    Keys(reader).press("Open the desk")
    Keys(reader).press(reader.page.locator("table a").first.inner_text())
    Keys(reader).press("Claim this letter").press("Approve")
    Keys(reader).tick("I have looked: this letter asks nothing")
    Keys(reader).type("Your password, to sign your approval", PASSWORD).press("Approve")
    cast.release()

    recipient = somebody(WIDE, scripts=True).sign_in("responsible")
    Keys(recipient).press("See what it is").press("A letter")
    Keys(recipient).press("Open it part by part")
    recipient.reads("It was not your right.")
    assert recipient.page.url.endswith(f"/for-you/{letter}")


def test_stopping_by_keyboard_alone(cast: Cast, somebody: Callable[..., Person]) -> None:
    person = somebody(WIDE, scripts=True).sign_in("harmed")
    Keys(person).press("Stop or pause").press("Stop")
    person.reads("You have stopped")
