"""Pagefind: the search indexes of a frozen site, one a language, which the reader's browser searches by itself.

https://pagefind.app. It gets only each story's text, without the page around it, and no filters,
because they make its output vary from run to run.
"""

import collections
import contextlib
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import msgspec
import pagefind_bin
from msgspec import structs

from byline.freeze.manifest import PrintedFile
from byline.freeze.output import OutputFolder
from byline.freeze.paths import output_path
from byline.markdown.text import ANCHORS
from byline.models import Body, Post
from byline.problems import SiteError
from byline.site import Site
from byline.storage import parallel
from byline.storage.files import no_room
from byline.storage.fingerprint import fingerprint
from byline.urls import Urls
from byline.web.live import LiveSite
from byline.web.templates import date_in_words

FOLDER = "pagefind"
"""The folder of the index in the site; `Masthead.pagefind` leads there."""
RECIPE = "3"
"""Changes when the same stories would give another index."""
_SHARP_S = re.compile(r"\w*ß\w*")
UNSAID = "ʘ"
"""A letter that begins no word of any language."""
UNUSED = ("pagefind-ui", "pagefind-modular-ui", "pagefind-component-ui", "pagefind-highlight", "pagefind-entry-old")
"""Interfaces that Pagefind brings along; the site has its own."""


def text_digest(site: Site) -> str:
    """Fingerprint of everything that can be found: as long as it is the same, so is the index."""
    own = fingerprint(RECIPE, *(_texts(post) for post in site.posts), site.urls.base, site.settings.language)
    others = [text_digest(edition) for edition in site.editions.values()]
    return fingerprint(own, *others) if others else own


def held(site: Site, output: OutputFolder, digest_now: str) -> dict[str, PrintedFile] | None:
    """The files of the indexes that were printed, if none is missing and no text has changed since."""
    files = {p: f for p, f in output.manifest.files.items() if p.startswith(folder_of(site.urls)) and not f.tag}
    is_right = output.manifest.search == digest_now and all(output.is_unchanged(path, f) for path, f in files.items())
    return files if is_right else None


@contextlib.contextmanager
def begun(site: Site, live: LiveSite) -> Iterator[Callable[[], Iterator[tuple[str, bytes]]]]:
    """Have the indexes made while the caller prints pages. What it gets waits for them and gives every file's path and
    content, or raises SiteError if Pagefind has failed."""
    with contextlib.ExitStack() as stack:
        try:
            runs = [(edition, *_begun(edition, live, stack)) for edition in site.all_editions]
        except OSError as error:
            raise no_room(error) from None
        yield lambda: (file for run in runs for file in _files(*run))


def _begun(site: Site, live: LiveSite, stack: contextlib.ExitStack) -> tuple[Path, "subprocess.Popen[str]"]:
    """The folder that an index goes to, and the program that makes it, which is ended with `stack` at the latest."""
    folder = tempfile.TemporaryDirectory(prefix="byline-search-", ignore_cleanup_errors=True)
    scratch = Path(stack.enter_context(folder))
    pages, index = scratch / "pages", scratch / FOLDER
    pages.mkdir()

    def write(post: Post) -> None:
        path = pages / output_path(post.url, site.urls.base, is_page=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_page(post, site, ANCHORS.sub("", live.html_of(_words(post.body)))), encoding="utf-8")

    collections.deque(parallel.in_forks(write, site.posts, live.memo.jobs), 0)
    # On an English site, readers search its German stories too, if German has no lists of its own.
    language = ["--force-language", site.settings.language.split("-")[0].lower()]
    command = [pagefind_bin.get_executable(), "--silent", *language, "--site", str(pages), "--output-path", str(index)]
    run = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    stack.callback(run.kill)
    return index, run


def _files(site: Site, index: Path, run: "subprocess.Popen[str]") -> Iterator[tuple[str, bytes]]:
    said, _ = run.communicate()
    if run.returncode and site.posts:
        raise SiteError(f"the search index could not be made: {said.strip()}")
    for path in sorted(index.rglob("*")):
        if path.is_file() and not path.name.startswith(UNUSED):
            yield f"{folder_of(site.urls, site.urls.language)}{path.relative_to(index).as_posix()}", _ordered(path)


def folder_of(urls: Urls, language: str = "") -> str:
    """The path of the indexes, or of that in one language, in the output folder, with its closing slash."""
    place = f"{FOLDER}/{language}/" if language else f"{FOLDER}/"
    return output_path(f"{urls.base}/{place}", urls.mount).removesuffix("index.html")


def _ordered(path: Path) -> bytes:
    """The file's bytes, with the list of languages always in the same order."""
    data = path.read_bytes()
    return msgspec.json.encode(msgspec.json.decode(data), order="sorted") if path.suffix == ".json" else data


def _words(body: Body) -> Body:
    """`body` without its addresses: Pagefind would record pictures, and those change when the text does not."""
    return structs.replace(body, attributes=("",) * len(body.attributes), sources=("",) * len(body.sources))


def _texts(post: Post) -> tuple[str, ...]:
    return (post.url, post.lang, post.title, post.dek, post.summary, *_names(post), _shown(post, ""), post.body.key)


def _shown(post: Post, language: str) -> str:
    """What a result shows besides its words, as one word that nobody looks for: Pagefind finds all metadata."""
    date = date_in_words(post.date, language, "yMMMd") if post.date else ""
    picture = post.cover.srcset.partition(" ")[0] or post.cover.url if post.cover else ""
    people = ", ".join(author.name for author in post.authors)
    return UNSAID + msgspec.json.encode((people, date, picture)).hex()


def _names(post: Post) -> list[str]:
    names = [author.name for author in post.authors] + [tag.name for tag in post.tags]
    return names + ([post.category.name] if post.category else [])


def _page(post: Post, site: Site, body: str) -> str:
    """The words of a story. What is not its text is metadata, which search.js weighs and excerpts leave out:
    https://pagefind.app/docs/metadata/"""
    texts = {"title": post.title, "dek": post.dek or post.summary, "names": " · ".join(_names(post))}
    # Pagefind takes ß for ss in German only; search.js asks for ss.
    texts["spelt"] = " ".join(sorted(set(_SHARP_S.findall(" ".join((*texts.values(), body)))))).replace("ß", "ss")
    texts["shown"] = _shown(post, site.settings.language)
    metadata = "".join(f'<p data-pagefind-meta="{key}">{escape(text)}</p>' for key, text in texts.items() if text)
    page = f'<head><meta charset="utf-8"></head><body>{metadata}<main data-pagefind-body>{body}</main></body>'
    return f'<html lang="{escape(site.settings.language)}">{page}</html>'
