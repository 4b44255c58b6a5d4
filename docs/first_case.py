"""The way from an empty installation to the first letter that is handed over, gone in a browser as
people go it, and counted: pages, clicks, and fields and choices."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser
from pyotp import TOTP

from docs.counted import Count, Walk, Window

FILE = Path(__file__).with_name("first_case.md")
PASSWORD = "a password that is long enough"
ABLE_TO_WRITE = 7
"""After so many parts both people are in, and the person harmed can write."""
INTRODUCTION = """# The first case

What it takes from an empty installation to the first letter that is handed over, everybody's part of
it. Made by `./run.sh screenshots`, which goes this way in Chromium without scripts;
`tests/browser/test_first_case.py` goes it again and asks that the numbers are these. A click is a
button or a link, a field is something typed, chosen or ticked; talks with people take longer.
"""
BEFORE = """
Before the pages for forty cases (commit 55b10a7), the same way took 106 clicks and 62 fields, counted
in the same manner. Since then a second member looks at suitability, too, and each rating asks for a
sentence of evidence: these fields are new.
"""


def text(counts: list[Count]) -> str:
    """The page of the documentation that says all this."""
    lines = ["", "| | pages | clicks | fields |", "| --- | ---: | ---: | ---: |"]
    for number, one in enumerate(counts, 1):
        lines.append(f"| {one.title} | {one.pages} | {one.clicks} | {one.fields} |")
        if number in (ABLE_TO_WRITE, len(counts)):
            title = ("Until both are in and the first letter can be written"
                     if number == ABLE_TO_WRITE else "Until the first letter is handed over")
            lines.append(f"| **{title}** | {_of(counts[:number])} |")
    return INTRODUCTION + "\n".join(lines) + "\n" + BEFORE


def _of(counts: list[Count]) -> str:
    """The totals of these, each in its cell."""
    return " | ".join(f"**{sum(getattr(one, what) for one in counts)}**"
                      for what in ("pages", "clicks", "fields"))


def come_in(window: Window, code: str, name: str) -> None:
    """Make an account with an invitation, and sign in; staff add a second step."""
    window.go("/invitation").follow("Go on").fill("Code", code).press("Continue")
    window.fill("Sign-in name", name).fill("Password", PASSWORD).press("Make my account")
    window.follow("I have written it down: go on")
    if "Set up a second step" in window.page.inner_text("main"):
        window.follow("Set up an app")
        window.secret = window.page.locator(".code-text").inner_text()
        now = TOTP(window.secret).at(window.walk.now())
        window.fill("The code that the app shows now", now).fill("Your password", PASSWORD)
        window.press("Set it up").follow("I have noted them")


def consent(window: Window) -> None:
    """Read and answer every question of taking part."""
    window.follow("Read what it means").follow("Read and decide")
    while "/consent/" in window.page.url:
        if window.page.get_by_label("Who explained this to you?").count():
            window.choose("Who explained this to you?", "myself")
        if window.page.get_by_label("E-mail address").count():
            window.follow("Not now")
        else:
            window.press("I agree")


def go(browser: Browser, address: str, now: Callable[[], datetime], code: str,
       work: Callable[[], object]) -> list[Count]:
    """Go the whole way. ``code``: the first administrator's; ``work``: lets the worker work.
    Returns what each part took, in its order."""
    walk = Walk(browser, address, now)
    with walk.part("An administrator makes an account and invites two facilitators"):
        ada = walk.window()
        come_in(ada, code, "ada")
        ada.tab("Staff")
        codes = {name: _invite_staff(ada, name) for name in ("Frances", "Sam")}
    windows = {}
    for name in codes:
        with walk.part(f"{name}, a facilitator, makes an account"):
            windows[name] = walk.window()
            come_in(windows[name], codes[name], name.lower())
    frances, sam = windows["Frances"], windows["Sam"]
    with walk.part("Frances opens a case, asks Sam into its team and invites both people"):
        case = _open_case(frances)
        codes = {name: _invite(frances, case, name, whom)
                 for name, whom in (("Hanna", "person harmed"), ("Robin", "person who harmed"))}
    with walk.part("Sam joins the team"):
        sam.go("/today").follow("Answer whether you join a team")
        sam.choose("Do you know any of them", "none").press("Join the team")
    hanna, robin = walk.window(), walk.window()
    with walk.part("Hanna makes an account, agrees to take part and chooses a facilitator"):
        come_in(hanna, codes["Hanna"], "hanna")
        consent(hanna)
        hanna.follow("Who they are").press("Choose Frances")
    with walk.part("Robin makes an account and agrees to take part"):
        come_in(robin, codes["Robin"], "robin")
        consent(robin)
    with walk.part("Frances and Sam record the preparation"):
        _prepare(frances, sam, case)
    with walk.part("Hanna and Robin agree to how letters are written"):
        for person in (hanna, robin):
            _agree(person)
    with walk.part("Hanna writes her first letter and sends it"):
        hanna.follow("My letters").press("Write a new letter")
        hanna.fill("Your letter", "Robin,\n\nI sleep again.").press("Save, and check before sending")
        hanna.press("Send it to the facilitators")
    with walk.part("Frances reads and approves it, and it is handed over"):
        _read(frances)
        work()
        robin.go("/home").reads("There is something for you")
    return walk.counts


def _invite_staff(ada: Window, name: str) -> str:
    ada.choose("As", "facilitator").fill("Name", name).press("Make an invitation")
    code = ada.code()
    ada.follow("I have noted it")
    return code


def _open_case(frances: Window) -> str:
    frances.follow("Open a case").choose("Who asked for this exchange?", "HARMED")
    frances.choose("Do you know any of them", "none").press("Open the case")
    case = "/" + "/".join(frances.page.url.split("/")[3:5])
    frances.choose("As what?", "facilitator")
    frances.choose("What will they be able to read?", "yes").press("Ask")
    return case


def _invite(frances: Window, case: str, name: str, whom: str) -> str:
    frances.fill(f"Name of the {whom}", name).press(f"Invite the {whom}")
    code = frances.code()
    frances.follow("I have noted it")
    return code


def _prepare(frances: Window, sam: Window, case: str) -> None:
    frances.go(case).tab("Preparation")
    frances.tick(*{box.get_attribute("aria-label") or "" for box in
                   frances.page.locator(".step input[type=checkbox]").all()})
    frances.choose("Is Hanna an adult?", "ADULT").choose("Is Robin an adult?", "ADULT")
    frances.press("Save").follow("Conviction").choose("Is there a conviction?", "yes")
    frances.fill("What is known of it", "Found guilty in March.").press("Record it")
    frances.follow("Acknowledgement of harm").fill("How they have acknowledged", "A plea in May.")
    frances.press("Record it").follow("Suitability and risk")
    _assess(frances)
    frances.tab("Agreement").fill("What is written about", "That night, and since.")
    frances.fill("How the person harmed wants to be addressed", "Hanna").press("Send to both")
    sam.go("/today").follow("Confirm the acknowledgement").press("Confirm what was recorded")
    sam.follow("Suitability and risk")
    _assess(sam)


def _assess(window: Window) -> None:
    for question in window.page.locator(".parts .choices legend").all_inner_texts():
        window.tick_first(question).fill(f"{question}: evidence", "As told in the talks.")
    window.choose("Outcome", "SUITABLE").press("Keep this assessment")


def _agree(person: Window) -> None:
    person.go("/home").follow("Our agreement").press("I agree")


def _read(frances: Window) -> None:
    frances.tab("Review desk").press("Claim the next letter")
    frances.tick("Fine here").press("Approve …").fill("Your password", PASSWORD)
    frances.tick("I have looked").press("Approve")
