"""Whether the rows that pages list say what the record says. The record has the last word."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from letters.rules.case.history import CaseHistory
from letters.rules.letter.history import LetterHistory
from letters.storage.tables.letters import Case, Letter


def case_agrees(case: Case, team: Collection[UUID], told: CaseHistory) -> bool:
    """True if the rows of a case and its team say the same of what holds its letters."""
    return told == replace(
        told, stopped=case.stopped_at is not None, halted=case.halted_at is not None,
        paused=case.paused_at is not None, ready=case.ready_at is not None, pace=case.pace,
        team=set(team), epoch=case.epoch)


def letter_agrees(letter: Letter, told: LetterHistory) -> bool:
    """True if the row of a letter has its state, its round and the version that is read."""
    return told == replace(told, state=letter.state, round=letter.round,
                           version=letter.submitted_id)
