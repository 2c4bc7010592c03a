from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.intercom import IntercomConfig

SECRET = "dG9rOjlmOGU3ZDZjNWI0YTM5MjgxNzA2"


def intercom_config(base_url: str | None = None, **more: Any) -> IntercomConfig:
    return IntercomConfig.model_validate({
        "name": "ops-intercom", "platform": "intercom", "base_url": base_url, "access_token": SECRET,
        "ticket_type_id": "1234", "contact": "dispatch@office.example", "admin_id": "12",
        "state_acknowledged": "77", "state_resolved": "79", **more,
    })  # fmt: skip


def intercom_conversation(base_url: str | None = None, **more: Any) -> IntercomConfig:
    return intercom_config(base_url, **({"ticket_type_id": "", "contact": "667d60a98a68186f43bafd6d"} | more))
