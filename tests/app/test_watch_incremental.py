"""A look asks only about what may have changed; asking about everything each time must come to the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.looking import Reading
from dispatchwatch.app.replay import NobodyOwed, Source
from dispatchwatch.app.replay_run import Past, Wish
from dispatchwatch.app.watch import Watch
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.store.store import open_store
from tests.fakes.office import CHICAGO, at
from tests.fakes.week import week, write_week

POLICY = Policy(base=Thresholds(sla_onsite=timedelta(hours=30), sla_resolution=timedelta(hours=40)))
STANDARDS = Standards(office=OfficeHours(CHICAGO), policy=POLICY)
Happened = tuple[datetime, str, Alert]


def happened(source: Source, *, everything: bool) -> list[Happened]:
    """All that a watch records of a source; `everything`: it learns before each look that all may be different."""
    found: list[Happened] = []
    with closing(open_store(None, source.begins)) as store:
        watch = Watch(store, NobodyOwed(), STANDARDS, {source.health.feed: source.health}, source.rules)
        watch.wake(source.begins)
        following: list[datetime | None] = [None]
        for now, readings in looks(source, following):
            if everything:
                watch.reload()
            look = watch.look(now, readings)
            following[0] = look.next_change
            for word, alerts in (
                ("raised", look.recorded.raised),
                ("updated", look.recorded.worsened),
                ("resolved", look.recorded.resolved),
            ):
                found += [(now, word, alert) for alert in alerts]
    return found


def looks(source: Source, following: list[datetime | None]) -> Iterator[tuple[datetime, Sequence[Reading]]]:
    for told in source.told():
        while following[0] is not None and following[0] < told.at:
            yield following[0], source.between(following[0])
        yield told.at, told.readings
    while following[0] is not None and following[0] <= source.ends:
        yield following[0], source.between(following[0])


@pytest.mark.parametrize("seed", range(3))
def test_asking_only_about_what_may_have_changed_comes_to_the_same(tmp_path: Path, seed: int) -> None:
    file = write_week(tmp_path / "week.csv", week(seed=seed, days=2))
    config = Config(path=tmp_path / "office.toml", office=STANDARDS.office, office_name="", policy=POLICY)
    past = Past(Wish(files=[file]), config, at("09:00"))
    found = happened(past.source, everything=False)
    assert found == happened(past.source, everything=True)
    assert len({alert.kind for _, _, alert in found}) >= 5
