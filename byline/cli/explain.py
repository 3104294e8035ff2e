"""`flask explain`: what made the page at an address."""

import sys
import textwrap

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.check.explanation import Explanation, explain
from byline.web.app import live_of

LABEL = 14
"""Characters of the column of labels."""
WIDTH = 120


@click.command("explain")
@click.argument("url")
@with_appcontext
def explain_command(url: str) -> None:
    """Say which file, template, settings and rules made the page at URL, its tag, and why it was written last time."""
    explanation = explain(current_app, live_of(current_app), url)
    click.echo(_told(explanation))
    if not explanation.is_there:
        sys.exit(1)


def _told(explanation: Explanation) -> str:
    lines, last = [explanation.title], ""
    for label, text in explanation.lines:
        shown = "" if label == last else label
        wrapped = textwrap.wrap(text, WIDTH - LABEL, break_long_words=False, break_on_hyphens=False)
        lines += [
            f"  {part:<{LABEL}}{line}" for part, line in zip([shown, *[""] * len(wrapped)], wrapped, strict=False)
        ]
        last = label
    return "\n".join(lines)
