"""The web: Flask's side of the site. Requests come in here, views answer, and the answers leave through one door."""

import contextlib
import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote

import click
from flask import Config, Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound, RequestURITooLarge
from werkzeug.http import parse_etags
from werkzeug.routing import MapAdapter
from werkzeug.serving import is_running_from_reloader

from byline import __version__, settings
from byline.markdown import python
from byline.markdown.engines import Engine, engine_of
from byline.problems import Problem, SiteError
from byline.settings import Settings
from byline.site import Site
from byline.urls import quoted
from byline.web import views
from byline.web.headers import MAX_ADDRESS, headers_of
from byline.web.live import LiveSite, Snapshot
from byline.web.responses import Answer, RedirectAnswer, respond, tag_of
from byline.web.routes import Route, routes_of
from byline.web.templates import Outdated

METHODS = ("GET", "HEAD")
ATTEMPTS = 3
"""How many times a request is tried when files change while it is answered."""


def add_routes(app: Flask, live: LiveSite) -> None:
    """Give `app` every URL of the site."""
    app.extensions["byline"] = live
    if live.engine.is_custom:
        live.tree.render_with(app)
    # Werkzeug's own redirects repeat the client's Host header, and would hide an alias.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    base = unquote(live.urls.base)
    for name, route in _routes_by_name(live.settings).items():
        view = _view(route, live)
        app.add_url_rule(base + route.rule, name, view, methods=METHODS, provide_automatic_options=False)
    health = f"{base}/healthz"
    app.add_url_rule(health, "healthz", lambda: _health(live), methods=METHODS, provide_automatic_options=False)
    app.before_request(_refuse_long)
    app.after_request(lambda response: _guarded(app, live, response))
    app.register_error_handler(NotFound, lambda _error: _answered(live, lambda _snapshot: None))
    app.register_error_handler(SiteError, lambda error: _failed(app, live, error))


@functools.lru_cache(maxsize=8)
def _routes_by_name(settings: Settings) -> Mapping[str, Route]:
    """Each rule is its own endpoint, because several may share a view."""
    return {route.rule: route for route in routes_of(settings)}


def read_settings(folder: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of the site in `folder`, with `BYLINE_*` from the environment, and warnings. Raises SiteError."""
    try:
        text = (folder / settings.FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{settings.FILE_NAME}: {error}") from None
    environment = Config(folder)
    environment.from_prefixed_env(settings.PREFIX, loads=str)
    return settings.parse(text, {key.lower(): value for key, value in environment.items()})


def read_engine(app: Flask, settings: Settings) -> Engine:
    """What reads Markdown, by settings and the config of `app`. `flask run` says what, and why. Raises SiteError."""
    engine = engine_of(settings.markdown, app.config)
    if engine.name == "python" and not engine.is_custom:
        python.check(engine)
    command = click.get_current_context(silent=True)
    if command and command.info_name == "run" and not is_running_from_reloader():
        click.echo(f" * {engine}", err=True)
    return engine


def live_of(app: Flask) -> LiveSite:
    live = app.extensions["byline"]
    assert isinstance(live, LiveSite)
    return live


def requested_url() -> str:
    """The path of the request in the form of Byline's URLs: percent-encoded, in NFC, without the query."""
    return quoted(request.path)


def _view(route: Route, live: LiveSite) -> Callable[..., Response]:
    def view(**parts: object) -> Response:
        url = requested_url()
        if route.rule.endswith("/") and not url.endswith("/"):
            url += "/"
        query = request.args.get("q", "").strip() if route.view is views.search else ""

        def answer(snapshot: Snapshot) -> Answer | None:
            if query:
                return views.search(snapshot.site, live.search.find(snapshot.site, query))
            return _answer_of(route, snapshot.site, url, parts)

        return _answered(live, answer)

    return view


def _answer_of(route: Route, site: Site, url: str, parts: Mapping[str, object]) -> Answer | None:
    """What the view of `route` answers at `url`. `/page/02/` and the like get None, because one page has one URL."""
    answer = route.view(site, **({"path": url} if route.takes_path else parts))
    return answer if answer and answer.url == url else None


def tag_at(app: Flask, snapshot: Snapshot, url: str) -> str:
    """The tag of the 200 that `app` would answer to a GET of `url`, from the same view, at a third of the cost.

    Empty if the answer would have none.
    """
    try:
        endpoint, parts = _map_of(app).match(unquote(url))
    except HTTPException:
        return ""
    route = _routes_by_name(snapshot.site.settings).get(endpoint)
    answer = views.file(snapshot.site, url) or (_answer_of(route, snapshot.site, url, parts) if route else None)
    return tag_of(snapshot, answer) if answer else ""


@functools.lru_cache(maxsize=1)
def _map_of(app: Flask) -> MapAdapter:
    return app.url_map.bind("localhost")


def _answered(live: LiveSite, answer: Callable[[Snapshot], Answer | None]) -> Response:
    """The response from the current snapshot, or from a new one if a file has changed since."""
    url = requested_url()
    known = parse_etags(request.headers.get("If-None-Match"))
    for _ in range(ATTEMPTS):
        snapshot = live.snapshot()
        site = snapshot.site
        chosen = views.at_root(site, url) or answer(snapshot) or views.moved(site, url) or views.not_found(site)
        if chosen.url == f"{url}/" and not isinstance(chosen, RedirectAnswer):
            return _slashed(chosen.url)
        try:
            return respond(live, snapshot, chosen, known, request.args.get("v", ""))
        except Outdated:
            live.refresh()
    raise SiteError(f"{request.path}: its files keep changing while they are read")


def _refuse_long() -> None:
    if len(request.path) + len(request.query_string) > MAX_ADDRESS:
        raise RequestURITooLarge


def _guarded(app: Flask, live: LiveSite, response: Response) -> Response:
    """`response` with the headers that every answer has."""
    headers = headers_of(quoted(request.path), live.urls, in_development=app.debug and live.is_live)
    response.headers.update(headers)
    return response


def _health(live: LiveSite) -> Response:
    """Whether the content is loaded, and which; 503 if it cannot be."""
    state: dict[str, object] = {"status": "error", "version": __version__}
    with contextlib.suppress(SiteError):
        snapshot = live.snapshot()
        state |= {
            "status": "ok",
            "content": snapshot.digest,
            "posts": len(snapshot.site.posts),
            "problems": len(snapshot.site.problems),
            "errors": len(snapshot.site.errors),
        }
    status = 200 if state["status"] == "ok" else 503
    text = json.dumps(state) + "\n"
    return Response(text, status, content_type="application/json", headers={"Cache-Control": "no-store"})


def _failed(app: Flask, live: LiveSite, error: Exception) -> Response:
    """Tell writers and the freezer what is wrong, and visitors only that something is."""
    if live.is_live:
        app.logger.error("%s", error)
    is_told = app.debug or not live.is_live
    return Response(
        f"{error}\n" if is_told else "This page cannot be shown.\n", 500, content_type="text/plain; charset=utf-8"
    )


def _slashed(url: str) -> Response:
    query = request.query_string.decode("latin-1")
    return Response(status=308, headers={"Location": f"{url}?{query}" if query else url})
