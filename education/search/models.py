"""The search's own tables: what can be found, the words of it, and how often nothing was found."""

from __future__ import annotations

from django.db import models

from education.publishing.models import Document, Edition


class IndexEntry(models.Model):
    """Something that can be found: a frozen edition, or one term of a frozen glossary. Live or not.

    Its words, ready for searching, stand beside this in tables that each database has in its own
    form.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    # The form of the index that this was made for.
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    # A place on the page, for a part of it.
    anchor = models.CharField(max_length=100, blank=True)
    also = models.JSONField(default=list)
    summary = models.TextField(blank=True)
    # Of a part; a whole edition keeps its text itself.
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class VocabularyWord(models.Model):
    """A word of any edition, from which near spellings are proposed. It is shown only once found
    live.
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
    """How often a word was looked for in vain on one day.

    The word itself is kept only once it was counted often; before that there is only its keyed
    hash.
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
