"""How somebody loses their keys and comes back, in short."""

from uuid import UUID

from letters.domain.people import Role
from letters.storage.tables import Person
from letters.workflow import confirm_key, directory, enrol, reset, sign_in
from letters.workflow.house import House, SignedIn
from tests.cast import PASSWORD, Cast, Player

NEW = "words that nobody else has seen"


def signed_in(house: House, name: str, password: str = NEW) -> SignedIn:
    """Somebody, signed in anew."""
    found = sign_in.who_is(house, sign_in.sign_in(house, name, password))
    assert found is not None
    return found




def lost(cast: Cast, player: Player, by: Player | None = None) -> SignedIn:
    """Both are lost; somebody makes a reset code, and it is used."""
    code = reset.ask_reset(cast.house, (by or cast.first).me, player.id, PASSWORD)
    reset.reset(cast.house, code, player.name, NEW)
    return signed_in(cast.house, player.name)


def heard(cast: Cast, player: Player, *members: Player) -> confirm_key.Granted:
    """These members confirm the key that is the current one."""
    done = confirm_key.Granted()
    for member in members or (cast.first, cast.second):
        waits = confirm_key.awaited(cast.house, member.me, cast.case, player.id)
        assert waits is not None
        done = confirm_key.confirm_key(cast.house, member.me, cast.case, player.id, waits.kid, PASSWORD, True)
    return done


def serial(cast: Cast, person: UUID) -> int:
    """The newest serial in the directory."""
    with cast.house.store.reading() as db:
        keys = directory.keys_of_person(cast.house, db, person)
    assert keys is not None
    return keys.serial


def administrator(cast: Cast) -> Player:
    """Somebody who looks after accounts and is in no team."""
    with cast.house.store.writing() as db:
        person = directory.new_person(cast.house, db, Role.ADMINISTRATOR, "Ada Administrator")
        code = enrol._invitation(cast.house, db, person, None)
    return Player(cast.app, cast.house, "ada", code)


def columns(cast: Cast, person: UUID) -> Person:
    """The person's row."""
    with cast.house.store.reading() as db:
        return db.get_one(Person, person)
