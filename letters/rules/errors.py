"""One tree of typed errors. Messages carry ids at most, never content;
the kind words are in ``web/errors.py``."""


from uuid import UUID


class LettersError(Exception):
    """The root of all refusals of the platform."""


class NotFound(LettersError):
    """There is no such thing for this person: a stranger cannot tell whether it exists."""


class NotAllowed(LettersError):
    """Somebody inside the case asks for something that their role may not do."""


class NotPossibleNow(LettersError):
    """The right person, the right thing, but not in this state:
    somebody was quicker, or it is done already."""


class CaseErased(NotPossibleNow):
    """The case was closed and its time is over: nothing that was written in it is left."""


class ViewAwaited(NotPossibleNow):
    """Two readers see a letter differently, and nothing has settled that yet."""


class NeedsPassword(LettersError):
    """The password that confirms a serious step was wrong."""


class SignInRefused(LettersError):
    """Unknown name or wrong password: the same error for either."""


class SecondStepRefused(LettersError):
    """The second step of signing in was wrong; the half session stands until its tries are used
    up."""


class PleaseWait(LettersError):
    """There were too many failures lately: for so many seconds nothing is even looked at."""

    def __init__(self, seconds: int = 60) -> None:
        super().__init__()
        self.seconds = seconds


class InvitationRefused(LettersError):
    """The invitation is wrong, used or expired: the same error for all three."""


class CodeRefused(LettersError):
    """A recovery or reset code is wrong, used or expired, or not this name's: the same error for
    all."""


class KeyNotConfirmed(LettersError):
    """After a reset, two members of the team have not yet confirmed whose key this is: nothing is
    sealed to it."""


class CaseKeyMissing(NotAllowed):
    """A member with new keys cannot open the case until somebody hands it over to them again."""


class NameTaken(LettersError):
    """Another account has this sign-in name."""


class NotAcceptable(LettersError):
    """A field has to be filled in differently. ``field`` names it; the words say how to mend it.

    The words are marked (``rules/translatable.py``) so that they can be translated, with places
    such as ``%(most)s`` for the ``values``.
    """

    def __init__(self, field: str, words: str, **values: object) -> None:
        super().__init__(words % values if values else words)
        self.field, self.words, self.values = field, words, values


class DraftChanged(LettersError):
    """The draft was saved elsewhere meanwhile; both texts are kept."""


class AlreadySent(LettersError):
    """The same form arrived before: it was carried out then, and is not carried out again."""


class NotClaimed(LettersError):
    """The letter is not claimed, or no longer claimed, by the reader who wants to decide on it."""


class FindingsOpen(LettersError):
    """At least one finding has no disposition that allows this decision."""


class NotIndependent(LettersError):
    """Two people must vouch independently, but one brought the other in,
    or the same person both."""


class Tampered(LettersError):
    """Something in the database does not verify. It fails closed, and the audit trail says so."""

    def __init__(self, subject: UUID | None = None, case: UUID | None = None) -> None:
        super().__init__()
        self.subject, self.case = subject, case


class Unwitnessed(LettersError):
    """Nothing may be released: the state file does not confirm the database.
    ``why`` is for operators."""

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why


class CannotStart(LettersError):
    """The program refuses to start, and says why."""
