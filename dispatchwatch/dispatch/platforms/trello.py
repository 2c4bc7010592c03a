"""Trello: an alert is a card on a list, told on in comments, and moved, ticked off or archived at the end.

Acknowledging moves it to a list of its own, where one is chosen; an update renames it. Our key stands at the end of the
card's description, and the cards of the two lists are looked through for it before one is put there; since Trello has
no identity of ours, and a very full list can't be read to its end, a card may come twice after a lost answer. A test is
ticked off from the first.

Facts: Atlassian's OpenAPI for Trello (cards, comments, lists); developer.atlassian.com/cloud/trello: guide rate-limits
(100 requests in 10 s for a token, telling takes up to four). Third parties: the 16,384 characters of name and
description. Unconfirmed: that comments take as many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.trello import STANDS, TrelloAccount, TrelloConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.platform import Rate
from dispatchwatch.dispatch.reading import loose, named, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, utf16_units, web_link
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Standing
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

LONGEST = 16_384
SIGNS = re.compile(r"[\\`*_\[\]<>#~|]")
AT = re.compile(r"@(?=\w)")
WORD_JOINER = "\u2060"


class Trello(TrelloAccount):
    rate = Rate(25, timedelta(seconds=10))

    def finds(self, config: TrelloConfig) -> bool:  # noqa: ARG002
        return False

    def find(self, notification: Notification, config: TrelloConfig) -> Finding:
        """A list that is too full to be read holds no alert back: it counts as one without the card."""
        for id_list in filter(None, (config.id_list, config.id_list_acknowledged)):
            answer = yield Step(self.request(config, "GET", f"lists/{id_list}/cards?fields=desc,shortUrl"))
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
        answer = yield Step(self.request(config, "POST", "cards", card))
        named(answer, self.name, "id")
        return _receipt(loose(answer))

    def look(self, ticket: Receipt, config: TrelloConfig) -> Looking:
        answer = yield Step(self.request(config, "GET", f"cards/{ticket.details['id']}?{STANDS}"))
        return self.standing(read(answer, self.name), config)

    def comment(self, notification: Notification, config: TrelloConfig, ticket: Receipt) -> Conversation:
        path = f"cards/{ticket.details['id']}/actions/comments"
        yield Step(self.request(config, "POST", path, {"text": _markdown(notification, LONGEST)}), reached=ticket)
        return ticket

    def change(
        self, notification: Notification, config: TrelloConfig, ticket: Receipt, to: Move
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
        return self.request(config, "PUT", f"cards/{ticket.details['id']}", changed) if changed else None

    def pretended(self, request: httpx.Request) -> httpx.Response:
        is_list = request.method == "GET" and request.url.path.endswith("/cards")
        return httpx.Response(
            200, json=[] if is_list else {"id": "0" * 24, "shortUrl": "https://trello.com/c/00000000"}
        )


def _receipt(card: Mapping[str, Any]) -> Receipt:
    return Receipt(text_at(card, "shortUrl") or text_at(card, "id"), {"id": text_at(card, "id")})


def _markdown(notification: Notification, limit: int) -> str:
    """The letter with nothing in it that Trello would lay out, or take for the name of a member."""
    link = web_link(notification.link)
    ends = f"\n\n{link}" if link else ""
    body = letter.text(replace(notification, link=""), limit)
    return _escaped(clip(body, limit - len(ends), lambda part: utf16_units(_escaped(part)))) + ends


def _escaped(words: str) -> str:
    return AT.sub(f"@{WORD_JOINER}", SIGNS.sub(r"\\\g<0>", words))
