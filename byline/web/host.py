"""The host: what the Flask app around a site adds to its pages, and the app's own addresses.

Pages are the same for everyone and are frozen, so what the app adds is asked for outside of any request.
"""

import contextvars
import functools
import io
import logging
import os
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, unquote, urlsplit

import jinja2
from flask import Flask, request
from flask.templating import _default_template_ctx_processor
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from byline.problems import SiteError
from byline.settings.settings import Settings
from byline.storage.fingerprint import fingerprint
from byline.urls import SAFE, quoted

Value = TypeVar("Value")

_OF_REQUESTS = ("request", "session", "g", "config", "get_flashed_messages")
"""What Flask gives to templates that a page without a request cannot have, or whose changes nobody would see."""


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def tag(self) -> str:
        return self.headers.get("ETag", "").strip('"')


class Host:
    """The app that the site with these `settings` is part of, as the blueprint `name`.

    `generators` give the values for the arguments of the app's own pages, by endpoint.
    """

    def __init__(
        self, app: Flask, settings: Settings, name: str, generators: Mapping[str, Callable[[], Iterable[Any]]]
    ) -> None:
        self._app = app
        self.name = name
        self._generators = generators
        parts = urlsplit(settings.url)
        self._scheme, self._netloc = parts.scheme, parts.netloc
        self._mount = quoted(unquote(parts.path)).rstrip("/")
        self.left_out: dict[str, str] = {}

    def _is_byline(self, endpoint: str) -> bool:
        return endpoint.partition(".")[0] in self._app.extensions["byline"]

    def template_folders(self, site: Path) -> tuple[Path, ...]:
        """The app's own templates, if the `site` has another folder."""
        folder = self._app.template_folder
        app = Path(self._app.root_path)
        return (app / folder,) if folder and app.resolve() != site.resolve() else ()

    @property
    def filters(self) -> dict[str, Callable[..., Any]]:
        return _added(self._app.jinja_env.filters, _ordinary().filters)

    @property
    def tests(self) -> dict[str, Callable[..., Any]]:
        return _added(self._app.jinja_env.tests, _ordinary().tests)

    @property
    def globals(self) -> dict[str, Any]:
        """The app's own, `url_for`, and what says that it is not there."""
        added = _added(self._app.jinja_env.globals, _ordinary().globals)
        return {name: _Absent(name) for name in _OF_REQUESTS} | {"url_for": self.url_for} | added

    @property
    def digest(self) -> str:
        """Of the globals that the app adds; of an object that may change, only its kind can be known."""
        marks = []
        for key, value in sorted(_added(self._app.jinja_env.globals, _ordinary().globals).items()):
            try:
                marks.append((key, mark("", key, value)))
            except SiteError:
                marks.append((key, f"{type(value).__module__}.{type(value).__qualname__}"))
        return fingerprint(tuple(marks))

    @property
    def root(self) -> Path:
        """The app's folder."""
        return Path(self._app.root_path)

    @property
    def names(self) -> list[str]:
        """What the app adds to templates, besides what Flask itself does."""
        added = {**self.filters, **self.tests, **self.globals}
        return sorted(set(added) - {*_OF_REQUESTS, "url_for"})

    def context(self) -> tuple[dict[str, Any], str]:
        """What the app's context processors give, and its fingerprint. Raises SiteError for what may change unseen."""
        given = self._app.template_context_processors.get(None, ())
        processors = [processor for processor in given if processor is not _default_template_ctx_processor]
        values: dict[str, Any] = {}
        marks: list[tuple[str, str]] = []
        for processor in processors:
            name = f"{processor.__module__}.{getattr(processor, '__qualname__', processor)}"
            for key, value in self._asked(name, processor).items():
                values[key] = value
                marks.append((key, mark(name, key, value)))
        return values, fingerprint(tuple(sorted(marks))) if marks else ""

    def _asked(self, name: str, processor: Callable[[], Any]) -> Mapping[str, Any]:
        try:
            values = self.outside(processor)
        except Exception as error:  # of any kind: it is the owner's code
            reason = str(error).strip().split("\n")[0]
            raise SiteError(
                f"the context processor {name} failed: {type(error).__name__}: {reason};"
                " it runs without a request, since pages are the same for everyone"
            ) from error
        if not isinstance(values, dict):
            raise SiteError(f"the context processor {name} gives {type(values).__name__}, not a dictionary")
        return values

    def outside(self, function: Callable[[], Value]) -> Value:
        """What `function` returns in the app's context, outside of any request; `url_for` works there."""

        def run() -> Value:
            context = self._app.app_context()
            context.url_adapter = self._app.url_map.bind(self._netloc, url_scheme=self._scheme)
            with context:
                return function()

        return contextvars.Context().run(run)

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Flask's `url_for`, without a request: a path, unless `_external` is set."""
        external = values.pop("_external", False)
        return self.outside(lambda: self._app.url_for(endpoint, _external=external, **values))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The app's own rules that answer GET."""
        rules = self._app.url_map.iter_rules()
        return tuple(
            rule
            for rule in rules
            if "GET" in (rule.methods or ()) and rule.endpoint != "static" and not self._is_byline(rule.endpoint)
        )

    @property
    def is_alone(self) -> bool:
        """Whether the app has no other pages or static files than those of this site."""
        return not self.rules and not self._has_static and len(self._app.extensions["byline"]) == 1

    @property
    def _has_static(self) -> bool:
        """Whether the app has static files that are not the site's."""
        view = self._app.view_functions.get("static")
        return bool(self._app.static_folder and view and not getattr(view, "is_whole", False))

    def answers(self, path: str) -> bool:
        """Whether this site answers a GET of `path`, as WSGI has it."""
        try:
            endpoint = self._app.url_map.bind("").match(path.encode("latin-1").decode("utf-8", "replace"))[0]
        except HTTPException:
            return False
        return self.owns(endpoint)

    def owns(self, endpoint: str) -> bool:
        """Whether the endpoint is one of this site's."""
        view = self._app.view_functions.get(endpoint)
        return endpoint.startswith(f"{self.name}.") or getattr(view, "byline", "") == self.name

    def urls(self) -> tuple[str, ...]:
        """The addresses of the app's own pages: of rules without arguments, and those that generators give."""
        urls: dict[str, None] = dict.fromkeys(self._static_urls())
        for rule in self.rules:
            if not _needed(rule):
                urls[quote(rule.rule, safe=SAFE)] = None
        for endpoint, generator in self._generators.items():
            if endpoint in self._app.view_functions:  # one extension may serve several apps
                urls |= dict.fromkeys(self._generated(endpoint, generator))
        inside = f"{self._mount}/"
        reason = f"is not below {inside}, where the site will live"
        self.left_out = {url: reason for url in urls if not url.startswith(inside)}
        return tuple(url for url in urls if url.startswith(inside))

    def _generated(self, endpoint: str, generator: Callable[[], Iterable[Any]]) -> Iterator[str]:
        try:
            for values in self.outside(lambda: list(generator())):
                yield quote(self.url_for(endpoint, **values), safe=f"{SAFE}%")
        except Exception as error:  # of any kind: it is the owner's code
            raise SiteError(f"byline.urls({endpoint!r}): {type(error).__name__}: {error}") from error

    def _static_urls(self) -> Iterator[str]:
        """The app's own static files, where they are not the site's."""
        folder = self._app.static_folder
        if folder and self._has_static:
            for here, folders, names in os.walk(folder):
                folders.sort()
                for name in sorted(names):
                    filename = Path(here, name).relative_to(folder).as_posix()
                    yield self.url_for("static", filename=filename)

    def ask(self, url: str, tag: str = "") -> Reply:
        """GET `url`, whose `tag` may be known, from the app itself: no client, no cookies, a third of the time."""
        status, headers, body = self._answer(url, tag)
        try:
            whole = io.BytesIO()  # a list of the pieces of a large file would hold it twice
            whole.writelines(body)
            return Reply(status, headers, whole.getvalue())
        finally:
            if hasattr(body, "close"):
                body.close()

    def _answer(self, url: str, tag: str) -> tuple[int, dict[str, str], Any]:
        name, _, port = self._netloc.partition(":")
        path, _, query = url.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": name,
            "SERVER_PORT": port or ("443" if self._scheme == "https" else "80"),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._netloc,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if tag:
            environ["HTTP_IF_NONE_MATCH"] = f'"{tag}"'
        answer: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
            answer[:] = [int(status[:3]), dict(headers)]
            return lambda _data: None

        try:
            body = self._app.wsgi_app(environ, start)
        except Exception as error:  # of any kind, where the app lets it through, as in debug mode
            return 500, {}, [f"{type(error).__name__}: {error}".encode()]
        return answer[0], answer[1], body

    def is_listed(self, url: str) -> bool:
        """Whether search engines may list the app's own page at `url`: it is there, and HTML. Its body is not read."""
        status, headers, body = self._answer(url, "")
        if hasattr(body, "close"):
            body.close()
        return status == 200 and headers.get("Content-Type", "").startswith("text/html")

    def limit_hooks(self) -> None:
        """Let the app's `before_request` and `after_request` act on its own pages alone, and say so once."""
        names: list[str] = []
        for kind, functions in (
            ("before_request", self._app.before_request_funcs.get(None, [])),
            ("after_request", self._app.after_request_funcs.get(None, [])),
        ):
            for at, function in enumerate(functions):
                if not function.__module__.startswith("byline."):
                    names.append(f"{kind} {function.__module__}.{getattr(function, '__qualname__', function)}")
                    functions[at] = _limited(function, self._is_byline)
        if names:
            logging.getLogger("byline").warning(
                "%s: only for the app's own pages; those of Byline are the same for everyone", ", ".join(names)
            )

    def uncovered(self) -> list[Rule]:
        """The rules with arguments for which no generator gives values."""
        return [rule for rule in self.rules if _needed(rule) and rule.endpoint not in self._generators]


class _Absent:
    """Stands where Flask has something of a request; using it says why it is not there."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def _refuse(self, *_: object, **__: object) -> Any:
        name = object.__getattribute__(self, "_name")
        raise jinja2.UndefinedError(
            f"`{name}` is not there: pages are the same for everyone, and are frozen. Give what you need with a context"
            " processor, or show it with a script"
        )

    __getattr__ = __getitem__ = __str__ = __html__ = __call__ = __iter__ = __bool__ = __len__ = __eq__ = _refuse
    __hash__ = None  # type: ignore[assignment]


@functools.cache
def _ordinary() -> jinja2.Environment:
    """The environment of an app to which nothing was added."""
    return Flask("ordinary").jinja_env


def _limited(function: Any, is_byline: Callable[[str], bool]) -> Any:
    @functools.wraps(function)
    def limited(*response: Any) -> Any:
        if request.endpoint and is_byline(request.endpoint):
            return response[0] if response else None
        return function(*response)

    return limited


def _needed(rule: Rule) -> set[str]:
    """The arguments of a rule that its address needs."""
    return rule.arguments - set(rule.defaults or ())


def _added(given: Mapping[str, Any], ordinary: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in given.items()
        if name not in (*_OF_REQUESTS, "url_for") and ordinary.get(name, given) is not value
    }


def mark(processor: str, key: str, value: Any) -> str:
    """What stands for `value` in fingerprints. A function is code, which the digest of the site's sources covers, and
    what it holds."""
    if isinstance(value, types.FunctionType):
        held = [*(cell.cell_contents for cell in value.__closure__ or ()), *(value.__defaults__ or ())]
        inner = tuple(mark(processor, key, item) for item in held)
        return fingerprint(f"{value.__module__}.{value.__qualname__}", *inner)
    try:
        return fingerprint(value)
    except TypeError:
        kind = type(value).__name__
        raise SiteError(
            f"the context processor {processor} gives `{key}`, a {kind}, which can change while pages are made;"
            " give a number, a text, a date, a tuple or a MappingProxyType of these"
        ) from None
