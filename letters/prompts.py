"""What helps to write, from a service's YAML file."""

from pathlib import Path

from letters import brought
from letters.rules.letter.guidance import Prompts

DEFAULT = Path(__file__).with_suffix(".yaml")


def read(path: Path = DEFAULT) -> Prompts:
    """The guidance and questions in this file; ``CannotStart`` if it cannot be read, or where it is wrong."""
    return brought.read(path, Prompts, "PROMPTS")
