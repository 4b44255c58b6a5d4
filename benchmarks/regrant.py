"""``python -m benchmarks.regrant``: how long it takes to give a thousand letters back to somebody with new keys.

Both lost, a reset, two members confirm. What is measured is the second confirmation, which grants every letter anew in
one transaction, beside the stretch of the password in it; and, for *my password may be known*, the person's own step.
"""

import argparse
from time import perf_counter

from benchmarks.place import server
from letters import throwaway
from letters.workflow import confirm_key, renewal, reset, write
from tests.cast import PASSWORD, Cast
from tests.workflow.losing import NEW, heard, signed_in


def main() -> None:
    """Make the letters, lose the keys, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regrant", description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    letters: int = parser.parse_args().letters
    with server() as url:
        for name, where in (("SQLite", None), ("PostgreSQL", url)):
            with throwaway.installation(where) as app:
                house = app.extensions["house"]()
                _measure(name, Cast(app, house, house.clock), letters)


def _measure(name: str, cast: Cast, letters: int) -> None:
    for number in range(letters):
        letter = write.begin(cast.house, cast.harmed.me, cast.channel(cast.harmed))
        words = f"Letter {number}. " + "Words of a letter. " * 100
        version = write.save(cast.house, cast.harmed.me, letter, None, words)
        write.submit(cast.house, cast.harmed.me, letter, version)
    begun = perf_counter()
    cast.house.stretcher.stretch(PASSWORD, bytes(16))
    stretch = perf_counter() - begun
    begun = perf_counter()
    renewal.renew(cast.house, cast.harmed.me, PASSWORD, NEW)
    renewed = perf_counter() - begun
    reset.reset(cast.house, reset.ask_reset(cast.house, cast.first.me, cast.harmed.id, PASSWORD), "harmed", NEW)
    heard(cast, cast.harmed, cast.first)
    waits = confirm_key.awaited(cast.house, cast.second.me, cast.case, cast.harmed.id)
    assert waits is not None
    begun = perf_counter()
    done = confirm_key.confirm_key(cast.house, cast.second.me, cast.case, cast.harmed.id, waits.kid, PASSWORD, True)
    granted = perf_counter() - begun
    assert done.versions == letters and signed_in(cast.house, "harmed").person == cast.harmed.id
    print(f"{name}: {letters:,} letters granted again in {granted:.2f} s; sealed anew in {renewed:.2f} s, "
          f"with as many drafts. One stretch is in the first, two are in the second: {stretch:.2f} s each.")


if __name__ == "__main__":
    main()
