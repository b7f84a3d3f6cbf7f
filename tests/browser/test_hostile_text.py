"""Over a thousand hostile texts, wherever a text is shown, in a real browser: none of them runs
anything.

Each is read under the policy that the site sends and without any: the policy is only the second
lock.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from education.articles.content import ArticleContent
from education.articles.models import Article
from education.publishing.checks import publication_checks
from tests import factories
from tests.browser.text_editor_page import wait_for_editors
from tests.markdown.hostile_texts import HOSTILE_TEXTS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

# Half characters cannot be sent or kept, and no database keeps a null.
TEXTS = list(
    dict.fromkeys(
        text.encode("utf-8", "ignore").decode().replace("\0", "") for text in HOSTILE_TEXTS
    )
)
# The browser lays out all editors of a page anew for each preview that comes.
# The normal run takes every fourth text; `make prove` takes all.
SHOWN = TEXTS if "PROVE_EXAMPLES" in os.environ else TEXTS[::4]
GROUP = 200
BLOCKS = ("what_happens", "looks", "self_care", "may_suggest")

# What every hostile text tries to call only counts, and so does what the policy has to stop.
COUNTING = """
window.hits = [];
for (const name of ["alert", "confirm", "prompt", "print", "msgbox", "open"])
  window[name] = () => { window.hits.push(name); };
document.addEventListener("securitypolicyviolation", event =>
  window.hits.push(`stopped by the policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

# Whatever could still run, were it pointed at, focused, opened or followed.
PROVOKING = """
(roots) => {
  const found = [];
  const refused = "script,iframe,frame,object,embed,form,input,style,link,meta,base,math,template," +
    "svg:not(.icon),button:not(.writing-help-jump[type=button])";
  document.addEventListener("click", event => event.preventDefault(), true);
  for (const root of document.querySelectorAll(roots)) {
    for (const element of root.querySelectorAll(refused)) found.push(element.outerHTML);
    for (const element of root.querySelectorAll("*")) {
      for (const attribute of element.attributes)
        if (/^on|^style$|^srcdoc$|^formaction$/.test(attribute.name)) found.push(element.outerHTML);
      if (element.href !== undefined && !/^(https?|mailto|tel):$/.test(element.protocol))
        found.push(element.outerHTML);
      for (const name of ["mouseover", "pointerover", "mouseenter", "focus", "toggle", "click", "error"])
        element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
    }
  }
  return found;
}
"""


# What the editor's own script does with a text, for texts of one line.
SHOWING_LINES = """
async (texts) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  await Promise.all(texts.map(async text => {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", token);
    form.append("content", text);
    const answer = await fetch("/admin/markdownx/markdownify/?inline=1", { method: "POST", body: form });
    const place = document.createElement("div");
    place.className = "markdownx-preview";
    place.innerHTML = await answer.text();
    document.body.append(place);
  }));
}
"""


class Watched:
    """A page of a browser that reports whatever a text made it do."""

    def __init__(self, page: Page, site: str):
        self.page, self.site = page, site
        self.hits: list[str] = []
        page.add_init_script(COUNTING)
        page.on(
            "dialog",
            lambda dialog: (self.hits.append(f"dialog {dialog.message}"), dialog.dismiss()),
        )
        page.on("popup", lambda popup: self.hits.append(f"window {popup.url}"))
        page.on("pageerror", lambda error: self.hits.append(f"error {error}"))
        page.on("console", lambda message: self._heard(message.text))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, text: str) -> None:
        # The pictures that the texts show are not there.
        if not text.startswith("Failed to load resource"):
            self.hits.append(f"console {text}")

    def _asked(self, address: str) -> None:
        parts = urlsplit(address)
        known = (
            "/static/",
            "/media/",
            "/admin/markdownx/markdownify/",
            "/admin/text-editor/",
            "/admin/jsi18n/",
            "/favicon.ico",
            "/favicon.svg",
        )
        # A form shows the page of its draft beside it.
        is_known = parts.path.startswith((*known, self.path)) or parts.path.endswith("/draft/")
        if f"{parts.scheme}://{parts.netloc}" != self.site or not is_known:
            self.hits.append(f"request {address}")

    def read(self, path: str) -> None:
        """Open a page of the site."""
        self.path = urlsplit(path).path
        self.page.goto(self.site + path)

    def wait_for_previews(self, number: int) -> None:
        """Until the editor has filled this many previews."""
        filled = "() => [...document.querySelectorAll('.markdownx-preview')].filter(e => e.innerHTML).length"
        end = time.monotonic() + 60
        while self.page.evaluate(filled) < number:
            assert time.monotonic() < end, "the previews do not come"
            self.page.wait_for_timeout(100)

    def provoked(self, roots: str) -> list[str]:
        """Everything that ran, or could have run, in these parts of the page."""
        found = self.page.evaluate(PROVOKING, roots)
        # Pictures that fail, and what they would set off, come a moment later.
        self.page.wait_for_timeout(100)
        return [*found, *self.page.evaluate("window.hits"), *self.hits]


@pytest.fixture(params=[False, True], ids=["with the policy", "without the policy"])
def watched(request: Any, browser: Browser, live_server: Any) -> Iterator[Watched]:
    context = browser.new_context(bypass_csp=request.param)
    yield Watched(context.new_page(), live_server.url)
    context.close()


@pytest.fixture
def signed_in(watched: Watched, admin_client: Any) -> Watched:
    """The same, with the cookie of somebody who may do everything."""
    session = admin_client.cookies["sessionid"].value
    cookie = {
        "name": "sessionid",
        "value": session,
        "domain": urlsplit(watched.site).hostname,
        "path": "/admin/",
    }
    watched.page.context.add_cookies([cookie])
    return watched


def dealt(texts: list[str], number: int) -> list[list[str]]:
    """Texts in groups of `number`; the last is filled up from the first ones."""
    groups = [texts[at : at + number] for at in range(0, len(texts), number)]
    groups[-1] += texts[: number - len(groups[-1])]
    return groups


def test_hostile_texts_number_over_a_thousand() -> None:
    assert len(TEXTS) > 1_000


@pytest.mark.prove
def test_hostile_text_never_runs_in_form_or_its_preview(signed_in: Watched) -> None:
    factories.make_small_site()
    for number, texts in enumerate(dealt(SHOWN, GROUP)):
        article = Article.objects.create(slug=f"hostile-{number}", title=texts[0], do=texts[:12])
        cause = factories.cause(f"cause-{number}")
        for order, row in enumerate(dealt(texts, 4)):
            article.causes.create(cause=cause, order=order, **dict(zip(BLOCKS, row, strict=True)))
        signed_in.read(f"/admin/articles/article/{article.pk}/change/")
        wait_for_editors(signed_in.page)
        editors = ", ".join(
            f"#causes-group .markdownx-editor[name$='-{name}']:not([name*=__prefix__])"
            for name in BLOCKS
        )
        typed = signed_in.page.eval_on_selector_all(editors, "all => all.map(each => each.value)")
        assert typed == [text.replace("\r", "\n") for text in texts]
        signed_in.wait_for_previews(len(texts))
        assert signed_in.provoked(".markdownx-preview, .text-editor-words") == []


@pytest.mark.prove
@pytest.mark.parametrize("watched", [True], ids=["without the policy"], indirect=True)
def test_hostile_text_never_runs_in_preview_of_one_line(signed_in: Watched) -> None:
    signed_in.read("/admin/references/glossary/add/")
    signed_in.page.evaluate(SHOWING_LINES, SHOWN)
    signed_in.wait_for_previews(len(SHOWN))
    assert signed_in.provoked(".markdownx-preview") == []


@pytest.mark.prove
def test_hostile_text_never_runs_on_a_page_or_handout(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published as if every rule of publication had failed."""
    factories.make_small_site()
    causes = [f"cause-{number}" for number in range(20)]
    factories.publish_documents(*(factories.cause(slug) for slug in causes))
    monkeypatch.setattr(publication_checks, "_CHECKS", [])
    monkeypatch.setattr(
        publication_checks, "check_markdown_renders", lambda edition, site: iter(())
    )
    monkeypatch.setattr(
        ArticleContent,
        "validate_values",
        classmethod(lambda cls, slug, values: cls.model_validate(values)),
    )
    for number, texts in enumerate(dealt(SHOWN, 104)):
        rows = [
            dict(zip(("cause", *BLOCKS), (slug, *row), strict=True))
            for slug, row in zip(causes, dealt(texts[:80], 4), strict=True)
        ]
        page = factories.article(f"hostile-{number}")
        page.save_content(
            {**page.to_values(), "causes": rows, "do": texts[80:92], "do_not": texts[92:]}
        )
        factories.publish_documents(page)
        for path, headings in (
            (f"/conditions/hostile-{number}/", ".cause-card h3"),
            (f"/handouts/hostile-{number}/?extent=everything", ".causes h3"),
        ):
            watched.read(path)
            assert watched.page.locator(headings).count() >= 20
            assert watched.provoked(".causes, .cause-cards, .do") == []
        for slug in causes:
            watched.read(f"/causes/{slug}/")
            assert watched.page.locator(".explanation h3").count() >= 4
            assert watched.provoked(".explanation") == []
