"""A made-up alert, for previews and for trying templates out."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Severity, alert_key, epoch


def sample_alert(kind: AlertKind, now: datetime) -> Alert:
    """A made-up alert of this kind, with every part filled in."""
    due_at = now - timedelta(minutes=20)
    return Alert(
        id=1,
        key=alert_key(kind, "today", "J-1042", epoch(due_at)),
        kind=kind,
        severity=Severity.HIGH,
        state=AlertState.ACKNOWLEDGED,
        feed="today",
        ext_id="J-1042",
        due_at=due_at,
        raised_at=due_at,
        updated_at=now,
        facts={
            "visit": "J-1042",
            "technician": "J. Ortiz",
            "technician_phone": "+1 555 0100",
            "customer": "Acme Foundry",
            "site": "Plant 4",
            "timezone": "America/Chicago",
            "promise": (due_at - timedelta(minutes=15)).isoformat(),
            "problem": "exports/today.csv is not there.",
            "rows": "40",
            "shrunken_rows": "3",
        },
        acknowledged_at=now,
        acknowledged_by="Sam",
        note="Called him, ten minutes away",
        resolved_at=now,
        resolution="J. Ortiz checked in at 09:41 CST, 26 min late",
    )
