"""What the clock does about programs: those nobody can answer for, and what their sign-ins leave behind."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.db.models import Exists, OuterRef, Q

from apps.accounts.commands import follow_unanswered
from apps.accounts.models import Account, AccountKind, ApiToken, PersonStatus, WorkloadTokenUse
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now

A_DAY = timedelta(days=1)
KEPT = timedelta(days=30)
"""How long a token that a platform stood for is listed after its end; the trail keeps that there was one."""
BATCH = 1000


@shared_task
def follow_programs() -> None:
    """Those nobody may be able to answer for, and those of whom that was said before."""
    now = database_now()
    own = Account.objects.filter(person=OuterRef("person"), kind=AccountKind.PERSON, is_active=True)
    doubtful = (
        ~Q(person__status=PersonStatus.ACTIVE)
        | Q(person__contract_ends_on__lte=(now + A_DAY).date())
        | ~Exists(own)
        | Q(unanswered_since__isnull=False)
    )
    found = Account.objects.filter(doubtful, kind=AccountKind.SERVICE, is_active=True).order_by("pk")
    for account_id in found.values_list("uid", flat=True):
        follow_unanswered(actor=SYSTEM, account_id=account_id)


@shared_task
def forget_sign_ins() -> None:
    """Marks of tokens that would be refused anyway, and access tokens that ended long ago."""
    now = database_now()
    WorkloadTokenUse.objects.filter(ends_at__lte=now).delete()
    over = ApiToken.objects.filter(identity__isnull=False, expires_at__lte=now - KEPT)
    ApiToken.objects.filter(pk__in=list(over.order_by("pk").values_list("pk", flat=True)[:BATCH])).delete()
