"""`flask new`: a file for a new post, with its header filled in from an archetype."""

import json
import re
from pathlib import Path
from string import Template

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.media.files import THEME
from byline.problems import SiteError
from byline.urls import slug_fault, slug_of
from byline.web.app import live_of
from byline.web.live import LiveSite

ARCHETYPE = "archetypes/post.md"
_PLAIN = re.compile(r"[^\W_](?:[\w .+'’!?&/()–—-]*[\w.+’!?)])?")
"""What YAML and Byline's lists read as one text without quotation marks."""


@click.command("new")
@click.argument("title")
@click.option("--author", "authors", multiple=True, metavar="SLUG", help="Who wrote it; may be given several times.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="What it is about; may be given several times.")
@click.option("--draft", is_flag=True, help="Keep it unpublished.")
@click.option("--edit", is_flag=True, help="Open it in $EDITOR.")
@with_appcontext
def new_command(title: str, authors: tuple[str, ...], tags: tuple[str, ...], draft: bool, edit: bool) -> None:
    """Write a file for a new post called TITLE, and print its path and its address."""
    live = live_of(current_app)
    settings = live.settings
    now = live.clock().astimezone(settings.zone).replace(second=0, microsecond=0)
    slug = slug_of(title, settings)
    fault = slug_fault(slug, title)
    if fault:
        raise click.UsageError(fault)
    posts = live.tree.dialect.posts[0]
    url = live.urls.article(live.urls.permalink, {"slug": slug}, now)
    path = f"{settings.content_root}{posts}/{now.year}/{slug}.md"
    _refuse_taken(live, url, path)
    values = {
        "title": _quoted(" ".join(title.split())),
        "date": f"{now:%Y-%m-%d %H:%M}",
        "authors": _list(authors),
        "tags": _list(tags),
        "draft": "true" if draft else "false",
    }
    _write(live.folder / path, _filled(_archetype(live.folder), values))
    click.echo(path)
    click.echo(live.urls.absolute(url) if settings.has_real_url else url)  # the writer's server may use any port
    if edit:
        click.edit(filename=str(live.folder / path))


def _refuse_taken(live: LiveSite, url: str, path: str) -> None:
    """Refuse to take a file or an address from another post."""
    with live.fixed(live.clock(), drafts=True) as snapshot:
        other = snapshot.site.by_url.get(url)
    if other or (live.folder / path).exists():
        raise SiteError(f"{url} is already the address of {other.path if other else path}; choose another title")


def _archetype(folder: Path) -> str:
    """The site's own archetype, or else the theme's."""
    own = folder / ARCHETYPE
    try:
        return (own if own.exists() else THEME / ARCHETYPE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{ARCHETYPE}: {error}; save it as UTF-8, or delete it to use the theme's") from None


def _filled(archetype: str, values: dict[str, str]) -> str:
    """The archetype with its `$names` filled in. A key without a value stays, for its writer to fill in."""
    return re.sub(r"[ \t]+$", "", Template(archetype).safe_substitute(values), flags=re.MULTILINE)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _list(items: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, items))}]" if items else ""


def _quoted(text: str) -> str:
    """`text` in double quotes unless it is plain; a JSON string is a YAML one."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
