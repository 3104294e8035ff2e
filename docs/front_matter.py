"""Write front-matter.md beside this file from the table of keys: `python -m docs.front_matter`."""

from pathlib import Path

from byline.frontmatter.headers import AuthorHeader, PostHeader
from byline.frontmatter.keys import keys_of

HERE = Path(__file__).parent
HEAD = """# Front matter

The header above the text of a file, in YAML (`---`), in TOML (`+++`), or without fences if the first line is one of
these keys. Case, `-` and `_` do not matter in names. Keys that are not listed are kept under `extra`,
where templates find them.

`python -m docs.front_matter` writes this page; `flask schema` prints the same as a JSON Schema.
"""


def page() -> str:
    """The whole page."""
    return f"{HEAD}\n## Posts and pages\n\n{_table(PostHeader)}\n## Authors\n\n{_table(AuthorHeader)}"


def _table(header: type) -> str:
    rows = ["| key | meaning | also accepted |", "|---|---|---|"]
    for name, key in keys_of(header).items():
        rows.append(f"| `{name}` | {key.meaning} | {', '.join(f'`{other}`' for other in key.also)} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    (HERE / "front-matter.md").write_text(page(), encoding="utf-8")
