"""Rules for a case: what must hold before a letter goes, and what happens afterwards."""
