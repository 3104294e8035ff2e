"""Providers: which addresses are pages of whom, and what plays them."""

import pytest

from byline.problems import SiteError
from byline.settings import file as settings
from byline.settings.providers import PLAYERS, PROVIDERS, embed_of, frames

ALL = {name: True if provider.host else ("social.example.org",) for name, provider in PROVIDERS.items()}
TUBE = "https://www.youtube-nocookie.com/embed/"
ID = "a_1-B2c3D4e"


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        (f"https://www.youtube.com/watch?v={ID}", f"{TUBE}{ID}?autoplay=1"),
        (f"http://youtube.com/watch?feature=share&v={ID}&pp=x&t=90", f"{TUBE}{ID}?autoplay=1&start=90"),
        (f"https://youtu.be/{ID}?si=tracked&t=1m30s", f"{TUBE}{ID}?autoplay=1&start=90"),
        (f"https://m.youtube.com/watch?v={ID}&t=1h2s", f"{TUBE}{ID}?autoplay=1&start=3602"),
        (f"https://music.youtube.com/watch?v={ID}&list=PL1", f"{TUBE}{ID}?autoplay=1&list=PL1"),
        (f"https://www.youtube-nocookie.com/embed/{ID}?start=7", f"{TUBE}{ID}?autoplay=1&start=7"),
        (f"https://www.youtube.com/live/{ID}/", f"{TUBE}{ID}?autoplay=1"),
        (f"https://www.youtube.com/shorts/{ID}", f"{TUBE}{ID}?autoplay=1"),
        ("https://www.youtube.com/playlist?list=PL1", f"{TUBE}videoseries?autoplay=1&list=PL1"),
        ("https://www.youtube.com/embed/videoseries?list=PL1", f"{TUBE}videoseries?autoplay=1&list=PL1"),
        ("https://vimeo.com/123#t=9s", "https://player.vimeo.com/video/123?dnt=1&autoplay=1#t=9s"),
        ("https://vimeo.com/123/0a1b", "https://player.vimeo.com/video/123?dnt=1&autoplay=1&h=0a1b"),
        ("https://player.vimeo.com/video/123?h=0a1b", "https://player.vimeo.com/video/123?dnt=1&autoplay=1&h=0a1b"),
        ("https://dai.ly/x1", "https://geo.dailymotion.com/player.html?video=x1"),
        (
            "https://social.example.org/w/abc?start=1m",
            "https://social.example.org/videos/embed/abc?autoplay=1&start=60s",
        ),
        ("https://social.example.org/@desk/12", "https://social.example.org/@desk/12/embed"),
        ("https://bsky.app/profile/did:plc:x/post/3k", "https://embed.bsky.app/embed/did:plc:x/app.bsky.feed.post/3k"),
        ("https://open.spotify.com/intl-de/track/1x?si=2", "https://open.spotify.com/embed/track/1x"),
        ("https://codepen.io/desk/pen/abc", "https://codepen.io/desk/embed/abc?default-tab=result"),
        ("https://twitter.com/i/status/1?s=2", "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=1"),
        (
            "https://soundcloud.com/a-b/sets/c?utm_source=x",
            "https://w.soundcloud.com/player/?auto_play=true&url=https%3A%2F%2Fsoundcloud.com%2Fa-b%2Fsets%2Fc",
        ),
    ],
)
def test_a_page_has_a_player(address: str, frame: str) -> None:
    embed = embed_of(address, ALL)
    assert embed
    assert embed.frame == frame
    assert frame.startswith(frames(ALL))
    assert not any(word in embed.page for word in ("si=", "utm_", "feature", "pp=", "http:"))


@pytest.mark.parametrize(
    "address",
    [
        f"https://user@youtu.be/{ID}",
        f"https://youtube.com@evil.example/watch?v={ID}",
        f"https://youtu.be:8443/{ID}",
        f"https://youtu.be.evil.example/{ID}",
        f"https://notyoutu.be/{ID}",
        f"//youtu.be/{ID}",
        f"javascript://youtu.be/{ID}",
        f'https://youtu.be/{ID}"onload="x',
        f"https://youtu.be/{ID}\n",
        f"https://youtu.be/{ID}é",
        f"https://уoutu.be/{ID}",
        f"https://youtu.be/{ID}/../x",
        f"https://youtu.be\\{ID}",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?list=PL1",
        "https://www.youtube.com/playlist",
        "https://www.youtube.com/@desk",
        "https://evil.example/@desk/12",
        "https://socialXexample.org/@desk/12",
        "https://social.example.org/@desk/12/x",
        "https://soundcloud.com/discover/x",
    ],
)
def test_other_addresses_are_none(address: str) -> None:
    assert embed_of(address, ALL) is None


def test_only_what_is_enabled_plays() -> None:
    assert embed_of(f"https://youtu.be/{ID}", {}) is None
    assert embed_of(f"https://youtu.be/{ID}", ALL | {"youtube": False}) is None
    assert frames({"vimeo": True, "youtube": False, "mastodon": ("a.example", "b.example")}) == (
        "https://player.vimeo.com",
        "https://a.example",
        "https://b.example",
    )
    assert {player.provider for player in PLAYERS} == PROVIDERS.keys()


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("youtub = true", "site.toml:2:1: bad-setting `embeds.youtub`: 'youtub' is not a provider that Byline knows; did you mean 'youtube'?"),
        ("myspace = true", "Byline knows youtube, vimeo"),
        ("mastodon = true", 'write which servers: `mastodon = ["mastodon.example.org"]`'),
        ('youtube = ["youtube.com"]', "write `youtube = true`"),
        ("mastodon = ['https://mastodon.social']", "'https://mastodon.social' is not the name of a server"),
        ("mastodon = ['a.example; script-src *']", "is not the name of a server"),
        ("mastodon = ['*.example']", "is not the name of a server"),
        ("youtube = 1", "site.toml:2:1: bad-setting `embeds.youtube`: Expected `bool | array`, got `int`"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_told(table: str, fault: str) -> None:
    with pytest.raises(SiteError) as caught:
        settings.parse(f"[embeds]\n{table}", {})
    assert fault in str(caught.value)
