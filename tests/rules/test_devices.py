"""A session is shown as a browser on a system, and as nothing that somebody wrote."""

import pytest

from letters.rules.devices import UNKNOWN, device, shown

SAYS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0":
        "Firefox on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36": "Chrome on Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 "
    "Safari/537.36 Edg/130.0": "Edge on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18 Safari/605": "Safari on Mac",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/130.0 "
    "Mobile Safari/604.1": "Chrome on iPhone",
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 FxiOS/130.0 Mobile "
    "Safari/605": "Firefox on iPad",
    "Mozilla/5.0 (Linux; Android 14; SM-S901B) AppleWebKit/537.36 SamsungBrowser/25.0 "
    "Chrome/121.0 Safari/537.36": "Samsung Internet on Android",
    "Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36":
        "Chrome on ChromeOS",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 OPR/116.0":
        "Opera on Linux",
}


@pytest.mark.parametrize("agent", SAYS)
def test_a_browser_is_known_coarsely(agent: str) -> None:
    assert device(agent) == SAYS[agent]


@pytest.mark.parametrize("agent", ["", "curl/8", "Firefox/", "Windows", "<b>Firefox on Windows</b>",
                                   "x" * 10_000])
def test_what_is_not_known_is_not_named(agent: str) -> None:
    assert device(agent) == UNKNOWN


@pytest.mark.parametrize("stored", ["", "Robin's telephone", "Firefox on Windows <b>", UNKNOWN])
def test_words_of_others_are_never_shown(stored: str) -> None:
    assert shown(stored) == UNKNOWN
    assert shown("Firefox on Windows") == "Firefox on Windows"
