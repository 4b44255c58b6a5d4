"""The post, against a real mail server on this machine: closed to others, at most once, silent
about whom it wrote."""

import logging
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest

from letters.config import Config
from letters.mail_server import Security, Server, SmtpPost
from letters.rules.errors import CannotStart
from letters.workflow.notices.contact import is_address
from letters.workflow.notices.send import WORDS
from letters.workflow.platform import Mail, MailOutcome
from tests.mailserver import Box, Plain, certificate

ADDRESS = "somebody@example.net"
MAIL = Mail(UUID(int=7), ADDRESS, "Post", "Förteckning", WORDS,
            datetime(2027, 1, 4, 10, tzinfo=UTC))
FROM = "post@messages.example"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path)


@pytest.fixture
def plain(box: Box) -> Iterator[Plain]:
    server = Plain(box)
    server.start()
    yield server
    server.stop()


def post(server: Plain, context: ssl.SSLContext | None = None, security: Security = Security.NONE,
         password: str = "") -> SmtpPost:
    return SmtpPost(Server("127.0.0.1", server.port, security, FROM, "letters" if password else "",
                           password), context)


def test_a_message_says_nothing(plain: Plain, box: Box) -> None:
    """Neither of the letter, nor of whoever wrote it, nor of the machine that it comes from."""
    assert post(plain).carry(MAIL) is MailOutcome.SENT
    (sender, recipients, content), = box.taken
    message = message_from_bytes(content, policy=default)
    assert (sender, recipients) == (FROM, [ADDRESS])
    assert dict(message.items()) == {
        "From": f"Post <{FROM}>", "To": ADDRESS, "Subject": "Förteckning",
        "Date": "Mon, 04 Jan 2027 10:00:00 +0000",
        "Message-ID": f"<{UUID(int=7).hex}@messages.example>", "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"', "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
        **({"X-Peer": message["X-Peer"]} if "X-Peer" in message else {})}
    assert message.get_content().strip() == "There is an update. Sign in when it suits you."
    assert box.greeted == ["messages.example"] and socket.gethostname().encode() not in content


def test_the_way_is_closed_and_the_server_proves_who_it_is(
        box: Box, tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """By STARTTLS with a password, and from the first byte on. Whom nobody vouches for is given
    nothing."""
    for security, server in ((Security.STARTTLS, Plain(box, tls[0])),
                             (Security.TLS, Plain(box, smtps=tls[0]))):
        server.start()
        try:
            password = "a secret" if security is Security.STARTTLS else ""
            assert post(server, None, security, password).carry(MAIL) is MailOutcome.LATER
            assert not box.asked
            assert post(server, tls[1], security, password).carry(MAIL) is MailOutcome.SENT
            box.asked.clear()
            if password:
                assert post(server, tls[1], security, "not it").carry(MAIL) is MailOutcome.LATER
                assert not box.asked
        finally:
            server.stop()
    assert len(box.taken) == 2


def test_a_server_that_offers_no_encryption_is_given_nothing(plain: Plain, box: Box) -> None:
    assert post(plain, security=Security.STARTTLS).carry(MAIL) is MailOutcome.LATER
    assert not box.asked and not box.taken


@pytest.mark.parametrize(("rcpt", "data", "hangs_up", "becomes"), [
    ("550 5.1.1 No such person", "", False, MailOutcome.CAME_BACK),
    ("451 4.7.1 Later please", "", False, MailOutcome.LATER),
    ("421 Closing", "", False, MailOutcome.LATER),
    ("", "554 5.7.1 Not that", False, MailOutcome.CAME_BACK),
    ("", "452 4.2.2 Full for now", False, MailOutcome.LATER),
    ("", "", True, MailOutcome.NOT_KNOWN),
])
def test_what_the_server_answers(plain: Plain, box: Box, caplog: pytest.LogCaptureFixture,
                                 rcpt: str, data: str, hangs_up: bool,
                                 becomes: MailOutcome) -> None:
    caplog.set_level(logging.DEBUG)
    box.to_rcpt, box.to_data, box.hangs_up = rcpt, data, hangs_up
    assert post(plain).carry(MAIL) is becomes
    assert box.asked == [ADDRESS]
    said = [record.getMessage() for record in caplog.records if record.name == "letters"]
    assert not any("example.net" in line or "No such" in line for line in said)


def test_a_server_that_is_away_is_asked_later_and_nothing_names_anybody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert SmtpPost(Server("127.0.0.1", port, Security.NONE, FROM)).carry(MAIL) is MailOutcome.LATER
    assert ADDRESS not in repr(MAIL)
    assert "a secret" not in repr(Server("h", 1, Security.TLS, FROM, "u", "a secret"))


def test_settings(tmp_path: Path) -> None:
    env = {"LETTERS_HOME": str(tmp_path), "SMTP_HOST": "mail.example", "MAIL_FROM": FROM,
           "SMTP_PASSWORD": "a secret"}
    assert Config.from_env({"LETTERS_HOME": str(tmp_path)}).post is None
    config = Config.from_env(env)
    assert config.post == Server("mail.example", 587, Security.STARTTLS, FROM, password="a secret")
    assert "a secret" not in repr(config)
    for wrong in ({"SMTP_TLS": "none"}, {"SMTP_TLS": "ssl3"}, {"SMTP_PORT": "0"},
                  {"SMTP_PORT": "many"},
                  {"MAIL_FROM": ""}, {"MAIL_FROM": "a@b.example\nBcc: c@d.example"},
                  {"NOTICE_DELAY_HOURS": "73"}):
        with pytest.raises(CannotStart):
            Config.from_env({**env, **wrong})


# --- addresses in other letters

@pytest.mark.parametrize(("address", "asked"), [
    ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ("a&b=c@example.net", "a&b=c@example.net"),
])
def test_a_domain_in_other_letters_is_asked_for_in_plain_ones(
        plain: Plain, box: Box, address: str, asked: str) -> None:
    """Every server understands it so."""
    assert is_address(address)
    assert post(plain).carry(replace(MAIL, address=address)) is MailOutcome.SENT
    (_, recipients, content), = box.taken
    assert recipients == [asked] and content.isascii()
    assert message_from_bytes(content, policy=default)["To"] == asked


@pytest.mark.parametrize("address", ["nguyễn@example.net", "почта@пример.example"])
def test_a_name_in_other_letters_goes_where_the_server_takes_it(box: Box, address: str) -> None:
    assert is_address(address)
    mail = replace(MAIL, address=address)
    for utf8 in (True, False):
        server = Plain(box, utf8=utf8)
        server.start()
        assert post(server).carry(mail) is (MailOutcome.SENT if utf8 else MailOutcome.CAME_BACK)
        server.stop()
    (_, recipients, content), = box.taken
    assert recipients == [address]
    assert message_from_bytes(content, policy=default)["To"] == address


def test_the_senders_address_is_written_in_plain_letters() -> None:
    env = {"SMTP_HOST": "localhost", "SMTP_TLS": "none"}
    server = Server.from_env(env | {"MAIL_FROM": "post@bücher.example"})
    assert server is not None and server.mail_from == "post@xn--bcher-kva.example"
    assert Server.from_env(env | {"MAIL_FROM": "post@prison.local"}) is not None
    with pytest.raises(CannotStart):
        Server.from_env(env | {"MAIL_FROM": "пост@example.org"})
