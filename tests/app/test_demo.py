"""The sample day: it is read without a complaint, shows every standing, and moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.demo import SampleDay, read_sample_day, write_config
from dispatchwatch.app.paths import resources
from dispatchwatch.app.previewing import preview_feed
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.standing import Standing, standing
from tests.fakes.clock import ManualClock

NOW = datetime(2026, 11, 10, 16, 0, 20, tzinfo=UTC)


def stands(folder: Path, clock: ManualClock) -> dict[str, Standing]:
    config = read_config(folder / "dispatchwatch.toml", SecretSource({}, folder, system_keyring))
    snapshot, visits = preview_feed(config, "today", clock.now())
    assert snapshot.problems == ()
    assert config.office.zone == ZoneInfo("America/Chicago")
    return {watched.visit.ext_id: standing(watched, Policy(), clock.now()) for watched in visits}


def test_the_sample_day_shows_every_standing_and_moves(tmp_path: Path) -> None:
    clock = ManualClock(NOW)
    write_config(tmp_path, "http://127.0.0.1:9")
    day = SampleDay(tmp_path, read_sample_day(resources() / "sample-day.json"), clock)
    day.start()
    before = stands(tmp_path, clock)
    wanted = {Standing.LATE, Standing.SOON, Standing.LATER, Standing.EN_ROUTE, Standing.ON_SITE, Standing.DONE}
    assert wanted | {Standing.CANCELLED, Standing.UNASSIGNED} <= set(before.values())
    clock.advance(timedelta(minutes=2))
    day.stop()
    day.write()
    after = stands(tmp_path, clock)
    assert (before["J-1042"], after["J-1042"]) == (Standing.LATE, Standing.ON_SITE)
    assert (before["J-1036"], after["J-1036"]) == (Standing.ON_SITE, Standing.DONE)
