"""What is true about a dispatch office's day.

Pure functions over frozen values: nothing here reads a clock, a file or a random number. `now` always comes
in as an argument, and every instant is an aware datetime in UTC. Local time exists only at the edges
(`calendars.py` turns it into instants, `wording.py` turns instants back into what a person reads).

The way through this layer: a `Snapshot` of a feed becomes `Watched` visits (`schedule.py`, `watched.py`), the
rules say which `Condition`s hold (`rules/`), and `alert.py` holds those against the open alerts.
"""
