"""Every recipe of docs/third-parties.md, in a browser, under the policy that the site sends with it."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from byline.check.inspection import everything
from tests.helpers.browsing import RULES, served
from tests.helpers.chromium import ARGUMENTS, chromium
from tests.helpers.findings import found
from tests.helpers.paper import Paper
from tests.helpers.servers import free_port, serving
from tests.helpers.third_parties import HITS, StandIn, recipes, standing_in

RECIPES = recipes()
QUICK = ("Umami", "giscus", "Isso", "Contact form")
"""One of each kind; the others are tried by `make proof`."""
STYLE = "utterances"
"""Whose script writes a style into the page, which stays refused."""


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with standing_in(tmp_path_factory.mktemp("stand-in")) as server:
        yield server


@pytest.fixture(scope="module")
def elsewhere(browser: Browser, stand_in: StandIn) -> Iterator[Browser]:
    """A browser for which every host but the paper's is the stand-in."""
    rules = f"--host-resolver-rules=MAP * 127.0.0.1:{stand_in.server_port}, EXCLUDE *.localhost"
    launched = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, rules])
    yield launched
    launched.close()


def cooked(paper: Paper, name: str, port: int) -> None:
    """A site with that recipe, at an address where a browser finds it."""
    paper.post("one", "Text.\n\n" * 40)
    files = RECIPES[name].files
    for path, text in files.items():
        paper.write(path, text)
    start = f'title = "The Paper"\nurl = "http://paper.localhost:{port}"\nhosts = ["nginx", "caddy"]\n'
    paper.settings(start + files["site.toml"])


def visited(elsewhere: Browser, address: str, name: str, seen: Callable[[Page, list[str]], None]) -> list[str]:
    """What the console says of the policy after a reader has gone through the recipe's page."""
    told: list[str] = []
    recipe = RECIPES[name]
    with contextlib.closing(elsewhere.new_context(ignore_https_errors=True)) as context:
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text) if "Content Security" in message.text else None)
        page.goto(address + recipe.page)
        page.locator(".comments, .form, .footer").last.scroll_into_view_if_needed()
        if recipe.has_form:
            for field in page.locator(".form :is([type=email], textarea)").all():
                field.fill("reader@paper.example")
            page.locator(".form button").click(no_wait_after=True)
        seen(page, told)
    return told


def works(elsewhere: Browser, stand_in: StandIn, address: str, name: str) -> None:
    stand_in.seen.clear()

    def seen(_page: Page, _told: list[str]) -> None:
        assert stand_in.waits_for(HITS[name]), stand_in.seen

    told = visited(elsewhere, address, name, seen)
    assert [line for line in told if not (name == STYLE and "inline style" in line)] == []


def test_every_recipe_is_tried() -> None:
    assert RECIPES.keys() == HITS.keys()
    assert set(QUICK) <= RECIPES.keys()


@pytest.mark.parametrize("name", RECIPES)
def test_the_check_is_content(paper: Paper, name: str) -> None:
    """It knows all that a recipe opens, and what is missing without it."""
    cooked(paper, name, 80)
    live = paper.live()
    assert [problem for problem in everything(live) if problem.code in ("not-allowed", "missing-script")] == []
    if RECIPES[name].has_form or name == "Another provider":
        paper.settings("")
        assert found(paper, "not-allowed")


@pytest.mark.parametrize("name", [pytest.param(it, marks=() if it in QUICK else pytest.mark.proof) for it in RECIPES])
def test_a_recipe_works_and_is_refused_without_its_settings(
    paper: Paper, elsewhere: Browser, stand_in: StandIn, name: str
) -> None:
    port = free_port()
    cooked(paper, name, port)
    app = paper.app()
    with served(app, port) as _:
        works(elsewhere, stand_in, f"http://paper.localhost:{port}", name)

    policy = without_settings(paper, port)
    stand_in.seen.clear()
    with served(strict(app, policy), port) as _:  # type: ignore[arg-type]
        assert visited(elsewhere, f"http://paper.localhost:{port}", name, is_told) != []
    assert not set(HITS[name]) & set(stand_in.seen)


def without_settings(paper: Paper, port: int) -> str:
    """The policy of the same site, if it allows nothing."""
    paper.settings(f'url = "http://paper.localhost:{port}"')
    return paper.client().get("/").headers["Content-Security-Policy"]


def strict(app: Any, policy: str) -> Callable[..., Iterable[bytes]]:
    """`app` under another policy."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [item for item in headers if item[0] != "Content-Security-Policy"]
            return start(status, [*kept, ("Content-Security-Policy", policy)], *rest)

        result: Iterable[bytes] = app(environ, begin)
        return result

    return answer


def is_told(page: Page, told: list[str]) -> None:
    """Wait until the console says that something was refused."""
    for _ in range(100):
        if told:
            return
        page.wait_for_timeout(50)


def test_comments_follow_the_light_switch(paper: Paper, elsewhere: Browser, stand_in: StandIn) -> None:
    port = free_port()
    for name, dark, light in (("giscus", "dark", "light"), ("utterances", "github-dark", "github-light")):
        cooked(paper, name, port)
        stand_in.seen.clear()
        host = "giscus.app" if name == "giscus" else "utteranc.es"

        def switch(page: Page, _told: list[str], host: str = host, themes: tuple[str, str] = (dark, light)) -> None:
            page.frame_locator(".comments iframe").locator("script").wait_for(state="attached")
            for theme in themes:
                page.locator("[data-scheme-switch]").click()
                assert stand_in.waits_for([f"GET {host}/told?set-theme%20{theme}%20{theme}"]), stand_in.seen

        with served(paper.app(), port) as _:
            visited(elsewhere, f"http://paper.localhost:{port}", name, switch)


def test_comments_wait_for_a_reader(paper: Paper, elsewhere: Browser, stand_in: StandIn) -> None:
    """No third party learns of a reader who does not come to them."""
    port = free_port()
    cooked(paper, "giscus", port)
    stand_in.seen.clear()
    with served(paper.app(), port) as _, contextlib.closing(elsewhere.new_context(ignore_https_errors=True)) as context:
        page = context.new_page()
        page.goto(f"http://paper.localhost:{port}/posts/one/")
        page.wait_for_load_state("networkidle")
        assert [hit for hit in stand_in.seen if "giscus" in hit] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_them(paper: Paper, elsewhere: Browser, scheme: Any) -> None:
    """Comments and both forms, on a small phone; on paper they are left out."""
    port = free_port()
    for name in ("Buttondown", "Contact form", "giscus"):
        cooked(paper, name, port)
    rules: Any = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    options: Any = {"viewport": {"width": 320, "height": 640}, "color_scheme": scheme, "ignore_https_errors": True}
    with served(paper.app(), port) as _, contextlib.closing(elsewhere.new_context(**options)) as context:
        page = context.new_page()
        for path in ("/posts/one/", "/contact/"):
            page.goto(f"http://paper.localhost:{port}{path}")
            page.locator("h2, .form").last.scroll_into_view_if_needed()
            broken = Axe().run(page, options=rules).response["violations"]
            assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in broken] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            box = page.locator(".form input[type=email]").bounding_box()
            assert box
            assert box["width"] > 250
            page.emulate_media(media="print")
            assert [one.is_visible() for one in page.locator(".form, .comments").all()] == [False] * (
                1 + (path[1] == "p")
            )
            page.emulate_media(media="screen")


@pytest.mark.parametrize("name", ["GoatCounter", "giscus", "Contact form"])
def test_in_development(paper: Paper, elsewhere: Browser, stand_in: StandIn, name: str) -> None:
    in_development(paper, elsewhere, stand_in, name)


def in_development(paper: Paper, elsewhere: Browser, stand_in: StandIn, name: str) -> None:
    port = free_port()
    cooked(paper, name, port)
    address = f"http://paper.localhost:{port}"
    with served(paper.app(debug=True), port) as _:
        if not RECIPES[name].is_of_head:
            works(elsewhere, stand_in, address, name)
            return
        stand_in.seen.clear()
        assert visited(elsewhere, address, name, lambda page, _told: page.wait_for_load_state()) == []
        assert not set(HITS[name]) & set(stand_in.seen)


@pytest.mark.parametrize("host", ["nginx", "caddy"])
def test_frozen(paper: Paper, elsewhere: Browser, stand_in: StandIn, host: str, tmp_path: Path) -> None:
    """One of each kind that can be on one site together: a script of the head, and a form."""
    port = free_port()
    cooked(paper, "Contact form", port)
    paper.settings((paper.folder / "site.toml").read_text() + RECIPES["GoatCounter"].files["site.toml"])
    paper.settings((paper.folder / "site.toml").read_text() + RECIPES["giscus"].files["site.toml"])
    frozen(paper, elsewhere, stand_in, host, tmp_path / "scratch", port, ("Contact form", "GoatCounter", "giscus"))


def frozen(
    paper: Paper, elsewhere: Browser, stand_in: StandIn, host: str, scratch: Path, port: int, names: Iterable[str]
) -> None:
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    site = paper.folder / "build"
    with serving(host, site, site, scratch, port):
        for name in names:
            works(elsewhere, stand_in, f"http://paper.localhost:{port}", name)


@pytest.mark.proof
@pytest.mark.parametrize("mode", ["development", "nginx", "caddy"])
@pytest.mark.parametrize("name", RECIPES)
def test_everywhere(paper: Paper, elsewhere: Browser, stand_in: StandIn, name: str, mode: str, tmp_path: Path) -> None:
    if mode == "development":
        in_development(paper, elsewhere, stand_in, name)
        return
    port = free_port()
    cooked(paper, name, port)
    frozen(paper, elsewhere, stand_in, mode, tmp_path / "scratch", port, [name])
