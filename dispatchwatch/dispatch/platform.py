"""A platform: how one kind of destination is told, and how its answers are read. No network, no clock, no storage."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import httpx
from pydantic_core import to_json

from dispatchwatch.dispatch.auth import Auth
from dispatchwatch.dispatch.conversation import Conversation, Held, Listening, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Unknown
from dispatchwatch.dispatch.fields import ChannelConfig, secret_values
from dispatchwatch.dispatch.outcome import by_status, reason
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import plain
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

if TYPE_CHECKING:
    from dispatchwatch.dispatch.browser_sign_in import BrowserSignIn
    from dispatchwatch.dispatch.device_code import DeviceSignIn

DEDUP_KEY_BYTES = 255
C = TypeVar("C", bound=ChannelConfig)


class Repeat(StrEnum):
    """What comes of sending the same message twice."""

    HARMLESS = "harmless"
    DOUBLES = "doubles"


@dataclass(frozen=True, slots=True)
class Rate:
    """What the vendor says it takes: `count` messages in any span `per`."""

    count: int
    per: timedelta


class Platform(ABC, Generic[C]):
    """One kind of destination. A subclass is one file in `platforms/` and one line in the catalog.

    `operations` are what it can be told, `repeat` decides what may follow an unknown outcome, `rate` is None
    where the vendor states none.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    operations: ClassVar[frozenset[Operation]]
    repeat: ClassVar[Repeat]
    rate: ClassVar[Rate | None] = None
    config: type[C]

    @abstractmethod
    def tell(self, notification: Notification, config: C, receipt: Receipt | None) -> Conversation:
        """The requests that tell the platform, and what its answers say. `receipt` is what it answered before: when
        the alert was raised, or what an attempt that broke off had reached.

        Raises Refused where the platform has no way to carry this notification, and a Failure where an answer with a
        2xx status says no all the same.
        """

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        """An answer as the platform gives it when all goes well, for previews: just enough for what `tell` reads."""
        return httpx.Response(200, json={})

    def auth(self, config: C) -> Auth | None:  # noqa: ARG002
        """What proves who we are, where that takes requests of its own: a token fetched and renewed. Made once for
        each channel; None where each request carries its credentials itself."""
        return None

    def on_repeat(self, operation: Operation, config: C) -> Repeat:  # noqa: ARG002
        """What comes of sending the same operation twice; by default the same for every one."""
        return self.repeat

    def explain(self, response: httpx.Response) -> str:
        """The platform's reason in an answer that says no, short."""
        return reason(words(response))

    def classify(self, response: httpx.Response) -> Failure | None:
        """What the status means; None for success. A platform overrides it where its own words say more."""
        if response.is_success:
            return None
        return by_status(self.name, response.status_code, self.explain(response))

    def check(self, config: C) -> httpx.Request | None:  # noqa: ARG002
        """A request that tries the credentials and tells nobody; None where the platform offers none."""
        return None

    def look_up(self, field: str, config: C) -> Lookup | None:  # noqa: ARG002
        """What a field of the configuration can be set to, from the account itself; None for fields without a list.

        `config` may lack that very field: it is then an empty text.
        """
        return None

    def listen(self, held: Sequence[Held], config: C, cursor: str) -> Listening | None:  # noqa: ARG002
        """What people did over there to the alerts that are `held`; None where the platform can't be asked. `cursor`
        is what the last asking returned, empty the first time."""
        return None

    def hears(self, config: C) -> bool:
        """Whether the platform can be asked, as it is set up."""
        return self.listen((), config, "") is not None

    def ear(self, config: C) -> str:  # noqa: ARG002
        """Where what is heard comes from, if several channels may share it: those are asked once, with what is held by
        all of them. Empty where each channel is asked for itself. As secret as what is in the configuration."""
        return ""

    def sign_in(self, config: C) -> DeviceSignIn | BrowserSignIn | None:  # noqa: ARG002
        """How a person signs in, as the channel is set up: with a code that he enters anywhere, or in a browser on this
        computer; None where nobody does. `config` may lack what it brings."""
        return None

    def secrets(self, config: C) -> tuple[str, ...]:
        """Everything that must never be shown, the parts of a secret that appear alone included."""
        return secret_values(config)


class SingleRequest(Platform[C]):
    """A platform that is told everything in one request."""

    @abstractmethod
    def build(self, notification: Notification, config: C, receipt: Receipt | None) -> httpx.Request:
        """The request that tells the platform. Raises Refused as `tell` does."""

    @abstractmethod
    def parse(self, response: httpx.Response) -> Receipt:
        """What the answer to a request with a 2xx status says. Raises a Failure where it says no all the same."""

    def tell(self, notification: Notification, config: C, receipt: Receipt | None) -> Conversation:
        answer = yield Step(self.build(notification, config, receipt))
        return self.parse(answer)


def json_request(method: str, url: str, body: Mapping[str, Any]) -> httpx.Request:
    """A request with a JSON body, serialised once, in UTF-8."""
    return httpx.Request(method, _parsed(url), content=to_json(body), headers={"Content-Type": "application/json"})


@lru_cache(maxsize=64)
def _parsed(url: str) -> httpx.URL:
    """A channel calls few addresses, many times; parsing one costs as much as sending it."""
    return httpx.URL(url)


def words(response: httpx.Response) -> str:
    """The answer's body as text. The character set it claims is not used: decoding by "hex" raises anything."""
    return response.content.decode("utf-8", "replace").strip()


def json_answer(response: httpx.Response, name: str) -> dict[str, Any]:
    """The answer's JSON object. Raises Unknown where the answer is something else: who wrote it is not known."""
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Unknown(
            f"{name}: the answer (HTTP {response.status_code}) is not one that {name} gives. Is a proxy in between?"
        )
    return answer


def dedup_key(alert_key: str, limit: int = DEDUP_KEY_BYTES) -> str:
    """The identity under which a platform knows the alert: always the same for the same key, at most `limit` bytes.

    A key that is too long, or holds characters that would not survive the way, is shortened and closed by a hash.
    """
    shown = plain(alert_key)
    if shown == alert_key and len(shown.encode()) <= limit - 3:
        return f"dw:{alert_key}"
    digest = hashlib.sha256(alert_key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    readable = shown.encode()[: limit - 3 - 1 - len(digest)].decode("utf-8", "ignore")
    return f"dw:{readable}:{digest}"
