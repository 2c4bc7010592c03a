"""What the status words of other systems mean (study 2.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from dispatchwatch.domain.visit import Status

CUSTOMER = "customer"
COMPANY = "company"
STOCK: Mapping[Status, str] = {
    Status.UNSCHEDULED: (
        "unscheduled, needs scheduling, draft, new, pending dispatch, to do, offered, published, waiting list"
    ),
    Status.SCHEDULED: (
        "scheduled, booked, confirmed, soft booked, assigned, planned, upcoming, pending, open, rescheduled, 690970000"
    ),
    Status.DISPATCHED: "dispatched, notified, accepted, acknowledged, routed, committed, ready to go",
    Status.EN_ROUTE: (
        "en route, enroute, on my way, on the way, on route, traveling, travelling, driving, driving to site, 690970001"
    ),
    Status.ARRIVED: "arrived, on site, onsite, onsite arrival, on scene, checked in",
    Status.IN_PROGRESS: "in progress, inprogress, in process, working, work in progress, started, running, 690970003",
    Status.PAUSED: "paused, hold, on hold, on break, suspended, awaiting parts, return required, 690970002",
    Status.COMPLETED: (
        "completed, complete, complete unrated, complete rated, done, work done, closed, closed complete,"
        " fully completed, finished, approved, invoiced, 690970004"
    ),
    Status.INCOMPLETE: (
        "incomplete, cannot complete, closed incomplete, unsuccessful, failed, partially completed, problem,"
        " needs return visit"
    ),
    Status.CANCELLED: (
        "user canceled, user cancelled, canceled by customer, cancelled by customer, customer canceled,"
        " customer cancelled, declined by customer, pro canceled, pro cancelled, canceled by company,"
        " cancelled by company, cancelled, canceled, void, skipped, deleted, rejected, postponed, 690970005"
    ),
    Status.CUSTOMER_NO_SHOW: "no show, noshow, customer no show, no access, not home",
}
TECHNICIAN_NO_SHOW = "ncns, no call no show, tech no show, technician no show"
"""Nobody has been there, so the visit stands as it was: scheduled. The no-show is a finding of its own."""

UNTIL_STARTED = frozenset({"open", "pending", "rescheduled"})
"""Words that say "scheduled" of a visit with a start and "unscheduled" of one without."""

ONLY_ALONE = frozenset({"new", "open", "pending", "running", "problem", "failed", "690970000"})
"""Words that say something else inside a phrase: "running late" is not a visit under way."""

DENIALS = frozenset({"not", "no", "never", "non", "without", "cannot", "isn", "wasn", "hasn", "didn", "yet"})

WORD = re.compile(r"[^\W_]+")


class Meaning(NamedTuple):
    """What a word says: where the visit stands, who called it off, whether the technician neither came nor called."""

    status: Status
    cancelled_by: str = ""
    technician_no_show: bool = False


def normal(word: str) -> str:
    """Lower case, `_` and `-` as spaces, single spaces."""
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())


def _who(word: str) -> str:
    if re.search(r"\b(user|customer)\b", word):
        return CUSTOMER
    return COMPANY if re.search(r"\b(pro|company)\b", word) else ""


def _stock() -> dict[str, Meaning]:
    stock = {
        word.strip(): Meaning(status, _who(word) if status is Status.CANCELLED else "")
        for status, words in STOCK.items()
        for word in words.split(",")
    }
    no_show = Meaning(Status.SCHEDULED, technician_no_show=True)
    return stock | {word.strip(): no_show for word in TECHNICIAN_NO_SHOW.split(",")}


class StatusWords:
    """The stock of known words with a source's own on top; remembers what it has looked up."""

    def __init__(self, own: Mapping[str, Status]) -> None:
        self._own = frozenset(normal(word) for word in own)
        self._words = _stock() | {normal(word): Meaning(status) for word, status in own.items()}
        by_length = sorted(self._words, key=lambda word: (-len(word), word not in self._own, word))
        self._phrases = [word for word in by_length if word in self._own or word not in ONLY_ALONE]
        self._known: dict[str, Meaning | None] = {}

    def meaning(self, word: str, *, has_start: bool) -> Meaning | None:
        """What a source's word says of a visit; None if nobody knows.

        The whole word counts first, then the longest known word in it, unless the rest denies it.
        """
        text = normal(word)
        if text in UNTIL_STARTED - self._own and not has_start:
            return Meaning(Status.UNSCHEDULED)
        if text not in self._known:
            self._known[text] = self._words.get(text) or self._contained(text)
        return self._known[text]

    def _contained(self, text: str) -> Meaning | None:
        # punctuation separates words too: "Completed (unpaid)"
        words = f" {' '.join(WORD.findall(text))} "
        for phrase in self._phrases:
            if f" {phrase} " in words and not DENIALS & set(words.replace(f" {phrase} ", " ").split()):
                return self._words[phrase]
        return None
