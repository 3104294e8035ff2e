"""WXR files as values: what the channel says of the blog, and each of its items as WordPress keeps it."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import msgspec

from byline.importers import moments, xml
from byline.importers.source import Entry, Source
from byline.importers.xml import content

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)")
_MARKS = (b"wordpress.org/export/", b"<wp:wxr_version>")


class Term(NamedTuple):
    """A category, a tag, or a term of any other taxonomy."""

    taxonomy: str
    slug: str
    name: str


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """An item: a post, a page, a file of the library, a menu, or anything that a plugin calls one."""

    id: str
    type: str
    status: str
    title: str
    body: str
    excerpt: str
    creator: str
    slug: str
    link: str
    guid: str
    date: dt.datetime | None
    modified: dt.datetime | None
    parent: str
    order: int
    is_protected: bool
    is_sticky: bool
    terms: tuple[Term, ...]
    meta: dict[str, str]
    old_slugs: tuple[str, ...]
    comments: int
    file: str

    @property
    def alt(self) -> str:
        return self.meta.get("_wp_attachment_image_alt", "")


class Person(NamedTuple):
    """A user of the blog: the name with which texts call them, and the one to show."""

    login: str
    name: str


class Blog:
    """One or several files of one export."""

    def __init__(
        self, title: str, url: str, people: tuple[Person, ...], posts: tuple[Post, ...], repeated: int = 0
    ) -> None:
        self.title = title
        self.repeated = repeated
        self.url = url
        self.people = people
        self.posts = posts
        self.by_id = {post.id: post for post in reversed(posts) if post.id}
        self._files: dict[str, list[Post]] = {}
        for post in posts:
            if post.type == "attachment" and post.parent:
                self._files.setdefault(post.parent, []).append(post)

    def children(self, number: str) -> list[Post]:
        """The pictures of the library that belong to a post, in their order."""
        return sorted(
            self._files.get(number, ()), key=lambda post: (post.order, int(post.id) if post.id.isdigit() else 0)
        )


def wxr_files(source: Source) -> tuple[Entry, ...]:
    """The files of `source` that are WXR, whatever they are called."""
    found = source.ending(".xml", ".wxr", ".rss", ".txt") or source.entries[:20]
    return tuple(entry for entry in found if any(mark in source.head(entry) for mark in _MARKS))


def read(source: Source) -> Blog:
    """The blog in all WXR files of `source` together; what several parts hold counts once."""
    title = url = ""
    people: dict[str, Person] = {}
    posts: dict[tuple[str, str, str], Post] = {}
    repeated = 0
    for entry in wxr_files(source):
        channel = xml.tree(entry.path, source.data(entry)).find("channel")
        for element in channel if channel is not None else ():
            if element.tag == "item":
                post = _post(element)
                repeated += (post.type, post.id, post.link or post.slug) in posts
                posts[post.type, post.id, post.link or post.slug] = post
            elif element.tag == "wp:author":
                person = _person(element)
                people.setdefault(person.login, person)
            elif element.tag == "title":
                title = title or content(element)
            elif element.tag in ("link", "wp:base_blog_url"):
                url = content(element) if element.tag == "wp:base_blog_url" or not url else url
    return Blog(title, url, tuple(people.values()), tuple(posts.values()), repeated)


def _person(element: ET.Element) -> Person:
    login = content(element, "wp:author_login")
    whole = f"{content(element, 'wp:author_first_name')} {content(element, 'wp:author_last_name')}".strip()
    return Person(login, content(element, "wp:author_display_name") or whole or login)


def _post(item: ET.Element) -> Post:
    number = content(item, "wp:post_id")
    terms = tuple(
        Term(term.get("domain", "category"), unquote(term.get("nicename", "")), content(term))
        for term in item.findall("category")
        if content(term)
    )
    pairs = [(content(meta, "wp:meta_key"), content(meta, "wp:meta_value")) for meta in item.findall("wp:postmeta")]
    return Post(
        id=number,
        type=content(item, "wp:post_type") or "post",
        status=content(item, "wp:status"),
        title=content(item, "title"),
        body=content(item, "content:encoded"),
        excerpt=content(item, "excerpt:encoded"),
        creator=content(item, "dc:creator"),
        slug=unquote(content(item, "wp:post_name")),
        link=content(item, "link"),
        guid=content(item, "guid"),
        date=_moment(item, "post_date") or moments.of_mail(content(item, "pubDate")),
        modified=_moment(item, "post_modified"),
        parent=content(item, "wp:post_parent").strip("0"),
        order=_number(content(item, "wp:menu_order")),
        is_protected=bool(content(item, "wp:post_password")),
        is_sticky=content(item, "wp:is_sticky") == "1",
        terms=tuple(dict.fromkeys(terms)),
        meta={key: value for key, value in reversed(pairs) if key and value},
        old_slugs=tuple(unquote(value) for key, value in pairs if key == "_wp_old_slug" and value),
        comments=sum(1 for _ in _comments(item)),
        file=content(item, "wp:attachment_url"),
    )


def _comments(item: ET.Element) -> Iterator[ET.Element]:
    return (comment for comment in item.findall("wp:comment") if content(comment, "wp:comment_content"))


def _moment(item: ET.Element, name: str) -> dt.datetime | None:
    """A moment with its offset from UTC, if the export gives both clocks; else as its clock says."""
    local, universal = _stamp(content(item, f"wp:{name}")), _stamp(content(item, f"wp:{name}_gmt"))
    if local and universal:
        offset = local - universal
        is_zone = abs(offset) <= dt.timedelta(hours=14) and offset.seconds % 900 == 0
        return local.replace(tzinfo=dt.timezone(offset)) if is_zone else universal.replace(tzinfo=dt.UTC)
    return universal.replace(tzinfo=dt.UTC) if universal else local


def _stamp(text: str) -> dt.datetime | None:
    found = _STAMP.match(text)
    if not found or found[1] == "0000":
        return None
    try:
        return dt.datetime(*map(int, found.groups()))  # type: ignore[arg-type]
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else 0


def path_of(link: str) -> str:
    """The path of a link that is an address of its own, and no query of the front page."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return "" if parts.query and parts.path in ("", "/") else parts.path
