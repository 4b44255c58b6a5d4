"""Fixed people, places and words, and one sample of everything that is sealed, signed or attested.

Each ``Kind`` knows how its blob is made, what opens it, and which fields it is bound to: the golden
vectors and the tests of what must not open walk the same table. """

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from uuid import UUID

from keys import box, vouching
from keys.context import PURPOSES, Field, context
from keys.errors import CannotOpen
from keys.identity import Identity
from keys.letter import (
    Decision,
    Place,
    ReleaseStatement,
    grant_to_case,
    grant_to_person,
    open_case_grant,
    open_letter,
    open_own_grant,
    seal_letter,
    seal_release,
    sign_decision,
    sign_statement,
    take_outer_seal_off,
    verify_decision,
    verify_statement,
)
from keys.notes import (
    NotedVersion,
    NotePlace,
    open_content_note,
    open_note,
    seal_content_note,
    seal_note,
)

Fields = dict[str, Any]

WORDS = "I took your bicycle, and with it your way to work. É 🕊"
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
AUTHOR, READER, RELEASE, STRANGER = (Identity(bytes([number]) * 32) for number in range(1, 5))
WRITER = UUID(int=0x77)


def counting(number: int) -> bytes:
    """Randomness that is none: 0, 1, 2 …"""
    return bytes(i % 256 for i in range(number))


def example(purpose: str) -> Fields:
    """A value for each field of a purpose, no two of them alike."""
    kinds = {UUID: lambda i: UUID(bytes=bytes([i]) * 16), int: lambda i: i,
             bytes: lambda i: bytes([i]) * 32, str: lambda i: f"word {i}"}
    return {name: kinds[kind](i) for i, (name, kind) in enumerate(PURPOSES[purpose], 1)}


def changed(value: Field) -> Field:
    """The same value, all but."""
    match value:
        case UUID():
            return UUID(int=value.int ^ 1)
        case int():
            return value + 1
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case str():
            return value + "x"


@dataclass(frozen=True)
class Kind:
    """One kind of blob: ``make(fields)``, ``open(blob, key, fields)``, and what is inside."""

    purpose: str
    key: Any
    wrong_key: Any
    inside: Any
    make: Callable[[Fields], bytes]
    open: Callable[[bytes, Any, Fields], Any]
    same_each_time: bool = True
    bound_to: tuple[str, ...] = ()

    @property
    def fields(self) -> Fields:
        """What the sample is bound to."""
        known = example(self.purpose)
        return {name: known[name] for name in self.bound_to or known}


def _boxed(purpose: str, block: int = 1) -> Kind:
    def make(f: Fields) -> bytes:
        return box.seal(KEY, context(purpose, **f), WORDS.encode(), counting, block)
    return Kind(purpose, KEY, OTHER_KEY, WORDS.encode(), make,
                lambda blob, key, f: box.open_box(key, context(purpose, **f), blob))


def _sealed(purpose: str) -> Kind:
    return Kind(purpose, READER, STRANGER, KEY,
                lambda f: READER.recipient.seal(KEY, context(purpose, **f)),
                lambda blob, who, f: who.open(blob, context(purpose, **f)), same_each_time=False)


def _attested(purpose: str) -> Kind:
    return Kind(purpose, KEY, OTHER_KEY, None, lambda f: vouching.attest(KEY, purpose, **f),
                lambda blob, key, f: vouching.require(key, blob, purpose, **f))


def _stated(purpose: str) -> Kind:
    return _signed(purpose, make=lambda f: vouching.sign(READER, purpose, **f),
                   open=lambda blob, who, f: vouching.verify(who, blob, purpose, **f))


_hpke = partial(Kind, key=READER, wrong_key=STRANGER, same_each_time=False)
_signed = partial(Kind, key=READER.verifier, wrong_key=STRANGER.verifier, inside=None)

BOXED = {
    "name": _boxed("name", box.NAME_BLOCK),
    "session": _boxed("session"),
    "root by password": _boxed("root by password"),
    "root by password and factor": _boxed("root by password and factor"),
    "root by recovery": _boxed("root by recovery"),
    "second factor": _boxed("second factor"),
    "pin": _boxed("pin"),
    "profile": _boxed("profile", box.NOTE_BLOCK),
    "weight": _boxed("weight"),
    "tally": _boxed("tally", box.NOTE_BLOCK),
    "names list": _boxed("names list", box.NOTE_BLOCK),
    "contact way": _boxed("contact way", box.NOTE_BLOCK),
    "content note": Kind(
        "content note",
        KEY,
        OTHER_KEY,
        WORDS,
        lambda f: seal_content_note(WORDS, NotedVersion(**f), AUTHOR, KEY, counting),
        lambda blob, key, f: open_content_note(blob, NotedVersion(**f), AUTHOR.verifier, key),
    ),
    "audit key": _boxed("audit key"),
    "key backup": _boxed("key backup"),
    "body": Kind(
        "body",
        KEY,
        OTHER_KEY,
        WORDS,
        lambda f: seal_letter(WORDS, Place(**f), AUTHOR, KEY, counting),
        lambda blob, key, f: open_letter(blob, Place(**f), key, AUTHOR.verifier),
    ),
}
SEALED = {
    "case key": _sealed("case key"),
    "kept save": _sealed("kept save"),
    "unsent": _sealed("unsent"),
    "never sent": _sealed("never sent"),
    "spare case key": _sealed("spare case key"),
    "findings": _sealed("findings"),
    "feedback": _sealed("feedback"),
    "hand-over note": _sealed("hand-over note"),
    "grant to a person": _hpke(
        "letter key", inside=KEY, bound_to=("version", "reader"),
        make=lambda f: grant_to_person(READER.recipient, f["reader"], KEY, f["version"]),
        open=lambda blob, who, f: open_own_grant(who, f["reader"], blob, f["version"])),
    "grant to a case": _hpke(
        "letter key", inside=KEY, bound_to=("version", "reader", "epoch"),
        make=lambda f: grant_to_case(READER.recipient, f["reader"], f["epoch"], KEY, f["version"]),
        open=lambda blob, who, f: open_case_grant(who, f["reader"], f["epoch"], blob,
                                                  f["version"])),
    "sealed release": _hpke(
        "sealed release", key=RELEASE, inside=KEY,
        make=lambda f: seal_release(READER.recipient, f["recipient"], RELEASE.recipient, KEY,
                                    f["version"]),
        open=lambda blob, who, f: open_own_grant(
            READER, f["recipient"], take_outer_seal_off(who, f["recipient"], blob, f["version"]),
            f["version"])),
    "note": _hpke(
        "note", inside=WORDS,
        make=lambda f: seal_note(WORDS, NotePlace(**f), WRITER, AUTHOR, READER.recipient),
        open=lambda blob, who, f: open_note(blob, NotePlace(**f), WRITER, AUTHOR.verifier, who)),
}
SIGNED = {
    "decision": _signed(
        "decision",
        make=lambda f: sign_decision(READER, Decision(**f)),
        open=lambda blob, who, f: verify_decision(who, Decision(**f), blob),
    ),
    "release statement": _signed(
        "release statement",
        make=lambda f: sign_statement(READER, ReleaseStatement(**f)),
        open=lambda blob, who, f: verify_statement(who, ReleaseStatement(**f), blob),
    ),
    "key confirmation": _stated("key confirmation"),
    "roster": _stated("roster"),
    "emergency access seconded": _stated("emergency access seconded"),
}
ATTESTED = {purpose: _attested(purpose) for purpose in (
    "installation", "generation", "state entry",
    "person", "public key", "invitation", "participant", "channel", "member", "screening", "audit",
    "audit with detail",
    "supervised window", "reset", "asked", "emergency access", "feedback given")}

KINDS = BOXED | SEALED | SIGNED | ATTESTED
INSIDE_OTHERS = {"letter", "note words", "content note words", "version handed in",
                 "decision made", "release sealed", "ways in", "feedback form"}
"""The purposes of signatures that lie inside a body or a note, which test_letter, test_note and
test_content_note try, of what is hashed into the detail of a fact, and of a form's number."""


@cache
def blob(name: str) -> bytes:
    """The sample of this kind, made once a run."""
    return KINDS[name].make(KINDS[name].fields)


def opens(name: str, altered: bytes, fields: Fields | None = None) -> bool:
    """Whether this opens as the kind, bound to these fields; anything but ``CannotOpen`` is raised
    on."""
    try:
        KINDS[name].open(altered, KINDS[name].key, KINDS[name].fields if fields is None else fields)
    except CannotOpen:
        return False
    return True
