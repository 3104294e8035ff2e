"""Ready-made content: a site with a bit of everything."""

import io

from PIL import Image

from tests.helpers.paper import Paper


def png(width: int = 1, height: int = 1) -> bytes:
    """A red picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (138, 28, 20)).save(file, "PNG")
    return file.getvalue()


PNG = png()


def full_paper(paper: Paper) -> Paper:
    """Every kind of page, with drafts, a schedule and lists of several pages."""
    paper.settings(
        'title = "The Paper"\nurl = "https://paper.test"\nposts_per_page = 2\ntimezone = "Europe/Berlin"\n'
        'unicode_slugs = true\n[[navigation]]\ntitle = "About"\nurl = "/about/"\n[slugs]\n"C++" = "cpp"'
    )
    paper.write(
        "pages/about.md", "---\ntitle: About\naliases: /imprint.html\n---\nWho we are, see [one](posts/one.md)."
    )
    paper.write("pages/authors/ann-desk.md", "---\nname: Ann Desk\nbio: Writes.\navatar: ann.png\n---\nLong biography.")
    paper.write("pages/authors/ann.png", PNG)
    paper.write("pages/authors/ann-desk.png", PNG)
    paper.write("pages/posts/one/dot.png", PNG)
    paper.write("pages/posts/one/notes.pdf", b"%PDF-1.4 notes")
    paper.write(
        "pages/posts/one/index.md",
        '---\ntitle: Story <one> & "more"\ndate: 2025-05-31 09:00\nauthors: [Ann Desk, Ben Desk]\ntags: [law, C++, C]\n'
        "category: World\ncover: {src: dot.png, alt: A dot, caption: A dot, credit: The Paper}\naliases: [/2019/one.html]\n"
        "series: {name: Dots, part: 1}\ncorrections: [{date: 2025-06-01, text: A number was wrong.}]\n---\n"
        "## First\n\nSee [two](../two.md#end), [the notes](notes.pdf) and ![a dot](dot.png).\n\n## Second\n\n## Third\n",
    )
    paper.post(
        "two",
        "## End\n\nBack to [one](one/index.md).",
        authors="ann-desk",
        tags="[law]",
        series="{name: Dots, part: 2}",
    )
    paper.post("three", "[Draft](secret.md), [later](later.md), [gone](gone.md).", tags="[law, sea]", category="World")
    paper.post("vier-gänse", "Ente.", title="Vier Gänse", tags="[Gänse]", lang="de", date="2024-12-31")
    paper.post("five", "Text.", date="2023-01-01", updated="2025-01-01", pinned="true", tags="[sea]")
    paper.write("public/ads.txt", "example.com, 1, DIRECT\n")
    paper.write("public/google1234.html", "google-site-verification: google1234.html")
    paper.write("public/CNAME", "paper.test\n")
    paper.write("public/.well-known/security.txt", "Contact: mailto:desk@paper.test\n")
    paper.write("public/.well-known/webfinger", "{}")
    paper.write("public/old/index.html", "<title>The old site</title>")
    paper.write("public/old/feed.json", "{}")  # a file, not a feed
    paper.write("public/opensearch.xml", "<x/>")
    paper.post("secret", "Canary.", draft="true", aliases="/canary/")
    paper.post("later", "Canary.", date="2025-07-01")
    paper.post("gone", "Canary.", expires="2025-05-15")
    return paper


def jpeg(width: int = 2000, height: int = 1000, **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), (200, 20, 20))
    image.paste((20, 20, 200), (width // 2, 0, width, height))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, **options)
    return file.getvalue()
