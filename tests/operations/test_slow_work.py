"""Prints and sign-ins take few of the threads that answer readers, in all processes together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest

from education.web.slots import PRINTS
from tests.operations.server_process import RunningSite, running_site

pytestmark = pytest.mark.server_process
MANY_PRINTS, MANY_SIGN_INS, READERS = 60, 20, 40
PDFS = [
    f"/handouts/{slug}.pdf?{urlencode({'paper': paper, 'print': size, 'extent': extent, 'sides': sides})}"
    for slug, paper, size, extent, sides in product(
        ("white-discharge-from-back-spots", "fatty-bumps-on-the-back", "a-lump-on-your-back"),
        ("a4", "letter"),
        ("normal", "clear", "large"),
        ("sheet", "everything"),
        ("one", "both"),
    )
][:MANY_PRINTS]
Answer = tuple[int, dict[str, str], str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("busy") / "data"


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[RunningSite]:
    with running_site(folder, folder.with_name("log")) as running:
        yield running


def ask(
    site: RunningSite, path: str, headers: dict[str, str] | None = None, body: str = ""
) -> Answer:
    asked = HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        asked.request("POST" if body else "GET", path, body or None, headers or {})
        answer = asked.getresponse()
        found = {name.title(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read().decode("latin-1")
    finally:
        asked.close()


def sign_in_form(site: RunningSite) -> tuple[dict[str, str], str]:
    """The headers and the token of a sign-in."""
    _status, headers, page = ask(site, "/admin/login/")
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    kind = "application/x-www-form-urlencoded"
    return {"Cookie": headers["Set-Cookie"].split(";")[0], "Content-Type": kind}, found[1]


def test_no_reader_fails_while_many_print_and_sign_in(site):
    headers, token = sign_in_form(site)

    def sign_in(number: int) -> Answer:
        typed = {"csrfmiddlewaretoken": token, "username": f"nurse-{number}", "password": "wrong"}
        return ask(site, "/admin/login/", headers, urlencode(typed))

    with ThreadPoolExecutor(MANY_PRINTS + MANY_SIGN_INS + READERS) as pool:
        pdfs = pool.map(lambda path: ask(site, path), PDFS)
        sign_ins = pool.map(sign_in, range(MANY_SIGN_INS))
        pages = pool.map(lambda _reader: ask(site, "/search/?q=itch")[0], range(READERS))
        assert set(pages) == {200}
        for answers, says in (
            (pdfs, "This cannot be printed just now"),
            (sign_ins, "Others are signing in"),
        ):
            found = Counter[int]()
            for status, given, page in answers:
                found[status] += 1
                if status == 503:
                    assert int(given["Retry-After"]) > 0 and says in page
            assert found.keys() == {200, 503}, found


def test_every_process_refuses_at_once_while_others_print(site, folder, settings):
    settings.LIMITS_DIR = folder / "limits"
    assert len(site.workers()) > 1
    with PRINTS.take(), PRINTS.take():
        assert [ask(site, PDFS[-1])[0] for _ in range(12)] == [503] * 12
        assert ask(site, "/search/?q=itch")[0] == 200
    assert ask(site, PDFS[-1])[0] == 200
