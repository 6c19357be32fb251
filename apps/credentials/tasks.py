"""The reaper: no key without a lease, no lease without an end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db.models import QuerySet

from apps.access.commands import recall_grant
from apps.access.models import Grant
from apps.access.queries import answer, why_not_effective, why_not_lawful, why_not_usable
from apps.access.queries.grants import ask_again, version_in_use
from apps.accounts.models import Person
from apps.catalog.queries import all_made_from
from apps.compliance.lifecycle.occurrences import EFFECTS, AccessEffect
from apps.compliance.models import AffectedVersion, Occurrence
from apps.credentials.commands import cut_keys, cut_keys_of_lake, fail_lease, read_lines, revoke_lease
from apps.credentials.commands.ending import end_as_due, end_key
from apps.credentials.commands.noting import SEEN_FOR
from apps.credentials.lifecycle import CUTTABLE, LeaseState
from apps.credentials.models import (
    Lease,
    LeaseStray,
    LeaseTouch,
    LeaseUse,
    LogFile,
    SealedKey,
    SeenRequest,
)
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.labeling.models import LabelSet, RedactionCheck
from apps.lakes.models import Lake
from apps.lakes.providers.contract import Flavor
from apps.lakes.providers.faults import DOES_NOT_ANSWER
from apps.lakes.providers.logs import LogKind
from apps.lakes.providers.registry import provider_for

INTENT_MAY_TAKE = timedelta(minutes=2)
BATCH = 200


def revoke_keys_of_grant(grant_uid: UUID) -> None:
    """A grant has ended or is suspended, by whatever way: its keys end too."""
    cut_keys(grant_uid)


def revoke_keys_of_lake(lake_uid: UUID) -> None:
    """A lake was halted: whoever halted it may have died before its keys were told to end."""
    cut_keys_of_lake(lake_uid)


@shared_task
def reap() -> None:
    """Give up on intents nobody finished, try due revocations again, write down what has run out.

    Keys that still work come first, and a lake that does not answer is asked once a run: it holds up nobody
    else's keys.
    """
    now = database_now()
    unfinished = Lease.objects.filter(state=LeaseState.INTENT, created_at__lte=now - INTENT_MAY_TAKE)
    for lease_id in _some(unfinished):
        fail_lease(actor=SYSTEM, lease_id=lease_id, fault="NEVER_CONFIRMED", nothing_made=False)
    silent = set[int]()
    due = Lease.objects.filter(state=LeaseState.REVOKE_REQUESTED, next_attempt_at__lte=now)
    _revoke(due.filter(expires_at__gt=now), silent)
    over = Lease.objects.filter(ended_at__isnull=True, expires_at__lte=now).exclude(state=LeaseState.INTENT)
    for lake in _lakes_of(over):
        for lease_id in _some(over.filter(lake=lake)):
            if end_as_due(lease_id, answers=lake not in silent) in DOES_NOT_ANSWER:
                silent.add(lake)
    _revoke(due, silent)
    SealedKey.objects.exclude(lease__state=LeaseState.ISSUED).delete()


@shared_task
def recheck_keys() -> None:
    """Put every grant with a living key to policy anew: what ends a right ends the keys taken from it."""
    _recheck()


def recheck_keys_of_person(person_uid: UUID) -> None:
    _recheck(grant__person__uid=person_uid)
    _recheck(person__uid=person_uid)


def recheck_keys_of_project(project_uid: UUID) -> None:
    """Who left loses their key, and the others keep theirs."""
    _recheck(grant__project__uid=project_uid)


def recheck_keys_for_account(account_uid: UUID) -> None:
    """Of a service account; a person's keys stand on the person."""
    _recheck(grant__service_account__uid=account_uid)


def recheck_keys_for_purpose(purpose_uid: UUID) -> None:
    _recheck(grant__purpose__uid=purpose_uid)


def recheck_keys_to_asset(asset_uid: UUID) -> None:
    _recheck(grant__asset__uid=asset_uid)


def recheck_keys_to_version(version_uid: UUID) -> None:
    """Also those to what was made from it, which is never laxer."""
    _recheck(scopes__version__in=all_made_from(uid=version_uid))


def recheck_keys_after_check(check_uid: UUID) -> None:
    """What names people was found in a version: nobody labels it with the key they have."""
    checked = RedactionCheck.objects.filter(uid=check_uid).values_list("version", flat=True)
    _recheck(scopes__version__in=set(checked))


def recheck_keys_to_labels(label_set_uid: UUID) -> None:
    """What labels are good for was found, or found anew: for the data, and for all made from them."""
    version = LabelSet.objects.values_list("version__uid", flat=True).get(uid=label_set_uid)
    _recheck(scopes__version__in=all_made_from(uid=version))


def recheck_keys_to_lineage(asset_uid: UUID) -> None:
    """To every version of the asset, and to what was made from them."""
    _recheck(scopes__version__in=all_made_from(asset__uid=asset_uid))


def recall_and_cut(occurrence_uid: UUID) -> None:
    """Keys that opened what is closed now end at once; whoever ever had one is told what became of the data.

    A grant that still opens another version gives new keys, for that one.
    """
    occurrence = Occurrence.objects.get(uid=occurrence_uid)
    access = set(EFFECTS[occurrence.kind_of].access)
    affected = AffectedVersion.objects.filter(occurrence=occurrence)
    if access & {AccessEffect.CUT, AccessEffect.REVOKE}:
        closed_now = affected.exclude(closing="").values("version")
        for uid in _grants_with_keys(closed_now, state__in=CUTTABLE):
            revoke_keys_of_grant(uid)
    if access & {AccessEffect.RECALL, AccessEffect.TELL}:
        for uid in _grants_with_keys(affected.values("version"), issued_at__isnull=False):
            recall_grant(actor=SYSTEM, grant_id=uid, occurrence_id=occurrence.uid)


def _grants_with_keys(versions: Any, **of: Any) -> list[UUID]:
    leases = Lease.objects.filter(scopes__version__in=versions, **of)
    return list(
        Grant.objects.filter(pk__in=leases.values("grant")).order_by("pk").values_list("uid", flat=True)
    )


def recheck_every_key(_uid: UUID) -> None:
    recheck_keys.delay()


@shared_task
def tidy_lakes() -> None:
    """Drop what revocations left behind at the providers and time has made needless; a lake that fails is
    told of when the others are done."""
    now, failures = database_now(), list[LakewardenError]()
    for lake in Lake.objects.all():
        connection = lake.spec()
        try:
            provider_for(connection).tidy(connection, now=now)
        except LakewardenError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


@shared_task
def read_demo_lake() -> None:
    """What was done with keys of the demo lake that stands beside the portal, if one does."""
    if not settings.DEMO_LAKE_URL or not settings.DEMO_LAKE_LOG.exists():
        return
    for lake in Lake.objects.filter(flavor=Flavor.DEMO, endpoint=settings.DEMO_LAKE_URL).order_by("pk"):
        for _noted in read_lines(lake.uid, settings.DEMO_LAKE_LOG, LogKind.DEMO):
            continue


@shared_task
def forget_use() -> None:
    """Drop what keys touched before the days that are kept, and what counting once needs no more."""
    forget_use_of(at=database_now())


def forget_use_of(*, at: datetime) -> None:
    kept_from = at - timedelta(days=settings.USE_KEPT_DAYS)
    LeaseTouch.objects.filter(day__lt=kept_from.date()).delete()
    LeaseStray.objects.filter(day__lt=kept_from.date()).delete()
    LeaseUse.objects.filter(last_at__lt=kept_from).delete()
    SeenRequest.objects.filter(day__lt=(at - SEEN_FOR).date()).delete()
    LogFile.objects.filter(read_at__lt=at - SEEN_FOR).delete()


def _recheck(**about: UUID | Collection[int]) -> None:
    now = database_now()
    living = Lease.objects.filter(state=LeaseState.ISSUED, expires_at__gt=now, **about)
    for grant in Grant.objects.filter(pk__in=living.values("grant")).order_by("pk"):
        if grant.project_id is not None and not why_not_effective(grant, at=now):
            _recheck_members(grant, now=now)
        elif why_not_effective(grant, at=now) or _is_unlawful(grant, None, now=now):
            revoke_keys_of_grant(grant.uid)


def _recheck_members(grant: Grant, *, now: datetime) -> None:
    """Each living key of a project is its taker's: it ends where they left, or may not have it any more."""
    living = Lease.objects.filter(grant=grant, state=LeaseState.ISSUED, expires_at__gt=now)
    for lease in living.select_related("person__organization").order_by("pk"):
        if why_not_usable(grant, lease.person, at=now) or _is_unlawful(grant, lease.person, now=now):
            revoke_lease(actor=SYSTEM, lease_id=lease.uid)


def _is_unlawful(grant: Grant, member: Person | None, *, now: datetime) -> bool:
    again = ask_again(grant, version_in_use(grant), member=member, at=now)
    return bool(why_not_lawful(grant, answer(again, at=now)))


def _revoke(due: QuerySet[Lease], silent: set[int]) -> None:
    """Lake by lake, each until it is silent."""
    for lake in _lakes_of(due):
        for lease_id in _some(due.filter(lake=lake)):
            if lake in silent:
                break
            lease = end_key(lease_id)
            if lease.state == LeaseState.REVOKE_REQUESTED and lease.fault in DOES_NOT_ANSWER:
                silent.add(lake)


def _lakes_of(leases: QuerySet[Lease]) -> list[int]:
    return list(leases.order_by("lake_id").values_list("lake_id", flat=True).distinct())


def _some(leases: QuerySet[Lease]) -> list[UUID]:
    return list(leases.order_by("pk").values_list("uid", flat=True)[:BATCH])
