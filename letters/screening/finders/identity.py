"""Recognises who and what could identify somebody: the case's own names and places
first, then schools, work, surnames.

There is no general tagger of names: it would mark nearly every letter.
"""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.finders.listed import listed
from letters.screening.findings import Hit, Preferences
from letters.screening.text.patterns import Patterns

_CAP = r"(?-i:[A-ZÀ-ÞΑ-ΩА-Я][^\s.,;:!?()\"\d]+)"
_CAPS = rf"{_CAP}(?:\s(?:(?:of|the|and|for|in|&|upon|on)\s)?{_CAP}){{0,4}}"
_FAMILY = (
    r"(?:mum|mom|mother|dad|father|brother|sister|son|daughter|cousin|uncle|aunt(?:ie|y)?|gran|"
    r"nan|grandm(?:a|other)"
    r"|grand(?:father|dad|son|daughter)|wife|husband|partner|girlfriend|boyfriend|ex|fiancée?|"
    r"fiancee?|friend"
    r"|mate|neighbour"
    r"|neighbor|boss|manager|teacher|doctor|solicitor|lawyer|nephew|niece|step(?:mum|dad|son|"
    r"daughter|father|mother)"
    r"|cellmate|colleague|landlord|kids?|child|baby|boy|girl)"
)
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|PC|Sgt|Sergeant|Officer|Judge|Rev|Reverend|"
    r"Father|Sister|Sir"
    r"|Lady)"
)
_WHOSE = r"(?:my|your|his|her|our|their|the)"
_KIND_OF_SCHOOL = (
    r"(?:(?:primary|infants?|junior|secondary|high|grammar|middle|elementary|nursery|"
    r"comprehensive|boarding|sunday)\s)?"
    r"(?:school|academy|college|university|nursery|kindergarten|sixth form)"
)
_PLACE_OF_WORK = (
    r"(?:hospital|surgery|clinic|restaurant|pub|bar|café|cafe|salon|garage|supermarket|store|"
    r"shop|bakery|bank"
    r"|library|church"
    r"|mosque|temple|gym|leisure centre|care home|nursing home|hotel|warehouse|factory|council|"
    r"office"
    r"|takeaway|butchers?)"
)

_SURNAME = (rf"\b(?-i:{_TITLE})\.?\s{_CAP}(?:\s{_CAP})?",)
_PERSON = (
    rf"\b{_WHOSE}\s(?:(?:little|big|older|younger|old|new|best|eldest|youngest"
    rf"|own)\s)?{_FAMILY},?\s(?:called\s|named\s|is\s)?"
    rf"(?-i:{_CAP}\s{_CAP})",
    rf"\b(?:full|sur|real|maiden|last|second|whole|married)\s?name(?:'s|\sis|"
    rf"\swas)\s(?:now\s)?{_CAP}(?:\s{_CAP})*",
    rf"\b{_WHOSE}(?:\s{_FAMILY}'s|\sother)?\sname(?:'s|\sis|\swas)\s(?-i:{_CAP}(?:\s{_CAP})*)",
    rf"\b(?:called|named|name of|known as|by the name of)\s(?-i:{_CAP}\s{_CAP})",
    rf"\bthe\s(?-i:{_CAP})s?\s(?:family|household|twins|brothers|sisters|boys|girls|lads|kids)\b",
    rf"\b(?-i:{_CAP}\s{_CAP}),?\s(?:who|that)\s(?:lives?|lived|works?|worked|goes|went|is|was)\b",
)
_SCHOOL = (
    rf"\b(?-i:{_CAPS})\s(?i:{_KIND_OF_SCHOOL})\b",
    rf"\b(?:school|college|university|academy|nursery|uni)\s(?:called|named|of|in|"
    rf"at)\s(?-i:{_CAPS})",
    rf"\b(?-i:University|College|School|Academy)\sof\s(?-i:{_CAPS})",
    rf"\b(?:at|to|from|attends?|attended|pupil at|student at|studie[ds] at|studying at)\s(?-i:(?:St"
    rf"|Saint)\.?\s{_CAP}(?:'s)?)"
    rf"(?:\s(?-i:{_CAP}))*",
    rf"\b(?:goes to|go to|went to|studies at|study at|studied at|enrolled at|year \w+ at|teaches "
    rf"at|taught at"
    rf"|class at)\s"
    rf"(?:the\s)?(?-i:{_CAPS})\s(?:{_KIND_OF_SCHOOL}|primary|secondary|high|grammar|infants|"
    rf"juniors|comp|uni)\b",
)
_WORK = (
    rf"\b(?:works?|worked|working|employed|job|shifts?|started|manager|nurse|teacher|cleaner|"
    rf"driver|cook|chef"
    rf"|waitress|waiter"
    rf"|receptionist|porter|volunteers?|volunteering|apprentice|position|placement)\s(?:part[- "
    rf"]time\s"
    rf"|full[- ]time\s|nights\s|days\s|now\s|still\s)?"
    rf"(?:at|for|with|in|behind the bar (?:at|of|in))\s(?:the\s)?(?-i:{_CAPS})",
    rf"\b(?:works?|worked|working|employed)\s(?:\w+\s){{0,3}}(?:at|in|for)\s(?:the|a"
    rf"|an)\s(?:\w+\s){{0,2}}{_PLACE_OF_WORK}\s"
    rf"(?:in|on|near|by|called|opposite|next to|at)\s(?:the\s)?(?-i:{_CAPS})",
    rf"\b(?-i:{_CAPS}(?:'s)?)\s{_PLACE_OF_WORK},?\swhere\s(?:you|he|she|they|i|we)\b",
)
_NUMBER = (
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"\b(?-i:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])\s?\d{2}\s?\d{2}\s?\d{2}\s?(?-i:[A-D])\b",
    r"\b(?:number plate|registration|reg(?:\s?plate)?|licen[cs]e plate|plate)(?:\s(?:number|is"
    r"|was))*:?\s(?-i:[A-Z]{2}\d{2}\s?[A-Z]{3})\b",
    r"\b(?:passport|national insurance|nhs|driving licence|licence)\s(?:number|no\.?)(?:\s(?:is"
    r"|was))?:?\s[A-Z0-9][A-Z0-9 ]{5,14}[A-Z0-9]\b",
)

_RULES = Patterns({"identity.surname": _SURNAME, "identity.person": _PERSON,
                   "identity.school": _SCHOOL, "identity.work": _WORK, "identity.number": _NUMBER})
# Capitalised words that name nobody.
_NOBODY = re2.compile(
    r"(?i)\b(?:mr|mrs|ms|miss|dr|officer|judge|father|sister|sir|lady|doctor)\.?\s(?:who|what|i|"
    r"and|but|if"
    r"|when|right|nobody|god|jesus)\b"
    r"|(?:my|in|the|at|an?|to|from|your|his|her|our|their|this|that|high|primary|secondary|art|"
    r"every|no|same"
    r"|old|new|sunday|after|before"
    r"|since|and|but|law|medical|summer|private|public|local|english|for|when|if|of|from"
    r"|drama)\s(?:\w+\s)?(?:school|college|university|academy|nursery)"
    r"|.*\b(?:god|jesus|christ|lord|christmas|easter|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday"
    r"|january|february|march"
    r"|april|june|july|august|september|october|november|december|english|covid)\s*$"
)


def identity(text: str, preferences: Preferences) -> Iterator[Hit]:
    """Names and places of the case's own list, and forms that name a
    person, a school or a place of work."""
    for start, end in listed(text, preferences.names):
        yield Hit("identity.name", start, end)
    for start, end in listed(text, preferences.places):
        yield Hit("identity.place", start, end)
    for rule, _, match in _RULES.found(text):
        if not _NOBODY.match(match.group()):
            yield Hit(rule, *match.span())
