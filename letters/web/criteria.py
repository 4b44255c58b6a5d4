"""What a reader looks for, by who wrote the letter: the same each time (rule 13), narrower for the person harmed
(rule 14). The words are the practice's. Nothing here decides anything; it stands beside the letter.
"""

from typing import NamedTuple

from letters.domain.people import Role
from letters.web import called


class Criteria(NamedTuple):
    """``good``: what a letter is read for first. ``watch``: what to look for. ``also``: what is said besides."""

    good_title: str
    good: tuple[str, ...]
    watch_title: str
    watch: tuple[str, ...]
    also: tuple[str, ...] = ()


CRITERIA = {
    Role.RESPONSIBLE: Criteria(
        "A good letter of responsibility",
        ("names the specific harm,", "accepts responsibility for it,", "shows its effect,",
         "may say what has changed."),
        "Look for",
        ("threat, intimidation, revenge", "blame on %(harmed)s, others or circumstances", "excuses",
         "denial, and “if you were hurt”", "making it smaller than it was",
         "pressing for forgiveness, a reply, a meeting; bargains", "self-pity: the writer becomes the victim",
         "control: guilt, secrets, pet names, hints of watching", "pressure to withdraw, testify or drop",
         "contact details, gifts, meeting places", "names and places of others",
         "sexual language; the harm described again", "insults",
         "harm to self, to others or to a child: open an alert",
         "another greeting or signature than wished; words not to be used", "anything hidden in the text"),
        ("It asks for nothing: no forgiveness, no answer, no meeting.",
         "It concerns this harm and this person.")),
    Role.HARMED: Criteria(
        "What belongs to a letter of %(harmed)s",
        ("how it was, and how it is,", "their questions,", "anger, as much as there is."),
        "The test is narrow: look for",
        ("threats or revenge", "contact details", "sexual content"),
        ("Anger is not on the list. Blame is theirs to lay.",
         "Harm to self or to others: open an alert, and speak with them.",
         "As little as possible is withheld.")),
}
"""By the writer's role."""


def of(writer: Role) -> Criteria:
    """What to read a letter of this writer for; the wider list for whoever has none of their own."""
    found = CRITERIA.get(writer, CRITERIA[Role.RESPONSIBLE])
    return found._replace(good_title=called.filled(found.good_title), watch=tuple(map(called.filled, found.watch)))
