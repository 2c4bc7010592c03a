"""What CalDAV servers are asked (RFC 4791, RFC 4918) and what their answers say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder  # only to hold what the safe parser below gives
from xml.parsers import expat

DAV, CALDAV, SERVER = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
OPENING = '<?xml version="1.0" encoding="utf-8"?>'
SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'

WHAT_IS_THERE = (
    f"{OPENING}<d:propfind {SPACES}><d:prop><d:resourcetype/><d:displayname/><d:current-user-principal/>"
    "<c:calendar-home-set/><c:supported-calendar-component-set/><s:getctag/><d:sync-token/></d:prop></d:propfind>"
).encode()


def events_from(begins: datetime) -> bytes:
    """Asks for every event that is not over by `begins` (UTC), however late: see `calendar_series.expand`."""
    return (
        f"{OPENING}<c:calendar-query {SPACES}><d:prop><d:getetag/><c:calendar-data/></d:prop><c:filter>"
        '<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
        f'<c:time-range start="{begins:%Y%m%dT%H%M%SZ}"/>'
        "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
    ).encode()


class NotXml(ValueError):
    """The answer is no XML, or one with definitions of its own, which none needs and which could flood memory."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of a multistatus answer. `href` is as the server writes it; `principal` and `home` lead on.

    `mark` changes with the content of a calendar, where the server tells (ctag, else sync-token).
    """

    href: str
    name: str = ""
    is_calendar: bool = False
    holds_events: bool = True
    principal: str = ""
    home: str = ""
    mark: str = ""
    data: str | None = field(default=None, repr=False)


class _Status(NamedTuple):
    properties: Element
    ok: bool


def resources(body: bytes) -> list[Resource]:
    """What a multistatus answer tells. Raises NotXml."""
    root = parsed(body)
    if root.tag != f"{DAV}multistatus":
        raise NotXml("not a multistatus")
    return [_resource(response) for response in root.iterfind(f"{DAV}response")]


def parsed(body: bytes) -> Element:
    """The tree of a document without a DTD: entities can't be defined, so none can be expanded."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: builder.start(_tag(name), attributes)
    parser.EndElementHandler = lambda name: builder.end(_tag(name))
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(body, True)
        return builder.close()
    except (expat.ExpatError, LookupError, ValueError, AssertionError):
        raise NotXml("not well-formed") from None


def _refuse(*_: object) -> None:
    raise NotXml("a document type")


def _tag(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _resource(response: Element) -> Resource:
    found = {element.tag: element for one in _statuses(response) if one.ok for element in one.properties}
    kinds = found.get(f"{DAV}resourcetype")
    holds = found.get(f"{CALDAV}supported-calendar-component-set")
    data = found.get(f"{CALDAV}calendar-data")
    return Resource(
        href=_text(response.find(f"{DAV}href")),
        name=_text(found.get(f"{DAV}displayname")),
        is_calendar=kinds is not None and kinds.find(f"{CALDAV}calendar") is not None,
        holds_events=holds is None or any(one.get("name", "").upper() == "VEVENT" for one in holds),
        principal=_href(found.get(f"{DAV}current-user-principal")),
        home=_href(found.get(f"{CALDAV}calendar-home-set")),
        mark=_text(found.get(f"{SERVER}getctag")) or _text(found.get(f"{DAV}sync-token")),
        data=data.text or "" if data is not None else None,
    )


def _statuses(response: Element) -> Iterator[_Status]:
    for one in response.iterfind(f"{DAV}propstat"):
        properties = one.find(f"{DAV}prop")
        if properties is not None:
            yield _Status(properties, " 200" in f" {_text(one.find(f'{DAV}status')) or '200'}")


def _href(element: Element | None) -> str:
    return _text(element.find(f"{DAV}href")) if element is not None else ""


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
