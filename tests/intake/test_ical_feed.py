from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.intake.feed import Feed, FeedError, Unsettled
from dispatchwatch.intake.ical_feed import IcalConfig
from tests.fakes.calendar_server import CalendarServer
from tests.fakes.receiver import Act, Answer, Receiver
from tests.intake.calendar_samples import START, calendar, event
from tests.intake.samples import CHICAGO, NOW, profile, utc

SECRET = "private-0a1b2c"
STAMPED = {"Date": "Sat, 02 May 2026 14:03:00 GMT"}


def ical(base: Path = Path(), **values: object) -> Feed:
    config = IcalConfig.model_validate({"name": "calendar", **values})
    return config.open(profile(), office_zone=CHICAGO, base=base)


def write(path: Path, *events: str, at: datetime = NOW) -> Path:
    path.write_text(calendar(*events), newline="")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def settled(feed: Feed, now: datetime = NOW) -> Snapshot:
    with pytest.raises(Unsettled):
        feed.fetch(now)
    return feed.fetch(now)


def test_the_catalogue_knows_it() -> None:
    assert FEEDS["ical"] is IcalConfig
    assert IcalConfig(name="x", path="a.ics").every == timedelta(minutes=5)


@pytest.mark.parametrize(
    "values",
    [{}, {"url": ""}, {"url": "https://a", "path": "b"}, {"path": " "}, {"path": "a", "days_back": -1},
     {"path": "a", "days_ahead": 400}, {"path": "a", "summary": "(a+)+"}, {"path": "a", "fields": {"x": "title"}},
     {"path": "a\0"}, {"path": "a", "colour": "red"}],
)  # fmt: skip
def test_settings_that_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        IcalConfig.model_validate({"name": "x", **values})


def test_the_address_is_a_secret() -> None:
    assert SECRET not in repr(IcalConfig.model_validate({"name": "x", "url": f"https://example.com/{SECRET}.ics"}))


def test_a_calendar_behind_an_address_becomes_a_snapshot() -> None:
    with Receiver() as receiver:
        receiver.script("/a.ics", Answer(headers=STAMPED, body=calendar(event(START))))
        snapshot = ical(url=f"{receiver.url}/a.ics").fetch(NOW)
        assert receiver.received[0].headers["accept"].startswith("text/calendar")
    assert [one.ext_id for one in snapshot.visits] == ["A"]
    assert (snapshot.feed, snapshot.read_at, snapshot.complete) == ("calendar", NOW, True)
    assert (min(snapshot.covered), max(snapshot.covered)) == (date(2026, 4, 30), date(2026, 5, 16))
    assert (len(snapshot.covered), snapshot.sources) == (17, (receiver.url,))
    assert snapshot.clock_ahead == timedelta(minutes=3)


def test_an_unchanged_calendar_is_the_very_same_until_the_day_is_over() -> None:
    texts = [calendar(event(f"DTSTAMP:2026050{n}T000000Z", START, "RRULE:FREQ=DAILY")) for n in (1, 2, 3)]
    with Receiver() as receiver:
        receiver.script("/a.ics", *(Answer(body=text) for text in texts))
        feed = ical(url=f"{receiver.url}/a.ics", days_ahead=1)
        first, again = feed.fetch(NOW), feed.fetch(NOW + timedelta(minutes=5))
        assert again.visits is first.visits
        assert (again.digest, again.read_at) == (first.digest, NOW + timedelta(minutes=5))
        tomorrow = feed.fetch(NOW + timedelta(days=1))
        assert tomorrow.digest != first.digest
        assert len(tomorrow.visits) == len(first.visits) + 1
        assert max(tomorrow.covered) == date(2026, 5, 4)


def test_a_changed_calendar_is_another() -> None:
    with Receiver() as receiver:
        receiver.script("/a.ics", Answer(body=calendar(event(START))), Answer(body=calendar(event(START, "SUMMARY:x"))))
        feed = ical(url=f"{receiver.url}/a.ics")
        first, second = feed.fetch(NOW), feed.fetch(NOW)
    assert (first.digest != second.digest, second.visits[0].title) == (True, "x")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(401), "does not let us in (401). Check user and password, or copy the secret address anew."),
        (Answer(403), "does not allow reading it (403). Ask whoever runs it to share it with this user."),
        (
            Answer(404),
            "has no calendar at this address (404). It may have been removed or its address renewed; copy it anew.",
        ),
        (
            Answer(410),
            "says that this calendar is gone for good (410). Copy the address of the one that took its place.",
        ),
        (Answer(500), "has a fault of its own (500). It is asked again; if this lasts, ask whoever runs it."),
        (Answer(418), "answers with 418 instead of a calendar. Check the address."),
        (Answer(body="<html>Sign in</html>"), "gives a web page, not a calendar, perhaps a page to sign in. Copy the"),
        (Answer(body=""), "is empty where a calendar is expected. Check whether the export still runs."),
        (Answer(act=Act.CLOSE), "broke off in the middle"),
    ],
)
def test_sentences_for_what_goes_wrong(answer: Answer, sentence: str) -> None:
    with Receiver() as receiver:
        receiver.script(f"/{SECRET}.ics", answer, Answer(body=calendar(event(START))))
        feed = ical(url=f"{receiver.url}/{SECRET}.ics")
        with pytest.raises(FeedError) as error:
            feed.fetch(NOW)
        assert str(error.value).startswith(f"{receiver.url} {sentence}")
        assert SECRET not in str(error.value)
        assert len(feed.fetch(NOW).visits) == 1


def test_a_calendar_that_breaks_off_is_read_but_not_believed_to_be_whole() -> None:
    text = calendar(event(START), event(START, uid="B"))
    with Receiver() as receiver:
        receiver.script("/a.ics", Answer(body=text[: text.rindex("DTSTART")]))
        snapshot = ical(url=f"{receiver.url}/a.ics").fetch(NOW)
    assert [one.ext_id for one in snapshot.visits] == ["A"]
    assert (snapshot.complete, snapshot.covered, len(snapshot.problems)) == (False, frozenset(), 1)
    assert snapshot.lacking.startswith(f"{receiver.url} ends before its calendar does")


def test_a_calendar_larger_than_allowed() -> None:
    with Receiver() as receiver:
        receiver.script("/a.ics", Answer(body=calendar(event(START))))
        with pytest.raises(FeedError, match="sends more than 100 bytes"):
            ical(url=f"{receiver.url}/a.ics", max_bytes=100).fetch(NOW)


def test_a_file_counts_once_it_rests(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ics", event(START))
    feed = ical(tmp_path, path="a.ics")
    first = settled(feed)
    assert (len(first.visits), first.source_at, first.sources) == (1, NOW, (str(path),))
    again = feed.fetch(NOW + timedelta(minutes=5))
    assert (again.visits is first.visits, again.read_at) == (True, NOW + timedelta(minutes=5))
    assert feed.fetch(NOW + timedelta(days=1)).digest != first.digest
    write(path, event(START, "SUMMARY:x"), at=NOW + timedelta(minutes=9))
    assert settled(feed).visits[0].title == "x"


def test_a_folder_of_calendars_with_one_that_is_none(tmp_path: Path) -> None:
    write(tmp_path / "a.ics", event(START))
    write(tmp_path / "b.ics", event(START, uid="B"))
    (tmp_path / "c.ics").write_text("nothing")
    snapshot = settled(ical(tmp_path, path="."))
    assert {one.ext_id for one in snapshot.visits} == {"A", "B"}
    assert (snapshot.complete, len(snapshot.problems)) == (False, 1)
    assert "c.ics is not a calendar" in snapshot.lacking


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="is not there"):
        ical(tmp_path, path="a.ics").fetch(NOW)


def test_an_empty_calendar_covers_its_days(tmp_path: Path) -> None:
    write(tmp_path / "a.ics")
    snapshot = settled(ical(tmp_path, path="a.ics"))
    assert (snapshot.visits, snapshot.complete, len(snapshot.covered)) == ((), True, 17)


def test_a_real_servers_calendar_as_it_lives(tmp_path: Path) -> None:
    eight = "DTSTART;TZID=America/Chicago:20261029T080000"
    zone = "DTSTAMP:20260101T000000Z"
    now = utc(2026, 10, 31, 12)
    with CalendarServer(tmp_path, {"ann": "pass"}) as server:
        server.make_calendar("/ann/visits/", "Visits")
        server.put("/ann/visits/A.ics", calendar(event(eight, zone, "RRULE:FREQ=DAILY;COUNT=6")))
        address = server.url.replace("//", "//ann:pass@") + "/ann/visits/"
        feed = ical(url=address, days_back=2, days_ahead=3)
        first = feed.fetch(now)
        assert [f"{one.sched_start:%d %H}" for one in first.visits] == [
            "29 13",
            "30 13",
            "31 13",
            "01 14",
            "02 14",
            "03 14",
        ]
        assert feed.fetch(now).visits is first.visits
        cancelled = event(
            "RECURRENCE-ID;TZID=America/Chicago:20261101T080000",
            "DTSTART;TZID=America/Chicago:20261101T090000",
            zone,
            "STATUS:CANCELLED",
        )
        server.put("/ann/visits/A.ics", calendar(event(eight, zone, "RRULE:FREQ=DAILY;COUNT=6"), cancelled))
        server.put("/ann/visits/B.ics", calendar(event("DTSTART:20261101T170000Z", zone, uid="B")))
        second = {one.ext_id: one for one in feed.fetch(now).visits}
        assert second["A/20261101T140000Z"].status is Status.CANCELLED
        assert second["A/20261101T140000Z"].sched_start == utc(2026, 11, 1, 15)
        assert "B" in second
        server.delete("/ann/visits/B.ics")
        assert "B" not in {one.ext_id for one in feed.fetch(now).visits}
        with pytest.raises(FeedError, match=r"does not let us in \(401\)") as error:
            ical(url=address.replace("pass@", "wrong@")).fetch(now)
        assert "wrong" not in str(error.value)
