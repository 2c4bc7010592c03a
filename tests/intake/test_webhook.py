"""Signed events in the shapes that vendors send, taken or rejected, and what they tell of visits."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from dispatchwatch.domain.schedule import Gravity
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.webhook import REMEMBERED, MemoryInbox, WebhookConfig, WebhookFeed
from dispatchwatch.intake.webhook_signing import Rejected, Signature, instant_told
from tests.intake.samples import CHICAGO, NOW, profile

SECRET = "correct horse battery staple"
BODY = b'{"data":{"webHookEvent":{"topic":"VISIT_UPDATE","accountId":"Z2lk"}}}'
EPOCH = str(int(NOW.timestamp()))
JOBBER = {"header": "X-Jobber-Hmac-SHA256", "encoding": "base64"}
FIELD_NATION = {
    "header": "X-FN-Signature",
    "prefix": "sha256=",
    "timestamp_header": "X-FN-Request-Timestamp",
    "id_header": "X-FN-Delivery-Id",
}
ATLAS = {
    "header": "X-Webhook-Signature",
    "timestamp_header": "X-Webhook-Timestamp",
    "id_header": "X-Webhook-Id",
}
SIGNED_TIME = {"header": "X-Signature", "prefix": "v1=", "timestamp_header": "X-Time", "signed": "{timestamp}.{body}"}
OLD = {"header": "X-Hub-Signature", "algorithm": "sha1", "prefix": "sha1="}


def signature(**values: object) -> Signature:
    return Signature.model_validate({"secret": SECRET, **values})


def code(text: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(SECRET.encode(), text, getattr(hashlib, algorithm)).digest()


SENT: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "Jobber": (JOBBER, {"x-jobber-hmac-sha256": b64encode(code(BODY)).decode()}, ""),
    "Field Nation": (
        FIELD_NATION,
        {
            "x-fn-signature": f"sha256={code(BODY).hex()}",
            "x-fn-request-timestamp": f"{EPOCH}123",
            "x-fn-delivery-id": "0f8f:1",
        },
        "0f8f:1",
    ),
    "Atlas": (
        ATLAS,
        {"x-webhook-signature": code(BODY).hex(), "x-webhook-timestamp": EPOCH, "x-webhook-id": "42"},
        "42",
    ),
    "a signed timestamp": (
        SIGNED_TIME,
        {"x-signature": f"v1={code(EPOCH.encode() + b'.' + BODY).hex().upper()}", "x-time": EPOCH},
        "",
    ),
    "an old vendor": (OLD, {"x-hub-signature": f"sha1={code(BODY, 'sha1').hex()}"}, ""),
}


@pytest.mark.parametrize(("values", "headers", "event"), SENT.values(), ids=SENT)
def test_a_signed_request_is_taken(values: dict[str, str], headers: dict[str, str], event: str) -> None:
    assert signature(**values).check(headers, BODY, NOW) == event


@pytest.mark.parametrize(("values", "headers", "event"), SENT.values(), ids=SENT)
def test_a_changed_body_is_not(values: dict[str, str], headers: dict[str, str], event: str) -> None:
    with pytest.raises(Rejected, match="signature is not ours"):
        signature(**values).check(headers, BODY + b" ", NOW)


@pytest.mark.parametrize(("values", "headers", "event"), SENT.values(), ids=SENT)
def test_another_secret_is_not(values: dict[str, str], headers: dict[str, str], event: str) -> None:
    with pytest.raises(Rejected, match="signature is not ours"):
        signature(**{**values, "secret": "somebody else’s"}).check(headers, BODY, NOW)


@pytest.mark.parametrize(("values", "headers", "event"), SENT.values(), ids=SENT)
@settings(max_examples=40, derandomize=True)
@given(sent=st.text(max_size=80))
def test_whatever_stands_in_the_header_is_answered(
    values: dict[str, str], headers: dict[str, str], event: str, sent: str
) -> None:
    with pytest.raises(Rejected):
        signature(**values).check({**headers, values["header"].lower(): sent}, BODY, NOW)


def test_a_request_without_a_signature_is_not_taken() -> None:
    with pytest.raises(Rejected, match="no header X-Jobber-Hmac-SHA256"):
        signature(**JOBBER).check({}, BODY, NOW)


@pytest.mark.parametrize("late", [timedelta(minutes=-5, seconds=-1), timedelta(minutes=5, seconds=1)])
def test_a_request_from_another_time_is_not_taken(late: timedelta) -> None:
    values, headers, _ = SENT["Atlas"]
    with pytest.raises(Rejected, match="too old" if late > timedelta() else "future"):
        signature(**values).check(headers, BODY, NOW + late)
    assert signature(**values).check(headers, BODY, NOW + late / 2) == "42"


def test_a_signed_timestamp_cannot_be_freshened() -> None:
    values, headers, _ = SENT["a signed timestamp"]
    later = NOW + timedelta(hours=1)
    with pytest.raises(Rejected, match="signature"):
        signature(**values).check({**headers, "x-time": str(int(later.timestamp()))}, BODY, later)


@pytest.mark.parametrize("header", ["x-webhook-timestamp", "x-webhook-id"])
def test_what_is_asked_for_has_to_be_there(header: str) -> None:
    values, headers, _ = SENT["Atlas"]
    with pytest.raises(Rejected):
        signature(**values).check({name: text for name, text in headers.items() if name != header}, BODY, NOW)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        (EPOCH, NOW),
        (f"{EPOCH}000", NOW),
        ("2026-05-02T14:00:00Z", NOW),
        ("2026-05-02T09:00:00-05:00", NOW),
        ("2026-05-02T14:00:00", None),
        ("-5", None),
        ("٣٣٣", None),
        ("9" * 15, None),
        ("", None),
    ],
)
def test_timestamps_are_read_in_the_ways_they_are_written(text: str, instant: datetime | None) -> None:
    assert instant_told(text) == instant


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"header": "X Y"}, "not the name of a header"),
        ({"signed": "{timestamp}"}, "hold {body} once"),
        ({"signed": "{timestamp}.{body}"}, "timestamp_header has to say"),
        ({"signed": "{nonce}{body}"}, "{nonce} can’t be filled in"),
        ({"secret": "short"}, "at least 8"),
        ({"algorithm": "md5"}, "sha256"),
        ({"tolerance": "2d"}, "between 1s and 1h"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(values: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        signature(**{"header": "X-Signature", **values})
    assert said in str(error.value)


def test_the_secret_is_never_shown() -> None:
    one = signature(**JOBBER)
    assert SECRET not in repr(one) + str(one.model_dump()) + one.model_dump_json()


PATHS = {
    "ext_id": "workorder.id",
    "sched_start": "workorder.start",
    "status": "workorder.status.name",
    "technician": "workorder.assignee.name",
    "modified_at": "workorder.modified",
}


def config(**values: object) -> WebhookConfig:
    told = {"name": "fsm", "signature": {"header": "X-Signature", "secret": SECRET}, **values}
    return WebhookConfig.model_validate(told)


class Source:
    """A webhook feed and whoever sends to it."""

    def __init__(self, **values: Any) -> None:
        self.config = config(**{"paths": PATHS, **values})
        self.inbox = MemoryInbox()
        self.feed = WebhookFeed(self.config, profile(), office_zone=CHICAGO, inbox=self.inbox)
        self.now = NOW

    def send(self, told: object, event: str = "") -> bool:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        return self.inbox.keep("fsm", self.config.marks(event, body), body, self.now)


def order(status: str = "Scheduled", modified: str = "2026-05-02T13:00:00Z", number: object = 7) -> dict[str, Any]:
    about = {"id": number, "start": "2026-05-02T15:00:00Z", "status": {"name": status}, "modified": modified}
    return {"event": {"name": "workorder.status.any"}, "workorder": {**about, "assignee": {"name": "J. Ortiz"}}}


def test_an_event_tells_of_a_visit() -> None:
    source = Source()
    assert source.send(order())
    snapshot = source.feed.fetch(NOW)
    (visit,) = snapshot.visits
    assert (visit.feed, visit.ext_id, visit.technician, visit.status) == ("fsm", "7", "J. Ortiz", Status.SCHEDULED)
    assert visit.sched_start == NOW + timedelta(hours=1)
    assert not snapshot.complete
    assert snapshot.covered == frozenset()
    assert snapshot.source_at == NOW


def test_without_an_event_nothing_changes() -> None:
    source = Source()
    source.send(order())
    before = source.feed.fetch(NOW)
    after = source.feed.fetch(NOW + timedelta(minutes=1))
    assert after.visits is before.visits
    assert after.digest == before.digest
    assert after.read_at == NOW + timedelta(minutes=1)


def test_the_later_modified_counts_in_whatever_order_events_come() -> None:
    source = Source()
    source.send(order("On Site", "2026-05-02T13:30:00Z"))
    source.send(order("En Route", "2026-05-02T13:10:00Z"))
    assert source.feed.fetch(NOW).visits[0].status is Status.ARRIVED


def test_an_event_that_says_the_same_again_is_no_news() -> None:
    source = Source()
    source.send(order())
    before = source.feed.fetch(NOW)
    source.send({**order(), "event": {"name": "workorder.updated"}})
    after = source.feed.fetch(NOW)
    assert after.visits is before.visits
    assert after.digest == before.digest


def test_a_bad_event_costs_no_other() -> None:
    source = Source()
    sent: list[object] = [order(), b"not json", b"id=5&entry=job", order(number=""), {"event": "user.created"}, []]
    assert all(source.send(told) for told in sent)
    assert source.send(order(number=8))
    snapshot = source.feed.fetch(NOW)
    assert [visit.ext_id for visit in snapshot.visits] == ["7", "8"]
    unreadable = [one.problem for one in snapshot.problems if one.gravity is Gravity.UNREADABLE]
    assert [text.partition(",")[0] for text in unreadable] == [
        "is no JSON; a sender of forms or XML can only be used with polls",
        "is no JSON; a sender of forms or XML can only be used with polls",
        "the row has no id",
        "holds none of the fields that are looked for",
    ]
    assert {one.file for one in snapshot.problems} == {"event of 2026-05-02 14:00:00 UTC"}


def test_an_event_about_something_else_is_told_of() -> None:
    source = Source(records="workorder", paths={name: path.removeprefix("workorder.") for name, path in PATHS.items()})
    source.send({"invoice": {"id": 3}})
    source.send(order())
    snapshot = source.feed.fetch(NOW)
    assert len(snapshot.visits) == 1
    assert [one.gravity for one in snapshot.problems] == [Gravity.DOUBTFUL]
    assert "nothing at 'workorder'" in snapshot.problems[0].problem


def test_an_event_can_tell_of_several_visits_found_by_name() -> None:
    source = Source(paths={}, records="visits")
    source.send({"visits": [{"visit_id": n, "start_at": "2026-05-02T15:00:00Z"} for n in (1, 2)]})
    assert [visit.ext_id for visit in source.feed.fetch(NOW).visits] == ["1", "2"]


def test_what_was_told_is_there_after_a_restart() -> None:
    source = Source()
    source.send(order())
    again = WebhookFeed(source.config, profile(), office_zone=CHICAGO, inbox=source.inbox)
    source.feed.fetch(NOW)
    source.send(order(number=8))
    before, after = source.feed.fetch(NOW), again.fetch(NOW)
    assert [visit.ext_id for visit in after.visits] == ["7", "8"]
    assert (after.visits, after.digest) == (before.visits, before.digest)


def test_visits_told_of_long_ago_are_let_go() -> None:
    source = Source()
    source.send(order())
    source.feed.fetch(NOW)
    source.now = NOW + timedelta(days=8)
    source.send(order(number=9))
    assert [visit.ext_id for visit in source.feed.fetch(source.now).visits] == ["9"]


def test_an_event_that_comes_again_is_not_kept_under_any_id() -> None:
    source = Source()
    assert source.send(order(), "a:1")
    assert not source.send(order(), "a:1")
    assert not source.send(order(), "a:2")
    assert not source.send(order("On Site"), "a:1")
    assert source.send(order("On Site"), "a:3")
    source.now += REMEMBERED
    assert source.send(order(), "a:1")


def test_an_inbox_remembers_so_many_and_no_more() -> None:
    inbox = MemoryInbox(most=3)
    assert all(inbox.keep("fsm", (str(n),), b"", NOW) for n in range(5))
    assert len(inbox.after("fsm", 0)) == 3
    assert not inbox.keep("fsm", ("4",), b"", NOW)
    assert inbox.keep("other", ("4",), b"", NOW)


def test_an_event_that_only_makes_another_feed_be_polled_says_the_same_each_time() -> None:
    polling = config(polls="today")
    assert polling.marks("", b"x") == ()
    assert polling.marks("7", b"x") == ("id 7",)
    inbox = MemoryInbox()
    feed = WebhookFeed(polling, profile(), office_zone=CHICAGO, inbox=inbox)
    inbox.keep("fsm", (), b"anything", NOW)
    assert feed.fetch(NOW).visits == ()
    assert feed.fetch(NOW).problems == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"polls": "today", "paths": PATHS}, "with polls the event is not read"),
        ({"polls": "fsm"}, "poll itself"),
        ({"address": "../x"}, "part of an address"),
        ({"paths": {"ext_id": "a"}}, "a start is missing"),
        ({"max_bytes": 2_000_000}, "less than or equal to 1000000"),
    ],
)
def test_a_wrong_webhook_says_what_is_wrong(values: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        config(**values)
    assert said in str(error.value)


def test_a_webhook_opens_as_a_feed(tmp_path: Path) -> None:
    feed = config().open(profile(), office_zone=CHICAGO, base=tmp_path)
    snapshot = feed.fetch(datetime(2026, 5, 2, tzinfo=UTC))
    assert (feed.name, snapshot.visits, snapshot.complete) == ("fsm", (), False)


NAMES = st.sampled_from(["a", "id", "workorder", "start"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, derandomize=True)
@given(body=st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_a_visit_or_a_problem_or_tells_of_none(body: bytes) -> None:
    source = Source()
    source.send(body)
    snapshot = source.feed.fetch(NOW)
    assert snapshot.visits or snapshot.problems or body == b"[]"
