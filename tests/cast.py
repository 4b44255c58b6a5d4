"""The company of players: a case team, the two who write, and strangers from another case."""

import base64
from typing import Any
from uuid import UUID

import pyotp
from flask import Flask
from sqlalchemy import select

from letters.rehearsal.browser import Browser
from letters.rehearsal.players import WorkerByHand
from letters.rules.letter.lifecycle import State
from letters.rules.pace import Pace
from letters.rules.roles import Role
from letters.storage.tables.letters import Case, Letter, Person
from letters.tryout.prepare_case import PreparedCase, approve
from letters.workflow.accounts import factors, invite, second_factor, sign_in
from letters.workflow.accounts.invite import sign_in_lookup
from letters.workflow.accounts.sign_in_steps import APART
from letters.workflow.cases import open_and_halt
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation import consent
from letters.workflow.release import pace, release
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write

PASSWORD = "seven quiet words in a row"
TEXT = "I want you to know how it was."
OURS = "Heron."
"""What all words end with that are kept of the process of the first case."""


def set_up_app(platform: Platform, me: SignedIn, password: str = PASSWORD) -> second_factor.Added:
    """Set an app up, with the earliest code that is good now, so that later ones are still
    unused."""
    offered = second_factor.offer_app(platform, me)
    code = code_of(base64.b32decode(offered.secret), _step_now(platform) - 1)
    return second_factor.add_app(platform, me, password, offered, code)


def code_of(secret: bytes, step: int) -> str:
    """What an app with this secret shows in a time step."""
    return pyotp.TOTP(base64.b32encode(secret).decode()).generate_otp(step)


def next_code(platform: Platform, name: str) -> str:
    """The code that somebody would type next at the second step; where it was used already, they
    wait for the next."""
    with platform.reading() as db:
        person = db.scalars(select(Person).where(Person.lookup
                                                 == sign_in_lookup(platform, name))).one()
        app = next(
            factor for factor in factors.factors_of(platform, db, person)
            if factor.kind is factors.FactorKind.APP
        )
    while (step := max(_step_now(platform) - 1, app.row.counter + 1)) > _step_now(platform) + 1:
        platform.clock.advance(seconds=second_factor.STEP)  # type: ignore[attr-defined]
    return code_of(app.secret, step)


def sign_in_fully(platform: Platform, name: str, password: str = PASSWORD) -> bytes:
    """Sign in with both steps. Returns the token."""
    token = sign_in.sign_in(platform, name, password)
    half = sign_in.halfway(platform, token)
    return (token if half is None
            else second_factor.pass_with_code(platform, half, next_code(platform, name)))


def can_only_stop(cast: "Cast", name: str) -> bool:
    """True if this password leads to the page on which one can stop, and no further."""
    half = sign_in.halfway(cast.platform, sign_in.sign_in(cast.platform, name, PASSWORD))
    return half is not None and half.stage == APART


def _step_now(platform: Platform) -> int:
    return int(platform.now().timestamp()) // second_factor.STEP


class Player:
    """Somebody with an account, signed in once: ``me`` is for the workflow, ``browser()`` for the
    pages."""

    def __init__(self, app: Flask, platform: Platform, name: str, code: str) -> None:
        self.name, self._app = name, app
        self.recovery_code = invite.enrol(platform, code, name, PASSWORD)
        self.token = sign_in.sign_in(platform, name, PASSWORD)
        self.backup_codes: list[str] = []
        half = sign_in.halfway(platform, self.token)
        if half is not None:  # staff
            added = set_up_app(platform, half.me)
            assert added.token is not None
            self.token, self.backup_codes = added.token, added.codes
        found = sign_in.who_is(platform, self.token)
        assert found is not None
        self.me: SignedIn = found

    @property
    def id(self) -> UUID:
        """The person's id."""
        return self.me.person

    def browser(self) -> Browser:
        """A browser in which this person is signed in already."""
        browser = Browser(self._app)
        browser.client.set_cookie("__Host-session", self.token.hex(), domain="localhost",
                                  secure=True)
        return browser


class Cast:
    """Everybody. ``first`` and ``second`` are the team; ``stranger_*`` belong to another case, the
    rest to none."""

    def __init__(self, app: Flask, platform: Platform, clock: Any) -> None:
        self.app, self.platform, self.clock = app, platform, clock
        self.worker = WorkerByHand(app.extensions["platform"])
        self.administrator = self._staff("administrator", Role.ADMINISTRATOR, "Ada Administrator")
        self.supervisor = self._staff("supervisor", Role.SUPERVISOR, "Sunniva Supervisor")
        self.first = self._staff("first", Role.FACILITATOR, "Frances First")
        self.second = self._staff("second", Role.FACILITATOR, "Sam Second")
        self.stranger_facilitator = self._staff("elsewhere", Role.FACILITATOR, "Ellis Elsewhere")
        self.case, self.harmed, self.responsible, self.other = self._case(
            self.first, ("Hanna Harmed", "Robin Responsible", "Oda Other"), "")
        self.join(self.case, self.first, self.second)
        self.prepared = self.prepare(self.case, (self.first, self.second), self.harmed,
                                     self.responsible, OURS)
        self.agree(self.other)
        self.strange_case, self.stranger_harmed, self.stranger_responsible, self.stranger_other = (
            self._case(
                self.stranger_facilitator,
                ("Noor Neighbour", "Uwe Unknown", "Olle Outside"),
                "strange ",
            )
        )
        for stranger in (self.stranger_harmed, self.stranger_responsible):
            consent.give(platform, stranger.me, self.strange_case,
                         consent.required(platform, stranger.me))

    # a letter's way, in short

    def draft(self, author: Player, text: str = TEXT) -> UUID:
        """A saved draft of the first letter on the author's channel."""
        letter = write.begin_letter(self.platform, author.me, self.channel(author))
        write.save(self.platform, author.me, letter, None, text)
        return letter

    def submitted(self, author: Player, text: str = TEXT) -> UUID:
        """A letter on the desk."""
        letter = self.draft(author, text)
        write.submit(self.platform, author.me, letter, self.row(letter).draft_id)  # type: ignore[arg-type]
        return letter

    def approve(self, letter: UUID, reader: Player) -> None:
        """Claim, mark every finding as fine, approve."""
        approve(self.platform, reader.me, letter, PASSWORD)

    def approved(self, author: Player, text: str = TEXT) -> UUID:
        """A letter that waits for its release."""
        letter = self.submitted(author, text)
        self.approve(letter, self.first)
        if self.state(letter) is State.SECOND_READING:
            self.approve(letter, self.second)
        return letter

    def released(self, author: Player, text: str = TEXT) -> UUID:
        """A letter that has reached its recipient."""
        if author is self.responsible:
            pace.say_ready(self.platform, self.harmed.me, self.case)
        letter = self.approved(author, text)
        self.release()
        assert self.state(letter) is State.RELEASED
        return letter

    def release(self) -> int:
        """Let the worker look; returns how many letters it released."""
        return release.release_due(self.platform)

    def open_the_way_back(self) -> UUID:
        """Release a first letter of the person harmed, so that the other may write (rule 6)."""
        return self.released(self.harmed, "The first letter.")

    # how things stand

    def channel(self, author: Player) -> UUID:
        """The channel on which somebody writes."""
        from letters.storage.queries.lists import channels_from
        with self.platform.reading() as db:
            return channels_from(db, author.id)[0][0].id

    def row(self, letter: UUID) -> Letter:
        """The letter's row."""
        with self.platform.reading() as db:
            return db.get_one(Letter, letter)

    def state(self, letter: UUID) -> State:
        """The letter's state."""
        return State(self.row(letter).state)

    def case_row(self) -> Case:
        """The case's row."""
        with self.platform.reading() as db:
            return db.get_one(Case, self.case)

    def set_gap(self, days: int) -> None:
        """The person harmed sets how many days lie between two letters at least."""
        pace.set_pace(self.platform, self.harmed.me, self.case, Pace(minimum_gap_days=days))

    def prepare(self, case: UUID, team: tuple[Player, Player], harmed: Player, responsible: Player,
                mark: str = "") -> PreparedCase:
        """Make a case ready for its first letter, as everybody of it would."""
        prepared = PreparedCase(self.platform, case, tuple(one.me for one in team), harmed.me,
                                responsible.me, mark)
        prepared.everything()
        return prepared

    def prepare_strange(self) -> PreparedCase:
        """Make the other case ready; ``first`` joins it, since nothing is released for one
        facilitator alone."""
        self.join(self.strange_case, self.stranger_facilitator, self.first)
        return self.prepare(self.strange_case, (self.stranger_facilitator, self.first),
                            self.stranger_harmed,
                            self.stranger_responsible)

    def agree(self, player: Player) -> None:
        """Agree to all that has to be agreed to."""
        consent.give(self.platform, player.me, self.case,
                     consent.required(self.platform, player.me))

    def join(self, case: UUID, member: Player, colleague: Player, handover: bool = True,
             specialist: bool = False) -> None:
        """A member asks a colleague, and they join."""
        join_and_leave.ask(self.platform, member.me, case, colleague.id, handover, specialist)
        join_and_leave.answer(self.platform, colleague.me, case, joins=True)

    def specialist(self, sign_in_name: str = "sunniva") -> Player:
        """Somebody who reads along in the case from the beginning."""
        player = self._staff(sign_in_name, Role.FACILITATOR, "Sunniva Special")
        self.join(self.case, self.first, player, specialist=True)
        return player

    def _player(self, name: str, code: str) -> Player:
        return Player(self.app, self.platform, name, code)

    def _staff(self, sign_in_name: str, role: Role, name: str) -> Player:
        return self._player(sign_in_name, invite.invite_staff(self.platform, role, name))

    def _case(self, facilitator: Player, names: tuple[str, str, str],
              prefix: str) -> tuple[UUID, Player, Player, Player]:
        case = open_and_halt.open_case(self.platform, facilitator.me)
        harmed, responsible, other = (
            self._player(f"{prefix}{role.value}",
                         invite.invite_participant(self.platform, facilitator.me, case, role, name))
            for role, name in zip((Role.HARMED, Role.RESPONSIBLE, Role.OTHER), names, strict=True))
        return case, harmed, responsible, other
