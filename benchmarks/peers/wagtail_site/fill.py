"""Makes the database and the pages: fill.py <file with the HTML of the article>
<number of pages>.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "wagtail_site.settings"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

from django.core.management import call_command  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from wagtail_site.article.models import ArticlePage  # noqa: E402

call_command("makemigrations", "article", verbosity=0)
call_command("migrate", verbosity=0)
body, number = Path(sys.argv[1]).read_text(), int(sys.argv[2])
home = Page.objects.get(depth=2)
Site.objects.update(port=int(sys.argv[3]), hostname="127.0.0.1")
for count in range(number):
    home.add_child(
        instance=ArticlePage(title=f"Article {count}", slug=f"article-{count}", body=body)
    )
