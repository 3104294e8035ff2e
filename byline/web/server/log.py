"""The access log: a WSGI layer around the server's application that names requests and writes a line of JSON for each.

The name comes from the proxy's `X-Request-Id`, or is new. It is sent back to the client, and appears in what the
program itself logs while it answers.
"""

import contextlib
import contextvars
import datetime as dt
import functools
import itertools
import logging
import os
import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current = contextvars.ContextVar("request", default="")
_encode = msgspec.json.Encoder().encode


class AccessLog:
    """`app`, with a line for each of its answers in the file that is open as `out`."""

    def __init__(self, app: "WSGIApplication", out: int = 1) -> None:
        self._app = app
        self._out = out
        self._prefix = os.urandom(6).hex()  # of this worker
        self._numbers = itertools.count(1)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        name = given if _NAME.fullmatch(given) else f"{self._prefix}-{next(self._numbers):x}"
        token = _current.set(name)
        answer = ["500", 0]

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            answer[:] = [status[:3], next((value for key, value in headers if key == "Content-Length"), 0)]
            return start_response(status, [*headers, ("X-Request-Id", name)], error)

        try:
            return self._app(environ, start)
        finally:
            _current.reset(token)
            self._write(name, environ, answer, time.perf_counter() - began)

    def _write(self, name: str, environ: "WSGIEnvironment", answer: list[Any], seconds: float) -> None:
        line = {
            "time": _now(),
            "level": "info",
            "request": name,
            "method": environ["REQUEST_METHOD"],
            "client": environ.get("REMOTE_ADDR", ""),
            "path": _text(environ.get("PATH_INFO", "")),
            "query": _text(environ.get("QUERY_STRING", "")),
            "status": int(answer[0]),
            "bytes": int(answer[1]),
            "ms": round(seconds * 1000, 2),
        }
        with contextlib.suppress(OSError):  # a log that cannot be written is no reason to fail a reader
            os.write(self._out, _encode(line) + b"\n")  # one write per line, so lines of threads and workers do not mix


class JsonLines(logging.Formatter):
    """Formats what the program logs as lines of the same form."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _now(),
            "level": record.levelname.lower(),
            "request": _current.get(),
            "message": super().format(record),
        }
        return _encode(line).decode()


def log_as_json() -> None:
    """Send everything that this process logs to standard error as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO)  # unless the app has set up a log of its own


def _now() -> str:
    moment = time.time()
    return f"{_second(int(moment))}.{int(moment % 1 * 1000):03}Z"


@functools.lru_cache(maxsize=2)
def _second(moment: int) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _text(value: str) -> str:
    """Decode WSGI's text, in which each character is a byte."""
    return value if value.isascii() else value.encode("latin-1", "replace").decode("utf-8", "replace")
