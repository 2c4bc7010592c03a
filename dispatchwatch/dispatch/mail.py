"""What all mail has in common: addresses, and how a follow-up joins the thread of the mail that opened it.

The first mail of a thread names itself; each one that follows names the first, and bears its subject, since mail
programs part what has another. Facts: RFC 5322, 3.6.4 (Message-ID, In-Reply-To, References); RFC 3834, 5 (a mail that
says it was made by a program gets no notices of absence).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.fields import ChannelConfig, text
from dispatchwatch.dispatch.occasion import occasion_key
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.notification import Notification

ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
ADDRESSES = rf"{ADDRESS}(\s*[,;]\s*{ADDRESS})*"


class MailConfig(ChannelConfig):
    to: str = text("To", help="An address, or several with commas in between.", pattern=ADDRESSES)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands around a letter. `details` is what the receipt must keep for the next one to follow it."""

    subject: str
    headers: Mapping[str, str]
    details: Mapping[str, str]


def addresses(listed: str) -> list[str]:
    """Each address once, in its order."""
    return list(dict.fromkeys(re.split(r"\s*[,;]\s*", listed.strip())))


def envelope(notification: Notification, receipt: Receipt | None, sender: str) -> Envelope:
    """The first of a thread, or a reply to it where the receipt tells of one. A test stands alone."""
    own = f"<{occasion_key(notification)}@{sender.rpartition('@')[2]}>"
    headers = {"Message-ID": own, "Auto-Submitted": "auto-generated"}
    first = receipt.details if receipt is not None and not notification.is_test else {}
    if not first.get("message_id"):
        subject = letter.subject(notification)
        return Envelope(subject, headers, {"message_id": own, "subject": subject})
    headers |= {"In-Reply-To": first["message_id"], "References": first["message_id"]}
    return Envelope(f"Re: {first.get('subject', '')}", headers, first)
