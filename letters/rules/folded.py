"""States that are folded from facts: never changed, only followed by another."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from copy import copy
from typing import Self

from letters.rules.events import Fact


class Folded(ABC):
    """A state whose fields hold values, containers of values, and other states. ``tell`` replaces
    what is in a container and never changes that in place, so two states can go different ways."""

    def after(self, facts: Iterable[Fact]) -> Self:
        """How it stands after these facts, oldest first. Nothing of this object changes.

        Raises ``Tampered`` if a fact does not follow from those before it.
        """
        later = self._apart()
        for fact in facts:
            later.tell(fact)
        return later

    @abstractmethod
    def tell(self, fact: Fact) -> None:
        """Apply one fact, in place."""

    def _apart(self) -> Self:
        own = copy(self)
        for name, value in vars(own).items():
            if isinstance(value, Folded):
                setattr(own, name, value._apart())
            elif isinstance(value, dict | list | set):
                setattr(own, name, value.copy())
        return own
