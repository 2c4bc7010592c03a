from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.bamboohr import BambooHRConfig

SECRET = "b5c8d1f3a6e4c9d2b7a5e8f1"
TABLE = "customAttendanceexceptions"


def bamboohr_config(base_url: str | None = None, **more: Any) -> BambooHRConfig:
    return BambooHRConfig.model_validate({
        "name": "hr", "platform": "bamboohr", "base_url": base_url, "company": "northside", "api_key": SECRET,
        "table": TABLE, "employees": "A. Smith = 124; J. Ortiz = 123", "minutes_field": "customMinuteslate",
        "job_field": "customJob", "status_field": "customStatus", "timezone": "America/Chicago", **more,
    })  # fmt: skip
