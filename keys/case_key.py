"""A spare case key: sealed for somebody outside a case's team who may have to read it one day.

The case's root is sealed to the supervisor, and that seal to the release key, so neither the
supervisor's keys nor the server's open anything alone. Emergency access takes the outer seal off.
"""

from uuid import UUID

from keys.context import context
from keys.identity import Identity, Recipient


def seal_spare(reader: Recipient, supervisor: UUID, release: Recipient, case_key: Identity,
               case: UUID,
               epoch: int) -> bytes:
    """Seal the case key of one epoch to one supervisor, and that seal to the release key."""
    inner = reader.seal(case_key.root, _context(case, epoch, supervisor))
    return put_outer_seal_on(release, supervisor, inner, case, epoch)


def put_outer_seal_on(release: Recipient, supervisor: UUID, inner: bytes, case: UUID,
                      epoch: int) -> bytes:
    """Seal what the supervisor can open to the release key, at first or after a rotation."""
    return release.seal(inner, _context(case, epoch, supervisor))


def take_outer_seal_off(release: Identity, supervisor: UUID, sealed: bytes, case: UUID,
                        epoch: int) -> bytes:
    """What the supervisor can open. Nothing of the case is seen meanwhile.
    Raises ``CannotOpen``."""
    return release.open(sealed, _context(case, epoch, supervisor))


def open_spare(reader: Identity, supervisor: UUID, sealed: bytes, case: UUID,
               epoch: int) -> Identity:
    """The case key, for the supervisor it was sealed to, once the outer seal is off.

    Raises ``CannotOpen``.
    """
    return Identity(reader.open(sealed, _context(case, epoch, supervisor)))


def _context(case: UUID, epoch: int, supervisor: UUID) -> bytes:
    return context("spare case key", case=case, epoch=epoch, supervisor=supervisor)
