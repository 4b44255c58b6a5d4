"""Two cases with something in every table, and what somebody with the database can do to a table,
whichever it is.

Everything here works from a table's columns: a new table is attacked as soon as it exists.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from letters.rules.display import DisplayChoice
from letters.rules.errors import LettersError
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.screening import Category
from letters.storage.tables import accounts
from letters.storage.tables import letters as lettered
from letters.storage.tables import team as team_tables
from letters.storage.tables.letters import SessionRow
from letters.workflow import messages, sent_once, unsent
from letters.workflow.accounts import display, invite, sign_in, supervised_sign_in
from letters.workflow.cases import alerts, close, feedback
from letters.workflow.decision import screening_feedback
from letters.workflow.lost_access import confirm_key, reset
from letters.workflow.notices import contact, outbox
from letters.workflow.oversight import emergency_access
from letters.workflow.preparation import facilitators, names_list
from letters.workflow.release import pace
from letters.workflow.review import care, notes, read_letter
from letters.workflow.screening import counts
from letters.workflow.team import join_and_leave
from letters.workflow.writing import for_myself, saved_after_sign_out, write
from tests.attacks.attacker import Attacker, Copy
from tests.attacks.scenes import asked_at_once, give_back, hold
from tests.cast import OURS, PASSWORD, Cast, Player
from tests.workflow.losing import NEW

TABLES: dict[str, Table] = dict(lettered.Table.metadata.tables)
"""Every table there is, with those of accounts and teams."""
assert accounts.Table is team_tables.Table is lettered.Table

WORDS = """kestrel plover whimbrel dunlin curlew goshawk siskin wryneck nuthatch dotterel hoopoe
fieldfare redstart gadwall pintail shoveler garganey smew merganser capercaillie ptarmigan corncrake
moorhen lapwing turnstone sanderling oystercatcher bittern egret spoonbill knot godwit phalarope
skua kittiwake guillemot razorbill puffin nightjar dipper crossbill brambling linnet twite bullfinch
hawfinch serin yellowhammer bunting wheatear whinchat stonechat chiffchaff goldcrest firecrest
treecreeper"""


@dataclass
class Side:
    """One of the two cases: its people, its letters, and whom its team is."""

    case: UUID
    harmed: Player
    responsible: Player
    other: Player
    team: tuple[Player, ...]
    letters: dict[str, UUID] = field(default_factory=dict)

    @property
    def ids(self) -> list[UUID]:
        """The case and its people, in an order that is the same for both cases."""
        return [self.case,
                *(one.id for one in (self.harmed, self.responsible, self.other, *self.team[:2]))]


@dataclass
class Play:
    """Both cases as they stand, and as they stood."""

    ours: Side
    strange: Side
    tokens: dict[str, bytes]
    words: dict[str, str]
    beginning: Copy
    earlier: Copy

    @property
    def due(self) -> UUID:
        """The one letter that the worker may release."""
        return self.ours.letters["approved"]


# --- the play

def everything_there_is(cast: Cast) -> Play:
    """Something in each table, for each of the two cases, and an earlier moment before everybody
    said no."""
    platform, attacker, words = cast.platform, Attacker(cast.platform), dict[str, str]()
    beginning = attacker.copy()
    facilitator = Role.FACILITATOR
    third, fourth, left = (
        Player(cast.app, platform, name, invite.invite_staff(platform, facilitator, full))
        for name,
        full in (("third", "Tessa Third"), ("fourth", "Fola Fourth"), ("left", "Lena Left"))
    )
    elder = Player(cast.app, platform, "elder",
                   invite.invite_staff(platform, Role.SUPERVISOR, "Elin Elder"))
    invite.invite_staff(platform, facilitator, "Ines Invited")
    ours = Side(cast.case, cast.harmed, cast.responsible, cast.other, (cast.first, cast.second))
    strange = Side(cast.strange_case, cast.stranger_harmed, cast.stranger_responsible,
                   cast.stranger_other,
                   (cast.stranger_facilitator, third))
    cast.join(strange.case, cast.stranger_facilitator, third)
    cast.join(ours.case, cast.first, left)
    tokens = {}
    for side, told in ((ours, "ours"), (strange, "strange")):
        tokens[side.other.name] = _an_account_with_a_past(cast, side)
        _under_way(cast, side, words, told)
        join_and_leave.ask(platform, side.team[0].me, side.case, fourth.id, True)
    for side, told in ((ours, "ours"), (strange, "strange")):
        _read_differently(cast, side, words, told)
        side.letters["sent"] = cast.submitted(side.harmed, _say(words, f"{told} sent"))
        _approve(cast, side, side.letters["sent"])
        opened = alerts.open_alert(platform, side.team[0].me, side.case,
                                   _say(words, f"{told} alert"), True)
        alerts.close(platform, side.team[0].me, side.case, opened, "It was looked at.")
    pace.say_ready(platform, strange.harmed.me, strange.case)
    _tell_of_themselves(cast, strange, words)
    earlier = attacker.copy()
    _they_say_no(cast, ours, strange, left)
    _emergency(cast, ours, cast.supervisor, words)
    _emergency(cast, strange, elder, words)
    people = [cast.harmed, cast.responsible, cast.first, cast.second, cast.stranger_harmed,
              cast.stranger_responsible,
              cast.stranger_facilitator, third, fourth, left, cast.supervisor, elder,
              cast.administrator]
    tokens |= {player.name: player.token for player in people}
    names = ("Hanna Harmed", "Robin Responsible", "Oda Other", "Noor Neighbour", "Uwe Unknown",
             "Olle Outside",
             "Frances First", "Sam Second", "Ellis Elsewhere", "Tessa Third", "Fola Fourth",
             "Lena Left", "Elin Elder",
             "Ines Invited")
    known = {**words, OURS: "ours evidence", **{name: name for name in names}}
    return Play(ours, strange, tokens, known, beginning, earlier)


def _say(words: dict[str, str], what: str) -> str:
    """A text with a word that stands nowhere else."""
    word = WORDS.split()[len(words)]
    words[word] = what
    return f"I think of {word} now."


def _an_account_with_a_past(cast: Cast, side: Side) -> bytes:
    """The third person of a case lost everything, was confirmed, and signs in beside a facilitator.
    Their session."""
    platform, (first, second), person = cast.platform, side.team, side.other
    reset.reset(platform, reset.ask_reset(platform, first.me, person.id, PASSWORD), person.name,
                NEW)
    for member in (first, second):
        waits = confirm_key.awaited(platform, member.me, side.case, person.id)
        assert waits is not None
        confirm_key.confirm_key(platform, member.me, side.case, person.id, waits.kid, PASSWORD,
                                True)
    reset.ask_reset(platform, first.me, person.id, PASSWORD)
    supervised_sign_in.supervise(platform, first.me, side.case, person.id, PASSWORD)
    supervised_sign_in.open_window(platform, first.me, side.case, person.id)
    token = sign_in.sign_in(platform, person.name, NEW)
    supervised_sign_in.open_window(platform, second.me, side.case, person.id)
    unsent.keep_typed(platform, side.harmed.me, f"/cases/{side.case}/messages", "w", "{}")
    sent_once.begin_form(platform,
                         sent_once.key_of(platform, side.harmed.me, "a token", "what a form said"))
    with suppress(LettersError):
        sign_in.sign_in(platform, side.responsible.name, "not the password")
    return token


def _under_way(cast: Cast, side: Side, words: dict[str, str], told: str) -> None:
    """Letters at every stage."""
    letters = side.letters
    if told == "strange":
        cast.prepare(
            side.case, side.team, side.harmed, side.responsible, _say(words, f"{told} evidence")
        )  # type: ignore[arg-type]
    names_list.save_names(
        cast.platform, side.team[0].me, side.case,
        names_list.ListedNames((_say(words, f"{told} listed name"),))
    )
    first = letters["arrived"] = cast.submitted(side.harmed, _say(words, f"{told} arrived"))
    _approve(cast, side, first)
    assert cast.release() == 1
    for what in ("approved", "recalled", "held"):
        letters[what] = cast.submitted(side.responsible, _say(words, f"{told} {what}"))
        _approve(cast, side, letters[what])
    letters["read once"] = cast.submitted(side.responsible, _say(words, f"{told} read once"))
    cast.approve(letters["read once"], side.team[0])
    screening_feedback.miss(cast.platform, side.team[0].me, letters["read once"],
                            cast.row(letters["read once"]).submitted_id,  # type: ignore[arg-type]
                            Category.CONTROL, _say(words, f"{told} missed"))
    with cast.platform.writing() as db:
        counts.count(cast.platform, db, screening_feedback.RULES, ["pressure.answer"])
        for verdict in counts.Verdict:
            counts.count(cast.platform, db, counts.month(verdict, cast.platform.today()),
                         [Category.PRESSURE.value])
    letters["returned"] = cast.submitted(side.harmed, _say(words, f"{told} returned"))
    give_back(cast, letters["returned"], side.team[0], _say(words, f"{told} note to the writer"))
    letters["draft"] = cast.draft(side.harmed, _say(words, f"{told} draft"))
    _save_too_late(cast, side.harmed, letters["draft"], _say(words, f"{told} late save"))
    letters["never sent"] = (for_myself.begin_words(cast.platform,
                                                   side.harmed.me,
                                                    _say(words, f"{told} never sent")))
    for_myself.save(cast.platform, side.harmed.me, letters["never sent"], 1,
                    _say(words, f"{told} never sent, later"))
    for large in (True, False):
        display.choose(cast.platform, side.harmed.me,
                       DisplayChoice(large_type=large, read_aloud=True))


def _approve(cast: Cast, side: Side, letter: UUID) -> None:
    for reader in side.team:
        if cast.state(letter) is not State.APPROVED:
            cast.approve(letter, reader)


def _read_differently(cast: Cast, side: Side, words: dict[str, str], told: str) -> None:
    """One letter on which two readers disagree, a note in each place, and a word to one party and
    back."""
    platform, (first, second) = cast.platform, side.team
    differing = side.letters["differing"] = cast.submitted(
        side.responsible, _say(words, f"{told} differing")
    )
    for reader in notes.Reader:
        notes.keep_on_letter(platform, first.me, differing, reader,
                             _say(words, f"{told} {reader.value}"))
    cast.approve(differing, first)
    hold(cast, differing, second)
    messages.write(platform, first.me, side.case, side.harmed.id, _say(words, f"{told} message"))
    messages.answer(platform, side.responsible.me, side.case, _say(words, f"{told} answer"))


def _save_too_late(cast: Cast, player: Player, letter: UUID, text: str) -> None:
    """A save after a session ran out; the others' sessions go on."""
    token = sign_in.sign_in(cast.platform, player.name, PASSWORD)
    found = sign_in.who_is(cast.platform, token)
    assert found is not None
    Attacker(cast.platform).run(
        update(SessionRow)
        .where(SessionRow.id == found.session)
        .values(seen_at=cast.clock() - timedelta(minutes=31))
    )
    assert saved_after_sign_out.keep_late(cast.platform, token, letter, text)


def _they_say_no(cast: Cast, ours: Side, strange: Side, left: Player) -> None:
    """A recall, a hold, somebody who leaves, a stop in the other case; one letter is released, one
    more is due."""
    platform = cast.platform
    for side in (ours, strange):
        write.recall(platform, side.responsible.me, side.letters["recalled"])
        hold(cast, side.letters["held"], side.team[1])
    join_and_leave.leave(platform, left.me, ours.case)
    pace.stop(platform, strange.responsible.me, strange.case)
    cast.join(strange.case, strange.team[0], left, handover=False, specialist=True)
    assert cast.release() == 1
    assert cast.state(ours.letters["sent"]) is State.RELEASED
    read_letter.claim(platform, cast.first.me, ours.letters["read once"])
    pace.say_ready(platform, ours.harmed.me, ours.case)


def _tell_of_themselves(cast: Cast, strange: Side, words: dict[str, str]) -> None:
    """Facilitators write profiles; at the end of the other case two people tell the service how it
    was."""
    for player in (cast.first, strange.team[0]):
        told = facilitators.ProfileText(words=_say(words, f"profile of {player.name}"),
                                        may_be_asked=True)
        facilitators.save_profile(cast.platform, player.me, told)
        care.save_care(cast.platform, player.me, 3, True)
    close.begin_closing(cast.platform, strange.team[0].me, strange.case)
    for player in (cast.harmed, strange.harmed):
        contact.choose(cast.platform, player.me, "somebody@example.net", "Post", "An update",
                       _say(words, f"when to call {player.name}"))
        with cast.platform.writing() as db:
            outbox.notify(cast.platform, db, player.id, "update")
    for player in (strange.harmed, strange.other):
        feedback.give(cast.platform, player.me, strange.case, {"pace": "Mine."})


def _emergency(cast: Cast, side: Side, supervisor: Player, words: dict[str, str]) -> None:
    """A supervisor reads the case."""
    emergency_access.keep_spares(cast.platform, side.team[0].me, side.case)
    request = asked_at_once(cast, supervisor.me, side.case,
                            _say(words, "why a case was read in an emergency"))
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    emergency_access.open_and_close_due(cast.platform)
    with cast.platform.reading() as db:
        [alert] = alerts.open_in(cast.platform, db, db.get_one(lettered.Case, side.case))
    alerts.close(cast.platform, side.team[0].me, side.case, alert.id, "It was looked at.")


# --- which rows are whose

Row = dict[str, Any]


def sides(play: Play, copy: Copy) -> dict[str, tuple[list[Row], list[Row]]]:
    """The rows of each table that lead to our case or its people, and those that lead to the
    strange one."""
    known: tuple[set[Any], set[Any]] = (set(play.ours.ids), set(play.strange.ids))
    while True:
        found = {name: tuple([row for row in rows if _ids(row) & mine] for mine in known)
                 for name, rows in copy.items()}
        more = tuple(mine
                     | {row["id"] for rows in found.values() for row in rows[at] if "id" in row}
                     for at, mine in enumerate(known))
        if more == known:
            return found  # type: ignore[return-value]
        known = more  # type: ignore[assignment]


def _ids(row: Row) -> set[Any]:
    return {value for value in row.values() if isinstance(value, UUID)}


# --- what is done to a table

def insert(connection: Connection, play: Play, table: Table, rows: tuple[list[Row], list[Row]],
           all_rows: list[Row]
           ) -> int:
    """Copies of every row under a new key, and copies that are led to the other case and its
    people."""
    there = dict(zip([*play.ours.ids, *play.strange.ids], [*play.strange.ids, *play.ours.ids],
                     strict=True))
    made = [{**row, **_fresh(table, row)} for row in all_rows]
    for row in (*rows[0], *rows[1]):
        foreign = {name: there.get(value, value) if isinstance(value, UUID) else value for name,
                   value in row.items()}
        made.append({**foreign, **({"id": _new(row["id"])} if "id" in row else {})})
    make: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for row in made:
        connection.execute(make(table).values(row).on_conflict_do_nothing())
    return connection.scalar(select(func.count()).select_from(table)) - len(all_rows)  # type: ignore[operator]


def _fresh(table: Table, row: Row) -> Row:
    """A new key for a copy; what must be unique besides is made new as well."""
    key = ([column for column in table.primary_key if not column.foreign_keys]
           or list(table.primary_key))[-1]
    unique = [column.name for column in table.columns if column.unique
              and row[column.name] is not None]
    return {name: _new(row[name]) for name in (key.name, *unique)}


def _new(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case UUID():
            return uuid4()
        case bytes():
            return uuid4().bytes * 2
        case int():
            return value + 1
        case datetime():
            return value + timedelta(seconds=1)
    return f"{value}!"


def swap(connection: Connection, play: Play, table: Table, rows: tuple[list[Row], list[Row]],
         all_rows: list[Row]
         ) -> int:
    """What rows of our case hold and what rows of the strange one hold, exchanged; the ids in them
    stay."""
    pairs = [(one, other) for one,
             other in zip(*map(_sorted, rows), strict=False) if one not in rows[1]]
    pairs = pairs or list(zip(all_rows[::2], all_rows[1::2], strict=False))
    held = [column.name for column in table.columns
            if not column.primary_key and not isinstance(all_rows[0][column.name], UUID)]
    held = held or [column.name for column in table.primary_key][-1:]
    changed = [{**to, **{name: of[name] for name in held}} for pair in pairs for to,
               of in (pair, pair[::-1])]
    _remove(connection, table, (row for pair in pairs for row in pair))
    for row in changed:
        connection.execute(table.insert().values(row))
    return len(changed)


def _sorted(rows: Iterable[Row]) -> list[Row]:
    """In the order of what they are and when they came, so that like is exchanged with like."""
    def when(row: Row) -> list[str]:
        return [str(row[name]) for name in ("kind", "reader_kind", "state", "lane", "began_at",
                                            "saved_at", "number",
                                            "serial", "epoch") if name in row]
    return sorted(rows, key=when)


def remove(connection: Connection, play: Play, table: Table, rows: tuple[list[Row], list[Row]],
           all_rows: list[Row]
           ) -> int:
    """The rows of our case are deleted; where a table has none of these, all are."""
    return _remove(connection, table, rows[0] or all_rows)


def _remove(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    return sum(
        connection.execute(
            delete(table).where(and_(*(column == row[column.name] for column in table.primary_key)))
        ).rowcount
        for row in rows
    )


def replay(connection: Connection, play: Play, table: Table, rows: tuple[list[Row], list[Row]],
           all_rows: list[Row]
           ) -> int:
    """The table as it stood before recall, hold and stop; where nothing has changed since, as it
    was at first."""
    now = _as_set(all_rows)
    before = next((copy[table.name] for copy in (play.earlier, play.beginning)
                   if _as_set(copy[table.name]) != now),
                  None)
    if before is None:
        return 0
    connection.execute(delete(table))
    for row in before:
        connection.execute(table.insert().values(row))
    return len(before) or len(all_rows)


def _as_set(rows: list[Row]) -> set[Any]:
    return {tuple(row.values()) for row in rows}


ATTACKS = {"insert": insert, "swap": swap, "delete": remove, "replay": replay}


def attack(attacker: Attacker, play: Play, name: str, how: str) -> int:
    """Do it. How many rows it touched."""
    copy, table = attacker.copy(), TABLES[name]
    rows = sides(play, copy)[name]
    with attacker._unguarded() as connection:
        return ATTACKS[how](connection, play, table, rows, copy[name])
