"""Where links lead and which images are shown."""

import pytest

from education.markdown import links, render, render_inline
from tests.markdown.html_checker import element_text, elements, find_violations


@pytest.mark.parametrize(
    "target", ["/conditions/acne", "/", "/a?b=c&d=e#f", "#part", "mailto:a@b.example", "tel:111"]
)
def test_internal_link_is_plain(target: str) -> None:
    (link,) = elements(render(f"[a]({target})"), "a")
    assert link.attrib == {"href": target}
    assert element_text(link) == "a"


@pytest.mark.parametrize(
    "target", ["https://nhs.uk", "http://nhs.uk:80/a?b=c", "HTTPS://NHS.UK/", "http://[::1]/"]
)
def test_link_to_another_website_says_so(target: str) -> None:
    (link,) = elements(render(f"[NHS]({target})"), "a")
    # What it gives away, the policy of the page decides: Referrer-Policy.
    assert list(link.attrib) == ["href"]
    assert element_text(link) == "NHS (other website)"


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://a.example",
        "page",
        "../up",
        "?q",
        "",
    ],
)
def test_link_that_is_not_allowed_keeps_only_its_words(target: str) -> None:
    html = render(f"See [the *page*]({target}) now")
    assert [each.tag for each in elements(html)] == ["p", "em"]
    assert element_text(elements(html, "p")[0]) == "See the page now"


@pytest.mark.parametrize("text", ["[](/acne)", "[ ](/acne)", "[![](/x.png)](/acne)"])
def test_link_without_words_shows_its_address(text: str) -> None:
    assert element_text(elements(render(text), "a")[0]).strip() == "/acne"


def test_link_title_is_dropped_and_cannot_break_out() -> None:
    html = render("""[a](/b '" onmouseover="alert(1)')""")
    assert elements(html, "a")[0].attrib == {"href": "/b"}


def test_every_link_target_is_listed_in_order() -> None:
    text = (
        "# [a](/1)\n\n- [b](javascript:x)\n\n| [c](https://nhs.uk/é) |\n|-|\n| [a](/1) |\n\n"
        "![i](/media/a.png) [@k]"
    )
    assert links(text) == ("/1", "javascript:x", "https://nhs.uk/%C3%A9", "/1")


def test_uploaded_image_with_alternative_text_is_shown() -> None:
    (image,) = elements(render('![A *red* "rash"](/media/2024/rash-1.jpg "title")'), "img")
    assert image.attrib == {"src": "/media/2024/rash-1.jpg", "alt": 'A red "rash"'}


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/pixel.gif",
        "//evil.example/media/a.png",
        "/admin/logout",
        "/media/../admin/logout",
        "/media/%2e%2e/admin",
        "/media/./a.png",
        "/media//a.png",
        "/media/",
        "/media/a.png?x=1",
        "/media\\..\\x",
        "data:image/png;base64,AAAA",
        "data:image/svg+xml,<svg onload=alert(1)>",
        "javascript:alert(1)",
        "media/a.png",
        "",
    ],
)
def test_other_image_becomes_its_alternative_text(source: str) -> None:
    html = render(f"![A rash]({source})")
    assert elements(html, "img") == []
    assert "A rash" in element_text(elements(html, "p")[0])
    assert not find_violations(html)


def test_alternative_text_is_shown_as_typed() -> None:
    assert (
        element_text(elements(render("![<5 mm & <b>red</b>](https://a.example/b.png)"), "p")[0])
        == "<5 mm & <b>red</b>"
    )
    assert elements(render("![<5 mm & red](/media/b.png)"), "img")[0].attrib["alt"] == "<5 mm & red"


def test_image_without_alternative_text_is_not_shown() -> None:
    assert render_inline("a![](/media/a.png)b") == "ab"
