"""What a JSON source's answer says: records, or a refusal in one plain sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_paths import NoAnswer, found, read_json, text_of
from dispatchwatch.intake.web import Page, shown

LONGEST_WAIT = timedelta(hours=1)
UNTOLD_WAIT = timedelta(minutes=1)
RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
REMAINDERS = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")
A_DATE = 1_000_000_000
"""Rate limits are reset in so many seconds or, where the number is this large, at that instant of the epoch."""
SECONDS = re.compile(r"\d{1,12}(\.\d*)?", re.ASCII)
SHOWN = 200
REFUSALS = {
    400: "does not understand what it is asked (400). Check url, params and body",
    401: "does not let us in (401). Check user, password, key or token in auth",
    403: "does not allow reading this (403). Ask whoever runs it to allow it to this user or key",
    404: "has nothing at this address (404). Check url",
    405: "does not take this method (405). Check method",
    410: "says that this address is gone for good (410). Look up the new one",
}
ABSENT = frozenset({404, 410})


class Busy(FeedError):
    """The source wants to be left alone until `until`."""

    def __init__(self, text: str, until: datetime) -> None:
        super().__init__(text)
        self.until = until


class Absent(FeedError):
    """The source has nothing at this address."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Where in an answer the list of `records` and the source's own word for an `error` stand. `secrets` never show
    in a message; instants in one are told in `zone`."""

    records: str
    error: str | None
    zone: ZoneInfo
    secrets: tuple[str, ...] = ()

    def read(self, page: Page, at: datetime) -> tuple[Any, list[Any]]:
        """The whole answer and the records in it. Raises FeedError, and `Busy` where the source wants peace."""
        data = self._data(page, at)
        return data, self._list(data, page)

    def _data(self, page: Page, at: datetime) -> Any:
        self._check_busy(page, at)
        where = shown(page.url)
        try:
            data = read_json(page.body)
        except ValueError:
            data = None
            if 200 <= page.status < 300:
                kind = "a page for people, perhaps to log in" if page.body.lstrip()[:1] == b"<" else "no JSON"
                raise FeedError(f"{where} answers with {kind}. Check url and auth.") from None
        said = self._said(data)
        if page.status >= 500:
            raise FeedError(f"{where} has a fault of its own ({page.status}){said}. It is asked again.")
        if not 200 <= page.status < 300:
            reason = REFUSALS.get(page.status, f"answers with {page.status} instead of records. Check url")
            raise (Absent if page.status in ABSENT else FeedError)(f"{where} {reason}{said}.")
        if said:
            raise FeedError(f"{where} refuses{said}. Check the feed’s settings.")
        return data

    def _said(self, data: Any) -> str:
        """The source's own words for what is wrong, where it has any; our secrets are taken out of them."""
        try:
            told = found(self.error, data) if self.error else None
        except NoAnswer:
            return ""
        text = " ".join(text_of(told).split()) if told else ""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return f" (it says: {text[:SHOWN].rstrip('.')})" if text else ""

    def _list(self, data: Any, page: Page) -> list[Any]:
        path = self.records
        try:
            records = found(path, data)
        except NoAnswer:
            records = None
        if isinstance(records, list):
            return records
        names = ", ".join(list(data)[:12]) if isinstance(data, dict) else "no names"
        raise FeedError(
            f"{shown(page.url)} answers without a list at '{path}'; its answer has: {names[:SHOWN]}."
            " Set records to the path of the list."
        )

    def _check_busy(self, page: Page, at: datetime) -> None:
        spent = any(page.headers.get(name, "").strip() == "0" for name in REMAINDERS)
        told = wait_told(page, at)
        if not (page.status == 429 or (page.status == 503 and told is not None) or (page.status == 403 and spent)):
            return
        until = at + (UNTOLD_WAIT if told is None else told)
        clock = f"{until.astimezone(self.zone):%H:%M:%S}"
        advice = "If this happens often, set a longer `every`"
        raise Busy(f"{shown(page.url)} wants to be left alone until {clock} ({page.status}). {advice}.", until)


def wait_told(page: Page, at: datetime) -> timedelta | None:
    """How long a source wants to be left alone (Retry-After of RFC 9110, section 10.2.3, or the rate limit headers in
    use): between nothing and an hour. None where it does not say. Instants are taken by the source's own clock."""
    clock = page.date or at
    value = page.headers.get("retry-after", "").strip()
    if SECONDS.fullmatch(value):
        return _bounded(float(value))
    try:
        told = parsedate_to_datetime(value)
        return _bounded(((told if told.tzinfo else told.replace(tzinfo=UTC)) - clock).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        pass  # says nothing, or nothing that can be read
    reset = next((page.headers[name].strip() for name in RESETS if name in page.headers), "")
    if not SECONDS.fullmatch(reset):
        return None
    number = float(reset)
    return _bounded(number - clock.timestamp() if number > A_DATE else number)


def _bounded(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_WAIT.total_seconds()))
