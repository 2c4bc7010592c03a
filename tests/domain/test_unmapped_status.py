"""Status words that nobody has explained (study 4.2, row 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, Condition, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, Finding, Index, ending, evaluate
from dispatchwatch.domain.rules.unmapped_status import MOST_WORDS, UNMAPPED_STATUS
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Seen, Watched, miss, sight
from tests.fakes.office import at, minutes, seconds, visit

MICROSECOND = timedelta(microseconds=1)
NOW = at("12:00")


def bearer(ext_id: str, word: str, **more: Any) -> Watched:
    return sight(None, visit(ext_id, status=Status.UNKNOWN, status_raw=word, **more), Seen(None, NOW))


def facts(now: datetime, *watched: Watched) -> Facts:
    visits = {one.key: one for one in watched}
    return Facts(
        now=now,
        awake_since=now - timedelta(days=1),
        visits=visits,
        feeds={"today": FeedHealth(feed="today", interval=seconds(30), last_good_at=now)},
        policy=Policy(),
        office=OfficeHours(ZoneInfo("UTC")),
        index=Index.of(visits),
    )


def judged(now: datetime, *watched: Watched) -> Finding:
    return evaluate(facts(now, *watched), [UNMAPPED_STATUS])


def alert_of(condition: Condition) -> Alert:
    return Alert(
        id=1,
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed="today",
        due_at=NOW,
        raised_at=NOW,
        updated_at=NOW,
        facts=condition.facts,
    )


def alert(*watched: Watched) -> Alert:
    (condition,) = judged(NOW, *watched).conditions
    return alert_of(condition)


def why(*watched: Watched, now: datetime = NOW) -> Outcome | None:
    found = ending(alert(bearer("J-1", "Zugestellt")), facts(now, *watched), [UNMAPPED_STATUS])
    return found.outcome if found else None


def test_a_word_is_told_once_however_many_visits_bear_it_and_however_it_is_spelt() -> None:
    words = ("Zu_gestellt", "zu gestellt", "ZU-GESTELLT ", "Foo")
    found = judged(NOW, *(bearer(f"J-{place}", word) for place, word in enumerate(words))).conditions
    assert sorted((one.key, one.severity, one.facts["visits"]) for one in found) == [
        ("unmapped_status|today||foo", Severity.INFO, "1"),
        ("unmapped_status|today||zu gestellt", Severity.INFO, "3"),
    ]
    assert {one.facts["word"] for one in found} == {"Zu_gestellt", "Foo"}


def test_a_word_that_is_known_is_none() -> None:
    assert judged(NOW, sight(None, visit(status_raw="Scheduled"), Seen(None, NOW))) == Finding()


@pytest.mark.parametrize("late", [timedelta(), MICROSECOND])
def test_visits_long_over_bear_no_news(late: timedelta) -> None:
    """Over at 11:50; twelve hours later it is old."""
    found = judged(at("23:50") + late, bearer("J-1", "Foo"))
    assert bool(found.conditions) is not bool(late)
    assert found.next_change == (None if late else at("23:50") + MICROSECOND)


def test_it_is_over_when_the_word_is_mapped_or_the_visits_have_gone() -> None:
    word = bearer("J-1", "Zugestellt")
    assert why(word) is None
    mapped = sight(word, visit("J-1", status_raw="Zugestellt"), Seen(NOW, NOW + minutes(1)))
    gone = miss(miss(word, NOW), NOW + minutes(5))
    assert [why(mapped), why(gone), why(), why(bearer("J-1", "Foo"))] == [Outcome.REMEDIED] * 4


def test_another_spelling_of_the_word_keeps_it_open() -> None:
    assert why(bearer("J-2", "ZUGESTELLT")) is None


def test_a_column_of_free_text_is_not_told_word_by_word() -> None:
    many = [bearer(f"J-{number:02d}", f"note {number:02d}") for number in range(MOST_WORDS + 5)]
    found = judged(NOW, *many, bearer("K-1", "Foo"), bearer("K-2", "Foo")).conditions
    told = [one.key.rsplit("|", 1)[-1] for one in found if one.verified]
    assert len(told) == MOST_WORDS
    assert told[0] == "foo", "what most visits bear comes first"
    assert len(found) == MOST_WORDS + 6


@pytest.mark.parametrize(
    ("visits", "have"),
    [
        ([bearer("J-1", "Foo")], "1 visit has it, J-1."),
        ([bearer("J-1", "Foo"), bearer("J-2", "Foo")], "2 visits have it, such as J-1."),
    ],
)
def test_its_words_say_how_many_give_an_example_and_the_remedy(visits: list[Watched], have: str) -> None:
    told = alert(*visits)
    headline = f"Nobody has said what the status “Foo” means in the schedule “today”; {have}"
    assert wording.headline(told, NOW) == f"{headline} Until then they stand as they stood before"
    assert '[profile.…] write status = { "Foo" = "scheduled" }' in wording.next_step(told)


def test_words_of_any_length_and_alerts_without_facts_make_sentences() -> None:
    told = alert(bearer("J-1", 'a "quoted" \\ word ' + "x" * 500))
    assert len(wording.headline(told, NOW)) < 250
    assert '\\"quoted\\" \\\\' in wording.next_step(told)
    assert "“?”" in wording.headline(replace(told, facts={}), NOW)


def test_a_feed_no_longer_watched_ends_it() -> None:
    found = ending(alert(bearer("J-1", "Foo")), replace(facts(NOW), feeds={}), [UNMAPPED_STATUS])
    assert found is not None
    assert found.outcome is Outcome.WITHDRAWN
