"""Recipes of docs/third-parties.md, and servers that stand in for the hosts that they name."""

import contextlib
import http.server
import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.helpers.paper import ROOT

PAGE = ROOT / "docs" / "third-parties.md"

# Each does in kind what the real one does, and no more.
PLAUSIBLE = """
const { src, dataset } = document.currentScript;
const send = () => fetch(new URL("/api/event", src), {
  method: "POST", keepalive: true, headers: { "Content-Type": "text/plain" }, body: `pageview ${dataset.domain}` });
if (dataset.domain || (window.plausible && plausible.o)) send();
else (window.plausible = window.plausible || {}).init = send;
"""
GOATCOUNTER = """
const { goatcounter } = document.querySelector("script[data-goatcounter]").dataset;
navigator.sendBeacon(`${goatcounter}?p=${location.pathname}`);
"""
UMAMI = """
const { websiteId } = document.currentScript.dataset;
fetch("https://api-gateway.umami.dev/api/send", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ website: websiteId }) });
"""
MATOMO = """
const { setTrackerUrl, setSiteId } = Object.fromEntries(window._paq);
new Image(1, 1).src = `${setTrackerUrl}?idsite=${setSiteId}`;
"""
GISCUS = """
const { dataset } = document.currentScript;
const style = document.createElement("link");
style.rel = "stylesheet";
style.href = "https://giscus.app/default.css";
document.head.prepend(style);
const frame = document.createElement("iframe");
frame.className = "giscus-frame";
frame.title = "Comments";
frame.src = `https://giscus.app/${dataset.lang}/widget?repo=${dataset.repo}&theme=${dataset.theme}`;
frame.style.opacity = "0.9";
document.currentScript.after(frame);
"""
UTTERANCES = """
const script = document.currentScript;
document.head.insertAdjacentHTML("afterbegin", "<style>.utterances { position: relative }</style>");
const source = `https://utteranc.es/utterances.html?repo=${script.getAttribute("repo")}&theme=${script.getAttribute("theme")}`;
script.insertAdjacentHTML("afterend", `<div class="utterances"><iframe class="utterances-frame" title="Comments" src="${source}"></iframe></div>`);
script.nextElementSibling.style.height = "300px";
script.remove();
"""
ISSO = """
const server = document.querySelector("script[data-isso]").dataset.isso;
const style = document.createElement("link");
style.rel = "stylesheet";
style.href = `${server}/css/isso.css`;
document.head.append(style);
fetch(`${server}/?uri=${location.pathname}`).then(() => {
  document.getElementById("isso-thread").textContent = "No comments yet";
});
"""
TALK = """
const frame = document.createElement("iframe");
frame.src = "https://talk.example/thread";
document.getElementById("talk").append(frame);
"""
TELLS_THEME = """<!doctype html><script>
addEventListener("message", ({ data }) => fetch(`/told?${data.type} ${data.theme} ${data.giscus.setConfig.theme}`));
</script>"""
SCRIPTS = {
    "plausible.io": PLAUSIBLE,
    "gc.zgo.at": GOATCOUNTER,
    "cloud.umami.is": UMAMI,
    "matomo.paper.example": MATOMO,
    "giscus.app": GISCUS,
    "utteranc.es": UTTERANCES,
    "comments.paper.example": ISSO,
    "talk.example": TALK,
}


class Recipe(NamedTuple):
    """`files` by their paths; `hits` is what the hosts get, in any order; `page` is where."""

    files: dict[str, str]
    hits: tuple[str, ...]
    page: str = "/posts/one/"
    has_form: bool = False

    @property
    def is_of_head(self) -> bool:
        return "[head]" in self.files["site.toml"]


HITS = {
    "Plausible": ("GET plausible.io/js/pa-YOURSITE.js", "POST plausible.io/api/event"),
    "Plausible with data-domain": ("POST plausible.io/api/event",),
    "GoatCounter": ("POST mycode.goatcounter.com/count?p=/posts/one/",),
    "Umami": ("POST api-gateway.umami.dev/api/send",),
    "Matomo": ("GET matomo.paper.example/matomo.php?idsite=1",),
    "giscus": (
        "GET giscus.app/default.css",
        "GET giscus.app/en/widget?repo=paper/comments&theme=preferred_color_scheme",
    ),
    "utterances": ("GET utteranc.es/utterances.html?repo=paper/comments&theme=preferred-color-scheme",),
    "Isso": ("GET comments.paper.example/css/isso.css", "GET comments.paper.example/?uri=/posts/one/"),
    "Another provider": ("GET talk.example/thread",),
    "Buttondown": ("POST buttondown.com/api/emails/embed-subscribe/paper",),
    "Mailchimp": ("POST paper.us1.list-manage.com/subscribe/post?u=0123456789&id=abcdef",),
    "Contact form": ("POST formspree.io/f/abcdefgh",),
}
"""What each host must be asked for, if its recipe works."""


def recipes() -> dict[str, Recipe]:
    """Those of the page, by their headings: each listing stands below a line that ends with the name of its file."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    found = {}
    for section in sections:
        name, _, text = section.partition("\n")
        files = dict(re.findall(r"`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", text, re.M | re.S))
        if files:
            page = next((f"/{Path(path).stem}/" for path in files if path.startswith("pages/")), "/posts/one/")
            has_form = any("<form" in listing for listing in files.values())
            found[name] = Recipe(files, HITS[name], page, has_form)
    return found


class StandIn(http.server.ThreadingHTTPServer):
    """Answers for every host, and remembers what it was asked for."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.seen: list[str] = []
        self.told = threading.Condition()

    def handle_error(self, *_arguments: Any) -> None:
        """A browser closes a connection when it likes."""

    def waits_for(self, hits: Sequence[str]) -> bool:
        with self.told:
            return self.told.wait_for(lambda: set(hits) <= set(self.seen), 10)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: StandIn

    def _answer(self) -> None:
        host, path = self.headers["Host"], urlsplit(self.path).path
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind, body = (
            "text/html",
            TELLS_THEME if path.endswith(("widget", "utterances.html")) else "<!doctype html><p>Ok",
        )
        if path.endswith(".js"):
            kind, body = "text/javascript", "(() => {" + SCRIPTS.get(host, "") + "})();"
        elif path.endswith(".css"):
            kind, body = "text/css", ".giscus-frame { width: 100%; }"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for name in ("Origin", "Headers"):
            self.send_header(f"Access-Control-Allow-{name}", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
        with self.server.told:
            self.server.seen.append(f"{self.command} {host}{self.path}")
            self.server.told.notify_all()

    do_GET = do_POST = do_OPTIONS = _answer

    def log_message(self, *_arguments: object) -> None:
        pass


@contextlib.contextmanager
def standing_in(scratch: Path) -> Iterator[StandIn]:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl")
    key, certificate = scratch / "key.pem", scratch / "certificate.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stand-in -keyout {key} -out {certificate}"
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = StandIn(context)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
