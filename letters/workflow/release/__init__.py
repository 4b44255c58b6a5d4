"""A letter's way, 4: the person harmed sets the pace,
and the letters that are due are handed over."""
