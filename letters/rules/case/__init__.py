"""Rules for a case: what must be there before a letter goes, and what happens afterwards."""
