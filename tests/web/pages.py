"""What answers are compared by."""

import re
from typing import Any

BASE = "https://localhost"
NO_ID = "5c4f8d2e-0000-4000-8000-00000000f00d"
"""An id that nothing has."""

TOKEN = re.compile(r'(name="csrf_token" value=")[^"]*')
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def normal(answer: Any) -> str:
    """A page without what is different each time it is made: form tokens and ids."""
    return _ID.sub("an-id", TOKEN.sub(r"\1a-token", answer.get_data(as_text=True)))


def title(answer: Any) -> str:
    """The title of a page."""
    found = re.search(r"<title>(.*?)</title>", answer.get_data(as_text=True), re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""
