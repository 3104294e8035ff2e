"""Write settings.md beside this file from the settings' own definitions: `python -m docs.settings`."""

from pathlib import Path

import msgspec

from byline.settings.settings import KEYS, Settings, meaning_of

HERE = Path(__file__).parent
HEAD = """# Settings

They go into `site.toml`; all are optional. An environment variable overrides each: `BYLINE_` and the key in capitals,
with lists and tables as JSON. A value of the wrong kind is an error. So is an unknown key, and the message names the
nearest known one; an unknown environment variable is only a warning.

`python -m docs.settings` writes this page.

| key | default | meaning |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    defaults = Settings()
    rows = [f"| `{key}` | {_default(getattr(defaults, key))} | {meaning_of(key)} |" for key in KEYS]
    return HEAD + "\n".join(rows) + "\n"


def _default(value: object) -> str:
    if value in ("", (), {}):
        return "none"
    return f"`{msgspec.json.encode(value).decode()}`"


if __name__ == "__main__":
    (HERE / "settings.md").write_text(page(), encoding="utf-8")
