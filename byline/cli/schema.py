"""`flask schema`: the front matter of posts as a JSON Schema, for editors and other programs."""

import json
from typing import Any

import click

from byline.frontmatter.keys import POST_KEYS

TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
"""Byline reads what YAML takes for a number or a truth value as the text that was typed."""
TEXTS: dict[str, Any] = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
FLAG: dict[str, Any] = {"enum": [True, False, "true", "false", "yes", "no", "on", "off", 1, 0]}
DATE: dict[str, Any] = {"type": "string", "examples": ["2025-04-03", "2025-04-03 10:00", "2025-04-03T10:00:00+02:00"]}


def table(required: str, *others: str, **special: dict[str, Any]) -> dict[str, Any]:
    parts = dict.fromkeys((required, *others), TEXT) | special
    return {"type": "object", "properties": parts, "required": [required]}


KEYS: dict[str, tuple[str, dict[str, Any]]] = {
    "title": ("The headline.", TEXT),
    "dek": ("The line under the headline.", TEXT),
    "date": ("When it is published; a date alone is that day in the site's time zone.", DATE),
    "updated": ("When it last changed in earnest.", DATE),
    "expires": ("When it goes.", DATE),
    "draft": ("Whether it is shown to its writers only.", FLAG),
    "slug": ("The last part of its address.", TEXT),
    "aliases": ("Old addresses that lead here.", TEXTS),
    "authors": ("Slugs or names of those who wrote it.", TEXTS),
    "tags": ("What it is about.", TEXTS),
    "category": ("The section that it stands in.", TEXTS),
    "summary": ("What lists and search engines show of it.", TEXT),
    "cover": ("Its picture.", {"anyOf": [TEXT, table("src", "alt", "caption", "credit")]}),
    "series": ("The series that it is a part of.", {"anyOf": [TEXT, table("name", part={"type": "integer"})]}),
    "pinned": ("Whether it stays on top of the index.", FLAG),
    "id": ("Its name in feeds; by default its first address.", TEXT),
    "canonical": ("Where it first appeared.", {"type": "string", "pattern": "^https?://"}),
    "toc": ("Whether it has a table of contents.", FLAG),
    "lang": ("Its language, where that is not the site's.", TEXT),
    "template": ("The template that shows it.", TEXT),
    "corrections": ("What was wrong, and when it was put right.", {"type": "array", "items": table("date", "text")}),
}


def schema() -> dict[str, Any]:
    """Of the keys as they are listed, and of their other names, marked as such. Further keys are allowed."""
    properties: dict[str, Any] = {}
    for key, (meaning, kind) in KEYS.items():
        properties[key] = {"description": meaning} | kind
        for name in POST_KEYS[key]:
            if "." not in name:  # `date.created` is a part of a table
                properties[name] = {"description": f"Another name of `{key}`.", "deprecated": True} | kind
    titles = [{"required": [name]} for name in ("title", *POST_KEYS["title"])]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a post",
        "type": "object",
        "properties": properties,
        "anyOf": titles,
    }


def as_text() -> str:
    return json.dumps(schema(), indent=2) + "\n"


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the front matter."""
    click.echo(as_text(), nl=False)
