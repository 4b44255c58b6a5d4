"""Recognises ways to reach somebody around the facilitators: telephones, e-mail,
links, and names on social networks."""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.finders.address import postal
from letters.screening.finders.meeting import meeting
from letters.screening.finders.telephone import telephones
from letters.screening.finders.web_endings import KNOWN_HOSTS, MAIL_SERVICES, SURE, WORDS
from letters.screening.findings import Hit, Preferences
from letters.screening.text.patterns import Patterns

# Wide ranges of letters and marks instead of Unicode classes, which take
# ten times as long to compile.
_L = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u1fff\u2c00-\u2fff\u3040-\ud7ff\uf900-\ufdff"
    "\uff21-\uffdc\U00010000-\U0001efff\U00020000-\U0003ffff"
)
_AT = r"(?:\s{0,2}@\s{0,2}|\s?[(\[{<]\s?(?:at|@)\s?[)\]}>]\s?)"
_SPOKEN_DOT = r"(?:\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?|\s+dot\s+)"
_DOT = rf"(?:{_SPOKEN_DOT}|\s?\.\s?)"
_LOCAL, _LABEL = rf"[{_L}0-9._%+\-]*[{_L}0-9_]", rf"[{_L}0-9_\-]+"
_NAMED = rf"[0-9_\-]*[{_L}][{_L}0-9_\-]*"
_PATH = rf"(?:[/:?#]\S*[{_L}0-9/=&_\-])"

_EMAIL = (
    rf"{_LOCAL}{_AT}{_LABEL}(?:\.{_LABEL})*\.[{_L}]{{2,}}",
    rf"{_LOCAL}(?:{_AT}|\s+at\s+){_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}(?:{SURE})\b",
    rf"{_LOCAL}(?:{_AT}|\s+at\s+)(?:{MAIL_SERVICES})\b",
)
_LINK = (
    rf"h[tx]{{2}}ps?\s?\[?:\]?\s?//\s?\S*[{_L}0-9/=&_\-]",
    rf"\b(?:ftp://|mailto:|sms:|tg:|skype:|whatsapp:)\S*[{_L}0-9/=&_\-]",
    rf"\bwww\d?(?:[.\s]{{1,3}}|{_SPOKEN_DOT}){_LABEL}(?:(?:\.|{_SPOKEN_DOT}){_LABEL})*{_PATH}?",
    rf"(?:{_LABEL}\.)*{_NAMED}\.(?:{SURE})\b{_PATH}?",
    rf"(?:{_LABEL}\.)*{_NAMED}\.(?:{SURE}|{WORDS})/\S*[{_L}0-9/=&_\-]",
    rf"\b(?:{KNOWN_HOSTS})\b{_PATH}?",
    rf"{_NAMED}(?:\.{_LABEL}|{_SPOKEN_DOT}{_LABEL})*{_SPOKEN_DOT}(?:{SURE})\b{_PATH}?",
    rf"{_NAMED}(?:\s\.\s?|\.\s)(?-i:com|org|net|co\.uk|co \. uk)\b{_PATH}?",
)

_CLEAR_NETWORK = (
    r"(?:insta(?:gram)?|ig|face ?book|fb|snap(?:chat)?|tik ?tok|whats ?app|telegram|twitter|"
    r"discord|kik|reddit|skype"
    r"|you ?tube|linked ?in|tinder|bumble|hinge|grindr|we ?chat|viber|only ?fans|blue ?sky|"
    r"mastodon|xbox|psn"
    r"|play ?station|twitch|tumblr|pinterest|face ?time|imessage)"
)
# Also words of everyday speech: they count only after "find me on" and the like.
_NETWORK = rf"(?:{_CLEAR_NETWORK}|messenger|signal|threads|steam)"
_NAME = rf"[@\"“'‘]?[{_L}0-9_][{_L}0-9_.\-]*[{_L}0-9_]"
_IS = r"\s*(?:\b(?:is|called)\b|['’]s\b|[:=]|\s[-–—]\s)\s*"
# Words said about an account, not its name.
_NO_NAME = re2.compile(
    "(?i)a|all|back|banned|blocked|closed|deleted|down|full|gone|hacked|how|in|just|locked|mine|"
    "my|never|no|not|off|old|on"
    "|only|open|private|public|really|so|still|the|very|what|where|why|working"
)
_REACH = (
    r"(?:add|find|follow|message|msg|dm|inbox|contact|reach|text|search(?: for)?|look(?: for)?|"
    r"catch|get|hit|call|ring"
    r"|phone|write(?: to)?|friend|see|talk to|speak to|chat (?:to|with))\s(?:me|us)(?: up)?(?: "
    r"back)?"
    r"\s(?:on|via|through|at|over|by|using)\s(?:my\s)?"
)
_ACCOUNT = r"(?:user ?name|handle|screen ?name|gamer ?tag|profile name)"
_OF_NETWORK = r"(?:\s(?:name|user ?name|handle|id|tag|account|number|profile))?"
_HANDLE = (
    rf"\b{_REACH}{_NETWORK}\b(?:\s(?:as|under|at|name|it's|its)\s{_NAME}|\s?[:@(\-]\s?{_NAME})?",
    rf"\b{_CLEAR_NETWORK}(?:\sis)?\s[{_L}][{_L}.\-]*[0-9_][{_L}0-9_.\-]*",
    rf"\b(?:add|follow|find|message|check out)\smy\s{_CLEAR_NETWORK}\b",
    rf"\b(?:my|our)\s{_CLEAR_NETWORK}{_OF_NETWORK}{_IS}({_NAME})",
    rf"\bmy\s{_ACCOUNT}{_IS}({_NAME})",
    rf"\b{_CLEAR_NETWORK}{_OF_NETWORK}\s?[:=@]\s?{_NAME}",
    rf"\b(?:I'm|I’m|I am|im)\s(?:on\s{_CLEAR_NETWORK}\b(?:\s(?:as|under)\s{_NAME})?|"
    rf"{_NAME}\son\s{_CLEAR_NETWORK}\b)",
    r"\b(?:whats ?app|dm|inbox|face ?time|snap)\s(?:me|us)\b",
    rf"\b[{_L}][{_L}0-9_.]+#\d{{4}}\b",
    rf"\B@[{_L}_][{_L}0-9_.]*[{_L}0-9_]",
)

_RULES = Patterns({"contact.email": _EMAIL, "contact.link": _LINK, "contact.handle": _HANDLE})


def contact(text: str, preferences: Preferences) -> Iterator[Hit]:
    """Every way to reach somebody that this text gives; a place may be hit more than once."""
    yield from telephones(text, preferences)
    yield from postal(text)
    yield from meeting(text)
    for rule, pattern, match in _RULES.found(text):
        if not pattern.groups or not _NO_NAME.fullmatch(match.group(1)):
            yield Hit(rule, *match.span())
