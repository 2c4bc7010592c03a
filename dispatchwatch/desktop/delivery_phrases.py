"""What the page of deliveries says: of channels, of one delivery, and of the request that carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dispatchwatch.app.view import DeliveryLine, RequestText
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.phrases import count, sentence
from dispatchwatch.domain.wording import clock, day_and_clock, zone

PAUSE, TRY = "Pause", "Check"
TRYING = "Checking the connection …"
STATES: Mapping[str, str] = {
    "all": "All",
    "failed": "Failed",
    "waiting": "Waiting",
    "sent": "Sent",
    "dropped": "Not needed",
}
EVERY_CHANNEL, CHANNEL = "Every channel", "Channel"
PERIOD = "Owed within"
PERIODS: Mapping[str, timedelta | None] = {
    "Any time": None,
    "Last 15 minutes": timedelta(minutes=15),
    "Last hour": timedelta(hours=1),
    "Last 8 hours": timedelta(hours=8),
    "Last 24 hours": timedelta(hours=24),
}
ATTEMPTS, SPEAKS_OF, SAID, REQUEST = "What happened", "What it speaks of", "What it says", "The request"
SECRETS_OUT = "As it goes to the platform. Every secret is replaced by ***."
NO_ATTEMPT = "It was not tried yet."
COPY_REQUEST = "Copy the request"
TWICE = (
    "It may have arrived twice: an attempt went out and no answer came back, so it was sent once more. "
    "This platform can’t tell the two apart."
)
NOTHING_FITS = ("No message fits", "Leave out one of the choices above, or clear the search.")
GONE = "This delivery is no longer on record."
RECEIPT = "The platform calls it"


def pauses(channel: str) -> str:
    return f"{channel} sends nothing until somebody resumes it; what is owed waits"


def tries(channel: str) -> str:
    return f"Checks the connection and the credentials of {channel}; nobody is told anything"


def alerts_in(line: DeliveryLine) -> str:
    """How many alerts share one message, where they do."""
    return count(len(line.alerts), "alert", "alerts") if len(line.alerts) > 1 else ""


def happened(line: DeliveryLine, failures: Sequence[tuple[datetime, str]], zone_name: str) -> list[tuple[str, str]]:
    """Each step with its time: owed, every attempt that failed and why, and how it ended."""
    steps = [(_at(line.created_at, zone_name), f"Owed to {line.channel}")]
    for number, (at, error) in enumerate(failures, 1):
        steps.append((_at(at, zone_name), sentence(f"Attempt {number} failed: {error}")))
    if line.settled_at is not None:
        steps.append((_at(line.settled_at, zone_name), _ended(line, len(failures) + 1)))
    elif line.held:
        steps.append(("", sentence(line.held)))
    elif line.state in {"waiting", "sending"}:
        steps.append((_at(line.next_attempt_at, zone_name), "Next attempt"))
    return steps


def _ended(line: DeliveryLine, attempt: int) -> str:
    match line.state:
        case "sent":
            return f"Taken by {line.platform}" + (f" at attempt {attempt}" if attempt > 1 else "")
        case "dropped":
            return sentence(f"Not needed any more. {line.error}".strip())
        case _:
            return sentence(f"Given up. {line.error}" if not line.attempts else "Given up")


def _at(moment: datetime, zone_name: str) -> str:
    return f"{moment.astimezone(zone(zone_name)):%H:%M:%S}"


def owed(line: DeliveryLine, zone_name: str) -> str:
    return f"{texts.OPERATION_NAMES[line.operation]} · owed {day_and_clock(line.created_at, zone_name)}"


def request_text(request: RequestText) -> str:
    """Like what goes over the wire: the line of the request, its headers, and after an empty line its body."""
    headers = [f"{name}: {value}" for name, value in request.headers]
    return "\n".join([f"{request.method} {request.url}", *headers, "", request.body]).rstrip()


def requests_title(number: int) -> str:
    return REQUEST if number < 2 else f"The {number} requests"


def when(moment: datetime, now: datetime, zone_name: str) -> str:
    """The time of today; with its day where it was another."""
    local_zone = zone(zone_name)
    local = moment.astimezone(local_zone)
    is_today = local.date() == now.astimezone(local_zone).date()
    return clock(moment, zone_name, label=False) if is_today else f"{local:%a} {local.day} {local:%H:%M}"
