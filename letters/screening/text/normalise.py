"""Views of a letter: as written, cleaned, and closed up, each with the way
back to the letter's own offsets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from letters.screening.text.characters import plain
from letters.screening.text.spelled_out import spelled_out

_SPACES = re.compile(" {2,}")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


@dataclass(frozen=True)
class View:
    """A text to read in place of the letter; `origin[i]` is the place in the letter of character i.

    The origins never fall, unless the view is `turned`: written backwards, or
    put together from several places.
    """

    text: str
    origin: Sequence[int]
    turned: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the letter of the characters `start` to `end` (not empty) of this view."""
        if self.turned:
            places = self.origin[start:end]
            return min(places), max(places) + 1
        return self.origin[start], self.origin[end - 1] + 1

    def pick(self, text: str, places: Sequence[int], turned: bool = False) -> "View":
        """A view of `text`, whose characters come from these places of this view."""
        return View(text, [self.origin[at] for at in places], self.turned or turned)


def as_written(text: str) -> View:
    """The letter itself, character for character; half surrogates, which no encoding can hold, read
    as U+FFFD."""
    return View(text.translate(_SURROGATES), range(len(text)))


def cleaned(view: View) -> View:
    """As the eye reads it: without hidden characters and accents, with special forms
    and look-alikes as plain letters."""
    forms = {char: plain(char) for char in set(view.text)}
    if all(char == form for char, form in forms.items()):
        return view
    text = "".join(forms[char] for char in view.text)
    if len(text) == len(view.text) and all(len(form) == 1 for form in forms.values()):
        return View(text, view.origin, view.turned)
    return View(text, [at for at, char in zip(view.origin, view.text, strict=True)
                       for _ in forms[char]], view.turned)


def squeezed(view: View) -> View:
    """One space in place of several: patterns of speech are written with one."""
    if "  " not in view.text:
        return view
    kept, done = list[int](), 0
    for match in _SPACES.finditer(view.text):
        kept += range(done, match.start() + 1)
        done = match.end()
    kept += range(done, len(view.text))
    return view.pick(_SPACES.sub(" ", view.text), kept)


def closed_up(view: View) -> View:
    """The view without the separators in everything that is spelled out: "c-a-l-l" reads "call"."""
    pieces, places, done = list[str](), list[int](), 0
    for word in spelled_out(view.text, short_too=True):
        pieces += [view.text[done : word.start], word.read]
        places += [*range(done, word.start), *word.kept]
        done = word.end
    if not done:
        return view
    pieces.append(view.text[done:])
    places += range(done, len(view.text))
    return view.pick("".join(pieces), places)
