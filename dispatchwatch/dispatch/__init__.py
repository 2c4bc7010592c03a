"""How to tell a platform. No storage, no clock, no Qt.

`platforms` holds what an alert becomes on each, `accounts` what is behind it: settings, signing in, choosing, hearing.
"""
