"""The second factor: an app that shows codes, and ten codes on paper. Passkeys are in ``passkeys``.

The purpose under which the root is sealed says whether signing in needs the second step (decision
0014). So turning it on or off seals the root again and needs the password.
"""

import base64
import hmac
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from keys import box
from keys.errors import CannotOpen
from keys.passphrase import Stretched, new_code, normal_code
from keys.vouching import lookup
from letters.rules.errors import (
    NeedsPassword,
    NotAcceptable,
    NotFound,
    NotPossibleNow,
    SecondStepRefused,
    SignInRefused,
)
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.store import changed_one
from letters.storage.tables.accounts import SecondFactor
from letters.storage.tables.letters import Person, SessionRow
from letters.workflow.access.own_keys import root_context
from letters.workflow.accounts import factors, sign_in, throttle
from letters.workflow.accounts.factors import OWN, Factor, FactorKind, factors_of
from letters.workflow.accounts.sign_in_steps import PASSWORD, SET_UP, Halfway
from letters.workflow.platform import Platform, SignedIn

TRIES = 5
"""After this many wrong second steps a half session is over."""
CODES = 10
MOST = 10
"""The most apps and passkeys that one person can have."""
STEP = 30
_DRIFT = 1


@dataclass(frozen=True, repr=False)
class Offered:
    """An app that is being set up. It exists only in the form, boxed, until a code shows that it
    works."""

    factor: UUID
    sealed: bytes
    secret: str


@dataclass(frozen=True, repr=False)
class Added:
    """What comes with a new factor: backup codes with the first one, a token if the session was not
    full yet."""

    codes: list[str]
    token: bytes | None


def own_factors(platform: Platform, me: SignedIn) -> list[Factor]:
    """The factors that this person has set up. Raises ``Tampered`` if they do not hold."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    with platform.reading() as db:
        return factors_of(platform, db, db.get_one(Person, me.person))


def codes_left(held: list[Factor]) -> int:
    """The number of backup codes that are left."""
    return sum(len(factor.secret) // 32 for factor in held if factor.kind is FactorKind.CODES)


def offer_app(platform: Platform, me: SignedIn) -> Offered:
    """A fresh secret for an app."""
    factor, secret = platform.new_id(), platform.random(20)
    sealed = factors.seal(platform, factor, me.person, FactorKind.APP, secret)
    return Offered(factor, sealed, base64.b32encode(secret).decode())


def offered_again(platform: Platform, me: SignedIn, factor: UUID, sealed: bytes) -> Offered:
    """The app that was offered to this person before, from the form.
    Raises ``NotFound`` for anything else."""
    try:
        secret = factors.open_sealed(platform, factor, me.person, FactorKind.APP, sealed)
    except CannotOpen:
        raise NotFound from None
    return Offered(factor, sealed, base64.b32encode(secret).decode())


def address_of(offered: Offered, service: str) -> str:
    """The content of the QR code for the app. It names the service by its neutral word, and no
    person."""
    return pyotp.TOTP(offered.secret).provisioning_uri(name="sign-in", issuer_name=service)


def add_app(platform: Platform, me: SignedIn, password: str, offered: Offered, code: str) -> Added:
    """Set up an app with its first code.
    Raises ``NeedsPassword``, ``NotAcceptable`` or ``NotPossibleNow``."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    secret = base64.b32decode(offered.secret)
    stretched = sign_in.confirm(platform, me, password)
    step = _step(platform, secret, code, after=0)
    if step is None:
        raise NotAcceptable("code", marked("This code does not fit. Please type the one that the "
                                           "app shows now."))
    return add_factor(platform, me, stretched, FactorKind.APP, offered.factor, secret, step)


def add_factor(platform: Platform, me: SignedIn, stretched: Stretched, kind: FactorKind,
               factor: UUID, secret: bytes,
               counter: int) -> Added:
    """Add a factor of one's own. The first one turns the second step on, ends other sessions and
    brings backup codes.
    Raises ``NotPossibleNow`` if there are enough of them, or this one already."""
    with platform.writing() as db:
        person = factors.locked(db, me.person)
        held = factors_of(platform, db, person)
        if sum(other.kind in OWN
               for other in held) >= MOST or any(other.row.id == factor for other in held):
            raise NotPossibleNow("enough of them, or this one already")
        first, codes = not person.second_factor, list[str]()
        factors.add(platform, db, me.person, me.person, kind, factor, secret, counter)
        if first:
            _turn(platform, person, me, stretched, on=True)
            codes = _issue(platform, db, me.person, held)
            db.execute(delete(SessionRow).where(SessionRow.person_id == me.person,
                                                SessionRow.id != me.session))
        session = db.get(SessionRow, me.session)
        half = session is not None and session.stage == SET_UP
        return Added(codes, sign_in.go_on(platform, db, me) if half else None)


def remove(platform: Platform, me: SignedIn, password: str, factor: UUID) -> None:
    """Remove one of one's own factors. With the last one the codes go too, and the second step is
    off.
    Raises ``NotFound`` for anything else, ``NeedsPassword``, and ``NotPossibleNow`` for the last
    factor of somebody in staff, who must add another first."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    stretched = sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        person = factors.locked(db, me.person)
        held = factors_of(platform, db, person)
        own = [other for other in held if other.kind in OWN]
        if factor not in {other.row.id for other in own}:
            raise NotFound
        factors.drop(platform, db, me.person, me.person, factor)
        if len(own) > 1:
            return
        if not me.role.is_participant:
            raise NotPossibleNow("staff keep a second factor")
        for other in held:
            if other.kind is FactorKind.CODES:
                factors.drop(platform, db, me.person, me.person, other.row.id)
        _turn(platform, person, me, stretched, on=False)


def new_codes(platform: Platform, me: SignedIn, password: str) -> list[str]:
    """Ten new backup codes; the earlier ones are void.
    Raises ``NeedsPassword``, and ``NotPossibleNow`` if signing in needs no second step."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        person = factors.locked(db, me.person)
        held = factors_of(platform, db, person)
        if not person.second_factor:
            raise NotPossibleNow("no second factor")
        return _issue(platform, db, me.person, held)


def pass_with_code(platform: Platform, half: Halfway, typed: str, address: str = "") -> bytes:
    """Take the second step with a code from the app or from paper.
    Raises ``SecondStepRefused``; after five wrong codes the half session is over and it is
    ``SignInRefused``.
    Returns the full session's token."""
    take_a_try(platform, half, address)
    with platform.writing() as db:
        held = factors_of(platform, db, factors.locked(db, half.me.person))
        if not (_used_app(platform, db, held, typed)
                or _used_code(platform, db, half.me.person, held, typed)):
            raise SecondStepRefused
        throttle.succeeded(db, tries_of(platform, half.me.person))
        return sign_in.go_on(platform, db, half.me)


def take_a_try(platform: Platform, half: Halfway, address: str = "") -> None:
    """Count a try before checking it, so that many at once are no more than five.

    Somebody who had to wait at this address gets their turn, as at the first step: an attacker who
    knows the password and goes on guessing does not shut the owner out.
    Raises ``SignInRefused`` after five tries, and ``PleaseWait`` while one has to wait.
    """
    if half.stage != PASSWORD:
        raise NotPossibleNow("no second step is asked for")
    throttle.refuse_early(platform, tries_of(platform, half.me.person), address)
    session = SessionRow.id == half.me.session
    with platform.writing() as db:
        counted = changed_one(db, update(SessionRow).where(session, SessionRow.tries < TRIES)
                              .values(tries=SessionRow.tries + 1))
        if not counted:
            db.execute(delete(SessionRow).where(session))
    if not counted:
        raise SignInRefused


def tries_of(platform: Platform, person: UUID) -> bytes:
    """The key that counts somebody's tries at the second step, over all their half sessions."""
    return throttle.key(platform, f"second step {person}")


def used_once(db: Session, row: SecondFactor, counter: int, platform: Platform) -> bool:
    """Move a factor's counter on.
    Returns False if it has moved meanwhile: then this code or count was already used."""
    return changed_one(db, update(SecondFactor).where(SecondFactor.id == row.id,
                                                      SecondFactor.counter == row.counter)
                       .values(counter=counter,
                               used_at=platform.now()).execution_options(synchronize_session=False))


def _used_app(platform: Platform, db: Session, held: list[Factor], typed: str) -> bool:
    for factor in held:
        if factor.kind is FactorKind.APP:
            step = _step(platform, factor.secret, typed, after=factor.row.counter)
            if step is not None and used_once(db, factor.row, step, platform):
                return True
    return False


def _step(platform: Platform, secret: bytes, typed: str, after: int) -> int | None:
    """The time step of this code: now, or one to either side, and later than the last one used."""
    code = normal_code(typed)
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    app, now = (pyotp.TOTP(base64.b32encode(secret).decode()),
                int(platform.now().timestamp()) // STEP)
    fitting = [step for step in range(now - _DRIFT, now + _DRIFT + 1)
               if hmac.compare_digest(app.generate_otp(step), code) and step > after]
    return min(fitting, default=None)


def _used_code(platform: Platform, db: Session, person: UUID, held: list[Factor],
               typed: str) -> bool:
    """Use up a backup code. The remaining ones get a new row, so the old row, if restored, is not
    in the trail."""
    wanted = _code_lookup(platform, person, typed)
    for factor in held:
        if factor.kind is FactorKind.CODES:
            known = [factor.secret[at:at + 32] for at in range(0, len(factor.secret), 32)]
            left = [code for code in known if not hmac.compare_digest(code, wanted)]
            if len(left) < len(known):
                factors.drop(platform, db, person, person, factor.row.id)
                factors.add(platform, db, person, person, FactorKind.CODES, platform.new_id(),
                            b"".join(left))
                return True
    return False


def _issue(platform: Platform, db: Session, person: UUID, held: list[Factor]) -> list[str]:
    for factor in held:
        if factor.kind is FactorKind.CODES:
            factors.drop(platform, db, person, person, factor.row.id)
    codes = [new_code(platform.random, 3) for _ in range(CODES)]
    factors.add(platform, db, person, person, FactorKind.CODES, platform.new_id(),
                b"".join(_code_lookup(platform, person, code) for code in codes))
    return codes


def _code_lookup(platform: Platform, person: UUID, code: str) -> bytes:
    return lookup(platform.keys.second_factor, f"backup code {person} {normal_code(code)}")


def _turn(platform: Platform, person: Person, me: SignedIn, stretched: Stretched, on: bool) -> None:
    """Seal the root under the other purpose.
    Raises ``NeedsPassword`` if the password was changed meanwhile."""
    opened = b""
    with suppress(CannotOpen):
        opened = box.open_box(stretched.sealing_key, root_context("password", person),
                              person.root_by_password or b"")
    if opened != me.identity.root:
        raise NeedsPassword
    person.second_factor = on
    person.root_by_password = box.seal(stretched.sealing_key, root_context("password", person),
                                       opened, platform.random)
