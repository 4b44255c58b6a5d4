"""Rules for a letter: its states, its parts, its words."""
