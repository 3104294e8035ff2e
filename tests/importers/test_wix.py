"""Wix: the CSV file of its blog, and each node and decoration of Rich Content."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from byline.importers.text import writing
from byline.importers.wix.nodes import body_of
from byline.markdown.render import render
from tests.helpers.exports import EXPORTS, body, header, imported, ledger, no_errors, words
from tests.helpers.paper import Paper

Node = dict[str, Any]
COLUMNS = (
    "Title,Excerpt,Slug,Cover Image,Plain Content,Rich Content,Published Date,Last Published Date,Author,Main Category,Categories,"
    "Tags,Featured,ID,Internal ID,Post Page URL,Pricing Plans"
).split(",")
PICTURE = "https://static.wixstatic.com/media/a1_b2~mv2.jpg"


def table(*rows: dict[str, str], delimiter: str = ",") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def row(number: int, title: str, *nodes: Node, **values: str) -> dict[str, str]:
    slug = title.lower().replace(" ", "-")
    usual = {"Title": title, "Slug": slug, "ID": f"post-{number}", "Published Date": "2024-10-01T10:00:00Z"}
    usual |= {"Post Page URL": f"/post/{slug}", "Rich Content": json.dumps({"nodes": list(nodes)})}
    return usual | {key.replace("_", " "): value for key, value in values.items()}


def words_of(text: str, *decorations: Node) -> Node:
    return {"type": "TEXT", "nodes": [], "textData": {"text": text, "decorations": list(decorations)}}


def node(kind: str, *inner: Node | str, data: Node | None = None, name: str = "", key: str = "") -> Node:
    first, *rest = kind.lower().split("_")
    nodes = [words_of(one) if isinstance(one, str) else one for one in inner]
    field = key or first + "".join(map(str.title, rest)) + "Data"
    return {"type": kind, "id": name, "nodes": nodes, field: data or {}}


def p(*inner: Node | str, name: str = "") -> Node:
    return node("PARAGRAPH", *inner, name=name)


def test_a_post_has_all_that_it_had(paper: Paper) -> None:
    rows = [
        row(
            1,
            "The ferry",
            p("It is ", words_of("back", {"type": "BOLD"}), "."),
            Excerpt="Back at last.",
            Cover_Image="wix:image://v1/a1_b2~mv2.jpg/quay.jpg#originWidth=60&originHeight=40",
            Last_Published_Date="2024-10-09T10:00:00Z",
            Author="Harbour desk",
            Main_Category="Harbour",
            Categories='["Harbour", "Islands"]',
            Tags='["sea", "5f0c1a2b-1111-2222-3333-444455556666"]',
            Featured="TRUE",
        ),
        row(2, "Only words", Rich_Content="no JSON", Plain_Content="One.\n\nTwo & three.", Published_Date=""),
        row(3, "For members", p("Secret."), Pricing_Plans='["gold"]'),
        row(1, "The ferry", p("Twice.")),
        {"ID": "post-9"},
    ]
    told = imported(paper, str(paper.write("posts.csv", table(*rows))), "--url", "https://old.test").output
    assert "5 in the export = posts 3 + pages 0 + files of the library 0 + left out 2" in told
    assert "drafts among the first two: 2" in told
    path = ledger(paper)["wix:post-1"]
    found = header(paper, path)
    assert (found["title"], found["summary"], found["id"]) == ("The ferry", "Back at last.", "post-1")
    assert found["date"].isoformat() == "2024-10-01T10:00:00+00:00"
    assert found["updated"].isoformat() == "2024-10-09T10:00:00+00:00"
    assert (found["category"], found["tags"], found["pinned"]) == ("Harbour", ("sea", "Islands"), True)
    assert found["cover"].src == PICTURE
    assert found["authors"] == ("harbour-desk",)
    assert body(paper, path) == "It is **back**."
    assert body(paper, ledger(paper)["wix:post-2"]) == "One.\n\nTwo & three."
    client = paper.client()
    assert client.get("/post/the-ferry").location == "/posts/the-ferry/"
    assert client.get("/posts/only-words/").status_code == client.get("/posts/for-members/").status_code == 404
    report = (paper.folder / "import-report.md").read_text()
    for line in ("its Rich Content cannot be read", "was for members who pay", "as numbers only are left out"):
        assert line in report
    no_errors(paper)


def test_a_table_with_semicolons(paper: Paper) -> None:
    text = "\ufeff" + table(row(1, "One", p("Text.")), delimiter=";")
    imported(paper, str(paper.write("Blog+Posts.csv", text)))
    assert body(paper, ledger(paper)["wix:post-1"]) == "Text."


LINK = {"type": "LINK", "linkData": {"link": {"url": "www.x.test/a", "target": "BLANK"}}}
UNDER = {"type": "UNDERLINE"}
CAPTIONED = {"image": {"src": {"id": "a1_b2~mv2.jpg"}}, "altText": "A quay", "link": {"url": "https://x.test/"}}
CELLS = [node("TABLE_ROW", *(node("TABLE_CELL", p(word)) for word in pair)) for pair in (("a", "b"), ("c", "d"))]
FOLD = node(
    "COLLAPSIBLE_ITEM",
    node("COLLAPSIBLE_ITEM_TITLE", p("More")),
    node("COLLAPSIBLE_ITEM_BODY", p("Inside."), p("Twice.")),
)
EVENT = {
    "type": "EVENT",
    "name": "Regatta",
    "url": "https://x.test/e",
    "imageSrc": f"{PICTURE}/v1/fit/w_67,h_44,q_90/file.jpg",
    "eventData": {"scheduling": "May 4", "location": "The quay"},
}


@pytest.mark.parametrize(
    ("nodes", "written"),
    [
        (
            [
                p(
                    words_of("a", {"type": "BOLD", "fontWeightValue": 700}, {"type": "ITALIC", "italicData": True}),
                    words_of(" b", {"type": "BOLD", "fontWeightValue": 400}),
                    words_of(" c", {"type": "STRIKETHROUGH"}),
                    words_of("2", {"type": "SUPERSCRIPT"}),
                )
            ],
            "***a*** b ~~c~~<sup>2</sup>",
        ),
        ([p(words_of("u", UNDER), " ", words_of("one", LINK, UNDER), words_of(" two", LINK, {"type": "BOLD"}))], None),
        (
            [p(words_of("red", {"type": "COLOR", "colorData": {"background": "#ff0000"}}), " @you")],
            "<mark>red</mark> @you",
        ),
        ([p(words_of("black", {"type": "COLOR", "colorData": {"foreground": "color4"}}))], "black"),
        (
            [p(words_of("down", {"type": "ANCHOR", "anchorData": {"anchor": "k1"}})), p("Here.", name="k1")],
            '[down](#k1)\n\n<a id="k1"></a>Here.',
        ),
        ([p(words_of("lost", {"type": "ANCHOR", "anchorData": {"anchor": "gone"}}))], "lost"),
        ([p("One\ntwo *not bold*\n"), p(), p(" ")], "One\\\ntwo \\*not bold\\*"),
        ([node("HEADING", "Part", data={"level": 3})], "### Part"),
        (
            [node("ORDERED_LIST", *(node("LIST_ITEM", p(one)) for one in "ab"), data={"start": 3})],
            "3. a\n4. b",
        ),
        (
            [node("BULLETED_LIST", node("LIST_ITEM", p("a"), node("BULLETED_LIST", node("LIST_ITEM", p("b")))))],
            "- a\n  - b",
        ),
        ([node("CHECKBOX_LIST", node("LIST_ITEM", p("a"), data={"checked": True}))], "- [x] a"),
        ([node("BLOCKQUOTE", p("Q"), p("R"))], "> Q\n>\n> R"),
        ([node("CODE_BLOCK", "a = 1\n\n\nb_c", data={"language": "python"})], "```python\na = 1\n\n\nb_c\n```"),
        ([node("DIVIDER")], "***"),
        (
            [node("IMAGE", node("CAPTION", "At ", words_of("dawn", {"type": "BOLD"})), data=CAPTIONED)],
            f"[![A quay]({PICTURE})](https://x.test/)\n*At **dawn***",
        ),
        (
            [node("GALLERY", data={"items": [{"image": {"media": {"src": {"id": "a1_b2~mv2.jpg"}}}, "title": "T"}]})],
            f"![T]({PICTURE})\n*T*",
        ),
        (
            [node("VIDEO", data={"video": {"src": {"url": "https://youtu.be/x"}}, "title": "Film"})],
            "[Film](https://youtu.be/x)",
        ),
        (
            [node("VIDEO", data={"video": {"src": {"id": "v1"}}})],
            '<video controls src="https://video.wixstatic.com/video/v1/1080p/mp4/file.mp4">\n</video>',
        ),
        (
            [node("AUDIO", data={"audio": {"src": {"url": "https://static.wixstatic.com/mp3/a.mp3"}}, "name": "Horn"})],
            '<figure>\n\n<audio controls src="https://static.wixstatic.com/mp3/a.mp3">\n</audio>\n\n<figcaption>\n\nHorn\n\n'
            "</figcaption>\n</figure>",
        ),
        (
            [node("FILE", data={"src": {"id": "ugd/a.pdf"}, "name": "Fares"})],
            "[Fares](https://docs.wixstatic.com/ugd/a.pdf)",
        ),
        (
            [node("GIF", data={"original": {"gif": "https://g.test/a.gif"}, "altText": "A"})],
            "![A](https://g.test/a.gif)",
        ),
        ([node("HTML", data={"html": "<b>raw</b><script>x()</script>"})], "**raw**"),
        ([node("HTML", data={"url": "https://x.test/frame"})], "https://x.test/frame"),
        ([node("EMBED", data={"src": "https://x.test/p", "oembed": {"html": "<p>Words</p>"}})], "Words"),
        ([node("EMBED", data={"src": "https://x.test/p", "oembed": {}})], "https://x.test/p"),
        (
            [node("LINK_PREVIEW", data={"link": {"url": "x.test"}, "title": "T", "description": "D"})],
            "[T](https://x.test)\\\nD",
        ),
        ([node("BUTTON", data={"text": "Press", "link": {"url": "https://x.test/"}})], "[Press](https://x.test/)"),
        (
            [node("POLL", data={"poll": {"title": "Tea?", "options": [{"title": "Yes"}, {"title": "No"}]}})],
            "Tea?\n\n- Yes\n- No",
        ),
        (
            [node("MAP", data={"mapSettings": {"address": "Quay 1", "lat": 1.5, "lng": 2}})],
            "[Quay 1](https://www.openstreetmap.org/?mlat=1.5&mlon=2#map=16/1.5/2)",
        ),
        (
            [node("APP_EMBED", data=EVENT)],
            f"![Regatta]({PICTURE})\n\n[Regatta](https://x.test/e)\\\nMay 4\\\nThe quay",
        ),
        ([node("TABLE", *CELLS, data={"rowHeader": True})], "| a | b |\n| --- | --- |\n| c | d |"),
        (
            [node("TABLE", *CELLS)],
            "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>",
        ),
        (
            [node("COLLAPSIBLE_LIST", FOLD, data={"initialExpandedItems": "FIRST"})],
            "<details open>\n<summary>More</summary>\n\nInside.\n\nTwice.\n\n</details>",
        ),
        ([node("LAYOUT", node("LAYOUT_CELL", p("a")), node("LAYOUT_CELL", p("b")))], "a\n\nb"),
        (
            [node("IMAGE", data=CAPTIONED | {"containerData": {"spoiler": {"enabled": True, "buttonText": "Show"}}})],
            f"<details>\n<summary>Show</summary>\n\n[![A quay]({PICTURE})](https://x.test/)\n\n</details>",
        ),
        (
            [node("HOLOGRAM", p("Inner."), data={"title": "Outer", "id": "x", "options": [{"label": "L"}]})],
            "Outer\n\nL\n\nInner.",
        ),
        (
            [node("VERTICAL_EMBED", data={"type": "EVENT", "name": "N", "url": "https://x.test/"})],
            "[N](https://x.test/)",
        ),
    ],
)
def test_nodes(nodes: list[Node], written: str | None) -> None:
    text = writing.written(body_of({"nodes": nodes}).html, lambda _, url: url).markdown
    assert text == (written or "<u>u</u> [one **two**](https://www.x.test/a)")


def test_what_is_not_known_is_told(paper: Paper) -> None:
    nodes = [node("HOLOGRAM", data={"title": "T"}), p(words_of("w", {"type": "GLOW"}, {"type": "SPOILER"}))]
    imported(paper, str(paper.write("posts.csv", table(row(1, "One", *nodes)))))
    report = (paper.folder / "import-report.md").read_text()
    for line in ("the node `HOLOGRAM`", "the decoration `GLOW`", "hidden until a reader wished"):
        assert line in report


def test_a_document_by_itself(paper: Paper) -> None:
    first = {"nodes": [p(), node("HEADING", "The ferry", data={"level": 1}), p("Text.")]}
    second = {"nodes": [p("Text.")], "metadata": {"createdTimestamp": "2021-07-15T07:42:30.023Z"}}
    paths = [paper.write("first.json", json.dumps(first)), paper.write("the-second_one.json", json.dumps(second))]
    imported(paper, *map(str, paths))
    assert header(paper, ledger(paper)["wix:first.json"])["title"] == "The ferry"
    assert body(paper, ledger(paper)["wix:first.json"]) == "Text."
    found = header(paper, ledger(paper)["wix:the-second_one.json"])
    assert (found["title"], found["date"].year, found["draft"]) == ("the second one", 2021, True)
    assert paper.client().get("/posts/first/").status_code == 404


def test_a_document_with_a_date_is_public(paper: Paper) -> None:
    document = {"nodes": [node("HEADING", "The ferry", data={"level": 1}), p("Text.")]}
    imported(paper, str(paper.write("ferry.json", json.dumps(document))), "--date", "2025-05-01")
    assert paper.client().get("/posts/ferry/").status_code == 200
    no_errors(paper)


def test_a_document_without_an_end_of_levels(paper: Paper) -> None:
    deep = p("Deep.")
    for _ in range(60):
        deep = node("BULLETED_LIST", node("LIST_ITEM", deep))
    imported(paper, str(paper.write("deep.json", json.dumps({"nodes": [p("Top."), deep]}))))
    report = (paper.folder / "import-report.md").read_text()
    assert "nested" in report


def _said(document: Any) -> list[str]:
    """The words of all TEXT nodes, in order, by a walk that is not ours."""
    if isinstance(document, dict):
        own = "".join(one["textData"]["text"] for one in document.get("nodes", ()) if one["type"] == "TEXT")
        return own.split() + [word for value in document.values() for word in _said(value)]
    return [word for one in document for word in _said(one)] if isinstance(document, list) else []


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the exports are not beside the project")
@pytest.mark.parametrize("path", sorted((EXPORTS / "wix").glob("*.json")), ids=lambda path: path.name)
def test_no_word_of_a_document_is_lost(paper: Paper, path: Path) -> None:
    document = json.loads(path.read_text())
    found = words(body_of(document).html)
    rest = iter(found)
    assert [word for word in _said(document) if word not in rest] == []
    imported(paper, str(path))
    text = body(paper, ledger(paper)[f"wix:{path.name}"])
    assert words(render(text).html) == found
