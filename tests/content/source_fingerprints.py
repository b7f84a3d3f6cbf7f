"""Fingerprints of the adapted documents, so that a copied run of words is noticed without keeping
their text.

A run is eight words in a row, case-folded, without punctuation. Only a shortened SHA-256 of each
run is kept in `source_fingerprints.txt`. Build it again with `python -m
tests.content.source_fingerprints FILE...`.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

RUN_LENGTH = 8
HASH_LENGTH = 16
RUNS_FILE = Path(__file__).with_name("source_fingerprints.txt")

_MARKUP = re.compile(r"\s*\[@[a-z0-9-]+\]|\]\([^)\s]*\)")
_APOSTROPHE = re.compile(r"['\u2019]")
_WORD = re.compile(r"[^\W_]+")


def word_list(text: str) -> list[str]:
    """Return the words as compared: citations and link targets gone, case folded, punctuation
    dropped.
    """
    return _WORD.findall(_APOSTROPHE.sub("", _MARKUP.sub(" ", text)).casefold())


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = word_list(text)
    for start in range(len(found) - RUN_LENGTH + 1):
        yield tuple(found[start : start + RUN_LENGTH])


def fingerprint(run: tuple[str, ...]) -> str:
    return hashlib.sha256(" ".join(run).encode()).hexdigest()[:HASH_LENGTH]


def build_fingerprints(texts: Iterable[str]) -> list[str]:
    return sorted({fingerprint(run) for text in texts for run in runs(text)})


def load_fingerprints(path: Path = RUNS_FILE) -> frozenset[str]:
    return frozenset(path.read_text(encoding="ascii").split())


def copied_runs(text: str, known: frozenset[str]) -> list[str]:
    """Return each run of `text` whose fingerprint is known, as readable words."""
    return [" ".join(run) for run in runs(text) if fingerprint(run) in known]


def main(arguments: list[str]) -> int:
    if not arguments:
        print("usage: python -m tests.content.source_fingerprints FILE...", file=sys.stderr)
        return 2
    hashes = build_fingerprints(Path(name).read_text(encoding="utf-8") for name in arguments)
    RUNS_FILE.write_text("\n".join(hashes) + "\n", encoding="ascii")
    print(f"{len(hashes)} runs written to {RUNS_FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
