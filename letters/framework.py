"""Read a service's framework from its YAML file, and say plainly where it is wrong."""

from pathlib import Path

import msgspec
import yaml

from letters.domain.errors import CannotStart
from letters.domain.framework import Framework

DEFAULT = Path(__file__).with_suffix(".yaml")


def read(path: Path = DEFAULT) -> Framework:
    """The framework in this file; ``CannotStart`` if it cannot be read, or with the place where it is wrong."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Framework)
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotStart(f"FRAMEWORK cannot be read ({type(problem).__name__}).") from None
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        raise CannotStart(f"FRAMEWORK is not YAML{f', in line {where.line + 1}' if where else ''}.") from None
    except msgspec.ValidationError as problem:
        raise CannotStart(f"FRAMEWORK is wrong: {problem}") from None
