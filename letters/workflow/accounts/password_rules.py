"""Passwords: seven words are offered, and the likeliest guesses are refused. No rules about kinds
of characters.

The words are a list of our own choosing, because public lists also hold words that wound. The
common passwords are counted from leaked ones and come from a package; nothing is asked of a
network.
"""

import unicodedata
from functools import cache
from itertools import pairwise

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from keys.box import Random
from keys.identity import gentle_words
from keys.passphrase import MAX_PASSWORD_BYTES
from letters.rules.errors import NotAcceptable
from letters.rules.translatable import marked

WORDS = 7
"""Seven words of 2,300 are 78 bits, more than six of the public list of 7,776."""
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop",
         "asdfghjkl", "zxcvbnm")
_OWN_LEAST = 8
_REFUSED = marked("Please choose another password: this one is among the first that somebody "
                  "would try. Several words "
                  "that do not belong together are hard to guess and easy to remember.")


def passphrase(random: Random) -> str:
    """A passphrase in which every word is equally likely."""
    return " ".join(_word(random) for _ in range(WORDS))


def is_passphrase(typed: str) -> bool:
    """True if this can be a passphrase that was offered: only such words may a page show again."""
    words = typed.split(" ")
    return len(words) == WORDS and all(word in _places() for word in words)


def refuse_common(password: str, *own: str) -> None:
    """Check that a password is not common, no run such as 12345…, and more than a name in ``own``:
    the sign-in name, the service's name.
    Raises ``NotAcceptable`` otherwise."""
    # the stretch refuses it, and says why
    if len(password.encode("utf-8", "surrogatepass")) > MAX_PASSWORD_BYTES:
        return
    plain = known(password)
    bare = without_tail(plain)
    if any(_is_common(form)
           for form in (plain, bare, plain.replace(" ", ""), bare.replace(" ", ""))):
        raise NotAcceptable("password", _REFUSED)
    for word in filter(None, map(known, own)):
        if word in plain and len(plain.replace(word, "")) < _OWN_LEAST:
            raise NotAcceptable("password",
                                marked("Please choose another password: this one is "
                                       "little more than a "
                                       "name that others may know."))


def known(typed: str) -> str:
    """One form for words that look alike: composed, without capital letters or outer spaces."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed.strip()).casefold())


def without_tail(plain: str) -> str:
    """The word without the digits and marks at its end, which people add to a refused password."""
    end = len(plain)
    while end and not plain[end - 1].isalpha():
        end -= 1
    return plain[:end]


def _is_common(plain: str) -> bool:
    unit = _unit(plain)
    is_repeated = len(unit) < min(len(plain), 5)
    return is_repeated or unit in _common() or without_tail(unit) in _common() or _is_run(plain)


def _unit(plain: str) -> str:
    """The shortest part that gives the whole word when it is repeated."""
    return plain[:(plain + plain).find(plain, 1)] if plain else plain


def _is_run(plain: str) -> bool:
    """True if each character follows the one before it on a keyboard or in the alphabet, in one
    direction."""
    pairs = list(map("".join, pairwise(plain)))
    return len(pairs) > 3 and any(all(pair in way for pair in pairs)
                                  for row in _ROWS for way in (row + row[0], (row + row[0])[::-1]))


def _word(random: Random) -> str:
    while True:  # 12 bits are 4,096: draw again beyond the list, to keep words equally likely
        place = int.from_bytes(random(2)) & 0xFFF
        if place < len(gentle_words()):
            return gentle_words()[place]


@cache
def _places() -> frozenset[str]:
    return frozenset(gentle_words())


@cache
def _common() -> frozenset[str]:
    return frozenset(known(word) for word in FREQUENCY_LISTS["passwords"])
