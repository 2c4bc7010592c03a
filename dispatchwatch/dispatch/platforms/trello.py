"""Trello: an alert is a card on a list, told on in comments, and moved, ticked off or archived at the end.

Acknowledging moves it to a list of its own, where one is chosen; an update renames it. Somebody who moves, ticks off or
archives the card is heard by asking, with the name. Our key stands at the end of the card's description, and the cards
of the two lists are looked through for it before one is put there; since Trello has no identity of ours, and a very
full list can't be read to its end, a card may come twice after a lost answer. A test is ticked off from the first.

Facts: Atlassian's OpenAPI for Trello (cards, comments, lists, actions); developer.atlassian.com/cloud/trello: guides
authorization (key and token; as a header they stay out of addresses) and rate-limits (100 requests in 10 s for a token,
telling takes up to four; no Retry-After is promised). Third parties: the form of the header, the 16,384 characters of
name and description, plain-text errors, updateCard:dueComplete as a filter. Unconfirmed: that comments take as many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.conversation import Conversation, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, text
from dispatchwatch.dispatch.platform import Rate, json_request
from dispatchwatch.dispatch.reading import chosen, instant, loose, named, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, utf16_units, web_link
from dispatchwatch.dispatch.ticket import (
    Finding,
    Looking,
    Seen,
    Standing,
    Surveying,
    TicketConfig,
    Ticketing,
    short_key,
)
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

API = "https://api.trello.com/1"
ID = "[0-9a-f]{24}"
LONGEST = 16_384
SIGNS = re.compile(r"[\\`*_\[\]<>#~|]")
AT = re.compile(r"@(?=\w)")
WORD_JOINER = "\u2060"
MOVES = "updateCard:idList,updateCard:closed,updateCard:dueComplete"
STANDS = "fields=closed,dueComplete,idList"
WAIT = timedelta(seconds=10)
NOT_THERE = frozenset({404})


class TrelloConfig(TicketConfig):
    api_key: SecretStr = secret("API key", help="At trello.com/power-ups/admin, in your Power-Up under API key.")
    token: SecretStr = secret("Token", help="Beside the API key: follow the link “Token” and allow it.")
    id_board: str = text("Board", default="", help="Only for choosing its lists here.", pattern=ID)
    id_list: str = text("List", help="New cards go here.", pattern=ID)
    id_list_acknowledged: str = text(
        "List of acknowledged cards", default="", help="Left out, they stay where they are.", pattern=ID
    )
    id_list_done: str = text("List of done cards", default="", help="Left out, they stay where they are.", pattern=ID)
    when_resolved: str = choice(
        "When resolved", {"done": "Tick the card off, and move it to its list", "archive": "Archive it"}, default="done"
    )


class Trello(Ticketing[TrelloConfig]):
    key = "trello"
    name = "Trello"
    config = TrelloConfig
    rate = Rate(25, timedelta(seconds=10))

    def finds(self, config: TrelloConfig) -> bool:  # noqa: ARG002
        return False

    def find(self, notification: Notification, config: TrelloConfig) -> Finding:
        """A list that is too full to be read holds no alert back: it counts as one without the card."""
        for id_list in filter(None, (config.id_list, config.id_list_acknowledged)):
            answer = yield Step(_request(config, "GET", f"lists/{id_list}/cards?fields=desc,shortUrl"))
            for card in rows(loose(answer)):
                if short_key(notification.alert_key) in text_at(card, "desc"):
                    return _receipt(card)
        return None

    def open(self, notification: Notification, config: TrelloConfig) -> Conversation:
        card = {
            "idList": config.id_list,
            "name": letter.subject(notification),
            "desc": f"{_markdown(notification, LONGEST - 50)}\n\n{short_key(notification.alert_key)}",
            "pos": "top",
            "dueComplete": notification.is_test,
        }
        answer = yield Step(_request(config, "POST", "cards", card))
        named(answer, self.name, "id")
        return _receipt(loose(answer))

    def look(self, ticket: Receipt, config: TrelloConfig) -> Looking:
        answer = yield Step(_request(config, "GET", f"cards/{ticket.details['id']}?{STANDS}"))
        return _standing(read(answer, self.name), config)

    def comment(self, notification: Notification, config: TrelloConfig, ticket: Receipt) -> Conversation:
        path = f"cards/{ticket.details['id']}/actions/comments"
        yield Step(_request(config, "POST", path, {"text": _markdown(notification, LONGEST)}), reached=ticket)
        return ticket

    def change(
        self, notification: Notification, config: TrelloConfig, ticket: Receipt, to: Standing | None
    ) -> httpx.Request | None:
        match to:
            case Standing.OPEN:
                changed = {"closed": False, "dueComplete": False, "idList": config.id_list}
            case Standing.TAKEN:
                changed = {"idList": config.id_list_acknowledged}
            case Standing.ENDED if config.when_resolved == "archive":
                changed = {"closed": True}
            case Standing.ENDED:
                changed = {"dueComplete": True, "idList": config.id_list_done}
            case _:
                changed = {"name": letter.subject(notification)} if notification.operation is Operation.UPDATE else {}
        changed = {field: value for field, value in changed.items() if value != ""}
        return _request(config, "PUT", f"cards/{ticket.details['id']}", changed) if changed else None

    def survey(self, ids: Sequence[str], config: TrelloConfig) -> Surveying:
        """The list of new cards tells of those that nobody has moved; the others are asked for one by one."""
        answer = yield Step(_request(config, "GET", f"lists/{config.id_list}/cards?{STANDS}"))
        listed = {text_at(card, "id"): _standing(card, config) for card in rows(loose(answer))}
        seen = {card: Seen(standing) for card, standing in listed.items() if standing is Standing.OPEN}
        asked = f"{STANDS}&actions={MOVES}&actions_limit=1&action_memberCreator_fields=fullName"
        for card in sorted(set(ids) - set(seen)):
            answer = yield Step(_request(config, "GET", f"cards/{card}?{asked}"), also=NOT_THERE)
            if answer.is_success:
                found = read(answer, self.name)
                by = text_at(found, "actions", 0, "memberCreator", "fullName")
                seen[card] = Seen(_standing(found, config), by, instant(text_at(found, "actions", 0, "date")))
        return seen

    def classify(self, response: httpx.Response) -> Failure | None:
        failure = super().classify(response)
        if isinstance(failure, Unreachable) and response.status_code == 429 and "Retry-After" not in response.headers:
            failure.retry_after = WAIT
        return failure

    def check(self, config: TrelloConfig) -> httpx.Request:
        return _request(config, "GET", f"lists/{config.id_list}?fields=name")

    def look_up(self, field: str, config: TrelloConfig) -> Lookup | None:
        if field == "id_board":
            return chosen(_request(config, "GET", "members/me/boards?filter=open&fields=name"), self.name)
        if field in {"id_list", "id_list_acknowledged", "id_list_done"} and config.id_board:
            return chosen(_request(config, "GET", f"boards/{config.id_board}/lists?fields=name"), self.name)
        return None

    def pretended(self, request: httpx.Request) -> httpx.Response:
        is_list = request.method == "GET" and request.url.path.endswith("/cards")
        return httpx.Response(
            200, json=[] if is_list else {"id": "0" * 24, "shortUrl": "https://trello.com/c/00000000"}
        )


def _receipt(card: Mapping[str, Any]) -> Receipt:
    return Receipt(text_at(card, "shortUrl") or text_at(card, "id"), {"id": text_at(card, "id")})


def _standing(card: Any, config: TrelloConfig) -> Standing:
    id_list = text_at(card, "idList")
    if (
        picked(card, "closed") is True
        or picked(card, "dueComplete") is True
        or (id_list and id_list == config.id_list_done)
    ):
        return Standing.ENDED
    return Standing.TAKEN if id_list and id_list == config.id_list_acknowledged else Standing.OPEN


def _markdown(notification: Notification, limit: int) -> str:
    """The letter with nothing in it that Trello would lay out, or take for the name of a member."""
    link = web_link(notification.link)
    ends = f"\n\n{link}" if link else ""
    body = letter.text(replace(notification, link=""), limit)
    return _escaped(clip(body, limit - len(ends), lambda part: utf16_units(_escaped(part)))) + ends


def _escaped(words: str) -> str:
    return AT.sub(f"@{WORD_JOINER}", SIGNS.sub(r"\\\g<0>", words))


def _request(config: TrelloConfig, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Request:
    url = f"{API}/{path}"
    request = httpx.Request(method, url) if body is None else json_request(method, url, body)
    key, token = config.api_key.get_secret_value(), config.token.get_secret_value()
    request.headers["Authorization"] = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'
    return request
