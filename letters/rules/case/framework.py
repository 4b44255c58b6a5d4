"""A service's framework: what it asks before a letter goes, in its own words.
Data that is read once and checked.

Each service can bring its own; ``letters/service_files.py`` reads it.
Raises ``ValueError``, which names no file, if the data is wrong.
"""

from dataclasses import dataclass, field

from letters.rules.roles import PARTICIPANTS, Role

MOST_MONTHS = 120


@dataclass(frozen=True)
class Purpose:
    """One thing that people agree to separately (rule 2). ``words`` may contain ``{months}``, how
    long letters are kept."""

    id: str
    version: str
    title: str
    words: str
    roles: frozenset[Role]
    renew_months: int
    required: bool = True

    def __post_init__(self) -> None:
        _require(self.roles <= PARTICIPANTS and bool(self.roles),
                 "only those who take part agree to a purpose")
        _require(0 < self.renew_months <= MOST_MONTHS,
                 f"a consent is renewed after 1 to {MOST_MONTHS} months")
        _require(" " not in self.id + self.version, "ids and versions are one word")


@dataclass(frozen=True)
class Step:
    """One step of preparing or closing, with each of these roles."""

    id: str
    title: str
    roles: frozenset[Role]
    required: bool = True

    def __post_init__(self) -> None:
        _require(self.roles <= PARTICIPANTS and bool(self.roles),
                 "a step is taken with those who take part")


@dataclass(frozen=True)
class Question:
    """One thing that a form asks: a dimension of the assessment,
    or a question of the closing form."""

    id: str
    title: str
    hint: str = ""


@dataclass(frozen=True)
class Assessment:
    """How suitability and risk are assessed (rule 10);
    it lapses ``lasts_days`` days after it was made, or sooner. ``two_for_suitable``: *suitable*
    counts once two members came to it, each by their own look."""

    dimensions: tuple[Question, ...]
    ratings: tuple[str, ...]
    lasts_days: int
    two_for_suitable: bool = True

    def __post_init__(self) -> None:
        _require(bool(self.dimensions) and len(self.ratings) > 1,
                 "an assessment has dimensions, and ratings to choose")
        _require(1 <= self.lasts_days <= 366, "an assessment lasts 1 to 366 days")

    @property
    def looks(self) -> int:
        """How many members have to find an exchange suitable."""
        return 2 if self.two_for_suitable else 1


@dataclass(frozen=True)
class Aftercare:
    """One task that begins when a letter is opened, due so many hours later."""

    id: str
    title: str
    hours: int

    def __post_init__(self) -> None:
        _require(0 < self.hours <= 24 * 366, "a task is due within a year")


@dataclass(frozen=True)
class Retention:
    """After how many months a closed case is erased (None:
    never), and how many days before that it is announced."""

    months: int | None = None
    notice_days: int = 30

    def __post_init__(self) -> None:
        _require(self.months is None or 0 < self.months <= MOST_MONTHS,
                 f"letters are kept 1 to {MOST_MONTHS} months")
        _require(7 <= self.notice_days <= 366, "erasing is said 7 to 366 days before")


@dataclass(frozen=True)
class Safeguarding:
    """Within how many hours somebody acts on an alert, and on an urgent one (rule 30).

    ``call``: whom to call if nobody gets alerts by e-mail, in the service's own words.
    """

    urgent_hours: int = 4
    hours: int = 24
    call: str = ""

    def __post_init__(self) -> None:
        _require(0 < self.urgent_hours <= self.hours <= MOST_HOURS,
                 f"an alert is acted on within {MOST_HOURS} hours, an urgent one no later than "
                 "another")


@dataclass(frozen=True)
class Framework:
    """A whole framework. ``conviction_needed``:
    without one, letters are written and kept, and not sent (rule 4)."""

    name: str
    consents: tuple[Purpose, ...]
    preparation: tuple[Step, ...]
    closing: tuple[Step, ...]
    assessment: Assessment
    aftercare: tuple[Aftercare, ...]
    feedback: tuple[Question, ...] = ()
    conviction_needed: bool = True
    retention: Retention = field(default_factory=Retention)
    safeguarding: Safeguarding = field(default_factory=Safeguarding)

    def __post_init__(self) -> None:
        for things in (self.consents, self.preparation, self.closing, self.assessment.dimensions,
                       self.aftercare,
                       self.feedback):
            ids = [thing.id for thing in things]
            _require(len(set(ids)) == len(ids), "an id stands twice")
            _require(all(ids), "an id is empty")
        _require(not {step.id for step in self.preparation} & {step.id for step in self.closing},
                 "a step of closing has the id of a step of preparing")
        for role in (Role.HARMED, Role.RESPONSIBLE):
            _require(READ in {purpose.id for purpose in self.purposes(role) if purpose.required},
                     f"nobody may read letters without consent: the purpose {READ!r} is required "
                     "of both who write")
            _require(any(step.required for step in self.steps(role)),
                     "each of the two who write is prepared (rule 9)")
        _require(NO_GAIN in self.needed(Role.RESPONSIBLE),
                 f"the person who harmed confirms {NO_GAIN!r} (rule 8)")
        _require(any(task.id == CONTACT and task.hours <= MOST_HOURS for task in self.aftercare),
                 f"aftercare begins with {CONTACT!r}, within {MOST_HOURS} hours (rule 26)")

    def purposes(self, role: Role) -> list[Purpose]:
        """What people in this role are asked to agree to, in this order."""
        return [purpose for purpose in self.consents if role in purpose.roles]

    def needed(self, role: Role) -> frozenset[str]:
        """The purposes to which somebody in this role must agree before anything is
        released to or from them."""
        return frozenset(purpose.id for purpose in self.purposes(role) if purpose.required)

    def purpose(self, role: Role, purpose_id: str) -> Purpose | None:
        """One of these purposes, by its id."""
        return next((purpose for purpose in self.purposes(role) if purpose.id == purpose_id), None)

    def steps(self, role: Role, closing: bool = False) -> list[Step]:
        """The steps of preparing, or of closing, with people in this role."""
        return [step for step in (self.closing if closing else self.preparation)
                if role in step.roles]


READ = "read"
"""The purpose of letting the case's team read one's letters."""
NO_GAIN = "no-gain"
"""The purpose by which the person who harmed confirms that they gain nothing
by taking part (rule 8)."""
NOTICES = "notices"
"""The purpose of receiving notices. With a framework without it, participants get none."""
STATISTICS = "statistics"
"""The purpose of being counted, without names.
A framework without it leaves that to the service."""
CONTACT, MOST_HOURS = "contact", 72
"""The task of speaking with a participant after they opened a letter,
and within how many hours (rule 26)."""


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise ValueError(words)
