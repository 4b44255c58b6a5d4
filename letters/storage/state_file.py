"""The state file: a witness outside the database that remembers how far the database was.

Whoever puts the database back to an earlier state, by theft or by a restore, cannot put this file
back with it. Entries are appended and never changed: one line each, with a MAC over itself and the
line before. When there are many more than what they say, one summary takes their place. Every
operation opens the file afresh, so that threads and processes, forked or not, can all write.

A line cut short by a crash was never relied upon: the next append removes it.
"""

import fcntl
import hmac
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from keys.vouching import attest
from letters.rules.errors import Unwitnessed
from letters.rules.translatable import marked

MISSING = marked("The state file is missing.")
EXPOSED = marked("The state file can be read or written by others; make it private with chmod 600.")
DAMAGED = marked("The state file is damaged.")
GENERATION, HEAD, STOPPED, RECALLED, REACHED = ("generation", "head", "stopped", "recalled",
                                                "reached")
ERASED, BROKEN = "erased", "broken"
SPARSE, ENOUGH = 4, 1000
"""The file is compacted once it has so many times more lines than a summary and so many."""


class StateEntry(NamedTuple):
    """One line: a head (of a chain: number and MAC), a stopped case, an erased one, a
    letter taken back or one that reached a person (when, in microseconds), a chain that
    did not hold when something was said on it, or the generation that a confirmed
    restore begins."""

    kind: str
    subject: UUID
    number: int = 0
    value: bytes = b""


class Head(NamedTuple):
    """The newest entry of a chain of the trail."""

    number: int
    mac: bytes


@dataclass
class Known:
    """The sum of all entries. Each generation starts its heads afresh, and the broken chains.
    Stopped and erased cases, and letters taken back or delivered, stay so. It is never changed:
    what comes later is added to a copy."""

    installation: UUID = UUID(int=0)
    generation: int = 0
    heads: dict[UUID, Head] = field(default_factory=dict)
    stopped: set[UUID] = field(default_factory=set)
    erased: set[UUID] = field(default_factory=set)
    recalled: dict[UUID, int] = field(default_factory=dict)
    reached: dict[UUID, int] = field(default_factory=dict)
    broken: set[UUID] = field(default_factory=set)

    def copy(self) -> "Known":
        """The same, to which more can be added."""
        return Known(self.installation, self.generation, self.heads.copy(), self.stopped.copy(),
                     self.erased.copy(), self.recalled.copy(), self.reached.copy(),
                     self.broken.copy())

    @property
    def size(self) -> int:
        """The number of entries that say the same."""
        return 1 + sum(map(len, (self.heads, self.stopped, self.erased, self.recalled, self.reached,
                                 self.broken)))

    def entries(self) -> Iterator[StateEntry]:
        """The fewest entries that say the same."""
        yield StateEntry(GENERATION, self.installation, self.generation)
        for chain, head in self.heads.items():
            yield StateEntry(HEAD, chain, head.number, head.mac)
        for kind, subjects in ((STOPPED, self.stopped), (ERASED, self.erased),
                               (BROKEN, self.broken)):
            yield from (StateEntry(kind, subject) for subject in subjects)
        for kind, moments in ((RECALLED, self.recalled), (REACHED, self.reached)):
            yield from (StateEntry(kind, subject, at) for subject, at in moments.items())

    def learn(self, entry: StateEntry) -> None:
        """Add one more entry."""
        kind, subject, number, value = entry
        if kind == HEAD:
            if subject not in self.heads or self.heads[subject].number < number:
                self.heads[subject] = Head(number, value)
        elif kind == STOPPED:
            self.stopped.add(subject)
        elif kind == ERASED:
            self.erased.add(subject)
        elif kind == BROKEN:
            self.broken.add(subject)
        elif kind in (RECALLED, REACHED):
            marks = self.recalled if kind == RECALLED else self.reached
            marks[subject] = max(number, marks.get(subject, 0))
        else:
            self.installation, self.generation = subject, number
            self.heads, self.broken = {}, set()


class StateFile:
    """The state file at a path, written under a key of the key file.

    Whoever writes holds a lock of the operating system. Whoever reads waits for nobody: lines are
    only added, and one that is not finished does not count yet.
    """

    def __init__(self, path: Path, key: bytes, enough: int = ENOUGH) -> None:
        self.path, self._key, self._enough = path, key, enough
        self._lock, self._writing = Lock(), Lock()
        self.unsound: dict[UUID, Head] = {}  # chains that did not verify at that moment
        self._forget()

    def known(self) -> Known:
        """What the file says now.
        Raises ``Unwitnessed`` if it is missing, damaged or open to others."""
        with self._lock:
            with suppress(OSError):
                if self._sound and _signature(self.path.lstat()) == self._read_at:
                    return self._known
            with self._open() as file:
                self._read(file)
                return self._known

    def note(self, entries: list[StateEntry], durable: bool = True) -> None:
        """Append entries. ``durable``: they are on the disk when this returns.
        Raises ``Unwitnessed`` if the file is not sound, ``OSError`` if it cannot be written."""
        with self._writing, self._locked() as file:
            with self._lock:
                self._read(file)
                lines, end = _chained(self._key, entries, self._last), self._end
                known, count = self._known, self._lines
            os.ftruncate(file, end)
            _write(file, lines)
            if durable:
                os.fsync(file)
            if count > SPARSE * (known.size + self._enough):
                self._compact(file)

    def begin(self, installation: UUID, generation: int) -> None:
        """Make the file, if there is none."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        first = StateEntry(GENERATION, installation, generation)
        with self._draft([first]) as draft:
            try:
                os.link(draft, self.path)
            except FileExistsError:
                return
        self._keep_folder()

    def set_aside(self) -> Known:
        """Rename a damaged file. Returns the entries of its sound beginning."""
        with self._lock:
            self._forget()
            aside = self.path.with_name(f"{self.path.name}.damaged-{os.urandom(4).hex()}")
            self.path.replace(aside)
            with suppress(Unwitnessed):  # as far as it goes
                self._fold(aside.read_bytes())
            sound = self._known
            self._forget()
            return sound

    def _forget(self) -> None:
        self._known, self._end, self._last, self._sound = Known(), 0, b"", True
        self._ending, self._lines = b"", 0  # the last line that was read, and how many there were
        self._read_at: tuple[int, ...] = ()

    def _compact(self, file: int) -> None:
        """Put one summary in the place of all entries. The file is locked; who waits for it finds
        that it is another one now."""
        with self._lock:
            self._read(file)
            summary = list(self._known.entries())
        with self._draft(summary) as draft:
            draft.replace(self.path)
            self._keep_folder()

    @contextmanager
    def _draft(self, entries: list[StateEntry]) -> Iterator[Path]:
        """A file of the same folder with these entries, on the disk."""
        with NamedTemporaryFile(dir=self.path.parent, prefix=f".{self.path.name}.",
                                delete=False) as draft:
            draft.write(_chained(self._key, entries, b""))
            draft.flush()
            os.fsync(draft.fileno())
        try:
            yield Path(draft.name)
        finally:
            Path(draft.name).unlink(missing_ok=True)

    def _keep_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The file at the path, once nobody else writes to it."""
        while True:
            with self._open() as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                try:
                    if os.fstat(file).st_ino != self.path.lstat().st_ino:
                        continue
                except FileNotFoundError:
                    raise Unwitnessed(MISSING) from None
                yield file
                return

    @contextmanager
    def _open(self) -> Iterator[int]:
        try:
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise Unwitnessed(MISSING) from None
        except OSError:
            raise Unwitnessed(DAMAGED) from None
        try:
            mode = os.fstat(file).st_mode
            if not stat.S_ISREG(mode):
                raise Unwitnessed(DAMAGED)
            if mode & 0o077:
                raise Unwitnessed(EXPOSED)
            yield file
        finally:
            os.close(file)

    def _read(self, file: int) -> None:
        """Read what was appended since the last time; read all of it if this is another file."""
        ending, stands = self._ending, _signature(os.fstat(file))
        if not self._sound or os.pread(file, len(ending), self._end - len(ending)) != ending:
            self._forget()
        more: list[bytes] = []
        while piece := os.pread(file, 1 << 20, self._end + sum(map(len, more))):
            more.append(piece)
        self._fold(b"".join(more))
        if not self._known.generation:
            raise Unwitnessed(DAMAGED)
        self._read_at = stands  # from before: what is added meanwhile makes it another

    def _fold(self, more: bytes) -> None:
        lines = more[:more.rfind(b"\n") + 1].splitlines(keepends=True)
        known = self._known.copy() if lines else self._known
        try:
            for line in lines:
                kind, subject, number, value, mac = line.decode("ascii").split(" ")
                entry, written = (
                    StateEntry(kind, UUID(subject), int(number), bytes.fromhex(value[1:])),
                    bytes.fromhex(mac),
                )
                if not hmac.compare_digest(written, _mac(self._key, entry, self._last)):
                    raise ValueError
                known.learn(entry)
                self._end, self._last, self._ending = self._end + len(line), written, line
                self._lines += 1
        except (ValueError, OverflowError):
            self._sound = False  # the next read begins at the start, and refuses it again
            raise Unwitnessed(DAMAGED) from None
        finally:
            self._known = known


def _signature(found: os.stat_result) -> tuple[int, ...]:
    """What changes when a file is written to or replaced, or its rights are."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode


def _chained(key: bytes, entries: list[StateEntry], last: bytes) -> bytes:
    """The lines of these entries, each with a MAC over itself and the line before."""
    lines = list[bytes]()
    for entry in entries:
        last = _mac(key, entry, last)
        lines.append(_line(entry, last))
    return b"".join(lines)


def _mac(key: bytes, entry: StateEntry, before: bytes) -> bytes:
    return attest(key, "state entry", **entry._asdict(), before=before)


def _line(entry: StateEntry, mac: bytes) -> bytes:
    return f"{entry.kind} {entry.subject} {entry.number} x{entry.value.hex()} {mac.hex()}\n".encode(
        "ascii"
    )


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content):]
