"""The operator's self-check: the main job and its refusals, walked through the
real pages and the real worker."""

from letters.rehearsal.whole_way import RehearsalStep, rehearse

__all__ = ["RehearsalStep", "rehearse"]
