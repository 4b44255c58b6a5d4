"""Passkeys as a second factor. A passkey is bound to the site that it was made for, a challenge to
one session.

The challenge travels in the signed forms cookie, with the session that it was made for. A half
session that took the second step is gone, so an answer cannot be given twice.
"""

import json
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from letters.rules.errors import NotAcceptable, NotPossibleNow, SecondStepRefused
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.workflow.accounts import factors, second_factor, sign_in, throttle
from letters.workflow.accounts.factors import Factor, FactorKind, factors_of
from letters.workflow.accounts.second_factor import Added
from letters.workflow.accounts.sign_in_steps import Halfway
from letters.workflow.platform import Platform, SignedIn


@dataclass(frozen=True)
class Site:
    """This site: the relying party's id, the origins that a browser may name, the service's neutral
    word."""

    host: str
    origins: tuple[str, ...]
    service: str


@dataclass(frozen=True)
class PasskeyChallenge:
    """The question to the browser, as JSON, and the challenge in it."""

    options: str
    challenge: bytes


def offer(platform: Platform, me: SignedIn, site: Site) -> PasskeyChallenge:
    """The options with which a browser makes a passkey. Its name tells nothing to people who see it
    on the device."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    challenge = platform.random(32)
    options = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=site.service, user_name=site.service, user_id=platform.random(32),
        challenge=challenge,
        exclude_credentials=_known(second_factor.own_factors(platform, me), site),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED))
    return PasskeyChallenge(webauthn.options_to_json(options), challenge)


def add(platform: Platform, me: SignedIn, password: str, site: Site, challenge: bytes,
        answer: str) -> Added:
    """Set up a passkey. Raises ``NeedsPassword``, ``NotAcceptable`` or ``NotPossibleNow``."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    stretched = sign_in.confirm(platform, me, password)
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=list(site.origins))
    except Exception:  # any error of the library or a decoder: no passkey of this site
        raise NotAcceptable("", marked("The passkey could not be made. Please try again, or use "
                                       "an app.")) from None
    held = second_factor.own_factors(platform, me)
    if any(_content(factor)["id"] == made.credential_id.hex() for factor in held
           if factor.kind is FactorKind.PASSKEY):
        raise NotPossibleNow("this passkey is known")
    secret = json.dumps({"site": site.host, "id": made.credential_id.hex(),
                         "key": made.credential_public_key.hex()})
    return second_factor.add_factor(
        platform, me, stretched, FactorKind.PASSKEY, platform.new_id(), secret.encode(),
        made.sign_count
    )


def ask(platform: Platform, half: Halfway, site: Site) -> PasskeyChallenge | None:
    """The options with which a browser uses one of this person's passkeys, or None without one for
    this site."""
    known = _known(second_factor.own_factors(platform, half.me), site)
    if not known:
        return None
    challenge = platform.random(32)
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=known,
        user_verification=UserVerificationRequirement.PREFERRED)
    return PasskeyChallenge(webauthn.options_to_json(options), challenge)


def pass_with_passkey(platform: Platform, half: Halfway, site: Site, challenge: bytes, answer: str,
                      address: str = "") -> bytes:
    """Take the second step with a passkey.
    Raises ``SecondStepRefused`` or ``SignInRefused``, as for a code.
    Returns the full session's token."""
    second_factor.take_a_try(platform, half, address)
    with platform.writing() as db:
        held = factors_of(platform, db, factors.locked(db, half.me.person))
        for factor in held:
            if factor.kind is FactorKind.PASSKEY:
                count = _verified(factor, site, challenge, answer)
                if count is not None and second_factor.used_once(db, factor.row, count, platform):
                    throttle.succeeded(db, second_factor.tries_of(platform, half.me.person))
                    return sign_in.go_on(platform, db, half.me)
        raise SecondStepRefused


def _verified(factor: Factor, site: Site, challenge: bytes, answer: str) -> int | None:
    """The passkey's new count if this is its answer, else None."""
    content = _content(factor)
    try:
        done = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=content["site"],
            expected_origin=list(site.origins), credential_public_key=bytes.fromhex(content["key"]),
            credential_current_sign_count=factor.row.counter)
    except Exception:  # the library's errors, or a decoder's: in any case it does not verify
        return None
    known = done.credential_id.hex() == content["id"] and content["site"] == site.host
    return done.new_sign_count if known else None


def _known(held: list[Factor], site: Site) -> list[PublicKeyCredentialDescriptor]:
    known = [_content(factor) for factor in held if factor.kind is FactorKind.PASSKEY]
    return [PublicKeyCredentialDescriptor(id=bytes.fromhex(one["id"])) for one in known
            if one["site"] == site.host]


def _content(factor: Factor) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(factor.secret)
    return content
