"""Faults that a person can do something about, as the layers above the store see them."""

from __future__ import annotations

from dispatchwatch.app.lock import AlreadyRunningError
from dispatchwatch.store.database import StoreError

PlainError = (StoreError, AlreadyRunningError)
"""Errors whose text is a whole sentence for people."""
