from __future__ import annotations

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dispatchwatch.dispatch.platforms.gmail import GmailConfig

CLIENT_SECRET = "GOCSPX-q7Zs81LmPw03KxVt5RyU"
REFRESH_TOKEN = "1//0eb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
ACCOUNT = "dispatchwatch@acme.iam.gserviceaccount.com"


def gmail_config(base_url: str | None = None, **more: Any) -> GmailConfig:
    return GmailConfig.model_validate({
        "name": "ops-mail", "platform": "gmail", "base_url": base_url,
        "to": "supervisor@acme.example", "mailbox": "dispatch@acme.example", "client_id": "1042.example",
        "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN,
        **more,
    })  # fmt: skip


def service_account_config(base_url: str | None = None) -> GmailConfig:
    return GmailConfig.model_validate({
        "name": "ops-mail", "platform": "gmail", "base_url": base_url,
        "to": "supervisor@acme.example", "mailbox": "dispatch@acme.example", "authentication": "service_account",
        "service_account_key": json.dumps({"client_email": ACCOUNT, "private_key": private_key()}),
    })  # fmt: skip


@cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
