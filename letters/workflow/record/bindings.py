"""What facts bind: 32 bytes over the ids, hashes and signatures of the rows that they speak of.

A fact says that a version was handed in, that somebody approved it, that its release was sealed.
With its binding, in ``detail``, it says which: a row that was planted, altered or exchanged does
not fit. Each binding names the key of a signature by both of its halves, and the signature is
checked with exactly that key.
"""

from uuid import UUID

from keys.context import context
from keys.identity import sha256
from letters.storage.store import microseconds
from letters.storage.tables.letters import DecisionRow, Person, StatementRow, Version


def version(row: Version) -> bytes:
    """A version as it was handed in: its words, its findings, how many read it, under which rules
    and which case key."""
    return sha256(context("version handed in", version=row.id, digest=row.digest,
                          findings_hash=row.findings_hash, policy=row.policy, needed=row.needed,
                          epoch=row.epoch))


def decision(row: DecisionRow, key: bytes) -> bytes:
    """A reader's decision, with its signature and the key that made it."""
    return sha256(context("decision made", decision=row.id, version=row.version_id,
                          reader=row.reader_id, round=row.round, verdict=row.verdict,
                          at=microseconds(row.at), key=key, signature=row.signature))


def release(row: StatementRow, recipient: UUID, key: bytes) -> bytes:
    """A sealed release, by the statement that names its bytes and the recipient's key."""
    return sha256(context("release sealed", version=row.version_id, recipient=recipient,
                          recipient_kid=row.recipient_kid, sealed_hash=row.sealed_hash,
                          signer=row.signer_id, at=microseconds(row.at), key=key,
                          signature=row.signature))


def ways_in(row: Person) -> bytes:
    """What opens an account: its sign-in name, its password and its recovery code."""
    return sha256(context("ways in", person=row.id, name=row.lookup or b"", salt=row.salt or b"",
                          verifier=row.verifier or b"", recovery=row.root_by_recovery or b""))
