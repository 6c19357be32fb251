"""What the clock and other floors' events set off here."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from apps.access.commands import activate_grant, expire_grant, reevaluate_request
from apps.access.lifecycle import GrantState, RequestState
from apps.access.models import Grant, Request
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now

BATCH = 500


@shared_task
def keep_grants_in_step() -> None:
    """Write down which grants have begun and which have run out; nothing depends on this being on time."""
    now = database_now()
    begun = Grant.objects.filter(state=GrantState.SCHEDULED, not_before__lte=now, not_after__gt=now)
    for uid in begun.values_list("uid", flat=True)[:BATCH]:
        activate_grant(actor=SYSTEM, grant_id=uid)
    over = Grant.objects.filter(ended_at__isnull=True, not_after__lte=now)
    for uid in over.values_list("uid", flat=True)[:BATCH]:
        expire_grant(actor=SYSTEM, grant_id=uid)


@shared_task
def reevaluate(request_id: str) -> None:
    reevaluate_request(actor=SYSTEM, request_id=UUID(request_id))


def reevaluate_requests_on_asset(asset_uid: UUID) -> None:
    _reevaluate(revision__items__asset__uid=asset_uid)


def reevaluate_requests_on_version(version_uid: UUID) -> None:
    _reevaluate(revision__items__version__uid=version_uid)


def reevaluate_requests_of_person(person_uid: UUID) -> None:
    _reevaluate(revision__person__uid=person_uid)


def reevaluate_requests_on_purpose(purpose_uid: UUID) -> None:
    _reevaluate(revision__purpose__uid=purpose_uid)


def reevaluate_all_open_requests(_uid: UUID) -> None:
    _reevaluate()


def _reevaluate(**about: UUID) -> None:
    waiting = Request.objects.filter(state=RequestState.IN_REVIEW, **about)
    for uid in waiting.order_by("pk").values_list("uid", flat=True).distinct():
        reevaluate.delay(str(uid))
