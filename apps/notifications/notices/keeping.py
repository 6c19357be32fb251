"""What is told to those who keep records, assets and the portal right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.access.lifecycle import LIVE_GRANT, RequestState
from apps.access.models import Grant, Request
from apps.accounts.models import Account
from apps.accounts.roles import ObjectPermission, Role
from apps.audit.models import AuditEvent
from apps.catalog.events import AssetPublished, AssetRetired, VersionRegistered
from apps.catalog.models import AssetVersion
from apps.catalog.queries import people_holding
from apps.classification.events import (
    ColumnsClassified,
    LoweringConfirmed,
    LoweringProposed,
    LoweringRejected,
)
from apps.compliance.events import (
    ActivityApproved,
    ActivitySubmitted,
    PurposeApproved,
    PurposeResumed,
    PurposeSubmitted,
    PurposeSuspended,
    PurposeWithdrawn,
)
from apps.compliance.models import ProcessingActivity, Purpose
from apps.notifications.events import WebhookDisabled
from apps.notifications.models import Webhook
from apps.notifications.notices.people import accounts_of, holders_of
from apps.notifications.notices.registry import Telling, for_programs, subject_of, tells

PURPOSE_ENDS = {PurposeSuspended.name: "purpose_suspended", PurposeWithdrawn.name: "purpose_withdrawn"}
STILL_OPEN = (RequestState.IN_REVIEW, RequestState.RETURNED)

for_programs(
    ActivityApproved,
    AssetPublished,
    AssetRetired,
    ColumnsClassified,
    LoweringConfirmed,
    LoweringRejected,
    PurposeApproved,
    PurposeResumed,
    VersionRegistered,
)


@tells(PurposeSuspended, PurposeWithdrawn)
def purpose_ended(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Who has access for it, and who asked for some."""
    purpose = Purpose.objects.get(uid=subject_of(event))
    live = Grant.objects.filter(purpose=purpose, state__in=LIVE_GRANT)
    asked = Request.objects.filter(revision__purpose=purpose, state__in=STILL_OPEN)
    people = set(live.values_list("person", flat=True)) | set(asked.values_list("requester", flat=True))
    yield Telling(code=PURPOSE_ENDS[event.name], to=accounts_of(people), facts={"ref": purpose.ref})


@tells(PurposeSubmitted, ActivitySubmitted)
def record_submitted(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """The other officers: whoever sent it may not approve it."""
    is_purpose = event.name == PurposeSubmitted.name
    kept = Purpose if is_purpose else ProcessingActivity
    record = kept.objects.get(uid=subject_of(event))
    officers = holders_of({Role.COMPLIANCE_OFFICER}, record.organization_id, at=at)
    yield Telling(
        code="purpose_submitted" if is_purpose else "activity_submitted",
        to=_others(officers, event),
        about=record.uid,
        facts={"ref": record.ref},
    )


@tells(LoweringProposed)
def lowering_proposed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    version = AssetVersion.objects.select_related("asset").get(uid=subject_of(event))
    keepers = people_holding(ObjectPermission.OWN, version.asset)
    yield Telling(
        code="lowering_proposed",
        to=_others(accounts_of(keepers), event),
        about=version.uid,
        assets=(version.asset.uid,),
    )


@tells(WebhookDisabled)
def webhook_disabled(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm where nobody disabled it, but nobody answered."""
    attempts = event.data["attempts"]
    if attempts:
        webhook = Webhook.objects.get(uid=subject_of(event))
        people = holders_of({Role.ADMINISTRATOR}, webhook.organization_id, at=at)
        facts = {"origin": webhook.origin, "attempts": attempts}
        yield Telling(code="webhook_disabled", to=people, about=webhook.uid, facts=facts)


def _others(accounts: list[Account], event: AuditEvent) -> list[Account]:
    return [account for account in accounts if account.person_id != event.actor_person_id]
