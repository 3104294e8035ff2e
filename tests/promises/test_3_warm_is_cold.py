"""After any edit, a warm freeze gives the same tree, byte for byte, as one from scratch in a fresh process."""

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

import byline
from byline.web.app import live_of
from byline.web.live import LiveSite
from tests.helpers.fresh import copy_project, flask
from tests.helpers.languages import translated_paper
from tests.helpers.paper import Paper, tree
from tests.helpers.papers import PNG, png

NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta"])
TITLES = st.sampled_from(["One", "Two & a half", "Drei <b>", "Vier “Gänse”", "五つ"])
AUTHORS = st.sampled_from(["Ann Desk", "Ben Desk", "[Ann Desk, Ben Desk]", '"ann-desk"'])
TAGS = st.sampled_from(["[]", "[law]", "[law, Sea]", "[sea]", "[LAW, air]", "[C, C++]"])
DAYS = st.integers(min_value=-3, max_value=3)
BODIES = st.sampled_from(
    [
        "Plain.",
        "A [link](beta.md) and a [part](../posts/gamma.md#end).",
        "![A picture](dot.png)",
        "## One\n\n## Two\n\n## Three\n\nA [file](notes.txt).",
        "First.\n\n<!-- more -->\n\nSecond with a note.[^1]\n\n[^1]: The note.",
        "*[LAW]: The law\n\nLAW is LAW.",
        "[Same abbreviation][x] LAW\n\n[x]: /posts/alpha/",
        "word " * 500,
    ]
)
BODY_WITH_PICTURE = "![A picture](dot.png)\n\n" + "word " * 300
TEMPLATES = st.sampled_from(
    ["article.html", "index.html", "base.html", "feeds/feed.xml", "parts/teaser.html", "data/sitemap.xml"]
)


class Editing(RuleBasedStateMachine):
    """A site under edits of every kind, frozen warm and cold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = Path(tempfile.mkdtemp(prefix="byline-edits-"))
        self.folder = copy_project(self.scratch / "paper")
        self.now = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
        self.headers: dict[str, dict[str, str]] = {}
        self.bodies: dict[str, str] = {}
        self.keys: dict[str, str] = {"title": '"The Paper"', "url": '"https://paper.test"'}
        self.edits = 0
        self.server: LiveSite | None = None

    @initialize()
    def start(self) -> None:
        (self.folder / "pages" / "posts").mkdir(parents=True)
        (self.folder / "pages" / "posts" / "dot.png").write_bytes(PNG)
        (self.folder / "pages" / "posts" / "notes.txt").write_text("Notes.")
        self.write_settings()
        self.put("alpha", title="Alpha")
        self.put("beta", title="Beta")
        self.compare()

    @rule(name=NAMES, title=TITLES, author=AUTHORS, tags=TAGS, body=BODIES, day=DAYS, draft=st.booleans())
    def add(self, name: str, title: str, author: str, tags: str, body: str, day: int, draft: bool) -> None:
        self.bodies[name] = body
        self.put(name, title=f"'{title}'", authors=author, tags=tags, date=self.day(day), draft=str(draft).lower())
        self.compare()

    @rule(name=NAMES, body=BODIES)
    def edit_body(self, name: str, body: str) -> None:
        self.bodies[name] = body
        self.change(name)

    @rule(name=NAMES, title=TITLES)
    def retitle(self, name: str, title: str) -> None:
        self.change(name, title=f"'{title}'")

    @rule(name=NAMES, day=DAYS, days=st.sampled_from(["date", "updated", "expires"]))
    def redate(self, name: str, day: int, days: str) -> None:
        self.change(name, **{days: self.day(day)})

    @rule(name=NAMES, author=AUTHORS)
    def reauthor(self, name: str, author: str) -> None:
        self.change(name, authors=author)

    @rule(name=NAMES, tags=TAGS)
    def retag(self, name: str, tags: str) -> None:
        self.change(name, tags=tags)

    @rule(name=NAMES, slug=st.sampled_from(["alpha", "moved", "other"]), alias=st.sampled_from(["/old/", "/x.html"]))
    def move(self, name: str, slug: str, alias: str) -> None:
        self.change(name, slug=slug, aliases=alias)

    @rule(name=NAMES, key=st.sampled_from(["special", "none"]))
    def choose_template(self, name: str, key: str) -> None:
        special = '{% extends "theme/article.html" %}{% block head %}{{ super() }}<meta name="special">{% endblock %}'
        self.own("templates/article-special.html", special)
        self.change(name, template=key)

    @rule(name=NAMES, title=TITLES, gone=st.booleans())
    def translate(self, name: str, title: str, gone: bool) -> None:
        """Add, change or remove a translation; until the language is a setting, it is another text."""
        path = self.folder / "pages" / "posts" / f"{name}.fr.md"
        path.write_text(f"---\ntitle: '{title}'\ndate: 2025-05-02\ntags: [law]\n---\nTexte.\n", encoding="utf-8")
        if gone:
            path.unlink()
        self.compare()

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        self.headers.pop(name, None)
        (self.folder / "pages" / "posts" / f"{name}.md").unlink(missing_ok=True)
        self.compare()

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        if name in self.headers:
            self.headers[other] = self.headers.pop(name)
            self.bodies[other] = self.bodies.get(name, "Text.")
            (self.folder / "pages" / "posts" / f"{name}.md").rename(self.folder / "pages" / "posts" / f"{other}.md")
            self.put(other)
        self.compare()

    @rule(bio=TITLES)
    def write_author(self, bio: str) -> None:
        folder = self.folder / "pages" / "authors"
        folder.mkdir(exist_ok=True)
        (folder / "ann-desk.md").write_text(f"---\nname: Ann Desk\nbio: '{bio}'\n---\nMore.\n")
        self.compare()

    @rule(name=TEMPLATES)
    def edit_template(self, name: str) -> None:
        self.edits += 1
        path = self.folder / "byline" / "theme" / "templates" / name
        path.write_text(path.read_text() + f"<!-- {self.edits} -->\n")
        self.compare()

    @rule(name=TEMPLATES, gone=st.booleans())
    def override_template(self, name: str, gone: bool) -> None:
        """Add, change or remove the site's own template."""
        self.edits += 1
        own = self.folder / "templates" / name
        if gone:
            own.unlink(missing_ok=True)
        else:
            theme = (self.folder / "byline" / "theme" / "templates" / name).read_text()
            self.own(f"templates/{name}", f"{theme}<!-- own {self.edits} -->\n")
        self.compare()

    def own(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    @rule(name=st.sampled_from(["style.css", "extra.css", "robots-note.txt"]))
    def edit_static(self, name: str) -> None:
        self.edits += 1
        self.own(f"static/{name}", f"/* {self.edits} */")
        self.compare()

    @rule(larger=st.booleans())
    def edit_picture(self, larger: bool) -> None:
        (self.folder / "pages" / "posts" / "dot.png").write_bytes(png(3, 2) if larger else PNG)
        self.compare()

    @rule(
        key=st.sampled_from(
            [
                ("posts_per_page", "1"),
                ("posts_per_page", "10"),
                ("tagline", '"New"'),
                ("language", '"de"'),
                ("language", '"en"'),
                ("permalink", '"/{year}/{slug}/"'),
                ("permalink", '"/posts/{slug}/"'),
                ("timezone", '"Asia/Tokyo"'),
                ("url", '"https://paper.test/under/a/path"'),
                ("url", '"https://paper.test"'),
                ("trust_html", "true"),
                ("languages", '{fr = {title = "Le Journal"}}'),
            ]
        )
    )
    def edit_setting(self, key: tuple[str, str]) -> None:
        self.keys[key[0]] = key[1]
        self.write_settings()
        self.compare()

    @rule(words=st.sampled_from(["238", "100", "50"]))
    def edit_module(self, words: str) -> None:
        path = self.folder / "byline" / "markdown" / "text.py"
        text, count = re.subn(r"^WORDS_A_MINUTE = \d+$", f"WORDS_A_MINUTE = {words}", path.read_text(), flags=re.M)
        assert count == 1
        path.write_text(text)
        self.server = None  # a changed module restarts the dev server
        self.compare()

    @rule(hours=st.sampled_from([-30, 1, 25, 49]))
    def move_clock(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        self.compare()

    @rule(what=st.sampled_from(["index.html", "feed.xml", "static/style.css"]), gone=st.booleans())
    def tamper(self, what: str, gone: bool) -> None:
        """One of our files is deleted, or the owner changes it: nothing is written until the owner has moved it."""
        path = self.folder / "build" / what
        if not gone:
            path.write_bytes(path.read_bytes() + b"mine")
            refused = flask(self.folder, "freeze", "--no-search", "--skip-broken", "--at", self.now.isoformat())
            assert refused.code == 1, refused.output
            assert path.read_bytes().endswith(b"mine")
        path.unlink()
        self.compare()

    def teardown(self) -> None:
        shutil.rmtree(self.scratch)

    def day(self, offset: int) -> str:
        return (dt.date(2025, 6, 1) + dt.timedelta(days=offset)).isoformat()

    def put(self, name: str, **header: str) -> None:
        kept = self.headers.setdefault(name, {"title": name, "date": "2025-05-01"})
        kept |= header
        lines = "\n".join(f"{key}: {value}" for key, value in kept.items())
        text = f"---\n{lines}\n---\n{self.bodies.get(name, 'Text.')}\n"
        (self.folder / "pages" / "posts" / f"{name}.md").write_text(text, encoding="utf-8")

    def change(self, name: str, **header: str) -> None:
        if name in self.headers:
            self.put(name, **header)
        self.compare()

    def write_settings(self) -> None:
        text = "\n".join(f"{key} = {value}" for key, value in self.keys.items())
        (self.folder / "site.toml").write_text(text)
        self.server = None  # new settings restart the dev server

    def compare(self) -> None:
        """Freeze over the last freeze and from scratch; compare every byte."""
        self.compare_remembered()
        common = ("freeze", "--no-search", "--skip-broken", "--at", self.now.isoformat())
        warm = flask(self.folder, *common, "--out", "build", BYLINE_STORE="store")
        cold_store = self.scratch / "cold-store"
        cold = flask(self.folder, *common, "--out", str(self.scratch / "cold"), BYLINE_STORE=str(cold_store))
        assert warm.code == cold.code, (warm.output, cold.output)
        assert warm.code in (0, 3), warm.output
        assert tree(self.folder / "build") == tree(self.scratch / "cold")
        shutil.rmtree(self.scratch / "cold")
        shutil.rmtree(cold_store)

    def compare_remembered(self) -> None:
        """A dev server that has run all along has the same site as a new one."""
        if self.server is None:
            self.server = self.live()
            self.server.remember()
        self.server.refresh()
        found, expected = self.server.snapshot(), self.live().snapshot()
        assert found.digest == expected.digest
        assert found.site.problems == expected.site.problems
        assert found.site.references == expected.site.references

    def live(self) -> LiveSite:
        return live_of(byline.create_app(self.folder, DEBUG=True, clock=lambda: self.now))


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Editing,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.proof
def test_warm_equals_cold_after_one_edit_of_each_kind() -> None:
    site = Editing()
    site.start()
    site.add("gamma", "Two & a half", "[Ann Desk, Ben Desk]", "[law, sea]", BODY_WITH_PICTURE, -2, draft=False)
    site.edit_body("alpha", "A [link](beta.md) and a [part](../posts/gamma.md#end).")
    site.retitle("gamma", "Another")
    site.redate("gamma", -3, "date")
    site.redate("gamma", 1, "expires")
    site.reauthor("alpha", "Ann Desk")
    site.retag("alpha", "[law]")
    site.write_author("Writes.")
    site.write_author("Writes more.")
    site.edit_picture(larger=True)
    site.edit_static("style.css")
    site.edit_static("extra.css")
    site.edit_template("article.html")
    site.edit_template("feeds/feed.xml")
    site.override_template("parts/teaser.html", gone=False)
    site.override_template("parts/teaser.html", gone=True)
    site.choose_template("alpha", "special")
    site.edit_setting(("posts_per_page", "1"))
    site.edit_setting(("timezone", '"Asia/Tokyo"'))
    site.edit_setting(("url", '"https://paper.test/under/a/path"'))
    site.edit_setting(("url", '"https://other.test"'))
    site.edit_setting(("language", '"de"'))
    site.edit_module("50")
    site.move("beta", "moved", "/old/")
    site.rename("alpha", "delta")
    site.move_clock(25)
    site.move_clock(25)
    site.tamper("index.html", gone=False)
    site.tamper("feed.xml", gone=True)
    site.delete("gamma")
    site.teardown()


def test_warm_equals_cold_after_random_edits() -> None:
    run(examples=2, steps=8)


def test_warm_equals_cold_in_several_languages(paper: Paper) -> None:
    translated_paper(paper)
    settings_text = (paper.folder / "site.toml").read_text(encoding="utf-8")
    edits: tuple[Callable[[], object], ...] = (
        lambda: paper.post("ferry.de", title="Das Schiff", tags="[Bridge]", date="2025-06-01"),
        lambda: paper.post("bridge", tags="[Bridge]"),
        lambda: (paper.folder / "pages" / "posts" / "ferry.ar.md").unlink(),
        lambda: paper.post("wahl", title="Die Wahl", lang="de", translation_of="swedish"),
        lambda: paper.write("pages/authors/sea-desk.de.md", "---\nname: Sea Desk\nbio: Neu.\n---\n"),
        lambda: paper.settings(settings_text.replace("Die Zeitung", "Das Blatt")),
        lambda: paper.settings(settings_text.replace("[languages.ar]", "[languages.sv]")),
        lambda: paper.settings('url = "https://paper.test"'),
    )
    assert paper.freeze().exit_code == 0
    for edit in edits:
        edit()
        assert paper.freeze().exit_code == 0
        shutil.move(paper.folder / ".cache", paper.folder / "warm-cache")
        cold = paper.freeze(out="cold")
        assert cold.exit_code == 0, cold.output
        assert paper.tree() == paper.tree("cold")
        shutil.rmtree(paper.folder / "cold")
        shutil.rmtree(paper.folder / ".cache")
        shutil.move(paper.folder / "warm-cache", paper.folder / ".cache")


@pytest.mark.proof
def test_warm_equals_cold_through_many_edits() -> None:
    run(examples=16, steps=20)
