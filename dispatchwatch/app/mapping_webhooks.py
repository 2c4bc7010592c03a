"""Connecting software that tells of events by itself: webhook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from dispatchwatch.app.inbound_config import ListenerConfig
from dispatchwatch.app.mapping_access import about_setting
from dispatchwatch.app.mapping_office import FoundTable, MappingError
from dispatchwatch.app.mapping_records import LIST, RecordMapping, without_columns
from dispatchwatch.app.mapping_session import MappingSession
from dispatchwatch.app.mapping_settings import setting
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.watched import Seen, Watched, sight
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_paths import read_json
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import NONE, Question
from dispatchwatch.intake.record_lists import WHOLE, RecordList, record_lists
from dispatchwatch.intake.webhook import MEGABYTE, MemoryInbox, WebhookConfig, WebhookFeed
from dispatchwatch.intake.webhook_vendors import VENDORS

ITSELF, OTHER = "tells itself", "other"
VENDOR, SAMPLE, LISTENER = "vendor", "sample", "listener"
NOT_POLLED = frozenset({"webhook", "desk"})
THIS_COMPUTER, NETWORK, NOT_NOW = "this computer", "network", "not now"
LISTENERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    THIS_COMPUTER: ("only programs on this computer reach it, such as a tunnel to the outside", {"host": "127.0.0.1"}),
    NETWORK: ("every computer in the office’s network reaches it", {"host": "0.0.0.0"}),  # noqa: S104 - asked for
    NOT_NOW: ("nothing is taken yet; you add [listener] to the configuration yourself", {}),
}
HEADER = "In which header is the signature, such as X-Webhook-Signature? The software’s documentation says so."
SIGNED: Mapping[str, str] = {
    "{body}": "the body alone",
    "{timestamp}.{body}": "the time, a dot, and the body",
    "{id}.{timestamp}.{body}": "the id, a dot, the time, a dot, and the body",
}


@dataclass(frozen=True, kw_only=True)
class WebhookSession(MappingSession):
    """`itself`: the events tell of visits, as the one in `body` does. `vendor` is whose way of signing it is,
    `listening` what was said about the listener."""

    itself: bool = False
    vendor: str = ""
    listening: str = ""
    sample: str = ""
    body: bytes = b""
    mapping: RecordMapping | None = None

    @property
    def is_seen(self) -> bool:
        return not self.itself or self.mapping is not None

    @property
    def has_visits(self) -> bool:
        return self.itself

    def about_access(self) -> Iterable[Question]:
        if not self.itself and "polls" not in self.settings:
            yield self._about_polls()
        if not self.vendor and not setting(self.settings, "signature.header"):
            explained = {name: vendor.about for name, vendor in VENDORS.items()}
            explained[OTHER] = "other software: its documentation says how it signs"
            text = "Which software sends the events?"
            yield Question(VENDOR, text, tuple(explained), "--answer vendor=…", explained=explained)
        elif self.vendor not in VENDORS:
            yield from self._about_signature()
        if (self.vendor or setting(self.settings, "signature.header")) and not setting(
            self.settings, "signature.secret"
        ):
            known = VENDORS.get(self.vendor)
            what = f"The secret it signs with: {known.secret}." if known else "The secret it signs with?"
            yield about_setting("signature.secret", what, secret=True)
        if self.office.listener is None:
            explained = {name: about for name, (about, _) in LISTENERS.items()}
            text = f"Nothing listens for events yet. Who shall reach the address http://…:{ListenerConfig().port}?"
            yield Question(LISTENER, text, tuple(LISTENERS), "--answer listener=…", THIS_COMPUTER, explained)
        if self.itself and not self.sample:
            text = "A file with one such event, copied from the software’s documentation or from its log?"
            yield Question(SAMPLE, text, (), "--answer sample=event.json", path=True)

    def _about_polls(self) -> Question:
        feeds = [name for name, kind in self.office.feeds.items() if kind not in NOT_POLLED]
        explained = {name: f"an event only says that something changed, and “{name}” is read at once" for name in feeds}
        explained[ITSELF] = "each event holds the whole of a visit"
        text = "What do the events say?"
        option = f'--answer "polls={feeds[0]}"' if feeds else f'--answer "polls={ITSELF}"'
        return Question("polls", text, tuple(explained), option, explained=explained)

    def _about_signature(self) -> Iterable[Question]:
        if not setting(self.settings, "signature.header"):
            yield about_setting("signature.header", HEADER)
        ways = (
            ("algorithm", "How is it signed?", {"sha256": "HMAC-SHA256", "sha1": "HMAC-SHA1, of old software"}),
            ("encoding", "How is the signature written?", {"hex": "digits and a to f", "base64": "often ends with ="}),
        )
        for name, text, explained in ways:
            key, choices = f"signature.{name}", tuple(explained)
            yield Question(key, text, choices, f"--answer {key}={choices[0]}", "", explained)
        texts = {
            "prefix": "What stands before the signature in its header, such as sha256= ?",
            "timestamp_header": "In which header is the time at which it was sent?",
            "id_header": "In which header is the id of the event?",
        }
        for name, text in texts.items():
            yield about_setting(f"signature.{name}", f"{text} Answer “{NONE}” if there is none.", suggestion=NONE)
        if setting(self.settings, "signature.timestamp_header"):
            key = "signature.signed"
            yield Question(key, "What is signed?", tuple(SIGNED), f'--answer "{key}={{body}}"', "", SIGNED)

    def answer(self, key: str, choice: str) -> MappingSession:
        choice = choice.strip()
        if key == "polls" and choice == ITSELF:
            return replace(self, itself=True, settled=self.settled | {key})
        if key == "polls" and choice not in self.office.feeds:
            raise MappingError(f"There is no feed “{choice}”; there are {', '.join(self.office.feeds) or 'none'}.")
        if key.startswith("signature.") and choice == NONE:
            return replace(self, settled=self.settled | {key})
        return super().answer(key, choice)

    def takes_unseen(self, key: str) -> bool:
        return key in {VENDOR, SAMPLE, LISTENER}

    def taking(self, key: str, choice: str) -> Self:
        settled = self.settled | {key}
        if key == VENDOR and choice in VENDORS:
            told = setting(self.settings, "signature") or {}
            settings = {**self.settings, "signature": {**VENDORS[choice].signature, **told}}
            return replace(self, vendor=choice, settings=settings, settled=settled)
        if key == VENDOR and choice == OTHER:
            return replace(self, vendor=choice, settled=settled)
        if key == LISTENER and choice in LISTENERS:
            return replace(self, listening=choice, settled=settled)
        if key == SAMPLE and choice:
            return replace(self, sample=choice, mapping=None, settled=settled)
        if self.mapping is None:
            raise ValueError(f"“{choice}” is no answer to “{key}”.")
        mapping, more = self.mapping.taking(key, choice, self.profile)
        before = self.settled if key != LIST else self.settled - {one.key for one in self.about_source()}
        return replace(self, mapping=mapping, profile=mapping.profile or self.profile, settled=before | more)

    def look_at(self, now: datetime) -> Self:  # noqa: ARG002 - the file says the same at any time
        place = self.office.base / self.sample
        try:
            with place.open("rb") as file:
                body = file.read(MEGABYTE)
            data = read_json(body)
        except OSError as error:
            raise FeedError(f"{place} can’t be read: {error.strerror}. Check the path.") from None
        except ValueError:
            raise FeedError(f"{place} holds no JSON. Events in another form can only make a feed be read.") from None
        whole = [RecordList(WHOLE, [data])] if isinstance(data, dict) else []
        lists = [*whole, *record_lists(data)]
        if not lists:
            raise FeedError(f"{place} holds no visit. Save one whole event as the software sends it.")
        return replace(self, body=body, mapping=RecordMapping.of(str(place), lists, self.profile))

    def unseen(self) -> Self:
        return self

    def about_source(self) -> Iterable[Question]:
        return self.mapping.questions() if self.mapping else ()

    def entry(self) -> Mapping[str, Any]:
        return {**self.settings, **self.mapping.entry()} if self.mapping else self.settings

    def complete_profile(self) -> ProfileConfig:
        return without_columns(self.profile)

    def preview(self, now: datetime) -> tuple[Snapshot, list[Watched]]:
        """What the event is read as."""
        try:
            config = self.config()
        except ValueError as problem:
            raise MappingError(str(problem)) from None
        if not isinstance(config, WebhookConfig):
            raise TypeError(config.kind)
        inbox = MemoryInbox()
        if self.itself:
            inbox.keep(self.name, (), self.body, now)
        feed = WebhookFeed(config, self.complete_profile(), office_zone=self.zone, inbox=inbox)
        snapshot = feed.fetch(now)
        return snapshot, [sight(None, visit, Seen(None, now)) for visit in snapshot.visits]

    def listener(self) -> Mapping[str, Any]:
        return LISTENERS[self.listening][1] if self.listening and self.office.listener is None else {}

    def advice(self) -> tuple[str, ...]:
        listener = self.office.listener or ListenerConfig.model_validate(self.listener())
        at = self.settings.get("address") or self.name
        address = f"{listener.reached_at(listener.port)}/hooks/{at}"
        if not self.office.listener and not self.listener():
            add = "Nothing is taken until the configuration has a [listener]."
            return (add, f"With one, the address to give to the software would be {address}.")
        if listener.base_url or not (listener.only_this_computer or listener.host == "0.0.0.0"):  # noqa: S104
            return (f"Give the software this address: {address}",)
        if listener.only_this_computer:
            who = "Only programs on this computer reach it, so a tunnel or a proxy has to lead there from outside"
            return (f"Events are taken at {address}", f"{who}; give the software the address of that.")
        return (f"Events are taken on port {listener.port}, at /hooks/{at}; the host is this computer’s address.",)

    @property
    def found(self) -> tuple[FoundTable, ...]:
        return self.mapping.found if self.mapping else ()
