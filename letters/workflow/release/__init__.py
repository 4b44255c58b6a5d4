"""A letter's way, 4: the person harmed sets the pace, and what is due is handed over."""
