"""A real blog, as its authors left it. It is next to the project on the developers' machines, not in a clone."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

import byline
from byline.freeze.paths import output_path
from byline.web.app import live_of
from tests.helpers.browsing import TAGS, hits_of_browser, hits_of_server, opened, static_host
from tests.helpers.corpus import CORPUS
from tests.helpers.paper import ROOT, tree

pytestmark = [
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpus is not here"),
    pytest.mark.proof,  # the pictures alone take a minute
]

PHONE: Any = {"width": 320, "height": 800}
TEXT = ("document", "stylesheet", "script")


QUERIES = {
    "https only standard public comment": "for-public-comment-the-https-only-standard",
    "technical debt": "managing-technical-debt",
    "onboarding bot dolores": "how-bot-named-dolores-landingham-transformed-18fs-onboarding",
    "every kid in a park": "every-kid-in-a-park-follow-up",
    "california child welfare": "helping-california-buy-a-new-child-welfare-system",
    "compliance masonry": "compliance-masonry-buildling-a-risk-management-platform",
    "api standards": "hot-off-the-press-18fs-api-standards",
    "writing lab guide": "a-guide-to-the-18f-writing-lab",
    "user story estimation": "how-user-story-estimation-helps-my-team-deliver-value",
    "remote moderated usability testing": "introduction-to-remote-moderated-usability-testing-part-2-how",
    "micro-purchase learn": "when-a-micropurchase-doesnt-work-out-we-try-to-learn-from-it",
    "denver workplace design": "iterative-workplace-design-denver-federal-center",
    "data act prototype": "prototype-early-prototype-often-lesson-from-the-data-act",
    "immigration process": "reimagining-the-immigration-process",
    "boston calc tool": "boston-is-using-gsa-calc-tool",
    "ux guide": "introducing-the-ux-guide",
    "data federation": "the-us-data-federation",
    "change control board agile devops": ("using-agile-and-devops-to-get-better-results-than-a-change-control-board"),
    "design system still need designer": "even-with-a-design-system-you-still-need-a-designer",
    "thankful thanksgiving": "what-18f-is-thankful-for-this-thanksgiving",
}
"""What someone who remembers a story might type → the end of its address."""


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus in `18f`, its front matter unchanged, frozen into `build`."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(CORPUS, folder / "18f")
    (folder / "site.toml").write_text(
        'url = "https://corpus.test"\npages = "18f"\ndialect = "jekyll"\npermalink = "/posts/{slug}/"\n'
    )
    run = freeze(folder)
    assert run[0] == 0, run[1]
    return folder


def freeze(folder: Path) -> tuple[int, str]:
    runner = byline.create_app(folder, DEBUG=False).test_cli_runner()
    result = runner.invoke(args=["freeze", "--skip-broken"])
    return result.exit_code, result.output


def test_posts_in_are_pages_out(frozen: Path) -> None:
    site = live_of(byline.create_app(frozen, DEBUG=False)).snapshot().site
    assert site.errors == ()
    sources = {path.name for path in (frozen / "18f" / "_posts").iterdir()}
    published = {Path(post.path).name for post in site.posts}
    drafts = {Path(one.path).name for one in site.unpublished if one.status == "draft"}
    assert len(drafts) == 1
    assert sources == published | drafts
    assert len(published) == len({post.url for post in site.posts}) == 504
    assert all((frozen / "build" / output_path(post.url, "", is_page=True)).is_file() for post in site.posts)
    without = [problem.path for problem in site.problems if problem.code == "author-without-story"]
    assert len(site.authors) + len(without) == len(list((CORPUS / "_authors").glob("*.md"))) == 344
    assert all(site.posts_of[author.url] for author in site.authors)


def test_a_second_run_writes_nothing(frozen: Path) -> None:
    before = tree(frozen / "build")
    code, output = freeze(frozen)
    assert code == 0
    assert f" 0 written, {len(before)} kept, 0 deleted" in output
    assert tree(frozen / "build") == before


def test_every_url_answers(frozen: Path) -> None:
    client = byline.create_app(frozen, DEBUG=False).test_client()
    for path in tree(frozen / "build"):
        if path.startswith("pagefind/"):
            continue  # only in the frozen site
        url = f"/{path.removesuffix('index.html')}"
        assert client.get(url).status_code in (200, 301), url


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in ("href", "src") and value}


def test_no_link_is_broken_that_the_source_did_not_have(frozen: Path) -> None:
    printed = set(tree(frozen / "build"))
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((frozen / "18f").rglob("*.md")))
    sources = re.sub(r"\{\{ ?site\.baseurl ?\}\}", "", sources)
    broken = set()
    for path in printed:
        if not path.endswith(".html"):
            continue
        for link in Links((frozen / "build" / path).read_text(encoding="utf-8")).found:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            target = (
                unquote(parts.path)
                if link.startswith("/")
                else f"/{path.removesuffix('index.html')}{unquote(parts.path)}"
            )
            if output_path(target, "") not in printed and output_path(f"{target}/", "") not in printed:
                broken.add(link)
    # Liquid expressions, such as {{page.image}}, are the source's own: Byline runs no Liquid.
    ours = {link for link in broken if unquote(link) not in sources and "{{" not in unquote(link)}
    assert ours == set()
    assert len(broken) > 20, (
        "the corpus links to dozens of pages that are not in it, so a test that finds none is blind"
    )
    site = live_of(byline.create_app(frozen, DEBUG=False)).snapshot().site
    missing = [problem for problem in site.problems if problem.code == "missing-picture"]
    assert len(missing) > 600


def test_nothing_of_the_draft_is_printed(frozen: Path) -> None:
    for path in (frozen / "build").rglob("*"):
        assert "18f-consulting-is-hiring" not in path.name


def test_readers_find_what_they_remember(frozen: Path, browser: Browser) -> None:
    missed: dict[str, list[str]] = {"server": [], "browser": []}
    client = byline.create_app(frozen, DEBUG=False).test_client()
    with static_host(frozen / "build") as address:
        for query, name in QUERIES.items():
            found = {
                "server": hits_of_server(client, query),
                "browser": hits_of_browser(browser, f"{address}/search/", query),
            }
            for mode, urls in found.items():
                if not any(url.endswith(f"{name}/") for url in urls[:3]):
                    missed[mode].append(query)
    assert len(QUERIES) == 20
    assert len(missed["server"]) <= 1, missed
    assert len(missed["browser"]) <= 1, missed


def test_no_article_scrolls_sideways(frozen: Path, browser: Browser) -> None:
    wide = []
    with static_host(frozen / "build") as address, opened(browser, address, viewport=PHONE) as page:
        page.route("**/*", lambda r: r.continue_() if r.request.resource_type in TEXT else r.abort())
        for path in sorted((frozen / "build").glob("posts/*/index.html")):
            page.goto(f"{address}/posts/{path.parent.name}/", wait_until="domcontentloaded")
            if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                wide.append(path.parent.name)
    assert not wide


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "light"), (768, "dark")])
def test_no_rule_of_accessibility_is_broken(frozen: Path, browser: Browser, width: int, scheme: Any) -> None:
    options: Any = {"runOnly": {"type": "tag", "values": TAGS[scheme]}, "resultTypes": ["violations"]}
    broken = []
    with (
        static_host(frozen / "build") as address,
        opened(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme) as page,
    ):
        for path in some_pages(frozen / "build"):
            page.goto(f"{address}/{path}")
            found = Axe().run(page, options=options).response["violations"]
            broken += [f"{path}: {fault['id']} {fault['nodes'][0]['html'][:200]}" for fault in found]
    assert not broken, "\n".join(broken)


def some_pages(build: Path) -> list[str]:
    """A few of each kind."""
    kinds = ["index.html", "search/index.html", "404.html", "archive/index.html", "archive/2016/index.html"]
    found = [build / name for name in kinds]
    for pattern, step in (("posts/*/", 80), ("authors/*/", 120), ("tags/*/", 60)):
        found += sorted(build.glob(f"{pattern}index.html"))[::step]
    return [path.relative_to(build).as_posix() for path in found if "http-equiv" not in path.read_text("utf-8")]


def test_a_verified_freeze(frozen: Path) -> None:
    shutil.copy(ROOT / "app.py", frozen)
    shutil.copytree(ROOT / "byline", frozen / "byline", dirs_exist_ok=True)
    runner = byline.create_app(frozen, DEBUG=False).test_cli_runner()
    run = runner.invoke(args=["freeze", "--skip-broken", "--verify"])
    assert run.exit_code == 0, run.output
    assert f"Verified: {len(tree(frozen / 'build'))} files are the same in a cold freeze." in run.output
