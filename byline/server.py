"""The production server's application: the app behind a cache and a log, with its content loaded."""

import gc
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from byline.accesslog import AccessLog, log_as_json
from byline.pagecache import PageCache
from byline.web import newsroom_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def prepared(app: Flask) -> "WSGIApplication":
    """`app` ready to answer: nothing is left for the first reader to wait for. Raises SiteError."""
    log_as_json()
    newsroom = newsroom_of(app)
    if not newsroom.store.is_persistent:
        app.logger.warning("the cache folder cannot be written, so what is not in it is made anew at each start")
    newsroom.snapshot()
    gc.freeze()  # a collection during a request must not walk the whole site
    logged = AccessLog(PageCache(app.wsgi_app, newsroom))
    proxies = newsroom.settings.trusted_proxies
    # Only where a request came from is taken from them: host and scheme are those of the settings.
    return ProxyFix(logged, x_for=proxies, x_proto=0) if proxies else logged
