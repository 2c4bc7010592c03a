"""What the program does, free of any window.

`compose.py` builds everything from a configuration; `engine.py` is the loop it lives on, headless or under a window
alike. One look at the schedule is `watch.py`; what is owed for it is `owing.py`; sending it is `delivery.py`; what a
person may do is `desk.py`, the same for the window and the command line. The database is where they all meet, so a
command in another process reaches the running engine within a second.
"""
