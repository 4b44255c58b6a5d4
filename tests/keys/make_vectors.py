"""Print the golden vectors anew: ``python -m tests.keys.make_vectors > tests/keys/vectors.json``.

Do so only when the protocol is meant to change: what was sealed before then no longer opens.
"opens" holds what has randomness of its own, so it differs each time; all the rest comes out the
same. """

import json
from typing import Any
from uuid import UUID

from keys import vouching
from keys.context import PURPOSES, context
from keys.identity import Identity, sha256
from keys.keyfile import make_keys
from keys.letter import Place, digest
from keys.passphrase import Cost, Stretcher, new_code, recovery_key
from keys.session import session_keys
from tests.keys.samples import KEY, KINDS, blob, counting, example

ROOT, TOKEN, SALT, PEPPER = bytes(32), bytes([7]) * 32, bytes(range(16)), b"pepper" * 5 + b"pp"
PASSWORD, COST = "Café au lait, sept fois", Cost(memory_kib=64, passes=2)


def contexts() -> dict[str, Any]:
    """Each purpose with its fields, in order, and what they become."""
    return {purpose: {"fields": {name: plain(value) for name, value in example(purpose).items()},
                      "context": context(purpose, **example(purpose)).hex()}
            for purpose in PURPOSES}


def exact() -> dict[str, str]:
    """What comes out the same each time."""
    identity, keys, session = Identity(ROOT), make_keys(counting), session_keys(TOKEN)
    stretched, code = Stretcher(PEPPER, COST).stretch(PASSWORD, SALT), new_code(counting)
    return {name: blob(name).hex() for name, kind in KINDS.items() if kind.same_each_time} | {
        "digest of the body": digest(blob("body"), Place(**KINDS["body"].fields)).hex(),
        "identity: kid": identity.kid.hex(),
        "identity: verifying key": identity.verifier.public.hex(),
        "identity: signature of 'letter'": identity.sign(b"letter").hex(),
        "session: row": session.row.hex(),
        "session: key": session.key.hex(),
        "password: verifier": stretched.verifier.hex(),
        "password: sealing key": stretched.sealing_key.hex(),
        "code": code,
        "code: recovery key": recovery_key(code).hex(),
        "lookup of 'hanna'": vouching.lookup(KEY, "hanna").hex(),
        "key file: audit": keys.audit.hex(),
        "key file: forms": keys.forms.hex(),
        "key file: SHA-256 of the release key": sha256(keys.sealing_release.public).hex(),
    }


def opening() -> dict[str, str]:
    """What must still open: HPKE has randomness of its own."""
    return {name: blob(name).hex() for name, kind in KINDS.items() if not kind.same_each_time}


def plain(value: Any) -> Any:
    """As JSON knows it."""
    return value.hex() if isinstance(value,
                                     bytes) else str(value) if isinstance(value, UUID) else value


if __name__ == "__main__":
    print(json.dumps({"contexts": contexts(), "exact": exact(), "opens": opening()}, indent=1,
                     ensure_ascii=False))
