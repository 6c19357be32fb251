"""What a key opens and what stays shut on a real Ceph gateway: the whole matrix, and that it can turn red."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random, random
from typing import Any
from uuid import uuid4

import pytest

from apps.kernel.errors import ProviderFailure
from apps.lakes.prefix import BucketName, StoragePrefix
from apps.lakes.providers.contract import Access, Scope
from apps.lakes.providers.s3.session_policy import session_policy
from tests.lab.ceph import ROLE_ARN, Ceph
from tests.lakes import pairs
from tests.lakes.conftest import scope_at, spec_for
from tests.lakes.matrix import (
    ALLOWED,
    DENIED,
    OBJECTS,
    Call,
    Trial,
    found,
    inside,
    observed,
    outside,
    writing,
)
from tests.lakes.oracle import Asked
from tests.lakes.refusals import is_denied, refusal_of
from tests.lakes.test_pairs import oracle

pytestmark = pytest.mark.lake
LEAST_OPERATIONS = 20
SAMPLED_SCOPES, MANY_SCOPES, KEYS_SAMPLED_OF_EACH = 50, 400, 8


@pytest.fixture(scope="module")
def buckets(running_river: Ceph) -> tuple[str, str]:
    """Two buckets of the matrix; the role opens them whole."""
    return furnished(running_river, "matrix-one", "matrix-two")


def furnished(ceph: Ceph, *names: str) -> tuple[str, str]:
    for name in names:
        ceph.make_bucket(name)
        for key in OBJECTS:
            ceph.put(name, key, f"content of {name}/{key}".encode())
    first, second = names
    return first, second


@pytest.fixture
def role(ceph: Ceph, buckets: tuple[str, str]) -> Ceph:
    """The lake, with a role that could open everything that the matrix tries."""
    ceph.prepare_role(ceph.connection())
    return ceph


def trial(ceph: Ceph, buckets: tuple[str, str], access: Access) -> Trial:
    spec = spec_for(ceph.connection(), "ds/a/", access=access, bucket=buckets[0])
    s3 = ceph.session_client(ceph.provider().issue(spec).secret.reveal())
    return Trial(s3=s3, bucket=buckets[0], other=buckets[1])


@pytest.fixture(params=list(Access))
def tried(request: pytest.FixtureRequest, role: Ceph, buckets: tuple[str, str]) -> tuple[Access, Trial]:
    return request.param, trial(role, buckets, request.param)


def test_everything_inside_is_open(tried: tuple[Access, Trial]) -> None:
    _, trial = tried
    assert found(inside(trial), expected=ALLOWED) == {}


def test_writing_inside_is_for_writers(tried: tuple[Access, Trial]) -> None:
    access, trial = tried
    expected = ALLOWED if access is Access.WRITE else DENIED
    assert found(writing(trial), expected=expected) == {}


def test_nothing_outside_is_open(tried: tuple[Access, Trial], ceph: Ceph) -> None:
    _, trial = tried
    operations = outside(trial)
    assert len(operations) >= LEAST_OPERATIONS
    assert found(operations, expected=DENIED) == {}
    assert ceph.answers()


@pytest.fixture
def unbound(role: Ceph) -> Iterator[Trial]:
    """A key that was made without a session policy, in buckets of its own, which it may spoil."""
    first, second = furnished(role, "control-one", "control-two")
    role.prepare_role(role.connection())
    sts = role.client("sts", "ISSUER")
    answer = sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName=str(uuid4()))
    yield Trial(s3=client_of(role, answer["Credentials"]), bucket=first, other=second)


def client_of(ceph: Ceph, credentials: Any) -> Any:
    parts = {
        "access_key_id": credentials["AccessKeyId"],
        "secret_access_key": credentials["SecretAccessKey"],
        "session_token": credentials["SessionToken"],
    }
    return ceph.session_client(parts)


def test_control_without_a_session_policy_the_matrix_finds_what_is_open(unbound: Trial) -> None:
    opened = found(outside(unbound), expected=DENIED)
    assert {
        "get of a sibling",
        "get in another bucket",
        "list «»",
        "put beside",
        "copy out",
        "delete beside",
        "begin an upload in parts outside",
        "get by a signed link outside",
    } <= set(opened)


def test_control_a_prefix_without_its_slash_opens_the_look_alike(
    role: Ceph, buckets: tuple[str, str]
) -> None:
    """The grammar's slash is what keeps siblings out, not the server."""
    sound = session_policy((scope_at("ds/a/", bucket=buckets[0]),))
    credentials = role.client("sts", "ISSUER").assume_role(
        RoleArn=ROLE_ARN, RoleSessionName=str(uuid4()), Policy=sound.replace("ds/a/", "ds/a")
    )["Credentials"]
    slashless = Trial(s3=client_of(role, credentials), bucket=buckets[0], other=buckets[1])
    opened = found(outside(slashless), expected=DENIED)
    assert {"get of a look-alike", "list «ds/a»", "list «ds/ab/»"} <= set(opened)
    assert "get of a sibling" not in opened


def test_a_missing_key_outside_is_told_as_missing_and_so_names_can_be_guessed(
    tried: tuple[Access, Trial],
) -> None:
    """A trait of this server: outside its scope a key learns which names exist, and no content."""
    _, trial = tried
    missing = {"Bucket": trial.bucket, "Key": "ds/b/none.csv"}
    assert refusal_of(lambda: trial.s3.get_object(**missing)) == "NoSuchKey"
    assert is_denied(lambda: trial.s3.get_object(Bucket=trial.bucket, Key="ds/b/part.csv"))


@pytest.mark.parametrize("key", ["ds/a/../b/part.csv", "ds%2Fb%2Fpart.csv", "ds/a/%2e%2e/b/part.csv"])
def test_dots_and_encodings_lead_nowhere(tried: tuple[Access, Trial], key: str) -> None:
    """The server takes names as they are: these name objects that do not exist, and no way to the sibling."""
    _, trial = tried
    assert refusal_of(lambda: trial.s3.get_object(Bucket=trial.bucket, Key=key)) == "NoSuchKey"


@pytest.mark.parametrize(
    "prefix", ["odd/a+b=(c)!_.d-e/", "odd/=(!)/", "odd/-._/", "odd/a.b/", "odd/A+/", "odd/größe/"]
)
def test_every_odd_character_of_the_grammar_opens_its_place_alone(
    role: Ceph, buckets: tuple[str, str], prefix: str
) -> None:
    bucket = buckets[0]
    beside = prefix.removesuffix("/") + "+/"
    for place in (prefix, beside):
        role.put(bucket, f"{place}x y+z=ü.csv", b"odd")
    place = Scope(
        bucket=BucketName(text=bucket),
        prefix=StoragePrefix(text=prefix, allows_letters=True),
        access=Access.WRITE,
    )
    spec = replace(spec_for(role.connection(), "odd/x/", bucket=bucket), scopes=(place,))
    s3 = role.session_client(role.provider().issue(spec).secret.reveal())
    (entry,) = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
    assert s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read() == b"odd"
    s3.put_object(Bucket=bucket, Key=f"{prefix}new (1).csv", Body=b"new")
    assert is_denied(lambda: s3.get_object(Bucket=bucket, Key=f"{beside}x y+z=ü.csv"))
    assert is_denied(lambda: s3.put_object(Bucket=bucket, Key=f"{beside}new.csv", Body=b"new"))


def test_a_large_object_goes_up_in_parts_and_no_other_key_joins_in(
    role: Ceph, buckets: tuple[str, str]
) -> None:
    bucket = buckets[0]
    mine = trial(role, buckets, Access.WRITE).s3
    place = {"Bucket": bucket, "Key": "ds/a/large.bin"}
    upload = {**place, "UploadId": mine.create_multipart_upload(**place)["UploadId"]}
    other = role.session_client(
        role.provider()
        .issue(spec_for(role.connection(), "ds/b/", access=Access.WRITE, bucket=bucket))
        .secret.reveal()
    )
    assert is_denied(lambda: other.upload_part(**upload, PartNumber=1, Body=b"theirs"))
    assert is_denied(lambda: other.list_parts(**upload))
    assert is_denied(lambda: other.abort_multipart_upload(**upload))
    first, second = b"a" * (5 << 20), b"b" * 10
    parts = [
        {"PartNumber": number, "ETag": mine.upload_part(**upload, PartNumber=number, Body=body)["ETag"]}
        for number, body in ((1, first), (2, second))
    ]
    mine.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert mine.get_object(**place)["Body"].read() == first + second


# --- the same pairs that the oracle judges ---------------------------------------------------------


def test_the_gateway_decides_a_sample_of_pairs_as_the_published_rules_do(ceph: Ceph, is_long: bool) -> None:
    for name in pairs.BUCKETS:
        ceph.make_bucket(name)
    ceph.prepare_role(ceph.connection())
    source, count, decided = Random(random()), MANY_SCOPES if is_long else SAMPLED_SCOPES, 0
    for _ in range(count):
        scopes = pairs.scopes(source)
        spec = replace(spec_for(ceph.connection(), "a/b/"), scopes=scopes)
        s3 = ceph.session_client(ceph.provider().issue(spec).secret.reveal())
        may_do = oracle(scopes)
        for bucket, key in storable(pairs.keys(source, scopes)):
            ceph.put(bucket, key, b"there")
            seen = [observed(call) for call in calls_about(s3, bucket, key)]
            expected = [may_do(asked) for asked in questions_about(bucket, key)]
            assert [answer == ALLOWED for answer in seen] == expected, (scopes, bucket, key, seen)
            decided += 1
    assert decided > 0.9 * count * KEYS_SAMPLED_OF_EACH


def storable(chosen: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names that travel in HTTP and XML as they are."""
    return [(bucket, key) for bucket, key in chosen if key.isprintable()][:KEYS_SAMPLED_OF_EACH]


def calls_about(s3: Any, bucket: str, key: str) -> tuple[Call, ...]:
    place = {"Bucket": bucket, "Key": key}
    return (
        lambda: s3.get_object(**place),
        lambda: s3.list_objects_v2(Bucket=bucket, Prefix=key),
        lambda: s3.put_object(**place, Body=b"again"),
    )


def questions_about(bucket: str, key: str) -> tuple[Asked, ...]:
    place, whole = f"arn:aws:s3:::{bucket}/{key}", f"arn:aws:s3:::{bucket}"
    return (
        Asked(action="s3:GetObject", resource=place),
        Asked(action="s3:ListBucket", resource=whole, context={"s3:prefix": key}),
        Asked(action="s3:PutObject", resource=place),
    )


# --- the size of a policy, which crashes this server ------------------------------------------------


@pytest.mark.parametrize("places", [1, 12, 19])
def test_whatever_fits_the_budget_opens_every_place_and_the_gateway_lives(
    role: Ceph, buckets: tuple[str, str], places: int
) -> None:
    prefixes = [f"many/{number:02}/" for number in range(places)]
    role.put(buckets[0], f"{prefixes[-1]}x.csv", b"last")
    spec = spec_for(role.connection(), *prefixes, bucket=buckets[0])
    s3 = role.session_client(role.provider().issue(spec).secret.reveal())
    assert s3.get_object(Bucket=buckets[0], Key=f"{prefixes[-1]}x.csv")["Body"].read() == b"last"
    assert role.answers()


@pytest.mark.parametrize("places", [25, 60, 400])
def test_what_does_not_fit_is_refused_with_the_way_to_split_it_and_reaches_nobody(
    role: Ceph, buckets: tuple[str, str], places: int
) -> None:
    prefixes = [f"many/{number:03}/" for number in range(places)]
    nobody = "http://127.0.0.1:9"
    connection = role.connection(sts_endpoint=nobody)
    with pytest.raises(ProviderFailure) as caught:
        role.provider().issue(spec_for(connection, *prefixes, bucket=buckets[0]))
    (reason,) = caught.value.reasons
    assert reason.code == "LAKE_POLICY_OVER_BUDGET"
    assert reason.facts["budget"] == 1600
    fitting = int(str(reason.facts["fitting"]))
    split = [prefixes[start : start + fitting] for start in range(0, places, fitting)]
    for part in split:
        role.provider().issue(spec_for(role.connection(), *part, bucket=buckets[0]))
    assert role.answers()


def test_a_policy_of_the_house_is_what_the_server_was_sent(role: Ceph, buckets: tuple[str, str]) -> None:
    """Compact and without a space: this server does not decode the `+` that stands for one in a form."""
    policy = session_policy((scope_at("ds/a/", bucket=buckets[0]),))
    assert json.dumps(json.loads(policy), separators=(",", ":")) == policy
    spaced = json.dumps(json.loads(policy))
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": str(uuid4()), "Policy": spaced}
    assert refusal_of(lambda: role.client("sts", "ISSUER").assume_role(**call)) == "MalformedPolicyDocument"
