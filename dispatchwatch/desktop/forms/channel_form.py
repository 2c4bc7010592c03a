"""The form of one channel: its platform's fields, lists from the account, signing in, and trying it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dispatchwatch.app.channel_drafts import ChannelDraft, DraftTrial, Outside
from dispatchwatch.app.choosing import Choice
from dispatchwatch.app.platform_lines import COMMON, PlatformLine, platform_line
from dispatchwatch.app.settings.fields import fields_of
from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.app.signing_in import BROUGHT
from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.asking import Asking
from dispatchwatch.desktop.forms.choice_sheet import ChoiceSheet
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.form import Form
from dispatchwatch.desktop.forms.help_panel import HelpPanel
from dispatchwatch.desktop.forms.secret_editor import SecretEditor
from dispatchwatch.desktop.forms.sign_in_sheet import SignInSheet
from dispatchwatch.desktop.forms.step import Step
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.forms.trying import Trying
from dispatchwatch.desktop.pieces import button, tight
from dispatchwatch.desktop.tokens import Tone

LISTENING = frozenset({"listen", "listen_every"})
HELP_WIDTH = 360
HELP_FROM = 940


class ChannelForm(Step):
    """One platform's. `edited` carries a key and its value, for whoever keeps the file."""

    edited = Signal(str, object)

    def __init__(self, room: DeskRoom, draft: ChannelDraft, outside: Outside, surroundings: Surroundings) -> None:
        super().__init__()
        self._room, self._outside = room, outside
        self.platform = platform_line(str(draft.values["platform"]))
        self.title, self.why = channel_phrases.account_title(self.platform.name), channel_phrases.ACCOUNT_WHY
        self._known_as = draft.known_as
        fields = _fields(self.platform, draft)
        self.form = Form(room, fields, surroundings, folded=_seldom(fields))
        self.trying = Trying(room, lambda: self.draft, outside)
        self.help = HelpPanel(room)
        self.show_help = button(channel_phrases.HELP, "link")
        self.sign_in = button(channel_phrases.SIGN_IN)
        self._asking = Asking(room.tasks, self)
        self._asked = ""
        self._wants_help: bool | None = None
        self._lay_out()
        self._wire()
        self.put(draft)
        self.help.show_platform(self.platform.key, {one.key: one.label for one in fields})

    @property
    def draft(self) -> ChannelDraft:
        values = {"platform": self.platform.key, **self.form.values()}
        typed = {str(steps[0]): secret for steps, secret in self.form.typed().items()}
        return ChannelDraft(values, typed, self._known_as)

    @property
    def is_complete(self) -> bool:
        """Whether everything that is needed has something in it."""
        needed = (field for field in self.form.fields.values() if field.is_needed)
        return all(field.editor.value is not None for field in needed)

    def put(self, draft: ChannelDraft) -> None:
        """Shows a draft, with the secrets that were typed before."""
        self._known_as = draft.known_as
        self.form.put(draft.values)
        self._take(draft.typed)

    def set_problems(self, problems: Mapping[str, str], *, takes_keyboard: bool = True) -> None:
        self.form.set_problems({(key,): text for key, text in problems.items()}, takes_keyboard=takes_keyboard)

    def take_keyboard(self) -> None:
        empty = (key for key, field in self.form.fields.items() if field.is_needed and field.editor.value is None)
        self.form.show_field(next(empty, next(iter(self.form.fields))))

    def _lay_out(self) -> None:
        scroll, inner = QScrollArea(), QWidget()
        scroll.setObjectName("sheet")
        scroll.setWidgetResizable(True)
        column = QVBoxLayout(inner)
        tight(column, (0, 0, 16, 16))
        column.addWidget(self.form)
        column.addStretch(1)
        scroll.setWidget(inner)
        left, whole = QVBoxLayout(), QHBoxLayout(self)
        tight(left, spacing=12)
        tight(whole, spacing=16)
        left.addWidget(scroll, 1)
        below = QHBoxLayout()
        tight(below, spacing=8)
        below.addWidget(self.trying, 1)
        below.addWidget(self.show_help, 0, Qt.AlignmentFlag.AlignTop)
        left.addLayout(below)
        whole.addLayout(left, 1)
        whole.addWidget(self.help)
        if self.platform.signs_in and BROUGHT in self.form.fields:
            self.form.fields[BROUGHT].add_button(self.sign_in)

    def _wire(self) -> None:
        for field in self.form.fields.values():
            if field.described.look_up:
                field.offer_look_up()
        self.form.value_changed.connect(self._edited)
        self.form.look_up_wanted.connect(self._look_up)
        self.trying.refused.connect(self.set_problems)
        self.trying.renewed.connect(self._take)
        self.sign_in.clicked.connect(self._sign_in)
        self.show_help.clicked.connect(self._turn_help)
        self._asking.refused.connect(self._not_asked)
        self._room.theme.changed.connect(self._fold)

    def _edited(self, key: str, value: Any) -> None:
        self.trying.forget()
        self.edited.emit(key, value)
        self.changed.emit()

    def _take(self, secrets: Mapping[str, SecretStr]) -> None:
        for key, secret in secrets.items():
            editor = self.form.fields[key].editor if key in self.form.fields else None
            if isinstance(editor, SecretEditor):
                editor.take(secret)

    def _look_up(self, key: str) -> None:
        """Pressed once more while it is asked, it is called off."""
        if self._asking.is_going:
            self._asking.call_off()
            self.form.fields[self._asked].remark("")
            if self._asked == key:
                return
        self._asked = key
        self.set_problems({})
        self.form.fields[key].remark(channel_phrases.asking(self.platform.name), Tone.MUTED)
        trial = DraftTrial(self.draft, self._outside)
        self._asking.ask(lambda: trial.choices(key, self._room.now()), partial(self._offer, key))

    def _offer(self, key: str, found: tuple[Choice, ...]) -> None:
        field = self.form.fields[key]
        if not found:
            field.remark(channel_phrases.NOTHING_TO_CHOOSE, Tone.SOON)
            return
        field.remark(channel_phrases.found(len(found)), Tone.MUTED)
        sheet = ChoiceSheet(self._room, channel_phrases.choosing(field.described.label), found, self.window())
        sheet.chosen.connect(partial(self._choose, key))
        sheet.open()

    def _choose(self, key: str, value: str, said: str) -> None:
        field = self.form.fields[key]
        if isinstance(field.editor, LineEditor):
            field.editor.enter(value)
            field.remark(said, Tone.OK)
            field.editor.take_keyboard()

    def _not_asked(self, problems: Mapping[str, str]) -> None:
        at_fields = {key: text for key, text in problems.items() if key}
        why = problems.get("") or channel_phrases.FIX_FIRST
        self.form.fields[self._asked].remark(channel_phrases.could_not_ask(why), Tone.LATE)
        if at_fields:
            self.set_problems(at_fields)

    def _sign_in(self) -> None:
        self.set_problems({})
        sheet = SignInSheet(self._room, self.draft, self._outside, self.window())
        sheet.brought.connect(lambda key, secret: self._take({key: secret}))
        sheet.refused.connect(self.set_problems)
        sheet.open()

    def _turn_help(self) -> None:
        self._wants_help = self.help.isHidden()
        self._fold()

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """The help stands beside the form where there is room, or where somebody wants it."""
        theme = self._room.theme
        shown = self.width() >= theme.px(HELP_FROM) if self._wants_help is None else self._wants_help
        self.help.setFixedWidth(min(theme.px(HELP_WIDTH), self.width() // 2))
        self.help.setVisible(shown)
        self.show_help.setText(channel_phrases.HIDE_HELP if shown else channel_phrases.HELP)
        self.show_help.setAccessibleName(self.show_help.text())


def _fields(platform: PlatformLine, draft: ChannelDraft) -> list[Described]:
    """Without those of listening where the platform can't be asked, unless the file has them."""
    needless = {"platform"} | (set() if platform.listens else LISTENING - draft.values.keys())
    return [one for one in fields_of("channel", platform.key) if one.key not in needless]


def _seldom(fields: Sequence[Described]) -> set[str]:
    """What most offices leave as it is; never what decides which other fields are needed."""
    deciding = {one.needed_where[0] for one in fields if one.needed_where}
    usual = {one.key for one in fields if not one.required and one.default is not None and not one.look_up}
    return (usual | COMMON) - {"name"} - deciding - {one.key for one in fields if one.needed_where}
