"""One type of page: an article."""

from wagtail.fields import RichTextField
from wagtail.models import Page


class ArticlePage(Page):
    """An article with its whole text in one field."""

    body = RichTextField()
    template = "article/article_page.html"
