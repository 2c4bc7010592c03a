"""The page of what was sent: one card per channel, and every message."""
