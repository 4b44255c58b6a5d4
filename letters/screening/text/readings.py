"""All readings of one letter: as written, as the eye reads it, put together, unmasked, decoded."""

from collections.abc import Iterator
from dataclasses import dataclass

from letters.screening.findings import Hit
from letters.screening.text.decode import Decoded, decoded, unescaped, unmarked
from letters.screening.text.disguise import dialled, masked_words, unmasked
from letters.screening.text.hidden import hidden
from letters.screening.text.normalise import View, as_written, cleaned, closed_up, squeezed
from letters.screening.text.spelled_out import spelled_out

# A code within a code is decoded once more; each decoding is shorter than its source.
_DEEPEST = 2
# A letter full of small codes is reported; this many of them are also read.
_MOST_DECODED = 200


@dataclass(frozen=True)
class Readings:
    """The views to screen, `numbers` for telephones alone, and the places that hid something."""

    written: View
    clean: View
    views: tuple[View, ...]
    numbers: tuple[View, ...]
    hidden: tuple[Hit, ...]


def readings(text: str) -> Readings:
    """Every reading of the text, without duplicates. Linear in the text's length."""
    written = as_written(text)
    clean = cleaned(written)
    concealed = [*hidden(written.text), *_spelled(clean), *masked_words(clean)]
    read = [*_apart(clean)]
    for view in _undone(written, concealed):
        read += _apart(cleaned(view))
    for found in _decoded(written, clean, _DEEPEST):
        concealed += found.hits
        read += _apart(cleaned(found.view))
    views = {(view.text, view.origin[0] if view.text else 0): view for view in read}
    numbers = [view for said in views.values() if (view := dialled(said)) is not said]
    return Readings(written, clean, tuple(views.values()), tuple(numbers), tuple(concealed))


def _apart(clean: View) -> Iterator[View]:
    """A cleaned view, and further views with its words put together and
    unmasked if that makes a difference."""
    single = squeezed(clean)
    yield single
    closed = closed_up(clean)
    closed = single if closed is clean else squeezed(closed)
    if closed is not single:
        yield closed
    plain = unmasked(closed)
    if plain is not closed:
        yield plain


def _spelled(clean: View) -> Iterator[Hit]:
    for word in spelled_out(clean.text):
        yield Hit("hidden.spelled", *clean.span(word.start, word.end))


def _undone(written: View, concealed: list[Hit]) -> Iterator[View]:
    """The letter without entities and markup, if it has any that change its words."""
    named = unescaped(written)
    bare = unmarked(named.view)
    concealed += [*named.hits, *bare.hits]
    if bare.view is not written:
        yield bare.view


def _decoded(written: View, clean: View, deep: int) -> Iterator[Decoded]:
    left = _MOST_DECODED
    for source, view in ((written, clean), *((put, put) for put in _put_together(clean))):
        for found in decoded(source, view):
            left -= 1
            if left < 0:
                return
            yield found
            if deep > 1:
                inner = cleaned(found.view)
                yield from _decoded(found.view, inner, deep - 1)


def _put_together(clean: View) -> Iterator[View]:
    closed = closed_up(clean)
    if closed is not clean:
        yield closed
