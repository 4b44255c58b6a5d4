"""The key file: made once, private, refused when it is damaged or others can read it."""

import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from keys import keyfile
from keys.box import seal
from keys.context import context
from keys.errors import CannotOpen, KeyFileDamaged, KeyFileExposed, KeyFileMissing, KeysError
from keys.identity import Identity
from keys.keyfile import Former, KeyFile, ReleaseKey
from keys.vouching import attest
from tests.keys.samples import counting

KEYS = keyfile.make_keys(counting)
OLD = Identity(bytes([8]) * 32)
RING = replace(KEYS, release=(ReleaseKey(OLD.recipient.public, OLD.root), *KEYS.release))

JSON = st.recursive(st.none() | st.booleans() | st.integers(-9**9, 9**9) | st.floats()
                    | st.text(max_size=70),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=9), inner, max_size=3))
PLACES = [("format",), ("installation",), ("release",), ("release", 0), ("release", 0, "public"),
          ("release", 0, "root"), ("contact",), ("lookup",), ("directory",), ("pepper",)]
in_one_folder = settings(suppress_health_check=[*HealthCheck])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file, made by the program."""
    keyfile.write(tmp_path / "keys.json", KEYS)
    return tmp_path / "keys.json"


@pytest.mark.parametrize("keys", [KEYS, RING, KEYS.for_web(), RING.for_web()],
                         ids=["one", "ring", "web", "web ring"])
def test_it_is_read_as_it_was_written(tmp_path: Path, keys: KeyFile) -> None:
    keyfile.write(tmp_path / "deep" / "er" / "keys.json", keys)
    assert keyfile.read(tmp_path / "deep" / "er" / "keys.json") == keys
    assert os.listdir(tmp_path / "deep" / "er") == ["keys.json"]


def test_fresh_keys_are_fresh() -> None:
    one, other = keyfile.make_keys(os.urandom), keyfile.make_keys(os.urandom)
    secrets = [getattr(keys, name) for keys in (one, other)
               for name in ("contact", "lookup", "directory", "pepper")]
    secrets += [keys.release[0].root
                for keys in (one, other)] + [one.audit, one.forms, other.audit, other.forms]
    secrets += [one.second_factor, other.second_factor]
    assert len({*secrets}) == len(secrets) and {len(secret) for secret in secrets} == {32}
    assert one.installation != other.installation


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_it_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        keyfile.write(tmp_path / "own" / "keys.json", KEYS)
    finally:
        os.umask(before)
    assert (tmp_path / "own" / "keys.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "own").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("mode", [0o600 | 1 << bit for bit in range(6)], ids=oct)
def test_it_is_refused_when_others_can_read_it_or_write_to_it(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(KeyFileExposed, match="chmod 600"):
        keyfile.read(path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_it_is_read_when_it_is_private(path: Path, mode: int) -> None:
    path.chmod(mode)
    assert keyfile.read(path) == KEYS


def test_it_may_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing):
        keyfile.read(tmp_path / "keys.json")


def test_what_is_no_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(KeyFileDamaged, match="cannot be read"):
        keyfile.read(tmp_path)


def test_it_is_never_written_over(path: Path) -> None:
    with pytest.raises(FileExistsError):
        keyfile.write(path, RING)
    assert keyfile.read(path) == KEYS
    assert os.listdir(path.parent) == ["keys.json"]


def test_it_is_not_written_over_after_a_crash_either(path: Path) -> None:
    os.link(path, path.with_name("keys.json.new"))
    with pytest.raises(FileExistsError):
        keyfile.write(path, RING)
    assert keyfile.read(path) == KEYS


def test_a_draft_that_a_crash_left_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "keys.json.new").write_text("{")
    keyfile.write(tmp_path / "keys.json", KEYS)
    assert keyfile.read(tmp_path / "keys.json") == KEYS


def test_a_draft_never_follows_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "keys.json.new").symlink_to(elsewhere)
    with suppress(OSError):
        keyfile.write(tmp_path / "keys.json", KEYS)
    assert not elsewhere.exists()


@in_one_folder
@example(("release",), [])
@given(st.sampled_from(PLACES), JSON)
def test_no_value_can_be_another(path: Path, place: tuple[Any, ...], value: Any) -> None:
    assume((place[-1], value) != ("root", None))  # which is what the web process's copy says
    data, inner = at(path, place)
    inner[place[-1]] = value
    refuses(path, json.dumps(data).encode())


@in_one_folder
@given(st.sampled_from([place for place in PLACES if isinstance(place[-1], str)]))
def test_no_value_can_be_left_out(path: Path, place: tuple[Any, ...]) -> None:
    data, inner = at(path, place)
    del inner[place[-1]]
    refuses(path, json.dumps(data).encode())


@in_one_folder
@given(JSON.map(json.dumps).map(str.encode) | st.binary(max_size=99))
def test_no_other_file_will_do(path: Path, content: bytes) -> None:
    refuses(path, content)


@in_one_folder
@given(st.data())
def test_it_cannot_be_cut_short(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    refuses(path, whole[:data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("key", ["contact", "lookup", "directory", "pepper", "root"])
@pytest.mark.parametrize("written", ["", "00" * 31, "00" * 33, "zz" * 32])
def test_a_key_has_32_bytes(path: Path, key: str, written: str) -> None:
    data, inner = at(path, ("release", 0, key) if key == "root" else (key,))
    inner[key] = written
    refuses(path, json.dumps(data).encode())


def test_it_cannot_be_nested_without_end(path: Path) -> None:
    refuses(path, b"[" * 200_000)


def test_the_halves_of_a_release_key_belong_together(path: Path) -> None:
    data, key = at(path, ("release", 0, "root"))
    key["root"] = OLD.root.hex()
    refuses(path, json.dumps(data).encode())


def test_the_newest_release_key_seals_and_every_one_opens() -> None:
    newest = KEYS.release[0].recipient.kid
    assert RING.sealing_release.kid == newest
    assert RING.release_identity(newest).kid == newest
    assert RING.release_identity(OLD.kid).root == OLD.root
    assert RING.can_release
    with pytest.raises(CannotOpen):
        RING.release_identity(bytes(32))


def test_the_web_process_can_seal_a_release_but_not_release() -> None:
    web = RING.for_web()
    assert web.sealing_release.kid == RING.sealing_release.kid
    assert not web.can_release
    for key in RING.release:
        with pytest.raises(CannotOpen):
            web.release_identity(key.recipient.kid)
    assert {key.root for key in web.release} == {None}
    assert replace(web, release=RING.release) == RING


# rotation

def test_new_keys_seal_and_old_ones_open() -> None:
    old, new = KEYS, KEYS.rotated(os.urandom)
    place = context("name", person=UUID(int=1))
    # the sample's keys are alike
    assert len({new.contact, new.directory, new.audit, old.contact, old.audit}) == 5
    assert (new.lookup, new.pepper) == (old.lookup, old.pepper)
    assert (new.installation, new.state) == (old.installation, old.state)
    assert new.sealing_release.kid != old.sealing_release.kid
    assert new.release_identity(old.sealing_release.kid).root == old.release[0].root
    for keys in (old, new):
        assert new.open_contact(place, seal(keys.contact, place, b"Hanna", counting)) == b"Hanna"
        assert new.open_directory(place, seal(keys.directory, place, b"key", counting)) == b"key"
        new.require(attest(keys.directory, "installation", installation=UUID(int=1)),
                    "installation",
                    installation=UUID(int=1))
    assert new.audit_ring == (old.audit, new.audit)


def test_what_neither_a_new_nor_an_old_key_made_does_not_open() -> None:
    place = context("name", person=UUID(int=1))
    for blob in (seal(bytes(32), place, b"x", counting), b""):
        for opens in (RING.rotated(os.urandom).open_contact,
                      RING.rotated(os.urandom).open_directory):
            with pytest.raises(CannotOpen):
                opens(place, blob)
    with pytest.raises(CannotOpen):
        RING.require(bytes(32), "installation", installation=UUID(int=1))


def test_what_is_forgotten_opens_no_more_but_the_trail_stays_readable() -> None:
    twice = KEYS.rotated(os.urandom).rotated(os.urandom)
    kept = twice.forgetting(frozenset({twice.release[1].recipient.kid}))
    assert kept.release == twice.release[1:] and kept.former == Former(audit=twice.former.audit)
    assert kept.audit_ring == twice.audit_ring and len(kept.audit_ring) == 3
    assert twice.forgetting(frozenset()).release == twice.release[-1:]


@pytest.mark.parametrize("keys", [KEYS.rotated(counting), RING.rotated(counting).for_web()])
def test_a_rotated_one_replaces_the_present_at_one_moment(path: Path, keys: KeyFile) -> None:
    path.with_name(f".{path.name}.next").write_text("{")  # what a crash left
    keyfile.put_in_place(path, keys)
    assert keyfile.read(path) == keys
    assert os.listdir(path.parent) == ["keys.json"] and path.stat().st_mode & 0o777 == 0o600


def test_a_file_from_before_rotations_is_read(path: Path) -> None:
    data, _ = at(path, ())
    del data["former"]
    path.write_text(json.dumps(data))
    assert keyfile.read(path) == KEYS


@pytest.mark.parametrize("former", [[], None, {"contact": []},
                                    {"contact": "00", "directory": [], "audit": []},
                                    {"contact": ["00"], "directory": [], "audit": []}])
def test_former_keys_are_keys(path: Path, former: Any) -> None:
    data, _ = at(path, ())
    refuses(path, json.dumps({**data, "former": former}).encode())


def test_another_secret_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    keyfile.write_new(tmp_path / "first.json", "secret")
    assert (tmp_path / "first.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keyfile.write_new(tmp_path / "first.json", "other")


def at(path: Path, place: tuple[Any, ...]) -> tuple[Any, Any]:
    """What the file says, and the part of it in which this place is."""
    data = inner = json.loads(path.read_text())
    for step in place[:-1]:
        inner = inner[step]
    return data, inner


def refuses(path: Path, content: bytes) -> None:
    """The file is refused in one way, and the error says nothing of what stands in it."""
    copied = path.with_name("altered.json")
    copied.write_bytes(content)
    copied.chmod(0o600)
    with pytest.raises(KeysError) as refused:
        keyfile.read(copied)
    assert type(refused.value) is KeyFileDamaged
    assert str(refused.value) == f"{copied} is not a key file of this program"
