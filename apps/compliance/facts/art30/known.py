"""What rows of a register may name in an organization, by number and by name."""

from __future__ import annotations

from uuid import UUID

from apps.accounts.models import Organization
from apps.catalog.models import Asset
from apps.classification.models import DataCategory
from apps.compliance.imports.cells import Known
from apps.compliance.imports.limits import AUTHORITY, key_of
from apps.compliance.lifecycle.activity.particulars import SpecialCategory
from apps.compliance.lifecycle.reading import read
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionContent
from apps.compliance.models import LegalRecordVersion, Purpose, PurposeVersion
from apps.kernel.actor import Actor
from apps.policy.vocabulary import Art10Basis


def known_to(actor: Actor, organization: Organization) -> Known:
    """As far as the actor sees it. A name that two things bear names none. Five queries."""
    purposes: dict[str, UUID] = {}
    seen = Purpose.objects.visible_to(actor).filter(organization=organization)
    for ref, uid in seen.values_list("ref", "uid"):
        purposes[ref.casefold()] = uid
    named = PurposeVersion.objects.filter(purpose__in=seen).order_by("purpose_id", "-number")
    twice: set[str] = set()
    grounds: dict[UUID, frozenset[str]] = {}
    told = ("name", "purpose__uid", "lawful_basis", "art9_conditions", "art10_basis")
    for name, uid, basis, conditions, authority in named.distinct("purpose_id").values_list(*told):
        has_authority = authority not in {None, Art10Basis.NONE.value}
        said = {basis, *conditions, AUTHORITY if has_authority else None}
        grounds[uid] = frozenset(word for word in said if word)
        if name.casefold() in purposes:
            twice.add(name.casefold())
        purposes[name.casefold()] = uid
    assets: dict[str, UUID] = {}
    covered = Asset.objects.visible_to(actor).filter(organization=organization)
    for name, uid in covered.values_list("name", "uid"):
        if name.casefold() in assets:
            twice.add(name.casefold())
        assets[name.casefold()] = uid
    categories, special = {}, {}
    terms = DataCategory.objects.in_use().values_list("code", "label", "special_kind", "is_criminal")
    for code, label, kind, is_criminal in terms:
        categories[code.casefold()] = categories[label.casefold()] = code
        if kind or is_criminal:
            special[code] = kind or SpecialCategory.CRIMINAL.value
    schedules, limits = _schedules(actor, organization)
    return Known(
        purposes={name: uid for name, uid in purposes.items() if name not in twice},
        assets={name: uid for name, uid in assets.items() if name not in twice},
        categories=categories,
        special=special,
        schedules=schedules,
        limits=limits,
        grounds=grounds,
    )


def _schedules(actor: Actor, organization: Organization) -> tuple[dict[str, UUID], dict[UUID, UUID]]:
    """By number and by name, and by what they say. One query."""
    named: dict[str, UUID] = {}
    limits: dict[UUID, UUID] = {}
    twice: set[str] = set()
    kept = LegalRecordVersion.objects.visible_to(actor).filter(
        legal_record__organization=organization, legal_record__kind=RETENTIONS.slug
    )
    newest = kept.order_by("legal_record_id", "-number").distinct("legal_record_id")
    for version in newest.select_related("legal_record"):
        uid = version.legal_record.uid
        named[version.legal_record.ref.casefold()] = uid
        if version.name.casefold() in named:
            twice.add(version.name.casefold())
        named[version.name.casefold()] = uid
        limits.setdefault(key_of(read(RetentionContent, version.content)), uid)
    return {name: uid for name, uid in named.items() if name not in twice}, limits
