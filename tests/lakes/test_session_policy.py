"""The session policy opens exactly the scopes of a key."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import ProviderFailure
from apps.lakes.prefix import BucketName, StoragePrefix, StorageRoot
from apps.lakes.providers.contract import Access, ConnectionSpec, Flavor, Scope, scope_hash
from apps.lakes.providers.s3.session_policy import fitting_policy, session_policy
from portal.embedded.lake import policy as gate_policy
from tests.lakes.conftest import scope_at
from tests.lakes.test_prefix import prefixes

buckets = (
    st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)
    .filter(
        lambda text: (
            not text.startswith(("xn--", "sthree-", "amzn-s3-demo-")) and not text.endswith("-s3alias")
        )
    )
    .filter(lambda text: "--" not in text)
)
scopes = st.builds(
    Scope,
    bucket=buckets.map(lambda text: BucketName(text=text)),
    prefix=prefixes.map(lambda text: StoragePrefix(text=text)),
    access=st.sampled_from(Access),
)
scope_tuples = st.lists(scopes, min_size=1, max_size=6).map(tuple)
WRITE_ACTIONS = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")


def opened(document: dict[str, Any]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """({action, object arn}, {bucket arn, listed pattern}) of a document."""
    objects: set[tuple[str, str]] = set()
    listed: set[tuple[str, str]] = set()
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        if statement["Action"] == "s3:ListBucket":
            assert set(statement) == {"Effect", "Action", "Resource", "Condition"}
            patterns = statement["Condition"]["StringLike"]["s3:prefix"]
            listed |= {(statement["Resource"], pattern) for pattern in patterns}
        else:
            assert set(statement) == {"Effect", "Action", "Resource"}
            objects |= {(action, arn) for action in statement["Action"] for arn in statement["Resource"]}
    return objects, listed


@given(scope_tuples)
def test_the_document_holds_the_scopes_and_nothing_else(chosen: tuple[Scope, ...]) -> None:
    objects, listed = opened(json.loads(session_policy(chosen)))
    arns = {(scope.bucket.text, scope.prefix.text): scope for scope in chosen}
    written = {(s.bucket.text, s.prefix.text) for s in chosen if s.access is Access.WRITE}
    expected = {("s3:GetObject", f"arn:aws:s3:::{bucket}/{prefix}*") for bucket, prefix in arns}
    expected |= {
        (action, f"arn:aws:s3:::{bucket}/{prefix}*") for bucket, prefix in written for action in WRITE_ACTIONS
    }
    assert objects == expected
    assert listed == {
        (f"arn:aws:s3:::{bucket}", pattern) for bucket, prefix in arns for pattern in (prefix, f"{prefix}*")
    }


@given(scope_tuples)
def test_the_document_is_compact_ascii_without_a_space(chosen: tuple[Scope, ...]) -> None:
    text = session_policy(chosen)
    assert text.isascii()
    assert not set(text) & set(" \t\r\n+") - ({"+"} if any("+" in s.prefix.text for s in chosen) else set())


@given(scope_tuples)
def test_the_only_wildcards_are_the_stars_at_the_end(chosen: tuple[Scope, ...]) -> None:
    objects, listed = opened(json.loads(session_policy(chosen)))
    for _, place in objects | listed:
        assert "?" not in place
        assert "*" not in place[:-1]


@given(scope_tuples)
def test_the_gate_understands_every_document_the_adapter_writes(chosen: tuple[Scope, ...]) -> None:
    assert gate_policy.parsed(session_policy(chosen))


@given(scopes)
def test_letters_outside_ascii_arrive_as_they_are(scope: Scope) -> None:
    prefix = StoragePrefix(text=f"bohrung/größe/{scope.prefix.text}", allows_letters=True)
    text = session_policy((replace(scope, prefix=prefix),))
    assert text.isascii()
    assert prefix.text in json.dumps(json.loads(text), ensure_ascii=False)


@given(scope_tuples, st.randoms(use_true_random=False))
def test_the_scope_hash_ignores_order_and_repetition(chosen: tuple[Scope, ...], random: Any) -> None:
    connection = a_connection()
    shuffled = [*chosen, *chosen]
    random.shuffle(shuffled)
    assert scope_hash(connection, chosen) == scope_hash(connection, tuple(shuffled))


def test_the_scope_hash_tells_reading_from_writing() -> None:
    read, write = scope_at("ds/a/"), scope_at("ds/a/", access=Access.WRITE)
    assert scope_hash(a_connection(), (read,)) != scope_hash(a_connection(), (write,))


def test_about_twenty_prefixes_fit_the_smallest_budget() -> None:
    places = tuple(scope_at(f"ds/{number:02}/") for number in range(18))
    assert len(session_policy(places)) <= 1600


def test_a_policy_over_the_budget_is_refused_and_the_refusal_says_how_to_split() -> None:
    places = tuple(scope_at(f"domain/dataset-{number:03}/v1/") for number in range(60))
    with pytest.raises(ProviderFailure) as caught:
        fitting_policy(places, partition="aws", budget=1600)
    (reason,) = caught.value.reasons
    assert not caught.value.is_transient
    assert reason.code == "LAKE_POLICY_OVER_BUDGET"
    fitting = int(str(reason.facts["fitting"]))
    assert len(session_policy(places[:fitting])) <= 1600 < len(session_policy(places[: fitting + 1]))


def a_connection() -> ConnectionSpec:
    return ConnectionSpec(
        flavor=Flavor.AWS,
        endpoint="https://s3.eu-central-1.amazonaws.com",
        region="eu-central-1",
        role_arn="arn:aws:iam::123456789012:role/lakewarden",
        secret_ref="CENTRAL",
        roots=(StorageRoot(bucket=BucketName(text="lake-one")),),
    )
