"""What the portal adds to a lake's own call when it gives a key, what a program waits for that asks again,
and how many keys a second come out where many ask at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.core.management.base import CommandError
from django.db import connections, transaction
from django.test import Client

from apps.access.models import Grant
from apps.accounts.commands import create_token
from apps.accounts.models import Account
from apps.accounts.queries import actor_of
from apps.accounts.roles import TokenScope
from apps.catalog.models import StorageLocation
from apps.credentials.commands import issuing, reserve_lease, take_credential
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.lakes.commands import begin_lake_verification
from apps.lakes.providers.contract import (
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Flavor,
    Issued,
    LeaseHandle,
)
from apps.lakes.providers.registry import provider_for
from apps.lakes.providers.secret import Secret
from portal.benchmarks import Row, benchmark

PAIRS = 60
REFRESHES = 200
MOST_OVERHEAD = 0.030
MOST_REFRESH = 0.010
MOST_EACH = 1 / 40
"""Of many at once, on two cores."""
PROCESSES, THREADS = 2, 8
AT_ONCE_FOR = 6.0
LAKE_TAKES = 0.050

CONTAINER = "/credentials/v1/container"


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Who takes keys by which grant, and the token with which their programs ask."""

    actor: Actor
    grant: Grant
    token: str


@benchmark("credentials")
def credentials() -> list[Row]:
    """By the clock, with the demo's database and its lake.

    Of what is measured one by one nothing is kept but the keys, which nobody holds and which end by
    themselves. Those who ask at once do not see what is not committed: their leases stay, of keys that no
    lake has made, and run out within a minute.
    """
    with transaction.atomic():
        takings = list(_who_may())
        if not takings:
            raise CommandError("Nobody here may take a key. Start the portal with its demo: manage.py up")
        if {_place_of(taking.grant).lake.flavor for taking in takings} != {Flavor.DEMO}:
            raise CommandError("Keys that no lake has made would stand in the trail. Measure with a demo.")
        rows = measured(takings[0], PAIRS, REFRESHES)
        transaction.set_rollback(True)
    each = at_once(takings, AT_ONCE_FOR)
    what = f"{PROCESSES * THREADS} at once, {LAKE_TAKES * 1000:.0f} ms of lake: {1 / each:.0f} a second"
    return [*rows, Row(what=what, seconds=each, ratio=each / rows[0].seconds, most_seconds=MOST_EACH)]


def measured(taking: Taking, pairs: int, refreshes: int) -> list[Row]:
    """The peer is a command that locks, authorizes and writes nothing. It, the lake's call alone and the
    whole issue are taken in turns, so that what else the machine does falls on all of them."""
    given: dict[str, Any] = {"actor": taking.actor, "grant_id": taking.grant.uid}
    reserved = reserve_lease(**given, idempotency_key="")
    spec, lake_id = reserved.spec, reserved.lease.lake.uid
    provider = provider_for(spec.connection)
    bare, alone, whole = [], [], []
    nothing = partial(begin_lake_verification, actor=SYSTEM, lake_id=lake_id)
    for _ in range(pairs):
        own = replace(spec, lease_id=uuid4())
        bare.append(_spent(nothing))
        alone.append(_spent(partial(provider.issue, own)))
        whole.append(_spent(partial(take_credential, **given)))
    added = [issue - call for issue, call in zip(whole, alone, strict=True)]
    again, beside = zip(*_refreshes(taking, refreshes, nothing), strict=True)
    peer, their_peer = median(bare), median(beside)
    found: tuple[tuple[str, float, float, float | None], ...] = (
        ("a command that changes nothing", peer, peer, None),
        ("the lake's own call, half of them", median(alone), peer, None),
        ("an issue, half of them", median(whole), peer, None),
        ("what it adds, half of them", median(added), peer, None),
        ("what it adds, 95 of 100", _of_hundred(added, 95), peer, MOST_OVERHEAD),
        ("a program asks again, half of them", median(again), their_peer, MOST_REFRESH),
        ("a program asks again, 95 of 100", _of_hundred(again, 95), their_peer, None),
    )
    return [
        Row(what=what, seconds=seconds, ratio=seconds / theirs, most_seconds=most)
        for what, seconds, theirs, most in found
    ]


def _refreshes(taking: Taking, count: int, nothing: Callable[[], object]) -> Iterator[tuple[float, float]]:
    """The whole answer, from the request on, and what takes turns with it; the first made the key."""
    client, about = Client(raise_request_exception=False), {"grant": str(taking.grant.uid)}
    headers = {"Authorization": taking.token}

    def ask() -> None:
        answer = client.get(CONTAINER, about, headers=headers, HTTP_HOST="localhost")
        if answer.status_code != 200:
            raise CommandError(f"The container endpoint answered {answer.status_code}.")

    ask()
    made = Lease.objects.count()
    yield from ((_spent(ask), _spent(nothing)) for _ in range(count))
    if Lease.objects.count() != made:
        raise CommandError("The kept key was not the one that was given.")


def at_once(takings: list[Taking], seconds: float) -> float:
    """Seconds for each key, where processes and threads as of a web server take one after the other while the
    lake takes its time. It is none of this machine's."""
    connections.close_all()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        counts = list(pool.map(_taken_within, [takings] * PROCESSES, [seconds] * PROCESSES))
    return seconds / sum(counts)


def _taken_within(takings: list[Taking], seconds: float) -> int:
    slow = SlowLake(takings[0].grant)
    with patch.object(issuing, "provider_for", lambda _connection: slow), ThreadPoolExecutor(THREADS) as pool:
        whose = [takings[number % len(takings)] for number in range(THREADS)]
        return sum(pool.map(_taken_by, whose, [perf_counter() + seconds] * THREADS))


def _taken_by(taking: Taking, until: float) -> int:
    count = 0
    try:
        while perf_counter() < until:
            take_credential(actor=taking.actor, grant_id=taking.grant.uid)
            count += 1
    finally:
        connections.close_all()
    return count


class SlowLake:
    """Takes its time, and makes no key."""

    def __init__(self, grant: Grant) -> None:
        connection = _place_of(grant).lake.spec()
        self._capabilities = provider_for(connection).capabilities(connection)

    def capabilities(self, _connection: ConnectionSpec) -> Capabilities:
        return self._capabilities

    def issue(self, spec: CredentialSpec) -> Issued:
        sleep(LAKE_TAKES)
        expires_at = datetime.now(UTC) + timedelta(minutes=1)
        handle = LeaseHandle(connection=spec.connection, lease_id=spec.lease_id, expires_at=expires_at)
        return Issued(secret=Secret({}), expires_at=expires_at, scope_hash="", handle=handle)


def _place_of(grant: Grant) -> StorageLocation:
    location = grant.version.location
    assert location is not None
    return location


def _who_may() -> Iterator[Taking]:
    """Of the living grants those by which their holder may take a key."""
    living = Grant.objects.filter(ended_at__isnull=True, person__isnull=False, project__isnull=True)
    for grant in living.filter(service_account__isnull=True).order_by("pk"):
        account = Account.objects.filter(person=grant.person, kind="person", is_active=True).first()
        if account is None:
            continue
        actor = actor_of(account, signed_in_at=database_now())
        try:
            with transaction.atomic():
                take_credential(actor=actor, grant_id=grant.uid)
        except LakewardenError:
            continue
        token = create_token(
            actor=SYSTEM,
            account_id=account.uid,
            name="benchmark",
            scopes=[TokenScope.READ, TokenScope.CREDENTIALS],
            expires_at=database_now() + timedelta(days=1),
        )
        yield Taking(actor=actor, grant=grant, token=token.secret)


def _spent(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began


def _of_hundred(values: Sequence[float], share: int) -> float:
    return quantiles(values, n=100, method="inclusive")[share - 1]
