"""Recognises postal addresses: streets with numbers, flats and boxes, postcodes,
and what is called an address."""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.findings import Hit
from letters.screening.text.patterns import Patterns

# Ranges instead of Unicode classes: patterns of many words would become
# too large to compile quickly.
_UP = r"[A-ZÀ-ÞĀ-ſΑ-ΩА-Я]"
_REST = r"[^\s,;:!?()\"]"
_CAP = rf"(?-i:{_UP}{_REST}*)"
_WORD = rf"[^\s,;:!?()\".]{_REST}*"
_NUMBER = r"\d{1,6}\s?[a-d]?"
_STREET = (
    r"(?:street|str|st|road|rd|avenue|ave|lane|ln|drive|dr|close|crescent|cres|court|ct|gardens?|"
    r"gdns|grove"
    r"|terrace|square|sq"
    r"|place|pl|way|walk|row|hill|park|parade|mews|rise|view|green|boulevard|blvd|highway|hwy|"
    r"circle|cir"
    r"|alley|parkway|pkwy"
    r"|plaza|crossroad|crossing|gate|quay|wharf|embankment|vale|croft|yard|loop|trail|terr|union|"
    r"heights"
    r"|ridge|manor|mall"
    r"|estates?|bypass|pike|turnpike|esplanade|villas?|mansions|buildings|cottages?|house)"
)
_ABROAD = (
    r"(?:[a-zß-ÿ]*(?:stra(?:ß|ss)e|gasse|weg|platz|allee|gatan|gata|vägen|vagen|vej|gade|straat|"
    r"laan|plein"
    r"|kade|katu|kuja|gate|veien"
    r"|vegen|gränd|stien|polku|raitti|stræde|vænget|gaten|tie)|(?:rue|via|calle|rua|avenida|avda|"
    r"av|ul|ulica"
    r"|ulice|plaza"
    r"|piazza|viale|corso|carrer|strada|boulevard|bulevar|chemin|place|quai|praça|travessa|largo|"
    r"camino"
    r"|paseo)\.?(?:\s[^\s\d,;:!?()]+){1,4}?)"
)
_HUNGARIAN = r"(?:utca|út(?:ja)?|u\.|tér|rkp\.|körút|krt\.|kapu|köz|sétány)"
_FLAT = (
    r"\b(?:(?:apt|apartment|suite|flat|unit)\b\.?\s?#?\d{1,5}[a-z]?|(?-i:Apt\.?|Apartment|Suite|"
    r"Flat"
    r"|Unit)\s(?-i:[A-Z]))\b"
)
_POSTCODE_UK = r"(?-i:(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR)\s{0,2}[0-9][ABD-HJLNP-UW-Z]{2})"
_STATE = (
    r"(?-i:A[AEKLPRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|"
    r"P[AR]|RI|S[CD]"
    r"|T[NX]|UT|V[AIT]"
    r"|W[AIVY])"
)
_ZIP = rf"{_STATE},?\s\d{{5}}(?:-\d{{4}})?"
_TAIL = rf"(?:[,\s]+(?:{_FLAT}|{_POSTCODE_UK}|{_ZIP}|{_CAP}|\d{{3,6}}))"

_FULL = (
    # 12 Elm Road, London, N1 9AB; anything with a postcode behind it.
    rf"\b{_NUMBER},?\s(?:{_WORD}\s){{1,4}}{_STREET}\b\.?{_TAIL}{{0,5}}[,\s]+"
    rf"(?:{_POSTCODE_UK}|{_ZIP})\b",
    rf"{_FLAT}(?:[,\s]+{_WORD}){{1,8}}?[,\s]+(?:{_POSTCODE_UK}|{_ZIP})\b",
    rf"\b\d{{1,6}}(?:[,\s]+{_WORD}){{1,7}}\s(?:apt|suite)\b\.?\s?\d+(?:[,\s]+{_WORD}){{0,6}}",
    rf"\b(?:{_WORD}\s){{1,4}}(?:apt|suite)\b\.?\s?\d+(?:[,\s]+{_WORD}){{0,4}}",
    rf"\bp\.?\s?o\.?\s?box\s\d+(?:[,\s]+{_REST}+){{0,6}}",
    r"\b(?:psc|unit|cmr)\s\d+,?\s*box\s\d+(?:\s+[afd]po\s[a-z]{2}\s\d{5})?",
    r"\b(?:usnv|usns|uss|usnv)\s\w+\s+[afd]po\s[a-z]{2}\s\d{5}",
    # What the writer calls an address.
    rf"\b(?:my|our|his|her|their|home|postal|new|old|whose|the|"
    rf"billing)\s(?:\w+\s)?address(?:es)?(?:\s(?:is"
    rf"|was|will be)|:|\sof\s[^.,:!?\d]{{2,40}}?\sis|\swith|,\shere\sthey\sare:)\s?"
    rf"(?:now\s"
    rf"|still\s)?(?:at\s)?(?:the corner "
    rf"of\s)?(?:{_REST}+[,\s]+){{0,9}}?{_REST}*\d{{1,6}}(?:[,\s]+(?:{_FLAT}"
    rf"|{_CAP}|\d{{2,6}}))*",
    rf"\b(?:i|we|i'm|we're|he|she)\s(?:now\s|still\s|once\s)?(?:live|am living|living|lives|"
    rf"lived|stay"
    rf"|am staying|staying|moved|moved back)\s(?:now\s)?(?:at|in|to)\s"
    rf"(?:number\s|no\.?\s|flat\s)?{_NUMBER},?\s{_CAP}(?:\s{_CAP}){{0,4}}",
    rf"\b(?:write|send|post|come|visit|reach|find|letters?|drop|return|call round|pop round"
    rf"|sent?)\b[^.!?\n]{{0,40}}?\b(?:to|at|by)\s(?:me\sat\s|us\sat\s)?"
    rf"(?:number\s|no\.?\s|flat\s)?{_NUMBER},?\s(?:{_WORD}\s){{0,3}}{_STREET}\b",
    rf"\b(?:i|we|i'm|we're)\s(?:now\s|still\s)?(?:live|am|living|stay|staying|"
    rf"moved)\s(?:now\s)?(?:at|in|to"
    rf"|on)\s(?:{_CAP}\s){{1,3}}(?i:{_STREET})\b,?(?:\s(?:at\s)?(?:number|no\.?)\s\d+)?",
)
_PARTIAL = (
    rf"\b{_NUMBER},?\s(?:(?:\d{{1,5}}\s)?{_CAP}\s(?:{_WORD}\s){{0,3}}?)(?i:{_STREET})\b",
    rf"\b\d{{1,6}}\s\d{{1,5}}\s(?:{_WORD}\s){{1,4}}(?i:{_STREET})\b",
    rf"\b(?:{_NUMBER}\s)?{_CAP}(?:\s{_CAP}){{0,3}}\s{_HUNGARIAN}\s?\d{{0,4}}\b",
    rf"\b{_ABROAD}\s\d{{1,5}}\b",
    rf"\b{_NUMBER},?\s{_ABROAD}\b",
    r"\b(?:zip|post(?:al)?)\s?-?codes?(?:\s(?:is|was|are)|:)?\s"
    r"(?-i:[A-Z]{0,2})\d[\dA-Za-z\-]{1,9}\b",
    _FLAT,
    rf"\b{_POSTCODE_UK}\b",
    rf"\b{_ZIP}\b",
    # A number behind a name, after what leads to a place: "the bus station is on Brisas 6802".
    rf"\b(?:off at|is at|is on|lives? at|live on|living at|side of|street is|corner of|address:|"
    rf"moved to"
    rf"|located at|based at|stop at)\s"
    rf"(?:the corner "
    rf"of\s)?(?:\d{{2,6}}\s)?{_REST}+(?:\s{_REST}+){{0,4}}?\s\d{{1,5}}\b\.?(?:\s(?:and"
    rf"|&)\s{_CAP}(?:\s{_CAP})?)?",
    rf"(?-i:\b{_UP}{_REST}+(?:\s{_UP}?{_REST}+){{0,2}}\s\d{{1,5}}),?[\s,]+(?:st\.|street|{_FLAT})",
    # Address lines by themselves: a number and a name, or a name and a
    # number, on a line of their own.
    rf"(?m)^[>\s]*(?-i:\d{{1,6}}[ \t]+(?:\d{{1,5}}[ \t]+)?{_UP}{_REST}+(?:[ \t]{_REST}+){{0,3}}"
    rf"(?:[ \t]\d{{1,5}})?\.?),?$",
    rf"(?m)^[>\s]*(?-i:{_UP}{_REST}+(?:[ \t]{_UP}?{_REST}+){{0,2}}[ \t]\d{{1,4}}),?$",
    rf"(?m)^[>\s]*(?:(?-i:{_UP})[a-zß-ÿ\-]+[ \t]){{1,4}}\d{{5}}$",
    rf"\bthe corner of\s[^.!?\n]{{3,60}}?\sand\s{_CAP}(?:\s{_CAP})?",
)
_RULES = Patterns({"contact.address": _FULL, "contact.street": _PARTIAL})
# Places of custody, references to pages and in court, dates, and
# measures; none of them is an address.
_NO_PLACE = re2.compile(
    r"(?i)^[>\s]*(?:room|floor|unit|no\.?)\s?\d+$"
    r"|^[>\s]*(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december"
    r"|chapter|page|psalms?|step|day"
    r"|week|part|letter|verse|number|age|year|court|cell|wing|block|grade|class|act|john|luke|"
    r"mark|matthew"
    r"|genesis|romans"
    r"|corinthians|session|module|since|in|on|by|until|before|after|around|christmas|easter|"
    r"summer|winter"
    r"|spring|autumn|dear"
    r"|volume|vol|level|removed|section|article|rule|figure|book|canto|sonnet|about|over|under|"
    r"nearly|only"
    r"|just|almost|from|of|the)\b[A-Za-z ,.]*\d{1,5},?$"
    r"|^[>\s]*\d{1,2}(?:st|nd|rd|th)?\s(?:january|february|march|april|may|june|july|august|"
    r"september|october"
    r"|november|december)\b"
    r"|^[>\s]*\d+\s(?:years?|months?|weeks?|days?|hours?|minutes?|times|people|of|and|or|pounds|"
    r"miles|dollars)\b"
    r"|.*\s(?-i:[a-z]\S*)\s(?:way|view|close|drive|walk|row|rise|place|house|court|park|gate|"
    r"green)$"
)


def postal(text: str) -> Iterator[Hit]:
    """Every address; `contact.address` for a whole one or one given to be
    used, `contact.street` for a part."""
    for rule, _, match in _RULES.found(text):
        if not _NO_PLACE.match(match.group()):
            yield Hit(rule, *match.span())
