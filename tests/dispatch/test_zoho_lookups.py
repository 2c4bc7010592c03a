"""What a Zoho CRM channel can be set to, from the account itself."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.platforms.zoho import Zoho
from dispatchwatch.dispatch.sender import Sender
from tests.dispatch.samples import NOW
from tests.dispatch.samples_zoho import zoho_config

ZOHO = Zoho()
MODULES = [
    {"api_name": "Cases", "plural_label": "Late visits", "id": "1"},
    {"api_name": "Deals", "plural_label": "Deals", "id": "2"},
]
VALUES = [
    {"display_value": one, "actual_value": f"old {one}", "type": "used"}
    for one in ("New", "-None-", "On Hold", "Closed")
]
FIELDS = [
    {"api_name": "Subject", "field_label": "What it is", "data_type": "text", "unique": {}, "pick_list_values": []},
    {
        "api_name": "Status",
        "field_label": "Standing",
        "data_type": "picklist",
        "unique": {},
        "pick_list_values": VALUES,
    },
    {"api_name": "Priority", "field_label": "Urgency", "data_type": "picklist", "pick_list_values": VALUES[:1]},
    {"api_name": "DW_Alert_ID", "field_label": "Alert", "data_type": "text", "unique": {"casesensitive": False}},
]


def offered(field: str, **more: Any) -> tuple[list[tuple[str, str]], list[str]]:
    """Values and labels, and what was asked for."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "x", "expires_in": 3600})
        asked.append(str(request.url.copy_with(scheme="https", host="zoho")))
        return httpx.Response(200, json={"modules": MODULES} if "modules" in request.url.path else {"fields": FIELDS})

    async def ask() -> list[tuple[str, str]]:
        config = zoho_config(**more)
        question = ZOHO.look_up(field, config)
        assert question is not None
        async with aclosing(Sender(httpx.MockTransport(answer))) as sender:
            return [(one.value, one.label) for one in await sender.ask(ZOHO, question, config, NOW)]

    return asyncio.run(ask()), asked


def test_modules_by_the_names_that_people_gave_them() -> None:
    found, asked = offered("module")
    assert found == [("Deals", "Deals"), ("Cases", "Late visits")]
    assert asked == ["https://zoho/crm/v8/settings/modules"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("subject_field", ["DW_Alert_ID", "Status", "Priority", "Subject"]),
        ("description_field", ["DW_Alert_ID", "Status", "Priority", "Subject"]),
        ("status_field", ["Status", "Priority"]),
        ("priority_field", ["Status", "Priority"]),
        ("unique_field", ["DW_Alert_ID"]),
    ],
)
def test_fields_of_the_module_that_fit(field: str, expected: list[str]) -> None:
    found, asked = offered(field, module="Late_Visits")
    assert [value for value, _ in found] == expected
    assert asked == ["https://zoho/crm/v8/settings/fields?module=Late_Visits"]


@pytest.mark.parametrize("field", ["new_status", "acknowledged_status", "resolved_status"])
def test_a_status_is_a_value_of_the_field_that_holds_it(field: str) -> None:
    assert [value for value, _ in offered(field)[0]] == ["Closed", "New", "On Hold"]
    assert [value for value, _ in offered(field, status_field="Priority")[0]] == ["New"]
    assert offered(field, status_field="Nowhere")[0] == []


def test_what_else_there_is_has_no_list() -> None:
    assert ZOHO.look_up("priorities", zoho_config()) is None
    assert ZOHO.look_up("client_id", zoho_config()) is None
