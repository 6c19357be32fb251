"""What rows of a register may name in an organization, by number and by name."""

from __future__ import annotations

from uuid import UUID

from apps.accounts.models import Organization
from apps.catalog.models import Asset
from apps.classification.models import DataCategory
from apps.compliance.imports.cells import Known
from apps.compliance.models import Purpose, PurposeVersion
from apps.kernel.actor import Actor


def known_to(actor: Actor, organization: Organization) -> Known:
    """As far as the actor sees it. A name that two things bear names none. Four queries."""
    purposes: dict[str, UUID] = {}
    seen = Purpose.objects.visible_to(actor).filter(organization=organization)
    for ref, uid in seen.values_list("ref", "uid"):
        purposes[ref.casefold()] = uid
    named = PurposeVersion.objects.filter(purpose__in=seen).order_by("purpose_id", "-number")
    twice: set[str] = set()
    for name, uid in named.distinct("purpose_id").values_list("name", "purpose__uid"):
        if name.casefold() in purposes:
            twice.add(name.casefold())
        purposes[name.casefold()] = uid
    assets: dict[str, UUID] = {}
    covered = Asset.objects.visible_to(actor).filter(organization=organization)
    for name, uid in covered.values_list("name", "uid"):
        if name.casefold() in assets:
            twice.add(name.casefold())
        assets[name.casefold()] = uid
    categories = {}
    for code, label in DataCategory.objects.in_use().values_list("code", "label"):
        categories[code.casefold()] = categories[label.casefold()] = code
    return Known(
        purposes={name: uid for name, uid in purposes.items() if name not in twice},
        assets={name: uid for name, uid in assets.items() if name not in twice},
        categories=categories,
    )
