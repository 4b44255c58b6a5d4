"""Pages of participants: their first page, consent, agreement, facilitators, stopping."""
