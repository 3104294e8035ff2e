"""Systems: what is known of the programs that blogs come from, one entry a program.

Nothing else in Byline knows them by name, but for the reading of their settings in `permalinks`.
"""

from typing import Literal, NamedTuple

from byline.dialects.permalinks import HEXO

Names = Literal["slug", "file", "lower", "plain", "title"]
"""What an address is made from where a header gives no slug: the file's name as a slug, as it is, in lower case with
hyphens, or that without other signs; or the title as a slug."""


AUTHORS = ("authors", "author")
DRAFTS = ("_drafts", "drafts")


class System(NamedTuple):
    """What is known of a program. Folders and files are relative to the site's folder, or to its content folder.

    `marks` are files that only its sites have, each with words that must be in it if there are any; `sign` is what its
    headers look like, where that alone tells it. `roots` are content folders of a site without pages/; `posts` are
    names of folders with posts, at any depth, and if `is_loose`, any other folder may hold some. In a `section`, files
    at the top are pages. What is in `public` is published at the root as it is. With
    `has_dated_names`, names of posts in `_posts` begin with a date, or never do. `permalink` is its rule for addresses
    where its own settings say nothing.
    """

    name: str
    permalink: str
    posts: tuple[str, ...] = ("posts", "post", "blog")
    marks: tuple[tuple[str, str], ...] = ()
    sign: str = ""
    roots: tuple[str, ...] = ()
    pages: tuple[str, ...] = ("pages", "page")
    authors: tuple[str, ...] = AUTHORS
    is_loose: bool = False
    has_sections: bool = False
    folder_is_category: bool = False
    names: Names = "file"
    cuts_dates: bool = True
    has_dated_names: bool | None = None
    spaced: tuple[str, ...] = ()
    public: str = ""
    is_liquid: bool = False
    nickname: str = ""


BLOGS = ("posts", "post", "blog", "blogs", "articles", "article", "news", "writing", "notes", "essays", "journal")
"""Folders in which people keep posts where a program leaves that to them."""
_SLUG = "/{slug}/"
_FOLDER = "/{folder}/{slug}/"
_JS = (".js", ".mjs", ".cjs", ".ts", ".mts")


def _js(name: str, words: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((name + ending, words) for ending in _JS)


_SECTION = r"(?m)^(?:sort_by|paginate_by|page_template|insert_anchor_links)\b"
SYSTEMS = (
    System(
        "hexo",
        HEXO,
        ("_posts", "_drafts"),
        (("_config.yml", r"(?m)^(source_dir|new_post_name|default_layout):"), ("source/_posts", ""), ("_posts", "")),
        roots=("source",),
        cuts_dates=False,
        has_dated_names=False,
        is_liquid=True,
    ),
    System(
        "jekyll",
        "/{categories}/{year}/{month}/{day}/{slug}.html",
        ("_posts", "_drafts"),
        (("_config.yml", ""), ("_config.yaml", ""), ("_posts", "")),
        r"(?m)^layout:[ \t]*['\"]?(?:post|default|page|blog)\b",
        ("docs", "."),
        authors=("_authors",),
        has_dated_names=True,
        spaced=("tags", "tag", "categories"),
        is_liquid=True,
    ),
    System(
        "zola",
        _FOLDER,
        BLOGS,
        (
            ("config.toml", r"(?m)^[ \t]*base_url[ \t]*="),
            ("zola.toml", ""),
            *(
                (f"{folder}/_index.md", r"(?m)^(?:sort_by|paginate_by|page_template|insert_anchor_links)\b")
                for folder in ("", *BLOGS)
            ),
        ),
        r"(?m)^\[(?:taxonomies|extra)\]",
        ("content",),
        is_loose=True,
        names="slug",
        public="static",
    ),
    System(
        "hugo",
        _FOLDER,
        BLOGS,
        (
            *((f"hugo.{ending}", "") for ending in ("toml", "yaml", "yml", "json")),
            *((f"config.{ending}", r"(?im)^[ \t]*\"?baseURL\b") for ending in ("toml", "yaml", "yml", "json")),
            ("config/_default", ""),
            ("archetypes/default.md", ""),
        ),
        r"\A(?:\+\+\+|\{)\n",
        ("content",),
        is_loose=True,
        has_sections=True,
        names="lower",
        cuts_dates=False,
        public="static",
    ),
    System(
        "pelican",
        "/{slug}.html",
        ("posts", "articles", "blog"),
        (("pelicanconf.py", ""),),
        r"(?im)\Atitle:.*\n(?:.+\n)*?(?:category|slug|authors?|tags|date|modified|summary):",
        ("content",),
        pages=("pages", "extra", "images", "static"),
        is_loose=True,
        folder_is_category=True,
        names="title",
    ),
    System(
        "nikola",
        "/posts/{below}/{slug}/",
        ("posts",),
        (("conf.py", r"(?m)^(?:POSTS|BLOG_TITLE)\b"),),
        r"\A(?:<!--[ \t]*\n)?\.\. [a-z_]+:",
        (".",),
        pages=("pages", "stories"),
        cuts_dates=False,
    ),
    System(
        "docusaurus",
        "/blog/{year}/{month}/{day}/{slug}/",
        ("blog",),
        (*_js("docusaurus.config"), ("authors.yml", ""), ("blog/authors.yml", "")),
        r"(?s)\A---\n.*?<!--[ \t]*truncate[ \t]*-->",
        ("website", "."),
        public="static",
    ),
    System(
        "mkdocs",
        "/blog/{year}/{month}/{day}/{slug}/",
        ("blog/posts",),
        (("mkdocs.yml", ""), ("mkdocs.yaml", ""), ("blog/posts", ""), ("blog/.authors.yml", "")),
        roots=("docs",),
        names="title",
        nickname="mkdocs-material",
    ),
    System(
        "eleventy",
        _FOLDER,
        (*BLOGS, "_posts"),
        (*_js(".eleventy"), *_js("eleventy.config")),
        roots=("src", "content", "site", "."),
        nickname="11ty",
        is_liquid=True,
    ),
    System(
        "astro",
        _FOLDER,
        BLOGS,
        _js("astro.config"),
        r"(?m)^(?:pubDatetime|pubDate|heroImage):",
        ("src/content", "src/data", "src/pages", "content"),
        names="plain",
        cuts_dates=False,
    ),
    System(
        "gatsby",
        "/{below}/{slug}/",
        BLOGS,
        _js("gatsby-config"),
        roots=("content", "src", "."),
        cuts_dates=False,
        public="static",
    ),
    System(
        "ghost",
        _SLUG,
        (*BLOGS, "_posts"),
        (("ghost.json", ""),),
        r"(?m)^(?:date_published|feature_image|custom_excerpt|primary_author|ghost_id):",
        ("content", "."),
        is_loose=True,
    ),
    System(
        "flatpages",
        _FOLDER,
        BLOGS,
        roots=("pages",),
        is_loose=True,
        cuts_dates=False,
    ),
    System(
        "decap",
        _FOLDER,
        (*BLOGS, "_posts"),
        (("static/admin/config.yml", "collections"), ("public/admin/config.yml", "collections")),
        roots=("content", "src/content", "."),
        nickname="sveltia",
    ),
    System(
        "obsidian",
        _FOLDER,
        BLOGS,
        ((".obsidian", ""),),
        roots=("content", "."),
        pages=("pages", "templates", "Templates", "_templates"),
        is_loose=True,
        cuts_dates=False,
    ),
)
"""Where two could be meant, the first counts."""
HUGO = next(system for system in SYSTEMS if system.name == "hugo")
ANY = next(system for system in SYSTEMS if system.name == "decap")
"""The one whose rules are the plainest, for a blog whose texts do not tell."""
