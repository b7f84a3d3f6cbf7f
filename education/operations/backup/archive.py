"""The file inside a backup: a ZIP of tables and uploads, with a manifest of their hashes."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from education.media.storage import is_valid_name
from education.operations.backup.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
_KEY_FILE = "secret_key"
_CHUNK = 1024 * 1024


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(_Strict):
    """A file in the archive: its SHA-256, and its size in bytes."""

    sha256: str
    size: int


class TableEntry(_Strict):
    """A table: its file, and the highest number that a row of it was given."""

    file: Member
    columns: list[str]
    rows: int
    last_number: int | None


class Manifest(_Strict):
    """What a backup holds. Names of tables and of uploads are the keys."""

    format: int
    version: str
    made_at: datetime
    database: str
    migrations: list[tuple[str, str]]
    tables: dict[str, TableEntry]
    uploads: dict[str, Member]
    secret_key: Member | None = None

    def members(self) -> dict[str, Member]:
        """Every file but the manifest, by its name in the archive."""
        found = {_table_file(name): entry.file for name, entry in self.tables.items()}
        found |= {_upload_file(name): member for name, member in self.uploads.items()}
        return found | ({_KEY_FILE: self.secret_key} if self.secret_key else {})

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(member.size for member in self.members().values())


class ArchiveWriter:
    """Writes an archive. The manifest is written last: without it there is no archive."""

    def __init__(self, file: Path):
        self._zip = zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add_table(self, name: str, lines: Iterable[str]) -> tuple[Member, int]:
        """The file of a table, and the number of its rows."""
        rows = 0

        def counted() -> Iterator[bytes]:
            nonlocal rows
            for line in lines:
                rows += 1
                yield line.encode()

        return self._add(_table_file(name), counted()), rows

    def add_upload(self, name: str, path: Path) -> Member:
        """The file of an upload; raises FileNotFoundError when it has gone meanwhile."""
        with path.open("rb") as file:
            return self._add(_upload_file(name), iter(lambda: file.read(_CHUNK), b""))

    def add_secret_key(self, key: str) -> Member:
        return self._add(_KEY_FILE, [key.encode()])

    def close(self, manifest: Manifest) -> None:
        """Write the manifest, and end."""
        self._zip.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        self._zip.close()

    def _add(self, name: str, chunks: Iterable[bytes]) -> Member:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        return Member(sha256=digest.hexdigest(), size=size)


class Archive:
    """An archive of which every byte was checked against its manifest."""

    def __init__(self, file: zipfile.ZipFile, manifest: Manifest):
        self._zip = file
        self.manifest = manifest

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open and check; raises BackupError for anything that the manifest does not describe."""
        try:
            with zipfile.ZipFile(path) as file:
                archive = cls(file, _read_manifest(file))
                archive._verify()
                yield archive
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise BackupError(
                f"The backup is damaged ({error}). Nothing was changed. Use another backup."
            ) from error

    @contextmanager
    def table_lines(self, name: str) -> Iterator[Iterable[str]]:
        """The rows of a table, each a line."""
        with self._zip.open(_table_file(name)) as file:
            yield io.TextIOWrapper(file, "utf-8", newline="\n")

    @contextmanager
    def upload(self, name: str) -> Iterator[IO[bytes]]:
        with self._zip.open(_upload_file(name)) as file:
            yield file

    def secret_key(self) -> str | None:
        """The secret key of the site; None when the backup was made without it."""
        return self._zip.read(_KEY_FILE).decode() if self.manifest.secret_key else None

    def _verify(self) -> None:
        expected = self.manifest.members()
        names = self._zip.namelist()
        if sorted(names) != sorted([*expected, MANIFEST]):
            raise zipfile.BadZipFile("it holds other files than its list says")
        if strange := [name for name in self.manifest.uploads if not is_valid_name(name)]:
            raise zipfile.BadZipFile(f"{strange[0]!r} is no name of an upload")
        for name, member in expected.items():
            if self._read_member(name, member.size) != member:
                raise zipfile.BadZipFile(f"{name} is not what was written")

    def _read_member(self, name: str, limit: int) -> Member:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name) as file:
            while (chunk := file.read(_CHUNK)) and size <= limit:
                digest.update(chunk)
                size += len(chunk)
        return Member(sha256=digest.hexdigest(), size=size)


def _read_manifest(file: zipfile.ZipFile) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(file.read(MANIFEST))
    except (KeyError, ValidationError) as error:
        raise zipfile.BadZipFile("its list of files is missing or cannot be read") from error
    if manifest.format != FORMAT:
        raise BackupError(
            f"The backup is in format {manifest.format}, and this version reads format {FORMAT}. "
            f"Nothing was changed. Restore it with version {manifest.version} of the program."
        )
    return manifest


def _table_file(name: str) -> str:
    return f"tables/{name}.jsonl"


def _upload_file(name: str) -> str:
    return f"uploads/{name}"
