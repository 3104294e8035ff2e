"""Links as other programs write them lead to the same text, and old addresses to where it is now."""

import pytest

from tests.dialects.test_systems import BLOGS, move_in
from tests.helpers.paper import Paper
from tests.helpers.papers import PNG

POST = "---\ntitle: {}\ndate: 2025-05-01\n---\n{}\n"


@pytest.mark.parametrize(
    ("mark", "typed"),
    [
        ("pelicanconf.py", "{filename}two.md"),
        ("pelicanconf.py", "{filename}/sub/two.md"),
        ("pelicanconf.py", "|filename|two.md"),
        ("zola.toml", "@/sub/two.md"),
        ("hugo.toml", '{{< ref "two.md" >}}'),
        ("hugo.toml", '{{% relref "/sub/two" %}}'),
        ("hugo.toml", "two.md"),
        ("conf.py", "link://slug/two"),
    ],
)
def test_links_to_files(paper: Paper, mark: str, typed: str) -> None:
    folder = "posts" if mark == "conf.py" else "content/sub"
    marks = {mark: "POSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\n" if mark == "conf.py" else ""}
    files = {f"{folder}/one.md": POST.format("One", f"[two]({typed})"), f"{folder}/two.md": POST.format("Two", "x")}
    move_in(paper, marks | files)
    site = paper.site()
    urls = {post.title: post.url for post in site.posts}
    assert f'href="{urls["Two"]}">two' in paper.client().get(urls["One"]).data.decode()
    assert [str(problem) for problem in site.problems if problem.severity != "hint"] == []


def test_a_link_to_an_old_address_leads_to_the_new_one(paper: Paper) -> None:
    files = BLOGS["jekyll"].files | {
        "_posts/2025-05-04-x.md": "---\ntitle: X\n---\n[a](/2025/05/01/Rust-1.62.0.html#b)\n"
    }
    move_in(paper, files, 'permalink = "/{slug}/"')
    assert 'href="/Rust-1.62.0/#b">a' in paper.client().get("/x/").data.decode()


def test_files_at_the_root_of_another_program(paper: Paper) -> None:
    """Hugo publishes static/ at the root; pictures there are shown where posts name them."""
    files = {"hugo.toml": "", "static/img/a.txt": "A", "content/posts/one.md": POST.format("One", "[a](/img/a.txt)")}
    move_in(paper, files)
    assert paper.client().get("/img/a.txt").data == b"A"
    assert 'href="/img/a.txt"' in paper.client().get("/posts/one/").data.decode()
    assert paper.freeze().exit_code == 0
    assert paper.page("img/a.txt") == "A"


@pytest.mark.parametrize("typed", ["a.png", "images/b.png", "../../images/b.png", "/images/b.png", "/img/c.png"])
def test_pictures_where_other_programs_look_for_them(paper: Paper, typed: str) -> None:
    """In the folder named like the post, and from the site's root, however a post says so."""
    move_in(paper, {"hugo.toml": "", "content/posts/one.md": POST.format("One", f"![A]({typed})")})
    for path in ("content/posts/one/a.png", "content/images/b.png", "static/img/c.png"):
        paper.write(path, PNG)
    assert [str(problem) for problem in paper.site().problems if "picture" in problem.code] == []
    assert ' src="/' in paper.client().get("/posts/one/").data.decode()


def test_addresses_elsewhere_are_not_dead(paper: Paper) -> None:
    paper.settings(
        'url = "https://paper.test"\nurls_elsewhere = ["/shop/*", "/jobs/"]\n[[navigation]]\ntitle = "J"\nurl = "/jobs/"'
    )
    paper.post("one", "[a](/shop/x/) [b](/jobs) [c](/nowhere/) ![d](/shop/d.png) [e](https://paper.test/shop/)")
    told = [line for line in paper.run("check").output.splitlines() if "dead-link" in line or "missing-picture" in line]
    assert [line.split(":")[2] for line in told] == ["30"]
