from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.platforms.twilio import TwilioConfig

ACCOUNT_SID = "AC00112233445566778899aabbccddeeff"
API_KEY_SID = "SK00112233445566778899aabbccddeeff"
AUTH_TOKEN = "q7Zs81LmPw03KxVt5RyUeHndb5Ys8Df1"


def twilio_config(base_url: str | None = None, **more: Any) -> TwilioConfig:
    return TwilioConfig.model_validate({
        "name": "supervisor-sms", "platform": "twilio", "base_url": base_url,
        "to": "+15558675310", "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "sender": "+15017122661",
        **more,
    })  # fmt: skip
