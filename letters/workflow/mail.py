"""What the workflow knows of the post: a message, and what became of it. How it travels, ``letters/post.py`` knows."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Mail:
    """One message. ``id`` stands for nothing else; neither a log nor an error prints to whom it goes."""

    id: UUID
    address: str
    sender: str
    subject: str
    words: str
    at: datetime

    def __repr__(self) -> str:
        return "Mail(...)"


class Carried(Enum):
    """What became of a message. ``NOT_KNOWN``: it was handed over, and nobody said whether it was taken."""

    SENT = auto()
    LATER = auto()
    CAME_BACK = auto()
    NOT_KNOWN = auto()


class Post(Protocol):
    """Takes messages to where they go."""

    def carry(self, mail: Mail) -> Carried:
        """Hand one message over, once, to its one address; it raises nothing that could name anybody."""
