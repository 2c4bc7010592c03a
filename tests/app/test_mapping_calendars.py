"""Connecting calendars: what their events hold is shown, and what nobody can know from them is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatchwatch.app.mapping import MappingError, MappingSession
from tests.app.mapping_offices import answered, begun, keys, office, saved, suggestion
from tests.fakes.calendar_server import CalendarServer
from tests.fakes.keyring_box import KeyringBox
from tests.fakes.receiver import Answer, Receiver
from tests.intake.calendar_samples import calendar, event
from tests.intake.samples import utc

NOW = utc(2026, 5, 2, 12)
PASSWORD = "s3cret-word"
TITLES = ("Acme Foundry - J. Ortiz", "Beta Mill - M. Lee", "Cold Store - J. Ortiz", "Delta - M. Lee", "Team meeting")


def lines(number: int, title: str) -> tuple[str, ...]:
    start = f"DTSTART;TZID=America/Chicago:2026050{2 + number % 2}T{8 + number:02d}0000"
    return (start, f"SUMMARY:{title}", "DTSTAMP:20260101T000000Z")


def day(folder: Path, *more: tuple[str, ...], titles: tuple[str, ...] = TITLES) -> None:
    events = [
        event(*lines(number, title), *(more[number] if number < len(more) else ()), uid=f"E{number}")
        for number, title in enumerate(titles)
    ]
    (folder / "day.ics").write_text(calendar(*events), encoding="utf-8")


def seen(folder: Path, **answers: str) -> MappingSession:
    return answered(begun("ical", office(folder), path="day.ics").look(NOW), **answers)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with CalendarServer(tmp_path, {"ann": PASSWORD}) as server:
        server.make_calendar("/ann/visits/", "Visits")
        server.make_calendar("/ann/home/", "Private")
        for number, title in enumerate(TITLES):
            server.put(f"/ann/visits/E{number}.ics", calendar(event(*lines(number, title), uid=f"E{number}")))
        yield server


def test_it_is_asked_where_a_calendar_is(tmp_path: Path) -> None:
    first = begun("ical", office(tmp_path))
    assert keys(first) == ["from"]
    assert keys(answered(first, **{"from": "file"})) == ["path"]
    (address,) = answered(first, **{"from": "address"}).open_questions
    assert (address.key, address.secret) == ("url", True)


def test_what_the_entries_hold_is_shown(tmp_path: Path) -> None:
    day(
        tmp_path,
        ("LOCATION:1 Dock Rd", "DESCRIPTION:Ring: 555\\nJust come", "CATEGORIES:PM"),
        ("DESCRIPTION:Ring: 556",),
    )
    holds, taken = seen(tmp_path).found
    assert holds.title.endswith("day.ics: 5 entries that make 5 visits on 2 days.")
    rows = {row[0]: row[1:] for row in holds.rows}
    assert rows["key:Ring"] == (2, ["555", "556"])
    assert (rows["location"], rows["category"]) == ((1, ["1 Dock Rd"]), (1, ["PM"]))
    assert ("address", "the location", 1, ["1 Dock Rd"]) in taken.rows


def test_titles_made_of_parts_are_suggested_and_never_taken_silently(tmp_path: Path) -> None:
    day(tmp_path)
    first = seen(tmp_path)
    assert keys(first)[:2] == ["title:1", "title:2"]
    assert (suggestion(first, "title:1"), suggestion(first, "title:2")) == ("customer", "technician")
    assert "summary" not in first.entry()
    done = first.with_suggestions()
    assert keys(done) == []
    assert done.entry()["summary"] == "(?P<customer>.+?) - (?P<technician>.+)"
    visits = {visit.visit.ext_id: visit.visit for visit in done.preview(NOW)[1]}
    assert (visits["E0"].technician, visits["E0"].customer.name) == ("J. Ortiz", "Acme Foundry")
    assert visits["E4"].technician == ""
    config = saved(done)
    (feed,) = config.feeds
    assert (feed.name, feed.kind, config.profiles) == ("board", "ical", {})
    assert config.path.read_text(encoding="utf-8").startswith("# ours\n")


def test_several_people_invited_are_asked_about_without_a_suggestion(tmp_path: Path) -> None:
    both = ("ATTENDEE;CN=J. Ortiz:mailto:o@x.example", "ATTENDEE;CN=Client:mailto:c@x.example")
    day(tmp_path, both, both[:1], titles=("Service", "Repair"))
    first = seen(tmp_path)
    assert (keys(first)[0], suggestion(first, "field:technician")) == ("field:technician", "")
    assert "Several people are invited to 1 of 2 events, such as J. Ortiz; Client." in first.open_questions[0].text
    assert keys(first.with_suggestions()) == ["field:technician"]
    nobody = answered(first, **{"field:technician": "none", "field:customer": "none"})
    assert nobody.entry()["fields"] == {"technician": ""}
    assert [one.visit.technician for one in nobody.preview(NOW)[1]] == ["", ""]


def test_one_person_invited_is_suggested(tmp_path: Path) -> None:
    day(tmp_path, ("ATTENDEE;CN=J. Ortiz:mailto:o@x.example",), titles=("Service", "Repair"))
    assert suggestion(seen(tmp_path), "field:technician") == "attendee"


def test_lines_named_for_what_they_tell_are_not_asked_about(tmp_path: Path) -> None:
    told = "DESCRIPTION:Technician: Lee\\nCustomer: Acme\\nStatus: Gone fishing"
    day(tmp_path, (told,), titles=("Service",))
    first = seen(tmp_path)
    assert keys(first) == ["status:Gone fishing"]
    done = answered(first, **{"status:Gone fishing": "paused"})
    (watched,) = done.preview(NOW)[1]
    assert (watched.visit.technician, watched.visit.customer.name, watched.visit.status) == ("Lee", "Acme", "paused")
    config = saved(done)
    assert config.profile_of(config.feeds[0]).status == {"Gone fishing": "paused"}


def test_a_line_that_holds_status_words_is_suggested(tmp_path: Path) -> None:
    day(tmp_path, ("DESCRIPTION:Stand: arrived",), ("DESCRIPTION:Stand: booked",), titles=("Service", "Repair"))
    first = seen(tmp_path, **{"field:technician": "none", "field:customer": "none"})
    assert suggestion(first, "field:status") == "key:Stand"
    done = first.with_suggestions()
    assert [one.visit.status.value for one in done.preview(NOW)[1]] == ["arrived", "scheduled"]


@pytest.mark.parametrize(
    ("key", "choice", "message"),
    [
        ("field:technician", "key:Nobody", "hold nothing at “key:Nobody”; they do at title"),
        ("title:1", "weather", "no answer to “title:1”"),
        ("status:Stand", "angling", "status.Stand"),
        ("weather", "fine", "no answer"),
    ],
)
def test_an_answer_about_a_calendar_that_makes_no_sense_says_why(
    tmp_path: Path, key: str, choice: str, message: str
) -> None:
    day(tmp_path)
    with pytest.raises(MappingError, match=message):
        seen(tmp_path).answer(key, choice)


def test_a_server_asks_who_it_is_and_which_calendar(server: CalendarServer, tmp_path: Path) -> None:
    ring = KeyringBox()
    first = begun("caldav", office(tmp_path, ring))
    assert keys(first) == ["url"]
    asked = first.answer("url", server.url).look(NOW)
    assert [(one.key, one.secret) for one in asked.open_questions] == [("user", False), ("password", True)]
    several = answered(asked, user="ann", password=PASSWORD).look(NOW)
    assert [(one.key, one.choices) for one in several.open_questions] == [("calendar", ("Private", "Visits"))]
    with pytest.raises(MappingError, match="“2” is none of Private, Visits"):
        several.answer("calendar", "2")
    done = several.answer("calendar", "Visits").look(NOW).with_suggestions()
    assert len(done.preview(NOW)[1]) == len(TITLES)
    assert ring.kept == {}
    config = saved(done)
    assert ring.kept == {"DispatchWatch board.password": PASSWORD}
    assert 'password = "keyring:"' in config.path.read_text(encoding="utf-8")
    assert config.warnings == ()
    for text in (repr(done), str(done.found), config.path.read_text(encoding="utf-8")):
        assert PASSWORD not in text


def test_a_wrong_password_is_told_and_asked_again(server: CalendarServer, tmp_path: Path) -> None:
    first = begun("caldav", office(tmp_path, KeyringBox()), url=server.url, user="ann", password="wrong-word")
    with pytest.raises(MappingError, match=r"does not let us in \(401\)") as error:
        first.look(NOW)
    assert "wrong-word" not in str(error.value)
    again = first.again()
    assert [(one.key, one.suggestion) for one in again.open_questions] == [
        ("url", server.url),
        ("user", "ann"),
        ("password", ""),
    ]
    assert answered(again, url=server.url, user="ann", password=PASSWORD).look(NOW).open_questions[0].key == "calendar"


def test_a_secret_address_goes_into_the_keyring_or_else_into_the_file(tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.script("/private-7/basic.ics", Answer(200, {}, calendar(event(*lines(0, "Service"))).encode()))
    try:
        url, ring = f"{receiver.url}/private-7/basic.ics", KeyringBox()
        for keyring, name in ((ring, "one"), (None, "two")):
            (tmp_path / name).mkdir()
            done = begun("ical", office(tmp_path / name, keyring), url=url).look(NOW).with_suggestions()
            answered(done, **{"field:technician": "none"}).save()
        assert ring.kept == {"DispatchWatch board.url": url}
        assert "private-7" not in (tmp_path / "one" / "office.toml").read_text(encoding="utf-8")
        assert url in (tmp_path / "two" / "office.toml").read_text(encoding="utf-8")
    finally:
        receiver.close()


def test_user_and_password_do_not_belong_into_the_address(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="Leave user and password out") as error:
        begun("caldav", office(tmp_path), url="https://ann:s3cret-word@cloud.example")
    assert PASSWORD not in str(error.value)
