"""The table of every address, and one walk along it."""
