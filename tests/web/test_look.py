"""`[theme]`: one value reaches the pages, the stylesheet, the cards and the browser."""

import io
import re

import pytest
from PIL import Image

from byline.media.cards import channels
from byline.media.look import colors_of, contrast, readable
from byline.models import Colors
from byline.problems import SiteError
from tests.helpers.paper import Paper
from tests.helpers.papers import png

SITE = 'title = "The Paper"\nurl = "https://paper.test"\n'
LIGHT = Colors("#fffdf9", "#1b1a18", "#8a1c14", "#f5f0e6")
DARK = Colors("#171513", "#e9e4da", "#f2a08f", "#221f1c")


def sheet(paper: Paper) -> str:
    return paper.client().get("/static/style.css").text


@pytest.mark.parametrize("color", ["#0b5d4b", "#ff8800", "#ffff00", "#000", "#fff", "#777777", "#0000ff", "#e11d48"])
def test_a_shade_of_any_colour_can_be_read_in_both_schemes(color: str) -> None:
    for colors in (LIGHT, DARK):
        shade = readable(color, colors)
        assert min(contrast(shade, colors.paper), contrast(shade, colors.tint)) >= 7


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert readable("#0b5144", LIGHT) == "#0b5144"
    assert readable("#8a1c14", LIGHT) == "#8a1c14"


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_no_shade_can_be_read_on_a_medium_grey() -> None:
    assert readable("#0b5d4b", Colors("#777777", "#000000", "#000000", "#777777")) == ""


def test_one_accent_makes_both_schemes(paper: Paper) -> None:
    paper.settings(f'{SITE}[theme]\naccent = "#ff8800"\n')
    light, dark = colors_of(sheet(paper))
    for colors in (light, dark):
        assert min(contrast(colors.accent, colors.paper), contrast(colors.accent, colors.tint)) >= 7
    assert light.accent != dark.accent
    (told,) = [line for line in paper.run("check").output.splitlines() if "unreadable-color" in line]
    assert told.startswith("site.toml:4:1: unreadable-color `theme.accent`: #ff8800 is too pale")
    assert light.accent in told


def test_a_paper_of_the_owners_own_counts(paper: Paper) -> None:
    paper.settings(f'{SITE}[theme]\naccent = "#0b5d4b"\n')
    paper.write("static/custom.css", ":root { --paper: #777; --tint: #777; }")
    assert "no shade of #0b5d4b can be read on the light paper" in paper.run("check").output
    assert 'theme-color" media="(prefers-color-scheme: light)" content="#777"' in paper.client().get("/").text


def test_a_section_has_a_colour_of_its_own(paper: Paper) -> None:
    paper.settings(f'{SITE}[theme.sections]\nWorld = "#003322"\n')
    paper.post("one", category="World")
    assert '[data-section="world"]{--accent:#003322}' in sheet(paper)
    for path in ("/", "/posts/one/"):
        assert re.search(r'<article class="[^"]*"[^>]* data-section="world">', paper.client().get(path).text), path


def test_the_faces_are_in_the_stylesheet_under_their_versions(paper: Paper) -> None:
    css, page = sheet(paper), paper.client().get("/").text
    (url,) = re.findall(r'<link rel="preload" href="([^"]+)" as="font"', page)
    assert f"src:url({url})" in css
    answer = paper.client().get(url)
    assert (answer.status_code, answer.content_type) == (200, "font/woff2")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("headline", ["sans", "system"])
def test_without_a_face_none_is_loaded(paper: Paper, headline: str) -> None:
    paper.settings(f'{SITE}[theme]\nheadline = "{headline}"\n')
    assert "@font-face" not in sheet(paper)
    assert "preload" not in paper.client().get("/").text


@pytest.mark.parametrize("language", ["ja", "ar", "ru", "el"])
def test_a_language_without_latin_letters_loads_none_of_them_first(paper: Paper, language: str) -> None:
    paper.settings(f'{SITE}language = "{language}"\n')
    assert "preload" not in paper.client().get("/").text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fixed_scheme_offers_no_switch(paper: Paper, scheme: str) -> None:
    paper.settings(f'{SITE}[theme]\nscheme = "{scheme}"\n')
    page = paper.client().get("/").text
    assert f'data-scheme="{scheme}"' in page
    assert f'<meta name="color-scheme" content="{scheme}">' in page
    assert "data-scheme-switch" not in page
    assert page.count('name="theme-color"') == 1


def test_the_logo_is_in_the_header_and_in_structured_data(paper: Paper) -> None:
    paper.write("static/logo.png", png(300, 60))
    paper.write("static/night.png", png(300, 60))
    paper.settings(f'{SITE}[theme]\nlogo = "logo.png"\nlogo_dark = "night.png"\n')
    paper.post("one")
    page = paper.client().get("/posts/one/").text
    assert re.search(
        r'<img class="logo logo-light" src="/static/logo.png[^"]*" alt="The Paper" width="300" height="60">', page
    )
    assert re.search(r'<img class="logo logo-dark" src="/static/night.png', page)
    assert re.search(
        r'"logo": \{"@type": "ImageObject", "url": "https://paper.test/static/logo.png[^}]*"width": 300', page
    )


@pytest.mark.parametrize("name", ["icon.svg", "static/icon.svg", "/static/icon.svg"])
def test_a_logo_is_found_by_its_address_too(paper: Paper, name: str) -> None:
    paper.settings(f'{SITE}[theme]\nlogo = "{name}"\n')
    assert 'class="logo" src="/static/icon.svg' in paper.client().get("/").text


def test_a_missing_logo_is_an_error(paper: Paper) -> None:
    paper.settings(f'{SITE}[theme]\nlogo = "lgo.svg"\n')
    checked = paper.run("check")
    assert "site.toml:4:1: missing-logo `theme.logo`: there is no picture static/lgo.svg" in checked.output
    assert checked.exit_code == 1


@pytest.mark.parametrize("front", ["news", "list", "grid"])
def test_the_front_page_has_three_layouts(paper: Paper, front: str) -> None:
    paper.settings(f'{SITE}[theme]\nfront = "{front}"\n')
    paper.post("one")
    page = paper.client().get("/").text
    assert f'<div class="stories {front}' in page
    assert ("teaser-lead" in page) == (front == "news")


def test_the_footer_is_markdown_with_links_that_are_looked_after(paper: Paper) -> None:
    paper.settings(
        'title = "The Paper"\nurl = "https://paper.test/repo"\n[theme]\nfooter = """© The *Paper*. [About](/about/) [gone](/no/) <script>x</script>"""\n'
    )
    paper.write("pages/about.md", "---\ntitle: About\n---\nText.")
    page = paper.client().get("/repo/").text
    assert '<em>Paper</em>. <a href="/repo/about/">About</a>' in page
    assert "<script>x" not in page
    said = paper.run("check").output
    assert "site.toml:4:1: dead-link" in said
    assert "site.toml:4:1: html-removed" in said


@pytest.mark.parametrize("engine", ['engine = "github"', 'engine = "python"\nextensions = ["extra", "toc"]'])
def test_the_footer_has_no_id_that_a_text_has(paper: Paper, engine: str) -> None:
    text = "## Contact\n\n[Up](#contact)[^1] [top](#page-top)\n\n[^1]: A note.\n"
    paper.settings(f'{SITE}[markdown]\n{engine}\n[theme]\nfooter = """\n{text}"""\n')
    paper.post("one", text)
    page = paper.client().get("/posts/one/").text
    ids = re.findall(r' id="([^"]*)"', page)
    assert {"contact", "footer-contact"} < set(ids)
    assert len(ids) == len(set(ids))
    foot = page[page.index("footer-text") :]
    assert {"footer-contact", "page-top"} < set(re.findall('href="#([^"]*)"', foot)) <= set(ids)
    assert 'class="anchor"' not in foot


def test_the_colours_are_on_the_cards(paper: Paper) -> None:
    paper.settings(f'{SITE}[theme]\naccent = "#003322"\n')
    paper.write("static/custom.css", ":root { --paper: #eeeeff; --ink: #000011; }")
    paper.post("one")
    page = paper.client().get("/posts/one/").text
    (url,) = re.findall(r'property="og:image" content="https://paper.test([^"]+)"', page)
    image = Image.open(io.BytesIO(paper.client().get(url).data)).convert("RGB")
    found = {color for _, color in image.getcolors() or ()}
    assert {channels("#eeeeff"), channels("#000011"), channels("#003322")} <= found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('accent = "red"', "'red' is not a colour like #0b5d4b"),
        ('acent = "#fff"', "`theme.acent` is not a setting (did you mean `theme.accent`?)"),
        ('front = "tabloid"', "`theme.front`: Invalid enum value 'tabloid' (write one of 'news', 'list', 'grid')"),
        ("accent = 5", "`theme.accent`: Expected `str`, got `int`"),
    ],
)
def test_a_wrong_value_is_told(paper: Paper, line: str, fault: str) -> None:
    paper.settings(f"{SITE}[theme]\n{line}\n")
    with pytest.raises(SiteError) as told:
        paper.app()
    assert fault in str(told.value)
    assert str(told.value).startswith("site.toml:4:1:")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('sections = {World = "blue"}', "site.toml:4:13: bad-setting `theme.sections.World`: 'blue' is not a colour"),
        ("sections = {World = 3}", "site.toml:4:13: bad-setting `theme.sections.World`: Expected `str`, got `int`"),
        (
            '[theme.sections]\nWorld = "blue"',
            "site.toml:5:1: bad-setting `theme.sections.World`: 'blue' is not a colour",
        ),
    ],
)
def test_a_wrong_colour_of_a_section_is_told_at_its_place(paper: Paper, line: str, fault: str) -> None:
    paper.settings(f"{SITE}[theme]\n{line}\n")
    with pytest.raises(SiteError) as told:
        paper.app()
    assert str(told.value).startswith(fault)


def test_in_one_line_a_table_has_its_places_too(paper: Paper) -> None:
    paper.settings(f'{SITE}theme = {{ accent = "#aaaaaa", logo = "no.png" }}\n')
    told = [line for line in paper.problems() if "site.toml" in line]
    assert [line.split(": ")[0] for line in told] == ["hint site.toml:3:11", "error site.toml:3:31"]


def test_a_cover_may_say_what_stays_in_its_crop(paper: Paper) -> None:
    paper.write("pages/posts/dot.png", png(900, 600))
    paper.post("one", cover="{src: dot.png, focus: top left}")
    paper.post("two", cover="{src: dot.png, focus: middle of it}", date="2025-01-01")
    page = paper.client().get("/").text
    assert page.count('class="focus-top-left"') == 1
    (told,) = [line for line in paper.run("check").output.splitlines() if "bad-focus" in line]
    assert told.startswith("pages/posts/two.md:4:30: bad-focus `focus` is 'middle of it'")


@pytest.mark.parametrize(
    "css",
    [
        "@media (prefers-color-scheme: dark) { :root { --paper: #101010; } }",
        ":root[data-scheme=dark] { --paper: #101010 }",
        "@media screen and (prefers-color-scheme:dark) { :root, body { --paper: #101010 } }",
        ":root { color: red; @media (prefers-color-scheme: dark) { --paper: #101010; } }",
        "@layer mine { @media (prefers-color-scheme: dark) { :root:not([data-scheme='light']) { --paper: #101010 } } }",
    ],
)
def test_a_colour_of_the_dark_scheme_is_not_one_of_the_light(css: str) -> None:
    light, dark = colors_of(":root { --paper: #ffffff }" + css)
    assert (light.paper, dark.paper) == ("#ffffff", "#101010")


@pytest.mark.parametrize(
    "css",
    [
        "@media print { :root { --paper: #123456 } }",
        "@media (min-width: 40rem) { :root { --paper: #123456 } }",
        "@media (prefers-contrast: more) { :root { --paper: #123456 } }",
        ":root .box { --paper: #123456 }",
        ":root { .box { --paper: #123456 } }",
    ],
)
def test_a_colour_of_something_else_is_none_of_the_page(css: str) -> None:
    light, dark = colors_of(":root { --paper: #ffffff }" + css)
    assert (light.paper, dark.paper) == ("#ffffff", "#ffffff")


def test_a_colour_of_the_light_scheme_alone_leaves_the_dark_one() -> None:
    own = "@media (prefers-color-scheme: light) { :root { --paper: #fffff0 } }"
    light, dark = colors_of(':root { --paper: #ffffff } :root[data-scheme="dark"] { --paper: #101010 }' + own)
    assert (light.paper, dark.paper) == ("#fffff0", "#101010")


def test_shortcodes_run_in_the_footer(paper: Paper) -> None:
    paper.settings(SITE + "[theme]\nfooter = '{{< year >}}'\n")
    paper.write("shortcodes/year.html", "Since 1999")
    assert '<div class="footer-text">\n<p>Since 1999</p>' in paper.client().get("/").text
