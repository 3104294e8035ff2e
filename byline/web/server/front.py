"""The production server's application: the app behind a cache and a log, with its content loaded."""

import gc
import logging
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from byline.problems import SiteError
from byline.web.live import LiveSite
from byline.web.server.cache import PageCache
from byline.web.server.log import AccessLog, log_as_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Front:
    """What answers requests to `app`. For a server this is the app behind a cache and a log, with its content loaded;
    a person's dev server, a test and the freezer get the app itself."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._sites: Mapping[str, LiveSite] = app.extensions["byline"]
        self._inner = app.wsgi_app
        self._is_bare = getattr(app.wsgi_app, "__func__", None) is type(app).wsgi_app
        self._lock = threading.Lock()
        self._served: WSGIApplication | None = None
        self._is_begun = False

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not self._is_begun:
            self._begin()
        if self._app.debug or not _is_served(environ):
            return self._inner(environ, start_response)
        if self._served is None:
            with self._lock:
                self._served = self._served or self._prepared()
        return self._served(environ, start_response)

    def _begin(self) -> None:
        with self._lock:
            if not self._is_begun:
                for live in self._sites.values():
                    live.host.limit_hooks()
                self._is_begun = True

    def _prepared(self) -> "WSGIApplication":
        """The app ready to answer; if a site of it cannot be loaded, one that says so."""
        log_as_json()
        logger = logging.getLogger("byline")
        served: WSGIApplication = self._inner
        proxies = 0
        for live in self._sites.values():
            try:
                snapshot = live.snapshot()
            except Exception as error:  # of any kind: the next request would only meet it again
                served = below(live.urls.base, out_of_order(error), served)
                continue
            if not live.store.is_persistent:
                logger.warning("the cache folder cannot be written, so what is not in it is made again at each start")
            logger.info("%s", live.engine)
            for problem in snapshot.site.errors:
                logger.error("left out: %s", problem)
            proxies = max(proxies, live.settings.trusted_proxies)
            if self._is_bare:
                served = PageCache(served, live)
        if not self._is_bare:
            logger.warning(
                "a WSGI layer was put around the app before Byline, so no page is cached: put it around after"
            )
        gc.freeze()  # a collection during a request must not walk the whole site
        logged = AccessLog(served)
        # Proxies are trusted only about where a request came from; host and scheme come from the settings.
        return ProxyFix(logged, x_for=proxies, x_proto=0) if proxies else logged


def _is_served(environ: "WSGIEnvironment") -> bool:
    """Whether a request comes from a server, and not from `flask run`, a test or the freezer."""
    software = environ.get("SERVER_SOFTWARE", "")
    return bool(software and not software.startswith("Werkzeug/")) or "uwsgi.version" in environ


def below(base: str, broken: "WSGIApplication", others: "WSGIApplication") -> "WSGIApplication":
    """`broken` for what is at or below `base`, and the other pages of the app for the rest."""
    start = unquote(base)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        is_inside = f"{path}/".startswith(f"{start}/")
        return (broken if is_inside else others)(environ, start_response)

    return answer


def out_of_order(error: Exception) -> "WSGIApplication":
    """Answers 503 to everyone; the log says why. A worker that exited instead would take the whole server down."""
    unexpected = error.__cause__ if isinstance(error, SiteError) else error
    logging.getLogger("byline").error("the site cannot be loaded; fix it, then reload: %s", error, exc_info=unexpected)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        headers = {"Cache-Control": "no-store", "Retry-After": "60"}
        text = "This site cannot be shown just now.\n"
        return Response(text, 503, headers, content_type="text/plain; charset=utf-8")(environ, start_response)

    return AccessLog(answer)
