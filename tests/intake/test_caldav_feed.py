from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.caldav_feed import TRUSTED_FOR, CaldavConfig
from dispatchwatch.intake.calendar_dav import NotXml, parsed, resources
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.intake.feed import Feed, FeedError
from tests.fakes.calendar_server import CalendarServer
from tests.fakes.receiver import Answer, Received, Receiver
from tests.intake.calendar_samples import calendar, event
from tests.intake.samples import CHICAGO, profile, utc

NOW = utc(2026, 10, 31, 12)
STAMP = "DTSTAMP:20260101T000000Z"
SERIES = event("DTSTART;TZID=America/Chicago:20261029T080000", STAMP, "RRULE:FREQ=DAILY", "SUMMARY:Prüfung")
MOVED = event(
    "RECURRENCE-ID;TZID=America/Chicago:20261031T080000", "DTSTART;TZID=America/Chicago:20261031T150000", STAMP
)
OFF = event(
    "RECURRENCE-ID;TZID=America/Chicago:20261101T080000",
    "DTSTART;TZID=America/Chicago:20261101T080000",
    STAMP,
    "STATUS:CANCELLED",
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with CalendarServer(tmp_path, {"ann": "s3cret-word", "bob": "other"}) as server:
        server.make_calendar("/ann/visits/", "Visits")
        server.put("/ann/visits/A.ics", calendar(SERIES))
        yield server


def caldav(url: str, **values: object) -> Feed:
    values = {"user": "ann", "password": "s3cret-word", "days_back": 2, "days_ahead": 2, **values}
    config = CaldavConfig.model_validate({"name": "calendar", "url": url, **values})
    assert "s3cret-word" not in repr(config)
    return config.open(profile(), office_zone=CHICAGO, base=Path())


def starts(feed: Feed, now: datetime = NOW) -> dict[str, str]:
    snapshot = feed.fetch(now)
    assert (snapshot.problems, snapshot.complete, len(snapshot.covered)) == ((), True, 5)
    return {one.ext_id: f"{one.sched_start:%d %H}" for one in snapshot.visits if one.sched_start}


def fails(feed: Feed) -> str:
    with pytest.raises(FeedError) as error:
        feed.fetch(NOW)
    assert "s3cret-word" not in str(error.value)
    return str(error.value)


def test_the_catalogue_knows_it() -> None:
    assert FEEDS["caldav"] is CaldavConfig


def test_a_calendar_as_it_lives(server: CalendarServer) -> None:
    feed = caldav(f"{server.url}/ann/visits/")
    assert starts(feed) == {
        "A/20261029T130000Z": "29 13",
        "A/20261030T130000Z": "30 13",
        "A/20261031T130000Z": "31 13",
        "A/20261101T140000Z": "01 14",
        "A/20261102T140000Z": "02 14",
    }
    server.put("/ann/visits/A.ics", calendar(SERIES, MOVED, OFF))
    server.put("/ann/visits/B.ics", calendar(event("DTSTART:20261101T170000Z", STAMP, uid="B")))
    changed = starts(feed)
    assert (changed["A/20261031T130000Z"], changed["B"], len(changed)) == ("31 20", "01 17", 6)
    cancelled = [one.ext_id for one in feed.fetch(NOW).visits if one.status is Status.CANCELLED]
    assert cancelled == ["A/20261101T140000Z"]
    server.delete("/ann/visits/B.ics")
    assert "B" not in starts(feed)
    assert starts(feed, NOW + timedelta(days=30)).keys() == {f"A/202611{day}T140000Z" for day in range(28, 31)} | {
        "A/20261201T140000Z",
        "A/20261202T140000Z",
    }


def test_a_visit_moved_far_ahead_is_not_gone(server: CalendarServer) -> None:
    feed = caldav(f"{server.url}/ann/visits/")
    server.put("/ann/visits/B.ics", calendar(event("DTSTART:20261101T170000Z", STAMP, uid="B")))
    assert starts(feed)["B"] == "01 17"
    server.put("/ann/visits/B.ics", calendar(event("DTSTART:20261224T170000Z", STAMP, uid="B")))
    assert starts(feed)["B"] == "24 17"


def test_an_unchanged_calendar_is_the_very_same_and_now_and_then_read_all_the_same(server: CalendarServer) -> None:
    feed = caldav(f"{server.url}/ann/visits/")
    first = feed.fetch(NOW)
    server.asked.clear()
    for minute in range(TRUSTED_FOR + 1):
        again = feed.fetch(NOW + timedelta(minutes=minute))
        assert (again.visits is first.visits, again.digest) == (True, first.digest)
        assert again.read_at == NOW + timedelta(minutes=minute)
    assert server.asked == ["PROPFIND /ann/visits/"] * (TRUSTED_FOR + 1) + ["REPORT /ann/visits/"]
    server.asked.clear()
    assert feed.fetch(NOW + timedelta(days=1)).digest != first.digest
    assert server.asked == ["PROPFIND /ann/visits/", "REPORT /ann/visits/"]


@pytest.mark.parametrize("path", ["", "/", "/ann/", "/ann"])
def test_the_calendar_is_found_from_the_account(server: CalendarServer, path: str) -> None:
    feed = caldav(server.url + path)
    assert len(starts(feed)) == 5
    server.asked.clear()
    feed.fetch(NOW)
    assert server.asked == ["PROPFIND /ann/visits/"]


def test_one_of_several_calendars_is_chosen_by_its_name(server: CalendarServer) -> None:
    server.make_calendar("/ann/private/", "Private")
    server.put("/ann/private/P.ics", calendar(event("DTSTART:20261101T170000Z", STAMP, uid="P")))
    assert fails(caldav(server.url)).endswith(
        "has several calendars. Choose one: `calendar` is one of “Private”, “Visits”."
    )
    assert starts(caldav(server.url, calendar="private")) == {"P": "01 17"}
    text = fails(caldav(server.url, calendar="Holidays"))
    assert text.endswith("has no calendar called “Holidays” for this user. Those there are: “Private”, “Visits”.")


def test_a_wrong_password(server: CalendarServer) -> None:
    text = fails(caldav(f"{server.url}/ann/visits/", password="wr0ng"))
    assert text == f"{server.url} does not let us in (401). Check user and password, or copy the secret address anew."


def test_somebody_elses_calendar(server: CalendarServer) -> None:
    assert "does not allow reading it (403)" in fails(caldav(f"{server.url}/ann/visits/", user="bob", password="other"))


def test_a_calendar_that_is_gone(server: CalendarServer) -> None:
    feed = caldav(f"{server.url}/ann/visits/")
    starts(feed)
    server.delete("/ann/visits/")
    text = "has no calendar at this address (404). It may have been removed or its address renewed; copy it anew."
    assert fails(feed) == f"{server.url} {text}"


def test_a_calendar_that_was_made_anew_is_found_again(server: CalendarServer) -> None:
    feed = caldav(server.url)
    starts(feed)
    server.delete("/ann/visits/")
    server.make_calendar("/ann/other/", "Other")
    assert starts(feed) == {}


def test_a_password_is_not_sent_over_plain_http() -> None:
    assert "would carry the password unprotected" in fails(caldav("http://calendar.example.com/ann/"))


def multistatus(*responses: str) -> Answer:
    spaces = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
    return Answer(207, body=f"<?xml version='1.0'?><multistatus {spaces}>{''.join(responses)}</multistatus>")


def response(href: str, properties: str) -> str:
    status = "<status>HTTP/1.1 200 OK</status>"
    return f"<response><href>{href}</href><propstat><prop>{properties}</prop>{status}</propstat></response>"


CALENDAR = response("/c/", "<resourcetype><collection/><C:calendar/></resourcetype>")


def answering(answers: dict[str, Answer]) -> Receiver:
    receiver = Receiver()
    receiver.script("*", lambda received: answers.get(f"{received.method} {received.path}", Answer(404)))
    return receiver


def data(href: str, text: str) -> str:
    return response(href, f"<getetag>1</getetag><C:calendar-data>{text}</C:calendar-data>")


def test_what_one_event_lacks_costs_no_other() -> None:
    good, bad = data("/c/1", calendar(event("DTSTART:20261101T170000Z"))), data("/c/2", "nonsense")
    with answering({"PROPFIND /c/": multistatus(CALENDAR), "REPORT /c/": multistatus(good, bad)}) as receiver:
        snapshot = caldav(f"{receiver.url}/c/").fetch(NOW)
    assert [one.ext_id for one in snapshot.visits] == ["A"]
    assert [(one.file, one.problem[:24]) for one in snapshot.problems] == [("/c/2", "/c/2 is not a calendar: ")]
    assert (snapshot.complete, snapshot.lacking) == (True, "")


def test_an_event_that_is_named_and_not_given_makes_the_picture_incomplete() -> None:
    good = data("/c/1", calendar(event("DTSTART:20261101T170000Z")))
    named = response("/c/2", "<getetag>2</getetag>")
    with answering({"PROPFIND /c/": multistatus(CALENDAR), "REPORT /c/": multistatus(good, named)}) as receiver:
        snapshot = caldav(f"{receiver.url}/c/").fetch(NOW)
    assert (len(snapshot.visits), snapshot.complete, snapshot.covered) == (1, False, frozenset())
    assert snapshot.lacking == "/c/2: the server names it and does not give it; it is asked again."


def test_a_server_found_by_its_well_known_address() -> None:
    home = response("/dav/ann/", "<C:calendar-home-set><href>/dav/ann/</href></C:calendar-home-set>")
    answers = {
        "PROPFIND /": multistatus(response("/", "<resourcetype/>")),
        "PROPFIND /.well-known/caldav": Answer(301, {"Location": "/dav/"}),
        "PROPFIND /dav/": multistatus(
            response("/dav/", "<current-user-principal><href>/dav/p/</href></current-user-principal>")
        ),
        "PROPFIND /dav/p/": multistatus(home),
        "PROPFIND /dav/ann/": multistatus(CALENDAR),
        "REPORT /c/": multistatus(),
    }
    with answering(answers) as receiver:
        assert caldav(receiver.url).fetch(NOW).visits == ()


def test_a_server_that_leads_elsewhere_does_not_get_the_password() -> None:
    home = "<C:calendar-home-set><href>https://elsewhere.example.com/ann/</href></C:calendar-home-set>"
    with answering({"PROPFIND /": multistatus(response("/", home))}) as receiver:
        text = fails(caldav(receiver.url))
    assert "leads elsewhere, to https://elsewhere.example.com. If that is right, write that address" in text


def test_a_login_by_digest() -> None:
    challenge = Answer(401, {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'})

    def answer(received: Received) -> Answer:
        if not received.headers.get("authorization", "").startswith("Digest"):
            return challenge
        return multistatus(CALENDAR) if received.method == "PROPFIND" else multistatus()

    with Receiver() as receiver:
        receiver.script("*", answer)
        assert caldav(f"{receiver.url}/c/").fetch(NOW).visits == ()


@pytest.mark.parametrize("answer", [Answer(body="<html>hello</html>"), Answer(207, body="<a>"), Answer(207, body="")])
def test_a_server_that_speaks_no_caldav(answer: Answer) -> None:
    with Receiver() as receiver:
        receiver.script("*", answer)
        assert "does not answer as a CalDAV server does" in fails(caldav(f"{receiver.url}/c/"))


def test_a_place_without_calendars() -> None:
    with answering({"PROPFIND /": multistatus(response("/", "<resourcetype/>"))}) as receiver:
        assert "does not say where they are. Write the address of the calendar itself" in fails(caldav(receiver.url))


LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "body",
    [
        f"{LAUGHS}<multistatus xmlns='DAV:'><response><href>&c;</href></response></multistatus>".encode(),
        f"<?xml version='1.0' encoding='utf-16'?>{LAUGHS}<multistatus xmlns='DAV:'/>".encode("utf-16"),
        b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><multistatus xmlns='DAV:'/>",
        b"<a>&undefined;</a>",
        b"<a><b></a>",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
        b"",
        b"\0",
    ],
)
def test_documents_that_define_things_or_are_broken_are_refused(body: bytes) -> None:
    with pytest.raises(NotXml):
        resources(body)


def test_a_plain_document_is_read() -> None:
    assert parsed(b"<?xml version='1.0'?><a xmlns='DAV:'>&lt;x&gt;&#10;</a>").text == "<x>\n"
