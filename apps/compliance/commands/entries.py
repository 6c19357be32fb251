"""What somebody writes into the record of processing, turned into rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from apps.accounts.commands.organizations import present
from apps.accounts.models import Organization
from apps.catalog.models import Asset
from apps.compliance.commands.naming import refuse_unknown
from apps.compliance.errors import COUNTRY_MALFORMED, IMPORTER_MISSING, OUTSIDE_ORGANIZATION
from apps.compliance.facts.around import references_of_activity
from apps.compliance.lifecycle import ActivityContent, Recipient, Transfer
from apps.compliance.lifecycle.activity import recipient_as_said
from apps.compliance.lifecycle.activity.particulars import Particulars
from apps.compliance.lifecycle.reading import read, written
from apps.compliance.models import Purpose
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, not_found, rule_broken
from apps.kernel.events import plain


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`values` are columns of the version; purposes and assets are tables of their own."""

    values: dict[str, Any]
    purposes: tuple[Purpose, ...]
    assets: tuple[Asset, ...]


def read_entry(content: ActivityContent, organization: Organization, *, actor: Actor, at: datetime) -> Entry:
    """Raises: NotFound (a purpose, asset or controller one may not see), InvalidInput, RuleBroken."""
    _check_transfers(content.transfers)
    particulars = read(Particulars, written(content.particulars), "particulars.")
    _check_recipients(content.recipients)
    refuse_unknown(references_of_activity(content), organization, actor)
    controller = organization
    if content.controller_id is not None:
        controller = Organization.objects.visible_to(actor).one(content.controller_id)
    purposes = tuple(Purpose.objects.visible_to(actor).filter(uid__in=content.purpose_ids))
    if len(purposes) != len(set(content.purpose_ids)):
        raise not_found("purpose")
    assets = tuple(Asset.objects.visible_to(actor).filter(uid__in=content.asset_ids))
    if len(assets) != len(set(content.asset_ids)):
        raise not_found("asset")
    for field, kind, named in (("purpose_ids", "purpose", purposes), ("asset_ids", "asset", assets)):
        if any(each.organization_id != organization.pk for each in named):
            raise rule_broken(OUTSIDE_ORGANIZATION, field=field, kind=kind)
    values = {
        "name": present(content.name),
        "description": content.description,
        "role": content.role.value,
        "controller": controller,
        "art26_arrangement": content.art26_arrangement,
        "data_subject_categories": sorted(each.value for each in content.data_subject_categories),
        "recipients": [plain(recipient_as_said(each)) for each in content.recipients],
        "no_recipients_confirmed": content.no_recipients_confirmed,
        "transfers": [plain(asdict(each)) for each in content.transfers],
        "no_transfers_confirmed": content.no_transfers_confirmed,
        "security_measures": sorted(each.value for each in content.security_measures),
        "is_running": content.is_running,
        "effective_from": content.effective_from or at.date(),
        "particulars": written(particulars),
    }
    return Entry(values=values, purposes=purposes, assets=assets)


def _check_recipients(recipients: Sequence[Recipient]) -> None:
    for number, recipient in enumerate(recipients):
        if recipient.country and not re.fullmatch(r"[A-Z]{2}", recipient.country):
            raise invalid(f"recipients.{number}.country", COUNTRY_MALFORMED, country=recipient.country)


def _check_transfers(transfers: Sequence[Transfer]) -> None:
    for transfer in transfers:
        if not re.fullmatch(r"[A-Z]{2}", transfer.country):
            raise invalid("transfers", COUNTRY_MALFORMED, country=transfer.country)
        if not transfer.importer.strip():
            raise invalid("transfers", IMPORTER_MISSING, country=transfer.country)
