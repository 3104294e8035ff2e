"""The production server's application: the app behind a cache and a log, with its content loaded."""

import gc

from flask import Flask

from byline.accesslog import AccessLog, log_as_json
from byline.pagecache import PageCache
from byline.web import newsroom_of


def prepared(app: Flask) -> AccessLog:
    """`app` ready to answer: nothing is left for the first reader to wait for. Raises SiteError."""
    log_as_json()
    newsroom = newsroom_of(app)
    if not newsroom.store.is_persistent:
        app.logger.warning("the cache folder cannot be written, so what is not in it is made anew at each start")
    newsroom.snapshot()
    gc.freeze()  # a collection during a request must not walk the whole site
    return AccessLog(PageCache(app.wsgi_app, newsroom))
