"""What holds a secret never shows it: not when printed, not when something fails."""

from typing import Any

import pytest

from keys import box, errors, keyfile
from keys.errors import CannotOpen, KeysError
from keys.identity import Identity
from keys.keyfile import KeyFile, ReleaseKey
from keys.passphrase import Cost, Stretched, Stretcher
from keys.session import SessionKeys
from tests.keys.samples import AUTHOR, KINDS, blob, counting

SECRET = b"-a secret of thirty-two letters-"
HOLDERS = {
    "identity": Identity(SECRET),
    "box": box.prepare(SECRET, b"here", lambda _: SECRET),
    "prepared": box.OpenBox(SECRET, SECRET, SECRET, SECRET),
    "stretched": Stretched(SECRET, SECRET),
    "stretcher": Stretcher(SECRET, Cost()),
    "session": SessionKeys(SECRET, SECRET),
    "release key": ReleaseKey(AUTHOR.recipient.public, SECRET),
    "key file": keyfile.make_keys(lambda number: SECRET[:number]),
    "web's key file": keyfile.make_keys(lambda number: SECRET[:number]).for_web(),
}


def spellings(secret: bytes) -> set[str]:
    return {secret.decode(), secret.hex(), repr(secret), repr(secret)[2:-1], str(list(secret))}


@pytest.mark.parametrize("name", HOLDERS)
@pytest.mark.parametrize("show", [repr, str, "{}".format, lambda holder: repr([holder])])
def test_a_holder_of_secrets_shows_none(name: str, show: Any) -> None:
    shown = show(HOLDERS[name])
    assert not [spelling for spelling in spellings(SECRET) if spelling in shown]


def test_every_field_of_the_key_file_is_hidden() -> None:
    keys: KeyFile = keyfile.make_keys(counting)
    assert not [byte for byte in (keys.contact, keys.pepper, keys.audit, keys.forms)
                if byte.hex() in repr(keys)]


def test_an_identity_is_shown_by_the_head_of_its_kid() -> None:
    assert repr(AUTHOR) == f"<Identity {AUTHOR.kid.hex()[:8]}>"


@pytest.mark.parametrize("name", KINDS)
def test_what_does_not_open_does_not_say_why(name: str) -> None:
    kind = KINDS[name]
    with pytest.raises(CannotOpen) as refused:
        kind.open(blob(name), kind.wrong_key, kind.fields)
    assert (refused.value.args, refused.value.__cause__, str(refused.value)) == ((), None, "")
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_every_error_is_of_one_tree() -> None:
    found = {each for each in vars(errors).values() if isinstance(each, type)}
    assert found and all(issubclass(each, KeysError) for each in found)
