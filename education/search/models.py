"""The tables of the search: index entries, their vocabulary, and counts of failed searches."""

from __future__ import annotations

from django.db import models

from education.publishing.models import Document, Edition


class IndexEntry(models.Model):
    """A search entry, live or not: a frozen edition, or one term of a frozen glossary.

    Its stems are in tables of the search backend, under the same key.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    # `INDEX_VERSION` when it was written.
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    # The id on the page, for a glossary term.
    anchor = models.CharField(max_length=100, blank=True)
    also = models.JSONField(default=list)
    summary = models.TextField(blank=True)
    # Only for a glossary term; the text of an edition is in the edition.
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class VocabularyWord(models.Model):
    """A word of any edition, live or not, from which similar spellings are suggested.

    Readers see it only if something live has it.
    """

    language = models.CharField(max_length=12)
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="vocabulary_word_is_unique")
        ]

    def __str__(self) -> str:
        return self.word


class FailedSearch(models.Model):
    """How often a word was in searches without results on one day.

    `digest` is a keyed hash of the word; `word` is empty until it was counted often.
    """

    day = models.DateField(db_index=True)
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=1)
    word = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "day"], name="failed_search_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
