"""Providers: sites whose players a text may show, how their addresses look, and where their players are."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, urlencode

Shape = Literal["film", "upright", "sound", "list", "post"]

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
SERVER = re.compile(_HOST)
_ADDRESS = re.compile(
    rf"https?://((?:www\.|m\.)?)({_HOST})(/[\w.~@:/+-]*)(?:\?([\w.~@:/%&=+,;!-]*))?(?:#([\w.=&-]*))?", re.ASCII | re.I
)
"""The addresses that are looked at. One with a user, a port or any other sign is no page of a provider."""
_KEPT = ("v", "list", "h", "t", "start")
"""What stays of a query; the rest tells a provider where its readers come from."""
_TIME = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s?)?", re.ASCII)


class Provider(NamedTuple):
    """What readers call a site, and the host that they know it by; it is empty where the owner names the servers."""

    title: str
    host: str = ""


class Player(NamedTuple):
    """`page` matches the host, without `www.`, and the path of what is played, and `frame` is its player: its first two
    groups are `{0}` and `{1}`. `start` is how it is told when to begin, `handed` what it gets of the page's query."""

    provider: str
    shape: Shape
    page: str
    frame: str
    start: str = ""
    handed: tuple[str, ...] = ()


PROVIDERS = {
    "youtube": Provider("YouTube", "youtube.com"),
    "vimeo": Provider("Vimeo", "vimeo.com"),
    "dailymotion": Provider("Dailymotion", "dailymotion.com"),
    "peertube": Provider("PeerTube"),
    "ted": Provider("TED", "ted.com"),
    "tiktok": Provider("TikTok", "tiktok.com"),
    "soundcloud": Provider("SoundCloud", "soundcloud.com"),
    "spotify": Provider("Spotify", "spotify.com"),
    "codepen": Provider("CodePen", "codepen.io"),
    "mastodon": Provider("Mastodon"),
    "bluesky": Provider("Bluesky", "bsky.app"),
    "x": Provider("X", "x.com"),
    "instagram": Provider("Instagram", "instagram.com"),
}
_TUBE, _NO_COOKIE = r"(?:music\.)?youtube(?:-nocookie)?\.com/", "https://www.youtube-nocookie.com/embed/"
_VIMEO = r"(?:player\.)?vimeo\.com/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/|(?:album|showcase)/\d+/video/)?"
_CLOUD = r"soundcloud\.com/(?!(?:discover|you|search|stream|pages)/)"
_CLOUD_PLAYER = "https://w.soundcloud.com/player/?auto_play=true&url=https%3A%2F%2Fsoundcloud.com%2F"
_SPOTIFY, _SPOTIFY_PLAYER = r"open\.spotify\.com/(?:intl-\w+/)?(?:embed/)?", "https://open.spotify.com/embed/{0}/{1}"
_PEN = r"codepen\.io/([\w-]+)/(?:pen|full|details|embed|embed/preview)/(\w+)"
_YOUTUBE_ID = rf"(?:youtu\.be/|{_TUBE}(?:watch\?v=|(?:embed|live|v|e)/(?!videoseries)))([\w-]{{11}})"
_GIVEN = "{server}/"
PLAYERS = (
    Player("youtube", "film", _YOUTUBE_ID, _NO_COOKIE + "{0}?autoplay=1", "&start={}", ("list",)),
    Player("youtube", "upright", _TUBE + r"shorts/([\w-]{11})", _NO_COOKIE + "{0}?autoplay=1", "&start={}"),
    Player(
        "youtube",
        "film",
        _TUBE + "(?:playlist|embed/videoseries)",
        _NO_COOKIE + "videoseries?autoplay=1",
        "",
        ("list",),
    ),
    Player(
        "vimeo",
        "film",
        _VIMEO + r"(\d+)(?:/(?P<h>[0-9a-f]+))?",
        "https://player.vimeo.com/video/{0}?dnt=1&autoplay=1",
        "#t={}s",
        ("h",),
    ),
    Player(
        "dailymotion",
        "film",
        r"(?:dailymotion\.com/(?:embed/)?video/|dai\.ly/)(\w+)",
        "https://geo.dailymotion.com/player.html?video={0}",
        "&startTime={}",
    ),
    Player(
        "peertube",
        "film",
        _GIVEN + r"(?:w|videos/(?:watch|embed))/([\w-]+)",
        "https://{server}/videos/embed/{0}?autoplay=1",
        "&start={}s",
    ),
    Player("ted", "film", r"(?:embed\.)?ted\.com/talks/(\w+)", "https://embed.ted.com/talks/{0}"),
    Player("tiktok", "upright", r"tiktok\.com/@[\w.-]+/video/(\d+)", "https://www.tiktok.com/player/v1/{0}?autoplay=1"),
    Player("soundcloud", "list", _CLOUD + r"([\w-]+)/sets/([\w-]+)", _CLOUD_PLAYER + "{0}%2Fsets%2F{1}"),
    Player("soundcloud", "sound", _CLOUD + r"([\w-]+)/([\w-]+)", _CLOUD_PLAYER + "{0}%2F{1}"),
    Player("spotify", "sound", _SPOTIFY + r"(track|episode)/(\w+)", _SPOTIFY_PLAYER),
    Player("spotify", "list", _SPOTIFY + r"(album|artist|playlist|show)/(\w+)", _SPOTIFY_PLAYER),
    Player("codepen", "post", _PEN, "https://codepen.io/{0}/embed/{1}?default-tab=result"),
    Player("mastodon", "post", _GIVEN + r"@(\w[\w.-]*)/(\d+)", "https://{server}/@{0}/{1}/embed"),
    Player(
        "bluesky",
        "post",
        r"bsky\.app/profile/([\w.:-]+)/post/(\w+)",
        "https://embed.bsky.app/embed/{0}/app.bsky.feed.post/{1}",
    ),
    Player(
        "x",
        "post",
        r"(?:x|twitter)\.com/(?:\w+|i/web)/status/(\d+)",
        "https://platform.twitter.com/embed/Tweet.html?dnt=true&id={0}",
    ),
    Player(
        "instagram", "post", r"instagram\.com/(?:[\w.]+/)?(p|reel)/([\w-]+)", "https://www.instagram.com/{0}/{1}/embed/"
    ),
)


class Embed(NamedTuple):
    """What stands at an address: its page, without what counts readers, and its player."""

    title: str
    host: str
    shape: Shape
    page: str
    frame: str


Enabled = Mapping[str, bool | tuple[str, ...]]
"""`[embeds]`: the providers of a site, some with their servers."""


def embed_of(address: str, enabled: Enabled) -> Embed | None:
    """What the page at `address` plays, if it is one of a provider that the site has `enabled`."""
    parts = _ADDRESS.fullmatch(address)
    if not parts or not enabled:
        return None
    before, host, path, fragment = parts[1], parts[2].lower(), parts[3].rstrip("/"), parts[5] or ""
    given = dict(reversed(parse_qsl(parts[4] or "")))
    query = {name: given[name] for name in _KEPT if re.fullmatch(r"[\w-]+", given.get(name, ""), re.ASCII)}
    places = (f"{host}{path}?v={query.get('v')}", f"{host}{path}")
    time = f"#{fragment}" if fragment.startswith("t=") else ""
    page = f"https://{before}{host}{path}{'?' if query else ''}{urlencode(query)}{time}"
    start = _seconds(query.get("t") or query.get("start") or fragment.removeprefix("t="))
    for player in PLAYERS:
        provider = PROVIDERS[player.provider]
        for server in _servers(player, enabled):
            pattern = re.compile(player.page.format(server=re.escape(server)) if server else player.page, re.ASCII)
            found = next(filter(None, map(pattern.fullmatch, places)), None)
            handed = query | {name: value for name, value in found.groupdict().items() if value} if found else {}
            if found and (found.re.groups or "list" in handed):  # a list of films has no other name
                frame = player.frame.format(*found.groups(), server=server)
                frame += "".join(f"&{name}={handed[name]}" for name in player.handed if name in handed)
                frame += player.start.format(start) if start else ""
                return Embed(provider.title, provider.host or server, player.shape, page, frame)
    return None


def frames(enabled: Enabled) -> tuple[str, ...]:
    """The origins of the players that a page may load."""
    found = (
        "/".join(player.frame.split("/")[:3]).format(server=server)
        for player in PLAYERS
        for server in _servers(player, enabled)
    )
    return tuple(dict.fromkeys(found))


def _servers(player: Player, enabled: Enabled) -> tuple[str, ...]:
    value = enabled.get(player.provider, False)
    return value if isinstance(value, tuple) else ("",) if value else ()


def _seconds(time: str) -> int:
    """`90`, `90s`, `1m30s`; 0 for what is no time."""
    found = _TIME.fullmatch(time)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return 3600 * hours + 60 * minutes + seconds
