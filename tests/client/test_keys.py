"""What the package takes from the answer of a portal."""

from __future__ import annotations

from typing import Any

from lakewarden.keys import FORMATS, key_in

ANSWER: dict[str, Any] = {
    "AccessKeyId": "AKIA",
    "SecretAccessKey": "secret",
    "Token": "token",
    "Expiration": "2026-11-20T14:47:38Z",
    "Endpoint": "https://lake.example.org",
    "Region": "us-east-1",
    "Places": ["s3://rocks/wells/v1/"],
}
WHERE = {"AWS_ENDPOINT_URL": "https://lake.example.org", "AWS_DEFAULT_REGION": "us-east-1"}


def test_of_the_variables_that_a_portal_tells_those_that_are_known_are_taken() -> None:
    checksums = {"AWS_REQUEST_CHECKSUM_CALCULATION": "WHEN_REQUIRED"}
    told = {**WHERE, **checksums, "LD_PRELOAD": "x.so", "AWS_CONFIG_FILE": "config", "PATH": "bin"}
    key = key_in({**ANSWER, "Surroundings": told})
    assert key.surroundings == {**WHERE, **checksums}
    assert "export AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED" in FORMATS["env"](key)


def test_a_portal_that_tells_none_is_understood() -> None:
    assert key_in(ANSWER).surroundings == WHERE
