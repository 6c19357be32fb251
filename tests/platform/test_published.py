"""Whoever verifies evidence needs no account: keys and script are there for anybody, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.access.queries import evidence_keys
from apps.kernel.signatures import public_keys, sign

KEYS = "/.well-known/lakewarden/evidence-keys.json"
SCRIPT = "/.well-known/lakewarden/verify_pack.py"
ROOT = Path(__file__).resolve().parents[2]


def test_the_keys_are_given_to_anybody_and_may_be_kept_for_an_hour(client: Client) -> None:
    answer = client.get(KEYS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert [key["hex"] for key in answer.json()["keys"]] == [key.hex for key in evidence_keys()]
    assert set(answer.json()["keys"][0]) == {"hex", "sha256", "is_current"}
    again = client.get(KEYS, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.post(KEYS).status_code == 405


def test_the_key_given_verifies_what_is_signed_and_the_secret_is_not_told(
    client: Client, settings: Any
) -> None:
    told = client.get(KEYS)
    assert sign(b"x", use="evidence packs").key.hex == told.json()["keys"][0]["hex"]
    assert settings.SECRET_KEY not in told.content.decode()


def test_an_earlier_key_stays_published_and_another_tag_is_given(client: Client, settings: Any) -> None:
    before = client.get(KEYS)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret key " * 4
    after = client.get(KEYS)
    assert [key["is_current"] for key in after.json()["keys"]] == [True, False]
    assert after.json()["keys"][1]["hex"] == before.json()["keys"][0]["hex"]
    assert after.headers["ETag"] != before.headers["ETag"]
    assert len(public_keys(use="evidence packs")) == 2


def test_the_script_given_is_the_one_that_ships(client: Client) -> None:
    answer: Any = client.get(SCRIPT)
    assert b"".join(answer.streaming_content) == (ROOT / "docs" / "verify_pack.py").read_bytes()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="verify_pack.py"'
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("address", ["/.well-known/", "/.well-known/lakewarden/", "/api/v1/evidence-keys"])
def test_nothing_beside_them_is_given_without_signing_in(address: str, client: Client) -> None:
    assert client.get(address).status_code in {401, 404}
