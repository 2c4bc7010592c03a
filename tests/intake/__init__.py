"""How sources of the schedule are read."""
