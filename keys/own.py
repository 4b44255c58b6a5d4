"""What a person keeps for themselves: a box under a key from their own root.

Sealing to a person takes their public key alone, so anybody could have done it. This box can be made only by who holds
the root, and so what opens was put there by its owner.
"""

from keys import box
from keys.identity import Identity, expand


def seal_own(owner: Identity, context: bytes, text: str, random: box.Random) -> bytes:
    """Box a text so that only this person can have made and can open it; its length is hidden as a letter's is."""
    return box.seal(_key(owner), context, text.encode("utf-8", "surrogatepass"), random, box.LETTER_BLOCK)


def open_own(owner: Identity, context: bytes, blob: bytes) -> str:
    """Give the text back, or raise ``CannotOpen``."""
    return box.as_text(box.open_box(_key(owner), context, blob))


def _key(owner: Identity) -> bytes:
    return expand(owner.root, b"own")
