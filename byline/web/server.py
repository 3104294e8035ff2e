"""The production server's application: the app behind a cache and a log, with its content loaded."""

import gc
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from byline.problems import SiteError
from byline.web.app import live_of
from byline.web.cache import PageCache
from byline.web.log import AccessLog, log_as_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def served(make: Callable[[], Flask]) -> "WSGIApplication":
    """The app that `make` makes, ready to answer; if it cannot be loaded, one that says so."""
    try:
        return prepared(make())
    except Exception as error:  # of any kind: a worker that exits would be restarted, and exit again, for ever
        return out_of_order(error)


def prepared(app: Flask) -> "WSGIApplication":
    """`app` ready to answer: nothing is left for the first reader to wait for. Raises SiteError."""
    log_as_json()
    live = live_of(app)
    if not live.store.is_persistent:
        app.logger.warning("the cache folder cannot be written, so what is not in it is made again at each start")
    logging.getLogger("byline").info("%s", live.engine)
    for problem in live.snapshot().site.errors:
        app.logger.error("left out: %s", problem)
    gc.freeze()  # a collection during a request must not walk the whole site
    logged = AccessLog(PageCache(app.wsgi_app, live))
    proxies = live.settings.trusted_proxies
    # Proxies are trusted only about where a request came from; host and scheme come from the settings.
    return ProxyFix(logged, x_for=proxies, x_proto=0) if proxies else logged


def out_of_order(error: Exception) -> "WSGIApplication":
    """Answers 503 to everyone; the log says why. A worker that exited instead would take the whole server down."""
    log_as_json()
    unexpected = None if isinstance(error, SiteError) else error
    logging.getLogger("byline").error("the site cannot be loaded; fix it, then reload: %s", error, exc_info=unexpected)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        headers = {"Cache-Control": "no-store", "Retry-After": "60"}
        text = "This site cannot be shown just now.\n"
        return Response(text, 503, headers, content_type="text/plain; charset=utf-8")(environ, start_response)

    return AccessLog(answer)
