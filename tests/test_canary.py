"""Unique words through every form, then a search of everything that was written anywhere: they are
found nowhere.

What is searched: the database's files with their WAL (for PostgreSQL the whole data directory, with
its write-ahead log, after a CHECKPOINT), the queue, the key files, temporary files, every log line
and everything sent to the screen. Each word is looked for as it is, in base64 at each of the three
offsets, in UTF-16 and in hex. """

import base64
import itertools
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import re2
from flask import Flask
from pyotp import TOTP
from sqlalchemy import create_engine, select, text

from letters.config import Config
from letters.mail_server import Security, Server, SmtpPost
from letters.rehearsal.browser import Browser, ShownPage, last_id
from letters.rehearsal.players import WorkerByHand, code_on, set_up_app
from letters.rules.roles import Role
from letters.storage.tables.letters import Participant, Person
from letters.workflow.access import own_keys
from letters.workflow.accounts.invite import invite_staff
from letters.workflow.notices import contact, outbox
from letters.workflow.notices import send as notices_send
from letters.workflow.platform import Platform
from tests.mailserver import Box, Plain


class Canaries:
    """Makes words that stand nowhere else, and remembers them."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self._number = itertools.count(1)
        self._salt = os.urandom(4).hex()

    def __call__(self, what: str) -> str:
        word = f"Kanari{self._salt}v{next(self._number):02d}gelchen"
        self.words[word] = what
        return word

    def also(self, secret: str, what: str) -> str:
        """Something that the platform made and must not keep, such as a code."""
        for form in (secret, secret.replace("-", "")):
            self.words[form] = what
        return secret


def forms_of(word: str) -> Iterator[bytes]:
    """The bytes by which a word could have been written down."""
    for known in {word, word.casefold(), word.upper()}:
        raw = known.encode()
        yield raw
        yield known.encode("utf-16-le")
        yield known.encode("utf-16-be")
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for shift in range(3):  # the same three bytes give four characters, wherever they begin
            yield base64.b64encode(b"\0" * shift + raw)[4 * (shift > 0) : -4].strip(b"=")


def search(words: dict[str, str], places: dict[str, bytes]) -> list[tuple[str, str]]:
    """What was found where. All words are looked for at once; only where one is, which it was is
    asked."""
    options = re2.Options()
    options.encoding, options.max_mem = re2.Options.Encoding.LATIN1, 1 << 28
    any_word = re2.compile(b"|".join(re2.escape(form) for word in words for form in forms_of(word)),
                           options)
    return [
        (what, place)
        for place, written in places.items()
        if any_word.search(written)
        for word, what in words.items()
        if any(form in written for form in forms_of(word))
    ]


def files_in(*folders: Path) -> dict[str, bytes]:
    """Every file there."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                try:
                    found[str(path)] = path.read_bytes()
                except FileNotFoundError:  # PostgreSQL tidies up while it is read
                    continue
    return found


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go in this test."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.mark.slow
def test_unique_words_through_every_form_are_found_nowhere(
    temporary: Path,
    app: Flask,
    platform: Platform,
    config: Config,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    caplog.set_level(logging.DEBUG)
    app.config["PROPAGATE_EXCEPTIONS"] = None
    canary = Canaries()
    forms_seen = play(app, platform, canary)
    assert forms_seen == forms_of_the_platform(app)
    folders = [tmp_path]
    if config.is_postgresql:
        engine = create_engine(config.database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            folders.append(Path(connection.execute(text("SHOW data_directory")).scalar_one()))
        engine.dispose()
    mails = sent_mail(platform)
    assert len(mails) > 1
    screen = capfd.readouterr()
    places = {
        **files_in(*folders),
        **{f"mail {number}": mail for number, mail in enumerate(mails)},
        "log": caplog.text.encode(),
        "records": repr([vars(record) for record in caplog.records]).encode(),
        "screen": (screen.out + screen.err).encode(),
    }
    assert len(canary.words) > 30
    if config.is_postgresql:
        assert any("/base/" in place
                   for place in places) and any("/pg_wal/" in place for place in places)
    else:
        assert {"letters.db", "bell"} <= {Path(place).name for place in places}
        assert any(place.endswith("letters.db-wal") for place in places)
    assert search(canary.words, places) == []


def sent_mail(platform: Platform) -> list[bytes]:
    """What a real mail server takes when everybody hears that there is something."""
    box = Box()
    server = Plain(box)
    server.start()
    post = SmtpPost(Server("127.0.0.1", server.port, Security.NONE, "post@messages.example"))
    heard = replace(platform, post=post, notice_delay=timedelta(0))
    try:
        with heard.writing() as db:
            for person in db.query(Person).filter(Person.enrolled_at.is_not(None)):
                way = contact.way_of(heard, db, person.id)
                chain, _ = own_keys.enter_account(heard, db, person.id)
                contact.put(heard, db, chain, person.id, person.id,
                            replace(way, address=f"{person.id.hex}@example.org"))
                outbox.notify(heard, db, person.id, "alert")
        notices_send.send_due(heard)
    finally:
        server.stop()
    return [repr((sender, to)).encode() + mail for sender, to, mail in box.taken]


@pytest.mark.parametrize(
    "written", ["It says {} here.".encode, "x{}".encode, lambda: None],
    ids=["plain", "no border", "forms"]
)
def test_the_search_finds_a_word_that_was_planted(
    app: Flask, platform: Platform, config: Config, tmp_path: Path, written
) -> None:  # type: ignore[no-untyped-def]
    canary = Canaries()
    word = canary("planted")
    for form in forms_of(word):
        assert search(canary.words, {"here": b"\xff\0" + form + b"\0"}) == [("planted", "here")]
    for shift in range(6):
        assert search(canary.words, {"here": base64.b64encode(b"?" * shift + f"{word}?!".encode())})
    assert search(canary.words, {"here": b"Kanari"}) == []
    with platform.store.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET mac = :word"),
                           {"word": b"mac of " + word.encode()})
    folders = [tmp_path]
    if config.is_postgresql:
        engine = create_engine(config.database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            folders.append(Path(connection.execute(text("SHOW data_directory")).scalar_one()))
        engine.dispose()
    assert search(canary.words, files_in(*folders))


# the play


def forms_of_the_platform(app: Flask) -> set[str]:
    """Every endpoint that takes a form with words or codes in it."""
    wordless = {
        "sign_in.sign_out",
        "consent.withdraw",
        "choose_facilitator.choose",
        "choose_facilitator.wish",
        "agreement.look",
        "home.stop",
        "pace.let_go",
        "pace.withhold",
        "writing.new",
        "writing.versions",
        "writing.send",
        "writing.take_back",
        "writing.again",
        "inbox.open_letter",
        "inbox.turn",
        "inbox.put",
        "inbox.destroy",
        "inbox.tell",
        "desk.claim",
        "care.debrief",
        "notes.agree",
        "notes.pass_on",
        "notes.together",
        "suggestions.redact",
        "suggestions.withdraw",
        "desk.resume",
        "desk.seal",
        "tasks.closing",
        "cases.invite_again",
        "team.ask",
        "team.sign_for",
        "team.withdraw",
        "team.not_asked",
        "team.end_specialist",
        "absence.back",
        "suggest_colleague.colleague",
        "team.leave",
        "cases.halt",
        "retention.postpone",
        "staff.invite_again",
        "people.supervised",
        "supervised_sign_in.own",
        "supervised_sign_in.apart",
        "unsent.look",
        "emergency_access.second",
        "emergency_access.close",
        "settings.end",
        "settings.leaving",
        "kept_about_me.own",
        "display.own",
        "settings.end_others",
        "saved_after_sign_out.take",
        "for_myself.make_letter",
        "saved_after_sign_out.throw_away",
        "desk.claim_next",
        "cases.preparation",
        "screening.restore",
    }
    return {rule.endpoint for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or ())} - wordless


def lose(platform: Platform, canary: Canaries, used: set[str], person: Browser, member: Browser,
         case: UUID) -> None:
    """The forms of those who have lost something, with words in them that are refused."""
    with platform.reading() as db:
        who = db.scalars(select(Participant.person_id).where(Participant.case_id == case)).first()
    stranger = Browser(person.client.application)
    for browser, page, action, endpoint, fields in (
        (stranger, "/recovery", "/recovery", "lost_access.recover",
         ("sign_in_name", "code", "password")),
        (stranger, "/reset", "/reset", "lost_access.reset", ("sign_in_name", "code", "password")),
        (person, "/account/recovery", "/account/recovery", "lost_access.new_code",
         ("current_password",)),
        (
            person,
            "/account/new-identity",
            "/account/new-identity",
            "lost_access.new_identity",
            ("current_password", "password"),
        ),
        (member, f"/resets/{who}", f"/resets/{who}", "reset_for_somebody.ask", ("password",)),
        (member, f"/cases/{case}/keys/{who}", f"/cases/{case}/keys/{who}",
         "reset_for_somebody.confirm", ("password",)),
        (
            member,
            f"/cases/{case}/keys/{who}",
            f"/cases/{case}/keys/{who}/rest",
            "reset_for_somebody.rest",
            ("password",),
        ),
    ):
        browser.open(page)
        words = {field: canary(f"{field} refused at {endpoint}") for field in fields}
        browser.forge(action, 400, heard="yes", kid="00" * 32, **words)
        used.add(endpoint)


def beside_letters(send: Callable[..., ShownPage], canary: Canaries, first: Browser,
                   harmed: Browser, case: UUID,
                   platform: Platform) -> None:
    """What is said beside letters: names and places, messages, ways to be reached, notes about the
    case."""
    with platform.reading() as db:
        person = db.scalars(select(Person.id).join(Participant,
                                                   Participant.person_id == Person.id).where(
            Participant.case_id == case, Person.role == "harmed")).one()
    for page, fields in ((f"/cases/{case}/names",
                          {"names": "a listed name", "places": "a listed place"}),
                         (f"/cases/{case}/messages/{person}", {"words": "a message"}),
                         (f"/cases/{case}/people/{person}/reach", {"channel": "a safe channel"})):
        first.open(page)
        send(first, page, **{field: canary(what) for field, what in fields.items()})
    first.open(f"/cases/{case}")
    first.forge(f"/desk/of-case/{case}/notes", 200, reader="TEAM",
                **{"note-team": canary("a note on the case")})
    first.open("/search")
    send(first, "/search", words=canary("searched for"))
    first.open("/desk/settings")
    send(first, "/desk/settings", 400, most_a_day=canary("a number that is none"))
    harmed.open("/for-myself/new")
    written = send(harmed, "/for-myself/new", text=canary("words for oneself")).url
    send(harmed, written, 409, saves="0", text=canary("words for oneself, from another window"))
    harmed.open(f"{written}/destroy")
    send(harmed, f"{written}/destroy", 400, sure=canary("not quite sure"))
    harmed.open("/messages")
    harmed.forge("/unsent", 204, page="/messages", words=canary("typed and not sent"))
    harmed.open("/messages")
    send(harmed, "/messages", words=canary("an answer to a message"))
    harmed.open("/account/reach")
    send(harmed, "/account/reach", 400, how="mail", address=canary("an address that is none"))
    send(harmed, "/account/reach", how="none", telephone=canary("when to telephone"))


def beside_a_letter(send: Callable[..., ShownPage], canary: Canaries, first: Browser,
                    letter: str) -> None:
    """What a reader keeps beside a letter: notes in their places, what the screening missed, a
    suggestion."""
    there, words = f"/desk/{letter}", {what: word for word, what in canary.words.items()}
    first.open(there)
    first.send(f"{there}/claim", do="")
    for reader in ("me", "team", "writer"):
        first.open(there)
        first.forge(f"{there}/notes", 200, reader=reader.upper(),
                    **{f"note-{reader}": canary(f"a note for {reader}")})
    first.open(there)
    send(first, f"{there}/missed",
         **{"missed-category": "threat", "missed-words": canary("what was missed")})
    for passage, wish in ((words["a letter"], "WORDS"), (words["a hidden word"], "LEAVE_OUT")):
        first.open(f"{there}/words")
        send(first, f"{there}/words", 400, passage=canary("a passage that is nowhere"), wish=wish,
             words="x")
        send(first, f"{there}/words", passage=passage, wish=wish,
             words=canary(f"suggested, {wish}"))
    first.forge(f"{there}/why", (404, 409), question="0" * 32, words=canary("an answer refused"))


def prepare(send: Callable[..., ShownPage], canary: Canaries, first: Browser, second: Browser,
            case: UUID,
            today: date) -> None:
    """What the team puts down before a first letter, in every room, also what is refused."""
    def room(name: str, expect: int = 200, browser: Browser = first, **fields: str) -> ShownPage:
        browser.open(f"/cases/{case}/{name}")
        return send(browser, f"/cases/{case}/{name}", expect, **fields)

    def refused_and_kept(name: str, wrong: dict[str, str], right: dict[str, str],
                         *words: str) -> ShownPage:
        room(name, 400, **{field: canary(f"{field} refused at {name}") for field in words} | wrong)
        return room(name, **{field: canary(f"{field} at {name}") for field in words} | right)

    refused_and_kept("referral", {"source": ""}, {"source": "AGENCY"}, "words")
    refused_and_kept("conviction", {"convicted": ""}, {"convicted": "yes"}, "words")
    refused_and_kept("orders", {"begins": ""}, {"begins": "2020-01-01", "ends": "2020-02-01"},
                     "words")
    room("acknowledgement", 400, evidence=canary("evidence refused") + "x" * 10_000)
    room("acknowledgement", evidence=canary("evidence"))
    room("acknowledgement", browser=second, do="confirm")
    page = first.open(f"/cases/{case}/people")
    for person in {link.removeprefix(f"/cases/{case}/") for link in page.links
                   if "/people/" in link}:
        refused_and_kept(person, {"kind": "", "do": "companion"},
                         {"kind": "adviser", "do": "companion"}, "words")
        room(person, do="age", age="ADULT")
        for form in first.open(f"/cases/{case}/{person}").forms:
            if f"on-{form.fields.get('step')}" in form.fields:
                send(first, f"/cases/{case}/{person}", do="step", **form.fields)
    room("risks", 400, words=canary("risk refused") + "x" * 10_000)
    room("risks", words=canary("risk"))
    form = next(form for form in first.open(f"/cases/{case}/assessment").forms
                if "outcome" in form.fields)
    words = [name for name in form.fields if name.endswith(("-evidence", "-plan"))]
    rated = {f"{name.removesuffix('-plan')}-rating": "no concern" for name in words
             if name.endswith("-plan")}
    refused_and_kept("assessment", {"outcome": "none"}, {**rated, "outcome": "SUITABLE"}, *words)
    room("assessment", browser=second, **rated, outcome="SUITABLE",
         **dict.fromkeys(words, "As told in the talks."))
    form = next(form for form in first.open(f"/cases/{case}/agreement").forms
                if "topics" in form.fields)
    own = [name for name in form.fields if name.startswith("own-")]
    refused_and_kept("agreement", {"days": canary("days refused")}, {}, "topics", "address",
                     "not-to-be-used", *own)
    about = next(link for link in page.links if "/people/" in link).rsplit("/", 1)[1]
    task = {"kind": "promise", "about": about, "on": (today + timedelta(days=9)).isoformat()}
    page = refused_and_kept("tasks", {**task, "on": ""}, task, "words")
    task = next(form.fields["task"] for form in page.forms if "task" in form.fields)
    refused_and_kept("tasks", {"do": "finish", "task": task, f"outcome-{task}": ""},
                     {"do": "finish", "task": task, f"outcome-{task}": "DONE"}, f"words-{task}")


def alert(send: Callable[..., ShownPage], canary: Canaries, first: Browser, case: UUID) -> None:
    """An alert with words in each of its forms, closed again."""
    first.open(f"/cases/{case}/alerts/new")
    page = send(first, f"/cases/{case}/alerts/new", words=canary("why an alert was opened"))
    path = next(form.action for form in page.forms if "/alerts/" in form.action)
    send(first, path, 400, do="hand-on", to="", words=canary("words beside a refusal"))
    send(first, path, do="step", words=canary("what was done about an alert"))
    send(first, path, do="close", outcome=canary("what came of an alert"))


def play(app: Flask, platform: Platform, canary: Canaries) -> set[str]:
    """A letter's whole way and back, a canary in every field, also in what is refused. Returns the
    forms used."""
    worker, used = WorkerByHand(app.extensions["platform"]), set()
    endpoint = app.url_map.bind("localhost").match

    def send(browser: Browser, action: str, expect: int = 200, **fields: str) -> ShownPage:
        used.add(endpoint(action, "POST")[0])
        return browser.send(action, expect, **fields)

    def second_step(browser: Browser, sign_in_name: str, password: str) -> None:
        """Every form of the second factor, refused and then used."""
        account, code_shape = "/account/second-factor", r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"
        browser.open(f"{account}/app")
        send(browser, f"{account}/app", 400, code=canary("wrong code of an app"), password=password)
        found = re.search(r"Letters to type: ([A-Z2-7 ]+?) The app", browser.page.text)
        assert found is not None
        secret = canary.also(found.group(1).replace(" ", ""), "secret of an app")
        canary.also(base64.b32decode(secret).hex(), "bytes of a secret")
        page = send(browser, f"{account}/app", code=TOTP(secret).at(platform.now()),
                    password=password)
        for code in re.findall(code_shape, page.text):
            canary.also(code, "backup code")
        browser.open(f"{account}/app")
        send(browser, f"{account}/app", 400, code="000000",
             password=canary("wrong password for an app"))
        browser.open(f"{account}/passkey")
        send(browser, f"{account}/passkey", 400, answer=canary("answer of no passkey"),
             password=password)
        browser.open(account)
        send(browser, f"{account}/codes", 400, password=canary("wrong password for codes"))
        codes = re.findall(code_shape, send(browser, f"{account}/codes", password=password).text)
        set_up_app(platform, browser, password)
        browser.open(account)
        send(browser, f"{account}/remove", 400, password=canary("wrong password to remove"))
        browser.send(f"{account}/remove", password=password)
        browser.send("/sign-out")
        browser.open("/sign-in")
        browser.send("/sign-in", sign_in_name=sign_in_name, password=password)
        send(browser, "/sign-in/second-step", 400, code=canary("wrong second step"))
        used.add("second_factor.second_step_passkey")
        browser.forge("/sign-in/second-step/passkey", 400,
                      answer=canary("no passkey at the second step"))
        browser.send("/sign-in/second-step", code=canary.also(codes[0], "new backup code"))

    def enrol(code: str, name: str) -> Browser:
        browser, password = Browser(app), canary(f"password of {name}")
        browser.open("/invitation/code")
        send(browser, "/invitation", 400, code=canary("wrong code"))
        browser.open("/invitation/code")
        send(browser, "/invitation", code=canary.also(code, "invitation code"))
        send(browser, "/invitation/account", 400, sign_in_name=canary("name refused"),
             password="short")
        sign_in_name = canary(f"sign-in name of {name}")
        page = send(browser, "/invitation/account", sign_in_name=sign_in_name, password=password)
        canary.also(code_on(page), "recovery code")
        browser.open("/sign-in")
        send(browser, "/sign-in", 400, sign_in_name=sign_in_name, password=canary("wrong password"))
        send(browser, "/sign-in", sign_in_name=sign_in_name, password=password)
        if browser.page.url == "/account/second-factor":
            second_step(browser, sign_in_name, password)
        cookie = browser.client.get_cookie("__Host-session", domain="localhost")
        assert cookie is not None
        canary.also(cookie.value, "session token")
        browser.password = password  # type: ignore[attr-defined]
        return browser

    administrator = enrol(
        invite_staff(platform, Role.ADMINISTRATOR, canary("name of an administrator")),
        "administrator"
    )

    def colleague(name: str) -> Browser:
        administrator.open("/house")
        invited = send(administrator, "/house/invite", role="facilitator",
                       name=canary(f"name of {name}"))
        return enrol(code_on(invited), name)

    first, second = colleague("first"), colleague("second")
    supervisor = enrol(invite_staff(platform, Role.SUPERVISOR, canary("name of a supervisor")),
                       "supervisor")
    first.open("/cases/new")
    send(first, "/cases/new", 400, source="", words=canary("words of a request refused"))
    case = last_id(send(first, "/cases/new", source="HARMED", interest="none",
                        words=canary("words of a request")).url)
    people = {}
    for role in ("harmed", "responsible"):
        first.open(f"/cases/{case}")
        used.add("cases.invite")
        first.forge(f"/cases/{case}/invite", 400, role=canary("role"), name=canary("name refused"))
        first.open(f"/cases/{case}")
        people[role] = enrol(
            code_on(first.forge(f"/cases/{case}/invite", 200, role=role,
                                name=canary(f"name of {role}"))), role
        )
        asked = dict.fromkeys(link for link in people[role].open("/consent").links
                              if link.startswith("/consent/"))
        for question in asked:
            people[role].open(question)
            way = ({"address": f"{canary('an address')}@example.org"}
                   if question == "/consent/notices" else {})
            send(people[role], question, answer="yes", **way)
    first.open(f"/cases/{case}/team")
    first.send(f"/cases/{case}/team/ask", part="facilitator", handover="yes")
    second.open(f"/cases/{case}/team/answer")
    told = canary("conflict of interest")
    send(second, f"/cases/{case}/team/answer", 400, interest="told", conflict=told)
    send(second, f"/cases/{case}/team/answer", interest="told", conflict=told, known="yes")
    first.open(f"/cases/{case}/team")
    prepare(send, canary, first, second, case, platform.today())
    people["harmed"].open("/facilitators")
    people["harmed"].send("/facilitators/choose")
    for person in people.values():
        person.open("/agreement")
        person.send("/agreement")

    def write(author: Browser, what: str) -> str:
        author.open("/letters")
        letter = str(last_id(author.send("/letters/new").url))
        other = author.page
        send(author, f"/letters/{letter}/write", text=canary(f"a draft of {what}"))
        author.page = other
        send(author, f"/letters/{letter}/write", 409, text=canary(f"another tab's draft of {what}"))
        author.open(f"/letters/{letter}/write")
        send(author, f"/letters/{letter}/write", 400, text=canary("too long") + "x" * 200_000)
        author.open(f"/letters/{letter}/write")
        send(
            author,
            f"/letters/{letter}/write",
            text=f"{canary(what)} and {canary('a hidden word')}\u200b, a@{canary('address')}.org",
        )
        author.open(f"/letters/{letter}/check")
        author.send(f"/letters/{letter}/send")
        return letter

    def judge(reader: Browser, letter: str, then: str, **fields: str) -> None:
        reader.open(f"/desk/{letter}")
        reader.send(f"/desk/{letter}/claim", do="")
        chosen = {
            name: "fine here" for form in reader.page.forms for name in form.fields
            if name.startswith("finding-")
        }
        send(reader, f"/desk/{letter}/decide", **chosen, then=then)
        action = f"/desk/{letter}/{then}"
        send(reader, action, 400, **{name: "" for name in fields})
        send(reader, action, **fields)

    def note(reader: Browser, letter: str, what: str) -> None:
        """The content note and the questions, refused and then kept."""
        page, there = f"/desk/{letter}/note", f"/desk/{letter}"
        reader.open(page)
        send(reader, page, 400, summary=canary(f"note refused, {what}") + "x" * 700)
        send(reader, page, summary=canary(f"note of {what}"), themes=canary(f"theme of {what}"),
             **{"from-1": "1", "theme-1": canary(f"part of {what}")})
        links = reader.open(there).links
        if f"{there}/questions" in links:
            reader.open(f"{there}/questions")
            send(reader, f"{there}/questions", 400,
                 questions=canary(f"a question that is not in {what}"))
            send(reader, f"{there}/questions", questions="Mended")
        if f"{there}/answers" in links:
            reader.open(f"{there}/answers")
            send(reader, f"{there}/answers", 400,
                 **{"answer-1": "partly", "passage-1": canary("no passage")})
            send(reader, f"{there}/answers", **{"answer-1": "partly", "passage-1": "1"})

    def approve(reader: Browser, letter: str) -> None:
        judge(
            reader, letter, "approve", password=reader.password, reason=canary("what speaks for it")
        )  # type: ignore[attr-defined]

    harmed, responsible = people["harmed"], people["responsible"]
    first.open("/profile")
    send(first, "/profile", 400, experience=canary("experience refused") + "x" * 1_000)
    send(first, "/profile", words=canary("words of a profile"), experience="",
         **{"what-0": canary("training")})
    for person in (harmed, responsible):
        person.open("/messages")
        send(person, "/messages", 400, about="", words=canary("what was told, refused"))
        send(person, "/messages", about="request", words=canary("a request"))
    first.open("/today/away")
    send(first, "/today/away", 400, note=canary("note to a colleague, refused"), until="")
    send(first, "/today/away", note=canary("note to a colleague"),
         until=platform.today().isoformat())
    used |= {"feedback.form", "unsent.keep"}
    harmed.forge("/feedback", 400, pace=canary("feedback refused") + "x" * 5_000)
    letter = write(harmed, "a letter")
    first.open(f"/cases/{case}/alerts/new")
    danger = send(first, f"/cases/{case}/alerts/new", words=canary("why it is read at once"),
                  urgent="yes").url
    supervisor.open(f"/emergency-access/ask/{case}")
    send(supervisor, f"/emergency-access/ask/{case}", 400,
         reason=canary("reason refused") + "x" * 10_000)
    send(supervisor, f"/emergency-access/ask/{case}", reason=canary("reason for emergency access"),
         safeguarding="yes")
    asked = next(form.action for form in supervisor.page.forms
                 if form.action.endswith("/close")).removesuffix("/close")
    administrator.open("/emergency-access")
    administrator.send(f"{asked}/second", password=administrator.password)  # type: ignore[attr-defined]
    worker.run()
    supervisor.open(f"{asked}/letters/{letter}")
    supervisor.open(asked)
    first.open(danger)
    send(first, danger, do="close", outcome=canary("what came of the danger"))
    supervisor.send(f"{asked}/close")
    judge(first, letter, "hold", reason=canary("reason for holding"), review_on="2030-01-01")
    first.open(f"/desk/{letter}")
    first.send(f"/desk/{letter}/resume")
    beside_letters(send, canary, first, harmed, case, platform)
    beside_a_letter(send, canary, first, letter)
    used |= {"notes.note", "messages.case_note", "suggestions.why", "disagreements.one",
             "why_left_out.ask", "screening.findings"}
    for rule, status in (("contact.telephone", 400), ("legal.drop", 200)):
        supervisor.forge("/supervision/screening", status, rule=rule,
                         reason=canary(f"why {rule} is a note"))
    supervisor.forge(f"/supervision/disagreements/{case}", 404, words=canary("a view refused"))
    judge(first, letter, "return", reason=canary("reason for returning"),
          note=canary("note to the writer"))
    for page, do in (("suggestions", "leave"), ("left-out", "refuse")):
        harmed.open(f"/letters/{letter}/{page}")
        send(harmed, f"/letters/{letter}/{page}", do=do, reason=canary(f"a reason, {page}"))
    harmed.open(f"/letters/{letter}/write")
    alert(send, canary, first, case)
    send(harmed, f"/letters/{letter}/write", text=f"Mended: {canary('the mended letter')}")
    harmed.open(f"/letters/{letter}/check")
    harmed.send(f"/letters/{letter}/send")
    note(first, letter, "the mended letter")
    approve(first, letter)
    worker.run()
    responsible.open(f"/for-you/{letter}")
    assert "Mended: Kanari" in responsible.send(f"/for-you/{letter}/open").text
    responsible.forge(f"/for-you/{letter}/why", 409, words=canary("a question refused"))
    answer = write(responsible, "the answer")
    note(first, answer, "the answer")
    approve(first, answer)
    approve(second, answer)
    harmed.open("/pace")
    for do, *fields in (
        ("mode", "mode"),
        ("gap", "minimum_gap_days"),
        ("month", "most_a_month"),
        ("hours", "first_hour", "last_hour"),
        ("quiet", "quiet_first", "quiet_last"),
        ("painful", "painful_day", "painful_month", "painful_margin"),
        ("sending", "sending", "cooling_hours"),
    ):
        harmed.open("/pace")
        send(harmed, "/pace", 400, do=do, **{field: canary(f"{field} refused") for field in fields})
    harmed.open("/pace")
    send(harmed, "/pace", do="ready")
    worker.run()
    harmed.open("/for-you/plan")
    send(harmed, "/for-you/plan", 400, when=canary("plan refused") + "x" * 500)
    send(harmed, "/for-you/plan", when=canary("plan"), with_whom=canary("with whom"))
    harmed.open(f"/for-you/{answer}")
    harmed.send(f"/for-you/{answer}/open")
    taken_back = write(harmed, "a letter taken back")
    harmed.open(f"/letters/{taken_back}")
    harmed.send(f"/letters/{taken_back}/take-back")
    harmed.send(f"/letters/{taken_back}/again")
    lose(platform, canary, used, harmed, first, case)
    harmed.open("/account/password")
    send(harmed, "/account/password", 400, old=canary("wrong old password"),
         password=canary("password refused"))
    platform.clock.advance(minutes=1)  # type: ignore[attr-defined]  # wrong passwords cost time, here too
    old, harmed.password = harmed.password, canary("new password")  # type: ignore[attr-defined]
    send(harmed, "/account/password", old=old, password=harmed.password)  # type: ignore[attr-defined]
    harmed.open("/letters")
    begun = last_id(harmed.send("/letters/new").url)
    platform.clock.advance(minutes=31)  # type: ignore[attr-defined]
    late = harmed.send(f"/letters/{begun}/write", 401, text=canary("a save that came too late"))
    assert "is kept" in late.text
    names = {what: word for word, what in canary.words.items()}
    harmed.send("/sign-in", sign_in_name=names["sign-in name of harmed"],
                password=harmed.password)  # type: ignore[attr-defined]
    canary.also(
        harmed.client.get_cookie("__Host-session", domain="localhost").value, "session token"
    )  # type: ignore
    assert names["a save that came too late"] in harmed.open("/kept").text
    harmed._arrive(f"/nothing/{canary('an address')}", "GET", {}, 404)
    harmed._arrive(f"/letters?from={canary('a query')}", "GET", {}, 200)
    harmed._arrive("/letters/new", "POST", {"text": canary("without a token")}, 400)
    return used
