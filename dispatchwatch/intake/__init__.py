"""Where the schedule comes from: every source is read here, once, into `domain` values.

A `Feed` (`feed.py`) turns its source into a `Snapshot`. What all sources of rows have in common lies beside it:
a `Table` of text cells (`table.py`), the `ProfileConfig` that says what its columns and words mean
(`profile.py`), and `read_table` (`reading.py`), which turns each row into a `Visit` or into a `RowProblem` that
says why not. No row is ever dropped silently, and a bad one costs none of the good ones beside it. Only CSV
files know of bytes, encodings and quotes (`csv_feed.py`, `decoding.py`, `delimited.py`).

A new feed is one file with a `FeedConfig` of its own, whose `open` returns the feed, and one line in `catalog.py`.
A source of rows fills a `Table` and calls `read_table`; any other source builds its visits itself.

This layer imports `domain` and nothing else of the program. It never reads the clock: `now` comes in.
"""
