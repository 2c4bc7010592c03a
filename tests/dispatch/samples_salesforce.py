from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.salesforce import SalesforceConfig

SECRET = "ss-8Kc2nM5t"


def salesforce_config(base_url: str | None = None, **more: Any) -> SalesforceConfig:
    return SalesforceConfig.model_validate({
        "name": "ops-salesforce", "platform": "salesforce", "base_url": base_url,
        "my_domain": "acme", "client_id": "consumer", "client_secret": SECRET,
        **more,
    })  # fmt: skip
