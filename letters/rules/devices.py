"""How a session's device is shown: a browser and a system,
in words from a small fixed set, and nothing closer.

Anybody who can write to the database can write into a session's row; only these words are ever
shown.
"""

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
             ("Firefox/", "Firefox"),
             ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
             ("Safari/", "Safari"))
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
            ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"))
UNKNOWN = "A device that did not say what it is"
_KNOWN = {f"{browser} on {system}" for _, browser in _BROWSERS for _, system in _SYSTEMS}


def device(user_agent: str) -> str:
    """What a browser says it is, coarsely: "Firefox on Windows"."""
    return shown(f"{_first(_BROWSERS, user_agent)} on {_first(_SYSTEMS, user_agent)}")


def shown(stored: str) -> str:
    """The words that were stored, if they are in our set."""
    return stored if stored in _KNOWN else UNKNOWN


def _first(signs: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((word for sign, word in signs if sign in user_agent), "")
