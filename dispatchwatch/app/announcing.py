"""What is said on the bus of what the engine does: happenings for whoever logs them, toasts for the dispatcher."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dispatchwatch.app import happenings
from dispatchwatch.app.bus import Bus
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.config import Config
from dispatchwatch.app.delivery import Settled
from dispatchwatch.app.events import ConfigurationChanged, Happening, ToastWanted
from dispatchwatch.app.looking import Look
from dispatchwatch.app.settings.changes import Change
from dispatchwatch.app.toasting import failure_toast, toasts
from dispatchwatch.domain.alert import Alert, AlertState, Severity
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import DeliveryState

LOG = logging.getLogger(__name__)
SAID_AGAIN_AFTER = timedelta(minutes=1)
AT_MOST = 3


class Announcer:
    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._troubled_at: datetime | None = None

    def look(self, look: Look, now: datetime) -> None:
        """What a look found: toasts first, they are what a person waits for."""
        for toast in toasts(look.recorded, now):
            self._bus.publish(toast)
        for happening in happenings.of_look(look, now):
            self._bus.publish(happening)

    def deed(self, alert: Alert) -> None:
        """What somebody did to an alert, here or elsewhere."""
        now = self._clock.now()
        match alert.state:
            case AlertState.RESOLVED:
                self._bus.publish(happenings.of_alert("resolved", alert, now))
            case AlertState.ACKNOWLEDGED if alert.updated_at == alert.acknowledged_at:
                self._bus.publish(happenings.of_alert("acknowledged", alert, now))
            case _:
                self._bus.publish(happenings.of_alert("updated", alert, now))

    def delivered(self, settled: Settled, state: DeliveryState) -> None:
        """What came of an attempt to tell."""
        delivery = settled.delivery
        self._bus.publish(happenings.of_delivery(settled, state, delivery.platform))
        if state is DeliveryState.FAILED and settled.failure is not None:
            error = settled.failure.message
            self._bus.publish(failure_toast(delivery.channel, delivery.notification.headline, error, delivery.alerts))

    def heard(self, event: str, text: str, *, channel: str = "", with_toast: bool = False) -> None:
        """Something about what comes in by itself. That it can't come in is also said on the desktop."""
        fields = {"channel": channel, "text": text} if channel else {"text": text}
        self._bus.publish(Happening(self._clock.now(), event, fields, text))
        if event == "fault" or with_toast:
            self._bus.publish(ToastWanted("Word from outside can’t come in", text, Severity.WARNING, ()))

    def unheard(self, problem: str, *, is_first: bool, with_toast: bool) -> None:
        """A sign of life that was not heard: said when it begins, and on the desktop where it goes on."""
        if is_first:
            self._bus.publish(Happening(self._clock.now(), "heartbeat_failed", {"problem": problem}, problem))
        if with_toast:
            self._bus.publish(ToastWanted("Nobody hears that DispatchWatch is alive", problem, Severity.WARNING, ()))

    def audited(self, problems: Sequence[str]) -> None:
        """What the program found wrong with its own record."""
        text = " ".join(problems[:AT_MOST])
        if len(problems) > AT_MOST:
            text += f" And {len(problems) - AT_MOST} more; the audit trail has them all."
        fields = {"problems": list(problems)}
        self._bus.publish(Happening(self._clock.now(), "self_audit_failed", fields, f"self-audit: {text}"))
        self._bus.publish(ToastWanted("DispatchWatch found a fault in its own work", text, Severity.HIGH, ()))

    def configured(self, by: str, changes: Sequence[Change], config: Config) -> None:
        """Another configuration is in force."""
        count = "1 key" if len(changes) == 1 else f"{len(changes)} keys"
        fields = {
            "by": by,
            "changes": [one._asdict() for one in changes],
            "warnings": [{"where": one.where, "text": one.text} for one in config.warnings],
        }
        text = f"the configuration was changed, {count} of it, and is in force"
        self._bus.publish(Happening(self._clock.now(), "configuration_changed", fields, text))
        self._bus.publish(ConfigurationChanged(config.office_name, config.office.zone.key))

    def refused(self, text: str, problems: Sequence[Mapping[str, str]]) -> None:
        """A changed configuration can't be used."""
        fields = {"problems": list(problems)}
        self._bus.publish(Happening(self._clock.now(), "configuration_refused", fields, text))
        self._bus.publish(ToastWanted("The configuration can’t be used", text, Severity.WARNING, ()))

    def trouble(self, error: StoreError) -> None:
        """What can't be written down is said aloud, once a minute while it lasts."""
        now = self._clock.now()
        if self._troubled_at is not None and now - self._troubled_at < SAID_AGAIN_AFTER:
            return
        self._troubled_at = now
        self._bus.publish(Happening(now, "fault", {"problem": str(error)}, str(error)))
        self._bus.publish(ToastWanted("DispatchWatch can’t write its records", str(error), Severity.CRITICAL, ()))

    def fault(self, error: BaseException | None, what: str) -> None:
        """A mistake of our own: it goes to the log whole, and to the person as one line."""
        LOG.error("%s", what, exc_info=error)
        text = f"DispatchWatch made a mistake ({error!r}); what it knows is safe. The log has the details."
        self._bus.publish(Happening(self._clock.now(), "fault", {"problem": text}, text))
