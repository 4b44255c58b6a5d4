"""A fictional case to look around in, and the steps by which the demonstration, the
rehearsal and the tests play it."""
