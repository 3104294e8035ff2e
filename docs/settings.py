"""Writes settings.md beside this file from the settings' own definitions: `python -m docs.settings`."""

import ast
import itertools
from pathlib import Path

import msgspec

from byline import settings
from byline.settings import Settings

HERE = Path(__file__).parent
HEAD = """# Settings

They stand in `site.toml`; all are optional. Each can be overridden by the environment: `BYLINE_` and the key in
capitals, with lists and tables as JSON. A key that Byline does not know, or a value of the wrong kind, is an error that
names the nearest known one.

This page is written by `python -m docs.settings`.

| key | default | meaning |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    meanings = _meanings()
    defaults = Settings()
    rows = [f"| `{key}` | {_default(getattr(defaults, key))} | {meanings[key]} |" for key in settings.KEYS]
    return HEAD + "\n".join(rows) + "\n"


def _meanings() -> dict[str, str]:
    """Key → the docstring under its line; Python keeps none at run time."""
    tree = ast.parse(Path(settings.__file__).read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    found = {}
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(field.target, ast.Name):
            assert isinstance(text.value, ast.Constant)
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found


def _default(value: object) -> str:
    if value in ("", (), {}):
        return "none"
    return f"`{msgspec.json.encode(value).decode()}`"


if __name__ == "__main__":
    (HERE / "settings.md").write_text(page(), encoding="utf-8")
