"""Logs that a server writes into a socket: nothing of them can be read twice."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

from apps.lakes.providers.logs import LogKind, lines_told_by
from tests.lakes.test_logs import line, of_ceph


def test_a_socket_is_read_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "ops.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            caller, _address = server.accept()
            with caller:
                caller.sendall(b"[" + line(of_ceph()) + b",\n" + line(of_ceph(sts_info=None)) + b",\nnoise\n")

        thread = threading.Thread(target=serve)
        thread.start()
        batches = list(lines_told_by(path, LogKind.RGW))
        thread.join()
    found = [touch for batch in batches for touch in batch.touches]
    assert [touch.key for touch in found] == ["ds/a/part.csv"]
    assert sum(batch.others for batch in batches) == sum(batch.unreadable for batch in batches) == 1


def test_whoever_stops_reading_a_socket_keeps_what_was_told_by_then(tmp_path: Path) -> None:
    path = tmp_path / "ops.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        told, asked = threading.Event(), []

        def serve() -> None:
            caller, _address = server.accept()
            with caller:
                caller.sendall(line(of_ceph()) + b"\n" + line(of_ceph()) + b"\n")
                told.set()
                caller.recv(1)

        def goes_on() -> bool:
            asked.append(told.wait())
            return False

        thread = threading.Thread(target=serve)
        thread.start()
        batches = list(lines_told_by(path, LogKind.RGW, goes_on))
        thread.join()
    assert len(asked) == 1
    assert [len(batch.touches) for batch in batches] == [2]
