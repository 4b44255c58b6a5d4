"""Accounts as a chain tells of them: keys, codes, factors, who brought whom in."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from letters.rules.accounts import NOBODY, Accounts, Away, KeyHistory
from letters.rules.events import Event, Fact

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
WHO, ADMINISTRATOR, CODE, FACTOR = uuid4(), uuid4(), uuid4(), uuid4()


def fact(event: Event, about: UUID = NOBODY, entered: str = "",
         actor: UUID = ADMINISTRATOR) -> Fact:
    return Fact(event, WHO, about, "", entered, NOON, actor)


def stands(*facts: Fact) -> Accounts:
    return Accounts().after(facts)


def test_a_key_is_confirmed_by_those_who_confirmed_this_one() -> None:
    reset, confirmed = fact(Event.ACCESS_RESET, entered="2"), fact(Event.KEY_CONFIRMED, entered="2")
    other = uuid4()
    assert stands().key(WHO) == KeyHistory(1, True)
    assert stands(reset, confirmed, confirmed._replace(actor=other)).key(WHO) == KeyHistory(
        2, False, frozenset({ADMINISTRATOR, other}))
    assert stands(reset, confirmed._replace(entered="1")).key(WHO) == KeyHistory(2, False)
    assert stands(reset, confirmed, fact(Event.LETTERS_REGRANTED)).key(WHO).confirmed
    again = fact(Event.IDENTITY_RENEWED, entered="3")
    assert stands(reset, confirmed, again).key(WHO) == KeyHistory(3, False)


def test_a_key_is_named_by_both_its_halves() -> None:
    """With the name that its fact binds, a key of the same number does not do."""
    enrolled = fact(Event.PERSON_ENROLLED)._replace(detail=b"first")
    reset = fact(Event.ACCESS_RESET, entered="2")._replace(detail=b"second")
    confirmed = fact(Event.KEY_CONFIRMED, entered="2")
    assert stands(enrolled).key(WHO).is_of(1, b"first")
    assert not stands(enrolled).key(WHO).is_of(1, b"other")
    assert not stands(enrolled, reset).key(WHO).is_of(1, b"second")
    assert stands(fact(Event.PERSON_ENROLLED)).key(WHO).is_of(1, b"any")  # from before
    assert stands(enrolled, reset, confirmed._replace(detail=b"second")).key(WHO).confirmed_by
    assert not stands(enrolled, reset, confirmed._replace(detail=b"first")).key(WHO).confirmed_by
    before = reset._replace(detail=b"")  # a reset of an earlier version, confirmed today
    assert stands(before, confirmed._replace(detail=b"second")).key(WHO).confirmed_by


def test_the_last_code_counts_until_one_is_used() -> None:
    first, last = fact(Event.RESET_ASKED, uuid4()), fact(Event.RESET_ASKED, CODE)
    used = fact(Event.ACCESS_RESET, CODE, "2")
    assert stands(first, last).codes == {WHO: CODE}
    assert stands(first, last, used).codes == {}
    assert stands(first, last, used).resets == {WHO: NOON}


def test_an_invitation_counts_until_another_or_an_account_is_made() -> None:
    first, last = fact(Event.PERSON_INVITED, uuid4()), fact(Event.PERSON_INVITED, CODE)
    assert stands(first, last).codes == {WHO: CODE}
    assert stands(first, last, fact(Event.PERSON_ENROLLED)).codes == {}
    assert stands(first, fact(Event.PERSON_INVITED)).codes == stands(first).codes  # from before


def test_what_opens_an_account_is_what_was_chosen_last() -> None:
    key, first, second = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
    enrolled = fact(Event.PERSON_ENROLLED)._replace(detail=key + first)
    changed = fact(Event.PASSWORD_CHANGED)._replace(detail=second)
    assert stands(enrolled).ways_in == {WHO: first} and stands(enrolled).key(WHO).name == key
    assert stands(enrolled, changed).ways_in == {WHO: second}
    assert stands(changed, fact(Event.RECOVERY_CODE_MADE)).ways_in == {WHO: b""}  # from before
    renewed = fact(Event.IDENTITY_RENEWED, entered="2")._replace(detail=key + first)
    assert stands(changed, renewed).ways_in == {WHO: first}


def test_choices_of_contact_are_counted() -> None:
    chosen = fact(Event.CONTACT_CHOSEN)
    assert stands(chosen, chosen).contact == {WHO: 2}


def test_who_invited_or_reset_somebody_brought_them_in_and_the_operator_did_not() -> None:
    assert stands(fact(Event.PERSON_INVITED), fact(Event.RESET_ASKED, CODE, actor=CODE),
                  fact(Event.RESET_ASKED, CODE, actor=NOBODY)).brought_in == {
        WHO: {ADMINISTRATOR, CODE}}


def test_a_factor_stands_until_it_is_removed() -> None:
    added, removed = fact(Event.SECOND_FACTOR_ADDED, FACTOR), fact(Event.SECOND_FACTOR_REMOVED,
                                                                   FACTOR)
    assert stands(added).factors == {WHO: {FACTOR}}
    assert stands(added, removed).factors == {WHO: frozenset()}
    assert stands(removed).factors == {WHO: frozenset()}


def test_somebody_enrols_and_a_half_hour_is_used_up() -> None:
    assert stands(fact(Event.PERSON_ENROLLED)).enrolled == {WHO}
    assert stands(fact(Event.SUPERVISED_USED)).windows == {WHO}
    assert stands(fact(Event.LETTER_BEGUN)) == Accounts()


def test_what_comes_later_changes_nothing_of_what_was_known() -> None:
    known = stands(fact(Event.SECOND_FACTOR_ADDED, FACTOR))
    later = known.after([fact(Event.PERSON_ENROLLED), fact(Event.ACCESS_RESET, CODE, "2"),
                         fact(Event.SECOND_FACTOR_REMOVED, FACTOR)])
    assert known == stands(fact(Event.SECOND_FACTOR_ADDED, FACTOR)) != later


def test_a_later_key_whose_owner_is_known_is_confirmed_anew() -> None:
    assert KeyHistory(2, confirmed=True).is_confirmed_anew
    assert not KeyHistory().is_confirmed_anew
    assert not KeyHistory(2, confirmed=False).is_confirmed_anew


def test_a_facilitator_is_away_until_they_are_back() -> None:
    gone = fact(Event.FACILITATOR_AWAY, ADMINISTRATOR, entered="2026-12-24")
    assert stands(gone).away == {WHO: Away(ADMINISTRATOR, date(2026, 12, 24))}
    assert not stands(gone, gone._replace(event=Event.FACILITATOR_BACK)).away


def test_a_rule_of_the_screening_is_quiet_until_it_is_restored() -> None:
    quiet = fact(Event.RULE_QUIETED, entered="blame.dress")
    assert stands(quiet).quieted.keys() == {"blame.dress"}
    assert not stands(quiet, quiet._replace(event=Event.RULE_RESTORED, left="blame.dress",
                                            entered="")).quieted
