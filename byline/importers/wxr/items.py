"""Items of a WXR blog: its posts and pages as an export, for each system that writes WXR."""

import datetime as dt
import posixpath
import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote

from byline.importers import moments
from byline.importers.export import Attachment, Export, Item, LeftOut, Picture, Status, Writer
from byline.importers.text.writing import words
from byline.importers.wxr.bodies import Body, body_of
from byline.importers.wxr.reading import Blog, Post, path_of

STATUSES: dict[str, Status] = {
    "publish": "published",
    "future": "scheduled",
    "private": "private",
    "draft": "draft",
    "pending": "draft",
}
GONE = {
    "trash": "is in the bin",
    "auto-draft": "is an empty draft that WordPress made by itself",
    "inherit": "is an older version of another text",
}
KINDS_LEFT_OUT = {
    "nav_menu_item": "menus are `[[navigation]]` in site.toml",
    "wp_navigation": "menus are `[[navigation]]` in site.toml",
    "wp_block": "blocks that posts share are part of each post that uses them",
    "wp_template": "is a template of the old theme",
    "wp_template_part": "is a template of the old theme",
    "wp_global_styles": "is a style of the old theme",
    "custom_css": "is a style of the old theme",
    "customize_changeset": "is a setting of the old theme",
    "wp_font_family": "is a font of the old theme",
    "wp_font_face": "is a font of the old theme",
    "revision": "is an older version of another text",
    "oembed_cache": "is a copy of another site's embed",
    "user_request": "is a request of a user",
    "feedback": "is a message from a form",
}
_DESCRIPTIONS = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
    "_seopress_titles_desc",
    "_genesis_description",
    "advanced_seo_description",
)
_DEKS = ("_subtitle", "kia_subtitle", "wps_subtitle", "subtitle", "_wp_subtitle", "secondary_title")
_CANONICALS = ("_yoast_wpseo_canonical", "rank_math_canonical_url", "_aioseo_canonical_url")
_NOINDEX = ("_yoast_wpseo_meta-robots-noindex", "_aioseop_noindex")
_GENERIC = ("uncategorized", "uncategorised", "allgemein", "non-classe", "sin-categoria", "senza-categoria")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def export_of(blog: Blog, system: str, body: Callable[[Post, Blog], Body] = body_of) -> Export:
    """The export in `blog`; `body` gives the text of a post as HTML."""
    items, left_out = [], Counter[tuple[str, str]]()
    attachments = []
    for post in blog.posts:
        reason = _reason(post)
        if reason:
            left_out[_kind_of(post), reason] += 1
        elif post.type == "attachment":
            attachments.append(_attachment(post))
        else:
            items.append(_item(post, blog, system, body(post, blog)))
    comments = sum(post.comments for post in blog.posts)
    if comments:
        left_out["comment", "Byline has none of its own"] += comments
    if blog.repeated:
        left_out["item", "is in the export twice; the last one counts"] += blog.repeated
    return Export(
        title=blog.title,
        url=blog.url,
        items=tuple(items),
        writers=_writers(blog, items),
        attachments=tuple(attachments),
        groups=_groups(blog),
        left_out=tuple(LeftOut(what, reason, count) for (what, reason), count in sorted(left_out.items())),
        total=len(blog.posts) + blog.repeated + comments,
    )


def _reason(post: Post) -> str:
    """Why an item does not come along, or the empty string."""
    if post.type == "attachment":
        return "" if post.file else "names no file"
    if post.status in GONE:
        return GONE[post.status]
    if post.type in ("post", "page"):
        return "" if post.title or post.body.strip() else "has neither a title nor a text"
    return KINDS_LEFT_OUT.get(post.type, "a plugin defines this kind; Byline has posts and pages")


def _kind_of(post: Post) -> str:
    return "file" if post.type == "attachment" else post.type


def _attachment(post: Post) -> Attachment:
    return Attachment(
        addresses=tuple(
            dict.fromkeys(one for one in (post.file, post.link, post.guid, f"/?attachment_id={post.id}") if one)
        )
    )


def _item(post: Post, blog: Blog, system: str, body: Body) -> Item:
    status, doubts = _status(post)
    tags, category, notes = _topics(post)
    summary, more = _summary(post)
    cover, missing = _cover(post, blog)
    path = path_of(post.link)
    canonical = next((post.meta[key] for key in _CANONICALS if post.meta.get(key, "").startswith("http")), "")
    if any(post.meta.get(key) in ("1", "on") for key in _NOINDEX):
        doubts.append("search engines were asked not to list it; here they may")
    return Item(
        key=f"{system}:{post.id or path or post.title}",
        kind="page" if post.type == "page" else "post",
        title=words(post.title),
        body=body.html,
        dek=words(next((post.meta[key] for key in _DEKS if post.meta.get(key)), "")),
        summary=summary,
        date=post.date,
        updated=_updated(post),
        slug=_slug(post, path),
        folder=_folder(post, blog, path) if post.type == "page" else "",
        address=path and post.link,
        aliases=_aliases(post, path) if status == "published" else (),
        authors=_authors(post, blog),
        tags=tags,
        category=category,
        cover=cover,
        status=status,
        pinned=post.is_sticky,
        id=post.guid,
        lang=next((term.slug for term in post.terms if term.taxonomy == "language"), ""),
        canonical="" if canonical == post.link else canonical,
        notes=(*body.notes, *notes, *more),
        doubts=(*doubts, *missing, *body.doubts),
    )


def _status(post: Post) -> tuple[Status, list[str]]:
    if post.is_protected:
        return "password", ["was behind a password, so it is a draft; the password is not written"]
    status = STATUSES.get(post.status)
    if status is None:
        return "draft", [f"its status {post.status!r} is of a plugin, so it is a draft"]
    return status, []


def _topics(post: Post) -> tuple[tuple[str, ...], str, list[str]]:
    """Tags, the category, and notes: Byline has one category, so the others become tags."""
    tags = [term.name for term in post.terms if term.taxonomy in ("post_tag", "tag")]
    named = (term for term in post.terms if term.taxonomy == "category")  # WXR 1.0 has each twice
    categories = list(dict.fromkeys(term.name for term in named if (term.slug or term.name.lower()) not in _GENERIC))
    known = ("post_tag", "tag", "category", "author", "post_format", "language", "post_translations", "nav_menu")
    others = sorted({term.taxonomy for term in post.terms} - set(known))
    notes = [f"terms of `{name}`, a taxonomy of a plugin, are left out" for name in others]
    if len(categories) > 1:
        notes.append("had several categories: the first is its category, the others are tags")
    if any(term.taxonomy == "post_format" for term in post.terms):
        notes.append("its post format is left out")
    return tuple(dict.fromkeys(tags + categories[1:])), categories[0] if categories else "", notes


def _summary(post: Post) -> tuple[str, list[str]]:
    excerpt = words(post.excerpt)
    found = (words(post.meta.get(key, "")) for key in _DESCRIPTIONS)
    description = next(
        (text for text in found if text and "%%" not in text and not re.search(r"%\w+%|#\w+_\w+", text)), ""
    )
    both = excerpt and description and excerpt != description
    return excerpt or description, [
        "its excerpt is the summary; the description for search engines is left out"
    ] if both else []


def _cover(post: Post, blog: Blog) -> tuple[Picture | None, list[str]]:
    number = post.meta.get("_thumbnail_id", "")
    if not number or number == "0":
        return None, []
    image = blog.by_id.get(number)
    if image is None or not image.file:
        return None, [f"its cover, file {number} of the library, is not in the export: import all parts of it together"]
    return Picture(image.file, image.alt, words(image.excerpt)), []


def _updated(post: Post) -> dt.datetime | None:
    return post.modified if moments.is_later(post.modified, post.date) else None


def _slug(post: Post, path: str) -> str:
    """The last part of the address as it was."""
    last = unquote(posixpath.basename(path.rstrip("/")))
    return post.slug.rpartition("/")[2] or last


def _folder(post: Post, blog: Blog, path: str) -> str:
    """The pages above a page."""
    names: list[str] = []
    above = blog.by_id.get(post.parent)
    while above is not None and above.type == "page" and len(names) < 10:
        names.insert(0, above.slug)
        above = blog.by_id.get(above.parent)
    return "/".join(filter(None, names)) or (unquote(path.strip("/")).rpartition("/")[0] if path else "")


def _aliases(post: Post, path: str) -> tuple[str, ...]:
    found = [f"/?{'page_id' if post.type == 'page' else 'p'}={post.id}"] if post.id else []
    if path and post.slug and path.rstrip("/").endswith(post.slug):
        head = path.rstrip("/").removesuffix(post.slug)
        found += [head + slug + "/" * path.endswith("/") for slug in post.old_slugs]
    return tuple(found)


def _groups(blog: Blog) -> tuple[tuple[str, str], ...]:
    """The addresses of categories and tags, as WordPress makes them unless it is told another first part."""
    firsts = {"category": "category", "post_tag": "tag", "tag": "tag"}
    terms = dict.fromkeys(term for post in blog.posts for term in post.terms if term.taxonomy in firsts and term.slug)
    return tuple((f"/{firsts[term.taxonomy]}/{term.slug}/", term.name) for term in terms)


def _authors(post: Post, blog: Blog) -> tuple[str, ...]:
    """Those whom the plugin for several authors names, or else the one who wrote it."""
    several = [term for term in post.terms if term.taxonomy == "author"]
    by_login = {person.login.casefold(): person.login for person in blog.people}
    by_name = {person.name.casefold(): person.login for person in blog.people}
    found = []
    for term in several:
        slug = term.slug.removeprefix("cap-").casefold()
        found.append(by_login.get(slug) or by_name.get(term.name.casefold()) or term.name)
    creator = by_login.get(post.creator.strip("<> ").casefold(), post.creator)
    return tuple(dict.fromkeys(found or ([creator] if creator else [])))


def _writers(blog: Blog, items: list[Item]) -> tuple[Writer, ...]:
    """The users that any item names. A login may be a mail address, which is nobody's business."""
    names = {person.login: person.name for person in blog.people}
    logins = dict.fromkeys(login for item in items for login in item.authors)
    return tuple(
        Writer(
            key=login,
            name=without_mail(names.get(login, login)),
            addresses=() if _MAIL.search(login) else (f"/author/{login}/",),
        )
        for login in logins
    )


def without_mail(name: str) -> str:
    """A name that is a mail address, without its host."""
    return words(_MAIL.sub(lambda mail: mail[0].partition("@")[0], name)) or "Author"
