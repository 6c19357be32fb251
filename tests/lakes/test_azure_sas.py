"""Signatures for a directory, against those of the service's own library; nothing is called.

The vectors were made by azure-storage-file-datalake 12.14.0, which speaks the version that is used here.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from apps.lakes.providers.azure.sas import VERSION, Signed, SigningKey, signature, string_to_sign
from apps.lakes.providers.secret import Secret

KEY = SigningKey(
    object_id="11111111-2222-3333-4444-555555555555",
    tenant_id="66666666-7777-8888-9999-000000000000",
    start="2026-01-01T00:00:00Z",
    expiry="2026-01-02T00:00:00Z",
    service="b",
    version="2022-11-02",
    value=Secret({"value": base64.b64encode(b"a key that signs, of 32 bytes...").decode()}),
)
READER = Signed(
    account="lakeaccount",
    container="lake-one",
    directory="ds/a",
    permissions="rl",
    start=datetime(2026, 1, 1, 8, tzinfo=UTC),
    expiry=datetime(2026, 1, 1, 9, tzinfo=UTC),
)
WRITER = replace(
    READER,
    directory="ds/a/b=1/x+y (1)!",
    permissions="racwdl",
    correlation="0b7e3c2a-0000-4000-8000-000000000001",
)
WHOLE = replace(READER, directory="")


@pytest.mark.parametrize(
    ("what", "signed"),
    [
        (READER, "IAgjrWEkIc1CPIL+9Wjyohz9jrqTykTeS0ya8a32T4Q="),
        (WRITER, "ko1GgQVJs061WHy2/mM+xw9eZoExefeZvv10ZfRsWqQ="),
        (WHOLE, "P/sqwY5hJpJKFB3JriE+dJbsYz9yMKCh5QRi4s/IWQU="),
    ],
)
def test_the_signature_is_that_of_the_services_own_library(what: Signed, signed: str) -> None:
    assert parse_qs(signature(what, KEY))["sig"] == [signed]


def test_the_address_says_what_was_signed_and_for_how_deep_a_directory() -> None:
    told = {name: values[0] for name, values in parse_qs(signature(WRITER, KEY)).items()}
    assert (told["sr"], told["sdd"], told["spr"], told["sv"]) == ("d", "4", "https", VERSION)
    assert (told["st"], told["se"]) == ("2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z")
    assert told["scid"] == WRITER.correlation
    assert (told["skoid"], told["skt"], told["ske"]) == (KEY.object_id, KEY.start, KEY.expiry)


def test_every_field_has_a_line_the_empty_ones_too() -> None:
    lines = string_to_sign(READER, KEY).split("\n")
    assert len(lines) == 24
    assert lines[3] == "/blob/lakeaccount/lake-one/ds/a"
    assert lines[14:17] == ["https", VERSION, "d"]


@pytest.mark.parametrize(
    "other",
    [
        replace(READER, directory="ds/ab"),
        replace(READER, directory="ds"),
        replace(READER, container="lake-two"),
        replace(READER, permissions="racwdl"),
        replace(READER, expiry=datetime(2026, 1, 1, 10, tzinfo=UTC)),
        replace(READER, account="another"),
        replace(READER, correlation="x"),
    ],
)
def test_whatever_differs_is_signed_otherwise(other: Signed) -> None:
    assert parse_qs(signature(other, KEY))["sig"] != parse_qs(signature(READER, KEY))["sig"]


def test_the_key_that_signs_does_not_show_itself() -> None:
    assert "YSBrZXk" not in repr(KEY)
    assert "a key that signs" not in repr(KEY)
