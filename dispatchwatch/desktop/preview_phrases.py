"""The words of trying out: a route with an example, a policy on last week."""

from __future__ import annotations

from datetime import datetime

PREVIEW, PREVIEW_WHY = "Who would be told?", "An example, sent through the routes as they stand."
KIND, SEVERITY, CUSTOMER, PRIORITY, TECHNICIAN = "What happens", "Severity", "Customer", "Priority", "Technician"
RAISED_AT = "At what time today"
NOT_NOW = "As soon as what is wrong in the settings is put right, this says who would be told."

TRY, STOP = "Try it", "Stop"
TRY_ON_LAST_WEEK = "Try it on last week"
TRY_WHY = "What would have been told with what stands here, held against what is told now."
TRYING, STOPPED = "Playing last week through …", "Stopped."
MEND_FIRST = "Put right what is wrong first; then it can be tried."
NOT_IN_FORCE = "The watch does not run, so there is nothing to hold it against."
COLUMNS = ("Kind of alert", "Now", "With the change", "Only now", "Only with the change")
BROKE = "That went wrong in the program itself; the log has more."


def done_so_far(share: float) -> str:
    return f"{TRYING} {share:.0%}"


def of_days(since: datetime, until: datetime, what: str) -> str:
    return f"{since:%a %d %b} to {until:%a %d %b} · {what}"


def with_true(count: int, true: int) -> str:
    return f"{count} ({true} true)" if count else "0"
