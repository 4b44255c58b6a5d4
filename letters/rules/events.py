"""Past-tense facts for the audit trail. They name people and things by id; no word of a letter is
ever in one."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Event(StrEnum):
    """What happened. Moves of a letter also carry the states that it left and entered."""

    CASE_OPENED = "case opened"
    PERSON_INVITED = "person invited"
    PERSON_ENROLLED = "person enrolled"
    COLLEAGUE_SUGGESTED = "colleague suggested"
    COLLEAGUE_NOT_ASKED = "colleague not asked"
    MEMBER_ASKED = "member asked"
    MEMBER_DECLINED = "member declined"
    MEMBER_JOINED = "member joined"
    MEMBER_LEFT = "member left"
    EPOCH_BEGUN = "epoch begun"
    KEY_RENEWED_IN_TEAM = "key renewed in team"
    PASSWORD_CHANGED = "password changed"
    RECOVERY_CODE_USED = "recovery code used"
    RECOVERY_CODE_MADE = "recovery code made"
    IDENTITY_RENEWED = "identity renewed"
    RESET_ASKED = "reset asked"
    ACCESS_RESET = "access reset"
    KEY_CONFIRMED = "key confirmed"
    LETTERS_REGRANTED = "letters regranted"
    SECOND_FACTOR_ADDED = "second factor added"
    SECOND_FACTOR_REMOVED = "second factor removed"
    SUPERVISED_OPENED = "supervised opened"
    SUPERVISED_USED = "supervised used"
    EMERGENCY_ASKED = "emergency asked"
    EMERGENCY_SECONDED = "emergency seconded"
    EMERGENCY_OPENED = "emergency opened"
    EMERGENCY_CLOSED = "emergency closed"
    KEYS_ROTATED = "keys rotated"
    RESTORE_CONFIRMED = "restore confirmed"
    REFERRED = "referred"
    REQUEST_KEPT = "request kept"
    FACILITATOR_CHOSEN = "facilitator chosen"
    ANOTHER_WISHED = "another wished"
    AGE_RECORDED = "age recorded"
    COMPANION_RECORDED = "companion recorded"
    CONVICTION_RECORDED = "conviction recorded"
    ACKNOWLEDGEMENT_RECORDED = "acknowledgement recorded"
    ACKNOWLEDGEMENT_CONFIRMED = "acknowledgement confirmed"
    ACKNOWLEDGEMENT_WITHDRAWN = "acknowledgement withdrawn"
    ORDER_RECORDED = "order recorded"
    ORDER_ENDED = "order ended"
    ASSESSED = "assessed"
    RISK_REPORTED = "risk reported"
    STEP_DONE = "step done"
    STEP_UNDONE = "step undone"
    AGREEMENT_PROPOSED = "agreement proposed"
    AGREED = "agreed"
    TASK_SET = "task set"
    TASK_DONE = "task done"
    CLOSING_BEGUN = "closing begun"
    CLOSING_ENDED = "closing ended"
    CASE_CLOSED = "case closed"
    ERASURE_SET = "erasure set"
    CASE_ERASED = "case erased"
    CONSENT_GIVEN = "consent given"
    CONSENT_WITHDRAWN = "consent withdrawn"
    READY_SAID = "ready said"
    READY_UNSAID = "ready unsaid"
    READY_SPENT = "ready spent"
    PACE_SET = "pace set"
    PAUSED = "paused"
    PAUSE_ENDED = "pause ended"
    STOPPED = "stopped"
    HALTED = "halted"
    HALT_LIFTED = "halt lifted"
    SENDING_ALLOWED = "sending allowed"
    SENDING_WITHHELD = "sending withheld"
    LETTER_BEGUN = "letter begun"
    LETTER_SUBMITTED = "letter submitted"
    LETTER_CLAIMED = "letter claimed"
    LETTER_PASSED_ON = "letter passed on"
    LETTER_APPROVED = "letter approved"
    LETTER_HELD = "letter held"
    LETTER_RESUMED = "letter resumed"
    LETTER_RETURNED = "letter returned"
    LETTER_RECALLED = "letter recalled"
    LETTER_SET_ASIDE = "letter set aside"
    LETTER_SEALED = "letter sealed"
    LETTER_RELEASED = "letter released"
    LETTER_OPENED = "letter opened"
    RECALL_ASKED = "recall asked"
    CLAIM_ASKED = "claim asked"
    READING_ASKED = "reading asked"
    LETTER_HANDED_ON = "letter handed on"
    SUGGESTED = "suggested"
    SUGGESTION_ANSWERED = "suggestion answered"
    REDACTION_PROPOSED = "redaction proposed"
    REDACTION_ANSWERED = "redaction answered"
    WHY_ASKED = "why asked"
    DISAGREED = "disagreed"
    VIEW_GIVEN = "view given"
    ALERT_OPENED = "alert opened"
    ALERT_STEP = "alert step"
    ALERT_CLOSED = "alert closed"
    MESSAGE_WRITTEN = "message written"
    NOTE_SEALED = "note sealed"
    LETTER_GIVEN_BACK = "letter given back"
    LETTER_TAKEN_BACK = "letter taken back"
    LETTER_DESTROYED = "letter destroyed"
    TELLING_SET = "telling set"
    NAMES_LISTED = "names listed"
    CONTACT_CHOSEN = "contact chosen"
    NOTICE_CAME_BACK = "notice came back"
    TAMPERING_FOUND = "tampering found"
    FACILITATOR_AWAY = "facilitator away"
    FACILITATOR_BACK = "facilitator back"
    RULE_QUIETED = "rule quieted"
    RULE_RESTORED = "rule restored"


WITNESSED = frozenset({
    Event.PERSON_INVITED, Event.MEMBER_DECLINED, Event.MEMBER_JOINED, Event.MEMBER_LEFT,
    Event.EPOCH_BEGUN, Event.KEY_RENEWED_IN_TEAM, Event.PASSWORD_CHANGED,
    Event.RECOVERY_CODE_USED, Event.RECOVERY_CODE_MADE, Event.IDENTITY_RENEWED,
    Event.RESET_ASKED, Event.ACCESS_RESET, Event.SECOND_FACTOR_ADDED,
    Event.SECOND_FACTOR_REMOVED, Event.SUPERVISED_USED, Event.EMERGENCY_ASKED,
    Event.EMERGENCY_SECONDED, Event.EMERGENCY_OPENED, Event.EMERGENCY_CLOSED,
    Event.KEYS_ROTATED, Event.RESTORE_CONFIRMED, Event.AGE_RECORDED, Event.COMPANION_RECORDED,
    Event.CONVICTION_RECORDED, Event.ACKNOWLEDGEMENT_RECORDED, Event.ACKNOWLEDGEMENT_WITHDRAWN,
    Event.ORDER_RECORDED, Event.ASSESSED, Event.RISK_REPORTED, Event.STEP_DONE,
    Event.STEP_UNDONE, Event.AGREED, Event.CLOSING_BEGUN, Event.CASE_CLOSED, Event.ERASURE_SET,
    Event.CASE_ERASED, Event.CONSENT_WITHDRAWN, Event.READY_UNSAID, Event.READY_SPENT,
    Event.PACE_SET, Event.PAUSED, Event.STOPPED, Event.HALTED, Event.SENDING_WITHHELD,
    Event.LETTER_SUBMITTED, Event.LETTER_HELD, Event.LETTER_RETURNED, Event.LETTER_RECALLED,
    Event.LETTER_SET_ASIDE, Event.LETTER_RELEASED, Event.RECALL_ASKED, Event.REDACTION_ANSWERED,
    Event.DISAGREED, Event.ALERT_OPENED, Event.ALERT_STEP, Event.LETTER_GIVEN_BACK,
    Event.LETTER_DESTROYED, Event.TELLING_SET, Event.NAMES_LISTED,
    Event.CONTACT_CHOSEN, Event.RULE_RESTORED})
"""What must not be undone by restoring the database, including all that can shut a gate. The state
file learns of every fact after its commit; of these it has learnt for good before anybody gets an
answer. A step can be the last closing talk, and a fact that is recorded again has to be confirmed
again."""


BOUND = 32
"""The bytes of one binding. An approval that seals the release too has two, one after the other,
and so have new keys: the key's name and the ways in."""


class Fact(NamedTuple):
    """One entry of the trail. ``about`` is the version that was submitted, or the person that a
    letter reached. For a change of the team, ``entered`` is the number of the roster statement that
    says the same. ``detail`` binds the rows that the fact speaks of. ``rests_on``: where the
    installation's chain stood as it was decided, as number and MAC."""

    event: Event
    subject: UUID
    about: UUID
    left: str
    entered: str
    at: datetime
    actor: UUID = UUID(int=0)
    detail: bytes = b""
    rests_on: bytes = b""

    def binding(self, place: int = 0) -> bytes:
        """The binding at this place of the detail; empty if the fact has none there."""
        return self.detail[place * BOUND:(place + 1) * BOUND]
