"""Entering a case or a letter, the directory of people's keys, and the keys of a case."""
