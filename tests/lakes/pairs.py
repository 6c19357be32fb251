"""Random scopes, and keys that lie in them, beside them, or nearly so."""

from __future__ import annotations

import string
from collections.abc import Iterator
from random import Random

from apps.kernel.errors import InvalidInput
from apps.lakes.prefix import BucketName, StoragePrefix
from apps.lakes.providers.contract import Access, Scope

BUCKETS = ("pairs-one", "pairs-one2", "pairs-two")
LAWFUL = string.ascii_letters + string.digits + "!_.()=+-"
HOSTILE = "*?$\\\"'`{}[]<>|&;:,@#%^~ \t\n\r\0\x7f\u202e\u200bßøЖ中é" + "/" * 6 + "." * 6
KEYS_OF_A_SCOPE = 25


def scopes(random: Random) -> tuple[Scope, ...]:
    """One to three places, often neighbors of each other: nested, alike, in one bucket or in two."""
    chosen = [_scope(random, _prefix(random))]
    while len(chosen) < 3 and random.random() < 0.35:
        neighbor = random.choice(list(_near(random, random.choice(chosen).prefix.text)))
        chosen.append(_scope(random, neighbor if _is_lawful(neighbor) else _prefix(random)))
    return tuple(chosen)


def keys(random: Random, chosen: tuple[Scope, ...]) -> Iterator[tuple[str, str]]:
    """(bucket, key), half of them within an inch of a scope's border."""
    near = [key for scope in chosen for key in _near(random, scope.prefix.text)]
    buckets = [*(scope.bucket.text for scope in chosen), random.choice(BUCKETS)]
    for _ in range(KEYS_OF_A_SCOPE):
        yield random.choice(buckets), random.choice(near) if random.random() < 0.8 else fuzzed(random)


def fuzzed(random: Random) -> str:
    """Any text that could be typed or stored."""
    alphabet = LAWFUL + HOSTILE
    return "".join(random.choice(alphabet) for _ in range(random.randrange(1, 24)))


def _near(random: Random, prefix: str) -> Iterator[str]:
    trunk, parent = prefix[:-1], prefix[: prefix[:-1].rfind("/") + 1]
    at = random.randrange(len(prefix))
    other = random.choice(LAWFUL + HOSTILE)
    yield prefix
    yield trunk
    yield parent
    yield f"{prefix}{_segment(random)}"
    yield f"{prefix}{_segment(random)}/{fuzzed(random)}"
    yield f"{prefix}{fuzzed(random)}"
    yield f"{prefix}../{_segment(random)}/x"
    yield f"{trunk}{other}"
    yield f"{trunk}{other}/{_segment(random)}"
    yield f"{trunk}{_segment(random)}/"
    yield f"{trunk}//{_segment(random)}"
    yield f"{parent}{_segment(random)}/"
    yield f"/{prefix}x"
    yield f"./{prefix}x"
    yield prefix.swapcase() + "x"
    yield prefix[:at] + other + prefix[at + 1 :] + "x"
    yield prefix[:at] + other + prefix[at:] + "x"
    yield prefix[:at] + prefix[at + 1 :] + "x"
    yield prefix.replace("/", "%2F") + "x"
    yield prefix.replace("/", "\\") + "x"
    yield fuzzed(random) + prefix


def _scope(random: Random, prefix: str) -> Scope:
    place = StoragePrefix(text=prefix, allows_letters=True)
    return Scope(
        bucket=BucketName(text=random.choice(BUCKETS)), prefix=place, access=random.choice(list(Access))
    )


def _prefix(random: Random) -> str:
    """One that the grammar takes: built to be lawful, or fuzzed and taken by it."""
    while True:
        parts = [_segment(random) for _ in range(random.randrange(2, 5))]
        if random.random() < 0.3:
            parts[random.randrange(len(parts))] = fuzzed(random)
        text = "/".join(parts) + "/"
        if _is_lawful(text):
            return text


def _segment(random: Random) -> str:
    return "".join(random.choice(LAWFUL) for _ in range(random.randrange(1, 7)))


def _is_lawful(text: str) -> bool:
    try:
        StoragePrefix(text=text, allows_letters=True)
    except InvalidInput:
        return False
    return True
