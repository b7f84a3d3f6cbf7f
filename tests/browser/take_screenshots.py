"""Takes the pictures of docs/ from the site itself: `.venv/bin/python -m
tests.browser.take_screenshots`.

It starts the site on a folder of its own and with a free port, and leaves nothing behind but
docs/pictures/.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image as Pixels
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.conftest import QUIETLY

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGE = "/conditions/white-discharge-from-back-spots/"
PASS_PHRASE = "a long pass phrase"
PEOPLE = """
from education.staff import roles
from tests.browser import staff_users
for name, family, *has in (
    ("nora", "Lind", roles.AUTHOR),
    ("olu", "Bello", roles.AUTHOR),
    ("rita", "Moss", roles.REVIEWER),
    ("paul", "Kim", roles.PUBLISHER),
):
    person = staff_users.create_user(name, *has)
    person.first_name, person.last_name = name.capitalize(), family
    person.save()
"""
DRAWING = """
import pathlib, sys
from tests.browser import staff_users
staff_users.drawing(pathlib.Path(sys.argv[1]))
"""
MOST_BYTES = 120_000


@contextmanager
def running_site(folder: Path) -> Iterator[str]:
    """The site on the loopback address, with its shipped texts and four of its staff; stopped at
    the end.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    asked = {
        "EDUCATION_DATA_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": port,
        "TIME_ZONE": "UTC",
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "SITE_URL", "DEBUG"}
    }
    env = {**kept, **asked}
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=env, stdout=log, stderr=log
    )
    site = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(120):
            try:
                urllib.request.urlopen(f"{site}/healthz", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                try:
                    server.wait(0.5)
                except subprocess.TimeoutExpired:
                    continue
                raise SystemExit((folder / "log").read_text()) from None
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", PEOPLE],
            cwd=ROOT,
            env=env,
            check=True,
        )
        subprocess.run(
            [
                sys.executable,
                "manage.py",
                "shell",
                "-v",
                "0",
                "-c",
                DRAWING.replace("sys.argv[1]", repr(str(folder))),
            ],
            cwd=ROOT,
            env=env,
            check=True,
        )
        yield site
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def keep(name: str, shot: bytes) -> None:
    """Write a picture with no more colors than a screen of words needs."""
    picture = Pixels.open(io.BytesIO(shot)).convert("RGB")
    for colors in (256, 128, 64, 32):
        file = io.BytesIO()
        picture.quantize(colors, dither=Pixels.Dither.NONE).save(file, "PNG", optimize=True)
        if len(file.getvalue()) <= MOST_BYTES:
            break
    (PICTURES / f"{name}.png").write_bytes(file.getvalue())
    print(f"{name}.png: {picture.width} x {picture.height}, {len(file.getvalue())} bytes")


def shoot(page: Page, name: str, first: Locator, last: Locator) -> None:
    """The part of a page from `first` to `last`, and a little around it."""
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    top, bottom = first.bounding_box(), last.bounding_box()
    assert top and bottom
    x = max(0, min(top["x"], bottom["x"]) - 16)
    y = max(0, top["y"] - 16)
    right = max(top["x"] + top["width"], bottom["x"] + bottom["width"]) + 16
    clip = {"x": x, "y": y, "width": right - x, "height": bottom["y"] + bottom["height"] + 16 - y}
    keep(name, page.screenshot(full_page=True, clip=clip))  # type: ignore[arg-type]


def signed_in(browser: Browser, site: str, name: str) -> Page:
    """The browser of a member of staff, on the first page after signing in."""
    page = browser.new_context(
        viewport={"width": 1100, "height": 760}, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASS_PHRASE)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="What would you like to do?").wait_for()
    return page


def row_link(page: Page, row: str, name: str) -> Locator:
    """A link in a row of the first page."""
    return (
        page.locator("#content")
        .get_by_role("row", name=row)
        .get_by_role("link", name=name, exact=True)
    )


def open_article(page: Page, site: str) -> None:
    """From the first page to the form of the article."""
    page.goto(f"{site}/admin/")
    page.locator("#content").get_by_role("link", name="Articles", exact=True).click()
    page.locator("#result_list").get_by_role("link", name="White").click()
    page.locator("#workflow-state").wait_for()


def press(page: Page, name: str) -> None:
    """Press a button, the first of this name, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def what_waits(page: Page, site: str) -> None:
    """From the first page to what waits there about the article."""
    page.goto(f"{site}/admin/")
    page.locator("section", has=page.locator("#dashboard-waiting")).get_by_role(
        "link", name="White"
    ).click()


def write_text(words: Locator, text: str) -> None:
    """Type into a text in place of what stands there."""
    words.press("Control+A")
    words.press("Delete")
    words.press_sequentially(text)


def author_writes(nora: Page, olu: Page, site: str) -> None:
    """The form and its help, what is in the way, two people at once, the preview; submitted at the
    end.
    """
    open_article(nora, site)
    shoot(nora, "form", nora.get_by_role("heading", level=1), nora.locator(".field-title"))
    field = nora.locator(".field-summary")
    summary = field.locator("#id_summary")
    shipped, do_not = summary.input_value(), nora.locator("#id_do_not").input_value()
    words = field.locator(".text-editor-words")
    write_text(
        words,
        "White stuff can come out of a spot. **Do not squeeze it.**\n- Wash gently.\nWatch for signs.",
    )
    field.locator(".markdownx-preview li", has_text="Watch for signs.").wait_for()
    shoot(nora, "live-preview", field, field)
    write_text(
        words,
        "White stuff can come out of a spot because the opening of a sebaceous gland on your back "
        "is blocked with oil and with dead skin. **Do not squeeze it.**",
    )
    field.locator(".writing-help", has_text="Split it").wait_for()
    shoot(nora, "plain-language", field, field)
    field.get_by_role("button", name="Markdown").click()
    summary.fill(
        shipped.replace("Gentle washing, changes in what you eat, and", "Gentle washing and")
    )
    nora.locator("#id_do_not").fill(f"{do_not}\nUse another person's medicine.")
    press(nora, "Save")
    shoot(
        nora, "what-is-in-the-way", nora.locator(".messagelist"), nora.locator(".submit-row").first
    )

    open_article(olu, site)
    nora.locator("#id_do_not").fill(f"{do_not}\nDo not use another person's medicine.")
    nora.locator("#id_title").fill("White stuff from spots on the back")
    press(nora, "Save")
    olu.locator("#id_title").fill("White discharge from your back")
    press(olu, "Save")
    shoot(olu, "two-people", olu.locator("#content h1"), olu.locator(".merge-conflict"))

    nora.get_by_role("link", name="What changed").click()
    changes = nora.locator(".changes > section")
    shoot(nora, "what-changed", nora.get_by_role("heading", level=1), changes.last)
    nora.go_back()
    press(nora, "Save and preview")
    nora.get_by_text("Preview. Readers do not see this.").wait_for()
    keep("preview", nora.screenshot(clip={"x": 0, "y": 0, "width": 1100, "height": 560}))
    nora.get_by_role("link", name="Back to the form").click()
    press(nora, "Save and submit…")
    nora.get_by_label("What changed, in words for readers?").fill(
        "We now say not to use another person's medicine."
    )
    shoot(nora, "submit", nora.get_by_role("heading", level=1), nora.locator(".submit-row"))
    press(nora, "Submit")


def others_decide(rita: Page, paul: Page, site: str) -> None:
    """The first page of a reviewer, the review, the list, the time to publish, the editions."""
    rita.goto(f"{site}/admin/")
    never = rita.locator("section", has=rita.locator("#dashboard-never"))
    shoot(rita, "start", rita.get_by_role("heading", level=1), never.get_by_role("listitem").nth(3))
    what_waits(rita, site)
    rita.get_by_label("Your name and title").fill("Rita Moss, nurse practitioner")
    rita.get_by_label("I have read this edition").check()
    shoot(rita, "review", rita.get_by_role("heading", level=1), rita.locator(".submit-row").last)
    press(rita, "Record my review")

    paul.goto(f"{site}/admin/")
    paul.locator("#content").get_by_role("link", name="Articles", exact=True).click()
    paul.set_viewport_size({"width": 1400, "height": 760})
    shoot(paul, "list", paul.get_by_role("heading", level=1), paul.locator("#changelist-filter"))
    paul.set_viewport_size({"width": 1100, "height": 760})
    what_waits(paul, site)
    paul.get_by_text("Publish it later").click()
    paul.get_by_label("Day", exact=True).fill("2031-03-03")
    paul.get_by_label("Time", exact=True).fill("08:00")
    paul.get_by_role("heading", level=1).click()
    shoot(paul, "publish", paul.get_by_role("heading", level=1), paul.locator(".submit-row").last)
    paul.get_by_label("Day", exact=True).fill("")
    paul.get_by_label("Time", exact=True).fill("")
    press(paul, "Publish now")
    paul.get_by_role("link", name="Earlier editions").click()
    first = paul.locator("#content .editions").first
    shoot(paul, "editions", paul.get_by_role("heading", level=1), first)


def author_adds(nora: Page, site: str, folder: Path) -> None:
    """A picture, and a source."""
    nora.goto(f"{site}/admin/")
    row_link(nora, "Pictures", "Add").click()
    nora.get_by_label("Picture:").set_input_files(folder / "bump.png")
    nora.get_by_label("Alternative text").fill("A red bump with a white tip.")
    press(nora, "Save")
    shoot(nora, "picture", nora.get_by_role("heading", level=1), nora.locator(".field-how_to_use"))

    nora.goto(f"{site}/admin/")
    row_link(nora, "List of sources", "Change").click()
    nora.get_by_role("button", name="Add another Source").click()
    new = nora.locator(".dynamic-sources.last-related:not(.empty-form)").last
    new.get_by_label("Key").fill("skin-society")
    new.get_by_label("Title").fill("Bumps on the back")
    new.get_by_label("Publisher").fill("The Skin Society")
    new.get_by_label("Web address").fill("https://skin.example/bumps")
    shoot(nora, "source", new.locator("h3"), new.locator(".field-published"))


def take(browser: Browser, site: str, folder: Path) -> None:
    """Every picture: a reader, then an author, a reviewer and a publisher at work on one page."""
    reader = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    reader.goto(site + PAGE)
    keep("condition", reader.screenshot())

    nora, olu, rita, paul = (
        signed_in(browser, site, name) for name in ("nora", "olu", "rita", "paul")
    )
    author_writes(nora, olu, site)
    others_decide(rita, paul, site)
    author_adds(nora, site, folder)


def main() -> None:
    """Start the site, take the pictures, stop it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("There is no Chromium here: sudo apt install chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIETLY))
        with running_site(folder) as site:
            take(browser, site, folder)
        browser.close()


if __name__ == "__main__":
    main()
