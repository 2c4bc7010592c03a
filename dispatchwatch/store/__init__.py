"""What is remembered: visits, alerts, owed messages and the audit trail, in one database.

The only layer that knows peewee and SQL. Values of the domain go in and come out; rows never leave. Everything that
must be true together is written in one `Database.transaction()`, which takes the write lock at once, so that the
audit chain has one order whoever writes. Nothing here assumes that this process wrote the last row.

SQLite by default; what is SQLite's own stands in `database.py` alone.
"""
