"""What the documentation says of the code is made of the code, and was made since it changed."""

import re

import pytest

from docs.made import MADE, with_what_is_made
from letters.config import ROOT, SETTINGS


@pytest.mark.parametrize("name", MADE)
def test_the_documentation_says_what_the_code_says(name: str) -> None:
    assert (ROOT
            / MADE[name][0]).read_text("utf-8") == with_what_is_made(name), "./run.sh docs makes it"


def test_every_setting_that_is_read_is_in_the_table() -> None:
    read = {name for file in ("config.py", "mail_server.py") for name in re.findall(
        r'env(?:\.get\(|\[|, )"([A-Z_]+)"', (ROOT / "letters" / file).read_text("utf-8"))}
    assert read - {"HOME", "XDG_DATA_HOME", "FLASK_RUN_FROM_CLI"} == {one.name for one in SETTINGS}
