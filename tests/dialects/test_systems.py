"""A small sample of a blog of each program, as docs/moving/ shows it: dropped in as it is, everything is where it was."""

import pytest

from byline.dialects.systems import SYSTEMS
from byline.settings import values
from tests.helpers.paper import Paper
from tests.helpers.samples import INDEX, PAGES, Blog, blogs, imports

POST = "---\ntitle: One\ndate: 2025-05-01\n---\nText.\n"

BLOGS = blogs() | {
    "jekyll, pretty": Blog(
        {"_config.yml": "permalink: pretty\n", "_posts/2025-05-01-one.md": "---\ntitle: One\nslug: uno\n---\n"},
        {"/2025/05/01/uno/": "One"},
    ),
    "jekyll, by its defaults": Blog(
        {
            "_config.yml": "permalink: none\ndefaults:\n  - scope: {path: '', type: posts}\n    values: {permalink: /blog/:title}\n",
            "_posts/2025-05-01-one.md": POST,
        },
        {"/blog/one": "One"},
    ),
    "jekyll in docs": Blog(
        {"docs/_config.yml": "permalink: /:year/:title:output_ext\n", "docs/_posts/2025-05-01-one.md": POST},
        {"/2025/one.html": "One"},
    ),
    "hugo, in a folder of its language": Blog(
        {
            "config.yaml": "baseURL: https://old.test\ndefaultContentLanguage: ja\nlanguages:\n  ja:\n    contentDir: content/ja\n",
            "content/ja/entry/2025/one.md": POST,
            "content/ja/about.md": "---\ntitle: About\n---\n",
        },
        {"/entry/2025/one/": "One", "/about/": "About"},
    ),
    "hugo in two languages": Blog(
        {
            "hugo.toml": "baseURL = 'https://old.test/'\n[languages.en]\ntitle = 'A'\n[languages.fr]\ntitle = 'B'\n",
            "content/posts/one.md": POST,
            "content/posts/one.fr.md": POST.replace("One", "Un"),
            "content/posts/two/index.fr.md": POST.replace("One", "Deux"),
            "content/about.fr.md": POST.replace("One", "Nous"),
        },
        {"/posts/one/": "One", "/fr/posts/one/": "Un", "/fr/posts/two/": "Deux", "/fr/about/": "Nous"},
    ),
    "hugo with a folder for each language": Blog(
        {
            "hugo.yaml": "baseURL: https://old.test/\ndefaultContentLanguage: fr\nlanguages:\n  fr: {}\n  pt-br: {}\n",
            "content/fr/posts/one.md": POST,
            "content/pt-br/posts/one.md": POST.replace("One", "Um"),
            "content/pt-br/about.md": POST.replace("One", "Nós"),
        },
        {"/posts/one/": "One", "/pt-br/posts/one/": "Um", "/pt-br/about/": "Nós"},
    ),
    "zola in two languages": Blog(
        {
            "config.toml": 'base_url = "https://old.test"\ndefault_language = "de"\n[languages.fr]\n',
            "content/blog/one.md": '+++\ntitle = "One"\ndate = 2025-05-01\n+++\n',
            "content/blog/one.fr.md": '+++\ntitle = "Un"\ndate = 2025-05-01\n+++\n',
        },
        {"/blog/one/": "One", "/fr/blog/one/": "Un"},
    ),
    "gatsby, in its pages": Blog(
        {"gatsby-config.js": "", "src/pages/posts/2025/one/index.mdx": POST, "public/index.html": "<p>Made</p>"},
        {"/2025/one/": "One"},
    ),
}


def move_in(paper: Paper, files: dict[str, str], site: str = "") -> None:
    for folder in ("pages/posts", "pages"):
        (paper.folder / folder).rmdir()
    paper.settings(f'url = "https://paper.test"\n{site}')
    for path, text in files.items():
        paper.write(path, text)


@pytest.mark.parametrize("name", BLOGS)
def test_a_blog_as_it_is(paper: Paper, name: str) -> None:
    move_in(paper, BLOGS[name].files)
    live = paper.live()
    site = live.snapshot().site
    assert live.tree.dialect.name == name.split()[0].rstrip(",")
    assert {url: item.title for url, item in site.by_url.items()} == BLOGS[name].pages
    assert [str(problem) for problem in site.errors] == []
    client = paper.client()
    assert {url: client.get(url).status_code for url in BLOGS[name].pages} == dict.fromkeys(BLOGS[name].pages, 200)


@pytest.mark.parametrize("name", ["jekyll", "hugo", "zola", "hexo", "pelican", "nikola", "docusaurus"])
def test_the_same_where_the_repository_is_the_content_folder(paper: Paper, name: str) -> None:
    """Whoever copies a whole repository into `pages/` gets the same blog."""
    move_in(paper, {f"pages/{path}": text for path, text in BLOGS[name].files.items()})
    posts = {post.title for post in paper.site().posts}
    assert posts == set(BLOGS[name].pages.values()) - {"About", "Contact", "Undated"}


@pytest.mark.parametrize("name", ["hugo", "hexo", "pelican", "astro", "zola"])
def test_an_address_by_the_owners_setting_and_the_old_one_leads_there(paper: Paper, name: str) -> None:
    move_in(paper, BLOGS[name].files, 'permalink = "/new/{slug}/"')
    site = paper.site()
    posts = {post.title: post.url for post in site.posts}
    own = {url for url, title in BLOGS[name].pages.items() if title in posts and "path" not in title}
    moved = {url: site.redirects.get(url) for url in own if url not in site.by_url}
    assert moved
    assert all(target and target in site.by_url for target in moved.values())


def test_authors_of_data_files(paper: Paper) -> None:
    move_in(paper, BLOGS["docusaurus"].files)
    names = {author.name: author for author in paper.site().authors}
    assert set(names) == {"Ann Desk", "Ben Desk"}
    assert [link.url for link in names["Ann Desk"].links] == ["https://ann.test"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("_data/authors.yml", "ann:\n  name: Ann Desk\n  bio: Editor\n"),
        ("_data/authors.json", '{"ann": {"name": "Ann Desk", "bio": "Editor"}}'),
        ("_data/authors.yml", "- id: ann\n  name: Ann Desk\n  bio: Editor\n"),
        ("data/authors/ann.toml", 'name = "Ann Desk"\nbio = "Editor"\n'),
        ("_authors/ann.md", "---\nname: ann\nfull_name: Ann Desk\nbio: Editor\n---\n"),
    ],
)
def test_forms_of_author_data(paper: Paper, path: str, text: str) -> None:
    move_in(paper, {"_config.yml": "", "_posts/2025-05-01-one.md": "---\ntitle: One\nauthor: ann\n---\n", path: text})
    author = paper.site().posts[0].authors[0]
    assert (author.slug, author.name, author.bio) == ("ann", "Ann Desk", "Editor")


def test_an_edit_of_author_data_is_seen(paper: Paper) -> None:
    move_in(paper, BLOGS["docusaurus"].files)
    assert paper.freeze().exit_code == 0
    paper.write("blog/authors.yml", "ann:\n  name: Anna Desk\n")
    paper.freeze()
    assert "Anna Desk" in paper.page("authors/ann/index.html")


def test_bylines_own_order_is_no_other_programs(paper: Paper) -> None:
    """Whatever else is in the repository: an owner may have moved in long ago."""
    paper.post("One_Two", layout="post")
    for path in ("_config.yml", "pages/.obsidian/x", "mkdocs.yml", "static/admin/config.yml", "pages/_posts/x.txt"):
        paper.write(path, "collections:\n")
    assert paper.live().tree.dialect.is_own
    assert list(paper.site().by_url) == ["/posts/one-two/"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_config.yml", "permalink: [a]\ndefaults: x\ncollections: 3\n"),
        ("_config.yml", "defaults: [1, {scope: a, values: [b]}]\n\x00"),
        ("hugo.yaml", "permalinks: x\nlanguages: [en]\nfrontmatter: 1\n"),
        ("hugo.toml", "baseURL = ["),
        ("mkdocs.yml", "plugins: {blog: 3}\n"),
        ("pelicanconf.py", "ARTICLE_URL = {date:%Y\n"),
        ("pelicanconf.py", "ARTICLE_URL = '{date:%Q}/{author}/'\n"),
        ("conf.py", "POSTS = (1, ('x',), (2, 3))\n"),
        ("docusaurus.config.js", "routeBasePath: "),
    ],
)
def test_settings_that_cannot_be_read_cost_nothing(paper: Paper, name: str, text: str) -> None:
    posts = {
        "_config.yml": "_posts",
        "docusaurus.config.js": "blog",
        "mkdocs.yml": "docs/blog/posts",
        "conf.py": "posts",
    }
    move_in(paper, {name: text, f"{posts.get(name, 'content')}/2025-05-01-one.md": POST})
    site = paper.site()
    assert [item.title for item in (*site.posts, *site.pages)] == ["One"]


@pytest.mark.parametrize("folder", ["drafts", "_drafts", "_data"])
@pytest.mark.parametrize(
    ("mark", "content", "posts"),
    [
        ("astro.config.mjs", "src/content", "blog"),
        ("gatsby-config.js", "content", "blog"),
        (".eleventy.js", "src", "posts"),
        ("mkdocs.yml", "docs", "blog/posts"),
        ("docusaurus.config.js", ".", "blog"),
        ("hugo.toml", "content", "posts"),
    ],
)
def test_a_folder_of_drafts_beside_the_posts_is_not_published(
    paper: Paper, mark: str, content: str, posts: str, folder: str
) -> None:
    move_in(
        paper,
        {
            mark: "",
            f"{content}/{posts}/2025-05-01-one.md": POST,
            f"{content}/{folder}/index.md": POST.replace("One", "Two"),
            f"{content}/{folder}/three.md": POST.replace("One", "Three"),
        },
    )
    assert [item.title for item in paper.site().by_url.values()] == ["One"]


_HEADER = "---\ntitle: B\n%s\n---\n"


@pytest.mark.parametrize(
    "files",
    [
        {
            "config.toml": "base_url = 'x'\n",
            "content/kept/_index.md": "+++\ndraft = true\n+++\n",
            "content/kept/a.md": "",
        },
        {
            "hugo.toml": "",
            "content/kept/_index.md": _HEADER % "cascade:\n  build:\n    render: never",
            "content/kept/a/index.md": "",
        },
        {"hugo.toml": "", "content/kept/_index.md": _HEADER % "cascade:\n  - draft: true", "content/kept/a.md": ""},
        {"hugo.toml": "[languages.en]\n[languages.de]\ndisabled = true\n", "content/open/a.de.md": ""},
        {"hugo.toml": "disableLanguages = ['de']\n[languages.en]\n[languages.de]\n", "content/de/open/a.md": ""},
        {".eleventy.js": "", "src/posts/kept/kept.json": '{"draft": true}', "src/posts/kept/a.md": ""},
        {"_config.yml": "exclude: [kept, _posts/a.md]\n", "kept/_posts/2025-05-01-a.md": "", "kept/a.md": ""},
        {
            "_config.yml": "defaults:\n- scope: {path: _posts/kept}\n  values: {published: false}\n",
            "_posts/kept/2025-05-01-a.md": "",
        },
        {"mkdocs.yml": "exclude_docs: |\n  kept/\n  /a.md\n", "docs/kept/a.md": "", "docs/a.md": ""},
        {
            "pelicanconf.py": "ARTICLE_EXCLUDES = ['kept']\nIGNORE_FILES = ['a.*']\n",
            "content/kept/x.md": "",
            "content/a.md": "",
        },
    ],
)
def test_what_the_settings_of_another_program_keep_from_readers(paper: Paper, files: dict[str, str]) -> None:
    posts = {"_config.yml": "_posts", "mkdocs.yml": "docs/blog/posts", ".eleventy.js": "src/posts"}
    place = next((posts[name] for name in files if name in posts), "content/open")
    move_in(
        paper,
        {f"{place}/2025-05-01-one.md": POST} | {path: text or POST for path, text in files.items()} | _marks(files),
    )
    site = paper.site()
    assert len(site.by_url) == 1
    assert {problem.path for problem in site.problems if problem.code == "kept-back"} == {
        path for path, text in files.items() if not text and path.endswith(".md")
    }


def _marks(files: dict[str, str]) -> dict[str, str]:
    """The empty files that tell a program."""
    return {path: "" for path, text in files.items() if not text and not path.endswith(".md")}


def test_an_edit_of_what_keeps_a_folder_back_is_seen(paper: Paper) -> None:
    move_in(paper, {"hugo.toml": "", "content/posts/one.md": POST, "content/news/two.md": POST})
    assert paper.freeze().exit_code == 0
    assert "news/two/index.html" in paper.tree()
    paper.write("content/news/_index.md", _HEADER % "cascade:\n  draft: true")
    assert paper.freeze().exit_code == 0
    assert "news/two/index.html" not in paper.tree()


def test_a_section_with_a_name_of_bylines_own_costs_no_post(paper: Paper) -> None:
    move_in(
        paper, {"hugo.toml": "", "content/series/one.md": POST, "content/posts/two.md": POST, "content/tags.md": POST}
    )
    site = paper.site()
    assert sorted(post.url for post in site.posts) == ["/posts/one/", "/posts/two/"]
    assert [problem.severity for problem in site.problems if problem.code == "reserved-url"] == ["warning", "warning"]


def test_the_names_in_the_settings_are_those_of_the_table() -> None:
    assert {name for system in SYSTEMS for name in (system.name, system.nickname) if name} | {"byline"} == set(
        values.DIALECTS
    )


def test_check_says_what_it_found_and_why(paper: Paper) -> None:
    move_in(paper, BLOGS["hexo"].files)
    told = paper.run("check").output
    assert "read as those of hexo (there is _config.yml)" in told
    assert 'dialect = "hexo"' in told


def test_every_program_has_a_page_and_the_index_names_it() -> None:
    assert {system.name for system in SYSTEMS} - set(blogs()) == {"flatpages"}  # docs/markdown.md is about it
    assert len(blogs()) + len(imports()) == len(PAGES), "a page of docs/moving/ is of no program, so nothing tries it"
    index = INDEX.read_text(encoding="utf-8")
    assert [name for name in PAGES if f"({name}.md)" not in index] == []
