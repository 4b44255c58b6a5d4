"""A small framework, two people, and facts for the trail of a case, for the tests of the domain."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from letters.rules.case.framework import Aftercare, Assessment, Framework, Purpose, Question, Step
from letters.rules.case.gates import Parties
from letters.rules.events import Event, Fact
from letters.rules.roles import Role

NOBODY = UUID(int=0)
HANNA, ROBIN, FRANCES, SAM, CASE = (uuid4() for _ in range(5))
PARTIES = Parties(HANNA, ROBIN)
NOON, DAY = datetime(2027, 1, 4, 12, tzinfo=UTC), date(2027, 1, 4)
BOTH = frozenset({Role.HARMED, Role.RESPONSIBLE})

PURPOSES = (
    Purpose("read", "1", "Read?", "They read.", BOTH, 12),
    Purpose("no-gain", "1", "No gain.", "Nothing changes.", frozenset({Role.RESPONSIBLE}), 12),
    Purpose("notices", "1", "Notices?", "An e-mail.", BOTH, 12, required=False))
STEPS = (Step("talk", "A talk", BOTH),
         Step("support", "Support", frozenset({Role.HARMED}), required=False))
LAST = (Step("last", "A last talk", BOTH),)
ASSESSMENT = Assessment((Question("motivation", "Motivation"),), ("low", "high"), 90,
                        two_for_suitable=False)
FRAMEWORK = Framework("Ours", PURPOSES, STEPS, LAST, ASSESSMENT,
                      (Aftercare("contact", "Speak", 72),))

EVIDENCE, LOOK, WORDING = uuid4(), uuid4(), uuid4()


def fact(event: Event, subject: UUID = CASE, about: UUID = NOBODY, left: str = "",
         entered: str = "",
         at: datetime = NOON, actor: UUID = FRANCES) -> Fact:
    """One fact, put down by Frances if nobody else is named."""
    return Fact(event, subject, about, left, entered, at, actor)


REFERRED = [fact(Event.REFERRED, entered="AGENCY"),
            fact(Event.FACILITATOR_CHOSEN, FRANCES, actor=HANNA)]
TEAM = [fact(Event.MEMBER_JOINED, FRANCES, entered="1"),
        fact(Event.MEMBER_JOINED, SAM, entered="2")]
CONSENTS = [fact(Event.CONSENT_GIVEN, person, SAM, f"{purpose} 1", "2027-06-30", actor=person)
            for person, purpose in ((HANNA, "read"), (ROBIN, "read"), (ROBIN, "no-gain"))]
AGES = [fact(Event.AGE_RECORDED, HANNA, entered="ADULT"),
        fact(Event.AGE_RECORDED, ROBIN, entered="GUARDIAN")]
CONVICTED = [fact(Event.CONVICTION_RECORDED, uuid4(), entered="yes")]
ACKNOWLEDGED = [fact(Event.ACKNOWLEDGEMENT_RECORDED, EVIDENCE),
                fact(Event.ACKNOWLEDGEMENT_CONFIRMED, EVIDENCE,
                     actor=SAM)]
ASSESSED = [fact(Event.ASSESSED, CASE, LOOK, "SUITABLE", "2027-03-31")]
PREPARED = [fact(Event.STEP_DONE, person, left="talk", entered="2026-12-01")
            for person in (HANNA, ROBIN)]
AGREED = [fact(Event.AGREEMENT_PROPOSED, WORDING, entered="HARMED - 0"),
          *(fact(Event.AGREED, WORDING, actor=person) for person in (HANNA, ROBIN))]
READY = [*REFERRED, *TEAM, *CONSENTS, *AGES, *CONVICTED, *ACKNOWLEDGED, *ASSESSED, *PREPARED,
         *AGREED]
"""A case in which every gate is open, but for what is put in at the moment of release."""


def arrived(person: UUID, letter: UUID | None = None) -> list[Fact]:
    """A letter that reached somebody."""
    letter = letter or uuid4()
    return [fact(Event.LETTER_BEGUN, letter, entered="draft"),
            fact(Event.LETTER_SUBMITTED, letter, uuid4(), "draft", "in review"),
            fact(Event.LETTER_APPROVED, letter, left="in review", entered="approved"),
            fact(Event.LETTER_RELEASED, letter, person, "approved", "released")]
