"""The checks of handouts in publishing: what goes live can be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from education import markdown
from education.clinic.models import Clinic
from education.handouts.handout import Handout
from education.handouts.pdf import render_html
from education.handouts.print_options import PrintOptions
from education.handouts.rendering import RENDERER, Busy, NotInstalled, Unprintable, is_possible
from education.publishing.checks.publication_checks import publication_check, text_check
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Problem, markdown_texts
from education.publishing.models import Edition

# Tables take longest to lay out: this many cells take about two seconds on a small machine.
MAX_CELLS = 300
# What fits into a column of print.
MAX_COLUMNS = 6
# A publisher waits for this, and on SQLite all other writers wait as well.
SECONDS = 15
TRIAL_KINDS = ("article", "checklist")

_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b")


@text_check
def check_table_size(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Limit the columns of each table, and the cells of all tables of an edition."""
    cells = 0
    for text in markdown_texts(edition.content):
        if text.inline:
            continue
        rows = [len(_CELL.findall(row)) for row in _ROW.findall(markdown.render(text.text))]
        cells += sum(rows)
        if max(rows, default=0) > MAX_COLUMNS:
            message = _(
                "A table here has more than {count} columns, too many for paper. Make it narrower."
            )
            yield Problem(edition.key, text.path, message.format(count=MAX_COLUMNS))
    if cells > MAX_CELLS:
        message = _(
            "The tables have more than {count} cells together, too many for a handout. Use fewer."
        )
        yield Problem(edition.key, (), message.format(count=MAX_CELLS))


@publication_check
def check_handout_renders(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Make the PDF of a document that goes live once, as a trial.

    Not for pages that only use a changed document: for these the limits of `check_table_size`
    suffice, and publishing stays quick. Without the libraries for PDFs there is no trial.
    """
    if (
        not settings.HANDOUT_TRIAL_RENDER
        or edition.pk is None
        or edition.key.kind not in TRIAL_KINDS
        or not site.is_going_live(edition)
        or not is_possible()
    ):
        return
    clinic = Clinic.load()
    try:
        RENDERER.pdf_of(
            render_html(Handout.from_editions([edition], PrintOptions(), clinic, site.at), clinic),
            seconds=SECONDS,
        )
    except Unprintable as error:
        yield Problem(edition.key, (), _("The handout cannot be made. {why}").format(why=error))
    except (KeyError, Busy, NotInstalled):
        # Another check names a missing part; a busy renderer says nothing about the document.
        return
