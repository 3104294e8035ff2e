"""The desk at `/-/desk`: drafts, the schedule, problems by file, and what the next freeze would change."""

import contextlib
import ipaddress
import itertools
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, render_template_string, request
from markupsafe import Markup

from byline.dev.faults import faults_of
from byline.dev.pill import add_pill
from byline.dev.reload import add_reload
from byline.dev.report import Report
from byline.dev.terminal import quieten, tell_address, tell_scripts
from byline.dev.watcher import Watcher
from byline.freeze.changes import next_changes
from byline.freeze.output import DEFAULT_OUT
from byline.problems import Problem, SiteError
from byline.site import Site, schedule_of
from byline.urls import Urls
from byline.web.live import LiveSite

HERE = Path(__file__).parent


def add_desk(app: Flask, live: LiveSite) -> None:
    """Give a development app its desk, its errors with their lines, and live reload."""
    rules = f"{unquote(live.urls.base)}/-"
    desk, error, style = ((HERE / name).read_text(encoding="utf-8") for name in ("desk.html", "error.html", "desk.css"))
    base, report = live.urls.base, Report(live)
    quieten(live.urls.base)
    tell_address(base)
    tell_scripts(live.settings)

    @app.before_request
    def refuse_foreign_host() -> Response | None:
        host = request.environ.get("HTTP_HOST", "")
        if is_trusted(host, live.urls):
            return None
        text = (
            f"This is a writer's server, which shows drafts, and {host!r} is not one of its names.\n"
            "Open it as http://127.0.0.1 with its port, or set `url` in site.toml (or BYLINE_URL) to the address that\n"
            "you use.\n"
        )
        return Response(text, 403, content_type="text/plain; charset=utf-8")

    @app.get(f"{rules}/desk", endpoint=f"{live.host.name}.desk")
    def show_desk() -> str:
        snapshot = live.snapshot()
        return render_template_string(
            desk,
            base=base,
            drafts=_drafts(snapshot.site),
            schedule=schedule_of(snapshot.site, live.clock()),
            by_file=_by_file(report.problems()),
            changes=next_changes(app, live, live.folder / DEFAULT_OUT),
            out=DEFAULT_OUT,
        )

    @app.get(f"{rules}/desk.css", endpoint=f"{live.host.name}.desk_style")
    def show_style() -> Response:
        return Response(style + _colors(live), content_type="text/css; charset=utf-8")

    @app.get(f"{rules}/errors", endpoint=f"{live.host.name}.errors")
    def show_errors() -> str:
        """The errors that keep posts from being shown; empty if there are none."""
        errors = live.snapshot().site.errors
        return _faults(live, errors) if errors else ""

    @app.errorhandler(SiteError)
    def failed(error_found: SiteError) -> Response:
        lines = str(error_found).split("\n")
        text = render_template_string(error, base=base, faults=Markup(_faults(live, lines)))  # noqa: S704
        return Response(text, 500)

    watcher = Watcher(live, report)
    add_reload(app, live, watcher)
    add_pill(app, live, report, watcher)


def _colors(live: LiveSite) -> str:
    """The site's own colours, as rules that follow the desk's stylesheet; none if the site cannot be shown."""
    try:
        look = live.snapshot().site.look
    except SiteError:
        return ""
    pairs = {"ink": "ink", "paper": "paper", "loud": "accent"}
    each = (f"--{name}: light-dark({getattr(look.light, of)}, {getattr(look.dark, of)});" for name, of in pairs.items())
    return f":host, :root {{ {' '.join(each)} }}\n"


def is_trusted(host: str, urls: Urls) -> bool:
    """Whether a Host header names this machine, or the site itself.

    Strangers can point their own domain at this machine (DNS rebinding), and their page could then read what the writer
    sees. They cannot do that with an IP address: https://en.wikipedia.org/wiki/DNS_rebinding
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost") or name == urlsplit(urls.origin).hostname:
        return True
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    return not host


def _faults(live: LiveSite, errors: tuple[Problem, ...] | list[str]) -> str:
    template = (HERE / "faults.html").read_text(encoding="utf-8")
    return render_template_string(template, faults=faults_of(errors, live.folder))


def _drafts(site: Site) -> list[tuple[str, str, str]]:
    """(path, title, URL) of each draft; one with an error has no URL."""
    urls = {item.path: url for url, item in site.by_url.items()}
    drafts = [(one.path, one.title) for one in site.unpublished if one.status == "draft"]
    return [(path, title, urls.get(path, "")) for path, title in sorted(drafts)]


def _by_file(problems: list[Problem]) -> list[tuple[str, list[Problem]]]:
    """Problems by file, files with errors first."""
    grouped = [(path, list(group)) for path, group in itertools.groupby(problems, key=lambda problem: problem.path)]
    return sorted(grouped, key=lambda item: not any(problem.is_error for problem in item[1]))
