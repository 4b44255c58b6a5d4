"""A security key in software: makes a passkey and answers with it, rightly or as an attacker
would."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256


@dataclass
class Authenticator:
    """One passkey for one site. ``count`` goes up with each use unless somebody sets it back."""

    host: str
    origin: str
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, challenge: bytes) -> str:
        """The answer to being asked for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32),
                              -3: numbers.y.to_bytes(32)})
        data = self._data(0x45) + bytes(16) + len(self.id).to_bytes(2) + self.id + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", challenge, attestationObject=attestation)

    def use(self, challenge: bytes) -> str:
        """The answer to being asked for this passkey."""
        self.count += 1
        data = self._data(0x05)
        said = self._said("webauthn.get", challenge)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer("webauthn.get", challenge, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _said(self, kind: str, challenge: bytes) -> bytes:
        return json.dumps({"type": kind, "challenge": _text(challenge),
                           "origin": self.origin}).encode()

    def _answer(self, kind: str, challenge: bytes, **parts: bytes) -> str:
        response = {"clientDataJSON": self._said(kind, challenge), **parts}
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key",
                           "response": {name: _text(part) for name, part in response.items()}})


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
