"""A spare case key opens for nobody alone: two seals, each bound to case, epoch and supervisor."""

from uuid import uuid4

import pytest

from keys import case_key
from keys.errors import CannotOpen
from keys.identity import Identity
from tests.conftest import random_bytes

CASE, SUPERVISOR = uuid4(), uuid4()


@pytest.fixture
def people() -> tuple[Identity, Identity, Identity]:
    """The case, the supervisor, the release."""
    case, supervisor, release = (Identity(random_bytes(32)) for _ in range(3))
    return case, supervisor, release


def test_it_opens_when_the_outer_seal_is_off(people: tuple[Identity, Identity, Identity]) -> None:
    case, supervisor, release = people
    sealed = case_key.seal_spare(supervisor.recipient, SUPERVISOR, release.recipient, case, CASE, 1)
    inner = case_key.take_outer_seal_off(release, SUPERVISOR, sealed, CASE, 1)
    assert case_key.open_spare(supervisor, SUPERVISOR, inner, CASE, 1).root == case.root


def test_neither_key_alone_opens_it(people: tuple[Identity, Identity, Identity]) -> None:
    case, supervisor, release = people
    sealed = case_key.seal_spare(supervisor.recipient, SUPERVISOR, release.recipient, case, CASE, 1)
    inner = case_key.take_outer_seal_off(release, SUPERVISOR, sealed, CASE, 1)
    for reader, what in ((supervisor, sealed), (release, inner), (case, inner)):
        with pytest.raises(CannotOpen):
            case_key.open_spare(reader, SUPERVISOR, what, CASE, 1)
    with pytest.raises(CannotOpen):
        case_key.take_outer_seal_off(supervisor, SUPERVISOR, sealed, CASE, 1)


@pytest.mark.parametrize("change", ["case", "epoch", "supervisor"])
def test_it_opens_nowhere_else(people: tuple[Identity, Identity, Identity], change: str) -> None:
    case, supervisor, release = people
    sealed = case_key.seal_spare(supervisor.recipient, SUPERVISOR, release.recipient, case, CASE, 1)
    inner = case_key.take_outer_seal_off(release, SUPERVISOR, sealed, CASE, 1)
    where = (uuid4() if change == "case" else CASE, 2 if change == "epoch" else 1)
    who = uuid4() if change == "supervisor" else SUPERVISOR
    with pytest.raises(CannotOpen):
        case_key.take_outer_seal_off(release, who, sealed, *where)
    with pytest.raises(CannotOpen):
        case_key.open_spare(supervisor, who, inner, *where)
