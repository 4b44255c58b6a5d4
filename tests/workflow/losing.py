"""How somebody loses their keys and comes back, in short."""

from uuid import UUID

from letters.storage.tables.letters import Person
from letters.workflow.access import directory
from letters.workflow.accounts import second_factor, sign_in
from letters.workflow.accounts.sign_in_steps import PASSWORD as PASSWORD_GIVEN
from letters.workflow.lost_access import confirm_key, reset
from letters.workflow.platform import Platform, SignedIn
from tests.cast import PASSWORD, Cast, Player, next_code, set_up_app

NEW = "words that nobody else has seen"


def signed_in(platform: Platform, name: str, password: str = NEW) -> SignedIn:
    """Somebody, signed in anew, with a second step where one is asked for or has to be set up."""
    token = sign_in.sign_in(platform, name, password)
    half = sign_in.halfway(platform, token)
    if half is not None and half.stage == PASSWORD_GIVEN:
        token = second_factor.pass_with_code(platform, half, next_code(platform, name))
    elif half is not None:
        token = set_up_app(platform, half.me, password).token or token
    found = sign_in.who_is(platform, token)
    assert found is not None
    return found


def lost(cast: Cast, player: Player, by: Player | None = None) -> SignedIn:
    """Both are lost; somebody makes a reset code, and it is used."""
    code = reset.ask_reset(cast.platform, (by or cast.first).me, player.id, PASSWORD)
    reset.reset(cast.platform, code, player.name, NEW)
    return signed_in(cast.platform, player.name)


def heard(cast: Cast, player: Player, *members: Player) -> confirm_key.Granted:
    """These members confirm the key that is the current one."""
    done = confirm_key.Granted()
    for member in members or (cast.first, cast.second):
        waits = confirm_key.awaited(cast.platform, member.me, cast.case, player.id)
        assert waits is not None
        done = confirm_key.confirm_key(cast.platform, member.me, cast.case, player.id, waits.kid,
                                       PASSWORD, True)
    return done


def serial(cast: Cast, person: UUID) -> int:
    """The newest serial in the directory."""
    with cast.platform.reading() as db:
        keys = directory.keys_of_person(cast.platform, db, person)
    assert keys is not None
    return keys.serial


def columns(cast: Cast, person: UUID) -> Person:
    """The person's row."""
    with cast.platform.reading() as db:
        return db.get_one(Person, person)
