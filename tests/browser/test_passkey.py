"""A passkey as people use one: Chromium's virtual authenticator makes it, and takes the second step
with it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from letters.rules.roles import Role
from tests.browser.conftest import NARROW, Person, Served
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def person(chromium: Browser, served: Served) -> Iterator[Person]:
    """Somebody with scripts, at a name rather than a number: passkeys belong to a name."""
    url = served.url.replace("127.0.0.1", "localhost")
    opened = Person(chromium.new_context(viewport=NARROW), url, served.platform, served.exit)
    yield opened
    opened.context.close()
    assert opened.complaints == [] and opened.elsewhere() == []


def virtual_authenticator(person: Person) -> tuple[Any, str]:
    """A device that answers without asking anybody."""
    devtools = person.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})
    return devtools, added["authenticatorId"]


def test_a_passkey_is_made_and_takes_the_second_step(cast: Cast, person: Person) -> None:
    devtools, device = virtual_authenticator(person)
    person.sign_in("harmed").go("/account/second-factor").follow("Set up a passkey")
    person.fill("Your password", PASSWORD).press("Set it up").reads("Your backup codes")
    person.follow("I have noted them").press("Sign out")
    for uses in (1, 2):
        person.go("/sign-in").fill("Sign-in name",
                                   "harmed").fill("Password", PASSWORD).press("Sign in")
        assert person.page.url.endswith("/sign-in/second-step")
        person.press("Use my passkey")
        assert person.page.url.endswith("/home")
        person.press("Sign out")
        (known,) = devtools.send("WebAuthn.getCredentials",
                                 {"authenticatorId": device})["credentials"]
        assert known["signCount"] == uses + 1
        assert not known["isResidentCredential"]


def test_staff_may_begin_with_a_passkey(cast: Cast, person: Person) -> None:
    from letters.workflow.accounts import invite

    virtual_authenticator(person)
    invite.enrol(cast.platform, invite.invite_staff(cast.platform, Role.FACILITATOR, "Nia New"),
                 "nia", PASSWORD)
    person.sign_in("nia").reads("Set up a second step first").follow("Set up a passkey")
    person.fill("Your password",
                PASSWORD).press("Set it up").follow("I have noted them").reads("Today")


def test_a_device_that_says_no_leaves_the_code(cast: Cast, person: Person) -> None:
    devtools, device = virtual_authenticator(person)
    person.sign_in("first").go("/account/second-factor").follow("Set up a passkey")
    person.fill("Your password", PASSWORD).press("Set it up").reads("Set up.").press("Sign out")
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    person.go("/sign-in").fill("Sign-in name", "first").fill("Password", PASSWORD).press("Sign in")
    person.page.get_by_role("button", name="Use my passkey").click()
    person.reads("The passkey was not used. You can try again, or use a code.")
    person.fill("Code", cast.first.backup_codes[0]).press("Continue").reads("Today")


def test_without_scripts_nothing_of_it_is_shown(cast: Cast, chromium: Browser,
                                                served: Served) -> None:
    window = chromium.new_context(viewport=NARROW, java_script_enabled=False)
    person = Person(window, served.url, served.platform, served.exit)
    person.sign_in("harmed").go("/account/second-factor/passkey")
    assert not person.page.get_by_role("button", name="Set it up").is_visible()
    person.follow("set up an app").reads("Scan this with it")
    person.context.close()
