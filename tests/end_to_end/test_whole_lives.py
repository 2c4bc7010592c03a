"""Whole lives of alerts on all twenty platforms, in a pretend world, with everything going wrong that can.

A life at a time and inside the process, with every kind of fault at every request. All twenty at once, through real
lanes and real connections, are in test_all_twenty_at_once.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.freshdesk import Freshdesk
from dispatchwatch.dispatch.platforms.trello import Trello
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import NOW, TEXTS
from tests.fakes.clock import ManualClock
from tests.fakes.pretend import Fault, World
from tests.fakes.pretend.channels import FULL, channel, names, with_wrong_secrets
from tests.fakes.pretend.life import MOST_ATTEMPTS, OPERATIONS, Before, Life, live
from tests.fakes.pretend.verdict import LETTERS, of_course, verdict

FAULTS = (Fault.ERROR, Fault.BUSY, Fault.HANG, Fault.DROPPED, Fault.LATE_ERROR, Fault.EXPIRED, Fault.GONE)
"""Inside the process the others look like one of these."""
FEW_FAULTS = (Fault.DROPPED, Fault.GONE)
SIGNED = frozenset({"gmail:service-account", "salesforce:jwt"})
"""They differ in how they get their tokens alone, and signing takes long."""
WITH_TOKENS = (
    "servicenow",
    "zendesk",
    "salesforce",
    "gmail",
    "outlook",
    "zoho",
    "gmail:service-account",
    "salesforce:jwt",
)


class Lives:
    """Lives in one world, one after the other."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.world = World(self.clock.now)

    def one(
        self,
        told: Channel,
        *,
        faults: dict[int, Fault] | None = None,
        uses: int = 0,
        before: Before | None = None,
        text: str = "",
    ) -> Life:
        """A life on a new account, with a fault at each of these requests, whose tokens are good for so many uses."""
        key = told.platform.key
        service = self.world[key]
        service.begin()
        service.faults, service.uses = dict(faults or {}), uses
        return asyncio.run(live(told, service, self.clock, Sender(self.world.transport(key)), before, text))

    def each(self, told: Channel, kinds: Iterable[Fault]) -> list[tuple[str, Life, list[str]]]:
        """A life for every kind of fault at every request: what struck where, the life, and what is wrong with it."""
        requests = len(self.one(told).service.asked)
        found = []
        for kind in kinds:
            for number in range(1, requests + 1):
                life = self.one(told, faults={number: kind})
                asked = life.service.asked[number - 1]
                unhurt = [] if life.faults == [kind] else [f"{kind} did not strike"]
                found.append((f"{kind} at {number}, {asked.method} {asked.path}", life, verdict(life) + unhurt))
        return found


@pytest.fixture(scope="module")
def lives() -> Lives:
    return Lives()


@pytest.mark.parametrize("name", names())
def test_a_life_to_which_nothing_happens_shows_each_of_its_steps_once(lives: Lives, name: str) -> None:
    assert of_course(lives.one(channel(name))) == []


@pytest.mark.parametrize("name", [name for name in names() if name not in SIGNED])
def test_whatever_goes_wrong_each_object_ends_right_and_once_or_visibly_fails(lives: Lives, name: str) -> None:
    kinds = FEW_FAULTS if ":" in name else FAULTS
    wrong = [f"{where}: {problems}" for where, _, problems in lives.each(channel(name), kinds) if problems]
    assert wrong == []


@pytest.mark.parametrize("name", WITH_TOKENS)
@pytest.mark.parametrize("uses", [1, 3])
def test_tokens_that_end_in_the_middle_are_fetched_anew_and_nobody_notices(lives: Lives, name: str, uses: int) -> None:
    life = lives.one(channel(name), uses=uses)
    assert of_course(life) == []
    assert life.service.issued > 1


def test_every_platform_that_fetches_tokens_is_among_them(lives: Lives) -> None:
    fetching = {name for name in FULL if lives.one(channel(name)).service.issued}
    assert fetching == {name for name in WITH_TOKENS if ":" not in name}


@pytest.mark.parametrize("name", [name for name in names() if name.partition(":")[0] not in LETTERS])
def test_when_somebody_deletes_it_over_there_the_end_is_the_end_and_nothing_is_left_open(
    lives: Lives, name: str
) -> None:
    for moment in OPERATIONS[1:]:

        def delete(life: Life, operation: Operation, moment: Operation = moment) -> None:
            if operation is moment:
                life.service.lose_everything()

        life = lives.one(channel(name), before=delete)
        assert life.told[Operation.RESOLVE].ends == "sent", life.told
        assert life.service.amiss() == []
        assert {one for one in life.service.standings() if one != "sent"} <= {"resolved"}, moment
        refused = [told.why for told in life.told.values() if told.ends == "failed"]
        assert all(why.startswith(life.channel.platform.name) for why in refused), "visibly, and in words"


@pytest.mark.parametrize("name", [name for name in names() if name.partition(":")[0] not in LETTERS | {"telegram"}])
def test_what_has_our_key_over_there_is_found_again_when_its_receipt_is_lost(lives: Lives, name: str) -> None:
    told = channel(name)
    for moment in OPERATIONS:

        def forget(life: Life, operation: Operation, moment: Operation = moment) -> None:
            if operation is moment:
                life.receipt = None

        life = lives.one(told, before=forget)
        ends = {one.ends for one in life.told.values()}
        if not name.endswith(":no-key") and told.platform.on_repeat(Operation.RAISE, told.config) is Repeat.HARMLESS:
            assert (ends, life.service.standings()) == ({"sent"}, ["resolved"]), moment
        elif life.service.standings() != ["resolved"]:
            assert len(life.service.standings()) <= 2, "at most an update opens it anew"
        assert life.service.amiss() == []


@pytest.mark.parametrize("name", [name for name in names() if name not in SIGNED])
def test_no_text_is_refused_or_taken_for_anything_but_a_text(lives: Lives, name: str) -> None:
    told = channel(name)
    for label, text in TEXTS.items():
        assert of_course(lives.one(told, text=text)) == [], label


@pytest.mark.parametrize("name", [name for name in names() if name != "salesforce:jwt"])
def test_with_wrong_credentials_the_channel_waits_for_a_person_and_nothing_is_done(lives: Lives, name: str) -> None:
    told = with_wrong_secrets(name)
    life = lives.one(told)
    assert life.told[Operation.RAISE].paused == MOST_ATTEMPTS
    assert life.told[Operation.RAISE].why.startswith(told.platform.name)
    assert life.service.tellings() == []


# The judge can be failed


class TwiceToFreshdesk(Freshdesk):
    """Says that a second ticket is none."""

    def on_repeat(self, operation: Operation, config: Any) -> Repeat:  # noqa: ARG002
        return Repeat.HARMLESS


class ForgetfulTrello(Trello):
    """Never ends a card."""

    def tell(self, notification: Any, config: Any, receipt: Any) -> Any:
        if notification.operation is Operation.RESOLVE:
            notification = replace(notification, operation=Operation.UPDATE)
        return super().tell(notification, config, receipt)


def test_a_platform_that_says_it_never_doubles_is_found_out(lives: Lives) -> None:
    told = replace(channel("freshdesk"), platform=TwiceToFreshdesk())
    problems = [problem for _, _, some in lives.each(told, [Fault.DROPPED]) for problem in some]
    assert any("2 objects" in problem for problem in problems)
    assert any("told 2 times" in problem for problem in problems)


def test_a_platform_that_leaves_its_cards_open_is_found_out(lives: Lives) -> None:
    problems = of_course(lives.one(replace(channel("trello"), platform=ForgetfulTrello())))
    assert "at the end they stand ['acknowledged']" in problems
