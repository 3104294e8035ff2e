"""Progress: how far a long task is, and how long it will take."""

import datetime as dt
import sys
import time
from collections.abc import Iterator
from typing import Any

import click

PAUSE = 5
"""Seconds between two lines about progress where there is no terminal."""


def progress(items: Iterator[Any], count: int, doing: str) -> Iterator[Any]:
    """Hand on `items`, and tell how far it is and how long it will take: by a bar, or every few seconds by a line."""
    if sys.stderr.isatty():
        with click.progressbar(items, count, doing, file=sys.stderr) as bar:
            yield from bar
        return
    started = told = time.monotonic()
    for done, item in enumerate(items, 1):
        now = time.monotonic()
        if now - told > PAUSE and done < count:
            left = dt.timedelta(seconds=round((now - started) / done * (count - done)))
            click.echo(f"{doing}: {done:,} of {count:,}, about {left} left", err=True)
            told = now
        yield item
