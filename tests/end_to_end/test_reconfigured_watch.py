"""`watch` as a process: its configuration is changed by hand while it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.fakes.program import CONFIG, Program, minutes, row


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="the program is ended by a signal")
def test_watch_takes_a_changed_file_over_and_goes_on_with_the_old_one_where_it_can_not(tmp_path: Path) -> None:
    with Program(tmp_path, "") as program:
        program.write([row(1, minutes(-10))])
        program.start()
        program.wait_for(lambda event: event["event"] == "feed_ok")
        program.config.write_text(f'{CONFIG}[policy]\ncheck_in_grace = "soon"\n', encoding="utf-8")
        (refused,) = program.wait_for(lambda event: event["event"] == "configuration_refused")
        assert refused["problems"][0]["where"] == "policy.check_in_grace"
        assert not [event for event in program.events if event["event"] == "raised"]
        program.config.write_text(f'{CONFIG}[policy]\ncheck_in_grace = "5m"\n', encoding="utf-8")
        (changed,) = program.wait_for(lambda event: event["event"] == "configuration_changed")
        assert changed["changes"] == [{"key": "policy.check_in_grace", "before": "", "after": "5m"}]
        (raised,) = program.wait_for(lambda event: event["event"] == "raised")
        assert (raised["kind"], raised["job"]) == ("late_check_in", "J-1")
        assert program.stop() == 0
