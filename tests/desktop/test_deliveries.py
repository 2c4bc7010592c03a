# mypy: disable-error-code="no-untyped-call"
"""The page of what was sent: channels that can be paused and checked, and each message with its request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from dispatchwatch.app.view import DeliveryLine
from dispatchwatch.desktop import delivery_phrases, phrases, texts
from dispatchwatch.desktop.deliveries.page import SentPage
from dispatchwatch.desktop.deliveries.pane import Code
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.domain.alert import Operation
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.pictures import NOW, minutes

Open = Callable[[int], Opened]


def lines() -> tuple[DeliveryLine, ...]:
    return pictures.deliveries(pictures.alerts(pictures.rows(40)))


@pytest.fixture
def page(room: DeskRoom, qtbot: QtBot) -> SentPage:
    made = SentPage(room)
    qtbot.addWidget(made)
    made.resize(1300, 700)
    made.show()
    made.show_lanes(pictures.lanes())
    made.take(lines())
    return made


def shown(page: SentPage) -> list[DeliveryLine]:
    return [page.model.line_at(row) for row in range(page.model.rowCount())]


def said(page: SentPage) -> str:
    return "\n".join(one.text() for one in page.pane.findChildren(QLabel) if one.isVisibleTo(page.pane))


@pytest.mark.parametrize("state", ["failed", "waiting", "sent"])
def test_what_is_shown_can_be_narrowed_to_a_state(page: SentPage, qtbot: QtBot, state: str) -> None:
    qtbot.mouseClick(page.filters.states[state], Qt.MouseButton.LeftButton)
    assert {line.state for line in shown(page)} == {state}
    qtbot.mouseClick(page.filters.states["all"], Qt.MouseButton.LeftButton)
    assert len(shown(page)) == len(lines())


def test_and_to_a_channel_and_a_time(page: SentPage) -> None:
    tester = QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.filters.channel.setCurrentText("pager")
    assert {line.channel for line in shown(page)} == {"pager"}
    page.filters.period.setCurrentText("Last 15 minutes")
    assert [line.created_at >= NOW - minutes(15) for line in shown(page)] == [True]
    page.filters.channel.setCurrentText(delivery_phrases.EVERY_CHANNEL)
    assert len(shown(page)) == 2
    assert tester is not None


def test_a_channel_that_is_gone_is_no_longer_what_is_looked_for(page: SentPage) -> None:
    page.filters.channel.setCurrentText("pager")
    page.show_lanes(pictures.lanes()[:1])
    assert page.filters.channel.currentText() == delivery_phrases.EVERY_CHANNEL
    assert len(shown(page)) == len(lines())


def test_a_card_says_how_long_the_oldest_has_waited(page: SentPage) -> None:
    assert page._cards["pager"]._state.text() == (
        "Waiting · 2 waiting, the oldest for 4 min · next try in 42 s · last arrived 31 min ago"
    )


def test_a_channel_is_paused_and_resumed_by_a_person(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    window.go(texts.SENT)
    card = window.sent._cards["ops-slack"]
    assert not card._resume.isVisible()
    qtbot.mouseClick(card._pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(card._resume.isVisible)
    assert not card._pause.isVisible()
    assert card._problem.text() == "Ana Ruiz paused it."
    qtbot.mouseClick(card._resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(card._pause.isVisible)
    assert engine.lanes[0].paused == ""


@pytest.mark.parametrize(
    ("channel", "answer"),
    [("ops-slack", "✓ It accepts its credentials."), ("customer-mail", "✕ SendGrid refused the API key (401).")],
)
def test_the_connection_is_checked_without_telling_anybody(
    open_window: Open, qtbot: QtBot, channel: str, answer: str
) -> None:
    window, _ = open_window(5)
    window.go(texts.SENT)
    card = window.sent._cards[channel]
    qtbot.mouseClick(card._try, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card._result.text() == answer)
    assert card._try.isEnabled()
    assert card._test.isEnabled()


def test_one_message_is_opened_with_its_request_and_every_attempt(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.resize(1440, 900)
    window.go(texts.SENT)
    page = window.sent
    failed = next(line for line in shown(page) if line.state == "failed")
    page.table.go_to(failed.id)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.pane.findChildren(Code)))
    text = said(page)
    assert failed.headline in text
    assert "Attempt 1 failed: no answer within 10 s." in text
    assert "Attempt 2 failed: PagerDuty refused it: routing key is not valid (400)." in text
    code = page.pane.findChildren(Code)[0].toPlainText()
    assert code.startswith("POST https://hooks.slack.com/services/***\ncontent-type: application/json\n")
    assert "authorization: Bearer ***" in code
    copies = next(one for one in page.pane.findChildren(QAbstractButton) if one.text() == texts.COPY)
    qtbot.mouseClick(copies, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == code
    qtbot.mouseClick(page.pane.resend, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.pane._word.text() == "Waiting")
    assert not page.pane.resend.isVisible()


def test_the_pane_follows_the_keyboard_and_goes_with_escape(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.resize(1440, 900)
    window.go(texts.SENT)
    page = window.sent
    page.table.go_to(page.model.key_at(0))
    assert not page.pane.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.pane.number == page.model.key_at(1)
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.pane.isVisible()


def test_in_a_narrow_window_the_pane_stands_alone(page: SentPage) -> None:
    page.resize(1300, 700)
    page.table.opened.emit(page.model.key_at(0))
    assert page._list.isVisible()
    page.resize(900, 700)
    assert not page._list.isVisible()
    page.pane.close_pane()
    assert page._list.isVisible()


def test_what_was_selected_and_failed_is_sent_again_together(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(200)
    window.resize(1440, 900)
    window.go(texts.SENT)
    page = window.sent
    assert not page.filters.resend.isEnabled()
    page.table.selectAll()
    failed = {line.id for line in shown(page) if line.state == "failed"}
    assert len(failed) > 1
    qtbot.mouseClick(page.filters.resend, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: {engine.deliveries[number].state for number in failed} == {"waiting"})


def test_a_message_of_a_storm_says_of_how_many_it_speaks() -> None:
    one = lines()[0]
    assert delivery_phrases.alerts_in(one) == ""
    assert delivery_phrases.alerts_in(replace(one, alerts=tuple(range(1, 61)))) == "60 alerts"


def test_steps_tell_how_it_ended() -> None:
    one = replace(lines()[0], state="sent", settled_at=NOW, platform="Slack")
    steps = delivery_phrases.happened(one, [(NOW - timedelta(seconds=9), "no answer")], pictures.OFFICE)
    assert [text for _, text in steps] == [
        "Owed to ops-slack",
        "Attempt 1 failed: no answer.",
        "Taken by Slack at attempt 2",
    ]
    assert steps[-1][0] == "09:35:20"
    dropped = replace(one, state="dropped", error="Somebody acknowledged the alert first.")
    ended = delivery_phrases.happened(dropped, (), pictures.OFFICE)[-1]
    assert ended[1] == "Not needed any more. Somebody acknowledged the alert first."


def test_yesterdays_messages_are_dated() -> None:
    assert delivery_phrases.when(NOW - timedelta(days=1), NOW, pictures.OFFICE) == "Mon 23 09:35"
    assert delivery_phrases.when(NOW, NOW, pictures.OFFICE) == "09:35"
    assert phrases.delivery_sentence(replace(lines()[0], operation=Operation.RESOLVE), pictures.OFFICE)
