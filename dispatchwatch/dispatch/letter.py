"""A notification as a letter: subject, plain text and HTML, for the platforms that carry text of any length."""

from __future__ import annotations

from datetime import UTC
from html import escape

from dispatchwatch.dispatch.marking import TEST_NOTICE, marked
from dispatchwatch.dispatch.text import clip, one_line, plain, web_link
from dispatchwatch.domain.notification import Notification

SUBJECT_LENGTH = 200
OPEN_THE_VISIT = "Open the visit"


def subject(notification: Notification, limit: int = SUBJECT_LENGTH) -> str:
    """One line: what kind of message it is and what it is about."""
    return clip(marked(notification, one_line(notification.subject)).strip(), limit)


def text(notification: Notification, limit: int = 10_000) -> str:
    """The headline first, then the facts in order of importance, the link, and who writes. Where it is too long the
    facts are cut at their end; a link that leaves no room for anything else is left out."""
    foot, link = footer(notification), web_link(notification.link)
    parts = [
        marked(notification, plain(notification.headline)),
        "\n".join(f"{one_line(label)}: {plain(value)}" for label, value in notification.facts),
    ]
    ends = f"{OPEN_THE_VISIT}: {link}\n\n{foot}" if link and len(link) < limit // 2 else foot
    body = "\n\n".join(part for part in parts if part)
    return f"{clip(body, limit - len(ends) - 2)}\n\n{ends}"


def html(notification: Notification, limit: int = 100_000) -> str:
    """The same as HTML without anything that a mail program would load. Facts that no longer fit are left out."""
    link, foot = web_link(notification.link), _html(footer(notification))
    ends = f'<p><a href="{escape(link)}">{OPEN_THE_VISIT}</a></p>' if link else ""
    ends = f'{ends}<p style="color:#666">{foot}</p>'
    begins = f"<p><strong>{_html(clip(marked(notification, plain(notification.headline)), limit // 8))}</strong></p>"
    room, rows = limit - len(begins) - len(ends) - len("<table></table>"), list[str]()
    for label, value in notification.facts:
        row = f"<tr><td>{_html(one_line(label))}</td><td>{_html(plain(value))}</td></tr>"
        room -= len(row)
        if room < 0:
            break
        rows.append(row)
    table = f"<table>{''.join(rows)}</table>" if rows else ""
    return begins + table + ends


def _html(words: str) -> str:
    return escape(words).replace("\n", "<br>")


def footer(notification: Notification) -> str:
    """Who writes, and when it was true; of a test, that nobody needs to act."""
    when = f"DispatchWatch, {notification.written_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{TEST_NOTICE} {when}" if notification.is_test else when
