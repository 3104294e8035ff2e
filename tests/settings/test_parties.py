"""Third parties: nothing that a policy or a host's file cannot hold gets into one, and the message says what to write."""

import pytest

from byline.problems import SiteError
from byline.settings import file as settings
from byline.settings.parties import PROVIDERS, attributes_of, bad_source

GISCUS = 'provider = "giscus"\nrepo = "a/b"\nrepo_id = "R"\ncategory = "C"\ncategory_id = "D"\n'


def told(text: str) -> str:
    with pytest.raises(SiteError) as caught:
        settings.parse(text, {})
    return str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "https://plausible.io",
        "https://plausible.io:8443",
        "https://*.list-manage.com",
        "https://cdn.test/a/b.js",
        "https://cdn.test/a_b/~c/",
        "https://127.0.0.1:8443",
        "https://xn--mnchen-3ya.de",
        "https://STATS.test",
    ],
)
def test_sources(source: str) -> None:
    assert bad_source(source) == ""
    parsed, _ = settings.parse(f'[allow]\nscripts = ["{source}"]', {})
    assert parsed.allow.scripts == (source,)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("plausible.io", "write it like https://plausible.io"),
        ("//plausible.io/js/", "write it like https://plausible.io/js/"),
        ("http://plausible.io", "write it like https://plausible.io"),
        ("https://plausible.io/js/script.js?v=1", "write it like https://plausible.io/js/script.js"),
        ("https://münchen.de", "write it like https://xn--mnchen-3ya.de"),
        ("https://a.test; script-src *", "write it like https://a.test"),
        ("https://a.test, default-src *", "write it like https://a.test"),
        ("https://a.test https://b.test", "write it like https://a.test"),
        ("https://a.test/$host", "https://example.org"),
        ("https://a.test/{uri}", "https://example.org"),
        ("https://a.test/*", "https://example.org"),
        ("https://a.*", "https://example.org"),
        ("https://*.com", "https://*.example.org"),
        ("https://*", "name the host"),
        ("https://", "https://example.org"),
        ("https://[", "https://example.org"),
        ("https://a.test:99999", "https://example.org"),
        ("https://me@a.test", "https://example.org"),
        ("", "https://example.org"),
        ("*", "name the host"),
        ("https:", "name the host"),
        ("data:", "name the host"),
        ("blob:", "name the host"),
        ("'self'", "name the host"),
        ("'unsafe-inline'", "put them into a file in static/"),
        ("unsafe-eval", "put them into a file in static/"),
    ],
)
def test_what_is_no_source(source: str, hint: str) -> None:
    text = told(f'title = "A"\n[allow]\nfonts = ["https://a.test"]\nscripts = ["{source}"]')
    assert "bad-setting `allow.scripts`: " in text
    assert hint in text
    if source not in ("https://", "", "https:"):
        assert text.startswith("site.toml:4:")


@pytest.mark.parametrize("end", ["\\n", "\\r", "\\u0000", "\\t", "\\u2028", '\\"', "\\\\"])
def test_no_character_ends_a_source(end: str) -> None:
    assert "bad-setting `allow.forms`" in told(f'[allow]\nforms = ["https://a.test{end}"]')
    assert "bad-setting" in told(f'[head]\nscripts = [{{ src = "https://a.test{end}" }}]')


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "[allow]\nscript = []",
            "site.toml:2:1: unknown-setting `allow.script` is not a setting (did you mean `allow.scripts`?)",
        ),
        ("[allow]\nscripts = 'https://a.test'", "bad-setting `allow.scripts`: Expected `array`"),
        (
            "url = 'https://p.test'\n[allow]\nscripts = ['https://p.test/']",
            "site.toml:3:13: bad-setting `allow.scripts`",
        ),
        (
            "url = 'https://p.test'\n[allow]\nscripts = ['https://P.test:443']",
            "site.toml:3:13: bad-setting `allow.scripts`",
        ),
        ("[head]\nscript = []", "unknown-setting `head.script` is not a setting (did you mean `head.scripts`?)"),
        ("[head]\nscripts = ['https://a.test/x.js']", "site.toml:2:12: bad-setting `head.scripts`: Expected `object`"),
        (
            "[head]\nscripts = [\n{ defer = true }]",
            "site.toml:2:1: bad-setting a script in `head.scripts` has no `src`",
        ),
        ("[head]\nscripts = [\n{ src = 'stats.js' }]", "site.toml:3:10: bad-setting 'stats.js' is not the address"),
        ("[[head.scripts]]\nsrc = 'http://a.test/x.js'", "site.toml:2:8: bad-setting 'http://a.test/x.js' is not"),
        ("[[head.scripts]]\nsource = 'https://a.test'", "`head.scripts.source` is not a setting (did you mean `src`?)"),
        (
            "[[head.scripts]]\nsrc = '/static/a.js'\nonload = 'x'",
            "site.toml:3:1: unknown-setting `head.scripts.onload`",
        ),
        ("[[head.scripts]]\nsrc = '/static/a.js'\ndata = {domain = 'x'}", "(write each as an attribute: data-d"),
        (
            "[[head.scripts]]\nsrc = '/static/a.js'\ndata-a = ['x']",
            "site.toml:3:1: bad-setting `head.scripts.data-a` must",
        ),
        ("[[head.scripts]]\nsrc = '/static/a.js'\n'data-a b' = 'x'", "unknown-setting `head.scripts.data-a b`"),
        ("[comments]\nrepo = 'a/b'", "`comments.provider`: name one of giscus, utterances, isso"),
        ("[comments]\nprovider = 'gisqus'", "site.toml:2:1: bad-setting `comments.provider`: 'gisqus' is not one"),
        ("[comments]\nprovider = 'Giscus'", "did you mean 'giscus'?"),
        ("[comments]\nprovider = 'disqus'", "for any other see docs/third-parties.md#another-provider"),
        ("[comments]\nprovider = 'giscus'\nrepo = 'a/b'", "`comments`: giscus needs `category_id`"),
        (
            "[comments]\nprovider = 'isso'\nserver = 'https://*.a.test'",
            "`comments.server`: 'https://*.a.test' is no one server",
        ),
        (f"[comments]\n{GISCUS}strict = 1", "bad-setting `comments.strict`: Expected `str`"),
        (f"[comments]\n{GISCUS}data-mapping = 'url'", "site.toml:7:1: unknown-setting `comments.data-mapping`"),
        (f"[comments]\n{GISCUS}mappin = 'url'", "(did you mean `comments.mapping`?)"),
        ("[comments]\nprovider = 'utterances'\nrepo = 'https://github.com/a/b'", "site.toml:3:1: bad-setting"),
        ("[comments]\nprovider = 'isso'\nserver = 'comments.p.test'", "write it like https://comments.p.test"),
        ("[comments]\nprovider = 'isso'\nserver = 'https://c.test/?a'", "write it like https://c.test/"),
    ],
)
def test_faults_are_named_with_their_place(text: str, fault: str) -> None:
    assert fault in told(text)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_uses_only_values_that_it_has(name: str) -> None:
    provider = PROVIDERS[name]
    known = {key: f"https://{key}.test" for key in (*provider.required, *provider.defaults)}
    assert known.keys() >= {"theme"} or not provider.themes
    assert len(attributes_of(provider, known)) == len(provider.fixed) + len(known.keys() - {"server"})
    for source in (source for sources in provider.opens.values() for source in sources):
        assert bad_source(source.format_map(known).replace("https://https", "https")) == ""
    assert provider.script.format_map(known).startswith("https://")


def test_a_picture_is_no_script() -> None:
    assert "'/static/icon.svg' is not a script" in told('[head]\nscripts = [{ src = "/static/icon.svg" }]')
