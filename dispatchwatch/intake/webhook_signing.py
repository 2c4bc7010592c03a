"""Whether a webhook’s request comes from who holds the secret, and is fresh. Pure: bytes and instants in, verdict out.

Shapes that vendors use (study 3.2): Jobber base64 of HMAC-SHA256 over the body; Field Nation `sha256=` and hex, with a
timestamp in milliseconds that is not signed; Atlas CMMS plain hex, timestamp and id beside it and neither signed;
others sign "{timestamp}.{body}" or "{id}.{timestamp}.{body}".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, model_validator

from dispatchwatch.intake.fields import Duration
from dispatchwatch.intake.secret import Secret

PLACEHOLDER = re.compile(r"\{([a-z]*)\}")
MILLISECONDS_FROM = 100_000_000_000
"""A number of seconds this large is a date after the year 5000, so it counts milliseconds."""
NUMBER = re.compile(r"\d{1,15}(\.\d{1,9})?", re.ASCII)
HEADER = re.compile(r"[A-Za-z0-9-]{1,100}", re.ASCII)
SHORTEST_SECRET = 8
WIDEST_TOLERANCE = timedelta(hours=1)


class Rejected(Exception):
    """A request that is not taken. The text is for the office's own eyes; whoever sent it is told nothing."""


def _header(name: str) -> str:
    if not HEADER.fullmatch(name):
        raise ValueError(f"'{name}' is not the name of a header; they look like X-Webhook-Signature")
    return name


def _template(text: str) -> str:
    unknown = sorted(set(PLACEHOLDER.findall(text)) - {"body", "timestamp", "id"})
    if unknown:
        raise ValueError(f"{{{unknown[0]}}} can’t be filled in; there are {{body}}, {{timestamp}} and {{id}}")
    if text.count("{body}") != 1:
        raise ValueError("it has to hold {body} once: what is not signed can be changed by anybody")
    return text


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().strip()) < SHORTEST_SECRET:
        raise ValueError(f"a secret has at least {SHORTEST_SECRET} characters; a shorter one can be guessed")
    return secret


def _narrow(tolerance: timedelta) -> timedelta:
    if not timedelta() < tolerance <= WIDEST_TOLERANCE:
        raise ValueError("it is not between 1s and 1h; what is older may be a copy somebody kept")
    return tolerance


HeaderName = Annotated[str, AfterValidator(_header)]


class Signature(BaseModel):
    """`signature = { … }` of a webhook: how its requests prove where they come from.

    `signed` is the text the sender signs, made of {body}, {timestamp} and {id}, the latter two as they stand in
    their headers. A request whose `timestamp_header` is off by more than `tolerance` is not taken; the header holds
    seconds or milliseconds since 1970, or an ISO 8601 instant. `sha1` is for old vendors that know nothing better.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: HeaderName
    secret: Annotated[Secret, AfterValidator(_long_enough)]
    algorithm: Literal["sha256", "sha1"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    signed: Annotated[str, AfterValidator(_template)] = "{body}"
    timestamp_header: HeaderName | None = None
    tolerance: Annotated[Duration, AfterValidator(_narrow)] = timedelta(minutes=5)
    id_header: HeaderName | None = None

    @model_validator(mode="after")
    def _signs_what_is_sent(self) -> Self:
        for name, header in (("timestamp", self.timestamp_header), ("id", self.id_header)):
            if f"{{{name}}}" in self.signed and header is None:
                raise ValueError(f"{{{name}}} is signed, so {name}_header has to say where it stands")
        return self

    def check(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Returns the sender's id of the event, "" where it has none. `headers` have names in lower case.

        Raises Rejected. The signature is looked at first: what is said of a request without one tells nothing.
        """
        given = headers.get(self.header.lower(), "").strip()
        if not given:
            raise Rejected(f"it has no header {self.header}")
        expected = self.prefix + self._sign(self.text(headers, body))
        if not hmac.compare_digest(self._comparable(given), self._comparable(expected)):
            raise Rejected("its signature is not ours; compare secret, algorithm, encoding, prefix and signed text")
        self._check_fresh(headers, now)
        return self._id(headers)

    def text(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """The text that is signed, byte for byte."""
        words = {"timestamp": self._word(headers, self.timestamp_header), "id": self._word(headers, self.id_header)}
        words["body"] = body
        parts = PLACEHOLDER.split(self.signed)
        return b"".join(words[part] if place % 2 else part.encode() for place, part in enumerate(parts))

    def _word(self, headers: Mapping[str, str], name: str | None) -> bytes:
        return headers.get(name.lower(), "").strip().encode() if name else b""

    def _sign(self, text: bytes) -> str:
        key = self.secret.get_secret_value().encode()
        code = hmac.new(key, text, getattr(hashlib, self.algorithm)).digest()
        return code.hex() if self.encoding == "hex" else b64encode(code).decode()

    def _comparable(self, text: str) -> bytes:
        """Hex means the same in capitals; base64 does not."""
        return (text.lower() if self.encoding == "hex" else text).encode()

    def _check_fresh(self, headers: Mapping[str, str], now: datetime) -> None:
        if self.timestamp_header is None:
            return
        stamp = instant_told(headers.get(self.timestamp_header.lower(), "").strip())
        if stamp is None:
            raise Rejected(f"its {self.timestamp_header} tells no time that can be read")
        if abs(now - stamp) > self.tolerance:
            word = "old" if stamp < now else "far in the future"
            raise Rejected(f"it is too {word} ({stamp:%Y-%m-%d %H:%M:%S} UTC); if that goes on, look at the clocks")

    def _id(self, headers: Mapping[str, str]) -> str:
        if self.id_header is None:
            return ""
        told = headers.get(self.id_header.lower(), "").strip()
        if not told or len(told) > 200:
            raise Rejected(f"it has no {self.id_header} to be known by")
        return told


def instant_told(text: str) -> datetime | None:
    """The instant of a timestamp header: seconds or milliseconds since 1970, or ISO 8601 with its offset."""
    try:
        if NUMBER.fullmatch(text):
            number = float(text)
            return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS_FROM else number, UTC)
        stamp = datetime.fromisoformat(text)
        return stamp.astimezone(UTC) if stamp.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None
