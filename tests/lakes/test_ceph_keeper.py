"""The lab's own promises: nothing of a gateway outlives its test run, and CI skips nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from portal.supervisor import process
from tests.eventually import eventually
from tests.lab.ceph import PROGRAMS, ROOT, missing_programs
from tests.real_parts import missing

pytestmark = pytest.mark.lake


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_daemons_end_with_their_keeper_however_it_ends(tmp_path: Path, number: signal.Signals) -> None:
    if absent := missing_programs():
        missing(", ".join(absent))
    command = [sys.executable, "-m", "tests.lab.ceph", str(tmp_path)]
    keeper = process.spawn(command, environment=os.environ, output=subprocess.DEVNULL, directory=str(ROOT))
    try:
        pid_file = tmp_path / "mon.a.pid"
        pid = int(eventually(lambda: pid_file.exists() and pid_file.read_text().strip(), within=60))
        monitor = psutil.Process(pid)
        keeper.send_signal(number)
        eventually(lambda: not monitor.is_running() or monitor.status() == psutil.STATUS_ZOMBIE)
        keeper.wait(timeout=15)
        assert tmp_path.exists() is (number == signal.SIGKILL)
    finally:
        process.stop(keeper, number=signal.SIGKILL, patience=5)


def test_missing_programs_are_skipped_with_their_names_and_fail_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert missing_programs() == PROGRAMS
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="radosgw"):
        missing(", ".join(missing_programs()))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="radosgw"):
        missing(", ".join(missing_programs()))
