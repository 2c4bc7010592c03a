from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.servicenow import ServiceNowConfig

PASSWORD = "pw-4Tq8zR1m"
SECRET = "cs-7Hn2kL9x"


def servicenow_config(base_url: str | None = None, **more: Any) -> ServiceNowConfig:
    return ServiceNowConfig.model_validate({
        "name": "ops-servicenow", "platform": "servicenow", "base_url": base_url,
        "instance": "acme", "username": "dispatch", "password": PASSWORD,
        **more,
    })  # fmt: skip


def servicenow_oauth(base_url: str | None = None, **more: Any) -> ServiceNowConfig:
    who = {"authentication": "oauth", "client_id": "abc", "client_secret": SECRET, "username": "", "password": None}
    return servicenow_config(base_url, **(who | more))
