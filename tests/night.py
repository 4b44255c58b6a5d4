"""How much is played: little in the suite, and all of it at night.

What a test draws by chance it draws from ``SEED``, which the run prints; ``SEED=…`` plays the same
again. """

import os
import secrets

NIGHT = os.environ.get("LETTERS_TEST_NIGHT") == "1"
# the workers of a run inherit it
SEED = int(os.environ.setdefault("SEED", str(secrets.randbits(32))))


def size(suite: int, night: int) -> int:
    """How often something is played."""
    return night if NIGHT else suite
