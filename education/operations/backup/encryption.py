"""Encryption of backups with age: anybody who has the recipient can lock, the identity opens."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from pyrage import DecryptError, EncryptError, IdentityError, RecipientError, decrypt_io, encrypt_io
from pyrage.x25519 import Identity, Recipient

from education.operations.backup.errors import BackupError
from education.web.atomic_write import atomic_write


def load_recipient() -> Recipient:
    """Whom backups are locked for: BACKUP_RECIPIENT, or the identity file, made if it is missing.

    Raises BackupError for one that cannot be read.
    """
    if settings.BACKUP_RECIPIENT:
        try:
            return Recipient.from_str(settings.BACKUP_RECIPIENT)
        except RecipientError as error:
            raise BackupError(
                "BACKUP_RECIPIENT is no public key of age: it begins with age1. Nothing was changed."
            ) from error
    path = settings.BACKUP_IDENTITY_FILE
    if not path.exists():
        _create_identity(path)
    return load_identity(path).to_public()


def load_identity(path: Path) -> Identity:
    """The key that opens backups; raises BackupError."""
    try:
        lines = path.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(
            f"The key that opens backups cannot be read: {path} ({_reason(error)}). Nothing was changed. "
            "Name the file that holds it: --identity FILE"
        ) from error
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-"):
            try:
                return Identity.from_str(line)
            except IdentityError as error:
                raise BackupError(f"The key in {path} is damaged. Nothing was changed.") from error
    raise BackupError(
        f"{path} holds no key that opens backups (a line that begins with AGE-SECRET-KEY-). "
        "Nothing was changed."
    )


def encrypt(source: Path, target: Path, recipient: Recipient) -> None:
    """Write `source`, locked, to the new file `target`; raises BackupError for a full disk."""
    try:
        with source.open("rb") as read, target.open("xb") as write:
            encrypt_io(read, write, [recipient])
            write.flush()
            os.fsync(write.fileno())
    except (OSError, EncryptError) as error:
        raise BackupError(f"The backup cannot be written ({_reason(error)}).") from error


def decrypt(source: Path, target: Path, identity: Identity) -> None:
    """Write `source`, opened, to the new file `target`.

    Raises BackupError for another key, and for a file that was cut or altered anywhere.
    """
    try:
        with source.open("rb") as read, target.open("xb") as write:
            decrypt_io(read, write, [identity])
    except DecryptError as error:
        if "No matching keys" in str(error):
            raise BackupError(
                f"{source.name} was locked for another key than the one given. Nothing was changed. "
                "Name the file that holds its key: --identity FILE"
            ) from error
        raise BackupError(
            f"{source.name} is no backup, or its beginning is damaged. Nothing was changed."
        ) from error
    except OSError as error:
        if error.errno is not None:
            raise BackupError(
                f"{source.name} cannot be opened ({_reason(error)}). Nothing was changed."
            ) from error
        # What age says when a part does not have the seal that it was written with.
        raise BackupError(
            f"{source.name} is damaged: it was cut or altered. Nothing was changed. Use another backup."
        ) from error


def _create_identity(path: Path) -> None:
    identity = Identity.generate()
    text = f"# Opens the backups of this site. Its public key: {identity.to_public()}\n{identity}\n"
    try:
        atomic_write(path, text.encode(), mode=0o600)
    except OSError as error:
        raise BackupError(
            f"The key of the backups cannot be written: {path} ({_reason(error)})."
        ) from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
