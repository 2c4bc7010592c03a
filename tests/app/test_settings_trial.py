"""Another policy tried on the days on record: the same one gives what was told, a stricter one what it adds."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.replay_record import NOT_ON_RECORD
from dispatchwatch.app.settings.trial import Cancelled, Trial, TrialFailure, Tried, tried
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.intake.csv_feed import CsvConfig
from tests.fakes.office import ALL_KINDS, CHICAGO, FEED, Office, at, hours, minutes, visit

REPLAYED = set(AlertKind) - NOT_ON_RECORD


def config(policy: Policy | None = None) -> Config:
    """The office of `lived_through`, as far as a trial asks for it."""
    empty = Config.empty(Path("office.toml"))
    feed = CsvConfig(name=FEED, path="today.csv")
    return replace(empty, office=OfficeHours(CHICAGO), feeds=(feed,), policy=policy or Policy())


def with_grace(length: timedelta) -> Config:
    return config(Policy(base=Thresholds(check_in_grace=length)))


@pytest.fixture(scope="module")
def lived_through(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A day with lateness, a move, a cancellation, nobody assigned, and visits that go missing."""
    folder = tmp_path_factory.mktemp("lived")
    with Office(folder, at("06:00"), kinds=ALL_KINDS, interval=minutes(2)) as office:
        day = {
            one.ext_id: one
            for one in (
                visit("late", at("09:00")),
                visit("on time", at("10:00"), technicians=()),
                visit("just late", at("11:00")),
                visit("cancelled", at("15:00")),
                visit("moved", at("16:00")),
                visit("gone", at("17:00")),
                visit("back again", at("18:00")),
            )
        }

        def until(time: str, *without: str, **changes: Visit) -> None:
            day.update({key.replace("_", " "): one for key, one in changes.items()})
            office.says(*(one for key, one in day.items() if key not in without))
            office.run_until(at(time))

        until("09:50")
        until("10:02", late=replace(day["late"], arrived_at=at("09:48"), status=Status.ARRIVED))
        until("11:08", on_time=replace(day["on time"], arrived_at=at("10:01"), status=Status.ARRIVED))
        until("11:40", just_late=replace(day["just late"], arrived_at=at("11:08"), status=Status.ARRIVED))
        until("12:00", cancelled=replace(day["cancelled"], status=Status.CANCELLED, cancelled_at=at("11:45")))
        later = replace(day["moved"], sched_start=at("16:00") + hours(2), sched_end=at("18:00") + hours(2))
        until("12:30", moved=later)
        until("12:45", moved=replace(later, sched_start=at("19:00"), sched_end=at("21:00")))
        until("13:30", "gone", "back again")
        until("13:40", "gone")
        yield office


def outcome(office: Office, after: Config, before: Config | None = None) -> Tried:
    trial = Trial(office.path, before or config(), after, days=1, now=office.now)
    return trial.run()


def test_the_same_policy_gives_what_was_told(lived_through: Office) -> None:
    told = Counter(one.kind for one in lived_through.alerts() if one.kind in REPLAYED)
    found = outcome(lived_through, config())
    assert {AlertKind(one.kind): one.now for one in found.rows} == dict(told)
    assert {one.kind for one in found.rows} >= {
        "late_check_in",
        "unassigned",
        "cancelled_short_notice",
        "rescheduled_short_notice",
        "job_missing",
    }
    assert all(one.difference == 0 for one in found.rows)
    assert found.sentences == ("With the change you would have had the same alerts.",)
    assert found.what == "7 visits on record"


def test_a_stricter_policy_tells_more_and_says_what_of_it_was_true(lived_through: Office) -> None:
    found = outcome(lived_through, with_grace(minutes(5)))
    (late,) = [one for one in found.rows if one.kind == "late_check_in"]
    assert (late.now, late.with_change, late.difference) == (1, 2, 1)
    assert (late.only_with_change, late.only_with_change_true) == (1, 0)
    assert found.sentences[0] == "With the change you would have had 1 more “Late check-in”, and it was not true."


def test_a_laxer_policy_tells_less(lived_through: Office) -> None:
    found = outcome(lived_through, with_grace(hours(2)))
    (late,) = [one for one in found.rows if one.kind == "late_check_in"]
    assert (late.now, late.with_change, late.only_now, late.only_now_true) == (1, 0, 1, 1)


def test_what_can_not_be_replayed_is_said(lived_through: Office) -> None:
    notes = outcome(lived_through, config()).notes
    assert "are not replayed" in notes[0]
    assert any("The record begins" in note for note in notes)


def test_nothing_of_the_record_is_changed(lived_through: Office) -> None:
    before = lived_through.contents()
    outcome(lived_through, with_grace(minutes(1)))
    assert lived_through.contents() == before


def test_a_trial_says_how_far_it_is_and_can_be_called_off(lived_through: Office) -> None:
    trial = Trial(lived_through.path, config(), config(), days=1, now=lived_through.now)
    heard: list[float] = []

    def progress(share: float) -> None:
        heard.append(share)
        if share >= 0.25:
            trial.cancel()

    with pytest.raises(Cancelled):
        trial.run(progress)
    assert heard == sorted(heard)
    assert 0.25 <= heard[-1] < 0.5


def test_a_trial_ends_with_the_task_that_waits_for_it(lived_through: Office) -> None:
    begun = threading.Event()
    ended = threading.Event()
    trial = Trial(lived_through.path, config(), config(), days=1, now=lived_through.now)

    def progress(_: float) -> None:
        if not begun.is_set():
            begun.set()
            ended.wait(10)

    async def call_off() -> None:
        task = asyncio.create_task(tried(trial, progress))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ended.set()

    asyncio.run(call_off())
    with pytest.raises(Cancelled):
        trial.run()


def test_an_office_without_a_past_is_told_so(tmp_path: Path) -> None:
    with Office(tmp_path, at("06:00")) as office, pytest.raises(TrialFailure, match="Nothing is on record"):
        outcome(office, config())
    with pytest.raises(TrialFailure, match="can’t be opened"):
        Trial(tmp_path / "none.sqlite", config(), config(), days=1, now=at("06:00")).run()
    assert not (tmp_path / "none.sqlite").exists()
