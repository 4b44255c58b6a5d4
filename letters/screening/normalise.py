"""Views of a letter: as written, cleaned, and closed up, each with the way back to the letter's own offsets."""

from collections.abc import Sequence
from dataclasses import dataclass

from letters.screening.characters import plain
from letters.screening.spelled import spelled_out

_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


@dataclass(frozen=True)
class View:
    """A text to read in place of the letter; `origin[i]` is the place in the letter of character i, never falling."""

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the letter the characters `start` to `end` (not empty) of this view stand."""
        return self.origin[start], self.origin[end - 1] + 1


def as_written(text: str) -> View:
    """The letter itself, character for character; half surrogates, which no encoding can hold, read as U+FFFD."""
    return View(text.translate(_SURROGATES), range(len(text)))


def cleaned(view: View) -> View:
    """As the eye would read it: hidden characters and accents gone, special forms and look-alikes in plain letters."""
    forms = {char: plain(char) for char in set(view.text)}
    if all(char == form for char, form in forms.items()):
        return view
    text = "".join(forms[char] for char in view.text)
    return View(text, [at for at, char in zip(view.origin, view.text, strict=True) for _ in forms[char]])


def closed_up(view: View) -> View:
    """The view with the separators taken out of everything that is spelled out: "c-a-l-l" reads "call"."""
    kept, done = list[int](), 0
    for word in spelled_out(view.text):
        kept += [*range(done, word.start), *word.kept]
        done = word.end
    if not done:
        return view
    kept += range(done, len(view.text))
    return View("".join(view.text[at] for at in kept), [view.origin[at] for at in kept])
