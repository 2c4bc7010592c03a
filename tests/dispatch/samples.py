"""Notifications and channels to test with: ordinary, bare, overfull, foreign and hostile ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from dispatchwatch.dispatch.accounts.pagerduty import PagerDutyConfig
from dispatchwatch.dispatch.accounts.slack import SlackConfig
from dispatchwatch.domain.alert import AlertKind, Operation, Severity
from dispatchwatch.domain.notification import Notification

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
WEBHOOK_PATH = "/services/T0000AAAA/B0000BBBB/q7Zs81LmPw03KxVt5RyUeHnd"
ROUTING_KEY = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"
HOSTILE = (
    '"quoted" \\ back\r\nline\x00\x1b[31m <!channel> <@U1> <https://evil|x> '
    '=HYPERLINK("a") {{x}} %s &amp; \ud800 \u202e'
)
LONG = ("word " * 2000)[:10_000]
TEXTS = {
    "ordinary": "J. Ortiz has not checked in at Smith & Sons – 11 min late",
    "minimal": "x",
    "empty": "",
    "foreign": "山田さんはまだ到着していません – опоздание 11 мин – متأخر 👷🏽‍♀️",
    "hostile": HOSTILE,
    "long": LONG,
    "long_without_spaces": "&" * 10_000,
    "long_emoji": "👷" * 10_000,
}
OPERATIONS = [
    *((operation, "") for operation in Operation),
    (Operation.RAISE, "reminder"),
    (Operation.RAISE, "test"),
    (Operation.RESOLVE, "test"),
]


def notification(
    operation: Operation = Operation.RAISE,
    *,
    text: str = TEXTS["ordinary"],
    facts: int = 4,
    severity: Severity = Severity.HIGH,
    link: str = "https://field.example.com/jobs/1042?tab=a&b=c|d",
    is_test: bool = False,
    is_reminder: bool = False,
) -> Notification:
    return Notification(
        operation=operation,
        alert_key=f"late_check_in|today|{text}|2026-11-22T09:30Z",
        kind=AlertKind.LATE_CHECK_IN,
        severity=severity,
        subject=f"Late check-in: {text}",
        headline=text,
        facts=tuple((f"Label {number} {text[:40]}", text) for number in range(facts)),
        link=link,
        due_at=NOW - timedelta(minutes=11),
        written_at=NOW,
        is_test=is_test,
        is_reminder=is_reminder,
    )


def every_notification() -> Iterator[tuple[str, Notification]]:
    """Each operation with each text, without facts, with some, and with more than any platform takes."""
    for (operation, mark), (name, text), facts in product(OPERATIONS, TEXTS.items(), (0, 4, 60)):
        link = "" if facts == 0 else "https://field.example.com/jobs/1042?tab=a&b=c|d"
        told = notification(operation, text=text, facts=facts, link=link)
        told = replace(told, is_test=mark == "test", is_reminder=mark == "reminder")
        yield f"{operation}-{mark or 'plain'}-{name}-{facts}", told


def slack_config(base_url: str | None = None, path: str = WEBHOOK_PATH, timeout: float = 10.0) -> SlackConfig:
    return SlackConfig.model_validate({
        "name": "ops-slack", "platform": "slack", "base_url": base_url, "timeout": timeout,
        "webhook_url": f"https://hooks.slack.com{path}",
    })  # fmt: skip


def pagerduty_config(
    base_url: str | None = None, routing_key: str = ROUTING_KEY, region: str = "us", timeout: float = 10.0
) -> PagerDutyConfig:
    return PagerDutyConfig.model_validate({
        "name": "pager", "platform": "pagerduty", "base_url": base_url, "timeout": timeout,
        "routing_key": routing_key, "region": region,
    })  # fmt: skip
