"""Which editor fills in which kind of field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dispatchwatch.app.settings.kinds import Described, Kind, Option
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.choice_editors import ChoiceEditor, SwitchEditor
from dispatchwatch.desktop.forms.duration_editor import DurationEditor
from dispatchwatch.desktop.forms.editor import Editor, Surroundings
from dispatchwatch.desktop.forms.group_editors import EntriesEditor, GroupEditor, GroupsEditor, VariantsEditor
from dispatchwatch.desktop.forms.hours_editor import HoursEditor, WordOrEditor
from dispatchwatch.desktop.forms.long_secret_editor import LongSecretEditor
from dispatchwatch.desktop.forms.names_editor import DatesEditor, NamesEditor, SeveralEditor
from dispatchwatch.desktop.forms.number_editor import NumberEditor
from dispatchwatch.desktop.forms.path_editor import PathEditor
from dispatchwatch.desktop.forms.place_editor import PlaceEditor
from dispatchwatch.desktop.forms.rows_editor import PairsEditor, SecretsEditor, TableEditor
from dispatchwatch.desktop.forms.secret_editor import SecretEditor
from dispatchwatch.desktop.forms.templates_editor import TemplatesEditor
from dispatchwatch.desktop.forms.text_editors import JsonEditor, LineEditor, LinesEditor
from dispatchwatch.desktop.forms.zone_editor import ZoneEditor

Make = Callable[[DeskRoom, Described, Surroundings], Editor]
MANY_LINES = "(?s)"
"""How the pattern of a secret begins that may have several lines."""


def editor_for(room: DeskRoom, described: Described, surroundings: Surroundings) -> Editor:
    return MAKERS[described.kind](room, described, surroundings)


def _line(room: DeskRoom, one: Described, _: Surroundings) -> Editor:
    return LineEditor(room, one.default_text)


def _secret(room: DeskRoom, one: Described, surroundings: Surroundings) -> Editor:
    kind = LongSecretEditor if one.pattern.startswith(MANY_LINES) else SecretEditor
    return kind(room, surroundings)


def _of_names(room: DeskRoom, one: Described, surroundings: Surroundings) -> Editor:
    """Those there are, ticked off."""
    return SeveralEditor(room, one.options or _named(one, surroundings))


def _one_of_names(room: DeskRoom, one: Described, surroundings: Surroundings) -> Editor:
    return ChoiceEditor(room, _named(one, surroundings), one.default)


def _named(one: Described, surroundings: Surroundings) -> tuple[Option, ...]:
    return tuple(Option(name, name) for name in surroundings.names.get(one.kind.value, ()))


def _channel_hours(room: DeskRoom, one: Described, _: Surroundings) -> Editor:
    own = (form_phrases.OWN_HOURS, lambda: HoursEditor(room))
    return WordOrEditor(room, form_phrases.HOURS_WORDS, own, str(one.default or "always"))


def _days(room: DeskRoom, one: Described, _: Surroundings) -> Editor:
    own = (form_phrases.OWN_DAYS, lambda: DatesEditor(room))
    return WordOrEditor(room, form_phrases.DAYS_WORDS, own, str(one.default or "rows"))


def _group(room: DeskRoom, one: Described, surroundings: Surroundings) -> Editor:
    from dispatchwatch.desktop.forms.form import Form

    def form() -> Form:
        return Form(room, one.fields, surroundings)

    match one.kind:
        case Kind.ENTRIES:
            return EntriesEditor(room, one.label, form)
        case Kind.GROUPS:
            return GroupsEditor(room, one.label, form)
    return GroupEditor(room, form)


def _variants(room: DeskRoom, one: Described, surroundings: Surroundings) -> Editor:
    from dispatchwatch.desktop.forms.form import Form

    def form(kind: str) -> Form:
        fields = [field for field in one.variants.get(kind, ()) if field.key != "kind"]
        return Form(room, fields, surroundings)

    return VariantsEditor(room, one.options, form)


MAKERS: Mapping[Kind, Make] = {
    Kind.TEXT: _line,
    Kind.ADDRESS: _line,
    Kind.INSTANT: _line,
    Kind.LONG_TEXT: lambda room, one, _: LinesEditor(room, one.default_text),
    Kind.SECRET: _secret,
    Kind.CHOICE: lambda room, one, _: ChoiceEditor(room, one.options, one.default),
    Kind.SWITCH: lambda room, one, _: SwitchEditor(room, one.default),
    Kind.NUMBER: lambda room, one, _: NumberEditor(room, one.default_text, one.least, one.most),
    Kind.DURATION: lambda room, one, _: DurationEditor(room, one.default_text),
    Kind.TIME_ZONE: lambda room, one, _: ZoneEditor(room, one.default_text),
    Kind.HOURS: lambda room, _one, _: HoursEditor(room),
    Kind.CHANNEL_HOURS: _channel_hours,
    Kind.DATES: lambda room, _one, _: DatesEditor(room),
    Kind.DAYS: _days,
    Kind.NAMES: lambda room, one, surroundings: NamesEditor(room, surroundings.names.get(one.key, ())),
    Kind.ALERT_KINDS: _of_names,
    Kind.SEVERITIES: _of_names,
    Kind.CHANNELS: _of_names,
    Kind.PROFILE: _one_of_names,
    Kind.FEED: _one_of_names,
    Kind.COORDINATES: lambda room, _one, _: PlaceEditor(room),
    Kind.PAIRS: lambda room, _one, _: PairsEditor(room),
    Kind.PATH: lambda room, one, surroundings: PathEditor(room, surroundings.base, one.default_text),
    Kind.TABLE: lambda room, one, _: TableEditor(room, one.names, one.options),
    Kind.TEMPLATES: lambda room, _one, _: TemplatesEditor(room),
    Kind.SECRETS: lambda room, one, surroundings: SecretsEditor(room, surroundings, one.names),
    Kind.GROUP: _group,
    Kind.VARIANTS: _variants,
    Kind.GROUPS: _group,
    Kind.ENTRIES: _group,
    Kind.ANYTHING: lambda room, _one, _: JsonEditor(room),
}
