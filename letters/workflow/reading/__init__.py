"""A letter's way, 5: its recipient opens it, whole or in parts, and decides what becomes of it."""
