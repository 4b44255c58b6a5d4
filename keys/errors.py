"""What can go wrong with keys. Messages never carry content,
and never say which part failed to open."""


class KeysError(Exception):
    """The root of this package's errors."""


class CannotOpen(KeysError):
    """Something does not open or does not verify: wrong key, wrong place, altered or cut short."""


class Busy(KeysError):
    """Too many passwords are being checked at once; try again in a moment."""


class PasswordTooLong(KeysError):
    """The password has more than 1,024 bytes."""


class KeyFileMissing(KeysError):
    """There is a database but no key file to open it with."""


class KeyFileExposed(KeysError):
    """Somebody other than the owner can read or write the key file."""


class KeyFileDamaged(KeysError):
    """The key file is not what this program wrote."""
