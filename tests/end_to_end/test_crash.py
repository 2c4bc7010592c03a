"""kill -9 at each step of the outbox: nothing owed is lost, and what may double is what the platform deduplicates."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.program import SLACK_PATH, Program, event, minutes, pagerduty, route, row, slack
from tests.fakes.receiver import Act, Answer, Received, Receiver, like_pagerduty

pytestmark = pytest.mark.process
ROUNDS = int(os.environ.get("DISPATCHWATCH_KILLS", "1"))
STEPS = ("owed", "claimed", "sent")
LATE = 3


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kill", range(ROUNDS))
def test_pagerduty_sees_every_alert_and_only_repeats_of_its_key(tmp_path: Path, step: str, kill: int) -> None:
    with Receiver() as receiver, Program(tmp_path, pagerduty(receiver.url) + route("pager")) as program:
        program.write([row(number, minutes(-40 - number)) for number in range(LATE)])
        program.start()
        _kill_at(step, "/v2/enqueue", like_pagerduty, receiver, program, kill % LATE)
        receiver.script("/v2/enqueue", like_pagerduty)
        program.start()
        wanted = {f"dw:{alert['key']}" for alert in program.lines("alerts")}
        program.wait_for(event("delivered"), _still_owed(program))
        program.stop()
        keys = Counter(request.json["dedup_key"] for request in receiver.received)
        assert len(wanted) == LATE
        assert set(keys) == wanted
        assert {one["state"] for one in program.lines("deliveries")} == {"sent"}
        # at most the one in flight was sent again
        assert sum(keys.values()) <= LATE + 1
        assert program.run("log", "verify").status == 0


@pytest.mark.parametrize("step", STEPS)
def test_slack_gets_at_most_the_one_in_flight_twice_and_it_is_marked(tmp_path: Path, step: str) -> None:
    with Receiver() as receiver, Program(tmp_path, slack(receiver.url) + route("ops-slack")) as program:
        program.write([row(number, minutes(-40 - number)) for number in range(LATE)])
        program.start()
        _kill_at(step, SLACK_PATH, lambda _: Answer(), receiver, program, 1)
        receiver.script(SLACK_PATH, Answer())
        program.start()
        program.lines("alerts")
        program.wait_for(event("delivered"), _still_owed(program))
        program.stop()
        deliveries = program.lines("deliveries")
        assert {one["state"] for one in deliveries} == {"sent"}
        assert len(deliveries) == LATE
        doubled = len(receiver.received) - LATE
        assert doubled == (0 if step == "owed" else 1)
        assert sum(one["may_have_arrived_twice"] for one in deliveries) == doubled


def _kill_at(step: str, path: str, good: object, receiver: Receiver, program: Program, after: int) -> None:
    """Ends the program with kill -9 at this step of the delivery that follows `after` good ones."""
    assert callable(good)

    def kill_then_answer(received: Received) -> Answer:
        program.kill()
        return good(received)  # type: ignore[no-any-return]

    match step:
        case "owed":
            receiver.script(path, Answer(503))
            program.wait_for(event("delivery_failed"))
            program.kill()
            receiver.forget()
        case "claimed":
            receiver.script(path, *[good] * after, Answer(act=Act.HANG))
            receiver.wait_for(after + 1)
            program.kill()
        case _:
            receiver.script(path, *[good] * after, kill_then_answer)
            receiver.wait_for(after + 1)
            program.wait_until_dead()


def _still_owed(program: Program) -> int:
    """How many deliveries this run of the program has to make."""
    return sum(one["state"] != "sent" or one["settled_at"] >= program.started_at for one in program.lines("deliveries"))
