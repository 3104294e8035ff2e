"""What a writer hears of the content while writing: in the terminal, and from the pill on each page."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from byline.content.compose import Memory
from byline.dev.report import Report
from byline.dev.terminal import quieten
from byline.dev.watcher import is_silent
from byline.web.app import live_of
from byline.web.live import Snapshot
from tests.dev.test_reload import Server, serve, wait_for
from tests.helpers.browsing import served
from tests.helpers.paper import Paper

__all__ = ["serve"]


def test_a_save_prints_what_it_broke_and_what_it_fixed(paper: Paper, serve: Callable[..., Server]) -> None:
    """Whether or not a browser is open: nobody has to look for it."""
    server = serve()
    log = paper.folder / "dev.log"

    def told(*words: str) -> None:
        for _ in range(100):
            if all(word in log.read_text() for word in words):
                return
            server.pause()
        pytest.fail(f"{words} not in {log.read_text()}")

    told(f"problems and the schedule: {server.address}/-/desk", "No problems found")
    paper.post("one", "[x](none.md)\n\n![](none.png)", date="soon")
    told("new: error pages/posts/one.md:3:7: bad-date", "new: warning pages/posts/one.md:7:1: missing-alt")
    paper.post("one", "Right.")
    told("fixed: error pages/posts/one.md:3:7: bad-date", "fixed: warning pages/posts/one.md:7:1: missing-alt")


def test_a_line_that_moves_is_no_news(paper: Paper) -> None:
    paper.post("one", "[x](none.md)")
    live = live_of(paper.app(debug=True))
    report = Report(live)
    assert list(report.news()) == [" * 1 warning"]
    paper.post("one", "A line.\n\n[x](none.md)")
    live.refresh()
    assert list(report.news()) == []
    paper.post("one", "A line.\n\n[x](none.md) [x](none.md)")
    live.refresh()
    assert len(list(report.news())) == 1


def test_a_site_that_cannot_be_read_is_news(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    live = live_of(paper.app(debug=True))
    report = Report(live)
    assert list(report.news()) == [" * No problems found"]
    with monkeypatch.context() as spoilt:
        paper.spoil(spoilt)
        live.refresh()
        (line,) = report.news()
        assert "templates: the disk is gone" in line
    live.refresh()
    (line,) = report.news()
    assert "fixed: " in line


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ('127.0.0.1 - - [x] "GET /-/changes?seen=1 HTTP/1.1" 200 -', False),
        ('127.0.0.1 - - [x] "\x1b[36mGET /static/style.css?v=1 HTTP/1.1\x1b[0m" 304 -', False),
        ('127.0.0.1 - - [x] "GET /media/a.png HTTP/1.1" 200 -', False),
        ('127.0.0.1 - - [x] "GET /static/none.css HTTP/1.1" 404 -', True),
        ('127.0.0.1 - - [x] "GET /posts/static/ HTTP/1.1" 200 -', True),
    ],
)
def test_the_log_holds_pages_alone(line: str, is_kept: bool) -> None:
    logger = logging.getLogger("werkzeug")
    before = logger.filters[:]
    quieten("")
    try:
        assert bool(logger.filter(logging.makeLogRecord({"msg": line}))) == is_kept
    finally:
        logger.filters[:] = before


def test_the_pill_counts_leads_to_the_desk_and_shows_what_readers_see(paper: Paper, browser: Browser) -> None:
    paper.post("one", "[x](none.md) [here](https://other.test/)")
    paper.post("secret", draft="true", title="Not yet")
    with served(paper.app(debug=True)) as address:
        page = browser.new_page()
        page.goto(f"{address}/posts/one/")
        pill = page.locator("aside.pill")
        pill.wait_for()
        assert pill.inner_text().startswith("2 warnings here · desk")
        page.goto(f"{address}/")
        pill.wait_for()
        assert page.get_by_text("Not yet").count()
        pill.get_by_role("button", name="as readers see it").click()
        wait_for(page, "!document.body.innerText.includes('Not yet')")
        pill.get_by_role("button", name="with drafts").click()
        wait_for(page, "document.body.innerText.includes('Not yet')")
        pill.get_by_role("link", name="desk").click()
        page.wait_for_url("**/-/desk")
        page.close()


def test_the_desk_and_the_check_say_the_same(paper: Paper) -> None:
    paper.write("templates/article.html", "{% extends 'theme/article.html' %}{% block nonsense %}{% endblock %}")
    paper.post("one", "[x](none.md)")
    paper.post("later", "[x](#gone) [y](none.md)", date="2999-01-01")
    paper.post("draft", "[x](#gone)", draft="true", date="soon")
    checked = paper.run("check").stdout
    desk = paper.client(debug=True).get("/-/desk", base_url="http://127.0.0.1").text
    assert desk.count("<b>error</b>") == sum(line.endswith(")") for line in checked.splitlines())
    for line in ("unknown-block", "later.md:5:5: broken-anchor [scheduled]", "draft.md:3:7: bad-date [draft]"):
        assert line in checked
    for code in ("unknown-block", "broken-link", "broken-anchor", "bad-date"):
        assert checked.count(code) == desk.count(f" {code}</span>"), code


def test_a_draft_never_leads_the_front_page(paper: Paper) -> None:
    paper.post("pinned-draft", draft="true", pinned="true")
    paper.post("undated", draft="true", date=None)
    paper.post("later", date="2999-01-01")
    paper.post("one")
    live = live_of(paper.app(debug=True))
    order = [post.slug for post in live.snapshot().site.index_order]
    assert order == ["one", "pinned-draft", "undated", "later"]


@pytest.mark.parametrize(
    ("kind", "silent"), [("ext4", False), ("overlay", False), ("nfs4", True), ("fuse.sshfs", True)]
)
def test_disks_that_tell_nobody_of_saves_are_known(tmp_path: Path, kind: str, silent: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 0 8:1 / / rw shared:1 - ext4 /dev/a rw\n2 1 0:5 / {tmp_path} rw - {kind} x rw\n")
    (tmp_path / "pages").mkdir()
    assert is_silent(tmp_path / "pages", mounts) == silent
    assert not is_silent(tmp_path.parent, mounts)


def test_a_reader_who_waits_for_a_saved_page_does_not_wait_for_the_check(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.post("a", date="2025-01-01")
    live = live_of(paper.app())
    take, taking, served = live._take, threading.Event(), threading.Event()
    in_time: list[bool] = []

    def slow(now: dt.datetime, drafts: bool, memory: Memory | None) -> Snapshot:
        if not taking.is_set():  # the snapshot that both wait for
            taking.set()
            time.sleep(0.3)
        else:  # those that only the check asks for
            in_time.append(served.wait(10))
        return take(now, drafts, memory)

    def read() -> None:
        taking.wait(10)
        live.snapshot()
        served.set()

    monkeypatch.setattr(live, "_take", slow)
    reader = threading.Thread(target=read)
    reader.start()
    Report(live).problems()
    reader.join()
    assert in_time
    assert all(in_time)
