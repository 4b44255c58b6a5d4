"""A fictional case for looking around: two facilitators, the person harmed, the person who harmed, three letters."""

from typing import NamedTuple
from uuid import UUID

from pyotp import TOTP

from letters.rules.letter.parts import Answer
from letters.rules.roles import Role
from letters.storage.tables.letters import Letter
from letters.tryout.prepare_case import Prepared, approve, submit
from letters.workflow import messages
from letters.workflow.accounts import invite, second_factor, sign_in
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import content_note, questions
from letters.workflow.platform import House, SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.release import pace, release
from letters.workflow.team import join_and_leave
from letters.workflow.writing import for_myself

PASSWORD = "four quiet words only"

FIRST = "\n\n".join((
    "Robin,",
    "I have carried this letter in my head for two years. I want you to know what that night did. I stopped taking the "
    "last bus. I stopped singing. For months I could not sleep with the light off.",
    "I am angry. I am not writing so that you feel better.",
    "What I want to ask you:",
    "- Did you know that I was afraid?\n- Have you told anybody the truth about it?",
    "You need not be polite. I want it to be true.",
    "Hanna"))

ANSWER = "\n\n".join((
    "Hanna,",
    "you asked whether I knew that you were afraid. Yes. I saw it, and I went on. It was not the drink and it was not "
    "you. I did it.",
    "I told the truth in court, and since then to my brother and to the group I go to. I should have told it on the "
    "first day.",
    "You do not owe me an answer.",
    "Robin"))

WAITING = "\n\n".join((
    "Hanna,",
    "there is something that I left out in my last letter. I have thought about it since.",
    "If you ever want to talk, my number is 07700 900123.",
    "Robin"))


ASKED = ("Did you know that I was afraid?", "Have you told anybody the truth about it?")
NOTE = content_note.Draft("Robin answers both of your questions. He says plainly that he did it. He asks for nothing.",
                          ("that he saw your fear", "whom he has told"), 1, 1, ((2, "that he saw your fear"),
                                                                               (3, "whom he has told")))
FOR_MYSELF = "What I will not send: that I still take the long way round.\n\nI can put it down here and leave it here."


class Part(NamedTuple):
    """Whom a stranger can sign in as. ``codes``: for the second step, each of them once; none where none is asked."""

    name: str
    part: str
    codes: list[str]


def seed(house: House) -> list[Part]:
    """Make the case in an empty installation. Returns whom one can sign in as."""
    administrator, ada_codes = _come_in_as_staff(house, "ada", invite.invite_staff(house, Role.ADMINISTRATOR, "Ada"))
    _, sunniva_codes = _come_in_as_staff(house, "sunniva", invite.invite_staff(house, Role.SUPERVISOR, "Sunniva"))
    facilitator, codes = _come_in_as_staff(
        house, "frances", invite.invite_staff(house, Role.FACILITATOR, "Frances", administrator))
    second, other_codes = _come_in_as_staff(
        house, "sam", invite.invite_staff(house, Role.FACILITATOR, "Sam", administrator))
    case = open_and_halt.open_case(house, facilitator)
    hanna = _come_in(house, "hanna", invite.invite_participant(house, facilitator, case, Role.HARMED, "Hanna"))
    robin = _come_in(house, "robin", invite.invite_participant(house, facilitator, case, Role.RESPONSIBLE, "Robin"))
    join_and_leave.ask(house, facilitator, case, second.person, handover=True)
    join_and_leave.answer(house, second, case, joins=True)
    Prepared(house, case, (facilitator, second), hanna, robin).everything()
    _exchange(house, case, (facilitator, second), hanna, robin)
    return [Part("frances", "facilitator", codes), Part("sam", "second facilitator", other_codes),
            Part("hanna", "person harmed", []), Part("robin", "person who harmed", []),
            Part("sunniva", "supervisor", sunniva_codes), Part("ada", "administrator", ada_codes)]


def greeting(people: list[Part], host: str, port: int) -> str:
    """What the terminal shows: where to go, whom to sign in as, and what facilitators type at the second step."""
    width = max(len(person.name) for person in people)
    lines = [f"  {person.name:<{width}}  {person.part}" for person in people]
    codes = [f"  {person.name:<{width}}  {'  '.join(person.codes[at:at + 3])}"
             for person in people for at in range(0, len(person.codes), 3)]
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    return "\n".join(["", f"Open {address} and sign in as", "", *lines, "", f"each with the password: {PASSWORD}", "",
                      "Those who work here are then asked for a code. Each of these works once:", "", *codes, "",
                      "Everything is fictional and is deleted when you stop the demonstration with Ctrl-C.", ""])


def _exchange(house: House, case: UUID, readers: tuple[SignedIn, SignedIn], hanna: SignedIn, robin: SignedIn) -> None:
    """Hanna's letter has been answered; a further letter of Robin's waits at the desk."""
    letter = submit(house, hanna, FIRST)
    questions.choose(house, readers[0], letter, _sent(house, letter), ASKED)
    approve(house, readers[0], letter, PASSWORD)
    release.release_due(house)
    open_letter.open_letter(house, robin, letter)
    answer = submit(house, robin, ANSWER)
    content_note.keep(house, readers[0], answer, _sent(house, answer), NOTE)
    questions.mark(house, readers[0], answer, _sent(house, answer), [(Answer.ANSWERED, 2), (Answer.ANSWERED, 3)])
    for reader in readers:
        approve(house, reader, answer, PASSWORD)
    pace.say_ready(house, hanna, case)
    release.release_due(house)
    submit(house, robin, WAITING)
    _write_for_herself(house)
    messages.answer(house, hanna, case, "Can we speak before I open it?")
    messages.write(house, readers[0], case, hanna.person, "Yes, gladly. I can ring you on Thursday, or when you like.")


def _write_for_herself(house: House) -> None:
    """Hanna keeps some words that go to nobody; only who is signed in can keep any."""
    token = sign_in.sign_in(house, "hanna", PASSWORD)
    me = sign_in.who_is(house, token)
    assert me is not None
    for_myself.begin(house, me, FOR_MYSELF)
    sign_in.sign_out(house, token)


def _come_in(house: House, name: str, code: str) -> SignedIn:
    invite.enrol(house, code, name, PASSWORD)
    token = sign_in.sign_in(house, name, PASSWORD)
    person = sign_in.who_is(house, token)
    sign_in.sign_out(house, token)
    assert person is not None
    return person


def _come_in_as_staff(house: House, name: str, code: str) -> tuple[SignedIn, list[str]]:
    """The same for staff, who must set a second factor up first. Returns their backup codes too."""
    invite.enrol(house, code, name, PASSWORD)
    half = sign_in.halfway(house, sign_in.sign_in(house, name, PASSWORD))
    assert half is not None
    app = second_factor.offer_app(house, half.me)
    added = second_factor.add_app(house, half.me, PASSWORD, app, TOTP(app.secret).at(house.now()))
    assert added.token is not None
    sign_in.sign_out(house, added.token)
    return half.me, added.codes


def _sent(house: House, letter: UUID) -> UUID:
    with house.store.reading() as db:
        version = db.get_one(Letter, letter).submitted_id
    assert version is not None
    return version
