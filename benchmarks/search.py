"""How long the search takes in the database, at 10,000 articles of 600 words, what is live
included.

Words come as often as in real texts (Zipf's law); the commonest stand for those that say nothing,
such as "the", which the search leaves out of a question. Each article has an older edition, every
tenth a newer one that waits, so that what readers do not see stands in the index too.

Run it on a quiet machine: .venv/bin/python benchmarks/search.py [articles] With DATABASE_URL it
makes and drops the database `education_benchmark` on that PostgreSQL server.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from goals import Goal, say

ROOT = Path(__file__).resolve().parents[1]
ARTICLES, WORDS, KNOWN, EMPTY = 10_000, 600, 30_000, 50
QUESTIONS = 2_000
LIMITS_MS = {"p50": 1.0, "p99": 15.0}


def main() -> int:
    """Measure and print; 1 when a limit is passed."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"EDUCATION_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "education.settings"}
        (Path(folder) / "static").mkdir()
        sys.path.insert(0, str(ROOT))
        return _in_own_database(articles)


def _in_own_database(articles: int) -> int:
    # Django can be imported only when the folder of this run is known.
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    connection.settings_dict["TEST"] = {**connection.settings_dict["TEST"], "NAME": None}
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = "education_benchmark"
    else:
        connection.settings_dict["TEST"]["NAME"] = str(
            Path(os.environ["EDUCATION_DATA_DIR"]) / "bench.sqlite3"
        )
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _measured(articles)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def _measured(articles: int) -> int:
    from django.db import connection  # noqa: PLC0415

    from education.search import indexing  # noqa: PLC0415
    from education.search.search import run_search  # noqa: PLC0415

    text = Texts(random.Random(7))  # noqa: S311  no secret
    _fill(articles, text)
    begin = time.perf_counter()
    done = indexing.rebuild()
    print(f"{connection.vendor}: {done} editions indexed in {time.perf_counter() - begin:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    goals: list[Goal] = []
    for name, questions, limits in (
        ("found", [text.question() for _ in range(QUESTIONS)], LIMITS_MS),
        ("one wrong letter", [text.misspelled() for _ in range(QUESTIONS // 10)], {}),
        ("in vain", [text.nonsense() for _ in range(QUESTIONS // 10)], {}),
    ):
        figures = [
            (statistics.median(taken), statistics.quantiles(taken, n=100)[98])
            for taken in _times(lambda question: run_search(question, "en"), questions)
        ]
        measured = [f"p50 {p50:.2f} ms, p99 {p99:.1f} ms" for p50, p99 in figures]
        print(
            f"{name}: {len(questions)} questions, in the database {measured[0]} (processor: {measured[1]}); "
            f"with ranking and marks {measured[2]} (processor: {measured[3]})"
        )
        goals += [
            Goal(
                f"search that finds something, in the database, {percentile}",
                value,
                "<=",
                limits[percentile],
                "ms",
            )
            for percentile, value in zip(("p50", "p99"), figures[0], strict=True)
            if limits
        ]
    return say(goals)


def _times(ask: Callable[[str], object], questions: list[str]) -> tuple[list[float], ...]:
    """The milliseconds that each question took in the database and as a whole, each also of the
    processor.

    In the database: from a statement to all its rows as Python has them.
    """
    from education.search.indexing import get_backend  # noqa: PLC0415

    spent = [0.0, 0.0]

    def clocked(work: Callable[..., object]) -> Callable[..., object]:
        def timed(*args: object, **kwargs: object) -> object:
            begin, busy = time.perf_counter(), time.process_time()
            try:
                return work(*args, **kwargs)
            finally:
                spent[:] = (
                    spent[0] + time.perf_counter() - begin,
                    spent[1] + time.process_time() - busy,
                )

        return timed

    kind = type(get_backend())
    plain = {
        name: getattr(kind, name)
        for name in ("search_names", "search_text", "sample_rows", "similar_words")
    }
    for name, work in plain.items():
        setattr(kind, name, clocked(work))
    found: tuple[list[float], ...] = ([], [], [], [])
    for question in questions:
        spent[:] = 0.0, 0.0
        begin, busy = time.perf_counter(), time.process_time()
        ask(question)
        whole = time.perf_counter() - begin, time.process_time() - busy
        for taken, seconds in zip(found, (*spent, *whole), strict=True):
            taken.append(seconds * 1000)
    for name, work in plain.items():
        setattr(kind, name, work)
    return found


class Texts:
    """Made-up texts, whose words come as often as Zipf's law says."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.names: list[str] = []
        self.words = list(dict.fromkeys(self._word() for _ in range(KNOWN * 2)))[:KNOWN]
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def _word(self) -> str:
        syllables = self.chance.randint(1, 4)
        return "".join(
            self.chance.choice("bcdfghlmnprstv") + self.chance.choice("aeiou")
            for _ in range(syllables)
        ) + self.chance.choice(["", "s", "n", "r", "t"])

    def some(self, count: int) -> str:
        """So many words, the common ones most often."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=count))

    def telling(self, count: int) -> str:
        """The same, without those that say nothing."""
        weights = [weight - self.weights[EMPTY - 1] for weight in self.weights[EMPTY:]]
        return " ".join(self.chance.choices(self.words[EMPTY:], cum_weights=weights, k=count))

    def rare(self, count: int) -> str:
        """Words that are not among the commonest hundred, as names are."""
        return " ".join(self.chance.choices(self.words[100:], k=count))

    def name(self) -> str:
        """A name: mostly telling words, one of them perhaps common."""
        return (
            f"{self.rare(self.chance.randint(1, 2))} {self.some(self.chance.randint(0, 2))}".strip()
        )

    def question(self) -> str:
        """What a reader types: a name's words, a word of the text, or two common ones."""
        kind = self.chance.random()
        if kind < 0.4:
            return self.chance.choice(self.names)
        if kind < 0.6:
            return self.chance.choice(self.chance.choice(self.names).split())
        return self.telling(1 if kind < 0.8 else 2)

    def misspelled(self) -> str:
        """A word of a name with one letter changed."""
        word = max(self.chance.choice(self.names).split(), key=len)
        place = self.chance.randrange(len(word))
        return word[:place] + self.chance.choice("qxz") + word[place + 1 :]

    def nonsense(self) -> str:
        """A word that no text has."""
        return "".join(self.chance.choice("qxzjkw") for _ in range(8))


def _fill(articles: int, text: Texts) -> None:
    """Documents with an edition before the live one, and for every tenth one after it."""
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from education.publishing.models import Document, Edition, Publication  # noqa: PLC0415

    now = timezone.now()
    documents = Document.objects.bulk_create(
        (
            Document(kind="article", language="en", slug=f"page-{number}")
            for number in range(articles)
        ),
        batch_size=1000,
    )

    def editions() -> Iterator[Edition]:
        for place, document in enumerate(documents):
            for number in range(1, 4 if place % 10 == 0 else 3):
                name = text.name()
                if number == 2:
                    text.names.append(name)
                summary = text.some(40)
                yield Edition(
                    document=document,
                    number=number,
                    schema=1,
                    data={},
                    sha256="",
                    change="advice",
                    note="Made up.",
                    heading=name,
                    synonyms=[text.name(), text.name()],
                    abstract=summary,
                    search_text=f"{summary}\n{text.some(WORDS - 40)}",
                )

    made = Edition.objects.bulk_create(editions(), batch_size=500)
    Publication.objects.bulk_create(
        (
            Publication(
                document_id=one.document_id, edition=one, at=now - timedelta(days=10 - one.number)
            )
            for one in made
            if one.number < 3
        ),
        batch_size=1000,
    )


if __name__ == "__main__":
    sys.exit(main())
