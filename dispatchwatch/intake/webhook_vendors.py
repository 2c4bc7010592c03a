"""How vendors sign their webhooks, as far as a source of the vendor's own says so (study 3.2), as data.

Jobber: the Rails template app of GetJobber. Field Nation: developer.fieldnation.com, payload structure. Atlas CMMS:
WebhookDispatchService of Grashjs/cmms; its timestamp is not signed and its form not told, so the id stops copies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Vendor(NamedTuple):
    """`signature` are keys of the configuration's table of that name but the secret; `secret` says what that is."""

    about: str
    secret: str
    signature: Mapping[str, str]


VENDORS: Mapping[str, Vendor] = {
    "jobber": Vendor(
        "Jobber: base64 of HMAC-SHA256 over the body",
        "the client secret of your app at Jobber",
        {"header": "X-Jobber-Hmac-SHA256", "encoding": "base64"},
    ),
    "field_nation": Vendor(
        "Field Nation: “sha256=” and hex, with an id and a time beside it",
        "the secret of the webhook at Field Nation",
        {
            "header": "X-FN-Signature",
            "prefix": "sha256=",
            "timestamp_header": "X-FN-Request-Timestamp",
            "id_header": "X-FN-Delivery-Id",
        },
    ),
    "atlas_cmms": Vendor(
        "Atlas CMMS: hex, with an id beside it",
        "the secret of the webhook at Atlas CMMS",
        {"header": "X-Webhook-Signature", "id_header": "X-Webhook-Id"},
    ),
}
