"""The company of players: a case team, the two who write, and strangers from another case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask

from letters.domain.lifecycle import State
from letters.domain.people import Role
from letters.rehearsal.browser import Browser
from letters.rehearsal.cast import Worker
from letters.storage.tables import Case, Letter
from letters.workflow import decide, enrol, exchange, open_case, release, review, sign_in, team, write
from letters.workflow.findings import Disposition
from letters.workflow.house import House, SignedIn

PASSWORD = "seven quiet words in a row"


class Player:
    """Somebody with an account, signed in once: ``me`` is for the workflow, ``browser()`` for the pages."""

    def __init__(self, app: Flask, house: House, name: str, code: str) -> None:
        self.name, self._app = name, app
        self.recovery_code = enrol.enrol(house, code, name, PASSWORD)
        self.token = sign_in.sign_in(house, name, PASSWORD)
        found = sign_in.who_is(house, self.token)
        assert found is not None
        self.me: SignedIn = found

    @property
    def id(self) -> UUID:
        """The person's id."""
        return self.me.person

    def browser(self) -> Browser:
        """A browser in which this person is signed in already."""
        browser = Browser(self._app)
        browser.client.set_cookie("__Host-session", self.token.hex(), domain="localhost", secure=True)
        return browser


class Cast:
    """Everybody. ``first`` and ``second`` are the team; ``stranger_*`` belong to another case."""

    def __init__(self, app: Flask, house: House, clock: Any) -> None:
        self.app, self.house, self.clock = app, house, clock
        self.worker = Worker(app.extensions["queue"])
        self.first = self._player("first", enrol.invite_facilitator(house, "Frances First"))
        self.second = self._player("second", enrol.invite_facilitator(house, "Sam Second"))
        self.stranger_facilitator = self._player("elsewhere", enrol.invite_facilitator(house, "Ellis Elsewhere"))
        self.case, self.harmed, self.responsible = self._case(self.first, "Hanna Harmed", "Robin Responsible", "")
        self.join(self.case, self.first, self.second)
        open_case.record_acknowledgement(house, self.first.me, self.case, "A guilty plea, and a talk in May.")
        for player in (self.harmed, self.responsible):
            exchange.give_consent(house, player.me, self.case)
        self.strange_case, self.stranger_harmed, self.stranger_responsible = self._case(
            self.stranger_facilitator, "Noor Neighbour", "Uwe Unknown", "strange ")

    # a letter's way, in short

    def draft(self, author: Player, text: str = "I want you to know how it was.") -> UUID:
        """A saved draft of the first letter on the author's channel."""
        letter = write.begin(self.house, author.me, self.channel(author))
        write.save(self.house, author.me, letter, None, text)
        return letter

    def submitted(self, author: Player, text: str = "I want you to know how it was.") -> UUID:
        """A letter on the desk."""
        letter = self.draft(author, text)
        write.submit(self.house, author.me, letter, self.row(letter).draft_id)  # type: ignore[arg-type]
        return letter

    def approve(self, letter: UUID, reader: Player) -> None:
        """Claim, mark every finding as fine, approve."""
        review.claim(self.house, reader.me, letter)
        read = review.look(self.house, reader.me, letter)
        review.dispose(self.house, reader.me, letter, read.version.id,
                       {number: Disposition.FINE for number in range(len(read.findings))})
        decide.approve(self.house, reader.me, letter, read.version.id, PASSWORD)

    def approved(self, author: Player, text: str = "I want you to know how it was.") -> UUID:
        """A letter that waits for its release."""
        letter = self.submitted(author, text)
        self.approve(letter, self.first)
        if self.state(letter) is State.SECOND_READING:
            self.approve(letter, self.second)
        return letter

    def released(self, author: Player, text: str = "I want you to know how it was.") -> UUID:
        """A letter that has reached its recipient."""
        if author is self.responsible:
            exchange.say_ready(self.house, self.harmed.me, self.case)
        letter = self.approved(author, text)
        self.release()
        assert self.state(letter) is State.RELEASED
        return letter

    def release(self) -> int:
        """Let the worker look; returns how many letters it released."""
        return release.release_due(self.house)

    def open_the_way_back(self) -> UUID:
        """Release a first letter of the person harmed, so that the other may write (rule 6)."""
        return self.released(self.harmed, "The first letter.")

    # how things stand

    def channel(self, author: Player) -> UUID:
        """The channel on which somebody writes."""
        from letters.storage.queries import channels_from
        with self.house.store.reading() as db:
            return channels_from(db, author.id)[0][0].id

    def row(self, letter: UUID) -> Letter:
        """The letter's row."""
        with self.house.store.reading() as db:
            return db.get_one(Letter, letter)

    def state(self, letter: UUID) -> State:
        """The letter's state."""
        return State(self.row(letter).state)

    def case_row(self) -> Case:
        """The case's row."""
        with self.house.store.reading() as db:
            return db.get_one(Case, self.case)

    def join(self, case: UUID, member: Player, colleague: Player, handover: bool = True) -> None:
        """A member asks a colleague, and they join."""
        team.ask(self.house, member.me, case, colleague.id, handover)
        team.answer(self.house, colleague.me, case, joins=True)

    def _player(self, name: str, code: str) -> Player:
        return Player(self.app, self.house, name, code)

    def _case(self, facilitator: Player, harmed: str, responsible: str, prefix: str) -> tuple[UUID, Player, Player]:
        case = open_case.open_case(self.house, facilitator.me)
        invite: Callable[[Role, str], str] = lambda role, name: enrol.invite_participant(  # noqa: E731
            self.house, facilitator.me, case, role, name)
        return (case, self._player(f"{prefix}harmed", invite(Role.HARMED, harmed)),
                self._player(f"{prefix}responsible", invite(Role.RESPONSIBLE, responsible)))
