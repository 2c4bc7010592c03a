# mypy: disable-error-code="no-untyped-call"
"""The settings in the window: every key has a field, what is edited is saved, and what is wrong is said where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.settings.fields import FEED_KINDS, LISTS, MODELS, fields_of
from dispatchwatch.desktop import preview_phrases
from dispatchwatch.desktop import settings_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.form_field import FormField
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.settings.entry_list import EntryRows, Line
from dispatchwatch.desktop.settings.list_part import ListPart
from dispatchwatch.desktop.settings.page import SettingsPage
from dispatchwatch.desktop.settings.route_preview import RoutePreview
from dispatchwatch.desktop.settings.trial_part import TrialPart
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.store.store import open_store
from tests.desktop import pictures
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.settings_office import ENVIRONMENT, OFFICE
from tests.fakes.keyring_box import KeyringBox

Open = Callable[..., SettingsPage]


@pytest.fixture
def files(files: OfficeFiles, keyring: KeyringBox) -> OfficeFiles:
    secrets = SecretSource(ENVIRONMENT, files.config.parent, lambda: keyring)
    return OfficeFiles(files.config, secrets, files.database)


@pytest.fixture
def opened(room: DeskRoom, files: OfficeFiles, qtbot: QtBot) -> Iterator[Open]:
    shown: list[SettingsPage] = []

    def make(text: str = OFFICE, *, waits: bool = True) -> SettingsPage:
        files.config.write_text(text, encoding="utf-8")
        page = SettingsPage(room)
        shown.append(page)
        page.resize(1100, 760)
        page.show()
        page.activateWindow()
        if waits:
            qtbot.waitUntil(lambda: page.editing.state.edition > 0)
        return page

    yield make
    for page in shown:
        delete(page)


@pytest.fixture
def engine(room: DeskRoom) -> Iterator[FakeEngine]:
    made = FakeEngine(0)
    made.start()
    room.bridge.meet(made)
    yield made
    made.stop()


def fields_of_page(page: SettingsPage) -> list[FormField]:
    """Those of the section or the entry that is open."""
    shown = page.section.currentWidget()
    assert shown is not None
    return shown.findChildren(FormField)


def field(page: SettingsPage, *steps: str | int) -> FormField:
    """Led to, as a search would lead there."""
    page.lead_to(steps)
    found = [one for one in fields_of_page(page) if one.described.key == steps[-1]]
    assert found, steps
    return found[0]


def type_into(page: SettingsPage, text: str, *steps: str | int) -> FormField:
    found = field(page, *steps)
    edit = found.editor.parts[0]
    QApplication.processEvents()
    edit.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(edit, text)
    return found


def listed(page: SettingsPage, title: str, number: int = 0) -> ListPart:
    page.show_part(title)
    return [part for part in page.section.parts if isinstance(part, ListPart)][number]


def keys_of(section: str, which: str = "") -> list[str]:
    return [one.key for one in fields_of(section, which) if one.key not in ("platform", "override")]


def test_every_key_of_every_table_has_a_field(opened: Open) -> None:
    page = opened()
    for section in sorted(MODELS.keys() - {"profile", "route", "technician", "quiet"}):
        page.lead_to((section,))
        found = {one.described.key for one in fields_of_page(page)}
        assert found >= set(keys_of(section)), section


def test_every_key_of_every_entry_has_a_field(opened: Open) -> None:
    page = opened()
    for steps in (("route", 0), ("technician", 0), ("quiet", 0), ("profile", "northside"), ("policy", "override", 0)):
        page.lead_to(steps)
        found = {one.described.key for one in fields_of_page(page)}
        assert found >= set(keys_of(str(steps[0]))) - {"urgent_priorities"}, steps


def test_every_key_of_every_kind_of_feed_has_a_field(opened: Open) -> None:
    feeds = "".join(f'[[feed]]\nname = "{kind}"\nkind = "{kind}"\n' for kind in FEED_KINDS)
    page = opened(feeds)
    for place, kind in enumerate(FEED_KINDS):
        page.lead_to(("feed", place))
        found = {one.described.key for one in fields_of_page(page)}
        assert found >= set(keys_of("feed", kind)), kind


def test_every_key_of_every_platform_has_a_field(opened: Open) -> None:
    names = [one.key for one in PLATFORMS]
    page = opened("".join(f'[[channel]]\nname = "{key}"\nplatform = "{key}"\n' for key in names))
    for place, key in enumerate(names):
        page.lead_to(("channel", place))
        found = {one.described.key for one in fields_of_page(page)}
        assert found >= set(keys_of("channel", key)) - {"listen", "listen_every"}, key


def test_every_section_of_the_file_is_on_some_page(opened: Open) -> None:
    page = opened()
    sections = {*MODELS, *LISTS}
    assert {name for name in sections if page.place_of((name,)) >= 0} == sections


def test_what_is_edited_is_saved_and_comments_stay(
    opened: Open, engine: FakeEngine, files: OfficeFiles, qtbot: QtBot
) -> None:
    page = opened()
    type_into(page, "Southside", "office", "name")
    qtbot.waitUntil(lambda: page.editing.state.change_count == 1)
    assert page.bar.count.text() == "1 change"
    qtbot.mouseClick(page.bar.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.bar.said.text == p.SAVED)
    text = files.config.read_text(encoding="utf-8")
    assert 'name = "Southside"   # on every report' in text
    assert text.startswith("# kept by Ana")
    assert [one.name for one in engine.reconfigured] == ["Ana Ruiz"]
    assert not page.bar.save.isEnabled()


def test_without_a_watch_it_is_saved_all_the_same(opened: Open, files: OfficeFiles, qtbot: QtBot) -> None:
    page = opened()
    type_into(page, "Southside", "office", "name")
    qtbot.waitUntil(lambda: page.editing.state.is_changed)
    page.bar.save.click()
    qtbot.waitUntil(lambda: page.bar.said.text == p.SAVED_ONLY)
    assert '"Southside"' in files.config.read_text(encoding="utf-8")


def test_a_problem_is_counted_shown_at_its_field_and_led_to(opened: Open, files: OfficeFiles, qtbot: QtBot) -> None:
    page = opened()
    type_into(page, "soon", "policy", "check_in_grace")
    qtbot.waitUntil(lambda: bool(page.editing.state.problems))
    assert "1" in page.navigation.list.item(1).text()
    page.show_part("Channels")
    page.bar.save.click()
    qtbot.waitUntil(lambda: "could not run" in page.bar.said.text)
    assert page.section.title == "Policy"
    told = next(one for one in fields_of_page(page) if one.described.key == "check_in_grace")
    assert told.problem.text
    assert files.config.read_text(encoding="utf-8") == OFFICE


def test_discarding_gives_back_what_is_in_the_file(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    found = type_into(page, "Southside", "office", "name")
    qtbot.waitUntil(lambda: page.editing.state.is_changed)
    page.bar.discard.click()
    qtbot.waitUntil(lambda: not page.editing.state.is_changed)
    assert found.editor.value == "Northside Compressor Service"


def test_typing_is_undone_as_one_change(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    found = type_into(page, "Southside", "office", "name")
    qtbot.waitUntil(lambda: page.editing.state.is_changed)
    page.bar.undo.click()
    qtbot.waitUntil(lambda: not page.editing.state.is_changed)
    assert found.editor.value == "Northside Compressor Service"
    assert page.bar.undo.isHidden()


def test_a_route_is_moved_removed_and_brought_back(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    routes = listed(page, "Routes")
    before = [line.title for line in routes.list.rows.lines]
    assert before[1].startswith("Everything, high or worse → pager after 10 min")
    routes.list.mark(1)
    routes.list.setFocus()
    qtbot.keyClick(routes.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: [line.title for line in routes.list.rows.lines] == before[::-1])
    qtbot.keyClick(routes.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: routes.list.rows.rowCount() == 1)
    assert "removing" in page.bar.undo.text()
    page.bar.undo.click()
    qtbot.waitUntil(lambda: [line.title for line in routes.list.rows.lines] == before[::-1])


def test_a_copy_of_a_technician_opens_and_stands_behind_him(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    people = listed(page, "Technicians")
    people.buttons[p.DUPLICATE].click()
    qtbot.waitUntil(lambda: page.section.open_entry is not None)
    assert page.section.open_entry is not None
    assert page.section.open_entry.base == ("technician", 1)
    assert page.editing.state.values["technician"][1]["name"] == "J. Ortiz copy"


def test_a_new_technician_is_not_told_off_before_anything_is_typed(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    listed(page, "Technicians").buttons[p.ADD].click()
    qtbot.waitUntil(lambda: page.section.open_entry is not None)
    fields = fields_of_page(page)
    assert [one.problem.text for one in fields if one.problem.text] == []
    type_into(page, "M. Lee", "technician", 1, "name")
    qtbot.waitUntil(lambda: page.editing.state.values["technician"][1].get("name") == "M. Lee")


def test_a_channel_begins_with_its_platform(
    opened: Open, engine: FakeEngine, files: OfficeFiles, keyring: KeyringBox, qtbot: QtBot
) -> None:
    page = opened()
    channels = listed(page, "Channels")
    channels.buttons[p.ADD].click()
    page.adding._add_channel("slack")
    qtbot.waitUntil(lambda: page.section.open_entry is not None and page.section.open_entry.base == ("channel", 2))
    type_into(page, ENVIRONMENT["SLACK"], "channel", 2, "webhook_url")
    qtbot.waitUntil(lambda: page.editing.state.values["channel"][2].get("webhook_url") == "keyring:")
    qtbot.waitUntil(lambda: not [one for one in page.editing.state.problems if not one.is_warning])
    page.bar.save.click()
    qtbot.waitUntil(lambda: page.bar.said.text == p.SAVED)
    assert keyring.kept == {"DispatchWatch slack.webhook_url": ENVIRONMENT["SLACK"]}
    assert ENVIRONMENT["SLACK"] not in files.config.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "steps"),
    [("check-in grace", ("policy", "check_in_grace")), ("storm_over", ("outgoing", "storm_over"))],
    ids=["by its label", "by its key"],
)
def test_a_search_leads_to_the_field(opened: Open, words: str, steps: Steps, qtbot: QtBot) -> None:
    page = opened()
    qtbot.keyClicks(page.navigation.search, words)
    assert page.stack.currentWidget() is page.found
    page.found.list.activated.emit(page.found.list.rows.index(0, 0))
    assert page.section.closeness(steps)
    qtbot.waitUntil(lambda: any(one.hasFocus() for one in field(page, *steps).editor.parts))


def test_a_search_for_nothing_says_so(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    qtbot.keyClicks(page.navigation.search, "zzz")
    assert page.found.none.isVisible()


def test_a_file_that_is_no_toml_opens_with_its_text_and_heals(opened: Open, files: OfficeFiles, qtbot: QtBot) -> None:
    page = opened(OFFICE.replace("[policy]\n", "[policy\n"))
    assert page.stack.currentWidget() is page.broken
    assert page.broken.said.text.startswith("Line ")
    assert "[policy\n" in page.broken.text.toPlainText()
    page.broken.text.setPlainText(OFFICE)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.section)
    page.bar.save.click()
    qtbot.waitUntil(lambda: page.bar.said.text == p.SAVED_ONLY)
    assert files.config.read_text(encoding="utf-8") == OFFICE


def test_a_section_that_nobody_knows_is_told_and_its_text_shown(opened: Open, qtbot: QtBot) -> None:
    page = opened(OFFICE + "\n[nonsense]\nkey = 1\n")
    assert "nonsense" in page.homeless.text
    page.show_text.click()
    assert "[nonsense]" in page.broken.text.toPlainText()
    page.broken.text.setPlainText(OFFICE)
    qtbot.waitUntil(lambda: page.homeless.text == "")
    assert page.stack.currentWidget() is page.broken
    page.show_part("Office")
    assert page.stack.currentWidget() is page.section


def test_a_file_that_can_not_be_read_says_why(room: DeskRoom, files: OfficeFiles, qtbot: QtBot) -> None:
    files.config.mkdir()
    page = SettingsPage(room)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: "can’t be read" in page.broken.said.text)
    assert page.stack.currentWidget() is page.broken


def test_what_somebody_else_wrote_is_taken_while_nothing_is_changed(
    opened: Open, files: OfficeFiles, qtbot: QtBot
) -> None:
    page = opened()
    files.config.write_text(OFFICE.replace("J. Ortiz", "M. Lee"), encoding="utf-8")
    page.editing.look_elsewhere()
    qtbot.waitUntil(lambda: page.editing.state.values["technician"][0]["name"] == "M. Lee")
    assert not page.editing.state.is_changed


def test_what_somebody_else_wrote_is_not_lost_and_neither_is_what_is_typed(
    opened: Open, files: OfficeFiles, qtbot: QtBot
) -> None:
    page = opened()
    type_into(page, "Southside", "office", "name")
    qtbot.waitUntil(lambda: page.editing.state.is_changed)
    files.config.write_text(OFFICE.replace("J. Ortiz", "M. Lee"), encoding="utf-8")
    page.bar.save.click()
    offers = page.bar._offers
    qtbot.waitUntil(offers.isVisible)
    assert "M. Lee" in files.config.read_text(encoding="utf-8")
    over = [one for one in offers.findChildren(QAbstractButton) if one.text() == p.WRITE_OVER]
    over[0].click()
    qtbot.waitUntil(lambda: page.bar.said.text == p.SAVED_ONLY)
    assert "Southside" in files.config.read_text(encoding="utf-8")


def test_the_preview_says_who_would_be_told(opened: Open) -> None:
    page = opened()
    page.show_part("Routes")
    preview = next(part for part in page.section.parts if isinstance(part, RoutePreview))
    preview.kind.setCurrentIndex(preview.kind.findData(AlertKind.LATE_CHECK_IN.value))
    preview.severity.setCurrentIndex(preview.severity.findData(Severity.HIGH.value))
    preview._preview()
    assert "ops-slack at 09:15" in preview.answer.text()
    assert "pager at 09:25, if nobody has acknowledged by then" in preview.answer.text()
    preview.severity.setCurrentIndex(preview.severity.findData(Severity.INFO.value))
    preview._preview()
    assert "Nobody is told" in preview.answer.text()


def test_a_threshold_is_shown_by_an_example(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    found = field(page, "policy", "check_in_grace")
    part = next(one for one in page.section.parts if one.holds(("check_in_grace",)) and one.base == ("policy",))
    qtbot.waitUntil(lambda: bool(part.examples["check_in_grace"].text()))  # type: ignore[attr-defined]
    before = part.examples["check_in_grace"].text()  # type: ignore[attr-defined]
    type_into(page, "25m", "policy", "check_in_grace")
    qtbot.waitUntil(lambda: part.examples["check_in_grace"].text() != before)  # type: ignore[attr-defined]
    assert found.editor.value == "25m"


def test_a_switched_table_comes_and_goes(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    page.show_part("Network & listener")
    part = next(one for one in page.section.parts if one.base == ("listener",))
    part.switch.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "listener" in page.editing.state.values)
    assert page.editing.state.problems_at(("listener",)) == {}
    part.switch.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "listener" not in page.editing.state.values)


def test_the_rows_of_a_list_are_a_sound_model() -> None:
    rows = EntryRows()
    QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for count in (3, 3, 1, 0):
        rows.show_lines([Line(f"Line {number}") for number in range(count)])
    assert rows.rowCount() == 0


def test_what_somebody_else_wrote_waits_for_an_answer_while_something_is_changed(
    opened: Open, files: OfficeFiles, qtbot: QtBot
) -> None:
    page = opened()
    type_into(page, "Southside", "office", "name")
    qtbot.waitUntil(lambda: page.editing.state.is_changed)
    files.config.write_text(OFFICE.replace("J. Ortiz", "M. Lee"), encoding="utf-8")
    page.editing.look_elsewhere()
    qtbot.waitUntil(page.bar._offers.isVisible)
    assert page.editing.state.values["office"]["name"] == "Southside"


def test_a_policy_is_tried_beside_the_window(opened: Open, files: OfficeFiles, qtbot: QtBot) -> None:
    open_store(files.database, pictures.NOW).close()
    page = opened()
    page.show_part("Policy")
    trial = next(one for one in page.section.parts if isinstance(one, TrialPart))
    qtbot.mouseClick(trial.start, Qt.MouseButton.LeftButton)
    assert trial.stop.isVisible()
    assert not trial.start.isEnabled()
    qtbot.waitUntil(trial.start.isEnabled)
    assert trial.said.text or trial.table.isVisible()
    assert trial.said.text != preview_phrases.TRYING
