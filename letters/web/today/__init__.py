"""The first page of facilitators: what waits for them, over all their cases."""
