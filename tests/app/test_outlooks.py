"""What the board shows of predictions: worked out anew where visits changed, and every half minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dispatchwatch.app import picture as pictures
from dispatchwatch.app.outlooks import SHARE, Expected, Outlooks, prediction_of, stay
from dispatchwatch.app.view import Outlook
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.visit import Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Pause, Watched
from dispatchwatch.domain.wording.prediction import expectation
from tests.domain.test_prediction import HOME, at_work, job, next_job
from tests.fakes.drives import Drives, site
from tests.fakes.office import LEE, ORTIZ, at, key, minutes, seconds
from tests.fakes.picture import picture

NEXT = key("J-2")


def facts(now: datetime, *told: Visit | Watched) -> Facts:
    return picture(now, *told, travel=Drives(), roster=HOME)


def at_later(before: Facts, now: datetime) -> Facts:
    return replace(before, now=now)


def test_only_what_gives_cause_for_worry_has_an_outlook() -> None:
    outlooks = Outlooks()
    outlooks.renew(facts(at("09:10"), at_work(), next_job("10:00"), job("J-3", "15:00")))
    assert outlooks.of(NEXT) == Outlook("at risk, 10:18", at_risk=True)
    assert outlooks.of(key("J-3")) is None
    outlooks.renew(facts(at("09:10"), at_work(), next_job("10:10")))
    assert outlooks.of(NEXT) == Outlook("watch, to 10:25", at_risk=False)


def test_it_stays_for_half_a_minute_and_then_moves_on_with_time() -> None:
    outlooks, over = Outlooks(), facts(at("10:30"), at_work(), next_job("10:25"))
    shown = []
    for later in (0, 29, 30, 600):
        outlooks.renew(at_later(over, at("10:30:40") + seconds(later)))
        shown.append(outlooks.of(NEXT))
    assert [one.text if one else "" for one in shown] == [
        "at risk, 11:03",
        "at risk, 11:03",
        "at risk, 11:04",
        "at risk, 11:13",
    ]


def test_a_changed_visit_is_predicted_anew_at_once_and_one_that_is_gone_forgotten() -> None:
    outlooks, before = Outlooks(), facts(at("09:10"), at_work(), next_job("10:00"))
    outlooks.renew(before)
    done = facts(at("09:11"), at_work(status=Status.COMPLETED, completed_at=at("09:10")), next_job("10:00"))
    outlooks.renew(done)
    assert outlooks.of(NEXT) is None
    outlooks.renew(facts(at("09:12"), at_work(), next_job("10:00")))
    assert outlooks.of(NEXT) is not None
    outlooks.renew(facts(at("09:13"), at_work()))
    assert outlooks.of(NEXT) is None


def test_a_clock_set_back_makes_everything_be_predicted_anew() -> None:
    outlooks, over = Outlooks(), facts(at("10:30"), at_work(), next_job("10:25"))
    for now, text in (("10:50", "at risk, 11:23"), ("10:10", "at risk, 10:43")):
        outlooks.renew(at_later(over, at(now)))
        assert outlooks.of(NEXT) == Outlook(text, at_risk=True)


def test_of_very_many_technicians_each_has_his_turn() -> None:
    crew = [Technician(f"Technician {number}", f"T-{number}") for number in range(SHARE + 50)]
    told = [
        replace(one, ext_id=f"{one.ext_id}-{person.ext_id}", technicians=(person,))
        for person in crew
        for one in (at_work(), next_job("10:25"))
    ]
    over, outlooks = facts(at("10:30"), *told), Outlooks()
    counts = []
    for now in ("10:30", "10:40", "10:40:10"):
        outlooks.renew(at_later(over, at(now)))
        found = [outlooks.of(key(f"J-2-{person.ext_id}")) for person in crew]
        counts.append(sum(one == Outlook("at risk, 11:13", at_risk=True) for one in found))
    assert counts == [0, SHARE, SHARE + 50]


def test_of_a_crew_the_one_who_will_be_late_is_shown() -> None:
    outlooks, both = Outlooks(), next_job("10:00", technicians=(LEE, ORTIZ))
    lee = job("J-9", "09:00", 50, technicians=(LEE,), status=Status.IN_PROGRESS, started_at=at("09:00"))
    told = facts(at("09:10"), lee, at_work(), both)
    outlooks.renew(told)
    assert outlooks.of(NEXT) == Outlook("at risk, 10:18", at_risk=True)
    prediction = prediction_of(told.visits[NEXT], told)
    assert prediction is not None
    assert prediction.expected == at("10:18")


def test_a_row_shows_it_only_while_the_visit_can_still_be_reached_in_time() -> None:
    outlook = Outlook("at risk, 10:18", at_risk=True)
    for now, shown in ((at("09:10"), outlook), (at("10:15"), outlook), (at("10:15:01"), None)):
        told = facts(now, next_job("10:00"))
        row = pictures.board_row(told.visits[NEXT], told, frozenset(), None, (), Expected(outlook=outlook))
        assert row.outlook == shown


def test_a_row_says_when_somebody_is_expected_and_when_he_will_be_done() -> None:
    outlooks, told = Outlooks(), facts(at("09:10"), at_work(), next_job("10:18"))
    outlooks.renew(told)
    row = pictures.board_row(told.visits[NEXT], told, frozenset(), None, (), outlooks.expected(NEXT))
    assert (row.predicted_arrival, row.predicted_end, row.outlook) == (at("10:18"), at("11:18"), None)
    assert outlooks.expected(key("J-1")) == Expected()


def test_the_way_there_is_told_and_where_it_is_not_known_no_arrival_is() -> None:
    outlooks = Outlooks()
    outlooks.renew(facts(at("09:10:20"), at_work(), next_job("10:10")))
    assert outlooks.expected(NEXT)[:3] == (at("10:18"), at("11:18"), minutes(18))
    outlooks.renew(facts(at("09:10:20"), at_work(), next_job("10:10", site=site("Nowhere"))))
    assert outlooks.expected(NEXT)[:3] == (None, None, None)


def test_somebody_who_is_there_stays_by_the_plan_and_pauses_count() -> None:
    working = facts(at("09:10"), at_work()).visits[key("J-1")]
    assert stay(working, at("09:10")).end == at("10:00")
    paused = replace(working, pauses=(Pause(at("09:05")),))
    assert stay(paused, at("09:15")).end == at("10:10")
    assert stay(facts(at("09:10"), next_job("10:00")).visits[NEXT], at("09:10")) == Expected()


def sentence(now: datetime, *told: Visit | Watched, of: VisitKey = NEXT) -> str:
    known = facts(now, *told)
    prediction = prediction_of(known.visits[of], known)
    return expectation(prediction, "America/Chicago") if prediction else ""


def test_the_page_of_a_visit_says_when_he_is_expected_or_why_nobody_can_say() -> None:
    assert sentence(at("10:10"), at_work(), next_job("10:00")) == (
        "Expected 10:43 CST, 43 min after the promise: still at Plant 4, 10 min over plan; 18 min drive"
    )
    assert sentence(at("09:10"), at_work(), next_job("10:18")) == (
        "Expected 10:18 CST, on time: at Plant 4 until about 10:00; 18 min drive"
    )
    assert sentence(at("09:10"), at_work(), next_job("10:10")) == (
        "Expected 10:18 CST, 8 min after the promise; with traffic as late as 10:25 CST: "
        "at Plant 4 until about 10:00; 18 min drive"
    )
    assert sentence(at("09:10"), at_work(), next_job(site=site("Plant 5"))) == (
        "No prediction: no coordinates for Plant 5"
    )
    assert sentence(at("09:10"), at_work(length=90), next_job(site=site("Plant 5"))) == (
        "Not expected before 10:30 CST, at least 30 min after the promise: "
        "at Plant 4 until about 10:30; drive not known"
    )
    assert sentence(at("09:10"), next_job(status=Status.EN_ROUTE, eta=at("09:55"))) == (
        "Expected 09:55 CST, 5 min before the promise: on the way, by the announced arrival"
    )
    assert sentence(at("09:10"), at_work(), of=key("J-1")) == ""
