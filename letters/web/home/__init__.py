"""Pages of those who take part: their first page, consent, agreement, facilitators, stopping."""
