"""Notices: by the way that each person chose, after a delay that says nothing, and never twice."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, select, update

from letters.storage.desk_tables import ContactWay, Notice
from letters.workflow import contact_ways, notices
from letters.workflow.contact_ways import Way
from tests.cast import Cast, Player
from tests.workflow.attacker import Attacker

ADDRESS = "somebody@example.net"


def reached_by(cast: Cast, player: Player, address: str = ADDRESS) -> None:
    """This person wants to hear, at this address."""
    with cast.house.store.writing() as db:
        contact_ways.put(cast.house, db, player.id, Way(address=address, sender="Post", subject="An update"))


def tell(cast: Cast, player: Player, kind: str = "update") -> None:
    with cast.house.store.writing() as db:
        notices.tell(cast.house, db, player.id, kind)


def waiting(cast: Cast, player: Player) -> list[Notice]:
    with cast.house.store.reading() as db:
        return list(db.scalars(select(Notice).where(Notice.person_id == player.id, Notice.due_at.is_not(None))))


def test_who_said_nothing_hears_nothing_and_who_wants_to_hears_once(cast: Cast) -> None:
    tell(cast, cast.harmed)
    assert waiting(cast, cast.harmed) == []
    reached_by(cast, cast.harmed)
    tell(cast, cast.harmed)
    tell(cast, cast.harmed)
    assert [row.kind for row in waiting(cast, cast.harmed)] == ["update"]


def test_rule_22_a_notice_waits_for_a_time_that_nobody_can_tell(cast: Cast) -> None:
    """Nor is there a kind by which somebody who takes part hears at once."""
    reached_by(cast, cast.responsible)
    for hours, kind in ((0, "update"), (12, "alert"), (24, "update")):
        thrown = (hours * 3600).to_bytes(8)
        house = replace(cast.house, random=lambda size, thrown=thrown: thrown if size == 8 else cast.house.random(size))
        with house.store.writing() as db:
            notices.tell(house, db, cast.responsible.id, kind)
        (row,) = waiting(cast, cast.responsible)
        assert row.due_at == row.made_at + timedelta(hours=hours)
        Attacker(house.store).run(delete(Notice))


def test_staff_hear_of_an_alert_at_once_even_where_an_update_waits(cast: Cast) -> None:
    reached_by(cast, cast.first)
    for kind in ("update", "alert", "alert", "update"):
        tell(cast, cast.first, kind)
    found = {row.kind: row.due_at == row.made_at for row in waiting(cast, cast.first)}
    assert found == {"update": False, "alert": True}


def test_a_way_that_was_tampered_with_holds_nobodys_step_up(cast: Cast) -> None:
    reached_by(cast, cast.harmed)
    Attacker(cast.house.store).run(update(ContactWay).values(sealed=b"no box"))
    tell(cast, cast.harmed)
    assert waiting(cast, cast.harmed)
