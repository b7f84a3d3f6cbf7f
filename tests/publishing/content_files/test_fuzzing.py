"""Whatever happens to a file: it is loaded, or refused with its mistakes, and never half of it
stays.
"""

from __future__ import annotations

import os
import random
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import check_files, import_files
from tests.publishing.content_files.sample_folder import database, write_folder

PIECES = [
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\n\n\n", b"\t", b" ", b"  - ", b"- ", b": ", b"#",
    b"## ", b"### ", b"#### ", b"---\n", b"...\n", b"'", b'"', b"|", b">", b"&a ", b"*a ", b"!t ", b"%Y\n",
    b"{", b"}", b"[", b"]", b"? ", b"~", b"null", b"[@none]", b"[@", b"\\", b"\xe2\x80\xa8", b"\xc2\x85",
    b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"[" * 2000, b"> " * 40, b"<" * 500, b"*" * 300, b"|a" * 3000,
    b"x" * 9000, b"\\Uffffffff", b"## Cause: none\n", b"<<: ", b"=", b"1e999", b"0" * 5000,
]  # fmt: skip


def mangled(data: bytes, chance: random.Random) -> bytes:
    """`data` after one to three accidents."""
    for _accident in range(chance.randint(1, 3)):
        first = chance.randrange(len(data) + 1)
        last = min(len(data), first + chance.choice([0, 1, 5, 40, 400]))
        lines = data.split(b"\n")
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                data = data[:first] + chance.choice(PIECES) + data[first:]
            case 1:
                data = data[:first] + data[last:]
            case 2:
                data = data[:last] + data[first:]
            case 3:
                lines[one], lines[other] = lines[other], lines[one]
                data = b"\n".join(lines)
            case _:
                lines[one] = chance.choice(PIECES) + lines[one]
                data = b"\n".join(lines)
    return data


@pytest.mark.prove
@pytest.mark.django_db
def test_mangled_file_is_loaded_or_refused(tmp_path: Path) -> None:
    shipped = settings.CONTENT_DIR / "en"
    import_files(settings.CONTENT_DIR)
    before = database()
    files = sorted(path for path in shipped.rglob("*") if path.suffix in {".md", ".yaml"})
    chance = random.Random(7)
    refused = 0
    for number in range(int(os.environ.get("PROVE_EXAMPLES", "150"))):
        file = chance.choice(files)
        root = tmp_path / str(number)
        name = f"en/{file.relative_to(shipped)}"
        broken = write_folder(root, {name: mangled(file.read_bytes(), chance)}) / name
        try:
            with transaction.atomic():
                import_files(broken)
                transaction.set_rollback(True)
        except ContentFileErrors as mistakes:
            refused += 1
            assert mistakes.errors
            length = (
                broken.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
            )
            assert all(1 <= mistake.line <= length for mistake in mistakes.errors), mistakes
        with suppress(ContentFileErrors):
            check_files(broken)
        broken.unlink()
    assert database() == before
    assert refused
