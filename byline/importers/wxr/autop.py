"""Paragraphs of WordPress's classic editor, which keeps an empty line between two and a line break for a break.

https://developer.wordpress.org/reference/functions/wpautop/
"""

import re

_BLOCK = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address|style"
    "|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|menu|summary"
    "|video|audio|iframe|object|x-more"
)
_PRE = re.compile(r"<(pre|script|style|textarea|svg)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BEFORE = re.compile(rf"(<(?:{_BLOCK})(?:[\s/>]))", re.IGNORECASE)
_AFTER = re.compile(rf"(</(?:{_BLOCK})>|<hr\b[^>]*>)", re.IGNORECASE)
_STARTS = re.compile(rf"\s*(?:</?(?:{_BLOCK})[\s/>]|\x01)", re.IGNORECASE)
_AT_BLOCK = re.compile(rf"(</?(?:{_BLOCK})(?:\s[^>]*)?/?>)\s*<br />|<br />\s*(?=</?(?:{_BLOCK})[\s/>])", re.IGNORECASE)
_TAG_LINE = re.compile(r"<[^<>]*>")


def autop(html: str) -> str:
    """`html` with paragraphs and line breaks where WordPress puts them."""
    if not html.strip():
        return ""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\n\n\x01{len(kept) - 1}\x01\n\n"

    text = html.replace("\x01", "").replace("\r\n", "\n").replace("\r", "\n")
    text = _TAG_LINE.sub(lambda tag: tag[0].replace("\n", " "), _PRE.sub(keep, text))
    text = re.sub(r"<br\s*/?>\s*<br\s*/?>", "\n\n", text)
    text = _AFTER.sub(r"\1\n\n", _BEFORE.sub(r"\n\n\1", text))
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]
    text = "\n".join(part if _STARTS.match(part) else f"<p>{_broken(part)}</p>" for part in parts)
    return re.sub(r"\x01(\d+)\x01", lambda mark: kept[int(mark[1])], text)


def _broken(part: str) -> str:
    lines = re.sub(r"(?<!<br />)(?<!<br>)[ \t]*\n", "<br />\n", re.sub(r"<br\s*/?>[ \t]*\n?", "<br />", part))
    return _AT_BLOCK.sub(lambda at: at[1] or "", lines)
