"""The web: Flask's side of the site. Requests come in here, views answer, and the answers leave through one door."""

import contextlib
import dataclasses
import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import click
from flask import Blueprint, Config, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, NotFound, RequestURITooLarge
from werkzeug.http import parse_etags
from werkzeug.routing import MapAdapter
from werkzeug.serving import is_running_from_reloader

from byline import __version__
from byline.markdown import python
from byline.markdown.engines import Engine, engine_of
from byline.problems import Problem, SiteError, Unloadable
from byline.redirects import joined
from byline.settings import file as settings_file
from byline.settings.settings import Settings
from byline.site import Site
from byline.urls import quoted
from byline.web import views
from byline.web.headers import MAX_ADDRESS, headers_of
from byline.web.live import LiveSite, Snapshot
from byline.web.ranges import Wanted
from byline.web.responses import Answer, RedirectAnswer, respond, tag_of
from byline.web.routes import Route, redirects_of, routes_of
from byline.web.templates import Outdated

NAME = "byline"
"""Of the extension, and of the blueprint of an app's first site."""
METHODS = ("GET", "HEAD")
ATTEMPTS = 3
"""How many times a request is tried when files change while it is answered."""


def add_routes(app: Flask, live: LiveSite, name: str = NAME) -> None:
    """Give `app` every URL of the site, as a blueprint called `name`."""
    sites = app.extensions.setdefault(NAME, {})
    if not sites:
        app.after_request(lambda response: _guarded(app, response))
        app.register_error_handler(SiteError, lambda error: _failed(app, error))
        if not live.urls.prefix and NotFound not in app.error_handler_spec[None][404]:
            app.register_error_handler(NotFound, lambda error: _missing(app, error))
    sites[name] = live
    if live.engine.is_custom:
        live.tree.render_with(app)
    base = unquote(live.urls.base)
    blueprint = Blueprint(name, __name__)
    blueprint.before_request(_refuse_long)
    # Werkzeug's own redirects repeat the client's Host header, and would hide an alias.
    options: dict[str, Any] = {"methods": METHODS, "provide_automatic_options": False}
    options |= {"strict_slashes": False, "merge_slashes": False}
    for endpoint, route in _routes_by_name(live.settings).items():
        blueprint.add_url_rule(base + route.rule, endpoint, _view(route, live), **options)
    blueprint.add_url_rule(f"{base}/healthz", "healthz", lambda: _health(live), **options)
    app.register_blueprint(blueprint)
    if not base and "static" in app.view_functions and app.static_url_path == "/static":  # where both want to answer
        is_whole = Path(app.static_folder or "").resolve() == (live.folder / "static").resolve()
        known = app.view_functions
        known["static"] = _both(known[f"{name}.static"], known["static"], name, is_whole=is_whole)


def _both(ours: Callable[..., Any], theirs: Callable[..., Any], name: str, *, is_whole: bool) -> Callable[..., Any]:
    """A view of static files: the site's, and the app's; `is_whole` says that they are in one folder."""

    def view(filename: str) -> Any:
        try:
            return ours(filename=filename)
        except NotFound:
            return theirs(filename=filename)

    view.byline, view.is_whole = name, is_whole  # type: ignore[attr-defined]
    return view


def site_at(app: Flask, path: str) -> LiveSite | None:
    """The site whose addresses `path` is among, if it is one of theirs."""
    sites = sorted(app.extensions[NAME].values(), key=lambda live: -len(live.urls.base))
    return next((live for live in sites if f"{quoted(path)}/".startswith(live.urls.home)), None)


@functools.lru_cache(maxsize=8)
def _routes_by_name(settings: Settings) -> Mapping[str, Route]:
    """Each rule is its own endpoint, because several may share a view."""
    return {route.endpoint: route for route in routes_of(settings)}


def read_settings(folder: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of the site in `folder`, with `BYLINE_*` from the environment, and warnings. Raises SiteError."""
    try:
        text = (folder / settings_file.FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{settings_file.FILE_NAME}: {error}") from None
    environment = Config(folder)
    environment.from_prefixed_env(settings_file.PREFIX, loads=str)
    return settings_file.parse(text, {key.lower(): value for key, value in environment.items()})


def read_engine(app: Flask, settings: Settings) -> Engine:
    """What reads Markdown, by settings and the config of `app`. `flask run` says what, and why. Raises SiteError."""
    engine = engine_of(settings.markdown, app.config)
    if engine.name == "python" and not engine.is_custom:
        python.check(engine)
    command = click.get_current_context(silent=True)
    if command and command.info_name == "run" and not is_running_from_reloader():
        click.echo(f" * {engine}", err=True)
    return engine


def live_of(app: Flask, name: str = NAME) -> LiveSite:
    """The site that `app` has as the blueprint `name`."""
    live = app.extensions[NAME][name]
    assert isinstance(live, LiveSite)
    return live


def requested_url() -> str:
    """The path of the request in the form of Byline's URLs: percent-encoded, in NFC, without the query."""
    return quoted(request.path)


def _view(route: Route, live: LiveSite) -> Callable[..., Response]:
    def view(**parts: object) -> Response:
        url = requested_url()
        query = request.args.get("q", "").strip() if route.view is views.search else ""

        def answer(snapshot: Snapshot) -> Answer | None:
            if query:
                site = snapshot.site.edition(route.language)
                return views.search(site, live.search_in(route.language).find(site, query))
            return _answer_of(route, snapshot.site, url, parts)

        return answered(live, answer)

    return view


def _answer_of(route: Route, site: Site, url: str, parts: Mapping[str, object]) -> Answer | None:
    """What the view of `route` answers at `url`, with or without its closing slash; `/page/02/` and the like get None,
    because one page has one URL."""
    site = site.edition(route.language)
    for form in (url, f"{url}/"):
        answer = route.view(site, **({"path": form} if route.takes_path else parts))
        if answer and answer.url == form:
            return answer
    return None


def tag_at(app: Flask, snapshot: Snapshot, url: str) -> str:
    """The tag of the 200 that `app` would answer to a GET of `url`, from the same view, at a third of the cost.

    Empty if the answer would have none.
    """
    answer = answer_at(app, snapshot, url).answer
    return tag_of(snapshot, answer, live_of(app).host.context()[1]) if answer else ""


class Found(NamedTuple):
    """What a URL leads to in an app: the endpoint, and the route and the answer if they are the site's."""

    endpoint: str = ""
    route: Route | None = None
    answer: Answer | None = None


def answer_at(app: Flask, snapshot: Snapshot, url: str) -> Found:
    """What `app` has at `url`. Redirects that only count where no view has an answer are not among it."""
    try:
        endpoint, parts = _map_of(app).match(unquote(url))
    except HTTPException:
        return Found()
    if not live_of(app).host.owns(endpoint):  # nobody knows what the app's own pages depend on
        return Found(endpoint)
    route = _routes_by_name(snapshot.site.settings).get(endpoint.removeprefix(f"{NAME}."))
    answer = views.file(snapshot.site, url) or (_answer_of(route, snapshot.site, url, parts) if route else None)
    return Found(endpoint, route, answer)


@functools.lru_cache(maxsize=1)
def _map_of(app: Flask) -> MapAdapter:
    return app.url_map.bind("localhost")


def answered(live: LiveSite, answer: Callable[[Snapshot], Answer | None]) -> Response:
    """The response from the current snapshot, or from a new one if a file has changed since. Raises NotFound."""
    url = requested_url()
    known = parse_etags(request.headers.get("If-None-Match"))
    wanted = Wanted()
    if request.method == "GET":
        wanted = Wanted(request.headers.get("Range", ""), request.headers.get("If-Range", ""))
    for _ in range(ATTEMPTS):
        snapshot = live.snapshot()
        chosen = _chosen(snapshot, url, answer)
        if chosen is None and (not live.urls.prefix or _handles_missing(current_app)):
            raise NotFound
        chosen = chosen or _not_found(snapshot.site, url)
        if chosen.url == f"{url}/" and not isinstance(chosen, RedirectAnswer):
            return _slashed(chosen.url)
        try:
            return respond(live, snapshot, chosen, known, request.args.get("v", ""), wanted)
        except Outdated:
            live.refresh()
    raise SiteError(f"{request.path}: its files keep changing while they are read")


def _chosen(snapshot: Snapshot, url: str, answer: Callable[[Snapshot], Answer | None]) -> Answer | None:
    """What a request gets: an old address that is told by its query comes first, any other one last."""
    site, query = snapshot.site, request.query_string.decode("latin-1")
    led = redirects_of(site).find_query(url, query) if query else None
    chosen = None if led else views.at_root(site, url) or answer(snapshot)
    if isinstance(chosen, RedirectAnswer):
        return dataclasses.replace(chosen, location=joined(chosen.target, query))
    if chosen is None:  # only now: to know where old addresses lead takes longer than a page
        led = led or redirects_of(site).find(url)
    return views.moved(site, led.redirect.source, led, query) if led else chosen


def _handles_missing(app: Flask) -> bool:
    """Whether the app has a handler of its own for what is missing."""
    spec = app.error_handler_spec[None]
    return bool(spec[404]) or HTTPException in spec[None] or Exception in spec[None]


def _refuse_long() -> None:
    if len(request.path) + len(request.query_string) > MAX_ADDRESS:
        raise RequestURITooLarge


def _missing(app: Flask, error: NotFound) -> Any:
    """The site's page for addresses that it does not have; what the app does itself with any error comes first."""
    handlers = app.error_handler_spec[None][None]
    own = next((handlers[kind] for kind in (HTTPException, Exception) if kind in handlers), None)
    if own:
        return own(error)
    live = site_at(app, request.path)
    return answered(live, lambda snapshot: _not_found(snapshot.site, requested_url())) if live else error


def _not_found(site: Site, url: str) -> Answer:
    """The page of what is missing, in the language of its address."""
    return views.not_found(site.edition(site.urls.language_at(url)))


def _guarded(app: Flask, response: Response) -> Response:
    """`response` with the headers that every answer of a site has; the app's own pages have theirs."""
    live = site_at(app, request.path)
    if live and request.endpoint and not live.host.owns(request.endpoint):
        live = None
    if live:
        here = f"{request.scheme}://{request.host}" if app.debug and live.is_live else ""
        headers = headers_of(quoted(request.path), live.urls, here)
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
            "posts": sum(len(edition.posts) for edition in snapshot.site.all_editions),
            "problems": len(snapshot.site.problems),
            "errors": len(snapshot.site.errors),
        }
    status = 200 if state["status"] == "ok" else 503
    text = json.dumps(state) + "\n"
    return Response(text, status, content_type="application/json", headers={"Cache-Control": "no-store"})


def _failed(app: Flask, error: SiteError) -> Response:
    """Tell writers and the freezer what is wrong, and visitors only that something is."""
    live = site_at(app, request.path)
    is_live = live is None or live.is_live
    if is_live:
        app.logger.error("%s", error, exc_info=error.__cause__ if isinstance(error, Unloadable) else None)
    text = f"{error}\n" if app.debug or not is_live else _sorry(live)
    later = isinstance(error, Unloadable)
    headers = {"Cache-Control": "no-store", **({"Retry-After": "60"} if later else {})}
    return Response(text, 503 if later else 500, headers, content_type="text/plain; charset=utf-8")


def _sorry(live: LiveSite | None) -> str:
    """What visitors read instead of a page with a fault, in the language of its address where that can be known."""
    with contextlib.suppress(SiteError):
        if live:
            code = live.urls.language_at(requested_url()) or live.settings.language
            return live.snapshot().templates.say(code, "failed") + "\n"
    return "This page cannot be shown.\n"


def _slashed(url: str) -> Response:
    query = request.query_string.decode("latin-1")
    return Response(status=308, headers={"Location": f"{url}?{query}" if query else url})
