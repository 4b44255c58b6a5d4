"""What a service brings in YAML files of its own: its framework, and what helps to write. ``defaults/`` is what it has
without one. A file that is wrong is said to be so, with the place."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from letters.rules.case.framework import Framework
from letters.rules.errors import CannotStart
from letters.rules.letter.guidance import Prompts

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Made = TypeVar("Made")
DEFAULTS = Path(__file__).with_name("defaults")
FRAMEWORK, PROMPTS = DEFAULTS / "framework.yaml", DEFAULTS / "prompts.yaml"


def framework(path: Path = FRAMEWORK) -> Framework:
    """The framework in this file; ``CannotStart`` if it cannot be read, or with the place where it is wrong."""
    return read_file(path, Framework, "FRAMEWORK")


def prompts(path: Path = PROMPTS) -> Prompts:
    """The guidance and questions in this file; ``CannotStart`` if it cannot be read, or where it is wrong."""
    return read_file(path, Prompts, "PROMPTS")


def read_file(path: Path, kind: type[Made], variable: str) -> Made:
    """What is in this file; ``CannotStart`` if it cannot be read, or with the place where it is wrong. ``variable``: by
    which the service names the file."""
    try:
        written = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe
        made = msgspec.convert(written, kind)
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotStart(f"{variable} cannot be read ({type(problem).__name__}).") from None
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        raise CannotStart(f"{variable} is not YAML{f', in line {where.line + 1}' if where else ''}.") from None
    except RecursionError:
        raise CannotStart(f"{variable} is nested too deeply.") from None
    except msgspec.ValidationError as problem:
        raise CannotStart(f"{variable} is wrong: {problem}") from None
    for place in _unknown(written, made, "$"):
        raise CannotStart(f"{variable} is wrong: `{place}` means nothing here")
    return made


def _unknown(written: object, made: object, place: str) -> Iterator[str]:
    """Where a name stands that means nothing: it is mistyped, and what it was to set would silently be as usual."""
    if isinstance(written, dict):
        for name, part in written.items():
            if not hasattr(made, str(name)):
                yield f"{place}.{name}"
            else:
                yield from _unknown(part, getattr(made, name), f"{place}.{name}")
    elif isinstance(written, list) and isinstance(made, tuple):
        for number, (part, one) in enumerate(zip(written, made, strict=True)):
            yield from _unknown(part, one, f"{place}[{number}]")
