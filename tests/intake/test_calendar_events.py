from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from dispatchwatch.domain.visit import Status, Technician
from dispatchwatch.intake.calendar_fields import Fields, SummaryPattern
from dispatchwatch.intake.calendar_patterns import LONGEST_TITLE, compiled, groups
from dispatchwatch.intake.feed import FeedError
from tests.intake.calendar_samples import (
    END,
    START,
    accounted,
    calendar,
    days,
    doubts,
    event,
    faults,
    only,
    read,
    read_raw,
    starts,
)
from tests.intake.samples import utc

AUTUMN = days("2026-10-30", "2026-11-03")
DAILY = "RRULE:FREQ=DAILY"
MINUTES = "RRULE:FREQ=DAILY;BYHOUR=8;BYMINUTE=" + ",".join(map(str, range(60)))
EIGHT = "DTSTART;TZID=America/Chicago:20261029T080000"
NINE = "DTEND;TZID=America/Chicago:20261029T090000"


def test_an_event_becomes_a_visit() -> None:
    visit = only(
        END,
        "SUMMARY:Compressor service\\, yearly",
        "LOCATION:12 Main St\\, Evanston",
        "GEO:41.88;-87.63",
        'ATTENDEE;CN="Ortiz, J.";ROLE=REQ-PARTICIPANT:mailto:jo@example.com',
        "ATTENDEE:mailto:ann@example.com",
        "ATTENDEE;CN=Bob;PARTSTAT=DECLINED:mailto:bob@example.com",
        "ATTENDEE;CN=Dispatch:mailto:desk@example.com",
        "ORGANIZER;CN=Dispatch:mailto:desk@example.com",
        "DESCRIPTION:Customer: ACME\\nPhone: 555-1\\n- Order: WO-7\\nPriority: 1\\nSite: Plant 2\\nhttps://x.org/a:b",
        "CREATED:20260420T100000Z",
        "LAST-MODIFIED:20260501T100000Z",
        "URL:https://example.com/7",
        "CATEGORIES:Maintenance",
    )
    assert (visit.feed, visit.ext_id, visit.title) == ("today", "A", "Compressor service, yearly")
    assert (visit.sched_start, visit.sched_end) == (utc(2026, 5, 2, 13), utc(2026, 5, 2, 14))
    assert visit.technicians == (Technician("Ortiz, J."), Technician("ann@example.com"))
    assert (visit.customer.name, visit.customer.phone, visit.order_ref) == ("ACME", "555-1", "WO-7")
    assert (visit.site.name, visit.site.address) == ("Plant 2", "12 Main St, Evanston")
    assert (visit.site.position, visit.site.timezone) == ((41.88, -87.63), "America/Chicago")
    assert (visit.priority, visit.kind, visit.url) == ("1", "Maintenance", "https://example.com/7")
    assert (visit.booked_at, visit.modified_at) == (utc(2026, 4, 20, 10), utc(2026, 5, 1, 10))
    assert (visit.status, visit.notes[:14]) == (Status.SCHEDULED, "Customer: ACME")


def test_html_in_a_description_is_read_as_text() -> None:
    visit = only("DESCRIPTION:<p>Customer: A &amp\\; B</p>Phone: 5<br/>Site: <b>Plant</b>")
    assert (visit.customer.name, visit.customer.phone, visit.site.name) == ("A & B", "5", "Plant")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["STATUS:CONFIRMED"], Status.SCHEDULED),
        (["STATUS:TENTATIVE"], Status.SCHEDULED),
        (["STATUS:CANCELLED"], Status.CANCELLED),
        (["STATUS:CONFIRMED", "SUMMARY:Canceled: Service"], Status.CANCELLED),
        (["SUMMARY:Cancelled : Service"], Status.CANCELLED),
        (["SUMMARY:Abgesagt: Service", "CATEGORIES:On site"], Status.CANCELLED),
        (["SUMMARY:Cancelled service contract"], Status.SCHEDULED),
        (["STATUS:CONFIRMED", "CATEGORIES:Blue,On Site"], Status.ARRIVED),
        (["CATEGORIES:Blue", "CATEGORIES:en route"], Status.EN_ROUTE),
        (["STATUS:CONFIRMED", "DESCRIPTION:Status: done"], Status.COMPLETED),
        (["X-STATUS:done"], Status.COMPLETED),
        (["DESCRIPTION:Status: done", "STATUS:CANCELLED"], Status.CANCELLED),
    ],
)
def test_where_the_status_is_told(lines: list[str], status: Status) -> None:
    visit = only(*lines)
    assert visit.status is status
    assert not visit.title.startswith(("Cancel", "Abgesagt")) or status is not Status.CANCELLED


def test_a_status_nobody_knows_is_told_with_its_event() -> None:
    reading = read(event(START, "DESCRIPTION:Status: blorked"))
    assert reading.visits[0].status is Status.UNKNOWN
    assert doubts(reading)[0].startswith("STATUS: event A: nobody has said what the status 'blorked' means")
    assert only("DESCRIPTION:Status: blorked", status={"Blorked": "arrived"}).status is Status.ARRIVED


def test_priority_zero_says_nothing() -> None:
    assert (only("PRIORITY:0").priority, only("PRIORITY:5").priority) == ("", "5")


def test_places_that_a_person_names() -> None:
    visit = only(
        "ORGANIZER;CN=Ann:mailto:ann@example.com",
        "ATTENDEE;CN=Customer:mailto:c@example.com",
        "DESCRIPTION:Kundin = Frau K.\\nAngekommen: 8:05",
        "X-VAN:Van 3",
        "CATEGORIES:On site",
        "SUMMARY:WO-7 / ACME",
        fields={
            "technician": "organizer",
            "technician_id": "organizer_email",
            "customer": "key:kundin",
            "arrived_at": "key:Angekommen",
            "kind": "property:x-van",
            "contract": "category",
            "order_ref": r"summary:^(\S+) / ",
            "status": "",
        },
    )
    assert visit.technicians == (Technician("Ann", "ann@example.com"),)
    assert (visit.customer.name, visit.kind, visit.order_ref, visit.contract) == ("Frau K.", "Van 3", "WO-7", "On site")
    assert (visit.arrived_at, visit.status) == (utc(2026, 5, 2, 13, 5), Status.ARRIVED)


def test_an_unknown_category_is_told_where_categories_are_the_status() -> None:
    assert only("CATEGORIES:Blue,On site", fields={"status": "category"}).status is Status.ARRIVED
    assert only("CATEGORIES:Blue", fields={"status": "category"}).status is Status.UNKNOWN


def test_the_columns_of_a_profile_are_keys_and_properties() -> None:
    visit = only("DESCRIPTION:Firma: ACME", "X-A:1", "X-B:2", columns={"customer": "Firma", "order_ref": "A + B"})
    assert (visit.customer.name, visit.order_ref) == ("ACME", "1 2")


def test_a_pattern_takes_titles_apart() -> None:
    pattern = r"(?P<technician>[^-:]+): (?P<customer>[^(]+)\((?P<priority>P\d)\)"
    visit = only("SUMMARY:Canceled: J. Ortiz: ACME (P1)", "DESCRIPTION:Customer: other", summary=pattern)
    assert (visit.technician, visit.customer.name, visit.priority) == ("J. Ortiz", "ACME", "P1")
    other = only("SUMMARY:Lunch", "DESCRIPTION:Customer: other", summary=pattern)
    assert (other.technician, other.customer.name, other.title) == ("", "other", "Lunch")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?P<customer>", "not a regular expression"),
        ("(?P<customer>a+)+", "repeats a group"),
        (r"(?P<customer>(\w\s?)*)$", "repeats a group"),
        ("(?P<customer>a|a)*b", "repeats a group"),
        ("(?P<customer>.+)(?P<site>.+)", "side by side"),
        (r"(?P<customer>.*?)\s*-", "side by side"),
        ("(?P<customer>.)-.*-.*-.*-.*-.*-.*", "more than 4"),
        (r"(?P<customer>.)\1", "refers back"),
        ("(?P<customer>" + "a" * 200 + ")", "longer than 200"),
        (".*", "names nothing"),
        ("(?P<nonsense>.*)", "not a field"),
        ("(?P<sched_start>.*)", "comes from the calendar itself"),
    ],
)
def test_patterns_that_are_refused(pattern: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TypeAdapter(SummaryPattern).validate_python(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<customer>[^-]+) - (?P<site>.+)",
        r"\((?P<priority>P[1-5])\)(?: (?P<customer>.+))?",
        r"(?P<kind>\w{2,4})-\d{4}",
    ],
)
def test_patterns_that_are_taken(pattern: str) -> None:
    assert TypeAdapter(SummaryPattern).validate_python(pattern) == pattern


def test_the_worst_pattern_that_is_taken_ends() -> None:
    """On the whole title it would not within an hour."""
    assert groups(compiled("(?P<customer>.*)-.*-.*-.*x"), "-" * 100_000) == {}
    assert groups(compiled("(?P<customer>.*)"), "a" * 500)["customer"] == "a" * LONGEST_TITLE


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"customer": "nowhere"}, "not a place in an event"),
        ({"customer": "key:"}, "not a place in an event"),
        ({"customer": "summary:("}, "not a regular expression"),
        ({"ext_id": "title"}, "comes from the calendar itself"),
        ({"colour": "title"}, "not a field"),
    ],
)
def test_places_that_are_refused(fields: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TypeAdapter[object](Fields).validate_python(fields)


def test_a_series_keeps_its_local_time_when_the_clocks_change() -> None:
    reading = read(event(EIGHT, NINE, DAILY), window=AUTUMN)
    assert set(starts(reading).values()) == {f"{day} 08:00" for day in ("10-30", "10-31", "11-01", "11-02", "11-03")}
    assert [one.ext_id for one in reading.visits][1:3] == ["A/20261031T130000Z", "A/20261101T140000Z"]
    assert {one.planned for one in reading.visits} == {timedelta(hours=1)}
    assert (reading.events, reading.read) == (1, 1)


def test_a_series_in_utc_stays_in_utc() -> None:
    reading = read(event("DTSTART:20261029T130000Z", DAILY), window=days("2026-10-31", "2026-11-01"))
    assert starts(reading) == {"A/20261031T130000Z": "10-31 08:00", "A/20261101T130000Z": "11-01 07:00"}


def test_moved_and_cancelled_instances_keep_their_ids() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=America/Chicago:20261031T080000",
        "DTSTART;TZID=America/Chicago:20261102T150000",
        "SEQUENCE:1",
    )
    cancelled = event(
        "RECURRENCE-ID;TZID=America/Chicago:20261101T080000",
        "DTSTART;TZID=America/Chicago:20261101T080000",
        "STATUS:CANCELLED",
    )
    reading = read(
        event(EIGHT, NINE, DAILY, "EXDATE;TZID=America/Chicago:20261103T080000"), moved, cancelled, window=AUTUMN
    )
    assert starts(reading) == {
        "A/20261030T130000Z": "10-30 08:00",
        "A/20261031T130000Z": "11-02 15:00",
        "A/20261101T140000Z": "11-01 08:00",
        "A/20261102T140000Z": "11-02 08:00",
    }
    status = {one.ext_id: one.status for one in reading.visits}
    assert status.pop("A/20261101T140000Z") is Status.CANCELLED
    assert set(status.values()) == {Status.SCHEDULED}
    assert (reading.events, reading.read, reading.problems) == (3, 3, ())


@pytest.mark.parametrize(
    "identifier",
    ["RECURRENCE-ID:20261101T140000Z", "RECURRENCE-ID;VALUE=DATE:20261101", "RECURRENCE-ID:20261101T080000"],
)
def test_ways_of_naming_the_instance_that_is_replaced(identifier: str) -> None:
    moved = event(identifier, "DTSTART;TZID=America/Chicago:20261101T100000")
    reading = read(event(EIGHT, DAILY), moved, window=days("2026-11-01", "2026-11-01"))
    assert starts(reading) == {"A/20261101T140000Z": "11-01 10:00"}


def test_an_instance_moved_out_of_the_window_is_still_told() -> None:
    moved = event("RECURRENCE-ID:20261101T140000Z", "DTSTART;TZID=America/Chicago:20261224T100000")
    reading = read(event(EIGHT, DAILY), moved, window=days("2026-11-01", "2026-11-01"))
    assert starts(reading) == {"A/20261101T140000Z": "12-24 10:00"}


def test_a_change_of_this_and_all_later_instances() -> None:
    later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/Chicago:20261031T080000",
        "DTSTART;TZID=America/Chicago:20261031T100000",
        "SUMMARY:Later",
    )
    reading = read(event(EIGHT, DAILY, "SUMMARY:First"), later, window=AUTUMN)
    assert starts(reading) == {
        "A/20261030T130000Z": "10-30 08:00",
        "A/20261031T130000Z": "10-31 10:00",
        "A/20261101T140000Z": "11-01 10:00",
        "A/20261102T140000Z": "11-02 10:00",
        "A/20261103T140000Z": "11-03 10:00",
    }
    assert {one.title for one in reading.visits} == {"First", "Later"}


def test_an_instance_without_its_series() -> None:
    reading = read(event("RECURRENCE-ID:20261101T140000Z", "DTSTART:20261101T150000Z"), window=AUTUMN)
    assert starts(reading) == {"A/20261101T140000Z": "11-01 09:00"}


def test_added_dates() -> None:
    added = "RDATE;VALUE=PERIOD;TZID=America/Chicago:20261102T120000/PT3H,20261103T120000/20261103T130000"
    reading = read(event(EIGHT, "RDATE;TZID=America/Chicago:20261101T120000", added), window=AUTUMN)
    assert starts(reading) == {
        "A/20261101T180000Z": "11-01 12:00",
        "A/20261102T180000Z": "11-02 12:00",
        "A/20261103T180000Z": "11-03 12:00",
    }
    assert [one.planned for one in reading.visits] == [None, timedelta(hours=3), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("until", "last"),
    [("20261101", "11-01"), ("20261101T135959Z", "10-31"), ("20261101T140000Z", "11-01"), ("20261101T080000", "11-01")],
)
def test_the_end_of_a_series(until: str, last: str) -> None:
    reading = read(event(EIGHT, f"{DAILY};UNTIL={until}"), window=AUTUMN)
    assert max(starts(reading).values()) == f"{last} 08:00"


def test_all_day_series() -> None:
    reading = read(
        event("DTSTART;VALUE=DATE:20261029", f"{DAILY};UNTIL=20261102", "EXDATE;VALUE=DATE:20261031"), window=AUTUMN
    )
    assert starts(reading) == {"A/20261030": "10-30 00:00", "A/20261101": "11-01 00:00", "A/20261102": "11-02 00:00"}
    assert all(one.anytime for one in reading.visits)


def test_an_all_day_event_is_an_anytime_visit() -> None:
    visit = only("DTSTART;VALUE=DATE:20260502", "DTEND;VALUE=DATE:20260504")
    assert (visit.anytime, visit.promise) == (True, None)
    assert (visit.sched_start, visit.sched_end) == (utc(2026, 5, 2, 5), utc(2026, 5, 4, 5))
    assert only("DTSTART:20260502").anytime


def test_a_time_without_a_zone_is_the_profiles_else_the_calendars_else_the_offices() -> None:
    floating = "DTSTART:20260502T080000"
    assert only(floating).sched_start == utc(2026, 5, 2, 13)
    text = calendar("X-WR-TIMEZONE:America/Denver\r\n", event(floating)).encode()
    visit = read_raw(text).visits[0]
    assert (visit.sched_start, visit.site.timezone) == (utc(2026, 5, 2, 14), "America/Denver")
    visit = read_raw(text, timezone="America/New_York").visits[0]
    assert (visit.sched_start, visit.site.timezone) == (utc(2026, 5, 2, 12), "America/New_York")
    visit = only(floating, timezone="UTC")
    assert (visit.sched_start, visit.site.timezone) == (utc(2026, 5, 2, 8), "America/Chicago")


def test_a_time_in_utc_happens_where_the_office_is() -> None:
    visit = only("DTSTART:20260502T080000Z")
    assert (visit.sched_start, visit.site.timezone) == (utc(2026, 5, 2, 8), "America/Chicago")


@pytest.mark.parametrize(
    "name",
    ["Mountain Standard Time", '"Mountain Standard Time"', "America/Denver", "/America/Denver",
     "/freeassociation.sourceforge.net/America/Denver", "/citadel.org/20210210_1/America/Denver"],
)  # fmt: skip
def test_names_of_zones(name: str) -> None:
    reading = read(event(f"DTSTART;TZID={name}:20260502T080000"))
    assert (reading.visits[0].sched_start, reading.problems) == (utc(2026, 5, 2, 14), ())


def test_an_unknown_zone_is_the_offices_with_a_doubt() -> None:
    reading = read(event("DTSTART;TZID=(UTC-09:00) Nowhere:20260502T080000", DAILY))
    assert reading.visits[0].sched_start == utc(2026, 5, 2, 13)
    text = "'(UTC-09:00) Nowhere' is not a time zone that is known; its times were read as America/Chicago"
    assert doubts(reading) == [f"DTSTART: event A: {text}"]


ZONE = "\r\n".join(
    ["BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", "DTSTART:16010101T020000", "TZOFFSETFROM:-0600",
     "TZOFFSETTO:-0700", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "END:STANDARD", "BEGIN:DAYLIGHT",
     "DTSTART:16010101T020000", "TZOFFSETFROM:-0700", "TZOFFSETTO:-0600", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
     "X-COMMENT:mine", "END:DAYLIGHT", "END:VTIMEZONE", ""]
)  # fmt: skip


def test_a_zone_by_its_own_rules() -> None:
    lines = ["DTSTART;TZID=Ours:20261031T080000", DAILY]
    reading = read(ZONE, event(*lines), window=days("2026-10-31", "2026-11-01"))
    assert starts(reading) == {"A/20261031T140000Z": "10-31 09:00", "A/20261101T150000Z": "11-01 09:00"}
    assert reading.problems == ()


def test_one_calendars_zone_is_not_anothers() -> None:
    read(ZONE, event("DTSTART;TZID=Ours:20260502T080000"))
    assert len(doubts(read(event("DTSTART;TZID=Ours:20260502T080000")))) == 1


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "nonsense"])
def test_a_zone_whose_rules_cannot_be_followed_is_unknown(rule: str) -> None:
    reading = read(ZONE.replace("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", rule), event("DTSTART;TZID=Ours:20260502T080000"))
    assert len(doubts(reading)) == 1


def test_how_long_it_takes() -> None:
    assert only("DURATION:PT90M").sched_end == utc(2026, 5, 2, 14, 30)
    assert only().sched_end is None
    night = only("DTSTART;TZID=America/Chicago:20261031T220000", "DURATION:PT8H", window=AUTUMN)
    assert (night.sched_end, night.planned) == (utc(2026, 11, 1, 11), timedelta(hours=8))
    day = only("DTSTART;TZID=America/Chicago:20261031T220000", "DURATION:P1D", window=AUTUMN)
    assert day.planned == timedelta(hours=25)


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        (
            "DTEND;TZID=America/Chicago:20260502T070000",
            "DTEND: event A: the end lies before the start; it was left out",
        ),
        ("DURATION:-PT5M", "DTEND: event A: the end lies before the start; it was left out"),
        ("DTEND:soon", "DTEND: event A: 'soon' can’t be read as a time; it was left out"),
        (
            "DTEND:00010101T000000Z",
            "DTEND: event A: 0001-01-01 00:00:00+00:00 is no time that could be meant; it was left out",
        ),
        ("DURATION:long", "DURATION: event A: 'long' is not a length of time; it was left out"),
        ("LAST-MODIFIED:x", "LAST-MODIFIED: event A: 'x' can’t be read as a time; it was left out"),
        ("EXDATE:x", "EXDATE: event A: some of its times can’t be read; they were left out"),
        ("GEO:x;y", "GEO: event A: 'x', 'y' are not degrees; the position was left out"),
    ],
)
def test_what_is_left_out_with_a_doubt(line: str, doubt: str) -> None:
    reading = read(event(START, line))
    assert (len(reading.visits), reading.visits[0].sched_end, doubts(reading)) == (1, None, [doubt])


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "DTSTART: event A: it has no DTSTART"),
        (["DTSTART:soon"], "DTSTART: event A: 'soon' can’t be read as a time"),
        (["DTSTART:00010101T000000Z"], "DTSTART: event A: 0001-01-01 00:00:00+00:00 is no time that could be meant"),
        ([START, "RECURRENCE-ID:x"], "RECURRENCE-ID: event A: 'x' can’t be read"),
        ([START, "RRULE:FREQ=SOMETIMES"], "RRULE: event A: the rule"),
        ([START, "RRULE:COUNT=3"], "RRULE: event A: the rule has no FREQ"),
        ([START, "RRULE:FREQ=SECONDLY"], "RRULE: event A: the rule repeats 'secondly', which no visit does"),
        ([START, "RRULE:FREQ=DAILY;INTERVAL=0"], "RRULE: event A: INTERVAL and COUNT"),
        ([START, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], "RRULE: event A: the rule names a day that no month has"),
        ([START, "RRULE:FREQ=HOURLY;BYMONTHDAY=31"], "RRULE: event A: an hourly rule on certain days"),
        ([START, "RRULE:FREQ=DAILY;BYWEEKNO=20"], "RRULE: event A: BYWEEKNO and BYYEARDAY"),
        ([START, MINUTES], "RRULE: event A: the rule repeats more than 48"),
        ([START, "RRULE:FREQ=DAILY;BYDAY=XX"], "RRULE: event A: "),
        ([START, "RRULE:FREQ=DAILY;UNTIL=never"], "RRULE: event A: "),
    ],
)  # fmt: skip
def test_a_bad_event_costs_itself_alone(lines: list[str], fault: str) -> None:
    reading = read(event(START, uid="B"), event(*lines), event(START, DAILY, uid="C"))
    assert {one.ext_id[0] for one in reading.visits} == {"B", "C"}
    (told,) = faults(reading)
    assert told.startswith(f"8 {fault}")
    assert accounted(reading)
    assert reading.unreadable == 1


def test_events_nobody_can_know_again() -> None:
    reading = read(event(START, uid=""), event(START, uid="N/A"), event(START, uid="B"))
    assert [one.ext_id for one in reading.visits] == ["B"]
    assert len(faults(reading)) == reading.unreadable == 2


def test_a_bad_series_does_not_cost_its_moved_instances() -> None:
    moved = event("RECURRENCE-ID:20261101T140000Z", "DTSTART:20261101T150000Z")
    reading = read(event(EIGHT, "RRULE:FREQ=NEVER"), moved, window=AUTUMN)
    assert starts(reading) == {"A/20261101T140000Z": "11-01 09:00"}
    assert (reading.read, reading.unreadable) == (1, 1)


def test_of_several_with_one_uid_the_highest_sequence_counts() -> None:
    texts = [event(START, "SEQUENCE:3", "SUMMARY:new"), event(START, "SEQUENCE:1", "SUMMARY:old")]
    for order in (texts, texts[::-1]):
        reading = read(*order)
        assert [one.title for one in reading.visits] == ["new"]
        assert (reading.events, reading.read, reading.overtaken) == (2, 1, 1)
        assert doubts(reading) == ["UID: event A: it stands there more than once; this one, the newest, was taken"]


def test_without_a_sequence_the_last_modified_counts() -> None:
    newer, older = "LAST-MODIFIED:20260501T100000Z", "LAST-MODIFIED:20260401T100000Z"
    reading = read(event(START, newer, "SUMMARY:new"), event(START, older, "SUMMARY:old"))
    assert [one.title for one in reading.visits] == ["new"]


def test_several_calendars_in_one_file() -> None:
    text = calendar(event(EIGHT, DAILY)) + calendar(
        event("RECURRENCE-ID:20261101T140000Z", "DTSTART:20261101T150000Z"), event(EIGHT, uid="B")
    )
    reading = read_raw(text.encode(), days("2026-11-01", "2026-11-01"))
    assert starts(reading) == {"A/20261101T140000Z": "11-01 09:00"}
    assert (reading.events, reading.outside) == (3, 2)


def test_bom_folded_lines_and_line_ends() -> None:
    folded = event(START, "SUMMARY:Prüfung der Kälteanlage").replace("ü", "\xfc").encode("utf-8")
    place = folded.index("ü".encode()) + 1
    folded = folded[:place] + b"\r\n " + folded[place:]
    raw = b"\xef\xbb\xbf" + calendar("@").encode().replace(b"@", folded)
    assert read_raw(raw).visits[0].title == "Prüfung der Kälteanlage"
    assert read_raw(raw.replace(b"\r\n", b"\n")).visits[0].title == "Prüfung der Kälteanlage"
    western = calendar(event(START, "SUMMARY:Prüfung")).encode("cp1252")
    assert read_raw(western).visits[0].title == "Prüfung"


def test_alarms_and_tasks_are_no_visits() -> None:
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nUID:alarm\r\nDESCRIPTION:Customer: no\r\nEND:VALARM"
    task = "BEGIN:VTODO\r\nUID:T\r\nDUE:20260502T080000Z\r\nEND:VTODO\r\n"
    reading = read(event(START, alarm), task)
    assert [(one.ext_id, one.customer.name) for one in reading.visits] == [("A", "")]


@pytest.mark.parametrize("cut", ["END:VEVENT", "SUMMARY:two"])
def test_a_calendar_that_breaks_off(cut: str) -> None:
    whole = calendar(event(START, uid="B"), event(START, "SUMMARY:two"))
    reading = read_raw(whole[: whole.rindex(cut)].encode())
    assert [one.ext_id for one in reading.visits] == ["B"]
    assert faults(reading) == ["8 : event A: it breaks off in the middle; the file may not be whole"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty where a calendar is expected"),
        (b"<!DOCTYPE html><html>", "gives a web page, not a calendar"),
        (b"hello", "is not a calendar: BEGIN:VCALENDAR is nowhere in it"),
        (b"PK\x03\x04...", "is a zip archive"),
    ],
)
def test_what_is_no_calendar(raw: bytes, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read_raw(raw)


def test_the_window_and_its_edges() -> None:
    window = days("2026-05-02", "2026-05-03")
    texts = {
        "before": ("20260501T220000", "20260502T000000"),
        "into": ("20260501T220000", "20260502T000001"),
        "last": ("20260503T235959", "20260504T010000"),
        "later": ("20260801T080000", "20260801T090000"),
    }
    events = [event(f"DTSTART:{start}", f"DTEND:{end}", uid=uid) for uid, (start, end) in texts.items()]
    series = [event(f"DTSTART:{start}", f"{DAILY};COUNT=1", uid=f"series {uid}") for uid, (start, _) in texts.items()]
    reading = read(*events, *series, window=window)
    assert {one.ext_id.partition("/")[0] for one in reading.visits} == {"into", "last", "later", "series last"}
    assert (reading.events, reading.read, reading.outside) == (8, 4, 4)
