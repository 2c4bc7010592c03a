"""Twilio, text messages.

A text can't be changed once it is sent: an update, an acknowledgement and the end of an alert are texts of their own.
Twilio deduplicates nothing, so a text whose answer was lost is looked for among the latest ones to the same number
before it is sent again: the same words, made since the alert was told, and not the text before it.

Facts: twilio/twilio-oai, spec/json/twilio_api_v2010.json (paths, form, sid);
twilio.com/docs/global-infrastructure (regions); twilio.com/docs/api/errors/20429 and 20003; twilio/ai, skills (error
codes, API keys, 20003 for a standard key that asks for its account). Unconfirmed: what the codes 21212, 21606, 21608
and 21614 mean, that the list begins with the latest text, and that a text is in it as soon as it was taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.auth import basic, form_request
from dispatchwatch.dispatch.errors import Failure, Refused, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, text
from dispatchwatch.dispatch.platform import json_answer
from dispatchwatch.dispatch.reading import named, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sms import SmsConfig, Texting, body
from dispatchwatch.domain.notification import Notification

REGIONS = {"us1": "United States", "ie1": "Ireland", "au1": "Australia"}
HOSTS = {"us1": "api.twilio.com", "ie1": "api.dublin.ie1.twilio.com", "au1": "api.sydney.au1.twilio.com"}
# Twenty texts of 1600 characters are far below what the sender reads of an answer.
LATEST = 20
CLOCKS_APART = timedelta(minutes=5)
NOT_SENT = frozenset({"failed", "undelivered", "canceled"})
REASONS = {
    21211: "the number in “To” is not one that can be reached",
    21212: "the sender is not one that this account may use",
    21408: "this account may not send texts to that country. Allow it in the console under Messaging, Geo permissions",
    21606: "the sender is not a number of this account that can send texts",
    21608: "a trial account sends to verified numbers only. Verify the number in the console, or upgrade the account",
    21610: "the person has answered STOP and gets no more texts from this sender, until the answer is START",
    21612: "there is no way from this sender to that number",
    21614: "the number in “To” is not a mobile number",
}


class TwilioConfig(SmsConfig):
    account_sid: str = text("Account SID", help="In the console under Account Info.", pattern="AC[0-9a-fA-F]{32}")
    api_key_sid: str = text(
        "API key SID",
        default="",
        help="SK and 32 letters and digits: in the console under API keys. Left empty, the auth token is used.",
        pattern="SK[0-9a-fA-F]{32}",
    )
    auth_token: SecretStr = secret(
        "API key secret or auth token",
        help="The secret of the API key; without one, the auth token under Account Info.",
    )
    sender: str = text(
        "From",
        help="A number of the account, a short code, a name of at most 11 letters, or the SID of a messaging service.",
        pattern=r"\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 &_+\-]{1,11}",
    )
    region: str = choice("Region", REGIONS, default="us1", help="Keys belong to one region.")


class Twilio(Texting[TwilioConfig]):
    key = "twilio"
    name = "Twilio"
    config = TwilioConfig

    def build(self, notification: Notification, config: TwilioConfig) -> httpx.Request:
        sender = "MessagingServiceSid" if config.sender.startswith("MG") and len(config.sender) == 34 else "From"
        form = {"To": config.to, sender: config.sender, "Body": body(notification, config)}
        return _signed(form_request(_messages(config), form), config)

    def parse(self, answer: httpx.Response) -> Receipt:
        said = json_answer(answer, self.name)
        if text_at(said, "status") in NOT_SENT or text_at(said, "error_code"):
            raise Refused(f"Twilio does not take this text: {self.explain(answer) or 'it gives no reason'}.")
        return Receipt(named(answer, self.name, "sid"))

    def search(self, notification: Notification, config: TwilioConfig) -> httpx.Request:  # noqa: ARG002
        query = urlencode({"To": config.to, "PageSize": LATEST})
        return _signed(httpx.Request("GET", f"{_messages(config)}?{query}"), config)

    def found(
        self, answer: httpx.Response, notification: Notification, config: TwilioConfig, before: Receipt
    ) -> Receipt | None:
        told, since = body(notification, config), notification.written_at - CLOCKS_APART
        for row in rows(read(answer, self.name), "messages"):
            # A trial account puts words of Twilio's before ours.
            sent = text_at(row, "body").endswith(told) and text_at(row, "status") not in NOT_SENT
            if sent and row.get("sid") != before.reference and _made_after(row, since):
                return Receipt(text_at(row, "sid"))
        return None

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(201, json={"sid": f"SM{'0' * 32}", "status": "queued"})

    def explain(self, response: httpx.Response) -> str:
        code = _code(response)
        return f"{REASONS[code]} (error {code})" if code in REASONS else super().explain(response)

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.is_client_error and _code(response) in REASONS:
            return Refused(f"Twilio does not take this text (HTTP {response.status_code}): {self.explain(response)}.")
        return super().classify(response)

    def check(self, config: TwilioConfig) -> httpx.Request:
        # Not the account itself: a standard API key may not read that.
        return _signed(httpx.Request("GET", f"{_messages(config)}?PageSize=1"), config)

    def secrets(self, config: TwilioConfig) -> tuple[str, ...]:
        return (*super().secrets(config), _credentials(config))


def _messages(config: TwilioConfig) -> str:
    return f"https://{HOSTS[config.region]}/2010-04-01/Accounts/{config.account_sid}/Messages.json"


def _signed(request: httpx.Request, config: TwilioConfig) -> httpx.Request:
    request.headers["Authorization"] = f"Basic {_credentials(config)}"
    return request


def _credentials(config: TwilioConfig) -> str:
    return basic(config.api_key_sid or config.account_sid, config.auth_token.get_secret_value())


def _code(response: httpx.Response) -> int:
    """Twilio's number of the error; 0 where there is none."""
    try:
        said = read(response, "")
    except Unreachable:
        return 0
    code = text_at(said, "code") or text_at(said, "error_code")
    return int(code) if code.isdecimal() else 0


def _made_after(row: Mapping[str, Any], since: datetime) -> bool:
    try:
        return parsedate_to_datetime(text_at(row, "date_created")) >= since
    except (ValueError, TypeError):
        return False
