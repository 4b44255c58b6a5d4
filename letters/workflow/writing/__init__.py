"""A letter's way, 1: its writer writes, saves, hands in and takes back."""
