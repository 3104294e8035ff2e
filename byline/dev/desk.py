"""The desk: what is not published yet, and what is wrong, at `/-/desk`; and errors as a page."""

from pathlib import Path
from urllib.parse import unquote

from flask import Flask, Response, render_template_string

from byline.check.command import everything
from byline.dev.reload import add_reload
from byline.errors import SiteError
from byline.newsroom import Newsroom

TEMPLATE = (Path(__file__).parent / "desk.html").read_text(encoding="utf-8")


def add_desk(app: Flask, newsroom: Newsroom) -> None:
    """Give a development app its desk, its error pages and live reload."""
    base = newsroom.settings.base_path

    @app.get(f"{unquote(base)}/-/desk", endpoint="desk")
    def desk() -> str:
        snapshot = newsroom.snapshot()
        return render_template_string(
            TEMPLATE,
            base=base,
            site_title=newsroom.settings.title,
            zone=newsroom.settings.zone,
            urls={post.path: post.url for post in snapshot.site.posts},
            title="The desk",
            message="",
            unpublished=snapshot.site.unpublished,
            problems=everything(newsroom, snapshot),
        )

    @app.errorhandler(SiteError)
    def failed(error: SiteError) -> Response:
        text = render_template_string(
            TEMPLATE, base=base, site_title=newsroom.settings.title, title="This page has an error", message=str(error)
        )
        return Response(text, 500)

    add_reload(app, newsroom)
