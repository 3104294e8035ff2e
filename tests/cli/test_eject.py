"""`flask eject`: copies of the theme's templates that render the same and know their version."""

import pytest

from byline.media.files import THEME
from byline.web.routes import all_urls
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper

NAMES = sorted(path.relative_to(THEME / "templates").as_posix() for path in (THEME / "templates").rglob("*.*"))


def test_every_template_can_be_copied_and_no_byte_changes(paper: Paper) -> None:
    full_paper(paper)
    assert paper.freeze().exit_code == 0
    run = paper.run("eject", *NAMES)
    assert run.exit_code == 0, run.output
    assert run.stdout.splitlines() == [f"templates/{name}" for name in NAMES]
    for name in NAMES:
        mark, _, text = (paper.folder / "templates" / name).read_text(encoding="utf-8").partition("\n")
        assert mark.startswith(f"{{#- Copied from theme/{name}, version ")
        assert text == (THEME / "templates" / name).read_text(encoding="utf-8")
    assert paper.freeze(out="copied").exit_code == 0
    assert paper.tree("copied") == paper.tree()
    assert len(all_urls(paper.site())) > 50


def test_a_copy_is_the_sites_own(paper: Paper) -> None:
    paper.post("one")
    paper.run("eject", "parts/footer.html")
    own = paper.folder / "templates/parts/footer.html"
    own.write_text(own.read_text().replace("</footer>", "<p>mine</p></footer>"))
    assert "<p>mine</p></footer>" in paper.client().get("/posts/one/").text


def test_nothing_is_overwritten(paper: Paper) -> None:
    paper.write("templates/article.html", "mine")
    run = paper.run("eject", "index.html", "article.html")
    assert run.exit_code == 1
    assert "templates/article.html already exists" in run.output
    assert (paper.folder / "templates/article.html").read_text() == "mine"
    assert not (paper.folder / "templates/index.html").exists()
    (paper.folder / "templates/page.html").symlink_to("nowhere.html")
    assert "templates/page.html already exists" in paper.run("eject", "page.html").output


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("artcle.html", "article.html"),
        ("theme/article.html", "article.html"),
        ("parts/shares.html", "parts/share.html"),
        ("../app.py", ""),
    ],
)
def test_an_unknown_name_gets_the_nearest(paper: Paper, name: str, near: str) -> None:
    run = paper.run("eject", "index.html", name)
    assert run.exit_code == 2
    assert f"the theme has no template {name}; " + (f"did you mean {near}?" if near else "it has ") in run.output
    assert not (paper.folder / "templates").exists()
