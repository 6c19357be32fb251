"""A purpose, and its place in the hierarchy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Case, QuerySet, When

from apps.compliance.facts.activities import UseOfPeople
from apps.compliance.facts.grounds import consent_of, lia_of
from apps.compliance.facts.records import purpose_content
from apps.compliance.lifecycle import PurposeContent, PurposeStanding, RecordStatus
from apps.compliance.lifecycle.grounds import consent_carries, lia_carries
from apps.compliance.lifecycle.purpose import NEEDS_LAW, has_ground
from apps.compliance.models import Purpose, PurposeConcept, PurposeVersion
from apps.kernel.questions import Given, Question
from apps.policy.facts import NO_LIMIT, PurposeFacts, PurposeState
from apps.policy.law_words import AutomatedDecision
from apps.policy.vocabulary import Art9Condition

MARKETING = "Marketing"

STATE_OF_RECORD = {
    RecordStatus.DRAFT: PurposeState.DRAFT,
    RecordStatus.IN_REVIEW: PurposeState.IN_REVIEW,
    RecordStatus.APPROVED: PurposeState.ACTIVE,
    RecordStatus.REJECTED: PurposeState.REJECTED,
    RecordStatus.SUPERSEDED: PurposeState.EXPIRED,
    RecordStatus.RETIRED: PurposeState.EXPIRED,
}
STATE_OF_STANDING = {
    PurposeStanding.SUSPENDED: PurposeState.SUSPENDED,
    PurposeStanding.WITHDRAWN: PurposeState.WITHDRAWN,
}


def purpose_facts(purpose: Purpose, approved: PurposeVersion | None = None, *, on: date) -> PurposeFacts:
    """Of the approved version; where there is none, of the newest, so that one sees why.

    One query; none where the approved version is given with its concept and its assessment of interests,
    which has to carry the purpose on that day. One more where it rests on consent.
    """
    version = approved or decisive_version(purpose)
    content = purpose_content(version)
    standing = PurposeStanding(purpose.standing)
    return PurposeFacts(
        uid=str(purpose.uid),
        code=content.concept_code,
        version=str(version.number),
        state=STATE_OF_STANDING.get(standing, STATE_OF_RECORD[RecordStatus(version.record_status)]),
        lawful_basis=content.lawful_basis,
        has_legal_ground=has_ground(content)
        and lia_carries(lia_of(version, on=on))
        and consent_carries(consent_of(version, on=on), content),
        art9_conditions=content.art9_conditions,
        art9_has_law_ref=bool(content.art9_law_ref.strip()) if _needs_law(content) else None,
        art9_has_safeguards=_has_safeguards(content),
        art10_basis=content.art10_basis,
        art89_safeguards=frozenset(each.value for each in content.art89_safeguards),
        valid_from=content.valid_from,
        valid_to=content.valid_to or NO_LIMIT,
        presumption=content.presumption,
        is_art23_law=content.is_art23_law,
        is_for_legal_claims=Art9Condition.LEGAL_CLAIMS in content.art9_conditions,
        is_bias_correction=None if content.is_model_training else False,
    )


def purpose_in_use(
    purpose: PurposeFacts,
    parents: Mapping[str, frozenset[str]],
    use: UseOfPeople,
    corrects_bias: bool | None,
) -> PurposeFacts:
    """The purpose with what the activities and the AI systems say about it.

    Nothing is a profile for marketing but what serves marketing and is more than no profile at all.
    """
    is_profile = None if use.automation is None else use.automation is not AutomatedDecision.NONE
    return replace(
        purpose,
        automated_decision=use.automation,
        art22_basis=use.art22_basis,
        has_art22_safeguards=use.has_art22_safeguards,
        needs_identifiers=use.needs_identifiers,
        is_marketing_profile=is_profile if MARKETING in parents else False,
        is_bias_correction=purpose.is_bias_correction if corrects_bias is None else corrects_bias,
    )


def purpose_parents(code: str) -> Mapping[str, frozenset[str]]:
    """Every concept from `code` up to the root, with its parents. One query."""
    edges = _edges()
    found: dict[str, frozenset[str]] = {}
    ahead = [code]
    while ahead:
        concept = ahead.pop()
        if concept not in found:
            found[concept] = frozenset(edges.get(concept, ()))
            ahead += found[concept]
    return found


def hierarchy_of_purposes() -> Mapping[str, frozenset[str]]:
    """Every concept with its parents. Two queries."""
    edges = _edges()
    codes = PurposeConcept.objects.values_list("code", flat=True)
    return {code: frozenset(edges.get(code, ())) for code in codes}


_EDGES: Question[tuple[str, str]] = Question(
    lambda: PurposeConcept.parents.through.objects.values_list(
        "from_purposeconcept__code", "to_purposeconcept__code"
    )
)


def _edges() -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {}
    for child, parent in _EDGES.rows():
        edges.setdefault(child, set()).add(parent)
    return edges


def decisive_version(purpose: Purpose) -> PurposeVersion:
    """The approved one, else the newest, with its concept and its assessment of interests. One query."""
    versions = _VERSIONS.rows(purpose=purpose.pk)
    approved = (version for version in versions if version.record_status == RecordStatus.APPROVED)
    return next(approved, versions[0])


_VERSIONS: Question[PurposeVersion] = Question(
    lambda: (
        PurposeVersion.objects.filter(purpose=Given("purpose"))
        .with_lia()
        .select_related("concept", "purpose")
        .order_by("-number")
    )
)


def decisive_versions(purposes: QuerySet[Purpose]) -> list[PurposeVersion]:
    """The one that counts of each, by the purposes' numbers, with concept and assessment. One query."""
    is_approved = Case(When(record_status=RecordStatus.APPROVED, then=0), default=1)
    found = PurposeVersion.objects.filter(purpose__in=purposes.order_by())
    decisive = found.with_lia().select_related("concept", "purpose").distinct("purpose")
    return sorted(
        decisive.order_by("purpose", is_approved, "-number"), key=lambda version: version.purpose.ref
    )


def _needs_law(content: PurposeContent) -> bool:
    return bool(content.art9_conditions & set(NEEDS_LAW))


def _has_safeguards(content: PurposeContent) -> bool:
    """Secrecy for (h) and the safeguards of Art. 89(1) for (j), as far as these conditions are named."""
    needs_secrecy = Art9Condition.HEALTH_CARE in content.art9_conditions
    needs_safeguards = Art9Condition.ARCHIVING_RESEARCH_STATISTICS in content.art9_conditions
    has_secrecy = content.has_professional_secrecy or not needs_secrecy
    has_safeguards = bool(content.art89_safeguards) or not needs_safeguards
    return (needs_secrecy or needs_safeguards) and has_secrecy and has_safeguards
