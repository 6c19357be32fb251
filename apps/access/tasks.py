"""What the clock and other floors' events set off here."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from apps.access.commands import activate_grant, expire_grant, keep_request_going, reevaluate_request
from apps.access.lifecycle import GrantState, RequestState
from apps.access.models import Grant, Request, Stage
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
def keep_stages_in_time() -> None:
    """Remind, escalate and let lapse. While nobody does, requests wait; none is ever approved."""
    late = Stage.objects.filter(closed_at__isnull=True, remind_at__lte=database_now())
    waiting = late.filter(decision__revision__request__state=RequestState.IN_REVIEW)
    uids = waiting.order_by("remind_at").values_list("decision__revision__request__uid", flat=True)
    for uid in dict.fromkeys(uids[:BATCH]):
        keep_request_going(actor=SYSTEM, request_id=uid)


@shared_task
def keep_going(request_id: str) -> None:
    keep_request_going(actor=SYSTEM, request_id=UUID(request_id))


@shared_task
def look_for_people() -> None:
    """See whether every open request still has people enough, and whether those that had not now have."""
    look_for_people_again(None)


def look_for_people_again(_uid: UUID | None) -> None:
    waiting = Request.objects.filter(state=RequestState.IN_REVIEW)
    for uid in waiting.order_by("pk").values_list("uid", flat=True):
        keep_going.delay(str(uid))


def look_for_people_of_request(request_uid: UUID) -> None:
    keep_going.delay(str(request_uid))


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
