"""What every answer says about itself: nothing runs, nothing is kept, nobody is told, titles give
nothing away."""

import re
from typing import Any

from tests.addresses.table import GROUPS, Row
from tests.web.pages import title

NAMES = re.compile(
    r"(?<![a-z])(?:frances|sam|ellis|hanna|robin|noor|uwe|oda|olle|sunniva)(?![a-z])",
    re.IGNORECASE)
TELLING = re.compile(
    r"harm|responsib|offend|victim|surviv|justice|restorat|facilitat|case|crime|consent",
    re.IGNORECASE
)
SCRIPTS = {"second_factor.passkey": "passkey.js"} | dict.fromkeys(
    ("desk.letter", "desk.claim", "desk.approve", "desk.hold", "desk.give_back", "desk.seal",
     "suggestions.own"),
    "desk.js"
) | dict.fromkeys(("writing.edit", "writing.guided"), "write.js")
TARGET = re.compile(r"(?!//)[/#][a-z0-9/#.?=_+-]*|")


def complaints(row: Row, role: str, answer: Any) -> list[str]:
    """What is wrong with an answer, whoever asked."""
    body = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
    found = [*_headers(row, answer), *_scripts(row, answer, body)]
    if answer.mimetype == "text/html" and answer.status_code != 302:
        found += _page(role, answer, body)
        if row.statuses[0] == 302:
            found += [f"leads to {target}"
                      for target in re.findall(r'(?:href|src|action)="([^"]*)"', body)
                      if NAMES.search(target) or not TARGET.fullmatch(target)]
    return found


def _headers(row: Row, answer: Any) -> list[str]:
    headers, policy = answer.headers, _policy(answer)
    expected = {"Cache-Control": "max-age=3600" if row.endpoint == "static" else "no-store",
                "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
                "X-Robots-Tag": "noindex"}
    found = [f"{name}: {headers.get(name)}" for name,
             value in expected.items() if headers.get(name) != value]
    for value, names in (("'none'", ("default-src", "base-uri", "frame-ancestors")),
                         ("'self'", ("form-action", "style-src"))):
        found += [f"policy: {name} {policy.get(name)}" for name in names
                  if policy.get(name) != value]
    if "unsafe" in headers["Content-Security-Policy"]:
        found.append("policy: unsafe")
    if NAMES.search(headers.get("Location", "")):
        found.append("a name in the address that it leads to")
    return found


def _scripts(row: Row, answer: Any, body: str) -> list[str]:
    """Files of our own, and only where there is a quick exit, a passkey is made, somebody writes,
    or at the desk."""
    policy, runs = _policy(answer), re.findall(r"<script[^>]*>[^<]*", body)
    if "script-src" not in policy:
        return ["a script that the policy does not name"] * bool(runs)
    own = [SCRIPTS[row.endpoint]] if row.endpoint in SCRIPTS else []
    scripts = (["exit.js"] * ('class="exit"' in body) + own
               * any(f"/static/{name}" in body for name in own))
    if "data-unsent" in body and "<textarea" in body:  # where there is room for more than a line
        scripts.append("unsent.js")
    found = [f"scripts: {runs}"] * (
        not scripts or runs != [f'<script src="/static/{script}" defer>' for script in scripts])
    found += ["policy: scripts of others"] * (policy["script-src"] != "'self'")
    connects = bool({"exit.js", "desk.js", "write.js", "unsent.js"} & {*scripts})
    return found + ["policy: connections"] * (("connect-src" in policy) != connects)


def _page(role: str, answer: Any, body: str) -> list[str]:
    named = title(answer)
    found = [f"title: {named}"] * (not named.endswith("Messages") or bool(NAMES.search(named)))
    if role in GROUPS["participants"] or role == "anonymous":
        found += [f"a title that tells: {named}"] * bool(TELLING.search(named))
    found += ["a style in the page"] * (" style=" in body)
    found += ["a handler in the page"] * bool(re.search(r"<[^>]+\son\w+=", body))
    forms = [one for one in body.split("<form ")[1:] if 'role="search"' not in one.split(">")[0]]
    return found + ["a form without its token"] * (
        not all('method="post"' in form and 'name="csrf_token"' in form for form in forms))


def _policy(answer: Any) -> dict[str, str]:
    return dict(part.strip().split(" ", 1)  # type: ignore[misc]
                for part in answer.headers["Content-Security-Policy"].split(";"))
