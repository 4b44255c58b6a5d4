"""Pages for what a letter's recipient reads, and for the pace."""
