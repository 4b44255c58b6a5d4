"""Screening: what in a letter a facilitator should look at, and where. It never decides."""

from letters.screening.findings import Category, Finding, Preferences, Severity
from letters.screening.screen import VERSION, screen

__all__ = ["VERSION", "Category", "Finding", "Preferences", "Severity", "screen"]
