"""The canonical encoding that every ciphertext, signature and MAC is bound to.

``context("body", letter=…, version=…)`` is ``rjx1``, the purpose and each field that the purpose
registers, in fixed order, each with a type byte and a 32-bit length. Two different calls never give
the same bytes (it is injective), so nothing that was made for one place opens in another.
"""

from uuid import UUID

Field = UUID | int | bytes | str

PURPOSES: dict[str, tuple[tuple[str, type], ...]] = {
    # sealed and boxed
    "name": (("person", UUID),),
    "session": (("row", bytes), ("person", UUID), ("kid", bytes), ("expires", int), ("idle", int),
                ("stage", str)),
    "root by password": (("person", UUID), ("serial", int)),
    "root by password and factor": (("person", UUID), ("serial", int)),
    "root by recovery": (("person", UUID), ("serial", int)),
    "case key": (("case", UUID), ("epoch", int), ("member", UUID)),
    "body": (("letter", UUID), ("version", UUID), ("case", UUID), ("channel", UUID),
             ("author", UUID),
             ("kind", str), ("parent", bytes)),
    "letter key": (("version", UUID), ("reader_kind", str), ("reader", UUID), ("epoch", int)),
    "sealed release": (("version", UUID), ("recipient", UUID)),
    "findings": (("version", UUID), ("case", UUID), ("epoch", int)),
    "second factor": (("factor", UUID), ("person", UUID), ("kind", str)),
    "kept save": (("save", UUID), ("person", UUID), ("letter", UUID)),
    "unsent": (("place", bytes), ("person", UUID)),
    "never sent": (("letter", UUID), ("person", UUID), ("saves", int)),
    "pin": (("person", UUID), ("case", UUID)),
    "audit key": (("chain", UUID), ("number", int)),
    "key backup": (("salt", bytes), ("memory", int), ("passes", int)),
    "spare case key": (("case", UUID), ("epoch", int), ("supervisor", UUID)),
    "note": (("note", UUID), ("subject", UUID), ("kind", str), ("reader", UUID), ("epoch", int)),
    "profile": (("person", UUID),),
    "feedback": (("form", UUID), ("supervisor", UUID)),
    "weight": (("version", UUID),),
    "tally": (("name", str),),
    "names list": (("case", UUID),),
    "contact way": (("person", UUID),),
    "content note": (("version", UUID), ("digest", bytes), ("recipient", UUID), ("round", int),
                     ("signer", UUID)),
    # signed
    "letter": (("letter", UUID), ("version", UUID), ("case", UUID), ("channel", UUID),
               ("author", UUID),
               ("kind", str), ("parent", bytes), ("commitment", bytes), ("text_hash", bytes)),
    "decision": (("version", UUID), ("digest", bytes), ("findings_hash", bytes), ("verdict", str),
                 ("recipient", UUID), ("reader", UUID), ("round", int), ("policy", str),
                 ("needed", int), ("at", int)),
    "release statement": (("version", UUID), ("digest", bytes), ("recipient", UUID),
                          ("recipient_kid", bytes),
                          ("sealed_hash", bytes), ("signer", UUID), ("at", int)),
    "note words": (("note", UUID), ("subject", UUID), ("kind", str), ("reader", UUID),
                   ("epoch", int),
                   ("writer", UUID), ("text_hash", bytes)),
    "content note words": (("version", UUID), ("digest", bytes), ("recipient", UUID),
                           ("round", int),
                           ("signer", UUID), ("text_hash", bytes)),
    "key confirmation": (("person", UUID), ("serial", int), ("kid", bytes), ("member", UUID),
                         ("at", int)),
    "feedback form": (("person", UUID),),
    "hand-over note": (("person", UUID), ("stands_in", UUID)),
    "roster": (("case", UUID), ("number", int), ("members", bytes), ("before", bytes),
               ("signer", UUID), ("at", int)),
    "emergency access seconded": (("request", UUID), ("case", UUID), ("supervisor", UUID),
                             ("seconded_by", UUID)),
    # attested by the server (HMAC)
    "installation": (("installation", UUID),),
    "generation": (("installation", UUID), ("generation", int)),
    "state entry": (("kind", str), ("subject", UUID), ("number", int), ("value", bytes),
                    ("before", bytes)),
    "person": (("person", UUID), ("role", str)),
    "public key": (("kind", str), ("owner", UUID), ("serial", int), ("sealing", bytes),
                   ("verifying", bytes)),
    "invitation": (("lookup", bytes), ("person", UUID), ("case", UUID), ("expires", int)),
    "participant": (("participant", UUID), ("case", UUID), ("person", UUID)),
    "channel": (("channel", UUID), ("case", UUID), ("sender", UUID), ("recipient", UUID)),
    "member": (("case", UUID), ("person", UUID), ("joined", int), ("epoch", int)),
    "supervised window": (("window", UUID), ("person", UUID), ("opened_by", UUID), ("until", int)),
    "reset": (("lookup", bytes), ("person", UUID), ("asked_by", UUID), ("expires", int)),
    "asked": (("case", UUID), ("person", UUID), ("asked_by", UUID), ("asked", int), ("epoch", int),
              ("handover", int)),
    "emergency access": (("request", UUID), ("case", UUID), ("supervisor", UUID), ("asked", int),
                    ("due", int),
                    ("safeguarding", int)),
    "feedback given": (("form", UUID), ("supervisor", UUID), ("month", str), ("role", str),
                       ("sealed_hash", bytes)),
    "screening": (("version", UUID), ("digest", bytes), ("findings_hash", bytes),
                  ("recipient", UUID),
                  ("round", int), ("policy", str), ("needed", int)),
    "audit": (("case", UUID), ("number", int), ("at", int), ("actor", UUID), ("event", str),
              ("subject", UUID),
              ("about", UUID), ("left", str), ("entered", str), ("before", bytes)),
    "audit with detail": (("case", UUID), ("number", int), ("at", int), ("actor", UUID),
                          ("event", str), ("subject", UUID), ("about", UUID), ("left", str),
                          ("entered", str), ("detail", bytes), ("before", bytes)),
    # hashed, as the detail of a fact
    "version handed in": (("version", UUID), ("digest", bytes), ("findings_hash", bytes),
                          ("policy", str), ("needed", int), ("epoch", int)),
    "decision made": (("decision", UUID), ("version", UUID), ("reader", UUID), ("round", int),
                      ("verdict", str), ("at", int), ("key", bytes), ("signature", bytes)),
    "release sealed": (("version", UUID), ("recipient", UUID), ("recipient_kid", bytes),
                       ("sealed_hash", bytes), ("signer", UUID), ("at", int), ("key", bytes),
                       ("signature", bytes)),
    "ways in": (("person", UUID), ("name", bytes), ("salt", bytes), ("verifier", bytes),
                ("recovery", bytes)),
}


def context(purpose: str, /, **fields: Field) -> bytes:
    """Encode ``purpose`` and exactly the fields that it registers.

    Integers are 0 to 2**63-1, text is ASCII.
    Raises ``ValueError`` or ``TypeError`` for anything else.
    """
    registered = PURPOSES[purpose]
    if fields.keys() != {name for name, _ in registered}:
        raise ValueError(f"{purpose!r} takes exactly {[name for name, _ in registered]}")
    parts = [b"rjx1", _measured(b"p", purpose.encode("ascii"))]
    for name, kind in registered:
        value = fields[name]
        if type(value) is not kind:
            raise TypeError(f"{purpose!r}: {name} must be {kind.__name__}")
        parts.append(_encoded(value))
    return b"".join(parts)


def _encoded(value: Field) -> bytes:
    match value:
        case UUID():
            return _measured(b"u", value.bytes)
        case int():
            if not 0 <= value < 2**63:
                raise ValueError("integers are 0 to 2**63-1")
            return _measured(b"i", value.to_bytes(8))
        case bytes():
            return _measured(b"b", value)
        case _:
            return _measured(b"a", value.encode("ascii"))


def _measured(kind: bytes, value: bytes) -> bytes:
    return kind + len(value).to_bytes(4) + value
