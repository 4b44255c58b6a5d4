"""A service's framework, from its YAML file."""

from pathlib import Path

from letters import brought
from letters.rules.case.framework import Framework

DEFAULT = Path(__file__).with_suffix(".yaml")


def read(path: Path = DEFAULT) -> Framework:
    """The framework in this file; ``CannotStart`` if it cannot be read, or with the place where it is wrong."""
    return brought.read(path, Framework, "FRAMEWORK")
