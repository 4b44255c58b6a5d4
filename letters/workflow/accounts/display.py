"""How pages look for me: kept for my own account, read with the session, shown to nobody else."""

from letters.rules.display import DisplayChoice, word_for_harmed, word_for_responsible
from letters.rules.permissions import Permission, may
from letters.storage.tables import accounts
from letters.workflow.access import own_keys
from letters.workflow.platform import Platform, SignedIn


def choose(platform: Platform, me: SignedIn, wanted: DisplayChoice) -> None:
    """Keep this choice for my own pages. The trail says nothing about it.
    Raises ``NotPossibleNow`` if the session has ended meanwhile: an erased account gets no new
    row."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    with platform.writing() as db:
        own_keys.hold(db, me)
        db.merge(accounts.DisplayRow(person_id=me.person, large_type=wanted.large_type,
                                     read_aloud=wanted.read_aloud,
                                     word_harmed=wanted.harmed.value,
                                     word_responsible=wanted.responsible.value))


def kept(row: accounts.DisplayRow | None) -> DisplayChoice:
    """The choices in a row, or the defaults."""
    if row is None:
        return DisplayChoice()
    return DisplayChoice(row.large_type, row.read_aloud, word_for_harmed(row.word_harmed),
                         word_for_responsible(row.word_responsible))
