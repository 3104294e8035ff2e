"""The same stories and pages with other generators: articles, index, authors and tags in pages of ten, a feed."""

from pathlib import Path

from bench.corpus import Story, stories

HUGO_CONFIG = """
baseURL = "https://bench.test/"
title = "Bench"
disableKinds = ["sitemap", "robotsTXT", "section"]
[taxonomies]
author = "authors"
tag = "tags"
[pagination]
pagerSize = 10
disableAliases = true
[permalinks]
posts = "/posts/:slug/"
[outputs]
home = ["html", "rss"]
section = ["html"]
taxonomy = ["html"]
term = ["html", "rss"]
[services.rss]
limit = 20
"""
HUGO_BASE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<link rel="stylesheet" href="/style.css"><link rel="alternate" href="/index.xml"></head>
<body><header><p><a href="/">{{ site.Title }}</a></p></header><main>{{ block "main" . }}{{ end }}</main>
<footer><a href="/index.xml">Feed</a></footer></body></html>
"""
HUGO_TEASER = """<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<p>{{ .Summary | plainify | truncate 300 }}</p>
<p>{{ range .Params.authors }}<a href="/authors/{{ . | urlize }}/">{{ . }}</a> {{ end }}
<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time> {{ .ReadingTime }} min read</p></article>
"""
HUGO_SINGLE = """{{ define "main" }}<article><h1>{{ .Title }}</h1>
<p>{{ range .Params.authors }}<a href="/authors/{{ . | urlize }}/">{{ . }}</a> {{ end }}
<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time> {{ .ReadingTime }} min read</p>
<details><summary>Contents</summary>{{ .TableOfContents }}</details>
{{ .Content }}
<ul>{{ range .Params.tags }}<li><a href="/tags/{{ . | urlize }}/">{{ . }}</a></li>{{ end }}</ul>
<nav>{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav></article>
<section><h2>Related</h2>{{ range first 3 (site.RegularPages.Related .) }}{{ partial "teaser.html" . }}{{ end }}</section>
{{ end }}"""
HUGO_LIST = """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ $pages := .Pages }}{{ if .IsHome }}{{ $pages = site.RegularPages }}{{ end }}
{{ $pager := .Paginate $pages }}{{ range $pager.Pages }}{{ partial "teaser.html" . }}{{ end }}
<nav>{{ with $pager.Prev }}<a href="{{ .URL }}">Newer</a>{{ end }}{{ with $pager.Next }}<a href="{{ .URL }}">Older</a>{{ end }}</nav>
{{ end }}"""
HUGO_TERMS = """{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ len .Pages }}</li>{{ end }}</ul>{{ end }}"""


def write_hugo(folder: Path, count: int) -> None:
    layouts = {
        "baseof.html": HUGO_BASE,
        "single.html": HUGO_SINGLE,
        "list.html": HUGO_LIST,
        "terms.html": HUGO_TERMS,
        "../partials/teaser.html": HUGO_TEASER,
    }
    for name, text in layouts.items():
        _write(folder / "layouts" / "_default" / name, text)
    _write(folder / "hugo.toml", HUGO_CONFIG)
    for story in stories(count):
        path = folder / "content" / "posts" / str(story.date.year) / f"{story.slug}.md"
        _write(path, f"---\n{_header(story)}\nslug: {story.slug}\n---\n{story.body}\n")


PELICAN_CONFIG = """
SITENAME = "Bench"
SITEURL = ""
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_PAGINATION = 10
FEED_ALL_ATOM = "feed.xml"
DEFAULT_DATE_FORMAT = "%d %B %Y"
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
PAGINATED_TEMPLATES = {"index": None, "tag": None, "category": None, "author": None}
"""


def write_pelican(folder: Path, count: int) -> None:
    _write(folder / "pelicanconf.py", PELICAN_CONFIG)
    for story in stories(count):
        head = f"Title: {story.title}\nDate: {story.date}\nSlug: {story.slug}\n"
        head += f"Author: {story.author}\nTags: {', '.join(story.tags)}\n"
        _write(folder / "content" / f"{story.slug}.md", f"{head}\n{story.body}\n")


FLATPAGES_APP = '''
import sys
from flask import Flask, render_template_string
from flask_flatpages import FlatPages
from flask_frozen import Freezer

app = Flask(__name__)
app.config.update(
    FLATPAGES_EXTENSION=".md",
    FLATPAGES_MARKDOWN_EXTENSIONS=["tables", "fenced_code", "codehilite"],
    FREEZER_RELATIVE_URLS=False,
)
pages = FlatPages(app)
freezer = Freezer(app)
BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>%s</body></html>"""
LIST = BASE % """<h1>{{ title }}</h1>{% for p in posts %}<article><h2><a href="/posts/{{ p.path.split('/')[-1] }}/">
{{ p.meta.title }}</a></h2><p>{{ p.meta.authors | join(", ") }} {{ p.meta.date }}</p></article>{% endfor %}
{% if number > 1 %}<a href="{{ first }}{% if number > 2 %}page/{{ number - 1 }}/{% endif %}">Newer</a>{% endif %}
{% if more %}<a href="{{ first }}page/{{ number + 1 }}/">Older</a>{% endif %}"""
ARTICLE = BASE % """<article><h1>{{ title }}</h1><p>{% for a in page.meta.authors %}<a href="/authors/{{ a }}/">{{ a }}</a>{% endfor %}
{{ page.meta.date }}</p>{{ page.html|safe }}{% for t in page.meta.tags %}<a href="/tags/{{ t }}/">{{ t }}</a>{% endfor %}</article>"""


def newest(posts):
    return sorted(posts, key=lambda p: p.meta["date"], reverse=True)


def listing(title, first, posts, number):
    return render_template_string(
        LIST, title=title, first=first, number=number, posts=posts[(number - 1) * 10 : number * 10], more=len(posts) > number * 10
    )


@app.route("/")
@app.route("/page/<int:number>/")
def index(number=1):
    return listing("Bench", "/", newest(pages), number)


@app.route("/posts/<slug>/")
def article(slug):
    page = by_slug()[slug]
    return render_template_string(ARTICLE, title=page.meta["title"], page=page)


@app.route("/authors/<name>/")
@app.route("/authors/<name>/page/<int:number>/")
def author(name, number=1):
    return listing(name, f"/authors/{name}/", newest(p for p in pages if name in p.meta["authors"]), number)


@app.route("/tags/<name>/")
@app.route("/tags/<name>/page/<int:number>/")
def tag(name, number=1):
    return listing(name, f"/tags/{name}/", newest(p for p in pages if name in p.meta["tags"]), number)


def by_slug():
    return {p.path.split("/")[-1]: p for p in pages}


@freezer.register_generator
def article_urls():
    for page in pages:
        yield "article", {"slug": page.path.split("/")[-1]}


@freezer.register_generator
def list_urls():
    groups = {"/": list(pages)}
    for page in pages:
        for author in page.meta["authors"]:
            groups.setdefault(f"/authors/{author}/", []).append(page)
        for tag in page.meta["tags"]:
            groups.setdefault(f"/tags/{tag}/", []).append(page)
    for first, posts in groups.items():
        yield first
        for number in range(2, -(-len(posts) // 10) + 1):
            yield f"{first}page/{number}/"


if __name__ == "__main__":
    freezer.freeze()
'''


def write_flatpages(folder: Path, count: int) -> None:
    """Flask-FlatPages with Frozen-Flask, as their documentation shows it."""
    _write(folder / "site.py", FLATPAGES_APP)
    for story in stories(count):
        _write(folder / "pages" / f"{story.slug}.md", f"{_header(story)}\n\n{story.body}\n")


def _header(story: Story) -> str:
    tags, author = ", ".join(story.tags), story.author
    return f"title: {story.title}\ndate: {story.date}\nauthors: [{author}]\ntags: [{tags}]"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
