"""Mail: SMTP, at the edge of the world. Encrypted and to a server that
proves who it is, or not at all.

Nothing here writes an address anywhere: the log holds only kinds of errors and numbers.
"""

import logging
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from enum import StrEnum

from letters.rules.errors import CannotStart
from letters.workflow.notices.contact import as_sent, is_address
from letters.workflow.platform import Mail, MailOutcome

log = logging.getLogger("letters")

PATIENCE = 20
"""Seconds in which a server must give each answer."""


class Security(StrEnum):
    """How the connection to the server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Server:
    """The server that takes the messages, and the sender's address."""

    host: str
    port: int
    security: Security
    mail_from: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Server | None":
        """Read ``SMTP_HOST``, ``SMTP_PORT``, ``SMTP_TLS``, ``SMTP_USER``,
        ``SMTP_PASSWORD`` and ``MAIL_FROM``.
        Returns None without a host.
        Raises ``CannotStart`` for an invalid setting, and for a connection that others could read.
        """
        host = env.get("SMTP_HOST", "").strip()
        if not host:
            return None
        try:
            security = Security(env.get("SMTP_TLS") or "starttls")
        except ValueError:
            raise CannotStart("SMTP_TLS is starttls, tls or none.") from None
        if security is Security.NONE and host not in _THIS_MACHINE:
            raise CannotStart("SMTP_TLS=none is for a mail server on this machine alone.")
        port = env.get("SMTP_PORT") or str(_PORTS[security])
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise CannotStart("SMTP_PORT is a whole number from 1 to 65535.")
        written = env.get("MAIL_FROM", "").strip()
        mail_from = as_sent(written)
        if not (is_address(written) and mail_from.isascii()):
            raise CannotStart("MAIL_FROM is the address from which messages are sent, such as "
                              "post@example.org.")
        return cls(host, int(port), security, mail_from, env.get("SMTP_USER", ""),
                   env.get("SMTP_PASSWORD", ""))

    @property
    def domain(self) -> str:
        """The domain, which the address shows anyway: a message or a greeting
        says nothing else of this machine."""
        return self.mail_from.rpartition("@")[2]


class SmtpPost:
    """Sends each message over its own connection, so that no two share one conversation."""

    def __init__(self, server: Server, context: ssl.SSLContext | None = None) -> None:
        self._server, self._context = server, context or ssl.create_default_context()

    def carry(self, mail: Mail) -> MailOutcome:
        """Hand over the message once. A failure before the server has the words can be retried;
        after that nobody knows the outcome."""
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._open()
            refused = self._ask(smtp, mail)
        except OSError as problem:  # includes the errors of smtplib
            log.warning("a notice was not handed over: %s", type(problem).__name__)
            refused = MailOutcome.LATER
        carried = (self._give(smtp,
                             self._written(mail)) if smtp is not None and refused is None
                   else refused)
        if smtp is not None:
            with suppress(OSError):
                smtp.quit()
            smtp.close()
        return carried or MailOutcome.LATER

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port,
                                                  local_hostname=server.domain,
                                                  timeout=PATIENCE, context=self._context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, local_hostname=server.domain,
                                timeout=PATIENCE)
        try:
            if server.security is Security.STARTTLS:
                # raises if the server does not offer it: never in plain
                smtp.starttls(context=self._context)
            if server.user:
                smtp.login(server.user, server.password)
            else:
                smtp.ehlo_or_helo_if_needed()
        except OSError:
            smtp.close()
            raise
        return smtp

    def _ask(self, smtp: smtplib.SMTP, mail: Mail) -> MailOutcome | None:
        """Ask for sender and recipient; None if both are accepted. A refused sender is
        our mistake, not the recipient's. A server that takes plain addresses alone reaches no
        other, today or later."""
        address = as_sent(mail.address)
        if not (address.isascii() or smtp.has_extn("smtputf8")):
            log.warning("the mail server takes no address in letters of another script")
            return MailOutcome.CAME_BACK
        code, _ = smtp.mail(self._server.mail_from, () if address.isascii() else ("SMTPUTF8",))
        if code != 250:
            log.error("the mail server does not take MAIL_FROM: %s", code)
            return MailOutcome.LATER
        code, _ = smtp.rcpt(address)
        return None if code in (250, 251) else _refused(code)

    def _give(self, smtp: smtplib.SMTP, words: bytes) -> MailOutcome:
        try:
            code, _ = smtp.data(words)
        except smtplib.SMTPDataError as problem:  # before the words were sent
            return _refused(problem.smtp_code)
        except OSError as problem:
            log.warning("whether a notice was taken is not known: %s", type(problem).__name__)
            return MailOutcome.NOT_KNOWN
        if code // 100 == 2:
            return MailOutcome.SENT
        return _refused(code) if code // 100 in (4, 5) else MailOutcome.NOT_KNOWN

    def _written(self, mail: Mail) -> bytes:
        address = as_sent(mail.address)
        message = EmailMessage(policy=SMTP if address.isascii() else SMTPUTF8)
        message["From"] = Address(mail.sender, addr_spec=self._server.mail_from)
        message["To"] = address
        message["Subject"] = mail.subject
        message["Date"] = mail.at
        message["Message-ID"] = f"<{mail.id.hex}@{self._server.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # no absence note comes back to it
        message.set_content(mail.words)
        return message.as_bytes()


def _refused(code: int) -> MailOutcome:
    return MailOutcome.CAME_BACK if code // 100 == 5 else MailOutcome.LATER
