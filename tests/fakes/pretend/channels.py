"""Channels that lead into the pretend world: for every platform one that uses all it can do, and others beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import SecretStr

from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.catalog import platform
from dispatchwatch.dispatch.fields import load, secret_fields
from tests.fakes.pretend import (
    asana,
    bamboohr,
    clicksend,
    gmail,
    hubspot,
    intercom,
    monday,
    outlook,
    pagerduty,
    salesforce,
    sendgrid,
    servicenow,
    slack,
    teams,
    telegram,
    trello,
    twilio,
    zendesk,
    zoho,
)  # fmt: skip
from tests.fakes.pretend import freshdesk as fresh

TECHNICIAN = "J. Ortiz"
Values = dict[str, str]

FULL: dict[str, Values] = {
    "twilio": {
        "account_sid": twilio.ACCOUNT, "api_key_sid": twilio.KEY, "auth_token": twilio.SECRET,
        "sender": "+15005550006", "to": "+15558675310",
    },
    "sendgrid": {"api_key": sendgrid.KEY, "from_email": "dispatch@northside.example", "to": "boss@northside.example"},
    "teams": {"webhook_url": teams.URL},
    "slack": {"webhook_url": f"https://hooks.slack.com{slack.PATH}"},
    "pagerduty": {"routing_key": pagerduty.ROUTING_KEY, "api_token": pagerduty.API_TOKEN},
    "servicenow": {
        "instance": "northside", "authentication": "oauth",
        "client_id": servicenow.CLIENT_ID, "client_secret": servicenow.CLIENT_SECRET,
    },
    "zendesk": {
        "subdomain": "northside", "authentication": "oauth",
        "client_id": zendesk.CLIENT_ID, "client_secret": zendesk.CLIENT_SECRET,
    },
    "salesforce": {
        "my_domain": "northside", "client_id": salesforce.CLIENT_ID, "client_secret": salesforce.CLIENT_SECRET,
        "external_id_field": salesforce.EXTERNAL,
    },
    "gmail": {
        "mailbox": "dispatch@northside.example", "to": "boss@northside.example", "client_id": gmail.CLIENT_ID,
        "client_secret": gmail.CLIENT_SECRET, "refresh_token": gmail.REFRESH_TOKEN,
    },
    "outlook": {
        "tenant_id": outlook.TENANT, "client_id": outlook.CLIENT_ID, "client_secret": outlook.CLIENT_SECRET,
        "mailbox": outlook.MAILBOX, "to": "boss@northside.example",
    },
    "freshdesk": {"domain": "northside", "api_key": fresh.KEY, "email": "alerts@northside.example"},
    "telegram": {"bot_token": telegram.TOKEN, "chat_id": str(telegram.CHAT), "acknowledge_button": "on"},
    "asana": {
        "access_token": asana.TOKEN, "project": asana.PROJECT, "section": asana.OPEN,
        "section_acknowledged": asana.TAKEN, "key_field": asana.KEY_FIELD,
    },
    "trello": {
        "api_key": trello.KEY, "token": trello.TOKEN, "id_board": trello.BOARD, "id_list": trello.OPEN,
        "id_list_acknowledged": trello.TAKEN, "id_list_done": trello.DONE,
    },
    "monday": {
        "token": monday.TOKEN, "board_id": monday.BOARD, "group_id": monday.GROUP, "key_column": monday.KEY_COLUMN,
        "status_column": monday.STATUS, "label_open": "New", "label_acknowledged": "Working on it",
    },
    "clicksend": {"username": clicksend.USER, "api_key": clicksend.KEY, "to": "+15558675310"},
    "hubspot": {"access_token": hubspot.TOKEN, "acknowledged_stage": "3", "unique_property": hubspot.UNIQUE},
    "intercom": {
        "access_token": intercom.TOKEN, "ticket_type_id": intercom.TICKET_TYPE, "contact": intercom.CONTACT,
        "admin_id": intercom.ADMIN, "state_acknowledged": intercom.IN_PROGRESS, "state_resolved": intercom.RESOLVED,
    },
    "bamboohr": {
        "company": "northside", "api_key": bamboohr.KEY, "table": bamboohr.TABLE,
        "employees": f"{TECHNICIAN} = {bamboohr.EMPLOYEE}", "minutes_field": "customMinuteslate",
        "job_field": "customJob", "status_field": "customStatus",
    },
    "zoho": {
        "client_id": zoho.CLIENT_ID, "client_secret": zoho.CLIENT_SECRET, "refresh_token": zoho.REFRESH_TOKEN,
        "acknowledged_status": "On Hold", "unique_field": zoho.UNIQUE,
    },
}  # fmt: skip

OTHERS: dict[str, dict[str, Values]] = {
    "servicenow": {
        "basic": {"authentication": "basic", "username": servicenow.USER, "password": servicenow.PASSWORD},
        "silent": {"comments": "none"},
    },
    "zendesk": {
        "token": {"authentication": "token", "email": zendesk.EMAIL, "api_token": zendesk.TOKEN},
        "silent": {"comments": "none"},
    },
    "salesforce": {
        "no-key": {"external_id_field": ""},
        "jwt": {"authentication": "jwt_bearer", "username": "d@n.example"},
    },
    "gmail": {"service-account": {"authentication": "service_account"}},
    "outlook": {
        "delegated": {"authentication": "delegated", "refresh_token": outlook.REFRESH_TOKEN},
        "replies": {"replies": "yes"},
    },
    "telegram": {"no-button": {"acknowledge_button": "off"}},
    "asana": {"no-key": {"key_field": ""}},
    "trello": {"archive": {"when_resolved": "archive"}},
    "monday": {"no-key": {"key_column": ""}},
    "hubspot": {"no-key": {"unique_property": ""}},
    "intercom": {"conversation": {"ticket_type_id": ""}},
    "zoho": {"no-key": {"unique_field": ""}},
    "freshdesk": {"silent": {"comments": "none"}},
}
"""What else is worth a life of its own: other credentials, no key of ours over there, no comments."""


def names() -> list[str]:
    """Every channel: "zendesk" is the full one, "zendesk:token" another."""
    return [*FULL, *(f"{key}:{name}" for key, some in OTHERS.items() for name in some)]


def channel(name: str, base_url: str | None = None, timeout: float = 10.0) -> Channel:
    """A channel by its name among `names()`."""
    key, _, other = name.partition(":")
    values: dict[str, Any] = {**FULL[key], **(OTHERS[key][other] if other else {})}
    if (key, other) == ("gmail", "service-account"):
        values["service_account_key"] = json.dumps({"client_email": gmail.ACCOUNT, "private_key": private_key()})
    if (key, other) == ("salesforce", "jwt"):
        values["private_key"] = private_key()
    # Without a limit of messages in a time: what waits for one is shown elsewhere.
    about = {"name": name, "platform": key, "base_url": base_url, "timeout": timeout, "rate": "off"}
    return Channel(name, platform(key), load(platform(key).config, {**about, **values}))


def with_wrong_secrets(name: str) -> Channel:
    """The same channel, with another ending of everything secret."""
    right = channel(name)
    values = right.config.model_dump(exclude_unset=True)
    for field in secret_fields(type(right.config)):
        if isinstance(values.get(field), SecretStr):
            values[field] = wrong(values[field].get_secret_value())
    return replace(right, config=load(type(right.config), values))


def wrong(secret: str) -> str:
    """A secret of the same form. Of a key with its account, the account."""
    if gmail.ACCOUNT in secret:
        return secret.replace(gmail.ACCOUNT, f"other-{gmail.ACCOUNT}")
    if secret.startswith("-----"):
        return secret
    return f"{secret[:-4]}7777"


@cache
def private_key() -> str:
    """A key that is made for this run."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(65537, 2048)
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return made.private_bytes(serialization.Encoding.PEM, form, plain).decode()
