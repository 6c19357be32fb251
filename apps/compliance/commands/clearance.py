"""Whether a processing activity may run, derived from its purposes and the data it covers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from apps.catalog.models import AssetVersion
from apps.classification.facts import ColumnStanding, column_standings
from apps.classification.models import DataCategory
from apps.compliance.facts import consent_of, decisive_versions, lia_of, purpose_facts
from apps.compliance.facts.around import around_named, references_of_activity
from apps.compliance.facts.biometry import are_traits
from apps.compliance.lifecycle import ActivityContent, RecordStatus
from apps.compliance.lifecycle.activity import Covered, CoveredPurpose
from apps.compliance.lifecycle.consent import ChildConsent
from apps.compliance.lifecycle.dpia import DPIAS, blocks_clearance
from apps.compliance.lifecycle.purpose import BiometricUse
from apps.compliance.models import ActivityVersion, LegalRecordVersion, PurposeVersion
from apps.policy.facts import Art10Basis, PurposeState
from apps.policy.reason import Reason
from apps.policy.vocabulary import Clearance


def covered_by(version: ActivityVersion, content: ActivityContent, *, on: date) -> Covered:
    """The purposes as they stand that day, the newest version of every asset, and the records it names.

    Data nobody classified count as personal.
    """
    newest = list(
        AssetVersion.objects.filter(asset__in=version.assets.all())
        .order_by("asset_id", "-number")
        .distinct("asset_id")
    )
    standings = column_standings([each.pk for each in newest])
    spoken_of = {key for key, _ in standings}
    controller = version.controller
    return Covered(
        today=on,
        purposes=tuple(_purpose(each, on) for each in decisive_versions(version.purposes.order_by())),
        is_personal=any(standing.is_personal is not False for standing in standings.values())
        or any(each.pk not in spoken_of for each in newest),
        special_kinds=frozenset(kind for standing in standings.values() for kind in standing.special_kinds),
        is_criminal=any(standing.is_criminal is True for standing in standings.values()),
        named=around_named(references_of_activity(content), on=on).named,
        odd_categories=_odd(content),
        has_traits=are_traits(_categories(content, standings.values())),
        controller=controller.name,
        controller_country=controller.country,
        is_controller_reachable=bool(controller.address.strip() or controller.contact.strip()),
    )


def _categories(content: ActivityContent, standings: Iterable[ColumnStanding]) -> frozenset[str]:
    """Of the columns, and of what the activity says itself."""
    said = frozenset(row.category for row in content.particulars.personal_data if row.category)
    return said.union(*(standing.categories for standing in standings))


def _odd(content: ActivityContent) -> frozenset[str]:
    """Kinds of data that are unknown, or out of use."""
    named = {row.category for row in content.particulars.personal_data if row.category}
    if not named:
        return frozenset()
    in_use = DataCategory.objects.in_use().filter(code__in=named).values_list("code", flat=True)
    return frozenset(named - set(in_use))


def blocked_by_assessments(version: ActivityVersion) -> tuple[Reason, ...]:
    """V-21: impact assessments that name the activity, need be, and are not approved. One query."""
    named = LegalRecordVersion.objects.filter(
        legal_record__kind=DPIAS.slug,
        record_status=RecordStatus.APPROVED,
        content__contains={"activities": [str(version.activity.uid)]},
    )
    return tuple(
        reason
        for each in named.select_related("legal_record").order_by("legal_record__ref")
        for reason in blocks_clearance(each.legal_record.ref, each.said, each.legal_record.stage)
    )


def derive(version: ActivityVersion, missing: tuple[Reason, ...]) -> None:
    """Blocked by whatever is missing, else cleared."""
    version.clearance = Clearance.BLOCKED if missing else Clearance.CLEARED
    version.clearance_reasons = [reason.as_json() for reason in missing]


def _purpose(version: PurposeVersion, on: date) -> CoveredPurpose:
    purpose = version.purpose
    facts = purpose_facts(purpose, version, on=on)
    lia, consent = lia_of(version, on=on), consent_of(version, on=on)
    return CoveredPurpose(
        ref=purpose.ref,
        is_approved=facts.state is PurposeState.ACTIVE,
        has_basis=facts.lawful_basis is not None,
        has_ground=facts.lawful_basis is None or facts.has_legal_ground is True,
        has_art9_condition=bool(facts.art9_conditions),
        has_art10_authority=facts.art10_basis not in (None, Art10Basis.NONE),
        basis=facts.lawful_basis,
        art9_conditions=facts.art9_conditions or frozenset(),
        biometric_use=BiometricUse(version.biometric_use) if version.biometric_use else None,
        weighs_children=lia.content.has_children is True if lia and lia.is_in_force else None,
        asks_parents=consent.content.child_consent is ChildConsent.PARENTAL
        if consent and consent.is_in_force
        else None,
    )
