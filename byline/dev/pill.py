"""The pill on each page of a dev server: how much is wrong with it, and a switch to what its readers see."""

from collections.abc import Mapping
from urllib.parse import unquote

from flask import Flask, Response, request

from byline.dev.report import Report
from byline.dev.watcher import Watcher
from byline.web.live import LiveSite


def add_pill(app: Flask, live: LiveSite, report: Report, watcher: Watcher) -> None:
    rules = f"{unquote(live.urls.base)}/-"

    @app.get(f"{rules}/here", endpoint=f"{live.host.name}.here")
    def here() -> Mapping[str, object]:
        count, is_own = report.count(request.args.get("url", ""))
        return {"problems": f"{count}{' here' if is_own else ''}" if count else "", "drafts": live.shows_drafts}

    @app.post(f"{rules}/view", endpoint=f"{live.host.name}.view")
    def view() -> Response:
        """Show the site as its readers see it, or with what is not published yet."""
        live.shows_drafts = not live.shows_drafts
        watcher.turn()
        return Response(status=204)
