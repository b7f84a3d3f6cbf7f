"""Fragments of pages that are kept: never for another value than the one they show."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.template import Context, Engine
from django.template.exceptions import TemplateSyntaxError
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from education import markdown
from education.clinic.models import Clinic
from education.publishing.composition import compose, get_live_edition_or_404
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.references.citations import Citations
from education.references.templatetags import kept_tags
from tests import factories

TEMPLATES = {
    "value.html": "{% load i18n markdown_tags %}{{ value }}|{{ value.phone }}|{{ outside }}|{% emergency_number %}"
    "|{% get_current_language as language %}{{ language }}",
    "cited.html": "{% load markdown_tags %}{% markdown_block text citations %}",
}
LIBRARIES = {
    "kept_tags": "education.references.templatetags.kept_tags",
    "markdown_tags": "education.references.templatetags.markdown_tags",
    "i18n": "django.templatetags.i18n",
}


@pytest.fixture
def engine() -> Engine:
    kept_tags.fragments.clear()
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    return Engine(loaders=loaders, libraries=LIBRARIES)


def shown(engine: Engine, value: Any) -> str:
    template = engine.from_string("{% load kept_tags %}{% kept 'value.html' value=value %}")
    return template.render(Context({"value": value, "outside": "outside"})).split("|")[0]


def test_fragment_sees_its_values_alone(engine):
    template = engine.from_string("{% load kept_tags %}{% kept 'value.html' value=value %}")
    for outside in ("one", "two"):
        assert "|one|" not in template.render(Context({"value": "x", "outside": outside}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<b>", SafeString("<b>")),
        (1, True),
        (1, 1.0),
        (("a", 1), ("a", True)),
        (None, ""),
        (Clinic(pk=1, phone="555 0100"), Clinic(pk=1, phone="555 0101")),
    ],
)
def test_equal_values_that_show_otherwise_are_two(one, other, engine):
    template = engine.from_string("{% load kept_tags %}{% kept 'value.html' value=value %}")
    pages = {template.render(Context({"value": value})) for value in (one, other, one, other)}
    assert len(pages) == 2


def test_language_and_emergency_number_are_part_of_the_key(engine):
    template = engine.from_string("{% load kept_tags %}{% kept 'value.html' value=1 %}")
    found = set()
    for language in ("en", "es"):
        for number in ("911", "112"):
            with (
                translation.override(language),
                markdown.emergency_number_from(partial(str, number)),
            ):
                found.add(template.render(Context()))
    assert {tuple(page.split("|")[-2:]) for page in found} == {
        (number, language) for number in ("911", "112") for language in ("en", "es")
    }


@pytest.mark.django_db
def test_value_that_says_no_key_is_never_kept(engine):
    factories.make_small_site()
    document = Edition.objects.select_related("document").first().document
    document.slug = "one"
    assert shown(engine, document).endswith(" one")
    document.slug = "other"
    assert shown(engine, document).endswith(" other")


def test_tag_takes_values_only(engine):
    for wrong in ("value", "value=1 only", "with value=1"):
        with pytest.raises(TemplateSyntaxError):
            engine.from_string("{% load kept_tags %}{% kept 'value.html' " + wrong + " %}")


@pytest.mark.django_db
def test_kept_text_cites_and_marks_again_and_numbers_by_what_came_before(engine):
    factories.make_small_site()
    factories.publish_documents(
        factories.sources("guide"), factories.article(introduction="See. [@guide] [@leaflet]")
    )
    edition = get_live_edition_or_404(DocumentKey("article", "spots"), "en")
    template = engine.from_string(
        "{% load kept_tags %}{% kept 'cited.html' text=text citations=citations %}"
    )

    def page(*texts: str) -> tuple[list[str], list[str], list[str]]:
        citations = Citations.from_composition(compose(edition, site_wide=True))
        html = [template.render(Context({"text": t, "citations": citations})) for t in texts]
        assert citations.terms
        return (
            html,
            [one.source.key for one in citations.numbered_sources()],
            [used.key for used in citations.terms.used_terms()],
        )

    first = page("A pore. [@leaflet]", "Another pore. [@guide]")
    assert page("A pore. [@leaflet]", "Another pore. [@guide]") == first
    assert first[1:] == (["leaflet", "guide"], ["pore"])
    assert "popovertarget" in first[0][0] and "popovertarget" not in first[0][1]
    html, sources, _terms = page("Another pore. [@guide]", "A pore. [@leaflet]")
    assert sources == ["guide", "leaflet"]
    assert 'href="#s1"' in html[0] and "popovertarget" in html[0]


@pytest.mark.django_db
def test_draft_is_not_kept(engine):
    spots = factories.make_small_site()
    template = engine.from_string("{% load kept_tags %}{% kept 'value.html' value=value %}")
    draft = Edition.unsaved(spots.document, spots.content())
    for heading in ("One", "Two"):
        draft.heading = heading
        assert heading in template.render(Context({"value": draft}))
    at = timezone.now() + timedelta(days=1)
    assert compose(Edition.objects.live().get(document=spots), at).kept_key
