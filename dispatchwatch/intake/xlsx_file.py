"""Opening an Excel workbook that may be anything: broken, locked, old, or made to fill the memory."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from openpyxl import Workbook, load_workbook

from dispatchwatch.intake.feed import FeedError

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Excel files begin, and, by [MS-OFFCRYPTO] 2.3, new ones that are protected with a password."""
LOCKED = "EncryptedPackage".encode("utf-16-le")
PIECE = 1_000_000
MOST_TAGS = 5_000_000
"""A million cells and more. What parsing costs goes by the tags: 20 MB of `<row/>` were measured to take 0.9 GB."""
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
"""No part of a workbook may have one (ECMA-376 part 2, 7.2.4), and entities defined in it can unfold to gigabytes."""
SAVE_AGAIN = "Open it in the spreadsheet program and save it as Excel Workbook (.xlsx)."


@contextmanager
def opened(content: bytes, file: str, max_unpacked: int) -> Iterator[Workbook]:
    """The workbook for reading only, its formulas as the values they last had.

    Whatever goes wrong inside the context is raised as FeedError, naming `file`; `max_unpacked` is in bytes.
    """
    _check(content, file, max_unpacked)
    try:
        _check_parts(content, file)
        workbook = _loaded(content)
        try:
            yield workbook
        finally:
            workbook.close()
    except FeedError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl fails in all manner of ways on a file that is not in order
        raise FeedError(f"{file} cannot be read: the workbook is broken or oddly written. {SAVE_AGAIN}") from None


def _loaded(content: bytes) -> Workbook:
    with warnings.catch_warnings():
        # it warns of styles and drawings that it does not know; we ask for neither
        warnings.filterwarnings("ignore", module="openpyxl")
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)


def _check(content: bytes, file: str, max_unpacked: int) -> None:
    if not content.strip():
        raise FeedError(f"{file} is empty. Check whether the export ran to its end.")
    if content.startswith(COMPOUND_FILE):
        raise FeedError(_locked(file) if LOCKED in content else f"{file} is an old Excel file (.xls). {SAVE_AGAIN}")
    if not content.startswith(b"PK"):
        raise FeedError(f'{file} is not an Excel workbook. {SAVE_AGAIN} If it is text, write kind = "csv".')
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise FeedError(f"{file} is broken or half-written. Check whether the export ran to its end.") from None
    if any(part.flag_bits & 1 for part in parts):
        raise FeedError(_locked(file))
    # a part never unpacks to more than it says here; zipfile stops there
    unpacked = sum(part.file_size for part in parts)
    if unpacked > max_unpacked:
        allowed = f"more than the {max_unpacked:,} that max_unpacked_bytes allows"
        raise FeedError(f"{file} unpacks to {unpacked:,} bytes, {allowed}. Check whether it is the right file.")
    if not any(part.filename in {"xl/workbook.xml", "[Content_Types].xml"} for part in parts):
        raise FeedError(f"{file} is not an Excel workbook (.xlsx). {SAVE_AGAIN}")


def _check_parts(content: bytes, file: str) -> None:
    """Raises FeedError for more than a schedule can hold, ValueError for a document type."""
    tags = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            before = b""
            with archive.open(part) as unpacked:
                while piece := unpacked.read(PIECE):
                    tags += piece.count(b"<")
                    if tags > MOST_TAGS:
                        raise FeedError(f"{file} holds more than a schedule can. Export fewer days or columns.")
                    if any(mark in before + piece for mark in DOCTYPES):
                        raise ValueError("a document type")
                    before = piece[-max(map(len, DOCTYPES)) :]


def _locked(file: str) -> str:
    return f"{file} is protected with a password. Save a copy without one, or export it without."
