"""Patterns of speech: rules as data, by language, and what finds them in a text."""
