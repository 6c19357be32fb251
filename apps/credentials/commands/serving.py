"""Keys for programs, which ask again and again: one live key for a token and a grant.

It is kept sealed under the token that took it. The portal knows of a token its hash alone, so that whoever
has the database has no key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F

from apps.access.models import Grant
from apps.access.queries import why_not_effective, why_not_usable
from apps.accounts.authorization import authorize
from apps.accounts.models import ApiToken, Person
from apps.accounts.operations import Operation
from apps.credentials.commands.issuing import Credential, subject_of_key, take_credential
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease, SealedKey
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState
from apps.kernel.sealing import seal_under, unseal_under
from apps.lakes.providers.secret import Secret

SERVED_FOR = timedelta(seconds=1200)
"""Clients refresh 15 minutes before the end (botocore): with less left they would ask at every call."""


def serve_credential(
    *, actor: Actor, grant_id: UUID, token_id: UUID, bearer: str, at: datetime | None = None
) -> Credential:
    """The live key that this token took by the grant before, as long as it has half its time, or twenty
    minutes, left; else a new one, which takes its place. Many who ask at once share one.

    A kept key is handed out while its lease, the grant and its taker stand; whether policy still agrees is
    asked where a key is made, and by the sweep that cuts those that fell.

    Raises: as `take_credential`.
    """
    grant = Grant.objects.visible_to(actor).one(grant_id)
    token = ApiToken.objects.select_related("account").get(uid=token_id)
    now = at or database_now()
    kept = _kept(actor, grant, token, bearer, at=now)
    if kept is not None:
        return kept
    with _one_at_a_time(grant, token):
        now = at or database_now()
        kept = _kept(actor, grant, token, bearer, at=now)
        if kept is not None:
            return kept
        taken = take_credential(actor=actor, grant_id=grant_id, at=at)
        _keep(taken, token, bearer)
        return taken


def _kept(actor: Actor, grant: Grant, token: ApiToken, bearer: str, *, at: datetime) -> Credential | None:
    found = SealedKey.objects.select_related("lease__lake", "lease__grant").filter(grant=grant, token=token)
    key = found.filter(lease__state=LeaseState.ISSUED).first()
    if key is None or not _lasts(key.lease, at=at):
        return None
    authorize(actor=actor, operation=Operation.TAKE_CREDENTIAL, resource=subject_of_key(grant, at=at))
    taker = Person.objects.select_related("organization").get(pk=actor.person_key)
    reasons = why_not_effective(grant, at=at) or why_not_usable(grant, taker, at=at)
    if reasons:
        raise InvalidState(*reasons)
    parts = unseal_under(bearer, bytes(key.sealed), use=_use(key.lease))
    if parts is None:
        return None
    # Recorded before it is given: an answer with a key in it that nobody can count is none.
    found.filter(pk=key.pk).update(times_served=F("times_served") + 1, served_at=at)
    return Credential(lease=key.lease, secret=Secret(parts))


def _lasts(lease: Lease, *, at: datetime) -> bool:
    issued = lease.issued_at or lease.created_at
    return lease.expires_at - at >= min(SERVED_FOR, (lease.expires_at - issued) / 2)


def _keep(taken: Credential, token: ApiToken, bearer: str) -> None:
    sealed = seal_under(bearer, taken.secret.reveal(), use=_use(taken.lease))
    SealedKey.objects.update_or_create(
        grant=taken.lease.grant,
        token=token,
        defaults={
            "lease": taken.lease,
            "sealed": sealed,
            "times_served": 1,
            "served_at": taken.lease.issued_at or taken.lease.created_at,
        },
    )


def _use(lease: Lease) -> str:
    return f"key of lease {lease.uid}"


@contextmanager
def _one_at_a_time(grant: Grant, token: ApiToken) -> Iterator[None]:
    """Who else asks with this token for this grant waits, for as long as the database lets a lock be waited
    for; nobody else does. It is no transaction: none is open while the lake is asked."""
    name = f"key {grant.uid} {token.uid}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 4713))", [name])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 4713))", [name])
