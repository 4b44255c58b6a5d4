"""The operator's self-check: the main job and its refusals, walked through the real pages and the real worker."""

from letters.rehearsal.walk import Step, rehearse

__all__ = ["Step", "rehearse"]
