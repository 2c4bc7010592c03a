"""Connecting sources that answer in JSON: an address nobody has described, and ready profiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.mapping import MappingError, MappingSession
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.ready import ready_names
from tests.app.mapping_offices import answered, begun, keys, office, saved, suggestion
from tests.fakes.json_server import JsonServer
from tests.fakes.keyring_box import KeyringBox
from tests.intake.samples import utc

NOW = utc(2026, 5, 2, 12)
TOKEN = "tok-3141592"


def record(number: int, state: str = "Scheduled", **more: object) -> dict[str, Any]:
    return {
        "id": f"V-{number}",
        "state": state,
        "schedule": {"start": f"2026-05-02T{13 + number}:00:00Z", "end": f"2026-05-02T{14 + number}:00:00Z"},
        "customer": {"id": 70 + number, "name": f"Customer {number}"},
        "crew": [{"name": "J. Ortiz"}, {"name": "M. Lee"}],
        **more,
    }


@pytest.fixture
def server() -> Iterator[JsonServer]:
    with JsonServer([record(1), record(2, "Rolling")], size=50) as server:
        yield server


def seen(server: JsonServer, folder: Path, **answers: str) -> MappingSession:
    return begun("json", office(folder, KeyringBox()), ready="other", url=server.url, **answers).look(NOW)


def test_the_software_is_chosen_or_its_address_is_asked_for(tmp_path: Path) -> None:
    first = begun("json", office(tmp_path))
    (asked,) = first.open_questions
    assert (asked.key, asked.choices) == ("ready", (*ready_names(), "other"))
    assert all(asked.explained[name] for name in asked.choices)
    assert keys(first.answer("ready", "other")) == ["url"]
    with pytest.raises(MappingError, match="no ready profile “acme”; there are dynamics365"):
        first.answer("ready", "acme")


def test_fields_within_fields_are_proposed_and_confirmed(server: JsonServer, tmp_path: Path) -> None:
    first = seen(server, tmp_path)
    taken = {row[0]: row[1] for row in first.found[0].rows}
    assert taken["customer.name"] == "customer"
    assert (taken["schedule.start"], taken["crew[*].name"]) == ("sched_start", "technician")
    assert taken["customer.id"] == ""
    asked = [f"column:{name}" for name in ("ext_id", "status", "sched_start", "sched_end", "technician")]
    assert keys(first) == [*asked, "status:Rolling"]
    assert suggestion(first, "column:sched_start") == "schedule.start"


def test_what_is_saved_reads_the_source(server: JsonServer, tmp_path: Path) -> None:
    done = answered(seen(server, tmp_path), **{"status:Rolling": "en_route"}).with_suggestions()
    visits = {one.visit.ext_id: one.visit for one in done.preview(NOW)[1]}
    assert (visits["V-2"].status, visits["V-2"].technician) == (Status.EN_ROUTE, "J. Ortiz, M. Lee")
    assert (visits["V-1"].customer.name, visits["V-1"].sched_start) == ("Customer 1", utc(2026, 5, 2, 14))
    assert "a visit that vanishes from it is not missed" in done.advice()[0]
    config = saved(done)
    (feed,) = config.feeds
    assert feed == done.config().model_copy(update={"profile": "board"})
    assert config.profile_of(feed).columns == {}


def test_a_column_of_two_fields_becomes_one_path(server: JsonServer, tmp_path: Path) -> None:
    server.records = [
        record(1, technician={"first": "Jo", "last": "Ortiz"}, address={"street": "1 Dock Rd", "@c": "X"})
    ]
    one = answered(
        seen(server, tmp_path),
        **{"column:technician": "technician.first + technician.last", "column:address": "address.street + address.@c"},
    )
    assert one.entry()["paths"]["technician"] == "[[technician.first, technician.last]]"
    (watched,) = one.with_suggestions().preview(NOW)[1]
    assert (watched.visit.technician, watched.visit.site.address) == ("Jo Ortiz", "1 Dock Rd X")


def test_of_several_lists_one_is_chosen(server: JsonServer, tmp_path: Path) -> None:
    server.records, server.envelope = [record(1)], {"technicians": [{"id": 1}, {"id": 2}]}
    first = seen(server, tmp_path)
    (asked,) = first.open_questions
    assert (asked.key, asked.choices, asked.suggestion) == ("list", ("technicians", "data"), "technicians")
    assert "1 record with id, state, schedule" in asked.explained["data"]
    done = first.answer("list", "data").with_suggestions()
    assert (done.entry()["records"], len(done.preview(NOW)[1])) == ("data", 1)
    with pytest.raises(MappingError, match="no list at “crews”; there are technicians, data"):
        first.answer("list", "crews")


PAGES: list[tuple[str, str, Mapping[str, str]]] = [
    ("link", "linked", {"kind": "link", "next": "next"}),
    ("link_header", "linked", {"kind": "link"}),
    ("cursor", "token", {"kind": "cursor", "parameter": "cursor", "next": "next"}),
    ("page", "counted", {"kind": "page", "parameter": "page"}),
    ("offset", "offset", {"kind": "offset", "parameter": "offset"}),
]


@pytest.mark.parametrize(("style", "way", "paging"), PAGES)
def test_it_is_asked_how_more_than_one_page_is_had(
    server: JsonServer, tmp_path: Path, style: Any, way: str, paging: Mapping[str, str]
) -> None:
    server.records, server.style, server.size = [record(number) for number in range(1, 7)], style, 2
    server.envelope = {"total": 6} if style in {"page", "offset"} else {}
    first = seen(server, tmp_path)
    assert keys(first)[-1] == "pages"
    assert suggestion(first, "pages") == (way if way == "linked" else "")
    done = first.answer("pages", way).with_suggestions()
    expected = {**paging, **({"total": "total"} if style in {"page", "offset"} else {})}
    assert done.entry()["paging"] == expected
    assert len(done.preview(NOW)[1]) == 6


def test_one_short_answer_is_not_asked_about(server: JsonServer, tmp_path: Path) -> None:
    assert "pages" not in keys(seen(server, tmp_path))


KINDS = {
    "basic": ({"auth.user": "ann", "auth.password": TOKEN}, {"auth.password"}),
    "bearer": ({"auth.token": TOKEN}, {"auth.token"}),
    "api_key": ({"auth.name": "X-Key", "auth.key": TOKEN}, {"auth.key"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_who_asks_is_asked_for_where_the_source_wants_to_know(server: JsonServer, tmp_path: Path, kind: str) -> None:
    if kind == "basic":
        server.user = ("ann", TOKEN)
    elif kind == "bearer":
        server.tokens = {TOKEN}
    else:
        server.key = ("X-Key", TOKEN)
    first = seen(server, tmp_path)
    assert keys(first) == ["auth.kind"]
    told, secret = KINDS[kind]
    asked = first.answer("auth.kind", kind)
    assert [one.key for one in asked.open_questions] == list(told)
    assert {one.key for one in asked.open_questions if one.secret} == secret
    done = answered(asked, **told).look(NOW).with_suggestions()
    config = saved(done)
    assert config.warnings == ()
    for text in (repr(done), config.path.read_text(encoding="utf-8"), done.found[0].title):
        assert TOKEN not in text


def test_a_wrong_token_is_told_without_showing_it(server: JsonServer, tmp_path: Path) -> None:
    server.tokens = {TOKEN}
    first = answered(seen(server, tmp_path), auth__kind="bearer", auth__token="tok-wrong")
    with pytest.raises(MappingError, match=r"does not let us in \(401\)") as error:
        first.look(NOW)
    assert "tok-wrong" not in str(error.value)
    assert keys(first.again()) == ["url"]


def test_an_answer_without_records_says_what_to_do(server: JsonServer, tmp_path: Path) -> None:
    server.records = []
    with pytest.raises(MappingError, match=r"without a list of visits\. Try it at a time when there are some"):
        seen(server, tmp_path)


def test_a_ready_profile_asks_for_what_it_needs_and_says_what_it_cannot_tell(
    server: JsonServer, tmp_path: Path
) -> None:
    first = begun("json", office(tmp_path, KeyringBox()), ready="servicenow")
    assert keys(first) == ["values.instance", "auth.user", "auth.password"]
    (about,) = first.found
    assert {row[0] for row in about.rows} == {"it can’t tell", "nobody at the vendor’s confirmed"}
    server.user, server.envelope = ("ann", TOKEN), None
    server.records = [{"number": {"value": "W-1"}, "state": {"display_value": "Rolling"},
                       "expected_start": {"value": "2026-05-02 14:00:00"}}]  # fmt: skip
    told = answered(first, values__instance="acme", auth__user="ann", auth__password=TOKEN)
    replaced = answered(told, url=server.url, records="@", paging__kind="none")
    done = replaced.look(NOW)
    assert keys(done) == ["status:Rolling"]
    config = saved(done.answer("status:Rolling", "en_route"))
    text = config.path.read_text(encoding="utf-8")
    assert 'ready = "servicenow"' in text
    assert TOKEN not in text
    (feed,) = config.feeds
    assert config.profile_of(feed).status == {"Rolling": "en_route"}


def test_a_need_that_is_a_number_is_written_as_one(tmp_path: Path) -> None:
    first = begun("json", office(tmp_path, KeyringBox()), ready="odoo_jsonrpc_fsm", values__uid="7")
    assert first.settings["values"] == {"uid": 7}
