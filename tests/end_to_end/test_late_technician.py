"""The main job with a real file, real processes and real HTTP: late, told, acknowledged, arrived, closed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.program import KEY, SLACK_PATH, Program, event, minutes, pagerduty, route, row, slack
from tests.fakes.receiver import Receiver

pytestmark = pytest.mark.process


def office(folder: Path, receiver: Receiver) -> Program:
    return Program(folder, slack(receiver.url) + pagerduty(receiver.url) + route("ops-slack", "pager"))


def test_a_late_technician_reaches_slack_and_pagerduty_and_is_closed_on_arrival(tmp_path: Path) -> None:
    start = minutes(-35)
    with Receiver() as receiver, office(tmp_path, receiver) as program:
        program.write([row(1, start), row(2, minutes(60), technician="M. Lee")])
        program.start()
        (told,) = receiver.wait_for(1, SLACK_PATH)
        (paged,) = receiver.wait_for(1, "/v2/enqueue")
        for words in ("J-1", "J. Ortiz", "Acme Foundry", "20 min late"):
            assert words in told.body.decode()
            assert words in json.dumps(paged.json["payload"], ensure_ascii=False)
        assert paged.json["event_action"] == "trigger"

        done = program.run("ack", "1", "--by", "Sam", "--note", "called him")
        assert (done.status, done.err) == (0, "")
        acknowledged = receiver.wait_for(2, "/v2/enqueue")[1].json
        assert acknowledged["event_action"] == "acknowledge"
        assert acknowledged["dedup_key"] == paged.json["dedup_key"]

        program.write([row(1, start, arrived=minutes(0)), row(2, minutes(60), technician="M. Lee")])
        resolved = receiver.wait_for(3, "/v2/enqueue")[2].json
        assert (resolved["event_action"], resolved["dedup_key"]) == ("resolve", paged.json["dedup_key"])
        assert "Resolved" in receiver.wait_for(3, SLACK_PATH)[2].body.decode()
        program.wait_for(event("delivered"), 6)
        assert program.stop() == 0
        assert program.errors == ""
        (alert,) = program.lines("alerts", "--all")
        assert (alert["state"], alert["acknowledged_by"], alert["outcome"]) == ("resolved", "Sam", "checked_in")
        assert program.run("log", "verify").status == 0


def test_the_same_file_again_tells_nobody(tmp_path: Path) -> None:
    rows = [row(1, minutes(-35))]
    with Receiver() as receiver, office(tmp_path, receiver) as program:
        program.write(rows)
        program.start()
        program.wait_for(event("delivered"), 2)
        program.stop()
        receiver.forget()
        program.write(rows)
        program.start()
        program.run("checkin", "J-1")
        program.wait_for(event("delivered", operation="resolve"), 2)
        assert [request.path for request in receiver.received if b"Resolved" in request.body] == [SLACK_PATH]
        assert len(receiver.received) == 2


def test_secrets_are_nowhere_on_disk(tmp_path: Path) -> None:
    with Receiver() as receiver, office(tmp_path, receiver) as program:
        program.write([row(1, minutes(-35))])
        program.start()
        program.wait_for(event("delivered"), 2)
        shown = program.run("channel", "preview", "pager", "--json").out
        shown += program.run("channel", "preview", "ops-slack").out
        shown += program.run("log", "export", "--format", "jsonl").out
        program.stop()
        stored = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    for secret in (KEY, SLACK_PATH.rsplit("/", 1)[1]):
        assert secret.encode() not in stored
        assert secret not in shown
    assert "***" in shown
