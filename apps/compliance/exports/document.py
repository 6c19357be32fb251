"""The whole register as one JSON document, from which it can be restored: no keys of the database in it.

{"format": …, "keeper": …, one list of each section, "provenance": …}. The hash in `provenance` is of every
byte before the comma that leads to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from apps.compliance.exports.provenance import Hashed

FORMAT = "lakewarden register"
FORMAT_VERSION = 1
SECTIONS = ("assets", "purposes", "records", "activities", "named")


def write_document(
    keeper: Mapping[str, Any],
    as_of: str,
    sections: Iterable[tuple[str, Iterable[list[dict[str, Any]]]]],
    into: IO[bytes],
) -> tuple[int, str]:
    """Section by section, chunk by chunk. Answers with how many activities, and the hash."""
    hashed = Hashed(into)
    counted = 0
    hashed.write(b'{"format":' + packed(FORMAT) + b',"format_version":' + packed(FORMAT_VERSION))
    hashed.write(b',\n"as_of":' + packed(as_of) + b',\n"keeper":' + packed(keeper))
    for name, chunks in sections:
        hashed.write(b",\n" + packed(name) + b":[")
        before = b"\n"
        for chunk in chunks:
            for row in chunk:
                hashed.write(before + packed(row))
                before = b",\n"
            counted += len(chunk) if name == "activities" else 0
        hashed.write(b"]")
    return counted, hashed.sha256


def close_document(into: IO[bytes], told: Mapping[str, Any]) -> None:
    into.write(b',\n"provenance":' + packed(told) + b"}\n")


def packed(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
