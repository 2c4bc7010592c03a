"""Taking secrets out of what people and logs get to see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import httpx

HIDDEN = "***"


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret replaced by ***, also where it is percent-encoded or escaped as in JSON."""
    pattern = _pattern(secrets)
    return pattern.sub(HIDDEN, text) if pattern else text


def preview(request: httpx.Request, secrets: Iterable[str]) -> dict[str, Any]:
    """What would go out, for people: `method`, `url`, `headers` and `body` (JSON as such, otherwise text)."""
    pattern = _pattern(secrets)
    shown = {
        "method": request.method,
        "url": str(request.url),
        "headers": dict(request.headers.items()),
        "body": _body(request.content),
    }
    return {key: _redacted(value, pattern) if pattern else value for key, value in shown.items()}


def _body(content: bytes) -> Any:
    text = content.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _redacted(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, dict):
        return {_redacted(key, pattern): _redacted(item, pattern) for key, item in value.items()}
    if isinstance(value, list):
        return [_redacted(item, pattern) for item in value]
    shown = pattern.sub(HIDDEN, str(value))
    return value if shown == str(value) else shown


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all secrets. The longest comes first, so that no part of it is left standing."""
    longest_first = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    alternatives = ["".join(map(_spellings, secret)) for secret in longest_first]
    return re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None


def _spellings(character: str) -> str:
    """A pattern for every way in which the character may be written; letters and digits are always themselves."""
    if character.isascii() and character.isalnum():
        return character
    percent = quote(character, safe="", errors="surrogatepass")
    always_percent = "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
    in_json = {json.dumps(character)[1:-1], json.dumps(character, ensure_ascii=False)[1:-1], f"\\u{ord(character):04x}"}
    forms = {character, percent, always_percent, f"\\{character}", *in_json, *({"+"} if character == " " else ())}
    return f"(?:{'|'.join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))})"
