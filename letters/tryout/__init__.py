"""A fictional case to look around in, and what the demonstration, the rehearsal and the tests play it with."""
