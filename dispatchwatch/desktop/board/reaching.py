"""How to reach what a row speaks of: people by phone, the visit in the office software, the site on a map."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from dispatchwatch.app.view import BoardRow
from dispatchwatch.domain.visit import Site

DIALLED = re.compile(r"[\d+*#,;]")
MAP = "https://www.openstreetmap.org"


class Person(NamedTuple):
    """Somebody who can be called."""

    name: str
    number: str


def people(row: BoardRow) -> list[Person]:
    """Who can be called about a visit: its technicians first, then the customer."""
    visit = row.visit
    known = [*((one.name, one.phone) for one in visit.technicians), (visit.customer.name, visit.customer.phone)]
    return [Person(name, number) for name, number in known if DIALLED.search(number)]


def number_to_call(row: BoardRow) -> str:
    """The number of a technician; empty where none is known."""
    return next((one.phone for one in row.visit.technicians if DIALLED.search(one.phone)), "")


def phone_link(number: str) -> str:
    return f"tel:{quote(''.join(DIALLED.findall(number)), safe='+*#,;')}"


def source_link(row: BoardRow) -> str:
    """The visit in the software it comes from; empty where that is no address of the web."""
    url = row.visit.url.strip()
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def map_link(site: Site) -> str:
    """Where the site is; empty where neither a position nor an address is known."""
    if site.position is not None:
        latitude, longitude = site.position
        return f"{MAP}/?{urlencode({'mlat': latitude, 'mlon': longitude})}#map=16/{latitude}/{longitude}"
    return f"{MAP}/search?{urlencode({'query': site.address})}" if site.address else ""
