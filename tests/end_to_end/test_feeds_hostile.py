"""Sources that misbehave, through the real feed of each kind to the board: it keeps the last good schedule and its age.

Each source first gives a good schedule, then does what its name says until the picture counts as stale, then is good
again. No limit here can be reached by a slow computer: where time ends a reading, nothing else could.
"""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from dispatchwatch.intake.web import Limits
from tests.end_to_end.sources import CALENDAR, SECRET, Certificates, Kind, board, caldav, good, ical, json_source
from tests.fakes.office import minutes
from tests.fakes.web_server import Talk, WebServer

MEGABYTE = 1_000_000
GIGABYTE = 1000 * MEGABYTE
PIECE = bytes(65_536)
PATIENT = Limits(total=timedelta(seconds=60), quiet=timedelta(seconds=60), bytes=MEGABYTE)
SILENCE = replace(PATIENT, quiet=timedelta(seconds=0.05))
SHORT = replace(PATIENT, total=timedelta(seconds=0.2))
WEB_KINDS: list[Kind] = [ical, caldav, json_source]
WORDS: dict[Kind, dict[str, str]] = {
    ical: {
        "total": "0.2 seconds",
        "login": "gives a web page, not a calendar, perhaps a page to sign in. Copy the calendar’s own address",
        "empty": "is empty where a calendar is expected. Check whether the export still runs.",
    },
    caldav: {
        "total": "0.2 seconds",
        "login": "does not answer as a CalDAV server does. Check the address: it is not the one a browser shows.",
        "empty": "does not answer as a CalDAV server does.",
    },
    json_source: {
        "total": "1 second",
        "login": "answers with a page for people, perhaps to log in. Check url and auth.",
        "empty": "answers with no JSON. Check url and auth.",
    },
}


@dataclass
class Moods:
    """How a server behaves now."""

    now: Callable[[Talk], None] = good

    def __call__(self, talk: Talk) -> None:
        self.now(talk)


def hangs(talk: Talk) -> None:
    talk.wait()


def hangs_in_the_middle(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nBEGIN")
    talk.wait()


def trickles(talk: Talk) -> None:
    """A byte now and then, for ever; a second apart it would be just as endless."""
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not talk.wait(0.02):
        talk.send(b"B")


def trickles_its_head(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not talk.wait(0.02):
        talk.send(b"B")


BOMB = gzip.compress(bytes(30 * MEGABYTE))


def bomb(talk: Talk) -> None:
    talk.answer(BOMB, Content_Encoding="gzip")


def drops(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nBEGIN:VCAL")


def resets(talk: Talk) -> None:
    talk.reset()


def elsewhere(talk: Talk) -> None:
    talk.answer(status="302 Found", Location="http://localhost:1/elsewhere")


def circle(talk: Talk) -> None:
    talk.answer(status="301 Moved", Location=talk.path)


def login_page(talk: Talk) -> None:
    talk.answer(b"<!DOCTYPE html><html><body>Please sign in</body></html>", Content_Type="text/html")


def claims_gzip(talk: Talk) -> None:
    talk.answer(CALENDAR.encode(), Content_Encoding="gzip")


def packs_otherwise(talk: Talk) -> None:
    talk.answer(b"\x8b\x02", Content_Encoding="br")


def empty(talk: Talk) -> None:
    talk.answer()


def answers(status: str, **headers: str) -> Callable[[Talk], None]:
    return lambda talk: talk.answer(b"no", status, **headers)


HOSTILE: dict[str, tuple[Callable[[Talk], None], Limits, str]] = {
    "hangs": (hangs, SILENCE, "fell silent for 0.05 seconds. It may be overloaded; it is asked again."),
    "hangs in the middle": (hangs_in_the_middle, SILENCE, "fell silent for 0.05 seconds."),
    "trickles": (trickles, SHORT, "was still sending after {total}. It is too slow; ask for less, or later."),
    "trickles its head": (trickles_its_head, SHORT, "was still sending after {total}. It is too slow"),
    "bomb": (bomb, PATIENT, "sends more than 1 MB. Ask for less of it, or raise max_bytes."),
    "drops": (drops, PATIENT, "broke off in the middle"),
    "resets": (resets, PATIENT, "broke off in the middle. It is asked again."),
    "elsewhere": (elsewhere, PATIENT, "leads elsewhere, to http://localhost:1. If that is right, write that address"),
    "circle": (circle, PATIENT, "leads from one address to the next without end. Check the address."),
    "401": (answers("401 Unauthorized"), PATIENT, "does not let us in (401). Check user"),
    "403": (answers("403 Forbidden"), PATIENT, "(403). Ask whoever runs it"),
    "404": (answers("404 Not Found"), PATIENT, "at this address (404)."),
    "429": (answers("429 Slow Down"), PATIENT, "(429)."),
    "429 in seconds": (
        answers("429 Slow Down", Retry_After="120"),
        PATIENT,
        "wants to be left alone until 09:03:00 (429). If this",
    ),
    "429 with a date": (
        answers("429 Slow Down", Retry_After="Tue, 10 Nov 2026 15:30:00 GMT", Date="Tue, 10 Nov 2026 15:01:00 GMT"),
        PATIENT,
        "wants to be left alone until 09:30:00 (429).",
    ),
    "500": (answers("500 Oops"), PATIENT, "has a fault of its own (500)"),
    "503": (answers("503 Later", Retry_After="30"), PATIENT, "wants to be left alone until 09:01:30 (503)."),
    "login page": (login_page, PATIENT, "{login}"),
    "claims gzip": (claims_gzip, PATIENT, "sends something that can’t be unpacked. It is asked again."),
    "packs otherwise": (packs_otherwise, PATIENT, "packs its answer in a way nobody asked for (br). Ask whoever runs"),
    "empty": (empty, PATIENT, "{empty}"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", WEB_KINDS)
def test_the_board_keeps_the_last_good_schedule_and_its_age(tmp_path: Path, kind: Kind, name: str) -> None:
    misbehave, limits, said = HOSTILE[name]
    moods = Moods()
    with WebServer(moods) as server:
        home = board(tmp_path, kind(server.url, limits))
        sentence = home.goes_stale_and_recovers(
            partial(setattr, moods, "now", misbehave), partial(setattr, moods, "now", good)
        )
        home.office.close()
    _is_plain(sentence, server.url)
    assert said.format(**WORDS[kind]) in sentence


def _is_plain(sentence: str, url: str) -> None:
    assert sentence.startswith(url)
    assert sentence.endswith(".")
    assert SECRET not in sentence
    assert not [word for word in ("Error", "Errno", "None", "httpx", "Exception", "0x") if word in sentence]


@pytest.mark.parametrize("kind", WEB_KINDS)
def test_a_server_that_wants_to_be_left_alone_is(tmp_path: Path, kind: Kind) -> None:
    moods = Moods()
    with WebServer(moods) as server:
        home = board(tmp_path, kind(server.url, PATIENT))
        moods.now = answers("429 Slow Down", Retry_After="120")
        first = home.read()
        asked = len(server.heads)
        moods.now = good
        home.office.clock.advance(minutes(1))
        assert home.read() == first
        assert len(server.heads) == asked
        home.office.clock.advance(minutes(2))
        assert home.read() == ""
        home.office.close()


@pytest.mark.parametrize("kind", WEB_KINDS)
def test_a_gigabyte_is_neither_fetched_nor_held(tmp_path: Path, kind: Kind) -> None:
    sent: list[int] = []

    def floods(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % GIGABYTE)
        for _ in range(GIGABYTE // len(PIECE)):
            talk.send(PIECE)
            sent.append(len(PIECE))

    moods = Moods()
    with WebServer(moods) as server:
        home = board(tmp_path, kind(server.url, PATIENT))
        home.read()
        moods.now = floods
        tracemalloc.start()
        sentence = home.read()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        home.office.close()
    assert "sends more than 1 MB. Ask for less of it, or raise max_bytes." in sentence
    assert peak < 5 * MEGABYTE
    # what the connection's own buffers took in beyond what was read
    assert sum(sent) < 50 * MEGABYTE


@pytest.mark.parametrize("broken", [Certificates.of_another_name, Certificates.expired, Certificates.of_nobody])
@pytest.mark.parametrize("kind", WEB_KINDS)
def test_a_source_that_cannot_prove_who_it_is_any_more_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind, broken: Callable[[Certificates], None]
) -> None:
    certificates = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.trusted))
    with WebServer(good, certificates.context) as server:
        home = board(tmp_path, kind(server.url, PATIENT))
        sentence = home.goes_stale_and_recovers(partial(broken, certificates), certificates.good)
        home.office.close()
    _is_plain(sentence, server.url)
    assert (
        "can’t prove who it is: its certificate is not valid for it. Nothing was sent. Ask whoever runs it" in sentence
    )


@pytest.mark.parametrize("kind", WEB_KINDS)
def test_a_source_that_leads_from_https_to_http_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    certificates = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.trusted))
    moods = Moods()
    with WebServer(good) as bare, WebServer(moods, certificates.context) as server:

        def unprotected(talk: Talk) -> None:
            talk.answer(status="302 Found", Location=f"{bare.url}{talk.path}")

        home = board(tmp_path, kind(server.url, PATIENT))
        sentence = home.goes_stale_and_recovers(
            partial(setattr, moods, "now", unprotected), partial(setattr, moods, "now", good)
        )
        home.office.close()
        assert bare.heads == []
    assert f"leads elsewhere, to {bare.url}. If that is right, write that address into the configuration." in sentence
