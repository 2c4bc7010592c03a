"""The chain of a technician's day by itself: where he is now, and when he will be where (study 5.1)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.prediction import Forecast, Prediction
from dispatchwatch.domain.rules.at_risk import predicted
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Customer, Site, Status, Visit
from dispatchwatch.domain.watched import Watched
from tests.fakes.drives import Drives, site
from tests.fakes.office import CHICAGO, LEE, ORTIZ, WEEKDAYS_7_TO_18, at, hours, minutes, seconds, visit
from tests.fakes.picture import picture, sighted

MICROSECOND = timedelta(microseconds=1)
HOME = Roster.of([Profile(ext_id="T-07", name="J. Ortiz", home=(0.0, 0.0), shift=WEEKDAYS_7_TO_18)])
AT_10 = site("Plant 4", 10)
AT_28 = site("Plant 7", 28)
THERE, DONE = Status.IN_PROGRESS, Status.COMPLETED


def forecast(now: datetime, *told: Visit | Watched, crew: str = "T-07", **more: Any) -> Forecast:
    facts = picture(now, *told, **{"travel": Drives(), "roster": HOME, **more})
    return predicted(facts.day_of(crew), facts)


def predict(now: datetime, *told: Visit | Watched, **more: Any) -> dict[str, Prediction]:
    return {one.key.ext_id: one for one in forecast(now, *told, **more).predictions}


def job(ext_id: str, start: str, length: float = 60, **more: Any) -> Visit:
    begins = at(start)
    return visit(ext_id, start=begins, **{"sched_end": begins + minutes(length), "site": AT_10, **more})


def at_work(start: str = "09:00", length: float = 60, **more: Any) -> Visit:
    return job("J-1", start, length, **{"status": Status.IN_PROGRESS, "started_at": at(start), **more})


def next_job(start: str = "10:00", **more: Any) -> Visit:
    return job("J-2", start, **{"site": AT_28, **more})


@pytest.mark.parametrize(
    ("length", "elapsed", "remaining"),
    [
        (60, minutes(0), minutes(60)),
        (60, minutes(20), minutes(40)),
        (60, minutes(50), minutes(10)),
        (60, minutes(50) + seconds(1), minutes(10)),
        (60, minutes(60), minutes(10)),
        (60, minutes(60) + MICROSECOND, minutes(15)),
        (60, minutes(300), minutes(15)),
        (20, minutes(20) + MICROSECOND, minutes(10)),
        (120, minutes(120) + MICROSECOND, minutes(30)),
        (4, minutes(0), minutes(4)),
        (4, minutes(5), minutes(4)),
    ],
)
def test_work_under_way_ends_by_plan_or_a_quarter_of_it_later_and_never_within_ten_minutes(
    length: float, elapsed: timedelta, remaining: timedelta
) -> None:
    """… but a visit planned for less than ten minutes is not taken for longer than its plan."""
    now = at("09:00") + elapsed
    working = sighted((at("09:00"), at_work(length=length)))
    assert predict(now, working, next_job("09:05"))["J-2"].expected == now + remaining + minutes(18)


def test_a_visit_without_a_length_takes_an_hour() -> None:
    working = at_work(sched_end=None)
    assert predict(at("09:10"), working, next_job())["J-2"].expected == at("10:18")


def test_pauses_do_not_count_as_work() -> None:
    paused = at_work(status=Status.PAUSED, status_at=at("09:10"))
    resumed = at_work(status_at=at("09:40"))
    watched = sighted((at("09:00"), at_work()), (at("09:11"), paused), (at("09:41"), resumed))
    assert predict(at("09:50"), watched, next_job())["J-2"].expected == at("10:30") + minutes(18)


def test_whoever_has_paused_is_ready_now() -> None:
    paused = at_work(length=300, status=Status.PAUSED, status_at=at("09:10"))
    assert predict(at("09:45"), paused, next_job())["J-2"].expected == at("10:03")


def test_a_visit_never_begins_before_it_may() -> None:
    assert predict(at("09:10"), at_work(), next_job("11:00"))["J-2"].expected == at("11:00")
    window = next_job("11:00", window_start=at("10:30"), window_end=at("12:00"))
    assert predict(at("09:10"), at_work(), window)["J-2"].expected == at("10:30")


def test_on_the_way_he_arrives_when_he_says_and_never_before_now() -> None:
    coming = next_job(status=Status.EN_ROUTE, eta=at("10:25"))
    after = job("J-3", "11:00", site=AT_10)
    for now, arrival in ((at("10:00"), at("10:25")), (at("10:40"), at("10:40"))):
        found = predict(now, at_work(), coming, after)
        assert (found["J-2"].expected, found["J-2"].optimistic, found["J-2"].pessimistic) == (arrival,) * 3
        assert found["J-3"].expected == arrival + minutes(60 + 18)


@pytest.mark.parametrize(
    ("now", "arrival"), [("10:05", "10:20"), ("10:20", "10:20"), ("10:31", "10:31")], ids=["early", "due", "overdue"]
)
def test_on_the_way_without_an_announced_arrival_the_drive_counts_from_when_he_left(now: str, arrival: str) -> None:
    done = job("J-1", "09:00", status=Status.COMPLETED, completed_at=at("10:00"))
    coming = next_job(status=Status.EN_ROUTE, en_route_at=at("10:02"))
    assert predict(at(now), done, coming)["J-2"].expected == at(arrival)


def test_who_did_not_stamp_his_leaving_left_when_the_work_before_was_over() -> None:
    done = job("J-1", "09:00", status=Status.COMPLETED, completed_at=at("09:55"))
    assert predict(at("10:05"), done, next_job(status=Status.EN_ROUTE))["J-2"].expected == at("10:13")


def test_who_says_only_that_he_is_on_the_way_had_left_when_we_heard_of_it() -> None:
    """… though his shift has not begun, or nobody has closed the work before."""
    early = sighted((at("06:00"), next_job("07:10")), (at("06:40"), next_job("07:10", status=Status.EN_ROUTE)))
    for now in ("06:40", "07:05"):
        assert predict(at(now), early)["J-2"].expected == at("07:08")
    coming = sighted((at("08:00"), next_job()), (at("09:30"), next_job(status=Status.EN_ROUTE)))
    for now in ("09:30", "09:48"):
        assert predict(at(now), at_work(), coming)["J-2"].expected == at("09:48")


def test_what_is_told_by_a_clock_that_runs_ahead_had_happened_when_we_heard_of_it() -> None:
    started = sighted((at("09:00"), at_work(started_at=at("09:15"))))
    coming = sighted((at("09:00"), next_job(status=Status.EN_ROUTE, en_route_at=at("09:15"))))
    for now in ("09:00", "09:14", "09:16"):
        assert predict(at(now), started, next_job())["J-2"].expected == at("10:18")
        assert predict(at(now), coming)["J-2"].expected == at("09:28")


@pytest.mark.parametrize(
    ("over", "more", "arrival"),
    [
        ("10:00", {}, "10:18"),
        ("11:30", {}, "11:18"),
        ("10:00", {"anytime": True}, "10:18"),
        ("11:30", {"anytime": True}, "11:18"),
    ],
    ids=["before its end", "after its end", "without a time, sooner", "without a time, later"],
)
def test_work_that_is_over_by_no_stamp_ended_by_plan_or_when_we_heard(
    over: str, more: dict[str, Any], arrival: str
) -> None:
    """Planned for two hours, and seen to be under way at nine."""
    work = job("J-1", "09:00", 120, duration=hours(2), **more)
    done = sighted(*((at(when), replace(work, status=status)) for when, status in (("09:00", THERE), (over, DONE))))
    for now in ("11:30", "12:00"):
        assert predict(at(now), done, next_job())["J-2"].running.fixed == at(arrival)


def test_the_planned_end_of_what_was_over_before_is_no_news_of_him() -> None:
    work = job("J-1", "09:00", 120, status=THERE)
    done = sighted((at("09:00"), work), (at("10:00"), replace(work, status=DONE)))
    elsewhere = job("J-3", "10:30", 120, status=THERE, started_at=at("10:30"))
    assert predict(at("11:05"), done, elsewhere, next_job("12:00"))["J-2"].expected == at("12:48")


def test_after_the_last_visit_he_sets_out_from_there() -> None:
    done = job("J-1", "09:00", status=Status.COMPLETED, completed_at=at("09:50"))
    assert predict(at("09:55"), done, next_job("10:00"))["J-2"].expected == at("10:08")


def test_who_reports_when_he_leaves_has_not_left_until_he_says_so() -> None:
    done = job("J-1", "09:00", status=Status.COMPLETED, en_route_at=at("08:30"), completed_at=at("09:50"))
    assert predict(at("10:05"), done, next_job("10:00"))["J-2"].expected == at("10:23")


def test_who_never_reports_it_may_be_driving_and_is_at_least_not_there_yet() -> None:
    done = job("J-1", "09:00", status=Status.COMPLETED, completed_at=at("09:50"))
    found = predict(at("10:40"), done, next_job("10:00"), job("J-3", "11:00", site=AT_10))
    assert (found["J-2"].expected, found["J-2"].by_silence, found["J-2"].late) == (at("10:40"), True, False)
    assert (found["J-3"].expected, found["J-3"].late) == (at("11:58"), True)


def test_the_day_begins_at_home_with_the_shift() -> None:
    assert predict(at("06:00"), next_job("07:10"))["J-2"].expected == at("07:28")
    assert predict(at("06:00"), next_job("08:00"))["J-2"].expected == at("08:00")


def test_a_night_shift_that_began_yesterday_is_the_one_he_is_in() -> None:
    nights = OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(22), time(6))))
    roster = Roster.of([Profile(ext_id="T-07", name="J. Ortiz", home=(0.0, 0.0), shift=nights)])
    assert predict(at("01:00"), next_job("03:00"), roster=roster)["J-2"].expected == at("03:00")
    assert predict(at("07:00"), next_job("08:00"), roster=roster)["J-2"].expected == at("22:28")


def test_three_runs_with_quicker_and_slower_drives() -> None:
    one = predict(at("09:10"), at_work(), next_job("10:05", site=site("Far", 40)))["J-2"]
    assert (one.optimistic, one.expected, one.pessimistic) == (at("10:24"), at("10:30"), at("10:42"))
    assert (one.lateness, one.late, one.watch) == (minutes(25), True, False)


@pytest.mark.parametrize(
    ("drive", "late", "watch"),
    [(7, False, False), (8, False, True), (9.9, False, True), (10, True, False)],
)
def test_late_by_the_middle_run_and_worth_watching_by_the_slow_one(drive: float, late: bool, watch: bool) -> None:
    one = predict(at("09:10"), at_work(), next_job("10:00", site=site("Near", 10 + drive)))["J-2"]
    assert (one.late, one.watch) == (late, watch)


def test_the_chain_carries_lateness_on_and_gaps_take_it_up() -> None:
    late = at_work(started_at=at("09:30"))
    day = [late, next_job("10:00"), job("J-3", "11:15", site=AT_10), job("J-4", "15:00")]
    found = predict(at("09:40"), *day)
    assert {name: one.lateness for name, one in found.items()} == {
        "J-2": minutes(48),
        "J-3": minutes(51),
        "J-4": minutes(0),
    }
    assert found["J-3"].reason.via == "Plant 7"
    assert found["J-3"].reason.via_until == at("11:48")


def test_without_coordinates_there_is_no_prediction_from_there_on() -> None:
    found = predict(at("09:10"), at_work(), next_job(site=site("Plant 5")), job("J-3", "12:00"), job("J-4", "14:00"))
    assert [found[name].unknown for name in ("J-2", "J-3", "J-4")] == ["Plant 5"] * 3
    assert not any(one.late or one.watch for one in found.values())
    nowhere = Roster.of([Profile(ext_id="T-07", name="J. Ortiz")])
    assert predict(at("06:00"), next_job(), roster=nowhere)["J-2"].unknown == "the home of J. Ortiz"


def test_an_announced_arrival_mends_a_chain_whose_beginning_is_unknown() -> None:
    coming = next_job(status=Status.EN_ROUTE, eta=at("10:05"))
    found = predict(at("09:10"), coming, job("J-3", "11:10"), roster=Roster())
    assert [(one.unknown, one.expected) for one in found.values()] == [("", at("10:05")), ("", at("11:23"))]


def test_the_same_site_is_no_drive_even_where_nobody_knows_its_position() -> None:
    working, following = at_work(site=site("Plant 5")), next_job("09:45", site=site("Plant 5"))
    found = predict(at("09:10"), working, following)["J-2"]
    assert (found.unknown, found.expected, found.late) == ("", at("10:00"), True)


def test_two_customers_main_sites_are_two_places() -> None:
    unnamed: dict[str, Any] = {"site": Site("Main", "America/Chicago")}
    other = {**unnamed, "customer": Customer("Other Inc.")}
    assert predict(at("09:10"), at_work(**unnamed), next_job(**other))["J-2"].unknown == "Main"
    assert predict(at("09:10"), at_work(**unnamed), next_job(**unnamed))["J-2"].unknown == ""


@pytest.mark.parametrize(("length", "late"), [(69, False), (70, True)])
def test_who_is_busy_beyond_the_promise_is_late_whatever_the_drive(length: float, late: bool) -> None:
    found = predict(at("09:05"), at_work(length=length), next_job("10:00", site=site("Plant 5")))["J-2"]
    assert (found.unknown, found.late) == ("Plant 5", late)
    assert found.reason.drive is None


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.COMPLETED, Status.UNKNOWN, Status.UNSCHEDULED])
def test_what_is_not_awaited_takes_no_time(status: Status) -> None:
    between = job("J-0", "08:00", 300, status=status, completed_at=at("08:10"))
    found = predict(at("09:10"), at_work(), between, next_job())
    assert {name: one.expected for name, one in found.items()} == {"J-2": at("10:18")}


def test_a_withdrawn_visit_is_skipped_and_one_missing_once_is_not() -> None:
    first = job("J-0", "09:50", 60, site=AT_10)
    gone = Watched(visit=first, first_seen_at=at("08:00"), missing_since=at("08:30"), withdrawn_at=at("08:40"))
    missing = Watched(visit=first, first_seen_at=at("08:00"), missing_since=at("09:05"))
    assert predict(at("09:10"), at_work(), gone, next_job())["J-2"].expected == at("10:18")
    assert predict(at("09:10"), at_work(), missing, next_job())["J-2"].expected == at("11:18")


def test_a_visit_without_a_time_is_fitted_in_at_the_end_and_takes_time_once_it_is_under_way() -> None:
    anytime = job("J-0", "00:00", 90, anytime=True, sched_start=at("00:00"), sched_end=None)
    found = predict(at("09:10"), at_work(), anytime, next_job())
    assert [(name, one.expected, one.lateness) for name, one in found.items()] == [
        ("J-2", at("10:18"), minutes(18)),
        ("J-0", at("11:36"), None),
    ]
    under_way = job(
        "J-0", "00:00", 90, anytime=True, status=Status.IN_PROGRESS, started_at=at("09:00"), duration=minutes(90)
    )
    assert predict(at("09:10"), under_way, next_job())["J-2"].expected == at("10:48")


def test_only_the_office_day_is_predicted_and_midnight_brings_the_next() -> None:
    tomorrow = next_job("2026-11-11 09:00")
    found = forecast(at("20:00"), at_work("19:00", 300), tomorrow)
    assert (found.predictions, found.next_change) == ((), at("2026-11-11 00:00"))
    over_midnight = at_work("22:30", 180)
    found = forecast(at("2026-11-11 00:30"), over_midnight, next_job("2026-11-11 01:00"))
    assert [one.expected for one in found.predictions] == [at("2026-11-11 01:48")]


def test_the_latest_evidence_says_where_he_is_when_somebody_forgot_to_check_out() -> None:
    forgotten = job("J-0", "08:00", 60, status=Status.IN_PROGRESS, started_at=at("08:00"), site=site("Old", 500))
    done = job("J-1", "09:00", status=Status.COMPLETED, completed_at=at("09:50"))
    assert predict(at("09:55"), forgotten, done, next_job())["J-2"].expected == at("10:08")
    yesterday = job("J-0", "2026-11-09 14:00", status=Status.IN_PROGRESS, started_at=at("2026-11-09 14:00"))
    assert predict(at("06:00"), yesterday, next_job("07:10"))["J-2"].expected == at("07:28")


def test_a_visit_passed_over_is_waited_for_until_its_deadline() -> None:
    passed = job("J-0", "08:00", 30, site=AT_10, window_start=at("08:00"), window_end=at("10:00"))
    working = at_work(length=90)
    before = forecast(at("10:15"), passed, working, next_job("10:30"))
    after = forecast(at("10:15:00.000001"), passed, working, next_job("10:30"))
    assert [one.expected for one in before.predictions] == [at("10:30"), at("11:18")]
    assert [one.expected for one in after.predictions] == [at("10:48")]
    assert before.next_change == at("10:15") + MICROSECOND


def test_each_of_a_crew_has_a_day_of_his_own() -> None:
    both = next_job(technicians=(ORTIZ, LEE))
    lee = job("J-9", "09:00", 180, technicians=(LEE,), status=Status.IN_PROGRESS, started_at=at("09:00"))
    day = (at_work(length=30), both, lee)
    assert predict(at("09:10"), *day)["J-2"].expected == at("10:00")
    assert predict(at("09:10"), *day, crew="T-09")["J-2"].expected == at("12:18")


def test_two_lines_of_one_order_are_one_arrival() -> None:
    first, second = (
        job(name, "10:00", length, order_ref="WO-1", site=AT_28) for name, length in (("A", 60), ("B", 90))
    )
    found = predict(at("09:10"), at_work(), first, second, job("C", "14:00", order_ref="WO-1", site=AT_28))
    assert (found["A"].expected, found["B"].expected) == (at("10:18"), at("10:18"))
    later = predict(at("09:10"), at_work(), first, second, job("D", "11:00", site=AT_28))
    assert later["D"].expected == at("11:48")


def test_lateness_is_counted_from_a_promise_that_was_fair() -> None:
    moved = sighted((at("08:00"), next_job("12:00")), (at("10:10"), next_job("10:00")))
    found = predict(at("10:11"), at_work(length=82), moved)["J-2"]
    assert (found.promise, found.lateness) == (at("10:05"), minutes(35))


def test_the_threshold_of_a_visit_says_when_it_is_late() -> None:
    policy = Policy(Thresholds(at_risk_from=minutes(19)))
    assert predict(at("09:10"), at_work(), next_job())["J-2"].late
    assert not predict(at("09:10"), at_work(), next_job(), policy=policy)["J-2"].late


@pytest.mark.parametrize("seed", range(3))
def test_time_alone_never_makes_anybody_earlier_and_slow_drives_never_quicker(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - days to test with
    for _ in range(60):
        now = at("08:00") + minutes(chance.randrange(0, 480))
        day = random_day(chance, now)
        before = {one.key: one for one in forecast(now, *day).predictions}
        after = {one.key: one for one in forecast(now + minutes(chance.randrange(1, 60)), *day).predictions}
        for key, one in before.items():
            assert one.optimistic <= one.expected <= one.pessimistic
            assert one.expected >= now
            if set(after) == set(before):
                assert after[key].expected >= one.expected


def random_day(chance: random.Random, now: datetime) -> list[Visit]:
    """Six visits of a day, some over, one perhaps under way; as tangled as real ones get."""
    day = []
    clock = at("07:30")
    for number in range(6):
        clock += minutes(chance.randrange(20, 120))
        begun = clock + minutes(chance.randrange(-20, 40))
        begun_states = [Status.COMPLETED, Status.COMPLETED, Status.IN_PROGRESS, Status.PAUSED, Status.EN_ROUTE]
        status = chance.choice([Status.SCHEDULED, Status.CANCELLED, *(begun_states if begun <= now else [])])
        known: dict[str, Any] = {
            Status.COMPLETED: {"started_at": begun, "completed_at": min(now, begun + minutes(chance.randrange(5, 90)))},
            Status.IN_PROGRESS: {"started_at": begun},
            Status.PAUSED: {"started_at": begun, "status_at": min(now, begun + minutes(5))},
            Status.EN_ROUTE: chance.choice([{"eta": begun}, {"en_route_at": begun - minutes(20)}, {}]),
        }.get(status, {})
        day.append(
            visit(
                f"J-{number}",
                start=clock,
                status=status,
                sched_end=clock + minutes(chance.choice([5, 30, 60, 120])),
                site=site(f"Site {number}", chance.choice([None, *range(10, 100, 10)])),
                window_end=clock + hours(2) if chance.random() < 0.2 else None,
                anytime=chance.random() < 0.1,
                **known,
            )
        )
    return day
