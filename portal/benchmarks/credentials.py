"""What the portal adds to a lake's own call when it gives a key, and what a program waits for that asks
again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from statistics import mean, median, quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client

from apps.access.models import Grant
from apps.accounts.commands import create_token
from apps.accounts.models import Account
from apps.accounts.queries import actor_of
from apps.accounts.roles import TokenScope
from apps.credentials.commands import reserve_lease, take_credential
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.lakes.commands import begin_lake_verification
from apps.lakes.providers.registry import provider_for
from portal.benchmarks import Row, benchmark

PAIRS = 60
REFRESHES = 200
MOST_OVERHEAD = 0.030
MOST_REFRESH = 0.010
MOST_EACH = 0.050
"""Two cores that spend no more on each give forty keys a second, however long the lake takes."""

CONTAINER = "/credentials/v1/container"


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Who takes keys by which grant, and the token with which their programs ask."""

    actor: Actor
    grant: Grant
    token: str


@benchmark("credentials")
def credentials() -> list[Row]:
    """By the clock, with the demo's database and its lake. Nothing of it is kept but the keys, which nobody
    holds and which end by themselves."""
    with transaction.atomic():
        rows = measured(_somebody_who_may(), PAIRS, REFRESHES)
        transaction.set_rollback(True)
    return rows


def measured(taking: Taking, pairs: int, refreshes: int) -> list[Row]:
    """The peer is a command that locks, authorizes and writes nothing. It, the lake's call alone and the
    whole issue are taken in turns, so that what else the machine does falls on all of them."""
    given: dict[str, Any] = {"actor": taking.actor, "grant_id": taking.grant.uid}
    reserved = reserve_lease(**given, idempotency_key="")
    spec, lake_id = reserved.spec, reserved.lease.lake.uid
    provider = provider_for(spec.connection)
    bare, alone, whole = [], [], []
    for _ in range(pairs):
        own = replace(spec, lease_id=uuid4())
        bare.append(_spent(partial(begin_lake_verification, actor=SYSTEM, lake_id=lake_id)))
        alone.append(_spent(partial(provider.issue, own)))
        whole.append(_spent(partial(take_credential, **given)))
    added = [issue - call for issue, call in zip(whole, alone, strict=True)]
    again = list(_refreshes(taking, refreshes))
    peer = median(bare)
    found: tuple[tuple[str, float, float | None], ...] = (
        ("a command that changes nothing", peer, None),
        ("the lake's own call, half of them", median(alone), None),
        ("an issue, half of them", median(whole), None),
        ("what it adds, on average", mean(added), MOST_EACH),
        ("what it adds, 95 of 100", _of_hundred(added, 95), MOST_OVERHEAD),
        ("a program asks again, half of them", median(again), MOST_REFRESH),
    )
    return [
        Row(what=what, seconds=seconds, ratio=seconds / peer, most_seconds=most)
        for what, seconds, most in found
    ]


def _refreshes(taking: Taking, count: int) -> Iterator[float]:
    """The whole answer, from the request on; the first made the key."""
    client, about = Client(raise_request_exception=False), {"grant": str(taking.grant.uid)}
    headers = {"Authorization": taking.token}

    def ask() -> None:
        answer = client.get(CONTAINER, about, headers=headers, HTTP_HOST="localhost")
        if answer.status_code != 200:
            raise CommandError(f"The container endpoint answered {answer.status_code}.")

    ask()
    made = Lease.objects.count()
    yield from (_spent(ask) for _ in range(count))
    if Lease.objects.count() != made:
        raise CommandError("The kept key was not the one that was given.")


def _somebody_who_may() -> Taking:
    """The first of the living grants by which its holder may take a key."""
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
        return Taking(actor=actor, grant=grant, token=token.secret)
    raise CommandError("Nobody here may take a key. Start the portal with its demo: python3 manage.py up")


def _spent(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began


def _of_hundred(values: list[float], share: int) -> float:
    return quantiles(values, n=100, method="inclusive")[share - 1]
