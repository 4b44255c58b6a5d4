"""The emergency numbers of a country, as people there know them.

The list of telephone numbers that the screening uses knows which short numbers are for emergencies,
but not which of them people call. Where this table says nothing, 112 is taken if it is one there.
"""

from phonenumbers.shortnumberinfo import is_emergency_number

EVERYWHERE_IN_EUROPE = "112"
NUMBERS = {
    "AU": ("000",), "CA": ("911",), "GB": ("999", "112"), "GG": ("999", "112"),
    "HK": ("999",), "IE": ("112", "999"), "IM": ("999",), "IN": ("112",),
    "JE": ("999", "112"), "MT": ("112",), "MX": ("911",), "MY": ("999",), "NZ": ("111",),
    "PH": ("911",), "SG": ("999",), "US": ("911",),
}
"""What to dial, the best known first. Each is checked against that list by a test."""


def of_country(code: str) -> tuple[str, ...]:
    """The emergency numbers of a country, by its code of two letters.
    Returns nothing if none is known for sure: a page then says "the emergency number"."""
    if code in NUMBERS:
        return NUMBERS[code]
    return (EVERYWHERE_IN_EUROPE,) if is_emergency_number(EVERYWHERE_IN_EUROPE, code) else ()
