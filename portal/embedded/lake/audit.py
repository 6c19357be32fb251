"""One row for every request, written before the answer leaves. No row, no answer.

Of the query a row holds the prefix of a listing and no more, and never a header or a body: presigned
addresses carry tokens in their query.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Row:
    """`identity` is the duty of a standing key or the role of a session; `outcome` is `allowed` or a code.
    `prefix` is what a listing asked for; `sent` and `received` are the bytes of the bodies."""

    at: datetime
    request_id: str
    identity: str
    session: str
    operation: str
    bucket: str
    key: str
    prefix: str
    status: int
    outcome: str
    sent: int
    received: int


class AuditFile:
    """JSON lines, appended whole: one write each, so that lines of two threads never mix."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, row: Row) -> None:
        """Raises: OSError where the row cannot be kept."""
        stamp = row.at.astimezone(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({**asdict(row), "at": stamp}).encode() + b"\n"
        with self._lock:
            if os.write(self._descriptor, line) != len(line):
                raise OSError("The audit row was cut short.")

    def close(self) -> None:
        os.close(self._descriptor)
