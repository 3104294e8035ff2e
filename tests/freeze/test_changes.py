"""Changes: what a freeze would do, and pages that vanish."""

from byline.freeze.changes import Changes, next_changes
from byline.web.app import live_of
from tests.helpers.paper import Paper


def changes(paper: Paper) -> Changes | None:
    app = paper.app(debug=True)
    return next_changes(app, live_of(app), paper.folder / "build")


def test_nothing_was_frozen_yet(paper: Paper) -> None:
    assert changes(paper) is None


def test_what_the_next_freeze_would_change(paper: Paper) -> None:
    paper.post("one")
    paper.post("two")
    paper.freeze("--search")
    assert changes(paper) == Changes((), (), ())
    paper.post("one", "Other text.")
    paper.post("three", tags="[sea]")
    paper.post("four", draft="true")
    (paper.folder / "pages/posts/two.md").unlink()
    found = changes(paper)
    assert found
    assert "/posts/three/" in found.new
    assert {"/posts/one/", "/", "/feed.xml"} <= set(found.changed)
    assert "/posts/two/" in found.gone
    assert not [url for urls in found for url in urls if "four" in url or "pagefind" in url]
    paper.freeze("--search")
    assert changes(paper) == Changes((), (), ())


def test_a_page_that_vanishes_is_told(paper: Paper) -> None:
    for name in ("one", "two", "three"):
        paper.post(name)
    assert "leads nowhere" not in paper.freeze().output
    (paper.folder / "pages/posts/one.md").unlink()
    paper.post("two", slug="second", aliases="/posts/two/")
    paper.post("three", draft="true")
    run = paper.freeze()
    assert run.exit_code == 0
    assert "/posts/one/ leads nowhere now; add it to the `aliases` of a post." in run.output
    assert run.output.count("leads nowhere") == 1


def test_a_strict_freeze_lets_no_page_vanish(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nposts_per_page = 1')
    paper.post("one")
    paper.post("two")
    assert paper.freeze("--strict").exit_code == 0
    before = paper.tree()
    (paper.folder / "pages/posts/one.md").rename(paper.folder / "pages/posts/first.md")
    run = paper.freeze("--strict")
    assert run.exit_code == 1
    assert "/posts/one/ would lead nowhere" in run.output
    assert paper.tree() == before
    paper.post("first", aliases="/posts/one/")
    assert paper.freeze("--strict").exit_code == 0
    (paper.folder / "pages/posts/two.md").unlink()
    assert "/posts/two/ leads nowhere" in paper.freeze().output  # the second page of the index is not reported


def test_what_a_redirect_answers_has_not_vanished(paper: Paper) -> None:
    paper.post("one")
    paper.post("two")
    paper.post("three")
    paper.freeze()
    for name in ("one", "two", "three"):
        (paper.folder / f"pages/posts/{name}.md").unlink()
    paper.post("four")
    paper.settings(
        'url = "https://paper.test"\n[redirects]\n"/posts/one/" = {status = 410}\n"/posts/two/" = "/archive/"\n'
        '"/topics/*" = "/tags/:splat"'
    )
    output = paper.freeze("--strict").output
    assert "/posts/three/ would lead nowhere" in output
    assert "/posts/one/" not in output
    assert "/posts/two/" not in output
