"""All services together, over the network or inside the process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Self

import httpx

from tests.fakes.pretend.asana import Asana
from tests.fakes.pretend.bamboohr import BambooHR
from tests.fakes.pretend.clicksend import ClickSend
from tests.fakes.pretend.freshdesk import Freshdesk
from tests.fakes.pretend.gmail import Gmail
from tests.fakes.pretend.hubspot import HubSpot
from tests.fakes.pretend.intercom import Intercom
from tests.fakes.pretend.monday import Monday
from tests.fakes.pretend.outlook import Outlook
from tests.fakes.pretend.pagerduty import PagerDuty
from tests.fakes.pretend.salesforce import Salesforce
from tests.fakes.pretend.sendgrid import SendGrid
from tests.fakes.pretend.service import Service
from tests.fakes.pretend.servicenow import ServiceNow
from tests.fakes.pretend.slack import Slack
from tests.fakes.pretend.teams import Teams
from tests.fakes.pretend.telegram import Telegram
from tests.fakes.pretend.trello import Trello
from tests.fakes.pretend.twilio import Twilio
from tests.fakes.pretend.zendesk import Zendesk
from tests.fakes.pretend.zoho import Zoho
from tests.fakes.receiver import Act, Answer, Received, Receiver

SERVICES: tuple[type[Service], ...] = (
    Twilio, SendGrid, Teams, Slack, PagerDuty, ServiceNow, Zendesk, Salesforce, Gmail, Outlook,
    Freshdesk, Telegram, Asana, Trello, Monday, ClickSend, HubSpot, Intercom, BambooHR, Zoho,
)  # fmt: skip
UNUSED_SCRIPTS = ("/v2/enqueue", "/v2/change/enqueue")


class World:
    """The services by key. `now` is their clock: what is old enough to be found, when a rest is over."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.services = {kind.key: kind(self._time) for kind in SERVICES}
        self._receivers: dict[str, Receiver] = {}

    def _time(self) -> datetime:
        """`now` may be set to another clock later."""
        return self.now()

    def __getitem__(self, key: str) -> Service:
        return self.services[key]

    def __enter__(self) -> Self:
        for key, service in self.services.items():
            receiver = self._receivers[key] = Receiver()
            for path in ("*", *UNUSED_SCRIPTS):
                receiver.script(path, service)
        return self

    def __exit__(self, *_: object) -> None:
        with ThreadPoolExecutor(len(self._receivers)) as closing:
            list(closing.map(Receiver.close, self._receivers.values()))

    def begin(self) -> None:
        """Every account is new, and nothing goes wrong."""
        for service in self.services.values():
            service.begin()

    def url(self, key: str) -> str:
        return self._receivers[key].url

    def transport(self, key: str) -> httpx.AsyncBaseTransport:
        """What leads to this service without a network. A request that hangs times out at once."""
        return _Inside(self.services[key])


class _Inside(httpx.AsyncBaseTransport):
    def __init__(self, service: Service) -> None:
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.url.raw_path.decode("ascii")
        answer = self._service(Received(request.method, target, headers, request.content, 0.0, 0))
        return _played(answer, request, format_datetime(self._service.now().astimezone(UTC), usegmt=True))


def _played(answer: Answer, request: httpx.Request, date: str) -> httpx.Response:
    match answer.act:
        case Act.REPLY:
            headers: dict[str, Any] = {"Content-Type": "application/json", "Date": date, **answer.headers}
            return httpx.Response(answer.status, headers=headers, content=answer.content)
        case Act.HANG:
            raise httpx.ReadTimeout("did not answer in time.", request=request)
        case Act.HALF if not 200 <= answer.status < 300:
            return httpx.Response(answer.status, headers=dict(answer.headers))
        case _:
            raise httpx.ReadError("ended the connection without a whole answer.", request=request)
