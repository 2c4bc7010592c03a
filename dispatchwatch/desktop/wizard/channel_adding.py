"""The first channel, and a route that leads to it, put into the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatchwatch.app.channel_drafts import ChannelDraft, DraftError
from dispatchwatch.app.settings.session import SettingsSession
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.settings.surroundings import named
from dispatchwatch.desktop.settings_phrases import free_name


def with_channel(files: OfficeFiles, draft: ChannelDraft) -> tuple[SettingsSession, str]:
    """The file with the channel in it, not yet saved, and what the channel is called. Blocks.

    Raises SettingsError, KeepError, and DraftError with what is wrong with the channel.
    """
    session = SettingsSession(files.config, files.secrets)
    wanted = str(draft.values.get("name") or draft.values["platform"])
    name = free_name(wanted, set(named(session.values, "channel")))
    steps = session.add(("channel",), {**_in_order(draft.values, name)})
    for key, secret in draft.typed.items():
        session.type_secret((*steps, key), secret)
    if not session.get(("route",)):
        session.add(("route",), {"channels": [name]})
    wrong = {str(one.steps[2]): one.text for one in session.problems() if one.steps[:2] == steps and len(one.steps) > 2}
    if wrong:
        raise DraftError(wrong)
    return session, name


def _in_order(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"name": name, "platform": values["platform"], **{key: one for key, one in values.items() if key != "name"}}
