"""What a JSON source's answer says: records, or a refusal in one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_paths import NoAnswer, found, read_json, text_of
from dispatchwatch.intake.web import Page, shown
from dispatchwatch.intake.web_patience import Busy, wait_told

UNTOLD_WAIT = timedelta(minutes=1)
REMAINDERS = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")
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
                raise FeedError(f"{where} answers with {_kind(page.body)}.") from None
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


def _kind(body: bytes) -> str:
    """What an answer is that is no JSON, and what is to be done about it."""
    begins = body.lstrip()[:1]
    if begins in {b"{", b"["}:
        return "JSON that breaks off or is damaged. It is asked again; if this lasts, ask whoever runs it"
    if begins == b"<":
        return "a page for people, perhaps to log in. Check url and auth"
    return "no JSON. Check url and auth"
