"""Purposes and processing activities to test with. Plain calls of commands."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Organization
from apps.catalog.models import Asset
from apps.compliance import commands
from apps.compliance.lifecycle import ActivityContent, DataSubjectCategory, PurposeContent, SecurityMeasure
from apps.compliance.models import ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.policy.vocabulary import LawfulBasis


def purpose_content(**given: Any) -> PurposeContent:
    """Complete, on legitimate interests."""
    made: dict[str, Any] = {
        "name": "Predict pump failures",
        "concept_code": "ScientificResearch",
        "description": "Learn from readings when a pump is about to fail.",
        "lawful_basis": LawfulBasis.LEGITIMATE_INTERESTS,
        "lia_ref": "LIA-1",
    }
    return PurposeContent(**{**made, **given})


def drafted_purpose(organization: Organization, writer: Actor = SYSTEM, **given: Any) -> Purpose:
    content = purpose_content(**given)
    version = commands.draft_purpose(actor=writer, organization_id=organization.uid, content=content)
    purpose: Purpose = version.purpose
    return purpose


def approved_purpose(
    organization: Organization, approver: Actor, writer: Actor = SYSTEM, **given: Any
) -> Purpose:
    purpose = drafted_purpose(organization, writer, **given)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    return purpose


def activity_content(purpose: Purpose, *assets: Asset, **given: Any) -> ActivityContent:
    """Complete, without recipients and transfers."""
    made: dict[str, Any] = {
        "name": "Upkeep of pumps",
        "purpose_ids": (purpose.uid,),
        "asset_ids": tuple(asset.uid for asset in assets),
        "data_subject_categories": frozenset({DataSubjectCategory.EMPLOYEE}),
        "no_recipients_confirmed": True,
        "no_transfers_confirmed": True,
        "security_measures": frozenset({SecurityMeasure.ENCRYPTION}),
    }
    return ActivityContent(**{**made, **given})


def drafted_activity(
    purpose: Purpose, *assets: Asset, writer: Actor = SYSTEM, **given: Any
) -> ProcessingActivity:
    content = activity_content(purpose, *assets, **given)
    organization_id = purpose.organization.uid
    version = commands.draft_activity(actor=writer, organization_id=organization_id, content=content)
    activity: ProcessingActivity = version.activity
    return activity


def approved_activity(
    purpose: Purpose, *assets: Asset, approver: Actor, writer: Actor = SYSTEM, **given: Any
) -> ProcessingActivity:
    activity = drafted_activity(purpose, *assets, writer=writer, **given)
    commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    commands.approve_activity(actor=approver, processing_activity_id=activity.uid)
    return activity
