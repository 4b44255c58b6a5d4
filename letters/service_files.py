"""The YAML files that a service can bring: its framework, its help with writing, its helplines.
``defaults/`` holds the ones used otherwise. An error in a file is reported with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from letters.rules.case.framework import Framework
from letters.rules.errors import CannotStart
from letters.rules.letter.guidance import Prompts
from letters.rules.support import Support

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Made = TypeVar("Made")
DEFAULTS = Path(__file__).with_name("defaults")
FRAMEWORK, PROMPTS = DEFAULTS / "framework.yaml", DEFAULTS / "prompts.yaml"
SUPPORT = DEFAULTS / "support.yaml"


def framework(path: Path = FRAMEWORK) -> Framework:
    """The framework in this file.
    Raises ``CannotStart`` if it cannot be read, or with the place of an error."""
    return read_file(path, Framework, "FRAMEWORK")


def prompts(path: Path = PROMPTS) -> Prompts:
    """The guidance and questions in this file.
    Raises ``CannotStart`` if it cannot be read, or with the place of an error."""
    return read_file(path, Prompts, "PROMPTS")


def support(path: Path = SUPPORT) -> Support:
    """The helplines in this file.
    Raises ``CannotStart`` if it cannot be read, or with the place of an error."""
    return read_file(path, Support, "SUPPORT")


def read_file(path: Path, kind: type[Made], variable: str) -> Made:
    """The contents of this file. ``variable``: the setting that names it.
    Raises ``CannotStart`` if it cannot be read, or with the place of an error."""
    try:
        text = path.read_text(encoding="utf-8")
        written = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe
        made = msgspec.convert(written, kind)
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotStart(f"{variable} cannot be read ({type(problem).__name__}).") from None
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        raise CannotStart(f"{variable} is not "
                          f"YAML{f', in line {where.line + 1}' if where else ''}.") from None
    except RecursionError:
        raise CannotStart(f"{variable} is nested too deeply.") from None
    except msgspec.ValidationError as problem:
        raise CannotStart(f"{variable} is wrong: {problem}") from None
    for place in _unknown(written, made, "$"):
        raise CannotStart(f"{variable} is wrong: `{place}` means nothing here")
    return made


def _unknown(written: object, made: object, place: str) -> Iterator[str]:
    """The places of unknown names: a mistyped name would leave its
    setting at the default, silently."""
    if isinstance(written, dict):
        for name, part in written.items():
            if not hasattr(made, str(name)):
                yield f"{place}.{name}"
            else:
                yield from _unknown(part, getattr(made, name), f"{place}.{name}")
    elif isinstance(written, list) and isinstance(made, tuple):
        for number, (part, one) in enumerate(zip(written, made, strict=True)):
            yield from _unknown(part, one, f"{place}[{number}]")
