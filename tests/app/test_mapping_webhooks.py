"""Connecting software that tells of events by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dispatchwatch.app.mapping import MappingError, MappingSession
from dispatchwatch.intake.webhook import WebhookConfig
from tests.app.mapping_offices import OFFICE, answered, begun, keys, office, saved
from tests.fakes.keyring_box import KeyringBox
from tests.intake.samples import utc

NOW = utc(2026, 5, 2, 12)
SECRET = "correct horse battery staple"
TODAY = OFFICE + '\n[[feed]]\nname = "today"\nkind = "csv"\npath = "day.csv"\n'
EVENT = {
    "event": "visit.updated",
    "visit": {
        "id": "V-1",
        "status": "Rolling",
        "scheduled_start": "2026-05-02T14:00:00Z",
        "technician": {"name": "Lee"},
    },
}


def hook(folder: Path, text: str = TODAY, **answers: str) -> MappingSession:
    return begun("webhook", office(folder, KeyringBox(), text), **answers)


def test_an_event_makes_another_feed_be_read(tmp_path: Path) -> None:
    first = hook(tmp_path)
    assert keys(first) == ["polls", "vendor", "listener"]
    assert first.open_questions[0].choices == ("today", "tells itself")
    asked = answered(first, polls="today", vendor="jobber", listener="this computer")
    assert [(one.key, one.secret) for one in asked.open_questions] == [("signature.secret", True)]
    done = answered(asked, signature__secret=SECRET)
    assert (keys(done), done.needs_look, done.has_visits) == ([], False, False)
    assert done.preview(NOW)[1] == []
    config = saved(done)
    _, feed = config.feeds
    assert isinstance(feed, WebhookConfig)
    assert (feed.polls, feed.signature.header, feed.signature.encoding) == ("today", "X-Jobber-Hmac-SHA256", "base64")
    assert feed.signature.secret.get_secret_value() == SECRET
    assert config.listener is not None
    assert (config.listener.host, config.warnings) == ("127.0.0.1", ())
    assert SECRET not in config.path.read_text(encoding="utf-8")
    assert "http://127.0.0.1:8460/hooks/board" in " ".join(done.advice())


def test_a_way_of_signing_that_is_not_known_is_asked_for(tmp_path: Path) -> None:
    first = hook(tmp_path, polls="today", vendor="other", listener="not now")
    names = ("header", "algorithm", "encoding", "prefix", "timestamp_header", "id_header", "secret")
    assert keys(first) == [f"signature.{name}" for name in names]
    told = {"header": "X-Signature", "algorithm": "sha256", "encoding": "hex", "prefix": "v1=", "secret": SECRET}
    done = answered(first, **{f"signature.{name}": text for name, text in told.items()})
    done = answered(done, **{"signature.timestamp_header": "X-Time", "signature.id_header": "none"})
    assert keys(done) == ["signature.signed"]
    done = answered(done, **{"signature.signed": "{timestamp}.{body}"})
    assert done.settings["signature"]["signed"] == "{timestamp}.{body}"
    assert "id_header" not in done.settings["signature"]
    assert "Nothing is taken until the configuration has a [listener]." in done.advice()
    assert saved(done).listener is None


def test_events_that_tell_of_visits_are_mapped_from_one(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    first = hook(tmp_path, polls="tells itself", vendor="atlas_cmms", listener="network", signature__secret=SECRET)
    assert [(one.key, one.path) for one in first.open_questions] == [("sample", True)]
    look = first.answer("sample", "event.json")
    assert look.needs_look
    mapped = look.look(NOW)
    assert keys(mapped) == ["column:sched_start", "column:technician", "status:Rolling"]
    done = answered(mapped, **{"status:Rolling": "en_route"}).with_suggestions()
    (watched,) = done.preview(NOW)[1]
    assert (watched.visit.ext_id, watched.visit.technician, watched.visit.status) == ("V-1", "Lee", "en_route")
    config = saved(done)
    _, feed = config.feeds
    assert isinstance(feed, WebhookConfig)
    assert feed.paths["sched_start"] == "visit.scheduled_start"
    assert config.profile_of(feed).status == {"Rolling": "en_route"}


def test_a_listener_that_is_there_is_not_asked_about(tmp_path: Path) -> None:
    there = '\n[listener]\nhost = "192.168.1.10"\nport = 9000\n'
    first = hook(tmp_path, TODAY + there, polls="today", vendor="field_nation", signature__secret=SECRET)
    assert keys(first) == []
    assert first.advice() == ("Give the software this address: http://192.168.1.10:9000/hooks/board",)
    assert "[listener]" not in first.would_add()


@pytest.mark.parametrize(
    ("key", "choice", "message"),
    [
        ("polls", "yesterday", "no feed “yesterday”; there are today"),
        ("signature.secret", "short-7", "a secret has at least 8 characters"),
        ("signature.header", "X Signature:", "not the name of a header"),
        ("vendor", "acme", "no answer"),
    ],
)
def test_an_answer_about_a_webhook_that_makes_no_sense_says_why(
    tmp_path: Path, key: str, choice: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message) as error:
        hook(tmp_path).answer(key, choice)
    assert "short-7" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"), [(None, "can’t be read"), ("a=1", "holds no JSON"), ("7", "holds no visit")]
)
def test_a_sample_that_is_none_says_why(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "event.json").write_text(content, encoding="utf-8")
    told = hook(tmp_path, polls="tells itself", vendor="jobber", listener="not now", signature__secret=SECRET)
    with pytest.raises(MappingError, match=message):
        told.answer("sample", "event.json").look(NOW)
