"""What the window is told of notes, of visits typed at the desk, and of word that can't come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import Event, StatusChanged
from dispatchwatch.app.story import story as story_of
from dispatchwatch.app.view import StoryLine
from dispatchwatch.domain.visit import Site, VisitKey
from dispatchwatch.intake.desk_feed import DESK
from tests.app.test_inbound import LISTENER, SAM, TOKEN, configured, write
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.office import Office, at, key, visit
from tests.fakes.receiver import Answer, Receiver


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("08:00"))


def story(office: Office) -> list[StoryLine]:
    history = office.store.schedules.history(key("A"))
    return list(story_of(office.watched("A"), history, [], []))


def test_a_note_stands_in_the_story_with_who_wrote_it(office: Office) -> None:
    office.read(visit("A", start=at("10:00"), notes="Gate 4"))
    for text in ("ask for Kim", "bring the long ladder"):
        assert office.desk.note(key("A"), text, Actor("Ana", "desk"), office.now).done
        office.catch_up()
    assert [(line.text, line.by) for line in story(office)[1:]] == [
        ("Note: ask for Kim", "desk: Ana"),
        ("Note: bring the long ladder", "desk: Ana"),
    ]


def test_another_place_and_other_work_stand_in_the_story(office: Office) -> None:
    office.read(visit("A", start=at("10:00"), title="Filter change"))
    office.read(
        visit("A", start=at("10:00"), title="Belt change", site=Site("Plant 9", "America/Chicago", "4 Mill Rd"))
    )
    assert [line.text for line in story(office)[1:]] == [
        "Site: Plant 4 → Plant 9, 4 Mill Rd",
        "What is to be done: Filter change → Belt change",
    ]


def test_notes_that_were_written_anew_are_told_whole(office: Office) -> None:
    office.read(visit("A", start=at("10:00"), notes="Gate 4"))
    office.read(visit("A", start=at("10:00"), notes="Gate 5"))
    assert story(office)[-1].text == "Notes: Gate 4 → Gate 5"


def test_a_typed_visit_begins_at_the_desk(tmp_path: Path) -> None:
    write(tmp_path, J_1=600)

    async def step(engine: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        told = {"customer": "Acme", "sched_start": f"{clock.now():%Y-%m-%d %H:%M}"}
        await engine.perform(lambda desk, now: desk.add_visit(told, SAM, now))
        page = await engine.visit_page(VisitKey(DESK, "D-1"))
        assert page is not None
        assert page.story[0].text.startswith("Typed at the desk, planned for ")
        assert page.story[0].by == ""

    run_beside(configured(tmp_path, ""), step)


def test_a_fault_is_told_to_whoever_begins_to_look_until_it_is_over(tmp_path: Path) -> None:
    write(tmp_path, J_1=600)
    with Receiver() as telegram:
        telegram.script(f"/bot{TOKEN}/getUpdates", Answer(status=401, body={"ok": False}))

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            heard: list[Event] = []
            engine.bus.subscribe(heard.append)
            await listener.until(lambda: "fault" in listener.names())
            await engine.show_everything()
            await listener.until(lambda: any(isinstance(one, StatusChanged) and one.faults for one in heard))
            status = next(one for one in heard if isinstance(one, StatusChanged) and one.faults)
            assert status.faults == ("Telegram does not know the bot’s token. Get it from @BotFather again.",)
            assert [(feed.name, feed.kind) for feed in status.feeds] == [("today", "csv"), (DESK, DESK)]
            engine.heard("telegram_ok", "Telegram answers", "telegram")
            await listener.until(lambda: any(isinstance(one, StatusChanged) and not one.faults for one in heard[-1:]))

        section = f'[telegram_check_in]\ntoken = "env:TOKEN"\nbase_url = "{telegram.url}"\n'
        run_beside(configured(tmp_path, LISTENER + section), step)
