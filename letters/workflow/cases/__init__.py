"""A case from its opening to its closing: its file, its tasks, its calendar, its alerts."""
