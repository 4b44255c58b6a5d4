"""Past-tense facts for the audit trail. They name people and things by id; no word of a letter is ever in one."""

from enum import StrEnum


class Event(StrEnum):
    """What happened. Moves of a letter carry the states that it left and entered beside these."""

    CASE_OPENED = "case opened"
    PERSON_INVITED = "person invited"
    PERSON_ENROLLED = "person enrolled"
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
    GLASS_ASKED = "glass asked"
    GLASS_SECONDED = "glass seconded"
    GLASS_BROKEN = "glass broken"
    GLASS_CLOSED = "glass closed"
    KEYS_ROTATED = "keys rotated"
    RESTORE_CONFIRMED = "restore confirmed"
    ACKNOWLEDGEMENT_RECORDED = "acknowledgement recorded"
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
    TAMPERING_FOUND = "tampering found"


WITNESSED = frozenset({
    Event.STOPPED, Event.HALTED, Event.PAUSED, Event.CONSENT_WITHDRAWN, Event.READY_UNSAID, Event.PACE_SET,
    Event.RECALL_ASKED, Event.LETTER_HELD, Event.LETTER_RETURNED, Event.LETTER_RECALLED, Event.LETTER_RELEASED,
    Event.READY_SPENT, Event.MEMBER_LEFT, Event.EPOCH_BEGUN, Event.IDENTITY_RENEWED, Event.ACCESS_RESET,
    Event.SECOND_FACTOR_ADDED, Event.SECOND_FACTOR_REMOVED, Event.PASSWORD_CHANGED, Event.RECOVERY_CODE_USED,
    Event.RECOVERY_CODE_MADE, Event.KEYS_ROTATED, Event.RESTORE_CONFIRMED,
    Event.GLASS_CLOSED})
"""What must not be undone by putting the database back: the state file hears of each at its commit."""
