"""kill -9 at random moments of a storm on all twenty platforms: nothing owed is lost, and what doubles is explained.

`DISPATCHWATCH_STORM_KILLS=200` kills the program so often; without it, a few times.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.domain.alert import AlertKind, Operation
from tests.fakes.pretend import World
from tests.fakes.pretend.channels import FULL, channel
from tests.fakes.pretend.verdict import LETTERS
from tests.fakes.program import Program, event, minutes, route, row

pytestmark = pytest.mark.process
KILLS = int(os.environ.get("DISPATCHWATCH_STORM_KILLS", "3"))
NEW_EACH_TIME = 3
PATIENCE = 120.0 + 3 * KILLS
QUIET = 1.0
OTHER_KINDS = [kind.value for kind in AlertKind if kind is not AlertKind.LATE_CHECK_IN]


@pytest.fixture
def world() -> Iterator[World]:
    with World(lambda: datetime.now(UTC)) as world:
        yield world


def test_every_platform_hears_of_every_alert_however_often_the_program_is_killed(tmp_path: Path, world: World) -> None:
    chance = Random(KILLS)  # noqa: S311
    with Program(tmp_path, configuration(world)) as program:
        rows = [row(0, minutes(-16))]
        for turn in range(KILLS):
            rows += [row(len(rows) + number, minutes(-16 - turn / 100)) for number in range(NEW_EACH_TIME)]
            program.write(rows)
            program.start()
            program.wait_for(event("raised"), timeout=PATIENCE)
            until_asked(world, chance.randrange(NEW_EACH_TIME * len(FULL)))
            program.kill()
        program.start()
        settled = until_nothing_is_owed(program)
        program.stop()
        assert {one["state"] for one in settled} == {"sent"}
        assert len(settled) == len(rows) * len(FULL)
        assert {key: problems for key in FULL if (problems := amiss(world, key, len(rows)))} == {}
        assert program.run("log", "verify").status == 0


def until_asked(world: World, more: int) -> None:
    """Returns once the services were asked so many times more, or have been quiet for a while."""
    wanted = asked(world) + more
    before = -1
    while before < asked(world) < wanted:
        before = asked(world)
        ends = time.monotonic() + QUIET
        while asked(world) == before and time.monotonic() < ends:
            time.sleep(0.002)


def asked(world: World) -> int:
    return sum(len(service.asked) for service in world.services.values())


def amiss(world: World, key: str, alerts: int) -> list[str]:
    """What no kill explains: each may have had one telling in flight on each lane."""
    told = channel(key)
    doubles = told.platform.on_repeat(Operation.RAISE, told.config) is Repeat.DOUBLES
    service = world[key]
    count = len(service.tellings()) if key in LETTERS else len(service.standings())
    spare = KILLS if doubles else 0
    found = list(service.amiss())
    return found + ([] if alerts <= count <= alerts + spare else [f"{count} of {alerts}"])


def configuration(world: World) -> str:
    """All twenty, each with everything it has been set up with in the pretend world, and one route to all of them."""
    channels = []
    for key, values in FULL.items():
        about = {"name": key, "platform": key, "base_url": world.url(key), "rate": "off", **values}
        channels.append("[[channel]]\n" + "".join(f"{name} = {json.dumps(text)}\n" for name, text in about.items()))
    policy = f"[policy]\noff = {json.dumps(OTHER_KINDS)}\n[outgoing]\nstorm_over = 1000000\n"
    return "".join(channels) + route(*FULL) + policy


def until_nothing_is_owed(program: Program) -> list[dict[str, object]]:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        deliveries = program.lines("deliveries")
        if Counter(one["state"] for one in deliveries).keys().isdisjoint({"waiting", "sending"}):
            return deliveries
        time.sleep(0.5)
    raise TimeoutError(f"still owed: {Counter((one['channel'], one['state']) for one in deliveries)}")
