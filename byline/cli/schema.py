"""`flask schema`: the front matter of posts as a JSON Schema, for editors and other programs."""

import json
from typing import Any

import click

from byline.frontmatter.headers import PostHeader
from byline.frontmatter.keys import keys_of


def schema() -> dict[str, Any]:
    """The schema of all keys, and of their other names, marked as deprecated. Further keys are allowed."""
    properties: dict[str, Any] = {}
    for name, key in keys_of(PostHeader).items():
        properties[name] = {"description": key.meaning} | key.kind.schema
        for other in key.also:
            if "." not in other:  # `date.created` is a part of a table
                properties[other] = {"description": f"Another name for `{name}`.", "deprecated": True} | key.kind.schema
    titles = [{"required": [name]} for name in ("title", *keys_of(PostHeader)["title"].also)]
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
