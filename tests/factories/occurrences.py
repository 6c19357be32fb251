"""Occurrences to test with. Plain calls of commands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from apps.accounts.models import Organization
from apps.catalog.commands import InputDraft, publish_asset, register_version
from apps.catalog.models import Asset, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance import commands
from apps.compliance.commands import OccurrenceDraft
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.rights import RIGHTS, Channel, RightsContent, RightsType
from apps.compliance.models import LegalRecord, Occurrence
from apps.kernel.actor import SYSTEM, Actor
from tests.factories import compliance


def rights_request(
    organization: Organization,
    approver: Actor,
    *assets: Asset,
    type: RightsType = RightsType.ERASURE,
) -> LegalRecord:
    """Received, described and signed off; nobody has begun to work on it."""
    content = RightsContent(
        name="A request of this week",
        type=type,
        received_at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
        channel=Channel.LETTER,
        calendar="DE",
        person_ref="P-17",
        is_identified=True,
        is_unfounded=False,
        assets=tuple(asset.uid for asset in assets),
    )
    return compliance.approved_record(organization, RIGHTS.slug, content, approver)


def drafted(
    organization: Organization, happening: Happening, *versions: AssetVersion, **given: Any
) -> Occurrence:
    made: dict[str, Any] = {"said": "It came to this.", "version_ids": [each.uid for each in versions]}
    draft = OccurrenceDraft(happening=happening, **{**made, **given})
    found: Occurrence = commands.draft_occurrence(actor=SYSTEM, organization_id=organization.uid, draft=draft)
    return found


def in_effect(
    organization: Organization,
    happening: Happening,
    *versions: AssetVersion,
    approver: Actor | None = None,
    **given: Any,
) -> Occurrence:
    """With a request of a data subject for its source, where one is needed and an officer is at hand."""
    if approver is not None:
        assets = {version.asset for version in versions}
        given.setdefault("source_id", rights_request(organization, approver, *assets).uid)
    draft = drafted(organization, happening, *versions, **given)
    commands.put_in_effect(actor=SYSTEM, occurrence_id=draft.uid)
    return Occurrence.objects.get(pk=draft.pk)


def made_from(asset: Asset, *inputs: AssetVersion, role: InputRole = InputRole.SOURCE) -> AssetVersion:
    """The next version of the asset, published; the machine did it."""
    drafts = [InputDraft(version_id=each.uid, role=role) for each in inputs]
    version: AssetVersion = register_version(actor=SYSTEM, asset_id=asset.uid, inputs=drafts)
    if asset.state == "draft":
        publish_asset(actor=SYSTEM, asset_id=asset.uid)
    return version
