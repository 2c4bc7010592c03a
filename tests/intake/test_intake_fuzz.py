from __future__ import annotations

import csv
import io
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.intake.delimited_table import read_delimited
from dispatchwatch.intake.feed import FeedError, Unsettled
from tests.intake.samples import NOW, accounted, as_csv, csv_feed, profile, read_text, unreadable
from tests.thorough import times

HEADER = [
    "Visit ID", "Date", "Start", "End", "Window Start", "Window End", "Duration", "Status", "Technician", "Modified At",
    "Time Zone", "Latitude", "Longitude", "Arrived At",
]  # fmt: skip
LIKELY = st.sampled_from(
    ["", "A", "B", "2.98725E+13", "2026-05-02", "5/2/2026", "13/2/2026", "9:00", "24:00", "2026-05-02 09:00", "TBD",
     "1900-01-01", "2026-03-08 02:30", "9999-12-31", "0001-01-01", "99999999", "-5", "1:30", "America/Denver", "../..",
     "Scheduled", "not done", "37.74", "(1, 2)", "nan", "inf", "2026-05-02T09:00+14:00", "9:00 PM", "²", "٣/٤/2026"]
)  # fmt: skip
CELLS = st.one_of(LIKELY, st.text(max_size=20).map(lambda text: text.replace("\r", "\n")))
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=len(HEADER) + 2), max_size=12)
FORMATS = st.sampled_from(
    ["hhmm", "epoch", "epoch_ms", "seconds_since_midnight", "%H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d"]
)


@settings(max_examples=times(120))
@given(ROWS, st.dictionaries(st.sampled_from(["date", "sched_start", "sched_end", "arrived_at"]), FORMATS))
def test_whatever_the_cells_hold_every_row_is_accounted_for(rows: list[list[str]], formats: dict[str, str]) -> None:
    # a row of the wrong width that spans lines is read line by line, so that it hides no other
    rows = [row if len(row) == len(HEADER) else [" ".join(cell.split()) for cell in row] for row in rows]
    rows = [[*row[:-1], row[-1] + "."] for row in rows]
    text = as_csv(HEADER, rows)
    reading = read_text(text, format=formats, delimiter=",")
    assert reading.rows == len(rows)
    assert accounted(reading) == reading.rows
    assert len({problem.line for problem in unreadable(reading)}) == len(unreadable(reading))
    for visit in reading.visits:
        assert visit.sched_start is None or visit.sched_end is None or visit.sched_start <= visit.sched_end


@settings(max_examples=times(120))
@given(
    st.lists(
        st.sampled_from(
            [
                'A,2026-05-02,"x"',
                'B,"2026-05-02,x',
                'C,2026-05-02,"x',
                '"',
                '"x',
                "D,2026-05-02,x",
                ",,",
                '"",""""',
                "x,y,z,w",
            ]
        ),
        max_size=12,
    )
)
def test_whatever_is_quoted_no_line_is_lost_and_no_whole_row_before_the_first_quote(lines: list[str]) -> None:
    text = "\n".join(["Visit ID,Start,Customer", *lines, ""])
    with suppress(FeedError):
        reading = read_text(text, delimiter=",")
        assert accounted(reading) == reading.rows
        plain = next((number for number, line in enumerate(lines) if '"' in line), len(lines))
        assert reading.rows >= plain


@settings(max_examples=times(120))
@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"", b"Visit ID,Start\n", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n", "Visit ID\tStart\n".encode("utf-16")]
    ),
)
def test_whatever_the_bytes_are_nothing_but_a_feed_error_comes_out(tail: bytes, start: bytes) -> None:
    with suppress(FeedError):
        table, _ = read_delimited(start + tail, profile(), "day.csv")
        assert table.columns.width >= 2


@settings(max_examples=times(40))
@given(st.binary(max_size=300))
def test_whatever_the_file_holds_the_feed_gives_a_snapshot_or_says_why_not(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "day.csv").write_bytes(b"Visit ID,Start,Status\nA,2026-05-02 09:00,Done\n" + raw)
        feed = csv_feed(Path(folder))
        with suppress(Unsettled):
            feed.fetch(NOW)
        with suppress(FeedError):
            snapshot = feed.fetch(NOW)
            assert feed.fetch(NOW).visits is snapshot.visits
            assert snapshot.visits or snapshot.problems


@settings(max_examples=times(100))
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=15), min_size=1, max_size=6))
def test_whatever_the_header_says_it_is_resolved_or_refused(header: list[str]) -> None:
    text = io.StringIO()
    csv.writer(text).writerow(header)
    with suppress(FeedError):
        read_text(text.getvalue())
