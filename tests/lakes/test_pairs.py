"""A key opens exactly what its scopes say: (scopes, key) pairs against an evaluator of IAM's published rules.

50,000 pairs, a million with `--long`; the seed is pytest-randomly's, which every run prints.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import Access, Scope
from apps.lakes.providers.s3.denied import denial_document, gathered_document, tail_of
from apps.lakes.providers.s3.role import widest_policy
from apps.lakes.providers.s3.session_policy import READ_OBJECT, WRITE_OBJECT, session_policy
from tests.lakes import pairs
from tests.lakes.oracle import Asked, Document, allows
from tests.lakes.test_session_policy import a_connection

PAIRS, MANY_PAIRS = 50_000, 1_000_000
NEVER = ("s3:GetObjectVersion", "s3:PutObjectAcl", "s3:DeleteObjectVersion", "s3:GetObjectAcl")
WRITES = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
ROOTS = tuple(StorageRoot(bucket=BucketName(text=name)) for name in pairs.BUCKETS)
Write = Callable[[tuple[Scope, ...]], str]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`over`: the policy opens what no scope names."""

    scopes: tuple[Scope, ...]
    asked: Asked
    over: bool


def questions(bucket: str, key: str) -> Iterator[tuple[Asked, str]]:
    """What can be asked about a key, each with what of a scope would allow it."""
    place = f"arn:aws:s3:::{bucket}/{key}"
    yield Asked(action="s3:GetObject", resource=place), "read"
    for action in WRITES:
        yield Asked(action=action, resource=place), "write"
    yield (
        Asked(action="s3:ListBucket", resource=f"arn:aws:s3:::{bucket}", context={"s3:prefix": key}),
        "read",
    )
    yield Asked(action="s3:ListBucket", resource=f"arn:aws:s3:::{bucket}"), "never"
    for action in NEVER:
        yield Asked(action=action, resource=place), "never"


def oracle(scopes: tuple[Scope, ...], write: Write = session_policy) -> Callable[[Asked], bool]:
    """What a key to the scopes may do by the published rules, under a role that opens the buckets whole."""
    role = [Document(widest_policy(replace(a_connection(), roots=ROOTS)))]
    session = [Document(write(scopes))]
    return lambda asked: allows(role, session, asked)


def says(scopes: tuple[Scope, ...], bucket: str, key: str, needs: str) -> bool:
    """What the scopes say, in the plainest words: the key begins with the prefix, in that bucket."""
    if needs == "never":
        return False
    return any(
        scope.bucket.text == bucket
        and key.startswith(scope.prefix.text)
        and (needs == "read" or scope.access is Access.WRITE)
        for scope in scopes
    )


def differences(count: int, write: Write, seed: float) -> Iterator[Difference]:
    source = Random(seed)
    for _ in range(count // pairs.KEYS_OF_A_SCOPE):
        scopes = pairs.scopes(source)
        may_do = oracle(scopes, write)
        for bucket, key in pairs.keys(source, scopes):
            for asked, needs in questions(bucket, key):
                may = may_do(asked)
                if may is not says(scopes, bucket, key, needs):
                    yield Difference(scopes=scopes, asked=asked, over=may)


def test_no_key_opens_more_or_less_than_its_scopes_say(is_long: bool) -> None:
    found = differences(MANY_PAIRS if is_long else PAIRS, session_policy, random.random())
    assert next(found, None) is None


def test_every_right_that_a_key_is_given_is_asked_for() -> None:
    asked = {each.action for each, needs in questions("pairs-one", "a/b") if needs != "never"}
    assert asked == {*READ_OBJECT, *WRITE_OBJECT, "s3:ListBucket"}


def test_the_pairs_lie_on_both_sides_of_the_border() -> None:
    """A suite of keys that all lie outside would prove nothing."""
    source = Random(random.random())
    sides = [
        says(scopes, bucket, key, "read")
        for scopes in (pairs.scopes(source) for _ in range(200))
        for bucket, key in pairs.keys(source, scopes)
    ]
    assert 0.1 < sum(sides) / len(sides) < 0.6


MUTANTS: dict[str, tuple[Write, bool]] = {
    "without the slash at the end": (lambda scopes: session_policy(scopes).replace('/*"', '*"'), True),
    "with a wildcard for a letter": (lambda scopes: _with_a_wildcard(session_policy(scopes), scopes), True),
    "with every bucket": (lambda scopes: session_policy(scopes).replace("s3:::pairs-one/", "s3:::*/"), True),
    "with listing unbound": (lambda scopes: _without_condition(session_policy(scopes)), True),
    "without the star": (lambda scopes: session_policy(scopes).replace('/*"', '/"'), False),
    "reading only": (lambda scopes: session_policy(scopes).replace("s3:PutObject", "s3:GetObject"), False),
}


def _with_a_wildcard(policy: str, scopes: tuple[Scope, ...]) -> str:
    """The policy whose prefixes take any last letter; what is written is altered, not how JSON escapes it."""

    def altered(part: Any) -> Any:
        match part:
            case str():
                for scope in scopes:
                    part = part.replace(scope.prefix.text, scope.prefix.text[:-2] + "?/")
                return part
            case list():
                return [altered(each) for each in part]
            case dict():
                return {name: altered(each) for name, each in part.items()}
        return part

    return json.dumps(altered(json.loads(policy)))


def _without_condition(policy: str) -> str:
    document = json.loads(policy)
    for statement in document["Statement"]:
        statement.pop("Condition", None)
    return json.dumps(document)


@pytest.mark.parametrize("mutant", sorted(MUTANTS))
def test_control_a_policy_that_is_written_otherwise_is_found_out(mutant: str) -> None:
    write, over = MUTANTS[mutant]
    assert any(each.over is over for each in differences(PAIRS, write, random.random()))


def test_the_denial_of_a_session_ends_it_and_no_other() -> None:
    source = Random(random.random())
    for _ in range(300):
        mine, other = uuid4(), uuid4()
        near = UUID(int=mine.int ^ (1 << source.randrange(128)))
        scopes = pairs.scopes(source)
        role = [
            Document(widest_policy(replace(a_connection(), roots=ROOTS))),
            Document(denial_document(mine)),
        ]
        session = [Document(session_policy(scopes))]
        place = f"arn:aws:s3:::{scopes[0].bucket}/{scopes[0].prefix}x"
        for lease, expected in ((mine, False), (other, True), (near, True)):
            asked = Asked(
                action="s3:GetObject",
                resource=place,
                context={"aws:userid": f"AROA{source.random()}:{lease}"},
            )
            assert allows(role, session, asked) is expected


def test_a_denial_of_many_sessions_ends_each_of_them_and_no_other() -> None:
    """It names the half of an id that is random: an id that differs there, be it in one bit, is another's."""
    source = Random(random.random())
    for _ in range(100):
        many = [uuid4() for _ in range(48)]
        near = UUID(int=many[0].int ^ (1 << source.randrange(62)))
        scopes = pairs.scopes(source)
        role = [
            Document(widest_policy(replace(a_connection(), roots=ROOTS))),
            Document(gathered_document(tail_of(str(each)) for each in many)),
        ]
        session = [Document(session_policy(scopes))]
        place = f"arn:aws:s3:::{scopes[0].bucket}/{scopes[0].prefix}x"
        for lease, expected in ((many[0], False), (many[-1], False), (uuid4(), True), (near, True)):
            asked = Asked(
                action="s3:GetObject",
                resource=place,
                context={"aws:userid": f"AROA{source.random()}:{lease}"},
            )
            assert allows(role, session, asked) is expected
