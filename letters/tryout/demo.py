"""A fictional case for looking around: two facilitators, the person harmed, the
person who harmed, three letters."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from pyotp import TOTP

from letters.rules.letter.parts import Answer
from letters.rules.pace import Pace
from letters.rules.roles import Role
from letters.storage.tables.letters import Letter
from letters.tryout.prepare_case import PreparedCase, approve, submit, write_draft
from letters.workflow import messages
from letters.workflow.accounts import invite, second_factor, sign_in
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import content_note, questions
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.release import pace, release
from letters.workflow.team import join_and_leave
from letters.workflow.writing import for_myself

PASSWORD = "four quiet words only"

FIRST = "\n\n".join((
    "Robin,",
    "I have carried this letter in my head for two years. I want you to know what that night "
    "did. I stopped taking the "
    "last bus. I stopped singing. For months I could not sleep with the light off.",
    "I am angry. I am not writing so that you feel better.",
    "What I want to ask you:",
    "- Did you know that I was afraid?\n- Have you told anybody the truth about it?",
    "You need not be polite. I want it to be true.",
    "Hanna"))

ANSWER = "\n\n".join((
    "Hanna,",
    "you asked whether I knew that you were afraid. Yes. I saw it, and I went on. It was not the "
    "drink and it was not "
    "you. I did it.",
    "I told the truth in court, and since then to my brother and to the group I go to. I should "
    "have told it on the "
    "first day.",
    "You do not owe me an answer.",
    "Robin"))

WAITING = "\n\n".join((
    "Hanna,",
    "there is something that I left out in my last letter. I have thought about it since.",
    "If you ever want to talk, my number is 07700 900123.",
    "Robin"))


DRAFT = "\n\n".join((
    "Hanna,",
    "last week I told my brother Jonas Lindqvist what I did, all of it, and why you stopped taking "
    "the last bus. He asked me what I have done to make sure that it never happens again. I want "
    "you to have that answer as well.",
    "I go to the group on Mondays. I do not drink. I leave when I notice that I am not listening.",
    "Robin"))
"""The letter that the tour follows. Naming the brother is what its readers have to weigh."""

ASKED = ("Did you know that I was afraid?", "Have you told anybody the truth about it?")
NOTE = content_note.Draft("Robin answers both of your questions. He says plainly that he did it. "
                          "He asks for nothing.",
                          ("that he saw your fear", "whom he has told"), 1, 1,
                          ((2, "that he saw your fear"),
                           (3, "whom he has told")))
FOR_MYSELF = ("What I will not send: that I still take the long way round.\n\n"
              "I can put it down here and leave it here.")


class DemoPerson(NamedTuple):
    """A person as whom a stranger can sign in. ``sees``: what is on their pages, and waits there.
    ``codes``: for the second step, each usable once; empty if it needs none."""

    name: str
    part: str
    sees: str
    codes: list[str]
    id: str


class Staff(NamedTuple):
    """Those who work here, and the codes of each for the second step."""

    administrator: SignedIn
    supervisor: SignedIn
    facilitator: SignedIn
    second: SignedIn
    codes: dict[str, list[str]]


def seed(platform: Platform) -> list[DemoPerson]:
    """Make the case in an empty installation. Returns the people as whom one can sign in."""
    return seed_case(platform, seed_staff(platform))


def seed_staff(platform: Platform) -> Staff:
    """Have the staff come in, into an empty installation."""
    administrator, ada = come_in_as_staff(
        platform, "ada", invite.invite_staff(platform, Role.ADMINISTRATOR, "Ada")
    )
    supervisor, sunniva = come_in_as_staff(platform, "sunniva",
                                           invite.invite_staff(platform, Role.SUPERVISOR,
                                                               "Sunniva"))
    facilitator, frances = come_in_as_staff(
        platform, "frances",
        invite.invite_staff(platform, Role.FACILITATOR, "Frances", administrator))
    second, sam = come_in_as_staff(
        platform, "sam", invite.invite_staff(platform, Role.FACILITATOR, "Sam", administrator))
    return Staff(administrator, supervisor, facilitator, second,
                 {"ada": ada, "sunniva": sunniva, "frances": frances, "sam": sam})


def seed_case(platform: Platform, staff: Staff) -> list[DemoPerson]:
    """Make the case of Hanna and Robin. Returns the people as whom one can sign in."""
    facilitator, second = staff.facilitator, staff.second
    case = open_and_halt.open_case(platform, facilitator)
    hanna = come_in(platform, "hanna",
                    invite.invite_participant(platform, facilitator, case, Role.HARMED, "Hanna"))
    robin = come_in(
        platform, "robin",
        invite.invite_participant(platform, facilitator, case, Role.RESPONSIBLE, "Robin")
    )
    join_and_leave.ask(platform, facilitator, case, second.person, handover=True)
    join_and_leave.answer(platform, second, case, joins=True)
    PreparedCase(platform, case, (facilitator, second), hanna, robin).everything()
    _exchange(platform, case, (facilitator, second), hanna, robin)
    codes = staff.codes
    return [
        _person("hanna", "person harmed", "a letter of Robin’s that she has not opened, her pace, "
                "words that she sends to nobody, and a message of Frances’s", hanna),
        _person("robin", "person who harmed", "his letters, and a draft that he has not sent",
                robin),
        _person("frances", "facilitator", "the review desk with a letter of Robin’s, and the case",
                facilitator, codes["frances"]),
        _person("sam", "second facilitator", "the same desk; reads each letter of Robin’s second",
                second, codes["sam"]),
        _person("sunniva", "supervisor", "how much waits and for how long, and no word of a letter",
                staff.supervisor, codes["sunniva"]),
        _person("ada", "administrator", "who works here, and whether letters are handed over",
                staff.administrator, codes["ada"])]


def _person(name: str, part: str, sees: str, who: SignedIn,
            codes: Sequence[str] = ()) -> DemoPerson:
    return DemoPerson(name, part, sees, list(codes), str(who.person))


def greeting(host: str, port: int) -> str:
    """The text on the terminal: one address, where everything else stands."""
    where = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/demonstration"
    return (f"\nOpen {where}/\n\nEverything is fictional and is deleted when you stop the "
            "demonstration with Ctrl-C.\n")


def _exchange(
    platform: Platform, case: UUID, readers: tuple[SignedIn, SignedIn], hanna: SignedIn,
    robin: SignedIn
) -> None:
    """Hanna's letter has been answered; a further letter of Robin's waits at the desk."""
    letter = submit(platform, hanna, FIRST)
    questions.choose(platform, readers[0], letter, _sent(platform, letter), ASKED)
    approve(platform, readers[0], letter, PASSWORD)
    release.release_due(platform)
    open_letter.open_letter(platform, robin, letter)
    answer = submit(platform, robin, ANSWER)
    content_note.save_note(platform, readers[0], answer, _sent(platform, answer), NOTE)
    questions.mark(platform, readers[0], answer, _sent(platform, answer),
                   [(Answer.ANSWERED, 2), (Answer.ANSWERED, 3)])
    for reader in readers:
        approve(platform, reader, answer, PASSWORD)
    pace.say_ready(platform, hanna, case)
    release.release_due(platform)
    submit(platform, robin, WAITING)
    write_draft(platform, robin, DRAFT)
    pace.set_pace(platform, hanna, case, Pace(minimum_gap_days=1))
    _write_for_herself(platform)
    messages.answer(platform, hanna, case, "Can we speak before I open it?")
    messages.write(
        platform, readers[0], case, hanna.person,
        "Yes, gladly. I can ring you on Thursday, or when you like."
    )


def _write_for_herself(platform: Platform) -> None:
    """Hanna keeps some words that go to nobody; only a signed-in person can keep any."""
    token = sign_in.sign_in(platform, "hanna", PASSWORD)
    me = sign_in.who_is(platform, token)
    assert me is not None
    for_myself.begin_words(platform, me, FOR_MYSELF)
    sign_in.sign_out(platform, token)


def come_in(platform: Platform, name: str, code: str) -> SignedIn:
    """Make the account of somebody who was invited."""
    invite.enrol(platform, code, name, PASSWORD)
    token = sign_in.sign_in(platform, name, PASSWORD)
    person = sign_in.who_is(platform, token)
    sign_in.sign_out(platform, token)
    assert person is not None
    return person


def come_in_as_staff(platform: Platform, name: str, code: str) -> tuple[SignedIn, list[str]]:
    """The same for staff, who must set up a second factor first. Returns their backup codes too."""
    invite.enrol(platform, code, name, PASSWORD)
    half = sign_in.halfway(platform, sign_in.sign_in(platform, name, PASSWORD))
    assert half is not None
    app = second_factor.offer_app(platform, half.me)
    added = second_factor.add_app(platform, half.me, PASSWORD, app,
                                  TOTP(app.secret).at(platform.now()))
    assert added.token is not None
    sign_in.sign_out(platform, added.token)
    return half.me, added.codes


def _sent(platform: Platform, letter: UUID) -> UUID:
    with platform.reading() as db:
        version = db.get_one(Letter, letter).submitted_id
    assert version is not None
    return version
