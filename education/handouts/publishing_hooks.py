"""The checks of handouts in publishing: what goes live can be printed."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from education import markdown
from education.clinic.models import Clinic
from education.handouts.print_options import EXTENTS
from education.handouts.trial import try_print
from education.markdown import find_tables
from education.publishing.checks.publication_checks import publication_check, text_check
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Path, Problem, markdown_texts
from education.publishing.models import Edition

MAX_CELLS = 300
# What fits into a line of print.
MAX_COLUMNS = 6
TRIAL_KINDS = ("article", "checklist")


@text_check()
def check_table_size(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Limit the columns of each table, and the cells of all tables of an edition."""
    cells = 0
    for text in markdown_texts(edition.content):
        if text.inline:
            continue
        tables = list(find_tables(markdown.read_document(text.text)))
        cells += sum(len(table.head) * (len(table.rows) + 1) for table in tables)
        if any(len(table.head) > MAX_COLUMNS for table in tables):
            message = _(
                "A table here has more than {count} columns, too many for paper. Make it narrower."
            )
            yield Problem(edition.key, text.path, message.format(count=MAX_COLUMNS))
    if cells > MAX_CELLS:
        message = _(
            "The tables have more than {count} cells together, too many for a handout. Use fewer."
        )
        yield Problem(edition.key, (), message.format(count=MAX_CELLS))


@publication_check(only_going_live=True)
def check_handout_renders(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Make the PDFs of a document that goes live once, as a trial.

    Not for pages that only use a changed document: for these the limits of `check_table_size`
    suffice, and publishing stays quick.
    """
    if (
        not settings.HANDOUT_TRIAL_RENDER
        or edition.pk is None
        or edition.key.kind not in TRIAL_KINDS
    ):
        return
    clinic = Clinic.load()
    for extent in EXTENTS if edition.key.kind == "article" else EXTENTS[:1]:
        try:
            trial = try_print(edition, extent, clinic, site.at)
        except KeyError:
            # Another check names the missing part.
            return
        if trial and trial.letter:
            yield Problem(edition.key, _find_letter(edition, trial.letter), trial.error)
            return
        if trial and trial.error:
            message = _("The handout cannot be made. {why}").format(why=trial.error)
            yield Problem(edition.key, (), message)
            return


def _find_letter(edition: Edition, letter: str) -> Path:
    """The text of the edition that has it; empty if that of another document has."""
    texts = markdown_texts(edition.content)
    return next((text.path for text in texts if letter in text.text), ())
