"""Keys of lakes that are no S3, from the form of the connection to the page of the key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.roles import Role
from apps.console.probes import asked
from apps.console.snippets import program_of, renewing_of
from apps.credentials.commands import cut_grant
from apps.credentials.models import Lease
from apps.lakes.models import Lake
from tests.api.caller import Caller
from tests.credentials.test_container import ask
from tests.factories import accounts, lakes
from tests.factories.accounts import Player
from tests.lab.azure import ACCOUNT, CLIENT, CLIENT_SECRET, TENANT, AzureHouse, running_azure


@pytest.fixture(scope="module")
def running_house() -> Iterator[AzureHouse]:
    with running_azure() as house:
        house.containers = {lakes.BUCKET: {"ds/a/part.csv": b"x"}, lakes.OTHER_BUCKET: {}}
        yield house


@pytest.fixture
def house(running_house: AzureHouse, settings: Any) -> AzureHouse:
    settings.LAKES_ON_LOOPBACK = True
    settings.OUTBOUND_INSIDE = [running_house.origin]
    return running_house


@pytest.fixture
def at(db: None, house: AzureHouse, monkeypatch: pytest.MonkeyPatch) -> lakes.Place:
    place = lakes.place(
        flavor="azure",
        endpoint=house.origin,
        sts_endpoint=house.origin,
        region="",
        role_arn="",
        options={"tenant": TENANT, "account": ACCOUNT},
        secret_ref="RESEARCH",
    )
    start = f"LAKEWARDEN_LAKE_{place.organization.code.upper()}_RESEARCH_ISSUER"
    monkeypatch.setenv(f"{start}_KEY", CLIENT)
    monkeypatch.setenv(f"{start}_SECRET", CLIENT_SECRET)
    return place


def browser_of(player: Player) -> Client:
    client = Client()
    client.force_login(player.account, backend="apps.accounts.backends.AccountBackend")
    return client


def test_the_page_of_a_key_of_azure_shows_code_for_azure_and_says_that_it_lives_on(at: lakes.Place) -> None:
    grant = lakes.grant(at, lakes.dataset(at))
    page = browser_of(at.scientist).post(f"/my-access/{grant.uid}/key/", {"key": str(uuid4())})
    assert page.status_code == 201
    assert "no-store" in page.headers["Cache-Control"]
    for said in ("azure-storage-file-datalake", "DuckDB", "AzCopy", "abfss://vault-one@"):
        assert said in page.text
    assert "boto3" not in page.text and "AWS_" not in page.text
    lease = Lease.objects.get()
    assert (lease.role_arn, lease.address["options"]["tenant"]) == ("", TENANT)
    cut_grant(actor=at.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    lease.refresh_from_db()
    assert (lease.state, lease.revoke_effect) == ("outlives", "at_expiry")


def test_over_rest_its_parts_have_the_names_of_azure(at: lakes.Place) -> None:
    grant = lakes.grant(at, lakes.dataset(at))
    key = Caller(at.scientist.token).post(f"grants/{grant.uid}/credentials").json()
    assert (key["flavor"], set(key["parts"])) == ("azure", {"account_url", "sas_token"})
    assert {each["id"] for each in key["snippets"]} >= {"datalake", "duckdb", "env"}
    assert "sr=d&sdd=2" in key["parts"]["sas_token"]


def test_a_program_that_speaks_the_protocol_of_aws_is_refused_before_a_key_is_made(at: lakes.Place) -> None:
    grant = lakes.grant(at, lakes.dataset(at))
    answer = ask(at.scientist.token, grant=grant.uid)
    assert answer.status_code == 422
    assert "KEYS_NOT_SERVED" in answer.text
    assert not Lease.objects.exists()
    assert program_of(grant) == ""
    renewing = renewing_of(grant)
    assert "azure_credential" in renewing
    assert str(grant.asset.uid) in renewing


def test_the_test_of_a_connection_asks_step_by_step_in_words(at: lakes.Place, house: AzureHouse) -> None:
    client = browser_of(accounts.player(at.organization, Role.ADMINISTRATOR))
    page = client.post(f"/lakes/{at.lake.uid}/test/", follow=True)
    assert "The test passed" in page.text
    probes = page.context["probes"]
    assert len(probes) >= 9
    assert all(probe.meaning and not probe.remedy for probe in probes)
    wrong = house.provider(SECRET="another").verify_connection(replace(at.lake.spec(), secret_ref="AZURE"))
    told = asked(
        {"name": p.name, "expected": p.expected, "observed": p.observed, "passed": p.passed} for p in wrong
    )
    assert [probe.observed for probe in told] == ["AADSTS7000215"]
    assert "Take the value of the secret" in str(told[0].remedy)


def test_the_form_of_azure_asks_for_what_azure_has(db: None, house: AzureHouse) -> None:
    place = lakes.place()
    client = browser_of(accounts.player(place.organization, Role.ADMINISTRATOR))
    form = client.get("/lakes/new/?flavor=azure")
    assert {"endpoint", "tenant", "account", "sts_endpoint"} <= set(form.context["form"].fields)
    assert not {"role_arn", "region", "iam_endpoint"} & set(form.context["form"].fields)
    assert "Storage Blob Delegator" not in form.text and "aria-current" in form.text
    sent = {
        "name": "Azure lake",
        "flavor": "azure",
        "country": "DE",
        "endpoint": "https://lakeaccount.dfs.core.windows.net",
        "tenant": "",
        "roots": "research",
        "secret_ref": "AZURE",
        "key": str(uuid4()),
    }
    refused = client.post("/lakes/new/", sent)
    assert set(refused.context["form"].errors) == {"tenant"}
    again = client.post("/lakes/new/", {**sent, "tenant": "not a tenant"})
    assert set(again.context["form"].errors) == {"tenant", "endpoint"}
    assert again.text.count("is not the blob address of a storage account") >= 1
    right = {**sent, "tenant": TENANT, "endpoint": "https://lakeaccount.blob.core.windows.net"}
    assert client.post("/lakes/new/", right).status_code == 302
    lake = Lake.objects.get(name="Azure lake")
    assert (lake.options, lake.region, lake.role_arn) == ({"tenant": TENANT}, "", "")
    page = client.get(f"/lakes/{lake.uid}/")
    assert "Storage Blob Delegator" in page.text and "External ID" not in page.text
    assert "ADMIN_KEY" not in page.text and "up to 10" in page.text
    change = client.get(f"/lakes/{lake.uid}/change/").context["form"]
    given = {field.name: field.value() or "" for field in change}
    moved = client.post(f"/lakes/{lake.uid}/change/", {**given, "tenant": "other.example.org"})
    assert moved.status_code == 302
    lake.refresh_from_db()
    assert lake.options == {"tenant": "other.example.org"}
