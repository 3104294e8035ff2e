"""Keys: what front matter can say, and the other names under which it says so."""

POST_KEYS: dict[str, tuple[str, ...]] = {
    "title": ("headline",),
    "dek": ("subtitle", "subheading", "standfirst"),
    "date": ("published", "pubdate", "pub_date", "publishdate", "published_at", "created", "date.created"),
    "updated": ("modified", "lastmod", "last_modified_at", "updateddate", "updated_at", "date.updated"),
    "expires": ("expirydate", "expiry_date", "unpublish"),
    "draft": (),
    "slug": (),
    "aliases": ("redirect_from", "alias", "old_urls"),
    "authors": ("author", "writer", "by", "byline"),
    "tags": ("tag", "keywords"),
    "category": ("categories", "section", "kicker"),
    "summary": ("description", "excerpt", "abstract", "lead", "teaser"),
    "cover": ("image", "cover_image", "featured_image", "heroimage", "feature_image"),
    "series": (),
    "pinned": ("featured", "sticky", "pin"),
    "id": (),
    "canonical": ("canonical_url",),
    "toc": (),
    "lang": ("language",),
    "template": ("layout",),
    "corrections": (),
}
"""Key of a post → other names for it, compared without case and with `-` as `_`."""

AUTHOR_KEYS: dict[str, tuple[str, ...]] = {
    "name": ("full_name", "title"),
    "bio": ("summary", "description"),
    "avatar": ("image", "picture", "photo"),
    "links": ("social",),
    "aliases": POST_KEYS["aliases"],
}

ADVICE = {
    "permalink": "to keep this address working, write it as `aliases`",
    "url": "write an old address as `aliases`",
    "redirect_to": "Byline's pages lead nowhere else; write a link into the text",
}
"""What to do about keys of other programs that Byline has no use for."""


def normal(key: str) -> str:
    """`Cover-Image` and `cover_image` are one key."""
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def names_of(keys: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Every accepted name → its key."""
    return {name: key for key, also in keys.items() for name in (key, *also)}


POST_NAMES = names_of(POST_KEYS)
AUTHOR_NAMES = names_of(AUTHOR_KEYS)


def is_known(key: str) -> bool:
    """Whether a first line `key: …` starts a header without fences."""
    return normal(key) in POST_NAMES or normal(key) in AUTHOR_NAMES
