"""Settings: all faults are reported at once, and the environment overrides the file."""

import warnings
from pathlib import Path

import pytest

from byline.problems import SiteError
from byline.settings import file as settings
from byline.settings.settings import KEYS, meaning_of
from byline.web.app import read_settings
from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("titel = 'A'", "site.toml:1:1: unknown-setting `titel` is not a setting (did you mean `title`?)"),
        ("\nposts_per_page = 'ten'", "site.toml:2:1: bad-setting `posts_per_page`"),
        ("posts_per_page = 0", "site.toml:1:1: bad-setting `posts_per_page`: Expected `int` >= 1"),
        ("trusted_proxies = 10", "`trusted_proxies`: Expected `int` <= 9"),
        ("url = 'example.org'", "'example.org' is not a web address"),
        ("timezone = 'Mars/Olympus'", "'Mars/Olympus' is not a time zone"),
        ("timezone = '../../etc/passwd'", "is not a time zone"),
        ("permalink = '{slug}/'", "must start with a single"),
        ("permalink = '//{slug}/'", "must start with a single"),
        ("permalink = '/{year}/'", "must contain {slug}"),
        ("permalink = '/{title}/'", "may contain only {slug} {year}"),
        ("permalink = '/{slug'", "may contain only"),
        (
            "dialect = 'huggo'",
            "site.toml:1:1: bad-setting `dialect`: 'huggo' is not one that Byline knows; did you mean 'hugo'?",
        ),
        (
            "\nhosts = ['netlfy']",
            "site.toml:2:1: bad-setting `hosts`: 'netlfy' is not a host Byline knows; did you mean 'netlify'?",
        ),
        ("hosts = ['s3']", "'s3' is not a host Byline knows; see docs/hosts.md"),
        ("hosts = 'nginx'", "bad-setting `hosts`"),
        ("hosts = ['netlify', 'cloudflare']", "list only one of them"),
        ("precompressed = 'br'", "bad-setting `precompressed`"),
        ("[[navigation]]\ntitle = 'A'", "site.toml:1:1: bad-setting `navigation`"),
        (
            "[[navigation]]\ntitle = 'A'\nurl = '/'\n[[navigation]]\ntitle = 'B'\nurl = 2",
            "site.toml:6:1: bad-setting `navigation.url`: Expected `str`, got `int`",
        ),
        (
            "[redirects]\n'/a/' = '/b/'\n'/c/' = 5",
            "site.toml:3:1: bad-setting `redirects./c/`: Expected `str | object`",
        ),
        ("redirects = { '/a/' = { to = '/b/', code = 302 } }", "site.toml:1:37: unknown-setting `redirects./a/.code`"),
        ("[navigation]\nHome = '/'", "site.toml:1:1: bad-setting `navigation`: Expected `array`, got `object`"),
        (
            "navigation = [\n  {title = 'A', url = '/'},\n  {title = 'B', url = 2},\n]",
            "site.toml:3:17: bad-setting `navigation.url`: Expected `str`, got `int`",
        ),
        ("[theme]\n# accent = '#0b5d4b'\naccent = 'blue'", "site.toml:3:1: bad-setting `theme.accent`: 'blue'"),
        ("[slugs]\nx = 'y'\n'Node.js' = 'B c'", "site.toml:3:1: bad-setting `slugs.Node.js`: 'B c'"),
        ("[slugs]\n'A b' = 1", "site.toml:2:1: bad-setting `slugs.A b`: Expected `str`, got `int`"),
        ("[languages.de]\ntitle = 1", "site.toml:2:1: bad-setting `languages.de.title`: Expected `str`, got `int`"),
        ("title = ", "site.toml:1:9: bad-toml Invalid value"),
    ],
)
def test_faults_are_named_with_their_place(text: str, fault: str) -> None:
    with pytest.raises(SiteError) as caught:
        settings.parse(text, {})
    assert fault in str(caught.value)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SiteError) as caught:
        settings.parse("titel = 'A'\nurl = 3\nlanguage = false", {})
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "value", "key", "expected"),
    [
        ("BYLINE_TITLE", "2024", "title", "2024"),
        ("BYLINE_TITLE", "true", "title", "true"),
        ("BYLINE_POSTS_PER_PAGE", "5", "posts_per_page", 5),
        ("BYLINE_UNICODE_SLUGS", "true", "unicode_slugs", True),
        ("BYLINE_DIALECT", "jekyll", "dialect", "jekyll"),
        ("BYLINE_SLUGS", '{"C": "c-lang"}', "slugs", {"C": "c-lang"}),
    ],
)
def test_the_environment_overrides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, key: str, expected: object
) -> None:
    (tmp_path / "site.toml").write_text('title = "File"\nposts_per_page = 3')
    monkeypatch.setenv(name, value)
    chosen, problems = read_settings(tmp_path)
    assert getattr(chosen, key) == expected
    assert problems == ()


def test_a_bad_value_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_POSTS_PER_PAGE", "many")
    with pytest.raises(SiteError, match="BYLINE_POSTS_PER_PAGE"):
        read_settings(tmp_path)


def test_an_unknown_variable_warns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_TITEL", "A")
    _, problems = read_settings(tmp_path)
    assert [str(p) for p in problems] == [
        "environment:1:1: unknown-setting BYLINE_TITEL is not a setting (did you mean `title`?)"
    ]
    assert problems[0].severity == "warning"


def test_every_setting_says_what_it_is() -> None:
    assert [key for key in KEYS if not meaning_of(key)] == []


def test_a_missing_content_folder_is_named(paper: Paper) -> None:
    paper.settings('pages = "nowhere"')
    with warnings.catch_warnings(), pytest.raises(SiteError, match="nowhere"):
        paper.app()


def test_freezing_without_a_real_url_warns(paper: Paper) -> None:
    paper.settings('title = "A"')
    paper.post("one")
    run = paper.freeze()
    assert run.exit_code == 0
    assert "WARNING: `url` is http://localhost:5000" in run.output


@pytest.mark.parametrize(
    "text",
    ['url = "http://["', 'url = "https://x.test:bad/"', 'url = "https://x.test/my site"', '[slugs]\n"C++" = "c/cpp"'],
)
def test_values_that_would_break_every_page(paper: Paper, text: str) -> None:
    paper.settings(text)
    with pytest.raises(SiteError, match="bad-setting"):
        paper.app()


def test_redirects_from_the_environment(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_REDIRECTS", '{"/old/": "/", "/sale/": {"to": "/nowhere/", "status": 302}}')
    assert paper.client().get("/sale/").status_code == 302
    assert "site.toml: dead-link /sale/ leads to /nowhere/" in paper.run("check").stdout
    monkeypatch.setenv("BYLINE_REDIRECTS", '{"old": "/"}')
    with pytest.raises(SiteError, match="write only its path"):
        paper.app()
