"""Escapes: words as Markdown that reads the same, with as few backslashes as that takes."""

import re

_URL = re.compile(r"(?:https?://|(?<![^\W_])www\.)[^\s<]+", re.IGNORECASE)
_PLAIN_URL = re.compile(r"(?:[A-Za-z0-9/.:?=&%#+,;@-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))+")
_LONE_URL = re.compile(
    r"https?://(?:[A-Za-z0-9/.:?=&%#+,;@-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))*_?[A-Za-z0-9/.:?=%#+,;@-]*"
)
_ENTITY_OF_URL = re.compile(r"&#?\w+;")
_SPECIAL = re.compile(
    r"[\\`*\[\]~$^]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word is one
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"
    r"|=(?==)|(?<==)=|%(?=%)|(?<=%)%"
    r"|\{(?=[.:A-Za-z])"
    r"|:(?=[a-z0-9+_-]+:)"
)
_TEMPLATE = re.compile(r"\{(?=[{%#<])")
_LINE = re.compile(
    r"^([ \t]*)(?:(#{1,6}(?=\s|$)|[>|:]|[+-](?=\s|$)|-(?=-)|=(?=[= \t]*$))|(\d{1,9})([.)])(?=\s|$))",
    re.MULTILINE,
)


BANG, URL_END = "\x12", "\x13"
"""Marks for an exclamation mark, which could begin a picture, and for the end of an address: what follows decides."""
_URL_BEFORE = re.compile(f"(?:https?://|www\\.)[^\\s<>{URL_END}]*{URL_END}(?=[^\\s{URL_END}])", re.IGNORECASE)


def escaped(text: str, *, in_link: bool = False) -> str:
    """Words within a line. Addresses stay bare, so that they become links, or figures on a line of their own."""
    if in_link or not _URL.search(text):
        return _words(text)
    if _LONE_URL.fullmatch(text.strip()):
        return text if text[-1].isspace() else text + URL_END
    kept, start = [], 0
    for url in _URL.finditer(text):
        kept.append(_words(text[start : url.start()]))
        is_apart = url.end() == len(text) or text[url.end()].isspace()
        is_plain = is_apart and _PLAIN_URL.fullmatch(url[0]) and not _ENTITY_OF_URL.search(url[0])
        end = URL_END if url.end() == len(text) else ""
        kept.append(url[0] + end if is_plain else _angled(url[0]))
        start = url.end()
    return "".join(kept) + _words(text[start:])


def settled(text: str, picture: str) -> str:
    """The text with its marks decided; `picture` is the mark before a picture."""
    text = _URL_BEFORE.sub(lambda url: _angled(url[0][:-1]), text)
    text = re.sub(rf"{BANG}(?=\[|{picture})", r"\\!", text.replace(URL_END, ""))
    return text.replace(picture, "!").replace(BANG, "!")


def line_starts(text: str) -> str:
    """Lines of escaped words, so that none begins a heading, a list, a quote, a table or an underline."""
    return _LINE.sub(lambda at: f"{at[1]}\\{at[2]}" if at[2] else f"{at[1]}{at[3]}\\{at[4]}", text)


def destination(url: str) -> str:
    """An address in the brackets of a link."""
    url = re.sub(r"\s+", " ", url.strip())
    if re.search(r"[ ()\\]|&#?\w+;", url) or not url:
        return "<{}>".format(url.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;"))
    return url.replace("<", "%3C").replace(">", "%3E")


def title(text: str) -> str:
    """A title behind an address, with the space before it; empty if there is none."""
    words = " ".join(text.split())
    return ' "{}"'.format(_words(words).replace('"', '\\"')) if words else ""


def _words(text: str) -> str:
    return _TEMPLATE.sub("&#123;", _SPECIAL.sub(r"\\\g<0>", text)).replace("!", BANG)


def _angled(url: str) -> str:
    """An address that would not stay one if it stood bare."""
    if not url.lower().startswith("http"):
        return _unlinked(url)
    found = re.match(r"[^>\"]*?(?=[.,:;!?'\"*_~)\]]*(?:[>\"]|$))", url)
    end = found.end() if found else len(url)
    inner = url[:end].replace("&", "&amp;") if _ENTITY_OF_URL.search(url) else url[:end]
    return f"<{inner}>{_unlinked(url[end:])}"


def _unlinked(text: str) -> str:
    """Words that are no address, whatever they look like."""
    return re.sub(r"(?<![^\W_])(www)\.", r"\1\\.", _words(text), flags=re.IGNORECASE).replace("://", "\\://")
