"""Unpacking an answer piece by piece: a few packed bytes may stand for gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
NOT_PACKED = frozenset({"", "identity"})


class UnknownPacking(Exception):
    """The answer is packed in a way that was not asked for."""


class BadPacking(Exception):
    """The answer is damaged, or ends before it is whole."""


def unpacked(packed: Iterable[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """The content in pieces of at most `most` bytes each. `encoding` is that of the Content-Encoding header."""
    encoding = encoding.strip().lower()
    if encoding in NOT_PACKED:
        yield from packed
    elif encoding in WINDOWS:
        yield from _inflated(packed, WINDOWS[encoding], most)
    else:
        raise UnknownPacking


def _inflated(packed: Iterable[bytes], window: int, most: int) -> Iterator[bytes]:
    decoder, begun = zlib.decompressobj(window), False
    try:
        for piece in packed:
            left = piece
            while left:
                begun = True
                if decoder.eof:  # an answer may consist of several packed ones, one after the other
                    decoder = zlib.decompressobj(window)
                yield decoder.decompress(left, most)
                left = decoder.unconsumed_tail or decoder.unused_data
        yield decoder.flush()
    except zlib.error:
        raise BadPacking from None
    if begun and not decoder.eof:
        raise BadPacking
