"""Which section of the settings has which keys: a line here for each part of the configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from dispatchwatch.app.settings.fields import fields_of
from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.desktop import section_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.settings import entries, lines
from dispatchwatch.desktop.settings.adding import Adding
from dispatchwatch.desktop.settings.computer_parts import computer_parts
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.form_part import FormPart, SwitchedPart
from dispatchwatch.desktop.settings.list_part import ListOf, ListPart
from dispatchwatch.desktop.settings.part import Part
from dispatchwatch.desktop.settings.people_part import PEOPLE, people_parts
from dispatchwatch.desktop.settings.policy_part import PolicyPart
from dispatchwatch.desktop.settings.preference_part import COMPUTER
from dispatchwatch.desktop.settings.route_preview import PREVIEW, RoutePreview
from dispatchwatch.desktop.settings.section import Plan, Section
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.settings.trial_part import TRIAL, TrialPart

Headed = tuple[str, str, Part]
NETWORK = ("network", "listener", "telegram_check_in", "heartbeat", "self_audit")


def _first_channel(state: State) -> Mapping[str, object]:
    channels = [one.get("name") for one in state.values.get("channel", ()) if one.get("name")]
    return {"channels": channels[:1]} if channels else {}


CHANNELS = ListOf(
    base=("channel",),
    singular="Channel",
    plural=p.CHANNELS[0],
    why=p.CHANNELS[1],
    line=lines.channel_line,
    editor=entries.channel_part,
    fields=lambda: fields_of("channel", "slack"),
    offers_add=False,
)
FEEDS = ListOf(
    base=("feed",),
    singular="Feed",
    plural=p.FEEDS[0],
    why=p.FEEDS[1],
    line=lines.feed_line,
    editor=entries.feed_part,
    fields=lambda: fields_of("feed", "csv"),
    offers_add=False,
)
PROFILES = ListOf(
    base=("profile",),
    singular="Profile",
    plural=p.PROFILES[0],
    why=p.PROFILES[1],
    line=lines.profile_line,
    editor=entries.profile_part,
    fields=lambda: fields_of("profile"),
    is_named=True,
)
ROUTES = ListOf(
    base=("route",),
    singular="Route",
    plural=p.ROUTES[0],
    why=p.ROUTES[1],
    line=lines.route_line,
    editor=entries.route_part,
    begin=_first_channel,
    fields=lambda: fields_of("route"),
    ordered=True,
)
TECHNICIANS = ListOf(
    base=("technician",),
    singular="Technician",
    plural=p.TECHNICIANS[0],
    why=p.TECHNICIANS[1],
    line=lines.technician_line,
    editor=entries.entry_part,
    fields=lambda: fields_of("technician"),
)
OVERRIDES = ListOf(
    base=("policy", "override"),
    singular="Override",
    plural=p.OVERRIDES[0],
    why=p.OVERRIDES[1],
    line=lines.override_line,
    editor=entries.override_part,
    begin=lambda _state: {"when": {}},
    fields=lambda: (),
    ordered=True,
)
QUIET = ListOf(
    base=("quiet",),
    singular="Quiet time",
    plural=p.QUIET[0],
    why=p.QUIET[1],
    line=lines.quiet_line,
    editor=entries.entry_part,
    fields=lambda: fields_of("quiet"),
)


Parts = Callable[[DeskRoom, Editing, Adding], Sequence[Headed]]


def build(room: DeskRoom, editing: Editing, adding: Adding) -> list[Section]:
    return [Section(room, editing, plan, partial(make, room, editing, adding)) for plan, make in SECTIONS]


def _office(room: DeskRoom, editing: Editing, _adding: Adding) -> Sequence[Headed]:
    return [("", "", _form(room, editing, "office")), (*p.TRAVEL, _form(room, editing, "travel"))]


def _policy(room: DeskRoom, editing: Editing, _adding: Adding) -> Sequence[Headed]:
    fields = {one.key: one for one in fields_of("policy") if one.key != "override"}
    trial = TrialPart(room, editing)
    made: list[Headed] = [(*p.TRIAL, trial)]
    for title, keys in _grouped(fields).items():
        told = [fields[key] for key in keys]
        made.append(
            (title, "", PolicyPart(room, editing, ("policy",), told, elsewhere={*fields, "override"} - {*keys}))
        )
    return made


def _grouped(fields: Mapping[str, Described]) -> dict[str, list[str]]:
    """The thresholds under the headings that begin at some of them."""
    title, found = p.GENERAL, dict[str, list[str]]()
    for key in fields:
        title = p.POLICY_HEADINGS.get(key, title)
        found.setdefault(title, []).append(key)
    return found


def _technicians(room: DeskRoom, editing: Editing, _adding: Adding) -> Sequence[Headed]:
    return [("", "", ListPart(room, editing, TECHNICIANS)), (*p.REASSIGN, _form(room, editing, "reassign"))]


def _routes(room: DeskRoom, editing: Editing, adding: Adding) -> Sequence[Headed]:
    return [*_listed(ROUTES)(room, editing, adding), (*p.PREVIEW, RoutePreview(room))]


def _feeds(room: DeskRoom, editing: Editing, adding: Adding) -> Sequence[Headed]:
    feeds = ListPart(room, editing, FEEDS)
    feeds.adding.connect(adding.feed)
    return [("", "", feeds), (*p.PROFILES, ListPart(room, editing, PROFILES))]


def _channels(room: DeskRoom, editing: Editing, adding: Adding) -> Sequence[Headed]:
    channels = ListPart(room, editing, CHANNELS)
    channels.adding.connect(adding.channel)
    return [("", "", channels)]


def _delivery(room: DeskRoom, editing: Editing, _adding: Adding) -> Sequence[Headed]:
    return [("", "", _form(room, editing, "outgoing")), (*p.QUIET, ListPart(room, editing, QUIET))]


def _network(room: DeskRoom, editing: Editing, _adding: Adding) -> Sequence[Headed]:
    made: list[Headed] = [(*p.NETWORK_ONLY, _form(room, editing, "network"))]
    for name, words in (
        ("listener", p.LISTENER),
        ("telegram_check_in", p.TELEGRAM),
        ("heartbeat", p.HEARTBEAT),
    ):
        made.append((*words, SwitchedPart(room, editing, (name,), fields_of(name), words[0])))
    return [*made, (*p.SELF_AUDIT, _form(room, editing, "self_audit"))]


def _form(room: DeskRoom, editing: Editing, section: str) -> Part:
    return FormPart(room, editing, (section,), fields_of(section))


def _listed(of: ListOf) -> Callable[[DeskRoom, Editing, Adding], Sequence[Headed]]:
    return lambda room, editing, _adding: [("", "", ListPart(room, editing, of))]


SECTIONS: tuple[tuple[Plan, Parts], ...] = (
    (Plan(*p.OFFICE, (("office",), ("travel",))), _office),
    (Plan(*p.POLICY, (("policy",), (TRIAL,))), _policy),
    (Plan(*p.OVERRIDES, (("policy", "override"),)), _listed(OVERRIDES)),
    (Plan(*p.TECHNICIANS, (("technician",), ("reassign",))), _technicians),
    (Plan(*p.FEEDS, (("feed",), ("profile",))), _feeds),
    (Plan(*p.CHANNELS, (("channel",),)), _channels),
    (Plan(*p.ROUTES, (("route",), (PREVIEW,))), _routes),
    (Plan(*p.DELIVERY, (("outgoing",), ("quiet",))), _delivery),
    (Plan(*p.NETWORK, (*((name,) for name in NETWORK),)), _network),
    (Plan(*p.COMPUTER, ((COMPUTER,),)), lambda room, _editing, _adding: computer_parts(room)),
    (Plan(*p.PEOPLE, ((PEOPLE,),)), lambda room, _editing, _adding: people_parts(room)),
)
