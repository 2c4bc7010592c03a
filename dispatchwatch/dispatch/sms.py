"""A notification as a text message: few characters, the important part first, and no more parts than are paid for.

Facts: a part holds 160 characters of the GSM alphabet (7 bits; GSM 03.38, some characters count twice) or, where one
character is not of it, 70 UTF-16 units (UCS-2); joined parts hold 153 or 67. Every part is billed. Unconfirmed by
Twilio and ClickSend, as 3GPP TS 23.040 has it: 153 and 67, and that no character is split between two parts.
"""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import TypeVar

import httpx
from pydantic import field_validator

from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.fields import ChannelConfig, choice, text
from dispatchwatch.dispatch.marking import TEST_NOTICE, marked
from dispatchwatch.dispatch.occasion import occasion
from dispatchwatch.dispatch.platform import Platform, Repeat
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, utf16_units, web_link
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

SINGLE_GSM, JOINED_GSM = 160, 153
SINGLE_UCS2, JOINED_UCS2 = 70, 67
_TWICE = frozenset("^{}\\[~]|€")
_GSM = _TWICE | frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_LIKENESS = str.maketrans({
    **dict.fromkeys("‘’‚‛ʼ′`´", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−·•", "-"),
    "…": "...", "⁄": "/", "×": "x", "→": "->", "‹": "<", "›": ">", "\t": " ",
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "Œ": "OE", "œ": "oe",
})  # fmt: skip
_LEFT_OUT = frozenset({"Cf", "Me", "Mn", "Sk", "So"})
"""Unicode's categories of what a text can do without: accents on their own, pictures, what is not seen."""
_NOT_READABLE = frozenset({401, 403, 404})


class SmsConfig(ChannelConfig):
    to: str = text(
        "To", help="The mobile number that gets the texts, for instance +15558675310.", pattern=r"\+[1-9]\d{6,14}"
    )
    parts: str = choice(
        "Longest text",
        {"1": "One part", "2": "Two parts", "3": "Three parts", "4": "Four parts"},
        default="2",
        help="Every part is billed. A text takes one where it can; what goes beyond this is cut.",
    )
    link: str = choice(
        "Link",
        {"yes": "The visit’s address, where it fits into the same part", "no": "No addresses"},
        default="yes",
        help="Some networks and new accounts hold back texts with links.",
    )

    @field_validator("to", mode="before")
    @classmethod
    def _without_dividers(cls, value: object) -> object:
        return re.sub(r"[\s().\-/]", "", value) if isinstance(value, str) else value


C = TypeVar("C", bound=SmsConfig)


class Texting(Platform[C]):
    """A platform that sends text messages. A text can't be changed, so every operation is one of its own.

    One channel is one number: so each person's texts have an outcome, hours and pauses of their own. A text whose
    answer was lost is looked for before it is sent again; after a crash it is not known that it was sent, so it may
    arrive twice.
    """

    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES

    @abstractmethod
    def build(self, notification: Notification, config: C) -> httpx.Request:
        """The request that sends the text."""

    @abstractmethod
    def parse(self, answer: httpx.Response) -> Receipt:
        """What the answer says. Raises a Failure where it says no in spite of its status."""

    @abstractmethod
    def search(self, notification: Notification, config: C) -> httpx.Request:
        """A request for the texts among which this one is, if it was taken."""

    @abstractmethod
    def found(self, answer: httpx.Response, notification: Notification, config: C, before: Receipt) -> Receipt | None:
        """This text among those in the answer. `before` is the receipt of the text before it."""

    def tell(self, notification: Notification, config: C, receipt: Receipt | None) -> Conversation:
        before, this = receipt or Receipt(), occasion(notification)
        if before.details.get("asked") == this:
            answer = yield Step(self.search(notification, config), before, _NOT_READABLE)
            found = self.found(answer, notification, config, before) if answer.is_success else None
            if found is not None:
                return found
        return self.parse((yield Step(self.build(notification, config), before.also(asked=this))))


def body(notification: Notification, config: SmsConfig) -> str:
    """The headline, cut where it must be; then whatever else has room in the parts that it takes anyway."""
    told = fitted(marked(notification, one_line(notification.headline)).strip(), int(config.parts))
    paid = segments(told)
    for line in _more(notification, config):
        longer = lean(f"{told}\n{line}") if len(line) < paid * SINGLE_GSM else ""
        if longer and segments(longer) <= paid:
            told = longer
    return told


def lean(told: str) -> str:
    """The text in the GSM alphabet, if it can be had: typographic signs and letters with accents by their likeness,
    without pictures. A text of another script is left as it is: there it would gain nothing."""
    folded = "".join(map(_folded, unicodedata.normalize("NFC", told)))
    folded = re.sub(" {2,}", " ", folded).strip()
    return folded if folded and is_gsm(folded) else told


def is_gsm(told: str) -> bool:
    return _GSM.issuperset(told)


def segments(told: str) -> int:
    """How many parts the text takes."""
    if is_gsm(told):
        return _packed(map(_septets, told), SINGLE_GSM, JOINED_GSM)
    return _packed(map(utf16_units, told), SINGLE_UCS2, JOINED_UCS2)


def fitted(told: str, parts: int) -> str:
    """As much of the text as the parts hold, cut at a word."""
    told = lean(told)
    if segments(told) <= parts:
        return told
    # Where parts join, a character that counts twice may leave the last place of a part empty.
    if is_gsm(told):
        room = SINGLE_GSM if parts == 1 else parts * JOINED_GSM - (parts - 1)
        return clip(told, room - 2, _gsm_size).removesuffix("…") + "..."
    room = SINGLE_UCS2 if parts == 1 else parts * JOINED_UCS2 - (parts - 1)
    return clip(told, room, utf16_units)


def _more(notification: Notification, config: SmsConfig) -> Iterator[str]:
    """Lines that follow where there is room, in order of importance."""
    if notification.is_test:
        yield TEST_NOTICE
    for label, value in notification.facts:
        yield f"{one_line(label)}: {one_line(value)}"
    link = web_link(notification.link) if config.link == "yes" else ""
    if link:
        yield link


def _folded(character: str) -> str:
    if character in _GSM:
        return character
    alike = unicodedata.normalize("NFKD", character.translate(_LIKENESS)).translate(_LIKENESS)
    return "".join(sign for sign in alike if sign in _GSM or unicodedata.category(sign) not in _LEFT_OUT)


def _septets(character: str) -> int:
    return 2 if character in _TWICE else 1


def _gsm_size(told: str) -> int:
    return sum(map(_septets, told))


def _packed(sizes: Iterable[int], single: int, joined: int) -> int:
    """How many parts hold characters of these sizes, none of which is split."""
    total, parts, used = 0, 1, 0
    for size in sizes:
        total += size
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return 1 if total <= single else parts
