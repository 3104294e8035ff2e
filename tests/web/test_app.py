"""The web's edge: methods, tags, slashes, forged hosts and odd addresses."""

import json

import pytest

from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/posts/one/", "/feed.xml", "/static/style.css", "/healthz"])
def test_only_reading_is_allowed(paper: Paper, method: str, path: str) -> None:
    answer = full_paper(paper).client().open(path, method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_head_is_get_without_a_body(paper: Paper) -> None:
    client = full_paper(paper).client()
    get, head = client.get("/posts/one/"), client.head("/posts/one/")
    assert head.data == b""
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_a_known_tag_is_answered_with_304(paper: Paper, tag: str) -> None:
    client = full_paper(paper).client()
    for path in ("/", "/posts/one/", "/feed.xml", "/static/style.css"):
        first = client.get(path)
        etag = first.headers["ETag"].strip('"')
        answer = client.get(path, headers={"If-None-Match": tag.format(etag)})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == first.headers["ETag"]
        assert answer.headers["Cache-Control"] == first.headers["Cache-Control"]


@pytest.mark.parametrize("tag", ['"other"', "nonsense", '"', "", "W/"])
def test_an_unknown_tag_is_answered_in_full(paper: Paper, tag: str) -> None:
    assert full_paper(paper).client().get("/", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/no/", "/posts/no/", "/2019/one.html", "/posts/"])
def test_only_pages_have_a_tag(paper: Paper, path: str) -> None:
    client = full_paper(paper).client()
    answer = client.get(path, headers={"If-None-Match": "*"})
    assert answer.status_code in (301, 404)
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", ["/posts/one", "/about", "/archive", "/tags/law/page/2", "/authors/ann-desk"])
def test_the_form_without_slash_redirects_and_keeps_the_query(paper: Paper, path: str) -> None:
    client = full_paper(paper).client()
    answer = client.get(f"{path}?a=1&b=2", headers={"Host": "evil.test"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{path}/?a=1&b=2")


def test_a_forged_host_is_never_reflected(paper: Paper) -> None:
    client = full_paper(paper).client()
    for path in ("/", "/posts/one", "/feed.xml", "/sitemap.xml", "/no", "//evil.test/", "/posts", "/2019/one.html"):
        answer = client.get(path, headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"})
        assert b"evil.test" not in answer.data
        assert "evil.test" not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/page/1/",
        "/page/01/",
        "/page/0/",
        "/page/99/",
        "/page/-1/",
        "/page/99999999999999999999/",
        "/tags/%ff/",
        "/tags/nothing/",
        "/archive/1999/",
        "/archive/02025/",
        "/posts/one/feed.xml",
        "/static/../site.toml",
        "/static/%2e%2e/site.toml",
        "/static//etc/passwd",
        "/media/nothing.png",
        "/pages/about.md",
        "/static/",
        "/posts//one/",
        "/%00/",
        "/posts/one/%0a",
    ],
)
def test_there_is_no_such_page(paper: Paper, path: str) -> None:
    assert full_paper(paper).client().get(path).status_code == 404


def test_queries_do_not_change_a_page(paper: Paper) -> None:
    client = full_paper(paper).client()
    assert client.get("/posts/one/?utm=1").data == client.get("/posts/one/").data


def test_static_files_are_kept_for_ever_under_their_version_only(paper: Paper) -> None:
    client = full_paper(paper).client()
    link = client.get("/").data.decode().split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(link).headers["Cache-Control"]
    assert client.get("/static/style.css?v=old").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/style.css").headers["Cache-Control"] == "no-cache"


def test_a_static_file_that_changed_is_served_from_a_new_snapshot(paper: Paper) -> None:
    full_paper(paper)
    client = paper.client()
    old = client.get("/static/style.css")
    paper.write("static/style.css", "body { color: red }")
    new = client.get("/static/style.css")
    assert new.data == b"body { color: red }"
    assert new.headers["ETag"] != old.headers["ETag"]


def test_under_a_path_nothing_lies_beside_it(paper: Paper) -> None:
    full_paper(paper)
    paper.settings('url = "https://paper.test/repo"')
    client = paper.client()
    assert client.get("/repo/").status_code == 200
    assert client.get("/repo").headers["Location"] == "/repo/"
    assert client.get("/posts/one/").status_code == 404
    assert client.get("/repo/healthz").status_code == 200


def test_health(paper: Paper) -> None:
    full_paper(paper)
    answer = paper.client().get("/healthz")
    state = json.loads(answer.data)
    assert (state["status"], state["posts"], state["errors"]) == ("ok", 5, 0)
    assert answer.headers["Cache-Control"] == "no-store"


def test_visitors_are_told_nothing_of_a_failing_template(paper: Paper) -> None:
    full_paper(paper)
    paper.write("templates/article.html", "{{ nonsense }}")
    answer = paper.client().get("/posts/one/")
    assert answer.status_code == 500
    assert b"nonsense" not in answer.data
    assert b"templates/article.html:1:1" in paper.client(debug=True).get("/posts/one/").data
    assert paper.client().get("/").status_code == 200
