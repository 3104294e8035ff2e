"""Odd stories and people: long words, crowds, other scripts, pictures of odd shapes, a wide table."""

from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg, png

LONG = "Donaudampfschifffahrts" * 4
"""A word of 88 letters."""
NAMES = "long after wordy table ar ja crowd small tall wide inline"
PATHS = [
    "/",
    *(f"/posts/{name}/" for name in NAMES.split()),
    *("/authors/", "/authors/long/", "/archive/", "/archive/2025/", "/tags/", "/categories/", "/search/", "/404"),
    *(f"/{group}/{LONG.lower()}/" for group in ("tags", "categories", "series")),
    f"/search/?q={LONG}",
]


def odd_paper(paper: Paper) -> Paper:
    paper.settings(
        f'title = "The {LONG}"\ntagline = "{LONG}"\nurl = "https://paper.test"\n'
        + "".join(f'[[navigation]]\ntitle = "Section {n}"\nurl = "/s{n}/"\n' for n in range(11))
        + f'[[navigation]]\ntitle = "{LONG}"\nurl = "/long/"\n[[social]]\ntitle = "{LONG}"\nurl = "https://a.test/"\n'
    )
    for number in range(12):
        paper.write(f"pages/authors/desk-{number}.jpg", jpeg(300, 400))
        bio = LONG if number == 3 else "Writes."
        paper.write(
            f"pages/authors/desk-{number}.md", f"---\nname: Desk {number}\nbio: {bio}\navatar: desk-{number}.jpg\n---\n"
        )
    paper.write("pages/authors/long.md", f"---\nname: {LONG}\n---\nA biography with {LONG} in it.")
    for name, size in {"small": (120, 80), "tall": (900, 1700), "wide": (1800, 1000)}.items():
        paper.write(f"pages/posts/{name}.jpg", jpeg(*size))
        paper.post(name, f"![A field]({name}.jpg)", cover=f"{{src: {name}.jpg, alt: A field}}", date="2025-01-02")
    paper.write("pages/posts/dot.png", png(20, 20))
    everyone = ", ".join(f"desk-{number}" for number in range(12))
    paper.post("crowd", "Text.", authors=f"[{everyone}]", date="2025-01-03")
    paper.post(
        "long",
        f"## {LONG}\n\n{LONG} {LONG}\n\n### {LONG}\n\n## Third\n\n- {LONG}\n\n> {LONG}\n\n| {LONG} | b |\n|---|---|\n| {LONG} | c |\n\n[^1]\n\n[^1]: {LONG}",
        title=LONG,
        dek=LONG,
        authors="[long, desk-3]",
        tags=f"[{LONG}]",
        category=LONG,
        series=f"{{name: {LONG}}}",
        cover=f"{{src: wide.jpg, alt: A field, caption: {LONG}, credit: {LONG}}}",
        corrections=f"[{{date: 2025-02-02, text: {LONG}}}]",
        date="2025-01-05",
    )
    paper.post("after", "Text.", category=LONG, date="2025-01-06")
    paper.post("wordy", "Text.", title="a headline of very many words " * 16, date="2025-01-04")
    paper.post("inline", "Before ![a dot](dot.png) and after it, on one line.", date="2025-01-01")
    columns = "".join(f"| Column {n} " for n in range(14)) + "|\n" + "|---" * 14 + "|\n"
    rows = "".join("".join(f"| cell {r} {n} " for n in range(14)) + "|\n" for r in range(70))
    paper.post("table", f"Before.\n\n{columns}{rows}\nAfter.", authors="desk-1", date="2025-01-01")
    for lang, title in {"ar": "عنوان القصة الطويلة", "ja": "港の長い物語の見出し"}.items():
        paper.post(lang, "نص" if lang == "ar" else "本文。", title=title, lang=lang, date="2025-01-07", dek=title)
    return paper
