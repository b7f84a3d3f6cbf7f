#!/usr/bin/env python3
"""Prints the words of word lists that the search would take for a misspelled word of danger.

Run it over lists of English words, one a line, when education/search/data/en/red_flags.toml has
changed:

    bin/find_ordinary_words.py /usr/share/dict/american-english /usr/share/dict/british-english

What people may well type belongs into ordinary_words.txt beside that file.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from education.search.red_flags import Query, red_flags

LANGUAGE = "en"


def main(paths: list[str]) -> None:
    """Print what is taken for danger and is not listed yet."""
    danger = {
        word
        for flag in red_flags(LANGUAGE)
        for phrase in flag.phrases
        for group in phrase.groups
        for word in group
    }
    lines = {line for path in paths for line in Path(path).read_text("utf-8").splitlines()}
    for line in sorted(line for line in lines if line.islower() and line.isalpha()):
        query = Query.from_text(line, LANGUAGE)
        if any(word.is_misspelled_in(query) and not word.is_in(query) for word in danger):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
