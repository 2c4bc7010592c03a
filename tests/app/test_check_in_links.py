"""A technician's link: what it shows and enters, how long it lives, and the page behind it on a real listener."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from dispatchwatch.app.check_in_links import (
    Action,
    Answer,
    CheckIns,
    Entering,
    Issued,
    State,
    Step,
    closes,
    opens,
)
from dispatchwatch.app.check_in_page import PER_TOKEN, CheckInPage, page
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.inbound_config import ListenerConfig
from dispatchwatch.app.listening import Listener, on_loop
from dispatchwatch.domain.check_in import CheckInLink
from dispatchwatch.domain.visit import Customer, Site, Status, Visit, VisitKey
from tests.fakes.clock import ManualClock
from tests.fakes.office import FEED, Office, at, key, minutes, visit

BASE = "http://192.168.1.10:8460"


class MemoryLinks:
    """Where a test keeps its links."""

    def __init__(self) -> None:
        self.kept: dict[str, CheckInLink] = {}

    def save(self, link: CheckInLink) -> None:
        self.kept[link.digest] = link

    def find(self, digest: str) -> CheckInLink | None:
        return self.kept.get(digest)


class Phone:
    """A technician with a link to J-1042 of 09:50, and the office behind it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.links = MemoryLinks()
        self.check_ins = CheckIns(self.links, self._find)
        self.token = self.issue().url.rpartition("/")[2]

    def issue(self, ext_id: str = "J-1042") -> Issued:
        issued = self.check_ins.issue(key(ext_id), BASE, self.office.now)
        assert issued is not None
        return issued

    def does(self, action: Action = Action.LOOK, minutes: int = 0, token: str | None = None) -> Answer:
        return self.check_ins.answer(Step(token or self.token, action, minutes), self.office.desk, self.office.now)

    def _find(self, wanted: VisitKey) -> Visit | None:
        watched = self.office.store.schedules.get(wanted)
        return watched.visit if watched else None


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, at("08:00")) as office:
        office.read(visit(), visit("J-1050", start=at("15:00")))
        yield office


@pytest.fixture
def phone(office: Office) -> Phone:
    return Phone(office)


def test_a_link_shows_the_customer_the_place_and_the_time(phone: Phone) -> None:
    assert phone.does() == Answer(
        state=State.OPEN,
        said="You are not checked in yet.",
        customer="Acme Foundry",
        site="Plant 4",
        when="Tue 10 Nov 09:50 CST",
    )


def test_looking_enters_nothing(phone: Phone, office: Office) -> None:
    before = office.contents()
    phone.does()
    assert office.contents() == before


def test_an_arrival_is_entered_by_the_technician(phone: Phone, office: Office) -> None:
    office.clock.advance_to(at("09:47"))
    answer = phone.does(Action.ARRIVED)
    assert (answer.state, answer.said, answer.changed) == (
        State.ARRIVED,
        "Recorded. You are checked in since 09:47 CST.",
        True,
    )
    office.catch_up()
    assert office.watched().visit.arrived_at == at("09:47")
    entry = office.entries("check_in")[-1]
    assert (entry["who"], entry["origin"]) == ("J. Ortiz", "check-in link")


def test_an_arrival_ends_the_alert(phone: Phone, office: Office) -> None:
    office.run_until(at("10:10"))
    assert len(office.open_alerts()) == 1
    phone.does(Action.ARRIVED)
    assert office.open_alerts() == []


def test_arriving_twice_is_arriving_once(phone: Phone, office: Office) -> None:
    phone.does(Action.ARRIVED)
    before = office.contents()
    office.clock.advance(minutes(5))
    answer = phone.does(Action.ARRIVED)
    assert (answer.said, answer.changed) == ("You are checked in since 08:00 CST.", False)
    assert office.contents() == before


def test_being_on_the_way_is_entered_once(phone: Phone, office: Office) -> None:
    answer = phone.does(Action.ON_MY_WAY, 30)
    assert (answer.state, answer.said) == (
        State.OPEN,
        "Recorded. The office expects you in 30 min, at 08:30 CST.",
    )
    before = office.contents()
    office.clock.advance(minutes(2))
    assert not phone.does(Action.ON_MY_WAY, 30).changed
    assert office.contents() == before
    assert phone.does(Action.ON_MY_WAY, 60).changed
    assert phone.does(Action.ARRIVED).state is State.ARRIVED


def test_a_cancelled_visit_takes_no_arrival(phone: Phone, office: Office) -> None:
    office.read(visit(status=Status.CANCELLED), visit("J-1050", start=at("15:00")))
    answer = phone.does(Action.ARRIVED)
    assert (answer.state, answer.said, answer.changed) == (
        State.CANCELLED,
        "This visit is cancelled. Call the office.",
        False,
    )


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-09 23:59", State.EARLY),
        ("2026-11-10 00:00", State.OPEN),
        ("2026-11-10 15:50", State.OPEN),
        ("2026-11-10 15:51", State.OVER),
        ("2026-11-11 09:50", State.OVER),
    ],
)
def test_a_link_lives_from_the_morning_until_four_hours_after_the_end(
    phone: Phone, office: Office, now: str, state: State
) -> None:
    office.clock.set_wall(at(now))
    answer = phone.does(Action.LOOK)
    assert answer.state is state
    assert bool(answer.customer) == (state is State.OPEN)
    if state is not State.OPEN:
        assert not phone.does(Action.ARRIVED).changed


def test_a_link_follows_its_visit_within_the_day_and_not_to_another(phone: Phone, office: Office) -> None:
    office.read(visit(start=at("16:00")), visit("J-1050", start=at("15:00")))
    office.clock.advance_to(at("21:00"))
    assert phone.does().when == "Tue 10 Nov 16:00 CST"
    office.read(visit(start=at("2026-11-11 09:00")), visit("J-1050", start=at("15:00")))
    answer = phone.does(Action.ARRIVED)
    assert (answer.state, answer.customer, answer.changed) == (State.MOVED, "", False)


def test_a_link_is_for_one_visit(phone: Phone) -> None:
    other = phone.issue("J-1050").url.rpartition("/")[2]
    assert phone.does(token=other).when == "Tue 10 Nov 15:00 CST"
    assert phone.does(Action.ARRIVED, token=other).changed
    assert phone.does().state is State.OPEN


@pytest.mark.parametrize("token", ["", "x", "\udcff", "a" * 32])
def test_another_token_opens_nothing(phone: Phone, token: str) -> None:
    assert phone.check_ins.answer(Step(token), phone.office.desk, phone.office.now).state is State.UNKNOWN


def test_what_is_kept_opens_nothing(phone: Phone) -> None:
    (link,) = phone.links.kept.values()
    assert phone.token not in repr(link)
    assert link.digest == sha256(phone.token.encode()).hexdigest()
    assert phone.does(token=link.digest).state is State.UNKNOWN
    assert phone.token not in repr(Step(phone.token)) + repr(phone.issue())


def test_tokens_are_long_and_never_the_same(phone: Phone) -> None:
    tokens = {phone.issue().url.rpartition("/")[2] for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[\w-]{32}", token) for token in tokens)


def test_there_is_no_link_for_what_is_over_or_unknown(phone: Phone, office: Office) -> None:
    assert phone.check_ins.issue(VisitKey(FEED, "J-9"), BASE, office.now) is None
    assert phone.check_ins.issue(key(), BASE, at("2026-11-10 15:51")) is None
    assert phone.issue().said == "Valid from Tue 10 Nov 00:00 CST to Tue 10 Nov 15:50 CST."


def test_work_soon_after_midnight_can_begin_the_evening_before() -> None:
    night = visit(start=at("2026-11-11 00:30"))
    assert opens(night) == at("2026-11-10 20:30")


def test_a_visit_without_a_time_has_its_whole_day() -> None:
    day = visit(anytime=True, sched_start=at("00:00"), sched_end=None)
    assert (opens(day), closes(day)) == (at("2026-11-09 20:00"), at("2026-11-11 04:00"))


def test_the_day_is_the_sites() -> None:
    denver = visit(start=at("2026-11-11 00:30"), site=Site("Mile High", "America/Denver"))
    assert opens(denver) == at("2026-11-10 01:00")


def test_the_picture_holds_the_link(phone: Phone) -> None:
    first, second = phone.issue(), phone.issue()
    assert ElementTree.fromstring(first.qr).tag.endswith("svg")  # noqa: S314 - our own picture
    assert first.qr == Issued(first.url, "").qr != second.qr


def test_the_page_escapes_what_comes_from_elsewhere() -> None:
    nasty = Answer(state=State.OPEN, said="<b>", customer="<script>alert(1)</script>", site='"&', when="'")
    html = page(nasty, '"><script>')
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert html.count("<form") == html.count("</form>") == 2


# The page behind the link, on a real listener


class Room:
    """The engine's loop in a thread of its own, which owns the office's store."""

    def __init__(self) -> None:
        self.clock = ManualClock(at("08:00"))
        self.loop = asyncio.new_event_loop()
        self.visit = visit(customer=Customer("Ramírez & <Söhne>"))
        self.entered: list[tuple[str, Any]] = []
        self.links = MemoryLinks()
        self.check_ins = CheckIns(self.links, lambda wanted: self.visit if wanted == key() else None)
        self._thread = threading.Thread(target=self.loop.run_forever, name="engine of the test")
        self._thread.start()
        self.listener = Listener(
            ListenerConfig(port=0), CheckInPage(on_loop(self.loop, self.answer), self.clock).routes()
        )
        self.listener.start()
        self.token = self.issued()

    def issued(self) -> str:
        issued = self.check_ins.issue(key(), BASE, self.clock.now())
        assert issued is not None
        return issued.url.rpartition("/")[2]

    async def answer(self, step: Step) -> Answer:
        desk: Entering = _Desk(self)
        return self.check_ins.answer(step, desk, self.clock.now())

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.listener.url}{path}", trust_env=False)

    def post(self, path: str = "/c", **form: str) -> httpx.Response:
        return httpx.post(f"{self.listener.url}{path}", data=form, trust_env=False)

    def close(self) -> None:
        self.listener.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class _Desk:
    def __init__(self, room: Room) -> None:
        self._room = room

    def check_in(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:  # noqa: ARG002
        self._room.entered.append(("check_in", at))
        self._room.visit = visit(customer=self._room.visit.customer, status=Status.ARRIVED, arrived_at=at)
        return Result("", done=True, text="")

    def eta(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:  # noqa: ARG002
        self._room.entered.append(("eta", at))
        self._room.visit = visit(customer=self._room.visit.customer, status=Status.EN_ROUTE, eta=at)
        return Result("", done=True, text="")


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    try:
        yield room
    finally:
        room.close()


def test_the_page_shows_and_the_button_enters(room: Room) -> None:
    shown = room.get(f"/c/{room.token}")
    assert shown.status_code == 200
    assert "Ramírez &amp; &lt;Söhne&gt;" in shown.text
    assert "I have arrived" in shown.text
    assert "J. Ortiz" not in shown.text
    assert room.entered == []
    token = re.search(r'name="token" value="([\w-]+)"', shown.text)
    assert token is not None
    done = room.post(token=token[1], action="arrived")
    assert "Recorded. You are checked in since 08:00 CST." in done.text
    assert "<form" not in done.text
    again = room.post(token=token[1], action="arrived")
    assert "You are checked in since 08:00 CST." in again.text
    assert room.entered == [("check_in", at("08:00"))]


def test_being_on_the_way_can_be_said(room: Room) -> None:
    answer = room.post(token=room.token, action="on_my_way", minutes="45")
    assert "Recorded. The office expects you in 45 min, at 08:45 CST." in answer.text
    assert room.entered == [("eta", at("08:45"))]


def test_the_page_runs_no_script_and_leaves_nothing_behind(room: Room) -> None:
    answer = room.get(f"/c/{room.token}")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"action": "arrived"},
        {"token": "T"},
        {"token": "T", "action": "cancel"},
        {"token": "T", "action": "on_my_way", "minutes": "1"},
        {"token": "T", "action": "on_my_way", "minutes": "x"},
    ],
)
def test_a_form_that_is_not_ours_enters_nothing(room: Room, form: dict[str, str]) -> None:
    sent = {name: room.token if text == "T" else text for name, text in form.items()}
    assert room.post(**sent).status_code == 400
    assert room.entered == []


def test_the_token_has_to_be_in_the_form(room: Room) -> None:
    assert room.post(f"/c/{room.token}", action="arrived").status_code == 405
    assert room.post(token="x" * 32, action="arrived").status_code == 404
    assert room.entered == []


def test_a_wrong_link_says_so_and_no_more(room: Room) -> None:
    answer = room.get("/c/" + "x" * 32)
    assert answer.status_code == 404
    assert "This link is not known" in answer.text
    assert "Acme" not in answer.text
    assert room.get("/c/" + "x" * 65).status_code == 404
    assert room.post(token=room.token, action="arrived", more="x" * 2000).status_code == 413


def test_a_link_can_be_used_so_often(room: Room) -> None:
    statuses = [room.get(f"/c/{room.token}").status_code for _ in range(PER_TOKEN + 1)]
    assert statuses == [200] * PER_TOKEN + [429]
    assert room.get(f"/c/{room.issued()}").status_code == 200
    room.clock.advance(timedelta(seconds=4))
    assert room.get(f"/c/{room.token}").status_code == 200


def test_an_address_can_ask_so_often(room: Room) -> None:
    statuses = [room.get(f"/c/{n:032}").status_code for n in range(61)]
    assert statuses == [404] * 60 + [429]
