"""Bytes of a file made into text."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from dispatchwatch.intake.feed import FeedError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"
CANDIDATES = [WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5", "cp949"]
SAMPLE_BYTES = 65536
OTHER_FILES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF document"),
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
WEB_PAGE = re.compile(r"\s*<(!doctype html|html|head|\?xml)", re.IGNORECASE)
LOST = "\ufffd"


class Text(NamedTuple):
    """The text without control characters, the encoding it was read in, and how many characters were lost."""

    text: str
    encoding: str
    lost: int


def decode(raw: bytes, encoding: str | None, source: str) -> Text:
    """The text of a file, by its mark, the configured `encoding`, as UTF-8, else by its most likely encoding.

    What cannot be decoded shows as U+FFFD and is counted. Raises FeedError, naming `source`, when it is no text.
    """
    for start, kind in OTHER_FILES:
        if raw.startswith(start):
            raise FeedError(f"{source} is {kind}, not a text file. Export it as CSV.")
    encoding = _marked(raw) or encoding or _likely(raw)
    try:
        text = raw.decode(encoding, "replace")
    except ValueError as problem:
        raise FeedError(f"{source} cannot be read as {encoding} ({problem}). Set encoding in the profile.") from None
    lost, controls = text.count(LOST), len(CONTROLS.findall(text))
    # of any bytes at all, one in nine is a control character
    if max(lost, controls * 6) > len(text) // 2:
        raise FeedError(f"{source} is not a text file, or not in {encoding}. Set encoding in the profile.")
    return Text(CONTROLS.sub("", text) if controls else text, encoding, lost)


def is_web_page(text: str) -> bool:
    """Whether somebody who is not signed in was given this instead of what was asked for."""
    return WEB_PAGE.match(text) is not None


def _marked(raw: bytes) -> str | None:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return encoding
    # every other byte of plain text in UTF-16 is zero
    start = raw[:1000]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) >= 4 and start[offset::2].count(0) * 2 > len(start[offset::2]) and start.count(0) < len(start):
            return encoding
    return None


def _likely(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8" if _nearly_utf8(raw) else _guess(raw)
    return "utf-8"


def _nearly_utf8(raw: bytes) -> bool:
    """A stray byte in a UTF-8 file must not turn all its other letters into nonsense."""
    text = raw.decode("utf-8", "replace")
    lost = text.count(LOST)
    whole = sum(1 for character in text if character > "\x7f") - lost
    return whole > lost * 2


def _guess(raw: bytes) -> str:
    lines = [line for line in raw.splitlines() if not line.isascii()]
    best = from_bytes(b"\n".join(lines)[:SAMPLE_BYTES], cp_isolation=CANDIDATES).best()
    if best is None or WESTERN in best.could_be_from_charset or best.encoding in {"cp1250", "cp1254"}:
        return WESTERN
    return best.encoding
