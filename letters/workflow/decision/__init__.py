"""A letter's way, 3: it is approved, held or returned, with suggestions and questions."""
