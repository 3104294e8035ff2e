"""Which engine a site gets: site.toml says it, or the app's config in Flask-FlatPages' words."""

import json
from typing import Any

import pytest
from markdown.extensions.toc import TocExtension, slugify_unicode

import byline
from byline.markdown.engines import GITHUB, Engine, engine_of
from byline.problems import SiteError
from byline.settings.tables import MarkdownSettings
from tests.helpers.paper import Paper

EXTENSIONS: dict[str, Any] = {"FLATPAGES_MARKDOWN_EXTENSIONS": ["extra"]}
CONFIGS: dict[str, Any] = {"FLATPAGES_EXTENSION_CONFIGS": {"toc": {"permalink": True}}}


def test_without_a_word_it_is_githubs() -> None:
    assert engine_of(MarkdownSettings(), {}) == GITHUB
    assert engine_of(MarkdownSettings("github"), {}).name == "github"


def test_the_settings_name_it() -> None:
    settings = MarkdownSettings("python", ("extra",), {"toc": {"permalink": True}})
    engine = engine_of(settings, {})
    assert engine == Engine(
        "python", "`markdown.engine` in site.toml", ("extra",), json.dumps(settings.extension_configs)
    )


@pytest.mark.parametrize("engine", ["", "python"])
def test_the_config_of_the_app_names_it(engine: Any) -> None:
    found = engine_of(MarkdownSettings(engine), EXTENSIONS | CONFIGS)
    assert (found.name, found.extensions, found.is_custom) == ("python", ("extra",), False)
    assert found.reason == "FLATPAGES_MARKDOWN_EXTENSIONS in the app's config"
    assert json.loads(found.configs) == CONFIGS["FLATPAGES_EXTENSION_CONFIGS"]
    assert engine_of(MarkdownSettings(engine), CONFIGS).extensions == ()


@pytest.mark.parametrize(
    "config",
    [
        {"FLATPAGES_HTML_RENDERER": str.upper},
        {"FLATPAGES_HTML_RENDERER": "tests.markdown.test_engines.loud"},
        {"FLATPAGES_MARKDOWN_EXTENSIONS": [TocExtension()]},
        EXTENSIONS | {"FLATPAGES_EXTENSION_CONFIGS": {"toc": {"slugify": slugify_unicode}}},
    ],
    ids=["function", "name of a function", "extension object", "function in a config"],
)
def test_python_objects_are_left_to_flask_flatpages(config: dict[str, Any]) -> None:
    assert engine_of(MarkdownSettings(), config).is_custom


@pytest.mark.parametrize(
    ("settings", "config", "message"),
    [
        (MarkdownSettings("github"), EXTENSIONS, "`markdown.engine` contradicts FLATPAGES_MARKDOWN_EXTENSIONS"),
        (MarkdownSettings("github"), CONFIGS, "`markdown.engine` contradicts FLATPAGES_EXTENSION_CONFIGS"),
        (MarkdownSettings("python", ("toc",)), EXTENSIONS, "`markdown.extensions` contradicts FLATPAGES_MARKDOWN"),
        (MarkdownSettings("github", ("toc",)), {}, '`markdown.extensions` is for the engine "python", but '),
        (MarkdownSettings("", (), {"toc": {}}), {}, "`markdown.extension_configs` is for the engine"),
        (
            MarkdownSettings(),
            {"FLATPAGES_MARKDOWN_EXTENSIONS": "extra"},
            "EXTENSIONS in the app's config is not a list",
        ),
        (MarkdownSettings(), {"FLATPAGES_EXTENSION_CONFIGS": ["toc"]}, "is not a dictionary"),
    ],
)
def test_what_contradicts_itself_is_refused(settings: MarkdownSettings, config: dict[str, Any], message: str) -> None:
    with pytest.raises(SiteError) as error:
        engine_of(settings, config)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('extensions = ["nonsense"]', "Python-Markdown cannot load nonsense: ModuleNotFoundError"),
        ('extensions = ["toc"]\nextension_configs.toc.permalimk = true', "Python-Markdown cannot load toc: KeyError"),
        (
            "engin = 3",
            "site.toml:5:1: unknown-setting `markdown.engin` is not a setting (did you mean `markdown.engine`?)",
        ),
        ('engine = "pyton"', "Invalid enum value 'pyton'"),
    ],
)
def test_what_cannot_be_loaded_is_told_at_the_start(paper: Paper, settings: str, message: str) -> None:
    engine = "" if "engin" in settings else 'engine = "python"\n'
    paper.settings(f'title = "P"\nurl = "https://paper.test"\n\n[markdown]\n{engine}{settings}')
    with pytest.raises(SiteError) as error:
        paper.app()
    assert message in str(error.value)


def test_check_says_which_engine_and_why(paper: Paper) -> None:
    assert "Markdown is read by the github engine (the default)." in paper.run("check").stderr
    paper.settings('title = "P"\nurl = "https://paper.test"\nmarkdown.engine = "python"')
    assert "Markdown is read by the python engine (`markdown.engine` in site.toml)." in paper.run("check").stderr


def loud(body: str, _flatpages: object, page: Any) -> str:
    """A renderer of a site, as Flask-FlatPages documents it."""
    if "BREAK" in body:
        raise ValueError("no")
    return f"<h2>{page['title']}</h2><p>{body.upper()}</p><script>x</script>"


def test_a_renderer_of_the_app_makes_the_html(paper: Paper) -> None:
    paper.post("one", "quiet", title="One")
    paper.post("two", "BREAK", title="Two")

    def page(config: dict[str, Any]) -> str:
        app = byline.create_app(paper.folder, DEBUG=False, clock=lambda: paper.now, **config)
        return app.test_client().get("/posts/one/").text

    for renderer in (loud, "tests.markdown.test_engines.loud"):
        shown = page({"FLATPAGES_HTML_RENDERER": renderer})
        assert (
            '<h2 id="one">One<a class="anchor" href="#one" aria-label="Link to this section"></a></h2><p>QUIET' in shown
        )
        assert "<script>x" not in shown
    assert "<p>quiet</p>" in page({"FLATPAGES_HTML_RENDERER": lambda body: f"<p>{body.strip()}</p>"})
    assert "<p>quiet</p>" in page({})


def test_a_renderer_that_fails_is_a_problem_of_that_file(paper: Paper) -> None:
    paper.post("one", "quiet")
    paper.post("two", "BREAK")
    config = {"FLATPAGES_HTML_RENDERER": loud}
    app = byline.create_app(paper.folder, DEBUG=False, clock=lambda: paper.now, **config)
    run = app.test_cli_runner().invoke(args=["check"])
    assert "pages/posts/two.md:1:1: unrenderable the renderer in the app's config failed: ValueError: no" in run.stdout
    assert "html-removed <script> is not shown; where in the file is not known" in run.stdout
    assert run.exit_code == 1
    assert app.test_client().get("/posts/one/").status_code == 200
    assert app.test_client().get("/posts/two/").status_code == 404
