"""“Who can take it?” through its widgets: the ranking, the reasons, choosing, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from dispatchwatch.app.desk_reassigning import Handover
from dispatchwatch.app.view import Suggestions, Weighed
from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.desktop.bridge import BoardPiece
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.phrases import row_note, row_sentence
from dispatchwatch.desktop.reassign.door import ReassignDoor
from dispatchwatch.desktop.reassign.handing_over import HandingOver
from dispatchwatch.desktop.reassign.ranking import Kind, differs
from dispatchwatch.desktop.reassign.who_can import WhoCan
from dispatchwatch.domain.visit import Technician, VisitKey
from tests.desktop import pictures, suggested
from tests.desktop.conftest import Opened
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.keyboard import give_keyboard
from tests.desktop.pictures import NOW, minutes
from tests.desktop.suggested import LEE

Ask = Callable[..., WhoCan]


@pytest.fixture
def engine(room: DeskRoom) -> Iterator[FakeEngine]:
    made = FakeEngine(5)
    made.start()
    room.bridge.meet(made)
    yield made
    made.stop()


@pytest.fixture
def door(room: DeskRoom, qtbot: QtBot) -> Iterator[ReassignDoor]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    made = ReassignDoor(room, window)
    rows = pictures.rows(5)
    room.bridge.board_changed.emit(BoardPiece(rows=rows, removed=(), replaces_all=True, first=True, last=True))
    yield made
    if made.dialog is not None:
        made.dialog.reject()


@pytest.fixture
def ask(room: DeskRoom, door: ReassignDoor, engine: FakeEngine, qtbot: QtBot) -> Ask:
    """Wishes it as the board or the timeline does, and waits for the cards."""

    def wish(found: Suggestions, technician: Technician | None = None) -> WhoCan:
        engine.suggested = found
        room.wishes.reassign.emit(suggested.KEY, technician)
        dialog = door.dialog
        assert isinstance(dialog, WhoCan)
        qtbot.waitUntil(lambda: dialog.model.rowCount() > 0)
        give_keyboard(dialog, qtbot)
        return dialog

    return wish


def shown(dialog: WhoCan) -> list[str]:
    """Every line as a screen reader hears it."""
    model = dialog.model
    return [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def kinds(dialog: WhoCan) -> list[Kind]:
    return [dialog.model.line(row).kind for row in range(dialog.model.rowCount())]


def chosen(dialog: WhoCan) -> str:
    return dialog.current.technician.name if dialog.current else ""


def confirming(door: ReassignDoor) -> HandingOver:
    assert isinstance(door.dialog, HandingOver)
    return door.dialog


def test_the_best_first_and_whoever_cannot_is_folded_with_the_first_reason(ask: Ask) -> None:
    dialog = ask(suggested.three())
    QAbstractItemModelTester(dialog.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    lee, novak, fold = shown(dialog)
    assert lee == (
        "1 of 2. M. Lee: fits, arrives 10:07, in time, +18 min driving, delays nobody."
        " Skills: compressor, dryer:2. Phone +1 312 555 0109."
    )
    assert novak == (
        "2 of 2. A. Novak: 12 min late, arrives 10:40, 12 min later than promised, +31 min driving, "
        "delays Borax Chemicals, Hall 2 by 8 min. Skills: compressor, dryer:2. Phone +1 312 555 0103."
    )
    assert fold == "2 cannot: S. Whitfield-Okonkwo lacks the skill “dryer”, and 1 more"
    assert chosen(dialog) == "M. Lee"
    assert dialog.spares.text().startswith("What it saves: J. Ortiz drives 22 min less")


def test_unfolded_every_one_who_cannot_has_his_reason(ask: Ask, qtbot: QtBot) -> None:
    dialog = ask(suggested.three())
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(dialog.view, key)
    assert shown(dialog)[2:] == [
        "2 cannot",
        "S. Whitfield-Okonkwo cannot: S. Whitfield-Okonkwo lacks the skill “dryer”.",
        "J. Ortiz cannot: It is J. Ortiz’s own visit.",
    ]
    QTest.keyClick(dialog.view, Qt.Key.Key_Return)
    assert kinds(dialog) == [Kind.CAN, Kind.CAN, Kind.FOLD]


def test_where_nobody_can_it_says_what_would_have_to_be_asked_for(ask: Ask) -> None:
    dialog = ask(suggested.nobody())
    assert kinds(dialog) == [Kind.HEADING, Kind.COULD, Kind.COULD, Kind.FOLD]
    heard = shown(dialog)
    assert heard[0] == "Nobody can take it as things are. These could, if something were asked for:"
    assert heard[2].startswith("2 of 2. A. Novak: if asked for, arrives 11:35")
    assert "gives up Prairie Print, which then needs somebody else" in heard[2]
    assert heard[3] == "1 more cannot: S. Whitfield-Okonkwo is away (training)"
    assert chosen(dialog) == "M. Lee"


def test_unknown_coordinates_are_said(ask: Ask, door: ReassignDoor, qtbot: QtBot) -> None:
    dialog = ask(suggested.unknown())
    assert "way not known, not there before 09:50: no coordinates for Acme Foundry" in shown(dialog)[0]
    QTest.keyClick(dialog.view, Qt.Key.Key_1)
    to_customer = confirming(door).prepared[-1].message.text
    assert to_customer == "Good day. M. Lee comes to you instead of J. Ortiz. – Northside"


def test_whoever_it_was_dragged_to_is_chosen_even_if_he_cannot(ask: Ask) -> None:
    dialog = ask(suggested.three(), suggested.OKONKWO)
    assert chosen(dialog) == "S. Whitfield-Okonkwo"
    assert kinds(dialog)[-2:] == [Kind.CANNOT, Kind.CANNOT]


def test_somebody_nobody_spoke_of_is_weighed_too(ask: Ask) -> None:
    dialog = ask(suggested.three(), Technician("T. New", "T-99"))
    assert chosen(dialog) == "T. New"
    assert "T. New cannot: T. New has not been weighed." in shown(dialog)


def test_typing_narrows_by_name_or_skill_and_esc_takes_that_back(ask: Ask, qtbot: QtBot) -> None:
    dialog = ask(suggested.three())
    QTest.keyClicks(dialog.view, "nov")
    assert dialog.search.text() == "nov"
    assert [kinds(dialog), chosen(dialog)] == [[Kind.CAN], "A. Novak"]
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert len(shown(dialog)) == 3
    QTest.keyClicks(dialog.search, "zzz")
    assert dialog.said.text() == phrases.NOBODY_FITS
    assert not dialog.choose.isEnabled()


def test_a_figure_within_a_name_is_typed(ask: Ask) -> None:
    dialog = ask(suggested.many(20))
    QTest.keyClicks(dialog.search, "lee 11")
    assert (chosen(dialog), len(shown(dialog)), dialog.search.text()) == ("M. Lee 11", 1, "lee 11")


def test_a_figure_chooses_and_an_arrow_moves_from_the_search_too(ask: Ask, door: ReassignDoor, qtbot: QtBot) -> None:
    dialog = ask(suggested.three())
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    assert chosen(dialog) == "A. Novak"
    QTest.keyClick(dialog.search, Qt.Key.Key_1)
    assert confirming(door).windowTitle() == "Give J-1042 to M. Lee?"


def test_a_changed_day_is_offered_and_moves_nothing_by_itself(
    ask: Ask, room: DeskRoom, engine: FakeEngine, qtbot: QtBot
) -> None:
    dialog = ask(suggested.three())
    before = shown(dialog)
    first, second = suggested.three().can
    engine.suggested = replace(suggested.three(), can=(second, first))
    room.picture.rows_changed.emit()
    qtbot.waitUntil(dialog.rank_anew.isVisible)
    assert (shown(dialog), dialog.hint.text()) == (before, phrases.DAY_CHANGED)
    QTest.mouseClick(dialog.rank_anew, Qt.MouseButton.LeftButton)
    assert shown(dialog)[0].startswith("1 of 2. A. Novak")
    assert (chosen(dialog), dialog.rank_anew.isVisible()) == ("M. Lee", False)


def test_what_is_known_by_now_is_what_is_confirmed(
    ask: Ask, room: DeskRoom, engine: FakeEngine, door: ReassignDoor, qtbot: QtBot
) -> None:
    dialog = ask(suggested.three())
    cannot = suggested.cannot(suggested.LEE, "M. Lee is away at that time.")
    engine.suggested = replace(suggested.three(), can=suggested.three().can[1:], cannot=(cannot,))
    room.picture.rows_changed.emit()
    qtbot.waitUntil(dialog.rank_anew.isVisible)
    QTest.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    assert phrases.warning(cannot) == "This goes against what is known: M. Lee is away at that time."
    assert phrases.warning(cannot) in texts_of(confirming(door))


def texts_of(dialog: QWidget) -> list[str]:
    return [one.text() for one in dialog.findChildren(QLabel)]


def test_choosing_records_nothing_and_confirming_records_it_with_note_and_costs(
    ask: Ask, room: DeskRoom, engine: FakeEngine, door: ReassignDoor, qtbot: QtBot
) -> None:
    answers: list[object] = []
    room.deeds.answered.connect(answers.append)
    QTest.keyClick(ask(suggested.three()).view, Qt.Key.Key_Return)
    sheet = confirming(door)
    assert "J-1042 from J. Ortiz to M. Lee, decided by Ana Ruiz." in texts_of(sheet)
    assert engine.desk.handovers == []
    QTest.keyClicks(sheet.note, "nearer")
    QTest.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.said.text() == phrases.RECORDED)
    facts = suggested.three().can[0].facts
    assert engine.desk.handovers == [(suggested.KEY, Handover(suggested.LEE, "nearer", facts), "Ana Ruiz")]
    assert len(answers) == 1
    QTest.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    assert door.dialog is None
    assert len(engine.desk.handovers) == 1


def test_a_refusal_stays_where_it_was_asked(ask: Ask, engine: FakeEngine, door: ReassignDoor, qtbot: QtBot) -> None:
    engine.desk.refuses = "J-1042 is locked in the office software; release it there first."
    QTest.keyClick(ask(suggested.three()).view, Qt.Key.Key_Return)
    sheet = confirming(door)
    QTest.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.said.text() == engine.desk.refuses)
    assert (sheet.confirm.isEnabled(), sheet.confirm.text()) == (True, phrases.CONFIRM)


def test_back_leads_to_the_list_with_the_same_card_chosen(ask: Ask, door: ReassignDoor, qtbot: QtBot) -> None:
    QTest.keyClick(ask(suggested.three()).view, Qt.Key.Key_2)
    QTest.mouseClick(confirming(door).back, Qt.MouseButton.LeftButton)
    dialog = door.dialog
    assert isinstance(dialog, WhoCan)
    qtbot.waitUntil(lambda: chosen(dialog) == "A. Novak")


def test_messages_are_prepared_and_leave_only_by_hand(ask: Ask, door: ReassignDoor, qtbot: QtBot) -> None:
    QTest.keyClick(ask(suggested.three()).view, Qt.Key.Key_2)
    sheet = confirming(door)
    assert phrases.NOTHING_SENDS in texts_of(sheet)
    to_new, to_old, to_customer = sheet.prepared
    assert to_new.message.text.startswith(
        "A. Novak, please take over J-1042 at Acme Foundry, Plant 4, 2100 W Pershing Rd, Chicago: Compressor PM 2000 h."
        " The customer was promised 09:16 CST; we expect you there at 10:40 CST."
    )
    assert to_old.message.text == (
        "J. Ortiz, A. Novak takes over J-1042 at Acme Foundry, Plant 4. You need not go there any more."
        " – Ana Ruiz, Northside"
    )
    assert "at about 10:40 CST, 12 min later than promised" in to_customer.message.text
    to_old.text.setPlainText("Stay where you are")
    QTest.mouseClick(to_old.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Stay where you are"


def test_a_number_is_called_or_texted_by_what_the_computer_has_for_it(
    ask: Ask, door: ReassignDoor, qtbot: QtBot
) -> None:
    QTest.keyClick(ask(suggested.three()).view, Qt.Key.Key_1)
    first = confirming(door).prepared[0]
    opened: list[str] = []

    def take(url: QUrl) -> bool:
        opened.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        return True

    first.open_url = take
    first.text.setPlainText("On the way?")
    QTest.mouseClick(first.call, Qt.MouseButton.LeftButton)
    QTest.mouseClick(first.by_text, Qt.MouseButton.LeftButton)
    assert opened == ["tel:+13125550109", "sms:+13125550109?body=On%20the%20way%3F"]
    first.open_url = lambda _url: False
    QTest.mouseClick(first.call, Qt.MouseButton.LeftButton)
    assert first.said.text() == "Nothing on this computer takes this. +1 312 555 0109 is on the clipboard."


def test_an_engine_that_cannot_answer_is_told_where_the_cards_would_stand(
    room: DeskRoom, door: ReassignDoor, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.fails = RuntimeError("the disk is full")
    room.wishes.reassign.emit(suggested.KEY, None)
    dialog = door.dialog
    assert isinstance(dialog, WhoCan)
    qtbot.waitUntil(lambda: "the disk is full" in dialog.said.text())
    assert not dialog.choose.isEnabled()


def test_a_visit_that_has_gone_is_said_and_opens_nothing(room: DeskRoom, door: ReassignDoor) -> None:
    said: list[str] = []
    room.deeds.failed.connect(said.append)
    room.wishes.reassign.emit(VisitKey("today", "J-1"), None)
    assert said == ["J-1 is not on the board any more, so nobody has to take it."]
    assert door.dialog is None


def test_one_visit_at_a_time(ask: Ask, room: DeskRoom, door: ReassignDoor) -> None:
    first = ask(suggested.three())
    room.wishes.reassign.emit(pictures.rows(5)[1].key, None)
    assert not first.isVisible()
    assert door.dialog is not first


def test_a_hundred_technicians_have_nine_keys(ask: Ask) -> None:
    dialog = ask(suggested.many(100))
    numbers = [dialog.model.line(row).number for row in range(12)]
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0]
    assert shown(dialog)[-1].startswith("60 cannot: ")


def test_a_visit_given_away_says_so_until_its_source_speaks() -> None:
    row = pictures.rows(5)[3]
    given = replace(row, visit=replace(row.visit, assigned_by="Ana Ruiz"))
    assert row_note(given, pictures.NOW) == "reassigned at the desk"
    assert row_note(row, pictures.NOW) == ""
    assert "Reassigned at the desk by Ana Ruiz" in row_sentence(given)


FIRST, SECOND = suggested.three().can
LATER = replace(FIRST, arrival=NOW + minutes(33))


@pytest.mark.parametrize(
    ("can", "worth_a_word"),
    [
        pytest.param((LATER, SECOND), False, id="a minute later"),
        pytest.param((replace(FIRST, arrival=NOW + minutes(40)), SECOND), True, id="eight minutes later"),
        pytest.param((replace(SECOND, arrival=FIRST.arrival), FIRST), True, id="another order"),
        pytest.param((replace(FIRST, extra_drive=None), SECOND), True, id="way not known any more"),
        pytest.param((FIRST, replace(SECOND, delays=(("Borax", 30),))), True, id="a longer delay"),
        pytest.param((FIRST,), True, id="one fewer"),
    ],
)
def test_the_clock_alone_is_no_change_of_the_day(can: tuple[Weighed, ...], worth_a_word: bool) -> None:
    assert differs(suggested.three(), replace(suggested.three(), can=can)) is worth_a_word


def test_a_time_in_a_reason_is_no_change_but_another_reason_is() -> None:
    shown_first = replace(suggested.three(), cannot=(suggested.cannot(LEE, "M. Lee would be there at 10:41."),))
    later = replace(shown_first, cannot=(suggested.cannot(LEE, "M. Lee would be there at 10:42."),))
    away = replace(shown_first, cannot=(suggested.cannot(LEE, "M. Lee is away."),))
    assert (differs(shown_first, later), differs(shown_first, away)) == (False, True)


def test_the_window_hears_the_wish(room: DeskRoom, open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, engine = open_window(5)
    engine.suggested = suggested.three()
    room.wishes.reassign.emit(suggested.KEY, suggested.NOVAK)
    dialog = window.dialogs.reassign.dialog
    assert isinstance(dialog, WhoCan)
    qtbot.waitUntil(lambda: chosen(dialog) == "A. Novak")
    assert window.isEnabled()
    dialog.reject()
