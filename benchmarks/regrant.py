"""``python -m benchmarks.regrant``: the time to give a thousand letters
back to somebody with new keys.

Password and recovery code lost, a reset, two members confirm. The measured step is the second
confirmation, which grants every letter again in one transaction, against the stretch of the
password in it; and, for *my password may be known*, the person's own step.
"""

import argparse
from collections.abc import Callable
from time import perf_counter, process_time

from benchmarks.place import server
from letters.tryout import temporary
from letters.workflow.lost_access import confirm_key, new_identity, reset
from letters.workflow.writing import write
from tests.cast import PASSWORD, Cast
from tests.workflow.losing import NEW, heard, signed_in


def main() -> None:
    """Make the letters, lose the keys, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regrant", description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    letters: int = parser.parse_args().letters
    with server() as url:
        for name, where in (("SQLite", None), ("PostgreSQL", url)):
            with temporary.installation(where) as app:
                platform = app.extensions["platform"]()
                _measure(name, Cast(app, platform, platform.clock), letters)


def _measure(name: str, cast: Cast, letters: int) -> None:
    for number in range(letters):
        letter = write.begin_letter(cast.platform, cast.harmed.me, cast.channel(cast.harmed))
        words = f"Letter {number}. " + "Words of a letter. " * 100
        version = write.save(cast.platform, cast.harmed.me, letter, None, words)
        write.submit(cast.platform, cast.harmed.me, letter, version)
    stretch = _took(lambda: cast.platform.stretcher.stretch(PASSWORD, bytes(16)))
    renewed = _took(lambda: new_identity.renew(cast.platform, cast.harmed.me, PASSWORD, NEW))
    reset.reset(cast.platform, reset.ask_reset(cast.platform, cast.first.me, cast.harmed.id, PASSWORD), "harmed", NEW)
    heard(cast, cast.harmed, cast.first)
    waits = confirm_key.awaited(cast.platform, cast.second.me, cast.case, cast.harmed.id)
    assert waits is not None
    granted = _took(lambda: confirm_key.confirm_key(cast.platform, cast.second.me, cast.case, cast.harmed.id, waits.kid,
                                                    PASSWORD, True))
    assert not confirm_key.left_over(cast.platform, cast.second.me, cast.case, cast.harmed.id)
    assert signed_in(cast.platform, "harmed").person == cast.harmed.id
    print(f"{name}, {letters:,} letters: granted again in {granted}, one stretch included; sealed again with new keys, "
          f"with as many drafts, in {renewed}, two stretches included; a stretch alone took {stretch}.", flush=True)


def _took(verb: Callable[[], object]) -> str:
    """The time by the clock and of the processor; a busy machine changes the latter less."""
    begun, worked = perf_counter(), process_time()
    verb()
    return f"{perf_counter() - begun:.2f} s ({process_time() - worked:.2f} s of this process)"


if __name__ == "__main__":
    main()
