"""Writes settings.md beside this file from the settings' own definitions: `python -m docs.settings`."""

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
    defaults = Settings()
    rows = [f"| `{key}` | {_default(getattr(defaults, key))} | {settings.meaning_of(key)} |" for key in settings.KEYS]
    return HEAD + "\n".join(rows) + "\n"


def _default(value: object) -> str:
    if value in ("", (), {}):
        return "none"
    return f"`{msgspec.json.encode(value).decode()}`"


if __name__ == "__main__":
    (HERE / "settings.md").write_text(page(), encoding="utf-8")
