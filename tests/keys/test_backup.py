"""The offline copy of the key file: it opens with its passphrase, whatever a printer and a typist
do, and else not."""

from dataclasses import replace

import pytest

from keys import backup, keyfile
from keys.errors import CannotOpen
from keys.keyfile import Former
from keys.passphrase import Cost
from tests.keys.samples import counting

KEYS = replace(keyfile.make_keys(counting), former=Former((bytes(32),), (bytes(32),), (bytes(32),)))
WORDS, COST = "four quiet words only", Cost(64, 1)


@pytest.fixture(scope="module")
def copy() -> str:
    return backup.seal_copy(KEYS, WORDS, counting, COST)


def test_it_opens_with_its_passphrase_alone(copy: str) -> None:
    assert backup.open_copy(copy, WORDS) == KEYS
    with pytest.raises(CannotOpen):
        backup.open_copy(copy, "four quiet words, only")


def test_it_can_be_typed_from_paper(copy: str) -> None:
    assert max(map(len, copy.splitlines())) <= 71
    first, figures, *groups = copy.splitlines()
    typed = "\r\n".join([first, figures, "", *("  " + line.lower() + " " for line in groups), ""])
    assert backup.open_copy(typed, WORDS) == KEYS


def test_it_says_nothing_of_what_is_in_it(copy: str) -> None:
    for secret in (KEYS.contact, KEYS.lookup, KEYS.pepper, KEYS.release[0].root or b""):
        assert secret.hex() not in copy.lower()


@pytest.mark.parametrize("damage", [
    lambda text: "", lambda text: "rjx1 key backup", lambda text: text.replace("rjx1", "rjx2"),
    lambda text: text[:-20], lambda text: text.replace(" 64 1", " 64 2"),
    lambda text: text.replace(" 64 1", " 8 1"),
    lambda text: text.replace(" 64 1", " 99999999 1"), lambda text: text.replace(" 64 1", " 64 0"),
    lambda text: text.replace(" 64 1", " x 1"), lambda text: text.replace(" 64 1", ""),
    lambda text: text[:-3] + ("A" if text[-3] != "A" else "B") + text[-2:],
    lambda text: text + "1"])
def test_a_damaged_one_is_refused(copy: str, damage) -> None:
    with pytest.raises(CannotOpen):
        backup.open_copy(damage(copy), WORDS)


def test_what_is_no_key_file_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "as_text", lambda keys: "{}")
    with pytest.raises(CannotOpen):
        backup.open_copy(backup.seal_copy(KEYS, WORDS, counting, COST), WORDS)
