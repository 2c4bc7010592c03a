from __future__ import annotations

import pytest

from dispatchwatch.intake.decoding import decode
from dispatchwatch.intake.delimited import delimiter_of, lines_of
from dispatchwatch.intake.delimited_table import read_delimited
from dispatchwatch.intake.feed import FeedError
from tests.intake.samples import accounted, profile, read_bytes, read_text, unreadable

HEADER = "Visit ID,Start,Customer\n"
UMLAUTS = "Visit ID,Start,Customer\nA,2026-05-02 09:00,Müller & Söhne Zürich\n"
CYRILLIC = "Visit ID,Start,Customer\nA,2026-05-02 09:00,Иванов и сыновья Москва\n"


def customers(raw: bytes, **values: object) -> list[str]:
    return [visit.customer.name for visit in read_bytes(raw, **values).visits]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "iso8859_15"]
)
def test_the_encoding_is_found(encoding: str) -> None:
    assert customers(UMLAUTS.encode(encoding)) == ["Müller & Söhne Zürich"]


def test_a_cyrillic_encoding_is_found_too() -> None:
    assert customers(CYRILLIC.encode("cp1251")) == ["Иванов и сыновья Москва"]


def test_an_encoding_that_cannot_be_told_apart_is_configured() -> None:
    assert customers(UMLAUTS.encode("mac_roman"), encoding="mac_roman") == ["Müller & Söhne Zürich"]


def test_a_mark_in_the_file_wins_over_the_configuration() -> None:
    assert customers(UMLAUTS.encode("utf-8-sig"), encoding="cp1252") == ["Müller & Söhne Zürich"]


def test_one_stray_byte_does_not_spoil_the_rest() -> None:
    raw = (UMLAUTS + "B,2026-05-02 09:00,Caf").encode() + b"\xe9\n"
    assert customers(raw) == ["Müller & Söhne Zürich", "Caf\ufffd"]
    _, (problem,) = read_delimited(raw, profile(), "day.csv")
    assert (problem.line, problem.file) == (3, "day.csv")
    assert "1 characters could not be read as utf-8" in problem.problem


def test_nul_bytes_and_control_characters_are_taken_out() -> None:
    assert customers(HEADER.encode() + b"A\x00,2026-05-02 09:00,Ac\x07me\x1a\n") == ["Acme"]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"PK\x03\x04rest", "an Excel workbook or a zip archive, not a text file"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF document"),
    ],
)
def test_a_file_of_another_kind_is_named(raw: bytes, what: str) -> None:
    with pytest.raises(FeedError, match=f"day.csv is {what}"):
        read_bytes(raw)


def test_what_is_no_text_in_the_configured_encoding_is_refused() -> None:
    with pytest.raises(FeedError, match="Set encoding in the profile"):
        decode(bytes(range(128, 256)) * 4, "ascii", "day.csv")


@pytest.mark.parametrize("raw", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_called_empty(raw: bytes) -> None:
    with pytest.raises(FeedError, match=r"day\.csv is empty"):
        read_bytes(raw)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = 'Visit ID,Start,Customer\nA,2026-05-02 09:00,"x; y| z"\nB,2026-05-02 09:00,x\n'.replace(",", delimiter)
    assert len(customers(text.encode())) == 2


def test_delimiters_inside_quotes_and_decimal_commas_do_not_mislead() -> None:
    assert delimiter_of(lines_of('a;b;c\n"1,1,1,1";2,5;3\n"2,2,2,2";3,5;4\n')) == ";"


def test_the_delimiter_can_be_configured() -> None:
    assert customers(b"Visit ID:Start:Customer\nA:2026-05-02:Acme\n", delimiter=":") == ["Acme"]


@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
def test_the_first_line_that_excel_writes_is_obeyed(delimiter: str) -> None:
    text = f"sep={delimiter}\r\nVisit ID,Start,Customer\r\nA,2026-05-02,Acme\r\n".replace(",", delimiter)
    assert customers(text.encode()) == ["Acme"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_known(end: str) -> None:
    reading = read_text(f"Visit ID,Start{end}A,2026-05-02{end}B,sometime{end}")
    assert [visit.ext_id for visit in reading.visits] == ["A"]
    assert [problem.line for problem in unreadable(reading)] == [3]


def test_titles_above_the_header_are_passed_over() -> None:
    text = f"Northside Compressor Service\n\nSchedule for,2026-05-02\n{HEADER}A,2026-05-02,Acme\nB,when,Acme\n"
    reading = read_text(text)
    assert [visit.ext_id for visit in reading.visits] == ["A"]
    assert (reading.rows, [problem.line for problem in reading.problems]) == (2, [6])


def test_a_header_beyond_the_tenth_line_is_not_looked_for() -> None:
    with pytest.raises(FeedError, match="no column that identifies a visit"):
        read_text("title\n" * 10 + HEADER)


def test_the_failure_speaks_of_the_line_that_looks_most_like_a_header() -> None:
    with pytest.raises(FeedError, match="headers found are: Technician, Start, Customer"):
        read_text("A title\nTechnician,Start,Customer\nOrtiz,2026-05-02,Acme\n")


def test_cells_over_several_lines_keep_the_line_numbers() -> None:
    reading = read_text(HEADER + 'A,2026-05-02,"Acme\nPlant 2\nGate 4"\nB,sometime,x\n')
    assert reading.visits[0].customer.name == "Acme\nPlant 2\nGate 4"
    assert [problem.line for problem in reading.problems] == [5]


def test_a_trailing_delimiter_in_every_line_does_no_harm() -> None:
    reading = read_text('Visit ID,Start,Customer,\nA,2026-05-02,"x\ny",\nB,2026-05-02,z,\n')
    assert [visit.ext_id for visit in reading.visits] == ["A", "B"]
    assert reading.problems == ()


@pytest.mark.parametrize("broken", ['B,"2026-05-02,Acme', 'B,2026-05-02,"Acme', '"B,2026-05-02,Acme'])
@pytest.mark.parametrize("after", ["C,2026-05-02,x", 'C,2026-05-02,"x, y"', 'C,2026-05-02,"x\ny"'])
def test_a_stray_quote_costs_its_own_row_and_no_other(broken: str, after: str) -> None:
    reading = read_text(f"{HEADER}A,2026-05-02,x\n{broken}\n{after}\nD,2026-05-02,x\n")
    good = [visit.ext_id for visit in reading.visits]
    assert {"A", "C", "D"} <= set(good)
    assert len(good) + len(unreadable(reading)) == 4
    assert all(problem.line == 3 for problem in unreadable(reading))


def test_quotes_inside_a_cell_are_read_as_they_stand() -> None:
    assert customers((HEADER + 'A,2026-05-02,"5" pipe"\nB,2026-05-02,3" pipe\n').encode()) == ['5 pipe"', '3" pipe']


def test_what_a_broken_cell_leaves_behind_makes_no_visit() -> None:
    reading = read_text(HEADER + 'A,2026-05-02,"he said\nmore "so" there\nB,2026-05-02,x\nC,2026-05-02\n')
    assert [visit.ext_id for visit in reading.visits] == ["A", "B", "C"]
    assert [problem.line for problem in unreadable(reading)] == [3]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "A,2026-05-02,x\nB,2026-05",
        HEADER + "A,2026-05-02,x\nB",
        HEADER + 'A,2026-05-02,x\nB,2026-05-02,"Ac',
        HEADER + 'A,2026-05-02,x\nB,2026-05-02,"Acme\nPlant',
        HEADER + 'A,2026-05-02,x\nB,2026-05-02,"Acme\n',
    ],
)
def test_a_text_that_ends_within_a_row_is_half_written(text: str) -> None:
    with pytest.raises(FeedError, match=r"day\.csv looks half-written"):
        read_text(text)


@pytest.mark.parametrize("tail", ["B,2026-05-02,x", 'B,2026-05-02,"x"', "  ", ""])
def test_a_whole_last_row_needs_no_end_of_line(tail: str) -> None:
    reading = read_text(f"{HEADER}A,2026-05-02,x\n{tail}")
    assert len(reading.visits) == (2 if tail.strip() else 1)


def test_a_header_alone_is_a_day_without_visits() -> None:
    assert read_text(HEADER).rows == 0
    assert read_text(HEADER.strip()).rows == 0


def test_a_cell_beyond_all_measure_costs_its_own_row() -> None:
    reading = read_text(HEADER + "A,2026-05-02,x\nB,2026-05-02," + "x" * 200_000 + "\nC,2026-05-02,x\n")
    assert [visit.ext_id for visit in reading.visits] == ["A", "C"]
    assert [problem.line for problem in unreadable(reading)] == [3]
    assert accounted(reading) == reading.rows == 3
