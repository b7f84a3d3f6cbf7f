"""What handouts contribute to publishing: what goes live can be laid out on paper."""

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

# Layout takes longest with tables: so many cells take about two seconds on a small machine.
MAX_CELLS = 300
MAX_COLUMNS = 6
# A publisher waits for this, and on SQLite everybody else who writes waits, too.
SECONDS = 15
TRIAL_KINDS = ("article", "checklist")

_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b")


@text_check
def check_table_size(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """No table is wider than a column of print, and all of them can be laid out in a short time."""
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
    """A document that goes live has a handout, made once before any patient asks for it.

    Of a page that other changes touch only the bounds above are asked: they hold for every text by
    itself, and publishing stays quick. Where PDFs cannot be made, nothing is tried.
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
        # A part that is missing is named by another rule; a printer that is busy proves nothing.
        return
