"""Recognises telephone numbers, in the form of the home country and of any other
country with its international code."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import re2  # type: ignore[import-untyped, unused-ignore]
from phonenumbers import Leniency, PhoneNumberMatcher

from letters.screening.findings import Hit, Preferences

# The matcher tries many readings of each stretch of digits. No letter has this many
# digits; the limit bounds the time.
MOST_DIGITS_READ = 10_000
_LEAST_DIGITS, _LEAST_DIGITS_ABROAD, _LEAST_DIGITS_SIGNED, _MOST_DIGITS = 7, 6, 10, 15
_PLUS = "+＋"

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[5-9]|20)\d\d"
_DATE = (rf"(?:{_YEAR}[-/. ]?{_MONTH}[-/. ]?{_DAY}|{_DAY}[-/. ]{_DAY}[-/. ]{_YEAR}"
         rf"|{_DAY}[/.]{_DAY}[/.]\d\d)")
_TIME = r"[0-2]?\d\.[0-5]\d"
_DATES = re2.compile(
    "|".join(rf"{moment}(?:\s*[-–—/]\s*{moment})*"
             for moment in (_DATE, _TIME, rf"{_YEAR}(?: {_YEAR})*"))
)
_DATE_AND_HOUR = re2.compile(rf"{_DATE} +[0-2]?\d")

_MONEY_BEFORE = re2.compile(r"(?i)(?:[\p{Sc}]|\b(?:gbp|usd|eur|aud|cad|nzd))\s?$")
_MONEY_AFTER = re2.compile(r"(?i)^\s?(?:\p{Sc}|(?:gbp|usd|eur|pounds?|dollars?|euros?|quid|pence|"
                           r"million)\b)")
_REFERENCE_BEFORE = re2.compile(
    r"(?i)\b(?:case|court|crime|prison(?:er)?|inmate|claim|docket|invoice|order|policy|badge|"
    r"file|ref|reference|crn|urn|nhs)"
    r"(?: (?:number|num|nr|no))?[.:#]?(?: (?:is|was))? ?[a-z]{0,3}$"
    r"|(?-i:\b\d*[A-Z]{1,2})$"
)
_DIGITS = re2.compile(r"\p{Nd}+")
# A social security number is no telephone number; `identity` reports it.
_SOCIAL_SECURITY = re2.compile(r"\d{3}-\d{2}-\d{4}")
_ZIP_BEFORE, _ZIP = re2.compile(r"\b[A-Z]{2} $"), re2.compile(r"\d{5}-\d{4}")

# Numbers that the matcher does not read as one: a plus with a length it does not know,
# signs that no telephone book uses, and a number that runs over the end of a line or
# follows a date or another number.
_ABROAD = r"[+＋]\d[\d ().\-/]{4,20}\d"
_SIGNED = (rf"\b0\d{{0,4}}(?:{sign}\d{{1,6}}){{2,12}}\b"
           for sign in (",", "_", r"\*", r"\|", "~", "#", "="))
_UNUSUAL = re2.compile("|".join((_ABROAD, *_SIGNED)))
_BEHIND = re2.compile(rf"\b{_DATE}\b|\s(?:\+\d|0\d{{2}})")


def telephones(text: str, preferences: Preferences) -> Iterator[Hit]:
    """Every stretch that could be dialled, apart from dates, years, sums of
    money, case numbers and counting."""
    digits = [at for run in _DIGITS.finditer(text) for at in range(*run.span())]
    if len(digits) < _LEAST_DIGITS_ABROAD:
        return
    if len(digits) > MOST_DIGITS_READ:
        yield Hit("contact.digits", digits[MOST_DIGITS_READ], digits[-1] + 1)
        text = text[: digits[MOST_DIGITS_READ]]
    apart = _BEHIND.sub(_apart, text.replace("\n", " "))
    for reading in (text, apart) if apart != text else (text,):
        for country in dict.fromkeys((preferences.home_country, *preferences.other_countries)):
            for match in PhoneNumberMatcher(reading, country, leniency=Leniency.POSSIBLE):
                if _could_be_dialled(text, match.start, match.end):
                    yield Hit("contact.telephone", match.start, match.end)
    for match in _UNUSUAL.finditer(text):
        least = _LEAST_DIGITS_ABROAD if match.group()[0] in _PLUS else _LEAST_DIGITS_SIGNED
        if least <= _count_digits(match.group()) <= _MOST_DIGITS:
            yield Hit("contact.telephone", *match.span())


def _apart(match: Any) -> str:
    """A text of the same length, so that offsets stay true: a date is masked, and
    a break stands before a number."""
    found: str = match.group()
    return "§" + found[1:] if found[0].isspace() else "§" * len(found)


def _could_be_dialled(text: str, start: int, end: int) -> bool:
    number, before, after = text[start:end], text[max(start - 30, 0) : start], text[end : end + 10]
    least = _LEAST_DIGITS_ABROAD if number[0] in _PLUS else _LEAST_DIGITS
    if _count_digits(number) < least:
        return False
    if _SOCIAL_SECURITY.fullmatch(number):
        return False
    if _DATES.fullmatch(number) or (_DATE_AND_HOUR.fullmatch(number) and after.startswith(":")):
        return False
    # Sums and case numbers seldom begin like this; telephone numbers often do.
    if number[0] in f"0({_PLUS}":
        return True
    money = _MONEY_BEFORE.search(before) or _MONEY_AFTER.search(after)
    zip_code = _ZIP.fullmatch(number) and _ZIP_BEFORE.search(before)
    return not (money or zip_code or _REFERENCE_BEFORE.search(before) or _is_counting(number))


def _is_counting(number: str) -> bool:
    """True for 1 2 3 4 5 6 7 8 9 10 and the like."""
    groups = [int(group) for group in _DIGITS.findall(number)]
    return len(groups) > 2 and all(later - earlier == 1 for earlier, later in pairwise(groups))


def _count_digits(text: str) -> int:
    return sum(char.isdecimal() for char in text)
