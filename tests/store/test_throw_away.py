"""A database without a name: as good as any while it is open, and gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.store import open_store
from tests.fakes.office import minutes
from tests.store.samples import NOW, alert, entry


def test_it_does_all_that_a_store_does() -> None:
    store = open_store(None, NOW)
    with store.transaction():
        (kept,) = store.alerts.add([alert()])
        store.audit.append([entry()], NOW)
    assert store.alerts.unresolved() == [kept]
    assert store.alerts.save(kept, expected=AlertState.OPEN)
    assert store.alerts.raised_since(NOW - minutes(1)) == [(kept.kind, VisitKey(kept.feed, kept.ext_id), NOW)]
    assert store.alerts.raised_since(NOW) == []
    assert store.audit.verify() == (1, None)
    store.close()


def test_a_transaction_is_all_or_nothing_there_too() -> None:
    store = open_store(None, NOW)
    store.alerts.add([alert()])

    def breaks_off() -> None:
        with store.transaction():
            store.alerts.add([alert("J-2")])
            store.alerts.add([alert()])

    with pytest.raises(StoreError):
        breaks_off()
    assert [one.ext_id for one in store.alerts.unresolved()] == ["J-1042"]
    store.close()


def test_two_of_them_know_nothing_of_each_other_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = open_store(None, NOW), open_store(None, NOW)
    first.alerts.add([alert()])
    assert second.alerts.unresolved() == []
    first.close()
    second.close()
    assert list(tmp_path.iterdir()) == []
