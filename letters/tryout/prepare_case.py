"""Prepare a case as its people would, and bring a letter to its approval, by the verbs: for the
demonstration, the self-check, the benchmarks and the tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from letters.rules.case.gates import Gate
from letters.rules.case.process import Age, Outcome, Process, Terms
from letters.storage.queries import lists
from letters.workflow.decision import content_note, decide
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation import agreement, assessment, background, consent, referral, steps
from letters.workflow.record import record
from letters.workflow.review import read_letter
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing import write


@dataclass(frozen=True)
class PreparedCase:
    """The people who prepare a case. ``team``: at least two members; ``mark``: the
    ending of all words kept here; ``address``: how the person harmed wishes to be addressed."""

    platform: Platform
    case: UUID
    team: Sequence[SignedIn]
    harmed: SignedIn
    responsible: SignedIn
    mark: str = ""
    address: str = "Hanna, no more."

    def everything(self) -> None:
        """Prepare everything that a first letter's release needs, except
        that the person harmed is ready."""
        for part in self.parts().values():
            part()

    def parts(self) -> dict[Gate, Callable[[], object]]:
        """How to open each gate, for letters of the person harmed; each
        is called when its turn comes."""
        platform, team, case = self.platform, self.team, self.case
        return {
            Gate.CONSENT_OF_SENDER: lambda: self.consent(self.harmed),
            Gate.CONSENT_OF_RECIPIENT: lambda: self.consent(self.responsible),
            Gate.AGE_OF_SENDER: lambda: background.record_age(
                platform, team[0], case, self.harmed.person, Age.ADULT
            ),
            Gate.AGE_OF_RECIPIENT: lambda: background.record_age(
                platform, team[0], case, self.responsible.person, Age.ADULT
            ),
            Gate.PREPARED_SENDER: lambda: self.take_all_steps(self.harmed),
            Gate.PREPARED_RECIPIENT: lambda: self.take_all_steps(self.responsible),
            Gate.CHOSEN: lambda: referral.choose(platform, self.harmed, case, team[0].person),
            Gate.CONVICTED: lambda: background.record_conviction(
                platform, team[0], case, True, self._words("Found guilty in March.")
            ),
            Gate.ACKNOWLEDGED: self.acknowledge,
            Gate.SUITABLE: self.assess,
            Gate.AGREED: self.agree,
        }

    def consent(self, person: SignedIn) -> None:
        """Agree to everything that needs agreement."""
        consent.give(self.platform, person, self.case, consent.required(self.platform, person),
                     self.team[0].person)

    def take_all_steps(self, person: SignedIn, closing: bool = False) -> None:
        """Take every required step of preparing or closing with this person."""
        today = self.platform.today()
        taken = {(person.person, step.id): today
                 for step in self.platform.framework.steps(person.role, closing) if step.required}
        steps.record_steps(self.platform, self.team[0], self.case, taken)

    def acknowledge(self) -> None:
        """Record the acknowledgement by one member, confirmed by the other."""
        evidence = self._words("A guilty plea, and a talk in May.")
        background.record_acknowledgement(self.platform, self.team[0], self.case, evidence)
        told = self.process().acknowledgement
        assert told is not None
        background.confirm_acknowledgement(self.platform, self.team[1], self.case, told.id)

    def assess(self, outcome: Outcome = Outcome.SUITABLE) -> None:
        """Assess suitability and risk, each member by their own look."""
        asked = self.platform.framework.assessment
        answer = {"rating": asked.ratings[0], "evidence": self._words("As told in the talks."),
                  "plan": ""}
        answers = {dimension.id: answer for dimension in asked.dimensions}
        looks = asked.looks if outcome is Outcome.SUITABLE else 1
        for member in self.team[:looks]:
            assessment.assess(self.platform, member, self.case, answers, outcome,
                              self.platform.today() + timedelta(days=asked.lasts_days))

    def agree(self, terms: Terms | None = None) -> UUID:
        """Propose an agreement, and have both agree."""
        own = {self.harmed.person: self._words("You begin, when you like."),
               self.responsible.person: self._words("You may answer.")}
        wording = agreement.Wording(self._words("What happened that night, and since."),
                                    self.address,
                                    ("sweetheart",), own)
        made = agreement.propose(self.platform, self.team[0], self.case, terms or Terms(), wording)
        for person in (self.harmed, self.responsible):
            agreement.agree(self.platform, person, self.case, made)
        return made

    def process(self) -> Process:
        """The state of the process, according to the trail."""
        with self.platform.reading() as db:
            return record.to_decide(self.platform, db, self.case).process

    def _words(self, words: str) -> str:
        return f"{words} {self.mark}".strip()


def submit(platform: Platform, author: SignedIn, text: str) -> UUID:
    """Write a letter on the author's first channel, and send it to the facilitators."""
    letter, version = write_draft(platform, author, text)
    write.submit(platform, author, letter, version)
    return letter


def write_draft(platform: Platform, author: SignedIn, text: str) -> tuple[UUID, UUID]:
    """Write a letter on the author's first channel. Returns it and its version."""
    with platform.reading() as db:
        channel, _ = lists.channels_from(db, author.person)[0]
    letter = write.begin_letter(platform, author, channel.id)
    return letter, write.save(platform, author, letter, None, text)


def approve(platform: Platform, reader: SignedIn, letter: UUID, password: str) -> None:
    """Claim a letter, find each finding fine, and approve it as it was seen."""
    read_letter.claim(platform, reader, letter)
    seen = read_letter.letter_for(platform, reader, letter)
    fine = dict.fromkeys(range(len(seen.findings)), Disposition.FINE)
    read_letter.dispose(platform, reader, letter, seen.version.id, fine)
    note = content_note.seen(content_note.note_for(platform, reader, seen))
    decide.approve(platform, reader, letter, seen.version.id, password, note)
