"""Keys by which other programs keep a text from readers: obeyed or refused, and told."""

from zoneinfo import ZoneInfo

import pytest

from byline.frontmatter import syntax
from byline.frontmatter.headers import is_known, read_author, read_post
from tests.helpers.findings import report
from tests.helpers.paper import Paper


def read(header: str) -> tuple[bool, list[str]]:
    """Whether a post with `header` is a draft, and the codes of what is told besides unknown keys."""
    is_toml = " = " in header or header.startswith("[")
    top = 'title = "One"\ndate = 2025-05-01\n' if is_toml else "title: One\ndate: 2025-05-01\n"
    form, fence = ("toml", "+++") if is_toml else ("yaml", "---")
    text = f"{fence}\n{top}{header}\n{fence}\nText.\n"
    part = syntax.split(text, is_known)
    assert part.form == form
    post, problems = read_post(syntax.read(part), ZoneInfo("UTC"))
    return post.draft, [problem.code for problem in problems if problem.code != "unknown-key"]


@pytest.mark.parametrize(
    "header",
    [
        "publish: false",
        "Publish: No",
        "dg-publish: false",
        "published: false",
        'published: "no"',
        "public: off",
        "isPublished: false",
        "isDraft: true",
        "is_draft: yes",
        "Is-Draft: 1",
        "private: true",
        "hidden: true",
        "_hidden: yes",
        "hide: true",
        "unlisted: true",
        "unlisted: on",
        "headless: true",
        "post_status: draft",
        "post_status: private",
        "post_status: pending",
        "post_status: trash",
        "status: sent",
        "Status: In progress",
        "status: [Draft]",
        "status: [draft, public]",
        "status: {name: Draft}",
        "visibility: members",
        "visibility: private",
        "audience: only_paid",
        "workflow: In review",
        "build: {render: never}",
        "build: {list: never}",
        "_build: {render: false, list: true}",
        "_build:\n  list: local",
        "params: {draft: true}",
        "params:\n  isDraft: true",
        "extra: {published: false}",
        "draft = false\n[extra]\nunlisted = true",
        "render = false",
        "[build]\nrender = 'never'",
        "eleventyExcludeFromCollections: true",
        "permalink: false",
        "routable: false",
        "password: swordfish",
        "wip: true",
        "draft?: true",
        "url: false",
        "enabled: no",
        "do-not-publish: true",
    ],
)
def test_what_keeps_a_text_back(header: str) -> None:
    assert read(header) == (True, ["kept-back"])


@pytest.mark.parametrize(
    "header",
    [
        "publish: true",
        "published: true",
        "published: 2025-05-01",
        "published: May 1, 2025",
        "private: false",
        "hidden: no",
        "publish:",
        "status:",
        "password:",
        'password: ""',
        "status: published",
        "status: featured",
        "post_status: publish",
        "visibility: public",
        "audience: everyone",
        "state: Texas",
        "url: /a/",
        "show: sidebar",
        "ignore: nothing",
        "access: by bus",
        "hide: [navigation, toc]",
        "permalink: /a/b.html",
        "build: {render: always, list: always, publishResources: false}",
        "cover: {src: 'https://e.test/x.png', hidden: true}",
        "params: {hidden: false}",
        "publish_to_feed: false",
        "sitemap: false",
        "robots: noindex",
    ],
)
def test_what_does_not(header: str) -> None:
    assert read(header) == (False, [])


@pytest.mark.parametrize(
    "header",
    [
        "publish: maybe",
        "publish: 2025-05-01",
        "published: never",
        "published: [a, b]",
        "isDraft: half",
        "hidden: {from: lists}",
        "unlisted: soon",
        "build: {render: perhaps}",
        "params: {draft: nearly}",
    ],
)
def test_what_is_neither_yes_nor_no_is_refused(header: str) -> None:
    assert read(header)[1] == ["not-true-or-false"]


@pytest.mark.parametrize("header", ["darft: true", "drafts: yes", "publised: false", "unlist: true", "priwate: 1"])
def test_a_misspelling_that_would_publish_is_refused(paper: Paper, header: str) -> None:
    key, _, value = header.partition(": ")
    paper.post("one", **{key: value})
    assert paper.site().posts == ()
    told = [found for found in report(paper) if found["path"] == "pages/posts/one.md"]
    assert [(found["code"], found["severity"], found["line"]) for found in told] == [("unknown-key", "error", 4)]


@pytest.mark.parametrize("header", ["drafts: false", "publised: true", "rate: true", "comments: false", "math: true"])
def test_one_that_would_not_is_no_error(header: str) -> None:
    assert read(header) == (False, [])


@pytest.mark.parametrize("key", ["unpublishdate", "unpublish_date", "expiryDate", "expires_at"])
def test_an_end_that_has_passed(paper: Paper, key: str) -> None:
    paper.post("one", **{key: "2025-05-10"})
    paper.post("two", **{key: "soon"})
    assert paper.site().posts == ()
    assert [problem["code"] for problem in report(paper) if problem["severity"] == "error"] == ["bad-date"]


@pytest.mark.parametrize("key", ["publish_date", "embargo"])
def test_a_day_that_has_not_come(paper: Paper, key: str) -> None:
    paper.post("one", **{key: "2025-06-10"})
    assert paper.client().get("/posts/one/").status_code == 404


def test_a_page_and_a_post_say_so_in_the_check_and_on_the_desk(paper: Paper) -> None:
    paper.post("one", publish="false")
    paper.write("pages/about.md", "---\ntitle: About\nvisibility: members\n---\n")
    told = {(p["path"], p["line"], p["severity"]) for p in report(paper) if p["code"] == "kept-back"}
    assert told == {("pages/about.md", 3, "hint"), ("pages/posts/one.md", 4, "hint")}
    desk = paper.client(debug=True).get("/-/desk").text
    assert "`publish` keeps this from readers" in desk.replace("<code>", "`").replace("</code>", "`")


@pytest.mark.parametrize("header", ["published: false", "draft: true", "private: yes", "status: draft"])
def test_of_an_author_the_name_alone_is_shown(paper: Paper, header: str) -> None:
    paper.post("one", authors="desk")
    links = "bio: A secret.\nlinks: [https://secret.test/]\naliases: /secret/\n"
    text = f"---\nname: The Desk\n{links}{header}\n---\nAnother secret, in [a file](secret.txt).\n"
    paper.write("pages/authors/desk.md", text)
    paper.write("pages/authors/secret.txt", "x")
    assert paper.freeze().exit_code == 0
    everything = "".join((paper.folder / "build" / name).read_bytes().decode(errors="ignore") for name in paper.tree())
    assert "The Desk" in everything
    assert "secret" not in everything + " ".join(paper.tree())


def test_a_first_line_that_keeps_back_starts_a_header() -> None:
    part = syntax.split("Status: draft\nTitle: One\n\nText.\n", is_known)
    assert part.form == "plain"
    assert syntax.split("State: Texas is large.\n\nText.\n", is_known).form == "none"


@pytest.mark.parametrize("dialect", ["", "hugo"])
@pytest.mark.parametrize(
    "text",
    [
        '{\n"title": "T"\n"date": "2025-05-01",\n"draft": true\n}\nText.\n',
        '{"title": "T", "date": "2025-05-01", "draft": true,}\nText.\n',
        "---\ntitle: T\ndate: 2025-05-01\n<<: {draft: true}\n---\nText.\n",
        "---\ntitle: T\ndate: 2025-05-01\n<<: [{x: 1}, {draft: true}]\n---\nText.\n",
    ],
)
def test_a_header_that_another_program_reads_otherwise(paper: Paper, text: str, dialect: str) -> None:
    paper.settings(f'url = "https://paper.test"\ndialect = "{dialect or "byline"}"')
    paper.write("pages/posts/one.md", text)
    assert not paper.site().by_url


def test_an_author_who_is_no_draft() -> None:
    part = syntax.split("---\nname: Desk\ndraft: false\n---\n", is_known)
    assert "kept-back" not in {problem.code for problem in read_author(syntax.read(part), ZoneInfo("UTC"))[1]}
