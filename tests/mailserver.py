"""A real mail server on loopback, with TLS and a certificate of its own."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server shows, and what a client trusts who trusts it alone."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"),
                                                        x509.IPAddress(ip_address("127.0.0.1"))]),
                           critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256()))
    pem = folder / "certificate.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    server, client = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
                      ssl.create_default_context(cafile=str(pem)))
    server.load_cert_chain(pem)
    return server, client


class Box:
    """Takes what comes, or answers as it is told: ``to_rcpt`` and ``to_data`` are answers,
    ``meanwhile`` is done while the other side waits."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.greeted: list[str] = []
        self.asked: list[str] = []
        self.to_rcpt = self.to_data = ""
        self.hangs_up = False
        self.meanwhile: Callable[[], object] = lambda: None

    async def handle_EHLO(self, server: SMTP, session: Any, envelope: Any, hostname: str,
                          answers: list[str]
                          ) -> list[str]:
        """Note what the client calls itself."""
        session.host_name = hostname
        self.greeted.append(hostname)
        return answers

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str,
                          options: list[str]) -> str:
        """Take the address, or not."""
        self.asked.append(address)
        self.meanwhile()
        if self.to_rcpt:
            return self.to_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Take the message, or not; or go away without a word."""
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        if self.hangs_up:
            server.transport.close()
        return self.to_data or "250 OK"


class Plain(Controller):
    """On a port that is free; ``tls`` by STARTTLS, before which nothing else is answered, if it is
    given."""

    def __init__(self, box: Box, tls: ssl.SSLContext | None = None,
                 smtps: ssl.SSLContext | None = None, utf8: bool = False) -> None:
        self._tls, self._utf8 = tls, utf8
        super().__init__(box, hostname="127.0.0.1", port=0, ssl_context=smtps, ready_timeout=20)

    def factory(self) -> SMTP:
        """One conversation."""
        return SMTP(self.handler, hostname="box.test", tls_context=self._tls,
                    enable_SMTPUTF8=self._utf8,
                    require_starttls=self._tls is not None,
                    auth_required=self._tls is not None, authenticator=_knows)

    def _trigger_server(self) -> None:
        if self.port == 0:  # which one it is, is known now
            self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


def _knows(server: SMTP, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (b"letters", b"a secret"),
                      handled=False)
