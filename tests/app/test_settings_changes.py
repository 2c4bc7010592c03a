"""What differs between two configurations, as it may be recorded."""

from __future__ import annotations

import tomllib

from dispatchwatch.app.settings.changes import HIDDEN, Change, changes

BEFORE = """
[policy]
check_in_grace = "15m"
[[channel]]
name = "ops"
platform = "pagerduty"
routing_key = "the old secret"
[[channel]]
name = "slack"
platform = "slack"
webhook_url = "keyring:"
[[route]]
channels = ["ops"]
[[feed]]
name = "web"
kind = "json"
url = "https://x.example/?key=old-secret"
headers = { X-Key = "old secret" }
auth = { kind = "basic", user = "me", password = "old secret" }
"""


def test_the_keys_that_differ_are_named_with_what_stood_there() -> None:
    after = BEFORE.replace("15m", "5m").replace('["ops"]', '["ops", "slack"]') + '[office]\nname = "North"\n'
    assert changes(tomllib.loads(BEFORE), tomllib.loads(after)) == (
        Change("policy.check_in_grace", "15m", "5m"),
        Change("route 1.channels", '["ops"]', '["ops", "slack"]'),
        Change("office.name", "", "North"),
    )
    assert changes(tomllib.loads(BEFORE), tomllib.loads(BEFORE)) == ()


def test_an_entry_that_moved_is_the_same_entry() -> None:
    before, after = tomllib.loads(BEFORE), tomllib.loads(BEFORE)
    after["channel"].reverse()
    assert changes(before, after) == ()
    del after["channel"][0]
    assert {one.key for one in changes(before, after)} == {
        "channel “slack”.name",
        "channel “slack”.platform",
        "channel “slack”.webhook_url",
    }


def test_no_secret_is_ever_said() -> None:
    after = BEFORE.replace("old", "new").replace('webhook_url = "keyring:"', 'webhook_url = "env:HOOK"')
    after += '[made.up]\nkey = "new secret"\n[[made_up_too]]\nx = "new secret"\n'
    found = changes(tomllib.loads(BEFORE), tomllib.loads(after))
    assert {one.key: (one.before, one.after) for one in found} == {
        "channel “ops”.routing_key": (HIDDEN, HIDDEN),
        "channel “slack”.webhook_url": ("keyring:", "env:HOOK"),
        "feed “web”.url": (HIDDEN, HIDDEN),
        "feed “web”.headers.X-Key": (HIDDEN, HIDDEN),
        "feed “web”.auth.password": (HIDDEN, HIDDEN),
        "made.up.key": ("", HIDDEN),
        "made_up_too 1.x": ("", HIDDEN),
    }
