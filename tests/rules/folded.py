"""Facts of chains that were played once, and what they fold to, as plain values: to be kept in a
file, and held against every later version. ``make_folded`` writes it."""

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from letters.rules.accounts import Accounts
from letters.rules.case.history import CaseHistory
from letters.rules.events import Event, Fact

FILE = Path(__file__).with_name("folded.json")


def plain(value: Any) -> Any:
    """A state as JSON knows it; sets in an order of their own."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(one) for one in value), key=json.dumps)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.int
    return value.hex() if isinstance(value, bytes) else value


def fact_of(line: list[Any]) -> Fact:
    """A fact from its line in the file."""
    event, subject, about, left, entered, at, actor, detail = line
    return Fact(Event(event), UUID(int=subject), UUID(int=about), left, entered,
                datetime.fromisoformat(at), UUID(int=actor), bytes.fromhex(detail))


def folded(lines: list[list[Any]], is_case: bool) -> Any:
    """What these facts fold to."""
    return plain((CaseHistory() if is_case else Accounts()).after(map(fact_of, lines)))
