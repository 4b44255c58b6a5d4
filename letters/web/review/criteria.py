"""What a reader looks for, by the letter's author: the same each time (rule 13), narrower
for the person harmed (rule 14). The words are the practice's. Nothing here decides
anything; it stands next to the letter."""

from typing import NamedTuple

from letters.rules.roles import Role
from letters.web import words
from letters.web.languages import later as _l


class Criteria(NamedTuple):
    """``good``: what a letter is read for first. ``watch``: what to look for. ``also``: remarks."""

    good_title: str
    good: tuple[str, ...]
    watch_title: str
    watch: tuple[str, ...]
    also: tuple[str, ...] = ()


CRITERIA = {
    Role.RESPONSIBLE: Criteria(
        _l("A good letter of responsibility"),
        (_l("names the specific harm,"), _l("accepts responsibility for it,"),
         _l("shows its effect,"),
         _l("may say what has changed.")),
        _l("Look for"),
        (_l("threat, intimidation, revenge"), _l("blame on %(harmed)s, others or circumstances"),
         _l("excuses"),
         _l("denial, and “if you were hurt”"), _l("making it smaller than it was"),
         _l("pressing for forgiveness, a reply, a meeting; bargains"),
         _l("self-pity: the writer becomes the victim"),
         _l("control: guilt, secrets, pet names, hints of watching"),
         _l("pressure to withdraw, testify or drop"),
         _l("contact details, gifts, meeting places"), _l("names and places of others"),
         _l("sexual language; the harm described again"), _l("insults"),
         _l("harm to self, to others or to a child: open an alert"),
         _l("another greeting or signature than wished; words not to be used"),
         _l("anything hidden in the text")),
        (_l("It asks for nothing: no forgiveness, no answer, no meeting."),
         _l("It concerns this harm and this person."))),
    Role.HARMED: Criteria(
        _l("What belongs to a letter of %(harmed)s"),
        (_l("how it was, and how it is,"), _l("their questions,"),
         _l("anger, as much as there is.")),
        _l("The test is narrow: look for"),
        (_l("threats or revenge"), _l("contact details"), _l("sexual content")),
        (_l("Anger is not on the list. Blame is theirs to lay."),
         _l("Harm to self or to others: open an alert, and speak with them."),
         _l("As little as possible is withheld."))),
}
"""By the writer's role."""


def of(writer: Role) -> Criteria:
    """The criteria for a letter of this writer; the wider list for a role without its own."""
    found = CRITERIA.get(writer, CRITERIA[Role.RESPONSIBLE])
    return found._replace(good_title=words.filled(found.good_title),
                          watch=tuple(map(words.filled, found.watch)))
