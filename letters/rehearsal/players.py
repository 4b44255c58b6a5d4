"""The players of a rehearsal: four people with browsers, a worker, and what each
does, in the practice's verbs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from re import search
from uuid import UUID

from flask import Flask
from pyotp import TOTP

from letters import worker as letters_worker
from letters.rehearsal.browser import Browser, Refused, ShownPage, last_id
from letters.rules.roles import Role
from letters.workflow.accounts.sign_in import who_is
from letters.workflow.platform import Platform, SignedIn

PASSWORD = "a long password for rehearsals"


@dataclass
class Player:
    """A person with a browser and an account."""

    app: Flask
    sign_in_name: str
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.app)

    def enrol(self, code: str) -> str:
        """Use an invitation. Returns the recovery code that the page showed."""
        self.browser.open("/invitation/code")
        self.browser.send("/invitation", code=code)
        page = self.browser.send("/invitation/account", sign_in_name=self.sign_in_name,
                                 password=PASSWORD)
        return code_on(page)

    def sign_in(self) -> ShownPage:
        """Sign in. Staff set up their app, which the pages require before anything else."""
        self.browser.open("/sign-in")
        page = self.browser.send("/sign-in", sign_in_name=self.sign_in_name, password=PASSWORD)
        if page.url != "/account/second-factor":
            return page
        return set_up_app(self.app.extensions["platform"](), self.browser, PASSWORD)

    def identity(self, platform: Platform) -> SignedIn:
        """This person's opened keys, from the cookie in their own browser: what a
        thief of the device would have."""
        cookie = self.browser.client.get_cookie("__Host-session", domain="localhost")
        found = who_is(platform, bytes.fromhex(cookie.value)) if cookie else None
        if found is None:
            raise Refused("not signed in")
        return found

    # participants

    def agree(self) -> None:
        """Agree to every question, one after the other."""
        questions = [link for link in self.browser.open("/consent").links
                     if link.startswith("/consent/")]
        for question in dict.fromkeys(questions):
            asked = [form for form in self.browser.open(question).forms if "version" in form.fields]
            if asked:  # the explaining person is asked for once, and not presumed
                said = {"explained_by": "myself"} if "explained_by" in asked[0].fields else {}
                said |= {"address": "somebody@example.org"} if "address" in asked[0].fields else {}
                self.browser.send(question, answer="yes", **said)

    def withdraw(self) -> None:
        """Withdraw everything at once."""
        self.browser.open("/withdraw")
        self.browser.send("/withdraw")

    def choose(self) -> None:
        """Choose the facilitator whom the page offers first."""
        self.browser.open("/facilitators")
        self.browser.send("/facilitators/choose")

    def agree_to_agreement(self) -> None:
        """Agree to the newest version of the agreement."""
        self.browser.open("/agreement")
        self.browser.send("/agreement")

    def set_pace(self, wish: str, **fields: str) -> None:
        """Press one of the buttons on "My pace"."""
        self.browser.open("/pace")
        self.browser.send("/pace", do=wish, **fields)

    def stop(self) -> None:
        """Stop."""
        self.browser.open("/stop")
        self.browser.send("/stop")

    def draft(self, text: str) -> UUID:
        """Begin a letter and save it."""
        self.browser.open("/letters")
        page = self.browser.send("/letters/new")
        letter = last_id(page.url)
        self.browser.send(f"/letters/{letter}/write", text=text)
        return letter

    def send_letter(self, letter: UUID) -> None:
        """Check and submit."""
        self.browser.open(f"/letters/{letter}/check")
        self.browser.send(f"/letters/{letter}/send")

    def write(self, text: str) -> UUID:
        """Draft a letter and submit it."""
        letter = self.draft(text)
        self.send_letter(letter)
        return letter

    def take_back(self, letter: UUID) -> None:
        """Recall."""
        self.browser.open(f"/letters/{letter}")
        self.browser.send(f"/letters/{letter}/take-back")

    def has(self, letter: UUID) -> bool:
        """True if the letter is in the inbox."""
        return f"/for-you/{letter}/before" in self.browser.open("/for-you").links

    def must_have(self, letter: UUID) -> None:
        """Require that the letter is in the inbox, once."""
        if not self.has(letter):
            raise Refused("not released")
        if self.browser.page.links.count(f"/for-you/{letter}/before") != 1:
            raise Refused("released more than once")

    def must_not_have(self, letter: UUID) -> None:
        """Require that the letter is neither in the inbox nor at its address."""
        if self.has(letter):
            raise Refused("released too early")
        self.browser.open(f"/for-you/{letter}", expect=404)

    def open_letter(self, letter: UUID) -> str:
        """Open a letter that has arrived. Returns what the page shows."""
        self.browser.open(f"/for-you/{letter}")
        return self.browser.send(f"/for-you/{letter}/open").text

    # facilitators

    def open_case(self) -> UUID:
        """Open a case."""
        self.browser.open("/cases/new")
        return last_id(self.browser.send("/cases/new", source="HARMED", interest="none").url)

    def bring_in(self, case: UUID, role: Role, player: "Player") -> None:
        """Invite somebody into a case. They use the invitation and sign in."""
        self.browser.open(f"/cases/{case}/people")
        player.enrol(code_on(self.browser.forge(f"/cases/{case}/invite", 200, role=role,
                                                name=role.capitalize())))
        player.sign_in()

    def in_room(self, case: UUID, room: str, expect: int = 200, **fields: str) -> ShownPage:
        """Send the form on one of the pages of a case."""
        self.browser.open(f"/cases/{case}/{room}")
        return self.browser.send(f"/cases/{case}/{room}", expect, **fields)

    def people_of(self, case: UUID) -> list[str]:
        """The pages of the participants of a case."""
        page = self.browser.open(f"/cases/{case}/people")
        return [link.removeprefix(f"/cases/{case}/") for link in dict.fromkeys(page.links)
                if link.startswith(f"/cases/{case}/people/")]

    def record_age(self, case: UUID, person: str) -> None:
        """Record that a participant is an adult."""
        self.in_room(case, person, do="age", age="ADULT")

    def take_steps(self, case: UUID, person: str) -> None:
        """Take every step that a participant's page still offers: of preparing or,
        once that has begun, of closing."""
        page, path = self.browser.open(f"/cases/{case}/{person}"), f"/cases/{case}/{person}"
        for form in page.forms:
            if "step" in form.fields and f"on-{form.fields['step']}" in form.fields:
                self.browser.send(path, do="step", **form.fields)

    def record_conviction(self, case: UUID, convicted: str = "yes",
                          words: str = "Found guilty in March.") -> None:
        """Record whether there is a conviction."""
        self.in_room(case, "conviction", convicted=convicted, words=words)

    def acknowledge(self, case: UUID, second: "Player",
                    evidence: str = "Said so in a talk.") -> None:
        """Record the acknowledgement of harm, and have a colleague confirm it."""
        self.in_room(case, "acknowledgement", do="record", evidence=evidence)
        page = second.browser.open(f"/cases/{case}/acknowledgement")
        told = next(form.fields["told"] for form in page.forms if "told" in form.fields)
        second.browser.send(f"/cases/{case}/acknowledgement", do="confirm", told=told)

    def assess(self, case: UUID, outcome: str = "SUITABLE",
               words: str = "As told in the talks.") -> None:
        """Assess suitability and risk: every dimension alike."""
        page = self.browser.open(f"/cases/{case}/assessment")
        form = next(form for form in page.forms if "outcome" in form.fields)
        answers = {name: words for name in form.fields if name.endswith(("-evidence", "-plan"))}
        answers |= {f"{name.removesuffix('-plan')}-rating": "no concern" for name in answers
                    if name.endswith("-plan")}
        self.browser.send(f"/cases/{case}/assessment", outcome=outcome, **answers)

    def propose_agreement(self, case: UUID, **fields: str) -> None:
        """Propose an agreement to both."""
        page = self.browser.open(f"/cases/{case}/agreement")
        form = next(form for form in page.forms if "topics" in form.fields)
        own = {name: "You may write, and you need not." for name in form.fields
               if name.startswith("own-")}
        self.browser.send(f"/cases/{case}/agreement",
                          **{"topics": "What happened.", **own, **fields})

    def prepare_case(self, case: UUID, second: "Player") -> None:
        """Everything that facilitators do before a first letter; ``second`` is of the team. The
        participants have yet to give their consent, choose and agree, on their own pages."""
        for person in self.people_of(case):
            self.record_age(case, person)
            self.take_steps(case, person)
        self.record_conviction(case)
        self.acknowledge(case, second)
        for player in (self, second):
            player.assess(case)
        self.propose_agreement(case)

    def ask_into_team(self, case: UUID) -> None:
        """Ask the colleague whom the page offers first, with a handover."""
        self.browser.open(f"/cases/{case}/team")
        self.browser.send(f"/cases/{case}/team/ask", handover="yes")

    def join_team(self, case: UUID) -> None:
        """Join a team that asked, declaring no conflict of interest."""
        self.browser.open(self.browser.open("/cases").link(f"/cases/{case}/team/answer"))
        self.browser.send(f"/cases/{case}/team/answer", interest="none")

    def claim(self, letter: UUID) -> ShownPage:
        """Claim a letter and look at it."""
        self.browser.open(f"/desk/{letter}")
        return self.browser.send(f"/desk/{letter}/claim")

    def judge(self, letter: UUID, then: str, disposition: str = "fine here") -> ShownPage:
        """Give every finding a disposition and go to a decision's page."""
        page = self.browser.open(f"/desk/{letter}")
        form = next(form for form in page.forms if form.action == f"/desk/{letter}/decide")
        chosen = {name: disposition for name in form.fields if name.startswith("finding-")}
        return self.browser.send(f"/desk/{letter}/decide", then=then, **chosen)

    def approve(self, letter: UUID, expect: int = 200) -> ShownPage:
        """Claim, mark every finding as fine, approve."""
        self.claim(letter)
        self.judge(letter, "approve")
        asked = any("reason" in form.fields for form in self.browser.page.forms)
        said = {"reason": "It names the harm."} if asked else {}
        if any(form.action.endswith("/approve") and "questions" in form.boxes
               for form in self.browser.page.forms):
            said["questions"] = "yes"
        return self.browser.send(f"/desk/{letter}/approve", expect, password=PASSWORD, **said)


@dataclass
class WorkerByHand:
    """The real worker's round, run by hand."""

    doors: Callable[[], Platform]

    def run(self) -> None:
        """Do what is due."""
        letters_worker.do_what_is_due(self.doors())


@dataclass
class Company:
    """What the steps share."""

    app: Flask
    platform: Platform
    worker: WorkerByHand
    first: Player
    second: Player
    harmed: Player
    responsible: Player
    case: UUID = UUID(int=0)
    letter: UUID = UUID(int=0)
    answer: UUID = UUID(int=0)


def set_up_app(platform: Platform, browser: Browser, password: str) -> ShownPage:
    """Type the secret on the page into an app, and the app's code into the page. Returns the page
    of backup codes."""
    page = browser.open("/account/second-factor/app")
    found = search(r"Letters to type: ([A-Z2-7 ]+?) The app", page.text)
    if found is None:
        raise Refused("no secret to type into an app")
    code = TOTP(found.group(1).replace(" ", "")).at(platform.now())
    return browser.send("/account/second-factor/app", code=code, password=password)


def code_on(page: ShownPage) -> str:
    """The code that a page shows once."""
    found = search(r"(?:[0-9A-Z]{4}- ?){3,}[0-9A-Z]{4}", page.text.replace(" - ", "-"))
    if found is None:
        raise Refused(f"no code on {page.url}")
    return found.group().replace(" ", "")
