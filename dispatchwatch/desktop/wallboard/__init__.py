"""The board for a screen on the wall, read from five metres."""
