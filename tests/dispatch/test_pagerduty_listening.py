"""What somebody does to an incident in PagerDuty, by its REST API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.accounts.pagerduty import MOST_ASKED, PagerDutyConfig
from dispatchwatch.dispatch.conversation import Held, News
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.platforms.pagerduty import PagerDuty
from dispatchwatch.dispatch.reading import instant
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import ROUTING_KEY, pagerduty_config
from tests.dispatch.telling import asked, json_

PAGERDUTY = PagerDuty()
TOKEN = "u+Zs81LmPw03KxVt5RyU"
AT = "2026-11-22T09:50:00Z"


def config(**more: Any) -> PagerDutyConfig:
    values = {"name": "pager", "platform": "pagerduty", "routing_key": ROUTING_KEY, "api_token": TOKEN}
    return PagerDutyConfig.model_validate(values | more)


def incident(status: str, kind: str = "user_reference", created: str = AT) -> dict[str, Any]:
    by = {"type": kind, "summary": "Ana Ruiz"}
    return {"status": status, "created_at": created, "last_status_change_at": AT, "last_status_change_by": by}


def heard(*incidents: dict[str, Any]) -> tuple[News, ...]:
    held = [Held("thread", Receipt("dw:a|b c"))]
    requests, found = asked(PAGERDUTY.listen(held, config(), ""), json_(200, {"incidents": list(incidents)}))
    assert len(requests) == 1
    news: tuple[News, ...] = found.news
    return news


def test_it_is_off_without_a_token_for_the_rest_api() -> None:
    assert PAGERDUTY.listen([], pagerduty_config(), "") is None
    assert PAGERDUTY.secrets(pagerduty_config()) == (ROUTING_KEY,)
    assert PAGERDUTY.secrets(config()) == (ROUTING_KEY, TOKEN)
    assert TOKEN not in repr(config())
    with pytest.raises(ConfigError, match="REST API key"):
        load(PagerDutyConfig, config().model_dump() | {"routing_key": ROUTING_KEY, "api_token": "a b"})


def test_the_incident_is_asked_for_by_our_key() -> None:
    listening = PAGERDUTY.listen([Held("t", Receipt("dw:a|b c"))], config(region="eu"), "")
    assert listening is not None
    request: httpx.Request = next(listening).request
    assert str(request.url).startswith("https://api.eu.pagerduty.com/incidents?")
    assert request.url.params["incident_key"] == "dw:a|b c"
    assert request.headers["Authorization"] == f"Token token={TOKEN}"


@pytest.mark.parametrize(
    ("status", "operation"), [("acknowledged", Operation.ACKNOWLEDGE), ("resolved", Operation.RESOLVE)]
)
def test_what_a_person_did_is_heard_by_name(status: str, operation: Operation) -> None:
    assert heard(incident(status)) == (News("thread", operation, "Ana Ruiz", instant(AT)),)


def test_what_we_did_ourselves_is_no_news() -> None:
    for kind in ("integration_reference", "service_reference", "events_api_v2_inbound_integration_reference"):
        assert heard(incident("resolved", kind)) == ()
    assert heard(incident("triggered")) == ()
    assert heard() == ()


def test_the_newest_incident_counts() -> None:
    old = incident("resolved", created="2026-11-21T09:50:00Z")
    assert heard(old, incident("triggered"), old) == ()


def test_many_alerts_are_asked_about_in_turns() -> None:
    held = [Held(f"t{number:02}", Receipt(f"dw:{number}")) for number in range(MOST_ASKED + 3)]
    none = [json_(200, {"incidents": []})] * (MOST_ASKED + 3)
    first, found = asked(PAGERDUTY.listen(held, config(), ""), *none[:MOST_ASKED])
    assert found.cursor == f"t{MOST_ASKED - 1:02}"
    second, found = asked(PAGERDUTY.listen(held, config(), found.cursor), *none[:3])
    assert found.cursor == ""
    assert [one.url.params["incident_key"] for one in first + second] == [one.receipt.reference for one in held]
