"""What a key opens at the real lake, and everything beside it that it does not."""

from __future__ import annotations

from typing import Any

import pytest

from apps.access.models import Grant
from apps.credentials.commands import Credential, take_credential
from tests.factories import lakes
from tests.factories.lakes import BUCKET, OTHER_BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

INSIDE = "ds/a/part.csv"
CONTENT = b"content of vault-one/ds/a/part.csv"


@pytest.fixture
def grant(place: Place) -> Grant:
    return lakes.grant(place, lakes.dataset(place, "ds/a/"))


@pytest.fixture
def taken(place: Place, grant: Grant) -> Credential:
    return take_credential(actor=place.scientist.actor, grant_id=grant.uid)


@pytest.fixture
def reader(lake: DemoLake, taken: Credential) -> Any:
    return lake.session_client(taken.secret.reveal())


def test_a_key_lists_and_gets_what_the_grant_covers(reader: Any) -> None:
    listed = reader.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/")["Contents"]
    assert [each["Key"] for each in listed] == ["ds/a/deep/part.csv", INSIDE]
    assert reader.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read() == CONTENT


@pytest.mark.parametrize(
    ("bucket", "key"),
    [
        pytest.param(BUCKET, "ds/b/part.csv", id="a sibling"),
        pytest.param(BUCKET, "ds/ab/part.csv", id="a look-alike"),
        pytest.param(BUCKET, "ds/top.csv", id="the parent"),
        pytest.param(OTHER_BUCKET, INSIDE, id="the same place in another bucket"),
    ],
)
def test_a_key_gets_nothing_beside_its_prefix(reader: Any, bucket: str, key: str) -> None:
    assert reader.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read()
    assert is_denied(lambda: reader.get_object(Bucket=bucket, Key=key))
    assert is_denied(lambda: reader.head_object(Bucket=bucket, Key=key))


@pytest.mark.parametrize(
    ("bucket", "prefix"),
    [
        pytest.param(BUCKET, "ds/b/", id="a sibling"),
        pytest.param(BUCKET, "ds/ab/", id="a look-alike"),
        pytest.param(BUCKET, "ds/a", id="the prefix without its slash"),
        pytest.param(BUCKET, "ds/", id="the parent"),
        pytest.param(BUCKET, "", id="the whole bucket"),
        pytest.param(OTHER_BUCKET, "ds/a/", id="the same place in another bucket"),
    ],
)
def test_a_key_lists_nothing_beside_its_prefix(reader: Any, bucket: str, prefix: str) -> None:
    assert reader.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/")["KeyCount"] == 2
    assert is_denied(lambda: reader.list_objects_v2(Bucket=bucket, Prefix=prefix))


def test_a_key_to_read_neither_writes_nor_deletes(reader: Any) -> None:
    assert is_denied(lambda: reader.put_object(Bucket=BUCKET, Key="ds/a/new.csv", Body=b"x"))
    assert is_denied(lambda: reader.put_object(Bucket=BUCKET, Key=INSIDE, Body=b"x"))
    assert is_denied(lambda: reader.delete_object(Bucket=BUCKET, Key=INSIDE))
    assert is_denied(lambda: reader.create_multipart_upload(Bucket=BUCKET, Key="ds/a/new.csv"))
    assert reader.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read() == CONTENT


def test_a_key_to_read_copies_neither_in_nor_out(reader: Any) -> None:
    inside, outside = {"Bucket": BUCKET, "Key": INSIDE}, {"Bucket": BUCKET, "Key": "ds/b/part.csv"}
    assert is_denied(lambda: reader.copy_object(Bucket=BUCKET, Key="ds/a/copy.csv", CopySource=outside))
    assert is_denied(lambda: reader.copy_object(Bucket=BUCKET, Key="ds/b/copy.csv", CopySource=inside))
    assert is_denied(lambda: reader.copy_object(Bucket=BUCKET, Key="ds/a/copy.csv", CopySource=inside))


def test_a_key_to_write_copies_nothing_over_its_border(place: Place, lake: DemoLake) -> None:
    grant = lakes.grant(place, lakes.dataset(place, "own/w/"), actions=("read", "write"))
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    writer = lake.session_client(taken.secret.reveal())
    writer.put_object(Bucket=BUCKET, Key="own/w/kept.csv", Body=b"kept")
    inside, outside = {"Bucket": BUCKET, "Key": "own/w/kept.csv"}, {"Bucket": BUCKET, "Key": "ds/b/part.csv"}
    writer.copy_object(Bucket=BUCKET, Key="own/w/copy.csv", CopySource=inside)
    assert is_denied(lambda: writer.copy_object(Bucket=BUCKET, Key="own/w/in.csv", CopySource=outside))
    assert is_denied(lambda: writer.copy_object(Bucket=BUCKET, Key="ds/b/out.csv", CopySource=inside))
    assert is_denied(lambda: writer.copy_object(Bucket=OTHER_BUCKET, Key="own/w/x", CopySource=inside))
    assert is_denied(lambda: writer.delete_object(Bucket=BUCKET, Key="ds/b/part.csv"))


def test_a_key_takes_no_further_key(lake: DemoLake, taken: Credential, place: Place) -> None:
    session = lake.session_client(taken.secret.reveal(), "sts")
    asked = {"RoleArn": place.lake.role_arn, "RoleSessionName": "again", "ExternalId": place.lake.external_id}
    assert is_denied(lambda: session.assume_role(**asked))


def test_the_lease_says_what_the_key_opens(place: Place, grant: Grant, taken: Credential) -> None:
    scopes = [(s.version_id, s.bucket, s.prefix, s.access) for s in taken.lease.scopes.all()]
    assert scopes == [(grant.version_id, BUCKET, "ds/a/", "read")]
    assert taken.lease.state == "issued"
    assert (taken.lease.person_id, taken.lease.account_id) == (
        place.scientist.person.pk,
        place.scientist.account.pk,
    )
