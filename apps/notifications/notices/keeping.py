"""What is told to those who keep records, assets and the portal right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.access.lifecycle import LIVE_GRANT, RequestState
from apps.access.models import Grant, Request
from apps.accounts.models import Account, Person
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission, Role
from apps.audit.models import AuditEvent
from apps.catalog.models import Asset, AssetVersion
from apps.catalog.queries import people_holding
from apps.compliance.lifecycle.occurrences import Owner
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, AgreementStage
from apps.compliance.models import (
    ActivityVersion,
    Duty,
    LegalRecord,
    LegalRecordVersion,
    Occurrence,
    ProcessingActivity,
    Purpose,
    PurposeVersion,
)
from apps.kernel.events import Plain
from apps.notifications.models import Webhook
from apps.notifications.notices.people import accounts_of, holders_of
from apps.notifications.notices.registry import Telling, for_programs, subject_of, tells

PURPOSE_ENDS = {
    "compliance.purpose.suspended": "purpose_suspended",
    "compliance.purpose.withdrawn": "purpose_withdrawn",
}
AGREEMENT_MOVES = {
    AgreementStage.EXPIRING: "agreement_ends_soon",
    AgreementStage.EXPIRED: "agreement_over",
    AgreementStage.TERMINATED: "agreement_over",
}
VERSIONS: dict[str, tuple[Any, Any, str]] = {
    "purpose": (PurposeVersion, Purpose, "purpose"),
    "activity": (ActivityVersion, ProcessingActivity, "activity"),
    "record": (LegalRecordVersion, LegalRecord, "legal_record"),
}
"""Versions of each kind of record, the record, and how a version names it."""
STILL_OPEN = (RequestState.IN_REVIEW, RequestState.RETURNED)

for_programs(
    "access.policy_set.published",
    "catalog.asset.published",
    "catalog.asset.retired",
    "catalog.version.registered",
    "classification.columns.classified",
    "classification.lowering.confirmed",
    "classification.lowering.rejected",
    "compliance.activity.approved",
    "compliance.purpose.approved",
    "compliance.purpose.resumed",
    "compliance.record.approved",
    "reviews.campaign.closed",
    "reviews.review.kept",
    "reviews.review.removed",
    "reviews.review.unanswered",
)


@tells("compliance.purpose.suspended", "compliance.purpose.withdrawn")
def purpose_ended(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Who has access for it, and who asked for some."""
    purpose = Purpose.objects.get(uid=subject_of(event))
    live = Grant.objects.filter(purpose=purpose, state__in=LIVE_GRANT)
    asked = Request.objects.filter(revision__purpose=purpose, state__in=STILL_OPEN)
    people = set(live.values_list("person", flat=True)) | set(asked.values_list("requester", flat=True))
    yield Telling(code=PURPOSE_ENDS[event.name], to=accounts_of(people), facts={"ref": purpose.ref})


@tells("compliance.purpose.submitted", "compliance.activity.submitted")
def record_submitted(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """The other officers: whoever sent it may not approve it."""
    is_purpose = event.name == "compliance.purpose.submitted"
    kept = Purpose if is_purpose else ProcessingActivity
    record = kept.objects.get(uid=subject_of(event))
    officers = holders_of({Role.COMPLIANCE_OFFICER}, record.organization_id, at=at)
    yield Telling(
        code="purpose_submitted" if is_purpose else "activity_submitted",
        to=_others(officers, event),
        about=record.uid,
        facts={"ref": record.ref},
    )


@tells("compliance.record.submitted")
def legal_record_submitted(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """The other officers: whoever sent it may not approve it."""
    found = LegalRecord.objects.get(uid=subject_of(event))
    officers = holders_of({Role.COMPLIANCE_OFFICER}, found.organization_id, at=at)
    yield Telling(
        code="record_submitted", to=_others(officers, event), about=found.uid, facts={"ref": found.ref}
    )


ANSWERS = {"returned": "record_returned", "rejected": "record_rejected"}


@tells(
    "compliance.purpose.returned",
    "compliance.purpose.rejected",
    "compliance.activity.returned",
    "compliance.activity.rejected",
    "compliance.record.returned",
    "compliance.record.rejected",
)
def record_answered(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever wrote the version, and who sent it for review, as far as they still see it."""
    _, of, answer = event.name.split(".")
    versions, seen, identity = VERSIONS[of]
    number = event.data["number"]
    version = versions.objects.get(**{f"{identity}__uid": subject_of(event)}, number=number)
    writers = {version.submitted_by_id, *version.editors.values_list("pk", flat=True)}
    about = getattr(version, identity)
    yield Telling(
        code=ANSWERS[answer],
        to=[
            account
            for account in _others(accounts_of(writers), event)
            if seen.objects.visible_to(actor_of(account)).filter(pk=about.pk).exists()
        ],
        about=about.uid,
        facts={"ref": about.ref, "number": number},
    )


@tells("compliance.record.step_taken")
def agreement_moved_on(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Officers, and who owns the data, of an agreement that ends soon; officers, of one that is over. Other
    steps ask nothing of anybody: what is due stands on the board."""
    data = event.data
    code = AGREEMENT_MOVES.get(data["after"], "") if data["record_kind"] == USE_AGREEMENTS.slug else ""
    if not code or data["before"] == data["after"]:
        return
    row = LegalRecord.objects.get(uid=subject_of(event))
    to = holders_of({Role.COMPLIANCE_OFFICER}, row.organization_id, at=at)
    if data["after"] == AgreementStage.EXPIRING:
        to += _owners_named_by(row)
    told = list({account.pk: account for account in to}.values())
    yield Telling(code=code, to=told, about=row.uid, facts={"ref": row.ref})


def _owners_named_by(row: LegalRecord) -> list[Account]:
    version = row.versions.filter(record_status="approved").first()
    assets = Asset.objects.filter(uid__in=version.content.get("assets", ())) if version else ()
    return [each for asset in assets for each in accounts_of(people_holding(ObjectPermission.OWN, asset))]


@tells("classification.lowering.proposed")
def lowering_proposed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    version = AssetVersion.objects.select_related("asset").get(uid=subject_of(event))
    keepers = people_holding(ObjectPermission.OWN, version.asset)
    yield Telling(
        code="lowering_proposed",
        to=_others(accounts_of(keepers), event),
        about=version.uid,
        assets=(version.asset.uid,),
    )


@tells("notifications.webhook.disabled")
def webhook_disabled(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm where nobody disabled it, but nobody answered."""
    attempts = event.data["attempts"]
    if attempts:
        webhook = Webhook.objects.get(uid=subject_of(event))
        people = holders_of({Role.ADMINISTRATOR}, webhook.organization_id, at=at)
        facts = {"origin": webhook.origin, "attempts": attempts}
        yield Telling(code="webhook_disabled", to=people, about=webhook.uid, facts=facts)


@tells("accounts.person.departed")
def person_departed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm: what they alone kept, and the programs they answered for, need somebody else."""
    person = Person.objects.get(uid=subject_of(event))
    people = holders_of({Role.ADMINISTRATOR}, person.organization_id, at=at)
    yield Telling(code="person_departed", to=_others(people, event), about=person.uid, who=person.uid)


@tells("accounts.delegation.created")
def delegation_created(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    delegate = Person.objects.filter(uid=event.data["delegate_id"])
    facts = {"ends": event.data["ends_at"]}
    to = accounts_of(delegate.values_list("pk", flat=True))
    yield Telling(code="delegation_received", to=to, facts=facts)


def _others(accounts: list[Account], event: AuditEvent) -> list[Account]:
    return [account for account in accounts if account.person_id != event.actor_person_id]


@tells("compliance.occurrence.took_effect")
def duties_arose(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever has to do something about it now."""
    occurrence = Occurrence.objects.get(uid=subject_of(event))
    duties = Duty.objects.filter(occurrence=occurrence)
    yield _asking(duties, occurrence, at=at)


@tells("compliance.duty.freed")
def duty_freed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Those who answer for it now that whoever had it has left."""
    duty = Duty.objects.filter(uid=subject_of(event))
    yield _asking(duty, duty.get().occurrence, at=at)


def _asking(duties: QuerySet[Duty], occurrence: Occurrence, *, at: datetime) -> Telling:
    people: list[Account] = []
    duties = duties.select_related("asset")
    for owner, permission in ((Owner.STEWARD, ObjectPermission.STEWARD), (Owner.OWNER, ObjectPermission.OWN)):
        for duty in duties.filter(owner=owner).order_by("pk"):
            people += accounts_of(people_holding(permission, duty.asset)) if duty.asset else []
    if duties.filter(owner=Owner.OFFICER).exists():
        people += holders_of({Role.COMPLIANCE_OFFICER}, occurrence.organization_id, at=at)
    told = list({account.pk: account for account in people}.values())
    return Telling(code="duties_arose", to=told, facts={"ref": occurrence.ref})


@tells("compliance.duty.assigned")
def duty_assigned(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    duty = Duty.objects.select_related("person").get(uid=subject_of(event))
    yield Telling(code="duty_assigned", to=accounts_of([duty.person_id]))


@tells("compliance.duty.failed")
def deletion_failed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm: data that should be gone are still there. To the DPO and those who answer for the deletion,
    who see what failed; and to the owners of the data."""
    duty = Duty.objects.select_related("asset", "occurrence").get(uid=subject_of(event))
    facts: dict[str, Plain] = {"ref": duty.occurrence.ref}
    assets = (duty.asset.uid,) if duty.asset else ()
    people = holders_of({Role.DPO}, duty.organization_id, at=at) + accounts_of([duty.person_id])
    if duty.asset is not None:
        people += accounts_of(people_holding(ObjectPermission.STEWARD, duty.asset))
    told = list({account.pk: account for account in _others(people, event)}.values())
    yield Telling(code="deletion_failed", to=told, about=duty.uid, assets=assets, facts=facts)
    if duty.asset is not None:
        owners = accounts_of(people_holding(ObjectPermission.OWN, duty.asset))
        yield Telling(
            code="deletion_failed_of_yours",
            to=_others(owners, event),
            about=duty.asset.uid,
            assets=assets,
            facts=facts,
        )
