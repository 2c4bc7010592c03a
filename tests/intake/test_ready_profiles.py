"""Every ready profile against a vendor as strict as can be: what it asks, and what it reads (see `vendor_samples`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.intake.feed import Feed, FeedError
from dispatchwatch.intake.json_asking import placeholders
from dispatchwatch.intake.json_feed import JsonConfig
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.ready import profile_for, ready, ready_names
from tests.fakes.receiver import Answer
from tests.fakes.vendors import Asked, Vendor
from tests.intake.samples import CHICAGO, NOW, profile
from tests.intake.vendor_samples import OAUTH, SAMPLES

MINUTE = timedelta(minutes=1)


def config(name: str, **more: Any) -> JsonConfig:
    return JsonConfig.model_validate({"name": "api", "kind": "json", "ready": name, **SAMPLES[name].own, **more})


def opened(name: str, vendor: Vendor, **more: Any) -> Feed:
    own = vendor.moved_here(config(name, **more))
    return own.open(ProfileConfig(), office_zone=CHICAGO, base=Path())


def of(visit: Visit, name: str) -> object:
    return reduce(getattr, name.split("."), visit)


def records_of(name: str) -> Asked:
    """The first request for records."""
    return next(asked for asked in SAMPLES[name].asked if not asked.path.endswith("/token"))


def test_there_is_a_sample_for_every_ready_profile() -> None:
    assert set(ready_names()) == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_ready_profile_asks_for_just_what_the_vendor_knows_and_reads_all_of_it(name: str) -> None:
    sample = SAMPLES[name]
    with Vendor(sample.asked) as vendor:
        snapshot = opened(name, vendor).fetch(NOW)
    assert vendor.refused == []
    assert sorted(map(id, vendor.asked)) == sorted(map(id, vendor.expected)), "each request once"
    assert (snapshot.problems, snapshot.lacking, snapshot.complete) == ((), "", True)
    first = snapshot.visits[0]
    told = {**sample.visit, "customer.name": sample.customer, "site.name": sample.site, **sample.more}
    assert {field: of(first, field) for field in told} == told
    assert tuple(visit.status for visit in snapshot.visits) == sample.statuses
    assert tuple((one.name, one.ext_id) for one in first.technicians) == sample.technicians
    assert not any(visit.crew_untold for visit in snapshot.visits)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_second_reading_asks_for_what_has_changed(name: str) -> None:
    sample = SAMPLES[name]
    with Vendor(sample.asked) as vendor:
        feed = opened(name, vendor)
        first = feed.fetch(NOW)
        vendor.asked.clear()
        if sample.news is not None:
            vendor.expected = [sample.news]
        again = feed.fetch(NOW)
    assert vendor.refused == []
    assert again.visits is first.visits
    assert again.complete is (sample.news is None)
    assert [asked.path for asked in vendor.asked][:1] == [records_of(name).path]


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_vendor_refuses_is_told_in_its_own_words_without_the_key(name: str) -> None:
    sample, asked = SAMPLES[name], records_of(name)
    others = [one for one in sample.asked if one is not asked]
    with Vendor([*others, replace(asked, answer=sample.refusal)]) as vendor, pytest.raises(FeedError) as failure:
        opened(name, vendor).fetch(NOW)
    assert sample.says in str(failure.value)
    assert vendor.refused == []
    for secret in ("k3y", "s3cret", "k:s", "t0ken"):
        assert secret not in str(failure.value)
        assert secret not in repr(config(name))


JOINED = [(name, join) for name in SAMPLES for join in config(name).joins]


@pytest.mark.parametrize(("name", "join"), JOINED)
def test_a_list_that_is_forbidden_costs_names_and_no_visit(name: str, join: str) -> None:
    """The list of each join in turn, with what hangs on it."""
    sample = SAMPLES[name]
    path = _path_of(config(name).joins[join].url)
    with Vendor([_forbidden(asked) if _is_join(asked, path, name) else asked for asked in sample.asked]) as vendor:
        snapshot = opened(name, vendor).fetch(NOW)
    assert vendor.refused == []
    assert (len(snapshot.visits), snapshot.lacking, snapshot.complete) == (len(sample.statuses), "", True)
    assert [problem.column for problem in snapshot.problems] == [f"joins.{join}"]
    assert "403" in snapshot.problems[0].problem
    first = snapshot.visits[0]
    assert first.assigned, "nobody is called unassigned because a list could not be read"


def _path_of(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2].partition("{")[0]


def _is_join(asked: Asked, path: str, name: str) -> bool:
    if name == "odoo_jsonrpc_project":
        return "res.users" in str(asked.body)
    return asked.path.startswith(path) and asked.path != records_of(name).path


def _forbidden(asked: Asked) -> Asked:
    return replace(asked, answer=Answer(403))


@pytest.mark.parametrize(("values", "database"), [({}, None), ({"database": "prod"}, "prod")])
def test_odoo_is_told_which_database_where_a_person_says(values: dict[str, str], database: str | None) -> None:
    own = {**SAMPLES["odoo_json2_fsm"].own, "values": {"host": "o", **values}}
    chosen = JsonConfig.model_validate({"name": "api", "ready": "odoo_json2_fsm", **own})
    assert chosen.headers.get("X-Odoo-Database") == database


def test_who_cancelled_is_told_where_the_word_tells() -> None:
    with Vendor(SAMPLES["housecall_pro"].asked) as vendor:
        visits = opened("housecall_pro", vendor).fetch(NOW).visits
    assert [visit.cancelled_by for visit in visits] == ["", "customer", "", "company"]


def test_an_arrival_window_in_another_unit_is_set_by_a_value_and_never_taken_for_days() -> None:
    seconds = {**SAMPLES["housecall_pro"].asked[0].answer["jobs"][0]}  # type: ignore[index]
    seconds["schedule"] = {**seconds["schedule"], "arrival_window": 3600}
    answer = {"page": 1, "total_items": 1, "jobs": [seconds]}
    asked = replace(SAMPLES["housecall_pro"].asked[0], answer=answer)
    with Vendor([asked]) as vendor:
        [right] = opened("housecall_pro", vendor, values={"window_unit": "seconds"}).fetch(NOW).visits
        wrong = opened("housecall_pro", vendor).fetch(NOW)
    assert right.window_end is not None
    assert right.sched_start is not None
    assert right.window_end - right.sched_start == timedelta(hours=1)
    assert wrong.visits[0].window_end is None
    assert "makes a window of 60 hours" in wrong.problems[0].problem


def test_a_salesforce_query_is_one_line() -> None:
    asked = records_of("salesforce").query["q"]
    assert "\n" not in asked
    assert "WHERE SchedStartTime >= 2026-05-01T05:00:00Z AND SchedStartTime < 2026-05-17T05:00:00Z ORDER BY Id" in asked


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_profile_says_what_it_is_and_what_is_not_sure(name: str) -> None:
    chosen = ready(name)
    assert chosen.about.endswith(".")
    assert chosen.cannot
    assert chosen.unconfirmed
    assert all(text.strip() == text and text for text in (*chosen.cannot, *chosen.unconfirmed, *chosen.needs.values()))


@pytest.mark.parametrize("name", ready_names())
def test_every_value_is_used_and_every_placeholder_known(name: str) -> None:
    chosen = ready(name)
    used = placeholders(chosen.feed) | placeholders(chosen.profile)
    ours = {"from", "to", "since", "filter", "page", "offset", "cursor", "size", "ids", "id_list"}
    assert used - ours == {*chosen.needs, *chosen.needs_secret, *chosen.defaults}


@pytest.mark.parametrize("name", ready_names())
def test_a_filled_profile_leads_to_its_own_server(name: str) -> None:
    chosen = config(name)
    for url in (chosen.url, *(join.url for join in chosen.joins.values())):
        assert url.startswith("https://")
        assert placeholders(url) <= {"ids"}
    assert not placeholders(chosen.auth.model_dump(exclude={"client_secret"}))


def test_what_only_the_user_knows_is_asked_for() -> None:
    own = {"name": "api", "ready": "servicetitan", "auth": OAUTH}
    with pytest.raises(ValidationError, match="values lacks tenant: the number of your company"):
        JsonConfig.model_validate(own)
    with pytest.raises(ValidationError, match="secrets lacks app_key"):
        JsonConfig.model_validate({**own, "values": {"tenant": 7}})
    with pytest.raises(ValidationError, match="values has tennant"):
        JsonConfig.model_validate(
            {**own, "values": {"tenant": 7, "tennant": 8}, "secrets": {"app_key": "x"}},
        )
    with pytest.raises(ValidationError, match="client_id"):
        JsonConfig.model_validate({**own, "auth": {}, "values": {"tenant": 7}, "secrets": {"app_key": "x"}})


def test_the_user_s_own_keys_win() -> None:
    own = {
        "name": "api",
        "ready": "servicenow",
        "values": {"instance": "acme"},
        "every": "5m",
        "auth": {"kind": "bearer", "token": "t"},
        "paths": {"site": "cmdb_ci.display_value"},
        "covers": {"days_ahead": 3},
        "params": {"sysparm_view": "mobile"},
    }
    chosen = JsonConfig.model_validate(own)
    assert chosen.every == timedelta(minutes=5)
    assert chosen.auth.kind == "bearer"
    assert (chosen.paths["site"], chosen.paths["ext_id"]) == ("cmdb_ci.display_value", "number.value")
    assert chosen.covers is not None
    assert (chosen.covers.days_back, chosen.covers.days_ahead) == (1, 3)
    assert set(chosen.params) == {"sysparm_query", "sysparm_display_value", "sysparm_view"}


def test_another_kind_of_auth_or_paging_replaces_the_whole_table() -> None:
    own = {
        "name": "api",
        "ready": "servicetitan",
        "values": {"tenant": 7},
        "secrets": {"app_key": "x"},
        "auth": {"kind": "basic", "user": "u", "password": "p"},
        "paging": {"kind": "continuation", "parameter": "from", "next": "continueFrom", "more": "hasMore"},
    }
    chosen = JsonConfig.model_validate(own)
    assert set(chosen.auth.model_dump()) == {"kind", "user", "password"}
    assert (chosen.paging.kind, chosen.paging.size) == ("continuation", None)


def test_the_user_s_own_profile_wins_over_the_ready_one() -> None:
    values = {"timezone": "America/Chicago"}
    told = profile_for("erpnext", values, ProfileConfig())
    assert (told.timezone, told.status["Submitted"]) == ("America/Chicago", Status.SCHEDULED)
    mine = profile_for(
        "erpnext", values, profile(timezone="UTC", status={"Submitted": "dispatched", "Mine": "arrived"})
    )
    assert (mine.timezone, mine.status["Submitted"], mine.status["Mine"]) == (
        "UTC",
        Status.DISPATCHED,
        Status.ARRIVED,
    )
    assert mine.status["Draft"] is Status.UNSCHEDULED


def test_profiles_of_another_folder(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('about = "Mine."\ncannot = []\nunconfirmed = []\n[feed]\nurl = "https://x"\n')
    assert ready_names(tmp_path) == ("own",)
    assert ready("own", tmp_path).feed == {"url": "https://x"}
    with pytest.raises(ValueError, match="there are own"):
        ready("other", tmp_path)
