"""What the clock and other floors' events set off here."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils.translation import gettext_noop

from apps.access.commands import (
    activate_grant,
    expire_grant,
    lapse_condition,
    reevaluate_request,
    reopen_request,
    sanction_break_glass,
    suspend_grant,
)
from apps.access.lifecycle import (
    EVALUATED_REQUEST,
    GIVING_GRANT,
    LIVE_GRANT,
    ConditionStatus,
    GrantState,
)
from apps.access.models import BreakGlass, Condition, Grant, Request
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionKind

BATCH = 500
PURPOSE_WITHDRAWN = gettext_noop("The purpose of the grant was withdrawn.")


@shared_task
def keep_grants_in_step() -> None:
    """Write down what has begun, run out or lapsed; nothing depends on this being on time."""
    now = database_now()
    begun = Grant.objects.filter(state=GrantState.SCHEDULED, not_before__lte=now, not_after__gt=now)
    for uid, request_uid in begun.values_list("uid", "revision__request__uid")[:BATCH]:
        if activate_grant(actor=SYSTEM, grant_id=uid).state == GrantState.SCHEDULED:
            reopen_request(actor=SYSTEM, request_id=request_uid)
    over = Grant.objects.filter(ended_at__isnull=True, not_after__lte=now)
    for uid in over.values_list("uid", flat=True)[:BATCH]:
        expire_grant(actor=SYSTEM, grant_id=uid)
    lasting = Condition.objects.filter(kind=ConditionKind.DURING, grant__state__in=LIVE_GRANT)
    lapsed = lasting.filter(due_at__lte=now).exclude(status=ConditionStatus.LAPSED)
    for uid in lapsed.values_list("uid", flat=True)[:BATCH]:
        lapse_condition(actor=SYSTEM, condition_id=uid)
    unreviewed = BreakGlass.objects.filter(reviewed_at=None, sanctioned_at=None, sanction_at__lte=now)
    for uid in unreviewed.values_list("uid", flat=True)[:BATCH]:
        sanction_break_glass(actor=SYSTEM, break_glass_id=uid)


@shared_task
def reevaluate(request_id: str) -> None:
    reevaluate_request(actor=SYSTEM, request_id=UUID(request_id))
    reopen_request(actor=SYSTEM, request_id=UUID(request_id))


def suspend_grants_for_purpose(purpose_uid: UUID) -> None:
    """A purpose was withdrawn for good. Nothing was given for it since; here it is written down."""
    held = Grant.objects.filter(purpose__uid=purpose_uid, state__in=GIVING_GRANT)
    for uid in held.order_by("pk").values_list("uid", flat=True):
        suspend_grant(actor=SYSTEM, grant_id=uid, comment=PURPOSE_WITHDRAWN)


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
    waiting = Request.objects.filter(state__in=EVALUATED_REQUEST, **about)
    for uid in waiting.order_by("pk").values_list("uid", flat=True).distinct():
        reevaluate.delay(str(uid))
