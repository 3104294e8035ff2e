"""`flask check --against`: the addresses of an old site that lead nowhere in this one, and what would answer them."""

import gzip
import json
from typing import Any

import pytest

from tests.helpers.paper import Paper

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def lost(paper: Paper, text: str | bytes, name: str = "old.txt") -> tuple[list[dict[str, Any]], str]:
    """What is reported of a list, and what else is said."""
    run = paper.run("check", "--format", "json", "--against", str(paper.write(name, text)))
    found = json.loads(run.stdout)
    assert run.exit_code == (1 if found or "beside" in run.stderr else 0), run.output
    return found, run.stderr


@pytest.fixture
def moved(paper: Paper) -> Paper:
    paper.settings(
        'url = "https://paper.test"\n[redirects]\n"/gone/" = {status = 410}\n"/out/*" = "https://b.test/:splat"'
    )
    paper.post("ferry-is-back", title="The ferry is back", tags="[law]", category="World", aliases="/f/")
    paper.post("two-winters", title="Two winters: a diary", date="2024-12-31")
    paper.post("secret", draft="true")
    paper.write("pages/about.md", "---\ntitle: About us\n---\nWho.")
    return paper


def test_what_is_answered_is_not_told(moved: Paper) -> None:
    """Redirects are followed; a page in other letters, a feed's old address and what is gone are answers."""
    listed = "/ /about/ /about /ABOUT/ /f/?utm=1 /feed/ /rss.xml /gone/ /out/x /tag/law/ /posts/ /posts/two-winters"
    found, said = lost(moved, "\n".join(["# old", "", *listed.split(), "https://www.paper.test/about/"]))
    assert found == []
    assert "12 addresses: 12 are answered, 0 lead nowhere." in said


@pytest.mark.parametrize(
    ("old", "hint"),
    [
        ("/2024/12/two-winters.html", "add /2024/12/two-winters.html to `aliases` in pages/posts/two-winters.md"),
        ("/2024-12-31-two-winters/", "add /2024-12-31-two-winters/ to `aliases` in pages/posts/two-winters.md"),
        ("/p/two-winters-a-diary", "add /p/two-winters-a-diary to `aliases` in pages/posts/two-winters.md"),
        ("/x/Two_Winters/amp/", "add /x/Two_Winters/amp/ to `aliases` in pages/posts/two-winters.md"),
        ("/two-winters-9a8b7c6d5e4f", "add /two-winters-9a8b7c6d5e4f to `aliases` in pages/posts/two-winters.md"),
        ("/x/two-wintres/", "perhaps: add /x/two-wintres/ to `aliases` in pages/posts/two-winters.md"),
        ("/2024/12/31/new-year/", "perhaps: add /2024/12/31/new-year/ to `aliases` in pages/posts/two-winters.md"),
        ("/about-us.php", "add /about-us.php to `aliases` in pages/about.md"),
        ("/topics/law/", 'write into [redirects] of site.toml: "/topics/law/" = "/tags/law/"'),
        ("/2024/12/", 'write into [redirects] of site.toml: "/2024/12/" = "/archive/2024/"'),
        ("/zzz/qqq/", 'if it is gone, write into [redirects] of site.toml: "/zzz/qqq/" = {status = 410}'),
        ("/posts/secret/", 'if it is gone, write into [redirects] of site.toml: "/posts/secret/" = {status = 410}'),
    ],
)
def test_each_has_a_suggestion(moved: Paper, old: str, hint: str) -> None:
    (problem,), said = lost(moved, f"/about/\n{old}\n")
    assert (problem["line"], problem["col"], problem["code"], problem["severity"]) == (2, 1, "lost-address", "error")
    assert problem["message"] == f"{old} would be 404"
    assert problem["hint"] == hint
    assert "2 addresses: 1 are answered, 1 lead nowhere." in said


def test_the_suggestion_helps(moved: Paper) -> None:
    """What is suggested is written, and nothing is lost any more."""
    old = "/x/two-winters.html\n/topics/law/\n/zzz/"
    for problem in lost(moved, old)[0]:
        if "redirects" in problem["hint"]:
            line = problem["hint"].partition("site.toml: ")[2]
            moved.settings(f"{(moved.folder / 'site.toml').read_text()}\n{line}")
        else:
            moved.post("two-winters", aliases=problem["hint"].split()[1])
    assert lost(moved, old)[0] == []


def test_a_query_that_chose_a_page_is_lost_with_it(moved: Paper) -> None:
    found, _ = lost(moved, "/?p=12\n/?utm_source=x\n/?feed=rss2\n/about/?p=1\n")
    assert [problem["message"] for problem in found] == ["/?p=12 would be the front page"]
    moved.post("two-winters", aliases="'/?p=12'")
    assert lost(moved, "/?p=12\n")[0] == []


def test_one_line_for_many(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"')
    names = [f"story-{number}" for number in range(5)]
    for number, name in enumerate(names):
        paper.post(name, date=f"2024-03-0{number + 1}")
    listed = "\n".join([f"/blog/{name}/" for name in names] + ["/blog/other/"])
    found, said = lost(paper, listed)
    assert [problem["hint"] for problem in found[:1]] == [
        'write into [redirects] of site.toml: "/blog/*" = "/posts/:splat"'
    ]
    assert found[0]["message"] == "5 addresses of one form, such as /blog/story-0/, would be 404"
    assert found[0]["detail"].splitlines() == [f"/blog/{name}/" for name in names]
    assert len(found) == 2
    assert "6 addresses: 0 are answered, 6 lead nowhere." in said
    dated = "\n".join(f"https://paper.test/2024/03/0{number + 1}/{name}/" for number, name in enumerate(names))
    (problem,), _ = lost(paper, dated)
    assert 'write `permalink = "/{year}/{month}/{day}/{slug}/"` into site.toml' in problem["hint"]
    paper.settings('url = "https://paper.test"\npermalink = "/{year}/{month}/{day}/{slug}/"')
    assert lost(paper, dated)[0] == []


SITEMAP = f"""<?xml version="1.0"?>
<!-- <loc>https://paper.test/comment/</loc> -->
<urlset {NS}>
<url><loc>https://paper.test/about/</loc>
<image:image><image:loc>https://paper.test/picture.jpg</image:loc></image:image></url>
<url><loc>
  https://paper.test/a%20b/?x=1&amp;y=2
</loc></url>
<url><loc>https://other.test/x/</loc></url>
</urlset>
"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap(moved: Paper, pack: Any) -> None:
    found, said = lost(moved, pack(SITEMAP.encode()), "sitemap.xml.gz" if pack is gzip.compress else "sitemap.xml")
    assert [(problem["line"], problem["message"]) for problem in found] == [(8, "/a%20b/?x=1&y=2 would be 404")]
    assert "Not checked: 1 of other.test, another site." in said


def test_an_index_of_sitemaps(moved: Paper) -> None:
    parts = "".join(
        f"<sitemap><loc>https://paper.test/maps/{name}</loc></sitemap>" for name in ("a.xml", "b.xml.gz", "c.xml")
    )
    moved.write("maps/a.xml", SITEMAP)
    moved.write("maps/b.xml.gz", gzip.compress(f"<urlset {NS}><url><loc>/zz/</loc></url></urlset>".encode()))
    found, said = lost(moved, f"<sitemapindex {NS}>{parts}</sitemapindex>", "maps/sitemap.xml")
    assert {problem["message"].split()[0] for problem in found} == {"/a%20b/?x=1&y=2", "/zz/"}
    assert "https://paper.test/maps/c.xml is not beside sitemap.xml; put it there." in said


def line(path: str, status: int = 200, method: str = "GET") -> str:
    return f'10.0.0.1 - - [01/Jan/2025:00:00:00 +0000] "{method} {path} HTTP/1.1" {status} 512 "-" "Reader"\n'


def test_a_log(moved: Paper) -> None:
    """Only what the old site answered counts; most-requested first; files by their folder."""
    text = (
        line("/few/?utm=1")
        + line("/many/?utm=2") * 3
        + line("/about/")
        + line("/wp-login.php", 404)
        + line("/x", 200, "POST")
    )
    text += line("/wp-content/uploads/2019/01/a.jpg") * 2 + line("/wp-content/uploads/2019/02/b.png", 304)
    text += (
        line("/?p=9&utm=3")
        + line("/%zz\x00")
        + "garbage\n"
        + '{"request": {"method": "GET", "uri": "/caddy/"}, "status": 200}\n'
    )
    text += (
        json.dumps({"method": "HEAD", "path": "/byline/", "query": "", "status": 301})
        + "\n"
        + line("/" + "x" * 100_000)
    )
    found, said = lost(moved, text, "access.log")
    told = [problem["message"] for problem in found]
    assert told[0] == "/many/ would be 404; asked for 3 times"
    assert "/few/ would be 404; asked for 1 time" in told
    assert "/?p=9 would be the front page; asked for 1 time" in told
    assert {message.split()[0] for message in told} >= {"/caddy/", "/byline/"}
    files = (
        "2 files in /wp-content/uploads/, such as /wp-content/uploads/2019/01/a.jpg, would be 404; asked for 3 times"
    )
    assert told[-1] == files
    assert found[-1]["hint"].startswith("put them into public/wp-content/uploads/")
    assert not any("wp-login" in message or "/about/" in message for message in told)
    assert "addresses:" in said


def test_what_is_beside_an_address(moved: Paper) -> None:
    listed = "https://paper.test/a/,12,300,4.1%\n/b/\t7\n/c/ 12\n/d e/\n/f,1.html\n\ufeff/g/  # old\nURL,Clicks\n'/h/'\n/i/?\x1b[31m\n"
    found, _ = lost(moved, listed)
    told = [problem["message"].removesuffix(" would be 404") for problem in found]
    assert told == ["/a/", "/b/", "/c/", "/d%20e/", "/f,1.html", "/g/", "/h/", "/i/?%1B[31m"]


def test_a_list_of_another_host(moved: Paper) -> None:
    found, said = lost(moved, "https://old.blogs.test/about/\nhttps://old.blogs.test/x/\nhttps://t.test/\n")
    assert [problem["message"] for problem in found] == ["/x/ would be 404"]
    assert "Its addresses are of old.blogs.test, taken for this site's former host." in said
    assert "Not checked: 1 of t.test, another site." in said


def test_below_a_path(moved: Paper) -> None:
    moved.settings('url = "https://paper.test/re.po"')
    found, _ = lost(moved, "https://paper.test/re.po/about/\n/about/\n/re.po/x/two-winters/\n")
    assert [problem["message"] for problem in found] == ["/re.po/x/two-winters/ would be 404"]
    moved.post("two-winters", aliases="/re.po/x/two-winters/")
    assert lost(moved, "/re.po/x/two-winters/\n")[0] == []


TORN = gzip.compress(b"/a/")[:10] + b"\xff" * 20


def test_formats_and_faults(moved: Paper) -> None:
    path = str(moved.write("old.txt", "/a/\n/b/"))
    text = moved.run("check", "--against", path)
    assert text.stdout.startswith(f"{path}:1:1: lost-address /a/ would be 404 (if it is gone,")
    assert moved.run("check", "--format", "github", "--against", path).stdout.startswith(f"::error file={path},line=1")
    for name, data in (
        ("empty", b""),
        ("bad.xml", b"<urlset><url>"),
        ("bad.gz", b"\x1f\x8bxx"),
        ("torn.gz", TORN),
        ("words", b"no address"),
    ):
        run = moved.run("check", "--against", str(moved.write(name, data)))
        assert run.exit_code == 1, name
        assert name in run.output
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url><loc>/&a;</loc></url></urlset>'
    assert "declares entities" in moved.run("check", "--against", str(moved.write("bomb.xml", bomb))).output
    assert moved.run("check", "--fix", "--against", path).exit_code == 2
    assert moved.run("check", "--against", path, "pages").exit_code == 2
    assert moved.run("check", "--against", "nothing.txt").exit_code == 2


def test_the_list_is_bounded(moved: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byline.check.addresses.MOST", 2)
    found, said = lost(moved, "/a/\n/b/\n/c/\n/a/\n/d/\n")
    assert [problem["message"] for problem in found] == ["/a/ would be 404", "/b/ would be 404"]
    assert "Not checked: 2 more lines" in said


def test_a_server_in_debug_mode_counts_no_drafts(moved: Paper) -> None:
    path = moved.write("old.txt", "/posts/secret/\n")
    run = moved.app(debug=True).test_cli_runner().invoke(args=["check", "--against", str(path)])
    assert "/posts/secret/ would be 404" in run.stdout
