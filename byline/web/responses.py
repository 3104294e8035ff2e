"""Responses: what a view answers with, and the one door through which every answer leaves.

A page's ETag is the fingerprint of all that its bytes depend on, computed without rendering. Only 200s
carry one: a 301 or a 404 must never become a 304.
"""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from flask import Response
from werkzeug.datastructures import ETags

from byline.models import VERSION_CHARACTERS, File
from byline.storage.fingerprint import fingerprint
from byline.web.live import LiveSite, Snapshot
from byline.web.ranges import Part, Wanted

HTML = "text/html; charset=utf-8"
REVALIDATE = "no-cache"
"""Browsers keep the page and ask each time whether it is still current; the answer is a 304 of about 200 bytes."""
PAGE_HEADERS = MappingProxyType({"Cache-Control": REVALIDATE})
NAMED_BY_CONTENT = ("/media/", "/attachments/")
FOR_EVER = "public, max-age=31536000, immutable"


@dataclasses.dataclass(frozen=True)
class PageAnswer:
    """A template and its context. `url` is the one URL of this page; the first template that exists is used."""

    url: str
    templates: tuple[str, ...]
    context: Mapping[str, object]
    status: int = 200
    mimetype: str = HTML


@dataclasses.dataclass(frozen=True)
class RedirectAnswer:
    """The old `url`, a path of this site, leads to `target`; a request is sent to `location`, with its query."""

    url: str
    target: str
    context: Mapping[str, object]
    location: str = ""
    status: int = 301


@dataclasses.dataclass(frozen=True)
class FileAnswer:
    """A file; `stand_in` is shown while it is still being made."""

    file: File
    stand_in: File | None = None

    @property
    def url(self) -> str:
        return self.file.url


Answer = PageAnswer | RedirectAnswer | FileAnswer


def respond(
    live: LiveSite,
    snapshot: Snapshot,
    answer: Answer,
    known: ETags,
    version: str = "",
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
) -> Response:
    """The response to `answer`, or 304 if its tag is among the client's `known` tags.

    `version` is what the client knows of a file, and `wanted` the part that it asks for.
    """
    if isinstance(answer, FileAnswer):
        return _file(live, answer, known, version, wanted)
    added, mark = live.host.context()
    if isinstance(answer, RedirectAnswer):
        body = snapshot.templates.render("redirect.html", {**added, **answer.context}, snapshot.site)
        headers = {"Location": answer.location or answer.target, "Cache-Control": REVALIDATE}
        return Response(body, answer.status, headers, content_type=HTML)
    headers = dict(PAGE_HEADERS)
    tag = tag_of(snapshot, answer, mark)
    if tag and known.contains_weak(tag):
        return _not_modified(tag, headers)
    template = snapshot.templates.choose(answer.templates)
    body = snapshot.templates.render(template, {**added, **answer.context}, snapshot.site)
    response = Response(body, answer.status, headers, content_type=answer.mimetype)
    if tag:
        response.set_etag(tag)
    return response


def tag_of(snapshot: Snapshot, answer: Answer, mark: str) -> str:
    """The tag of a 200: a file's digest, or the fingerprint of all that a page's bytes and headers depend on.

    `mark` is that of the values that the app adds. Empty for all other answers.
    """
    if isinstance(answer, FileAnswer):
        return answer.file.content
    if isinstance(answer, RedirectAnswer) or answer.status != 200:
        return ""
    template = snapshot.templates.choose(answer.templates)
    return fingerprint(
        snapshot.templates.digest,
        snapshot.templates.taken(template, snapshot.site, answer.context),
        mark,
        answer.url,
        answer.status,
        answer.mimetype,
        tuple(PAGE_HEADERS.items()),
        template,
        MappingProxyType(dict(answer.context)),
    )


def _file(live: LiveSite, answer: FileAnswer, known: ETags, version: str, wanted: Wanted) -> Response:
    file = answer.file
    if answer.stand_in and not live.is_ready(file):
        headers = {"Cache-Control": "no-store"}
        return Response(live.bytes_of(answer.stand_in), 200, headers, content_type=answer.stand_in.mimetype)
    is_named_by_content = live.urls.inner(file.url).startswith(NAMED_BY_CONTENT)
    is_kept = is_named_by_content or version == file.content[:VERSION_CHARACTERS]
    headers = {"Cache-Control": FOR_EVER if is_kept else REVALIDATE}
    if known.contains_weak(file.content):
        return _not_modified(file.content, headers)
    response = _body(live, file, wanted)
    if response.status_code != 416:
        response.headers.update(headers)
        response.set_etag(file.content)
    return response


def _body(live: LiveSite, file: File, wanted: Wanted) -> Response:
    """The file or the part that is `wanted`: from memory, or a large one from the disk, piece by piece."""
    stream = live.stream_of(file)
    data = b"" if stream else live.bytes_of(file)
    size = stream.size if stream else len(data)
    part = wanted.part(f'"{file.content}"', size)
    if part and not part.exists:
        if stream:
            stream.close()
        return Response(status=416, headers={"Content-Range": part.header, "Cache-Control": "no-store"})
    start, end, _ = part or Part(0, size, size)
    body = stream.pieces(start, end) if stream else data[start:end]
    response = Response(body, 206 if part else 200, content_type=file.mimetype)
    response.headers |= {"Accept-Ranges": "bytes", "Content-Length": str(end - start)}
    if part:
        response.headers["Content-Range"] = part.header
    if stream:
        response.call_on_close(stream.close)
    return response


def _not_modified(tag: str, headers: Mapping[str, str]) -> Response:
    response = Response(status=304, headers=dict(headers))
    del response.headers["Content-Type"]
    response.set_etag(tag)
    return response
