"""Recognises direct contact: invitations to be in touch, places and times to meet, gifts and
enclosures."""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.findings import Hit
from letters.screening.text.patterns import Patterns

_DAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|tomorrow(?: night| morning)?|tonight|this "
    r"(?:weekend"
    r"|afternoon|evening|morning)"
    r"|next (?:week|month|weekend|\w+day)|on the \d{1,2}(?:st|nd|rd|th)|after (?:work|school|"
    r"church|court"
    r"|dark)|on your birthday|every \w+day"
)
_HOUR = (
    r"(?:(?:at|by|from|around|about)\s)?(?:\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|o'?clock)|"
    r"\d{1,2}[:.]\d\d|noon|midday"
    r"|midnight|half past \w+|(?:a )?quarter (?:past|to) \w+|\w+ o'?clock)"
)
_SPOT = (
    r"(?:the|my|your|our|that|that old|a)\s(?:\w+\s){0,2}?(?:park|station|bus stop|café|cafe|pub|"
    r"bar|house"
    r"|place|flat|school|church|library|bridge"
    r"|corner|shop|shops|supermarket|car park|mall|centre|center|restaurant|cemetery|grave|beach|"
    r"river|gate"
    r"|gates|bench|garage"
    r"|hotel|coffee shop|town hall|cinema|gym|work|usual place|same place|old place|pier|canal|"
    r"playground"
    r"|market|hospital|bus station|diner|field|fountain|statue|bandstand|clock tower)"
)
_CAP = r"(?-i:[A-ZÀ-Þ][a-zA-Z'’]+)"
_WHERE = (
    rf"(?:at|in|by|outside|near|behind|under|opposite|next to|in front of|inside|on)\s(?:{_SPOT}"
    rf"|(?:the\s)?{_CAP}(?:\s{_CAP}){{0,3}})"
)
_ME = r"(?:me|us)"
_FREE = (
    r"(?:please |just |you (?:can|could|should|may|must|know you can) |could you |can you |will "
    r"you |would you "
    r"|let's |we (?:can|could|should) |i(?:'d| would) (?:like|love) you to |i want you to |try "
    r"to |why don't you "
    r"|feel free to |and |so |then |or |but )"
)

_MEETING = (
    rf"\b(?:meet|see|join|find)\s(?:up with\s)?{_ME}\s(?:up\s)?(?:again\s|there\s|alone\s|"
    rf"tomorrow\s"
    rf"|tonight\s)?(?:{_WHERE}|{_HOUR}|(?:on\s)?(?:{_DAY}))\b",
    rf"\b(?:let's|lets|let us|we (?:can|could|should|might)|can we|could we|shall we|why don't "
    rf"we|if we could"
    rf"|i want (?:us )?to|i'd like (?:us )?to|i would like (?:us )?to)\s(?:just\s|maybe\s|"
    rf"please\s|still\s"
    rf"|all\s)?meet(?:\sup)?\s(?:you\s)?(?:again\s|alone\s|somewhere\s|quietly\s)?(?:{_WHERE}|"
    rf"{_HOUR}"
    rf"|(?:on\s)?(?:{_DAY}))\b",
    rf"\b(?:i'll|i will|i am going to|i'm going to|i can|i could)\s(?:be\s)?(?:wait(?:ing)?|"
    rf"sitting|standing"
    rf"|parked|there)\s(?:for\syou\s)?"
    rf"(?:{_WHERE}|(?:there\s)?{_HOUR}|(?:there\s)?(?:on\s)?(?:{_DAY}))",
    rf"\b(?:i'll|i will|i'm going to|i am going to)\s(?:come (?:by|round|over|and see you|and "
    rf"find you"
    rf"|to (?:see|visit|meet) you|to your (?:house|home|work|door|flat|place))|pick you up|visit "
    rf"you"
    rf"|be (?:there|outside|at your)|knock on your door|wait (?:outside|for you)"
    rf"|find you)\b(?:[^.!?\n]{{0,40}}?\b(?:{_HOUR}|{_DAY}))?",
    r"(?:\b(?:please|you (?:can|could|must)|could you|will you|can you|would you|just|so|"
    r"always)\s|^"
    r"|[.!?]\s)come\s(?:(?:to|over to|round to)\s(?:my|our)\s(?:house|flat|place|home|work|mum's|"
    r"mother's"
    r"|sister's|cell|room)|(?:and |to )(?:meet|see|visit|find)\s(?:me|us)|over|"
    r"round)\b(?:\s(?:at|on|in|by"
    r"|after)\s[^.!?\n]{3,30})?",
    rf"\b(?:same|usual|our old) (?:time|place|spot),?\s(?:and |same |same )?(?:time|place|{_DAY}|"
    rf"{_HOUR})",
    rf"\bmeet(?:ing)?(?:\s\w+){{0,3}}?\s{_WHERE}\s(?:{_HOUR}|(?:on\s)?(?:{_DAY}))",
    r"\bi (?:finish|get out|am released|will be out|come out|get released|get "
    r"home)\b[^.!?\n]{0,40}\b(?:meet"
    r"|see you|come and|wait for me|pick me up)\b",
    r"\b(?:visit|visiting) (?:hours|times) (?:are|is)\b[^.!?\n]{0,60}",
    r"\b(?:put me on|put you on|added you to|add you to|send(?:ing)? you) (?:your|my|the|a) "
    r"(?:visit(?:ing"
    r"|ors?)? (?:list|order)|visiting order|vo|call list|phone list)\b",
)
_DIRECT = (
    rf"({_FREE}?\b(?:call|ring|phone|text|email|e-mail|message|dm|facetime|"
    rf"bell)\s{_ME}\b)(?:\s(?:back|up"
    rf"|direct(?:ly)?|any ?time|when(?:ever)?|if|(?:on|at)\s[A-Za-z]\w*|tonight|tomorrow|instead|"
    rf"please"
    rf"|sometime|after|one day|soon|before))",
    rf"(?:{_FREE}|^|[.!?,;:]\s)((?:call|ring|phone|text|email|e-mail|"
    rf"message)\s{_ME})(?:\s?(?:[.,;:!?)\n]|$)"
    rf"|\s(?:and|or|so|when|if|please|(?:on|at)\s[A-Za-z]\w*|here|now|as)\b)",
    r"\b(?:give|drop|send|shoot) (?:me|us) a (?:call|ring|text|bell|message|e-?mail|dm|buzz|"
    r"shout)\b",
    r"\b(?:write|reply|answer|speak|talk|get in touch|contact|reach out|"
    r"respond)\s(?:back\s)?(?:to me "
    r"|with me |me |us )?(?:direct(?:ly)?|privately|in private|in secret|secretly|straight to me"
    r"|outside (?:of )?(?:this|the (?:programme|process|scheme)))\b",
    r"\b(?:contact|reach|get hold of|get in touch with) me\s(?:direct(?:ly)?|without|through "
    r"(?:my|a)"
    r"|via (?:my|a)|at|on|by)\b",
    r"\bwithout (?:the|these|those|any|our) (?:facilitators?|mediators?|middle ?m[ae]n|"
    r"go-betweens?|staff"
    r"|people in between|service)\b[^.!?\n]{0,40}",
    r"\b(?:behind (?:the|their) (?:facilitators?'?|back)s?\b|cut out the (?:middle|"
    r"facilitators?)|(?:skip"
    r"|bypass|go around|get around|leave out) the (?:facilitators?|service|mediators?|"
    r"middle))[^.!?\n]{0,30}",
    r"\b(?:through|via|by|to|ask|tell|give (?:it|a note|a letter|a message) to|leave (?:it|a "
    r"note|a letter"
    r"|a message) with) (?:my|our|your) (?:mum|mother|dad|father|sister|brother|cousin|friend|"
    r"mate|aunt|uncle"
    r"|solicitor|daughter|son|nan|neighbour)(?:'s (?:house|phone|address|"
    r"place))?\b[^.!?\n]{0,30}\b(?:reach"
    r"|pass(?: it| this| them)? on|get it to me|get to me|will give it|for my number|how to "
    r"(?:reach|find)"
    r"|where i am|my (?:number|address))",
    r"\b(?:my|our) (?:phone |mobile |cell |telephone |new )?(?:number|mobile|cell)(?:'s| is| "
    r"hasn't changed"
    r"| has not changed| is still| ends)\b[^.!?\n]{0,30}",
    r"\b(?:send|give|tell|let) me (?:have )?your (?:new |phone |mobile |home |e-?mail "
    r")?(?:number|address"
    r"|e-?mail|insta\w*|snap\w*)\b",
    r"\bwhat(?:'s| is) your (?:new |phone |mobile |home |e-?mail )?(?:number|address|e-?mail|"
    r"insta\w*|snap\w*)\b",
    r"\b(?:where (?:do|are) you (?:live|living|work|working)(?: now)?|which (?:school|town|street"
    r"|part of town)\s[^.!?\n]{0,20}\byou (?:live|go|work|are))\b",
    r"\byou (?:know|have|still have|got) (?:where (?:to find me|i live|i am)|my (?:number|"
    r"address|e-?mail))\b",
)
_THINGS = (
    r"(?:present|gift|photo(?:graph)?s?|picture|drawing|card|money|cheque|check|cash|ring|"
    r"necklace|bracelet"
    r"|flowers?|book|stamps?|"
    r"lock of (?:my )?hair|poem|cd|postal order|voucher|chocolates?|teddy(?: bear)?|something(?: "
    r"small"
    r"| special| nice)?|parcel|package|few pounds|little something|toy|notes?|bank ?notes?|coin|"
    r"\w+ pounds"
    r"|£\d+|\$\d+)"
)
_GIFT = (
    r"\b(?:i (?:have |also )?(?:enclosed?|attach(?:ed)?|include[d]?)|i am (?:enclosing|attaching|"
    r"including)"
    r"|i'm (?:enclosing|attaching|including)|i've (?:enclosed|attached|included|tucked|slipped|"
    r"put in)"
    r"|enclosed (?:is|are|you will find|please find|with)|please find (?:enclosed|attached)|"
    r"attached (?:is"
    r"|are))\b[^.!?\n]{0,40}",
    rf"\b(?:(?:i'm|i am|i'll be|we are) sending|i (?:have |also )?sent|i(?:'ll| will| want to| "
    rf"would like to"
    rf"|'d like to) (?:also )?(?:send|give|buy|get|post)|i(?:'ve| have) (?:made|bought|got|put|"
    rf"left|saved|kept"
    rf"|sent)|i (?:made|bought|left|got)) (?:you|for you|with this letter|your \w+|in (?:this"
    rf"|the) envelope)?\s?(?:(?:a|an|some|the|this|my|another|one"
    rf"|two)\s)?(?:\w+\s){{0,2}}?{_THINGS}\b(?:[^.!?\n]{{0,30}}\b(?:for you|in (?:this|the) "
    rf"envelope"
    rf"|with this letter|with this))?",
    rf"\b(?:a|some|this|the|my|here is a|here's a|small) (?:\w+\s)?{_THINGS} (?:for you|from me "
    rf"(?:to you)?"
    rf"|comes? with this|is in (?:this|the) envelope|inside (?:this|the) (?:letter|envelope)"
    rf"|with this letter)\b",
    r"\b(?:please )?(?:accept|take|keep|wear) (?:this|the|my) (?:\w+ )?(?:present|gift|ring|"
    r"money|necklace"
    r"|bracelet|photo(?:graph)?|picture|token|card|cheque|watch)\b",
    r"\b(?:in|inside) (?:this|the) (?:envelope|parcel|letter) (?:is|are|you will find|you'll "
    r"find|there is"
    r"|there's)\b[^.!?\n]{0,40}",
)
_RULES = Patterns({"contact.meeting": _MEETING, "contact.direct": _DIRECT, "contact.gift": _GIFT})
# A proposal that is denied or taken back is none.
_DENIED = re2.compile(
    r"(?i)\b(?:not|never|n't|no longer|won't|nobody will|without trying to|instead of|rather "
    r"than|wouldn't"
    r"|cannot|can't|stop(?:ped)?|used to|did you|did i|told me to|asked me (?:not )?to"
    r"|you (?:said|wrote|told me)|they let|allowed to|made you|forced you to|when you|when i|"
    r"c[ao]me|coming"
    r"|comes|went|going|have to|had to)\s(?:\w+\s){0,4}$"
)


def meeting(text: str) -> Iterator[Hit]:
    """Every proposal to meet or to be in touch around the facilitators, and
    everything enclosed with the letter."""
    for rule, pattern, match in _RULES.found(text):
        start, end = match.span(pattern.groups)  # 0 is the whole; mere context is left out
        lead = text[max(0, start - 40) : start]
        if not _DENIED.search(lead):
            yield Hit(rule, start, end)
