"""Files that go bad, through the real feed of each kind to the board: it keeps the last good schedule and its age."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from dispatchwatch.intake.catalog import FEEDS, open_feed
from dispatchwatch.intake.feed import Feed
from tests.end_to_end.sources import CALENDAR, board
from tests.fakes.office import CHICAGO, FEED

MEGABYTE = 1_000_000
TABLE = "Visit ID,Start,Customer\nJ-1042,2026-11-10 15:00,Acme Foundry\n"


def feed(folder: Path, file: str) -> Feed:
    kind = {".csv": "csv", ".xlsx": "xlsx", ".ics": "ical"}[Path(file).suffix]
    config = FEEDS[kind].model_validate({"name": FEED, "kind": kind, "path": file, "every": "30s"})
    return open_feed(config, None, office_zone=CHICAGO, base=folder)


def write_good(path: Path) -> None:
    if path.is_dir():
        path.rmdir()
    if path.suffix == ".xlsx":
        workbook = Workbook()
        for line in TABLE.splitlines():
            workbook.worksheets[0].append(line.split(","))
        workbook.save(path)
    else:
        path.write_text(CALENDAR if path.suffix == ".ics" else TABLE, encoding="utf-8", newline="")


def huge(path: Path) -> None:
    os.truncate(path, 1000 * MEGABYTE)


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 30)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def gone(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_web_page(path: Path) -> None:
    path.write_text("<!DOCTYPE html><html><body>Please sign in</body></html>", encoding="utf-8")


def a_picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)


def a_bomb(path: Path) -> None:
    """150 MB of blanks behind the cells."""
    bomb = path.with_suffix(".new")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b" " * 150 * MEGABYTE if name.endswith("sheet1.xml") else b""))
    shutil.move(bomb, path)


def with_entities(path: Path) -> None:
    """A sheet whose second customer would be gigabytes long."""
    bomb = path.with_suffix(".new")
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>'.encode() + text[text.find(b"<worksheet") :]
            new.writestr(name, text.replace(b"Acme Foundry", b"&e11;") if name.endswith("sheet1.xml") else text)
    shutil.move(bomb, path)


TOO_BIG = (
    "has 1,000,000,000 bytes, more than the 100,000,000 that max_bytes allows. Check whether it is the right file."
)
CASES: list[tuple[str, Callable[[Path], None], str]] = [
    ("day.csv", huge, TOO_BIG),
    ("day.csv", empty, "is empty. Check whether the export ran to its end."),
    ("day.csv", half, "looks half-written: its last row breaks off. Check whether the export ran."),
    ("day.csv", gone, "is not there. Check the path, and whether the export ran."),
    ("day.csv", a_folder, "no file matches"),
    ("day.csv", a_web_page, "is a web page, not a table, perhaps a page to sign in. Check the export."),
    ("day.csv", a_picture, "is not a text file, or not in cp1252. Set encoding in the profile."),
    ("day.xlsx", huge, TOO_BIG),
    ("day.xlsx", empty, "is empty. Check whether the export ran to its end."),
    ("day.xlsx", half, "is broken or half-written. Check whether the export ran to its end."),
    ("day.xlsx", gone, "is not there. Check the path, and whether the export ran."),
    ("day.xlsx", a_web_page, "is not an Excel workbook. Open it in the spreadsheet program and save it"),
    (
        "day.xlsx",
        a_bomb,
        "more than the 100,000,000 that max_unpacked_bytes allows. Check whether it is the",
    ),
    ("day.xlsx", with_entities, "the workbook is broken or oddly written. Open it in the spreadsheet program"),
    ("day.ics", huge, "more than the 50,000,000 that max_bytes allows. Check whether it is the right file."),
    ("day.ics", empty, "is empty where a calendar is expected. Check whether the export still runs."),
    ("day.ics", half, "ends before its calendar does, so events may be missing. It is read again."),
    ("day.ics", gone, "is not there. Check the path, and whether the export ran."),
    ("day.ics", a_web_page, "gives a web page, not a calendar"),
    ("day.ics", a_picture, "is not a text file"),
]


@pytest.mark.parametrize(("file", "spoil", "said"), CASES, ids=[f"{file} {spoil.__name__}" for file, spoil, _ in CASES])
def test_the_board_keeps_the_last_good_schedule_and_its_age(
    tmp_path: Path, file: str, spoil: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / file
    write_good(path)
    home = board(tmp_path / "data", feed(tmp_path, file))
    sentence = home.goes_stale_and_recovers(lambda: spoil(path), lambda: write_good(path))
    home.office.close()
    assert str(path) in sentence
    assert sentence.endswith(".")
    assert said in sentence
