"""Keys for programs, which ask again and again: one live key for a token and a grant.

It is kept sealed under the token that took it. The portal knows of a token its hash alone, so that whoever
has the database has no key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from apps.access.models import Grant
from apps.access.queries import version_in_use, why_not_effective, why_not_usable
from apps.accounts.authorization import authorize
from apps.accounts.models import ApiToken, Person
from apps.accounts.operations import Operation
from apps.credentials.commands.issuing import Credential, subject_of_key, take_credential
from apps.credentials.errors import GRANT_OR_ASSET, KEYS_NOT_SERVED
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease, SealedKey
from apps.credentials.queries import grant_to_use
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import invalid, rule_broken
from apps.kernel.questions import Given, Question
from apps.kernel.sealing import seal_under, unseal_under
from apps.lakes.providers.registry import traits_of
from apps.lakes.providers.secret import Secret

GRANT_AS_READ = (
    "grant__asset",
    "grant__version",
    "grant__person",
    "grant__service_account",
    "grant__project",
)
OF_GRANT, OF_ASSET = "grant__uid", "grant__asset__uid"
"""Whose kept key is wanted."""
SERVED_FOR = timedelta(seconds=1200)
"""Clients refresh 15 minutes before the end (botocore): with less left they would ask at every call."""


def serve_credential(
    *,
    actor: Actor,
    token_id: UUID,
    bearer: str,
    grant_id: UUID | None = None,
    asset_id: UUID | None = None,
    at: datetime | None = None,
) -> Credential:
    """The live key that this token took by the grant, or to the asset, before, as long as it has half its
    time, or twenty minutes, left; else a new one, which takes its place. Many who ask at once share one.

    A kept key is handed out while its lease, the grant and its taker stand; whether policy still agrees is
    asked where a key is made, and by the sweep that cuts those that fell.

    Raises: InvalidInput where neither or both are named; RuleBroken where the lake's keys are not for this
    protocol; and as `take_credential`.
    """
    about, uid = _named(grant_id, asset_id)
    kept = _kept(actor, token_id, bearer, {about: uid}, at=at or database_now())
    if kept is not None:
        return kept
    grant = grant_to_use(actor, uid) if about == OF_ASSET else Grant.objects.visible_to(actor).one(uid)
    _expect_served(grant)
    with _one_at_a_time(grant, token_id):
        kept = _kept(actor, token_id, bearer, {"grant": grant.pk}, at=at or database_now())
        if kept is not None:
            return kept
        taken = take_credential(actor=actor, grant_id=grant.uid, at=at)
        _keep(taken, token_id, bearer)
        return taken


def _named(grant_id: UUID | None, asset_id: UUID | None) -> tuple[str, UUID]:
    if grant_id is not None and asset_id is None:
        return OF_GRANT, grant_id
    if asset_id is not None and grant_id is None:
        return OF_ASSET, asset_id
    raise invalid("grant", GRANT_OR_ASSET)


def _expect_served(grant: Grant) -> None:
    """Before a key is made that nobody could be given.  Raises: RuleBroken."""
    location = version_in_use(grant).location
    if location is not None and not traits_of(location.lake.flavor).serves_programs:
        raise rule_broken(KEYS_NOT_SERVED, lake=location.lake.name)


def _kept(
    actor: Actor, token_id: UUID, bearer: str, about: dict[str, Any], *, at: datetime
) -> Credential | None:
    """None also where the grant gives nothing now: whoever takes a new key is told why there is none."""
    key = _SEALED.first(*about, token=token_id, **about)
    if key is None or not _lasts(key.lease, at=at):
        return None
    grant = key.grant
    authorize(actor=actor, operation=Operation.TAKE_CREDENTIAL, resource=subject_of_key(grant, at=at))
    is_theirs = grant.person_id == actor.person_key
    taker = grant.person if is_theirs else Person.objects.get(pk=actor.person_key)
    if why_not_effective(grant, at=at) or why_not_usable(grant, taker, at=at):
        return None
    parts = unseal_under(bearer, bytes(key.sealed), use=_use(key.lease))
    if parts is None:
        return None
    # Recorded before it is given: an answer with a key in it that nobody can count is none.
    Lease.objects.filter(pk=key.lease_id).update(times_given=F("times_given") + 1, given_at=at)
    return Credential(lease=key.lease, secret=Secret(parts))


def _sealed(about: str) -> QuerySet[SealedKey]:
    found = SealedKey.objects.filter(token__uid=Given("token"), lease__state=LeaseState.ISSUED)
    wanted = found.filter(**{about: Given(about)}).select_related("lease__lake", *GRANT_AS_READ)
    return wanted.order_by("-lease__expires_at")[:1]


_SEALED: Question[SealedKey] = Question(_sealed)


def _lasts(lease: Lease, *, at: datetime) -> bool:
    issued = lease.issued_at or lease.created_at
    return lease.expires_at - at >= min(SERVED_FOR, (lease.expires_at - issued) / 2)


def _keep(taken: Credential, token_id: UUID, bearer: str) -> None:
    sealed = seal_under(bearer, taken.secret.reveal(), use=_use(taken.lease))
    SealedKey.objects.update_or_create(
        grant=taken.lease.grant,
        token=ApiToken.objects.get(uid=token_id),
        defaults={"lease": taken.lease, "sealed": sealed},
    )


def _use(lease: Lease) -> str:
    return f"key of lease {lease.uid}"


@contextmanager
def _one_at_a_time(grant: Grant, token_id: UUID) -> Iterator[None]:
    """Who else asks with this token for this grant waits, for as long as the database lets a lock be waited
    for; nobody else does. It is no transaction: none is open while the lake is asked."""
    name = f"key {grant.uid} {token_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 4713))", [name])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 4713))", [name])
