"""One tree of typed errors. Messages carry ids at most, never content; kind words are found in ``web/errors.py``."""


from uuid import UUID


class LettersError(Exception):
    """The root: whatever the platform refuses."""


class NotFound(LettersError):
    """There is no such thing for this person: strangers cannot tell it from one that does not exist."""


class NotAllowed(LettersError):
    """Somebody inside the case asks for what their role may not do."""


class NotPossibleNow(LettersError):
    """The right person, the right thing, but not in this state: somebody was quicker, or it is done already."""


class CaseErased(NotPossibleNow):
    """The case was closed, and its time is over: nothing that was written in it is there any more."""


class ViewAwaited(NotPossibleNow):
    """Two readers see a letter differently, and what settles that has not been said yet."""


class NeedsPassword(LettersError):
    """The password that confirms a serious step was wrong."""


class SignInRefused(LettersError):
    """Unknown name or wrong password: the same error for either."""


class SecondStepRefused(LettersError):
    """The second step of signing in was wrong; the half session stands until its tries are used up."""


class PleaseWait(LettersError):
    """There were too many failures of late: for so many seconds nothing is even looked at."""

    def __init__(self, seconds: int = 60) -> None:
        super().__init__()
        self.seconds = seconds


class InvitationRefused(LettersError):
    """The invitation is wrong, used or expired: the same error for all three."""


class CodeRefused(LettersError):
    """A recovery or reset code is wrong, used or expired, or not this name's: the same error for all."""


class KeyNotConfirmed(LettersError):
    """After a reset, two members of the team have not yet confirmed whose key this is: nothing is sealed to it."""


class CaseKeyMissing(NotAllowed):
    """A member whose keys are new cannot open the case until somebody hands it over to them again."""


class NameTaken(LettersError):
    """Another account has this sign-in name."""


class NotAcceptable(LettersError):
    """A field needs to be filled in otherwise. ``field`` names it; the words say how to mend it. They are marked
    (``domain/marked.py``), with places such as ``%(most)s`` for the ``values``, so that they can be translated."""

    def __init__(self, field: str, words: str, **values: object) -> None:
        super().__init__(words % values if values else words)
        self.field, self.words, self.values = field, words, values


class DraftChanged(LettersError):
    """The draft was saved elsewhere meanwhile; both texts are kept."""


class AlreadySent(LettersError):
    """The same form arrived before: it was carried out then, and is not again."""


class NotClaimed(LettersError):
    """The letter is not, or no longer, claimed by who wants to decide on it."""


class FindingsOpen(LettersError):
    """Not every finding has a disposition that goes with this decision."""


class NotIndependent(LettersError):
    """Two people who must vouch independently of each other were brought in by one another, or by the same person."""


class Tampered(LettersError):
    """Something in the database does not verify. It fails closed, and the audit trail says so."""

    def __init__(self, subject: UUID | None = None, case: UUID | None = None) -> None:
        super().__init__()
        self.subject, self.case = subject, case


class Unwitnessed(LettersError):
    """Nothing may be released, since the state file does not bear the database out. ``why`` is for operators."""

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why


class CannotStart(LettersError):
    """The program refuses to start, and says why."""
