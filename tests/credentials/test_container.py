"""Programs ask for their key again and again, by the protocol of container credentials: one is made, and the
same one is given until it ends soon or is cut."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.access.commands import suspend_grant
from apps.access.models import Grant
from apps.accounts.models import ApiToken
from apps.credentials.commands import cut_grant, revoke_lease, serve_credential
from apps.credentials.commands.serving import SERVED_FOR
from apps.credentials.models import Lease, SealedKey
from apps.credentials.tasks import reap
from apps.kernel.clock import database_now
from apps.kernel.sealing import seal_under, unseal_under
from tests.factories import accounts, lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

CONTAINER = "/credentials/v1/container"


def ask(token: str, **about: object) -> Any:
    """As an SDK does: the token as it stands."""
    return Client().get(CONTAINER, about, headers={"Authorization": token})


@pytest.fixture
def grant(place: Place) -> Grant:
    return lakes.grant(place, lakes.dataset(place))


def serve(place: Place, grant: Grant, bearer: str, at: datetime | None = None) -> Lease:
    token = ApiToken.objects.get(account=place.scientist.account)
    served = serve_credential(
        actor=place.scientist.actor, token_id=token.uid, bearer=bearer, grant_id=grant.uid, at=at
    )
    return served.lease


def test_a_program_is_given_a_key_in_the_form_its_sdk_reads(
    place: Place, grant: Grant, lake: DemoLake
) -> None:
    answer = ask(place.scientist.token, asset=grant.asset.uid)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    key = answer.json()
    lease = Lease.objects.get()
    ours = {name: key.pop(name) for name in ("Endpoint", "Region", "Places", "Surroundings")}
    assert ours == {
        "Endpoint": lease.lake.endpoint,
        "Region": lease.lake.region,
        "Places": [f"s3://{BUCKET}/ds/a/"],
        "Surroundings": {
            "AWS_ENDPOINT_URL": lease.lake.endpoint,
            "AWS_DEFAULT_REGION": lease.lake.region,
            "AWS_ALLOW_HTTP": "true",
        },
    }
    assert set(key) == {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}
    assert datetime.fromisoformat(key["Expiration"]) == lease.expires_at.replace(microsecond=0)
    parts = {
        "access_key_id": key["AccessKeyId"],
        "secret_access_key": key["SecretAccessKey"],
        "session_token": key["Token"],
        "endpoint": lease.lake.endpoint,
        "region": lease.lake.region,
    }
    client = lake.session_client(parts)
    assert client.get_object(Bucket=BUCKET, Key="ds/a/part.csv")["Body"].read()
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key="ds/b/part.csv"))


def test_the_same_key_is_given_again_and_counted_and_a_word_before_the_token_does_no_harm(
    place: Place, grant: Grant
) -> None:
    first = ask(place.scientist.token, grant=grant.uid).json()
    assert ask(f"Bearer {place.scientist.token}", grant=grant.uid).json() == first
    assert ask(place.scientist.token, asset=grant.asset.uid).json() == first
    lease = Lease.objects.get()
    assert lease.times_given == 3
    assert lease.given_at is not None and lease.issued_at is not None and lease.given_at > lease.issued_at


def test_a_kept_key_costs_few_statements(
    place: Place, grant: Grant, django_assert_max_num_queries: Any
) -> None:
    ask(place.scientist.token, grant=grant.uid)
    with django_assert_max_num_queries(9):
        ask(place.scientist.token, grant=grant.uid)


def test_another_token_of_the_same_person_has_a_key_of_its_own(place: Place, grant: Grant) -> None:
    other = accounts.token(place.scientist.account, "credentials")
    assert ask(other, grant=grant.uid).json() != ask(place.scientist.token, grant=grant.uid).json()
    assert Lease.objects.count() == 2


@pytest.mark.parametrize("left", ["enough", "too little"])
def test_a_key_that_ends_soon_gives_way_to_a_new_one(place: Place, grant: Grant, left: str) -> None:
    bearer = place.scientist.token
    first = serve(place, grant, bearer)
    assert first.expires_at - database_now() > 2 * SERVED_FOR
    spare = timedelta(seconds=5 if left == "enough" else -5)
    later = serve(place, grant, bearer, at=first.expires_at - SERVED_FOR - spare)
    assert (later.pk == first.pk) is (left == "enough")
    assert SealedKey.objects.get().lease == later


def test_a_key_that_was_cut_is_not_given_again(place: Place, grant: Grant) -> None:
    first = ask(place.scientist.token, grant=grant.uid).json()
    revoke_lease(actor=place.scientist.actor, lease_id=Lease.objects.get().uid)
    second = ask(place.scientist.token, grant=grant.uid).json()
    assert second["AccessKeyId"] != first["AccessKeyId"]
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    refused = ask(place.scientist.token, grant=grant.uid)
    assert refused.status_code == 409
    assert refused.json()["reasons"][0]["remedy"]
    reap()
    assert not SealedKey.objects.exists()


def test_a_grant_that_gives_nothing_now_gives_no_kept_key_either(place: Place, grant: Grant) -> None:
    """Its keys may still wait to be cut: what is kept is not handed out meanwhile."""
    ask(place.scientist.token, grant=grant.uid)
    suspend_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Looked into.")
    assert ask(place.scientist.token, grant=grant.uid).status_code == 409
    assert Lease.objects.get().state == "issued"


def test_what_is_kept_opens_with_the_token_alone(place: Place, grant: Grant) -> None:
    token = place.scientist.token
    key = ask(token, grant=grant.uid).json()
    kept = SealedKey.objects.get()
    use = f"key of lease {kept.lease.uid}"
    opened = unseal_under(token, bytes(kept.sealed), use=use)
    assert opened is not None
    assert opened["secret_access_key"] == key["SecretAccessKey"]
    digest = ApiToken.objects.get(account=place.scientist.account).digest
    for wrong in (digest, token[:-1], ""):
        assert unseal_under(wrong, bytes(kept.sealed), use=use) is None
    assert unseal_under(token, bytes(kept.sealed), use="another") is None
    assert seal_under(token, opened, use=use) != bytes(kept.sealed)


def test_a_kept_key_that_the_token_does_not_open_is_made_anew(place: Place, grant: Grant) -> None:
    first = ask(place.scientist.token, grant=grant.uid).json()
    SealedKey.objects.update(sealed=b"not this")
    assert ask(place.scientist.token, grant=grant.uid).json() != first


@pytest.mark.parametrize(
    ("about", "status"),
    [({}, 400), ({"grant": "x"}, 400), ({"grant": "01890000-0000-7000-8000-000000000000"}, 404)],
)
def test_what_is_not_named_or_not_there_is_told(place: Place, about: dict[str, object], status: int) -> None:
    assert ask(place.scientist.token, **about).status_code == status


def test_both_a_grant_and_an_asset_are_one_too_many(place: Place, grant: Grant) -> None:
    answer = ask(place.scientist.token, grant=grant.uid, asset=grant.asset.uid)
    assert (answer.status_code, answer.json()["code"]) == (400, "GRANT_OR_ASSET")


def test_whoever_has_no_grant_for_the_asset_finds_nothing(place: Place, grant: Grant) -> None:
    there, nowhere = (ask(place.owner.token, asset=asset) for asset in (grant.asset.uid, grant.uid))
    assert (there.status_code, there.json()["code"]) == (404, "NO_GRANT")
    assert there.json()["reasons"] == nowhere.json()["reasons"]
    assert not Lease.objects.exists()


def test_a_token_needs_the_scope_of_keys_and_no_other(place: Place, grant: Grant) -> None:
    reads = accounts.token(place.scientist.account, "read", "write")
    keys = accounts.token(place.scientist.account, "credentials")
    assert ask(reads, grant=grant.uid).status_code == 403
    assert ask(keys, grant=grant.uid).status_code == 200
    assert ask("lkw_nonsense", grant=grant.uid).status_code == 401
