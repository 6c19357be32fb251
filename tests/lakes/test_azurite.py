"""Signatures of the house on the emulator of Azure Storage: who gets in, where, what for, and how long.

It knows signatures for containers and none for directories; those are held against the vectors of the
service's own library. It asks for a token before it gives a key that signs, as the service does.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from apps.kernel.errors import ProviderFailure
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.azure.account import address_of
from apps.lakes.providers.azure.adapter import AzureProvider
from apps.lakes.providers.azure.probes import SasAsker
from apps.lakes.providers.azure.sas import VERSION, Signed, signature
from apps.lakes.providers.azure.signing_keys import SigningKeys
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.web import Answered, ask
from tests.eventually import eventually
from tests.lab.azure import AzureHouse
from tests.lab.azurite import ACCOUNT, running_azurite
from tests.lab.cloud import Answer, Asked, serving
from tests.lakes.conftest import BUCKET, INSIDE, OTHER_BUCKET, spec_for

CLAIMS = {
    "aud": "https://storage.azure.com",
    "iss": "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/",
    "oid": "11059fcc-5514-4800-b5f8-49808b9cfab6",
    "tid": "ab1f708d-50f6-404c-a006-d71b2ac7a606",
}
ALLOWED, DENIED = "allowed", "denied"


def token(**claims: Any) -> str:
    """Nobody signed it: the emulator reads the claims alone."""
    now = int(time.time())
    told = {**CLAIMS, "iat": now - 60, "nbf": now - 60, "exp": now + 3600, **claims}
    parts = ({"typ": "JWT", "alg": "RS256"}, told)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*coded, "c2lnbmVk"])


@dataclass
class Emulator:
    origin: str
    trust: Path
    tenant: str
    house: AzureHouse

    def connection(self) -> ConnectionSpec:
        options = {"tenant": "tenant.example.org", "account": ACCOUNT}
        roots = (StorageRoot(bucket=BucketName(text=BUCKET)),)
        return self.house.connection(
            endpoint=self.origin, sts_endpoint=self.tenant, options=options, roots=roots
        )

    def signed(self, **changes: Any) -> Signed:
        now = datetime.now(UTC)
        made = Signed(
            account=ACCOUNT,
            container=BUCKET,
            directory="",
            permissions="rl",
            start=now - timedelta(minutes=5),
            expiry=now + timedelta(minutes=5),
        )
        return replace(made, **changes)

    def asker(self, **changes: Any) -> SasAsker:
        keys = SigningKeys(self.house.secrets(), lambda: datetime.now(UTC))
        connection = self.connection()
        key = keys.key(connection, until=datetime.now(UTC) + timedelta(minutes=5))
        return SasAsker(address=address_of(connection), signatures=(signature(self.signed(**changes), key),))

    def gets(self, asker: SasAsker, container: str, name: str) -> Answered:
        address = f"{asker.address}/{container}/{quote(name)}?{asker.signatures[0]}"
        return ask("use", address, method="GET", headers={"x-ms-version": VERSION})


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    def tells_who(asked: Asked) -> Answer:
        return 200, json.dumps({"access_token": token(), "expires_in": 3599}).encode()

    with running_azurite(tmp_path_factory.mktemp("azurite")) as (origin, trust), serving(tells_who) as tenant:
        yield Emulator(origin=origin, trust=trust, tenant=tenant, house=AzureHouse())


@pytest.fixture
def emulator(started: Emulator, settings: Any) -> Emulator:
    settings.LAKES_ON_LOOPBACK = True
    settings.OUTBOUND_INSIDE = [started.origin, started.tenant]
    settings.OUTBOUND_TRUST = str(started.trust)
    for container in (BUCKET, OTHER_BUCKET):
        headers = {"Authorization": f"Bearer {token()}", "x-ms-version": VERSION}
        address = f"{started.origin}/{ACCOUNT}/{container}?restype=container"
        assert ask("make", address, method="PUT", headers=headers).status in {201, 409}
        blob = {**headers, "x-ms-blob-type": "BlockBlob"}
        assert ask(
            "put", f"{started.origin}/{ACCOUNT}/{container}/{INSIDE}", method="PUT", body=b"x", headers=blob
        ).is_good
    return started


def test_a_signature_opens_its_container_and_no_other(emulator: Emulator) -> None:
    asker = emulator.asker()
    assert emulator.gets(asker, BUCKET, INSIDE).body == b"x"
    assert asker.lists(BUCKET, "ds/") == ALLOWED
    assert emulator.gets(asker, OTHER_BUCKET, INSIDE).status == 403
    assert asker.lists(OTHER_BUCKET, "ds/") == DENIED


def test_only_a_writer_writes_and_asking_leaves_nothing_behind(emulator: Emulator) -> None:
    assert emulator.asker().writes(BUCKET, "own/w/probe") == DENIED
    writer = emulator.asker(permissions="racwdl")
    assert writer.writes(BUCKET, "own/w/probe") == ALLOWED
    assert emulator.gets(writer, BUCKET, "own/w/probe").status == 404
    assert writer.writes(OTHER_BUCKET, "own/w/probe") == DENIED


def test_a_signature_opens_from_its_start_to_its_end(emulator: Emulator) -> None:
    now = datetime.now(UTC)
    assert emulator.asker(start=now + timedelta(minutes=1)).lists(BUCKET, None) == DENIED
    assert emulator.asker(expiry=now - timedelta(seconds=1)).lists(BUCKET, None) == DENIED
    short = emulator.asker(expiry=datetime.now(UTC) + timedelta(seconds=5))
    assert short.lists(BUCKET, None) == ALLOWED
    eventually(lambda: short.lists(BUCKET, None) == DENIED, within=20)


@pytest.mark.parametrize("part", ["sp=rl", f"sv={VERSION}", "sr=c", "skv="])
def test_whoever_alters_a_signature_is_refused(emulator: Emulator, part: str) -> None:
    asker = emulator.asker()
    (signed,) = asker.signatures
    assert part in signed
    altered = signed.replace(part, {"sp=rl": "sp=racwdl", "sr=c": "sr=b"}.get(part, f"{part}1"))
    assert replace(asker, signatures=(altered,)).lists(BUCKET, None) == DENIED


def test_a_directory_is_nothing_to_the_emulator(emulator: Emulator) -> None:
    """Control for what is not tried here: it refuses the kind of signature that keys are made of."""
    issued = AzureProvider(emulator.house.secrets()).issue(spec_for(emulator.connection(), "ds/a/"))
    parts = issued.secret.reveal()
    asker = SasAsker(address=parts["account_url"], signatures=(parts["sas_token"],))
    assert asker.lists(BUCKET, "ds/a/") == DENIED
    assert emulator.gets(asker, BUCKET, INSIDE).status == 403


def test_nobody_gets_a_key_that_signs_without_a_sound_token(emulator: Emulator) -> None:
    def runs_out(asked: Asked) -> Answer:
        return 200, json.dumps({"access_token": token(exp=int(time.time()) - 60)}).encode()

    with serving(runs_out) as tenant, pytest.MonkeyPatch.context() as patch:
        inside = [emulator.origin, emulator.tenant, tenant]
        patch.setattr("django.conf.settings.OUTBOUND_INSIDE", inside)
        connection = replace(emulator.connection(), sts_endpoint=tenant)
        with pytest.raises(ProviderFailure) as refused:
            AzureProvider(emulator.house.secrets()).issue(spec_for(connection, "ds/a/"))
    assert not refused.value.is_transient
    assert refused.value.reasons[0].facts["call"] == "GetUserDelegationKey"
