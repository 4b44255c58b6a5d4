"""Every rule by its id, with the sentence that tells a facilitator why it matters. The id begins with the category."""

from letters.screening.findings import Category

_OUTSIDE = "letters pass through facilitators so that both people stay safe, and ways around them are left out."

WHY = {
    "contact.telephone": f"This looks like a telephone number; {_OUTSIDE}",
    "contact.digits": (
        "There are more digits here than could be read one number at a time; a telephone number could be among them."
    ),
    "contact.email": f"This looks like an e-mail address; {_OUTSIDE}",
    "contact.link": f"This looks like a link or a web address; {_OUTSIDE}",
    "contact.handle": f"This looks like a name on a social network or a messenger; {_OUTSIDE}",
    "hidden.invisible": (
        "There are characters here that cannot be seen; they can carry a message or break up a word unnoticed."
    ),
    "hidden.tag": "There are invisible tag characters here; they can carry a whole message that only a computer shows.",
    "hidden.direction": (
        "There are characters here that change the direction of reading; what is seen may not be what was written."
    ),
    "hidden.control": "There are control characters here that no keyboard types; part of the text may not be shown.",
    "hidden.unreadable": "Some of the text here could not be read as characters; something may have been lost.",
    "hidden.private": "There are characters here without a public meaning; they look different on each computer.",
    "hidden.space": "There are unusual spaces here; they can carry a message or break up a word unnoticed.",
    "hidden.marks": "Letters here are struck through or covered with marks; the words beneath may be hard to see.",
    "hidden.lookalike": (
        "This mixes letters of different alphabets that look alike; it reads as one word but is stored as another."
    ),
    "hidden.styled": "This is written in special forms of letters or digits, which can keep a word from being noticed.",
    "hidden.spelled": "This is spelled out with something between its letters or digits, which can hide what it says.",
}

MANY = "There are very many such places in this text, so neighbours are shown as one."


def category(rule: str) -> Category:
    """The category that a rule's id begins with."""
    return Category(rule.partition(".")[0])
