"""Making a text fit for a platform: no characters that break a request, no longer than allowed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WEB_LINK = re.compile(r"https?://[^\s/?#\\@]+([/?#]\S*)?", re.IGNORECASE)


def plain(text: str) -> str:
    """The text without control characters (line breaks and tabs stay) and without halves of characters."""
    if text.isprintable():
        return text
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text).strip()


def one_line(text: str) -> str:
    """The text as a single line, each run of white space one space."""
    return " ".join(plain(text).split())


def utf16_units(text: str) -> int:
    """The length as UTF-16 counts it: never less than the number of characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int, size: Callable[[str], int] = len) -> str:
    """The text if its size is within the limit; else as much as fits, cut at a word where there is one, and "…".

    `size` must grow with the text. It counts "…" as 1.
    """
    if size(text) <= limit:
        return text
    length = bisect_right(range(len(text) + 1), limit - 1, key=lambda end: size(text[:end])) - 1
    kept = text[: max(length, 0)]
    last_space = max(kept.rfind(" "), kept.rfind("\n"))
    if last_space > len(kept) // 2 and not text[length : length + 1].isspace():
        kept = kept[:last_space]
    return kept.rstrip() + "…"


def web_link(link: str, limit: int = 2000) -> str:
    """The link if it is one that a browser opens, without markup characters in it; otherwise an empty text."""
    link = plain(link)
    if not _WEB_LINK.fullmatch(link) or len(link) > limit:
        return ""
    for character, encoded in (("<", "%3C"), (">", "%3E"), ("|", "%7C"), ('"', "%22")):
        link = link.replace(character, encoded)
    return link
