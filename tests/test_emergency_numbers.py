"""The emergency numbers that pages name."""

import pytest
from phonenumbers.shortnumberinfo import is_emergency_number

from letters.emergency_numbers import NUMBERS, of_country


@pytest.mark.parametrize(("country", "numbers"), [
    ("GB", ("999", "112")), ("IE", ("112", "999")), ("US", ("911",)), ("NZ", ("111",)),
    ("FR", ("112",)), ("DE", ("112",)), ("NG", ()), ("ZZ", ())])
def test_a_country_has_its_own(country: str, numbers: tuple[str, ...]) -> None:
    assert of_country(country) == numbers


@pytest.mark.parametrize("country", NUMBERS)
def test_each_number_is_one_for_emergencies_there(country: str) -> None:
    assert all(is_emergency_number(number, country) for number in NUMBERS[country])
