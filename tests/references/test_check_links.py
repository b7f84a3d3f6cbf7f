"""The link check: polite, never inside a private network, and remembered."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from ipaddress import ip_address

import pytest
from django.core.management import call_command
from django.utils import timezone

from education.publishing import actions
from education.publishing.models import Document
from education.references.link_check import checker, http_probe
from education.references.link_check.broken_links import broken_links, unverified_links
from education.references.link_check.http_probe import ProbeOutcome, is_public_address, probe
from education.references.management.commands.check_links import Command
from education.references.models import CheckedLink
from tests import factories
from tests.factories import WORDING, publish_documents


class Site(BaseHTTPRequestHandler):
    """A site that answers as its paths say: /200, /404 …, /slow, /drip, /to/<address>, /circle,
    /head-405.
    """

    def answer(self):
        server = self.server
        server.asked.append((self.command, self.path))
        server.agents.add(self.headers["User-Agent"])
        name = self.path.partition("?")[0].strip("/")
        if name == "slow":
            server.over.wait(5)
        if name == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not server.over.wait(0.05):
                self.wfile.write(b"x")
        status, location = self.what(name)
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"x" * 1000)

    def what(self, name):
        kind, _slash, rest = name.partition("/")
        if name.isdigit():
            return int(name), ""
        if name.startswith("head-"):
            return int(name[5:]) if self.command == "HEAD" else 200, ""
        places = {
            "circle": f"/circle?{time.monotonic()}",
            "to": rest,
            "hop": f"/hop/{int(rest) - 1}" if kind == "hop" and rest != "0" else "/200",
        }
        return (302, places[kind]) if kind in places else (200, "")

    do_GET = do_HEAD = answer

    def log_message(self, *words):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A visitor who hangs up is none of its business."""


@pytest.fixture
def server():
    found = Server(("127.0.0.1", 0), Site)
    found.asked, found.agents, found.over = [], set(), threading.Event()
    found.url = f"http://127.0.0.1:{found.server_port}"
    thread = threading.Thread(target=found.serve_forever, args=(0.05,))
    thread.start()
    yield found
    found.over.set()
    found.shutdown()
    thread.join()
    found.server_close()


def here(address):
    """The door of these tests: only this machine, which no visit of the program itself goes to."""
    return str(address) == "127.0.0.1"


def probe_url(url, **how):
    return probe(url, **{"timeout": 2, "address_policy": here, **how})


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("200", ProbeOutcome.GOOD, 200),
        ("204", ProbeOutcome.GOOD, 204),
        ("404", ProbeOutcome.GONE, 404),
        ("410", ProbeOutcome.GONE, 410),
        ("400", ProbeOutcome.FAILED, 400),
        ("304", ProbeOutcome.FAILED, 304),
        ("401", ProbeOutcome.UNSURE, 401),
        ("403", ProbeOutcome.UNSURE, 403),
        ("429", ProbeOutcome.UNSURE, 429),
        ("500", ProbeOutcome.UNSURE, 500),
        ("503", ProbeOutcome.UNSURE, 503),
        ("head-405", ProbeOutcome.GOOD, 200),
        ("head-403", ProbeOutcome.GOOD, 200),
        ("head-501", ProbeOutcome.GOOD, 200),
        ("head-404", ProbeOutcome.GOOD, 200),
        ("head-429", ProbeOutcome.UNSURE, 429),
        ("hop/4", ProbeOutcome.GOOD, 200),
        ("hop/5", ProbeOutcome.FAILED, None),
        ("circle", ProbeOutcome.FAILED, None),
        ("to//404", ProbeOutcome.GONE, 404),
        ("to/ftp://example.org/x", ProbeOutcome.FAILED, None),
        ("to/file:///etc/passwd", ProbeOutcome.FAILED, None),
        ("to/http://", ProbeOutcome.FAILED, None),
    ],
)
def test_visit_reports_the_state_of_a_page(path, outcome, status, server):
    seen = probe_url(f"{server.url}/{path}")
    assert (seen.outcome, seen.status) == (outcome, status)
    assert bool(seen.problem) == (outcome is not ProbeOutcome.GOOD)


def test_visit_sends_head_first_and_identifies_itself(server, settings):
    settings.SITE_URL = "https://clinic.example"
    probe_url(f"{server.url}/200?q=ä&x=a b")
    assert server.asked == [("HEAD", "/200?q=%C3%A4&x=a%20b")]
    assert server.agents == {"patient-education-link-check (+https://clinic.example)"}


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_slow_site_times_out(path, server):
    began = time.monotonic()
    seen = probe_url(f"{server.url}/{path}", timeout=0.4)
    assert (seen.outcome, seen.problem) == (ProbeOutcome.UNSURE, "The site did not answer in time.")
    assert time.monotonic() - began < 2


def test_unreachable_url_is_never_called_working(server):
    assert probe_url("http://127.0.0.1:1/").outcome is ProbeOutcome.FAILED
    assert probe_url("http://no-such-host.invalid/").outcome in {
        ProbeOutcome.FAILED,
        ProbeOutcome.UNSURE,
    }
    for odd in (
        "http://[::1",
        "https://",
        "http://a:99999/",
        "http://\u2603\u2603..x/",
        "http://x/\x01",
    ):
        assert probe_url(odd).outcome is not ProbeOutcome.GOOD


def test_site_without_tls_is_not_called_working(server):
    assert probe_url(server.url.replace("http:", "https:")).outcome is ProbeOutcome.FAILED


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433"])
def test_visits_to_this_machine_are_refused_by_any_name(host, server):
    seen = probe(f"http://{host}:{server.server_port}/200", timeout=2)
    assert (seen.outcome, seen.status) == (ProbeOutcome.UNSURE, None)
    assert server.asked == []


@pytest.mark.parametrize(
    "inside", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/"]
)
def test_redirect_into_private_network_is_not_followed(inside, server):
    seen = probe_url(f"{server.url}/to/{inside}")
    assert seen.outcome is ProbeOutcome.UNSURE
    assert "private network" in seen.problem
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff0e::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
    ],
)
def test_visits_go_to_public_addresses_only(address, public):
    assert is_public_address(ip_address(address)) is public


def answers(monkeypatch, *addresses):
    """Names that mean these addresses at first, and later a private one; the names as they are
    looked up.
    """
    asked = []
    real = http_probe.socket.getaddrinfo

    def look_up(host, port, *rest, **how):
        if not host.endswith(".example"):
            return real(host, port, *rest, **how)
        asked.append(host)
        found = addresses if len(asked) == 1 else ("10.0.0.1",)
        return [(2, 1, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(http_probe.socket, "getaddrinfo", look_up)
    return asked


def test_host_with_one_private_address_is_not_contacted(server, monkeypatch):
    answers(monkeypatch, "127.0.0.1", "10.0.0.1")
    assert probe_url(f"http://two.example:{server.server_port}/200").outcome is ProbeOutcome.UNSURE
    assert server.asked == []


def test_connection_uses_the_address_that_was_checked(server, monkeypatch):
    asked = answers(monkeypatch, "127.0.0.1")
    assert probe_url(f"http://page.example:{server.server_port}/200").outcome is ProbeOutcome.GOOD
    assert asked == ["page.example"]


class Here(Command):
    """The command, for the site of these tests."""

    pause = 0

    def is_address_allowed(self, address):
        return here(address)


def check(**options):
    """What the command says."""
    out = StringIO()
    call_command(Here(stdout=out, stderr=StringIO()), timeout=2, **options)
    return out.getvalue()


def links(*urls):
    """A live cause with these links."""
    text = "\n\n".join(f"See [this page]({url})." for url in urls) or "No link."
    page = factories.cause(text=text)
    publish_documents(page, **WORDING)
    return page


def verdicts():
    return dict(CheckedLink.objects.values_list("url", "status"))


@pytest.fixture
def days(monkeypatch):
    """A clock that the test turns on."""
    real = timezone.now
    ahead = timedelta()

    def advance(number):
        nonlocal ahead
        ahead += timedelta(days=number)

    monkeypatch.setattr(timezone, "now", lambda: real() + ahead)
    return advance


pytestmark = pytest.mark.django_db


def test_all_live_links_and_sources_are_checked(server):
    page = links(f"{server.url}/200", f"{server.url}/404#part", f"{server.url}/404")
    sources = factories.sources()
    sources.sources.update(url=f"{server.url}/410")
    publish_documents(sources)
    factories.cause("draft", text=f"[Draft]({server.url}/draft)")
    shown = check()
    assert verdicts() == {
        f"{server.url}/200": "good",
        f"{server.url}/404": "broken",
        f"{server.url}/410": "broken",
    }
    gone, source = sorted(broken_links(), key=lambda link: link.url)
    assert (gone.on_site, gone.problem) == (False, "The page is not there (404).")
    assert [(mention.document.pk, str(mention)) for mention in gone.locations] == [
        (page.pk, "cause “Oil”")
    ]
    assert [mention.document.pk for mention in source.locations] == [sources.pk]
    assert f"Broken: {server.url}/404" in shown and "  - cause “Oil”" in shown
    assert "Asked for 3 links to other sites. 2 links are broken, 0 could not be checked." in shown
    assert (
        Counter(path for method, path in server.asked if method == "HEAD").most_common(1)[0][1] == 1
    )


def test_temporary_errors_are_never_called_broken(server, days):
    links(f"{server.url}/503", f"{server.url}/429", f"{server.url}/403")
    for _day in range(3):
        shown = check()
        days(1)
    assert set(verdicts().values()) == {"unsure"}
    assert broken_links() == [] and len(unverified_links()) == 3
    assert f"Could not be checked: {server.url}/503" in shown


def test_failure_is_broken_only_after_failing_on_another_day(server, days):
    url = f"{server.url}/400"
    links(url, f"{server.url}/200")
    check(), check()
    assert verdicts()[url] == "unsure"
    since = CheckedLink.objects.get(url=url).failing_since
    days(1)
    check()
    assert verdicts()[url] == "broken"
    assert broken_links()[0].since == since


def test_link_that_works_again_is_not_broken(server, days, monkeypatch):
    links(f"{server.url}/circle")
    check()
    monkeypatch.setattr(
        checker, "probe", lambda url, **_how: http_probe.ProbeResult(ProbeOutcome.GOOD, status=200)
    )
    check()
    link = CheckedLink.objects.get()
    assert (link.status, link.problem, link.failing_since, link.failed_on) == (
        "good",
        "",
        None,
        None,
    )
    monkeypatch.undo()
    days(1)
    check()
    assert set(verdicts().values()) == {"unsure"}


def test_broken_link_stays_broken_until_proved_working(server, monkeypatch):
    links(f"{server.url}/404")
    check()
    monkeypatch.setattr(
        checker,
        "probe",
        lambda url, **_how: http_probe.ProbeResult(ProbeOutcome.UNSURE, "Later.", 503),
    )
    check()
    assert [link.problem for link in broken_links()] == ["The page is not there (404)."]


def test_failure_of_all_links_is_taken_as_own_network_failure(days):
    links("http://127.0.0.1:1/", "http://no-such-host.invalid/")
    for _day in range(2):
        check()
        days(1)
    assert set(verdicts().values()) == {"unsure"}


def test_failed_only_option_checks_failed_links(server):
    links(f"{server.url}/200", f"{server.url}/503", f"{server.url}/404")
    check()
    server.asked.clear()
    check(only_failed=True)
    assert {path for _method, path in server.asked} == {"/503", "/404"}


def test_run_is_bounded_and_the_rest_comes_first_next_time(server, monkeypatch):
    monkeypatch.setattr(checker, "MAX_PER_HOST", 2)
    links(*(f"{server.url}/200?{number}" for number in range(3)))
    assert "1 are left for the next run." in check()
    first = {path for _method, path in server.asked}
    server.asked.clear()
    check()
    second = [path for _method, path in server.asked]
    assert len(first) == len(second) == 2 and first | set(second) == {f"/200?{n}" for n in range(3)}


def test_removed_link_is_no_longer_broken(server):
    links(f"{server.url}/404", f"{server.url}/410")
    check()
    links(f"{server.url}/410")
    assert [link.url for link in broken_links()] == [f"{server.url}/410"]
    check()
    assert list(verdicts()) == [f"{server.url}/410"]


def test_internal_links_to_withdrawn_pages_are_broken(server):
    oil, sweat = (
        factories.cause("oil", text="See [sweat](/causes/sweat/)."),
        factories.cause("sweat"),
    )
    publish_documents(oil, sweat)
    check()
    assert broken_links() == []
    actions.withdraw(sweat, reason="It was wrong.")
    shown = check()
    (link,) = broken_links()
    assert (link.url, link.on_site) == ("/causes/sweat/", True)
    assert "leads nowhere" in link.problem and "Broken: /causes/sweat/" in shown
    assert [mention.document.slug for mention in link.locations] == ["oil"]
    check()
    assert broken_links()[0].since == link.since
    publish_documents(factories.cause("sweat"), **WORDING)
    check()
    assert broken_links() == [] and not CheckedLink.objects.exists()


def test_links_to_own_address_are_not_visited(server, settings):
    settings.SITE_URL = server.url
    links(f"{server.url}/causes/oil/")
    assert "Asked for 0 links" in check()
    assert server.asked == []


def test_internal_link_to_a_page_published_since_is_not_broken():
    sweat = factories.cause("sweat")
    publish_documents(
        factories.cause("oil", text="See [a](/causes/sweat/#b) and [c](/causes/dust/)."),
        sweat,
        factories.cause("dust"),
    )
    for slug in ("sweat", "dust"):
        actions.withdraw(Document.objects.get(slug=slug), reason="Wrong.")
    check()
    assert [link.url for link in broken_links()] == ["/causes/dust/", "/causes/sweat/"]
    publish_documents(sweat, **WORDING)
    assert [link.url for link in broken_links()] == ["/causes/dust/"]


def test_broken_links_query_count_is_independent_of_length(server, django_assert_max_num_queries):
    links(*(f"{server.url}/404?{number}" for number in range(8)))
    publish_documents(factories.cause("sweat", text=f"[It]({server.url}/404?1)"))
    check()
    publish_documents(
        factories.cause("sweat", text=f"[It]({server.url}/404?1). Changed."), **WORDING
    )
    with django_assert_max_num_queries(6):
        assert len(broken_links()) == 8


def test_command_uses_public_addresses_only(server):
    links(f"{server.url}/404", f"{server.url}/200")
    out = StringIO()
    call_command("check_links", stdout=out, stderr=StringIO())
    assert server.asked == []
    assert set(verdicts().values()) == {"unsure"}
