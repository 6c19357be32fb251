"""Which addresses a lake connection may name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from apps.kernel.errors import InvalidInput
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.origin import check_endpoint
from apps.lakes.providers.registry import provider_for
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.endpoint import checked_connection, iam_endpoint, sts_endpoint
from apps.lakes.providers.s3.flavors import OPTIONS
from tests.lakes.test_session_policy import a_connection


@pytest.mark.parametrize(
    "address",
    [
        "https://lake.example.org",
        "https://lake.example.org:8443",
        "https://lake.example.org/",
        "https://10.1.2.3",
        "https://127.0.0.1:9000",
    ],
)
def test_sound_endpoints_are_taken(address: str) -> None:
    check_endpoint(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"])
def test_plain_http_on_the_loopback_is_for_the_demo_lake_and_where_the_operator_says_so(
    address: str, settings: Any
) -> None:
    check_endpoint(address, needs_loopback=True)
    for flavor in set(OPTIONS) - {Flavor.DEMO}:
        with pytest.raises(InvalidInput) as refusal:
            checked_connection(replace(a_connection(), flavor=flavor, endpoint=address))
        assert refusal.value.code == "LAKE_ENDPOINT_NOT_HTTPS"
    settings.LAKES_ON_LOOPBACK = True
    checked_connection(replace(a_connection(), flavor=Flavor.CEPH, endpoint=address))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://lake.example.org", "LAKE_ENDPOINT_NOT_HTTPS"),
        ("ftp://lake.example.org", "LAKE_ENDPOINT_NOT_HTTPS"),
        ("http://127.0.0.1.example.org", "LAKE_ENDPOINT_NOT_HTTPS"),
        ("https://user:word@lake.example.org", "LAKE_ENDPOINT_MALFORMED"),
        ("https://lake.example.org/path", "LAKE_ENDPOINT_MALFORMED"),
        ("https://lake.example.org?x=1", "LAKE_ENDPOINT_MALFORMED"),
        ("https://lake.example.org:99999", "LAKE_ENDPOINT_MALFORMED"),
        ("lake.example.org", "LAKE_ENDPOINT_MALFORMED"),
        ("", "LAKE_ENDPOINT_MALFORMED"),
        ("https://169.254.169.254", "LAKE_ENDPOINT_ADDRESS"),
        ("https://[fe80::1]", "LAKE_ENDPOINT_ADDRESS"),
        ("https://[::ffff:169.254.169.254]", "LAKE_ENDPOINT_ADDRESS"),
        ("https://0.0.0.0", "LAKE_ENDPOINT_ADDRESS"),
        ("https://224.0.0.1", "LAKE_ENDPOINT_ADDRESS"),
        ("http://0x7f000001", "LAKE_ENDPOINT_ADDRESS"),
        ("https://2852039166", "LAKE_ENDPOINT_ADDRESS"),
    ],
)
def test_other_endpoints_are_refused_with_a_reason(address: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_endpoint(address)
    assert caught.value.code == code


def test_the_demo_lake_stands_on_the_loopback_only() -> None:
    far = replace(a_connection(), flavor=Flavor.DEMO, endpoint="https://lake.example.org")
    with pytest.raises(InvalidInput) as caught:
        checked_connection(far)
    assert caught.value.code == "LAKE_ENDPOINT_NOT_LOOPBACK"


@pytest.mark.parametrize("place", ["sts_endpoint", "iam_endpoint"])
def test_the_other_endpoints_are_checked_too(place: str) -> None:
    changes: dict[str, str] = {place: "http://sts.example.org"}
    with pytest.raises(InvalidInput) as caught:
        checked_connection(replace(a_connection(), **changes))  # type: ignore[arg-type]
    assert caught.value.reasons[0].field == place


def test_aws_is_asked_at_its_own_addresses_and_the_others_at_one() -> None:
    aws, ceph = (
        a_connection(),
        replace(a_connection(), flavor=Flavor.CEPH, endpoint="https://lake.example.org"),
    )
    assert sts_endpoint(aws) == "https://sts.eu-central-1.amazonaws.com"
    assert iam_endpoint(aws) == "https://iam.amazonaws.com"
    assert sts_endpoint(ceph) == iam_endpoint(ceph) == "https://lake.example.org"


@pytest.mark.parametrize(
    "arn", ["", "lakewarden", "arn:aws:iam::1:user/x", "arn:aws:iam::1:role/", "arn:aws:iam::1:role/a*"]
)
def test_a_malformed_role_is_refused(arn: str) -> None:
    with pytest.raises(InvalidInput):
        checked_connection(replace(a_connection(), role_arn=arn))


@pytest.mark.parametrize("reference", ["", "lower", "1ST", "A-B", "A" * 41, "PATH=X"])
def test_a_malformed_secret_reference_is_refused(reference: str) -> None:
    with pytest.raises(InvalidInput):
        replace(a_connection(), secret_ref=reference)


@pytest.mark.parametrize("flavor", list(OPTIONS))
def test_one_adapter_serves_every_flavor_of_s3(flavor: Flavor) -> None:
    connection: ConnectionSpec = replace(a_connection(), flavor=flavor)
    assert isinstance(provider_for(connection), S3Provider)


def test_one_adapter_serves_all_who_share_a_source_of_secrets() -> None:
    source = EnvironmentSecrets({})
    first, second = (provider_for(a_connection(), secrets=source) for _ in range(2))
    assert first is second
    assert first is not provider_for(a_connection(), secrets=EnvironmentSecrets({}))


@pytest.mark.parametrize("region", ["", "evil.example/", "a@b", "-", "a" * 41, "ü"])
def test_a_region_that_could_lead_elsewhere_is_refused(region: str) -> None:
    """On AWS the region is a part of the host that is sent the issuer's signature."""
    with pytest.raises(InvalidInput) as refusal:
        checked_connection(replace(a_connection(), flavor=Flavor.AWS, region=region))
    assert refusal.value.reasons[0].field == "region"


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "default", "site_2"])
def test_regions_as_servers_name_them_are_taken(region: str) -> None:
    checked_connection(replace(a_connection(), region=region))


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wrong = replace(a_connection(), endpoint="https://169.254.169.254", region="a/b", role_arn="nobody")
    with pytest.raises(InvalidInput) as refusal:
        checked_connection(wrong)
    assert [reason.field for reason in refusal.value.reasons] == ["endpoint", "region", "role_arn"]
