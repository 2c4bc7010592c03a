"""The platforms we know."""

from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.platforms.asana import Asana
from dispatchwatch.dispatch.platforms.bamboohr import BambooHR
from dispatchwatch.dispatch.platforms.clicksend import ClickSend
from dispatchwatch.dispatch.platforms.freshdesk import Freshdesk
from dispatchwatch.dispatch.platforms.gmail import Gmail
from dispatchwatch.dispatch.platforms.hubspot import HubSpot
from dispatchwatch.dispatch.platforms.intercom import Intercom
from dispatchwatch.dispatch.platforms.monday import Monday
from dispatchwatch.dispatch.platforms.outlook import Outlook
from dispatchwatch.dispatch.platforms.pagerduty import PagerDuty
from dispatchwatch.dispatch.platforms.salesforce import Salesforce
from dispatchwatch.dispatch.platforms.sendgrid import SendGrid
from dispatchwatch.dispatch.platforms.servicenow import ServiceNow
from dispatchwatch.dispatch.platforms.slack import Slack
from dispatchwatch.dispatch.platforms.teams import Teams
from dispatchwatch.dispatch.platforms.telegram import Telegram
from dispatchwatch.dispatch.platforms.trello import Trello
from dispatchwatch.dispatch.platforms.twilio import Twilio
from dispatchwatch.dispatch.platforms.zendesk import Zendesk
from dispatchwatch.dispatch.platforms.zoho import Zoho

PLATFORMS: tuple[Platform[Any], ...] = (
    Twilio(),
    SendGrid(),
    Teams(),
    Slack(),
    PagerDuty(),
    ServiceNow(),
    Zendesk(),
    Salesforce(),
    Gmail(),
    Outlook(),
    Freshdesk(),
    Telegram(),
    Asana(),
    Trello(),
    Monday(),
    ClickSend(),
    HubSpot(),
    Intercom(),
    BambooHR(),
    Zoho(),
)


class UnknownPlatformError(LookupError):
    """There is no platform with this key. The message names those there are."""


def platform(key: str) -> Platform[Any]:
    for known in PLATFORMS:
        if known.key == key:
            return known
    raise UnknownPlatformError(
        f"There is no platform “{key}”. Known are: {', '.join(sorted(p.key for p in PLATFORMS))}."
    )
