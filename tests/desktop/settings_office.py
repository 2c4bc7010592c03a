"""An office with something of everything, for tests of the settings."""

from __future__ import annotations

OFFICE = """\
# kept by Ana
[office]
name = "Northside Compressor Service"   # on every report
timezone = "America/Chicago"
hours = { mon-fri = "07:00-18:00" }

[policy]
check_in_grace = "15m"

[[policy.override]]
when = { priority = ["1", "emergency"] }
check_in_grace = "5m"

[[technician]]
id = "T-07"
name = "J. Ortiz"
skills = ["dryer"]

[[feed]]
name = "today"
kind = "csv"
path = "exports/*.csv"
profile = "northside"

[profile.northside]
timezone = "America/Chicago"

[[channel]]
name = "ops-slack"
platform = "slack"
webhook_url = "env:SLACK"

[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "env:PD"

[[route]]
when = { kind = ["late_check_in"], severity = "warning+" }
channels = ["ops-slack"]

[[route]]
when = { severity = "high+" }
channels = ["pager"]
after = "10m"
repeat = "30m"

[[quiet]]
hours = { mon-sun = "22:00-06:00" }
channels = ["ops-slack"]
"""
ENVIRONMENT = {
    "SLACK": "https://hooks.slack.com/services/T0/B0/abcdefghijklmnopqrstuvwx",
    "PD": "0123456789abcdef0123456789abcdef",
}
