"""A letter's way, 2: facilitators find it on their desk, claim it and read it."""
