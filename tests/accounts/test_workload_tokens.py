"""What is taken of a token before and after its signature, and which keys are believed. Nothing is asked."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.accounts.workloads import errors
from apps.accounts.workloads.keysets import check_signature, has_key, read_keys
from apps.accounts.workloads.tokens import check_claims, check_moments, read
from apps.kernel.errors import InvalidInput
from tests.issuer import MAKERS, key_set, private_key, public_key, signed

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
GOOD = {
    "iss": "https://ci.example.org",
    "aud": "https://portal.example.org/service-accounts/1",
    "sub": "repo:example/rocks:ref:refs/heads/main",
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + timedelta(minutes=5)).timestamp()),
    "repository": "example/rocks",
    "run": 7,
    "kubernetes.io": {"namespace": "rocks", "serviceaccount": {"name": "trainer"}},
}


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def code_of(act: Any) -> str:
    with pytest.raises(InvalidInput) as refusal:
        act()
    assert refusal.value.reasons[0].field
    return refusal.value.code


@pytest.mark.parametrize("algorithm", sorted(MAKERS))
def test_a_token_is_taken_by_the_key_that_signed_it(algorithm: str) -> None:
    keys = read_keys(key_set(public_key("RS256", 2), public_key(algorithm)))
    token = read(signed(GOOD, algorithm))
    check_signature(keys, token)
    assert (token.issuer, token.subject, token.audience) == (GOOD["iss"], GOOD["sub"], GOOD["aud"])


def test_without_a_name_the_only_key_of_the_kind_is_meant_and_of_two_none() -> None:
    token = read(jwt.encode(GOOD, private_key("RS256"), algorithm="RS256"))
    check_signature(read_keys(key_set(public_key("RS256"), public_key("ES256"))), token)
    two = read_keys(key_set(public_key("RS256"), public_key("RS256", 2)))
    assert code_of(lambda: check_signature(two, token)) == errors.KEY_UNKNOWN


def test_another_key_of_the_same_name_did_not_sign_it() -> None:
    forged = signed(GOOD, "RS256", 2, kid="RS256-1")
    keys = read_keys(key_set(public_key("RS256")))
    assert code_of(lambda: check_signature(keys, read(forged))) == errors.SIGNATURE_WRONG


def test_what_was_signed_cannot_be_altered() -> None:
    head, _, signature = signed(GOOD).split(".")
    altered = f"{head}.{part({**GOOD, 'sub': 'somebody else'})}.{signature}"
    keys = read_keys(key_set(public_key("RS256")))
    assert code_of(lambda: check_signature(keys, read(altered))) == errors.SIGNATURE_WRONG


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "RS1", "", None, 7, ["RS256"]])
def test_without_a_signature_by_a_private_key_nothing_is_read(algorithm: Any) -> None:
    compact = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(GOOD)}.{part('x')}"
    assert code_of(lambda: read(compact)) in {errors.TOKEN_ALGORITHM, errors.TOKEN_MALFORMED}


def test_a_public_key_is_no_shared_secret() -> None:
    """The old confusion: the key that everybody has, used to sign by HMAC."""
    said = f"{part({'alg': 'HS256', 'kid': 'RS256-1'})}.{part(GOOD)}"
    mac = hmac.digest(json.dumps(public_key("RS256")).encode(), said.encode(), "sha256")
    compact = f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert code_of(lambda: read(compact)) == errors.TOKEN_ALGORITHM


def test_a_key_signs_by_its_own_algorithm_alone() -> None:
    keys = read_keys(key_set(public_key("RS256")))
    other = read(jwt.encode(GOOD, private_key("RS256"), algorithm="PS256", headers={"kid": "RS256-1"}))
    assert not has_key(keys, other)
    assert code_of(lambda: check_signature(keys, other)) == errors.KEY_UNKNOWN


def test_a_key_that_the_token_brings_along_is_not_looked_at() -> None:
    brought = signed(GOOD, "RS256", 2, kid="mine", jwk=public_key("RS256", 2), jku="https://evil.example")
    keys = read_keys(key_set(public_key("RS256")))
    assert code_of(lambda: check_signature(keys, read(brought))) == errors.KEY_UNKNOWN


def test_what_must_be_understood_and_is_not_is_refused() -> None:
    assert code_of(lambda: read(signed(GOOD, crit=["exp"], exp=1))) == errors.TOKEN_MALFORMED


@pytest.mark.parametrize(
    "compact", ["", "x", "a.b.c", "é.é.é", "a" * 20_000, f"{part({'alg': 'RS256'})}.{part([1])}.AAAA"]
)
def test_what_is_no_token_is_told_so(compact: str) -> None:
    assert code_of(lambda: read(compact)) == errors.TOKEN_MALFORMED


def test_nested_without_end_it_is_no_token() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 9000).decode()
    assert code_of(lambda: read(f"{part({'alg': 'RS256'})}.{deep}.AAAA")) == errors.TOKEN_MALFORMED


@pytest.mark.parametrize(
    ("told", "meant"),
    [("a", "a"), (["a"], "a"), (["a", "b"], ""), ([], ""), (None, ""), (7, ""), ({"a": 1}, ""), ("a\0", "")],
)
def test_a_token_for_several_is_for_nobody_here(told: Any, meant: str) -> None:
    assert read(signed({**GOOD, "aud": told})).audience == meant


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"exp": -31}, errors.TOKEN_ENDED),
        ({"iat": 40, "exp": 300}, errors.TOKEN_TO_COME),
        ({"nbf": 40}, errors.TOKEN_TO_COME),
        ({"iat": -100, "exp": 24 * 3600}, errors.TOKEN_LIVES_LONG),
    ],
)
def test_a_token_is_good_for_its_time(given: dict[str, int], code: str) -> None:
    moved = {name: int(NOW.timestamp()) + seconds for name, seconds in given.items()}
    assert code_of(lambda: check_moments(read(signed({**GOOD, **moved})), at=NOW)) == code


def test_clocks_may_differ_a_little() -> None:
    late = {**GOOD, "iat": int(NOW.timestamp()) + 20, "exp": int(NOW.timestamp()) + 320}
    check_moments(read(signed(late)), at=NOW)
    over = {**GOOD, "iat": GOOD["iat"] - 300, "exp": int(NOW.timestamp()) - 20}  # type: ignore[operator]
    check_moments(read(signed(over)), at=NOW)


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("value", [None, "soon", True, [1], 1e30])
def test_a_moment_is_a_number_of_seconds(claim: str, value: Any) -> None:
    compact = f"{part({'alg': 'RS256'})}.{part({**GOOD, claim: value})}.AAAA"
    assert code_of(lambda: check_moments(read(compact), at=NOW)) == errors.TOKEN_FIELD


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"repository": "example/rocks"},
        {"run": "7"},
        {"/kubernetes.io/namespace": "rocks", "/kubernetes.io/serviceaccount/name": "trainer"},
    ],
)
def test_claims_that_were_registered_must_stand_there(wanted: dict[str, str]) -> None:
    check_claims(read(signed(GOOD)), wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        {"repository": "example/Rocks"},
        {"repository": "example"},
        {"ref": "main"},
        {"/kubernetes.io/namespace/deeper": "rocks"},
        {"/kubernetes.io": "rocks"},
        {"kubernetes.io": "rocks"},
    ],
)
def test_a_claim_that_differs_or_is_missing_is_refused(wanted: dict[str, str]) -> None:
    assert code_of(lambda: check_claims(read(signed(GOOD)), wanted)) == errors.CLAIM_DIFFERS


def test_tokens_are_told_apart_by_their_id_or_else_by_what_was_signed() -> None:
    with_id = {**GOOD, "jti": "1"}
    assert read(signed(with_id)).mark == read(signed({**with_id, "run": 8})).mark
    bare = signed(GOOD)
    assert read(bare).mark != read(signed({**GOOD, "run": 8})).mark
    assert read(bare).mark == read(bare.rpartition(".")[0] + ".AAAA").mark


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", errors.WORKLOAD_KEYS),
        ("[]", errors.WORKLOAD_KEYS),
        ('{"keys": []}', errors.WORKLOAD_KEYS),
        ('{"keys": [1]}', errors.WORKLOAD_KEYS),
        ('{"keys": [{"kty": "RSA"}]}', errors.WORKLOAD_KEYS),
        ('{"keys": [{"kty": "RSA", "n": "AQ", "e": "AQAB"}]}', errors.WORKLOAD_KEYS),
        ('{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', errors.WORKLOAD_KEY_PRIVATE),
        (" " * 70_000, errors.WORKLOAD_KEYS),
        (key_set(*[{"kty": "RSA"}] * 51), errors.WORKLOAD_KEYS),
    ],
)
def test_only_public_keys_for_signatures_are_a_key_set(text: str, code: str) -> None:
    assert code_of(lambda: read_keys(text)) == code


def test_a_private_key_and_a_short_one_are_refused() -> None:
    algorithm = jwt.get_algorithm_by_name("RS256")
    private = algorithm.to_jwk(private_key("RS256"), as_dict=True)
    assert code_of(lambda: read_keys(key_set(private))) == errors.WORKLOAD_KEY_PRIVATE
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()  # noqa: S505
    assert code_of(lambda: read_keys(key_set(algorithm.to_jwk(short, as_dict=True)))) == errors.WORKLOAD_KEYS


def test_keys_for_other_things_are_left_out() -> None:
    other = {**public_key("ES256"), "use": "enc"}
    assert read_keys(key_set(other, public_key("RS256"))) == {"keys": [public_key("RS256")]}
