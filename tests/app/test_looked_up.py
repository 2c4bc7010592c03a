"""What a window looks up: a delivery with its request, past alerts, visits before, and whether a channel answers."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from dispatchwatch.app.engine import Engine
from dispatchwatch.app.looking_back import previous_visits
from dispatchwatch.app.publisher import Publisher
from dispatchwatch.domain.alert_search import AlertSearch, Heard
from dispatchwatch.domain.visit import Customer, VisitKey
from tests.app.test_inbound import SAM, configured, write
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.office import Office, at, minutes, visit
from tests.fakes.receiver import Answer, Receiver

HOOK = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
SLACK = """
[[channel]]
name = "ops"
platform = "slack"
webhook_url = "https://hooks.slack.com{hook}"
base_url = "{url}"
[[route]]
channels = ["ops"]
"""


def test_a_delivery_shows_its_request_without_secrets_and_each_attempt(tmp_path: Path) -> None:
    write(tmp_path, J_1=-60)
    with Receiver() as slack:
        slack.script(HOOK, Answer(status=400, body="invalid_payload"), Answer())

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            await listener.until(lambda: "delivery_failed" in listener.names())
            page = await engine.delivery_page(1)
            assert page is not None
            assert page.line.state == "failed"
            ((_at, error),) = page.failures
            assert "invalid_payload" in error
            (request,) = page.requests
            assert (request.method, page.problem) == ("POST", "")
            assert page.line.headline.split(" – ")[0] in request.body
            assert "XXXXXXXX" not in f"{page}"
            assert [alert.ext_id for alert in page.alerts] == ["J-1"]
            await engine.perform(lambda desk, now: desk.resend([1], SAM, now))
            await listener.until(lambda: "delivered" in listener.names())
            again = await engine.delivery_page(1)
            assert again is not None
            assert (again.line.state, len(again.failures)) == ("sent", 1)
            assert await engine.delivery_page(99) is None

        run_beside(configured(tmp_path, SLACK.format(hook=HOOK, url=slack.url)), step)
        assert slack.received[0].json == slack.received[1].json


def test_the_request_that_is_shown_is_the_one_that_went(tmp_path: Path) -> None:
    write(tmp_path, J_1=-60)
    with Receiver() as slack:

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            await listener.until(lambda: "delivered" in listener.names())
            page = await engine.delivery_page(1)
            assert page is not None
            assert page.requests[0].body.encode()
            sent = slack.received[0]
            assert json.loads(page.requests[0].body) == sent.json
            shown = dict(page.requests[0].headers)
            assert shown["content-type"] == sent.headers["content-type"]

        run_beside(configured(tmp_path, SLACK.format(hook=HOOK, url=slack.url)), step)


def test_past_alerts_and_people_are_looked_up_beside_the_loop(tmp_path: Path) -> None:
    write(tmp_path, J_1=-60)
    with Receiver() as slack:

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            await listener.until(lambda: "delivered" in listener.names())
            await engine.perform(lambda desk, now: desk.resolve([1], SAM, now))
            found = await engine.past_alerts(AlertSearch(who="Sam", heard=Heard.DELIVERED, words=("J-1",)))
            assert [line.alert.id for line in found.lines] == [1]
            assert [told.channel for told in found.lines[0].told] == ["ops"]
            assert found.total == 1
            assert (await engine.past_alerts(AlertSearch(who="Nobody"))).lines == ()
            assert await engine.past_people() == ("Sam",)

        run_beside(configured(tmp_path, SLACK.format(hook=HOOK, url=slack.url)), step)


def test_a_channel_is_checked_and_one_that_is_not_there_said(tmp_path: Path) -> None:
    write(tmp_path)
    with Receiver() as slack:

        async def step(engine: Engine, _listener: Listener, _: SteppedClock) -> None:
            checked = await engine.try_channel("ops")
            assert checked.text == "Slack has no harmless way to try it; send a test message."
            missing = await engine.try_channel("nobody")
            assert (missing.done, missing.text) == (False, "There is no channel “nobody” that could be used.")

        run_beside(configured(tmp_path, SLACK.format(hook=HOOK, url=slack.url)), step)
        assert slack.received == []


def test_visits_before_are_those_of_the_order_or_the_customer(tmp_path: Path) -> None:
    office = Office(tmp_path, at("08:00"))
    borax = Customer("Borax", "C-2")
    days = [timedelta(days=number) for number in (1, 2, 3, 45)]
    office.read(
        visit("A", start=at("09:00"), order_ref="WO-1"),
        visit("B", start=at("09:00") - days[0], customer=borax),
        visit("C", start=at("09:00") - days[1]),
        visit("D", start=at("09:00") - days[2], customer=borax, order_ref="WO-1"),
        visit("E", start=at("09:00") - days[3]),
        visit("F", start=at("09:00") + minutes(60)),
    )
    found = previous_visits(office.store, office.watched("A").visit, office.now)
    assert [one.ext_id for one in found] == ["C", "D"]


def test_a_lane_says_since_when_its_oldest_message_waits(tmp_path: Path) -> None:
    write(tmp_path, J_1=-60)
    with Receiver() as slack:

        async def step(engine: Engine, listener: Listener, clock: SteppedClock) -> None:
            await listener.until(lambda: "delivered" in listener.names())
            await engine.perform(lambda desk, now: desk.pause("ops", SAM, now))
            await engine.perform(lambda desk, now: desk.resolve([1], SAM, now))
            publisher: Publisher = engine._publisher
            (lane,) = publisher._lane_lines()
            assert lane.waiting == 1
            assert lane.waiting_since is not None
            assert clock.now() - lane.waiting_since < timedelta(minutes=1)
            assert lane.paused.startswith("Sam paused it on ")
            assert lane.paused_at is not None

        run_beside(configured(tmp_path, SLACK.format(hook=HOOK, url=slack.url)), step)


def test_a_visit_page_has_the_visits_before(tmp_path: Path) -> None:
    write(tmp_path, J_1=60, J_0=-1500)

    async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        page = await engine.visit_page(VisitKey("today", "J-1"))
        assert page is not None
        assert [one.ext_id for one in page.previous] == ["J-0"]

    run_beside(configured(tmp_path, ""), step)
