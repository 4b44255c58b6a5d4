"""A letter's whole way and back, as people do it: on a small telephone, without JavaScript."""

from collections.abc import Callable
from uuid import UUID

import pytest
from pyotp import TOTP

from letters.rehearsal.players import WorkerByHand
from letters.rules.case.gates import Gate
from letters.rules.roles import Role
from letters.tryout.prepare_case import PreparedCase
from letters.workflow.accounts import sign_in
from letters.workflow.accounts.invite import invite_staff
from letters.workflow.platform import SignedIn
from tests.browser.conftest import Person, Served

pytestmark = pytest.mark.browser

LONG = "a password that is long enough"


def come_in(person: Person, code: str, name: str) -> Person:
    """Use an invitation, note the recovery code, sign in."""
    person.go("/invitation").reads("Leaving quickly").follow("Go on")
    person.fill("Code", code).press("Continue")
    person.fill("Sign-in name",
                name).fill("Password", LONG).press("Make my account").reads("Your recovery code")
    assert len(code_of(person).replace("-", "")) == 32
    return person.follow("I have written it down: go on")


def set_up_app(person: Person) -> Person:
    """Staff are asked for a second step before anything else."""
    person.reads("Set up a second step first").follow("Set up an app")
    secret = person.page.locator(".code-text").text_content() or ""
    person.fill("The code that the app shows now",
                TOTP(secret).at(person.platform.now())).fill("Your password", LONG)
    return person.press("Set it up").reads("Your backup codes").follow("I have noted them")


def code_of(person: Person) -> str:
    return person.page.locator(".code").inner_text().split(":")[-1].replace("\n", "").strip()


@pytest.fixture
def served(empty: Served) -> Served:
    """Here everybody comes in by the pages."""
    return empty


def prepare_the_rest(served: Served, case: UUID) -> None:
    """What takes months of talks, by the verbs; whatever people clicked already is left to them."""
    prepared = PreparedCase(served.platform, case,
                            [signed_in(served, name) for name in ("frances", "sam")],
                            signed_in(served, "hanna"), signed_in(served, "robin"))
    clicked = {Gate.CONSENT_OF_SENDER, Gate.CONSENT_OF_RECIPIENT, Gate.CHOSEN, Gate.ACKNOWLEDGED}
    for gate, part in prepared.parts().items():
        if gate not in clicked:
            part()


def signed_in(served: Served, name: str) -> SignedIn:
    token = sign_in.sign_in(served.platform, name, LONG)
    half = sign_in.halfway(served.platform, token)
    me = half.me if half else sign_in.who_is(served.platform, token)
    assert me is not None
    return me


def read_and_approve(person: Person, count: str = "Approved. Thank you.") -> None:
    person.go("/desk")
    with person.page.expect_navigation():
        person.page.locator(".queue tbody a").first.click()
    person.look().press("Claim this letter")
    for choice in person.page.get_by_label("Fine here").all():
        choice.check()
    person.press("Approve …").fill("Your password", LONG)
    for words in ("I have looked", "These are the questions"):
        for look in person.page.get_by_label(words).all():
            look.check()
    if person.page.get_by_label("What speaks for it").count():  # where two read
        person.fill("What speaks for it", "It answers what was asked.")
    person.press("Approve").reads(count)


def test_a_letters_whole_way_and_back(served: Served, somebody: Callable[..., Person]) -> None:
    worker = WorkerByHand(served.app.extensions["platform"])
    frances, sam, hanna, robin = (somebody() for _ in range(4))

    set_up_app(come_in(frances, invite_staff(served.platform, Role.FACILITATOR, "Frances"),
                       "frances")).reads(
        "Today")
    set_up_app(come_in(sam, invite_staff(served.platform, Role.FACILITATOR, "Sam"), "sam"))
    frances.follow("Cases").follow("Open a case")
    frances.page.get_by_label("Who asked for this exchange?").select_option(
        label="The person harmed"
    )
    frances.page.get_by_label("Do you know any of them").select_option(value="none")
    frances.press("Open the case")
    case = frances.page.url.removeprefix(served.url).removesuffix("/people")
    for person, name, button, label in (
        (hanna, "Hanna", "Invite the person harmed", "Name of the person harmed"),
        (robin, "Robin", "Invite the person who harmed", "Name of the person who harmed"),
    ):
        frances.go(f"{case}/people").fill(label, name)
        frances.press(button)
        code = code_of(frances)
        frances.follow("I have noted it")
        come_in(person, code, name.lower()).reads("decide whether you want to take part")
        person.follow("Read what it means").follow("Read and decide")
        while "/consent/" in person.page.url:  # one question leads to the next
            if person.page.get_by_label("Who explained this to you?").count():
                person.page.get_by_label("Who explained this to you?").select_option("myself")
            if person.page.get_by_label("E-mail address").count():
                person.fill("E-mail address", f"{name.lower()}@example.org")
            person.press("I agree").reads("You have agreed to this")
    frances.go(f"{case}/people")
    frances.follow("The team: bring in a colleague, see who was in it, leave")
    frances.page.get_by_label("Whom do you ask?").select_option(label="Sam")
    frances.page.get_by_label("As what?").select_option(value="facilitator")
    frances.page.get_by_label("What will they be able to read?").select_option(value="yes")
    frances.press("Ask").reads("Your colleague is asked")
    sam.go(f"{case}/team/answer").reads("Hanna")
    sam.page.get_by_label("Do you know any of them").select_option(value="none")
    sam.press("Join the team").reads("You are in the team")
    frances.go(case)
    frances.follow("Acknowledgement of harm").fill("How they have acknowledged",
                                                   "A plea in May.").press("Record it")
    sam.go(f"{case}/acknowledgement").press("Confirm what was recorded").reads("Confirmed")
    hanna.go("/home").follow("Who they are").press("Choose Frances").reads(
        "You have chosen Frances"
    )
    frances.go(case).reads("There are steps that were not taken yet.")
    prepare_the_rest(served, UUID(case.rpartition("/")[2]))
    frances.go(case).reads("Ready, except: the person harmed has not said")
    robin.go("/home").reads("Letters: you are here").follow("Our agreement").reads(
        "This is agreed."
    )

    hanna.follow("My letters").press("Write a new letter")
    hanna.fill("Your letter",
               "Robin,\n\nI am *angry*.\n\n- My number is 07700 900123.").press("Save").reads(
        "Saved. Only you can read it."
    )
    hanna.follow("Read it back").reads("I am angry.").follow("Check before sending").reads(
        "Frances"
    ).reads("Sam").reads("Robin")
    hanna.press("Send it to the facilitators").reads("Being read by your facilitators")

    read_and_approve(frances)
    worker.run()
    robin.go("/home").reads("There is something for you. No rush.").follow("See what it is")
    robin.follow("A letter, here since").reads("You decide whether and when you open it").press(
        "Open it part by part"
    ).reads("I am angry.")
    assert robin.page.locator("em").inner_text() == "angry"

    robin.follow("Write an answer").press("Write a new letter").fill(
        "Your letter", "I did it."
    ).press("Save, and check before sending")
    robin.press("Send it to the facilitators")
    said = robin.page.locator(".tag").inner_text()
    read_and_approve(frances)
    robin.go("/letters").reads(said)
    read_and_approve(sam)
    hanna.go("/home").follow("My pace").press("I am ready for one letter").reads(
        "You are ready for one letter"
    )
    worker.run()
    hanna.go("/for-you").follow("A letter, here since").press("Open it part by part")
    hanna.reads("I did it.")
    robin.go("/letters").reads(said)

    hanna.follow("Stop or pause").press("Stop now").reads("You have stopped")
    robin.follow("Home")
    assert "stopped" not in robin.page.inner_text("body")
    for person in (frances, sam, hanna, robin):
        person.press("Sign out").reads("Have you been given an invitation code?")
        person.go("/home")
        assert person.page.url.endswith("/sign-in")
