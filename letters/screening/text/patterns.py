"""Many patterns over one text: sets say which of them occur at all, and only those are run."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import re2  # type: ignore[import-untyped, unused-ignore]

# A set that runs out of memory finds nothing and does not say so; this is many times what it needs.
ROOM = 1 << 28
TOGETHER = 8
"""The number of patterns that go through a text at once. A few sets soon have every state that
they ever need; one for all would be built again for each new text."""


class Patterns:
    """Patterns by their rule, written as for ``re2``; capital letters count as small ones."""

    def __init__(self, rules: Mapping[str, Iterable[str]]) -> None:
        self._rules = [(rule, re2.compile(f"(?i){written}"))
                       for rule, patterns in rules.items() for written in patterns]
        self._sets = [(first, _set([pattern.pattern for _, pattern
                                    in self._rules[first:first + TOGETHER]]))
                      for first in range(0, len(self._rules), TOGETHER)]

    def found(self, text: str) -> Iterator[tuple[str, Any, Any]]:
        """Every match, with its rule and its pattern, in the order in which they were given."""
        plain = text.encode()
        for index in sorted(first + index for first, together in self._sets
                            for index in together.Match(plain) or ()):
            rule, pattern = self._rules[index]
            for match in pattern.finditer(text):
                yield rule, pattern, match


def _set(patterns: list[str]) -> Any:
    options = re2.Options()
    options.never_capture, options.max_mem, options.log_errors = True, ROOM, False
    found = re2.Set.SearchSet(options)
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    return found
