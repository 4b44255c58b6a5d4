"""Passkeys at the second step: bound to person, site and challenge, and never the same answer
twice."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from letters.rules.errors import (
    NeedsPassword,
    NotAcceptable,
    NotPossibleNow,
    SecondStepRefused,
    SignInRefused,
    Tampered,
)
from letters.storage.tables.accounts import SecondFactor
from letters.workflow.accounts import passkeys, second_factor, sign_in
from letters.workflow.accounts.passkeys import Site
from letters.workflow.accounts.sign_in_steps import Halfway
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player, can_only_stop
from tests.workflow.authenticator import Authenticator

HERE = Site("letters.example", ("https://letters.example",), "Messages")
ELSEWHERE = Site("evil.example", ("https://evil.example",), "Messages")


def a_key(site: Site = HERE) -> Authenticator:
    return Authenticator(site.host, site.origins[0])


def registered(cast: Cast, player: Player, site: Site = HERE) -> Authenticator:
    """A passkey that this player has set up."""
    key, asked = a_key(site), passkeys.offer(cast.platform, player.me, site)
    passkeys.add(cast.platform, player.me, PASSWORD, site, asked.challenge,
                 key.make(asked.challenge))
    return key


def half_of(cast: Cast, name: str) -> Halfway:
    half = sign_in.halfway(cast.platform, sign_in.sign_in(cast.platform, name, PASSWORD))
    assert half is not None
    return half


def asked(cast: Cast, half: Halfway, site: Site = HERE) -> bytes:
    found = passkeys.ask(cast.platform, half, site)
    assert found is not None
    return found.challenge


def test_a_passkey_takes_the_second_step(cast: Cast) -> None:
    key = registered(cast, cast.harmed)
    for _ in range(2):
        half = half_of(cast, "harmed")
        challenge = asked(cast, half)
        token = passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, key.use(challenge))
        assert sign_in.who_is(cast.platform, token) is not None


def test_a_passkey_that_does_not_count_works_too(cast: Cast) -> None:
    key = registered(cast, cast.harmed)
    for _ in range(2):
        half, key.count = half_of(cast, "harmed"), -1
        challenge = asked(cast, half)
        passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, key.use(challenge))


def test_an_answer_cannot_be_given_twice(cast: Cast) -> None:
    key, half = registered(cast, cast.harmed), half_of(cast, "harmed")
    challenge = asked(cast, half)
    answer = key.use(challenge)
    passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, answer)
    with pytest.raises(SignInRefused):
        passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, answer)
    with pytest.raises(SecondStepRefused):  # the count has moved on
        passkeys.pass_with_passkey(cast.platform, half_of(cast, "harmed"), HERE, challenge, answer)


def test_a_cloned_passkey_whose_count_goes_back_is_refused(cast: Cast) -> None:
    key = registered(cast, cast.harmed)
    clone = replace(key)
    for _ in range(3):
        half = half_of(cast, "harmed")
        challenge = asked(cast, half)
        passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, key.use(challenge))
    half = half_of(cast, "harmed")
    challenge = asked(cast, half)
    with pytest.raises(SecondStepRefused):
        passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, clone.use(challenge))


def test_answers_that_do_not_fit_are_refused_and_counted(cast: Cast) -> None:
    key, half = registered(cast, cast.harmed), half_of(cast, "harmed")
    challenge = asked(cast, half)
    for answer in ("", "{}", a_key().use(challenge), key.use(bytes(32)),
                   replace(key, origin="https://evil.example").use(challenge)):
        with pytest.raises(SecondStepRefused):
            passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, answer)
        cast.clock.advance(seconds=10)
    with pytest.raises(SignInRefused):
        passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, key.use(challenge))


def test_a_passkey_of_another_site_is_not_asked_for_and_not_taken(cast: Cast) -> None:
    key, half = registered(cast, cast.harmed, ELSEWHERE), half_of(cast, "harmed")
    assert passkeys.ask(cast.platform, half, HERE) is None
    with pytest.raises(SecondStepRefused):
        passkeys.pass_with_passkey(cast.platform, half, HERE, bytes(32), key.use(bytes(32)))


def test_a_passkey_of_somebody_else_is_nothing(cast: Cast) -> None:
    registered(cast, cast.harmed)
    others, half = registered(cast, cast.responsible), half_of(cast, "harmed")
    challenge = asked(cast, half)
    with pytest.raises(SecondStepRefused):
        passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, others.use(challenge))


def test_setting_one_up_asks_for_the_password_and_a_right_answer(cast: Cast) -> None:
    key, challenge = a_key(), passkeys.offer(cast.platform, cast.harmed.me, HERE).challenge
    with pytest.raises(NeedsPassword):
        passkeys.add(cast.platform, cast.harmed.me, "not the password", HERE, challenge,
                     key.make(challenge))
    for answer in ("", "{}", "[]", key.make(bytes(32)), key.use(challenge),
                   a_key(ELSEWHERE).make(challenge)):
        with pytest.raises(NotAcceptable):
            passkeys.add(cast.platform, cast.harmed.me, PASSWORD, HERE, challenge, answer)
    assert second_factor.own_factors(cast.platform, cast.harmed.me) == []


def test_the_same_passkey_is_not_set_up_twice(cast: Cast) -> None:
    key = registered(cast, cast.harmed)
    offered = passkeys.offer(cast.platform, cast.harmed.me, HERE)
    assert "excludeCredentials" in offered.options
    with pytest.raises(NotPossibleNow):
        passkeys.add(cast.platform, cast.harmed.me, PASSWORD, HERE, offered.challenge,
                     key.make(offered.challenge))


def test_what_a_device_lists_tells_nothing(cast: Cast) -> None:
    options = passkeys.offer(cast.platform, cast.harmed.me, HERE).options
    assert ("Hanna" not in options and cast.harmed.id.hex not in options
            and str(cast.harmed.id) not in options)
    assert '"residentKey": "discouraged"' in options


def test_a_passkey_row_of_an_attacker_is_found_out(cast: Cast, attacker: Attacker) -> None:
    registered(cast, cast.harmed)
    key = registered(cast, cast.responsible)
    (theirs,) = attacker.rows(SecondFactor, SecondFactor.person_id == cast.responsible.id,
                              SecondFactor.kind == "passkey")
    half = half_of(cast, "harmed")
    challenge = asked(cast, half)
    mine = (SecondFactor.person_id == cast.harmed.id, SecondFactor.kind == "passkey")
    attacker.run(update(SecondFactor).where(*mine).values(secret=theirs["secret"]))
    with pytest.raises(Tampered):
        passkeys.pass_with_passkey(cast.platform, half, HERE, challenge, key.use(challenge))
    attacker.run(delete(SecondFactor).where(*mine))
    assert can_only_stop(cast, "harmed")
