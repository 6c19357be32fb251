"""To whom the portal shows what it proves itself with at a cloud: to hosts of that cloud, and to none that an
administrator makes up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from apps.kernel.errors import InvalidInput
from apps.kernel.outbound import Outbound
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor, Provider
from apps.lakes.providers.registry import TRAITS, expect_sound_connection
from tests.lab.azure import AzureHouse
from tests.lab.google import POOL, GoogleHouse, a_key
from tests.lakes.conftest import BUCKET, spec_for
from tests.lakes.test_traits import example_of

ELSEWHERE = "https://lake.example.org"
REFS = {Flavor.GCS: "GOOGLE", Flavor.AZURE: "AZURE"}
ADDRESSES = [
    (Flavor.GCS, "endpoint"),
    (Flavor.GCS, "sts_endpoint"),
    (Flavor.GCS, "iam_endpoint"),
    (Flavor.AZURE, "endpoint"),
    (Flavor.AZURE, "sts_endpoint"),
]


def connected(flavor: Flavor, **addresses: str) -> ConnectionSpec:
    changes: dict[str, Any] = dict(addresses)
    if flavor is Flavor.AZURE:
        changes["options"] = {"tenant": "research.onmicrosoft.com", "account": "lakeaccount"}
    roots = (StorageRoot(bucket=BucketName(text=BUCKET)),)
    return replace(example_of(flavor), roots=roots, **changes)


def providers(flavor: Flavor) -> list[Provider]:
    """One with a key that is kept, and one for whose workload its platform vouches."""
    if flavor is Flavor.AZURE:
        azure = AzureHouse()
        return [TRAITS[flavor].adapter(azure.secrets(SECRET=secret)) for secret in ("kept", "eyJ.eyJ.x")]
    public, file = a_key()
    google = GoogleHouse(public=public, file=file)
    return [
        TRAITS[flavor].adapter(google.secrets()),
        TRAITS[flavor].adapter(google.secrets(google.workload_token(), POOL)),
    ]


@pytest.mark.parametrize(("flavor", "place"), ADDRESSES)
def test_a_connection_to_a_cloud_names_hosts_of_that_cloud(flavor: Flavor, place: str) -> None:
    expect_sound_connection(connected(flavor))
    host = str(getattr(example_of(flavor), place)).removeprefix("https://")
    for given in (ELSEWHERE, f"https://{host}.example.org", f"https://evil-{host.replace('.', '-')}.com"):
        with pytest.raises(InvalidInput) as refused:
            expect_sound_connection(connected(flavor, **{place: given}))
        (reason,) = refused.value.reasons
        assert (reason.code, reason.field) == ("LAKE_ENDPOINT_NOT_OF_CLOUD", place)
        assert given.endswith(str(reason.facts["host"]))


@pytest.mark.parametrize(("flavor", "place"), ADDRESSES)
def test_no_other_host_is_shown_anything_also_where_a_connection_names_it_already(
    flavor: Flavor, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Outbound, "send", lambda _self, url, **_given: asked.append(url))
    connection = replace(connected(flavor, **{place: ELSEWHERE}), secret_ref=REFS[flavor])
    for provider in providers(flavor):
        for use in (
            lambda each=provider: each.verify_connection(connection),
            lambda each=provider: each.issue(spec_for(connection, "ds/a/")),
        ):
            with pytest.raises(InvalidInput) as refused:
                use()
            assert refused.value.code == "LAKE_ENDPOINT_NOT_OF_CLOUD"
    assert asked == []


@pytest.mark.parametrize(("flavor", "place"), ADDRESSES)
def test_an_origin_that_the_operator_named_may_be_used(flavor: Flavor, place: str, settings: Any) -> None:
    settings.OUTBOUND_INSIDE = [ELSEWHERE]
    expect_sound_connection(connected(flavor, **{place: ELSEWHERE}))
    with pytest.raises(InvalidInput):
        expect_sound_connection(connected(flavor, **{place: f"{ELSEWHERE}:8443"}))


@pytest.mark.parametrize(
    ("flavor", "place", "address"),
    [
        (Flavor.GCS, "endpoint", "https://storage.europe-west3.rep.googleapis.com"),
        (Flavor.GCS, "endpoint", "https://storage-door.p.googleapis.com"),
        (Flavor.GCS, "sts_endpoint", "https://sts-door.p.googleapis.com"),
        (Flavor.AZURE, "endpoint", "https://lakeaccount.z00.blob.storage.azure.net"),
        (Flavor.AZURE, "endpoint", "https://lakeaccount.blob.core.usgovcloudapi.net"),
        (Flavor.AZURE, "sts_endpoint", "https://login.microsoftonline.us"),
    ],
)
def test_regions_and_private_doors_of_a_cloud_are_its_own(flavor: Flavor, place: str, address: str) -> None:
    expect_sound_connection(connected(flavor, **{place: address}))
